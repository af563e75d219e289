/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SIDEBAR_PLACE (plug_rb_sidebar_place_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbSidebarPlace, plug_rb_sidebar_place, PLUG_RB, SIDEBAR_PLACE, GObject)

/* A page of the window that is about no single plugin: a row at the top of the sidebar. */

PlugRbSidebarPlace *
plug_rb_sidebar_place_new (const char *name, const char *title, const char *icon_name);
void plug_rb_sidebar_place_set_counted (PlugRbSidebarPlace *self, GListModel *counted);
const char *plug_rb_sidebar_place_get_name (PlugRbSidebarPlace *self);
const char *plug_rb_sidebar_place_get_title (PlugRbSidebarPlace *self);
GtkWidget *plug_rb_sidebar_place_create_row (PlugRbSidebarPlace *self);

G_END_DECLS
