/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <stdlib.h>

#include "plug-rb-error.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define POLICY "[io/github/plugrb/PluginRollback/policy]\n"
#define N 5

#define LIST "find . ! -name .lock ! -name audit.jsonl -printf '%p %s %T@\\n' | LC_ALL=C sort"

/* One snapshot of each of the versions 1 to 5; the last one is installed. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbSnapshot *snapshots[N];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = scratch_open ();
  fixture->store = plug_rb_engine_get_store (fixture->engine);
  for (int i = 0; i < N; i++) {
    scratch_install_sample (i + 1);
    fixture->snapshots[i] = scratch_snapshot (fixture->engine, ID);
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  for (int i = 0; i < N; i++)
    g_clear_object (&fixture->snapshots[i]);
  g_clear_object (&fixture->engine);
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
}

/* ---- tools */

static void
in_store (const char *script)
{
  g_free (scratch_in_store (script));
}

static void
set_policy (Fixture *fixture, const char *settings)
{
  g_autofree char *path = plug_rb_store_build_path (fixture->store, "policy.ini", NULL);
  g_autofree char *text = g_strconcat (POLICY, settings, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static PlugRbPruning *
prune (Fixture *fixture, gboolean dry_run)
{
  g_autoptr(GError) error = NULL;
  PlugRbPruning *pruning = plug_rb_engine_prune (fixture->engine, NULL, dry_run, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pruning->failed->len, ==, 0);

  return pruning;
}

/* One word for each snapshot that is still there, newest first, and for each that went. */
static char *
describe (const PlugRbPruning *pruning)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pruning->kept->len; i++)
    g_string_append_printf (text, "%s ", ((PlugRbPruned *) pruning->kept->pdata[i])->why);
  g_string_append (text, "/");
  for (guint i = 0; i < pruning->deleted->len; i++)
    g_string_append_printf (text, " %s", ((PlugRbPruned *) pruning->deleted->pdata[i])->why);

  return g_string_free_and_steal (text);
}

static void
assert_prunes (Fixture *fixture, const char *expected)
{
  g_autofree char *before = scratch_in_store (LIST);
  g_autoptr(PlugRbPruning) dry = prune (fixture, TRUE);
  g_autofree char *after = scratch_in_store (LIST);
  g_autoptr(PlugRbPruning) real = prune (fixture, FALSE);
  g_autofree char *foreseen = describe (dry);
  g_autofree char *done = describe (real);

  g_assert_cmpstr (before, ==, after);
  g_assert_cmpstr (foreseen, ==, expected);
  g_assert_cmpstr (done, ==, expected);
  g_assert_cmpuint (dry->purged->len, ==, real->purged->len);
  g_assert_cmpuint (dry->freed, ==, real->freed);
}

static guint
count (Fixture *fixture)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (fixture->engine, KEY, NULL);

  return snapshots->len;
}

static guint
count_deleted (Fixture *fixture)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_deleted (fixture->engine, NULL);

  return snapshots->len;
}

static void
age_all (Fixture *fixture)
{
  for (int i = 0; i < N; i++)
    scratch_age (fixture->snapshots[i], 100 - i);
}

static void
uninstall (void)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *folder = g_build_filename (extensions, ID, NULL);

  scratch_run ((const char *[]) { "rm", "-r", folder, NULL });
}

/* ---- what goes */

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  assert_prunes (fixture, "installed-version previous-version within-limits within-limits "
                          "within-limits /");
  g_assert_cmpuint (count_deleted (fixture), ==, 0);
}

static void
test_count (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) back = NULL;
  g_autoptr(GError) error = NULL;

  set_policy (fixture, "max-snapshots=1\n");
  assert_prunes (fixture,
                 "installed-version previous-version within-limits / over-count over-count");
  g_assert_cmpuint (count (fixture), ==, 3);
  g_assert_cmpuint (count_deleted (fixture), ==, 2);
  assert_prunes (fixture, "installed-version previous-version within-limits /");

  back = plug_rb_engine_restore_deleted (fixture->engine,
                                         plug_rb_snapshot_get_id (fixture->snapshots[0]), &error);
  g_assert_no_error (error);
}

static void
test_age (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) pinned =
      plug_rb_engine_set_pinned (fixture->engine, fixture->snapshots[0], TRUE, NULL);

  age_all (fixture);
  g_assert_nonnull (pinned);
  assert_prunes (fixture, "installed-version previous-version pinned / too-old too-old");
}

static void
test_one_plugin (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPruning) other = NULL;
  g_autoptr(PlugRbPruning) own = NULL;
  g_autoptr(GError) error = NULL;

  set_policy (fixture, "max-snapshots=1\n");
  other = plug_rb_engine_prune (fixture->engine, "gnome-shell/other@x", FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (other->kept->len + other->deleted->len, ==, 0);
  g_assert_cmpuint (count (fixture), ==, N);
  own = plug_rb_engine_prune (fixture->engine, KEY, FALSE, NULL, NULL);
  g_assert_cmpuint (own->deleted->len, ==, 2);
}

static void
test_policy_of_plugin (Fixture *fixture, gconstpointer data)
{
  set_policy (fixture, "max-snapshots=1\n[io/github/plugrb/PluginRollback/policy/plugins/" KEY
                       "]\nmax-snapshots=2\n");
  assert_prunes (fixture, "installed-version previous-version within-limits within-limits / "
                          "over-count");
}

/* The user may have wanted to keep a hundred. */
static void
test_policy_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = plug_rb_store_build_path (fixture->store, "policy.ini", NULL);
  g_autoptr(PlugRbPruning) pruning = NULL;
  g_autoptr(GError) error = NULL;

  age_all (fixture);
  g_assert_true (g_file_set_contents (path, "\x01", -1, NULL));
  g_assert_null (plug_rb_engine_prune (fixture->engine, KEY, FALSE, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  pruning = plug_rb_engine_prune (fixture->engine, NULL, FALSE, NULL, NULL);
  g_assert_cmpuint (pruning->failed->len, ==, 1);
  g_assert_cmpuint (count (fixture), ==, N);
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  age_all (fixture);
  g_cancellable_cancel (cancellable);
  g_assert_null (plug_rb_engine_prune (fixture->engine, NULL, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count (fixture), ==, N);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) lock = plug_rb_store_lock_plugin (fixture->store, KEY, NULL, NULL);
  g_autoptr(PlugRbPruning) pruning = NULL;
  const PlugRbPruneFailure *failure;

  age_all (fixture);
  pruning = plug_rb_engine_prune (fixture->engine, NULL, FALSE, NULL, NULL);
  g_assert_cmpuint (pruning->failed->len, ==, 1);
  failure = pruning->failed->pdata[0];
  g_assert_cmpstr (failure->plugin, ==, KEY);
  g_assert_error (failure->error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  g_assert_cmpuint (count (fixture), ==, N);
}

/* ---- what rollbacks need */

static void
roll_back (Fixture *fixture, int version)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      scratch_roll_back (fixture->engine, fixture->snapshots[version - 1], &error);

  g_assert_no_error (error);
}

static void
test_rollback (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autoptr(GError) error = NULL;

  roll_back (fixture, 1);
  age_all (fixture);
  set_policy (fixture, "max-snapshots=1\n");
  assert_prunes (fixture, "recent-rollback recent-rollback / too-old too-old too-old");

  undone = scratch_undo (fixture->engine, &error);
  g_assert_no_error (error);
}

static void
save_journal (Fixture *fixture, const char *plugin, const char *target, const char *safety)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbJournal) journal =
      plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);

  plug_rb_journal_add_item (journal, plugin, target, safety);
  journal->operation = plug_rb_operation_to_json (operation);
  g_assert_true (plug_rb_store_save_journal (fixture->store, journal, NULL));
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPruning) dry = NULL;
  g_autofree char *foreseen = NULL;

  age_all (fixture);
  save_journal (fixture, KEY, plug_rb_snapshot_get_id (fixture->snapshots[0]),
                plug_rb_snapshot_get_id (fixture->snapshots[1]));
  dry = prune (fixture, TRUE);
  foreseen = describe (dry);
  g_assert_cmpstr (foreseen, ==,
                   "installed-version previous-version open-operation open-operation / too-old");
}

/* Nobody knows what it needs. */
static void
test_journal_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  age_all (fixture);
  save_journal (fixture, "gnome-shell/other@x", "x", "y");
  in_store ("truncate -s 20 operations/pending/*.json");
  g_assert_null (plug_rb_engine_prune (fixture->engine, NULL, FALSE, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED);
  plug_rb_engine_tidy (fixture->engine, KEY);
  g_assert_cmpuint (count (fixture), ==, N);

  g_ptr_array_unref (plug_rb_engine_recover (fixture->engine, NULL, NULL));
  plug_rb_engine_tidy (fixture->engine, KEY);
  g_assert_cmpuint (count (fixture), ==, 2);
}

/* ---- plugins that are gone */

static void
test_uninstalled (Fixture *fixture, gconstpointer data)
{
  age_all (fixture);
  uninstall ();
  assert_prunes (fixture, "last-copy / too-old too-old too-old too-old");
  assert_prunes (fixture, "last-copy /");

  in_store ("date -u -d '29 days ago' +%FT%TZ > snapshots/" KEY "/.absent-since");
  assert_prunes (fixture, "last-copy /");
  in_store ("date -u -d '31 days ago' +%FT%TZ > snapshots/" KEY "/.absent-since");
  assert_prunes (fixture, "/ too-old");
}

static void
test_mark_unreadable (Fixture *fixture, gconstpointer data)
{
  age_all (fixture);
  uninstall ();
  in_store ("echo nonsense > snapshots/" KEY "/.absent-since");
  assert_prunes (fixture, "last-copy / too-old too-old too-old too-old");
}

/* It was there once more in between, so its days begin anew. */
static void
test_mark_outdated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *since = NULL;

  age_all (fixture);
  uninstall ();
  in_store ("date -u -d '98 days ago' +%FT%TZ > snapshots/" KEY "/.absent-since");
  assert_prunes (fixture, "last-copy / too-old too-old too-old too-old");
  since = scratch_in_store ("test $(date -d $(cat snapshots/" KEY
                            "/.absent-since) +%s) -ge $(date -d yesterday +%s) && echo new");
  g_assert_cmpstr (since, ==, "new\n");
}

static void
test_installed_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *mark = NULL;

  in_store ("date -u -d '31 days ago' +%FT%TZ > snapshots/" KEY "/.absent-since");
  plug_rb_pruning_free (prune (fixture, FALSE));
  mark = scratch_in_store ("ls -A snapshots/" KEY " | grep -c absent || true");
  g_assert_cmpstr (mark, ==, "0\n");
}

/* The disk with the plugins is not there: that is no reason to forget them. */
static void
test_folder_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  age_all (fixture);
  scratch_run ((const char *[]) { "rm", "-r", extensions, NULL });
  in_store ("date -u -d '31 days ago' +%FT%TZ > snapshots/" KEY "/.absent-since");
  assert_prunes (fixture, "previous-version / too-old too-old too-old too-old");
}

/* ---- the trash */

/* Deletes the last snapshot, to whose contents no other refers, as if it were taken so many days
 * ago, and ages the deletion. */
static void
throw_away (Fixture *fixture, double taken, const char *deleted)
{
  g_autofree char *script = g_strdup_printf ("touch -d '%s' trash/" KEY "/%s", deleted,
                                             plug_rb_snapshot_get_id (fixture->snapshots[N - 1]));

  scratch_age (fixture->snapshots[N - 1], taken);
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->snapshots[N - 1], NULL));
  in_store (script);
}

static void
assert_purges (Fixture *fixture, gboolean purged)
{
  g_autofree char *before = scratch_in_store ("ls archives/" KEY "/*.tar.zst tables/*.zst | wc -l");
  g_autofree char *after = NULL;
  g_autoptr(PlugRbPruning) dry = prune (fixture, TRUE);
  g_autoptr(PlugRbPruning) real = prune (fixture, FALSE);

  after = scratch_in_store ("ls archives/" KEY "/*.tar.zst tables/*.zst | wc -l");
  g_assert_cmpuint (dry->purged->len, ==, purged);
  g_assert_cmpuint (real->purged->len, ==, purged);
  g_assert_cmpuint (dry->freed, ==, real->freed);
  g_assert_cmpint (real->freed > 0, ==, purged);
  g_assert_cmpuint (count_deleted (fixture), ==, !purged);
  g_assert_cmpint (atoi (before) - atoi (after), ==, purged ? 2 : 0);
}

static void
test_trash_expired (Fixture *fixture, gconstpointer data)
{
  throw_away (fixture, 30, "8 days ago");
  assert_purges (fixture, TRUE);
  g_free (scratch_in_store ("tail -n 1 audit.jsonl | grep purge"));
}

static void
test_trash_young (Fixture *fixture, gconstpointer data)
{
  throw_away (fixture, 30, "6 days ago");
  assert_purges (fixture, FALSE);
}

static void
test_trash_of_the_future (Fixture *fixture, gconstpointer data)
{
  throw_away (fixture, 30, "next year");
  assert_purges (fixture, FALSE);
}

/* The clock was wrong then, so its days begin now. */
static void
test_trash_from_before_it_was_taken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *year = NULL;

  throw_away (fixture, 30, "1980-01-01");
  assert_purges (fixture, FALSE);
  year = scratch_in_store ("date -r trash/" KEY "/* +%Y");
  g_assert_cmpstr (year, !=, "1980\n");
}

static void
test_trash_needed (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (fixture->snapshots[N - 1]);

  throw_away (fixture, 30, "8 days ago");
  save_journal (fixture, "gnome-shell/other@x", id, "x");
  assert_purges (fixture, FALSE);
}

/* Rollbacks do not renew the time of a snapshot's folder; deleting must. */
static void
test_trash_time (Fixture *fixture, gconstpointer data)
{
  g_autofree char *year = NULL;

  in_store ("touch -d 2020-01-01 snapshots/" KEY "/*");
  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->snapshots[0], NULL));
  year = scratch_in_store ("date -r trash/" KEY "/* +%Y");
  g_assert_cmpstr (year, !=, "2020\n");
}

/* A half deleted one would look damaged, and keep everything. */
static void
test_trash_interrupted (Fixture *fixture, gconstpointer data)
{
  g_autofree char *left = NULL;

  throw_away (fixture, 30, "8 days ago");
  in_store ("cd trash/" KEY "; for i in *; do mv $i .tmp-$i; rm .tmp-$i/snapshot.json; done");
  plug_rb_pruning_free (prune (fixture, FALSE));
  left = scratch_in_store ("find trash -type f | wc -l; ls archives/" KEY "/*.tar.zst | wc -l");
  g_assert_cmpstr (left, ==, "0\n4\n");
}

/* ---- after a snapshot */

static void
test_tidy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = scratch_in_store (LIST);
  g_autofree char *after = NULL;

  plug_rb_engine_tidy (fixture->engine, KEY);
  after = scratch_in_store (LIST);
  g_assert_cmpstr (before, ==, after);

  set_policy (fixture, "max-snapshots=1\n");
  plug_rb_engine_tidy (fixture->engine, "gnome-shell/other@x");
  g_assert_cmpuint (count (fixture), ==, N);
  plug_rb_engine_tidy (fixture->engine, KEY);
  g_assert_cmpuint (count (fixture), ==, 3);
}

/* ---- after a crash */

static void
test_recover_sweeps (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = scratch_in_store (LIST " | grep -o '^[^ ]*'");
  g_autofree char *after = NULL;
  g_autoptr(GPtrArray) recoveries = NULL;

  in_store ("touch archives/" KEY "/.tmp-x tables/.tmp-x operations/pending/.tmp-x");
  recoveries = plug_rb_engine_recover (fixture->engine, NULL, NULL);
  after = scratch_in_store (LIST " | grep -o '^[^ ]*'");
  g_assert_nonnull (recoveries);
  g_assert_cmpstr (before, ==, after);
}

typedef struct {
  const char *name;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "nothing", test_nothing },
  { "count", test_count },
  { "age", test_age },
  { "one-plugin", test_one_plugin },
  { "policy-of-plugin", test_policy_of_plugin },
  { "policy-unreadable", test_policy_unreadable },
  { "canceled", test_canceled },
  { "busy", test_busy },
  { "rollback", test_rollback },
  { "open", test_open },
  { "journal-damaged", test_journal_damaged },
  { "uninstalled", test_uninstalled },
  { "mark-unreadable", test_mark_unreadable },
  { "mark-outdated", test_mark_outdated },
  { "installed-again", test_installed_again },
  { "folder-missing", test_folder_missing },
  { "trash-expired", test_trash_expired },
  { "trash-young", test_trash_young },
  { "trash-of-the-future", test_trash_of_the_future },
  { "trash-from-before-it-was-taken", test_trash_from_before_it_was_taken },
  { "trash-needed", test_trash_needed },
  { "trash-time", test_trash_time },
  { "trash-interrupted", test_trash_interrupted },
  { "tidy", test_tidy },
  { "recover-sweeps", test_recover_sweeps },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/prune/", cases[i].name, NULL);

    g_test_add (path, Fixture, NULL, set_up, cases[i].func, tear_down);
  }

  return g_test_run ();
}
