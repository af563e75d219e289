/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager-sweep.h"

#include "plug-rb-job.h"
#include "plug-rb-plugin.h"
#include "plug-rb-store.h"

static gboolean
run_sweep (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  const PlugRbSnapshotRequest request = { .reason = job->sweep->reason };

  plug_rb_engine_snapshot_many (engine, job->sweep->plugins, &request, plug_rb_sweep_add,
                                job->sweep, job->operation, cancellable);
  for (guint i = 0; i < job->sweep->created->len; i++)
    plug_rb_engine_tidy (engine, plug_rb_plugin_get_key (job->sweep->created->pdata[i]));

  return TRUE;
}

/**
 * plug_rb_manager_create_snapshots_async:
 * @plugins: (element-type PlugRbPlugin): the plugins, at least one
 * @reason: why
 *
 * Takes a snapshot of each plugin that has changed since its newest one, as one operation. One that
 * fails does not keep the others from getting theirs; those taken before it is stopped stay. Call
 * it only after the manager was loaded.
 *
 * Returns: (transfer none): tells how far it is, by plug_rb_sweep_get_current()
 */
PlugRbSweep *
plug_rb_manager_create_snapshots_async (PlugRbManager *self,
                                        GPtrArray *plugins,
                                        PlugRbReason reason,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  PlugRbJob *job;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self), NULL);
  g_return_val_if_fail (plugins != NULL && plugins->len > 0, NULL);

  job = plug_rb_job_new (run_sweep, plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT), cancellable);
  job->sweep = plug_rb_sweep_new (plugins, reason);
  for (guint i = 0; i < plugins->len; i++)
    plug_rb_operation_add_plugin (job->operation, plug_rb_plugin_get_key (plugins->pdata[i]),
                                  plug_rb_plugin_get_name (plugins->pdata[i]));

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_create_snapshots_async));

  return job->sweep;
}

/**
 * plug_rb_manager_create_snapshots_finish:
 *
 * Returns: (transfer full): what became of each plugin; it is no error that some, or all, failed
 */
PlugRbSweep *
plug_rb_manager_create_snapshots_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_create_snapshots_async, error);

  return job ? plug_rb_sweep_ref (job->sweep) : NULL;
}
