/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-selection.h"

#include "plug-rb-snapshot.h"

GPtrArray *
plug_rb_selection_list (GtkSelectionModel *model)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (model);
  GPtrArray *snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (snapshots, g_list_model_get_item (G_LIST_MODEL (model), position));

  return snapshots;
}

char **
plug_rb_selection_dup_ids (GPtrArray *snapshots)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < snapshots->len; i++)
    g_strv_builder_add (builder, plug_rb_snapshot_get_id (snapshots->pdata[i]));

  return g_strv_builder_end (builder);
}

/* A plugin can go to one snapshot only. */
gboolean
plug_rb_selection_is_distinct (GPtrArray *snapshots)
{
  g_autoptr(GHashTable) plugins = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < snapshots->len; i++)
    if (!g_hash_table_add (plugins, (char *) plug_rb_snapshot_get_plugin (snapshots->pdata[i])))
      return FALSE;

  return TRUE;
}

gboolean
plug_rb_selection_has_damaged (GPtrArray *snapshots)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (plug_rb_snapshot_get_damaged (snapshots->pdata[i]) != NULL)
      return TRUE;

  return FALSE;
}
