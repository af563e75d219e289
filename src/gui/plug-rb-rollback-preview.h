/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_ROLLBACK_PREVIEW (plug_rb_rollback_preview_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbRollbackPreview, plug_rb_rollback_preview, PLUG_RB, ROLLBACK_PREVIEW, AdwNavigationPage)

/* Properties: manager, plugin, target, scope (“all”, “files” or “settings”), plan, planning, busy,
 * ready, narrow. The page is ready when its Roll Back button, which activates “rollback.start”, may
 * be pressed. */

gboolean plug_rb_rollback_preview_get_ready (PlugRbRollbackPreview *self);
GtkWidget *plug_rb_rollback_preview_get_start_button (PlugRbRollbackPreview *self);
void plug_rb_rollback_preview_set_batch (PlugRbRollbackPreview *self, GPtrArray *targets);
GPtrArray *plug_rb_rollback_preview_dup_batch (PlugRbRollbackPreview *self);
PlugRbScope plug_rb_rollback_preview_get_scope (PlugRbRollbackPreview *self);

G_END_DECLS
