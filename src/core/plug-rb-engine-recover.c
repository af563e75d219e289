/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-act.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-audit.h"
#include "plug-rb-damaged-journal.h"

static gboolean
set_damaged_aside (PlugRbEngine *self, GPtrArray *recoveries, GError **error)
{
  g_autoptr(GPtrArray) damaged =
      plug_rb_store_list_damaged_journals (plug_rb_engine_get_store (self), error);

  for (guint i = 0; damaged != NULL && i < damaged->len; i++)
    g_ptr_array_add (recoveries, plug_rb_damaged_journal_set_aside (self, damaged->pdata[i]));

  return damaged != NULL;
}

/* A torn line never counted; that it cannot be cut off keeps nothing from being recovered. */
static void
mend_audit (PlugRbEngine *self)
{
  g_autoptr(GError) error = NULL;
  gboolean mended;

  if (!plug_rb_audit_mend (plug_rb_engine_get_store_path (self), &mended, &error))
    g_debug ("The audit trail stays as it is: %s", error->message);
}

/**
 * plug_rb_engine_recover:
 *
 * [method@Engine.recover_with], thoroughly.
 *
 * Returns: (transfer full) (element-type PlugRbRecovery): what was done; empty if nothing was
 * pending
 */
GPtrArray *
plug_rb_engine_recover (PlugRbEngine *self, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_recover_with (self, TRUE, cancellable, error);
}

/**
 * plug_rb_engine_recover_with:
 * @thorough: whether to look for what may be swept up where there is no sign of it
 *
 * Finishes or takes back every operation whose process died, and sweeps up what they left. Journals
 * that are damaged are set aside; nothing live is touched for them. Where nothing was pending, and
 * nothing half made lies around, only the names in the store's folders are read: this runs at every
 * login.
 *
 * Returns: (transfer full) (element-type PlugRbRecovery): what was done; empty if nothing was
 * pending
 */
GPtrArray *
plug_rb_engine_recover_with (PlugRbEngine *self,
                             gboolean thorough,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr(GPtrArray) journals =
      plug_rb_store_list_journals (plug_rb_engine_get_store (self), error);
  g_autoptr(GPtrArray) recoveries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_recovery_free);

  if (journals == NULL)
    return NULL;

  for (guint i = 0; i < journals->len; i++) {
    PlugRbRecovery *recovery;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    if ((recovery = plug_rb_act_recover (self, journals->pdata[i], cancellable)) != NULL)
      g_ptr_array_add (recoveries, recovery);
  }

  if (!set_damaged_aside (self, recoveries, error))
    return NULL;

  mend_audit (self);
  plug_rb_engine_sweep_packages (self);
  if (thorough || recoveries->len > 0 ||
      plug_rb_store_has_leftovers (plug_rb_engine_get_store (self)))
    plug_rb_engine_collect (self, cancellable);

  return g_steal_pointer (&recoveries);
}
