/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_CHIPS (plug_rb_history_chips_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHistoryChips, plug_rb_history_chips, PLUG_RB, HISTORY_CHIPS, AdwBin)

/* The filters of the history that are set, each with a button to remove it. Properties: manager,
 * filter (a PlugRbHistoryFilter). Hidden while none is set. */

G_END_DECLS
