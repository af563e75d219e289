/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_WINDOW (plug_rb_window_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbWindow, plug_rb_window, PLUG_RB, WINDOW, AdwApplicationWindow)

/* Properties: manager, plugin (the one that is open). */

PlugRbWindow *plug_rb_window_new (AdwApplication *app, PlugRbManager *manager);
void plug_rb_window_open_plugin (PlugRbWindow *self, const char *key);
void plug_rb_window_install (PlugRbWindow *self, GFile *file);
void plug_rb_window_show_preferences (PlugRbWindow *self, const char *scope);

G_END_DECLS
