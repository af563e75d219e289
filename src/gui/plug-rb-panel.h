/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PANEL (plug_rb_panel_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPanel, plug_rb_panel, PLUG_RB, PANEL, AdwNavigationPage)

/* The snapshots of all plugins. Properties: manager, plugin (of which alone they are shown, or
 * NULL), narrow, selecting, n-selected, sort (“newest”, “oldest”, “largest” or “plugin”). What is
 * to be done with snapshots it asks of the window around it, by its actions: “win.roll-back”,
 * “win.roll-back-many”, “win.compare”, “win.pin”, “win.export”, “win.delete”, “win.clean-up”. */

void plug_rb_panel_search (PlugRbPanel *self);
gboolean plug_rb_panel_go_back (PlugRbPanel *self);
void plug_rb_panel_focus_list (PlugRbPanel *self);

G_END_DECLS
