/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "plug-rb-error.h"
#include "plug-rb-frame.h"

/* The longest header of a zstd frame. */
#define HEADER_SIZE 18

struct _PlugRbUnframer {
  int fd;
  ZSTD_DCtx *zstd;
  GByteArray *packed;
  GByteArray *raw;
};

static gboolean
throw_damaged (GError **error, const char *text)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("The archive is damaged: %s"), text);
  return FALSE;
}

/**
 * plug_rb_unframer_new:
 * @archive_fd: an archive open for reading; it stays the caller's and must outlive the unframer
 */
PlugRbUnframer *
plug_rb_unframer_new (int archive_fd)
{
  PlugRbUnframer *self = g_new0 (PlugRbUnframer, 1);

  self->fd = archive_fd;
  self->zstd = ZSTD_createDCtx ();
  self->packed = g_byte_array_new ();
  self->raw = g_byte_array_new ();

  return self;
}

void
plug_rb_unframer_free (PlugRbUnframer *self)
{
  ZSTD_freeDCtx (self->zstd);
  g_byte_array_unref (self->packed);
  g_byte_array_unref (self->raw);
  g_free (self);
}

static gboolean
read_at (int fd, guint64 offset, guint8 *buffer, gsize length, GError **error)
{
  while (length > 0) {
    gssize n = TEMP_FAILURE_RETRY (pread (fd, buffer, length, offset));

    if (n < 0) {
      plug_rb_error_set_errno (error, errno, _("The archive cannot be read"));
      return FALSE;
    }
    if (n == 0)
      return throw_damaged (error, _("it is too short"));
    buffer += n;
    offset += n;
    length -= n;
  }

  return TRUE;
}

/**
 * plug_rb_unframer_read:
 * @span: a frame of the archive
 *
 * Returns: (nullable): its @span->raw unpacked bytes, valid until the next call
 */
const guint8 *
plug_rb_unframer_read (PlugRbUnframer *self, const PlugRbFrameSpan *span, GError **error)
{
  gsize length;

  if (span->raw > PLUG_RB_FRAME_LARGEST || span->length > PLUG_RB_FRAME_LARGEST) {
    throw_damaged (error, _("a part of it is too large"));
    return NULL;
  }

  g_byte_array_set_size (self->packed, span->length);
  g_byte_array_set_size (self->raw, span->raw);
  if (!read_at (self->fd, span->offset, self->packed->data, span->length, error))
    return NULL;

  length = ZSTD_decompressDCtx (self->zstd, self->raw->data, span->raw, self->packed->data,
                                span->length);
  if (ZSTD_isError (length) || length != span->raw) {
    throw_damaged (error, ZSTD_isError (length) ? ZSTD_getErrorName (length)
                                                : _("a part of it is too short"));
    return NULL;
  }

  return self->raw->data;
}

/* ---- without an index */

static gboolean
measure (const guint8 *data, gsize available, PlugRbFrameSpan *span)
{
  gsize length = ZSTD_findFrameCompressedSize (data, available);
  guint64 raw = ZSTD_getFrameContentSize (data, available);

  if (ZSTD_isError (length) || length > PLUG_RB_FRAME_LARGEST || raw > PLUG_RB_FRAME_LARGEST)
    return FALSE;

  span->length = length;
  span->raw = raw;

  return TRUE;
}

/**
 * plug_rb_unframer_find_frames:
 *
 * Returns: (transfer full) (element-type PlugRbFrameSpan) (nullable): all frames of an archive
 * whose frames say how large they are, as ours do
 */
GArray *
plug_rb_unframer_find_frames (int archive_fd, GError **error)
{
  g_autoptr(GArray) frames = g_array_new (FALSE, FALSE, sizeof (PlugRbFrameSpan));
  g_autofree guint8 *data = g_malloc (PLUG_RB_FRAME_LARGEST + HEADER_SIZE);
  PlugRbFrameSpan span = { 0 };
  struct stat st;

  if (fstat (archive_fd, &st) < 0) {
    plug_rb_error_set_errno (error, errno, _("The archive cannot be read"));
    return NULL;
  }

  while (span.offset < (guint64) st.st_size) {
    gsize available = MIN ((guint64) st.st_size - span.offset, PLUG_RB_FRAME_LARGEST + HEADER_SIZE);

    if (!read_at (archive_fd, span.offset, data, available, error))
      return NULL;
    if (!measure (data, available, &span)) {
      throw_damaged (error, _("it is not made of known parts"));
      return NULL;
    }
    g_array_append_val (frames, span);
    span.offset += span.length;
  }

  return g_steal_pointer (&frames);
}
