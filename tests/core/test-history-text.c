/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The history as it is told to people: every operation whole, and in order. */

#include "plug-rb-error.h"
#include "plug-rb-history-text.h"

static const PlugRbOperationChange sample_change = {
  .plugin = (char *) "gnome-shell/a@b",
  .name = (char *) "Caffeine",
  .from_version = (char *) "55",
  .to_version = (char *) "44",
  .counted = TRUE,
  .restored = 12,
  .unchanged = 3,
  .skipped = 1,
};

static void
assert_says (const char *text, const char *line)
{
  if (strstr (text, line) == NULL)
    g_error ("“%s” is missing in:\n%s", line, text);
}

static PlugRbOperation *
create_done (void)
{
  static const PlugRbException exception = {
    .item = (char *) "prefs.js",
    .outcome = (char *) "kept",
    .reason = (char *) PLUG_RB_REASON_LATE_WRITES,
    .path = (char *) "/home/user/kept/prefs.js",
  };
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  plug_rb_operation_begin_step (operation, "check");
  plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  plug_rb_operation_add_change (operation, &sample_change);
  plug_rb_operation_add_exception (operation, sample_change.plugin, &exception);
  plug_rb_operation_add_hint (operation, "Log out and in again");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);

  return operation;
}

/* Not every plugin has a version. */
static void
test_no_version (void)
{
  static const PlugRbOperationChange change = {
    .plugin = (char *) "gnome-shell/a@b",
    .name = (char *) "Caffeine",
    .counted = TRUE,
    .restored = 12,
  };
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autofree char *text = NULL;

  plug_rb_operation_add_change (operation, &change);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  text = plug_rb_history_text_new_for_one (operation);
  assert_says (text, "\n  gnome-shell/a@b\n    12 restored,");
}

static PlugRbOperation *
create_failed (void)
{
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(GError) error =
      g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, "The disk is full");

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", "Caffeine");
  plug_rb_operation_begin_step (operation, "read-files");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);

  return operation;
}

static void
test_done (void)
{
  g_autoptr(PlugRbOperation) operation = create_done ();
  g_autofree char *text = plug_rb_history_text_new_for_one (operation);

  g_assert_true (g_str_has_prefix (text, "Rolled back Caffeine to version 44\n  Started: "));
  assert_says (text, "\n  Took: ");
  assert_says (text, "\n  Result: completed\n");
  assert_says (text, "\n  gnome-shell/a@b: 55 → 44\n"
                     "    12 restored, 3 unchanged, 1 left alone, 0 failed\n"
                     "    prefs.js: kept, late-writes, /home/user/kept/prefs.js\n");
  assert_says (text, "\n  Check: completed, 0.0 s\n");
  assert_says (text, "\n  Verify: skipped, 0.0 s\n");
  assert_says (text, "\n  Log out and in again\n");
  assert_says (text, plug_rb_operation_get_id (operation));
}

static void
test_failed (void)
{
  g_autoptr(PlugRbOperation) operation = create_failed ();
  g_autofree char *text = plug_rb_history_text_new_for_one (operation);

  g_assert_true (g_str_has_prefix (text, "Could not take a snapshot of Caffeine\n"));
  assert_says (text, "\n  Result: failed\n");
  assert_says (text, "\n  gnome-shell/a@b\n");
  assert_says (text, "\n  Read Files: failed, 0.0 s\n    The disk is full\n");
  assert_says (text, "\n  Error: The disk is full\n");
}

static void
test_order (void)
{
  g_autoptr(GPtrArray) operations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *none = plug_rb_history_text_new (operations);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  g_autofree char *both = NULL;
  g_autofree char *expected = NULL;

  g_ptr_array_add (operations, create_failed ());
  g_ptr_array_add (operations, create_done ());
  one = plug_rb_history_text_new_for_one (operations->pdata[0]);
  other = plug_rb_history_text_new_for_one (operations->pdata[1]);
  both = plug_rb_history_text_new (operations);
  expected = g_strconcat (one, "\n", other, NULL);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (both, ==, expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/history-text/done", test_done);
  g_test_add_func ("/history-text/no-version", test_no_version);
  g_test_add_func ("/history-text/failed", test_failed);
  g_test_add_func ("/history-text/order", test_order);

  return g_test_run ();
}
