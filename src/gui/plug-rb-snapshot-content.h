/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SNAPSHOT_CONTENT (plug_rb_snapshot_content_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbSnapshotContent, plug_rb_snapshot_content, PLUG_RB, SNAPSHOT_CONTENT, GdkContentProvider)

/* What is given to another program when a snapshot is dragged there: a folder with its files and
 * settings, which is made only when it is asked for. */

/* Returns: (transfer none) (nullable) */
typedef PlugRbSnapshot *(*PlugRbSnapshotOfRow) (GtkWidget *row);

GdkContentProvider *plug_rb_snapshot_content_new (PlugRbManager *manager, PlugRbSnapshot *snapshot);
void plug_rb_snapshot_content_add_drag_source (GtkWidget *row, PlugRbSnapshotOfRow get_snapshot);

G_END_DECLS
