/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The history of all plugins and of one, by day, searched, filtered and saved; the audit trail; all
 * that is known of one operation. */

#include "gui.h"

#include <glib/gstdio.h>

#include "../core/scratch.h"
#include "plug-rb-activity-page.h"
#include "plug-rb-error.h"
#include "plug-rb-history-filter.h"
#include "plug-rb-history-page.h"
#include "plug-rb-json.h"
#include "plug-rb-operation.h"

static const PlugRbOperationChange sample_change = {
  .plugin = (char *) SAMPLE_KEY,
  .name = (char *) "Sample",
  .from_version = (char *) "2",
  .to_version = (char *) "1",
  .target = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  .safety_snapshot = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c073990",
  .after_table = (char *) "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

static const PlugRbOperationChange theme_change = {
  .plugin = (char *) "gedit/theme",
  .name = (char *) "Theme",
  .from_version = (char *) "7",
  .to_version = (char *) "6",
};

/* ---- history made by hand */

static void
add_operation (GuiFixture *fixture, PlugRbOperation *operation)
{
  g_list_store_append (G_LIST_STORE (plug_rb_manager_get_operations (fixture->manager)), operation);
}

static PlugRbOperation *
add_done (GuiFixture *fixture, const PlugRbOperationChange *change)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  plug_rb_operation_begin_step (operation, "check");
  plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  plug_rb_operation_add_change (operation, change);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  add_operation (fixture, operation);

  return operation;
}

static PlugRbOperation *
add_failed (GuiFixture *fixture)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(GError) error =
      g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, "The disk is <full>");

  plug_rb_operation_add_plugin (operation, SAMPLE_KEY, "Sample");
  plug_rb_operation_begin_step (operation, "read-files");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);
  add_operation (fixture, operation);

  return operation;
}

/* As if it had happened the day before. */
static void
add_old (GuiFixture *fixture)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) yesterday = g_date_time_add_days (now, -1);
  g_autofree char *time = plug_rb_time_to_string (yesterday);
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(PlugRbOperation) old = NULL;
  g_autoptr(GError) error = NULL;

  plug_rb_operation_add_change (operation, &sample_change);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  json = plug_rb_operation_to_json (operation);
  json_object_set_string_member (json, "started", time);
  json_object_set_string_member (json, "finished", time);
  old = plug_rb_operation_new_from_json (json, &error);
  g_assert_no_error (error);
  add_operation (fixture, old);
}

static void
set_up_history (GuiFixture *fixture, gconstpointer data)
{
  gui_set_up (fixture, NULL);
  add_old (fixture);
  add_done (fixture, &theme_change);
  add_done (fixture, &sample_change);
  add_failed (fixture);
  gui_activate (fixture->window, "win.show-place", "s", "history");
  gui_wait_says (fixture->window, "Could not take a snapshot of Sample");
}

static GtkWidget *
get_page (GuiFixture *fixture)
{
  GtkWidget *page = gui_find (fixture->window, PLUG_RB_TYPE_HISTORY_PAGE, NULL, NULL);

  g_assert_nonnull (page);
  return page;
}

static GListModel *
get_rows (GuiFixture *fixture)
{
  GtkWidget *list = gui_find (get_page (fixture), GTK_TYPE_LIST_VIEW, NULL, NULL);

  g_assert_nonnull (list);
  return G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));
}

static GtkPopover *
get_popover (GuiFixture *fixture)
{
  GtkWidget *button = gui_find (get_page (fixture), GTK_TYPE_MENU_BUTTON, "label", "_Filter");

  g_assert_nonnull (button);
  return gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
}

static void
set_filter (GuiFixture *fixture, const char *property, const char *value)
{
  g_autoptr(GObject) filter = NULL;

  g_object_get (get_popover (fixture), "filter", &filter, NULL);
  g_object_set (filter, property, value, NULL);
}

/* Titles, “; ” between them, or “nothing”. */
static char *
dup_titles (GuiFixture *fixture)
{
  GString *titles = g_string_new (NULL);
  GListModel *rows;

  if (gui_says (get_page (fixture), "Nothing Found")) {
    g_string_append (titles, "nothing");
    return g_string_free_and_steal (titles);
  }

  rows = get_rows (fixture);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (rows, i);
    g_autofree char *title = plug_rb_operation_dup_title (operation);

    g_string_append_printf (titles, "%s%s", i > 0 ? "; " : "", title);
  }

  return g_string_free_and_steal (titles);
}

static void
assert_titles (GuiFixture *fixture, const char *expected)
{
  g_autofree char *titles = NULL;

  gui_settle ();
  titles = dup_titles (fixture);
  g_assert_cmpstr (titles, ==, expected);
}

/* ---- the list */

static void
test_empty (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.show-place", "s", "history");
  gui_wait_says (fixture->window, "No History Yet");
}

static void
test_days (GuiFixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->window, "Today");
  gui_wait_says (fixture->window, "Yesterday");
  assert_titles (fixture, "Could not take a snapshot of Sample; Rolled back Sample to version 1; "
                          "Rolled back Theme to version 6; Undid a change of Sample");
}

/* A failure is told; only what can be undone offers it. */
static void
test_rows (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) failed = g_list_model_get_item (get_rows (fixture), 0);
  GtkWidget *icon =
      gui_find (get_page (fixture), GTK_TYPE_IMAGE, "icon-name", "dialog-error-symbolic");

  g_assert_nonnull (icon);
  g_assert_true (gtk_widget_has_css_class (icon, "error"));
  gui_wait_says (fixture->window, "Just now · The disk is <full>");
  g_assert_false (plug_rb_operation_get_can_undo (failed));
  g_assert_nonnull (gui_find (get_page (fixture), GTK_TYPE_BUTTON, "label", "Undo"));
}

/* What happens now stands first, and ends before the eyes. */
static void
test_running (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  plug_rb_operation_add_plugin (operation, SAMPLE_KEY, "Sample");
  add_operation (fixture, operation);
  gui_wait_says (fixture->window, "Rolling Back Sample");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  gui_wait_says (fixture->window, "Rolled back Sample");
}

static void
test_search (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *entry;

  gui_activate (fixture->window, "win.search", NULL);
  gui_settle ();
  entry = gui_find (get_page (fixture), GTK_TYPE_SEARCH_ENTRY, NULL, NULL);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "THEME");
  assert_titles (fixture, "Rolled back Theme to version 6");
  gtk_editable_set_text (GTK_EDITABLE (entry), "is <full");
  assert_titles (fixture, "Could not take a snapshot of Sample");
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing like it");
  assert_titles (fixture, "nothing");

  gui_activate (fixture->window, "win.back", NULL);
  gui_settle ();
  g_assert_null (gui_find (get_page (fixture), GTK_TYPE_SEARCH_ENTRY, NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, 4);
  g_assert_cmpstr (gui_get_page (fixture), ==, "history");
}

static void
remove_chip (GuiFixture *fixture, const char *chip)
{
  g_autofree char *tooltip = g_strdup_printf ("Remove filter %s", chip);
  GtkWidget *button;

  gui_settle ();
  button = gui_find (get_page (fixture), GTK_TYPE_BUTTON, "tooltip-text", tooltip);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  gui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, 4);
}

static void
test_filters (GuiFixture *fixture, gconstpointer data)
{
  set_filter (fixture, "host", "gedit");
  assert_titles (fixture, "Rolled back Theme to version 6");
  remove_chip (fixture, "gedit");

  set_filter (fixture, "plugin", SAMPLE_KEY);
  assert_titles (fixture, "Could not take a snapshot of Sample; Rolled back Sample to version 1; "
                          "Undid a change of Sample");
  remove_chip (fixture, "Sample");

  set_filter (fixture, "kind", "undo");
  assert_titles (fixture, "Undid a change of Sample");
  remove_chip (fixture, "Undoing");

  set_filter (fixture, "outcome", "failed");
  assert_titles (fixture, "Could not take a snapshot of Sample");
  remove_chip (fixture, "Failed");

  set_filter (fixture, "outcome", "undone");
  assert_titles (fixture, "nothing");
  gui_activate (get_page (fixture), "history.clear-filters", NULL);
  gui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (get_rows (fixture)), ==, 4);
}

static GtkDropDown *
find_drop_down (GuiFixture *fixture, guint n_items)
{
  GtkWidget *box = gtk_popover_get_child (get_popover (fixture));

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_DROP_DOWN (child) &&
        g_list_model_get_n_items (gtk_drop_down_get_model (GTK_DROP_DOWN (child))) == n_items)
      return GTK_DROP_DOWN (child);

  g_assert_not_reached ();
}

/* Of the program and of the plugin there is one to choose each: that of the theme is not known. */
static void
test_popover (GuiFixture *fixture, gconstpointer data)
{
  GtkPopover *popover = get_popover (fixture);
  GtkDropDown *kind;

  if (!gui_has_keyboard ()) {
    g_test_skip ("a popover needs a seat");
    return;
  }

  gtk_popover_popup (popover);
  gui_settle ();
  gtk_drop_down_set_selected (find_drop_down (fixture, 2), 1);
  assert_titles (fixture, "Could not take a snapshot of Sample; Rolled back Sample to version 1; "
                          "Undid a change of Sample");
  kind = find_drop_down (fixture, PLUG_RB_KIND_UNINSTALL + 2);
  gtk_drop_down_set_selected (kind, PLUG_RB_KIND_UNDO + 1);
  assert_titles (fixture, "Undid a change of Sample");

  gui_activate (get_page (fixture), "history.clear-filters", NULL);
  g_assert_cmpuint (gtk_drop_down_get_selected (kind), ==, 0);
  gtk_popover_popdown (popover);
}

/* “Show All Activity” of the page of a plugin: more is one chip away. */
static void
test_of_one_plugin (GuiFixture *fixture, gconstpointer data)
{
  plug_rb_window_open_plugin (fixture->window, SAMPLE_KEY);
  gui_activate (fixture->window, "win.show-plugin-history", NULL);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin-history");
  assert_titles (fixture, "Could not take a snapshot of Sample; Rolled back Sample to version 1; "
                          "Undid a change of Sample");
  remove_chip (fixture, "Sample");
  gui_activate (fixture->window, "win.back", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
}

/* ---- saving, and the audit trail */

static void
test_export (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "history.txt", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;

  set_filter (fixture, "plugin", "gedit/theme");
  gui_settle ();
  plug_rb_history_page_save (PLUG_RB_HISTORY_PAGE (get_page (fixture)), file);
  gui_wait_says (fixture->window, "History exported");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "Rolled back Theme to version 6\n"));
  g_assert_null (strstr (text, "Sample"));
}

static void
test_export_fails (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/history.txt");

  plug_rb_history_page_save (PLUG_RB_HISTORY_PAGE (get_page (fixture)), file);
  gui_wait_says (fixture->window, "Could not export the history");
  g_assert_nonnull (gui_find (fixture->window, GTK_TYPE_BUTTON, "label", "_Details"));
}

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 1 && !plug_rb_plugin_get_busy (plugin);
}

static void
open_audited (GuiFixture *fixture)
{
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  gui_activate (fixture->window, "win.show-place", "s", "history");
  gui_wait_says (fixture->window, "Took a snapshot of Sample");
}

static void
test_audit_intact (GuiFixture *fixture, gconstpointer data)
{
  open_audited (fixture);
  gui_activate (get_page (fixture), "history.verify", NULL);
  gui_wait_says (fixture->window, "Audit trail is intact, 1 entry");
}

static gboolean
names_entry (gpointer dialog)
{
  GtkWidget *label = adw_alert_dialog_get_extra_child (dialog);

  return g_str_has_prefix (gtk_label_get_text (GTK_LABEL (label)), "Entry 2: ");
}

static void
test_audit_changed (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  open_audited (fixture);
  g_free (scratch_in_store ("sed -i 's/snapshot/snopshot/' audit.jsonl"));
  gui_activate (get_page (fixture), "history.verify", NULL);
  gui_wait_says (fixture->window, "The audit trail was changed outside Plugin Rollback at entry 2");
  gui_activate (get_page (fixture), "history.show-audit", NULL);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Audit Trail Was Changed");
  gui_wait_until ("the entry is named", names_entry, dialog);
  adw_dialog_close (dialog);
  gui_wait_no_dialog (fixture);
}

/* ---- one operation */

static GtkWidget *
open_activity (GuiFixture *fixture, PlugRbOperation *operation)
{
  GtkWidget *page;

  gui_activate (fixture->window, "win.show-activity", "s", plug_rb_operation_get_id (operation));
  gui_settle ();
  page = gui_find (fixture->window, PLUG_RB_TYPE_ACTIVITY_PAGE, NULL, NULL);
  g_assert_nonnull (page);

  return page;
}

static void
test_activity_failed (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page = open_activity (fixture, add_failed (fixture));
  GtkWidget *log;

  gui_wait_says (page, "Could not take a snapshot of Sample");
  gui_wait_says (page, "Read Files");
  gui_wait_says (page, "The disk is <full>");
  g_assert_null (gui_find (page, GTK_TYPE_BUTTON, "label", "_Undo"));

  gui_activate (page, "activity.copy-error", NULL);
  gui_wait_says (fixture->window, "Copied");
  adw_expander_row_set_expanded (
      ADW_EXPANDER_ROW (gui_find (page, ADW_TYPE_EXPANDER_ROW, "title", "Log")), TRUE);
  gui_settle ();
  log = gui_find (page, GTK_TYPE_TEXT_VIEW, NULL, NULL);
  g_assert_nonnull (log);
  g_assert_cmpint (gtk_widget_get_direction (log), ==, GTK_TEXT_DIR_LTR);

  gui_activate (fixture->window, "win.back", NULL);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
}

/* What runs is followed to its end. */
static void
test_activity_running (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  GtkWidget *page;

  plug_rb_operation_add_plugin (operation, SAMPLE_KEY, "Sample");
  add_operation (fixture, operation);
  page = open_activity (fixture, operation);
  gui_wait_says (page, "Rolling Back Sample");
  g_assert_false (gui_says (page, "Changes"));

  plug_rb_operation_begin_step (operation, "check");
  plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  plug_rb_operation_add_change (operation, &sample_change);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  gui_wait_says (page, "Rolled back Sample to version 1");
  gui_wait_says (page, "2 → 1");
}

static void
roll_back (GuiFixture *fixture)
{
  AdwDialog *dialog;

  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  scratch_install_sample (2);
  gui_refresh (fixture);
  gui_activate (fixture->window, "win.roll-back-latest", "s", "");
  dialog = gui_wait_dialog (fixture);
  gui_wait_button (dialog, "_Roll Back");
  gui_activate (dialog, "rollback.start", NULL);
  gui_wait_says (fixture->window, "Sample rolled back to version 1");
  gui_wait_no_dialog (fixture);
}

/* From the end of a rollback to what was there before it, and back by undoing. */
static void
test_activity_of_rollback (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = NULL;
  GtkWidget *page;
  GtkWidget *row;

  roll_back (fixture);
  operation = g_list_model_get_item (plug_rb_manager_get_operations (fixture->manager), 0);
  page = open_activity (fixture, operation);
  row = gui_find (page, ADW_TYPE_ACTION_ROW, "title", "Sample");
  g_assert_nonnull (row);
  gui_wait_says (page, "Safety Snapshot");
  gtk_widget_activate (row);
  gui_settle ();
  g_assert_cmpstr (gui_get_page (fixture), ==, "snapshot-details");

  gui_activate (fixture->window, "win.back", NULL);
  gui_wait_button (fixture->window, "_Undo");
  gtk_widget_activate (gui_find (page, GTK_TYPE_BUTTON, "label", "_Undo"));
  gui_wait_says (fixture->window, "Roll back undone");
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, gui_set_up, test, gui_tear_down);
}

static void
add_with_history (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, set_up_history, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/history/empty", test_empty);
  add_with_history ("/history/days", test_days);
  add_with_history ("/history/rows", test_rows);
  add_with_history ("/history/running", test_running);
  add_with_history ("/history/search", test_search);
  add_with_history ("/history/filters", test_filters);
  add_with_history ("/history/filters/popover", test_popover);
  add_with_history ("/history/of-one-plugin", test_of_one_plugin);
  add_with_history ("/history/export", test_export);
  add_with_history ("/history/export/fails", test_export_fails);
  add ("/history/audit/intact", test_audit_intact);
  add ("/history/audit/changed", test_audit_changed);
  add ("/activity/failed", test_activity_failed);
  add ("/activity/running", test_activity_running);
  add ("/activity/rollback", test_activity_of_rollback);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
