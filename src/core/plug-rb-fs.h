/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The file system as this program needs it: by descriptors, never through a symbolic link that it
 * did not mean to follow, and durable where it says so. */

/* What a file or folder that is not complete yet, or being deleted, is called at first. */
#define PLUG_RB_FS_TEMPORARY ".tmp-"

/**
 * PlugRbFileId:
 *
 * What a file or folder is recognised by after a crash. The device number is left out on purpose: a
 * reboot may change it. The birth time keeps a reused inode number apart; it is zero on file
 * systems that have none.
 */
typedef struct {
  guint64 ino;
  gint64 btime_sec;
  gint64 btime_nsec;
} PlugRbFileId;

int plug_rb_fs_open_folder (const char *path, GError **error);
int plug_rb_fs_open_child (int parent_fd, const char *name, GError **error);
int plug_rb_fs_open_below (int root_fd, const char *path, int flags);
int plug_rb_fs_open_beneath (int root_fd, const char *path, int flags, GError **error);
gboolean plug_rb_fs_make_folders (const char *path, GError **error);
gboolean plug_rb_fs_sync (int fd, const char *what, GError **error);
gboolean plug_rb_fs_sync_all (int fd, const char *what, GError **error);
gboolean plug_rb_fs_sync_folder (const char *path, GError **error);

GBytes *plug_rb_fs_read (int parent_fd, const char *name, gsize limit, GError **error);
gboolean plug_rb_fs_write (int fd, const void *data, gsize length, GError **error);
gboolean plug_rb_fs_replace (
    int parent_fd, const char *name, const void *data, gsize length, GError **error);

guint64 plug_rb_fs_measure (int parent_fd, const char *name);
gboolean plug_rb_fs_remove_tree (int parent_fd, const char *name, GError **error);
gboolean plug_rb_fs_remove_path (const char *path, GError **error);
GPtrArray *plug_rb_fs_list (int fd, GError **error);

gboolean plug_rb_fs_identify (const char *path, PlugRbFileId *id, gboolean *exists, GError **error);
gboolean plug_rb_file_id_equal (const PlugRbFileId *a, const PlugRbFileId *b);

G_END_DECLS
