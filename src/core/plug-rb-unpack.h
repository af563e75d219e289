/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbUnpackLimits:
 * @entries: files, folders and links
 * @file_size: bytes of one file
 * @total_size: bytes of all files
 * @ratio: how many times the package's own size all files may take, once they take more than
 *   @free_size
 * @free_size: bytes that any package may take, however well it is compressed
 * @depth: folders in each other
 * @path_length: bytes of one path
 *
 * How much a package may make.
 */
typedef struct {
  guint entries;
  guint64 file_size;
  guint64 total_size;
  guint ratio;
  guint64 free_size;
  guint depth;
  guint path_length;
} PlugRbUnpackLimits;

/**
 * PlugRbUnpacked:
 * @top: (nullable): name of the folder in which all the others lie, if the package has a single
 *   one: it is then the plugin's folder
 * @entries: number of files, folders and links
 * @size: bytes of all files
 *
 * What a package held.
 */
typedef struct {
  char *top;
  guint entries;
  guint64 size;
} PlugRbUnpacked;

/**
 * PlugRbUnpackProgress:
 * @done: bytes of the package that have been read
 * @total: size of the package
 */
typedef void (*PlugRbUnpackProgress) (guint64 done, guint64 total, gpointer user_data);

const PlugRbUnpackLimits *plug_rb_unpack_get_limits (void);
gboolean plug_rb_unpack (int package_fd,
                         int stage_fd,
                         const PlugRbUnpackLimits *limits,
                         PlugRbUnpackProgress progress,
                         gpointer user_data,
                         PlugRbUnpacked *unpacked,
                         GCancellable *cancellable,
                         GError **error);
void plug_rb_unpacked_clear (PlugRbUnpacked *unpacked);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbUnpacked, plug_rb_unpacked_clear)

G_END_DECLS
