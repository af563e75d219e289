/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-pack.h"
#include "plug-rb-workers.h"

#define TAR_BLOCK 512

/* A large file on its way into the archive: its pieces are compressed at the same time by several
 * threads, but hashed and written one after the other. */
typedef struct {
  PlugRbArchiveWriter *writer;
  const PlugRbEntry *entry;
  int fd;
  GCancellable *cancellable;
  guint n_pieces;
  GMutex mutex;
  GCond turned;
  guint next;
  guint n_hashed;
  guint n_written;
  PlugRbHash *hash;
  PlugRbFrameRange place;
  GError *error;
} Large;

static gboolean
take (Large *large, guint *piece)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&large->mutex);

  *piece = large->next++;
  return large->error == NULL && *piece < large->n_pieces;
}

/* Returns %FALSE if another thread failed: then the turn never comes. */
static gboolean
wait_turn (Large *large, guint piece, const guint *turn)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&large->mutex);

  while (*turn != piece && large->error == NULL)
    g_cond_wait (&large->turned, &large->mutex);

  return large->error == NULL;
}

static void
end_turn (Large *large, guint *turn)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&large->mutex);

  (*turn)++;
  g_cond_broadcast (&large->turned);
}

/* What a file that became shorter lacks is filled up with zeros: the header said how much comes.
 * The hash then shows that it is not what was wanted. */
static gboolean
read_piece (Large *large, guint piece, guint8 *buffer, gsize size, GError **error)
{
  off_t offset = (off_t) piece * PLUG_RB_FRAME_PIECE;
  gsize length = 0;
  gssize n;

  while (length < size && (n = TEMP_FAILURE_RETRY (pread (large->fd, buffer + length, size - length,
                                                          offset + length))) != 0) {
    if (n < 0) {
      plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), large->entry->path);
      return FALSE;
    }
    length += n;
  }

  memset (buffer + length, 0, size - length);
  return TRUE;
}

static gboolean
begin (Large *large, guint piece, PlugRbFrame *frame, GError **error)
{
  if (piece > 0)
    return TRUE;

  if (!plug_rb_frame_begin_large (frame, large->entry, error))
    return FALSE;

  large->place.offset = plug_rb_frame_get_size (frame);
  return TRUE;
}

static gboolean
write_piece (Large *large, guint piece, PlugRbFrame *frame, GError **error)
{
  if (!plug_rb_frame_compress (frame, error) || !wait_turn (large, piece, &large->n_written))
    return FALSE;

  if (piece == 0)
    large->place.frame = plug_rb_archive_writer_get_n_frames (large->writer);
  if (!plug_rb_archive_writer_append (large->writer, frame, error))
    return FALSE;

  end_turn (large, &large->n_written);
  return TRUE;
}

static gboolean
pack_piece (Large *large, guint piece, PlugRbFrame *frame, guint8 *buffer, GError **error)
{
  static const guint8 zeros[TAR_BLOCK];
  guint64 left = large->entry->size - (guint64) piece * PLUG_RB_FRAME_PIECE;
  gsize size = MIN (left, PLUG_RB_FRAME_PIECE);

  if (g_cancellable_set_error_if_cancelled (large->cancellable, error) ||
      !begin (large, piece, frame, error) || !read_piece (large, piece, buffer, size, error) ||
      !wait_turn (large, piece, &large->n_hashed))
    return FALSE;

  plug_rb_hash_update (large->hash, buffer, size);
  end_turn (large, &large->n_hashed);
  plug_rb_frame_append (frame, buffer, size);
  if (left == size && size % TAR_BLOCK != 0)
    plug_rb_frame_append (frame, zeros, TAR_BLOCK - size % TAR_BLOCK);

  return write_piece (large, piece, frame, error);
}

static void
work (gpointer data)
{
  Large *large = data;
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();
  g_autofree guint8 *buffer = g_malloc (PLUG_RB_FRAME_PIECE);
  guint piece;

  while (take (large, &piece)) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GMutexLocker) locker = NULL;

    if (pack_piece (large, piece, frame, buffer, &error))
      continue;

    locker = g_mutex_locker_new (&large->mutex);
    if (large->error == NULL)
      large->error = g_steal_pointer (&error);
    g_cond_broadcast (&large->turned);
  }
}

/**
 * plug_rb_pack_add_large:
 * @entry: a row of a file
 * @fd: the file, open for reading
 * @sha256: (out) (transfer full): of what was stored
 *
 * Stores a large file in pieces, by all threads at once. Nothing else may be added meanwhile.
 */
gboolean
plug_rb_pack_add_large (PlugRbPack *self,
                        const PlugRbEntry *entry,
                        int fd,
                        char **sha256,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  PlugRbEntry stored;
  Large large = { .entry = entry, .fd = fd, .cancellable = cancellable, .hash = hash };

  if (!(large.writer = plug_rb_pack_open_writer (self, error)))
    return FALSE;

  large.n_pieces = (entry->size + PLUG_RB_FRAME_PIECE - 1) / PLUG_RB_FRAME_PIECE;
  g_mutex_init (&large.mutex);
  g_cond_init (&large.turned);
  plug_rb_workers_run (large.n_pieces, work, &large);
  g_cond_clear (&large.turned);
  g_mutex_clear (&large.mutex);

  if (large.error != NULL) {
    g_propagate_error (error, large.error);
    return FALSE;
  }

  *sha256 = plug_rb_hash_finish (hash);
  large.place.size = entry->size;
  plug_rb_hash_to_bytes (*sha256, large.place.sha256);
  stored = *entry;
  stored.sha256 = *sha256;
  if (plug_rb_pack_claim (self, &stored))
    plug_rb_archive_writer_add_place (large.writer, &large.place);

  return TRUE;
}
