/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "plug-rb-retention.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1800000000)
#define MOST_ROWS 12
#define MOST_ROLLBACKS 8

#define GOOD PLUG_RB_HEALTH_GOOD
#define BAD PLUG_RB_HEALTH_BAD
#define UNKNOWN PLUG_RB_HEALTH_UNKNOWN

/* A snapshot, and what is to become of it. Its id is its sequence, a letter from "a" on. In flags:
 * p pinned, l labeled, n noted, d damaged, x absent. */
typedef struct {
  double age;
  const char *version;
  const char *expected;
  PlugRbHealth health;
  const char *flags;
  const char *change;
} Row;

/* Newest first. In flags: o open, f failed. */
typedef struct {
  double age;
  const char *target;
  const char *safety;
  const char *flags;
} Rollback;

/* The rows are in the order in which they were taken. @installed is the version, "-" for a plugin
 * that is not there. At most two are kept, for thirty days. */
typedef struct {
  const char *name;
  const char *installed;
  double gone;
  Row rows[MOST_ROWS];
  Rollback rollbacks[MOST_ROLLBACKS];
} Case;

#define RECENT "within-limits"
#define OVER "over-count"
#define OLD "too-old"
#define NEWEST "installed-version"
#define PREVIOUS "previous-version"
#define ROLLBACK "recent-rollback"

static const Case cases[] = {
  { "one", "1", 0, { { 1, "1", NEWEST } } },
  { "count",
    "1",
    0,
    { { 6, "1", OVER },
      { 5, "1", OVER },
      { 4, "1", RECENT },
      { 3, "1", RECENT },
      { 2, "1", NEWEST } } },
  { "age",
    "1",
    0,
    { { 99, "1", OLD }, { 31, "1", OLD }, { 29, "1", RECENT }, { 1, "1", NEWEST } } },
  { "age-to-the-second",
    "1",
    0,
    { { 30.0001, "1", OLD }, { 30, "1", RECENT }, { 1, "1", NEWEST } } },
  /* What goes by its age takes no place of those that stay. */
  { "age-before-count",
    "1",
    0,
    { { 5, "1", RECENT },
      { 4, "1", RECENT },
      { 60, "1", OLD },
      { 50, "1", OLD },
      { 1, "1", NEWEST } } },
  { "kept-by-the-user",
    "1",
    0,
    { { 90, "1", "pinned", UNKNOWN, "p" },
      { 80, "1", "labeled", UNKNOWN, "l" },
      { 70, "1", "noted", UNKNOWN, "n" },
      { 4, "1", RECENT },
      { 3, "1", RECENT },
      { 2, "1", NEWEST } } },
  { "kept-by-the-user-though-bad",
    "2",
    0,
    { { 90, "1", "pinned", BAD, "p" }, { 1, "2", NEWEST } } },
  { "protected-do-not-count",
    "1",
    0,
    { { 5, "1", RECENT },
      { 4, "1", RECENT },
      { 3, "1", "pinned", UNKNOWN, "p" },
      { 2, "1", "labeled", UNKNOWN, "l" },
      { 1, "1", NEWEST } } },
  { "damaged",
    "1",
    0,
    { { 90, NULL, "damaged", UNKNOWN, "d" },
      { 5, "1", RECENT },
      { 4, "1", RECENT },
      { 3, "1", NEWEST },
      { 1, NULL, "damaged", UNKNOWN, "d" } } },

  /* ---- rollbacks */
  { "open",
    "1",
    0,
    { { 90, "1", "open-operation" },
      { 80, "1", "open-operation" },
      { 70, "1", OLD },
      { 1, "1", NEWEST } },
    { { 60, "a", "b", "o" } } },
  { "last-three",
    "1",
    0,
    { { 99, "1", OLD },
      { 98, "1", OLD },
      { 97, "1", ROLLBACK },
      { 96, "1", ROLLBACK },
      { 95, "1", ROLLBACK },
      { 94, "1", ROLLBACK },
      { 1, "1", NEWEST } },
    { { 50, "c", "f" }, { 60, "d", "e" }, { 70, "c", "d" }, { 80, "a", "b" } } },
  { "under-seven-days",
    "1",
    0,
    { { 99, "1", OLD },
      { 98, "1", OLD },
      { 97, "1", ROLLBACK },
      { 96, "1", ROLLBACK },
      { 95, "1", ROLLBACK },
      { 94, "1", ROLLBACK },
      { 1, "1", NEWEST } },
    { { 1, "c", "d" },
      { 2, "c", "d" },
      { 3, "c", "d" },
      { 4, "e", NULL },
      { 6.9, "f", NULL },
      { 7, "a", "b" } } },
  { "failed",
    "1",
    0,
    { { 99, "1", OLD },
      { 98, "1", ROLLBACK },
      { 97, "1", ROLLBACK },
      { 96, "1", ROLLBACK },
      { 1, "1", NEWEST } },
    { { 1, "b", NULL, "f" },
      { 8, "a", NULL, "f" },
      { 9, "a", NULL, "f" },
      { 10, "a", NULL, "f" },
      { 90, "c", "d" } } },
  { "target-is-the-oldest",
    "1",
    0,
    { { 400, "1", ROLLBACK },
      { 5, "2", RECENT },
      { 4, "2", RECENT },
      { 3, "2", PREVIOUS },
      { 2, "1", NEWEST } },
    { { 0, "a", NULL, "f" } } },
  /* Taken when the clock was three months behind, so it stands last in the history. */
  { "clock-set-back-between-rollbacks",
    "1",
    0,
    { { 99, "1", ROLLBACK },
      { 98, "1", ROLLBACK },
      { 97, "1", ROLLBACK },
      { 96, "1", ROLLBACK },
      { 190, "1", ROLLBACK },
      { 1, "1", NEWEST } },
    { { 50, "a", "b" }, { 51, "a", "c" }, { 52, "a", "d" }, { 190, "b", "e" } } },
  { "rollback-of-what-is-not-there",
    "1",
    0,
    { { 1, "1", NEWEST } },
    { { 1, "y", "z" }, { 1, NULL, NULL } } },
  { "rollback-in-the-future",
    "1",
    0,
    { { 99, "1", ROLLBACK }, { 1, "1", NEWEST } },
    { { -5, "a", NULL, "f" } } },

  /* ---- versions and health */
  { "installed-version-is-old", "1", 0, { { 300, "1", NEWEST } } },
  { "bad-is-no-copy",
    "2",
    0,
    { { 60, "2", OLD }, { 50, "2", NEWEST }, { 40, "2", OLD, BAD }, { 35, "2", OLD, BAD } } },
  { "known-good",
    "2",
    0,
    { { 90, "2", OLD, GOOD },
      { 80, "2", "known-good", GOOD },
      { 60, "2", OLD },
      { 50, "2", NEWEST } } },
  { "known-good-of-another-version",
    "3",
    0,
    { { 90, "1", "known-good", GOOD }, { 80, "2", PREVIOUS }, { 60, "3", NEWEST } } },
  { "previous-version",
    "3",
    0,
    { { 90, "1", OLD },
      { 80, "2", OLD },
      { 70, "2", PREVIOUS },
      { 60, "3", OLD },
      { 50, "3", NEWEST } } },
  { "previous-version-is-bad",
    "3",
    0,
    { { 90, "1", PREVIOUS },
      { 80, "2", OLD, BAD },
      { 70, "2", PREVIOUS, BAD },
      { 50, "3", NEWEST } } },
  { "previous-version-after-rollback",
    "2",
    0,
    { { 90, "1", OLD },
      { 85, "1", PREVIOUS },
      { 80, "2", NEWEST },
      { 70, "3", OLD },
      { 60, "3", PREVIOUS } } },
  { "installed-version-has-no-copy",
    "3",
    0,
    { { 90, "1", OLD }, { 80, "2", OLD }, { 70, "2", PREVIOUS } } },
  { "no-versions", NULL, 0, { { 90, NULL, OLD }, { 80, NULL, OLD }, { 70, NULL, NEWEST } } },
  { "version-is-new", NULL, 0, { { 90, "1", OLD }, { 80, "1", PREVIOUS }, { 70, NULL, NEWEST } } },
  { "all-bad", "1", 0, { { 90, "1", OLD, BAD }, { 80, "1", OLD, BAD }, { 1, "1", RECENT, BAD } } },
  { "absent-is-no-copy",
    "1",
    0,
    { { 90, "1", NEWEST }, { 80, NULL, OLD, UNKNOWN, "x" }, { 70, NULL, OLD, UNKNOWN, "x" } } },

  /* ---- not installed */
  { "uninstalled",
    "-",
    29,
    { { 400, "1", OLD }, { 390, "2", "last-copy" }, { 50, NULL, OLD, UNKNOWN, "x" } } },
  { "uninstalled-for-long", "-", 30.1, { { 400, "1", OLD }, { 390, "2", OLD } } },
  { "uninstalled-last-is-bad", "-", 5, { { 400, "1", "last-copy" }, { 390, "2", OLD, BAD } } },
  { "uninstalled-others-stay",
    "-",
    5,
    { { 400, "1", "pinned", UNKNOWN, "p" }, { 390, "2", OLD } } },
  { "uninstalled-clock-set-back", "-", -100, { { 400, "1", "last-copy" } } },
  { "uninstalled-count", "-", 5, { { 4, "1", OVER }, { 3, "1", RECENT }, { 2, "1", RECENT } } },
  { "uninstalled-newest-are-bad",
    "-",
    5,
    { { 5, "1", OVER },
      { 4, "1", "last-copy" },
      { 3, "2", RECENT, BAD },
      { 2, "2", RECENT, BAD } } },

  /* ---- changes */
  { "both-halves-go",
    "1",
    0,
    { { 90, "1", OLD, UNKNOWN, "", "x" },
      { 89, "1", OLD, UNKNOWN, "", "x" },
      { 1, "1", NEWEST } } },
  { "other-half-is-pinned",
    "1",
    0,
    { { 90, "1", "half-of-a-change", UNKNOWN, "", "x" },
      { 89, "1", "pinned", UNKNOWN, "p", "x" },
      { 1, "1", NEWEST } } },
  { "other-half-is-protected-too",
    "2",
    0,
    { { 90, "1", PREVIOUS, UNKNOWN, "", "x" }, { 89, "2", NEWEST, UNKNOWN, "", "x" } } },
  { "other-half-is-young",
    "1",
    0,
    { { 30.5, "1", "half-of-a-change", UNKNOWN, "", "x" },
      { 29.5, "1", RECENT, UNKNOWN, "", "x" },
      { 1, "1", NEWEST } } },
  { "other-half-is-young-by-the-clock",
    "1",
    0,
    { { 29, "1", RECENT, UNKNOWN, "", "x" },
      { 60, "1", "half-of-a-change", UNKNOWN, "", "x" },
      { 1, "1", NEWEST } } },
  { "halves-count-once",
    "1",
    0,
    { { 9, "1", OVER },
      { 8, "1", "half-of-a-change", UNKNOWN, "", "x" },
      { 7, "1", RECENT, UNKNOWN, "", "x" },
      { 6, "1", "half-of-a-change", UNKNOWN, "", "y" },
      { 5, "1", RECENT, UNKNOWN, "", "y" },
      { 1, "1", NEWEST } } },
  { "half-at-the-limit",
    "1",
    0,
    { { 9, "1", "half-of-a-change", UNKNOWN, "", "x" },
      { 8, "1", RECENT, UNKNOWN, "", "x" },
      { 7, "1", RECENT },
      { 1, "1", NEWEST } } },
  { "last-copy-is-half",
    "-",
    1,
    { { 91, NULL, "half-of-a-change", UNKNOWN, "x", "x" },
      { 90, "1", "last-copy", UNKNOWN, "", "x" } } },

  /* ---- the clock */
  { "future",
    "1",
    0,
    { { -400, "1", "future" }, { 90, "1", OLD }, { -1, "1", "future" }, { 1, "1", NEWEST } } },
  { "clock-set-back-since",
    "1",
    0,
    { { -10, "1", "future" }, { -9, "1", "future" }, { -8, "1", "future" }, { -7, "1", NEWEST } } },
  /* Taken later, dated earlier: it is the newest all the same. */
  { "clock-set-back-between",
    "2",
    0,
    { { 3, "1", PREVIOUS }, { 2, "2", RECENT }, { 20, "2", RECENT }, { 25, "2", NEWEST } } },
};

/* ---- building the arguments */

static PlugRbRetentionSnapshot
make_snapshot (const Row *row, guint place)
{
  static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
  const char *flags = row->flags ? row->flags : "";
  gboolean damaged = strchr (flags, 'd') != NULL;

  return (PlugRbRetentionSnapshot) {
    .id = ids[place],
    .sequence = damaged ? 0 : place + 1,
    .time = NOW - (gint64) (row->age * DAY),
    .version = row->version,
    .change = row->change,
    .health = row->health,
    .absent = strchr (flags, 'x') != NULL,
    .pinned = strchr (flags, 'p') != NULL,
    .labeled = strchr (flags, 'l') != NULL,
    .noted = strchr (flags, 'n') != NULL,
    .damaged = damaged,
  };
}

static PlugRbRetentionRollback
make_rollback (const Rollback *rollback)
{
  const char *flags = rollback->flags ? rollback->flags : "";
  gboolean is_open = strchr (flags, 'o') != NULL;

  return (PlugRbRetentionRollback) {
    .target = rollback->target,
    .safety = rollback->safety,
    .time = NOW - (gint64) (rollback->age * DAY),
    .is_open = is_open,
    .took_effect = !is_open && strchr (flags, 'f') == NULL,
  };
}

static gboolean
is_rollback (const Rollback *rollback)
{
  return rollback->age != 0 || rollback->target != NULL;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_auto(PlugRbPolicy) policy = { 0 };
  PlugRbRetentionSnapshot snapshots[MOST_ROWS];
  PlugRbRetentionRollback rollbacks[MOST_ROLLBACKS];
  PlugRbRetentionReason reasons[MOST_ROWS];
  gboolean installed = g_strcmp0 (test->installed, "-") != 0;
  PlugRbRetentionFacts facts = { installed, installed ? test->installed : NULL,
                                 NOW - (gint64) (test->gone * DAY), rollbacks, 0 };
  guint n = 0;

  plug_rb_policy_init (&policy);
  policy.max_snapshots = 2;
  for (; n < MOST_ROWS && test->rows[n].expected != NULL; n++)
    snapshots[n] = make_snapshot (&test->rows[n], n);
  for (guint i = 0; i < MOST_ROLLBACKS && is_rollback (&test->rollbacks[i]); i++)
    rollbacks[facts.n_rollbacks++] = make_rollback (&test->rollbacks[i]);

  plug_rb_retention_decide (snapshots, n, &facts, &policy, NOW, reasons);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (plug_rb_retention_get_name (reasons[i]), ==, test->rows[i].expected);
}

/* ---- none and many */

static void
test_none (void)
{
  g_auto(PlugRbPolicy) policy = { 0 };
  PlugRbRetentionFacts facts = { .installed = TRUE };

  plug_rb_policy_init (&policy);
  plug_rb_retention_decide (NULL, 0, &facts, &policy, NOW, NULL);
}

static guint
count_kept (const PlugRbRetentionReason *reasons, gsize n)
{
  guint kept = 0;

  for (gsize i = 0; i < n; i++)
    kept += !plug_rb_retention_may_go (reasons[i]);

  return kept;
}

static void
test_many (void)
{
  const gsize n = 10000;
  g_auto(PlugRbPolicy) policy = { 0 };
  g_autofree PlugRbRetentionSnapshot *snapshots = g_new0 (PlugRbRetentionSnapshot, n);
  g_autofree PlugRbRetentionRollback *rollbacks = g_new0 (PlugRbRetentionRollback, n);
  g_autofree PlugRbRetentionReason *reasons = g_new (PlugRbRetentionReason, n);
  g_autoptr(GStringChunk) ids = g_string_chunk_new (65536);
  PlugRbRetentionFacts facts = { TRUE, "1", 0, rollbacks, n };
  gint64 begun = g_get_monotonic_time ();

  plug_rb_policy_init (&policy);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%zu", i);

    snapshots[i].id = g_string_chunk_insert (ids, id);
    snapshots[i].sequence = (gint64) i + 1;
    snapshots[i].time = NOW - (gint64) (n - i);
    snapshots[i].version = "1";
  }

  for (gsize i = 0; i < n; i++) {
    rollbacks[i].target = snapshots[n - 1 - i].id;
    rollbacks[i].safety = snapshots[n - 1 - i].id;
    rollbacks[i].time = NOW - 8 * DAY - (gint64) i;
    rollbacks[i].took_effect = TRUE;
  }

  plug_rb_retention_decide (snapshots, n, &facts, &policy, NOW, reasons);
  g_assert_cmpuint (count_kept (reasons, n), ==, 3 + policy.max_snapshots);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, G_USEC_PER_SEC);
}

static void
test_words (void)
{
  g_auto(PlugRbPolicy) policy = { 0 };

  plug_rb_policy_init (&policy);
  for (int i = PLUG_RB_RETENTION_PINNED; i <= PLUG_RB_RETENTION_TOO_OLD; i++) {
    g_autofree char *sentence = plug_rb_retention_dup_sentence (i, &policy);

    g_assert_cmpstr (plug_rb_retention_get_name (i), !=, "none");
    g_assert_cmpstr (sentence, !=, "");
    g_assert_null (strchr (sentence, '%'));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/retention/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/retention/none", test_none);
  g_test_add_func ("/retention/many", test_many);
  g_test_add_func ("/retention/words", test_words);

  return g_test_run ();
}
