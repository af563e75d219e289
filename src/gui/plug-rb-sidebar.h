/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SIDEBAR (plug_rb_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbSidebar, plug_rb_sidebar, PLUG_RB, SIDEBAR, AdwNavigationPage)

/* Properties: manager, plugin (the one that is open), loading, narrow. Signal activated: the user
 * opened the plugin, or a place: “all” (snapshots). */

PlugRbPlugin *plug_rb_sidebar_get_plugin (PlugRbSidebar *self);
void plug_rb_sidebar_set_plugin (PlugRbSidebar *self, PlugRbPlugin *plugin);
const char *plug_rb_sidebar_get_place (PlugRbSidebar *self);
void plug_rb_sidebar_set_place (PlugRbSidebar *self, const char *name);
PlugRbPlugin *plug_rb_sidebar_dup_neighbor (PlugRbSidebar *self, int step);
void plug_rb_sidebar_search (PlugRbSidebar *self);
gboolean plug_rb_sidebar_stop_search (PlugRbSidebar *self);

G_END_DECLS
