/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

/* What can be done with a plugin of a list, which need not be the one that is open. */

void plug_rb_plugin_menu_attach (GtkWidget *list);
void plug_rb_plugin_menu_popup_focused (GtkWidget *list);
GtkWidget *plug_rb_plugin_menu_popup (GtkWidget *row, const GdkRectangle *at);

G_END_DECLS
