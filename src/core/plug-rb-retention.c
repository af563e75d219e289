/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-retention.h"

#define DAY (24 * 60 * 60)
#define RECENT_DAYS 7
#define LAST_ROLLBACKS 3

/* @order holds places in @snapshots, newest first; @ids the place of each id. */
typedef struct {
  const PlugRbRetentionSnapshot *snapshots;
  gsize n;
  const PlugRbRetentionFacts *facts;
  const PlugRbPolicy *policy;
  gint64 now;
  gsize *order;
  GHashTable *ids;
  PlugRbRetentionReason *reasons;
} Decision;

static gboolean
stays (PlugRbRetentionReason reason)
{
  return reason != PLUG_RB_RETENTION_NONE && !plug_rb_retention_may_go (reason);
}

/* The first reason is the one that is told. */
static void
keep (Decision *self, gsize index, PlugRbRetentionReason reason)
{
  if (!stays (self->reasons[index]))
    self->reasons[index] = reason;
}

static void
keep_id (Decision *self, const char *id, PlugRbRetentionReason reason)
{
  gpointer index;

  if (id != NULL && g_hash_table_lookup_extended (self->ids, id, NULL, &index))
    keep (self, GPOINTER_TO_SIZE (index), reason);
}

/* ---- order */

/* Nothing is known of the place of a damaged one, which has no sequence; ids sort by time. */
static int
compare_age (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Decision *self = user_data;
  const PlugRbRetentionSnapshot *x = &self->snapshots[*(const gsize *) a];
  const PlugRbRetentionSnapshot *y = &self->snapshots[*(const gsize *) b];

  if (x->sequence != y->sequence)
    return x->sequence > y->sequence ? -1 : 1;

  return strcmp (y->id, x->id);
}

static void
put_in_order (Decision *self)
{
  self->order = g_new (gsize, self->n);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < self->n; i++) {
    self->order[i] = i;
    g_hash_table_insert (self->ids, (char *) self->snapshots[i].id, GSIZE_TO_POINTER (i));
  }

  g_sort_array (self->order, self->n, sizeof *self->order, compare_age, self);
}

/* ---- rules */

static void
keep_by_itself (Decision *self, gsize index)
{
  const PlugRbRetentionSnapshot *snapshot = &self->snapshots[index];

  if (snapshot->pinned)
    keep (self, index, PLUG_RB_RETENTION_PINNED);
  else if (snapshot->labeled)
    keep (self, index, PLUG_RB_RETENTION_LABELED);
  else if (snapshot->noted)
    keep (self, index, PLUG_RB_RETENTION_NOTED);
  else if (snapshot->damaged)
    keep (self, index, PLUG_RB_RETENTION_DAMAGED);
}

static void
keep_rollback (Decision *self,
               const PlugRbRetentionRollback *rollback,
               PlugRbRetentionReason reason)
{
  keep_id (self, rollback->target, reason);
  keep_id (self, rollback->safety, reason);
}

static gint64
get_safety_sequence (Decision *self, const PlugRbRetentionRollback *rollback)
{
  gpointer index;

  if (rollback->safety == NULL ||
      !g_hash_table_lookup_extended (self->ids, rollback->safety, NULL, &index))
    return 0;

  return self->snapshots[GPOINTER_TO_SIZE (index)].sequence;
}

/* The least sequence that a safety copy of one of the last rollbacks has. */
static gint64
find_threshold (Decision *self)
{
  gint64 top[LAST_ROLLBACKS] = { 0 };

  for (gsize i = 0; i < self->facts->n_rollbacks; i++) {
    const PlugRbRetentionRollback *rollback = &self->facts->rollbacks[i];
    gint64 sequence = rollback->took_effect ? get_safety_sequence (self, rollback) : 0;

    for (guint j = 0; j < LAST_ROLLBACKS; j++)
      if (sequence > top[j]) {
        gint64 lower = top[j];

        top[j] = sequence;
        sequence = lower;
      }
  }

  return MAX (top[LAST_ROLLBACKS - 1], 1);
}

static gboolean
is_recent (Decision *self, const PlugRbRetentionRollback *rollback)
{
  return self->now - rollback->time < RECENT_DAYS * DAY;
}

/* The time orders rollbacks wrongly if the clock was set back between them; their safety copies,
 * most of which were taken for them, have a sequence. One that is among the last by either is. */
static void
keep_for_rollbacks (Decision *self)
{
  const PlugRbRetentionFacts *facts = self->facts;
  gint64 threshold = find_threshold (self);
  guint n = 0;

  for (gsize i = 0; i < facts->n_rollbacks; i++)
    if (facts->rollbacks[i].is_open)
      keep_rollback (self, &facts->rollbacks[i], PLUG_RB_RETENTION_OPEN);

  for (gsize i = 0; i < facts->n_rollbacks; i++) {
    const PlugRbRetentionRollback *rollback = &facts->rollbacks[i];
    gboolean is_last = rollback->took_effect &&
                       (n < LAST_ROLLBACKS || get_safety_sequence (self, rollback) >= threshold);

    if (is_last || is_recent (self, rollback))
      keep_rollback (self, rollback, PLUG_RB_RETENTION_ROLLBACK);
    n += rollback->took_effect;
  }
}

/**
 * plug_rb_retention_is_copy:
 *
 * Returns: whether the plugin can be brought back from it, as far as is known: a snapshot counts as
 *   good unless it is known bad
 */
gboolean
plug_rb_retention_is_copy (const PlugRbRetentionSnapshot *snapshot)
{
  return !snapshot->damaged && !snapshot->absent && snapshot->health != PLUG_RB_HEALTH_BAD;
}

typedef gboolean (*MatchFunc) (Decision *self, const PlugRbRetentionSnapshot *snapshot);

static gboolean
is_installed_version (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return plug_rb_retention_is_copy (snapshot) &&
         g_strcmp0 (snapshot->version, self->facts->installed_version) == 0;
}

static gboolean
is_good_installed_version (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return is_installed_version (self, snapshot) && snapshot->health == PLUG_RB_HEALTH_GOOD;
}

static gboolean
is_good (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return plug_rb_retention_is_copy (snapshot) && snapshot->health == PLUG_RB_HEALTH_GOOD;
}

static gboolean
is_other_version (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return !snapshot->damaged && !snapshot->absent &&
         g_strcmp0 (snapshot->version, self->facts->installed_version) != 0;
}

static gboolean
is_other_copy (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return is_other_version (self, snapshot) && plug_rb_retention_is_copy (snapshot);
}

static gboolean
is_copy (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return plug_rb_retention_is_copy (snapshot);
}

/* The place in the order, from @start on; @n if there is none. */
static gsize
find (Decision *self, gsize start, MatchFunc match)
{
  gsize i = start;

  while (i < self->n && !match (self, &self->snapshots[self->order[i]]))
    i++;

  return i;
}

static void
keep_first (Decision *self, gsize start, MatchFunc match, PlugRbRetentionReason reason)
{
  gsize place = find (self, start, match);

  if (place < self->n)
    keep (self, self->order[place], reason);
}

/* Which version is the previous one has two answers after a rollback: the one that was left, which
 * is newer, and the one before the one that is installed. Both stay, and where the first is known
 * to be bad, the newest that is not. */
static void
keep_versions (Decision *self)
{
  gsize installed = find (self, 0, is_installed_version);

  keep_first (self, 0, is_installed_version, PLUG_RB_RETENTION_INSTALLED_VERSION);
  keep_first (self, 0, is_good_installed_version, PLUG_RB_RETENTION_GOOD);
  keep_first (self, 0, is_good, PLUG_RB_RETENTION_GOOD);
  keep_first (self, 0, is_other_version, PLUG_RB_RETENTION_PREVIOUS_VERSION);
  keep_first (self, 0, is_other_copy, PLUG_RB_RETENTION_PREVIOUS_VERSION);
  keep_first (self, installed, is_other_copy, PLUG_RB_RETENTION_PREVIOUS_VERSION);
}

static void
keep_future (Decision *self)
{
  for (gsize i = 0; i < self->n; i++)
    if (self->snapshots[i].time > self->now)
      keep (self, i, PLUG_RB_RETENTION_FUTURE);
}

/* ---- changes */

static void
note_change (Decision *self, GHashTable *changes, gsize index)
{
  if (self->snapshots[index].change != NULL && stays (self->reasons[index]))
    g_hash_table_add (changes, (char *) self->snapshots[index].change);
}

static GHashTable *
keep_other_halves (Decision *self)
{
  GHashTable *changes = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < self->n; i++)
    note_change (self, changes, i);

  for (gsize i = 0; i < self->n; i++)
    if (self->snapshots[i].change != NULL &&
        g_hash_table_contains (changes, self->snapshots[i].change))
      keep (self, i, PLUG_RB_RETENTION_CHANGE);

  return changes;
}

/* ---- counting */

static gboolean
is_too_old (Decision *self, const PlugRbRetentionSnapshot *snapshot)
{
  return self->now - snapshot->time > (gint64) self->policy->retention_days * DAY;
}

/* A half of a change whose other half was just counted is protected by it, so a change takes one
 * place, not two. */
static void
count (Decision *self)
{
  g_autoptr(GHashTable) changes = keep_other_halves (self);
  guint n = 0;

  for (gsize i = 0; i < self->n; i++) {
    gsize index = self->order[i];
    const PlugRbRetentionSnapshot *snapshot = &self->snapshots[index];

    if (stays (self->reasons[index]))
      continue;
    if (snapshot->change != NULL && g_hash_table_contains (changes, snapshot->change))
      keep (self, index, PLUG_RB_RETENTION_CHANGE);
    else if (is_too_old (self, snapshot))
      self->reasons[index] = PLUG_RB_RETENTION_TOO_OLD;
    else if (n >= self->policy->max_snapshots)
      self->reasons[index] = PLUG_RB_RETENTION_OVER_COUNT;
    else {
      n++;
      keep (self, index, PLUG_RB_RETENTION_RECENT);
      note_change (self, changes, index);
    }
  }
}

static gboolean
needs_a_copy (Decision *self)
{
  gint64 gone = self->now - self->facts->uninstalled_since;

  return self->facts->installed || gone <= (gint64) self->policy->retention_days * DAY;
}

static void
keep_last_copy (Decision *self)
{
  if (!needs_a_copy (self))
    return;

  for (gsize i = 0; i < self->n; i++)
    if (stays (self->reasons[i]) && plug_rb_retention_is_copy (&self->snapshots[i]))
      return;

  keep_first (self, 0, is_copy, PLUG_RB_RETENTION_LAST_COPY);
}

/**
 * plug_rb_retention_decide:
 * @snapshots: (array length=n_snapshots): all snapshots of one plugin, in any order
 * @now: the present, in seconds since 1970
 * @reasons: (out caller-allocates): gets for each snapshot why it stays or may go
 *
 * Decides which snapshots may go: those over the number or older than the days that @policy allows,
 * unless something protects them. What is protected does not count. Deciding once more about what
 * stays lets nothing else go.
 */
void
plug_rb_retention_decide (const PlugRbRetentionSnapshot *snapshots,
                          gsize n_snapshots,
                          const PlugRbRetentionFacts *facts,
                          const PlugRbPolicy *policy,
                          gint64 now,
                          PlugRbRetentionReason *reasons)
{
  Decision self = {
    .snapshots = snapshots,
    .n = n_snapshots,
    .facts = facts,
    .policy = policy,
    .now = now,
    .reasons = reasons,
  };

  put_in_order (&self);
  for (gsize i = 0; i < n_snapshots; i++) {
    reasons[i] = PLUG_RB_RETENTION_NONE;
    keep_by_itself (&self, i);
  }

  keep_for_rollbacks (&self);
  if (facts->installed)
    keep_versions (&self);
  keep_future (&self);
  count (&self);
  keep_last_copy (&self);
  g_hash_table_unref (keep_other_halves (&self));

  g_hash_table_unref (self.ids);
  g_free (self.order);
}

/**
 * plug_rb_retention_may_go:
 *
 * Returns: whether it is a reason to delete
 */
gboolean
plug_rb_retention_may_go (PlugRbRetentionReason reason)
{
  return reason == PLUG_RB_RETENTION_OVER_COUNT || reason == PLUG_RB_RETENTION_TOO_OLD;
}
