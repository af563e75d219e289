/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* A real process is killed at each main point of a rollback; `plugrb recover` must then give
 * exactly the old or exactly the new state. */

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
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

static gboolean stops;
static int open_fd = -1;

static void
die_at (const char *name)
{
  if (!g_str_equal (name, point) || --times_left > 0)
    return;

  if (open_fd >= 0)
    g_assert_cmpint (write (open_fd, "late", 4), ==, 4);
  raise (stops ? SIGSTOP : SIGKILL);
}

/* ---- a clock that is wrong, for whoever asks for it */

#define THIRTY_YEARS (30LL * 365 * 24 * 3600)

static gboolean clock_is_wrong;

int
clock_gettime (clockid_t id, struct timespec *time)
{
  int result = (int) syscall (SYS_clock_gettime, id, time);

  if (clock_is_wrong && id == CLOCK_REALTIME)
    time->tv_sec -= THIRTY_YEARS;

  return result;
}

int
gettimeofday (struct timeval *restrict time, void *restrict zone)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;

  return 0;
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
run_child (const char *at, guint count, const char *snapshot, const char *mode)
{
  g_autofree char *times = g_strdup_printf ("%u", count);
  const char *argv[] = { "/proc/self/exe", "--child", at, times, snapshot, mode, NULL };
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static void
run_and_die (const Kill *kill, const char *snapshot)
{
  run_child (kill->point, kill->times, snapshot, kill->avoid_exchange ? "avoid" : "exchange");
}

static char *
sample_path (const char *name)
{
  g_autofree char *extensions = scratch_extensions ();

  return g_build_filename (extensions, "sample@example.org", name, NULL);
}

/* @argv[5]: "avoid" exchanging, "late" writes, or "stop" instead of dying. */
static int
child (char *argv[])
{
  g_autofree char *late = sample_path ("only-in-2.js");
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) target = plug_rb_engine_find_snapshot (engine, argv[4], &error);
  g_autoptr(PlugRbOperation) operation = NULL;

  g_assert_no_error (error);
  point = argv[2];
  times_left = atoi (argv[3]);
  stops = g_str_equal (argv[5], "stop");
  if (g_str_equal (argv[5], "late"))
    open_fd = open (late, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (g_str_equal (argv[5], "avoid"))
    plug_rb_swap_avoid_exchange (TRUE);
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

/* ---- readers */

static const char *const readers[][4] = {
  { "list" },         { "hosts" },   { "show", PLUGIN },      { "snapshots" },
  { "diff", PLUGIN }, { "history" }, { "snapshots", PLUGIN }, { "rollback", PLUGIN, "--dry-run" },
};

static void
assert_warned (const char *const *words)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) argv = NULL;
  g_autofree char *output = NULL;
  g_autofree char *messages = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  g_strv_builder_add (builder, "plugrb");
  for (guint i = 0; i < G_N_ELEMENTS (readers[0]) && words[i] != NULL; i++)
    g_strv_builder_add (builder, words[i]);
  g_strv_builder_add (builder, "--json");
  argv = g_strv_builder_end (builder);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &messages, NULL,
                &error);
  g_assert_no_error (error);

  json_parser_load_from_data (parser, output, -1, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (messages, "plugrb recover"));
  g_assert_nonnull (strstr (messages, PLUGIN));
  g_assert_true (strchr (messages, '\n') == messages + strlen (messages) - 1);
}

/* Whoever only looks says that something is pending, in one line, and touches nothing. */
static void
test_readers (void)
{
  static const Kill kill = { "swapped", 1, FALSE, OUTCOME_AFTER };
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *files = NULL;
  g_autofree char *files_after = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);

  run_and_die (&kill, plug_rb_snapshot_get_id (snapshot));
  files = scratch_store_files ();
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    assert_warned (readers[i]);
  files_after = scratch_store_files ();
  g_assert_cmpstr (files_after, ==, files);
  recover ();
  tear_down ();
}

/* ---- the clock */

static int
recover_in_the_past (void)
{
  g_autoptr(PlugRbEngine) engine = NULL;
  g_autoptr(GPtrArray) recoveries = NULL;
  g_autoptr(GDateTime) now = NULL;
  g_autoptr(GError) error = NULL;

  clock_is_wrong = TRUE;
  now = g_date_time_new_now_utc ();
  g_assert_cmpint (g_date_time_get_year (now), <, 2010);
  engine = scratch_open ();
  recoveries = plug_rb_engine_recover (engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recoveries->len, ==, 1);

  return EXIT_SUCCESS;
}

static void
test_clock (gconstpointer data)
{
  const Kill *kill = data;
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);

  run_and_die (kill, plug_rb_snapshot_get_id (snapshot));
  scratch_run ((const char *[]) { "/proc/self/exe", "--past", NULL });
  found = scratch_picture ();
  g_assert_cmpstr (found, ==, kill->outcome == OUTCOME_BEFORE ? before : after);
  assert_no_stage ();
  tear_down ();
}

/* ---- late writes */

/* Written when all was done but the deleting, by a process that then died: recovery sees it. */
static void
test_late (void)
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *history = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);

  run_child ("done", 1, plug_rb_snapshot_get_id (snapshot), "late");
  recover ();
  kept = scratch_output ((const char *[]) {
      "bash", "-c", "cat \"$1\"/.plugrb-kept-*/*/only-in-2.js", "kept", shell, NULL });
  g_assert_true (g_str_has_suffix (kept, "late"));
  history = scratch_output ((const char *[]) { "plugrb", "history", PLUGIN, "--json", NULL });
  g_assert_nonnull (strstr (history, "\"late-writes\""));
  g_assert_nonnull (strstr (history, "only-in-2.js"));
  tear_down ();
}

/* ---- two processes */

static GPid
start_and_stop (const char *snapshot)
{
  const char *argv[] = { "/proc/self/exe", "--child", "staged", "1", snapshot, "stop", NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;
  int status;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  g_assert_true (WIFSTOPPED (status));

  return pid;
}

/* While the owner lives the second one waits, then says who it is; once it is dead, it is put in
 * order and nobody waits. */
static void
test_owner (void)
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  g_autofree char *number = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = set_up (engine, &before, &after);
  g_autoptr(PlugRbOperation) refused = NULL;
  g_autoptr(PlugRbOperation) done = NULL;
  g_autoptr(GPtrArray) pending = NULL;
  g_autoptr(GError) error = NULL;
  GPid pid = start_and_stop (plug_rb_snapshot_get_id (snapshot));

  pending = plug_rb_engine_list_pending (engine, NULL);
  g_assert_cmpuint (pending->len, ==, 0);
  refused = scratch_roll_back (engine, snapshot, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  number = g_strdup_printf ("%d", (int) pid);
  g_assert_nonnull (strstr (error->message, number));
  g_clear_error (&error);

  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  done = scratch_roll_back (engine, snapshot, &error);
  g_assert_no_error (error);
  found = scratch_picture ();
  g_assert_cmpstr (found, ==, after);
  assert_no_stage ();
  tear_down ();
}

int
main (int argc, char *argv[])
{
  if (argc == 6 && g_str_equal (argv[1], "--child"))
    return child (argv);
  if (argc == 2 && g_str_equal (argv[1], "--past"))
    return recover_in_the_past ();

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kills); i++) {
    g_autofree char *path =
        g_strdup_printf ("/recovery/%s/%s-%u", kills[i].avoid_exchange ? "renames" : "exchange",
                         kills[i].point, kills[i].times);

    g_test_add_data_func (path, &kills[i], test_kill);
  }
  g_test_add_data_func ("/recovery/clock/back", &kills[1], test_clock);
  g_test_add_data_func ("/recovery/clock/forward", &kills[3], test_clock);
  g_test_add_func ("/recovery/late", test_late);
  g_test_add_func ("/recovery/owner", test_owner);
  g_test_add_func ("/recovery/readers", test_readers);
  g_test_add_func ("/recovery/undo", test_undo_recovered);
  g_test_add_func ("/recovery/next-writer", test_next_writer);

  return g_test_run ();
}
