/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine-fixture.h"
#include "plug-rb-json.h"
#include "plug-rb-listing.h"
#include "plug-rb-scan.h"
#include "plug-rb-store.h"

/* ---- tools */

static PlugRbStore *
get_store (Fixture *fixture)
{
  return plug_rb_engine_get_store (fixture->engine);
}

/* A folder that has just changed is not believed yet. */
static void
settle (void)
{
  g_usleep (2 * plug_rb_scan_get_clock_step ());
}

static GPtrArray *
browse (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *snapshots = plug_rb_store_browse_snapshots (get_store (fixture), &error);

  g_assert_no_error (error);
  return snapshots;
}

static void
remember (Fixture *fixture)
{
  settle ();
  g_ptr_array_unref (browse (fixture));
}

static char *
build_metadata_path (PlugRbSnapshot *snapshot)
{
  return g_build_filename (g_get_user_data_dir (), "plugin-rollback", "snapshots", KEY,
                           plug_rb_snapshot_get_id (snapshot), "snapshot.json", NULL);
}

static char *
build_cache_path (Fixture *fixture)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "plugin-rollback", "listings", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  g_assert_nonnull (dir);
  return g_build_filename (folder, g_dir_read_name (dir), NULL);
}

/* All that a list shows. */
static void
assert_same (PlugRbSnapshot *a, PlugRbSnapshot *b)
{
  g_autoptr(JsonObject) x = plug_rb_snapshot_to_contract_json (a);
  g_autoptr(JsonObject) y = plug_rb_snapshot_to_contract_json (b);
  g_autofree char *first = plug_rb_json_to_string (x);
  g_autofree char *second = plug_rb_json_to_string (y);

  g_assert_cmpstr (first, ==, second);
  g_assert_true (
      g_date_time_equal (plug_rb_snapshot_get_timestamp (a), plug_rb_snapshot_get_timestamp (b)));
  g_assert_cmpstr (plug_rb_snapshot_get_table (a), ==, plug_rb_snapshot_get_table (b));
  g_assert_cmpstr (plug_rb_snapshot_get_host_version (a), ==,
                   plug_rb_snapshot_get_host_version (b));
  g_assert_cmpint (plug_rb_snapshot_get_health (a), ==, plug_rb_snapshot_get_health (b));
}

static void
assert_true_list (Fixture *fixture)
{
  g_autoptr(GPtrArray) browsed = browse (fixture);
  g_autoptr(GPtrArray) real = plug_rb_store_list_snapshots (get_store (fixture), NULL, NULL);

  g_assert_cmpuint (browsed->len, ==, real->len);
  for (guint i = 0; i < real->len; i++)
    assert_same (browsed->pdata[i], real->pdata[i]);
}

/* ---- */

/* The metadata cannot be read, and nobody notices until they are asked for. */
static void
test_used (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = build_metadata_path (fixture->target);
  g_autofree char *content = NULL;
  g_autoptr(GPtrArray) browsed = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *last;
  gsize length;
  int fd;

  remember (fixture);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  fd = g_open (path, O_WRONLY | O_TRUNC);
  g_assert_true (g_close (fd, NULL));

  browsed = browse (fixture);
  last = browsed->pdata[browsed->len - 1];
  g_assert_null (plug_rb_snapshot_get_damaged (last));
  g_assert_cmpstr (plug_rb_snapshot_get_id (last), ==, plug_rb_snapshot_get_id (fixture->target));
  g_assert_null (plug_rb_snapshot_load_json (last, &error));
  g_assert_nonnull (strstr (error->message, plug_rb_snapshot_get_id (last)));
  g_clear_error (&error);

  fd = g_open (path, O_WRONLY | O_TRUNC);
  g_assert_cmpint (write (fd, content, length), ==, length);
  g_assert_true (g_close (fd, NULL));
  g_assert_nonnull (plug_rb_snapshot_load_json (last, &error));
  g_assert_no_error (error);
}

/* What was only listed is restored by its metadata. */
static void
test_roll_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GPtrArray) browsed = NULL;

  remember (fixture);
  browsed = browse (fixture);
  g_set_object (&fixture->target, browsed->pdata[browsed->len - 1]);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);
}

static void
test_damaged_since (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = build_metadata_path (fixture->target);
  g_autofree char *before = scratch_picture ();
  g_autoptr(GPtrArray) browsed = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  int fd;

  remember (fixture);
  browsed = browse (fixture);
  fd = g_open (path, O_WRONLY | O_TRUNC);
  g_assert_true (g_close (fd, NULL));
  operation = scratch_roll_back (fixture->engine, browsed->pdata[browsed->len - 1], &error);
  g_assert_nonnull (error);
  fixture_assert_picture (before);
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) added = NULL;
  g_autoptr(GError) error = NULL;

  remember (fixture);
  assert_true_list (fixture);

  fixture_put (fixture, "common.js", "// new");
  added = scratch_snapshot (fixture->engine, ID);
  assert_true_list (fixture);
  remember (fixture);
  assert_true_list (fixture);

  g_object_unref (plug_rb_store_set_label (get_store (fixture), added, "Works", &error));
  g_assert_no_error (error);
  assert_true_list (fixture);
  remember (fixture);
  assert_true_list (fixture);

  g_assert_true (plug_rb_store_delete_snapshot (get_store (fixture), added, &error));
  g_assert_no_error (error);
  assert_true_list (fixture);
}

static void
damage (const char *path, gsize at)
{
  struct stat st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  fixture_flip (path, at % (gsize) st.st_size);
}

static void
test_damaged_cache (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 64; i++) {
    g_autofree char *path = NULL;

    remember (fixture);
    path = build_cache_path (fixture);
    damage (path, i * 37);
    assert_true_list (fixture);
    if (i % 16 == 0) {
      remember (fixture);
      g_assert_cmpint (truncate (path, i), ==, 0);
      assert_true_list (fixture);
    }
  }
}

/* A damaged snapshot is shown as such each time, and as good again when it is. */
static void
test_damaged_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = build_metadata_path (fixture->target);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  fixture_flip (path, length / 2);
  remember (fixture);
  assert_true_list (fixture);
  remember (fixture);
  assert_true_list (fixture);
  g_assert_true (g_file_set_contents (path, content, length, NULL));
  assert_true_list (fixture);
}

static const FixtureCase cases[] = {
  { "/listing/used", NULL, test_used },
  { "/listing/roll-back", NULL, test_roll_back },
  { "/listing/damaged-since", NULL, test_damaged_since },
  { "/listing/changes", NULL, test_changes },
  { "/listing/damaged-cache", NULL, test_damaged_cache },
  { "/listing/damaged-snapshot", NULL, test_damaged_snapshot },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
