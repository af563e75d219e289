/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What goes on, and what failed unseen: the button, the list, stopping and dismissing. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-error.h"
#include "plug-rb-job-row.h"
#include "plug-rb-jobs-button.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin-page.h"

typedef struct {
  GuiFixture gui;
  PlugRbOperation *operation;
} Fixture;

static PlugRbOperation *
start (GuiFixture *fixture, PlugRbKind kind)
{
  PlugRbOperation *operation = plug_rb_operation_new (kind);

  plug_rb_operation_add_plugin (operation, SAMPLE_KEY, "Sample");
  g_list_store_insert (G_LIST_STORE (plug_rb_manager_get_operations (fixture->manager)), 0,
                       operation);

  return operation;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  fixture->operation = start (&fixture->gui, PLUG_RB_KIND_ROLLBACK);
  gui_settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->operation);
  gui_tear_down (&fixture->gui, NULL);
}

static void
fail (PlugRbOperation *operation)
{
  g_autoptr(GError) error =
      g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, "The disk is full");

  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);
}

static GtkWidget *
find_button (GuiFixture *fixture)
{
  return gui_find (fixture->window, PLUG_RB_TYPE_JOBS_BUTTON, NULL, NULL);
}

static gboolean
has_no_button (gpointer fixture)
{
  return find_button (fixture) == NULL;
}

static gboolean
has_button (gpointer fixture)
{
  return !has_no_button (fixture);
}

static void
assert_tooltip (GuiFixture *fixture, const char *tooltip)
{
  gui_wait (has_button, fixture);
  gui_settle ();
  g_assert_nonnull (
      gui_find (find_button (fixture), GTK_TYPE_MENU_BUTTON, "tooltip-text", tooltip));
}

/* Empty never shown. */
static void
test_none (GuiFixture *fixture, gconstpointer data)
{
  g_assert_null (find_button (fixture));
  gui_activate (fixture->window, "win.show-jobs", NULL);
  gui_wait_says (fixture->window, "No tasks are running");
}

static void
test_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) other = NULL;

  assert_tooltip (&fixture->gui, "1 task running");
  other = start (&fixture->gui, PLUG_RB_KIND_SNAPSHOT);
  assert_tooltip (&fixture->gui, "2 tasks running");

  plug_rb_operation_finish (other, PLUG_RB_STATUS_COMPLETED, NULL);
  assert_tooltip (&fixture->gui, "1 task running");
  plug_rb_operation_finish (fixture->operation, PLUG_RB_STATUS_CANCELED, NULL);
  gui_wait (has_no_button, &fixture->gui);
}

/* The real thing: it comes, and it goes. */
static void
test_real (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_button, fixture);
  gui_wait_says (fixture->window, "Snapshot of Sample taken");
  gui_wait (has_no_button, fixture);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  fail (fixture->operation);
  assert_tooltip (&fixture->gui, "1 task failed");

  gui_activate (find_button (&fixture->gui), "jobs.dismiss", "s",
                plug_rb_operation_get_id (fixture->operation));
  gui_wait (has_no_button, &fixture->gui);
}

/* Whoever looks at how it failed need not dismiss it. */
static void
test_seen (Fixture *fixture, gconstpointer data)
{
  fail (fixture->operation);
  gui_wait (has_button, &fixture->gui);
  gui_activate (fixture->gui.window, "win.show-activity", "s",
                plug_rb_operation_get_id (fixture->operation));
  gui_wait (has_no_button, &fixture->gui);
  gui_wait_says (fixture->gui.window, "The disk is full");
}

static void
test_show (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog;

  gui_activate (fixture->gui.window, "win.show-job", "s",
                plug_rb_operation_get_id (fixture->operation));
  dialog = gui_wait_dialog (&fixture->gui);
  gui_wait_says (dialog, "Rolling Back Sample");
  adw_dialog_close (dialog);
  gui_wait_no_dialog (&fixture->gui);
  plug_rb_operation_finish (fixture->operation, PLUG_RB_STATUS_COMPLETED, NULL);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_operation_get_id (fixture->operation);
  GCancellable *cancellable = plug_rb_operation_get_cancellable (fixture->operation);

  plug_rb_operation_set_can_cancel (fixture->operation, FALSE);
  gui_settle ();
  gui_activate (fixture->gui.window, "win.cancel", "s", id);
  g_assert_false (g_cancellable_is_cancelled (cancellable));

  plug_rb_operation_set_can_cancel (fixture->operation, TRUE);
  gui_settle ();
  gui_activate (fixture->gui.window, "win.cancel", "s", id);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
}

/* In a narrow window it is on the page of a plugin, too. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = gui_find (fixture->gui.window, PLUG_RB_TYPE_PLUGIN_PAGE, NULL, NULL);

  g_assert_null (gui_find (page, PLUG_RB_TYPE_JOBS_BUTTON, NULL, NULL));
  g_object_set (page, "narrow", TRUE, NULL);
  gui_settle ();
  g_assert_nonnull (gui_find (page, PLUG_RB_TYPE_JOBS_BUTTON, NULL, NULL));
}

/* ---- a row, which is the same in the popover */

typedef struct {
  PlugRbOperation *operation;
  GtkWindow *window;
} Progress;

/* Progress that comes too soon after the last is not shown. */
static gboolean
shows_progress (gpointer data)
{
  Progress *progress = data;

  plug_rb_operation_report (progress->operation, 0.5, "212 of 480");
  return gui_says (progress->window, "Restore Files, 212 of 480");
}

static void
test_row (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  Progress progress = { fixture->operation, window };
  GtkWidget *cancel;

  plug_rb_operation_begin_step (fixture->operation, "restore-files");
  gtk_list_box_append (GTK_LIST_BOX (list), plug_rb_job_row_new (fixture->operation));
  gtk_window_set_child (window, list);
  gtk_window_present (window);
  gui_wait_says (window, "Rolling Back Sample");
  gui_wait (shows_progress, &progress);
  cancel = gui_find (window, GTK_TYPE_BUTTON, "tooltip-text", "Cancel Rolling Back Sample");
  g_assert_nonnull (cancel);
  g_assert_null (gui_find (window, GTK_TYPE_BUTTON, "label", "_Dismiss"));

  plug_rb_operation_set_can_cancel (fixture->operation, FALSE);
  gui_settle ();
  g_assert_false (gtk_widget_is_sensitive (cancel));
  fail (fixture->operation);
  gui_wait_says (window, "The disk is full");
  g_assert_nonnull (gui_find (window, GTK_TYPE_BUTTON, "label", "_Dismiss"));
  g_assert_null (gui_find (window, GTK_TYPE_PROGRESS_BAR, NULL, NULL));
  gtk_window_destroy (window);
}

static gboolean
has_row (gpointer fixture)
{
  return gui_find (((GuiFixture *) fixture)->window, PLUG_RB_TYPE_JOB_ROW, NULL, NULL) != NULL;
}

static void
test_popover (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row;

  if (!gui_has_keyboard ()) {
    g_test_skip ("a popover needs a seat");
    return;
  }

  gui_activate (fixture->gui.window, "win.show-jobs", NULL);
  gui_wait (has_row, &fixture->gui);
  fail (fixture->operation);
  gui_wait_says (fixture->gui.window, "The disk is full");
  row = gui_find (fixture->gui.window, PLUG_RB_TYPE_JOB_ROW, NULL, NULL);
  g_assert_nonnull (row);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  gui_wait (has_no_button, &fixture->gui);
  gui_wait_says (fixture->gui.window, "Could not roll back Sample");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_tests (void)
{
  g_test_add ("/jobs/none", GuiFixture, NULL, gui_set_up, test_none, gui_tear_down);
  g_test_add ("/jobs/real", GuiFixture, NULL, gui_set_up, test_real, gui_tear_down);
  add ("/jobs/running", test_running);
  add ("/jobs/failed", test_failed);
  add ("/jobs/failed/seen", test_seen);
  add ("/jobs/show", test_show);
  add ("/jobs/cancel", test_cancel);
  add ("/jobs/narrow", test_narrow);
  add ("/jobs/row", test_row);
  add ("/jobs/popover", test_popover);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
