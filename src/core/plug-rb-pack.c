/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-pack.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "plug-rb-contents.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-pack-names.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

struct _PlugRbPack {
  PlugRbStore *store;
  PlugRbSnapshot *newest;
  gboolean alone;
  gboolean prepared;
  char *id;
  char *below;
  char *folder;
  char *temporary;
  PlugRbContents *base;
  int only;
  GMutex mutex;
  GHashTable *claimed;
  int folder_fd;
  int fd;
  PlugRbArchiveWriter *writer;
  gboolean kept;
};

/* ---- what is shared */

static guint64
get_archive_size (PlugRbContents *base, guint archive)
{
  return plug_rb_json_get_int (plug_rb_contents_get_archive_json (base, archive), "size", 0);
}

/* With one more archive it would be too many: then only the largest is shared, and what the others
 * hold is written again. */
static void
choose_shared (PlugRbPack *self)
{
  guint n = self->base ? plug_rb_contents_get_n_archives (self->base) : 0;

  if (n < PLUG_RB_PACK_MOST_ARCHIVES)
    return;

  self->only = 0;
  for (guint i = 1; i < n; i++)
    if (get_archive_size (self->base, i) > get_archive_size (self->base, self->only))
      self->only = i;
}

static PlugRbSnapshot *
find_newest (PlugRbStore *store, const char *plugin)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (store, plugin, NULL);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++)
    if (plug_rb_snapshot_get_damaged (snapshots->pdata[i]) == NULL &&
        plug_rb_store_has_contents (store, snapshots->pdata[i]))
      return g_object_ref (snapshots->pdata[i]);

  return NULL;
}

/**
 * plug_rb_pack_new_alone:
 * @plugin: key of the plugin
 *
 * Returns: (transfer full): a pack that shares nothing
 */
PlugRbPack *
plug_rb_pack_new_alone (PlugRbStore *store, const char *plugin)
{
  PlugRbPack *self = g_new0 (PlugRbPack, 1);

  self->store = g_object_ref (store);
  self->alone = TRUE;
  self->id = plug_rb_id_new ();
  self->below = plug_rb_store_escape_key (plugin);
  self->folder = plug_rb_store_build_path (store, "archives", self->below, NULL);
  self->temporary = g_strdup_printf (".tmp-%s.tar.zst", self->id);
  self->claimed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->folder_fd = self->fd = self->only = -1;
  g_mutex_init (&self->mutex);

  return self;
}

/**
 * plug_rb_pack_new:
 * @plugin: key of the plugin
 *
 * Finds out what can be shared. Nothing is written yet.
 *
 * Returns: (transfer full): the pack
 */
PlugRbPack *
plug_rb_pack_new (PlugRbStore *store, const char *plugin)
{
  PlugRbPack *self = plug_rb_pack_new_alone (store, plugin);

  self->alone = FALSE;
  self->newest = find_newest (store, plugin);

  return self;
}

/**
 * plug_rb_pack_is_alone:
 *
 * Whether it must share nothing, not even with a snapshot of the same state.
 */
gboolean
plug_rb_pack_is_alone (PlugRbPack *self)
{
  return self->alone;
}

/**
 * plug_rb_pack_has_state:
 * @table: SHA-256 of a state's table
 *
 * Whether the plugin's newest snapshot holds exactly this state.
 */
gboolean
plug_rb_pack_has_state (PlugRbPack *self, const char *table)
{
  return self->newest != NULL && g_strcmp0 (plug_rb_snapshot_get_table (self->newest), table) == 0;
}

/**
 * plug_rb_pack_prepare:
 *
 * Opens the archives of the newest snapshot. To be called before anything is asked of the contents;
 * if they cannot be read, nothing is shared.
 */
void
plug_rb_pack_prepare (PlugRbPack *self)
{
  if (!self->prepared && self->newest != NULL) {
    self->base = plug_rb_contents_open (self->store, self->newest, NULL);
    if (self->base != NULL && !plug_rb_contents_check (self->base, NULL))
      g_clear_pointer (&self->base, plug_rb_contents_free);
    choose_shared (self);
  }

  self->prepared = TRUE;
}

/* An archive to which no snapshot refers would only take space. */
static void
drop_archive (PlugRbPack *self)
{
  g_autofree char *name = g_strdup_printf ("%s.tar.zst", self->id);
  g_autofree char *index = g_strdup_printf ("%s.index", self->id);

  unlinkat (self->folder_fd, self->temporary, 0);
  unlinkat (self->folder_fd, name, 0);
  unlinkat (self->folder_fd, index, 0);
}

/**
 * plug_rb_pack_free:
 *
 * Also deletes the new archive, unless plug_rb_pack_keep() was called.
 */
void
plug_rb_pack_free (PlugRbPack *self)
{
  if (self->fd >= 0 && !self->kept)
    drop_archive (self);

  g_clear_pointer (&self->writer, plug_rb_archive_writer_free);
  g_clear_pointer (&self->base, plug_rb_contents_free);
  g_clear_object (&self->newest);
  g_clear_object (&self->store);
  g_clear_fd (&self->fd, NULL);
  g_clear_fd (&self->folder_fd, NULL);
  g_hash_table_unref (self->claimed);
  g_mutex_clear (&self->mutex);
  g_free (self->temporary);
  g_free (self->folder);
  g_free (self->below);
  g_free (self->id);
  g_free (self);
}

/**
 * plug_rb_pack_get_id:
 *
 * Returns: (transfer none): id of the snapshot to come
 */
const char *
plug_rb_pack_get_id (PlugRbPack *self)
{
  return self->id;
}

static gboolean
is_shared (PlugRbPack *self, const char *sha256, guint *archive)
{
  if (self->base == NULL)
    return FALSE;

  if (self->only >= 0) {
    *archive = self->only;
    return plug_rb_index_find (plug_rb_contents_get_index (self->base, self->only), sha256) != NULL;
  }

  return plug_rb_contents_find (self->base, sha256, archive) != NULL;
}

/**
 * plug_rb_pack_has:
 *
 * Whether a content need not be stored any more.
 */
gboolean
plug_rb_pack_has (PlugRbPack *self, const char *sha256)
{
  guint archive;

  if (is_shared (self, sha256, &archive))
    return TRUE;

  g_mutex_lock (&self->mutex);
  archive = g_hash_table_contains (self->claimed, sha256);
  g_mutex_unlock (&self->mutex);

  return archive;
}

/**
 * plug_rb_pack_check:
 * @contents: (element-type utf8): SHA-256 of contents
 *
 * Reads those of them that are shared. The sizes of archives say nothing of the bytes in them.
 *
 * Returns: whether all of them are good
 */
gboolean
plug_rb_pack_check (PlugRbPack *self,
                    GHashTable *contents,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(GHashTable) shared = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer sha256;
  guint archive;

  plug_rb_pack_prepare (self);
  g_hash_table_iter_init (&iter, contents);
  while (g_hash_table_iter_next (&iter, &sha256, NULL))
    if (is_shared (self, sha256, &archive))
      g_hash_table_add (shared, sha256);

  return self->base == NULL || plug_rb_contents_check_some (self->base, shared, cancellable, error);
}

/* What is compressed best still takes about this part of its size. What surely does not fit is
 * refused at once; what may fit is tried. */
#define LEAST_PART 8

static guint64
sum_new (PlugRbPack *self, PlugRbTable *table)
{
  guint64 sum = 0;

  plug_rb_pack_prepare (self);
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (entry->type == PLUG_RB_ENTRY_FILE &&
        (entry->sha256 == NULL || !plug_rb_pack_has (self, entry->sha256)))
      sum += entry->size;
  }

  return sum;
}

/**
 * plug_rb_pack_check_space:
 * @table: what is to be stored; files that were not read yet have no SHA-256
 *
 * Makes sure, before anything is read or written, that the store's disk has room for what may be
 * new.
 */
gboolean
plug_rb_pack_check_space (PlugRbPack *self, PlugRbTable *table, GError **error)
{
  guint64 need = sum_new (self, table) / LEAST_PART, free_bytes;
  const char *path = plug_rb_store_get_path (self->store);
  g_autofree char *need_text = NULL;
  g_autofree char *free_text = NULL;
  struct statvfs fs;

  if (statvfs (path, &fs) < 0 || need < (free_bytes = (guint64) fs.f_bavail * fs.f_frsize))
    return TRUE;

  need_text = g_format_size (need);
  free_text = g_format_size (free_bytes);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE,
               _("Not enough space in “%s”: at least %s needed, %s free. “plugrb prune” may help"),
               path, need_text, free_text);
  return FALSE;
}

/**
 * plug_rb_pack_knows_size:
 *
 * Whether a content of this size is shared: if not, a file of that size is new for certain.
 */
gboolean
plug_rb_pack_knows_size (PlugRbPack *self, guint64 size)
{
  guint n = self->base ? plug_rb_contents_get_n_archives (self->base) : 0;

  for (guint i = 0; i < n; i++) {
    PlugRbIndex *index = plug_rb_contents_get_index (self->base, i);

    for (guint j = 0; j < plug_rb_index_get_n_places (index); j++)
      if (plug_rb_index_get_place (index, j)->size == size)
        return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_pack_claim:
 * @entry: a file with its SHA-256
 *
 * Returns: whether the caller is the one who has to store this content, and under this name
 */
gboolean
plug_rb_pack_claim (PlugRbPack *self, const PlugRbEntry *entry)
{
  gboolean is_new;
  guint archive;

  if (is_shared (self, entry->sha256, &archive))
    return FALSE;

  g_mutex_lock (&self->mutex);
  if ((is_new = !g_hash_table_contains (self->claimed, entry->sha256)))
    g_hash_table_insert (self->claimed, g_strdup (entry->sha256),
                         g_strconcat (entry->part, "/", entry->path, NULL));
  g_mutex_unlock (&self->mutex);

  return is_new;
}

/* ---- what is new */

static gboolean
make_archive (PlugRbPack *self, GError **error)
{
  if (!plug_rb_fs_make_folders (self->folder, error) ||
      (self->folder_fd = plug_rb_fs_open_folder (self->folder, error)) < 0)
    return FALSE;

  self->fd = openat (self->folder_fd, self->temporary,
                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), self->temporary);
    return FALSE;
  }

  self->writer = plug_rb_archive_writer_new (self->fd);
  return TRUE;
}

/**
 * plug_rb_pack_open_writer:
 *
 * Returns: (transfer none): what writes the new archive, which is made if there is none
 */
PlugRbArchiveWriter *
plug_rb_pack_open_writer (PlugRbPack *self, GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->writer != NULL || make_archive (self, error) ? self->writer : NULL;
}

/**
 * plug_rb_pack_append:
 * @frame: emptied afterwards; if it is empty already, nothing happens
 *
 * Compresses a frame and writes it into the new archive.
 */
gboolean
plug_rb_pack_append (PlugRbPack *self, PlugRbFrame *frame, GError **error)
{
  PlugRbArchiveWriter *writer;

  if (plug_rb_frame_get_size (frame) == 0)
    return TRUE;

  return plug_rb_frame_compress (frame, error) &&
         (writer = plug_rb_pack_open_writer (self, error)) &&
         plug_rb_archive_writer_append (writer, frame, error);
}

/**
 * plug_rb_pack_append_full:
 *
 * As plug_rb_pack_append(), if the frame has its size; otherwise it waits for more.
 */
gboolean
plug_rb_pack_append_full (PlugRbPack *self, PlugRbFrame *frame, GError **error)
{
  return plug_rb_frame_get_size (frame) < PLUG_RB_FRAME_FULL ||
         plug_rb_pack_append (self, frame, error);
}

/* ---- the end */

/* Folders and links have no content, but whoever unpacks the archive by tar wants them. */
static gboolean
add_others (PlugRbPack *self, PlugRbTable *table, PlugRbFrame *frame, GError **error)
{
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);
    gboolean is_file = entry->type == PLUG_RB_ENTRY_FILE && entry->hard_link == NULL;
    gboolean is_linked_root = entry->type == PLUG_RB_ENTRY_LINK && *entry->path == '\0';

    if (!is_file && !is_linked_root &&
        (!plug_rb_frame_add (frame, entry, NULL, 0, error) ||
         !plug_rb_pack_append_full (self, frame, error)))
      return FALSE;
  }

  return TRUE;
}

static gboolean
add_names (PlugRbPack *self, PlugRbTable *table, PlugRbFrame *frame, GError **error)
{
  g_autoptr(PlugRbTable) base_table =
      self->base ? plug_rb_store_load_table (self->store, self->newest, error) : NULL;
  const PlugRbPackNames names = { self, table, self->claimed, base_table, self->base };

  return (self->base == NULL || base_table != NULL) &&
         plug_rb_pack_names_add (&names, frame, error);
}

/* If nothing is new, not even a name, there is no archive. */
static gboolean
add_rest (PlugRbPack *self, PlugRbTable *table, GError **error)
{
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();

  if (!add_names (self, table, frame, error))
    return FALSE;
  if (self->writer == NULL && plug_rb_frame_get_size (frame) == 0)
    return TRUE;

  return add_others (self, table, frame, error) && plug_rb_pack_append (self, frame, error);
}

static JsonObject *
describe_archive (PlugRbPack *self, const char *sha256, guint64 size)
{
  g_autofree char *file = g_strdup_printf ("%s/%s.tar.zst", self->below, self->id);
  JsonObject *archive = json_object_new ();

  json_object_set_string_member (archive, "file", file);
  json_object_set_string_member (archive, "sha256", sha256);
  json_object_set_int_member (archive, "size", size);

  return archive;
}

static void
save_index (PlugRbPack *self, const char *sha256)
{
  g_autofree char *name = g_strdup_printf ("%s.index", self->id);
  g_autoptr(PlugRbIndex) index = plug_rb_archive_writer_make_index (self->writer, sha256);

  plug_rb_index_save (index, self->folder_fd, name, NULL);
}

static JsonObject *
finish_archive (PlugRbPack *self, guint64 *stored, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s.tar.zst", self->id);
  g_autofree char *sha256 = NULL;

  if (!plug_rb_archive_writer_close (self->writer, &sha256, stored, error) ||
      !plug_rb_fs_sync (self->fd, name, error))
    return NULL;

  if (renameat (self->folder_fd, self->temporary, self->folder_fd, name) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return NULL;
  }

  save_index (self, sha256);

  return plug_rb_fs_sync (self->folder_fd, self->folder, error)
             ? describe_archive (self, sha256, *stored)
             : NULL;
}

static JsonArray *
list_shared (PlugRbPack *self, PlugRbTable *table)
{
  guint n = self->base ? plug_rb_contents_get_n_archives (self->base) : 0;
  g_autofree gboolean *used = g_new0 (gboolean, n + 1);
  JsonArray *archives = json_array_new ();

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);
    guint archive;

    if (entry->sha256 != NULL && is_shared (self, entry->sha256, &archive))
      used[archive] = TRUE;
  }

  for (guint i = 0; i < n; i++)
    if (used[i])
      json_array_add_object_element (
          archives, json_object_ref (plug_rb_contents_get_archive_json (self->base, i)));

  return archives;
}

/**
 * plug_rb_pack_finish:
 * @table: all that the snapshot consists of, its contents stored or shared
 * @stored: (out): bytes of the new archive; 0 if none was needed
 *
 * Completes the new archive and makes it durable.
 *
 * Returns: (transfer full): the member "archives" of the snapshot's metadata, the older ones first
 */
JsonArray *
plug_rb_pack_finish (PlugRbPack *self, PlugRbTable *table, guint64 *stored, GError **error)
{
  g_autoptr(JsonArray) archives = list_shared (self, table);
  JsonObject *archive;

  *stored = 0;
  if (!add_rest (self, table, error))
    return NULL;

  if (self->writer != NULL) {
    if (!(archive = finish_archive (self, stored, error)))
      return NULL;
    json_array_add_object_element (archives, archive);
  }

  return g_steal_pointer (&archives);
}

/**
 * plug_rb_pack_keep:
 *
 * Tells that a snapshot now refers to the new archive.
 */
void
plug_rb_pack_keep (PlugRbPack *self)
{
  self->kept = TRUE;
}
