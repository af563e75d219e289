/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gstdio.h>

#include "plug-rb-fs.h"
#include "plug-rb-id.h"
#include "plug-rb-store.h"

#define ID_LENGTH 36

static GPtrArray *
list (PlugRbStore *self, const char *top, const char *below)
{
  g_autofree char *path = plug_rb_store_build_path (self, top, below, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, NULL);

  return fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);
}

static gboolean
has_temporary (GPtrArray *names)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_str_has_prefix (names->pdata[i], PLUG_RB_FS_TEMPORARY))
      return TRUE;

  return FALSE;
}

/* The newest id among some names; ids begin with the time. */
static char *
find_newest (GPtrArray *names)
{
  g_autofree char *newest = g_strdup ("");

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *id = g_strndup (names->pdata[i], ID_LENGTH);

    if (plug_rb_id_is_valid (id) && strcmp (id, newest) > 0)
      g_set_str (&newest, id);
  }

  return g_steal_pointer (&newest);
}

/* An archive is there before its snapshot is. One that is newer than all snapshots may never have
 * got its own. */
static gboolean
is_ahead (GPtrArray *archives, GPtrArray *snapshots, GPtrArray *trash)
{
  g_autofree char *archive = find_newest (archives);
  g_autofree char *snapshot = find_newest (snapshots);
  g_autofree char *deleted = find_newest (trash);

  return strcmp (archive, snapshot) > 0 && strcmp (archive, deleted) > 0;
}

static gboolean
has_plugin_leftovers (PlugRbStore *self, const char *plugin)
{
  g_autofree char *below = plug_rb_store_escape_key (plugin);
  g_autoptr(GPtrArray) snapshots = list (self, "snapshots", below);
  g_autoptr(GPtrArray) archives = list (self, "archives", below);
  g_autoptr(GPtrArray) trash = list (self, "trash", below);

  return has_temporary (snapshots) || has_temporary (archives) || has_temporary (trash) ||
         is_ahead (archives, snapshots, trash);
}

/**
 * plug_rb_store_has_leftovers:
 *
 * Looks at names alone, so that it may be asked often. What has no telling name is left for the
 * next clean-up.
 *
 * Returns: whether a crash seems to have left something half made
 */
gboolean
plug_rb_store_has_leftovers (PlugRbStore *self)
{
  static const char *const tops[][2] = {
    { ".", NULL }, { "operations", NULL }, { "operations", "pending" }, { "tables", NULL }
  };
  g_autoptr(GPtrArray) plugins = plug_rb_store_list_plugins (self, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tops); i++) {
    g_autoptr(GPtrArray) names = list (self, tops[i][0], tops[i][1]);

    if (has_temporary (names))
      return TRUE;
  }

  for (guint i = 0; plugins != NULL && i < plugins->len; i++)
    if (has_plugin_leftovers (self, plugins->pdata[i]))
      return TRUE;

  return FALSE;
}
