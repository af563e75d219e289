/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-filter-chips.h"

G_BEGIN_DECLS

/* What a PlugRbSnapshotFilter is set to. */

#define PLUG_RB_TYPE_SNAPSHOT_CHIPS (plug_rb_snapshot_chips_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbSnapshotChips, plug_rb_snapshot_chips, PLUG_RB, SNAPSHOT_CHIPS, PlugRbFilterChips)

G_END_DECLS
