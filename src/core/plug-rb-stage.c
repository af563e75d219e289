/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-stage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-contents.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-sparse.h"
#include "plug-rb-tree.h"
#include "plug-rb-workers.h"

/* Files are linked and looked at in stretches of this many, which mostly share a folder. */
#define STRETCH 128

/* Progress is told after so many files. */
#define REPORTED 16

/* A file of one of the trees: linked, written, or still to be written. */
typedef struct {
  const PlugRbEntry *entry;
  const PlugRbLook *look;
  PlugRbLook own_look;
  PlugRbTree *tree;
  int fd;
  gboolean ends_in_hole;
  guint64 written;
} Item;

struct _PlugRbStage {
  PlugRbState *live;
  PlugRbState *target;
  GPtrArray *trees;
  GPtrArray *parts;
  GPtrArray *linked;
  GPtrArray *written;
  GPtrArray *needs;
  guint n_needed;
  guint64 bytes_needed;
  guint64 bytes_written;
  GError *lost;
};

static void
item_free (Item *item)
{
  if (item->fd >= 0)
    close (item->fd);
  g_free (item);
}

PlugRbStage *
plug_rb_stage_new (PlugRbState *live, PlugRbState *target)
{
  PlugRbStage *self = g_new0 (PlugRbStage, 1);

  self->live = plug_rb_state_ref (live);
  self->target = plug_rb_state_ref (target);
  self->trees = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_tree_free);
  self->parts = g_ptr_array_new_with_free_func (g_free);
  self->linked = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  self->written = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  self->needs = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);

  return self;
}

void
plug_rb_stage_free (PlugRbStage *self)
{
  g_ptr_array_unref (self->needs);
  g_ptr_array_unref (self->linked);
  g_ptr_array_unref (self->written);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->trees);
  plug_rb_state_unref (self->live);
  plug_rb_state_unref (self->target);
  g_clear_error (&self->lost);
  g_free (self);
}

static gboolean
is_same_mount (const char *a, const char *b)
{
  struct statx x = { 0 }, y = { 0 };

  return statx (AT_FDCWD, a, 0, STATX_MNT_ID, &x) == 0 &&
         statx (AT_FDCWD, b, 0, STATX_MNT_ID, &y) == 0 && x.stx_mnt_id == y.stx_mnt_id;
}

/**
 * plug_rb_stage_find_parent:
 * @root: the folder in which a host looks for plugins
 *
 * Returns: (transfer full): the folder to stage in: the one above @root where a rename can reach
 * from there, so that the host never sees a stage; otherwise @root itself. %NULL if neither can be
 * written
 */
char *
plug_rb_stage_find_parent (const char *root, GError **error)
{
  g_autofree char *real = g_file_test (root, G_FILE_TEST_IS_SYMLINK) ? NULL : g_strdup (root);
  g_autofree char *parent = g_path_get_dirname (root);

  if (access (root, W_OK | X_OK) < 0) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be written"), root);
    return NULL;
  }

  if (real != NULL && is_same_mount (root, parent) && access (parent, W_OK | X_OK) == 0)
    return g_steal_pointer (&parent);

  return g_strdup (root);
}

/* ---- what is linked */

/* Items for several threads, which take them stretch by stretch. */
typedef struct {
  GPtrArray *items;
  GMutex mutex;
  guint next;
  GPtrArray *rejected;
} Round;

static gboolean
take (Round *round, guint *from, guint *to)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&round->mutex);

  *from = round->next;
  *to = MIN (*from + STRETCH, round->items->len);
  round->next = *to;

  return *to > *from;
}

static void
reject (Round *round, Item *item)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&round->mutex);

  g_ptr_array_add (round->rejected, item);
}

typedef gboolean (*TreeFunc) (Item *item, PlugRbCursor *cursor);

static void
run_stretches (Round *round, TreeFunc func)
{
  g_auto(PlugRbCursor) cursor = { 0 };
  PlugRbTree *tree = NULL;
  guint from, to;

  while (take (round, &from, &to))
    for (guint i = from; i < to; i++) {
      Item *item = round->items->pdata[i];

      if (item->tree != tree)
        plug_rb_cursor_clear (&cursor);
      tree = item->tree;
      if (!func (item, &cursor))
        reject (round, item);
    }
}

static gboolean
try_link (Item *item, PlugRbCursor *cursor)
{
  return plug_rb_tree_try_link (item->tree, cursor, item->entry);
}

static gboolean
is_still (Item *item, PlugRbCursor *cursor)
{
  return plug_rb_tree_is_still (item->tree, cursor, item->entry, item->look);
}

static void
link_work (gpointer data)
{
  run_stretches (data, try_link);
}

static void
look_work (gpointer data)
{
  run_stretches (data, is_still);
}

/* Returns those of @items for which the work did not succeed. */
static GPtrArray *
run_round (GPtrArray *items, PlugRbWorkFunc work)
{
  Round round = { .items = items, .rejected = g_ptr_array_new () };

  g_mutex_init (&round.mutex);
  plug_rb_workers_run (items->len / STRETCH + 1, work, &round);
  g_mutex_clear (&round.mutex);

  return round.rejected;
}

/* ---- making a tree */

/* Only what equals the target in every respect may be linked, because nothing with two names is
 * ever written by us; and only what was looked at, so that a later change is noticed. */
static const PlugRbLook *
find_linkable (PlugRbStage *self, const PlugRbEntry *entry, guint *cursor)
{
  PlugRbTable *live = self->live->table;
  const PlugRbEntry *then = plug_rb_table_find_next (live, entry->part, entry->path, cursor);
  const PlugRbLook *look;

  if (then == NULL || !plug_rb_entry_equal (then, entry))
    return NULL;

  look = plug_rb_table_get_look (live, *cursor - 1);
  return look != NULL && !look->foreign ? look : NULL;
}

static void
add_file (PlugRbStage *self,
          PlugRbTree *tree,
          const PlugRbEntry *entry,
          guint *live_row,
          GPtrArray *candidates)
{
  Item *item = g_new0 (Item, 1);

  item->entry = entry;
  item->tree = tree;
  item->fd = -1;
  item->look = find_linkable (self, entry, live_row);
  g_ptr_array_add (item->look ? candidates : self->needs, item);
}

/* It is made with the tree. */
static gboolean
is_top_folder (const PlugRbEntry *entry)
{
  return *entry->path == '\0' && entry->type == PLUG_RB_ENTRY_FOLDER;
}

static gboolean
add_rows (PlugRbStage *self,
          PlugRbTree *tree,
          const char *part,
          GPtrArray *candidates,
          GCancellable *cancellable,
          GError **error)
{
  g_auto(PlugRbCursor) cursor = { 0 };
  guint live_row = 0;

  for (guint i = 0; i < plug_rb_table_get_size (self->target->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i);

    if (!g_str_equal (entry->part, part) || is_top_folder (entry) || entry->hard_link != NULL)
      continue;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (entry->type == PLUG_RB_ENTRY_FILE)
      add_file (self, tree, entry, &live_row, candidates);
    else if (!plug_rb_tree_make (tree, &cursor, entry, error))
      return FALSE;
  }

  return TRUE;
}

static void
link_files (PlugRbStage *self, GPtrArray *candidates)
{
  g_autoptr(GPtrArray) rejected = run_round (candidates, link_work);

  for (guint i = 0; i < rejected->len; i++) {
    ((Item *) rejected->pdata[i])->look = NULL;
    g_ptr_array_add (self->needs, rejected->pdata[i]);
  }

  for (guint i = 0; i < candidates->len; i++)
    if (((Item *) candidates->pdata[i])->look != NULL)
      g_ptr_array_add (self->linked, candidates->pdata[i]);
}

/**
 * plug_rb_stage_add_tree:
 * @part: part of the plugin that exists in the target state
 * @folder: where the new tree is made; its parent exists. Of a part that is a single file, this is
 *   the file
 *
 * Makes a tree with all folders, links and unchanged files of the target, and none of the files
 * that the target does not have.
 */
gboolean
plug_rb_stage_add_tree (PlugRbStage *self, const char *part, const char *folder, GError **error)
{
  const PlugRbPart *place = plug_rb_state_get_part (self->live, part);
  g_autoptr(GPtrArray) candidates = g_ptr_array_new ();
  const PlugRbEntry *top = plug_rb_table_find (self->target->table, part, "");
  PlugRbTree *tree = top == NULL || is_top_folder (top)
                         ? plug_rb_tree_new (folder, place ? place->path : NULL, error)
                         : plug_rb_tree_new_file (folder, error);
  gboolean added;

  if (tree == NULL)
    return FALSE;

  g_ptr_array_add (self->trees, tree);
  g_ptr_array_add (self->parts, g_strdup (part));
  added = add_rows (self, tree, part, candidates, NULL, error);
  link_files (self, candidates);
  self->n_needed = self->needs->len;

  return added;
}

guint
plug_rb_stage_get_n_linked (PlugRbStage *self)
{
  return self->linked->len;
}

guint
plug_rb_stage_get_n_needed (PlugRbStage *self)
{
  return self->needs->len;
}

/* ---- files from archives */

/* Writing for several threads. */
typedef struct {
  PlugRbStage *stage;
  PlugRbOperation *operation;
  guint total;
  guint done;
  GMutex mutex;
} Fill;

static void
report (Fill *fill, gsize length, gboolean is_last)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&fill->mutex);
  PlugRbStage *self = fill->stage;
  g_autofree char *text = NULL;

  self->bytes_written += length;
  fill->done += is_last;
  if (fill->operation == NULL || !is_last ||
      (fill->done % REPORTED != 0 && fill->done < fill->total))
    return;

  /* TRANSLATORS: files that are done, of how many */
  text = g_strdup_printf (_("%u of %u"), fill->done, fill->total);
  plug_rb_operation_report (
      fill->operation, self->bytes_needed ? (double) self->bytes_written / self->bytes_needed : 1,
      text);
}

/* A table may lie about a size though the content has the right sum: that must not be found out
 * only once it is live, nor fill the disk. */
static gboolean
check_size (Item *item, gsize length, gboolean is_last, GError **error)
{
  g_autofree char *shown = NULL;

  item->written += length;
  if (is_last ? item->written == item->entry->size : item->written <= item->entry->size)
    return TRUE;

  shown = g_filename_display_name (item->entry->path);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The file “%s” in the snapshot is damaged"), shown);
  return FALSE;
}

static gboolean
write_content (gpointer data,
               const guint8 *content,
               gsize length,
               gboolean is_last,
               gpointer user_data,
               GError **error)
{
  Item *item = data;

  if (!check_size (item, length, is_last, error))
    return FALSE;
  if (item->fd < 0 && (item->fd = plug_rb_tree_create (item->tree, item->entry, error)) < 0)
    return FALSE;

  if (!plug_rb_sparse_write (item->fd, content, length, &item->ends_in_hole, error))
    return FALSE;
  if (is_last && item->ends_in_hole && !plug_rb_sparse_finish (item->fd, error))
    return FALSE;
  if (is_last && !plug_rb_tree_dress_file (item->fd, item->entry, error))
    return FALSE;

  if (is_last) {
    item->look = plug_rb_tree_look (item->fd, &item->own_look) ? &item->own_look : NULL;
    close (item->fd);
    item->fd = -1;
  }

  report (user_data, length, is_last);
  return TRUE;
}

/* What these archives have is taken out of the needs. */
static GArray *
choose (PlugRbStage *self, PlugRbContents *contents)
{
  GArray *wanted = g_array_new (FALSE, FALSE, sizeof (PlugRbWanted));
  guint archive;

  for (guint i = self->needs->len; i > 0; i--) {
    Item *item = self->needs->pdata[i - 1];
    PlugRbWanted one = { item->entry->sha256, item };

    if (plug_rb_contents_find (contents, item->entry->sha256, &archive) == NULL)
      continue;
    g_array_append_val (wanted, one);
    self->bytes_needed += item->entry->size;
    g_ptr_array_add (self->written, g_ptr_array_steal_index_fast (self->needs, i - 1));
  }

  return wanted;
}

/**
 * plug_rb_stage_fill:
 * @operation: (nullable): gets the progress
 *
 * Writes what is still needed and is held by a snapshot's archives. May be called for several
 * snapshots; whether anything is missing in the end, plug_rb_stage_finish() finds out.
 */
gboolean
plug_rb_stage_fill (PlugRbStage *self,
                    PlugRbStore *store,
                    PlugRbSnapshot *snapshot,
                    PlugRbOperation *operation,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(PlugRbContents) contents = NULL;
  g_autoptr(GArray) wanted = NULL;
  Fill fill = { .stage = self, .operation = operation, .total = self->n_needed };
  gboolean filled = FALSE;

  if (self->needs->len == 0)
    return TRUE;

  g_mutex_init (&fill.mutex);
  if ((contents = plug_rb_contents_open (store, snapshot, error)) != NULL) {
    wanted = choose (self, contents);
    if (self->needs->len > 0 && self->lost == NULL)
      plug_rb_contents_check (contents, &self->lost);
    filled = plug_rb_contents_pour (contents, wanted, write_content, &fill, cancellable, error);
  }
  g_mutex_clear (&fill.mutex);

  if (!filled)
    g_prefix_error (error, _("Snapshot %s: "), plug_rb_snapshot_get_id (snapshot));

  return filled;
}

/* ---- the end */

static gboolean
add_hard_links (PlugRbStage *self, PlugRbTree *tree, const char *part, GError **error)
{
  for (guint i = 0; i < plug_rb_table_get_size (self->target->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i);

    if (entry->hard_link != NULL && g_str_equal (entry->part, part) &&
        !plug_rb_tree_link_again (tree, entry, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
dress_tree (PlugRbStage *self, PlugRbTree *tree, const char *part, GError **error)
{
  g_auto(PlugRbCursor) cursor = { 0 };

  /* From the last row to the first: a folder gets its time and mode after all that lies in it. */
  for (guint i = plug_rb_table_get_size (self->target->table); i > 0; i--) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i - 1);

    if (entry->type != PLUG_RB_ENTRY_FILE && g_str_equal (entry->part, part) &&
        !plug_rb_tree_dress (tree, &cursor, entry, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
throw_missing (PlugRbStage *self, GError **error)
{
  const Item *item = self->needs->pdata[0];
  g_autofree char *shown = g_filename_display_name (item->entry->path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The file “%s” is missing in the snapshot"), shown);
  if (self->lost != NULL)
    g_prefix_error (error, "%s: ", self->lost->message);

  return FALSE;
}

/**
 * plug_rb_stage_finish:
 *
 * Gives folders and links their modes and times, after making sure that no file is missing. The
 * trees are not synced.
 */
gboolean
plug_rb_stage_finish (PlugRbStage *self, GError **error)
{
  if (self->needs->len > 0)
    return throw_missing (self, error);

  for (guint i = 0; i < self->trees->len; i++)
    if (!add_hard_links (self, self->trees->pdata[i], self->parts->pdata[i], error) ||
        !dress_tree (self, self->trees->pdata[i], self->parts->pdata[i], error))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_stage_list_shared:
 *
 * Returns: (transfer full) (element-type filename): paths of the files that were linked: what is
 * written into them is in both trees. They live as long as the target's table
 */
GHashTable *
plug_rb_stage_list_shared (PlugRbStage *self, const char *part)
{
  GHashTable *paths = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->linked->len; i++) {
    const PlugRbEntry *entry = ((Item *) self->linked->pdata[i])->entry;

    if (g_str_equal (entry->part, part))
      g_hash_table_add (paths, (char *) entry->path);
  }

  return paths;
}

/**
 * plug_rb_stage_check_links:
 *
 * Makes sure that no linked file was written, by either of its names, since it was read. To be
 * called after the swap: whoever writes by the live name then writes into the new tree anyway.
 */
gboolean
plug_rb_stage_check_links (PlugRbStage *self, GError **error)
{
  g_autoptr(GPtrArray) changed = run_round (self->linked, look_work);
  g_autofree char *shown = NULL;

  if (changed->len == 0)
    return TRUE;

  shown = g_filename_display_name (((Item *) changed->pdata[0])->entry->path);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
               _("“%s” was changed by another program. Close it and try again"), shown);

  return FALSE;
}

/* ---- what is known of the new trees */

static void
map_looks (GHashTable *looks, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++) {
    Item *item = items->pdata[i];

    g_hash_table_insert (looks, (gpointer) item->entry, (gpointer) item->look);
  }
}

static const PlugRbLook *
find_look (PlugRbStage *self, GHashTable *looks, const PlugRbEntry *entry, guint *live_row)
{
  gboolean is_staged =
      g_ptr_array_find_with_equal_func (self->parts, entry->part, g_str_equal, NULL);

  return is_staged ? g_hash_table_lookup (looks, entry) : find_linkable (self, entry, live_row);
}

/**
 * plug_rb_stage_make_seen:
 *
 * To be called when the trees are finished.
 *
 * Returns: (transfer full): the target state, with what the file system said of the files when they
 * were linked or written: whatever still looks so need not be read to know what it holds
 */
PlugRbTable *
plug_rb_stage_make_seen (PlugRbStage *self)
{
  g_autoptr(GHashTable) looks = g_hash_table_new (NULL, NULL);
  PlugRbTable *seen = plug_rb_table_new ();
  guint live_row = 0;

  map_looks (looks, self->linked);
  map_looks (looks, self->written);
  for (guint i = 0; i < plug_rb_table_get_size (self->target->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i);

    plug_rb_table_add_seen (seen, entry, find_look (self, looks, entry, &live_row));
  }
  plug_rb_table_close_like (seen, self->target->table);

  return seen;
}
