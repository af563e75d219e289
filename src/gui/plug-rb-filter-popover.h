/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_FILTER_POPOVER (plug_rb_filter_popover_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbFilterPopover, plug_rb_filter_popover, PLUG_RB, FILTER_POPOVER, GtkPopover)

/* Sets a PlugRbSnapshotFilter. Properties: manager, filter. */

G_END_DECLS
