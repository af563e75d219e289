/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plug-rb-contents.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-pack.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

/* An archive is written anew once less than half of it is needed, if that frees a little. */
#define WORTH_FREEING (256 * 1024)

/* A snapshot of the plugin, live or in the trash, with all that it refers to. */
typedef struct {
  PlugRbSnapshot *snapshot;
  PlugRbContents *contents;
  PlugRbTable *table;
} Reader;

/* An archive, and the contents of it that are needed. */
typedef struct {
  char *file;
  GHashTable *needed;
  guint64 needed_bytes;
  guint64 all_bytes;
} Usage;

static void
reader_free (Reader *reader)
{
  g_clear_object (&reader->snapshot);
  g_clear_pointer (&reader->contents, plug_rb_contents_free);
  g_clear_pointer (&reader->table, plug_rb_table_unref);
  g_free (reader);
}

static void
usage_free (Usage *usage)
{
  g_free (usage->file);
  g_hash_table_unref (usage->needed);
  g_free (usage);
}

/* ---- what is needed */

static gboolean
add_readers (GPtrArray *readers, PlugRbStore *store, GPtrArray *snapshots)
{
  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++) {
    Reader *reader = g_new0 (Reader, 1);

    g_ptr_array_add (readers, reader);
    reader->snapshot = g_object_ref (snapshots->pdata[i]);
    if (plug_rb_snapshot_get_damaged (reader->snapshot) != NULL ||
        !(reader->contents = plug_rb_contents_open (store, reader->snapshot, NULL)) ||
        !plug_rb_contents_check (reader->contents, NULL) ||
        !(reader->table = plug_rb_store_load_table (store, reader->snapshot, NULL)))
      return FALSE;
  }

  return snapshots != NULL;
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  gint64 x = plug_rb_snapshot_get_sequence (((const Reader *) a)->snapshot);
  gint64 y = plug_rb_snapshot_get_sequence (((const Reader *) b)->snapshot);

  return x < y ? -1 : x > y;
}

/* The oldest first. %NULL if it is not known for certain what is needed: then nothing is touched.
 */
static GPtrArray *
open_readers (PlugRbStore *store, const char *plugin)
{
  g_autoptr(GPtrArray) readers = g_ptr_array_new_with_free_func ((GDestroyNotify) reader_free);
  g_autoptr(GPtrArray) live = plug_rb_store_list_snapshots (store, plugin, NULL);
  g_autoptr(GPtrArray) deleted = plug_rb_store_list_deleted_of (store, plugin, NULL);

  if (!add_readers (readers, store, live) || !add_readers (readers, store, deleted))
    return NULL;

  g_ptr_array_sort_values (readers, compare_age);
  return g_steal_pointer (&readers);
}

static const char *
get_file (const Reader *reader, guint archive)
{
  return plug_rb_json_get_string (plug_rb_contents_get_archive_json (reader->contents, archive),
                                  "file");
}

static guint64
sum_places (PlugRbIndex *index)
{
  guint64 sum = 0;

  for (guint i = 0; i < plug_rb_index_get_n_places (index); i++)
    sum += plug_rb_index_get_place (index, i)->size;

  return sum;
}

static Usage *
obtain_usage (GHashTable *usages, const Reader *reader, guint archive)
{
  const char *file = get_file (reader, archive);
  Usage *usage = g_hash_table_lookup (usages, file);

  if (usage == NULL) {
    usage = g_new0 (Usage, 1);
    usage->file = g_strdup (file);
    usage->needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    usage->all_bytes = sum_places (plug_rb_contents_get_index (reader->contents, archive));
    g_hash_table_insert (usages, usage->file, usage);
  }

  return usage;
}

static void
add_needs (GHashTable *usages, const Reader *reader)
{
  for (guint i = 0; i < plug_rb_contents_get_n_archives (reader->contents); i++)
    obtain_usage (usages, reader, i);

  for (guint i = 0; i < plug_rb_table_get_size (reader->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (reader->table, i);
    Usage *usage;
    guint archive;

    if (entry->sha256 == NULL ||
        plug_rb_contents_find (reader->contents, entry->sha256, &archive) == NULL)
      continue;
    usage = obtain_usage (usages, reader, archive);
    if (g_hash_table_add (usage->needed, g_strdup (entry->sha256)))
      usage->needed_bytes += entry->size;
  }
}

static gboolean
is_half_empty (const Usage *usage)
{
  return usage->needed_bytes * 2 < usage->all_bytes &&
         usage->all_bytes - usage->needed_bytes > WORTH_FREEING;
}

/* ---- the new archive */

/* What one snapshot adds. */
typedef struct {
  PlugRbPack *pack;
  PlugRbFrame *frame;
  GMutex mutex;
} Copy;

/* A content on its way. A large one is gathered in a file without a name. */
typedef struct {
  const PlugRbEntry *entry;
  int fd;
} Item;

static void
item_clear (Item *item)
{
  g_clear_fd (&item->fd, NULL);
}

static gboolean
copy_large (
    Copy *copy, Item *item, const guint8 *data, gsize length, gboolean is_last, GError **error)
{
  g_autofree char *sha256 = NULL;

  if (item->fd < 0 && (item->fd = memfd_create ("repack", MFD_CLOEXEC)) < 0) {
    plug_rb_error_set_errno (error, errno, _("A file cannot be written"));
    return FALSE;
  }

  return plug_rb_fs_write (item->fd, data, length, error) &&
         (!is_last ||
          plug_rb_pack_add_large (copy->pack, item->entry, item->fd, &sha256, NULL, error));
}

static gboolean
copy_content (gpointer data,
              const guint8 *content,
              gsize length,
              gboolean is_last,
              gpointer user_data,
              GError **error)
{
  Copy *copy = user_data;
  Item *item = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&copy->mutex);

  if (item->entry->size > PLUG_RB_FRAME_PIECE)
    return copy_large (copy, item, content, length, is_last, error);

  return !plug_rb_pack_claim (copy->pack, item->entry) ||
         (plug_rb_frame_add (copy->frame, item->entry, content, length, error) &&
          plug_rb_pack_append_full (copy->pack, copy->frame, error));
}

/* The contents of the archive for which this snapshot's names are the newest. */
static void
choose (GPtrArray *readers, guint number, const Usage *usage, GArray *items, GHashTable *seen)
{
  const Reader *reader = readers->pdata[number];

  for (guint i = 0; i < plug_rb_table_get_size (reader->table); i++) {
    Item item = { .entry = plug_rb_table_get (reader->table, i), .fd = -1 };

    if (item.entry->sha256 != NULL && item.entry->hard_link == NULL &&
        g_hash_table_contains (usage->needed, item.entry->sha256) &&
        g_hash_table_add (seen, (char *) item.entry->sha256))
      g_array_append_val (items, item);
  }
}

static gboolean
pour (const Reader *reader,
      PlugRbPack *pack,
      GArray *items,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr(GArray) wanted = g_array_new (FALSE, FALSE, sizeof (PlugRbWanted));
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();
  Copy copy = { .pack = pack, .frame = frame };
  gboolean poured;

  for (guint i = 0; i < items->len; i++) {
    Item *item = &g_array_index (items, Item, i);
    PlugRbWanted one = { item->entry->sha256, item };

    g_array_append_val (wanted, one);
  }

  g_mutex_init (&copy.mutex);
  poured =
      plug_rb_contents_pour (reader->contents, wanted, copy_content, &copy, cancellable, error);
  g_mutex_clear (&copy.mutex);

  return poured && plug_rb_pack_append (pack, frame, error);
}

/* From the newest snapshot each content gets its name; the newest is written last, because what
 * comes last is what tar leaves. */
static gboolean
copy_all (GPtrArray *readers,
          const Usage *usage,
          PlugRbPack *pack,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) rounds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = readers->len; i > 0; i--) {
    GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));

    g_array_set_clear_func (items, (GDestroyNotify) item_clear);
    choose (readers, i - 1, usage, items, seen);
    g_ptr_array_add (rounds, items);
  }

  for (guint i = 0; i < readers->len; i++)
    if (!pour (readers->pdata[i], pack, rounds->pdata[readers->len - 1 - i], cancellable, error))
      return FALSE;

  return TRUE;
}

/* ---- who refers to it */

static gboolean
refers (const Reader *reader, const char *file)
{
  for (guint i = 0; i < plug_rb_contents_get_n_archives (reader->contents); i++)
    if (g_str_equal (get_file (reader, i), file))
      return TRUE;

  return FALSE;
}

static JsonArray *
exchange (const Reader *reader, const char *file, JsonArray *replacement)
{
  JsonArray *archives = json_array_new ();

  for (guint i = 0; i < plug_rb_contents_get_n_archives (reader->contents); i++) {
    JsonObject *archive = g_str_equal (get_file (reader, i), file)
                              ? json_array_get_object_element (replacement, 0)
                              : plug_rb_contents_get_archive_json (reader->contents, i);

    json_array_add_object_element (archives, json_object_ref (archive));
  }

  return archives;
}

static gboolean
redirect (PlugRbStore *store, GPtrArray *readers, const char *file, JsonArray *new, GError **error)
{
  for (guint i = 0; i < readers->len; i++) {
    const Reader *reader = readers->pdata[i];
    g_autoptr(JsonArray) archives = NULL;

    if (!refers (reader, file))
      continue;
    archives = exchange (reader, file, new);
    if (!plug_rb_store_set_archives (store, reader->snapshot, archives, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
repack_archive (PlugRbStore *store,
                const char *plugin,
                GPtrArray *readers,
                const Usage *usage,
                GCancellable *cancellable,
                GError **error)
{
  const Reader *newest = readers->pdata[readers->len - 1];
  g_autoptr(PlugRbPack) pack = plug_rb_pack_new_alone (store, plugin);
  g_autoptr(JsonArray) archives = NULL;
  guint64 stored;

  if (!copy_all (readers, usage, pack, cancellable, error) ||
      !(archives = plug_rb_pack_finish (pack, newest->table, &stored, error)))
    return FALSE;
  if (json_array_get_length (archives) == 0)
    return TRUE;

  /* From the first snapshot on that refers to it, the new archive has to stay. */
  plug_rb_pack_keep (pack);
  return redirect (store, readers, usage->file, archives, error);
}

/**
 * plug_rb_store_repack_plugin:
 *
 * Writes those archives of a plugin anew of which most is not needed any more. The old ones stay
 * until plug_rb_store_collect_plugin() finds them unused: after a crash at any point every snapshot
 * refers to an archive that is complete. The caller holds the plugin's lock.
 */
gboolean
plug_rb_store_repack_plugin (PlugRbStore *self,
                             const char *plugin,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr(GHashTable) usages =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) usage_free);
  g_autoptr(GPtrArray) readers = open_readers (self, plugin);
  GHashTableIter iter;
  gpointer usage;

  for (guint i = 0; readers != NULL && i < readers->len; i++)
    add_needs (usages, readers->pdata[i]);

  g_hash_table_iter_init (&iter, usages);
  while (g_hash_table_iter_next (&iter, NULL, &usage)) {
    if (!is_half_empty (usage))
      continue;
    if (!repack_archive (self, plugin, readers, usage, cancellable, error))
      return FALSE;
    /* The others were opened by what the metadata said before: they come next time. */
    return TRUE;
  }

  return TRUE;
}
