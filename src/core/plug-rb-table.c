/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-table.h"

#include "plug-rb-hash.h"
#include "plug-rb-table-rows.h"

/* ---- rows */

/* The end of a path comes first, then what lies below it, then all other names. */
static int
rank (char c)
{
  return c == '\0' ? 0 : c == '/' ? 1 : (guchar) c + 1;
}

static int
compare_paths (const char *a, const char *b)
{
  while (*a == *b && *a != '\0')
    a++, b++;

  return rank (*a) - rank (*b);
}

/**
 * plug_rb_entry_compare_place:
 *
 * The order of rows: by part, then by path, name by name as bytes: what lies in a folder follows it
 * at once, which is the order in which a walk through the folders finds it.
 */
int
plug_rb_entry_compare_place (const PlugRbEntry *a, const PlugRbEntry *b)
{
  int order = a->part == b->part ? 0 : strcmp (a->part, b->part);

  return order != 0 || a->path == b->path ? order : compare_paths (a->path, b->path);
}

static gboolean
equal (const char *a, const char *b)
{
  return a == b || g_strcmp0 (a, b) == 0;
}

/**
 * plug_rb_entry_equal:
 *
 * Whether two rows describe the same file in every respect.
 */
gboolean
plug_rb_entry_equal (const PlugRbEntry *a, const PlugRbEntry *b)
{
  return a->type == b->type && a->mode == b->mode && a->size == b->size && a->mtime == b->mtime &&
         a->nsec == b->nsec && equal (a->target, b->target) && equal (a->sha256, b->sha256) &&
         equal (a->hard_link, b->hard_link) && equal (a->xattrs, b->xattrs);
}

/* ---- tables */

PlugRbTable *
plug_rb_table_new (void)
{
  PlugRbTable *self = g_new0 (PlugRbTable, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rows = g_array_new (FALSE, FALSE, sizeof (PlugRbRow));
  self->strings = g_string_chunk_new (16 * 1024);

  return self;
}

PlugRbTable *
plug_rb_table_ref (PlugRbTable *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
plug_rb_table_unref (PlugRbTable *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->rows);
  g_string_chunk_free (self->strings);
  g_clear_pointer (&self->pack, g_bytes_unref);
  g_clear_pointer (&self->lender, plug_rb_table_unref);
  g_clear_pointer (&self->json, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

static const char *
keep (PlugRbTable *self, const char *text)
{
  return text ? g_string_chunk_insert (self->strings, text) : NULL;
}

/**
 * plug_rb_table_add_seen:
 * @entry: (transfer none): a row; what it points to is copied
 * @look: (nullable): what the file system said of it
 */
void
plug_rb_table_add_seen (PlugRbTable *self, const PlugRbEntry *entry, const PlugRbLook *look)
{
  PlugRbRow row = { .entry = *entry, .seen = look != NULL };

  g_assert (self->sha256 == NULL);

  row.entry.part = g_string_chunk_insert_const (self->strings, entry->part);
  row.entry.path = keep (self, entry->path);
  row.entry.target = keep (self, entry->target);
  row.entry.sha256 = keep (self, entry->sha256);
  row.entry.hard_link = keep (self, entry->hard_link);
  row.entry.xattrs = keep (self, entry->xattrs);
  if (look != NULL)
    row.look = *look;
  g_array_append_val (self->rows, row);
}

/**
 * plug_rb_table_add:
 * @entry: (transfer none): a row; what it points to is copied
 */
void
plug_rb_table_add (PlugRbTable *self, const PlugRbEntry *entry)
{
  plug_rb_table_add_seen (self, entry, NULL);
}

/**
 * plug_rb_table_add_known:
 * @lender: a closed table, always the same one; it is kept
 * @entry: a row of @lender, whose strings are not copied
 * @hard_link: (nullable): what the row says instead of @entry about that
 * @look: what the file system said of it now
 */
void
plug_rb_table_add_known (PlugRbTable *self,
                         PlugRbTable *lender,
                         const PlugRbEntry *entry,
                         const char *hard_link,
                         const PlugRbLook *look)
{
  PlugRbRow row = { .entry = *entry, .look = *look, .seen = TRUE };

  g_assert (self->sha256 == NULL && (self->lender == NULL || self->lender == lender));

  if (self->lender == NULL)
    self->lender = plug_rb_table_ref (lender);
  row.entry.hard_link = keep (self, hard_link);
  g_array_append_val (self->rows, row);
}

/**
 * plug_rb_table_set_content:
 * @sha256: of the file's content
 * @xattrs: (nullable): its extended attributes
 *
 * Completes a row of a file that had to be read first.
 */
void
plug_rb_table_set_content (PlugRbTable *self, guint index, const char *sha256, const char *xattrs)
{
  PlugRbEntry *entry = &g_array_index (self->rows, PlugRbRow, index).entry;

  g_assert (self->sha256 == NULL);

  entry->sha256 = keep (self, sha256);
  entry->xattrs = keep (self, xattrs);
}

/**
 * plug_rb_table_truncate:
 * @size: number of rows to keep
 *
 * Forgets the rows that were added last.
 */
void
plug_rb_table_truncate (PlugRbTable *self, guint size)
{
  g_assert (self->sha256 == NULL);
  g_array_set_size (self->rows, size);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return plug_rb_entry_compare_place (&((const PlugRbRow *) a)->entry,
                                      &((const PlugRbRow *) b)->entry);
}

static gboolean
is_in_order (PlugRbTable *self)
{
  for (guint i = 1; i < self->rows->len; i++)
    if (plug_rb_entry_compare_place (plug_rb_table_get (self, i - 1), plug_rb_table_get (self, i)) >
        0)
      return FALSE;

  return TRUE;
}

static gboolean
is_like (PlugRbTable *self, PlugRbTable *likely)
{
  if (likely == NULL || likely->sha256 == NULL || likely->rows->len != self->rows->len)
    return FALSE;

  for (guint i = 0; i < self->rows->len; i++) {
    const PlugRbEntry *a = plug_rb_table_get (self, i), *b = plug_rb_table_get (likely, i);

    if (plug_rb_entry_compare_place (a, b) != 0 || !plug_rb_entry_equal (a, b))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_table_close_like:
 * @likely: (nullable): a closed table that may well have the same rows: its name is taken over
 * then, which saves writing all of them down
 *
 * Puts the rows in order and works out the table's name. Nothing can be added afterwards.
 */
void
plug_rb_table_close_like (PlugRbTable *self, PlugRbTable *likely)
{
  if (!is_in_order (self))
    g_array_sort (self->rows, compare_rows);

  if (is_like (self, likely)) {
    self->sha256 = g_strdup (likely->sha256);
  } else {
    char *text = plug_rb_table_to_json (self);

    self->json = g_bytes_new_take (text, strlen (text));
    self->sha256 = plug_rb_hash_bytes (text, g_bytes_get_size (self->json));
  }
}

void
plug_rb_table_close (PlugRbTable *self)
{
  plug_rb_table_close_like (self, NULL);
}

/**
 * plug_rb_table_new_from_bytes:
 * @json: what plug_rb_table_get_bytes() gave
 *
 * Reads a table that may be damaged or hostile.
 *
 * Returns: (transfer full): the closed table
 */
PlugRbTable *
plug_rb_table_new_from_bytes (GBytes *json, GError **error)
{
  g_autoptr(PlugRbTable) self = plug_rb_table_new ();

  if (!plug_rb_table_add_json (self, json, error))
    return NULL;

  self->sha256 = plug_rb_hash_bytes (g_bytes_get_data (json, NULL), g_bytes_get_size (json));

  return g_steal_pointer (&self);
}

guint
plug_rb_table_get_size (PlugRbTable *self)
{
  return self->rows->len;
}

const PlugRbEntry *
plug_rb_table_get (PlugRbTable *self, guint index)
{
  return &g_array_index (self->rows, PlugRbRow, index).entry;
}

/**
 * plug_rb_table_get_look:
 *
 * Returns: (nullable): what the file system said of the row's file, if the table is of a live
 * system
 */
const PlugRbLook *
plug_rb_table_get_look (PlugRbTable *self, guint index)
{
  const PlugRbRow *row = &g_array_index (self->rows, PlugRbRow, index);

  return row->seen ? &row->look : NULL;
}

/* Between @low and @high, which is where the row would be if it is not there. */
static gboolean
search (PlugRbTable *self, const PlugRbEntry *wanted, guint low, guint high, guint *index)
{
  while (low < high) {
    guint middle = low + (high - low) / 2;
    int order = plug_rb_entry_compare_place (wanted, plug_rb_table_get (self, middle));

    if (order == 0) {
      *index = middle;
      return TRUE;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }

  *index = low;
  return FALSE;
}

/**
 * plug_rb_table_find_index:
 * @index: (out): number of the row of that place
 *
 * Looks a row up, in a table whose rows are in order.
 *
 * Returns: whether there is one
 */
gboolean
plug_rb_table_find_index (PlugRbTable *self, const char *part, const char *path, guint *index)
{
  const PlugRbEntry wanted = { .part = part, .path = path };

  return search (self, &wanted, 0, self->rows->len, index);
}

/**
 * plug_rb_table_find_next:
 * @cursor: (inout): where to look first; 0 at the beginning
 *
 * Looks rows up that come in order, such as those of another table: then each is where the one
 * before led to, or little further. In any other order it is as good as plug_rb_table_find().
 *
 * Returns: (nullable): the row of that place; its number is one less than @cursor then is
 */
const PlugRbEntry *
plug_rb_table_find_next (PlugRbTable *self, const char *part, const char *path, guint *cursor)
{
  const PlugRbEntry wanted = { .part = part, .path = path };
  guint low = *cursor, high = self->rows->len;

  if (low >= high || plug_rb_entry_compare_place (&wanted, plug_rb_table_get (self, low)) < 0) {
    high = MIN (low, high);
    low = 0;
  }

  for (guint step = 1; low > 0 && low + step < high; step *= 2) {
    if (plug_rb_entry_compare_place (&wanted, plug_rb_table_get (self, low + step)) < 0)
      high = low + step;
    else
      low += step;
  }

  if (!search (self, &wanted, low, high, cursor))
    return NULL;

  return plug_rb_table_get (self, (*cursor)++);
}

/**
 * plug_rb_table_find:
 *
 * Returns: (nullable): the row of that place
 */
const PlugRbEntry *
plug_rb_table_find (PlugRbTable *self, const char *part, const char *path)
{
  guint index;

  return plug_rb_table_find_index (self, part, path, &index) ? plug_rb_table_get (self, index)
                                                             : NULL;
}

/**
 * plug_rb_table_has_part:
 *
 * Whether anything of the part existed.
 */
gboolean
plug_rb_table_has_part (PlugRbTable *self, const char *part)
{
  return plug_rb_table_find (self, part, "") != NULL;
}

/**
 * plug_rb_table_get_sha256:
 *
 * Returns: the name of the state: SHA-256 of the table's bytes, in hex
 */
const char *
plug_rb_table_get_sha256 (PlugRbTable *self)
{
  g_assert (self->sha256 != NULL);
  return self->sha256;
}

/**
 * plug_rb_table_get_bytes:
 *
 * Returns: (transfer full): the table as JSON
 */
GBytes *
plug_rb_table_get_bytes (PlugRbTable *self)
{
  char *text;

  g_assert (self->sha256 != NULL);

  if (self->json != NULL)
    return g_bytes_ref (self->json);

  text = plug_rb_table_to_json (self);
  return g_bytes_new_take (text, strlen (text));
}

static gboolean
look_equal (const PlugRbRow *a, const PlugRbRow *b)
{
  return a->seen == b->seen && a->look.dev == b->look.dev && a->look.ino == b->look.ino &&
         a->look.ctime == b->look.ctime && a->look.ctime_nsec == b->look.ctime_nsec;
}

/**
 * plug_rb_table_looks_like:
 *
 * Whether two closed tables are of the same state, and its files were the same inodes, unchanged.
 */
gboolean
plug_rb_table_looks_like (PlugRbTable *self, PlugRbTable *other)
{
  if (self->rows->len != other->rows->len || !g_str_equal (self->sha256, other->sha256))
    return FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    if (!look_equal (&g_array_index (self->rows, PlugRbRow, i),
                     &g_array_index (other->rows, PlugRbRow, i)))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_table_get_n_racy:
 *
 * Returns: number of rows whose looks cannot be relied on
 */
guint
plug_rb_table_get_n_racy (PlugRbTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += g_array_index (self->rows, PlugRbRow, i).look.racy;

  return n;
}

static gboolean
is_plugin_file (const PlugRbEntry *entry)
{
  return entry->type == PLUG_RB_ENTRY_FILE && !g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS);
}

guint
plug_rb_table_count_files (PlugRbTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += is_plugin_file (plug_rb_table_get (self, i));

  return n;
}

guint64
plug_rb_table_sum_sizes (PlugRbTable *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->rows->len; i++)
    if (is_plugin_file (plug_rb_table_get (self, i)))
      sum += plug_rb_table_get (self, i)->size;

  return sum;
}
