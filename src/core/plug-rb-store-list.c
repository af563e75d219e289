/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-store-list.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-id.h"
#include "plug-rb-metadata-file.h"

static char *
unescape (const char *name)
{
  char *plain = g_uri_unescape_string (name, NULL);

  return plain ? plain : g_strdup (name);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

/* A snapshot whose metadata cannot be read is still listed, as damaged, so that nobody wonders
 * where it went. NULL if another process has just moved it, and with @failure set if this process
 * can open nothing more: that says nothing of the snapshot. */
static PlugRbSnapshot *
load_snapshot (int plugin_fd, const char *host, const char *id, const char *name, GError **failure)
{
  g_autofree char *plain_host = unescape (host);
  g_autofree char *plain_id = unescape (id);
  g_autofree char *key = g_strconcat (plain_host, "/", plain_id, NULL);
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_metadata_file_open_folder (plugin_fd, name, &error);
  g_autoptr(JsonObject) json = fd < 0 ? NULL : plug_rb_metadata_file_read (fd, &error);
  g_autoptr(PlugRbSnapshot) snapshot = json ? plug_rb_snapshot_new_from_json (json, &error) : NULL;

  if (fd < 0 && is_gone (error))
    return NULL;

  if (plug_rb_error_is_exhausted (error)) {
    g_propagate_error (failure, g_steal_pointer (&error));
    return NULL;
  }

  if (snapshot != NULL && g_str_equal (plug_rb_snapshot_get_id (snapshot), name) &&
      g_str_equal (plug_rb_snapshot_get_plugin (snapshot), key))
    return g_steal_pointer (&snapshot);

  return plug_rb_snapshot_new_damaged (plain_host, plain_id, name,
                                       error ? error->message
                                             : _("The metadata belong to another snapshot"));
}

/* Whatever else lies in the store, left by a crash or by hand, is passed over. */
static gboolean
is_folder (int parent_fd, const char *name)
{
  struct stat st;

  return fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode);
}

/**
 * plug_rb_store_list_folder:
 * @snapshots: (element-type PlugRbSnapshot): gets what is found
 * @host_fd: a host's folder
 * @host: its name
 * @id: name of a plugin's folder in it
 *
 * Lists one plugin's snapshots, in no order.
 */
gboolean
plug_rb_store_list_folder (
    GPtrArray *snapshots, int host_fd, const char *host, const char *id, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autofd int fd = plug_rb_metadata_file_open_folder (host_fd, id, &cause);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, &cause);

  if (fd < 0 && is_gone (cause))
    return TRUE;

  if (names == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  for (guint i = 0; cause == NULL && i < names->len; i++) {
    PlugRbSnapshot *snapshot = plug_rb_id_is_valid (names->pdata[i])
                                   ? load_snapshot (fd, host, id, names->pdata[i], &cause)
                                   : NULL;

    if (snapshot != NULL)
      g_ptr_array_add (snapshots, snapshot);
  }

  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
list_host (GPtrArray *snapshots, int top_fd, const char *host, const char *only, GError **error)
{
  g_autofd int fd = plug_rb_metadata_file_open_folder (top_fd, host, error);
  g_autoptr(GPtrArray) ids = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (is_folder (fd, ids->pdata[i]) && (only == NULL || g_str_equal (only, ids->pdata[i])))
      if (!plug_rb_store_list_folder (snapshots, fd, host, ids->pdata[i], error))
        return FALSE;

  return TRUE;
}

/**
 * plug_rb_store_compare_age:
 *
 * Newest first. Ids sort by time, but the clock may have been set back: within a plugin the
 * sequence decides. A copy that was made by hand has the same id.
 */
int
plug_rb_store_compare_age (gconstpointer a, gconstpointer b)
{
  PlugRbSnapshot *x = (PlugRbSnapshot *) a, *y = (PlugRbSnapshot *) b;
  gint64 m = plug_rb_snapshot_get_sequence (x), n = plug_rb_snapshot_get_sequence (y);
  int plugins = strcmp (plug_rb_snapshot_get_plugin (x), plug_rb_snapshot_get_plugin (y));
  int ids = strcmp (plug_rb_snapshot_get_id (y), plug_rb_snapshot_get_id (x));

  if (m != n && plugins == 0)
    return m > n ? -1 : 1;

  return ids != 0 ? ids : plugins;
}

static GPtrArray *
list_below (PlugRbStore *self, const char *top, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) cause = NULL;
  g_autofree char *below = plugin ? plug_rb_store_escape_key (plugin) : NULL;
  g_auto(GStrv) halves = below ? g_strsplit (below, "/", 2) : NULL;
  g_autofree char *path = plug_rb_store_build_path (self, top, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, &cause);
  g_autoptr(GPtrArray) hosts = fd < 0 ? NULL : plug_rb_fs_list (fd, &cause);

  /* A store that cannot be written may lack the folder. */
  if (hosts == NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    if (is_folder (fd, hosts->pdata[i]) &&
        (halves == NULL || g_str_equal (halves[0], hosts->pdata[i])))
      if (!list_host (snapshots, fd, hosts->pdata[i], halves ? halves[1] : NULL, error))
        return NULL;

  g_ptr_array_sort_values (snapshots, plug_rb_store_compare_age);
  return g_steal_pointer (&snapshots);
}

/**
 * plug_rb_store_list_snapshots:
 * @plugin: (nullable): key of a plugin; %NULL for all
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): newest first, damaged ones included
 */
GPtrArray *
plug_rb_store_list_snapshots (PlugRbStore *self, const char *plugin, GError **error)
{
  return list_below (self, "snapshots", plugin, error);
}

/**
 * plug_rb_store_list_deleted:
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what lies in the trash, newest first
 */
GPtrArray *
plug_rb_store_list_deleted (PlugRbStore *self, GError **error)
{
  return list_below (self, "trash", NULL, error);
}

/**
 * plug_rb_store_list_deleted_of:
 * @plugin: key of a plugin
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what of @plugin lies in the trash, newest
 * first
 */
GPtrArray *
plug_rb_store_list_deleted_of (PlugRbStore *self, const char *plugin, GError **error)
{
  return list_below (self, "trash", plugin, error);
}
