/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job.h"
#include "plug-rb-manager.h"

static gboolean
run_list_deleted (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  job->targets = plug_rb_engine_list_deleted (engine, error);

  return job->targets != NULL;
}

/**
 * plug_rb_manager_list_deleted_async:
 *
 * Looks into the trash.
 */
void
plug_rb_manager_list_deleted_async (PlugRbManager *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  plug_rb_manager_run_job (
      self, plug_rb_job_new (run_list_deleted, NULL, NULL),
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_list_deleted_async));
}

/**
 * plug_rb_manager_list_deleted_finish:
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what lies in the trash, newest first
 */
GPtrArray *
plug_rb_manager_list_deleted_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_list_deleted_async, error);

  return job ? g_ptr_array_ref (job->targets) : NULL;
}

static gboolean
run_empty_trash (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  job->pruning = plug_rb_engine_empty_trash (engine, cancellable, error);

  return job->pruning != NULL;
}

/**
 * plug_rb_manager_empty_trash_async:
 *
 * Deletes for good what lies in the trash. Ask first: nothing brings it back.
 */
void
plug_rb_manager_empty_trash_async (PlugRbManager *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  plug_rb_manager_run_job (
      self, plug_rb_job_new (run_empty_trash, NULL, cancellable),
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_empty_trash_async));
}

/**
 * plug_rb_manager_empty_trash_finish:
 *
 * Returns: (transfer full): what was done
 */
PlugRbPruning *
plug_rb_manager_empty_trash_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_empty_trash_async, error);

  return job ? g_steal_pointer (&job->pruning) : NULL;
}
