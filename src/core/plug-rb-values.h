/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PlugRbValues:
 *
 * The settings of one plugin as they are stored: dconf keys (absolute, "/org/…/key") with their
 * typed values, and the folders ("/org/…/") whose keys were recorded, so that a key that is absent
 * here but lies below one of the folders is known to have been unset. Among the folders may stand
 * single keys ("/org/…/key"), where a folder is shared with others and only those were looked at.
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

char *plug_rb_values_to_json (PlugRbValues *self);
PlugRbValues *plug_rb_values_from_json (const char *json, gssize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbValues, plug_rb_values_unref)

G_END_DECLS
