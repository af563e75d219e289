/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-clock.h"
#include "plug-rb-panel.h"
#include "plug-rb-snapshot-filter.h"
#include "plug-rb-snapshot-sorter.h"

G_BEGIN_DECLS

/* The panel is one object in two files: what it shows, and what is selected in it. */

struct _PlugRbPanel {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbClock *clock;
  GSettings *settings;
  char *sort;
  PlugRbOrder order;
  gboolean narrow;
  gboolean selecting;
  guint64 shared;
  int today;

  GtkWidget *compare_button;
  PlugRbSnapshotFilter *filter;
  GtkWidget *filter_button;
  GtkListItemFactory *header_factory;
  GtkListView *list;
  GtkCenterBox *narrow_tools;
  GtkWidget *roll_back_button;
  GMenuModel *row_menu;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkSelectionModel *selection;
  GtkWidget *sort_button;
  GtkSortListModel *sorted;
  GtkLabel *summary;
  GtkBox *wide_tools;
};

guint plug_rb_panel_count_selected (PlugRbPanel *self);
void plug_rb_panel_set_selecting (PlugRbPanel *self, gboolean selecting);
void plug_rb_panel_update_actions (PlugRbPanel *self);
void plug_rb_panel_install_selection (GtkWidgetClass *widget_class);

G_END_DECLS
