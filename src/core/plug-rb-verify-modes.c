/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "plug-rb-fs.h"
#include "plug-rb-verify-repair.h"

static void
mend_mode (int parent_fd, const char *name, const struct stat *st, mode_t needed)
{
  if (st->st_uid == geteuid () && (st->st_mode & needed) != needed &&
      fchmodat (parent_fd, name, (st->st_mode & 0777) | needed, 0) < 0)
    g_debug ("“%s” keeps its mode", name);
}

static void mend_folder (int fd);

static void
mend_child (int parent_fd, const char *name)
{
  struct stat st;
  g_autofd int fd = -1;

  if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return;

  if (S_ISREG (st.st_mode))
    mend_mode (parent_fd, name, &st, 0600);
  if (!S_ISDIR (st.st_mode))
    return;

  mend_mode (parent_fd, name, &st, 0700);
  if ((fd = plug_rb_fs_open_child (parent_fd, name, NULL)) >= 0)
    mend_folder (fd);
}

static void
mend_folder (int fd)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    mend_child (fd, names->pdata[i]);
}

/**
 * plug_rb_repair_modes:
 *
 * Lets the user read and write all that is his in the store: what only has a wrong mode, from a
 * copy or a restored backup, is not damaged.
 */
void
plug_rb_repair_modes (PlugRbStore *store)
{
  g_autofd int fd = plug_rb_fs_open_folder (plug_rb_store_get_path (store), NULL);

  if (fd >= 0)
    mend_folder (fd);
}
