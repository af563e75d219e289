/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What must hold whatever snapshots, rollbacks, versions, changes and clocks there are. */

#include "plug-rb-retention.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1800000000)

static guint
count_kept (const PlugRbRetentionReason *reasons, gsize n)
{
  guint kept = 0;

  for (gsize i = 0; i < n; i++)
    kept += !plug_rb_retention_may_go (reasons[i]);

  return kept;
}

typedef struct {
  PlugRbPolicy policy;
  PlugRbRetentionFacts facts;
  PlugRbRetentionSnapshot snapshots[40];
  PlugRbRetentionRollback rollbacks[8];
  PlugRbRetentionReason reasons[40];
  gsize n;
} World;

static const char *const world_ids[] = {
  "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13",
  "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27",
  "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39",
};

static gboolean
one_in (int n)
{
  return g_test_rand_int_range (0, n) == 0;
}

static const char *
any (const char *const *words, int n)
{
  return words[g_test_rand_int_range (0, n)];
}

static gint64
any_time (void)
{
  return NOW - g_test_rand_int_range (-3 * DAY, 60 * DAY);
}

static void
fill_snapshot (PlugRbRetentionSnapshot *snapshot, gsize place)
{
  static const char *const versions[] = { "1", "2", "3", NULL };
  static const char *const changes[] = { "x", "y", "z", "u", "v", "w", NULL };

  *snapshot = (PlugRbRetentionSnapshot) {
    .id = world_ids[place],
    .sequence = (gint64) place + 1,
    .time = any_time (),
    .version = any (versions, 4),
    .change = one_in (2) ? NULL : any (changes, 7),
    .health = g_test_rand_int_range (0, 3),
    .absent = one_in (8),
    .pinned = one_in (20),
    .labeled = one_in (20),
    .noted = one_in (20),
    .damaged = one_in (20),
  };
}

static void
fill_rollback (PlugRbRetentionRollback *rollback)
{
  *rollback = (PlugRbRetentionRollback) {
    .target = any (world_ids, 40),
    .safety = one_in (4) ? NULL : any (world_ids, 40),
    .time = any_time (),
    .is_open = one_in (8),
    .took_effect = one_in (2),
  };
}

static void
world_init (World *world)
{
  plug_rb_policy_init (&world->policy);
  world->policy.max_snapshots = (guint) g_test_rand_int_range (1, 12);
  world->policy.retention_days = (guint) g_test_rand_int_range (1, 50);
  world->n = (gsize) g_test_rand_int_range (0, 41);
  for (gsize i = 0; i < world->n; i++)
    fill_snapshot (&world->snapshots[i], i);

  world->facts = (PlugRbRetentionFacts) {
    .installed = one_in (2),
    .installed_version = any (((const char *const[]) { "1", "2", "9", NULL }), 4),
    .uninstalled_since = any_time (),
    .rollbacks = world->rollbacks,
    .n_rollbacks = (gsize) g_test_rand_int_range (0, 9),
  };
  for (gsize i = 0; i < world->facts.n_rollbacks; i++)
    fill_rollback (&world->rollbacks[i]);
}

static void
world_decide (World *world)
{
  plug_rb_retention_decide (world->snapshots, world->n, &world->facts, &world->policy, NOW,
                            world->reasons);
}

static gboolean
is_used (const World *world, const char *id)
{
  guint n = 0;

  for (gsize i = 0; i < world->facts.n_rollbacks; i++) {
    const PlugRbRetentionRollback *rollback = &world->rollbacks[i];
    gboolean counts =
        rollback->is_open || NOW - rollback->time < 7 * DAY || (rollback->took_effect && n < 3);

    n += rollback->took_effect;
    if (counts && (g_strcmp0 (rollback->target, id) == 0 || g_strcmp0 (rollback->safety, id) == 0))
      return TRUE;
  }

  return FALSE;
}

static void
check_gone (const World *world, const PlugRbRetentionSnapshot *snapshot)
{
  guint n_newer = 0;

  g_assert_false (snapshot->pinned || snapshot->labeled || snapshot->noted || snapshot->damaged);
  g_assert_cmpint (snapshot->time, <=, NOW);
  g_assert_false (is_used (world, snapshot->id));

  for (gsize i = 0; i < world->n; i++) {
    n_newer += world->snapshots[i].sequence > snapshot->sequence &&
               world->reasons[i] == PLUG_RB_RETENTION_RECENT;
    if (snapshot->change != NULL && g_strcmp0 (world->snapshots[i].change, snapshot->change) == 0)
      g_assert_true (plug_rb_retention_may_go (world->reasons[i]));
  }

  g_assert_true (n_newer >= world->policy.max_snapshots ||
                 NOW - snapshot->time > (gint64) world->policy.retention_days * DAY);
}

static guint
count_copies (const World *world, gboolean only_kept)
{
  guint n = 0;

  for (gsize i = 0; i < world->n; i++)
    n += plug_rb_retention_is_copy (&world->snapshots[i]) &&
         !(only_kept && plug_rb_retention_may_go (world->reasons[i]));

  return n;
}

static void
check_copies (const World *world)
{
  gint64 gone = NOW - world->facts.uninstalled_since;
  gboolean needs = world->facts.installed || gone <= (gint64) world->policy.retention_days * DAY;

  if (needs && count_copies (world, FALSE) > 0)
    g_assert_cmpuint (count_copies (world, TRUE), >, 0);
}

/* What is left over is left over the next time, too, in whatever order it comes. */
static void
check_settled (World *world)
{
  gsize n = 0;

  for (gsize i = 0; i < world->n; i++)
    if (!plug_rb_retention_may_go (world->reasons[i]))
      world->snapshots[n++] = world->snapshots[i];

  world->n = n;
  for (gsize i = 0; i + 1 < n; i++) {
    gsize other = (gsize) g_test_rand_int_range ((int) i, (int) n);
    PlugRbRetentionSnapshot swapped = world->snapshots[i];

    world->snapshots[i] = world->snapshots[other];
    world->snapshots[other] = swapped;
  }

  world_decide (world);
  g_assert_cmpuint (count_kept (world->reasons, n), ==, n);
}

static void
test_anything (void)
{
  guint n_gone = 0;

  for (guint round = 0; round < 20000; round++) {
    World world = { 0 };

    world_init (&world);
    world_decide (&world);
    for (gsize i = 0; i < world.n; i++)
      if (plug_rb_retention_may_go (world.reasons[i])) {
        check_gone (&world, &world.snapshots[i]);
        n_gone++;
      }
    check_copies (&world);
    check_settled (&world);
    plug_rb_policy_clear (&world.policy);
  }

  g_assert_cmpuint (n_gone, >, 10000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retention/anything", test_anything);

  return g_test_run ();
}
