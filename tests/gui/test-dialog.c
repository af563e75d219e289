/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The rollback dialog follows an operation that the test moves by hand: steps, cancel, every kind
 * of end. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-rollback-dialog.h"

typedef struct {
  GuiFixture gui;
  PlugRbRollbackDialog *dialog;
  PlugRbOperation *operation;
  guint n_starts;
} Fixture;

static void
started_cb (Fixture *fixture)
{
  fixture->n_starts++;
}

static void
follow (Fixture *fixture, PlugRbKind kind)
{
  g_clear_object (&fixture->operation);
  fixture->operation = plug_rb_operation_new (kind);
  plug_rb_rollback_dialog_set_operation (fixture->dialog, fixture->operation);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  fixture->dialog =
      plug_rb_rollback_dialog_new (fixture->gui.manager, gui_get_sample (&fixture->gui));
  g_signal_connect_swapped (fixture->dialog, "start", G_CALLBACK (started_cb), fixture);
  follow (fixture, PLUG_RB_KIND_ROLLBACK);
  adw_dialog_present (ADW_DIALOG (fixture->dialog), GTK_WIDGET (fixture->gui.window));
  gui_wait_dialog (&fixture->gui);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->operation);
  gui_tear_down (&fixture->gui, NULL);
}

static void
finish (Fixture *fixture, PlugRbStatus status, int code, const char *message)
{
  g_autoptr(GError) error =
      message != NULL ? g_error_new_literal (PLUG_RB_ERROR, code, message) : NULL;

  plug_rb_operation_finish (fixture->operation, status, error);
}

static void
fail (Fixture *fixture, const char *step, int code, const char *message)
{
  plug_rb_operation_begin_step (fixture->operation, step);
  plug_rb_operation_end_step (fixture->operation, PLUG_RB_STEP_STATUS_FAILED, message);
  finish (fixture, PLUG_RB_STATUS_FAILED, code, message);
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->dialog, "Rolling Back Sample");
  plug_rb_operation_begin_step (fixture->operation, "check");
  plug_rb_operation_end_step (fixture->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  plug_rb_operation_begin_step (fixture->operation, "restore-files");
  plug_rb_operation_report (fixture->operation, 0.5, "212 of 480");
  gui_wait_says (fixture->dialog, "Check");
  gui_wait_says (fixture->dialog, "Restore Files");
}

static void
test_success (Fixture *fixture, gconstpointer data)
{
  finish (fixture, PLUG_RB_STATUS_COMPLETED, 0, NULL);
  gui_wait_no_dialog (&fixture->gui);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  gui_wait_says (fixture->dialog, "Cancel");
  gui_activate (fixture->dialog, "rollback.cancel", NULL);
  gui_wait_says (fixture->dialog, "Canceling…");
  g_assert_true (
      g_cancellable_is_cancelled (plug_rb_operation_get_cancellable (fixture->operation)));

  finish (fixture, PLUG_RB_STATUS_CANCELED, PLUG_RB_ERROR_FAILED, "Canceled");
  gui_wait_no_dialog (&fixture->gui);
}

static void
test_no_return (Fixture *fixture, gconstpointer data)
{
  plug_rb_operation_begin_step (fixture->operation, "restore-files");
  plug_rb_operation_set_can_cancel (fixture->operation, FALSE);
  gui_wait_says (fixture->dialog, "Finishing; this cannot be stopped now");
  g_assert_false (
      gtk_widget_is_sensitive (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Cancel")));
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  plug_rb_rollback_dialog_set_can_retry (fixture->dialog, TRUE);
  fail (fixture, "restore-files", PLUG_RB_ERROR_NO_SPACE, "The disk is full");
  gui_wait_says (fixture->dialog, "Could Not Roll Back Sample");
  gui_wait_says (fixture->dialog, "Nothing was changed.");
  gui_wait_says (fixture->dialog, "The disk is full");
  gui_activate (fixture->dialog, "rollback.copy-log", NULL);

  gui_activate (fixture->dialog, "rollback.try-again", NULL);
  g_assert_cmpuint (fixture->n_starts, ==, 1);
  follow (fixture, PLUG_RB_KIND_ROLLBACK);
  gui_wait_says (fixture->dialog, "Rolling Back Sample");
  finish (fixture, PLUG_RB_STATUS_COMPLETED, 0, NULL);
  gui_wait_no_dialog (&fixture->gui);
}

static void
test_failure_without_step (Fixture *fixture, gconstpointer data)
{
  finish (fixture, PLUG_RB_STATUS_FAILED, PLUG_RB_ERROR_BUSY, "Another process is working");
  gui_wait_says (fixture->dialog, "Another process is working. Nothing was changed.");
  g_assert_null (gui_find (fixture->dialog, GTK_TYPE_BUTTON, "label", "_Try Again"));
}

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  finish (fixture, PLUG_RB_STATUS_NEEDS_USER, PLUG_RB_ERROR_INTERRUPTED, "the disk is full");
  gui_wait_says (fixture->dialog, "Rolling Back Was Interrupted");
  gui_wait_says (fixture->dialog,
                 "Plugin Rollback finishes it when the cause is gone: the disk is full.");
}

static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  follow (fixture, PLUG_RB_KIND_UNDO);
  gui_wait_says (fixture->dialog, "Undoing Change of Sample");
  fail (fixture, "check", PLUG_RB_ERROR_BUSY, "Busy");
  gui_wait_says (fixture->dialog, "Could Not Undo Rolling Back Sample");

  follow (fixture, PLUG_RB_KIND_SNAPSHOT);
  gui_wait_says (fixture->dialog, "Taking Snapshot of Sample");
  finish (fixture, PLUG_RB_STATUS_FAILED, PLUG_RB_ERROR_CHANGING, "Files change");
  gui_wait_says (fixture->dialog, "Could Not Take Snapshot of Sample");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_tests (void)
{
  add ("/dialog/steps", test_steps);
  add ("/dialog/success", test_success);
  add ("/dialog/cancel", test_cancel);
  add ("/dialog/no-return", test_no_return);
  add ("/dialog/failure", test_failure);
  add ("/dialog/failure/without-step", test_failure_without_step);
  add ("/dialog/interrupted", test_interrupted);
  add ("/dialog/kinds", test_kinds);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
