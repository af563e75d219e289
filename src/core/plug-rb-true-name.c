/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-true-name.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-fs.h"

/* The same with one letter in the other case. NULL if there is none. */
static char *
swap_case (const char *name)
{
  char *swapped = g_strdup (name);

  for (char *p = swapped; *p != '\0'; p++)
    if (g_ascii_isalpha (*p)) {
      *p ^= 'a' - 'A';
      return swapped;
    }

  g_free (swapped);
  return NULL;
}

static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat one, other;

  return lstat (a, &one) == 0 && lstat (b, &other) == 0 && one.st_ino == other.st_ino &&
         one.st_dev == other.st_dev;
}

static char *
make_key (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT);
  g_autofree char *folded = g_utf8_casefold (normal, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_DEFAULT);
}

static char *
find_in (const char *folder, const char *name)
{
  g_autofd int fd = plug_rb_fs_open_folder (folder, NULL);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);
  g_autofree char *wanted = make_key (name);

  if (names == NULL || g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    return NULL;

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *key = make_key (names->pdata[i]);

    if (g_str_equal (key, wanted))
      return g_strdup (names->pdata[i]);
  }

  return NULL;
}

/**
 * plug_rb_true_name_find_other:
 * @path: a file or folder
 *
 * Where a file system does not tell upper from lower case, one name may lead to what has another. A
 * folder is read only there.
 *
 * Returns: (transfer full) (nullable): what the file is really called; %NULL if it is called so, or
 *   is not there
 */
char *
plug_rb_true_name_find_other (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *swapped = swap_case (name);
  g_autofree char *second = swapped ? g_build_filename (folder, swapped, NULL) : NULL;

  return second != NULL && is_same_file (path, second) ? find_in (folder, name) : NULL;
}
