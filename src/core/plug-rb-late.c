/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-late.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-carry.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-scan.h"
#include "plug-rb-swap.h"
#include "plug-rb-table-merge.h"
#include "plug-rb-transaction.h"

/* How many names a report lists of one tree. */
#define MOST_NAMES 20

/* ---- comparing */

static char **
join_globs (const PlugRbJournalItem *item)
{
  g_autoptr(GStrvBuilder) globs = g_strv_builder_new ();

  if (item->caches != NULL)
    g_strv_builder_addv (globs, (const char **) item->caches);
  if (item->excludes != NULL)
    g_strv_builder_addv (globs, (const char **) item->excludes);

  return g_strv_builder_end (globs);
}

static gboolean
looks_the_same (const PlugRbEntry *a, const PlugRbEntry *b)
{
  return a->type == b->type && a->mode == b->mode && a->size == b->size && a->mtime == b->mtime &&
         a->nsec == b->nsec && g_strcmp0 (a->target, b->target) == 0;
}

static void
add_name (GPtrArray *names, const char *path)
{
  g_ptr_array_add (names, g_filename_display_name (*path ? path : "."));
}

/* Rows that are there now and were not, or look different. */
static void
compare_present (
    const PlugRbSwap *swap, PlugRbTable *now, PlugRbTable *then, GHashTable *seen, GPtrArray *names)
{
  for (guint i = 0; i < plug_rb_table_get_size (now); i++) {
    const PlugRbEntry *a = plug_rb_table_get (now, i);
    const PlugRbEntry *b = plug_rb_table_find (then, a->part, a->path);
    const PlugRbCarryFolder *folder = b ? NULL : plug_rb_swap_find_folder (swap, a->path);

    g_hash_table_add (seen, (char *) a->path);
    if (b == NULL ? folder == NULL || !folder->made : !looks_the_same (a, b))
      add_name (names, a->path);
  }
}

static void
compare_absent (const char *part,
                PlugRbTable *then,
                const char *const *passed,
                GHashTable *seen,
                GPtrArray *names)
{
  for (guint i = 0; i < plug_rb_table_get_size (then); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (then, i);

    if (g_str_equal (entry->part, part) && !g_hash_table_contains (seen, entry->path) &&
        !plug_rb_carry_matches (passed, entry->path))
      add_name (names, entry->path);
  }
}

/* Gathers the names of what differs between a tree and what is known of it. Only looks: a write
 * changes a file's size or time. */
static gboolean
compare_tree (const PlugRbJournalItem *item,
              const PlugRbSwap *swap,
              const char *path,
              PlugRbTable *then,
              GPtrArray *names,
              GError **error)
{
  g_auto(GStrv) globs = join_globs (item);
  PlugRbScan scan = { .cache_globs = (const char *const *) globs, .looks_only = TRUE };
  g_autoptr(PlugRbTable) now = plug_rb_table_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (!plug_rb_scan_part (&scan, now, swap->part, path, error))
    return FALSE;

  compare_present (swap, now, then, seen, names);
  compare_absent (swap->part, then, scan.cache_globs, seen, names);

  return TRUE;
}

static gboolean
fits (const PlugRbEntry *entry, const struct stat *st)
{
  gboolean is_right_type = entry->type == PLUG_RB_ENTRY_FOLDER ? S_ISDIR (st->st_mode)
                           : entry->type == PLUG_RB_ENTRY_LINK ? S_ISLNK (st->st_mode)
                                                               : S_ISREG (st->st_mode);

  return is_right_type && st->st_mtim.tv_sec == entry->mtime &&
         st->st_mtim.tv_nsec == entry->nsec &&
         (entry->type == PLUG_RB_ENTRY_LINK || (st->st_mode & 01777) == entry->mode) &&
         (entry->type != PLUG_RB_ENTRY_FILE || (guint64) st->st_size == entry->size);
}

/* Whether an old tree surely is as it was. A file that the new tree has too cannot be lost with the
 * old one, and whatever comes, goes or is replaced changes the time of a folder: so folders and the
 * files of the old tree alone tell it. Not where things were moved out of it: that set the times of
 * its folders. */
static gboolean
is_untouched (const PlugRbSwap *swap, const char *path, PlugRbTable *then)
{
  gboolean is_known = swap->shared != NULL && swap->carries->len == 0;
  g_autofd int fd = is_known ? plug_rb_fs_open_folder (path, NULL) : -1;

  for (guint i = 0; fd >= 0 && i < plug_rb_table_get_size (then); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (then, i);
    struct stat st;

    if (!g_str_equal (entry->part, swap->part) ||
        (entry->type == PLUG_RB_ENTRY_FILE && g_hash_table_contains (swap->shared, entry->path)))
      continue;
    if (fstatat (fd, entry->path, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 ||
        !fits (entry, &st))
      return FALSE;
  }

  return fd >= 0;
}

/* What should have been moved to the other tree and is still there: it had no place to go. */
static gboolean
find_left (const PlugRbJournalItem *item, const char *path, GPtrArray *names, GError **error)
{
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func (g_free);

  if (!plug_rb_carry_find (path, (const char *const *) item->excludes,
                           (const char *const *) item->caches, left, error))
    return FALSE;

  for (guint i = 0; i < left->len; i++)
    add_name (names, left->pdata[i]);

  return TRUE;
}

static gboolean
throw_late (GError **error, const PlugRbSwap *swap, GPtrArray *names)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->len && i < MOST_NAMES; i++)
    g_string_append_printf (list, i > 0 ? _(", “%s”") : _("“%s”"), (char *) names->pdata[i]);

  g_set_error (
      error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
      _("%s in “%s” was written by another program during the rollback. Close it and try again"),
      list->str, swap->live);
  return FALSE;
}

static gboolean
check_displaced (const PlugRbJournalItem *item, const PlugRbSwap *swap, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *old_path = NULL;
  g_autofree char *new_path = NULL;

  if (!plug_rb_swap_find_trees (swap, &old_path, &new_path, error))
    return FALSE;
  if (old_path == NULL || swap->kind == PLUG_RB_SWAP_ADD ||
      is_untouched (swap, old_path, item->before))
    return TRUE;
  if (!compare_tree (item, swap, old_path, item->before, names, error))
    return FALSE;

  return names->len == 0 || throw_late (error, swap, names);
}

/**
 * plug_rb_late_check_displaced:
 *
 * Makes sure, after the swaps, that nobody wrote into the old trees since they were read.
 *
 * Returns: whether that is so; otherwise %PLUG_RB_ERROR_CHANGING names what was written
 */
gboolean
plug_rb_late_check_displaced (PlugRbJournal *journal, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; j < item->swaps->len; j++)
      if (!check_displaced (item, item->swaps->pdata[j], error))
        return FALSE;
  }

  return TRUE;
}

/* ---- before deleting */

static PlugRbSnapshot *
find_snapshot (PlugRbStore *store, const PlugRbJournalItem *item, const char *id, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (store, item->plugin, error);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (snapshots->pdata[i]), id))
      return g_object_ref (snapshots->pdata[i]);

  if (snapshots != NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("There is no snapshot “%s”"),
                 id);
  return NULL;
}

static PlugRbTable *
load_table (PlugRbStore *store, const PlugRbJournalItem *item, const char *id, GError **error)
{
  g_autoptr(PlugRbSnapshot) snapshot = find_snapshot (store, item, id, error);

  return snapshot ? plug_rb_store_load_table (store, snapshot, error) : NULL;
}

/* Such paths lie in the part with the code, which is the first that is exchanged. */
static PlugRbTable *
merge (const PlugRbJournalItem *item, GError **error)
{
  const char *part = ((PlugRbSwap *) item->swaps->pdata[0])->part;

  if (item->kept != NULL)
    return plug_rb_table_merge (item->after, item->before, part, (const char *const *) item->kept,
                                error);

  return plug_rb_table_merge (item->before, item->after, part, (const char *const *) item->paths,
                              error);
}

/* After a crash the rows are read again from the snapshots that the journal protects. */
static gboolean
load_tables (PlugRbStore *store, PlugRbJournalItem *item, GError **error)
{
  if (item->before == NULL && !(item->before = load_table (store, item, item->safety, error)))
    return FALSE;
  if (item->after != NULL)
    return TRUE;
  if (!(item->after = load_table (store, item, item->target, error)))
    return FALSE;
  if (item->paths != NULL || item->kept != NULL) {
    PlugRbTable *merged = merge (item, error);

    plug_rb_table_unref (item->after);
    item->after = merged;
  }

  return item->after != NULL;
}

/* Where it cannot be told whether a tree was written, it is taken to be; unless this process could
 * open nothing more: another one will know. */
static gboolean
find_written (PlugRbStore *store,
              PlugRbJournalItem *item,
              const PlugRbSwap *swap,
              const char *path,
              gboolean is_old,
              gboolean *written,
              GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) cause = NULL;

  if (load_tables (store, item, &cause) &&
      ((is_old && is_untouched (swap, path, item->before)) ||
       compare_tree (item, swap, path, is_old ? item->before : item->after, names, &cause)) &&
      find_left (item, path, names, &cause)) {
    *written = names->len > 0;
    return TRUE;
  }

  if (plug_rb_error_is_exhausted (cause)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  g_debug ("Kept, because it cannot be compared: %s: %s", path, cause->message);
  *written = TRUE;
  return TRUE;
}

static gboolean
keep_tree_if_written (PlugRbStore *store,
                      PlugRbJournalItem *item,
                      const PlugRbSwap *swap,
                      const char *path,
                      gboolean is_old,
                      gboolean *kept,
                      GError **error)
{
  *kept = FALSE;
  if (path == NULL || g_str_equal (path, swap->live))
    return TRUE;
  if (!find_written (store, item, swap, path, is_old, kept, error))
    return FALSE;

  return !*kept || plug_rb_swap_keep (swap, path, error);
}

static gboolean
keep_if_written (PlugRbStore *store,
                 PlugRbJournalItem *item,
                 const PlugRbSwap *swap,
                 GError **error)
{
  g_autofree char *old_path = NULL;
  g_autofree char *new_path = NULL;
  gboolean kept;

  if (!plug_rb_swap_find_trees (swap, &old_path, &new_path, error) ||
      !keep_tree_if_written (store, item, swap, old_path, TRUE, &kept, error))
    return FALSE;

  return kept || keep_tree_if_written (store, item, swap, new_path, FALSE, &kept, error);
}

static void
report_names (PlugRbOperation *operation,
              const char *plugin,
              const char *kept,
              const char *reason,
              GPtrArray *names)
{
  for (guint i = 0; i < names->len && i < MOST_NAMES; i++) {
    PlugRbException exception = { .item = names->pdata[i],
                                  .outcome = (char *) "kept",
                                  .reason = (char *) reason,
                                  .path = (char *) kept };

    plug_rb_operation_add_exception (operation, plugin, &exception);
  }
}

/* Of a tree that is kept it is told what was written, where that can still be found out. */
static void
report_contents (PlugRbStore *store,
                 PlugRbJournalItem *item,
                 const PlugRbSwap *swap,
                 const char *kept,
                 PlugRbOperation *operation)
{
  g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  PlugRbFileId id = { 0 };
  gboolean exists;

  plug_rb_fs_identify (kept, &id, &exists, NULL);
  if (load_tables (store, item, NULL))
    compare_tree (item, swap, kept,
                  plug_rb_file_id_equal (&id, &swap->old_id) ? item->before : item->after, written,
                  NULL);
  find_left (item, kept, left, NULL);
  if (written->len + left->len == 0)
    add_name (written, "");

  report_names (operation, item->plugin, kept, PLUG_RB_REASON_LATE_WRITES, written);
  report_names (operation, item->plugin, kept, PLUG_RB_REASON_EXCLUDED, left);
}

static void
report_kept (PlugRbStore *store,
             PlugRbJournalItem *item,
             const PlugRbSwap *swap,
             PlugRbOperation *operation)
{
  g_autofree char *kept = plug_rb_swap_dup_kept_path (swap);
  g_autofree char *hint = NULL;

  if (!g_file_test (kept, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return;

  report_contents (store, item, swap, kept, operation);

  /* TRANSLATORS: the first is the name of a plugin, the second of a folder */
  hint = g_strdup_printf (_("Files of %s that no snapshot holds are kept in “%s”"), item->plugin,
                          kept);
  plug_rb_operation_add_hint (operation, hint);
}

/**
 * plug_rb_late_drop_stages:
 * @operation: gets what had to be kept
 *
 * Deletes the trees that are not live any more, or never were. One that a program wrote into since
 * it was read is not deleted but moved aside, and reported. May be repeated from any point.
 */
gboolean
plug_rb_late_drop_stages (PlugRbStore *store,
                          PlugRbJournal *journal,
                          PlugRbOperation *operation,
                          GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; j < item->swaps->len; j++) {
      const PlugRbSwap *swap = item->swaps->pdata[j];

      if (journal->touched && !keep_if_written (store, item, swap, error))
        return FALSE;
      report_kept (store, item, swap, operation);
      if (!plug_rb_swap_drop_stage (swap, error))
        return FALSE;
      plug_rb_transaction_checkpoint ("dropped");
    }
  }

  return TRUE;
}
