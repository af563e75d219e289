/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-measuring.h"

#include <fcntl.h>

#include "plug-rb-fs.h"
#include "plug-rb-host.h"
#include "plug-rb-plugin.h"

typedef struct {
  PlugRbHost *host;
  char *id;
} Item;

static void
item_free (Item *item)
{
  g_object_unref (item->host);
  g_free (item->id);
  g_free (item);
}

static guint64
measure_plugin (Item *item)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (item->host, item->id);
  guint64 bytes = 0;

  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    bytes += plug_rb_fs_measure (AT_FDCWD, part->path);
  }

  return bytes;
}

static void
measure_in_thread (GTask *task,
                   gpointer source_object,
                   gpointer task_data,
                   GCancellable *cancellable)
{
  GPtrArray *items = task_data;
  g_autoptr(GHashTable) sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < items->len && !g_cancellable_is_cancelled (cancellable); i++) {
    Item *item = items->pdata[i];
    const char *host = plug_rb_host_get_id (item->host);
    guint64 *bytes = g_hash_table_lookup (sizes, host);

    if (bytes == NULL) {
      bytes = g_new0 (guint64, 1);
      g_hash_table_insert (sizes, g_strdup (host), bytes);
    }
    *bytes += measure_plugin (item);
  }

  g_task_return_pointer (task, g_steal_pointer (&sizes), (GDestroyNotify) g_hash_table_unref);
}

void
plug_rb_measuring_start (PlugRbManager *manager,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GListModel *plugins = plug_rb_manager_get_plugins (manager);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);
    Item *item;

    if (!plug_rb_plugin_get_installed (plugin))
      continue;

    item = g_new0 (Item, 1);
    item->host = g_object_ref (plug_rb_plugin_get_host (plugin));
    item->id = g_strdup (plug_rb_plugin_get_id (plugin));
    g_ptr_array_add (items, item);
  }

  g_task_set_source_tag (task, plug_rb_measuring_start);
  g_task_set_task_data (task, items, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, measure_in_thread);
}

/* Bytes (guint64) by the id of the program. */
GHashTable *
plug_rb_measuring_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
