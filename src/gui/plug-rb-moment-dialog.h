/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_MOMENT_DIALOG (plug_rb_moment_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbMomentDialog, plug_rb_moment_dialog, PLUG_RB, MOMENT_DIALOG, AdwDialog)

/* To which point in time all plugins of a program go back. Signal chosen (GPtrArray of snapshots,
 * one for each plugin): the dialog has closed, and they are to be previewed. */

AdwDialog *plug_rb_moment_dialog_new (PlugRbManager *manager, const char *host);

G_END_DECLS
