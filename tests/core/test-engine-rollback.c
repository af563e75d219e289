/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What a rollback and its undo bring back. */

#include <glib/gstdio.h>
#include <string.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-step.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

/* The part of a picture that tells of files, or that tells of settings. */
static char *
half (const char *picture, gboolean settings)
{
  const char *middle = strstr (picture, "\n[");

  g_assert_nonnull (middle);
  return settings ? g_strdup (middle) : g_strndup (picture, middle - picture);
}

static void
test_scope (Fixture *fixture, gconstpointer data)
{
  PlugRbScope scope = GPOINTER_TO_INT (data);
  g_autofree char *after = NULL;
  g_autofree char *files = NULL;
  g_autofree char *settings = NULL;
  g_autofree char *expected_files = NULL;
  g_autofree char *expected_settings = NULL;

  fixture_roll_back (fixture, scope);
  after = scratch_picture ();
  files = half (after, FALSE);
  settings = half (after, TRUE);
  expected_files = half (scope == PLUG_RB_SCOPE_FILES ? fixture->wanted : fixture->before, FALSE);
  expected_settings =
      half (scope == PLUG_RB_SCOPE_SETTINGS ? fixture->wanted : fixture->before, TRUE);
  g_assert_cmpstr (files, ==, expected_files);
  g_assert_cmpstr (settings, ==, expected_settings);
}

static void
test_scope_undo (Fixture *fixture, gconstpointer data)
{
  fixture_roll_back (fixture, GPOINTER_TO_INT (data));
  fixture_undo (fixture);
  fixture_assert_picture (fixture->before);
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *absent = NULL;
  PlugRbSnapshot *snapshot;

  scratch_run ((const char *[]) { "rm", "-rf", fixture->plugin, NULL });
  absent = scratch_picture ();
  snapshot = fixture_snapshot_absent (fixture);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);

  g_set_object (&fixture->target, snapshot);
  g_object_unref (snapshot);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_false (g_file_test (fixture->plugin, G_FILE_TEST_EXISTS));
  fixture_assert_picture (absent);
  fixture_undo (fixture);
  fixture_assert_picture (fixture->wanted);
  fixture_assert_nothing_left (fixture);
}

static void
test_staged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *updates =
      g_build_filename (g_get_user_data_dir (), "gnome-shell", "extension-updates", ID, NULL);
  g_autofree char *before = NULL;

  scratch_stage_sample (3);
  before = scratch_picture ();
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_false (g_file_test (updates, G_FILE_TEST_EXISTS));
  fixture_assert_picture (fixture->wanted);
  fixture_undo (fixture);
  fixture_assert_picture (before);
}

static void
test_undo_after_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *changed = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) refused = NULL;
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autoptr(PlugRbOperation) forced = plug_rb_operation_new (PLUG_RB_KIND_UNDO);

  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_put (fixture, "common.js", "// changed since");
  changed = scratch_picture ();
  refused = scratch_undo (fixture->engine, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_clear_error (&error);
  fixture_assert_picture (changed);

  undone = plug_rb_engine_find_undoable (fixture->engine, KEY, &error);
  g_assert_no_error (error);
  plug_rb_engine_undo (fixture->engine, undone, TRUE, forced, NULL, &error);
  g_assert_no_error (error);
  fixture_assert_picture (fixture->before);
  fixture_undo (fixture);
  fixture_assert_picture (changed);
}

/* Names that are no UTF-8, folders and files that nobody may write, two names of one file. */
static void
test_odd (Fixture *fixture, gconstpointer data)
{
  static const char script[] =
      "cd \"$1\" && mkdir -p odd/deep && echo 1 > $'odd/caf\\xe9' && ln -s $'\\xff' odd/link && "
      "echo 2 > odd/deep/one && ln odd/deep/one odd/two && chmod 0400 odd/two && "
      "echo 3 > $'odd/line\\nbreak' && chmod 0555 odd/deep && chmod 0511 odd";
  g_autofree char *wanted = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  scratch_run ((const char *[]) { "bash", "-c", script, "odd", fixture->plugin, NULL });
  wanted = scratch_picture ();
  snapshot = scratch_snapshot (fixture->engine, ID);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);

  fixture_undo (fixture);
  fixture_assert_picture (wanted);
  g_set_object (&fixture->target, snapshot);
  scratch_run ((const char *[]) { "chmod", "-R", "u+w", fixture->plugin, NULL });
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (wanted);
  fixture_assert_nothing_left (fixture);
}

static void
test_undo_without_safety (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) done = NULL;
  g_autoptr(PlugRbSnapshot) safety = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *files = NULL;
  g_autofree char *files_after = NULL;
  const PlugRbOperationChange *change;

  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  done = fixture_last_operation (fixture);
  change = plug_rb_operation_get_changes (done)->pdata[0];
  safety = plug_rb_engine_find_snapshot (fixture->engine, change->safety_snapshot, &error);
  g_assert_no_error (error);
  plug_rb_engine_delete_snapshot (fixture->engine, safety, &error);
  g_assert_no_error (error);

  files = scratch_store_files ();
  operation = scratch_undo (fixture->engine, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "restore-deleted"));
  g_assert_nonnull (strstr (error->message, change->safety_snapshot));
  files_after = scratch_store_files ();
  g_assert_cmpstr (files_after, ==, files);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_FAILED);
  fixture_assert_picture (fixture->wanted);
}

typedef struct {
  Fixture *fixture;
  PlugRbOperation *undone;
  PlugRbOperation *operation;
  GError *error;
} Undo;

static gpointer
undo (gpointer data)
{
  Undo *self = data;

  plug_rb_engine_undo (self->fixture->engine, self->undone, FALSE, self->operation, NULL,
                       &self->error);
  return NULL;
}

static gboolean
has_begun (PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);
  g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, 0);

  return step != NULL && plug_rb_step_get_status (step) == PLUG_RB_STEP_STATUS_RUNNING;
}

/* Whoever holds the lock may change the plugin until he lets go. */
static void
test_undo_waits_before_it_looks (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autofree char *changed = NULL;
  Undo self = { .fixture = fixture, .operation = operation };
  PlugRbLock *lock;
  GThread *thread;

  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  undone = self.undone = plug_rb_engine_find_undoable (fixture->engine, KEY, NULL);
  lock = plug_rb_store_lock_plugin (plug_rb_engine_get_store (fixture->engine), KEY, NULL, NULL);
  thread = g_thread_new ("undo", undo, &self);
  while (!has_begun (operation))
    g_main_context_iteration (NULL, TRUE);

  fixture_put (fixture, "common.js", "// changed meanwhile");
  changed = scratch_picture ();
  plug_rb_lock_free (lock);
  g_thread_join (thread);
  g_assert_error (self.error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_clear_error (&self.error);
  fixture_assert_picture (changed);
}

/* ---- a safety copy that shares with what was damaged in silence */

static char *
find_archive (PlugRbSnapshot *snapshot)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_id (snapshot), ".tar.zst", NULL);

  return g_build_filename (g_get_user_data_dir (), "plugin-rollback", "archives", KEY, name, NULL);
}

static void
test_safety_of_damaged (Fixture *fixture, gconstpointer data)
{
  gboolean changed_since = GPOINTER_TO_INT (data);
  g_autoptr(PlugRbSnapshot) present = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *archive = NULL;
  g_autofree char *before = NULL;
  g_autofree char *content = NULL;
  gsize length;

  fixture_put_noise (fixture);
  present = scratch_snapshot (fixture->engine, ID);
  archive = find_archive (present);
  g_assert_true (g_file_get_contents (archive, &content, &length, NULL));
  fixture_flip (archive, length / 2);
  if (changed_since)
    fixture_put (fixture, "common.js", "// changed since");
  before = scratch_picture ();

  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);
  g_assert_true (fixture_has_text (plug_rb_operation_get_hints (operation), "verify --full"));
  fixture_assert_picture (fixture->wanted);
  fixture_undo (fixture);
  fixture_assert_picture (before);
}

static void
test_safety_of_damaged_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) present = scratch_snapshot (fixture->engine, ID);
  g_autofree char *path =
      g_strdup_printf ("%s/plugin-rollback/tables/%s.json.zst", g_get_user_data_dir (),
                       plug_rb_snapshot_get_table (present));

  fixture_flip (path, 100);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  scratch_run ((const char *[]) { "rm", "-rf", g_get_user_cache_dir (), NULL });
  fixture_undo (fixture);
  fixture_assert_picture (fixture->before);
}

/* What the other archives hold can be had, and what is missing is named. */
static void
test_archive_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = NULL;
  g_autofree char *archive = NULL;
  g_autofree char *name = NULL;
  g_autoptr(PlugRbSnapshot) second = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;

  /* Of this snapshot only the noise is in an archive of its own. */
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_put_noise (fixture);
  second = scratch_snapshot (fixture->engine, ID);
  archive = find_archive (second);
  name = g_path_get_basename (archive);
  g_set_object (&fixture->target, second);
  kept = scratch_picture ();
  fixture_put (fixture, "common.js", "// third");
  g_assert_cmpint (g_unlink (archive), ==, 0);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (kept);

  fixture_put_noise (fixture);
  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_nothing_to_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_find_undoable (fixture->engine, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (plug_rb_engine_find_undoable (fixture->engine, KEY, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static const FixtureCase cases[] = {
  { "/engine/scope/files", GINT_TO_POINTER (PLUG_RB_SCOPE_FILES), test_scope },
  { "/engine/scope/files/undo", GINT_TO_POINTER (PLUG_RB_SCOPE_FILES), test_scope_undo },
  { "/engine/scope/settings", GINT_TO_POINTER (PLUG_RB_SCOPE_SETTINGS), test_scope },
  { "/engine/scope/settings/undo", GINT_TO_POINTER (PLUG_RB_SCOPE_SETTINGS), test_scope_undo },
  { "/engine/absent", NULL, test_absent },
  { "/engine/staged", NULL, test_staged },
  { "/engine/undo-after-change", NULL, test_undo_after_change },
  { "/engine/undo/without-safety", NULL, test_undo_without_safety },
  { "/engine/undo/nothing", NULL, test_nothing_to_undo },
  { "/engine/undo/waits-before-it-looks", NULL, test_undo_waits_before_it_looks },
  { "/engine/safety/same-damaged", GINT_TO_POINTER (FALSE), test_safety_of_damaged },
  { "/engine/safety/shared-damaged", GINT_TO_POINTER (TRUE), test_safety_of_damaged },
  { "/engine/safety/list-damaged", NULL, test_safety_of_damaged_list },
  { "/engine/archive-missing", NULL, test_archive_missing },
  { "/engine/odd", NULL, test_odd },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
