/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbIni:
 *
 * A file of groups and keys, line by line: what is not changed stays as it is, byte for byte. Made
 * for KConfig, whose files GKeyFile does not read (groups in groups, keys before the first group,
 * flags), and good for key files as well.
 *
 * A group goes by what stands between its outer brackets: "Containments][2". The keys before the
 * first group are in the group "".
 */
typedef struct _PlugRbIni PlugRbIni;

PlugRbIni *plug_rb_ini_new (GBytes *bytes);
void plug_rb_ini_free (PlugRbIni *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbIni, plug_rb_ini_free)

GBytes *plug_rb_ini_to_bytes (PlugRbIni *self);

GPtrArray *plug_rb_ini_list_groups (PlugRbIni *self);
GPtrArray *plug_rb_ini_list_keys (PlugRbIni *self, const char *group);
GVariant *plug_rb_ini_get (PlugRbIni *self, const char *group, const char *key);
gboolean plug_rb_ini_is_value (GVariant *value);
gboolean plug_rb_ini_is_fixed (PlugRbIni *self, const char *group, const char *key);

void plug_rb_ini_set (PlugRbIni *self, const char *group, const char *key, GVariant *value);
void plug_rb_ini_remove (PlugRbIni *self, const char *group, const char *key);

G_END_DECLS
