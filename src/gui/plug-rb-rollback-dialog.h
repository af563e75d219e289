/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_ROLLBACK_DIALOG (plug_rb_rollback_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbRollbackDialog, plug_rb_rollback_dialog, PLUG_RB, ROLLBACK_DIALOG, AdwDialog)

/* Properties: manager, plugin, target (a snapshot, previewed first), operation, can-retry.
 * Signal start: the user pressed Roll Back or Try Again; whoever made the dialog starts an
 * operation and gives it to the dialog, which follows it to its end. */

PlugRbRollbackDialog *plug_rb_rollback_dialog_new (PlugRbManager *manager, PlugRbPlugin *plugin);
void plug_rb_rollback_dialog_preview (PlugRbRollbackDialog *self,
                                      PlugRbSnapshot *target,
                                      const char *scope);
void plug_rb_rollback_dialog_preview_many (PlugRbRollbackDialog *self, GPtrArray *targets);
GPtrArray *plug_rb_rollback_dialog_dup_targets (PlugRbRollbackDialog *self);
void plug_rb_rollback_dialog_set_can_retry (PlugRbRollbackDialog *self, gboolean can_retry);
PlugRbScope plug_rb_rollback_dialog_get_scope (PlugRbRollbackDialog *self);
PlugRbOperation *plug_rb_rollback_dialog_get_operation (PlugRbRollbackDialog *self);
void plug_rb_rollback_dialog_set_operation (PlugRbRollbackDialog *self, PlugRbOperation *operation);

G_END_DECLS
