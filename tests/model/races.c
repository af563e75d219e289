/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Several processes at once on one store and the same plugins, some of them killed again and again.
 * Each does its work or says who is in the way; whatever the order, every plugin always is wholly
 * one of its versions, files and settings together. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/scratch.h"
#include "plug-rb-error.h"
#include "plug-rb-store.h"
#include "world.h"

#define VERSIONS 3

/* ---- one of the processes */

typedef struct {
  PlugRbEngine *engine;
  GRand *rand;
  gboolean can_prune;
} Racer;

/* What another process may well cause. Anything else is a fault. */
static gboolean
is_fair (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY) ||
         g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static void
check_fair (const GError *error, const char *doing)
{
  if (error != NULL && !is_fair (error))
    g_error ("%s: %s", doing, error->message);
}

static PlugRbSnapshot *
pick (Racer *self, GPtrArray *snapshots)
{
  if (snapshots == NULL || snapshots->len == 0)
    return NULL;

  return snapshots->pdata[g_rand_int_range (self->rand, 0, (gint32) snapshots->len)];
}

static void
race_snapshot (Racer *self)
{
  g_autofree char *key = world_get_key ((guint) g_rand_int_range (self->rand, 0, WORLD_PLUGINS));
  g_autoptr(PlugRbPlugin) plugin = plug_rb_engine_find_plugin (self->engine, key, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;
  gboolean created;

  if (plugin == NULL)
    return;
  snapshot = plug_rb_engine_snapshot (self->engine, plugin, PLUG_RB_REASON_MANUAL, NULL, NULL,
                                      &created, operation, NULL, &error);
  check_fair (error, "snapshot");
}

/* Sometimes of all plugins at once. */
static void
race_rollback (Racer *self)
{
  gboolean all = g_rand_int_range (self->rand, 0, 4) == 0;
  guint only = (guint) g_rand_int_range (self->rand, 0, WORLD_PLUGINS);
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    g_autofree char *key = world_get_key (i);
    g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (self->engine, key, NULL);
    PlugRbSnapshot *target = all || i == only ? pick (self, snapshots) : NULL;

    if (target != NULL)
      g_ptr_array_add (targets, g_object_ref (target));
  }

  if (targets->len > 0)
    plug_rb_engine_rollback (self->engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, &error);
  check_fair (error, "rollback");
}

static void
race_undo (Racer *self)
{
  g_autoptr(PlugRbOperation) undone = plug_rb_engine_find_undoable (self->engine, NULL, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  g_autoptr(GError) error = NULL;

  if (undone != NULL)
    plug_rb_engine_undo (self->engine, undone, TRUE, operation, NULL, &error);
  check_fair (error, "undo");
}

/* Never the three that the parent took: at the end they must still be there. */
static void
race_delete (Racer *self)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (self->engine, NULL, NULL);
  PlugRbSnapshot *snapshot = pick (self, snapshots);
  g_autoptr(GError) error = NULL;

  if (snapshot != NULL && plug_rb_snapshot_get_label (snapshot) == NULL)
    plug_rb_engine_delete_snapshot (self->engine, snapshot, &error);
  check_fair (error, "delete");
}

static void
race_restore_deleted (Racer *self)
{
  g_autoptr(GPtrArray) deleted = plug_rb_engine_list_deleted (self->engine, NULL);
  PlugRbSnapshot *snapshot = pick (self, deleted);
  g_autoptr(PlugRbSnapshot) restored = NULL;
  g_autoptr(GError) error = NULL;

  if (snapshot != NULL)
    restored =
        plug_rb_engine_restore_deleted (self->engine, plug_rb_snapshot_get_id (snapshot), &error);
  check_fair (error, "restore-deleted");
}

static void
race_prune (Racer *self)
{
  if (self->can_prune)
    g_free (scratch_output ((const char *[]) {
        "sh", "-c", "plugrb prune --json >/dev/null 2>&1 || [ $? = 1 ]", NULL }));
}

static void
race_recover (Racer *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) recoveries = plug_rb_engine_recover (self->engine, NULL, &error);

  check_fair (error, "recover");
}

typedef void (*RaceFunc) (Racer *self);

static int
run_racer (char *argv[])
{
  static const RaceFunc funcs[] = { race_rollback,        race_rollback, race_rollback,
                                    race_snapshot,        race_undo,     race_delete,
                                    race_restore_deleted, race_recover,  race_prune };
  g_autofree char *help = scratch_output ((const char *[]) { "plugrb", "--help", NULL });
  Racer racer = { .engine = scratch_open (),
                  .rand = g_rand_new_with_seed ((guint32) atoi (argv[2])),
                  .can_prune = strstr (help, " prune") != NULL };
  gint64 deadline = g_get_monotonic_time () + atoi (argv[3]) * G_USEC_PER_SEC;
  guint n = 0;

  for (; g_get_monotonic_time () < deadline; n++)
    funcs[g_rand_int_range (racer.rand, 0, G_N_ELEMENTS (funcs))](&racer);

  g_rand_free (racer.rand);
  g_object_unref (racer.engine);
  g_printerr ("# process %s did %u things\n", argv[2], n);

  return EXIT_SUCCESS;
}

/* ---- the race */

typedef struct {
  guint processes;
  gboolean kill;
} Race;

typedef struct {
  WorldState versions[VERSIONS][WORLD_PLUGINS];
  PlugRbSnapshot *snapshots[VERSIONS][WORLD_PLUGINS];
} Versions;

static PlugRbSnapshot *
take_labelled (PlugRbEngine *engine, guint plugin)
{
  g_autofree char *key = world_get_key (plugin);
  g_autoptr(PlugRbPlugin) found = plug_rb_engine_find_plugin (engine, key, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(GError) error = NULL;
  gboolean created;
  PlugRbSnapshot *snapshot = plug_rb_engine_snapshot (engine, found, PLUG_RB_REASON_MANUAL, "Keep",
                                                      NULL, &created, operation, NULL, &error);

  g_assert_no_error (error);
  return snapshot;
}

static void
set_up (Versions *self, PlugRbEngine *engine)
{
  for (guint v = 0; v < VERSIONS; v++) {
    g_autofree char *speed = g_strdup_printf ("%u", v + 1);

    for (guint i = 0; i < WORLD_PLUGINS; i++) {
      world_install (i, v + 1);
      world_set (i, "speed", speed);
      world_enable (i, v % 2 == 0);
    }
    world_look (self->versions[v]);
    for (guint i = 0; i < WORLD_PLUGINS; i++)
      self->snapshots[v][i] = take_labelled (engine, i);
  }
}

static void
tear_down (Versions *self)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  for (guint v = 0; v < VERSIONS; v++)
    for (guint i = 0; i < WORLD_PLUGINS; i++) {
      world_state_clear (&self->versions[v][i]);
      g_clear_object (&self->snapshots[v][i]);
    }
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
}

static GPid
start (guint number, guint seconds)
{
  g_autofree char *seed = g_strdup_printf ("%u", number);
  g_autofree char *time = g_strdup_printf ("%u", seconds);
  const char *argv[] = { "/proc/self/exe", "--racer", seed, time, NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);

  return pid;
}

static void
expect_success (GPid pid)
{
  int status;

  g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, &status, 0)), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* The others find what it left, again and again. */
static void
kill_some (guint seconds)
{
  gint64 deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 100; g_get_monotonic_time () < deadline; i++) {
    GPid pid = start (i, seconds);

    g_usleep ((gulong) g_rand_int_range (rand, 30000, 300000));
    g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
    g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, NULL, 0)), ==, pid);
  }
}

static void
assert_whole (Versions *self)
{
  WorldState now[WORLD_PLUGINS] = { 0 };

  world_look (now);
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    guint fitting = 0;

    for (guint v = 0; v < VERSIONS; v++)
      fitting += world_state_equal (&now[i], &self->versions[v][i]);
    if (fitting != 1)
      g_error ("plugin %u is no version:\n%s%s", i, now[i].files, now[i].settings);
    world_state_clear (&now[i]);
  }
}

static void
assert_clean (PlugRbEngine *engine)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (engine, NULL, &error);
  g_autofree char *rest = world_find_rest ();
  g_autofree char *files = scratch_store_files ();
  g_auto(GStrv) lines = g_strsplit (files, "\n", -1);

  g_assert_no_error (error);
  for (guint i = 0; i < snapshots->len; i++)
    g_assert_null (plug_rb_snapshot_get_damaged (snapshots->pdata[i]));
  g_assert_cmpstr (rest, ==, "");
  /* Half a journal never counted. */
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "operations/pending/") && !strstr (lines[i], "/.tmp-"))
      g_error ("%s is left", lines[i]);
}

/* All that is left in the store holds one of the versions, and can be brought back. */
static void
assert_snapshots (Versions *self, PlugRbEngine *engine)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (engine, NULL, NULL);

  for (guint i = 0; i < snapshots->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlugRbOperation) operation = scratch_roll_back (engine, snapshots->pdata[i], &error);

    g_assert_no_error (error);
    assert_whole (self);
  }
}

static void
assert_versions (Versions *self, PlugRbEngine *engine)
{
  for (guint v = 0; v < VERSIONS; v++) {
    WorldState now[WORLD_PLUGINS] = { 0 };

    for (guint i = 0; i < WORLD_PLUGINS; i++) {
      g_autoptr(GError) error = NULL;
      g_autoptr(PlugRbOperation) operation =
          scratch_roll_back (engine, self->snapshots[v][i], &error);

      g_assert_no_error (error);
    }
    world_look (now);
    for (guint i = 0; i < WORLD_PLUGINS; i++) {
      g_assert_true (world_state_equal (&now[i], &self->versions[v][i]));
      world_state_clear (&now[i]);
    }
  }
}

static void
test_race (gconstpointer data)
{
  const Race *race = data;
  guint seconds = g_strcmp0 (g_getenv ("PLUGRB_TEST_FULL"), "1") == 0 ? 60 : 6;
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) recoveries = NULL;
  Versions versions = { 0 };
  GPid pids[8];

  set_up (&versions, engine);
  for (guint i = 0; i < race->processes; i++)
    pids[i] = start (i + 1, seconds);
  if (race->kill)
    kill_some (seconds);
  for (guint i = 0; i < race->processes; i++)
    expect_success (pids[i]);

  recoveries = plug_rb_engine_recover (engine, NULL, &error);
  g_assert_no_error (error);
  assert_whole (&versions);
  assert_clean (engine);
  assert_snapshots (&versions, engine);
  assert_versions (&versions, engine);
  assert_clean (engine);
  tear_down (&versions);
}

static const Race races[] = { { 2, FALSE }, { 4, FALSE }, { 2, TRUE }, { 4, TRUE } };

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--racer"))
    return run_racer (argv);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (races); i++) {
    g_autofree char *path =
        g_strdup_printf ("/races/%u%s", races[i].processes, races[i].kill ? "-and-kills" : "");

    g_test_add_data_func (path, &races[i], test_race);
  }

  return g_test_run ();
}
