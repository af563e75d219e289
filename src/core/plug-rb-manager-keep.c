/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job.h"
#include "plug-rb-manager.h"
#include "plug-rb-snapshot.h"

static GPtrArray *
copy_snapshots (GPtrArray *snapshots)
{
  return g_ptr_array_copy (snapshots, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
}

static PlugRbJob *
job_about (PlugRbJobFunc run, GPtrArray *snapshots)
{
  PlugRbJob *job = plug_rb_job_new (run, NULL, NULL);

  job->targets = copy_snapshots (snapshots);
  g_ptr_array_set_free_func (job->targets, g_object_unref);

  return job;
}

/* ---- deleting */

static gboolean
run_check_delete (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_check_delete (engine, job->targets, error);
}

/**
 * plug_rb_manager_check_delete_async:
 * @snapshots: (element-type PlugRbSnapshot): what the user wants to delete, all at once
 *
 * Looks whether they can be deleted without asking.
 */
void
plug_rb_manager_check_delete_async (PlugRbManager *self,
                                    GPtrArray *snapshots,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (snapshots != NULL);

  plug_rb_manager_run_job (
      self, job_about (run_check_delete, snapshots),
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_check_delete_async));
}

/**
 * plug_rb_manager_check_delete_finish:
 *
 * Returns: whether they can; otherwise with %PLUG_RB_ERROR_NEEDS_USER, the message being the
 *   question
 */
gboolean
plug_rb_manager_check_delete_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  return plug_rb_job_finish (self, result, plug_rb_manager_check_delete_async, error) != NULL;
}

/* ---- editing */

static gboolean
run_set_pinned (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  GError *first = NULL;

  for (guint i = 0; i < job->targets->len; i++) {
    g_autoptr(PlugRbSnapshot) pinned = plug_rb_engine_set_pinned (
        engine, job->targets->pdata[i], job->pinned, first ? NULL : &first);
  }

  if (first == NULL)
    return TRUE;

  g_propagate_error (error, first);
  return FALSE;
}

/**
 * plug_rb_manager_set_pinned_async:
 * @snapshots: (element-type PlugRbSnapshot): some snapshots
 * @pinned: whether they are kept whatever happens
 *
 * Pins snapshots, or no longer. One that cannot be changed does not keep the others from it.
 */
void
plug_rb_manager_set_pinned_async (PlugRbManager *self,
                                  GPtrArray *snapshots,
                                  gboolean pinned,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (snapshots != NULL);

  job = job_about (run_set_pinned, snapshots);
  job->pinned = pinned;

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_set_pinned_async));
}

/**
 * plug_rb_manager_set_pinned_finish:
 *
 * Returns: whether all of them were changed; otherwise the error is that of the first that was not
 */
gboolean
plug_rb_manager_set_pinned_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  return plug_rb_job_finish (self, result, plug_rb_manager_set_pinned_async, error) != NULL;
}

static gboolean
take_edited (PlugRbJob *job, PlugRbSnapshot *edited)
{
  if (edited == NULL)
    return FALSE;

  g_object_unref (job->snapshot);
  job->snapshot = edited;

  return TRUE;
}

static gboolean
run_set_text (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  if (job->label != NULL &&
      !take_edited (job, plug_rb_engine_set_label (engine, job->snapshot, job->label, error)))
    return FALSE;

  return job->note == NULL ||
         take_edited (job, plug_rb_engine_set_note (engine, job->snapshot, job->note, error));
}

/**
 * plug_rb_manager_set_text_async:
 * @label: (nullable): the label from now on, empty for none; %NULL to leave it as it is
 * @note: (nullable): likewise the note
 *
 * Changes label and note of a snapshot.
 */
void
plug_rb_manager_set_text_async (PlugRbManager *self,
                                PlugRbSnapshot *snapshot,
                                const char *label,
                                const char *note,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (snapshot));

  job = plug_rb_job_new (run_set_text, NULL, NULL);
  job->snapshot = g_object_ref (snapshot);
  job->label = g_strdup (label);
  job->note = g_strdup (note);

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_set_text_async));
}

/**
 * plug_rb_manager_set_text_finish:
 *
 * Returns: (transfer full): the snapshot, as it is in the list
 */
PlugRbSnapshot *
plug_rb_manager_set_text_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_set_text_async, error);

  return job ? g_object_ref (job->snapshot) : NULL;
}

/* ---- cleaning up */

static gboolean
run_prune (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  job->pruning = plug_rb_engine_prune (engine, job->id, job->dry_run, cancellable, error);

  return job->pruning != NULL;
}

/**
 * plug_rb_manager_prune_async:
 * @plugin: (nullable): key of a plugin; %NULL for all
 * @dry_run: change nothing, only say what would be done
 *
 * Cleans up as the policy says.
 */
void
plug_rb_manager_prune_async (PlugRbManager *self,
                             const char *plugin,
                             gboolean dry_run,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  job = plug_rb_job_new (run_prune, NULL, cancellable);
  job->id = g_strdup (plugin);
  job->dry_run = dry_run;

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_prune_async));
}

/**
 * plug_rb_manager_prune_finish:
 *
 * Returns: (transfer full): what was done
 */
PlugRbPruning *
plug_rb_manager_prune_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_prune_async, error);

  return job ? g_steal_pointer (&job->pruning) : NULL;
}

/* ---- policy */

static gboolean
run_foresee (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_foresee_policy (engine, job->targets, &job->foresight, cancellable, error);
}

/**
 * plug_rb_manager_foresee_policy_async:
 * @edits: (element-type PlugRbPolicyEdit): changes of the policy, which do not change meanwhile
 *
 * Finds out what would go because of them, and changes nothing.
 */
void
plug_rb_manager_foresee_policy_async (PlugRbManager *self,
                                      GPtrArray *edits,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  job = plug_rb_job_new (run_foresee, NULL, cancellable);
  job->targets = g_ptr_array_ref (edits);

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_foresee_policy_async));
}

/**
 * plug_rb_manager_foresee_policy_finish:
 * @foresight: (out): what would go
 */
gboolean
plug_rb_manager_foresee_policy_finish (PlugRbManager *self,
                                       GAsyncResult *result,
                                       PlugRbForesight *foresight,
                                       GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_foresee_policy_async, error);

  if (job == NULL)
    return FALSE;

  *foresight = job->foresight;
  return TRUE;
}
