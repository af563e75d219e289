/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-times.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-fs.h"

typedef void (*EntryFunc) (int fd, const char *name, const struct stat *st, gpointer user_data);

/* What is in a folder comes before the folder, whose time changes with it. */
static void
walk (int fd, const char *name, EntryFunc func, gpointer user_data)
{
  g_autofd int folder = plug_rb_fs_open_child (fd, name, NULL);
  g_autoptr(GPtrArray) names = folder >= 0 ? plug_rb_fs_list (folder, NULL) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++) {
    struct stat st;

    if (fstatat (folder, names->pdata[i], &st, AT_SYMLINK_NOFOLLOW) < 0)
      continue;
    if (S_ISDIR (st.st_mode))
      walk (folder, names->pdata[i], func, user_data);
    func (folder, names->pdata[i], &st, user_data);
  }
}

static void
find_newest (int fd, const char *name, const struct stat *st, gpointer user_data)
{
  struct timespec *newest = user_data;

  if (S_ISREG (st->st_mode) && st->st_mtim.tv_sec > newest->tv_sec)
    *newest = st->st_mtim;
}

static void
date (int fd, const char *name, const struct stat *st, gpointer user_data)
{
  const struct timespec *newest = user_data;
  const struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, *newest };

  if (!S_ISREG (st->st_mode))
    utimensat (fd, name, stamps, AT_SYMLINK_NOFOLLOW);
}

/**
 * plug_rb_package_times_settle:
 * @fd: the folder into which a package was unpacked
 *
 * Makes folders and links, of which no time is unpacked, as old as the newest of the files, so that
 * the same package is the same state whenever it is opened.
 */
void
plug_rb_package_times_settle (int fd)
{
  struct timespec newest = { 0 };
  struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, { 0 } };

  walk (fd, ".", find_newest, &newest);
  walk (fd, ".", date, &newest);
  stamps[1] = newest;
  futimens (fd, stamps);
}
