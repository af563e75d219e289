/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

#define TRIES 1000

static char *
build_path (const char *store_path, const char *below)
{
  return g_build_filename (store_path, PLUG_RB_QUARANTINE, below, NULL);
}

static gboolean
make_parent (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return plug_rb_fs_make_folders (parent, error);
}

static gboolean
sync_parent (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return plug_rb_fs_sync_folder (parent, error);
}

/* Not every file system knows RENAME_NOREPLACE. */
static int
rename_to_free (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return -1;

  if (g_file_test (to, G_FILE_TEST_EXISTS) || g_file_test (to, G_FILE_TEST_IS_SYMLINK)) {
    errno = EEXIST;
    return -1;
  }

  return rename (from, to);
}

/* The second thing of the same name gets a number. */
static char *
move_to_free (const char *from, const char *wanted, GError **error)
{
  for (guint i = 1; i < TRIES; i++) {
    g_autofree char *to = i == 1 ? g_strdup (wanted) : g_strdup_printf ("%s.%u", wanted, i);

    if (rename_to_free (from, to) == 0)
      return g_steal_pointer (&to);
    if (errno != EEXIST && errno != ENOTEMPTY)
      break;
  }

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be set aside"), from);
  return NULL;
}

/**
 * plug_rb_quarantine_move:
 * @from: path below the store of what is damaged
 * @to: path below the quarantine that it gets, with a number added if that is taken
 *
 * Sets something aside, durably. The caller holds the lock that guards it, but not the store's.
 *
 * Returns: (transfer full) (type filename): where it is now
 */
char *
plug_rb_quarantine_move (const char *store_path, const char *from, const char *to, GError **error)
{
  g_autofree char *source = g_build_filename (store_path, from, NULL);
  g_autofree char *wanted = build_path (store_path, to);
  g_autofree char *target = NULL;

  if (!make_parent (wanted, error) || !(target = move_to_free (source, wanted, error)) ||
      !sync_parent (target, error) || !sync_parent (source, error))
    return NULL;

  return g_steal_pointer (&target);
}

/**
 * plug_rb_quarantine_link:
 * @below: path of a file below the store, and below the quarantine
 *
 * Lets a file be in both places: the store may need it or not, what lies in the quarantine does.
 */
gboolean
plug_rb_quarantine_link (const char *store_path, const char *below, GError **error)
{
  g_autofree char *source = g_build_filename (store_path, below, NULL);
  g_autofree char *target = build_path (store_path, below);

  if (!make_parent (target, error))
    return FALSE;

  if (link (source, target) < 0 && errno != EEXIST) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be set aside"), source);
    return FALSE;
  }

  return sync_parent (target, error);
}

/**
 * plug_rb_quarantine_keep:
 * @to: name below the quarantine; what is there already is kept under another one
 *
 * Keeps bytes that are about to be cut off elsewhere, durably.
 */
gboolean
plug_rb_quarantine_keep (
    const char *store_path, const char *to, const void *data, gsize length, GError **error)
{
  g_autofree char *folder = build_path (store_path, NULL);
  g_autofree char *name = g_strdup (to);
  g_autofd int fd = -1;

  if (!plug_rb_fs_make_folders (folder, error) || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  for (guint i = 2; faccessat (fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 && i < TRIES; i++) {
    g_free (name);
    name = g_strdup_printf ("%s.%u", to, i);
  }

  return plug_rb_fs_replace (fd, name, data, length, error);
}
