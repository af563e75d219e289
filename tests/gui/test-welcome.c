/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The first run, and snapshots of all plugins. */

#include "gui.h"

#include <glib/gstdio.h>

#include "../core/scratch.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-welcome.h"

#define OTHER_ID "other@example.org"

static PlugRbWelcome *
get_welcome (GuiFixture *fixture)
{
  GtkWidget *welcome = gui_find (fixture->window, PLUG_RB_TYPE_WELCOME, NULL, NULL);

  return welcome != NULL ? PLUG_RB_WELCOME (welcome) : NULL;
}

static gboolean
is_main (gpointer window)
{
  return gui_find (window, ADW_TYPE_NAVIGATION_SPLIT_VIEW, NULL, NULL) != NULL;
}

static gboolean
is_not_running (gpointer welcome)
{
  gboolean running;

  g_object_get (welcome, "running", &running, NULL);
  return !running;
}

static gboolean
is_answered (void)
{
  g_autoptr(GSettings) settings = g_settings_new ("io.github.plugrb.PluginRollback.State");

  return g_settings_get_boolean (settings, "welcome-done");
}

static guint
count_snapshots (GuiFixture *fixture)
{
  return g_list_model_get_n_items (plug_rb_manager_get_snapshots (fixture->manager));
}

static char *
dup_other_path (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), "gnome-shell", "extensions", OTHER_ID, name,
                           NULL);
}

static void
install_other (const char *script)
{
  g_autofree char *folder = dup_other_path (NULL);

  scratch_run ((const char *[]) {
      "bash", "-ec",
      "mkdir -p \"$1\"; cd \"$1\"; echo // >extension.js; printf '{\"uuid\": \"%s\", \"name\": "
      "\"Other\", \"version\": 3, \"shell-version\": [\"48\"]}' \"$2\" >metadata.json; eval \"$3\"",
      "install", folder, OTHER_ID, script, NULL });
}

static void
set_up (GuiFixture *fixture, gconstpointer script)
{
  gui_reset_user ();
  scratch_install_sample (1);
  if (script != NULL)
    install_other (script);
  gui_open_as_is (fixture);
}

/* --- states */

static void
test_searching (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  fixture.manager = plug_rb_manager_new (NULL);
  fixture.window = g_object_ref (plug_rb_window_new (NULL, fixture.manager));
  gtk_window_present (GTK_WINDOW (fixture.window));
  gui_settle ();
  g_assert_nonnull (get_welcome (&fixture));
  g_assert_true (gui_says (fixture.window, "Looking for plugins"));
  g_assert_true (gui_says (fixture.window, "Bring Back What Worked"));
  gui_tear_down (&fixture, NULL);
}

static void
test_no_programs (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  gui_open_as_is (&fixture);
  gui_wait_says (fixture.window, "No Supported Programs Found");
  gui_wait_button (fixture.window, "_Install from File…");
  g_assert_null (gui_find (fixture.window, GTK_TYPE_BUTTON, "label", "_Protect All"));
  gui_activate (get_welcome (&fixture), "welcome.not-now", NULL);
  gui_wait (is_main, fixture.window);
  gui_tear_down (&fixture, NULL);
}

static gboolean
shows_size (gpointer row)
{
  const char *subtitle = adw_action_row_get_subtitle (row);

  return g_str_has_prefix (subtitle, "1 plugin, ") && g_str_has_suffix (subtitle, "bytes");
}

static void
test_found (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *row = gui_find (fixture->window, ADW_TYPE_SWITCH_ROW, "title", "GNOME Shell");

  g_assert_nonnull (row);
  gui_wait (shows_size, row);
  gui_wait_button (fixture->window, "_Protect All");
  g_assert_false (gui_says (fixture->window, "Looking for plugins"));
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), FALSE);
  row = gui_find (fixture->window, GTK_TYPE_BUTTON, "label", "_Protect Selected");
  g_assert_nonnull (row);
  g_assert_false (gtk_widget_is_sensitive (row));
}

static void
test_protect (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  gui_activate (get_welcome (fixture), "welcome.protect", NULL);
  gui_wait (is_main, fixture->window);
  gui_wait_says (fixture->window, "2 plugins protected");
  g_assert_cmpuint (count_snapshots (fixture), ==, 2);
  snapshot = g_list_model_get_item (plug_rb_manager_get_snapshots (fixture->manager), 0);
  g_assert_cmpint (plug_rb_snapshot_get_reason (snapshot), ==, PLUG_RB_REASON_BASELINE);
  g_assert_true (is_answered ());
}

static void
test_not_now (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (get_welcome (fixture), "welcome.not-now", NULL);
  gui_wait (is_main, fixture->window);
  g_assert_cmpuint (count_snapshots (fixture), ==, 0);
  gui_tear_down (fixture, NULL);

  gui_open_as_is (fixture);
  g_assert_true (is_main (fixture->window));
}

/* The snapshot takes long enough to be stopped. */
static void
test_cancel (GuiFixture *fixture, gconstpointer data)
{
  PlugRbWelcome *welcome = get_welcome (fixture);
  GtkWidget *row = gui_find (fixture->window, ADW_TYPE_SWITCH_ROW, "title", "GNOME Shell");

  gui_activate (welcome, "welcome.protect", NULL);
  g_assert_false (is_not_running (welcome));
  gui_settle ();
  g_assert_nonnull (gui_find (welcome, GTK_TYPE_PROGRESS_BAR, "text", "Other, 1 of 2"));
  g_assert_false (gtk_widget_is_sensitive (row));
  gui_activate (welcome, "welcome.cancel", NULL);
  gui_wait (is_not_running, welcome);
  g_assert_cmpuint (count_snapshots (fixture), ==, 0);
  gui_wait_button (fixture->window, "_Protect All");
  g_assert_true (gtk_widget_is_sensitive (row));
  g_assert_false (is_answered ());
}

static void
test_closed (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (get_welcome (fixture), "welcome.protect", NULL);
}

static void
test_failures (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  gui_activate (get_welcome (fixture), "welcome.protect", NULL);
  gui_wait (is_main, fixture->window);
  gui_wait_says (fixture->window, "1 plugin could not be protected");
  g_assert_cmpuint (count_snapshots (fixture), ==, 1);
  gui_wait_button (fixture->window, "_Show");
  gtk_widget_activate (gui_find (fixture->window, GTK_TYPE_BUTTON, "label", "_Show"));
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "1 plugin could not be protected");
  adw_dialog_force_close (dialog);
}

/* Snapshots that were taken elsewhere. */
static void
test_not_needed (GuiFixture *fixture, gconstpointer data)
{
  scratch_run ((const char *[]) { "plugrb", "snapshot", "--all", NULL });
  gui_refresh (fixture);
  gui_wait (is_main, fixture->window);
  g_assert_true (is_answered ());
}

static void
test_one_plugin (GuiFixture *fixture, gconstpointer data)
{
  plug_rb_window_open_plugin (fixture->window, SAMPLE_KEY);
  gui_wait (is_main, fixture->window);
  g_assert_false (is_answered ());
}

/* --- all plugins */

static void
test_snapshot_all (GuiFixture *fixture, gconstpointer data)
{
  install_other ("true");
  gui_refresh (fixture);
  gui_activate (fixture->window, "win.snapshot-all", NULL);
  gui_wait_says (fixture->window, "Snapshots of 2 plugins taken");
  g_assert_cmpuint (count_snapshots (fixture), ==, 2);
  gui_activate (fixture->window, "win.snapshot-all", NULL);
  gui_wait_says (fixture->window, "No plugin has changed since its last snapshot");
  install_other ("chmod 0 extension.js");
  scratch_install_sample (2);
  gui_refresh (fixture);
  gui_activate (fixture->window, "win.snapshot-all", NULL);
  gui_wait_says (fixture->window, "1 taken, 1 failed");
  g_assert_cmpuint (count_snapshots (fixture), ==, 3);
}

static void
add (const char *path, gconstpointer script, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, script, set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  g_test_add_func ("/welcome/searching", test_searching);
  g_test_add_func ("/welcome/no-programs", test_no_programs);
  add ("/welcome/found", NULL, test_found);
  add ("/welcome/protect", "true", test_protect);
  add ("/welcome/not-now", NULL, test_not_now);
  add ("/welcome/cancel", "truncate -s 1G map.json", test_cancel);
  add ("/welcome/closed", "truncate -s 100M map.json", test_closed);
  add ("/welcome/failures", "chmod 0 extension.js", test_failures);
  add ("/welcome/not-needed", NULL, test_not_needed);
  add ("/welcome/one-plugin", NULL, test_one_plugin);
  g_test_add ("/welcome/snapshot-all", GuiFixture, NULL, gui_set_up, test_snapshot_all,
              gui_tear_down);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
