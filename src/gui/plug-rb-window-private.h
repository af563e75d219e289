/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-installing.h"
#include "plug-rb-jobs.h"
#include "plug-rb-panel.h"
#include "plug-rb-plugin-page.h"
#include "plug-rb-sidebar.h"
#include "plug-rb-toasts.h"
#include "plug-rb-welcome.h"
#include "plug-rb-window.h"

G_BEGIN_DECLS

/* The window is one object in four files: what it is, where one goes in it, and what is done there
 * with snapshots and with plugins. */

struct _PlugRbWindow {
  AdwApplicationWindow parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbInstalling *installing;
  PlugRbJobs *jobs;
  PlugRbToasts *messages;
  GSettings *settings;
  char *wanted; /* key of the plugin to open once the plugins are known */

  GSignalGroup *plugin_signals;

  AdwNavigationView *pages;
  PlugRbPanel *panel;
  PlugRbPluginPage *plugin_page;
  PlugRbSidebar *sidebar;
  AdwNavigationSplitView *split;
  AdwToastOverlay *toasts;
  PlugRbWelcome *welcome;
};

typedef struct {
  const char *name;
  const char *parameter;
  GtkWidgetActionActivateFunc activate;
} PlugRbWindowAction;

/* A dialog in front is answered first. */
gboolean plug_rb_window_is_in_front (PlugRbWindow *self);
void plug_rb_window_show_plugin (PlugRbWindow *self, PlugRbPlugin *plugin);
void plug_rb_window_set_place (PlugRbWindow *self, const char *name);
void plug_rb_window_compare_latest (PlugRbWindow *self, PlugRbPlugin *plugin);

void plug_rb_window_install_actions (GtkWidgetClass *widget_class,
                                     const PlugRbWindowAction *actions,
                                     gsize n_actions);
void plug_rb_window_install_navigation (GtkWidgetClass *widget_class);
void plug_rb_window_install_plugin_actions (GtkWidgetClass *widget_class);
void plug_rb_window_install_snapshot_actions (GtkWidgetClass *widget_class);

G_END_DECLS
