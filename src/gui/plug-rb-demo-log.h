/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-demo.h"

G_BEGIN_DECLS

/* Lines of a log in a list view that follows its end, unless the user has scrolled away from it. */

void plug_rb_demo_log_set_up (GtkListView *view, GtkStringList *lines);
void plug_rb_demo_log_add (GtkStringList *lines, JsonObject *event);
char *plug_rb_demo_log_dup_text (GtkStringList *lines);
char *plug_rb_demo_log_dup_differences (const PlugRbDemoReport *report);

G_END_DECLS
