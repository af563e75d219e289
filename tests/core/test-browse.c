/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine-fixture.h"
#include "plug-rb-blob.h"
#include "plug-rb-contents.h"
#include "plug-rb-examination.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-scan.h"
#include "plug-rb-state.h"
#include "plug-rb-store.h"

/* ---- tools */

/* Until what has been changed so far is older than the clock that stamps files can tell. */
static void
settle (void)
{
  g_usleep (2 * plug_rb_scan_get_clock_step ());
}

/* All that programs are told of a list. */
static char *
describe (GPtrArray *snapshots)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < snapshots->len; i++) {
    g_autoptr(JsonObject) json = plug_rb_snapshot_to_contract_json (snapshots->pdata[i]);
    g_autofree char *line = plug_rb_json_to_string (json);
    g_autofree char *time =
        g_date_time_format_iso8601 (plug_rb_snapshot_get_timestamp (snapshots->pdata[i]));
    const char *host_version = plug_rb_snapshot_get_host_version (snapshots->pdata[i]);

    g_string_append_printf (text, "%s %s %s\n", line, time, host_version ? host_version : "-");
  }

  return g_string_free_and_steal (text);
}

static GPtrArray *
browse (PlugRbEngine *engine)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *snapshots = plug_rb_store_browse_snapshots (plug_rb_engine_get_store (engine), &error);

  g_assert_no_error (error);
  return snapshots;
}

static char *
browsed (PlugRbEngine *engine)
{
  g_autoptr(GPtrArray) snapshots = browse (engine);

  return describe (snapshots);
}

static char *
listed (PlugRbEngine *engine)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) snapshots =
      plug_rb_store_list_snapshots (plug_rb_engine_get_store (engine), NULL, &error);

  g_assert_no_error (error);
  return describe (snapshots);
}

/* What is shown is what is there. */
static void
assert_true_list (PlugRbEngine *engine)
{
  g_autofree char *seen = browsed (engine);
  g_autofree char *real = listed (engine);

  g_assert_cmpstr (seen, ==, real);
}

/* Behind the store's back: no time of the plugin's folder changes. */
static void
hide_metadata (Fixture *fixture)
{
  g_autofree char *script = g_strdup_printf ("mv snapshots/" KEY "/%s/snapshot.json hidden",
                                             plug_rb_snapshot_get_id (fixture->target));
  g_autofree char *output = scratch_in_store (script);
}

static void
show_metadata (Fixture *fixture)
{
  g_autofree char *script = g_strdup_printf ("mv hidden snapshots/" KEY "/%s/snapshot.json",
                                             plug_rb_snapshot_get_id (fixture->target));
  g_autofree char *output = scratch_in_store (script);
}

static gboolean
is_shown_damaged (Fixture *fixture)
{
  g_autoptr(GPtrArray) snapshots = browse (fixture->engine);
  const char *id = plug_rb_snapshot_get_id (fixture->target);

  for (guint i = 0; i < snapshots->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (snapshots->pdata[i]), id))
      return plug_rb_snapshot_get_damaged (snapshots->pdata[i]) != NULL;

  g_assert_not_reached ();
}

/* Whether the list comes from the cache. */
static gboolean
is_remembered (Fixture *fixture)
{
  gboolean remembered;

  hide_metadata (fixture);
  remembered = !is_shown_damaged (fixture);
  show_metadata (fixture);

  return remembered;
}

static char *
make_cache_path (const char *store)
{
  g_autofree char *name = plug_rb_hash_bytes (store, strlen (store));

  return g_build_filename (g_get_user_cache_dir (), "plugin-rollback", "listings", name, NULL);
}

static PlugRbSnapshot *
find_remembered (Fixture *fixture)
{
  g_autoptr(GPtrArray) snapshots = NULL;
  g_autofree char *before = NULL;

  settle ();
  before = browsed (fixture->engine);
  snapshots = browse (fixture->engine);
  g_assert_cmpuint (snapshots->len, ==, 1);

  return g_object_ref (snapshots->pdata[0]);
}

/* ---- what is remembered */

static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = scratch_snapshot (fixture->engine, ID);
  g_autoptr(PlugRbSnapshot) labeled =
      plug_rb_engine_set_label (fixture->engine, second, "Grün “1”", NULL);
  g_autoptr(PlugRbSnapshot) noted =
      plug_rb_engine_set_note (fixture->engine, second, "one\ntwo", NULL);
  g_autoptr(PlugRbSnapshot) pinned =
      plug_rb_engine_set_pinned (fixture->engine, second, TRUE, NULL);

  assert_true_list (fixture->engine);
  settle ();
  assert_true_list (fixture->engine);
  g_assert_true (is_remembered (fixture));
  assert_true_list (fixture->engine);
}

static void
test_edited (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++) {
    g_autofree char *label = g_strdup_printf ("label %u", i);
    g_autoptr(PlugRbSnapshot) labeled = NULL;
    g_autoptr(PlugRbSnapshot) noted = NULL;
    g_autoptr(PlugRbSnapshot) pinned = NULL;
    g_autoptr(GPtrArray) seen = NULL;

    /* Every second time the list is from the cache when it is edited. */
    if (i % 2 == 0)
      g_object_unref (find_remembered (fixture));
    labeled = plug_rb_engine_set_label (fixture->engine, fixture->target, label, NULL);
    assert_true_list (fixture->engine);
    noted = plug_rb_engine_set_note (fixture->engine, fixture->target, label, NULL);
    assert_true_list (fixture->engine);
    pinned = plug_rb_engine_set_pinned (fixture->engine, fixture->target, i % 2 == 0, NULL);
    assert_true_list (fixture->engine);
    seen = browse (fixture->engine);
    g_assert_cmpstr (plug_rb_snapshot_get_label (seen->pdata[0]), ==, label);
  }
}

static void
test_added_and_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = NULL;
  g_autoptr(PlugRbSnapshot) back = NULL;
  g_autoptr(GError) error = NULL;

  g_object_unref (find_remembered (fixture));
  second = scratch_snapshot (fixture->engine, ID);
  assert_true_list (fixture->engine);

  settle ();
  assert_true_list (fixture->engine);
  plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);
  assert_true_list (fixture->engine);

  settle ();
  assert_true_list (fixture->engine);
  back = plug_rb_engine_restore_deleted (fixture->engine, plug_rb_snapshot_get_id (fixture->target),
                                         &error);
  g_assert_no_error (error);
  assert_true_list (fixture->engine);
}

/* By hand, as by whoever tidies up with a file manager. */
static void
test_renamed (Fixture *fixture, gconstpointer data)
{
  static const char *const scripts[] = {
    "mv snapshots/" KEY " snapshots/gnome-shell/other@example.org",
    "mv snapshots/gnome-shell/other@example.org 'snapshots/gnome-shell/sample@example%2Eorg'",
    "mv 'snapshots/gnome-shell/sample@example%2Eorg' snapshots/" KEY,
    "mv snapshots/gnome-shell snapshots/other",
    "mv snapshots/other snapshots/gnome-shell; cp -a snapshots/" KEY " snapshots/gnome-shell/b",
    "rm -r snapshots/" KEY "/*",
    "rm -rf snapshots/gnome-shell",
  };

  g_object_unref (find_remembered (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autofree char *output = scratch_in_store (scripts[i]);

    assert_true_list (fixture->engine);
    settle ();
    assert_true_list (fixture->engine);
    assert_true_list (fixture->engine);
  }
}

/* What may still change without any time showing it is not remembered. */
static void
test_racy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *now = NULL;
  g_autofree char *before = NULL;
  g_autofree char *later = scratch_in_store ("touch -d '1 hour' snapshots/" KEY);

  settle ();
  before = browsed (fixture->engine);
  g_assert_false (is_remembered (fixture));

  now = scratch_in_store ("touch -d '1 hour ago' snapshots/" KEY);
  settle ();
  g_assert_false (is_shown_damaged (fixture));
  g_assert_true (is_remembered (fixture));
}

static void
test_mended (Fixture *fixture, gconstpointer data)
{
  hide_metadata (fixture);
  settle ();
  g_assert_true (is_shown_damaged (fixture));
  g_assert_true (is_shown_damaged (fixture));
  show_metadata (fixture);
  g_assert_false (is_shown_damaged (fixture));
}

/* ---- what decides */

/* A list may show what was damaged since, but nothing is done with it. */
static void
test_damaged_since (Fixture *fixture, gconstpointer data)
{
  PlugRbStore *store = plug_rb_engine_get_store (fixture->engine);
  g_autoptr(PlugRbSnapshot) shown = find_remembered (fixture);
  g_autoptr(GHashTable) cache = plug_rb_examination_cache_new ();
  g_autoptr(PlugRbExamination) examination = NULL;
  g_autoptr(PlugRbState) state = NULL;
  g_autoptr(PlugRbContents) contents = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  hide_metadata (fixture);
  g_assert_null (plug_rb_snapshot_get_damaged (shown));
  g_assert_null (plug_rb_snapshot_load_json (shown, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, plug_rb_snapshot_get_id (shown)));
  g_clear_error (&error);

  state = plug_rb_state_load (store, shown, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  contents = plug_rb_contents_open (store, shown, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  examination = plug_rb_examination_new (store, shown, FALSE, cache, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (examination->metadata_damaged);

  operation = scratch_roll_back (fixture->engine, shown, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  fixture_assert_picture (fixture->before);
}

/* Another snapshot's metadata in its place are not taken for its own. */
static void
test_exchanged_since (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) shown = find_remembered (fixture);
  g_autoptr(PlugRbState) state = NULL;
  g_autoptr(GError) error = NULL;

  scratch_rewrite (fixture->target, "table",
                   "0000000000000000000000000000000000000000000000000000000000000000");
  state = plug_rb_state_load (plug_rb_engine_get_store (fixture->engine), shown, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_rolled_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) shown = find_remembered (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = scratch_roll_back (fixture->engine, shown, &error);

  g_assert_no_error (error);
  fixture_assert_picture (fixture->wanted);
}

/* ---- the cache */

static void
assert_cut_harmless (
    Fixture *fixture, const char *path, const char *content, gsize length, const char *expected)
{
  g_autofree char *seen = NULL;

  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
  seen = browsed (fixture->engine);
  g_assert_cmpstr (seen, ==, expected);
}

static void
test_damaged_cache (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_cache_path (plug_rb_engine_get_store_path (fixture->engine));
  g_autofree char *content = NULL;
  g_autofree char *expected = NULL;
  gsize length;

  g_object_unref (find_remembered (fixture));
  expected = browsed (fixture->engine);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));

  for (gsize i = 0; i < length; i += 7) {
    content[i] ^= 0x11;
    assert_cut_harmless (fixture, path, content, length, expected);
    content[i] ^= 0x11;
    assert_cut_harmless (fixture, path, content, i, expected);
  }

  /* And it is made anew. */
  g_assert_true (is_remembered (fixture));
}

static void
save_sealed (const char *path, const guint8 *content, gsize length)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(GBytes) bytes = g_bytes_new (content, length);
  g_autofd int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_true (plug_rb_blob_save (fd, name, bytes, NULL));
}

/* One that another version sealed, or somebody on purpose: what it says may be shown, but nothing
 * outside of it is read. */
static void
test_foreign_cache (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_cache_path (plug_rb_engine_get_store_path (fixture->engine));
  g_autofree char *content = NULL;
  gsize length;

  g_object_unref (find_remembered (fixture));
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  length -= PLUG_RB_HASH_HEX_SIZE - 1;

  for (gsize i = 0; i < length; i++) {
    const char old = content[i];

    for (guint bit = 0; bit < 8; bit += 7) {
      g_autofree char *shown = NULL;

      content[i] = (char) (old ^ (1 << bit));
      save_sealed (path, (const guint8 *) content, length);
      shown = browsed (fixture->engine);
    }
    content[i] = old;
  }
}

static void
test_no_cache (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_cache_path (plug_rb_engine_get_store_path (fixture->engine));
  g_autofree char *folder = g_path_get_dirname (path);

  scratch_run ((const char *[]) { "rm", "-rf", folder, NULL });
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  settle ();
  assert_true_list (fixture->engine);
  assert_true_list (fixture->engine);
  g_assert_false (is_remembered (fixture));
  g_assert_cmpint (g_unlink (folder), ==, 0);
}

static void
test_two_stores (Fixture *fixture, gconstpointer data)
{
  const char *first = plug_rb_engine_get_store_path (fixture->engine);
  g_autofree char *second = g_strconcat (first, "-two", NULL);
  g_autofree char *first_cache = make_cache_path (first);
  g_autofree char *second_cache = make_cache_path (second);
  g_autoptr(PlugRbEngine) other = plug_rb_engine_open (second, NULL);
  g_autoptr(PlugRbSnapshot) own = scratch_snapshot (other, ID);
  g_autoptr(GError) error = NULL;

  g_object_unref (find_remembered (fixture));
  assert_true_list (other);
  assert_true_list (fixture->engine);
  g_assert_true (is_remembered (fixture));

  /* One store's cache in the place of the other's is not taken for it. */
  scratch_run ((const char *[]) { "cp", first_cache, second_cache, NULL });
  assert_true_list (other);
  scratch_run ((const char *[]) { "rm", "-rf", second, NULL });
}

int
main (int argc, char *argv[])
{
  static const FixtureCase cases[] = {
    { "/browse/same", NULL, test_same },
    { "/browse/edited", NULL, test_edited },
    { "/browse/added-and-deleted", NULL, test_added_and_deleted },
    { "/browse/renamed", NULL, test_renamed },
    { "/browse/racy", NULL, test_racy },
    { "/browse/mended", NULL, test_mended },
    { "/browse/damaged-since", NULL, test_damaged_since },
    { "/browse/exchanged-since", NULL, test_exchanged_since },
    { "/browse/rolled-back", NULL, test_rolled_back },
    { "/browse/damaged-cache", NULL, test_damaged_cache },
    { "/browse/foreign-cache", NULL, test_foreign_cache },
    { "/browse/no-cache", NULL, test_no_cache },
    { "/browse/two-stores", NULL, test_two_stores },
  };

  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
