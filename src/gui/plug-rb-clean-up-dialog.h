/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_CLEAN_UP_DIALOG (plug_rb_clean_up_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbCleanUpDialog, plug_rb_clean_up_dialog, PLUG_RB, CLEAN_UP_DIALOG, AdwDialog)

/* What a clean-up would take away and what it would leave, with the reason of each, and the trash.
 * Signal cleaned (GStrv ids, guint64 bytes): that is in the trash now, and its size. */

AdwDialog *plug_rb_clean_up_dialog_new (PlugRbManager *manager);

G_END_DECLS
