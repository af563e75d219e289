/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-act.h"

/**
 * plug_rb_engine_recover:
 *
 * Finishes or takes back every operation whose process died, and sweeps up what they left.
 *
 * Returns: (transfer full) (element-type PlugRbRecovery): what was done; empty if nothing was
 * pending
 */
GPtrArray *
plug_rb_engine_recover (PlugRbEngine *self, GCancellable *cancellable, GError **error)
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

  plug_rb_engine_collect (self, cancellable);
  return g_steal_pointer (&recoveries);
}
