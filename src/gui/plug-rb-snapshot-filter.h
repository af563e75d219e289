/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-enums.h"
#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SNAPSHOT_FILTER (plug_rb_snapshot_filter_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbSnapshotFilter, plug_rb_snapshot_filter, PLUG_RB, SNAPSHOT_FILTER, GtkFilter)

/* Which snapshots a list shows. Properties: manager (knows the names of the programs), search,
 * plugin (key), host (id), reasons (one bit for each PlugRbReason, 0 for all), taken (“any”,
 * “today”, “week” or “month”), kept-only (pinned or labeled), damaged-only, active (whether any of
 * these but the search is set). A change of any notifies “active”. */

gboolean plug_rb_snapshot_filter_get_active (PlugRbSnapshotFilter *self);
void plug_rb_snapshot_filter_set_reason (PlugRbSnapshotFilter *self,
                                         PlugRbReason reason,
                                         gboolean shown);
gboolean plug_rb_snapshot_filter_has_reason (PlugRbSnapshotFilter *self, PlugRbReason reason);
void plug_rb_snapshot_filter_clear (PlugRbSnapshotFilter *self);

/* What is kept from one run of the program to the next: all but the search and the plugin. */
GVariant *plug_rb_snapshot_filter_to_variant (PlugRbSnapshotFilter *self);
void plug_rb_snapshot_filter_load (PlugRbSnapshotFilter *self, GVariant *variant);

G_END_DECLS
