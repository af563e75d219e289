/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define STRANGER_ID "01890a5d-ac96-774b-bcce-b302099a8057"
#define STRANGER_HASH "0000000000000000000000000000000000000000000000000000000000000000"

#define LIST "find . ! -name .lock ! -path './*/gnome-shell' | LC_ALL=C sort"

typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbSnapshot *first;
  PlugRbSnapshot *second;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = scratch_open ();
  fixture->store = plug_rb_engine_get_store (fixture->engine);
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
in_store (const char *script)
{
  g_free (scratch_in_store (script));
}

static void
assert_in_store (const char *script, const char *output)
{
  g_autofree char *seen = scratch_in_store (script);

  g_assert_cmpstr (seen, ==, output);
}

static void
collect (Fixture *fixture)
{
  plug_rb_engine_collect (fixture->engine, NULL);
}

/* The table fits its checksum, and all archives are there as long as they were. */
static void
assert_loads (Fixture *fixture, PlugRbSnapshot *snapshot)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbTable) table = plug_rb_store_read_table (fixture->store, snapshot, &error);

  g_assert_no_error (error);
  g_assert_true (plug_rb_store_has_contents (fixture->store, snapshot));
}

static void
purge (PlugRbSnapshot *snapshot)
{
  g_autofree char *script =
      g_strdup_printf ("rm -r trash/" KEY "/%s", plug_rb_snapshot_get_id (snapshot));

  in_store (script);
}

/* ---- what goes */

static const char *const garbage[] = {
  "touch .tmp-store.json",
  "touch snapshots/" KEY "/.tmp-" STRANGER_ID ".json",
  "mkdir snapshots/" KEY "/.tmp-" STRANGER_ID "; touch snapshots/" KEY "/.tmp-" STRANGER_ID "/x",
  "touch archives/" KEY "/.tmp-" STRANGER_ID ".tar.zst",
  "mkdir -p trash/" KEY "/.tmp-" STRANGER_ID "/x",
  "touch operations/.tmp-x operations/pending/.tmp-y",
  "touch tables/.tmp-x",
  "touch archives/" KEY "/" STRANGER_ID ".tar.zst",
  "touch archives/" KEY "/" STRANGER_ID ".index",
  "touch archives/" KEY "/" STRANGER_ID ".index.json.zst",
  "touch tables/" STRANGER_HASH ".json.zst",
  "mkdir -p archives/gnome-shell/gone@x; touch archives/gnome-shell/gone@x/" STRANGER_ID ".tar.zst",
  "mkdir -p snapshots/gnome-shell/gone@x; touch snapshots/gnome-shell/gone@x/.absent-since",
  "mkdir -p trash/gnome-shell/gone@x",
};

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  collect (fixture);
  before = scratch_in_store (LIST);
  in_store (data);
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
  assert_loads (fixture, fixture->first);
  assert_loads (fixture, fixture->second);
}

/* ---- what stays */

static const char *const strangers[] = {
  "touch archives/" KEY "/README",
  "touch archives/" KEY "/" STRANGER_ID,
  "touch archives/" KEY "/" STRANGER_ID "x.tar.zst",
  ("touch tables/README tables/" STRANGER_HASH),
  "mkdir snapshots/gnome-shell/gone@x; touch snapshots/gnome-shell/gone@x/README",
  "mkdir snapshots/gnome-shell/%zz; touch snapshots/file trash/file",
};

static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  in_store (data);
  before = scratch_in_store (LIST);
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
}

static void
test_trashed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) back = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->first, NULL));
  collect (fixture);
  back = plug_rb_engine_restore_deleted (fixture->engine, plug_rb_snapshot_get_id (fixture->first),
                                         &error);
  g_assert_no_error (error);
  assert_loads (fixture, back);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->second, NULL));
  purge (fixture->second);
  collect (fixture);
  assert_in_store ("ls tables | wc -l; ls archives/" KEY " | grep -c tar.zst", "1\n1\n");
  assert_loads (fixture, fixture->first);
}

/* Of the archive, what the other snapshot shares is still needed. */
static void
test_gone_shared (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->first, NULL));
  purge (fixture->first);
  collect (fixture);
  assert_in_store ("ls tables | wc -l", "1\n");
  assert_loads (fixture, fixture->second);
}

/* Of two that share their contents one is enough to keep them. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) third = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  gboolean created;

  third = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_MANUAL, "again", NULL,
                                   &created, operation, NULL, NULL);
  g_assert_true (created);
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->second, NULL));
  purge (fixture->second);
  collect (fixture);
  assert_loads (fixture, third);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *damage = g_strconcat ("ID=", plug_rb_snapshot_get_id (fixture->first), "; ",
                                         (const char *) data, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  in_store (damage);
  in_store ("mkdir -p archives/gnome-shell/o@x; touch archives/gnome-shell/o@x/" STRANGER_ID
            ".tar.zst archives/" KEY "/" STRANGER_ID ".tar.zst tables/" STRANGER_HASH ".json.zst");
  before = scratch_in_store (LIST " | grep -v o@x");
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
}

/* ---- journals */

static PlugRbJournal *
save_journal (Fixture *fixture, const char *snapshot)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  PlugRbJournal *journal = plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);

  plug_rb_journal_add_item (journal, "gnome-shell/other@x", snapshot, snapshot);
  journal->operation = plug_rb_operation_to_json (operation);
  g_assert_true (plug_rb_store_save_journal (fixture->store, journal, NULL));

  return journal;
}

static void
test_journalled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbJournal) journal = save_journal (fixture, STRANGER_ID);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  in_store ("touch archives/" KEY "/" STRANGER_ID ".tar.zst");
  before = scratch_in_store (LIST);
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
}

static void
test_journal_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbJournal) journal = save_journal (fixture, STRANGER_ID);

  in_store ("truncate -s -5 operations/pending/*.json; "
            "touch archives/" KEY "/" STRANGER_ID ".tar.zst");
  collect (fixture);
  assert_in_store ("ls archives/" KEY " | grep -c " STRANGER_ID, "1\n");
}

/* ---- others at work */

static void
test_plugin_at_work (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) lock = plug_rb_store_lock_plugin (fixture->store, KEY, NULL, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  in_store ("touch archives/" KEY "/.tmp-x archives/" KEY "/" STRANGER_ID ".tar.zst");
  before = scratch_in_store (LIST);
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
}

static void
test_table_at_work (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) one = plug_rb_store_share_tables (fixture->store, NULL, NULL);
  g_autoptr(PlugRbLock) two = plug_rb_store_share_tables (fixture->store, NULL, NULL);

  g_assert_true (one != NULL && two != NULL);
  in_store ("touch tables/" STRANGER_HASH ".json.zst tables/.tmp-x");
  collect (fixture);
  assert_in_store ("ls -A tables | grep -c '" STRANGER_HASH "\\|tmp'", "2\n");

  g_clear_pointer (&one, plug_rb_lock_free);
  g_clear_pointer (&two, plug_rb_lock_free);
  collect (fixture);
  assert_in_store ("ls -A tables | grep -c '" STRANGER_HASH "\\|tmp' || true", "0\n");
}

/* ---- a lock that goes with its folder */

static gpointer
lock_in_thread (gpointer data)
{
  Fixture *fixture = data;

  return plug_rb_store_lock_plugin (fixture->store, "gnome-shell/gone@x", NULL, NULL);
}

static void
test_lock_goes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder =
      plug_rb_store_build_path (fixture->store, "snapshots", "gnome-shell", "gone@x", NULL);
  PlugRbLock *lock = lock_in_thread (fixture);
  g_autoptr(PlugRbLock) other = NULL;
  GThread *thread = g_thread_new ("waits", lock_in_thread, fixture);
  guint64 freed = 0;

  /* Long enough that it waits already; it may come as late as it likes. */
  g_usleep (G_USEC_PER_SEC / 5);
  g_assert_true (plug_rb_store_collect_plugin (fixture->store, "gnome-shell/gone@x", NULL, FALSE,
                                               &freed, NULL));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  plug_rb_lock_free (lock);

  other = g_thread_join (thread);
  g_assert_nonnull (other);
  g_assert_false (plug_rb_lock_is_free (folder));
}

/* ---- another process */

#define ROUNDS 25

/* Takes snapshots, and makes those before garbage, so that tables and archives come and go. */
static int
save_many (void)
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();

  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr(PlugRbSnapshot) snapshot = NULL;

    scratch_install_sample (1 + i % 3);
    snapshot = scratch_snapshot (engine, ID);
    if (i % 2 == 0 && !plug_rb_engine_delete_snapshot (engine, snapshot, NULL))
      return EXIT_FAILURE;
    if (i % 2 == 0)
      purge (snapshot);
  }

  return EXIT_SUCCESS;
}

static GPid
start_saver (void)
{
  const char *argv[] = { "/proc/self/exe", "--save-many", NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);

  return pid;
}

static void
test_saver (Fixture *fixture, gconstpointer data)
{
  GPid pid = start_saver ();
  g_autoptr(GPtrArray) snapshots = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  int status;

  while (waitpid (pid, &status, WNOHANG) == 0)
    collect (fixture);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == EXIT_SUCCESS);

  snapshots = plug_rb_engine_list_snapshots (fixture->engine, KEY, NULL);
  g_assert_cmpuint (snapshots->len, ==, 2 + ROUNDS / 2);
  for (guint i = 0; i < snapshots->len; i++)
    assert_loads (fixture, snapshots->pdata[i]);

  collect (fixture);
  before = scratch_in_store (LIST);
  collect (fixture);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (strstr (after, ".tmp-"));
}

/* ---- files that are replaced while somebody sweeps */

static int replaced;

static gpointer
sweep_once_each (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  int swept_at = -1;

  while (g_atomic_int_get (&replaced) >= 0) {
    g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);
    int now = g_atomic_int_get (&replaced);

    for (guint i = 0; i < names->len && now != swept_at; i++)
      if (g_str_has_prefix (names->pdata[i], ".tmp-")) {
        unlinkat (fd, names->pdata[i], 0);
        swept_at = now;
      }
  }

  return NULL;
}

static void
test_replace_while_swept (Fixture *fixture, gconstpointer data)
{
  g_autofd int fd = plug_rb_fs_open_folder (plug_rb_store_get_path (fixture->store), NULL);
  GThread *thread = g_thread_new ("sweeps", sweep_once_each, GINT_TO_POINTER (fd));
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autoptr(GError) error = NULL;

  for (int i = 1; i <= 100 && error == NULL; i++) {
    plug_rb_fs_replace (fd, "victim", text, 1024 * 1024, &error);
    g_atomic_int_set (&replaced, i);
  }

  g_atomic_int_set (&replaced, -1);
  g_thread_join (thread);
  g_assert_no_error (error);
}

static void
add_all (const char *prefix,
         const char *const *scripts,
         gsize n,
         void (*func) (Fixture *fixture, gconstpointer data))
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("/collect/%s/%zu", prefix, i);

    g_test_add (path, Fixture, scripts[i], set_up, func, tear_down);
  }
}

int
main (int argc, char *argv[])
{
  if (argc == 2 && g_str_equal (argv[1], "--save-many"))
    return save_many ();

  g_test_init (&argc, &argv, NULL);

  add_all ("garbage", garbage, G_N_ELEMENTS (garbage), test_garbage);
  add_all ("stranger", strangers, G_N_ELEMENTS (strangers), test_stranger);
  g_test_add ("/collect/trashed", Fixture, NULL, set_up, test_trashed, tear_down);
  g_test_add ("/collect/gone", Fixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/collect/gone-shared", Fixture, NULL, set_up, test_gone_shared, tear_down);
  g_test_add ("/collect/shared", Fixture, NULL, set_up, test_shared, tear_down);
  g_test_add ("/collect/damaged/live", Fixture, "truncate -s 9 snapshots/" KEY "/$ID/snapshot.json",
              set_up, test_damaged, tear_down);
  g_test_add ("/collect/damaged/trashed", Fixture,
              "mkdir -p trash/" KEY "; mv snapshots/" KEY "/$ID trash/" KEY "; rm trash/" KEY
              "/*/snapshot.json",
              set_up, test_damaged, tear_down);
  g_test_add ("/collect/journalled", Fixture, NULL, set_up, test_journalled, tear_down);
  g_test_add ("/collect/journal-unreadable", Fixture, NULL, set_up, test_journal_unreadable,
              tear_down);
  g_test_add ("/collect/plugin-at-work", Fixture, NULL, set_up, test_plugin_at_work, tear_down);
  g_test_add ("/collect/table-at-work", Fixture, NULL, set_up, test_table_at_work, tear_down);
  g_test_add ("/collect/lock-goes", Fixture, NULL, set_up, test_lock_goes, tear_down);
  g_test_add ("/collect/saver", Fixture, NULL, set_up, test_saver, tear_down);
  g_test_add ("/collect/replace-while-swept", Fixture, NULL, set_up, test_replace_while_swept,
              tear_down);

  return g_test_run ();
}
