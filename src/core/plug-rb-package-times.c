/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-times.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

typedef gboolean (*EntryFunc) (
    int fd, const char *name, const struct stat *st, struct timespec *newest, GError **error);

static gboolean
visit (int fd, const char *name, EntryFunc func, struct timespec *newest, GError **error);

/* What is in a folder comes before the folder, whose time changes with it. */
static gboolean
walk (int fd, const char *name, EntryFunc func, struct timespec *newest, GError **error)
{
  g_autofd int folder = plug_rb_fs_open_child (fd, name, error);
  g_autoptr(GPtrArray) names = folder >= 0 ? plug_rb_fs_list (folder, error) : NULL;

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    if (!visit (folder, names->pdata[i], func, newest, error))
      return FALSE;

  return TRUE;
}

static gboolean
visit (int fd, const char *name, EntryFunc func, struct timespec *newest, GError **error)
{
  struct stat st;

  if (fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), name);
    return FALSE;
  }
  if (S_ISDIR (st.st_mode) && !walk (fd, name, func, newest, error))
    return FALSE;

  return func (fd, name, &st, newest, error);
}

static gboolean
find_newest (
    int fd, const char *name, const struct stat *st, struct timespec *newest, GError **error)
{
  if (S_ISREG (st->st_mode) && st->st_mtim.tv_sec > newest->tv_sec)
    *newest = st->st_mtim;

  return TRUE;
}

static gboolean
date (int fd, const char *name, const struct stat *st, struct timespec *newest, GError **error)
{
  const struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, *newest };

  if (S_ISREG (st->st_mode) || utimensat (fd, name, stamps, AT_SYMLINK_NOFOLLOW) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), name);
  return FALSE;
}

/**
 * plug_rb_package_times_settle:
 * @fd: the folder into which a package was unpacked
 *
 * Makes folders and links, of which no time is unpacked, as old as the newest of the files, so that
 * the same package is the same state whenever it is opened.
 */
gboolean
plug_rb_package_times_settle (int fd, GError **error)
{
  struct timespec newest = { 0 };
  struct stat st = { .st_mode = S_IFDIR };

  return walk (fd, ".", find_newest, &newest, error) && walk (fd, ".", date, &newest, error) &&
         date (fd, ".", &st, &newest, error);
}
