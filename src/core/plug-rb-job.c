/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job.h"

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static void
cancelled_cb (GCancellable *cancellable, GCancellable *own)
{
  g_cancellable_cancel (own);
}

/**
 * plug_rb_job_new:
 * @run: does the work
 * @operation: (transfer full) (nullable): what shows the work
 * @cancellable: (nullable): the caller's; cancelling it cancels @operation
 *
 * Returns: (transfer full): a job, whose arguments are to be filled in
 */
PlugRbJob *
plug_rb_job_new (PlugRbJobFunc run, PlugRbOperation *operation, GCancellable *cancellable)
{
  PlugRbJob *self = g_new0 (PlugRbJob, 1);

  self->run = run;
  self->operation = operation;
  g_set_object (&self->cancellable, cancellable);

  if (operation != NULL && cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (
        cancellable, G_CALLBACK (cancelled_cb),
        g_object_ref (plug_rb_operation_get_cancellable (operation)), g_object_unref);

  return self;
}

/**
 * plug_rb_job_free:
 */
void
plug_rb_job_free (PlugRbJob *self)
{
  g_cancellable_disconnect (self->cancellable, self->cancelled_id);

  g_clear_object (&self->operation);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->plugin);
  g_free (self->label);
  g_free (self->note);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_object (&self->undone);
  g_free (self->id);
  g_free (self->path);
  g_clear_pointer (&self->package, plug_rb_package_unref);
  g_clear_pointer (&self->sweep, plug_rb_sweep_unref);
  g_clear_object (&self->snapshot);
  g_clear_pointer (&self->pruning, plug_rb_pruning_free);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * plug_rb_job_run:
 *
 * Does the work, in the calling thread. The operation is finished afterwards.
 */
void
plug_rb_job_run (PlugRbJob *self, PlugRbEngine *engine)
{
  GCancellable *cancellable = self->cancellable;

  if (self->operation != NULL)
    cancellable = plug_rb_operation_get_cancellable (self->operation);

  if (self->run (self, engine, cancellable, &self->error))
    return;

  if (self->operation != NULL && !plug_rb_operation_is_finished (self->operation))
    plug_rb_operation_finish (self->operation, PLUG_RB_STATUS_FAILED, self->error);
}

/**
 * plug_rb_job_new_task:
 * @tag: the function that the caller called
 *
 * Returns: (transfer full): the caller's task
 */
GTask *
plug_rb_job_new_task (PlugRbManager *manager,
                      GAsyncReadyCallback callback,
                      gpointer user_data,
                      gpointer tag)
{
  GTask *task = g_task_new (manager, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);

  return task;
}

/**
 * plug_rb_job_finish:
 *
 * Returns: (transfer none) (nullable): the job that has been done; %NULL if it failed
 */
PlugRbJob *
plug_rb_job_finish (PlugRbManager *manager, GAsyncResult *result, gpointer tag, GError **error)
{
  GTask *task = G_TASK (result);

  g_return_val_if_fail (g_task_is_valid (result, manager), NULL);
  g_return_val_if_fail (g_task_get_source_tag (task) == tag, NULL);

  return g_task_propagate_boolean (task, error) ? g_task_get_task_data (task) : NULL;
}
