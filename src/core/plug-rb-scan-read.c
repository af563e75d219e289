/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-scan.h"
#include "plug-rb-workers.h"
#include "plug-rb-xattrs.h"

/* What was read of one file. */
typedef struct {
  guint row;
  char *sha256;
  char *xattrs;
} Reading;

/* All files that have to be read, for several threads that take them in turn. */
typedef struct {
  const PlugRbScan *scan;
  PlugRbTable *table;
  const char *root;
  int root_fd;
  GArray *readings;
  GPtrArray *large;
  GMutex mutex;
  guint next;
  GError *error;
} Read;

/* One of the threads. */
typedef struct {
  Read *read;
  guint8 *buffer;
  PlugRbFrame *frame;
} Reader;

static void
reading_clear (Reading *reading)
{
  g_free (reading->sha256);
  g_free (reading->xattrs);
}

static gboolean
looks_like (const struct stat *st, const PlugRbEntry *entry, const PlugRbLook *look)
{
  return S_ISREG (st->st_mode) && (guint64) st->st_size == entry->size &&
         st->st_mtim.tv_sec == entry->mtime && st->st_mtim.tv_nsec == entry->nsec &&
         st->st_ino == look->ino && st->st_ctim.tv_sec == look->ctime &&
         st->st_ctim.tv_nsec == look->ctime_nsec;
}

/* A part that is a single file has no folder to look beneath. */
static int
open_file (Read *read, const PlugRbEntry *entry, GError **error)
{
  int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  int fd = read->root_fd < 0 ? open (read->root, flags)
                             : plug_rb_fs_open_below (read->root_fd, entry->path, flags);

  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
    plug_rb_scan_throw_changing (error, read->root, entry->path);
  else if (fd < 0)
    plug_rb_scan_throw_unreadable (error, read->root, entry->path, errno);

  return fd;
}

/* Whoever reads a file makes sure that it is still what the walk saw. */
static gboolean
check_unchanged (Read *read, guint row, int fd, GError **error)
{
  const PlugRbEntry *entry = plug_rb_table_get (read->table, row);
  struct stat st;

  if (fstat (fd, &st) < 0)
    return plug_rb_scan_throw_unreadable (error, read->root, entry->path, errno);

  return looks_like (&st, entry, plug_rb_table_get_look (read->table, row)) ||
         plug_rb_scan_throw_changing (error, read->root, entry->path);
}

/* ---- one file */

static gboolean
is_large (const PlugRbEntry *entry)
{
  return entry->size > PLUG_RB_FRAME_PIECE;
}

/* A byte more than expected, so that one read also finds the end. */
static gssize
fill_buffer (int fd, guint8 *buffer, gsize size)
{
  gsize length = 0;
  gssize n;

  do {
    n = TEMP_FAILURE_RETRY (read (fd, buffer + length, size + 1 - length));
    length += MAX (n, 0);
  } while (n > 0 && length < size);

  return n < 0 ? -1 : (gssize) length;
}

static gboolean
store (Reader *self, const PlugRbEntry *row, const char *sha256, gsize length, GError **error)
{
  PlugRbPack *pack = self->read->scan->pack;
  PlugRbEntry entry = *row;

  entry.sha256 = sha256;
  if (pack == NULL || !plug_rb_pack_claim (pack, &entry))
    return TRUE;

  return plug_rb_frame_add (self->frame, &entry, self->buffer, length, error) &&
         plug_rb_pack_append_full (pack, self->frame, error);
}

static gboolean
read_small (Reader *self, Reading *reading, int fd, GError **error)
{
  Read *all = self->read;
  const PlugRbEntry *entry = plug_rb_table_get (all->table, reading->row);
  gssize length = fill_buffer (fd, self->buffer, entry->size);

  if (length < 0)
    return plug_rb_scan_throw_unreadable (error, all->root, entry->path, errno);
  if ((guint64) length != entry->size)
    return plug_rb_scan_throw_changing (error, all->root, entry->path);

  reading->sha256 = plug_rb_hash_bytes (self->buffer, length);

  return check_unchanged (all, reading->row, fd, error) &&
         store (self, entry, reading->sha256, length, error);
}

static gboolean
hash_large (Reader *self, Reading *reading, int fd, GError **error)
{
  Read *all = self->read;
  const PlugRbEntry *entry = plug_rb_table_get (all->table, reading->row);
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  gssize n;

  while ((n = TEMP_FAILURE_RETRY (read (fd, self->buffer, PLUG_RB_FRAME_PIECE))) > 0) {
    plug_rb_hash_update (hash, self->buffer, n);
    if (g_cancellable_set_error_if_cancelled (all->scan->cancellable, error))
      return FALSE;
  }

  if (n < 0)
    return plug_rb_scan_throw_unreadable (error, all->root, entry->path, errno);

  reading->sha256 = plug_rb_hash_finish (hash);
  return check_unchanged (all, reading->row, fd, error);
}

static void
keep_for_later (Read *read, Reading *reading)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&read->mutex);

  g_ptr_array_add (read->large, reading);
}

/* A large file is read once if its size alone shows that it is new, otherwise its hash comes first.
 */
static gboolean
read_large (Reader *self, Reading *reading, int fd, GError **error)
{
  PlugRbPack *pack = self->read->scan->pack;
  const PlugRbEntry *entry = plug_rb_table_get (self->read->table, reading->row);

  if (pack == NULL)
    return hash_large (self, reading, fd, error);

  if (plug_rb_pack_knows_size (pack, entry->size) && !hash_large (self, reading, fd, error))
    return FALSE;

  if (reading->sha256 == NULL || !plug_rb_pack_has (pack, reading->sha256))
    keep_for_later (self->read, reading);

  return TRUE;
}

static gboolean
read_attributes (Read *read, Reading *reading, int fd, GError **error)
{
  const PlugRbEntry *entry = plug_rb_table_get (read->table, reading->row);

  if (entry->sha256 != NULL) {
    reading->xattrs = g_strdup (entry->xattrs);
    return TRUE;
  }

  return plug_rb_xattrs_read (fd, &reading->xattrs) ||
         plug_rb_scan_throw_unreadable (error, read->root, entry->path, errno);
}

static void
report (Read *read, guint64 bytes)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&read->mutex);

  if (read->scan->progress != NULL)
    read->scan->progress (bytes, read->scan->user_data);
}

static gboolean
read_file (Reader *self, Reading *reading, GError **error)
{
  const PlugRbEntry *entry = plug_rb_table_get (self->read->table, reading->row);
  g_autofd int fd = open_file (self->read, entry, error);

  if (fd < 0 || !read_attributes (self->read, reading, fd, error) ||
      !(is_large (entry) ? read_large (self, reading, fd, error)
                         : read_small (self, reading, fd, error)))
    return FALSE;

  report (self->read, entry->size);
  return TRUE;
}

/* ---- all files */

/* Takes files of about a frame together. */
static gboolean
take (Read *read, guint *from, guint *to)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&read->mutex);
  guint64 bytes = 0;

  if (read->error == NULL)
    g_cancellable_set_error_if_cancelled (read->scan->cancellable, &read->error);
  if (read->error != NULL)
    return FALSE;

  *from = *to = read->next;
  while (*to < read->readings->len && bytes < PLUG_RB_FRAME_FULL) {
    guint row = g_array_index (read->readings, Reading, *to).row;

    bytes += plug_rb_table_get (read->table, row)->size + 1024;
    (*to)++;
  }
  read->next = *to;

  return *to > *from;
}

static gboolean
read_files (Reader *self, guint from, guint to, GError **error)
{
  for (guint i = from; i < to; i++)
    if (g_cancellable_set_error_if_cancelled (self->read->scan->cancellable, error) ||
        !read_file (self, &g_array_index (self->read->readings, Reading, i), error))
      return FALSE;

  return TRUE;
}

static void
set_error (Read *read, GError *error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&read->mutex);

  if (read->error == NULL)
    read->error = error;
  else
    g_error_free (error);
}

static void
work (gpointer data)
{
  Read *read = data;
  Reader self = { .read = read, .buffer = g_malloc (PLUG_RB_FRAME_PIECE + 1) };
  PlugRbPack *pack = read->scan->pack;
  GError *error = NULL;
  guint from, to;

  if (pack != NULL)
    self.frame = plug_rb_frame_new ();

  while (take (read, &from, &to))
    if (!read_files (&self, from, to, &error))
      set_error (read, g_steal_pointer (&error));

  if (pack != NULL && read->error == NULL && !plug_rb_pack_append (pack, self.frame, &error))
    set_error (read, error);

  g_clear_pointer (&self.frame, plug_rb_frame_free);
  g_free (self.buffer);
}

static gboolean
store_large (Read *read, Reading *reading, GError **error)
{
  const PlugRbEntry *entry = plug_rb_table_get (read->table, reading->row);
  g_autofd int fd = open_file (read, entry, error);
  g_autofree char *sha256 = NULL;

  if (fd < 0 ||
      !plug_rb_pack_add_large (read->scan->pack, entry, fd, &sha256, read->scan->cancellable,
                               error) ||
      !check_unchanged (read, reading->row, fd, error))
    return FALSE;

  if (reading->sha256 != NULL && !g_str_equal (reading->sha256, sha256))
    return plug_rb_scan_throw_changing (error, read->root, entry->path);

  g_set_str (&reading->sha256, sha256);
  return TRUE;
}

static gboolean
needs_reading (const PlugRbScan *scan, const PlugRbEntry *entry)
{
  return entry->type == PLUG_RB_ENTRY_FILE && entry->hard_link == NULL &&
         (entry->sha256 == NULL ||
          (scan->pack != NULL && !plug_rb_pack_has (scan->pack, entry->sha256)));
}

static GArray *
collect (const PlugRbScan *scan, PlugRbTable *table, const char *part)
{
  GArray *readings = g_array_new (FALSE, FALSE, sizeof (Reading));

  g_array_set_clear_func (readings, (GDestroyNotify) reading_clear);
  if (scan->pack != NULL)
    plug_rb_pack_prepare (scan->pack);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);
    Reading reading = { .row = i };

    if (g_str_equal (entry->part, part) && needs_reading (scan, entry))
      g_array_append_val (readings, reading);
  }

  return readings;
}

/* What was known before must be what was read now. */
static gboolean
take_over (Read *read, GError **error)
{
  for (guint i = 0; i < read->readings->len; i++) {
    const Reading *reading = &g_array_index (read->readings, Reading, i);
    const PlugRbEntry *entry = plug_rb_table_get (read->table, reading->row);

    if (entry->sha256 != NULL && !g_str_equal (entry->sha256, reading->sha256))
      return plug_rb_scan_throw_changing (error, read->root, entry->path);
    if (entry->sha256 == NULL)
      plug_rb_table_set_content (read->table, reading->row, reading->sha256, reading->xattrs);
  }

  return TRUE;
}

static void
complete_hard_links (PlugRbTable *table, const char *part)
{
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);
    const PlugRbEntry *first;

    if (entry->hard_link == NULL || entry->sha256 != NULL || !g_str_equal (entry->part, part))
      continue;
    first = plug_rb_table_find (table, part, entry->hard_link);
    plug_rb_table_set_content (table, i, first->sha256, first->xattrs);
  }
}

static gboolean
read_all (Read *read, GError **error)
{
  plug_rb_workers_run (read->readings->len, work, read);

  for (guint i = 0; read->error == NULL && i < read->large->len; i++)
    if (!store_large (read, read->large->pdata[i], error))
      return FALSE;

  if (read->error == NULL)
    return TRUE;

  g_propagate_error (error, read->error);
  return FALSE;
}

/**
 * plug_rb_scan_read:
 * @table: with the rows of plug_rb_scan_walk()
 *
 * Reads the files of a part that are not known yet, in several threads, and stores what
 * @scan->pack does not have. A file that changed since the walk fails with
 * %PLUG_RB_ERROR_CHANGING.
 */
gboolean
plug_rb_scan_read (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error)
{
  g_autoptr(GArray) readings = collect (scan, table, part);
  g_autoptr(GPtrArray) large = g_ptr_array_new ();
  g_autofd int root_fd = -1;
  Read read = { .scan = scan, .table = table, .root = path, .readings = readings, .large = large };
  gboolean done;

  if (readings->len > 0) {
    read.root_fd = root_fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_mutex_init (&read.mutex);
    done = read_all (&read, error) && take_over (&read, error);
    g_mutex_clear (&read.mutex);
    if (!done)
      return FALSE;
  }

  complete_hard_links (table, part);
  return TRUE;
}
