/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbSchema:
 * @path: (nullable): its dconf folder; %NULL if it is relocatable
 * @extends: (nullable): id of the schema whose keys it has too
 * @keys: (array zero-terminated=1): names of its keys
 * @children: (array zero-terminated=1): names of its children, without “/”
 *
 * What a GSettings schema says of where settings lie.
 */
typedef struct {
  char *id;
  char *path;
  char *extends;
  char **keys;
  char **children;
} PlugRbSchema;

void plug_rb_schema_free (PlugRbSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSchema, plug_rb_schema_free)

GPtrArray *plug_rb_schema_file_read (int folder_fd, GError **error);

G_END_DECLS
