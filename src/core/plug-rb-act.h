/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbAct:
 * @operation: (nullable): gets progress and outcome
 * @locks: (element-type PlugRbLock): held until the act is over
 *
 * One thing that the engine does, from taking the locks to giving them back. Lives on the stack of
 * the function that does it.
 */
typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbOperation *operation;
  GPtrArray *locks;
  GCancellable *cancellable;
} PlugRbAct;

PlugRbAct
plug_rb_act_begin (PlugRbEngine *engine, PlugRbOperation *operation, GCancellable *cancellable);
void plug_rb_act_end (PlugRbAct *act);
gboolean plug_rb_act_lock (PlugRbAct *act, GPtrArray *keys, GError **error);
gboolean plug_rb_act_lock_roots (PlugRbAct *act, GPtrArray *keys, GError **error);
gboolean plug_rb_act_claim (PlugRbAct *act, GPtrArray *keys, GError **error);
gboolean plug_rb_act_claim_one (PlugRbAct *act, const char *key, GError **error);
PlugRbRecovery *
plug_rb_act_recover (PlugRbEngine *engine, PlugRbJournal *seen, GCancellable *cancellable);
PlugRbSnapshot *plug_rb_act_find_same (PlugRbAct *act, PlugRbState *state);
PlugRbSnapshot *plug_rb_act_save_state (PlugRbAct *act,
                                        PlugRbHost *host,
                                        PlugRbState *state,
                                        PlugRbPack *pack,
                                        PlugRbReason reason,
                                        const char *label,
                                        const char *note,
                                        GError **error);
PlugRbSnapshot *plug_rb_act_secure (PlugRbAct *act, const PlugRbPlanWork *work, GError **error);
void plug_rb_act_remember_bad (PlugRbEngine *engine, PlugRbSnapshot *snapshot, const char *message);
void plug_rb_act_fail (PlugRbAct *act, const GError *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbAct, plug_rb_act_end)

G_END_DECLS
