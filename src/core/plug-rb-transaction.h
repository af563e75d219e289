/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-operation.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbTransaction:
 *
 * One rollback or undo of one or several plugins: all or nothing. Used by one thread, which holds
 * the locks of all plugins and of their hosts' folders.
 */
typedef struct _PlugRbTransaction PlugRbTransaction;

PlugRbTransaction *plug_rb_transaction_new (PlugRbStore *store,
                                            PlugRbOperation *operation,
                                            guint attempt,
                                            gboolean last);
void plug_rb_transaction_free (PlugRbTransaction *self);
void
plug_rb_transaction_set_trial (PlugRbTransaction *self, PlugRbTrialFunc trial, gpointer user_data);
void plug_rb_transaction_set_undoes (PlugRbTransaction *self, const char *operation);
void plug_rb_transaction_add (PlugRbTransaction *self,
                              PlugRbPlan *plan,
                              PlugRbSnapshot *safety,
                              const char *const *folders);
gboolean
plug_rb_transaction_run (PlugRbTransaction *self, GCancellable *cancellable, GError **error);
gboolean plug_rb_transaction_wants_again (PlugRbTransaction *self);
gboolean plug_rb_transaction_abandon (PlugRbTransaction *self, GError **error);

/**
 * PlugRbCheckpointFunc:
 * @name: the point that was just reached
 *
 * Called at the points of a transaction after which a crash would find another state of things.
 */
typedef void (*PlugRbCheckpointFunc) (const char *name);

void plug_rb_transaction_set_checkpoint (PlugRbCheckpointFunc func);
void plug_rb_transaction_checkpoint (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbTransaction, plug_rb_transaction_free)

G_END_DECLS
