/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The menu of a plugin in the sidebar. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-plugin-menu.h"
#include "plug-rb-plugin-row.h"
#include "plug-rb-plugin.h"
#include "plug-rb-sidebar.h"

static GtkWidget *
find_row (GuiFixture *fixture)
{
  GtkWidget *row = gui_find (fixture->window, PLUG_RB_TYPE_PLUGIN_ROW, "label",
                             "Sample, version 1, disabled, 0 snapshots");

  g_assert_nonnull (row);
  return row;
}

static gboolean
can (GtkWidget *popover, const char *title)
{
  GtkWidget *button = gui_find (popover, GTK_TYPE_WIDGET, "text", title);

  g_assert_nonnull (button);
  return gtk_widget_is_sensitive (button);
}

static gboolean
is_gone (gpointer place)
{
  return *(gpointer *) place == NULL;
}

/* Chosen, it closes, and nothing of it stays. */
static void
choose (GtkWidget *popover, const char *action)
{
  gpointer place = popover;

  g_object_add_weak_pointer (G_OBJECT (popover), &place);
  gtk_popover_popdown (GTK_POPOVER (popover));
  gui_activate (popover, action, NULL);
  gui_wait (is_gone, &place);
}

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 1 && !plug_rb_plugin_get_busy (plugin);
}

static gboolean
is_version_2 (gpointer plugin)
{
  return g_strcmp0 (plug_rb_plugin_get_version (plugin), "2") == 0;
}

/* All is about the plugin that was clicked, and not about what is open. */
static GtkWidget *
set_up_update (GuiFixture *fixture)
{
  GtkWidget *row = find_row (fixture);

  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  scratch_install_sample (2);
  gui_refresh (fixture);
  gui_wait (is_version_2, gui_get_sample (fixture));
  gui_activate (fixture->window, "win.show-place", "s", "history");

  return plug_rb_plugin_menu_popup (row, NULL);
}

static void
test_snapshot (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *row = find_row (fixture);
  GtkWidget *popover;

  gui_activate (fixture->window, "win.show-place", "s", "history");
  popover = plug_rb_plugin_menu_popup (row, &(GdkRectangle) { 5, 5, 1, 1 });
  gui_settle ();
  g_assert_false (can (popover, "Roll Back…"));
  g_assert_false (can (popover, "Compare with Latest Snapshot"));
  g_assert_true (can (popover, "Take Snapshot"));
  g_assert_true (can (popover, "Open Folder"));
  choose (popover, "plugin.take-snapshot");
  gui_wait_says (fixture->window, "Snapshot of Sample taken");
  gui_wait (has_snapshot, gui_get_sample (fixture));
}

static void
test_compare (GuiFixture *fixture, gconstpointer data)
{
  choose (set_up_update (fixture), "plugin.compare");
  g_assert_cmpstr (gui_get_page (fixture), !=, "history");
}

static void
test_roll_back (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  choose (set_up_update (fixture), "plugin.roll-back");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Version 2 → 1");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (fixture);
}

static void
test_uninstall (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  choose (set_up_update (fixture), "plugin.uninstall");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Uninstall Sample?");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (fixture);
}

static void
test_uninstalled (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *row = find_row (fixture);
  GtkWidget *popover;

  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  scratch_run (
      (const char *[]) { "bash", "-c", "rm -r \"$XDG_DATA_HOME\"/gnome-shell/extensions/*", NULL });
  gui_refresh (fixture);
  popover = plug_rb_plugin_menu_popup (row, NULL);
  gui_settle ();
  g_assert_true (can (popover, "Roll Back…"));
  g_assert_false (can (popover, "Take Snapshot"));
  g_assert_false (can (popover, "Uninstall…"));
  g_assert_false (can (popover, "Open Folder"));
}

/* By the keyboard, and the window goes while it is open. */
static void
test_keyboard (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *row = find_row (fixture);
  GtkWidget *sidebar = gui_find (fixture->window, PLUG_RB_TYPE_SIDEBAR, NULL, NULL);
  GtkWidget *popover;

  gtk_widget_grab_focus (gtk_widget_get_parent (row));
  gui_activate (sidebar, "sidebar.menu", NULL);
  popover = gtk_widget_get_last_child (row);
  g_assert_true (GTK_IS_POPOVER_MENU (popover));
  gtk_popover_popdown (GTK_POPOVER (popover));
  gui_settle ();
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture->window)) == gtk_widget_get_parent (row));
  gui_activate (sidebar, "sidebar.menu", NULL);
  gui_settle ();
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, gui_set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/plugin-menu/snapshot", test_snapshot);
  add ("/plugin-menu/compare", test_compare);
  add ("/plugin-menu/roll-back", test_roll_back);
  add ("/plugin-menu/uninstall", test_uninstall);
  add ("/plugin-menu/uninstalled", test_uninstalled);
  add ("/plugin-menu/keyboard", test_keyboard);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
