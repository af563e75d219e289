/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager-compare.h"

#include "plug-rb-differ.h"
#include "plug-rb-job.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

typedef struct {
  PlugRbEngine *engine;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *from;
  PlugRbSnapshot *to;
  PlugRbChange *change; /* of one file only */
} Comparison;

static void
comparison_free (Comparison *comparison)
{
  g_object_unref (comparison->engine);
  g_object_unref (comparison->plugin);
  g_clear_object (&comparison->from);
  g_clear_object (&comparison->to);
  g_clear_object (&comparison->change);
  g_free (comparison);
}

static Comparison *
comparison_new (PlugRbManager *manager,
                PlugRbPlugin *plugin,
                PlugRbSnapshot *from,
                PlugRbSnapshot *to)
{
  Comparison *comparison = g_new0 (Comparison, 1);

  comparison->engine = g_object_ref (plug_rb_manager_get_engine (manager));
  comparison->plugin = g_object_ref (plugin);
  g_set_object (&comparison->from, from);
  g_set_object (&comparison->to, to);

  return comparison;
}

static void
compare_in_thread (GTask *task,
                   gpointer source_object,
                   gpointer task_data,
                   GCancellable *cancellable)
{
  Comparison *comparison = task_data;
  GError *error = NULL;
  PlugRbPlan *plan = plug_rb_engine_compare (comparison->engine, comparison->plugin,
                                             comparison->from, comparison->to, cancellable, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_compare_async:
 * @from: (nullable): a snapshot of @plugin; %NULL for the plugin as it is now
 * @to: (nullable): likewise
 *
 * Finds out what differs. Nothing is changed.
 */
void
plug_rb_manager_compare_async (PlugRbManager *self,
                               PlugRbPlugin *plugin,
                               PlugRbSnapshot *from,
                               PlugRbSnapshot *to,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr(GTask) task = NULL;
  Comparison *comparison;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_PLUGIN (plugin));

  comparison = comparison_new (self, plugin, from, to);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, plug_rb_manager_compare_async);
  g_task_set_task_data (task, comparison, (GDestroyNotify) comparison_free);
  g_task_run_in_thread (task, compare_in_thread);
}

/**
 * plug_rb_manager_compare_finish:
 *
 * Returns: (transfer full): what must change to come from one to the other
 */
PlugRbPlan *
plug_rb_manager_compare_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
diff_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Comparison *comparison = task_data;
  GError *error = NULL;
  g_autoptr(PlugRbDiffer) differ =
      plug_rb_differ_new (comparison->engine, comparison->plugin, comparison->from, comparison->to,
                          cancellable, &error);
  PlugRbLineDiff *diff =
      differ ? plug_rb_differ_compare (differ, comparison->change, cancellable, &error) : NULL;

  if (diff != NULL)
    g_task_return_pointer (task, diff, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_diff_file_async:
 * @from: (nullable): a snapshot of @plugin; %NULL for the plugin as it is now
 * @to: (nullable): likewise
 * @change: a file that differs
 *
 * Finds out what differs in one file. Nothing is changed.
 */
void
plug_rb_manager_diff_file_async (PlugRbManager *self,
                                 PlugRbPlugin *plugin,
                                 PlugRbSnapshot *from,
                                 PlugRbSnapshot *to,
                                 PlugRbChange *change,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr(GTask) task = NULL;
  Comparison *comparison;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_PLUGIN (plugin) && PLUG_RB_IS_CHANGE (change));

  comparison = comparison_new (self, plugin, from, to);
  comparison->change = g_object_ref (change);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, plug_rb_manager_diff_file_async);
  g_task_set_task_data (task, comparison, (GDestroyNotify) comparison_free);
  g_task_run_in_thread (task, diff_in_thread);
}

/**
 * plug_rb_manager_diff_file_finish:
 *
 * Returns: (transfer full): the differences, line by line
 */
PlugRbLineDiff *
plug_rb_manager_diff_file_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
