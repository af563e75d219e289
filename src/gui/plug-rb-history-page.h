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

/* What was done, by day. Properties: manager; plugin, to which it is filtered from the start. What
 * is to be done with an operation it asks of the window around it, by “win.show-activity” and
 * “win.undo-operation”. */

AdwNavigationPage *plug_rb_history_page_new (PlugRbManager *manager, PlugRbPlugin *plugin);
void plug_rb_history_page_search (PlugRbHistoryPage *self);
gboolean plug_rb_history_page_go_back (PlugRbHistoryPage *self);
void plug_rb_history_page_focus_list (PlugRbHistoryPage *self);
void plug_rb_history_page_save (PlugRbHistoryPage *self, GFile *file);

G_END_DECLS
