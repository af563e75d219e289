/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* A real process is killed at each main point of a rollback; `plugrb recover` must then give
 * exactly the old or exactly the new state. */

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-swap.h"
#include "plug-rb-transaction.h"
#include "scratch.h"

#define PLUGIN "gnome-shell/sample@example.org"
#define SETTINGS "/org/gnome/shell/extensions/sample/"
#define ENABLED "/org/gnome/shell/enabled-extensions"

typedef enum {
  OUTCOME_BEFORE,
  OUTCOME_AFTER,
} Outcome;

/* The @times-th time that @point is reached, the process dies. */
typedef struct {
  const char *point;
  guint times;
  gboolean avoid_exchange;
  Outcome outcome;
} Kill;

static const Kill kills[] = {
  { "journal-written", 1, FALSE, OUTCOME_BEFORE },
  { "staged", 1, FALSE, OUTCOME_BEFORE },
  { "swapping", 1, FALSE, OUTCOME_AFTER },
  { "swapped", 1, FALSE, OUTCOME_AFTER },
  { "swapped", 2, FALSE, OUTCOME_AFTER },
  { "settings", 1, FALSE, OUTCOME_AFTER },
  { "settings-half", 1, FALSE, OUTCOME_AFTER },
  { "before-close", 1, FALSE, OUTCOME_AFTER },
  { "done", 1, FALSE, OUTCOME_AFTER },
  { "dropped", 1, FALSE, OUTCOME_AFTER },
  { "swapping", 1, TRUE, OUTCOME_AFTER },
  { "swapped", 1, TRUE, OUTCOME_AFTER },
  { "swapped", 2, TRUE, OUTCOME_AFTER },
  { "settings-half", 1, TRUE, OUTCOME_AFTER },
};

static const char *point;
static guint times_left;

static void
die_at (const char *name)
{
  if (g_str_equal (name, point) && --times_left == 0)
    raise (SIGKILL);
}

/* Version 1 as it was, known to the store; then version 2 with a staged update to 3. */
static PlugRbSnapshot *
set_up (PlugRbEngine *engine, char **before, char **after)
{
  PlugRbSnapshot *snapshot;

  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
  scratch_install_sample (1);
  scratch_set (SETTINGS "speed", "7");
  scratch_set (SETTINGS "title", "'seven'");
  scratch_set (ENABLED, "['x@y', 'sample@example.org', 'z@y']");
  *after = scratch_picture ();
  snapshot = scratch_snapshot (engine, PLUGIN);

  scratch_install_sample (2);
  scratch_stage_sample (3);
  scratch_set (SETTINGS "speed", "'seven'");
  scratch_set (SETTINGS "title", NULL);
  scratch_set (SETTINGS "extra", "true");
  scratch_set (ENABLED, "['x@y', 'z@y']");
  *before = scratch_picture ();

  return snapshot;
}

static void
tear_down (void)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
}

/* A program of its own, so that no thread or connection of ours leaks into the one that dies. */
static void
run_and_die (const Kill *kill, const char *snapshot)
{
  g_autofree char *times = g_strdup_printf ("%u", kill->times);
  const char *argv[] = { "/proc/self/exe",
                         "--child",
                         kill->point,
                         times,
                         snapshot,
                         kill->avoid_exchange ? "avoid" : "exchange",
                         NULL };
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static int
child (char *argv[])
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) target = plug_rb_engine_find_snapshot (engine, argv[4], &error);
  g_autoptr(PlugRbOperation) operation = NULL;

  g_assert_no_error (error);
  point = argv[2];
  times_left = atoi (argv[3]);
  plug_rb_swap_avoid_exchange (g_str_equal (argv[5], "avoid"));
  plug_rb_transaction_set_checkpoint (die_at);
  operation = scratch_roll_back (engine, target, &error);

  return EXIT_FAILURE;
}

static void
assert_no_stage (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *found =
      scratch_output ((const char *[]) { "find", folder, "-name", ".plugrb-*", NULL });

  g_assert_cmpstr (found, ==, "");
}

static void
recover (void)
{
  scratch_run ((const char *[]) { "plugrb", "recover", NULL });
}

static void
test_kill (gconstpointer data)
{
  const Kill *kill = data;
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  g_autofree char *files = NULL;
  g_autofree char *files_again = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);

  run_and_die (kill, plug_rb_snapshot_get_id (snapshot));
  recover ();
  found = scratch_picture ();
  g_assert_cmpstr (found, ==, kill->outcome == OUTCOME_BEFORE ? before : after);
  assert_no_stage ();

  files = scratch_store_files ();
  g_assert_null (strstr (files, "pending"));
  recover ();
  files_again = scratch_store_files ();
  g_assert_cmpstr (files, ==, files_again);

  tear_down ();
}

/* What recovery finished can be undone like any other rollback. */
static void
test_undo_recovered (void)
{
  static const Kill kill = { "swapped", 1, FALSE, OUTCOME_AFTER };
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);

  run_and_die (&kill, plug_rb_snapshot_get_id (snapshot));
  recover ();
  undone = plug_rb_engine_find_undoable (engine, PLUGIN, &error);
  g_assert_no_error (error);
  plug_rb_engine_undo (engine, undone, FALSE, operation, NULL, &error);
  g_assert_no_error (error);

  found = scratch_picture ();
  g_assert_cmpstr (found, ==, before);
  tear_down ();
}

/* A writer puts in order what a dead one left, without being asked. */
static void
test_next_writer (void)
{
  static const Kill kill = { "swapped", 1, FALSE, OUTCOME_AFTER };
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);
  g_autoptr(PlugRbSnapshot) next = NULL;

  run_and_die (&kill, plug_rb_snapshot_get_id (snapshot));
  next = scratch_snapshot (engine, PLUGIN);
  found = scratch_picture ();
  g_assert_cmpstr (found, ==, after);
  tear_down ();
}

int
main (int argc, char *argv[])
{
  if (argc == 6 && g_str_equal (argv[1], "--child"))
    return child (argv);

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kills); i++) {
    g_autofree char *path =
        g_strdup_printf ("/recovery/%s/%s-%u", kills[i].avoid_exchange ? "renames" : "exchange",
                         kills[i].point, kills[i].times);

    g_test_add_data_func (path, &kills[i], test_kill);
  }
  g_test_add_func ("/recovery/undo", test_undo_recovered);
  g_test_add_func ("/recovery/next-writer", test_next_writer);

  return g_test_run ();
}
