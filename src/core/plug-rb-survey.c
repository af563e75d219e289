/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-survey.h"

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static void
survey_clear (PlugRbSurvey *self)
{
  g_clear_object (&self->engine);
  g_free (self->store_dir);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  g_clear_pointer (&self->snapshots, g_ptr_array_unref);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_clear_pointer (&self->currents, g_hash_table_unref);
  g_clear_pointer (&self->targets, g_hash_table_unref);
}

/**
 * plug_rb_survey_unref:
 */
void
plug_rb_survey_unref (PlugRbSurvey *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) survey_clear);
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
judge_snapshots (PlugRbSurvey *self, PlugRbPlugin *plugin)
{
  GListModel *snapshots = plug_rb_plugin_get_snapshots (plugin);
  guint n = g_list_model_get_n_items (snapshots);
  g_autoptr(PlugRbState) live = NULL;

  if (n > 0)
    live = plug_rb_engine_capture (self->engine, plug_rb_plugin_get_host (plugin),
                                   plug_rb_plugin_get_id (plugin), NULL, NULL, NULL, NULL);

  for (guint i = 0; i < n; i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (equals (snapshot, live))
      remember_first (self->currents, plugin, snapshot);
    else if (is_candidate (snapshot))
      remember_first (self->targets, plugin, snapshot);
  }
}

static gboolean
look (PlugRbSurvey *self, GError **error)
{
  self->hosts = plug_rb_engine_list_hosts (self->engine);

  if (!(self->plugins = plug_rb_engine_list_plugins (self->engine, NULL, error)) ||
      !(self->snapshots = plug_rb_engine_list_snapshots (self->engine, NULL, error)) ||
      !(self->operations = plug_rb_engine_list_operations (self->engine, NULL, error)))
    return FALSE;

  for (guint i = 0; i < self->plugins->len; i++)
    judge_snapshots (self, self->plugins->pdata[i]);

  return TRUE;
}

static void
look_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  PlugRbSurvey *self = task_data;
  GError *error = NULL;

  if (self->engine == NULL)
    self->engine = plug_rb_engine_open (self->store_dir, &error);

  if (self->engine != NULL && look (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_survey_new_async:
 * @engine: (nullable): the engine, if it is open already
 * @store_dir: (nullable): otherwise the folder of the store; %NULL for the user's own
 *
 * Looks at everything, in a thread. Takes as long as reading the installed plugins that have
 * snapshots.
 */
void
plug_rb_survey_new_async (PlugRbEngine *engine,
                          const char *store_dir,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  PlugRbSurvey *self = g_atomic_rc_box_new0 (PlugRbSurvey);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_set_object (&self->engine, engine);
  self->store_dir = g_strdup (store_dir);
  self->currents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  g_task_set_source_tag (task, plug_rb_survey_new_async);
  g_task_set_task_data (task, self, (GDestroyNotify) plug_rb_survey_unref);
  g_task_run_in_thread (task, look_in_thread);
}

/**
 * plug_rb_survey_new_finish:
 *
 * Returns: (transfer full): what there is
 */
PlugRbSurvey *
plug_rb_survey_new_finish (GAsyncResult *result, GError **error)
{
  GTask *task = G_TASK (result);

  return g_task_propagate_boolean (task, error)
             ? g_atomic_rc_box_acquire (g_task_get_task_data (task))
             : NULL;
}
