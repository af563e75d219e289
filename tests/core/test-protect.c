/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID

typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *first;
  PlugRbSnapshot *second;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = scratch_open ();
  scratch_install_sample (1);
  fixture->first = scratch_snapshot (fixture->engine, ID);
  scratch_install_sample (2);
  fixture->second = scratch_snapshot (fixture->engine, ID);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  g_clear_object (&fixture->first);
  g_clear_object (&fixture->second);
  g_clear_object (&fixture->engine);
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
}

static void
assert_check (Fixture *fixture, PlugRbSnapshot *one, PlugRbSnapshot *two, gboolean asks)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (snapshots, one);
  if (two != NULL)
    g_ptr_array_add (snapshots, two);

  g_assert_cmpint (plug_rb_engine_check_delete (fixture->engine, snapshots, &error), ==, !asks);
  if (!asks)
    g_assert_no_error (error);
  else
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
}

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  assert_check (fixture, fixture->first, NULL, FALSE);
  assert_check (fixture, fixture->second, NULL, FALSE);
}

static void
test_last (Fixture *fixture, gconstpointer data)
{
  assert_check (fixture, fixture->first, fixture->second, TRUE);
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->first, NULL));
  assert_check (fixture, fixture->second, NULL, TRUE);
}

/* What is left must be good for something. */
static void
test_last_not_bad (Fixture *fixture, gconstpointer data)
{
  scratch_rewrite (fixture->first, "health", "bad");
  assert_check (fixture, fixture->second, NULL, TRUE);
  assert_check (fixture, fixture->first, NULL, FALSE);
}

static void
test_last_undamaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf ("truncate -s 9 snapshots/" KEY "/%s/snapshot.json",
                                             plug_rb_snapshot_get_id (fixture->first));
  g_autofree char *done = scratch_in_store (script);

  assert_check (fixture, fixture->second, NULL, TRUE);
}

static void
test_uninstalled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *folder = g_build_filename (extensions, ID, NULL);

  scratch_run ((const char *[]) { "rm", "-r", folder, NULL });
  assert_check (fixture, fixture->first, fixture->second, FALSE);
}

static PlugRbSnapshot *
roll_back (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      scratch_roll_back (fixture->engine, fixture->first, &error);
  const PlugRbOperationChange *change;
  PlugRbSnapshot *safety;

  g_assert_no_error (error);
  change = plug_rb_operation_get_changes (operation)->pdata[0];
  safety = plug_rb_engine_find_snapshot (fixture->engine, change->safety_snapshot, &error);
  g_assert_no_error (error);

  return safety;
}

static void
test_safety (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) safety = roll_back (fixture);
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autoptr(GError) error = NULL;

  assert_check (fixture, safety, NULL, TRUE);
  assert_check (fixture, fixture->first, NULL, FALSE);

  /* Undone, it cannot be undone again; but the undo can, and goes back to the first. */
  undone = scratch_undo (fixture->engine, &error);
  g_assert_no_error (error);
  assert_check (fixture, safety, NULL, FALSE);
  assert_check (fixture, fixture->first, NULL, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/protect/plain", Fixture, NULL, set_up, test_plain, tear_down);
  g_test_add ("/protect/last", Fixture, NULL, set_up, test_last, tear_down);
  g_test_add ("/protect/last-not-bad", Fixture, NULL, set_up, test_last_not_bad, tear_down);
  g_test_add ("/protect/last-undamaged", Fixture, NULL, set_up, test_last_undamaged, tear_down);
  g_test_add ("/protect/uninstalled", Fixture, NULL, set_up, test_uninstalled, tear_down);
  g_test_add ("/protect/safety", Fixture, NULL, set_up, test_safety, tear_down);

  return g_test_run ();
}
