/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SNAPSHOT_ROW (plug_rb_snapshot_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbSnapshotRow, plug_rb_snapshot_row, PLUG_RB, SNAPSHOT_ROW, AdwActionRow)

/* Properties: snapshot, plugin, narrow. */
GtkWidget *plug_rb_snapshot_row_new (PlugRbSnapshot *snapshot, PlugRbPlugin *plugin);

G_END_DECLS
