/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_PAGE (plug_rb_history_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbHistoryPage, plug_rb_history_page, PLUG_RB, HISTORY_PAGE, AdwNavigationPage)

AdwNavigationPage *plug_rb_history_page_new (PlugRbManager *manager, PlugRbPlugin *plugin);

G_END_DECLS
