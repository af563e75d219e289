/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The list of all snapshots: every state, order and filter, what is done with those that are
 * selected, and ten thousand of them. */

#include "gui.h"

#include <time.h>

#include "../core/scratch.h"
#include "plug-rb-json.h"
#include "plug-rb-panel.h"
#include "plug-rb-snapshot.h"

#define MANY 10000
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Figures hold for a program as it is shipped. */
#ifdef __SANITIZE_ADDRESS__
#define SLOWNESS 20
#else
#define SLOWNESS 1
#endif

typedef struct {
  GuiFixture gui;
  PlugRbPanel *panel;
  GListStore *snapshots;
} Fixture;

/* ---- snapshots out of thin air: only what lists show of them */

typedef struct {
  const char *host;
  const char *plugin;
  const char *version;
  const char *reason;
  const char *label;
  const char *note;
  double days;
  guint size;
  gboolean pinned;
  gboolean absent;
} Sample;

static JsonObject *
create_json (const Sample *sample, guint number)
{
  JsonObject *json = json_object_new ();
  JsonObject *sizes = json_object_new ();
  gint64 ms = g_get_real_time () / 1000 - (gint64) (sample->days * 86400000) - number;
  g_autofree char *id = g_strdup_printf ("%08x-%04x-7000-8000-%012x", (guint) (ms >> 16),
                                         (guint) (ms & 0xffff), number);
  g_autofree char *key = g_strdup_printf ("%s/%s", sample->host, sample->plugin);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *text = plug_rb_time_to_string (time);

  plug_rb_json_set_string (json, "id", id);
  plug_rb_json_set_string (json, "plugin", key);
  plug_rb_json_set_string (json, "host", sample->host);
  plug_rb_json_set_string (json, "plugin-id", sample->plugin);
  plug_rb_json_set_string (json, "name", sample->plugin);
  plug_rb_json_set_string (json, "version", sample->version);
  plug_rb_json_set_string (json, "reason", sample->reason);
  plug_rb_json_set_string (json, "timestamp", text);
  plug_rb_json_set_string (json, "table", HASH);
  plug_rb_json_set_string (json, "label", sample->label);
  plug_rb_json_set_string (json, "note", sample->note);
  json_object_set_int_member (json, "sequence", number + 1);
  json_object_set_boolean_member (json, "pinned", sample->pinned);
  json_object_set_boolean_member (json, "absent", sample->absent);
  json_object_set_int_member (sizes, "real", sample->size);
  json_object_set_object_member (json, "sizes", sizes);

  return json;
}

static PlugRbSnapshot *
create_snapshot (const Sample *sample, guint number)
{
  g_autoptr(JsonObject) json = create_json (sample, number);
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *snapshot = plug_rb_snapshot_new_from_json (json, &error);

  g_assert_no_error (error);
  return snapshot;
}

static const Sample samples[] = {
  { "gnome-shell", "Caffeine", "44", "pre-update", NULL, NULL, 0.0001, 1200, FALSE, FALSE },
  { "gnome-shell", "Dash", "75", "manual", "Before the talk", "Größe", 1, 9000, FALSE, FALSE },
  { "gnome-shell", "Caffeine", "37", "baseline", NULL, NULL, 3, 100, TRUE, FALSE },
  { "gedit", "Brackets", "2", "pre-rollback", NULL, NULL, 20, 500, FALSE, FALSE },
  { "gedit", "Brackets", NULL, "pre-install", NULL, NULL, 60, 0, FALSE, TRUE },
};

static void
add_samples (Fixture *fixture)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = create_snapshot (&samples[i], i);

    g_list_store_append (fixture->snapshots, snapshot);
  }
  gui_settle ();
}

static void
add_damaged (Fixture *fixture)
{
  g_autoptr(PlugRbSnapshot) damaged = plug_rb_snapshot_new_damaged (
      "gedit", "Brackets", "01900000-0000-7000-8000-000000000000", "Its metadata are gone");

  g_list_store_append (fixture->snapshots, damaged);
}

/* ---- looking */

static GtkSelectionModel *
get_model (Fixture *fixture)
{
  GtkWidget *list = gui_find (fixture->panel, GTK_TYPE_LIST_VIEW, NULL, NULL);

  g_assert_nonnull (list);
  return gtk_list_view_get_model (GTK_LIST_VIEW (list));
}

/* “Caffeine 44, Dash 75” */
static char *
dup_shown (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (get_model (fixture));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (model, i);
    const char *version = plug_rb_snapshot_get_version (snapshot);

    g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "",
                            plug_rb_snapshot_get_plugin_id (snapshot), version ? version : "-");
  }

  return g_string_free_and_steal (text);
}

static void
assert_shown (Fixture *fixture, const char *expected)
{
  g_autofree char *shown = dup_shown (fixture);

  g_assert_cmpstr (shown, ==, expected);
}

static void
open_panel (Fixture *fixture)
{
  gui_activate (fixture->gui.window, "win.show-place", "s", "all");
  gui_settle ();
  fixture->panel = PLUG_RB_PANEL (gui_find (fixture->gui.window, PLUG_RB_TYPE_PANEL, NULL, NULL));
  g_assert_nonnull (fixture->panel);
  fixture->snapshots = G_LIST_STORE (plug_rb_manager_get_snapshots (fixture->gui.manager));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  open_panel (fixture);
}

static void
set_up_samples (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, NULL);
  add_samples (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gui_tear_down (&fixture->gui, NULL);
}

static GObject *
get_filter (Fixture *fixture)
{
  GtkMultiSelection *selection = GTK_MULTI_SELECTION (get_model (fixture));
  GtkSortListModel *sorted = GTK_SORT_LIST_MODEL (gtk_multi_selection_get_model (selection));
  GtkFilterListModel *filtered = GTK_FILTER_LIST_MODEL (gtk_sort_list_model_get_model (sorted));

  return G_OBJECT (gtk_filter_list_model_get_filter (filtered));
}

static GtkEditable *
open_search (Fixture *fixture)
{
  gui_activate (fixture->gui.window, "win.search", NULL);
  gui_settle ();
  return GTK_EDITABLE (gui_find (fixture->panel, GTK_TYPE_SEARCH_ENTRY, NULL, NULL));
}

/* ---- states */

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->panel, "No Snapshots");
  g_assert_cmpstr (gui_get_page (&fixture->gui), ==, "all-snapshots");
}

static void
test_loading (void)
{
  GuiFixture fixture;

  gui_reset_user ();
  fixture.manager = plug_rb_manager_new (NULL);
  fixture.window = g_object_ref (plug_rb_window_new (NULL, fixture.manager));
  gtk_window_present (GTK_WINDOW (fixture.window));
  gui_activate (fixture.window, "win.show-place", "s", "all");
  gui_settle ();
  g_assert_nonnull (gui_find (fixture.window, ADW_TYPE_SPINNER, NULL, NULL));
  gui_tear_down (&fixture, NULL);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37, Brackets 2, Brackets -");
  gui_wait_says (fixture->panel, "Caffeine 44");
  gui_wait_says (fixture->panel, "Dash 75 · “Before the talk”");
  gui_wait_says (fixture->panel, "Brackets · Not Installed");
  gui_wait_says (fixture->panel, "Before update");
  gui_wait_says (fixture->panel, "Yesterday");
}

static gboolean
has_size (gpointer manager)
{
  guint64 bytes;

  g_object_get (manager, "stored-size", &bytes, NULL);
  return bytes > 0;
}

static void
test_summary (Fixture *fixture, gconstpointer data)
{
  g_autofree char *stored = NULL;
  g_autofree char *text = NULL;
  guint64 bytes;

  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  gui_refresh (&fixture->gui);
  gui_wait (has_size, fixture->gui.manager);
  g_object_get (fixture->gui.manager, "stored-size", &bytes, NULL);
  stored = g_format_size (bytes);
  text = g_strdup_printf ("1 snapshot · %s on disk · 0 bytes shared", stored);
  gui_wait_says (fixture->panel, text);
}

/* ---- search */

static void
test_search (Fixture *fixture, gconstpointer data)
{
  GtkEditable *entry = open_search (fixture);

  gtk_editable_set_text (entry, "caff");
  assert_shown (fixture, "Caffeine 44, Caffeine 37");
  gtk_editable_set_text (entry, "THE TALK");
  assert_shown (fixture, "Dash 75");
  gtk_editable_set_text (entry, "größe");
  assert_shown (fixture, "Dash 75");
  gtk_editable_set_text (entry, "gnome shell");
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37");
  gtk_editable_set_text (entry, " 37 ");
  assert_shown (fixture, "Caffeine 37");

  gui_activate (fixture->gui.window, "win.back", NULL);
  gui_settle ();
  g_assert_null (gui_find (fixture->panel, GTK_TYPE_SEARCH_ENTRY, NULL, NULL));
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37, Brackets 2, Brackets -");
}

static void
test_no_hit (Fixture *fixture, gconstpointer data)
{
  GtkEditable *entry = open_search (fixture);

  g_object_set (get_filter (fixture), "host", "gedit", NULL);
  gtk_editable_set_text (entry, "nothing like it");
  gui_wait_says (fixture->panel, "No Snapshots Found");
  gui_activate (gui_find (fixture->panel, GTK_TYPE_BUTTON, "label", "_Clear Filters"),
                "panel.clear-filters", NULL);
  gui_wait_says (fixture->panel, "Caffeine 44");
}

/* ---- filters */

static gboolean
is_unrooted (gpointer button)
{
  return gtk_widget_get_root (button) == NULL;
}

static void
assert_filtered (Fixture *fixture, const char *property, const char *chip, const char *expected)
{
  g_autofree char *tooltip = g_strdup_printf ("Remove filter %s", chip);
  GtkWidget *button;

  assert_shown (fixture, expected);
  gui_settle ();
  button = gui_find (fixture->panel, GTK_TYPE_BUTTON, "tooltip-text", tooltip);
  g_assert_nonnull (button);
  /* As by a key, which presses it for a moment. */
  g_object_ref (button);
  gtk_widget_activate (button);
  gui_wait (is_unrooted, button);
  g_object_unref (button);
  gui_settle ();
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37, Brackets 2, Brackets -, Brackets -");
  g_assert_null (gui_find (fixture->panel, GTK_TYPE_BUTTON, "tooltip-text", tooltip));
}

static void
test_filters (Fixture *fixture, gconstpointer data)
{
  GObject *filter = get_filter (fixture);

  add_damaged (fixture);
  g_object_set (filter, "host", "gnome-shell", NULL);
  assert_filtered (fixture, "host", "GNOME Shell", "Caffeine 44, Dash 75, Caffeine 37");
  g_object_set (filter, "reasons", 1u << PLUG_RB_REASON_BASELINE, NULL);
  assert_filtered (fixture, "reasons", "Automatic copy", "Caffeine 37");
  g_object_set (filter, "taken", "week", NULL);
  assert_filtered (fixture, "taken", "Taken this week", "Caffeine 44, Dash 75, Caffeine 37");
  g_object_set (filter, "taken", "month", NULL);
  assert_filtered (fixture, "taken", "Taken this month",
                   "Caffeine 44, Dash 75, Caffeine 37, Brackets 2");
  g_object_set (filter, "kept-only", TRUE, NULL);
  assert_filtered (fixture, "kept-only", "Pinned or labeled", "Dash 75, Caffeine 37");
  g_object_set (filter, "damaged-only", TRUE, NULL);
  assert_filtered (fixture, "damaged-only", "Damaged", "Brackets -");
}

static void
test_popover (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button = gui_find (fixture->panel, GTK_TYPE_MENU_BUTTON, "label", "_Filter");
  GtkWidget *check;
  GtkWidget *program;

  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  gui_settle ();
  check = gui_find (button, GTK_TYPE_CHECK_BUTTON, "label", "Manual");
  g_assert_nonnull (check);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  assert_shown (fixture, "Dash 75");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);

  program = gui_find (button, GTK_TYPE_DROP_DOWN, NULL, NULL);
  for (guint i = 1; i <= 2; i++) {
    g_autofree char *shown = NULL;

    gtk_drop_down_set_selected (GTK_DROP_DOWN (program), i);
    shown = dup_shown (fixture);
    g_assert_true (g_str_equal (shown, "Brackets 2, Brackets -") ||
                   g_str_equal (shown, "Caffeine 44, Dash 75, Caffeine 37"));
  }
  gtk_drop_down_set_selected (GTK_DROP_DOWN (program), 0);
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37, Brackets 2, Brackets -");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  gui_settle ();
}

/* ---- order */

static void
test_sort (Fixture *fixture, gconstpointer data)
{
  gui_activate (fixture->panel, "panel.sort", "s", "oldest");
  assert_shown (fixture, "Brackets -, Brackets 2, Caffeine 37, Dash 75, Caffeine 44");
  gui_activate (fixture->panel, "panel.sort", "s", "largest");
  assert_shown (fixture, "Dash 75, Caffeine 44, Brackets 2, Caffeine 37, Brackets -");
  gui_activate (fixture->panel, "panel.sort", "s", "plugin");
  assert_shown (fixture, "Brackets 2, Brackets -, Caffeine 44, Caffeine 37, Dash 75");
  gui_wait_says (fixture->panel, "Dash");
  gui_activate (fixture->panel, "panel.sort", "s", "newest");
  assert_shown (fixture, "Caffeine 44, Dash 75, Caffeine 37, Brackets 2, Brackets -");
}

/* Order and filters are those of the last time, in a window of somebody else, too. */
static void
test_remembers (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *panel;
  Fixture other = *fixture;

  g_object_set (get_filter (fixture), "host", "gnome-shell", NULL);
  gui_activate (fixture->panel, "panel.sort", "s", "oldest");

  panel = g_object_new (PLUG_RB_TYPE_PANEL, "manager", fixture->gui.manager, NULL);
  adw_window_set_content (ADW_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  gui_settle ();
  other.panel = PLUG_RB_PANEL (g_object_ref (panel));
  assert_shown (&other, "Caffeine 37, Dash 75, Caffeine 44");
  gtk_window_destroy (GTK_WINDOW (window));
  gui_settle ();
  g_assert_finalize_object (other.panel);
}

static void
test_plugin (Fixture *fixture, gconstpointer data)
{
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  gui_refresh (&fixture->gui);
  add_samples (fixture);
  gui_activate (fixture->gui.window, "win.show-snapshots", "s", SAMPLE_KEY);
  gui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_model (fixture))), ==, 1);
  gui_wait_says (fixture->panel, "Sample 1");
  g_signal_emit_by_name (
      gui_find (fixture->panel, GTK_TYPE_BUTTON, "tooltip-text", "Remove filter Sample"),
      "clicked");
  gui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_model (fixture))), ==,
                    1 + G_N_ELEMENTS (samples));
}

/* The place stays where it was: in the sidebar, and in the next window. */
static void
test_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  GuiFixture again = fixture->gui;

  g_object_get (fixture->gui.window, "plugin", &plugin, NULL);
  g_assert_null (plugin);
  again.window = g_object_ref (plug_rb_window_new (NULL, fixture->gui.manager));
  gtk_window_present (GTK_WINDOW (again.window));
  gui_settle ();
  g_assert_cmpstr (gui_get_page (&again), ==, "all-snapshots");
  gtk_window_destroy (GTK_WINDOW (again.window));
  gui_settle ();
  g_assert_finalize_object (again.window);

  gui_activate (fixture->gui.window, "win.next-plugin", NULL);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (&fixture->gui), ==, "plugin");
}

/* ---- selection */

static gboolean
is_enabled (Fixture *fixture, const char *label)
{
  GtkWidget *button = gui_find (fixture->panel, GTK_TYPE_BUTTON, "label", label);

  g_assert_nonnull (button);
  return gtk_widget_is_sensitive (button);
}

static void
test_select (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->panel, "selecting", TRUE, NULL);
  gui_wait_says (fixture->panel, "Select Snapshots");
  gui_settle ();
  g_assert_false (is_enabled (fixture, "_Roll Back…"));
  g_assert_false (is_enabled (fixture, "_Delete"));

  gui_activate (fixture->panel, "panel.toggle", "u", 0);
  gui_wait_says (fixture->panel, "1 Selected");
  g_assert_true (is_enabled (fixture, "_Roll Back…"));
  g_assert_true (is_enabled (fixture, "_Compare"));
  gui_activate (fixture->panel, "panel.toggle", "u", 2);
  gui_wait_says (fixture->panel, "2 Selected");
  /* Two of the same plugin. */
  g_assert_false (is_enabled (fixture, "_Roll Back…"));
  gui_activate (fixture->panel, "panel.toggle", "u", 2);
  gui_activate (fixture->panel, "panel.toggle", "u", 1);
  g_assert_true (is_enabled (fixture, "_Roll Back…"));
  gui_activate (fixture->panel, "panel.select-all", NULL);
  gui_wait_says (fixture->panel, "5 Selected");
  g_assert_false (is_enabled (fixture, "_Compare"));

  /* What the filter hides is not selected any more. */
  g_object_set (get_filter (fixture), "host", "gedit", NULL);
  gui_wait_says (fixture->panel, "2 Selected");
  gui_activate (fixture->gui.window, "win.back", NULL);
  gui_wait_says (fixture->panel, "All Snapshots");
}

/* By whatever way something is selected, one sees what can be done with it. */
static void
test_select_in_list (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = gui_find (fixture->panel, GTK_TYPE_LIST_VIEW, NULL, NULL);

  gui_activate (list, "list.select-all", NULL);
  gui_wait_says (fixture->panel, "5 Selected");
  gui_activate (fixture->panel, "panel.cancel-selection", NULL);
  gui_wait_says (fixture->panel, "All Snapshots");
  gui_activate (fixture->panel, "panel.toggle", "u", 3);
  gui_wait_says (fixture->panel, "1 Selected");
}

typedef struct {
  GListModel *list;
  guint n;
} Count;

static gboolean
has_items (gpointer data)
{
  Count *count = data;

  return g_list_model_get_n_items (count->list) == count->n;
}

static void
wait_snapshots (Fixture *fixture, guint n)
{
  Count count = { G_LIST_MODEL (fixture->snapshots), n };

  gui_wait (has_items, &count);
}

static void
take_two (Fixture *fixture)
{
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  scratch_install_sample (2);
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  gui_refresh (&fixture->gui);
  wait_snapshots (fixture, 2);
  gui_settle ();
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  take_two (fixture);
  gui_activate (fixture->panel, "panel.select-all", NULL);
  gui_activate (fixture->panel, "panel.delete", NULL);
  gui_wait_says (fixture->gui.window, "2 snapshots deleted");
  wait_snapshots (fixture, 0);
  gui_activate (fixture->gui.window, "win.undo", NULL);
  wait_snapshots (fixture, 2);
}

static gboolean
is_pinned (gpointer list)
{
  g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (list, 0);

  return snapshot != NULL && plug_rb_snapshot_get_pinned (snapshot);
}

static void
pin_first (Fixture *fixture)
{
  gui_activate (fixture->panel, "panel.toggle", "u", 0);
  gui_activate (fixture->panel, "panel.pin", NULL);
  gui_wait_says (fixture->gui.window, "Snapshot pinned");
  gui_wait (is_pinned, fixture->snapshots);
}

static void
test_pin (Fixture *fixture, gconstpointer data)
{
  take_two (fixture);
  pin_first (fixture);
  gui_activate (fixture->panel, "panel.pin", NULL);
  gui_wait_says (fixture->gui.window, "Snapshot unpinned");
  g_assert_false (is_pinned (fixture->snapshots));
}

static void
test_delete_pinned (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  take_two (fixture);
  pin_first (fixture);
  gui_activate (fixture->panel, "panel.delete", NULL);
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Delete Pinned Snapshot?");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (&fixture->gui);
  wait_snapshots (fixture, 2);

  gui_activate (fixture->panel, "panel.delete", NULL);
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_button (dialog, "_Delete");
  g_signal_emit_by_name (gui_find (dialog, GTK_TYPE_BUTTON, "label", "_Delete"), "clicked");
  wait_snapshots (fixture, 1);
}

static void
test_roll_back (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  take_two (fixture);
  gui_activate (fixture->panel, "panel.toggle", "u", 1);
  gui_activate (fixture->panel, "panel.roll-back", NULL);
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Version 2 → 1");
}

static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->panel, "narrow", TRUE, NULL);
  gui_settle ();
  g_assert_nonnull (gui_find (fixture->panel, GTK_TYPE_MENU_BUTTON, "label", "_Filter"));
  g_assert_null (gui_find (fixture->panel, GTK_TYPE_INSCRIPTION, "text", "Before update"));
  g_object_set (fixture->panel, "selecting", TRUE, NULL);
  gui_settle ();
  g_assert_nonnull (
      gui_find (fixture->panel, GTK_TYPE_MENU_BUTTON, "tooltip-text", "More Actions"));
  g_object_set (fixture->panel, "narrow", FALSE, "selecting", FALSE, NULL);
  gui_settle ();
  g_assert_nonnull (gui_find (fixture->panel, GTK_TYPE_INSCRIPTION, "text", "Before update"));
}

/* ---- several plugins at once */

static void
install_other (const char *version)
{
  g_autofree char *script = g_strdup_printf (
      "cd \"$XDG_DATA_HOME\"/gnome-shell/extensions && rm -rf other@example.org && "
      "cp -a sample@example.org other@example.org && sed -i 's/sample@/other@/; "
      "s/Sample/Other/' other@example.org/metadata.json && echo %s > other@example.org/number",
      version);

  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
}

static AdwDialog *
open_batch (Fixture *fixture)
{
  AdwDialog *dialog;

  install_other ("1");
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  scratch_run ((const char *[]) { "plugrb", "snapshot", "other@example.org", NULL });
  scratch_install_sample (2);
  install_other ("2");
  gui_refresh (&fixture->gui);
  wait_snapshots (fixture, 2);
  gui_settle ();
  gui_activate (fixture->panel, "panel.select-all", NULL);
  gui_activate (fixture->panel, "panel.roll-back", NULL);
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Roll Back 2 Plugins");
  gui_wait_says (dialog, "All of them or none.");

  return dialog;
}

static char *
read_numbers (void)
{
  return scratch_output ((const char *[]) {
      "bash", "-c",
      "cd \"$XDG_DATA_HOME\"/gnome-shell/extensions && grep -h '\"version\"' */metadata.json | tr "
      "-dc 0-9; cat other@example.org/number",
      NULL });
}

static void
test_batch (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_batch (fixture);
  g_autofree char *new = read_numbers ();
  g_autofree char *old = NULL;
  g_autofree char *undone = NULL;

  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_says (fixture->gui.window, "2 plugins rolled back");
  gui_wait_no_dialog (&fixture->gui);
  old = read_numbers ();
  g_assert_cmpstr (old, ==, "1481481\n");
  gui_activate (fixture->gui.window, "win.undo", NULL);
  gui_wait_says (fixture->gui.window, "Roll back undone");
  undone = read_numbers ();
  g_assert_cmpstr (undone, ==, new);
}

static gboolean
is_start_insensitive (gpointer dialog)
{
  GtkWidget *button = gui_find (dialog, GTK_TYPE_BUTTON, "label", "_Roll Back");

  return button != NULL && !gtk_widget_is_sensitive (button);
}

static GtkCheckButton *
find_check (AdwDialog *dialog, const char *plugin)
{
  GtkWidget *row = gui_find (dialog, ADW_TYPE_ACTION_ROW, "title", plugin);

  g_assert_nonnull (row);
  return GTK_CHECK_BUTTON (gui_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
}

static void
test_batch_untick (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_batch (fixture);
  g_autofree char *numbers = NULL;

  gui_wait_button (dialog, "_Roll Back");
  gtk_check_button_set_active (find_check (dialog, "Sample"), FALSE);
  gtk_check_button_set_active (find_check (dialog, "Other"), FALSE);
  gui_wait (is_start_insensitive, dialog);
  gtk_check_button_set_active (find_check (dialog, "Other"), TRUE);
  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_says (fixture->gui.window, "Other rolled back to version 1");
  gui_wait_no_dialog (&fixture->gui);
  numbers = read_numbers ();
  g_assert_cmpstr (numbers, ==, "1482481\n");
}

/* ---- a program to a point in time */

static void
test_moment (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;
  g_autofree char *numbers = NULL;

  install_other ("1");
  scratch_run ((const char *[]) { "plugrb", "snapshot", "other@example.org", NULL });
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  scratch_install_sample (2);
  scratch_run ((const char *[]) { "plugrb", "snapshot", "sample@example.org", NULL });
  install_other ("2");
  gui_refresh (&fixture->gui);
  wait_snapshots (fixture, 3);
  gui_settle ();

  gui_activate (fixture->gui.window, "win.roll-back-host", "s", "gnome-shell");
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Roll Back Plugins of GNOME Shell");
  gui_wait_says (dialog, "1 plugin differs from now");
  gui_wait_says (dialog, "2 plugins differ from now");
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (
                                         gui_find (dialog, GTK_TYPE_LIST_VIEW, NULL, NULL)))),
                                     1);
  gui_wait_button (dialog, "_Next");
  gui_activate (dialog, "moment.next", NULL);
  gui_settle ();
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Roll Back 2 Plugins");
  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_says (fixture->gui.window, "2 plugins rolled back");
  gui_wait_no_dialog (&fixture->gui);
  numbers = read_numbers ();
  g_assert_cmpstr (numbers, ==, "1481481\n");
}

static void
test_moment_none (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  gui_activate (fixture->gui.window, "win.roll-back-host", "s", "");
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "No Snapshots");
  gui_activate (dialog, "moment.close", NULL);
  gui_wait_no_dialog (&fixture->gui);
}

/* The update is at the top once more, and who was not there then is not ticked. */
static void
test_moment_list (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  gui_activate (fixture->gui.window, "win.roll-back-host", "s", "gnome-shell");
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Yesterday");
  g_assert_nonnull (gui_find (dialog, ADW_TYPE_COMBO_ROW, "title", "Program"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (
                        GTK_LIST_VIEW (gui_find (dialog, GTK_TYPE_LIST_VIEW, NULL, NULL))))),
                    ==, 4);
}

/* ---- cleaning up */

static AdwDialog *
open_clean_up (Fixture *fixture)
{
  gui_activate (fixture->gui.window, "win.clean-up", NULL);
  return gui_wait_dialog (&fixture->gui);
}

static void
test_clean_up_nothing (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_clean_up (fixture);

  gui_wait_says (dialog, "Nothing to Clean Up");
  g_assert_null (gui_find (dialog, GTK_TYPE_BUTTON, "label", "_Clean Up"));
  adw_dialog_close (dialog);
  gui_wait_no_dialog (&fixture->gui);
}

static void
take_many (Fixture *fixture)
{
  static const char script[] =
      "for i in 1 2 3 4 5 6; do "
      "echo $i > \"$XDG_DATA_HOME\"/gnome-shell/extensions/sample@example.org/number; "
      "plugrb snapshot sample@example.org; done";

  scratch_run ((const char *[]) { "plugrb", "policy", "set", "max-snapshots=100", NULL });
  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
  scratch_run ((const char *[]) { "plugrb", "policy", "set", "max-snapshots=1", "--yes", NULL });
  gui_refresh (&fixture->gui);
  wait_snapshots (fixture, 6);
}

static gboolean
are_fewer (gpointer list)
{
  guint n = g_list_model_get_n_items (list);

  return n > 0 && n < 6;
}

static void
test_clean_up (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;
  guint n_left;

  take_many (fixture);
  dialog = open_clean_up (fixture);
  gui_wait_button (dialog, "_Clean Up");
  gui_wait_says (dialog, "To Be Removed");
  gui_wait_says (dialog, "Sample 1");
  gui_activate (dialog, "clean-up.start", NULL);
  gui_wait_no_dialog (&fixture->gui);
  gui_wait (are_fewer, fixture->snapshots);
  n_left = g_list_model_get_n_items (G_LIST_MODEL (fixture->snapshots));
  gui_activate (fixture->gui.window, "win.undo", NULL);
  wait_snapshots (fixture, 6);
  g_assert_cmpuint (n_left, <, 6);
}

static void
respond (Fixture *fixture, AdwDialog *behind, const char *label)
{
  AdwDialog *dialog =
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->gui.window));

  g_assert_true (dialog != behind);
  gui_wait_button (dialog, label);
  g_signal_emit_by_name (gui_find (dialog, GTK_TYPE_BUTTON, "label", label), "clicked");
}

static gboolean
says_no_trash (gpointer dialog)
{
  return gui_says (dialog, "Nothing to Clean Up") && !gui_says (dialog, "Deleted Snapshots");
}

static void
test_trash (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;
  g_autoptr(PlugRbSnapshot) first = NULL;
  g_autofree char *id = NULL;
  g_autofree char *left = NULL;

  take_two (fixture);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->snapshots), 0);
  id = g_strdup (plug_rb_snapshot_get_id (first));
  gui_activate (fixture->panel, "panel.select-all", NULL);
  gui_activate (fixture->panel, "panel.delete", NULL);
  wait_snapshots (fixture, 0);

  dialog = open_clean_up (fixture);
  gui_wait_says (dialog, "Deleted Snapshots");
  gui_activate (dialog, "clean-up.restore", "s", id);
  wait_snapshots (fixture, 1);
  gui_wait_button (dialog, "_Empty Trash…");
  gui_activate (dialog, "clean-up.empty-trash", NULL);
  gui_settle ();
  respond (fixture, dialog, "_Empty Trash");
  gui_wait (says_no_trash, dialog);
  left = scratch_output ((const char *[]) {
      "bash", "-c", "find \"$XDG_DATA_HOME\"/plugin-rollback/trash -name snapshot.json", NULL });
  g_assert_cmpstr (left, ==, "");
  wait_snapshots (fixture, 1);
  adw_dialog_close (dialog);
  gui_wait_no_dialog (&fixture->gui);
}

/* ---- ten thousand */

static void
add_many (Fixture *fixture)
{
  static const char *const reasons[] = { "pre-update", "manual", "baseline" };
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < MANY; i++) {
    g_autofree char *plugin = g_strdup_printf ("plugin-%03u@example.org", i % 200);
    g_autofree char *version = g_strdup_printf ("%u.%u", i / 200, i % 7);
    Sample sample = { "gnome-shell", plugin,   version, reasons[i % 3], NULL,
                      NULL,          i / 24.0, i,       FALSE,          FALSE };

    g_ptr_array_add (all, create_snapshot (&sample, i));
  }
  g_list_store_splice (fixture->snapshots, 0, 0, all->pdata, all->len);
  gui_settle ();
}

/* Of this process alone, in milliseconds: what else runs on the machine is not what is measured. */
static double
get_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1000 + (double) time.tv_nsec / 1000000;
}

static double
search_for (GtkEditable *entry, const char *text)
{
  double start = get_time ();

  gtk_editable_set_text (entry, text);
  return get_time () - start;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double
median (GArray *values)
{
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, values->len / 2);
}

static double
search_often (GtkEditable *entry)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < 7; i++) {
    double first = search_for (entry, "plugin-1");
    double second = search_for (entry, "plugin-11");
    double third = search_for (entry, "nothing of this");

    best = MIN (best, MAX (first, MAX (second, third)));
    search_for (entry, "");
  }

  return best;
}

/* The answer, and with it all the rows that the list keeps, some two hundred, made anew. */
static void
test_many_search (Fixture *fixture, gconstpointer data)
{
  GtkListView *list;
  GtkEditable *entry;
  g_autoptr(GtkSelectionModel) model = NULL;
  double with_rows;
  double answer;

  add_many (fixture);
  entry = open_search (fixture);
  list = GTK_LIST_VIEW (gui_find (fixture->panel, GTK_TYPE_LIST_VIEW, NULL, NULL));
  model = g_object_ref (gtk_list_view_get_model (list));
  with_rows = search_often (entry);
  gtk_list_view_set_model (list, NULL);
  answer = search_often (entry);
  gtk_list_view_set_model (list, model);
  g_test_message ("a key in the search among %u snapshots: %.1f ms, with all rows %.1f ms", MANY,
                  answer, with_rows);
  g_assert_cmpfloat (answer, <, 33.0 * SLOWNESS);
  g_assert_cmpfloat (with_rows, <, 300.0 * SLOWNESS);
  gtk_editable_set_text (entry, "plugin-11");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, MANY / 20);
}

typedef struct {
  gint64 start;
  GArray *times;
} Frames;

static void
frame_begins_cb (Frames *frames)
{
  frames->start = g_get_monotonic_time ();
}

static void
frame_ends_cb (Frames *frames)
{
  double time = (double) (g_get_monotonic_time () - frames->start) / 1000;

  g_array_append_val (frames->times, time);
}

typedef struct {
  Frames *frames;
  guint n;
} Wanted;

static gboolean
has_frames (gpointer data)
{
  Wanted *wanted = data;

  return wanted->frames->times->len >= wanted->n;
}

static void
scroll (Fixture *fixture, Frames *frames)
{
  GtkWidget *list = gui_find (fixture->panel, GTK_TYPE_LIST_VIEW, NULL, NULL);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));

  for (guint i = 1; i <= 100; i++) {
    Wanted wanted = { frames, frames->times->len + 1 };

    gtk_adjustment_set_value (adjustment, i * 137.0);
    gui_wait (has_frames, &wanted);
  }
}

static void
test_many_scroll (Fixture *fixture, gconstpointer data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->gui.window));
  Frames frames = { 0, g_array_new (FALSE, FALSE, sizeof (double)) };
  gulong begins;
  gulong ends;
  double usual;

  add_many (fixture);
  begins = g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (frame_begins_cb), &frames);
  ends = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (frame_ends_cb), &frames);
  scroll (fixture, &frames);
  usual = median (frames.times);
  g_test_message ("scrolling %u snapshots: a frame takes %.1f ms, the longest %.1f ms", MANY, usual,
                  g_array_index (frames.times, double, frames.times->len - 1));
  g_assert_cmpfloat (usual, <, 33.0 * SLOWNESS);
  g_signal_handler_disconnect (clock, begins);
  g_signal_handler_disconnect (clock, ends);
  g_array_unref (frames.times);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_with_samples (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up_samples, test, tear_down);
}

static void
add_tests (void)
{
  add ("/panel/empty", test_empty);
  g_test_add_func ("/panel/loading", test_loading);
  add_with_samples ("/panel/list", test_list);
  add ("/panel/summary", test_summary);
  add_with_samples ("/panel/search", test_search);
  add_with_samples ("/panel/search/no-hit", test_no_hit);
  add_with_samples ("/panel/filters", test_filters);
  add_with_samples ("/panel/filters/popover", test_popover);
  add_with_samples ("/panel/sort", test_sort);
  add_with_samples ("/panel/remembers", test_remembers);
  add ("/panel/plugin", test_plugin);
  add ("/panel/place", test_place);
  add_with_samples ("/panel/select", test_select);
  add_with_samples ("/panel/select/in-list", test_select_in_list);
  add ("/panel/select/delete", test_delete);
  add ("/panel/select/delete-pinned", test_delete_pinned);
  add ("/panel/select/pin", test_pin);
  add ("/panel/select/roll-back", test_roll_back);
  add_with_samples ("/panel/narrow", test_narrow);
  add ("/panel/batch", test_batch);
  add ("/panel/batch/untick", test_batch_untick);
  add ("/panel/moment", test_moment);
  add_with_samples ("/panel/moment/list", test_moment_list);
  add ("/panel/moment/none", test_moment_none);
  add ("/panel/clean-up", test_clean_up);
  add ("/panel/clean-up/nothing", test_clean_up_nothing);
  add ("/panel/clean-up/trash", test_trash);
  add ("/panel/many/search", test_many_search);
  add ("/panel/many/scroll", test_many_scroll);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
