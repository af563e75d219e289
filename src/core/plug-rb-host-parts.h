/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-table.h"

G_BEGIN_DECLS

/* Where the files of one plugin lie. */

char *
plug_rb_host_dup_code_path (PlugRbHost *self, const char *id, gboolean *installed, GError **error);
char *plug_rb_host_dup_manifest_path (PlugRbHost *self, const char *id);
char *plug_rb_host_dup_file_id (PlugRbHost *self, const char *name);
PlugRbPart *plug_rb_host_dup_file_part (PlugRbHost *self, const char *name);
gboolean plug_rb_host_takes_folders (PlugRbHost *self);
PlugRbPart *plug_rb_host_dup_package_part (PlugRbHost *self, const char *id, const char *version);
gboolean plug_rb_host_add_parts (
    PlugRbHost *self, const char *id, PlugRbTable *table, GPtrArray *parts, GError **error);

G_END_DECLS
