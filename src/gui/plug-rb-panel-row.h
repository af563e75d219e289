/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-snapshot.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PANEL_ROW (plug_rb_panel_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPanelRow, plug_rb_panel_row, PLUG_RB, PANEL_ROW, GtkWidget)

/* One snapshot among those of all plugins: the child of a list item. A list makes some two hundred
 * of these at once when a search changes it, so they are made of as few widgets as possible, and
 * what few of them need is added when they need it. Properties: full-time (with the day), menu,
 * narrow, selecting. */

GtkWidget *plug_rb_panel_row_new (GtkListItem *item);
void plug_rb_panel_row_set_snapshot (PlugRbPanelRow *self, PlugRbSnapshot *snapshot);
PlugRbSnapshot *plug_rb_panel_row_get_snapshot (PlugRbPanelRow *self);
guint plug_rb_panel_row_get_position (PlugRbPanelRow *self);
void plug_rb_panel_row_popup (PlugRbPanelRow *self);
void plug_rb_panel_row_explain (PlugRbPanelRow *self);

G_END_DECLS
