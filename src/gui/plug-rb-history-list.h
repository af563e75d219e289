/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_LIST (plug_rb_history_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHistoryList, plug_rb_history_list, PLUG_RB, HISTORY_LIST, AdwBin)

/* Properties: manager, plugin, limit (how many rows at most), n-rows (how many there are to show).
 */

G_END_DECLS
