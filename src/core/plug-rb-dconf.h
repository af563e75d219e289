/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-settings-edit.h"
#include "plug-rb-values.h"

G_BEGIN_DECLS

/* GNOME settings by path, through libdconf, with the types that are stored: never through a schema,
 * because a key whose type changed between two versions reads as its default through either schema.
 */

gboolean plug_rb_dconf_check_readable (GError **error);
GVariant *plug_rb_dconf_read (const char *key);
GVariant *plug_rb_dconf_read_default (const char *key);
void plug_rb_dconf_read_folder (PlugRbValues *values, const char *folder);
void plug_rb_dconf_read_keys (PlugRbValues *values, const char *folder, const char *const *names);

gboolean plug_rb_dconf_can_write (GError **error);
gboolean plug_rb_dconf_apply (GPtrArray *edits, GPtrArray *conflicts, GError **error);

G_END_DECLS
