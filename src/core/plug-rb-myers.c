/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-myers.h"

#include <string.h>

/* “An O(ND) Difference Algorithm and Its Variations”, Eugene W. Myers, 1986, the variation that
 * needs linear space: paths grow from both ends of a box until they meet; there the box is split.
 * A search that has cost too much splits the box where it got furthest. The result is still right
 * then, only not the shortest: whoever wrote the files does not decide how long this takes. */

#define EFFORT (1 << 26)
#define LEAST_ROUNDS 16

/* A part of both sequences. */
typedef struct {
  int a;
  int b;
  int n;
  int m;
} Box;

/* The paths from one end. On each diagonal k = x - y, how far they come. */
typedef struct {
  int *reach;
  int low;
  int high;
  gboolean backwards;
} Front;

typedef struct {
  const PlugRbSequence *a;
  const PlugRbSequence *b;
  Front fronts[2];
  int most_rounds;
  GCancellable *cancellable;
} Search;

typedef struct {
  int x;
  int y;
  gboolean first_is_small;
} Split;

static gboolean
is_equal (Search *self, const Box *box, const Front *front, int x, int y)
{
  if (front->backwards) {
    x = box->n - 1 - x;
    y = box->m - 1 - y;
  }

  return self->a->items[box->a + x] == self->b->items[box->b + y];
}

static int
get_reach (const Front *front, int k)
{
  return k < front->low || k > front->high ? -1 : front->reach[k];
}

/* The furthest point on a diagonal with one more edit than those beside it; -1 if there is none. */
static int
reach_out (Search *self, const Box *box, const Front *front, int k)
{
  int right = get_reach (front, k - 1);
  int down = get_reach (front, k + 1);
  int x = -1;

  if (right >= 0 && right < box->n)
    x = right + 1;
  if (down > x && down - k <= box->m)
    x = down;

  while (x >= 0 && x < box->n && x - k < box->m && is_equal (self, box, front, x, x - k))
    x++;

  return x;
}

/* One edit further on all diagonals. Gives the diagonal on which the other front is met. */
static gboolean
advance (Search *self, const Box *box, Front *front, const Front *other, int round, int *met)
{
  int low = -MIN (round, box->m);
  int high = MIN (round, box->n);
  int delta = box->n - box->m;

  low += (low ^ round) & 1;
  high -= (high ^ round) & 1;

  for (int k = low; k <= high; k += 2) {
    int x = reach_out (self, box, front, k);
    int theirs = (delta ^ k ^ other->low) & 1 ? -1 : get_reach (other, delta - k);

    front->reach[k] = x;
    if (x >= 0 && theirs >= 0 && x + theirs >= box->n) {
      *met = k;
      return TRUE;
    }
  }

  front->low = low;
  front->high = high;
  return FALSE;
}

static Split
split_at (const Box *box, const Front *front, int k)
{
  int x = front->reach[k];
  int y = x - k;

  return front->backwards ? (Split) { box->n - x, box->m - y, FALSE } : (Split) { x, y, TRUE };
}

static int
find_furthest (const Front *front, int *progress)
{
  int best = front->low;

  *progress = -1;
  for (int k = front->low; k <= front->high; k += 2)
    if (front->reach[k] >= 0 && 2 * front->reach[k] - k > *progress) {
      *progress = 2 * front->reach[k] - k;
      best = k;
    }

  return best;
}

static Split
give_up (const Box *box, const Front *fronts)
{
  int progress[2];
  int k[2] = { find_furthest (&fronts[0], &progress[0]), find_furthest (&fronts[1], &progress[1]) };
  int best = progress[1] > progress[0];

  return split_at (box, &fronts[best], k[best]);
}

/* Nothing is trimmed off here: the first two differ, and the last two. */
static Split
find_split (Search *self, const Box *box)
{
  Front *fronts = self->fronts;

  for (int i = 0; i < 2; i++) {
    fronts[i].low = fronts[i].high = 0;
    fronts[i].reach[0] = 0;
  }

  for (int round = 1; round <= self->most_rounds; round++)
    for (int i = 0; i < 2; i++) {
      int k;

      if (advance (self, box, &fronts[i], &fronts[!i], round, &k))
        return split_at (box, &fronts[i], k);
    }

  return give_up (box, fronts);
}

static void
trim (Search *self, Box *box)
{
  const guint *a = self->a->items + box->a;
  const guint *b = self->b->items + box->b;
  int head = 0;

  while (head < MIN (box->n, box->m) && a[head] == b[head])
    head++;

  box->a += head;
  box->b += head;
  box->n -= head;
  box->m -= head;
  while (MIN (box->n, box->m) > 0 && a[head + box->n - 1] == b[head + box->m - 1]) {
    box->n--;
    box->m--;
  }
}

static void
mark (Search *self, const Box *box)
{
  if (box->n > 0)
    memset (self->a->changed + box->a, 1, box->n);
  if (box->m > 0)
    memset (self->b->changed + box->b, 1, box->m);
}

/* Of the two parts the one with few edits is done in depth, so that the depth stays small. */
static void
compare_box (Search *self, Box box)
{
  trim (self, &box);
  while (box.n > 0 && box.m > 0 && !g_cancellable_is_cancelled (self->cancellable)) {
    Split split = find_split (self, &box);
    Box first = { box.a, box.b, split.x, split.y };
    Box second = { box.a + split.x, box.b + split.y, box.n - split.x, box.m - split.y };

    compare_box (self, split.first_is_small ? first : second);
    box = split.first_is_small ? second : first;
    trim (self, &box);
  }
  mark (self, &box);
}

/* ---- what only one side has */

/* How often each number is there on one side. */
static guint8 *
find_known (const PlugRbSequence *side, guint n_numbers)
{
  guint8 *known = g_new0 (guint8, n_numbers);

  for (guint i = 0; i < side->n; i++)
    known[side->items[i]] = 1;

  return known;
}

static guint
find_largest (const PlugRbSequence *side)
{
  guint largest = 0;

  for (guint i = 0; i < side->n; i++)
    largest = MAX (largest, side->items[i]);

  return largest;
}

typedef struct {
  PlugRbSequence sequence;
  guint *items;
  guint *places;
} Shared;

/* What the other side has nowhere is changed in every shortest script. */
static void
shared_init (Shared *self, const PlugRbSequence *side, const guint8 *known)
{
  self->items = g_new (guint, side->n + 1);
  self->places = g_new (guint, side->n + 1);

  for (guint i = 0; i < side->n; i++) {
    side->changed[i] = !known[side->items[i]];
    if (side->changed[i])
      continue;
    self->items[self->sequence.n] = side->items[i];
    self->places[self->sequence.n++] = i;
  }

  self->sequence.items = self->items;
  self->sequence.changed = g_new0 (guint8, self->sequence.n + 1);
}

static void
shared_finish (Shared *self, const PlugRbSequence *side)
{
  for (guint i = 0; i < self->sequence.n; i++)
    side->changed[self->places[i]] = self->sequence.changed[i];

  g_free (self->items);
  g_free (self->places);
  g_free (self->sequence.changed);
}

static void
search_shared (const PlugRbSequence *a, const PlugRbSequence *b, GCancellable *cancellable)
{
  gsize n_diagonals = (gsize) a->n + b->n + 3;
  g_autofree int *forwards = g_new (int, n_diagonals);
  g_autofree int *backwards = g_new (int, n_diagonals);
  Search search = { .a = a, .b = b, .cancellable = cancellable };

  search.most_rounds = MAX (LEAST_ROUNDS, EFFORT / (int) n_diagonals);
  /* Backwards a box lies the other way round, but is as wide and as high. */
  search.fronts[0] = (Front) { .reach = forwards + b->n + 1 };
  search.fronts[1] = (Front) { .reach = backwards + b->n + 1, .backwards = TRUE };
  compare_box (&search, (Box) { 0, 0, a->n, b->n });
}

/**
 * plug_rb_myers_compare:
 *
 * Finds what must be taken out of @a and put in from @b to make @b of @a: usually as little as is
 * possible. The time it takes is bounded whatever they are. Each may have at most 2^28 items,
 * numbered densely.
 *
 * Returns: %FALSE only if it was canceled
 */
gboolean
plug_rb_myers_compare (const PlugRbSequence *a,
                       const PlugRbSequence *b,
                       GCancellable *cancellable,
                       GError **error)
{
  guint n_numbers = MAX (find_largest (a), find_largest (b)) + 1;
  g_autofree guint8 *known_a = find_known (a, n_numbers);
  g_autofree guint8 *known_b = find_known (b, n_numbers);
  Shared shared[2] = { 0 };

  shared_init (&shared[0], a, known_b);
  shared_init (&shared[1], b, known_a);
  search_shared (&shared[0].sequence, &shared[1].sequence, cancellable);
  shared_finish (&shared[0], a);
  shared_finish (&shared[1], b);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
