/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-jsonc.h"
#include "plug-rb-settings-store.h"

G_BEGIN_DECLS

/* What the settings stores that lie in JSON files, or in JSON elsewhere, have in common. */

gpointer plug_rb_settings_json_parse (PlugRbSettingsStore *store, GBytes *bytes, GError **error);
void plug_rb_settings_json_free (gpointer document);
GBytes *plug_rb_settings_json_print (gpointer document);

gboolean plug_rb_settings_json_find (PlugRbSettingsStore *store,
                                     PlugRbJsonc *document,
                                     PlugRbJsoncKind kind,
                                     const PlugRbJsoncNode **node,
                                     GError **error);
const PlugRbJsoncNode *plug_rb_settings_json_ensure (PlugRbSettingsStore *store,
                                                     PlugRbJsonc *document,
                                                     PlugRbJsoncKind kind,
                                                     GError **error);

GVariant *plug_rb_settings_json_get_element (PlugRbSettingsStore *store,
                                             PlugRbJsonc *document,
                                             const PlugRbJsoncNode *array);
gboolean plug_rb_settings_json_set_element (PlugRbSettingsStore *store,
                                            PlugRbJsonc *document,
                                            GVariant *value,
                                            GError **error);
gboolean plug_rb_settings_json_same_element (GVariant *a, GVariant *b);

gboolean plug_rb_settings_same_name (PlugRbSettingsStore *store, const char *a, const char *b);
gboolean plug_rb_settings_owns_entry (PlugRbSettingsStore *store, const char *name);

G_END_DECLS
