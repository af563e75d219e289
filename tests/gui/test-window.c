/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The window on a real manager: every action and every state. */

#include "gui.h"

#include <glib/gstdio.h>

#include "../core/scratch.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

#define STORE_FILE "plugin-rollback", "store.json"

typedef struct {
  PlugRbPlugin *plugin;
  guint n;
} Count;

static gboolean
has_snapshots (gpointer data)
{
  Count *count = data;

  return plug_rb_plugin_get_n_snapshots (count->plugin) == count->n &&
         !plug_rb_plugin_get_busy (count->plugin);
}

static void
wait_snapshots (GuiFixture *fixture, guint n)
{
  Count count = { gui_get_sample (fixture), n };

  gui_wait (has_snapshots, &count);
}

static void
wait_version (GuiFixture *fixture, const char *version)
{
  g_autofree char *line = g_strdup_printf ("Version %s · Disabled · Health unknown", version);

  gui_wait_says (fixture->window, line);
}

static void
take_snapshot (GuiFixture *fixture, guint n)
{
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  wait_snapshots (fixture, n);
}

static void
update_sample (GuiFixture *fixture)
{
  scratch_install_sample (2);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "2");
  gui_refresh (fixture);
  wait_version (fixture, "2");
}

static char *
dup_latest_id (GuiFixture *fixture)
{
  g_autoptr(PlugRbSnapshot) snapshot =
      g_list_model_get_item (plug_rb_plugin_get_snapshots (gui_get_sample (fixture)), 0);

  return g_strdup (plug_rb_snapshot_get_id (snapshot));
}

/* --- states */

static void
test_no_plugins (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  gui_open (&fixture);
  g_assert_cmpstr (gui_get_page (&fixture), ==, "no-plugins");
  gui_wait_says (fixture.window, "No Plugins Found");
  gui_wait_says (fixture.window,
                 "Plugins of Blender add-ons, Blender extensions, Builder, Cinnamon applets, "
                 "Cinnamon desklets, Cinnamon "
                 "extensions, Eye of GNOME, gedit, GIMP, GNOME Shell, Homebridge, Inkscape, Kodi, "
                 "Krita, KWin scripts, lazy.nvim, Files (nautilus-python), Node-RED, OBS Studio, "
                 "Obsidian, Plasma widgets, Pluma, Rhythmbox, Videos, Vim, vim-plug, Visual Studio"
                 " Code, Xed appear here.");
  gui_tear_down (&fixture, NULL);
}

static void
test_loading (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  gui_answer_welcome ();
  fixture.manager = plug_rb_manager_new (NULL);
  fixture.window = g_object_ref (plug_rb_window_new (NULL, fixture.manager));
  gtk_window_present (GTK_WINDOW (fixture.window));
  gui_settle ();
  g_assert_cmpstr (gui_get_page (&fixture), ==, "loading");
  gui_tear_down (&fixture, NULL);
}

static void
test_nothing_selected (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  scratch_install_sample (1);
  gui_open (&fixture);
  g_assert_cmpstr (gui_get_page (&fixture), ==, "nothing-selected");
  gui_wait_says (fixture.window, "1 plugin in 1 program");
  gui_tear_down (&fixture, NULL);
}

static void
write_store_file (const char *content)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), STORE_FILE, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static void
test_store_too_new (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  write_store_file ("{\"format\": 999, \"created\": \"2026-01-01T00:00:00Z\"}");
  gui_open (&fixture);
  gui_wait_says (fixture.window, "Snapshots Are from a Newer Version");
  gui_tear_down (&fixture, NULL);
}

static void
test_store_failed (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  GuiFixture fixture;

  gui_reset_user ();
  g_assert_true (g_file_set_contents (path, "no folder", -1, NULL));
  gui_open (&fixture);
  gui_wait_says (fixture.window, "Snapshots Cannot Be Opened");

  g_assert_cmpint (g_unlink (path), ==, 0);
  gui_activate (fixture.window, "win.refresh", NULL);
  gui_wait_says (fixture.window, "No Plugins Found");
  gui_tear_down (&fixture, NULL);
}

static void
test_no_snapshots (GuiFixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->window, "No Snapshots");
  wait_version (fixture, "1");
  gui_wait_says (fixture->window, "GNOME Shell");
}

/* --- snapshots */

static void
test_take_snapshot (GuiFixture *fixture, gconstpointer data)
{
  take_snapshot (fixture, 1);
  gui_wait_says (fixture->window, "Snapshot of Sample taken");
  gui_wait_says (fixture->window, "Installed");
  gui_wait_says (fixture->window, "Took a snapshot of Sample");

  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait_says (fixture->window, "Sample has not changed since the last snapshot");
  wait_snapshots (fixture, 1);
}

static void
delete_latest (GuiFixture *fixture)
{
  g_autofree char *id = dup_latest_id (fixture);
  const char *const ids[] = { id, NULL };

  gui_activate (fixture->window, "win.delete", "^as", ids);
}

static void
test_delete (GuiFixture *fixture, gconstpointer data)
{
  take_snapshot (fixture, 1);
  delete_latest (fixture);
  gui_wait_says (fixture->window, "Snapshot deleted");
  wait_snapshots (fixture, 0);

  gui_activate (fixture->window, "win.undo", NULL);
  wait_snapshots (fixture, 1);
  gui_activate (fixture->window, "win.undo", NULL);
  gui_wait_says (fixture->window, "Nothing to undo");
}

static gboolean
has_key (GtkWidget *widget, const char *trigger, const char *action)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autofree char *wanted = g_strdup_printf ("action(%s)", action);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr(GListModel) shortcuts = g_list_model_get_item (controllers, i);

    for (guint j = 0;
         GTK_IS_SHORTCUT_CONTROLLER (shortcuts) && j < g_list_model_get_n_items (shortcuts); j++) {
      g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (shortcuts, j);
      g_autofree char *keys = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));
      g_autofree char *text = gtk_shortcut_action_to_string (gtk_shortcut_get_action (shortcut));

      if (g_str_equal (keys, trigger) && g_str_equal (text, wanted))
        return TRUE;
    }
  }

  return FALSE;
}

static void
test_delete_by_key (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *row;

  take_snapshot (fixture, 1);
  row = gui_find (fixture->window, g_type_from_name ("PlugRbSnapshotRow"), NULL, NULL);
  g_assert_nonnull (row);
  gui_activate (row, "snapshot.delete", NULL);
  wait_snapshots (fixture, 0);
  gui_wait_says (fixture->window, "No Snapshots");
}

/* What has a key in the list of all snapshots has it on the page of a plugin, too. */
static void
test_row_keys (GuiFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "<Control>d", "snapshot.compare" },        { "<Control>p", "snapshot.pin" },
    { "<Alt>Return", "snapshot.details" },       { "Delete", "snapshot.delete" },
    { "<Control>Return", "snapshot.roll-back" },
  };
  GtkWidget *row;

  take_snapshot (fixture, 1);
  row = gui_find (fixture->window, g_type_from_name ("PlugRbSnapshotRow"), NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_true (has_key (row, keys[i].trigger, keys[i].action));

  gui_activate (row, "snapshot.pin", NULL);
  gui_wait_says (fixture->window, "Snapshot pinned");
  gui_activate (row, "snapshot.details", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "snapshot-details");
}

/* --- rolling back */

static AdwDialog *
open_preview (GuiFixture *fixture)
{
  AdwDialog *dialog;

  gui_activate (fixture->window, "win.roll-back-latest", "s", "");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Version 2 → 1");

  return dialog;
}

static void
roll_back (GuiFixture *fixture)
{
  AdwDialog *dialog = open_preview (fixture);

  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_says (fixture->window, "Sample rolled back to version 1");
  gui_wait_no_dialog (fixture);
  wait_version (fixture, "1");
}

static void
test_roll_back (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *old = scratch_picture ();
  g_autofree char *new = NULL;
  g_autofree char *now = NULL;

  take_snapshot (fixture, 1);
  update_sample (fixture);
  new = scratch_picture ();

  roll_back (fixture);
  now = scratch_picture ();
  g_assert_cmpstr (now, ==, old);
  gui_wait_says (fixture->window, "Rolled back Sample to version 1");

  gui_activate (fixture->window, "win.undo", NULL);
  gui_wait_says (fixture->window, "Roll back undone");
  wait_version (fixture, "2");
  g_free (now);
  now = scratch_picture ();
  g_assert_cmpstr (now, ==, new);
}

static void
test_redo (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) undo = NULL;

  take_snapshot (fixture, 1);
  update_sample (fixture);
  roll_back (fixture);
  gui_activate (fixture->window, "win.undo", NULL);
  gui_wait_says (fixture->window, "Roll back undone");
  wait_version (fixture, "2");

  undo = g_list_model_get_item (plug_rb_manager_get_operations (fixture->manager), 0);
  gui_activate (fixture->window, "win.undo-operation", "s", plug_rb_operation_get_id (undo));
  gui_wait_says (fixture->window, "Change of Sample redone");
  wait_version (fixture, "1");
}

/* The plugin was changed after the rollback, so undoing that asks. */
static void
test_undo_asks (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  take_snapshot (fixture, 1);
  update_sample (fixture);
  roll_back (fixture);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "7");
  gui_refresh (fixture);

  gui_activate (fixture->window, "win.undo", NULL);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Undo Anyway?");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (fixture);
  wait_version (fixture, "1");
}

static void
test_roll_back_part (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *speed = NULL;
  AdwDialog *dialog;

  take_snapshot (fixture, 1);
  id = dup_latest_id (fixture);
  update_sample (fixture);
  gui_activate (fixture->window, "win.roll-back-part", "(ss)", id, "settings");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Settings 1");
  gui_wait_says (dialog, "2 → 1");
  gui_wait_button (dialog, "_Roll Back");

  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_no_dialog (fixture);
  speed = scratch_output (
      (const char *[]) { "dconf", "read", "/org/gnome/shell/extensions/sample/speed", NULL });
  g_assert_cmpstr (g_strstrip (speed), ==, "1");
  wait_version (fixture, "2");
}

static void
test_close_preview (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  take_snapshot (fixture, 1);
  update_sample (fixture);
  dialog = open_preview (fixture);

  /* Nothing else starts behind a dialog. */
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  g_assert_false (plug_rb_plugin_get_busy (gui_get_sample (fixture)));

  gui_activate (dialog, "rollback.close", NULL);
  gui_wait_no_dialog (fixture);
  wait_version (fixture, "2");
}

static void
test_already_rolled_back (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;

  take_snapshot (fixture, 1);
  id = dup_latest_id (fixture);
  gui_activate (fixture->window, "win.roll-back", "s", id);
  gui_wait_says (gui_wait_dialog (fixture), "Already Rolled Back");
}

static void
test_blocked (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();
  AdwDialog *dialog;
  GtkWidget *button;

  take_snapshot (fixture, 1);
  update_sample (fixture);
  g_assert_cmpint (g_chmod (extensions, 0500), ==, 0);
  dialog = open_preview (fixture);
  gui_wait_says (dialog, "Check Again");
  button = gui_find (dialog, GTK_TYPE_BUTTON, "label", "_Roll Back");
  g_assert_false (gtk_widget_is_sensitive (button));

  g_assert_cmpint (g_chmod (extensions, 0700), ==, 0);
  gui_activate (gui_find (dialog, g_type_from_name ("PlugRbRollbackPreview"), NULL, NULL),
                "preview.check-again", NULL);
  gui_wait_button (dialog, "_Roll Back");
}

/* --- moving about */

static void
test_search (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *entry;

  gui_activate (fixture->window, "win.search", NULL);
  gui_settle ();
  entry = gui_find (fixture->window, GTK_TYPE_SEARCH_ENTRY, NULL, NULL);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "shell");
  gui_wait_says (fixture->window, "Sample");
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing like it");
  gui_wait_says (fixture->window, "Try a different search.");

  gui_activate (fixture->window, "win.back", NULL);
  gui_settle ();
  g_assert_null (gui_find (fixture->window, GTK_TYPE_SEARCH_ENTRY, NULL, NULL));
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
}

static char *
dup_open_key (GuiFixture *fixture)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;

  g_object_get (fixture->window, "plugin", &plugin, NULL);

  return plugin != NULL ? g_strdup (plug_rb_plugin_get_key (plugin)) : NULL;
}

static void
test_next_and_previous (GuiFixture *fixture, gconstpointer data)
{
  static const char script[] =
      "cd \"$XDG_DATA_HOME\"/gnome-shell/extensions && cp -a sample@example.org other@example.org";
  g_autofree char *second = NULL;
  g_autofree char *first = NULL;

  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
  gui_refresh (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_manager_get_plugins (fixture->manager)), ==,
                    2);

  gui_activate (fixture->window, "win.previous-plugin", NULL);
  gui_activate (fixture->window, "win.previous-plugin", NULL);
  first = dup_open_key (fixture);
  gui_activate (fixture->window, "win.next-plugin", NULL);
  second = dup_open_key (fixture);
  g_assert_cmpstr (first, !=, second);
  gui_activate (fixture->window, "win.next-plugin", NULL);
}

static void
test_history (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.show-plugin-history", NULL);
  gui_wait_says (fixture->window, "No History Yet");
  gui_activate (fixture->window, "win.back", NULL);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");

  take_snapshot (fixture, 1);
  gui_activate (fixture->window, "win.show-plugin-history", NULL);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin-history");
  gui_wait_says (fixture->window, "Took a snapshot of Sample");
}

static void
test_unknown_plugin (GuiFixture *fixture, gconstpointer data)
{
  plug_rb_window_open_plugin (fixture->window, "gnome-shell/nobody@example.org");
  gui_wait_says (fixture->window, "gnome-shell/nobody@example.org was not found");
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
}

/* Without snapshots an uninstalled plugin is gone for good. */
static void
test_plugin_goes (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  scratch_run ((const char *[]) { "rm", "-r", extensions, NULL });
  gui_refresh (fixture);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "no-plugins");
}

static void
test_uninstalled_plugin (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *folder = g_build_filename (extensions, "sample@example.org", NULL);
  AdwDialog *dialog;

  take_snapshot (fixture, 1);
  scratch_run ((const char *[]) { "rm", "-r", folder, NULL });
  gui_refresh (fixture);
  gui_wait_says (fixture->window, "Uninstalled");

  gui_activate (fixture->window, "win.roll-back-latest", "s", "");
  dialog = gui_wait_dialog (fixture);
  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  wait_version (fixture, "1");
}

static void
test_remembers (GuiFixture *fixture, gconstpointer data)
{
  PlugRbWindow *again = plug_rb_window_new (NULL, fixture->manager);
  g_autoptr(PlugRbPlugin) plugin = NULL;

  g_object_get (again, "plugin", &plugin, NULL);
  g_assert_true (plugin == gui_get_sample (fixture));
  gtk_window_destroy (GTK_WINDOW (again));
}

static void
test_details (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  gui_activate (fixture->window, "win.show-details", "(ss)", "Could not do <it>",
                "Because of <that>");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Because of <that>");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (fixture);
}

static void
test_broken_manifest (GuiFixture *fixture, gconstpointer data)
{
  static const char script[] =
      "echo '{' > \"$XDG_DATA_HOME\"/gnome-shell/extensions/sample@example.org/metadata.json";

  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
  gui_refresh (fixture);
  gui_wait_says (fixture->window, "The folder of this plugin cannot be read");
}

/* ---- comparing, and all that is known of a snapshot */

static void
test_compare (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;

  take_snapshot (fixture, 1);
  id = dup_latest_id (fixture);
  update_sample (fixture);
  gui_activate (fixture->window, "win.compare-latest", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "comparison");
  gui_wait_says (fixture->window, "extension.js");
  gui_activate (fixture->window, "win.back", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");

  gui_activate (fixture->window, "win.details", "s", id);
  g_assert_cmpstr (gui_get_page (fixture), ==, "snapshot-details");
  gui_wait_says (fixture->window, "Health unknown");
  gui_wait_says (fixture->window, id);
}

static void
test_all_history (GuiFixture *fixture, gconstpointer data)
{
  take_snapshot (fixture, 1);
  gui_activate (fixture->window, "win.show-place", "s", "history");
  g_assert_cmpstr (gui_get_page (fixture), ==, "history");
  gui_wait_says (fixture->window, "Took a snapshot of Sample");
  gui_activate (fixture->window, "win.show-place", "s", "all");
  g_assert_cmpstr (gui_get_page (fixture), ==, "all-snapshots");
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, gui_set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  g_test_add_func ("/window/no-plugins", test_no_plugins);
  g_test_add_func ("/window/loading", test_loading);
  g_test_add_func ("/window/nothing-selected", test_nothing_selected);
  g_test_add_func ("/window/store/too-new", test_store_too_new);
  g_test_add_func ("/window/store/failed", test_store_failed);
  add ("/window/no-snapshots", test_no_snapshots);
  add ("/window/take-snapshot", test_take_snapshot);
  add ("/window/delete", test_delete);
  add ("/window/delete/by-key", test_delete_by_key);
  add ("/window/row-keys", test_row_keys);
  add ("/window/roll-back", test_roll_back);
  add ("/window/roll-back/part", test_roll_back_part);
  add ("/window/roll-back/close-preview", test_close_preview);
  add ("/window/roll-back/already-done", test_already_rolled_back);
  add ("/window/roll-back/blocked", test_blocked);
  add ("/window/undo/redo", test_redo);
  add ("/window/undo/asks", test_undo_asks);
  add ("/window/search", test_search);
  add ("/window/next-and-previous", test_next_and_previous);
  add ("/window/compare", test_compare);
  add ("/window/all-history", test_all_history);
  add ("/window/history", test_history);
  add ("/window/plugin/unknown", test_unknown_plugin);
  add ("/window/plugin/goes", test_plugin_goes);
  add ("/window/plugin/uninstalled", test_uninstalled_plugin);
  add ("/window/plugin/broken-manifest", test_broken_manifest);
  add ("/window/remembers", test_remembers);
  add ("/window/details", test_details);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
