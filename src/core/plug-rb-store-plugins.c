/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-fs.h"
#include "plug-rb-store.h"

static void
add_key (GHashTable *keys, const char *host, const char *id)
{
  g_autofree char *plain_host = g_uri_unescape_string (host, NULL);
  g_autofree char *plain_id = g_uri_unescape_string (id, NULL);
  g_autofree char *key = g_strconcat (plain_host ? plain_host : host, "/", plain_id, NULL);
  g_autofree char *here = g_build_filename (host, id, NULL);
  g_autofree char *below = NULL;

  if (plain_host == NULL || plain_id == NULL)
    return;

  below = plug_rb_store_escape_key (key);
  if (g_str_equal (here, below))
    g_hash_table_add (keys, g_steal_pointer (&key));
}

static gboolean
add_keys_of_host (GHashTable *keys, int top_fd, const char *host, GError **error)
{
  struct stat st;
  g_autofd int fd = -1;
  g_autoptr(GPtrArray) ids = NULL;

  if (fstatat (top_fd, host, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (st.st_mode))
    return TRUE;
  if ((fd = plug_rb_fs_open_child (top_fd, host, error)) < 0 ||
      !(ids = plug_rb_fs_list (fd, error)))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (fstatat (fd, ids->pdata[i], &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode))
      add_key (keys, host, ids->pdata[i]);

  return TRUE;
}

static gboolean
add_keys_below (PlugRbStore *self, GHashTable *keys, const char *top, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (self, top, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, error);
  g_autoptr(GPtrArray) hosts = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    if (!add_keys_of_host (keys, fd, hosts->pdata[i], error))
      return FALSE;

  return hosts != NULL;
}

/**
 * plug_rb_store_list_plugins:
 *
 * Returns: (transfer full) (element-type utf8): keys of all plugins of which the store holds
 * anything, deleted snapshots and leftovers included, in byte order
 */
GPtrArray *
plug_rb_store_list_plugins (PlugRbStore *self, GError **error)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *list;

  if (!add_keys_below (self, keys, "snapshots", error) ||
      !add_keys_below (self, keys, "archives", error) ||
      !add_keys_below (self, keys, "trash", error))
    return NULL;

  list = g_hash_table_steal_all_keys (keys);
  g_ptr_array_sort_values (list, (GCompareFunc) strcmp);

  return list;
}
