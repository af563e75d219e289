/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

typedef enum {
  PLUG_RB_ORDER_NEWEST,
  PLUG_RB_ORDER_OLDEST,
  PLUG_RB_ORDER_LARGEST,
  PLUG_RB_ORDER_PLUGIN,
} PlugRbOrder;

#define PLUG_RB_TYPE_SNAPSHOT_SORTER (plug_rb_snapshot_sorter_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbSnapshotSorter, plug_rb_snapshot_sorter, PLUG_RB, SNAPSHOT_SORTER, GtkSorter)

/* The order of a list of snapshots, or only of its sections: the days, or the plugins; the largest
 * have none. */

gboolean plug_rb_order_parse (const char *name, PlugRbOrder *order);
GtkSorter *plug_rb_snapshot_sorter_new (PlugRbOrder order);
GtkSorter *plug_rb_snapshot_sorter_new_for_sections (PlugRbOrder order);

G_END_DECLS
