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

/* Root may do all this, but for what is immutable. */
static gboolean
check_owner (const struct statx *stx, const char *path, GError **error)
{
  g_autofree char *shown = NULL;

  if (geteuid () == 0 || stx->stx_uid == geteuid ())
    return TRUE;

  shown = g_filename_display_name (path);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE,
               _("“%s” belongs to another user and cannot be replaced"), shown);
  return FALSE;
}

static gboolean
check_mutable (const struct statx *stx, const char *path, GError **error)
{
  g_autofree char *shown = NULL;

  if (!(stx->stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)))
    return TRUE;

  shown = g_filename_display_name (path);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE,
               _("“%s” is protected from changes. “chattr -i -a” lifts that"), shown);
  return FALSE;
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

/**
 * plug_rb_obstacle_check_tree:
 * @path: absolute path of what is to be replaced; it may be absent
 *
 * Makes sure that all of it can be moved and deleted: that it belongs to the user and that nothing
 * in it is immutable. Names that are never stored count, too: they go with the rest.
 */
gboolean
plug_rb_obstacle_check_tree (const char *path, GError **error)
{
  return check_entry (AT_FDCWD, path, path, error);
}
