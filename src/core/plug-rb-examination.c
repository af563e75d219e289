/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-examination.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-cache.h"
#include "plug-rb-contents.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-verify-contents.h"

#define RESCUE_LIMIT (256 * 1024 * 1024)

void
plug_rb_examination_free (PlugRbExamination *self)
{
  g_free (self->damage);
  g_free (self);
}

GHashTable *
plug_rb_examination_cache_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) plug_rb_reading_free);
}

/* The first thing that is wrong is what is told. */
static void G_GNUC_PRINTF (2, 3) blame (PlugRbExamination *self, const char *format, ...)
{
  va_list arguments;

  if (self->damage != NULL)
    return;

  va_start (arguments, format);
  self->damage = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

static JsonObject *
get_archive (PlugRbSnapshot *snapshot, guint index)
{
  JsonArray *archives = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");

  return plug_rb_json_get_element (archives, index);
}

/* ---- without reading contents */

static void
check_counts (PlugRbExamination *self, PlugRbSnapshot *snapshot, PlugRbTable *table)
{
  if (plug_rb_table_count_files (table) != plug_rb_snapshot_get_n_files (snapshot) ||
      plug_rb_table_sum_sizes (table) != plug_rb_snapshot_get_size (snapshot))
    blame (self, _("The metadata and the list of files disagree"));
}

static void
check_archive (PlugRbExamination *self, PlugRbStore *store, PlugRbSnapshot *snapshot, guint index)
{
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_store_open_archive (store, snapshot, index, &error);
  JsonObject *archive = get_archive (snapshot, index);
  struct stat st;

  if (fd < 0)
    blame (self, "%s", error->message);
  else if (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode) ||
           st.st_size != plug_rb_json_get_int (archive, "size", -1))
    blame (self, _("The archive “%s” has not the size that it was written with"),
           plug_rb_json_get_string (archive, "file"));
}

static gboolean
is_there (PlugRbStore *store, PlugRbSnapshot *snapshot)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_table (snapshot), ".json.zst", NULL);
  g_autofree char *path = plug_rb_store_build_path (store, "tables", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* The cache says what its tables are called. Whether it is right is seen from their bytes. */
static gboolean
is_true (PlugRbTable *table, const char *wanted)
{
  g_autoptr(GBytes) bytes = plug_rb_table_get_bytes (table);
  g_autofree char *sha256 =
      plug_rb_hash_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return g_str_equal (sha256, wanted);
}

/**
 * plug_rb_examination_find_table:
 *
 * Returns: (transfer full) (nullable): the snapshot's table, from anywhere but the store
 */
PlugRbTable *
plug_rb_examination_find_table (PlugRbSnapshot *snapshot)
{
  const char *wanted = plug_rb_snapshot_get_table (snapshot);
  g_autoptr(PlugRbTable) cached = plug_rb_cache_load_table (wanted);
  g_autoptr(PlugRbTable) seen = NULL;

  if (cached != NULL && is_true (cached, wanted))
    return g_steal_pointer (&cached);

  seen = plug_rb_cache_load_seen (plug_rb_snapshot_get_plugin (snapshot));

  return seen != NULL && is_true (seen, wanted) ? g_steal_pointer (&seen) : NULL;
}

/* What the cache has is no proof that the store has it, but tells what should be there. */
static PlugRbTable *
check_table (PlugRbExamination *self, PlugRbStore *store, PlugRbSnapshot *snapshot)
{
  g_autoptr(GError) error = NULL;
  PlugRbTable *table = plug_rb_store_read_table (store, snapshot, &error);

  if (table != NULL) {
    check_counts (self, snapshot, table);
    return table;
  }

  self->table_damaged = is_there (store, snapshot);
  self->table_missing = !self->table_damaged;
  blame (self, _("The list of files cannot be used: %s"), error->message);

  return plug_rb_examination_find_table (snapshot);
}

/* ---- reading contents */

static const PlugRbReading *
read_contents (GHashTable *cache,
               PlugRbStore *store,
               PlugRbSnapshot *snapshot,
               guint index,
               GCancellable *cancellable,
               GError **error)
{
  const char *file = plug_rb_json_get_string (get_archive (snapshot, index), "file");
  PlugRbReading *contents = file ? g_hash_table_lookup (cache, file) : NULL;

  if (contents == NULL) {
    contents = plug_rb_reading_new (store, snapshot, index, cancellable, error);
    if (contents != NULL)
      g_hash_table_insert (cache, g_strdup (file ? file : ""), contents);
  }

  return contents;
}

static gboolean
collect_contents (PlugRbExamination *self,
                  GPtrArray *all,
                  GHashTable *cache,
                  PlugRbStore *store,
                  PlugRbSnapshot *snapshot,
                  GCancellable *cancellable,
                  GError **error)
{
  for (guint i = 0; i < plug_rb_store_count_archives (snapshot); i++) {
    const PlugRbReading *contents = read_contents (cache, store, snapshot, i, cancellable, error);

    if (contents == NULL)
      return FALSE;

    g_ptr_array_add (all, (PlugRbReading *) contents);
    if (contents->damage != NULL)
      blame (self, _("The archive “%s” is damaged: %s"),
             plug_rb_json_get_string (get_archive (snapshot, i), "file"), contents->damage);
  }

  return TRUE;
}

static gboolean
has_content (GPtrArray *all, const char *sha256)
{
  for (guint i = 0; i < all->len; i++)
    if (g_hash_table_contains (((const PlugRbReading *) all->pdata[i])->hashes, sha256))
      return TRUE;

  return FALSE;
}

/* What lies behind damaged bytes is lost to whoever reads an archive from its start, but not to the
 * index. */
static gboolean
can_rescue (PlugRbContents *contents, const PlugRbEntry *entry)
{
  g_autoptr(GBytes) bytes = NULL;

  if (contents != NULL)
    bytes = plug_rb_contents_read (contents, entry->sha256, RESCUE_LIMIT, NULL);

  return bytes != NULL;
}

static void
count_entry (PlugRbExamination *self,
             GPtrArray *all,
             PlugRbContents *contents,
             const PlugRbEntry *entry)
{
  gboolean good;

  if (entry->type != PLUG_RB_ENTRY_FILE)
    return;

  good = has_content (all, entry->sha256) || can_rescue (contents, entry);
  if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS)) {
    self->n_documents++;
    self->n_good_documents += good;
  } else {
    self->n_files++;
    self->n_good_files += good;
  }

  if (!good) {
    g_autofree char *path = g_filename_display_name (entry->path);

    self->whole = FALSE;
    blame (self, _("The file “%s” in it is damaged or missing"), path);
  }
}

static gboolean
check_contents (PlugRbExamination *self,
                PlugRbTable *table,
                GHashTable *cache,
                PlugRbStore *store,
                PlugRbSnapshot *snapshot,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  g_autoptr(PlugRbContents) contents = NULL;

  if (!collect_contents (self, all, cache, store, snapshot, cancellable, error))
    return FALSE;

  if (self->damage != NULL)
    contents = plug_rb_contents_open (store, snapshot, NULL);
  self->whole = TRUE;
  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    count_entry (self, all, contents, plug_rb_table_get (table, i));
  self->counted = TRUE;

  return TRUE;
}

/**
 * plug_rb_examination_new:
 * @full: whether every byte is read; otherwise the contents of archives are not
 * @cache: what plug_rb_examination_cache_new() gave; archives that several snapshots share are read
 *   once
 *
 * Looks for damage. That there is some is no error.
 *
 * Returns: (transfer full): what was found; %NULL only if it was canceled
 */
PlugRbExamination *
plug_rb_examination_new (PlugRbStore *store,
                         PlugRbSnapshot *snapshot,
                         gboolean full,
                         GHashTable *cache,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr(PlugRbExamination) self = g_new0 (PlugRbExamination, 1);
  g_autoptr(PlugRbTable) table = NULL;
  g_autoptr(GError) cause = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  if (plug_rb_snapshot_get_damaged (snapshot) != NULL) {
    self->metadata_damaged = TRUE;
    blame (self, "%s", plug_rb_snapshot_get_damaged (snapshot));
    return g_steal_pointer (&self);
  }
  if (plug_rb_snapshot_load_json (snapshot, &cause) == NULL) {
    self->metadata_damaged = TRUE;
    blame (self, "%s", cause->message);
    return g_steal_pointer (&self);
  }

  table = check_table (self, store, snapshot);
  for (guint i = 0; i < plug_rb_store_count_archives (snapshot); i++)
    check_archive (self, store, snapshot, i);

  if (full && table != NULL &&
      !check_contents (self, table, cache, store, snapshot, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* ---- what is left */

static char *
find_any_archive (PlugRbStore *store, PlugRbSnapshot *snapshot)
{
  g_autofree char *below = plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot));
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_id (snapshot), ".tar.zst", NULL);
  g_autofree char *own = plug_rb_store_build_path (store, "archives", below, name, NULL);

  return g_file_test (own, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&own) : NULL;
}

static char *
describe_counts (PlugRbExamination *self)
{
  gboolean settings = self->n_documents > 0 && self->n_good_documents == self->n_documents;

  if (self->whole)
    return g_strdup (_("everything"));
  if (settings && self->n_files == 0)
    return g_strdup (_("the settings"));
  if (settings)
    /* TRANSLATORS: files that can still be restored, of how many */
    return g_strdup_printf (_("settings and %u of %u files"), self->n_good_files, self->n_files);
  if (self->n_good_files == 0)
    return g_strdup (_("nothing"));

  /* TRANSLATORS: files that can still be restored, of how many */
  return g_strdup_printf (_("%u of %u files, no settings"), self->n_good_files, self->n_files);
}

/**
 * plug_rb_examination_describe_left:
 *
 * Returns: (transfer full) (nullable): what of a damaged snapshot can still be restored, for
 * people; %NULL if that was not looked at
 */
char *
plug_rb_examination_describe_left (PlugRbExamination *self,
                                   PlugRbStore *store,
                                   PlugRbSnapshot *snapshot)
{
  g_autofree char *archive = NULL;

  if (self->counted)
    return describe_counts (self);
  if (!self->metadata_damaged && !self->table_damaged && !self->table_missing)
    return NULL;

  if (!(archive = find_any_archive (store, snapshot)))
    return g_strdup (_("nothing"));

  return g_strdup_printf (_("what tar takes out of “%s”"), archive);
}
