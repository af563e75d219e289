/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PLUG_RB_VALUES_NO_POSITION G_MAXUINT32

/**
 * PlugRbValues:
 *
 * The settings of one plugin as they are stored: dconf keys (absolute, "/org/…/key") with their
 * typed values, and the folders ("/org/…/") whose keys were recorded, so that a key that is absent
 * here but lies below one of the folders is known to have been unset. Among the folders may stand
 * single keys ("/org/…/key"), where a folder is shared with others and only those were looked at.
 *
 * What a #PlugRbSettingsStore holds stands beside them, as "STORE:/ENTRY", with "STORE:" among the
 * folders if it was looked at. A list's entry has its index there before it, which is not part of
 * the plugin's state: %PLUG_RB_VALUES_NO_POSITION means the end.
 *
 * Reference counted, immutable once filled, safe to read from several threads.
 */
typedef struct _PlugRbValues PlugRbValues;

#define PLUG_RB_TYPE_VALUES (plug_rb_values_get_type ())
GType plug_rb_values_get_type (void);

PlugRbValues *plug_rb_values_new (void);
PlugRbValues *plug_rb_values_ref (PlugRbValues *self);
void plug_rb_values_unref (PlugRbValues *self);

void plug_rb_values_add_folder (PlugRbValues *self, const char *folder);
void plug_rb_values_set (PlugRbValues *self, const char *key, GVariant *value);
GVariant *plug_rb_values_get (PlugRbValues *self, const char *key);
const char *const *plug_rb_values_get_folders (PlugRbValues *self);
char **plug_rb_values_dup_keys (PlugRbValues *self);
guint plug_rb_values_get_n_keys (PlugRbValues *self);

gboolean plug_rb_values_covers (PlugRbValues *self, const char *key);
JsonObject *plug_rb_values_get_positions (PlugRbValues *self);
void plug_rb_values_set_positions (PlugRbValues *self, JsonObject *positions);

gboolean plug_rb_values_is_in_store (const char *key);
gboolean plug_rb_values_equal (const char *key, GVariant *a, GVariant *b);
char *plug_rb_values_dup_shown (const char *key, GVariant *value, gboolean with_type);

char *plug_rb_values_to_json (PlugRbValues *self);
PlugRbValues *plug_rb_values_from_json (const char *json, gssize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbValues, plug_rb_values_unref)

G_END_DECLS
