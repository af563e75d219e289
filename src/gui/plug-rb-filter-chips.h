/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_FILTER_CHIPS (plug_rb_filter_chips_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbFilterChips, plug_rb_filter_chips, PLUG_RB, FILTER_CHIPS, AdwBin)

/* What a PlugRbSnapshotFilter is set to: each a button that takes it away. Properties: manager,
 * filter. Hidden while nothing is set. */

GtkWidget *plug_rb_filter_chips_create_chip (const char *text);

G_END_DECLS
