/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"

G_BEGIN_DECLS

/**
 * PlugRbPolicy:
 * @max_snapshots: how many snapshots of a plugin are kept, beside those that are protected
 * @retention_days: after how many days a snapshot may go
 * @max_snapshot_size: largest plugin in bytes that is saved; 0 for no limit
 * @exclude: globs of paths that are neither saved nor restored; ends with %NULL
 *
 * What the user wants for one plugin. Plain data.
 */
typedef struct {
  gboolean auto_snapshot_on_install;
  gboolean auto_snapshot_on_update;
  gboolean auto_snapshot_on_uninstall;
  gboolean auto_rollback_on_failure;
  gboolean require_confirmation;
  guint max_snapshots;
  guint retention_days;
  guint64 max_snapshot_size;
  GStrv exclude;
} PlugRbPolicy;

/**
 * PlugRbPolicyAnswer:
 * @PLUG_RB_POLICY_OFFER: the user does it himself if he wants to
 * @PLUG_RB_POLICY_ASK: he is asked, in the window or by a notification
 * @PLUG_RB_POLICY_ROLL_BACK: it is rolled back at once
 *
 * What a confirmed failure of a plugin leads to.
 */
typedef enum {
  PLUG_RB_POLICY_OFFER,
  PLUG_RB_POLICY_ASK,
  PLUG_RB_POLICY_ROLL_BACK,
} PlugRbPolicyAnswer;

void plug_rb_policy_init (PlugRbPolicy *self);
void plug_rb_policy_read (PlugRbPolicy *self, GKeyFile *file, const char *scope);
gboolean
plug_rb_policy_load (PlugRbPolicy *self, const char *store_path, const char *scope, GError **error);
void plug_rb_policy_clear (PlugRbPolicy *self);
gboolean plug_rb_policy_takes_snapshot (const PlugRbPolicy *self, PlugRbReason reason);
PlugRbPolicyAnswer plug_rb_policy_answer_failure (const PlugRbPolicy *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbPolicy, plug_rb_policy_clear)

G_END_DECLS
