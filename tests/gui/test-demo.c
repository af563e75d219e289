/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The installation demo: each scenario is played for real, in a process that this program is
 * started as once more. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-demo-dialog.h"

typedef struct {
  GuiFixture gui;
  PlugRbDemo *demo;
  char *before;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  fixture->before = scratch_picture ();
  fixture->demo = plug_rb_demo_new ();
  g_object_add_weak_pointer (G_OBJECT (fixture->demo), (gpointer *) &fixture->demo);
  adw_dialog_present (ADW_DIALOG (fixture->demo), GTK_WIDGET (fixture->gui.window));
  gui_wait_dialog (&fixture->gui);
}

static gboolean
has_no_folder (gpointer data)
{
  g_autoptr(GDir) dir = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "plugrb-demo-") || g_str_has_prefix (name, "plugrb-policy-"))
      return FALSE;

  return TRUE;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Neither a plugin nor a snapshot of the user has changed, and no folder is left. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *after = scratch_picture ();

  g_assert_cmpstr (fixture->before, ==, after);
  if (fixture->demo != NULL)
    adw_dialog_force_close (ADW_DIALOG (fixture->demo));
  gui_wait (is_gone, &fixture->demo);
  gui_wait (has_no_folder, NULL);
  g_free (fixture->before);
  gui_tear_down (&fixture->gui, NULL);
}

static gboolean
is_idle (gpointer demo)
{
  gboolean running;

  g_object_get (demo, "running", &running, NULL);
  return !running;
}

static void
play (Fixture *fixture, PlugRbDemoScenario scenario, const char *result)
{
  plug_rb_demo_choose (fixture->demo, scenario);
  gui_activate (fixture->demo, "demo.run", NULL);
  gui_wait_says (fixture->demo, result);
  gui_wait (is_idle, fixture->demo);
}

static void
switch_row (Fixture *fixture, const char *title, gboolean active)
{
  GtkWidget *row;

  gui_wait_says (fixture->demo, title);
  row = gui_find (fixture->demo, ADW_TYPE_SWITCH_ROW, "title", title);
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), active);
}

static void
test_success (Fixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->demo, "A demo plugin in a temporary folder. No real plugin is touched.");
  play (fixture, PLUG_RB_DEMO_SUCCESS, "Version 2.0 installed");
  gui_wait_says (fixture->demo, "Health Check");
  gui_wait_button (fixture->demo, "_Compare");
  gui_activate (fixture->demo, "demo.copy-log", NULL);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLUG_RB_DEMO_PACKAGE, "Exactly as before");
  play (fixture, PLUG_RB_DEMO_HOST_VERSION, "Exactly as before");
  play (fixture, PLUG_RB_DEMO_DEPENDENCY, "Exactly as before");
  play (fixture, PLUG_RB_DEMO_DISK_FULL, "Exactly as before");
}

static void
test_policy (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLUG_RB_DEMO_HEALTH, "Exactly as before");
  switch_row (fixture, "Roll Back Automatically", FALSE);
  gui_wait_says (fixture->demo, "Run again to see the difference");
  play (fixture, PLUG_RB_DEMO_HEALTH, "Version 2.0 stays, broken");
  switch_row (fixture, "Roll Back Automatically", TRUE);
  play (fixture, PLUG_RB_DEMO_HEALTH, "Exactly as before");
}

/* The user's own policy is another one. */
static void
test_own_policy (Fixture *fixture, gconstpointer data)
{
  gboolean active;

  switch_row (fixture, "Snapshot Before Updating", FALSE);
  switch_row (fixture, "Roll Back Automatically", FALSE);
  g_object_get (plug_rb_manager_get_policy (fixture->gui.manager, NULL), "auto-rollback-on-failure",
                &active, NULL);
  g_assert_true (active);
  g_object_get (plug_rb_manager_get_policy (fixture->gui.manager, NULL), "auto-snapshot-on-update",
                &active, NULL);
  g_assert_true (active);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLUG_RB_DEMO_KILL, "Recovered: exactly as before");
  g_assert_true (gui_says (fixture->demo, "Process killed at: Restore Files"));
}

static void
test_compare (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLUG_RB_DEMO_SUCCESS, "Version 2.0 installed");
  gui_activate (fixture->demo, "demo.compare", NULL);
  gui_wait_says (fixture->gui.window, "Before and After");
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->gui.window)));
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  plug_rb_demo_choose (fixture->demo, PLUG_RB_DEMO_DISK_FULL);
  gui_activate (fixture->demo, "demo.run", NULL);
  gui_activate (fixture->demo, "demo.stop", NULL);
  gui_wait (is_idle, fixture->demo);
  gui_wait_says (fixture->demo, "Stopped");
}

/* It stops and cleans up when it is closed. */
static void
test_close (Fixture *fixture, gconstpointer data)
{
  plug_rb_demo_choose (fixture->demo, PLUG_RB_DEMO_KILL);
  gui_activate (fixture->demo, "demo.run", NULL);
  adw_dialog_force_close (ADW_DIALOG (fixture->demo));
}

static void
add_tests (void)
{
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/demo/success", test_success);
  ADD ("/demo/refused", test_refused);
  ADD ("/demo/policy", test_policy);
  ADD ("/demo/own-policy", test_own_policy);
  ADD ("/demo/killed", test_killed);
  ADD ("/demo/compare", test_compare);
  ADD ("/demo/stop", test_stop);
  ADD ("/demo/close", test_close);
}

int
main (int argc, char *argv[])
{
  if (plug_rb_demo_is_child (argc, argv))
    return plug_rb_demo_child_main (argc, argv);

  /* Others may play a demo, too. */
  g_setenv ("TMPDIR", g_getenv ("XDG_RUNTIME_DIR"), TRUE);

  return gui_run (argc, argv, add_tests);
}
