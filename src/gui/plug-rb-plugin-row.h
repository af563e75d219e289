/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PLUGIN_ROW (plug_rb_plugin_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPluginRow, plug_rb_plugin_row, PLUG_RB, PLUGIN_ROW, AdwBin)

/* Properties: plugin, narrow, label (what a screen reader says). */
GtkWidget *plug_rb_plugin_row_new (void);
PlugRbPlugin *plug_rb_plugin_row_get_plugin (PlugRbPluginRow *self);
void plug_rb_plugin_row_set_plugin (PlugRbPluginRow *self, PlugRbPlugin *plugin);

G_END_DECLS
