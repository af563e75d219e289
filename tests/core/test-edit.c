/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID

typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbSnapshot *snapshot;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  scratch_install_sample (1);
  fixture->engine = scratch_open ();
  fixture->store = plug_rb_engine_get_store (fixture->engine);
  fixture->snapshot = scratch_snapshot (fixture->engine, ID);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  g_clear_object (&fixture->snapshot);
  g_clear_object (&fixture->engine);
  scratch_run ((const char *[]) { "chmod", "-R", "u+rwX", store, NULL });
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
}

/* The snapshot as another process would read it. */
static PlugRbSnapshot *
reread (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = plug_rb_engine_find_snapshot (
      fixture->engine, plug_rb_snapshot_get_id (fixture->snapshot), &error);

  g_assert_no_error (error);
  g_assert_null (plug_rb_snapshot_get_damaged (snapshot));

  return g_steal_pointer (&snapshot);
}

static char *
in_metadata_folder (Fixture *fixture, const char *script)
{
  g_autofree char *text = g_strdup_printf ("cd snapshots/" KEY "; ID=%s; %s",
                                           plug_rb_snapshot_get_id (fixture->snapshot), script);

  return scratch_in_store (text);
}

static void
edit (Fixture *fixture, const char *label, const char *note, gboolean pinned)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) labeled =
      plug_rb_engine_set_label (fixture->engine, fixture->snapshot, label, &error);
  g_autoptr(PlugRbSnapshot) noted = NULL;
  g_autoptr(PlugRbSnapshot) done = NULL;

  g_assert_no_error (error);
  noted = plug_rb_engine_set_note (fixture->engine, fixture->snapshot, note, &error);
  g_assert_no_error (error);
  done = plug_rb_engine_set_pinned (fixture->engine, fixture->snapshot, pinned, &error);
  g_assert_no_error (error);

  /* Each edit keeps what the one before it wrote, though the caller's object is an old one. */
  g_assert_cmpstr (plug_rb_snapshot_get_label (done), ==, label);
  g_assert_cmpstr (plug_rb_snapshot_get_note (done), ==, note);
  g_assert_cmpint (plug_rb_snapshot_get_pinned (done), ==, pinned);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) edited = NULL;
  g_autoptr(PlugRbSnapshot) bare = NULL;

  edit (fixture, "Grün “1”", "first line\nsecond line", TRUE);
  edited = reread (fixture);
  g_assert_cmpstr (plug_rb_snapshot_get_label (edited), ==, "Grün “1”");
  g_assert_cmpstr (plug_rb_snapshot_get_note (edited), ==, "first line\nsecond line");
  g_assert_true (plug_rb_snapshot_get_pinned (edited));
  g_assert_null (plug_rb_snapshot_get_label (fixture->snapshot));

  edit (fixture, NULL, NULL, FALSE);
  bare = reread (fixture);
  g_assert_null (plug_rb_snapshot_get_label (bare));
  g_assert_null (plug_rb_snapshot_get_note (bare));
  g_assert_false (plug_rb_snapshot_get_pinned (bare));
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) labeled =
      plug_rb_engine_set_label (fixture->engine, fixture->snapshot, "x", NULL);
  g_autoptr(PlugRbSnapshot) bare =
      plug_rb_engine_set_label (fixture->engine, fixture->snapshot, "", NULL);
  g_autoptr(PlugRbSnapshot) seen = reread (fixture);

  g_assert_cmpstr (plug_rb_snapshot_get_label (labeled), ==, "x");
  g_assert_null (plug_rb_snapshot_get_label (bare));
  g_assert_null (plug_rb_snapshot_get_label (seen));
}

/* All else is immutable, to the order of the members. */
static void
test_nothing_else (Fixture *fixture, gconstpointer data)
{
  static const char *script = "jq -c 'del(.label, .note, .pinned, .checksum)' $ID/snapshot.json; "
                              "jq -c keys_unsorted $ID/snapshot.json; cd ../../..; "
                              "find . -type f ! -name .lock ! -name audit.jsonl | sort";
  g_autofree char *before = in_metadata_folder (fixture, script);
  g_autofree char *after = NULL;

  edit (fixture, "a", "b", TRUE);
  after = in_metadata_folder (fixture, script);
  g_assert_cmpstr (before, ==, after);
}

static void
test_audit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *acts = NULL;

  edit (fixture, "a", "b", TRUE);
  edit (fixture, "a", "c", FALSE);
  acts = scratch_in_store ("tail -n +2 audit.jsonl | jq -r .act | tr '\\n' ' '");
  g_assert_cmpstr (acts, ==, "label note pin note unpin ");
}

/* Whoever remembers what the plugin's folder holds sees that it has changed. */
static void
test_folder_changes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *touched = in_metadata_folder (fixture, "touch -d 2020-01-01 .");
  g_autoptr(PlugRbSnapshot) pinned =
      plug_rb_engine_set_pinned (fixture->engine, fixture->snapshot, TRUE, NULL);
  g_autofree char *year = in_metadata_folder (fixture, "date -r . +%Y");

  g_assert_nonnull (pinned);
  g_assert_cmpstr (year, !=, "2020\n");
}

static void
test_unchanged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *touched = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  edit (fixture, "a", NULL, TRUE);
  before = scratch_in_store (
      "sha256sum audit.jsonl; find . ! -name .lock -printf '%p %T@ %i\\n' | sort");
  edit (fixture, "a", NULL, TRUE);
  after = scratch_in_store (
      "sha256sum audit.jsonl; find . ! -name .lock -printf '%p %T@ %i\\n' | sort");
  g_assert_cmpstr (before, ==, after);
}

static const char *const damages[] = {
  "truncate -s -9 $ID/snapshot.json",
  "sed -i 's/\"version\"/\"versiom\"/' $ID/snapshot.json",
  "rm $ID/snapshot.json; mkfifo $ID/snapshot.json",
  ("mkdir ../o@x; cp -r $ID ../o@x; jq '.plugin = \"gnome-shell/o@x\"' $ID/snapshot.json > x; mv x "
   "$ID/snapshot.json"),
};

/* What cannot be read must not be replaced by what is guessed. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *script = "find $ID -printf '%p %s %T@\\n'; find . -name '.tmp*'";
  g_autofree char *damaged = in_metadata_folder (fixture, data);
  g_autofree char *before = in_metadata_folder (fixture, script);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_set_pinned (fixture->engine, fixture->snapshot, TRUE, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, plug_rb_snapshot_get_id (fixture->snapshot)));
  after = in_metadata_folder (fixture, script);
  g_assert_cmpstr (before, ==, after);
}

static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->snapshot, NULL));
  g_assert_null (plug_rb_engine_set_label (fixture->engine, fixture->snapshot, "x", &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static void
test_not_writable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *closed = in_metadata_folder (fixture, data);
  g_autofree char *leftovers = NULL;
  g_autoptr(PlugRbSnapshot) seen = NULL;
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root writes everywhere");
    return;
  }

  g_assert_null (plug_rb_engine_set_label (fixture->engine, fixture->snapshot, "x", &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  leftovers = in_metadata_folder (fixture, "chmod u+w . $ID; find . -name '.tmp*'");
  g_assert_cmpstr (leftovers, ==, "");
  seen = reread (fixture);
  g_assert_null (plug_rb_snapshot_get_label (seen));
}

/* What a crash left half written is in nobody's way. */
static void
test_leftover (Fixture *fixture, gconstpointer data)
{
  g_autofree char *left = in_metadata_folder (fixture, "echo half > .tmp-$ID.json");
  g_autofree char *leftovers = NULL;

  edit (fixture, "a", NULL, FALSE);
  leftovers = in_metadata_folder (fixture, "find . -name '.tmp*'");
  g_assert_cmpstr (leftovers, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/edit/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/edit/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/edit/nothing-else", Fixture, NULL, set_up, test_nothing_else, tear_down);
  g_test_add ("/edit/audit", Fixture, NULL, set_up, test_audit, tear_down);
  g_test_add ("/edit/folder-changes", Fixture, NULL, set_up, test_folder_changes, tear_down);
  g_test_add ("/edit/unchanged", Fixture, NULL, set_up, test_unchanged, tear_down);
  g_test_add ("/edit/deleted", Fixture, NULL, set_up, test_deleted, tear_down);
  g_test_add ("/edit/not-writable/plugin", Fixture, "chmod a-w .", set_up, test_not_writable,
              tear_down);
  g_test_add ("/edit/not-writable/snapshot", Fixture, "chmod a-w $ID", set_up, test_not_writable,
              tear_down);
  g_test_add ("/edit/leftover", Fixture, NULL, set_up, test_leftover, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strdup_printf ("/edit/damaged/%u", i);

    g_test_add (path, Fixture, damages[i], set_up, test_damaged, tear_down);
  }

  return g_test_run ();
}
