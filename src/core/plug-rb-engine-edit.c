/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-act.h"
#include "plug-rb-snapshot.h"

/**
 * plug_rb_engine_set_label:
 * @label: (nullable): a name that the user gives it; empty to take it away
 *
 * Returns: (transfer full): the snapshot as it is now; @snapshot does not change
 */
PlugRbSnapshot *
plug_rb_engine_set_label (PlugRbEngine *self,
                          PlugRbSnapshot *snapshot,
                          const char *label,
                          GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, NULL);

  return plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error)
             ? plug_rb_store_set_label (act.store, snapshot, label, error)
             : NULL;
}

/**
 * plug_rb_engine_set_note:
 * @note: (nullable): a longer text; empty to take it away
 *
 * Returns: (transfer full): the snapshot as it is now; @snapshot does not change
 */
PlugRbSnapshot *
plug_rb_engine_set_note (PlugRbEngine *self,
                         PlugRbSnapshot *snapshot,
                         const char *note,
                         GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, NULL);

  return plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error)
             ? plug_rb_store_set_note (act.store, snapshot, note, error)
             : NULL;
}

/**
 * plug_rb_engine_set_pinned:
 * @pinned: whether it is kept whatever happens
 *
 * Returns: (transfer full): the snapshot as it is now; @snapshot does not change
 */
PlugRbSnapshot *
plug_rb_engine_set_pinned (PlugRbEngine *self,
                           PlugRbSnapshot *snapshot,
                           gboolean pinned,
                           GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, NULL);

  return plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error)
             ? plug_rb_store_set_pinned (act.store, snapshot, pinned, error)
             : NULL;
}
