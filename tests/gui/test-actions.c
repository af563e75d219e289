/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What menus and buttons offer and no other test has a reason to use: each action does what its
 * name says. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-activity-page.h"
#include "plug-rb-plugin-page.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot-chips.h"
#include "plug-rb-snapshot-row.h"
#include "plug-rb-snapshot.h"

static PlugRbSnapshot *
get_snapshot (GuiFixture *fixture, guint position)
{
  GListModel *snapshots = plug_rb_plugin_get_snapshots (gui_get_sample (fixture));
  g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, position);

  return snapshot;
}

static GtkWidget *
get_widget (gpointer root, GType type)
{
  GtkWidget *widget = gui_find (root, type, NULL, NULL);

  g_assert_nonnull (widget);
  return widget;
}

static gboolean
has_two_snapshots (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 2 && !plug_rb_plugin_get_busy (plugin);
}

static gboolean
has_one_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 1 && !plug_rb_plugin_get_busy (plugin);
}

/* Version 1 and version 2 are saved, and version 2 is installed. */
static void
set_up (GuiFixture *fixture, gconstpointer data)
{
  gui_set_up (fixture, NULL);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_one_snapshot, gui_get_sample (fixture));
  scratch_install_sample (2);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_two_snapshots, gui_get_sample (fixture));
}

static GtkWidget *
find_row (GtkWidget *root, PlugRbSnapshot *snapshot)
{
  g_autoptr(PlugRbSnapshot) shown = NULL;

  if (PLUG_RB_IS_SNAPSHOT_ROW (root)) {
    g_object_get (root, "snapshot", &shown, NULL);
    return shown == snapshot ? root : NULL;
  }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_row (child, snapshot);

    if (found != NULL)
      return found;
  }

  return NULL;
}

static GtkWidget *
get_row (GuiFixture *fixture, guint position)
{
  GtkWidget *row = find_row (GTK_WIDGET (fixture->window), get_snapshot (fixture, position));

  g_assert_nonnull (row);
  return row;
}

static void
close_dialog (GuiFixture *fixture, AdwDialog *dialog)
{
  adw_dialog_force_close (dialog);
  gui_wait_no_dialog (fixture);
}

/* ---- a snapshot */

static void
assert_preview_of (GuiFixture *fixture, const char *action, const char *scope)
{
  AdwDialog *dialog;

  gui_activate (get_row (fixture, 1), action, NULL);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Everything");
  g_assert_nonnull (gui_find (dialog, ADW_TYPE_TOGGLE_GROUP, "active-name", scope));
  close_dialog (fixture, dialog);
}

static void
test_parts (GuiFixture *fixture, gconstpointer data)
{
  assert_preview_of (fixture, "snapshot.roll-back", "all");
  assert_preview_of (fixture, "snapshot.roll-back-files", "files");
  assert_preview_of (fixture, "snapshot.roll-back-settings", "settings");
}

static void
test_compare_previous (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (get_row (fixture, 0), "snapshot.compare-previous", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "comparison");
  gui_wait_says (fixture->window, "metadata.json");
}

static gboolean
is_pinned (gpointer snapshot)
{
  return plug_rb_snapshot_get_pinned (snapshot);
}

static gboolean
is_not_pinned (gpointer snapshot)
{
  return !plug_rb_snapshot_get_pinned (snapshot);
}

static void
test_pin (GuiFixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (get_snapshot (fixture, 0));
  const char *ids[] = { id, NULL };

  gui_activate (get_row (fixture, 1), "snapshot.pin", NULL);
  gui_wait (is_pinned, get_snapshot (fixture, 1));
  gui_activate (fixture->window, "win.pin", "^as", ids);
  gui_wait (is_pinned, get_snapshot (fixture, 0));
  gui_activate (fixture->window, "win.pin", "^as", ids);
  gui_wait (is_not_pinned, get_snapshot (fixture, 0));
  g_assert_true (is_pinned (get_snapshot (fixture, 1)));
}

static void
test_undo_delete (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = g_strdup (plug_rb_snapshot_get_id (get_snapshot (fixture, 1)));
  const char *ids[] = { id, NULL };

  gui_activate (fixture->window, "win.delete", "^as", ids);
  gui_wait (has_one_snapshot, gui_get_sample (fixture));
  gui_activate (fixture->window, "win.undo-delete", "^as", ids);
  gui_wait (has_two_snapshots, gui_get_sample (fixture));
  g_assert_cmpstr (plug_rb_snapshot_get_id (get_snapshot (fixture, 1)), ==, id);
}

static void
test_many (GuiFixture *fixture, gconstpointer data)
{
  const char *ids[] = { plug_rb_snapshot_get_id (get_snapshot (fixture, 1)), NULL };
  AdwDialog *dialog;

  gui_activate (fixture->window, "win.roll-back-many", "^as", ids);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Roll Back 1 Plugin");
  close_dialog (fixture, dialog);
}

/* ---- places */

static gboolean
has_no_chips (gpointer chips)
{
  return !gtk_widget_get_visible (chips);
}

static void
test_chips (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *chips;

  for (int i = 0; i < 2; i++) {
    gui_activate (get_widget (fixture->window, PLUG_RB_TYPE_PLUGIN_PAGE),
                  "plugin.show-all-snapshots", NULL);
    g_assert_cmpstr (gui_get_page (fixture), ==, "all-snapshots");
    gui_wait_button (fixture->window, "C_lear");
    chips = get_widget (fixture->window, PLUG_RB_TYPE_SNAPSHOT_CHIPS);
    gui_wait_says (chips, "Sample");
    if (i == 0)
      gui_activate (chips, "chips.remove", "s", "plugin");
    else
      gui_activate (chips, "chips.clear", NULL);
    gui_wait (has_no_chips, chips);
    gui_activate (fixture->window, "win.open-plugin", "s", SAMPLE_KEY);
    g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
  }
}

static void
test_activity (GuiFixture *fixture, gconstpointer data)
{
  GListModel *operations = plug_rb_manager_get_operations (fixture->manager);
  g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, 0);

  gui_activate (fixture->window, "win.show-activity", "s", plug_rb_operation_get_id (operation));
  gui_wait_says (fixture->window, "Took a snapshot of Sample");
  gui_activate (get_widget (fixture->window, PLUG_RB_TYPE_ACTIVITY_PAGE), "activity.copy-log",
                NULL);
  gui_wait_says (fixture->window, "Copied");
}

static void
test_message (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page;
  AdwDialog *dialog;

  scratch_run ((const char *[]) {
      "bash", "-c", "echo '{' > \"$XDG_DATA_HOME\"/gnome-shell/extensions/*/metadata.json", NULL });
  gui_refresh (fixture);
  gui_wait_says (fixture->window, "The folder of this plugin cannot be read");
  page = get_widget (fixture->window, PLUG_RB_TYPE_PLUGIN_PAGE);
  gui_activate (page, "plugin.show-message", NULL);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Details");
  close_dialog (fixture, dialog);
  gui_activate (page, "plugin.copy-message", NULL);
  gui_wait_says (fixture->window, "Copied");
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/actions/parts", test_parts);
  add ("/actions/compare-previous", test_compare_previous);
  add ("/actions/pin", test_pin);
  add ("/actions/undo-delete", test_undo_delete);
  add ("/actions/many", test_many);
  add ("/actions/chips", test_chips);
  add ("/actions/activity", test_activity);
  add ("/actions/message", test_message);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
