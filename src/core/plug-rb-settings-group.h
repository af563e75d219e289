/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-settings-store.h"

G_BEGIN_DECLS

/* All settings stores of one plugin. Its #PlugRbValues name what lies in them "STORE:/ENTRY". */

char *plug_rb_settings_group_dup_folder (PlugRbSettingsStore *store);
gboolean plug_rb_settings_group_read (GPtrArray *stores, PlugRbValues *values, GError **error);
PlugRbSettingsStore *plug_rb_settings_group_find (GPtrArray *stores, const char *key);
gboolean plug_rb_settings_group_has_edits (PlugRbSettingsStore *store, GPtrArray *edits);
gboolean plug_rb_settings_group_is_observed (GPtrArray *stores, const char *key);
gboolean plug_rb_settings_group_goes_with_files (GPtrArray *stores, const char *key);
gboolean plug_rb_settings_group_apply (GPtrArray *stores,
                                       GPtrArray *edits,
                                       GPtrArray *conflicts,
                                       GError **error);

G_END_DECLS
