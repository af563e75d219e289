/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The preferences are the policy: what is set here others read, what others set is shown here, and
 * nothing goes before the user has said so. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy-page.h"

#define VERSIONS 6

typedef struct {
  GuiFixture gui;
  AdwDialog *dialog;
} Fixture;

static void
show (Fixture *fixture, const char *scope)
{
  plug_rb_window_show_preferences (fixture->gui.window, scope);
  fixture->dialog = gui_wait_dialog (&fixture->gui);
  gui_settle ();
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  show (fixture, data);
}

/* Six versions, of each a snapshot: with one to be kept, most would go. */
static void
set_up_full (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  for (int version = 1; version <= VERSIONS; version++) {
    scratch_install_sample (version);
    scratch_run ((const char *[]) { "plugrb", "snapshot", SAMPLE_KEY, NULL });
  }
  gui_refresh (&fixture->gui);
  show (fixture, data);
}

static void
close_dialog (Fixture *fixture)
{
  adw_dialog_force_close (fixture->dialog);
  gui_wait_no_dialog (&fixture->gui);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->gui.window)))
    close_dialog (fixture);
  gui_tear_down (&fixture->gui, NULL);
}

typedef struct {
  gpointer root;
  GType type;
  const char *title;
} Wanted;

static gboolean
is_there (gpointer data)
{
  Wanted *wanted = data;

  return gui_find (wanted->root, wanted->type, "title", wanted->title) != NULL;
}

static gpointer
get_row (Fixture *fixture, GType type, const char *title)
{
  Wanted wanted = { fixture->dialog, type, title };

  gui_wait_until (title, is_there, &wanted);
  return gui_find (fixture->dialog, type, "title", title);
}

/* As a command of its own would read it. */
static char *
read_setting (const char *key, const char *option, const char *scope)
{
  const char *arguments[] = { "plugrb", "policy", "get", key, option, scope, NULL };
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL,
                &error);
  g_assert_no_error (error);

  return g_strchomp (g_steal_pointer (&out));
}

static void
assert_setting (const char *key, const char *expected)
{
  g_autofree char *value = read_setting (key, NULL, NULL);

  g_assert_cmpstr (value, ==, expected);
}

static const char *waited_key;
static const char *waited_value;

static gboolean
has_value (gpointer data)
{
  g_autofree char *value = read_setting (waited_key, NULL, NULL);

  return g_str_equal (value, waited_value);
}

static void
wait_for_setting (const char *key, const char *value)
{
  waited_key = key;
  waited_value = value;
  gui_wait (has_value, NULL);
}

static gboolean
is_inactive (gpointer row)
{
  return !adw_switch_row_get_active (row);
}

/* ---- switches */

static const struct {
  const char *title;
  const char *key;
} switches[] = {
  { "Before Installing", "auto-snapshot-on-install" },
  { "Before Updating", "auto-snapshot-on-update" },
  { "Before Uninstalling", "auto-snapshot-on-uninstall" },
  { "Roll Back Automatically", "auto-rollback-on-failure" },
  { "Ask Before Rolling Back", "require-confirmation" },
};

static void
test_switches (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++) {
    AdwSwitchRow *row = get_row (fixture, ADW_TYPE_SWITCH_ROW, switches[i].title);

    g_assert_true (adw_switch_row_get_active (row));
    adw_action_row_activate (ADW_ACTION_ROW (row));
    assert_setting (switches[i].key, "false");
    adw_action_row_activate (ADW_ACTION_ROW (row));
    assert_setting (switches[i].key, "true");
  }
}

static void
test_changed_outside (Fixture *fixture, gconstpointer data)
{
  AdwSwitchRow *row = get_row (fixture, ADW_TYPE_SWITCH_ROW, "Before Updating");

  scratch_run ((const char *[]) { "plugrb", "policy", "set", "auto-snapshot-on-update=no",
                                  "max-snapshots=77", NULL });
  gui_wait (is_inactive, row);
  g_assert_cmpfloat (
      adw_spin_row_get_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin")), ==,
      77);
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  AdwSpinRow *size = get_row (fixture, ADW_TYPE_SPIN_ROW, "Largest Snapshot");
  AdwSwitchRow *limit = get_row (fixture, ADW_TYPE_SWITCH_ROW, "Limit the Size of Snapshots");

  g_assert_cmpfloat (adw_spin_row_get_value (size), ==, 2147);
  assert_setting ("max-snapshot-size", "2147483648");
  adw_spin_row_set_value (size, 500);
  assert_setting ("max-snapshot-size", "500000000");
  adw_switch_row_set_active (limit, FALSE);
  assert_setting ("max-snapshot-size", "0");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (size)));
  adw_switch_row_set_active (limit, TRUE);
  assert_setting ("max-snapshot-size", "500000000");
}

static void
test_exclude (Fixture *fixture, gconstpointer data)
{
  GtkEditable *row = get_row (fixture, ADW_TYPE_ENTRY_ROW, "Patterns");

  gtk_editable_set_text (row, "*.log, cache");
  g_signal_emit_by_name (row, "apply");
  assert_setting ("exclude", "*.log, cache");
  gtk_editable_set_text (row, "a,,b");
  g_signal_emit_by_name (row, "apply");
  assert_setting ("exclude", "*.log, cache");
  gtk_editable_set_text (row, "");
  g_signal_emit_by_name (row, "apply");
  assert_setting ("exclude", "");
}

/* A file that cannot be read is not written over, and the row says what holds. */
static void
test_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "plugin-rollback", "policy.ini", NULL);
  AdwSwitchRow *row = get_row (fixture, ADW_TYPE_SWITCH_ROW, "Before Updating");
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "nonsense\n", -1, NULL));
  adw_switch_row_set_active (row, FALSE);
  gui_settle ();
  g_assert_true (adw_switch_row_get_active (row));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "nonsense\n");
}

/* ---- what would go */

static void
test_nothing_goes (Fixture *fixture, gconstpointer data)
{
  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin"), 20);
  wait_for_setting ("max-snapshots", "20");
  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Days"), 60);
  wait_for_setting ("retention-days", "60");
  g_assert_null (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Apply"));
}

/* Nobody waits for the answer any more. */
static void
test_closed_at_once (Fixture *fixture, gconstpointer data)
{
  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin"), 20);
  close_dialog (fixture);
  wait_for_setting ("max-snapshots", "20");
}

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  AdwSpinRow *row = get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin");

  adw_spin_row_set_value (row, 1);
  gui_wait_button (fixture->dialog, "_Apply");
  assert_setting ("max-snapshots", "10");
  g_assert_nonnull (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Revert"));

  gui_activate (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Apply"), "policy.apply",
                NULL);
  assert_setting ("max-snapshots", "1");
  g_assert_cmpfloat (adw_spin_row_get_value (row), ==, 1);
  g_assert_null (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Apply"));
}

static void
test_revert (Fixture *fixture, gconstpointer data)
{
  AdwSpinRow *row = get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin");

  adw_spin_row_set_value (row, 1);
  gui_wait_button (fixture->dialog, "_Revert");
  gui_activate (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Revert"), "policy.revert",
                NULL);
  g_assert_cmpfloat (adw_spin_row_get_value (row), ==, 10);
  assert_setting ("max-snapshots", "10");

  /* The same by hand. */
  adw_spin_row_set_value (row, 1);
  gui_wait_button (fixture->dialog, "_Revert");
  adw_spin_row_set_value (row, 10);
  gui_settle ();
  g_assert_null (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Revert"));
}

static void
test_closing_changes_nothing (Fixture *fixture, gconstpointer data)
{
  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin"), 1);
  gui_wait_button (fixture->dialog, "_Apply");
  close_dialog (fixture);
  assert_setting ("max-snapshots", "10");
}

/* ---- for a program or a plugin */

static void
test_plugin (Fixture *fixture, gconstpointer data)
{
  AdwSwitchRow *row;
  GtkWidget *button;
  g_autofree char *value = NULL;

  gui_wait_says (fixture->dialog, "Same as GNOME Shell");
  row = get_row (fixture, ADW_TYPE_SWITCH_ROW, "Before Updating");
  g_assert_null (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "tooltip-text", "Use Common Setting"));
  adw_switch_row_set_active (row, FALSE);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "Set for Sample");
  value = read_setting ("auto-snapshot-on-update", "--plugin", SAMPLE_KEY);
  g_assert_cmpstr (value, ==, "false");
  assert_setting ("auto-snapshot-on-update", "true");

  gui_settle ();
  button = gui_find (fixture->dialog, GTK_TYPE_BUTTON, "tooltip-text", "Use Common Setting");
  g_assert_nonnull (button);
  gui_activate (button, "policy.reset", "s", "auto-snapshot-on-update");
  gui_wait_says (fixture->dialog, "Same as GNOME Shell");
}

static gboolean
is_set_for_host (gpointer data)
{
  g_autofree char *value = read_setting ("max-snapshots", "--host", "gnome-shell");

  return g_strcmp0 (value, data) == 0;
}

static void
test_host (Fixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->dialog, "Same as all programs");
  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin"), 40);
  gui_wait (is_set_for_host, (gpointer) "40");
  assert_setting ("max-snapshots", "10");
  gui_activate (get_row (fixture, ADW_TYPE_BUTTON_ROW, "_Reset All"), "policy.reset-all", NULL);
  gui_wait (is_set_for_host, (gpointer) "10");
}

/* Back to ten is back to fewer. */
static void
test_reset_asks (Fixture *fixture, gconstpointer data)
{
  scratch_run ((const char *[]) { "plugrb", "policy", "set", "max-snapshots=1", "--yes", NULL });
  scratch_run ((const char *[]) { "plugrb", "policy", "set", "max-snapshots=20", "--host",
                                  "gnome-shell", "--yes", NULL });
  gui_wait_says (fixture->dialog, "Set for GNOME Shell");
  gui_activate (get_row (fixture, ADW_TYPE_BUTTON_ROW, "_Reset All"), "policy.reset-all", NULL);
  gui_wait_button (fixture->dialog, "_Apply");
  g_assert_true (is_set_for_host ((gpointer) "20"));
  gui_activate (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Apply"), "policy.apply",
                NULL);
  g_assert_true (is_set_for_host ((gpointer) "1"));
}

/* Programs that are not here come after those that are, and not each place where one could be. */
static void
assert_missing_apart (Fixture *fixture)
{
  GtkWidget *missing = get_row (fixture, ADW_TYPE_EXPANDER_ROW, "Not Installed");

  g_assert_null (gui_find (missing, ADW_TYPE_ACTION_ROW, "title", "GNOME Shell"));
  g_assert_null (
      gui_find (fixture->dialog, ADW_TYPE_ACTION_ROW, "title", "Blender add-ons (Flatpak)"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (missing), TRUE);
  gui_wait_says (missing, "GIMP");
}

static void
test_programs (Fixture *fixture, gconstpointer data)
{
  adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (fixture->dialog),
                                                "programs");
  gui_wait_says (fixture->dialog, "1 plugin");
  assert_missing_apart (fixture);
  scratch_run ((const char *[]) { "plugrb", "policy", "set", "max-snapshots=5", "--plugin",
                                  SAMPLE_KEY, NULL });
  gui_wait_says (fixture->dialog, "Sample");
  gtk_widget_activate (get_row (fixture, ADW_TYPE_ACTION_ROW, "Sample"));
  gui_wait_says (fixture->dialog, "Same as GNOME Shell");
  g_assert_cmpfloat (
      adw_spin_row_get_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin")), ==, 5);
}

/* ---- the window */

static void
test_from_plugin (Fixture *fixture, gconstpointer data)
{
  close_dialog (fixture);
  gui_activate (fixture->gui.window, "win.plugin-policy", NULL);
  fixture->dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (fixture->dialog, "Same as GNOME Shell");
}

static gboolean
is_at_version_1 (gpointer data)
{
  return g_strcmp0 (plug_rb_plugin_get_version (data), "1") == 0;
}

static void
test_no_confirmation (Fixture *fixture, gconstpointer data)
{
  PlugRbPlugin *plugin = gui_get_sample (&fixture->gui);

  scratch_run ((const char *[]) { "plugrb", "snapshot", SAMPLE_KEY, NULL });
  scratch_install_sample (2);
  gui_refresh (&fixture->gui);
  adw_switch_row_set_active (get_row (fixture, ADW_TYPE_SWITCH_ROW, "Ask Before Rolling Back"),
                             FALSE);
  close_dialog (fixture);
  gui_activate (fixture->gui.window, "win.roll-back-latest", "s", "");
  gui_wait (is_at_version_1, plugin);
  gui_wait_says (fixture->gui.window, "Sample rolled back to version 1");
}

/* With all that it can show, the page fits into a phone. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  int minimum;

  adw_spin_row_set_value (get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin"), 1);
  gui_wait_button (fixture->dialog, "_Apply");
  gtk_widget_measure (gui_find (fixture->dialog, PLUG_RB_TYPE_POLICY_PAGE, NULL, NULL),
                      GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 350);
}

typedef struct {
  Fixture *fixture;
  GHashTable *reached;
  gpointer row;
} Tour;

/* One more step by Tab. */
static gboolean
has_reached (gpointer data)
{
  Tour *tour = data;
  GtkWidget *dialog = GTK_WIDGET (tour->fixture->dialog);

  gtk_widget_child_focus (dialog, GTK_DIR_TAB_FORWARD);
  for (GtkWidget *widget = gtk_root_get_focus (gtk_widget_get_root (dialog)); widget != NULL;
       widget = gtk_widget_get_parent (widget))
    g_hash_table_add (tour->reached, widget);

  return g_hash_table_contains (tour->reached, tour->row);
}

/* Every row is reached by Tab. */
static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GHashTable) reached = g_hash_table_new (NULL, NULL);
  Tour tour = { fixture, reached, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++) {
    tour.row = get_row (fixture, ADW_TYPE_SWITCH_ROW, switches[i].title);
    gui_wait (has_reached, &tour);
  }
  tour.row = get_row (fixture, ADW_TYPE_SPIN_ROW, "Snapshots per Plugin");
  gui_wait (has_reached, &tour);
  tour.row = get_row (fixture, ADW_TYPE_ENTRY_ROW, "Patterns");
  gui_wait (has_reached, &tour);
}

/* With the role that libadwaita gives them they do not exist for a screen reader. */
static void
test_accessible (Fixture *fixture, gconstpointer data)
{
  static const char *const titles[] = { "Snapshots per Plugin", "Days", "Largest Snapshot" };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++) {
    GtkAccessible *row = get_row (fixture, ADW_TYPE_SPIN_ROW, titles[i]);

    g_assert_cmpint (gtk_accessible_get_accessible_role (row), ==, GTK_ACCESSIBLE_ROLE_GROUP);
  }
}

static void
add (const char *path, const char *scope, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, scope, set_up, test, tear_down);
}

static void
add_full (const char *path, const char *scope, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, scope, set_up_full, test, tear_down);
}

static void
add_tests (void)
{
  add ("/preferences/switches", NULL, test_switches);
  add ("/preferences/changed-outside", NULL, test_changed_outside);
  add ("/preferences/size", NULL, test_size);
  add ("/preferences/exclude", NULL, test_exclude);
  add ("/preferences/cannot-write", NULL, test_cannot_write);
  add ("/preferences/nothing-goes", NULL, test_nothing_goes);
  add ("/preferences/closed-at-once", NULL, test_closed_at_once);
  add_full ("/preferences/apply", NULL, test_apply);
  add_full ("/preferences/revert", NULL, test_revert);
  add_full ("/preferences/closing-changes-nothing", NULL, test_closing_changes_nothing);
  add ("/preferences/plugin", SAMPLE_KEY, test_plugin);
  add ("/preferences/host", "gnome-shell", test_host);
  add_full ("/preferences/reset-asks", "gnome-shell", test_reset_asks);
  add ("/preferences/programs", NULL, test_programs);
  add ("/preferences/from-plugin", NULL, test_from_plugin);
  add ("/preferences/no-confirmation", NULL, test_no_confirmation);
  add_full ("/preferences/narrow", NULL, test_narrow);
  if (gui_has_keyboard ())
    add ("/preferences/keyboard", NULL, test_keyboard);
  add ("/preferences/accessible", NULL, test_accessible);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
