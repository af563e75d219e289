/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Several plugins at once: all of them or none. */

#include <string.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

static PlugRbOperation *
roll_back_all (Fixture *fixture, PlugRbSnapshot *second, PlugRbSnapshot *third, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  g_ptr_array_add (targets, fixture->target);
  g_ptr_array_add (targets, second);
  if (third != NULL)
    g_ptr_array_add (targets, third);
  plug_rb_engine_rollback (fixture->engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, error);

  return operation;
}

static PlugRbOperation *
roll_back_both (Fixture *fixture, PlugRbSnapshot *second, GError **error)
{
  return roll_back_all (fixture, second, NULL, error);
}

static char *
path_of (const char *id)
{
  g_autofree char *extensions = scratch_extensions ();

  return g_build_filename (extensions, id, NULL);
}

static PlugRbSnapshot *
install_another (Fixture *fixture, const char *id)
{
  g_autofree char *path = path_of (id);
  PlugRbSnapshot *snapshot;

  scratch_run ((const char *[]) { "cp", "-a", fixture->plugin, path, NULL });
  snapshot = scratch_snapshot (fixture->engine, id);
  scratch_run ((const char *[]) { "bash", "-c", "rm \"$1\"/tool.sh; date > \"$1\"/now", "another",
                                  path, NULL });
  return snapshot;
}

static PlugRbSnapshot *
install_second (Fixture *fixture)
{
  return install_another (fixture, "second@example.org");
}

/* ---- three, the last of which fails */

static guint n_writes;

static void
write_into_third (void)
{
  g_autofree char *path = path_of ("third@example.org");
  g_autofree char *file = g_build_filename (path, "now", NULL);
  g_autofree char *text = g_strdup_printf ("written %u", ++n_writes);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

/* The first two are in place already when it turns out that the third cannot be: all go back. */
static void
test_last_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = install_second (fixture);
  g_autoptr(PlugRbSnapshot) third = install_another (fixture, "third@example.org");
  g_autofree char *path = path_of ("third@example.org");
  g_autofree char *file = g_build_filename (path, "now", NULL);
  g_autoptr(PlugRbOperation) failed = NULL;
  g_autoptr(PlugRbOperation) done = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  before = scratch_picture ();
  fixture_at (fixture, "swapping", write_into_third);
  failed = roll_back_all (fixture, second, third, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING);
  g_assert_nonnull (strstr (error->message, "now"));
  g_assert_cmpuint (n_writes, ==, 2);
  g_clear_error (&error);
  fixture_assert_nothing_left (fixture);

  /* But for what was written, all is as before. */
  scratch_run ((const char *[]) { "bash", "-c",
                                  "[ -e \"$1\"/only-in-2.js ] && [ ! -e \"$1\"/noise ]", "check",
                                  fixture->plugin, NULL });
  g_clear_pointer (&before, g_free);
  before = scratch_picture ();
  fixture_at (fixture, "no-such-point", write_into_third);
  done = roll_back_all (fixture, second, third, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_operation_get_changes (done)->len, ==, 3);
  fixture_undo (fixture);
  fixture_assert_picture (before);
}

/* One of them is as it should be already: it is left alone, and so it is by the undo. */
static void
test_one_settled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = install_second (fixture);
  g_autoptr(PlugRbSnapshot) settled = NULL;
  g_autofree char *before = scratch_picture ();
  g_autoptr(PlugRbOperation) done = NULL;
  g_autoptr(GError) error = NULL;
  guint n_safety = 0;

  settled = scratch_snapshot (fixture->engine, "second@example.org");
  done = roll_back_both (fixture, settled, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < plug_rb_operation_get_changes (done)->len; i++) {
    const PlugRbOperationChange *change = plug_rb_operation_get_changes (done)->pdata[i];

    n_safety += change->safety_snapshot != NULL;
  }
  g_assert_cmpuint (n_safety, ==, 1);
  fixture_undo (fixture);
  fixture_assert_picture (before);
}

static void
test_all_or_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = install_second (fixture);
  g_autofree char *before = scratch_picture ();
  g_autofree char *path = fixture_archive_path (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) failed = NULL;
  g_autoptr(PlugRbOperation) done = NULL;

  fixture_flip (path, 100000);
  failed = roll_back_both (fixture, second, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_clear_error (&error);
  fixture_assert_picture (before);
  fixture_assert_nothing_left (fixture);

  fixture_flip (path, 100000);
  done = roll_back_both (fixture, second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_operation_get_changes (done)->len, ==, 2);
  fixture_undo (fixture);
  fixture_assert_picture (before);
}

static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  second = scratch_snapshot (fixture->engine, ID);
  scratch_install_sample (3);
  before = scratch_picture ();
  operation = roll_back_both (fixture, data ? fixture->target : second, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, KEY));
  fixture_assert_picture (before);
  fixture_assert_nothing_left (fixture);
}

static const FixtureCase cases[] = {
  { "/engine/three/last-fails", NULL, test_last_fails },
  { "/engine/both/one-settled", NULL, test_one_settled },
  { "/engine/both/all-or-none", NULL, test_all_or_none },
  { "/engine/both/twice", NULL, test_twice },
  { "/engine/both/twice-the-same", "same", test_twice },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
