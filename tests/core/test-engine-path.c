/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Only some files of a plugin, and what a rollback reports. */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-transaction.h"

static PlugRbOperation *
roll_back_paths (PlugRbEngine *engine,
                 PlugRbSnapshot *target,
                 const char *const *paths,
                 GError **error)
{
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_ALL, .paths = paths };
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  g_ptr_array_add (targets, target);
  plug_rb_engine_rollback_with (engine, targets, &options, operation, NULL, error);

  return operation;
}

static PlugRbPlan *
make_plan (Fixture *fixture, const char *const *paths)
{
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_ALL, .paths = paths };
  g_autoptr(GError) error = NULL;
  PlugRbPlan *plan = plug_rb_engine_plan_with (fixture->engine, fixture->target, &options, NULL,
                                               NULL, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

/* The lines of a picture that tell of a file or of what is below it, or all the others. */
static char *
pick (const char *picture, const char *path, gboolean others)
{
  g_autofree char *part = g_strconcat ("/" ID "/", path, NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (picture, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if ((strstr (lines[i], part) == NULL) == others)
      g_string_append_printf (text, "%s\n", lines[i]);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
assert_picked (const char *expected, const char *path, gboolean others)
{
  g_autofree char *now = scratch_picture ();
  g_autofree char *a = pick (now, path, others);
  g_autofree char *b = pick (expected, path, others);

  g_assert_cmpstr (a, ==, b);
}

/* The path is as in the snapshot, all else as it was; and back. */
static void
test_path (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { data, NULL };
  g_autofree char *name = g_path_get_basename (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlan) plan = make_plan (fixture, paths);
  g_autoptr(PlugRbOperation) operation =
      roll_back_paths (fixture->engine, fixture->target, paths, &error);
  const PlugRbOperationChange *change;

  g_assert_no_error (error);
  assert_picked (fixture->wanted, name, FALSE);
  assert_picked (fixture->before, name, TRUE);
  change = plug_rb_operation_get_changes (operation)->pdata[0];
  g_assert_cmpuint (change->restored, ==, g_list_model_get_n_items (plug_rb_plan_get_files (plan)));
  g_assert_cmpuint (change->failed, ==, 0);
  fixture_assert_nothing_left (fixture);

  fixture_undo (fixture);
  fixture_assert_picture (fixture->before);
}

static void
test_path_unknown (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { "extension.js", data, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      roll_back_paths (fixture->engine, fixture->target, paths, &error);

  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, data));
  fixture_assert_picture (fixture->before);
  fixture_assert_nothing_left (fixture);
}

/* The folders that a file lay in come with it; a file that stands in their way goes. */
static void
test_path_in_missing_folder (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "deep/er/file", NULL };
  g_autofree char *deep = g_build_filename (fixture->plugin, "deep", NULL);
  g_autofree char *file = g_build_filename (deep, "er", "file", NULL);
  g_autofree char *beside = g_build_filename (deep, "beside", NULL);
  g_autoptr(PlugRbSnapshot) target = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  scratch_run ((const char *[]) {
      "bash", "-c", "mkdir -p \"$1\"/er && echo 1 > \"$1\"/er/file && echo 2 > \"$1\"/beside",
      "deep", deep, NULL });
  target = scratch_snapshot (fixture->engine, ID);
  scratch_run ((const char *[]) { "rm", "-r", deep, NULL });
  if (data != NULL)
    g_assert_true (g_file_set_contents (deep, "a file", -1, NULL));

  operation = roll_back_paths (fixture->engine, target, paths, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  fixture_assert_nothing_left (fixture);
}

/* As on a file system without hard links. */
static gboolean without_links;

int
linkat (int from_fd, const char *from, int to_fd, const char *to, int flags)
{
  if (without_links) {
    errno = EPERM;
    return -1;
  }

  return (int) syscall (SYS_linkat, from_fd, from, to_fd, to, flags);
}

static void
test_path_without_links (Fixture *fixture, gconstpointer data)
{
  without_links = TRUE;
  test_path (fixture, data);
  without_links = FALSE;
}

/* ---- killed */

static const char *point;

static void
die_at (const char *name)
{
  if (g_str_equal (name, point))
    raise (SIGKILL);
  if (g_str_equal (name, "swapping") && g_str_equal (point, "swapped-back"))
    scratch_run ((const char *[]) { "touch", fixture_present->plugin, NULL });
}

static int
child (char *argv[])
{
  static const char *const paths[] = { "extension.js", "only-in-1.js", NULL };
  Fixture fixture = { .plugin = argv[4] };
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(PlugRbSnapshot) target = plug_rb_engine_find_snapshot (engine, argv[3], NULL);
  g_autoptr(PlugRbOperation) operation = NULL;

  fixture_present = &fixture;
  point = argv[2];
  plug_rb_transaction_set_checkpoint (die_at);
  operation = roll_back_paths (engine, target, paths, NULL);

  return EXIT_FAILURE;
}

/* Recovery works out the same mixture again to see that nobody wrote into it. */
static void
test_path_killed (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = {
    "/proc/self/exe", "--child", data, plug_rb_snapshot_get_id (fixture->target),
    fixture->plugin,  NULL
  };
  g_autofree char *one = g_build_filename (fixture->plugin, "only-in-1.js", NULL);
  g_autofree char *two = g_build_filename (fixture->plugin, "only-in-2.js", NULL);
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status));
  scratch_run ((const char *[]) { "plugrb", "recover", NULL });
  fixture_assert_nothing_left (fixture);
  g_assert_true (g_file_test (two, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_file_test (one, G_FILE_TEST_EXISTS), ==, !g_str_equal (data, "swapped-back"));
}

/* ---- what is reported */

static guint
count_items (PlugRbPlan *plan)
{
  return g_list_model_get_n_items (plug_rb_plan_get_files (plan)) +
         g_list_model_get_n_items (plug_rb_plan_get_settings (plan));
}

static const PlugRbOperationChange *
roll_back (Fixture *fixture, PlugRbOperation **operation)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) done = scratch_roll_back (fixture->engine, fixture->target, &error);

  g_assert_no_error (error);
  g_assert_cmpint (plug_rb_operation_get_status (done), ==, PLUG_RB_STATUS_COMPLETED);

  /* As it lies in the history. */
  *operation = fixture_last_operation (fixture);
  return plug_rb_operation_get_changes (*operation)->pdata[0];
}

/* What the preview announces is what is done, no more and no less. */
static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlan) plan = make_plan (fixture, NULL);
  g_autoptr(PlugRbOperation) operation = NULL;
  const PlugRbOperationChange *change = roll_back (fixture, &operation);

  g_assert_true (change->counted);
  g_assert_cmpuint (change->restored, ==, count_items (plan));
  g_assert_cmpuint (change->unchanged, ==, 1);
  g_assert_cmpuint (change->skipped + change->failed, ==, 0);
  g_assert_null (change->exceptions);
}

/* A staged update is dropped by a rollback, and the preview says so. */
static void
test_report_staged (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlan) plan = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(PlugRbSnapshot) with_staged = NULL;
  const PlugRbOperationChange *change;

  scratch_stage_sample (3);
  with_staged = scratch_snapshot (fixture->engine, ID);
  fixture_put (fixture, "common.js", "// changed");
  g_set_object (&fixture->target, with_staged);
  plan = make_plan (fixture, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_files (plan)), >, 5);
  change = roll_back (fixture, &operation);
  g_assert_cmpuint (change->failed, ==, 0);
  g_assert_cmpuint (change->restored, >, 5);
}

typedef struct {
  const char *name;
  const char *point;
  void (*func) (void);
  const char *item;
  const char *outcome;
  const char *reason;
} Unplain;

static void
set_speed (void)
{
  scratch_set (SETTINGS "speed", "99");
}

static void
change_file (void)
{
  fixture_put (fixture_present, "extension.js", "// changed at once");
}

static void
remove_file (void)
{
  g_autofree char *path = g_build_filename (fixture_present->plugin, "only-in-1.js", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
add_file (void)
{
  fixture_put (fixture_present, "extra.js", "// made at once");
}

static const Unplain unplain[] = {
  { "conflict", "settings", set_speed, SETTINGS "speed", "skipped", "conflict" },
  { "setting", "settings-half", set_speed, SETTINGS "speed", "failed", "changed-by-host" },
  { "file", "settings", change_file, "extension.js", "failed", "changed-by-host" },
  { "file-removed", "settings", remove_file, "only-in-1.js", "failed", "changed-by-host" },
  { "file-added", "settings", add_file, "extra.js", "failed", "changed-by-host" },
};

static void
test_unplain (gconstpointer data)
{
  const Unplain *case_data = data;
  Fixture fixture = { 0 };
  g_autoptr(PlugRbOperation) operation = NULL;
  const PlugRbOperationChange *change;
  const PlugRbException *exception;

  fixture_set_up (&fixture, NULL);
  fixture_at (&fixture, case_data->point, case_data->func);
  change = roll_back (&fixture, &operation);
  g_assert_cmpuint (change->skipped + change->failed, ==, 1);
  g_assert_cmpuint (change->skipped, ==, g_str_equal (case_data->outcome, "skipped"));
  if (change->exceptions == NULL)
    g_error ("Nothing is reported");
  g_assert_cmpuint (change->exceptions->len, ==, 1);
  exception = change->exceptions->pdata[0];
  g_assert_cmpstr (exception->item, ==, case_data->item);
  g_assert_cmpstr (exception->outcome, ==, case_data->outcome);
  g_assert_cmpstr (exception->reason, ==, case_data->reason);
  g_assert_true (fixture_has_text (plug_rb_operation_get_hints (operation), case_data->item));

  /* What the host wrote is saved by the undo. */
  fixture_at (&fixture, "no-such-point", case_data->func);
  fixture_undo (&fixture);
  if (!g_str_has_prefix (case_data->item, "/"))
    fixture_assert_picture (fixture.before);
  fixture_tear_down (&fixture, NULL);
}

static const FixtureCase cases[] = {
  { "/path/changed", "extension.js", test_path },
  { "/path/added", "only-in-1.js", test_path },
  { "/path/removed", "only-in-2.js", test_path },
  { "/path/folder", "./schemas/", test_path },
  { "/path/link", "link.js", test_path },
  { "/path/without-links", "extension.js", test_path_without_links },
  { "/path/unknown", "nothing.js", test_path_unknown },
  { "/path/unknown/outside", "../" ID "/extension.js", test_path_unknown },
  { "/path/missing-folder", NULL, test_path_in_missing_folder },
  { "/path/missing-folder/file-there", "file", test_path_in_missing_folder },
  { "/path/killed/swapped", "swapped", test_path_killed },
  { "/path/killed/done", "done", test_path_killed },
  { "/path/killed/swapped-back", "swapped-back", test_path_killed },
  { "/report/plain", NULL, test_report },
  { "/report/staged", NULL, test_report_staged },
};

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return child (argv);

  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (unplain); i++) {
    g_autofree char *path = g_strconcat ("/report/", unplain[i].name, NULL);

    g_test_add_data_func (path, &unplain[i], test_unplain);
  }

  return g_test_run ();
}
