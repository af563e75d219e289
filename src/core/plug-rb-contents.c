/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-contents.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-error.h"
#include "plug-rb-frame.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"
#include "plug-rb-workers.h"

/* Of one that cannot be used, @index is NULL and @failure says why. */
typedef struct {
  int fd;
  PlugRbIndex *index;
  JsonObject *json;
  GError *failure;
} Archive;

struct _PlugRbContents {
  GArray *archives;
};

static void
archive_clear (Archive *archive)
{
  g_clear_fd (&archive->fd, NULL);
  g_clear_pointer (&archive->index, plug_rb_index_free);
  g_clear_pointer (&archive->json, json_object_unref);
  g_clear_error (&archive->failure);
}

/* ---- opening */

static char *
index_name (const char *file)
{
  g_autofree char *name = g_path_get_basename (file);
  gsize length = strlen (name);

  if (g_str_has_suffix (name, ".tar.zst"))
    length -= strlen (".tar.zst");

  return g_strdup_printf ("%.*s.index", (int) length, name);
}

/* An index that is lost costs one reading of the archive. */
static PlugRbIndex *
obtain_index (PlugRbStore *store, const char *file, const char *sha256, int fd, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (store, "archives", file, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = index_name (file);
  g_autofd int folder_fd = plug_rb_fs_open_folder (folder, error);
  PlugRbIndex *index;

  if (folder_fd < 0)
    return NULL;
  if ((index = plug_rb_index_load (folder_fd, name, sha256)) != NULL)
    return index;

  if ((index = plug_rb_index_rebuild (fd, sha256, error)) != NULL)
    plug_rb_index_save (index, folder_fd, name, NULL);

  return index;
}

static void
add_archive (PlugRbContents *self, PlugRbStore *store, PlugRbSnapshot *snapshot, guint i)
{
  JsonArray *archives = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
  JsonObject *json = plug_rb_json_get_element (archives, i);
  const char *sha256 = json ? plug_rb_json_get_string (json, "sha256") : NULL;
  Archive archive = { .fd = -1 };

  archive.json = json ? json_object_ref (json) : NULL;
  archive.fd = plug_rb_store_open_archive (store, snapshot, i, &archive.failure);
  if (archive.fd >= 0) {
    const char *file = plug_rb_json_get_string (json, "file");

    archive.index = obtain_index (store, file, sha256 ? sha256 : "", archive.fd, &archive.failure);
    if (archive.index == NULL)
      g_prefix_error (&archive.failure, "%s: ", file);
  }

  g_array_append_val (self->archives, archive);
}

static const GError *
find_failure (PlugRbContents *self)
{
  for (guint i = 0; i < self->archives->len; i++) {
    const Archive *archive = &g_array_index (self->archives, Archive, i);

    if (archive->failure != NULL)
      return archive->failure;
  }

  return NULL;
}

static gboolean
has_any_archive (PlugRbContents *self)
{
  for (guint i = 0; i < self->archives->len; i++)
    if (g_array_index (self->archives, Archive, i).index != NULL)
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_contents_open:
 * @snapshot: a snapshot that is not damaged
 *
 * Opens all archives of a snapshot. One that is missing or damaged keeps nobody from what the
 * others hold; plug_rb_contents_check() tells whether there is one.
 *
 * Returns: (transfer full): its contents, or %NULL with an error if no archive can be used
 */
PlugRbContents *
plug_rb_contents_open (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(PlugRbContents) self = NULL;

  if (plug_rb_snapshot_load_json (snapshot, error) == NULL)
    return NULL;

  self = g_new0 (PlugRbContents, 1);
  self->archives = g_array_new (FALSE, FALSE, sizeof (Archive));
  g_array_set_clear_func (self->archives, (GDestroyNotify) archive_clear);

  for (guint i = 0; i < plug_rb_store_count_archives (snapshot); i++)
    add_archive (self, store, snapshot, i);

  return self->archives->len == 0 || has_any_archive (self) || plug_rb_contents_check (self, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/**
 * plug_rb_contents_check:
 *
 * Returns: whether all archives can be used; otherwise an error that names the first that cannot
 */
gboolean
plug_rb_contents_check (PlugRbContents *self, GError **error)
{
  const GError *failure = find_failure (self);

  if (failure != NULL)
    g_propagate_error (error, g_error_copy (failure));

  return failure == NULL;
}

void
plug_rb_contents_free (PlugRbContents *self)
{
  g_array_unref (self->archives);
  g_free (self);
}

static Archive *
get_archive (PlugRbContents *self, guint archive)
{
  return &g_array_index (self->archives, Archive, archive);
}

guint
plug_rb_contents_get_n_archives (PlugRbContents *self)
{
  return self->archives->len;
}

PlugRbIndex *
plug_rb_contents_get_index (PlugRbContents *self, guint archive)
{
  return get_archive (self, archive)->index;
}

/**
 * plug_rb_contents_get_archive_json:
 *
 * Returns: (transfer none): how the archive stands in the snapshot's metadata
 */
JsonObject *
plug_rb_contents_get_archive_json (PlugRbContents *self, guint archive)
{
  return get_archive (self, archive)->json;
}

/**
 * plug_rb_contents_find:
 * @archive: (out): number of the archive that has it
 *
 * Returns: (nullable): where a content lies
 */
const PlugRbFrameRange *
plug_rb_contents_find (PlugRbContents *self, const char *sha256, guint *archive)
{
  for (guint i = 0; i < self->archives->len; i++) {
    PlugRbIndex *index = get_archive (self, i)->index;
    const PlugRbFrameRange *place = index ? plug_rb_index_find (index, sha256) : NULL;

    if (place != NULL) {
      *archive = i;
      return place;
    }
  }

  return NULL;
}

/* ---- reading */

/* A content and all that it is wanted for. */
typedef struct {
  const PlugRbFrameRange *place;
  guint archive;
  PlugRbWanted *wanted;
} Job;

/* Work for several threads: jobs in the order of the archives, taken by whole frames. */
typedef struct {
  PlugRbContents *contents;
  GArray *jobs;
  PlugRbContentFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  GMutex mutex;
  guint next;
  GError *error;
} Pour;

static int
compare_jobs (gconstpointer a, gconstpointer b)
{
  const Job *x = a, *y = b;

  if (x->archive != y->archive)
    return x->archive < y->archive ? -1 : 1;
  if (x->place->frame != y->place->frame)
    return x->place->frame < y->place->frame ? -1 : 1;

  return x->place->offset < y->place->offset ? -1 : x->place->offset > y->place->offset;
}

static gboolean
throw_wrong (GError **error)
{
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("The content of a file in the archive is damaged"));
  return FALSE;
}

static gboolean
check_sum (PlugRbHash *hash, const char *expected, GError **error)
{
  g_autofree char *sha256 = plug_rb_hash_finish (hash);

  return g_str_equal (sha256, expected) || throw_wrong (error);
}

/* A content that goes on in the next frames. Its first bytes have been unpacked already. */
static gboolean
pour_large (
    Pour *pour, PlugRbUnframer *unframer, const Job *job, const guint8 *data, GError **error)
{
  PlugRbIndex *index = get_archive (pour->contents, job->archive)->index;
  const PlugRbFrameSpan *span = plug_rb_index_get_frame (index, job->place->frame);
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  guint64 left = job->place->size;
  gsize skip = job->place->offset;

  for (guint frame = job->place->frame + 1;; frame++) {
    gsize length = MIN (left, span->raw - skip);

    plug_rb_hash_update (hash, data + skip, length);
    left -= length;
    if (left == 0 && !check_sum (hash, job->wanted->sha256, error))
      return FALSE;
    if (!pour->func (job->wanted->item, data + skip, length, left == 0, pour->user_data, error))
      return FALSE;
    if (left == 0)
      return TRUE;

    skip = 0;
    if (!(span = plug_rb_index_get_frame (index, frame)))
      return throw_wrong (error);
    if (g_cancellable_set_error_if_cancelled (pour->cancellable, error) ||
        !(data = plug_rb_unframer_read (unframer, span, error)))
      return FALSE;
  }
}

static gboolean
pour_small (Pour *pour, const Job *job, const guint8 *data, GError **error)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();

  data += job->place->offset;
  plug_rb_hash_update (hash, data, job->place->size);

  return check_sum (hash, job->wanted->sha256, error) &&
         pour->func (job->wanted->item, data, job->place->size, TRUE, pour->user_data, error);
}

static gboolean
pour_frame (Pour *pour, PlugRbUnframer *unframer, guint from, guint to, GError **error)
{
  const Job *jobs = &g_array_index (pour->jobs, Job, 0);
  PlugRbIndex *index = get_archive (pour->contents, jobs[from].archive)->index;
  const PlugRbFrameSpan *span = plug_rb_index_get_frame (index, jobs[from].place->frame);
  const guint8 *data = NULL;

  for (guint i = from; i < to; i++) {
    const PlugRbFrameRange *place = jobs[i].place;
    gboolean is_small = place->size <= span->raw - place->offset;

    if (g_cancellable_set_error_if_cancelled (pour->cancellable, error))
      return FALSE;
    /* A large content leaves another frame in the buffer. */
    if (data == NULL && !(data = plug_rb_unframer_read (unframer, span, error)))
      return FALSE;
    if (!(is_small ? pour_small (pour, &jobs[i], data, error)
                   : pour_large (pour, unframer, &jobs[i], data, error)))
      return FALSE;
    if (!is_small)
      data = NULL;
  }

  return TRUE;
}

/* The jobs of the next frame. */
static gboolean
take (Pour *pour, guint *from, guint *to)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&pour->mutex);
  const Job *jobs = &g_array_index (pour->jobs, Job, 0);

  if (pour->error != NULL || pour->next >= pour->jobs->len)
    return FALSE;

  *from = *to = pour->next;
  while (*to < pour->jobs->len && jobs[*to].archive == jobs[*from].archive &&
         jobs[*to].place->frame == jobs[*from].place->frame)
    (*to)++;
  pour->next = *to;

  return TRUE;
}

/* What is damaged gets a name. Why it cannot be written anywhere has nothing to do with it. */
static void
name_archive (Pour *pour, guint archive, GError **error)
{
  JsonObject *json = get_archive (pour->contents, archive)->json;

  if (g_error_matches (*error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT))
    g_prefix_error (error, "%s: ", plug_rb_json_get_string (json, "file"));
}

static void
work (gpointer data)
{
  Pour *pour = data;
  const Job *jobs = &g_array_index (pour->jobs, Job, 0);
  g_autoptr(PlugRbUnframer) unframer = NULL;
  guint from, to, opened = G_MAXUINT;

  while (take (pour, &from, &to)) {
    g_autoptr(GError) error = NULL;

    if (jobs[from].archive != opened) {
      g_clear_pointer (&unframer, plug_rb_unframer_free);
      unframer =
          plug_rb_unframer_new (get_archive (pour->contents, opened = jobs[from].archive)->fd);
    }

    if (!pour_frame (pour, unframer, from, to, &error)) {
      g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&pour->mutex);

      name_archive (pour, jobs[from].archive, &error);
      if (pour->error == NULL)
        pour->error = g_steal_pointer (&error);
    }
  }
}

static gboolean
throw_missing (GError **error)
{
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("The content of a file is in none of the archives"));
  return FALSE;
}

static gboolean
add_job (Pour *pour, PlugRbWanted *wanted, GError **error)
{
  Job job = { .wanted = wanted };

  job.place = plug_rb_contents_find (pour->contents, wanted->sha256, &job.archive);
  /* Only what could not be opened can have held it. */
  if (job.place == NULL)
    return plug_rb_contents_check (pour->contents, error) && throw_missing (error);

  g_array_append_val (pour->jobs, job);
  return TRUE;
}

/**
 * plug_rb_contents_pour:
 * @wanted: (element-type PlugRbWanted): what to read; the same content may be wanted several times
 * @func: gets each of them
 *
 * Reads contents in the order in which they lie, in several threads. Stops at the first error.
 */
gboolean
plug_rb_contents_pour (PlugRbContents *self,
                       GArray *wanted,
                       PlugRbContentFunc func,
                       gpointer user_data,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr(GArray) jobs = g_array_sized_new (FALSE, FALSE, sizeof (Job), wanted->len);
  Pour pour = { self, jobs, func, user_data, cancellable };

  for (guint i = 0; i < wanted->len; i++)
    if (!add_job (&pour, &g_array_index (wanted, PlugRbWanted, i), error))
      return FALSE;

  g_array_sort (jobs, compare_jobs);
  g_mutex_init (&pour.mutex);
  plug_rb_workers_run (jobs->len, work, &pour);
  g_mutex_clear (&pour.mutex);

  if (pour.error == NULL)
    return TRUE;

  g_propagate_error (error, pour.error);
  return FALSE;
}

static gboolean
check_archive (Archive *archive, GCancellable *cancellable, GError **error)
{
  g_autofree char *sha256 = plug_rb_hash_file (archive->fd, cancellable, error);

  if (sha256 == NULL)
    return FALSE;
  if (g_strcmp0 (sha256, plug_rb_json_get_string (archive->json, "sha256")) == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("%s: its checksum is wrong"),
               plug_rb_json_get_string (archive->json, "file"));
  return FALSE;
}

static gboolean
mark_archive (PlugRbContents *self, const char *sha256, gboolean *marks, GError **error)
{
  guint archive;

  if (plug_rb_contents_find (self, sha256, &archive) != NULL) {
    marks[archive] = TRUE;
    return TRUE;
  }

  /* Only what could not be opened can have held it. */
  if (plug_rb_contents_check (self, error))
    throw_missing (error);
  return FALSE;
}

/**
 * plug_rb_contents_check_some:
 * @contents: (element-type utf8): SHA-256 of contents
 *
 * Reads the archives that hold them, as they are: that takes a tenth of unpacking.
 *
 * Returns: whether all of them are there and good
 */
gboolean
plug_rb_contents_check_some (PlugRbContents *self,
                             GHashTable *contents,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree gboolean *marks = g_new0 (gboolean, self->archives->len);
  GHashTableIter iter;
  gpointer sha256;

  g_hash_table_iter_init (&iter, contents);
  while (g_hash_table_iter_next (&iter, &sha256, NULL))
    if (!mark_archive (self, sha256, marks, error))
      return FALSE;

  for (guint i = 0; i < self->archives->len; i++)
    if (marks[i] && !check_archive (get_archive (self, i), cancellable, error))
      return FALSE;

  return TRUE;
}

/* ---- one content in memory */

/* What is read, and how large it may become. */
typedef struct {
  GByteArray *bytes;
  gsize limit;
} Memory;

static gboolean
remember (gpointer item,
          const guint8 *data,
          gsize length,
          gboolean is_last,
          gpointer user_data,
          GError **error)
{
  Memory *memory = user_data;

  if (memory->bytes->len + length > memory->limit)
    return throw_wrong (error);

  g_byte_array_append (memory->bytes, data, length);
  return TRUE;
}

/**
 * plug_rb_contents_read:
 * @limit: largest size in bytes that is read
 *
 * Returns: (transfer full): a content
 */
GBytes *
plug_rb_contents_read (PlugRbContents *self, const char *sha256, gsize limit, GError **error)
{
  g_autoptr(GArray) wanted = g_array_new (FALSE, FALSE, sizeof (PlugRbWanted));
  PlugRbWanted one = { .sha256 = sha256 };
  Memory memory = { g_byte_array_new (), limit };

  g_array_append_val (wanted, one);
  if (plug_rb_contents_pour (self, wanted, remember, &memory, NULL, error))
    return g_byte_array_free_to_bytes (memory.bytes);

  g_byte_array_unref (memory.bytes);
  return NULL;
}
