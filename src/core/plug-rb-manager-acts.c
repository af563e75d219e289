/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job.h"
#include "plug-rb-manager.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static PlugRbOperation *
begin_operation (PlugRbKind kind, GPtrArray *targets)
{
  PlugRbOperation *operation = plug_rb_operation_new (kind);

  for (guint i = 0; targets != NULL && i < targets->len; i++)
    plug_rb_operation_add_plugin (operation, plug_rb_snapshot_get_plugin (targets->pdata[i]),
                                  plug_rb_snapshot_get_name (targets->pdata[i]));

  return operation;
}

static GPtrArray *
copy_targets (GPtrArray *targets)
{
  GPtrArray *copy = g_ptr_array_new_full (targets->len, g_object_unref);

  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (copy, g_object_ref (targets->pdata[i]));

  return copy;
}

/* ---- snapshots */

static gboolean
run_snapshot (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  job->snapshot = plug_rb_engine_snapshot (engine, job->plugin, job->reason, job->label, job->note,
                                           &job->created, job->operation, cancellable, error);
  if (job->created)
    plug_rb_engine_tidy (engine, plug_rb_plugin_get_key (job->plugin));

  return job->snapshot != NULL;
}

/**
 * plug_rb_manager_create_snapshot_async:
 * @label: (nullable): a name that the user gives it
 * @note: (nullable): a longer text
 *
 * Takes a snapshot of a plugin. Call it only after the manager was loaded.
 */
void
plug_rb_manager_create_snapshot_async (PlugRbManager *self,
                                       PlugRbPlugin *plugin,
                                       PlugRbReason reason,
                                       const char *label,
                                       const char *note,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  PlugRbOperation *operation;
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_PLUGIN (plugin));

  operation = begin_operation (PLUG_RB_KIND_SNAPSHOT, NULL);
  plug_rb_operation_add_plugin (operation, plug_rb_plugin_get_key (plugin),
                                plug_rb_plugin_get_name (plugin));
  job = plug_rb_job_new (run_snapshot, operation, cancellable);
  job->plugin = g_object_ref (plugin);
  job->reason = reason;
  job->label = g_strdup (label);
  job->note = g_strdup (note);

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_create_snapshot_async));
}

/**
 * plug_rb_manager_create_snapshot_finish:
 * @created: (out) (optional): %FALSE if the newest snapshot holds exactly this state already
 *
 * Returns: (transfer full): the snapshot, as it is in the list
 */
PlugRbSnapshot *
plug_rb_manager_create_snapshot_finish (PlugRbManager *self,
                                        GAsyncResult *result,
                                        gboolean *created,
                                        GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_create_snapshot_async, error);

  if (created != NULL)
    *created = job != NULL && job->created;

  return job ? g_object_ref (job->snapshot) : NULL;
}

static gboolean
run_delete (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_delete_snapshot (engine, job->snapshot, error);
}

/**
 * plug_rb_manager_delete_snapshot_async:
 *
 * Moves a snapshot to the trash, from where plug_rb_manager_restore_deleted_async() brings it back.
 */
void
plug_rb_manager_delete_snapshot_async (PlugRbManager *self,
                                       PlugRbSnapshot *snapshot,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (snapshot));

  job = plug_rb_job_new (run_delete, NULL, cancellable);
  job->snapshot = g_object_ref (snapshot);

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_delete_snapshot_async));
}

/**
 * plug_rb_manager_delete_snapshot_finish:
 *
 * Returns: whether it is in the trash
 */
gboolean
plug_rb_manager_delete_snapshot_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  return plug_rb_job_finish (self, result, plug_rb_manager_delete_snapshot_async, error) != NULL;
}

static gboolean
run_restore_deleted (PlugRbJob *job,
                     PlugRbEngine *engine,
                     GCancellable *cancellable,
                     GError **error)
{
  job->snapshot = plug_rb_engine_restore_deleted (engine, job->id, error);

  return job->snapshot != NULL;
}

/**
 * plug_rb_manager_restore_deleted_async:
 * @id: id of a snapshot in the trash
 *
 * Takes a snapshot back from the trash.
 */
void
plug_rb_manager_restore_deleted_async (PlugRbManager *self,
                                       const char *id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (id != NULL);

  job = plug_rb_job_new (run_restore_deleted, NULL, cancellable);
  job->id = g_strdup (id);

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_restore_deleted_async));
}

/**
 * plug_rb_manager_restore_deleted_finish:
 *
 * Returns: (transfer full): the snapshot, as it is in the list
 */
PlugRbSnapshot *
plug_rb_manager_restore_deleted_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_restore_deleted_async, error);

  return job ? g_object_ref (job->snapshot) : NULL;
}

/* ---- rollback */

typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *target;
  GPtrArray *targets; /* instead of one */
  PlugRbScope scope;
} Planning;

static void
planning_free (Planning *planning)
{
  g_object_unref (planning->engine);
  g_clear_object (&planning->target);
  g_clear_pointer (&planning->targets, g_ptr_array_unref);
  g_free (planning);
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  PlugRbPlan *plan = g_task_propagate_pointer (G_TASK (result), &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
plan_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Planning *planning = task_data;
  GError *error = NULL;
  PlugRbPlan *plan = plug_rb_engine_plan (planning->engine, planning->target, planning->scope, NULL,
                                          cancellable, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_plan_async:
 * @target: the snapshot to go to
 * @scope: what to bring back
 *
 * Works out what a rollback would do. Nothing is changed.
 */
void
plug_rb_manager_plan_async (PlugRbManager *self,
                            PlugRbSnapshot *target,
                            PlugRbScope scope,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr(GTask) inner = NULL;
  Planning *planning;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (target));

  planning = g_new0 (Planning, 1);
  planning->engine = g_object_ref (plug_rb_manager_get_engine (self));
  planning->target = g_object_ref (target);
  planning->scope = scope;

  inner = g_task_new (NULL, cancellable, planned_cb,
                      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_plan_async));
  g_task_set_source_tag (inner, plan_in_thread);
  g_task_set_task_data (inner, planning, (GDestroyNotify) planning_free);
  g_task_run_in_thread (inner, plan_in_thread);
}

/**
 * plug_rb_manager_plan_finish:
 *
 * Returns: (transfer full): the plan
 */
PlugRbPlan *
plug_rb_manager_plan_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static PlugRbPlan *
plan_many (Planning *planning, GPtrArray *notes, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func (g_object_unref);
  PlugRbPlan *merged;

  /* As the rollback itself does it. */
  if ((planning->scope & PLUG_RB_SCOPE_FILES) &&
      !plug_rb_engine_add_dependencies (planning->engine, planning->targets, notes, error))
    return NULL;

  for (guint i = 0; i < planning->targets->len; i++) {
    PlugRbPlan *plan = plug_rb_engine_plan (planning->engine, planning->targets->pdata[i],
                                            planning->scope, NULL, cancellable, error);

    if (plan == NULL)
      return NULL;
    g_ptr_array_add (plans, plan);
  }

  merged = plug_rb_plan_merge (plans);
  for (guint i = 0; i < notes->len; i++)
    plug_rb_plan_add_warning (merged, notes->pdata[i]);

  return merged;
}

static void
plan_many_in_thread (GTask *task,
                     gpointer source_object,
                     gpointer task_data,
                     GCancellable *cancellable)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;
  PlugRbPlan *plan = plan_many (task_data, notes, cancellable, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_plan_many_async:
 * @targets: (element-type PlugRbSnapshot): one snapshot for each plugin, at least one
 * @scope: what to bring back
 *
 * Works out what a rollback of several plugins would do, with what they need of others. Nothing is
 * changed.
 */
void
plug_rb_manager_plan_many_async (PlugRbManager *self,
                                 GPtrArray *targets,
                                 PlugRbScope scope,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr(GTask) inner = NULL;
  Planning *planning;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (targets != NULL && targets->len > 0);

  planning = g_new0 (Planning, 1);
  planning->engine = g_object_ref (plug_rb_manager_get_engine (self));
  planning->targets = copy_targets (targets);
  planning->scope = scope;

  inner = g_task_new (
      NULL, cancellable, planned_cb,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_plan_many_async));
  g_task_set_source_tag (inner, plan_many_in_thread);
  g_task_set_task_data (inner, planning, (GDestroyNotify) planning_free);
  g_task_run_in_thread (inner, plan_many_in_thread);
}

/**
 * plug_rb_manager_plan_many_finish:
 *
 * Returns: (transfer full): one plan of all of them, to look at: see plug_rb_plan_merge()
 */
PlugRbPlan *
plug_rb_manager_plan_many_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
run_rollback (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_rollback (engine, job->targets, job->scope, job->operation, cancellable,
                                  error);
}

/**
 * plug_rb_manager_rollback_async:
 * @targets: (element-type PlugRbSnapshot): one snapshot for each plugin
 * @scope: what to bring back
 *
 * Brings plugins back to snapshots: all of them or none. Call it only after the manager was loaded.
 *
 * Returns: (transfer none): the operation, which runs now
 */
PlugRbOperation *
plug_rb_manager_rollback_async (PlugRbManager *self,
                                GPtrArray *targets,
                                PlugRbScope scope,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  PlugRbJob *job;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self), NULL);
  g_return_val_if_fail (targets != NULL && targets->len > 0, NULL);

  job =
      plug_rb_job_new (run_rollback, begin_operation (PLUG_RB_KIND_ROLLBACK, targets), cancellable);
  job->targets = copy_targets (targets);
  job->scope = scope;

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_rollback_async));

  return job->operation;
}

/**
 * plug_rb_manager_rollback_finish:
 *
 * Returns: (transfer full): the operation, which has ended well
 */
PlugRbOperation *
plug_rb_manager_rollback_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_rollback_async, error);

  return job ? g_object_ref (job->operation) : NULL;
}

static gboolean
run_undo (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_undo (engine, job->undone, job->even_if_changed, job->operation,
                              cancellable, error);
}

/**
 * plug_rb_manager_undo_async:
 * @undone: what is to be undone
 * @even_if_changed: go on though a plugin changed since; otherwise that fails with
 *   %PLUG_RB_ERROR_NEEDS_USER before anything is done
 *
 * Brings back exactly what was there before an operation.
 *
 * Returns: (transfer none): the operation that does it, which runs now
 */
PlugRbOperation *
plug_rb_manager_undo_async (PlugRbManager *self,
                            PlugRbOperation *undone,
                            gboolean even_if_changed,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  PlugRbJob *job;
  GPtrArray *changes;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self), NULL);
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (undone), NULL);

  job = plug_rb_job_new (run_undo, begin_operation (PLUG_RB_KIND_UNDO, NULL), cancellable);
  job->undone = g_object_ref (undone);
  job->even_if_changed = even_if_changed;
  changes = plug_rb_operation_get_changes (undone);
  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];

    plug_rb_operation_add_plugin (job->operation, change->plugin, change->name);
  }

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_undo_async));

  return job->operation;
}

/**
 * plug_rb_manager_undo_finish:
 *
 * Returns: (transfer full): the operation that undid it, which has ended well
 */
PlugRbOperation *
plug_rb_manager_undo_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_undo_async, error);

  return job ? g_object_ref (job->operation) : NULL;
}
