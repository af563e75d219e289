/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager-audit.h"

#include "plug-rb-job.h"

/* The thread may let go of its task later than the caller of the manager: the manager belongs to
 * the outer one. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  PlugRbAuditTrail *trail = g_task_propagate_pointer (G_TASK (result), &error);

  if (trail != NULL)
    g_task_return_pointer (task, trail, (GDestroyNotify) plug_rb_audit_trail_free);
  else
    g_task_return_error (task, error);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlugRbAuditTrail *trail =
      plug_rb_audit_trail_read (plug_rb_engine_get_store (PLUG_RB_ENGINE (task_data)), &error);

  if (trail != NULL)
    g_task_return_pointer (task, trail, (GDestroyNotify) plug_rb_audit_trail_free);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_read_audit_async:
 *
 * Reads the audit trail and checks it against itself and the history. Call it only after the
 * manager was loaded.
 */
void
plug_rb_manager_read_audit_async (PlugRbManager *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr(GTask) inner = NULL;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  inner = g_task_new (NULL, cancellable, read_cb, g_task_new (self, NULL, callback, user_data));
  g_task_set_source_tag (inner, read_in_thread);
  g_task_set_task_data (inner, g_object_ref (plug_rb_manager_get_engine (self)), g_object_unref);
  g_task_run_in_thread (inner, read_in_thread);
}

/**
 * plug_rb_manager_read_audit_finish:
 *
 * Returns: (transfer full): the trail, checked
 */
PlugRbAuditTrail *
plug_rb_manager_read_audit_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
