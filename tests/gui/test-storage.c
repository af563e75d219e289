/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The page of the preferences that says what the snapshots take and whether they are sound. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-storage-page.h"

typedef struct {
  GuiFixture gui;
  AdwPreferencesDialog *dialog;
  GtkWidget *page;
} Fixture;

static gboolean
has_page (gpointer dialog)
{
  return gui_find (dialog, PLUG_RB_TYPE_STORAGE_PAGE, NULL, NULL) != NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  for (int version = 1; version <= 2; version++) {
    scratch_install_sample (version);
    scratch_run ((const char *[]) { "plugrb", "snapshot", SAMPLE_KEY, NULL });
  }
  gui_refresh (&fixture->gui);
  plug_rb_window_show_preferences (fixture->gui.window, NULL);
  fixture->dialog = ADW_PREFERENCES_DIALOG (gui_wait_dialog (&fixture->gui));
  adw_preferences_dialog_set_visible_page_name (fixture->dialog, "storage");
  gui_wait (has_page, fixture->dialog);
  fixture->page = gui_find (fixture->dialog, PLUG_RB_TYPE_STORAGE_PAGE, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog =
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->gui.window));

  if (dialog != NULL)
    adw_dialog_force_close (dialog);
  gui_wait_no_dialog (&fixture->gui);
  gui_tear_down (&fixture->gui, NULL);
}

static const char *
get_subtitle (Fixture *fixture, const char *title)
{
  GtkWidget *row = gui_find (fixture->page, ADW_TYPE_ACTION_ROW, "title", title);

  g_assert_nonnull (row);
  return adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
}

static gboolean
is_measured (gpointer data)
{
  return !g_str_equal (get_subtitle (data, "On Disk"), "…");
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  gui_wait (is_measured, fixture);
  g_assert_cmpstr (get_subtitle (fixture, "Without Sharing"), !=, "0 bytes");
  g_assert_cmpstr (get_subtitle (fixture, "Folder"), ==, store);
}

static void
test_sound (Fixture *fixture, gconstpointer data)
{
  gui_activate (fixture->page, "storage.verify", NULL);
  g_assert_true (gui_says (fixture->page, "Verifying snapshots"));
  gui_wait_says (fixture->page, "Snapshots verified, no problems");
  g_assert_null (gui_find (fixture->page, GTK_TYPE_BUTTON, "label", "_Details"));
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  scratch_run ((const char *[]) {
      "bash", "-ec",
      "f=$(find \"$XDG_DATA_HOME\"/plugin-rollback/archives -name '*.zst' | head -n 1); "
      "chmod u+w \"$f\"; printf xxxx | dd of=\"$f\" bs=1 seek=20 conv=notrunc status=none",
      NULL });
  gui_activate (fixture->page, "storage.verify", NULL);
  gui_wait_button (fixture->page, "_Details");
  gui_activate (fixture->page, "storage.show-damages", NULL);
  gui_settle ();
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->gui.window)));
}

/* The page goes while it works. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  gui_activate (fixture->page, "storage.verify", NULL);
}

static void
test_clean_up (Fixture *fixture, gconstpointer data)
{
  gui_activate (fixture->page, "storage.clean-up", NULL);
  gui_wait_says (fixture->gui.window, "Free Up Space");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_tests (void)
{
  add ("/storage/sizes", test_sizes);
  add ("/storage/sound", test_sound);
  add ("/storage/damaged", test_damaged);
  add ("/storage/closed", test_closed);
  add ("/storage/clean-up", test_clean_up);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
