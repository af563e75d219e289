/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-survey.h"

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/**
 * plug_rb_survey_free:
 */
void
plug_rb_survey_free (PlugRbSurvey *self)
{
  g_clear_object (&self->engine);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  g_clear_pointer (&self->snapshots, g_ptr_array_unref);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_clear_pointer (&self->currents, g_hash_table_unref);
  g_clear_pointer (&self->targets, g_hash_table_unref);
  g_free (self);
}

static gboolean
is_candidate (PlugRbSnapshot *snapshot)
{
  return plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         plug_rb_snapshot_get_health (snapshot) != PLUG_RB_HEALTH_BAD &&
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PRE_ROLLBACK;
}

static gboolean
equals (PlugRbSnapshot *snapshot, PlugRbState *live)
{
  return live != NULL && plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         g_strcmp0 (plug_rb_snapshot_get_table (snapshot),
                    plug_rb_table_get_sha256 (live->table)) == 0;
}

static void
remember_first (GHashTable *table, PlugRbPlugin *plugin, PlugRbSnapshot *snapshot)
{
  const char *key = plug_rb_plugin_get_key (plugin);

  if (!g_hash_table_contains (table, key))
    g_hash_table_insert (table, g_strdup (key), g_object_ref (snapshot));
}

/* Equal states have equal tables, so one look at what is installed settles it for all snapshots. If
 * that cannot be read, nothing is taken to equal it. */
static void
judge_snapshots (PlugRbSurvey *self, PlugRbPlugin *plugin, GCancellable *cancellable)
{
  GListModel *snapshots = plug_rb_plugin_get_snapshots (plugin);
  guint n = g_list_model_get_n_items (snapshots);
  g_autoptr(PlugRbState) live = NULL;

  if (n > 0)
    live = plug_rb_engine_capture (self->engine, plug_rb_plugin_get_host (plugin),
                                   plug_rb_plugin_get_id (plugin), NULL, cancellable, NULL);

  for (guint i = 0; i < n; i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (equals (snapshot, live))
      remember_first (self->currents, plugin, snapshot);
    else if (is_candidate (snapshot))
      remember_first (self->targets, plugin, snapshot);
  }
}

/**
 * plug_rb_survey_new:
 *
 * Looks at everything. Takes as long as reading the installed plugins that have snapshots.
 *
 * Returns: (transfer full): what there is
 */
PlugRbSurvey *
plug_rb_survey_new (PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbSurvey) self = g_new0 (PlugRbSurvey, 1);

  self->engine = g_object_ref (engine);
  self->hosts = plug_rb_engine_list_hosts (engine);
  self->currents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  if (!(self->plugins = plug_rb_engine_list_plugins (engine, cancellable, error)) ||
      !(self->snapshots = plug_rb_engine_list_snapshots (engine, NULL, error)) ||
      !(self->operations = plug_rb_engine_list_operations (engine, NULL, error)))
    return NULL;

  for (guint i = 0; i < self->plugins->len; i++)
    judge_snapshots (self, self->plugins->pdata[i], cancellable);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}
