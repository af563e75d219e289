/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "plug-rb-fs.h"

static char *folder;

static void
remove_folder (void)
{
  plug_rb_fs_remove_path (folder, NULL);
}

static const char *
get_folder (void)
{
  if (folder == NULL) {
    folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
    g_assert_nonnull (folder);
    atexit (remove_folder);
  }

  return folder;
}

/**
 * fuzz_open_folder:
 *
 * Returns: a folder of the fuzzer's own, as the caller's descriptor
 */
int
fuzz_open_folder (void)
{
  int fd = plug_rb_fs_open_folder (get_folder (), NULL);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/**
 * fuzz_put:
 *
 * Makes the input a file in the fuzzer's folder.
 *
 * Returns: (transfer full): its path
 */
char *
fuzz_put (const char *name, const guint8 *data, gsize size)
{
  char *path = g_build_filename (get_folder (), name, NULL);

  g_assert_true (g_file_set_contents_full (path, (const char *) data, (gssize) size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

void
fuzz_clear_folder (void)
{
  g_autofd int fd = fuzz_open_folder ();
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);

  for (guint i = 0; i < names->len; i++)
    g_assert_true (plug_rb_fs_remove_tree (fd, names->pdata[i], NULL));
}
