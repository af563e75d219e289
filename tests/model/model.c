/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Random operations on several plugins against a model that only remembers what every snapshot
 * looked like. After each step the disk must look as the model says. A failure prints how to replay
 * it: the first step that goes wrong ends the run, so that --steps is the shortest prefix. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/scratch.h"
#include "plug-rb-error.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"
#include "world.h"

typedef struct {
  guint plugin;
  WorldState state;
  gboolean deleted;
  gboolean pinned;
} ModelSnapshot;

/* What an operation changed, to be brought back by undoing it. */
typedef struct {
  gboolean touched[WORLD_PLUGINS];
  WorldState before[WORLD_PLUGINS];
  char *safety[WORLD_PLUGINS];
} ModelOperation;

typedef struct {
  PlugRbEngine *engine;
  GRand *rand;
  guint32 seed;
  guint step;
  const char *doing;
  WorldState live[WORLD_PLUGINS];
  GHashTable *snapshots;
  GHashTable *operations;
  gboolean can_prune;
} Model;

static guint seconds = 45;
static guint steps;
static guint32 seed;
static gboolean verbose;

/* ---- failing */

static void G_GNUC_NORETURN G_GNUC_PRINTF (2, 3) fail (Model *model, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("step %u, %s: %s\nReplay with: model --seed %u --steps %u\n", model->step,
              model->doing, text, model->seed, model->step);
  abort ();
}

static void
check_error (Model *model, GError *error)
{
  if (error != NULL)
    fail (model, "%s", error->message);
}

static void
check_world (Model *model)
{
  WorldState now[WORLD_PLUGINS] = { 0 };
  g_autofree char *rest = world_find_rest ();

  world_look (now);
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    if (!world_state_equal (&now[i], &model->live[i]))
      fail (model, "plugin %u is\n%s%s\nand should be\n%s%s", i, now[i].files, now[i].settings,
            model->live[i].files, model->live[i].settings);
    world_state_clear (&now[i]);
  }
  if (*rest != '\0')
    fail (model, "left behind: %s", rest);
}

/* ---- snapshots */

static void
model_snapshot_free (gpointer data)
{
  ModelSnapshot *snapshot = data;

  world_state_clear (&snapshot->state);
  g_free (snapshot);
}

static void
learn (Model *model, const char *id, guint plugin, const WorldState *state)
{
  ModelSnapshot *snapshot = g_new0 (ModelSnapshot, 1);

  snapshot->plugin = plugin;
  world_state_copy (&snapshot->state, state);
  g_hash_table_insert (model->snapshots, g_strdup (id), snapshot);
}

static guint
find_plugin (const char *key)
{
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    g_autofree char *own = world_get_key (i);

    if (g_str_equal (own, key))
      return i;
  }

  g_assert_not_reached ();
}

/* The store lists what the model knows and nothing else, but for snapshots that were made before a
 * change: those hold the state that was live then. */
static void
check_snapshots (Model *model, const WorldState before[WORLD_PLUGINS])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) listed = plug_rb_engine_list_snapshots (model->engine, NULL, &error);
  GHashTableIter iter;
  ModelSnapshot *known;
  guint expected = 0;

  check_error (model, error);
  for (guint i = 0; i < listed->len; i++) {
    PlugRbSnapshot *snapshot = listed->pdata[i];
    const char *id = plug_rb_snapshot_get_id (snapshot);
    guint plugin = find_plugin (plug_rb_snapshot_get_plugin (snapshot));

    if (plug_rb_snapshot_get_damaged (snapshot) != NULL)
      fail (model, "%s: %s", id, plug_rb_snapshot_get_damaged (snapshot));
    if (!(known = g_hash_table_lookup (model->snapshots, id)))
      learn (model, id, plugin, &before[plugin]);
    else if (known->deleted)
      fail (model, "%s was deleted and is there", id);
    else if (known->pinned != plug_rb_snapshot_get_pinned (snapshot))
      fail (model, "%s is pinned or not, other than it should be", id);
  }

  g_hash_table_iter_init (&iter, model->snapshots);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &known))
    expected += !known->deleted;
  if (expected != listed->len)
    fail (model, "%u snapshots are there, %u should be", listed->len, expected);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In the order of their ids, so that a seed always means the same. */
static const char *
pick_snapshot (Model *model, int plugin, gboolean deleted)
{
  g_autoptr(GPtrArray) fitting = g_ptr_array_new ();
  GHashTableIter iter;
  ModelSnapshot *known;
  char *id;

  g_hash_table_iter_init (&iter, model->snapshots);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &known))
    if (known->deleted == deleted && (plugin < 0 || known->plugin == (guint) plugin))
      g_ptr_array_add (fitting, id);
  g_ptr_array_sort (fitting, compare_ids);

  return fitting->len == 0
             ? NULL
             : fitting->pdata[g_rand_int_range (model->rand, 0, (gint32) fitting->len)];
}

static PlugRbSnapshot *
find_snapshot (Model *model, const char *id)
{
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *snapshot = plug_rb_engine_find_snapshot (model->engine, id, &error);

  check_error (model, error);
  return snapshot;
}

/* ---- operations */

static void
model_operation_free (gpointer data)
{
  ModelOperation *operation = data;

  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    world_state_clear (&operation->before[i]);
    g_free (operation->safety[i]);
  }
  g_free (operation);
}

static void
note_operation (Model *model, PlugRbOperation *done, const WorldState before[WORLD_PLUGINS])
{
  ModelOperation *operation = g_new0 (ModelOperation, 1);
  GPtrArray *changes = plug_rb_operation_get_changes (done);

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];
    guint plugin = find_plugin (change->plugin);

    /* What was as wanted already is no business of an undo. */
    if (change->safety_snapshot == NULL)
      continue;
    operation->touched[plugin] = TRUE;
    operation->safety[plugin] = g_strdup (change->safety_snapshot);
    world_state_copy (&operation->before[plugin], &before[plugin]);
  }
  g_hash_table_insert (model->operations, g_strdup (plug_rb_operation_get_id (done)), operation);
}

/* ---- steps */

static void
do_snapshot (Model *model, guint plugin)
{
  g_autofree char *key = world_get_key (plugin);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) found = plug_rb_engine_find_plugin (model->engine, key, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  ModelSnapshot *known;
  gboolean created;

  if (found == NULL && !world_is_installed (plugin))
    return;
  if (found == NULL)
    fail (model, "%s is not found", key);

  snapshot = plug_rb_engine_snapshot (model->engine, found, PLUG_RB_REASON_MANUAL, NULL, NULL,
                                      &created, operation, NULL, &error);
  check_error (model, error);
  known = g_hash_table_lookup (model->snapshots, plug_rb_snapshot_get_id (snapshot));
  if (created != (known == NULL))
    fail (model, "a snapshot that is %s is said to be %s", known ? "old" : "new",
          created ? "new" : "old");
  if (known != NULL && !world_state_equal (&known->state, &model->live[plugin]))
    fail (model, "snapshot %s is returned as equal and is not", plug_rb_snapshot_get_id (snapshot));
}

static void
predict (WorldState *state, const WorldState *target, PlugRbScope scope)
{
  if (scope & PLUG_RB_SCOPE_FILES)
    g_set_str (&state->files, target->files);
  if (scope & PLUG_RB_SCOPE_SETTINGS)
    g_set_str (&state->settings, target->settings);
}

static PlugRbScope
pick_scope (Model *model)
{
  switch (g_rand_int_range (model->rand, 0, 6)) {
  case 0:
    return PLUG_RB_SCOPE_FILES;
  case 1:
    return PLUG_RB_SCOPE_SETTINGS;
  default:
    return PLUG_RB_SCOPE_ALL;
  }
}

/* One target, or one for each plugin that has a snapshot. */
static GPtrArray *
pick_targets (Model *model)
{
  GPtrArray *ids = g_ptr_array_new ();
  guint first = (guint) g_rand_int_range (model->rand, 0, WORLD_PLUGINS);
  gboolean all = g_rand_int_range (model->rand, 0, 4) == 0;

  for (guint i = 0; i < (all ? WORLD_PLUGINS : 1); i++) {
    const char *id = pick_snapshot (model, (int) ((first + i) % WORLD_PLUGINS), FALSE);

    if (id != NULL)
      g_ptr_array_add (ids, (char *) id);
  }

  return ids;
}

static void
predict_all (Model *model, GPtrArray *ids, PlugRbScope scope, WorldState after[WORLD_PLUGINS])
{
  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_copy (&after[i], &model->live[i]);

  for (guint i = 0; i < ids->len; i++) {
    const ModelSnapshot *known = g_hash_table_lookup (model->snapshots, ids->pdata[i]);

    predict (&after[known->plugin], &known->state, scope);
  }
}

static PlugRbOperation *
roll_back (Model *model, GPtrArray *ids, PlugRbScope scope, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (targets, find_snapshot (model, ids->pdata[i]));
  plug_rb_engine_rollback (model->engine, targets, scope, operation, NULL, error);

  return operation;
}

static void
move_live (Model *model, WorldState after[WORLD_PLUGINS])
{
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    world_state_copy (&model->live[i], &after[i]);
    world_state_clear (&after[i]);
  }
}

static void
do_rollback (Model *model)
{
  g_autoptr(GPtrArray) ids = pick_targets (model);
  PlugRbScope scope = pick_scope (model);
  WorldState after[WORLD_PLUGINS] = { 0 };
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  if (ids->len == 0)
    return;

  predict_all (model, ids, scope, after);
  operation = roll_back (model, ids, scope, &error);
  check_error (model, error);
  if (plug_rb_operation_get_can_undo (operation))
    note_operation (model, operation, model->live);
  move_live (model, after);
}

static gboolean
can_bring_back (Model *model, const ModelOperation *operation)
{
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    const ModelSnapshot *safety =
        operation->touched[i] ? g_hash_table_lookup (model->snapshots, operation->safety[i]) : NULL;

    if (operation->touched[i] && (safety == NULL || safety->deleted))
      return FALSE;
  }

  return TRUE;
}

static void
do_undo (Model *model)
{
  g_autoptr(PlugRbOperation) undone = plug_rb_engine_find_undoable (model->engine, NULL, NULL);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  g_autoptr(GError) error = NULL;
  WorldState after[WORLD_PLUGINS] = { 0 };
  const ModelOperation *known;

  if (undone == NULL)
    return;
  if (!(known = g_hash_table_lookup (model->operations, plug_rb_operation_get_id (undone))))
    fail (model, "operation %s is not known", plug_rb_operation_get_id (undone));

  plug_rb_engine_undo (model->engine, undone, TRUE, operation, NULL, &error);
  if (error != NULL && !can_bring_back (model, known))
    return;
  check_error (model, error);

  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_copy (&after[i], known->touched[i] ? &known->before[i] : &model->live[i]);
  if (plug_rb_operation_get_can_undo (operation))
    note_operation (model, operation, model->live);
  move_live (model, after);
}

static void
do_delete (Model *model)
{
  const char *id = pick_snapshot (model, -1, FALSE);
  g_autoptr(PlugRbSnapshot) snapshot = id ? find_snapshot (model, id) : NULL;
  g_autoptr(GError) error = NULL;

  if (id == NULL || plug_rb_snapshot_get_pinned (snapshot))
    return;
  plug_rb_engine_delete_snapshot (model->engine, snapshot, &error);
  check_error (model, error);
  ((ModelSnapshot *) g_hash_table_lookup (model->snapshots, id))->deleted = TRUE;
}

static void
do_restore_deleted (Model *model)
{
  const char *id = pick_snapshot (model, -1, TRUE);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;

  if (id == NULL)
    return;
  snapshot = plug_rb_engine_restore_deleted (model->engine, id, &error);
  check_error (model, error);
  ((ModelSnapshot *) g_hash_table_lookup (model->snapshots, id))->deleted = FALSE;
}

static void
do_pin (Model *model)
{
  const char *id = pick_snapshot (model, -1, FALSE);
  ModelSnapshot *known = id ? g_hash_table_lookup (model->snapshots, id) : NULL;

  if (known == NULL || !model->can_prune)
    return;
  known->pinned = !known->pinned;
  scratch_run ((const char *[]) { "plugrb", known->pinned ? "pin" : "unpin", id, NULL });
}

static gboolean
has_snapshot (Model *model, guint plugin)
{
  GHashTableIter iter;
  ModelSnapshot *known;

  g_hash_table_iter_init (&iter, model->snapshots);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &known))
    if (!known->deleted && known->plugin == plugin)
      return TRUE;

  return FALSE;
}

/* What went is the retention's business, which has tests of its own; that one copy of what is
 * installed stays is everybody's. */
static void
do_prune (Model *model)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) listed = NULL;
  g_autoptr(GHashTable) left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean had[WORLD_PLUGINS];
  GHashTableIter iter;
  ModelSnapshot *known;
  char *id;

  for (guint i = 0; i < WORLD_PLUGINS; i++)
    had[i] = has_snapshot (model, i);
  scratch_run ((const char *[]) { "plugrb", "prune", "--json", NULL });

  listed = plug_rb_engine_list_snapshots (model->engine, NULL, &error);
  check_error (model, error);
  for (guint i = 0; i < listed->len; i++)
    g_hash_table_add (left, g_strdup (plug_rb_snapshot_get_id (listed->pdata[i])));

  g_hash_table_iter_init (&iter, model->snapshots);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &known)) {
    known->deleted = known->deleted || !g_hash_table_contains (left, id);
    if (known->deleted && known->pinned)
      fail (model, "%s was pinned, and pruned", id);
  }
  for (guint i = 0; i < WORLD_PLUGINS; i++)
    if (had[i] && world_is_installed (i) && !has_snapshot (model, i))
      fail (model, "the last snapshot of plugin %u was pruned", i);
}

static void
do_host (Model *model, guint plugin)
{
  guint what = (guint) g_rand_int_range (model->rand, 0, 10);

  if (what == 0)
    world_uninstall (plugin);
  else if (what <= 3 || !world_is_installed (plugin))
    world_install (plugin, (guint) g_rand_int_range (model->rand, 1, 30));
  else
    for (int n = g_rand_int_range (model->rand, 1, 5); n > 0; n--)
      world_edit (plugin, model->rand);
}

static void
do_user (Model *model, guint plugin)
{
  g_autofree char *number = g_strdup_printf ("%d", g_rand_int_range (model->rand, -9, 99));

  switch (g_rand_int_range (model->rand, 0, 6)) {
  case 0:
    world_enable (plugin, TRUE);
    break;
  case 1:
    world_enable (plugin, FALSE);
    break;
  case 2:
    world_set (plugin, "title", g_rand_boolean (model->rand) ? "'some title'" : "''");
    break;
  case 3:
    world_set (plugin, g_rand_boolean (model->rand) ? "speed" : "title", NULL);
    break;
  case 4:
    /* A key that no schema knows, as an older version may have left it. */
    world_set (plugin, "relic", "[(1, 'x')]");
    break;
  default:
    world_set (plugin, "speed", number);
  }
}

static void
look_again (Model *model)
{
  world_look (model->live);
}

/* ---- kills */

static int points_left;

static void
count_down (const char *name)
{
  if (--points_left == 0)
    raise (SIGKILL);
}

static void
recover (Model *model)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) recoveries = plug_rb_engine_recover (model->engine, NULL, &error);

  check_error (model, error);
  for (guint i = 0; i < recoveries->len; i++) {
    PlugRbRecovery *recovery = recoveries->pdata[i];

    if (recovery->direction == PLUG_RB_DIRECTION_NONE)
      fail (model, "not recovered: %s", recovery->message);
  }
}

/* A program of its own, so that no thread or connection of ours goes with it. */
static int
run_victim (int argc, char *argv[])
{
  Model model = { .engine = scratch_open (), .doing = "victim" };
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 4; i < argc; i++)
    g_ptr_array_add (ids, argv[i]);
  points_left = atoi (argv[2]);
  plug_rb_transaction_set_checkpoint (count_down);
  if (ids->len == 0) {
    recover (&model);
    return EXIT_SUCCESS;
  }

  operation = roll_back (&model, ids, (PlugRbScope) atoi (argv[3]), &error);
  check_error (&model, error);

  return EXIT_SUCCESS;
}

/* Rolls back, or recovers if there are no @ids. Whether it was killed on the way. */
static gboolean
spawn_victim (Model *model, GPtrArray *ids, PlugRbScope scope)
{
  g_autofree char *points = g_strdup_printf ("%d", g_rand_int_range (model->rand, 1, 14));
  g_autofree char *scope_text = g_strdup_printf ("%d", (int) scope);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  int status;

  g_ptr_array_add (argv, (char *) "/proc/self/exe");
  g_ptr_array_add (argv, (char *) "--victim");
  g_ptr_array_add (argv, points);
  g_ptr_array_add (argv, scope_text);
  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (argv, ids->pdata[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  check_error (model, error);
  if (!WIFSIGNALED (status) && status != 0)
    fail (model, "a process of its own failed");

  return WIFSIGNALED (status);
}

/* The newest operation that can be undone, if the model does not know it yet. */
static void
note_newest (Model *model, const WorldState before[WORLD_PLUGINS])
{
  g_autoptr(PlugRbOperation) newest = plug_rb_engine_find_undoable (model->engine, NULL, NULL);

  if (newest != NULL &&
      !g_hash_table_contains (model->operations, plug_rb_operation_get_id (newest)))
    note_operation (model, newest, before);
}

/* Whatever went with it, all plugins are exactly as before or all exactly as wanted. */
static void
settle (Model *model, WorldState after[WORLD_PLUGINS])
{
  WorldState now[WORLD_PLUGINS] = { 0 };
  gboolean is_after = TRUE;

  world_look (now);
  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    is_after = is_after && world_state_equal (&now[i], &after[i]);
    world_state_clear (&now[i]);
  }

  if (is_after)
    move_live (model, after);
  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_clear (&after[i]);
}

static void
do_kill (Model *model)
{
  g_autoptr(GPtrArray) ids = pick_targets (model);
  PlugRbScope scope = pick_scope (model);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  WorldState after[WORLD_PLUGINS] = { 0 };

  if (ids->len == 0)
    return;

  predict_all (model, ids, scope, after);
  if (spawn_victim (model, ids, scope)) {
    /* What recovers may be killed as well. */
    while (g_rand_boolean (model->rand) && spawn_victim (model, none, scope))
      ;
    recover (model);
  }
  note_newest (model, model->live);
  settle (model, after);
}

/* ---- the run */

typedef struct {
  const char *name;
  guint weight;
} Act;

static const Act acts[] = {
  { "host", 21 },  { "user", 13 },  { "snapshot", 16 },       { "rollback", 20 },
  { "undo", 10 },  { "delete", 5 }, { "restore-deleted", 4 }, { "kill", 6 },
  { "reopen", 1 }, { "pin", 2 },    { "prune", 2 },
};

static const char *
pick_act (Model *model)
{
  int at = g_rand_int_range (model->rand, 0, 100);

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if ((at -= (int) acts[i].weight) < 0)
      return acts[i].name;

  g_assert_not_reached ();
}

static void
reopen (Model *model)
{
  g_object_unref (model->engine);
  model->engine = scratch_open ();
}

static void
act (Model *model, guint plugin)
{
  if (g_str_equal (model->doing, "host"))
    do_host (model, plugin);
  else if (g_str_equal (model->doing, "user"))
    do_user (model, plugin);
  else if (g_str_equal (model->doing, "snapshot"))
    do_snapshot (model, plugin);
  else if (g_str_equal (model->doing, "rollback"))
    do_rollback (model);
  else if (g_str_equal (model->doing, "undo"))
    do_undo (model);
  else if (g_str_equal (model->doing, "delete"))
    do_delete (model);
  else if (g_str_equal (model->doing, "restore-deleted"))
    do_restore_deleted (model);
  else if (g_str_equal (model->doing, "kill"))
    do_kill (model);
  else if (g_str_equal (model->doing, "pin"))
    do_pin (model);
  else if (g_str_equal (model->doing, "prune") && model->can_prune)
    do_prune (model);
  else if (g_str_equal (model->doing, "reopen"))
    reopen (model);
}

static void
run_step (Model *model)
{
  WorldState before[WORLD_PLUGINS] = { 0 };
  guint plugin = (guint) g_rand_int_range (model->rand, 0, WORLD_PLUGINS);

  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_copy (&before[i], &model->live[i]);
  model->doing = pick_act (model);
  model->step++;
  if (verbose)
    g_print ("# %u %s %u\n", model->step, model->doing, plugin);

  act (model, plugin);
  if (g_str_equal (model->doing, "host") || g_str_equal (model->doing, "user"))
    look_again (model);
  check_snapshots (model, before);
  check_world (model);

  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_clear (&before[i]);
}

static void
begin (Model *model)
{
  g_autofree char *help = scratch_output ((const char *[]) { "plugrb", "--help", NULL });

  model->engine = scratch_open ();
  model->rand = g_rand_new_with_seed (model->seed);
  model->can_prune = strstr (help, " prune") != NULL;
  model->snapshots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, model_snapshot_free);
  model->operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, model_operation_free);
  model->doing = "begin";

  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    world_install (i, 1);
    world_set (i, "speed", "1");
  }
  look_again (model);
  for (guint i = 0; i < WORLD_PLUGINS; i++)
    do_snapshot (model, i);
  check_snapshots (model, model->live);
}

/* Every snapshot that is left still is what it was when it was taken. */
static void
check_all (Model *model)
{
  g_autoptr(GList) ids = g_hash_table_get_keys (model->snapshots);

  model->doing = "final rollbacks";
  for (GList *l = ids; l != NULL; l = l->next) {
    const ModelSnapshot *known = g_hash_table_lookup (model->snapshots, l->data);
    g_autoptr(GPtrArray) targets = g_ptr_array_new ();
    g_autoptr(PlugRbOperation) operation = NULL;
    g_autoptr(GError) error = NULL;

    if (known->deleted)
      continue;
    g_ptr_array_add (targets, l->data);
    operation = roll_back (model, targets, PLUG_RB_SCOPE_ALL, &error);
    check_error (model, error);
    world_state_copy (&model->live[known->plugin], &known->state);
    check_world (model);
  }
}

static void
end (Model *model)
{
  for (guint i = 0; i < WORLD_PLUGINS; i++)
    world_state_clear (&model->live[i]);
  g_hash_table_unref (model->snapshots);
  g_hash_table_unref (model->operations);
  g_rand_free (model->rand);
  g_object_unref (model->engine);
}

static const GOptionEntry options[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Number that all randomness follows from", "N" },
  { "steps", 0, 0, G_OPTION_ARG_INT, &steps, "End after so many steps, not by the clock", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "End after so many seconds", "N" },
  { "verbose", 0, 0, G_OPTION_ARG_NONE, &verbose, "Print each step", NULL },
  { NULL },
};

int
main (int argc, char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  Model model = { 0 };
  gint64 deadline;

  if (argc > 3 && g_str_equal (argv[1], "--victim"))
    return run_victim (argc, argv);

  seed = 20260101;
  if (g_strcmp0 (g_getenv ("PLUGRB_TEST_FULL"), "1") == 0)
    steps = 5000;
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }

  g_print ("TAP version 14\n1..1\n# seed %u\n", seed);
  model.seed = seed;
  deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  begin (&model);
  while (steps > 0 ? model.step < steps : g_get_monotonic_time () < deadline)
    run_step (&model);
  check_all (&model);
  g_print ("# %u steps, %u snapshots\nok 1 /model/random\n", model.step,
           g_hash_table_size (model.snapshots));
  end (&model);

  return EXIT_SUCCESS;
}
