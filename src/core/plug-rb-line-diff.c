/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-line-diff.h"

#include "plug-rb-myers.h"
#include "plug-rb-text-lines.h"

#define AROUND 3
#define MOST_SHOWN 2000

/* ---- one line */

struct _PlugRbDiffLine {
  GObject parent_instance;

  PlugRbLineKind kind;
  guint old_number;
  guint new_number;
  char *text;
};

G_DEFINE_FINAL_TYPE (PlugRbDiffLine, plug_rb_diff_line, G_TYPE_OBJECT)

static void
plug_rb_diff_line_finalize (GObject *object)
{
  PlugRbDiffLine *self = PLUG_RB_DIFF_LINE (object);

  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (plug_rb_diff_line_parent_class)->finalize (object);
}

static void
plug_rb_diff_line_class_init (PlugRbDiffLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_diff_line_finalize;
}

static void
plug_rb_diff_line_init (PlugRbDiffLine *self)
{
}

/**
 * plug_rb_diff_line_get_kind:
 */
PlugRbLineKind
plug_rb_diff_line_get_kind (PlugRbDiffLine *self)
{
  g_return_val_if_fail (PLUG_RB_IS_DIFF_LINE (self), PLUG_RB_LINE_SAME);

  return self->kind;
}

/**
 * plug_rb_diff_line_get_old_number:
 *
 * Returns: its number on the first side, from 1; 0 if it is not there
 */
guint
plug_rb_diff_line_get_old_number (PlugRbDiffLine *self)
{
  g_return_val_if_fail (PLUG_RB_IS_DIFF_LINE (self), 0);

  return self->old_number;
}

/**
 * plug_rb_diff_line_get_new_number:
 *
 * Returns: its number on the second side, from 1; 0 if it is not there
 */
guint
plug_rb_diff_line_get_new_number (PlugRbDiffLine *self)
{
  g_return_val_if_fail (PLUG_RB_IS_DIFF_LINE (self), 0);

  return self->new_number;
}

/**
 * plug_rb_diff_line_get_text:
 *
 * Returns: (nullable): the line, as it may be shown: no control characters, and cut if it is very
 *   long; %NULL for a gap and for the end that is missing
 */
const char *
plug_rb_diff_line_get_text (PlugRbDiffLine *self)
{
  g_return_val_if_fail (PLUG_RB_IS_DIFF_LINE (self), NULL);

  return self->text;
}

/* ---- all lines */

/* The numbers are indexes. Those of a gap are of the line that follows it. */
typedef struct {
  PlugRbLineKind kind;
  guint old;
  guint new;
} Row;

struct _PlugRbLineDiff {
  GObject parent_instance;

  GBytes *bytes[2];
  PlugRbTextLines lines[2];
  guint64 sizes[2];
  gboolean is_text;
  guint n_changed[2];
  GArray *rows;
};

static GType
get_item_type (GListModel *model)
{
  return PLUG_RB_TYPE_DIFF_LINE;
}

static guint
get_n_items (GListModel *model)
{
  return PLUG_RB_LINE_DIFF (model)->rows->len;
}

static char *
dup_row_text (PlugRbLineDiff *self, const Row *row, gsize most)
{
  switch (row->kind) {
  case PLUG_RB_LINE_ADDED:
    return plug_rb_text_lines_dup (&self->lines[1], row->new, most);
  case PLUG_RB_LINE_REMOVED:
  case PLUG_RB_LINE_SAME:
    return plug_rb_text_lines_dup (&self->lines[0], row->old, most);
  case PLUG_RB_LINE_GAP:
  case PLUG_RB_LINE_UNENDED:
  default:
    return NULL;
  }
}

static gpointer
get_item (GListModel *model, guint position)
{
  PlugRbLineDiff *self = PLUG_RB_LINE_DIFF (model);
  const Row *row;
  PlugRbDiffLine *line;

  if (position >= self->rows->len)
    return NULL;

  row = &g_array_index (self->rows, Row, position);
  line = g_object_new (PLUG_RB_TYPE_DIFF_LINE, NULL);
  line->kind = row->kind;
  line->text = dup_row_text (self, row, MOST_SHOWN);
  if (row->kind == PLUG_RB_LINE_SAME || row->kind == PLUG_RB_LINE_REMOVED)
    line->old_number = row->old + 1;
  if (row->kind == PLUG_RB_LINE_SAME || row->kind == PLUG_RB_LINE_ADDED)
    line->new_number = row->new + 1;

  return line;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PlugRbLineDiff,
                               plug_rb_line_diff,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
plug_rb_line_diff_finalize (GObject *object)
{
  PlugRbLineDiff *self = PLUG_RB_LINE_DIFF (object);

  for (int i = 0; i < 2; i++) {
    plug_rb_text_lines_clear (&self->lines[i]);
    g_clear_pointer (&self->bytes[i], g_bytes_unref);
  }
  g_clear_pointer (&self->rows, g_array_unref);

  G_OBJECT_CLASS (plug_rb_line_diff_parent_class)->finalize (object);
}

static void
plug_rb_line_diff_class_init (PlugRbLineDiffClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_line_diff_finalize;
}

static void
plug_rb_line_diff_init (PlugRbLineDiff *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
}

/* ---- making it */

/* A walk through both sides: @old and @new are the next lines. */
typedef struct {
  PlugRbLineDiff *diff;
  PlugRbSequence sides[2];
  guint old;
  guint new;
} Walk;

static void
add_row (Walk *walk, PlugRbLineKind kind)
{
  const Row row = { kind, walk->old, walk->new };

  g_array_append_val (walk->diff->rows, row);
}

static void
add_line (Walk *walk, PlugRbLineKind kind)
{
  PlugRbTextLines *lines = &walk->diff->lines[kind == PLUG_RB_LINE_ADDED];
  guint index = kind == PLUG_RB_LINE_ADDED ? walk->new : walk->old;

  add_row (walk, kind);
  walk->old += kind != PLUG_RB_LINE_ADDED;
  walk->new += kind != PLUG_RB_LINE_REMOVED;
  if (index + 1 == lines->n && !lines->is_ended)
    add_row (walk, PLUG_RB_LINE_UNENDED);
}

static void
add_changed (Walk *walk)
{
  while (walk->old < walk->sides[0].n && walk->sides[0].changed[walk->old])
    add_line (walk, PLUG_RB_LINE_REMOVED);
  while (walk->new < walk->sides[1].n && walk->sides[1].changed[walk->new])
    add_line (walk, PLUG_RB_LINE_ADDED);
}

static guint
count_same (Walk *walk)
{
  guint n = 0;

  while (walk->old + n < walk->sides[0].n && !walk->sides[0].changed[walk->old + n] &&
         walk->new + n < walk->sides[1].n && !walk->sides[1].changed[walk->new + n])
    n++;

  return n;
}

/* Of lines that are the same only those near a change are kept. */
static void
add_same (Walk *walk, guint n)
{
  gboolean is_first = walk->diff->rows->len == 0;
  gboolean is_last = walk->old + n == walk->sides[0].n && walk->new + n == walk->sides[1].n;
  guint head = is_first ? 0 : MIN (n, AROUND);
  guint tail = is_last ? 0 : MIN (n - head, AROUND);
  guint rest = n - head - tail;

  for (guint i = 0; i < head; i++)
    add_line (walk, PLUG_RB_LINE_SAME);

  walk->old += rest;
  walk->new += rest;
  if (rest > 0 && !is_last)
    add_row (walk, PLUG_RB_LINE_GAP);

  for (guint i = 0; i < tail; i++)
    add_line (walk, PLUG_RB_LINE_SAME);
}

static guint
count_changed (const PlugRbSequence *side)
{
  guint n = 0;

  for (guint i = 0; i < side->n; i++)
    n += side->changed[i];

  return n;
}

static void
add_rows (Walk *walk)
{
  for (int i = 0; i < 2; i++)
    walk->diff->n_changed[i] = count_changed (&walk->sides[i]);

  while (walk->old < walk->sides[0].n || walk->new < walk->sides[1].n) {
    add_same (walk, count_same (walk));
    add_changed (walk);
  }
}

static gboolean
compare_lines (PlugRbLineDiff *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GHashTable) numbers =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autofree guint *old = plug_rb_text_lines_number (&self->lines[0], numbers);
  g_autofree guint *new = plug_rb_text_lines_number (&self->lines[1], numbers);
  g_autofree guint8 *gone = g_new0 (guint8, self->lines[0].n + 1);
  g_autofree guint8 *come = g_new0 (guint8, self->lines[1].n + 1);
  Walk walk = { .diff = self,
                .sides = { { old, self->lines[0].n, gone }, { new, self->lines[1].n, come } } };

  if (!plug_rb_myers_compare (&walk.sides[0], &walk.sides[1], cancellable, error))
    return FALSE;

  add_rows (&walk);
  return TRUE;
}

static gboolean
split_lines (PlugRbLineDiff *self)
{
  for (int i = 0; i < 2; i++)
    if (self->sizes[i] > PLUG_RB_LINE_DIFF_MOST_BYTES ||
        !plug_rb_text_lines_init (&self->lines[i], self->bytes[i], PLUG_RB_LINE_DIFF_MOST_LINES))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_line_diff_new:
 *
 * Compares two texts. What is no text, or too large, is only measured.
 *
 * Returns: (transfer full): the differences; %NULL if it was canceled
 */
PlugRbLineDiff *
plug_rb_line_diff_new (GBytes *from, GBytes *to, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbLineDiff) self = NULL;

  g_return_val_if_fail (from != NULL && to != NULL, NULL);

  self = plug_rb_line_diff_new_unread (g_bytes_get_size (from), g_bytes_get_size (to));
  self->bytes[0] = g_bytes_ref (from);
  self->bytes[1] = g_bytes_ref (to);
  self->is_text = split_lines (self);
  if (self->is_text && !compare_lines (self, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * plug_rb_line_diff_new_unread:
 *
 * Returns: (transfer full): what stands for two contents that are too large to be compared
 */
PlugRbLineDiff *
plug_rb_line_diff_new_unread (guint64 from_size, guint64 to_size)
{
  PlugRbLineDiff *self = g_object_new (PLUG_RB_TYPE_LINE_DIFF, NULL);

  self->sizes[0] = from_size;
  self->sizes[1] = to_size;

  return self;
}

/**
 * plug_rb_line_diff_get_is_text:
 *
 * Returns: whether both sides are text of a size that is compared; otherwise there are no lines
 */
gboolean
plug_rb_line_diff_get_is_text (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), FALSE);

  return self->is_text;
}

/**
 * plug_rb_line_diff_get_from_size:
 *
 * Returns: bytes of the first side
 */
guint64
plug_rb_line_diff_get_from_size (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), 0);

  return self->sizes[0];
}

/**
 * plug_rb_line_diff_get_to_size:
 *
 * Returns: bytes of the second side
 */
guint64
plug_rb_line_diff_get_to_size (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), 0);

  return self->sizes[1];
}

/**
 * plug_rb_line_diff_get_n_added:
 *
 * Returns: how many lines only the second side has
 */
guint
plug_rb_line_diff_get_n_added (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), 0);

  return self->n_changed[1];
}

/**
 * plug_rb_line_diff_get_n_removed:
 *
 * Returns: how many lines only the first side has
 */
guint
plug_rb_line_diff_get_n_removed (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), 0);

  return self->n_changed[0];
}

/**
 * plug_rb_line_diff_get_last_number:
 *
 * Returns: the highest number that a line may have
 */
guint
plug_rb_line_diff_get_last_number (PlugRbLineDiff *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), 0);

  return MAX (self->lines[0].n, self->lines[1].n);
}

/* ---- as text */

/* Up to the next gap. */
static guint
find_end (PlugRbLineDiff *self, guint start)
{
  guint end = start;

  while (end < self->rows->len && g_array_index (self->rows, Row, end).kind != PLUG_RB_LINE_GAP)
    end++;

  return end;
}

static void
append_head (PlugRbLineDiff *self, GString *text, guint start, guint end)
{
  const Row *first = &g_array_index (self->rows, Row, start);
  guint n[2] = { 0 };

  for (guint i = start; i < end; i++) {
    PlugRbLineKind kind = g_array_index (self->rows, Row, i).kind;

    n[0] += kind == PLUG_RB_LINE_SAME || kind == PLUG_RB_LINE_REMOVED;
    n[1] += kind == PLUG_RB_LINE_SAME || kind == PLUG_RB_LINE_ADDED;
  }

  g_string_append_printf (text, "@@ -%u,%u +%u,%u @@\n", first->old + (n[0] > 0), n[0],
                          first->new + (n[1] > 0), n[1]);
}

static void
append_row (PlugRbLineDiff *self, GString *text, const Row *row)
{
  static const char signs[] = { ' ', '+', '-' };
  g_autofree char *line = dup_row_text (self, row, G_MAXUINT);

  if (line != NULL)
    g_string_append_printf (text, "%c%s\n", signs[row->kind], line);
  else
    g_string_append (text, "\\ No newline at end of file\n");
}

/**
 * plug_rb_line_diff_to_unified:
 *
 * Returns: (transfer full): the differences as `diff -u` writes them, without the names; control
 *   characters are made visible
 */
char *
plug_rb_line_diff_to_unified (PlugRbLineDiff *self)
{
  GString *text = g_string_new (NULL);
  guint start = 0;

  g_return_val_if_fail (PLUG_RB_IS_LINE_DIFF (self), NULL);

  while (start < self->rows->len) {
    guint end = find_end (self, start);

    if (end > start)
      append_head (self, text, start, end);
    for (guint i = start; i < end; i++)
      append_row (self, text, &g_array_index (self->rows, Row, i));
    start = end + 1;
  }

  return g_string_free_and_steal (text);
}
