/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What is excluded is never stored, and goes with the plugin wherever that goes. */

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-store.h"
#include "plug-rb-swap.h"
#include "plug-rb-transaction.h"

/* Beside the plugin's files: a database at the top, one in folders that version 1 does not have, a
 * whole folder that nobody may write in, with a name that is no UTF-8 in it, and one in a read-only
 * folder that both versions have. */
static void
add_data (Fixture *fixture)
{
  static const char script[] =
      "cd \"$1\" && echo top > user.db && mkdir -p sub/deep data empty && echo deep > "
      "sub/deep/x.db && "
      "echo 1 > $'data/caf\\xe9' && echo 2 > sub/stored && chmod 0555 data && chmod 0755 empty && "
      "echo 3 > empty/y.db && touch -d 2026-01-02T03:04:05.123456789Z sub sub/deep empty . && "
      "chmod 0555 empty";

  scratch_run ((const char *[]) { "bash", "-c", script, "data", fixture->plugin, NULL });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture_set_up (fixture, data);
  add_data (fixture);
  g_free (fixture->before);
  fixture->before = scratch_picture ();
}

/* ---- what to look for */

static const char *const carried[] = { "user.db", "sub/deep/x.db", "data/caf\xe9", "empty/y.db" };

static char *
read_data (Fixture *fixture)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (carried); i++) {
    g_autofree char *path = g_build_filename (fixture->plugin, carried[i], NULL);
    g_autofree char *content = NULL;
    struct stat st = { 0 };

    g_file_get_contents (path, &content, NULL, NULL);
    lstat (path, &st);
    g_string_append_printf (text, "%s %lu %s", carried[i], (gulong) st.st_ino,
                            content ? content : "missing\n");
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* All but what is excluded, and but the folders that are there for it alone. */
static char *
picture_of_rest (void)
{
  g_autofree char *picture = fixture_picture_live ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (picture, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], ".db") == NULL && strstr (lines[i], "/data") == NULL &&
        !g_str_has_suffix (lines[i], "/sub") && !g_str_has_suffix (lines[i], "/sub/deep"))
      g_string_append_printf (text, "%s\n", lines[i]);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
assert_rest (const char *expected)
{
  g_autofree char *rest = picture_of_rest ();
  g_autofree char *wanted = g_strconcat (expected, "\n\n", NULL);

  g_assert_cmpstr (rest, ==, wanted);
}

static void
assert_data (Fixture *fixture, const char *expected)
{
  g_autofree char *data = read_data (fixture);

  g_assert_null (strstr (data, "missing"));
  g_assert_cmpstr (data, ==, expected);
}

/* ---- tests */

static void
test_there_and_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = read_data (fixture);

  for (guint i = 0; i < 2; i++) {
    fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
    assert_data (fixture, before);
    assert_rest (fixture->wanted);
    fixture_assert_nothing_left (fixture);

    fixture_undo (fixture);
    assert_data (fixture, before);
    fixture_assert_picture (fixture->before);
    fixture_assert_nothing_left (fixture);
  }
}

static void
test_not_stored (Fixture *fixture, gconstpointer data)
{
  PlugRbStore *store = plug_rb_engine_get_store (fixture->engine);
  g_autoptr(PlugRbSnapshot) snapshot = scratch_snapshot (fixture->engine, ID);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbTable) table = plug_rb_store_load_table (store, snapshot, &error);

  g_assert_no_error (error);
  g_assert_nonnull (plug_rb_table_find (table, "user", "sub/stored"));
  g_assert_null (plug_rb_table_find (table, "user", "data"));
  for (guint i = 0; i < G_N_ELEMENTS (carried); i++)
    g_assert_null (plug_rb_table_find (table, "user", carried[i]));
}

/* A snapshot that was taken before the names were excluded does not put old data in their place. */
static void
test_older_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) older = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *exclude = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));

  g_setenv ("PLUGRB_HOSTS_DIR", g_getenv ("PLUGRB_TEST_HOSTS"), TRUE);
  g_clear_object (&fixture->engine);
  fixture->engine = scratch_open ();
  older = scratch_snapshot (fixture->engine, ID);
  g_setenv ("PLUGRB_HOSTS_DIR", exclude, TRUE);
  g_clear_object (&fixture->engine);
  fixture->engine = scratch_open ();

  fixture_put (fixture, "user.db", "newer\n");
  fixture_put (fixture, "common.js", "// changed");
  expected = read_data (fixture);
  g_set_object (&fixture->target, older);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_data (fixture, expected);
  fixture_assert_nothing_left (fixture);
}

static void
write_late (void)
{
  fixture_put (fixture_present, "late.js", "// written late");
}

/* Taken back after they were moved: a program that does not stop writing is the cause. */
static void
test_taken_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = read_data (fixture);
  g_autofree char *late = g_build_filename (fixture->plugin, "late.js", NULL);
  g_autoptr(GError) error = NULL;

  fixture_at (fixture, "swapping", write_late);
  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING, "changing");
  assert_data (fixture, before);
  g_assert_true (g_file_test (late, G_FILE_TEST_EXISTS));
}

static void
make_anew (void)
{
  fixture_put (fixture_present, "user.db", "made anew\n");
}

/* A program finds its data gone for a moment and begins anew: neither is lost. */
static void
test_made_anew (Fixture *fixture, gconstpointer data)
{
  static const char script[] = "cat \"$1\"/.plugrb-kept-*/*/user.db";
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *live = g_build_filename (fixture->plugin, "user.db", NULL);
  g_autofree char *found = NULL;
  g_autofree char *kept = NULL;
  g_autoptr(PlugRbOperation) recorded = NULL;

  fixture_at (fixture, "swapped", make_anew);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_true (g_file_get_contents (live, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "made anew\n");
  kept = scratch_output ((const char *[]) { "bash", "-c", script, "kept", shell, NULL });
  g_assert_cmpstr (kept, ==, "top\n");
  recorded = fixture_last_operation (fixture);
  g_assert_true (fixture_has_text (plug_rb_operation_get_hints (recorded), ".plugrb-kept-"));
}

/* Where the plugin goes away altogether, its data is kept beside. */
static void
test_removed (Fixture *fixture, gconstpointer data)
{
  static const char script[] = "cat \"$1\"/.plugrb-kept-*/*/sub/deep/x.db";
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *aside = g_strconcat (fixture->plugin, ".aside", NULL);
  g_autofree char *kept = NULL;

  g_assert_cmpint (g_rename (fixture->plugin, aside), ==, 0);
  g_clear_object (&fixture->target);
  fixture->target = fixture_snapshot_absent (fixture);
  g_assert_cmpint (g_rename (aside, fixture->plugin), ==, 0);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_false (g_file_test (fixture->plugin, G_FILE_TEST_EXISTS));
  kept = scratch_output ((const char *[]) { "bash", "-c", script, "kept", shell, NULL });
  g_assert_cmpstr (kept, ==, "deep\n");
}

/* ---- killed */

static const char *point;

static void
die_at (const char *name)
{
  if (g_str_equal (name, point))
    raise (SIGKILL);
  if (g_str_equal (name, "swapping") && g_str_equal (point, "carried-back"))
    write_late ();
}

static int
child (char *argv[])
{
  Fixture fixture = { .plugin = argv[4] };
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(PlugRbSnapshot) target = plug_rb_engine_find_snapshot (engine, argv[3], NULL);
  g_autoptr(PlugRbOperation) operation = NULL;

  fixture_present = &fixture;
  point = argv[2];
  plug_rb_transaction_set_checkpoint (die_at);
  operation = scratch_roll_back (engine, target, NULL);

  return EXIT_FAILURE;
}

static void
run_and_die (Fixture *fixture, const char *at)
{
  const char *argv[] = { "/proc/self/exe", "--child", at, plug_rb_snapshot_get_id (fixture->target),
                         fixture->plugin,  NULL };
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status));
  scratch_run ((const char *[]) { "plugrb", "recover", NULL });
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = read_data (fixture);

  run_and_die (fixture, data);
  assert_data (fixture, before);
  assert_rest (fixture->wanted);
  fixture_assert_nothing_left (fixture);
}

static void
test_killed_going_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = read_data (fixture);
  g_autofree char *late = g_build_filename (fixture->plugin, "late.js", NULL);

  run_and_die (fixture, data);
  assert_data (fixture, before);
  g_assert_true (g_file_test (late, G_FILE_TEST_EXISTS));
  fixture_assert_nothing_left (fixture);
}

/* ---- */

static const FixtureCase cases[] = {
  { "/exclude/there-and-back", NULL, test_there_and_back },
  { "/exclude/not-stored", NULL, test_not_stored },
  { "/exclude/older-snapshot", NULL, test_older_snapshot },
  { "/exclude/taken-back", NULL, test_taken_back },
  { "/exclude/made-anew", NULL, test_made_anew },
  { "/exclude/removed", NULL, test_removed },
  { "/exclude/killed/swapping", "swapping", test_killed },
  { "/exclude/killed/swapped", "swapped", test_killed },
  { "/exclude/killed/carry-half", "carry-half", test_killed },
  { "/exclude/killed/carried", "carried", test_killed },
  { "/exclude/killed/settings", "settings", test_killed },
  { "/exclude/killed/carried-back", "carried-back", test_killed_going_back },
};

/* The shell's description with something excluded. */
static void
use_description (void)
{
  g_autofree char *hosts = g_build_filename (g_get_user_data_dir (), "hosts", NULL);

  g_setenv ("PLUGRB_TEST_HOSTS", g_getenv ("PLUGRB_HOSTS_DIR"), TRUE);
  scratch_run ((const char *[]) { "bash", "-c",
                                  "mkdir -p \"$2\" && { cat \"$1\"/gnome-shell.host; printf "
                                  "'\\n[Exclude]\\nGlobs=*.db;data\\n'; } "
                                  "> \"$2\"/gnome-shell.host",
                                  "hosts", g_getenv ("PLUGRB_HOSTS_DIR"), hosts, NULL });
  g_setenv ("PLUGRB_HOSTS_DIR", hosts, TRUE);
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return child (argv);

  g_test_init (&argc, &argv, NULL);
  use_description ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, cases[i].data, set_up, cases[i].func, fixture_tear_down);

  return g_test_run ();
}
