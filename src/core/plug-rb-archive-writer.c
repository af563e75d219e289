/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-archive-writer.h"

#include "plug-rb-fs.h"
#include "plug-rb-hash.h"

/* Two blocks of zeros end a tar archive. */
#define END_SIZE 1024

struct _PlugRbArchiveWriter {
  GMutex mutex;
  int fd;
  PlugRbHash *hash;
  guint64 size;
  GArray *frames;
  GArray *places;
};

/**
 * plug_rb_archive_writer_new:
 * @fd: an empty file open for writing; it stays the caller's
 */
PlugRbArchiveWriter *
plug_rb_archive_writer_new (int fd)
{
  PlugRbArchiveWriter *self = g_new0 (PlugRbArchiveWriter, 1);

  g_mutex_init (&self->mutex);
  self->fd = fd;
  self->hash = plug_rb_hash_new ();
  self->frames = g_array_new (FALSE, FALSE, sizeof (PlugRbFrameSpan));
  self->places = g_array_new (FALSE, FALSE, sizeof (PlugRbFrameRange));

  return self;
}

void
plug_rb_archive_writer_free (PlugRbArchiveWriter *self)
{
  g_mutex_clear (&self->mutex);
  plug_rb_hash_free (self->hash);
  g_array_unref (self->frames);
  g_array_unref (self->places);
  g_free (self);
}

static gboolean
write_frame (PlugRbArchiveWriter *self, PlugRbFrame *frame, GError **error)
{
  GArray *places = plug_rb_frame_get_places (frame);
  PlugRbFrameSpan span = { .offset = self->size, .raw = plug_rb_frame_get_size (frame) };
  gsize length;
  const void *data = plug_rb_frame_get_compressed (frame, &length);

  if (!plug_rb_fs_write (self->fd, data, length, error))
    return FALSE;

  span.length = length;
  for (guint i = 0; i < places->len; i++)
    g_array_index (places, PlugRbFrameRange, i).frame = self->frames->len;
  g_array_append_vals (self->places, places->data, places->len);
  g_array_append_val (self->frames, span);
  plug_rb_hash_update (self->hash, data, length);
  self->size += length;

  return TRUE;
}

/**
 * plug_rb_archive_writer_append:
 * @frame: compressed; emptied afterwards
 *
 * Writes a frame at the end.
 */
gboolean
plug_rb_archive_writer_append (PlugRbArchiveWriter *self, PlugRbFrame *frame, GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (plug_rb_frame_get_size (frame) > 0 && !write_frame (self, frame, error))
    return FALSE;

  plug_rb_frame_reset (frame);
  return TRUE;
}

/**
 * plug_rb_archive_writer_add_place:
 *
 * Adds the place of a content that was written in pieces.
 */
void
plug_rb_archive_writer_add_place (PlugRbArchiveWriter *self, const PlugRbFrameRange *place)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_array_append_vals (self->places, place, 1);
}

guint
plug_rb_archive_writer_get_n_frames (PlugRbArchiveWriter *self)
{
  return self->frames->len;
}

/**
 * plug_rb_archive_writer_close:
 * @sha256: (out) (transfer full): of the archive
 * @size: (out): of the archive, in bytes
 *
 * Writes the end of the archive. The file is not synced.
 */
gboolean
plug_rb_archive_writer_close (PlugRbArchiveWriter *self,
                              char **sha256,
                              guint64 *size,
                              GError **error)
{
  static const guint8 zeros[END_SIZE];
  g_autoptr(PlugRbFrame) end = plug_rb_frame_new ();

  plug_rb_frame_append (end, zeros, sizeof zeros);
  if (!plug_rb_frame_compress (end, error) || !plug_rb_archive_writer_append (self, end, error))
    return FALSE;

  *sha256 = plug_rb_hash_finish (self->hash);
  *size = self->size;

  return TRUE;
}

/**
 * plug_rb_archive_writer_make_index:
 * @archive: the SHA-256 that plug_rb_archive_writer_close() gave
 *
 * Returns: (transfer full): the index of what was written
 */
PlugRbIndex *
plug_rb_archive_writer_make_index (PlugRbArchiveWriter *self, const char *archive)
{
  return plug_rb_index_new (archive, self->frames, self->places);
}
