/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Which snapshots may be deleted. */

#include <glib/gstdio.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

static void
assert_not_deleted (Fixture *fixture)
{
  g_autoptr(PlugRbSnapshot) found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  found = plug_rb_engine_find_snapshot (fixture->engine, plug_rb_snapshot_get_id (fixture->target),
                                        NULL);
  g_assert_nonnull (found);
}

static void
delete_target (void)
{
  assert_not_deleted (fixture_present);
}

static void
test_delete_at_work (Fixture *fixture, gconstpointer data)
{
  fixture_at (fixture, "staged", delete_target);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);
}

static void
test_delete_needed (Fixture *fixture, gconstpointer data)
{
  PlugRbStore *store = plug_rb_engine_get_store (fixture->engine);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbJournal) journal =
      plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autoptr(GError) error = NULL;

  plug_rb_journal_add_item (journal, "gnome-shell/other@example.org", data ? id : "another",
                            data ? "another" : id);
  journal->operation = plug_rb_operation_to_json (operation);
  g_assert_true (plug_rb_store_save_journal (store, journal, NULL));
  assert_not_deleted (fixture);

  g_assert_true (plug_rb_store_close_journal (store, journal, operation, NULL));
  plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);
}

static void
test_restore_deleted (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autoptr(PlugRbSnapshot) restored = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_restore_deleted (fixture->engine, id, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, NULL));
  fixture_assert_no_snapshot (fixture, id, PLUG_RB_ERROR_NOT_FOUND);
  restored = plug_rb_engine_restore_deleted (fixture->engine, id, &error);
  g_assert_no_error (error);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);
}

/* A snapshot whose contents are lost is no reason not to take another one. */
static void
test_snapshot_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = scratch_snapshot (fixture->engine, ID);
  g_autoptr(PlugRbSnapshot) same = scratch_snapshot (fixture->engine, ID);
  g_autoptr(PlugRbSnapshot) third = NULL;
  g_autofree char *path = NULL;

  g_assert_cmpstr (plug_rb_snapshot_get_id (same), ==, plug_rb_snapshot_get_id (second));
  g_set_object (&fixture->target, second);
  path = fixture_archive_path (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  third = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpstr (plug_rb_snapshot_get_id (third), !=, plug_rb_snapshot_get_id (second));
}

static const FixtureCase cases[] = {
  { "/engine/delete/at-work", NULL, test_delete_at_work },
  { "/engine/delete/needed-as-target", "target", test_delete_needed },
  { "/engine/delete/needed-as-safety", NULL, test_delete_needed },
  { "/engine/delete/restored", NULL, test_restore_deleted },
  { "/engine/snapshot-lost", NULL, test_snapshot_lost },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
