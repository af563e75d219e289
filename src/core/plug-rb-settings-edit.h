/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PlugRbSettingsEdit:
 * @name: name of the entry, as plug_rb_settings_store_read() gave it
 * @before: (nullable): the value the caller saw, %NULL if the entry was not there
 * @target: (nullable): the value wanted, %NULL to take the entry out
 *
 * One compare-and-set in a #PlugRbSettingsStore.
 */
typedef struct {
  char *name;
  GVariant *before;
  GVariant *target;
} PlugRbSettingsEdit;

PlugRbSettingsEdit *
plug_rb_settings_edit_new (const char *name, GVariant *before, GVariant *target);
PlugRbSettingsEdit *plug_rb_settings_edit_copy (const PlugRbSettingsEdit *edit);
PlugRbSettingsEdit *plug_rb_settings_edit_new_reversed (const PlugRbSettingsEdit *edit);
void plug_rb_settings_edit_free (PlugRbSettingsEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSettingsEdit, plug_rb_settings_edit_free)

JsonObject *plug_rb_settings_edit_to_json (const PlugRbSettingsEdit *edit);
PlugRbSettingsEdit *plug_rb_settings_edit_new_from_json (JsonObject *json, GError **error);

GPtrArray *plug_rb_settings_edits_new (void);

G_END_DECLS
