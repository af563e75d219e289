/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-catalog.h"

#include "plug-rb-host.h"
#include "plug-rb-list.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

typedef const char *(*NameFunc) (gpointer item);

/**
 * plug_rb_catalog_new:
 *
 * Returns: (transfer full): empty lists
 */
PlugRbCatalog *
plug_rb_catalog_new (void)
{
  PlugRbCatalog *self = g_new0 (PlugRbCatalog, 1);

  self->hosts = g_list_store_new (PLUG_RB_TYPE_HOST);
  self->plugins = g_list_store_new (PLUG_RB_TYPE_PLUGIN);
  self->snapshots = g_list_store_new (PLUG_RB_TYPE_SNAPSHOT);
  self->operations = g_list_store_new (PLUG_RB_TYPE_OPERATION);

  return self;
}

static GListStore *
get_plugins_of (PlugRbHost *host)
{
  return G_LIST_STORE (plug_rb_host_get_plugins (host));
}

/**
 * plug_rb_catalog_free:
 */
void
plug_rb_catalog_free (PlugRbCatalog *self)
{
  /* A host and its plugins hold each other. */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);

    g_list_store_remove_all (get_plugins_of (host));
  }

  g_clear_object (&self->hosts);
  g_clear_object (&self->plugins);
  g_clear_object (&self->snapshots);
  g_clear_object (&self->operations);
  g_free (self);
}

/* ---- finding */

static gpointer
find (GListStore *list, NameFunc get_name, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    g_autoptr(GObject) item = g_list_model_get_object (G_LIST_MODEL (list), i);

    if (g_strcmp0 (get_name (item), name) == 0)
      return item;
  }

  return NULL;
}

/**
 * plug_rb_catalog_find_plugin:
 *
 * Returns: (transfer none) (nullable): the plugin of that key
 */
PlugRbPlugin *
plug_rb_catalog_find_plugin (PlugRbCatalog *self, const char *key)
{
  return find (self->plugins, (NameFunc) plug_rb_plugin_get_key, key);
}

/**
 * plug_rb_catalog_find_snapshot:
 *
 * Returns: (transfer none) (nullable): the snapshot of that id
 */
PlugRbSnapshot *
plug_rb_catalog_find_snapshot (PlugRbCatalog *self, const char *id)
{
  return find (self->snapshots, (NameFunc) plug_rb_snapshot_get_id, id);
}

/**
 * plug_rb_catalog_find_operation:
 *
 * Returns: (transfer none) (nullable): the operation of that id
 */
PlugRbOperation *
plug_rb_catalog_find_operation (PlugRbCatalog *self, const char *id)
{
  return find (self->operations, (NameFunc) plug_rb_operation_get_id, id);
}

/* ---- merging */

/* The items of a list by their names, which the items own. */
static GHashTable *
index_list (GListStore *list, NameFunc get_name)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    GObject *item = g_list_model_get_object (G_LIST_MODEL (list), i);

    g_hash_table_replace (index, (char *) get_name (item), item);
  }

  return index;
}

static PlugRbSnapshot *
merge_snapshot (PlugRbSnapshot *shown, PlugRbSnapshot *seen)
{
  /* Which of the two it is shows in every property, so a damaged snapshot is another object. */
  if (shown == NULL ||
      g_strcmp0 (plug_rb_snapshot_get_damaged (shown), plug_rb_snapshot_get_damaged (seen)) != 0)
    return seen;

  plug_rb_snapshot_set_label (shown, plug_rb_snapshot_get_label (seen));
  plug_rb_snapshot_set_note (shown, plug_rb_snapshot_get_note (seen));
  plug_rb_snapshot_set_pinned (shown, plug_rb_snapshot_get_pinned (seen));

  return shown;
}

static void
merge_snapshots (PlugRbCatalog *self, GPtrArray *seen)
{
  g_autoptr(GHashTable) shown = index_list (self->snapshots, (NameFunc) plug_rb_snapshot_get_id);
  g_autoptr(GPtrArray) merged = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < seen->len; i++) {
    PlugRbSnapshot *old = g_hash_table_lookup (shown, plug_rb_snapshot_get_id (seen->pdata[i]));

    g_ptr_array_add (merged, g_object_ref (merge_snapshot (old, seen->pdata[i])));
  }

  plug_rb_list_sync (self->snapshots, merged);
}

static GHashTable *
group_snapshots (PlugRbCatalog *self)
{
  GHashTable *groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->snapshots)); i++) {
    PlugRbSnapshot *snapshot = g_list_model_get_item (G_LIST_MODEL (self->snapshots), i);
    const char *key = plug_rb_snapshot_get_plugin (snapshot);
    GPtrArray *group = g_hash_table_lookup (groups, key);

    if (group == NULL) {
      group = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (groups, (char *) key, group);
    }
    g_ptr_array_add (group, snapshot);
  }

  return groups;
}

static PlugRbSnapshot *
find_same (GHashTable *shown, PlugRbSnapshot *seen)
{
  return seen ? g_hash_table_lookup (shown, plug_rb_snapshot_get_id (seen)) : NULL;
}

static void
give_snapshots (PlugRbCatalog *self, PlugRbSurvey *survey)
{
  g_autoptr(GHashTable) shown = index_list (self->snapshots, (NameFunc) plug_rb_snapshot_get_id);
  g_autoptr(GHashTable) groups = group_snapshots (self);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->plugins)); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (G_LIST_MODEL (self->plugins), i);
    const char *key = plug_rb_plugin_get_key (plugin);
    GPtrArray *group = g_hash_table_lookup (groups, key);

    plug_rb_plugin_set_snapshots (plugin, group ? group : none);
    plug_rb_plugin_set_current (plugin,
                                find_same (shown, g_hash_table_lookup (survey->currents, key)));
    plug_rb_plugin_set_latest_good (plugin,
                                    find_same (shown, g_hash_table_lookup (survey->targets, key)));
  }
}

static void
merge_plugins (PlugRbCatalog *self, GPtrArray *seen)
{
  g_autoptr(GHashTable) shown = index_list (self->plugins, (NameFunc) plug_rb_plugin_get_key);
  g_autoptr(GPtrArray) merged = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < seen->len; i++) {
    PlugRbPlugin *old = g_hash_table_lookup (shown, plug_rb_plugin_get_key (seen->pdata[i]));

    if (old != NULL)
      plug_rb_plugin_update (old, seen->pdata[i]);
    g_ptr_array_add (merged, g_object_ref (old ? old : seen->pdata[i]));
  }

  plug_rb_list_sync (self->plugins, merged);
}

static void
give_plugins (PlugRbCatalog *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (self->plugins)); j++) {
      g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (G_LIST_MODEL (self->plugins), j);

      if (plug_rb_plugin_get_host (plugin) == host)
        g_ptr_array_add (own, g_steal_pointer (&plugin));
    }

    plug_rb_list_sync (get_plugins_of (host), own);
  }
}

static int
compare_operations (gconstpointer a, gconstpointer b)
{
  PlugRbOperation *x = (PlugRbOperation *) a, *y = (PlugRbOperation *) b;
  gboolean x_runs = !plug_rb_operation_is_finished (x), y_runs = !plug_rb_operation_is_finished (y);

  if (x_runs != y_runs)
    return y_runs - x_runs;

  return strcmp (plug_rb_operation_get_id (y), plug_rb_operation_get_id (x));
}

/* What ran in this process stays in the list even if it left nothing in the history. */
static void
merge_operations (PlugRbCatalog *self, GPtrArray *seen)
{
  g_autoptr(GHashTable) shown = index_list (self->operations, (NameFunc) plug_rb_operation_get_id);
  g_autoptr(GPtrArray) merged = g_hash_table_get_values_as_ptr_array (shown);

  for (guint i = 0; i < seen->len; i++) {
    PlugRbOperation *operation = seen->pdata[i];
    PlugRbStatus status = plug_rb_operation_get_status (operation);
    PlugRbOperation *old = g_hash_table_lookup (shown, plug_rb_operation_get_id (operation));

    if (old == NULL)
      g_ptr_array_add (merged, operation);
    else if (plug_rb_operation_is_finished (old) && plug_rb_operation_get_status (old) != status)
      plug_rb_operation_set_status (old, status);
  }

  g_ptr_array_sort_values (merged, compare_operations);
  plug_rb_list_sync (self->operations, merged);
}

/**
 * plug_rb_catalog_merge:
 * @survey: what there is now
 *
 * Brings all lists and objects up to date, with notifications for what changed.
 */
void
plug_rb_catalog_merge (PlugRbCatalog *self, PlugRbSurvey *survey)
{
  plug_rb_list_sync (self->hosts, survey->hosts);
  merge_snapshots (self, survey->snapshots);
  merge_plugins (self, survey->plugins);
  give_snapshots (self, survey);
  give_plugins (self);
  merge_operations (self, survey->operations);
}

/**
 * plug_rb_catalog_add_operation:
 * @operation: one that begins now
 */
void
plug_rb_catalog_add_operation (PlugRbCatalog *self, PlugRbOperation *operation)
{
  g_list_store_insert (self->operations, 0, operation);
}

/**
 * plug_rb_catalog_give_hints:
 * @operation: one that has ended
 *
 * Tells the plugins that it changed what the user must still do, if the program that loads them
 * says so; what an earlier operation said is over.
 */
void
plug_rb_catalog_give_hints (PlugRbCatalog *self, PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  const char *const *hints = plug_rb_operation_get_hints (operation);

  if (plug_rb_operation_get_kind (operation) == PLUG_RB_KIND_SNAPSHOT ||
      plug_rb_operation_get_status (operation) != PLUG_RB_STATUS_COMPLETED)
    return;

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];
    PlugRbPlugin *plugin = plug_rb_catalog_find_plugin (self, change->plugin);
    const char *hint =
        plugin ? plug_rb_host_get_reload_hint (plug_rb_plugin_get_host (plugin)) : NULL;

    if (plugin != NULL)
      plug_rb_plugin_set_hint (plugin, hint && g_strv_contains (hints, hint) ? hint : NULL);
  }
}
