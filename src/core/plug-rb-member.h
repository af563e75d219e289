/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-journal.h"
#include "plug-rb-plan.h"
#include "plug-rb-stage.h"
#include "plug-rb-state.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbMember:
 * @journal: (transfer none): of the transaction
 * @item: (transfer none): this plugin's part of it
 * @conflicts: (transfer none) (element-type utf8): settings that were left alone
 * @work: (transfer none): what is to be done, of @plan
 * @safety: a snapshot of the plugin as it is
 * @first_stage: number of the first stage
 * @pauses: whether it is disabled while it is changed
 * @folders: (nullable): dconf folders that any version of the plugin used
 *
 * One plugin of a transaction.
 */
typedef struct {
  PlugRbJournal *journal;
  PlugRbJournalItem *item;
  PlugRbOperation *operation;
  GPtrArray *conflicts;
  PlugRbPlan *plan;
  const PlugRbPlanWork *work;
  PlugRbSnapshot *safety;
  guint first_stage;
  gboolean pauses;
  PlugRbStage *stage;
  PlugRbState *after;
  char **folders;
} PlugRbMember;

void plug_rb_member_free (PlugRbMember *self);
gboolean plug_rb_member_plan (PlugRbMember *self, GError **error);
gboolean plug_rb_member_make_stages (PlugRbMember *self, GError **error);
gboolean plug_rb_member_fill_stages (PlugRbMember *self,
                                     PlugRbStore *store,
                                     GCancellable *cancellable,
                                     GError **error);
gboolean plug_rb_member_plan_carries (PlugRbMember *self, GError **error);
gboolean plug_rb_member_verify (PlugRbMember *self, GError **error);
gboolean plug_rb_member_pause (PlugRbMember *self, GError **error);
const char *plug_rb_member_resume (PlugRbMember *self);
void plug_rb_member_refresh (PlugRbMember *self);

G_END_DECLS
