/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-obstacle.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

/**
 * plug_rb_obstacle_check_folder:
 * @path: a folder in which something is to be put in place; if it is missing, the one above it that
 *   exists
 *
 * Makes sure that the folder can be written: by its permissions, and that it is not on something
 * that is mounted read-only.
 */
gboolean
plug_rb_obstacle_check_folder (const char *path, GError **error)
{
  g_autofree char *parent = NULL;

  if (access (path, W_OK | X_OK) == 0)
    return TRUE;

  if (errno != ENOENT || g_str_equal (path, "/")) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
    return FALSE;
  }

  parent = g_path_get_dirname (path);
  return plug_rb_obstacle_check_folder (parent, error);
}

/* ---- what lies in a tree */

static gboolean check_entry (int parent_fd, const char *name, const char *path, GError **error);

static gboolean
throw_foreign (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE,
               _("“%s” belongs to another user and cannot be replaced"), shown);
  return FALSE;
}

static gboolean
throw_fixed (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE,
               _("“%s” is protected from changes. “chattr -i -a” lifts that"), shown);
  return FALSE;
}

/* Root may do all this, but for what is immutable. */
static gboolean
check_owner (const struct statx *stx, const char *path, GError **error)
{
  return geteuid () == 0 || stx->stx_uid == geteuid () || throw_foreign (error, path);
}

static gboolean
check_mutable (const struct statx *stx, const char *path, GError **error)
{
  return !(stx->stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) ||
         throw_fixed (error, path);
}

static gboolean
check_folder (int parent_fd, const char *name, const char *path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_child (parent_fd, name, error);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *below = g_build_filename (path, names->pdata[i], NULL);

    if (!check_entry (fd, names->pdata[i], below, error))
      return FALSE;
  }

  return names != NULL;
}

static gboolean
check_entry (int parent_fd, const char *name, const char *path, GError **error)
{
  struct statx stx = { 0 };

  if (statx (parent_fd, name, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_UID, &stx) < 0) {
    if (errno == ENOENT)
      return TRUE;
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), path);
    return FALSE;
  }

  return check_owner (&stx, path, error) && check_mutable (&stx, path, error) &&
         (!S_ISDIR (stx.stx_mode) || check_folder (parent_fd, name, path, error));
}

static gboolean
check_row (const PlugRbPart *part, const PlugRbEntry *entry, const PlugRbLook *look, GError **error)
{
  g_autofree char *path = NULL;

  if (!look->fixed && (!look->foreign || geteuid () == 0))
    return TRUE;

  path = g_build_filename (part->path, entry->path, NULL);
  return look->fixed ? throw_fixed (error, path) : throw_foreign (error, path);
}

/**
 * plug_rb_obstacle_check_part:
 * @live: what was just read
 * @part: a part of it that is to be replaced; it may be absent
 *
 * Makes sure that all of it can be moved and deleted: that it belongs to the user and that nothing
 * in it is immutable. Names that are never stored count, too, because they go with the rest: if
 * there are any, the folder is walked once more.
 */
gboolean
plug_rb_obstacle_check_part (PlugRbState *live, const PlugRbPart *part, GError **error)
{
  if (live->n_passed > 0)
    return check_entry (AT_FDCWD, part->path, part->path, error);

  for (guint i = 0; i < plug_rb_table_get_size (live->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (live->table, i);
    const PlugRbLook *look = plug_rb_table_get_look (live->table, i);

    if (look != NULL && g_str_equal (entry->part, part->name) &&
        !check_row (part, entry, look, error))
      return FALSE;
  }

  return TRUE;
}
