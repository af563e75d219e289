/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-filter-chips.h"

G_BEGIN_DECLS

/* What a PlugRbHistoryFilter is set to. */

#define PLUG_RB_TYPE_HISTORY_CHIPS (plug_rb_history_chips_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbHistoryChips, plug_rb_history_chips, PLUG_RB, HISTORY_CHIPS, PlugRbFilterChips)

G_END_DECLS
