/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job.h"
#include "plug-rb-manager.h"

typedef struct {
  PlugRbEngine *engine;
  PlugRbOperation *operation;
  PlugRbVerifyFlags flags;
} Verifying;

static void
verifying_free (Verifying *verifying)
{
  g_object_unref (verifying->engine);
  g_clear_object (&verifying->operation);
  g_free (verifying);
}

/* The thread may let go of its task later than the caller of the manager: the manager belongs to
 * the outer one. */
static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;
  PlugRbVerification *found = g_task_propagate_pointer (G_TASK (result), &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) plug_rb_verification_free);
  else
    g_task_return_error (task, error);
}

static void
verify_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Verifying *verifying = task_data;
  GError *error = NULL;
  PlugRbVerification *result = plug_rb_engine_verify (verifying->engine, NULL, verifying->flags,
                                                      verifying->operation, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) plug_rb_verification_free);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_verify_async:
 * @flags: how closely to look, and whether to set aside what is damaged
 * @operation: (nullable): gets the progress; it is in no list
 *
 * Looks for damage in the store. Call it only after the manager was loaded.
 */
void
plug_rb_manager_verify_async (PlugRbManager *self,
                              PlugRbVerifyFlags flags,
                              PlugRbOperation *operation,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr(GTask) inner = NULL;
  Verifying *verifying;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);

  verifying = g_new0 (Verifying, 1);
  verifying->engine = g_object_ref (plug_rb_manager_get_engine (self));
  g_set_object (&verifying->operation, operation);
  verifying->flags = flags;

  inner = g_task_new (NULL, cancellable, verified_cb, g_task_new (self, NULL, callback, user_data));
  g_task_set_source_tag (inner, verify_in_thread);
  g_task_set_task_data (inner, verifying, (GDestroyNotify) verifying_free);
  g_task_run_in_thread (inner, verify_in_thread);
}

/**
 * plug_rb_manager_verify_finish:
 *
 * Returns: (transfer full): what was found
 */
PlugRbVerification *
plug_rb_manager_verify_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
