/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PLUGIN_PAGE (plug_rb_plugin_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbPluginPage, plug_rb_plugin_page, PLUG_RB, PLUGIN_PAGE, AdwNavigationPage)

/* Properties: manager, plugin, narrow, job (the running operation of the plugin). */

void plug_rb_plugin_page_focus_head (PlugRbPluginPage *self);

G_END_DECLS
