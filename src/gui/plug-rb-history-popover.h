/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_POPOVER (plug_rb_history_popover_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbHistoryPopover, plug_rb_history_popover, PLUG_RB, HISTORY_POPOVER, GtkPopover)

/* Where the filters of the history are set. Properties: manager, filter (a PlugRbHistoryFilter). */

G_END_DECLS
