/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-frame.h"
#include "plug-rb-hash.h"
#include "plug-rb-index.h"

#define TAR_BLOCK 512
#define BUFFER_SIZE (256 * 1024)

typedef struct archive TarReader;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TarReader, archive_read_free)

/* An archive that is read from its start, frame by frame. */
typedef struct {
  PlugRbUnframer *unframer;
  GArray *frames;
  GArray *places;
  guint next;
  GError *error;
} Walk;

static void
walk_clear (Walk *walk)
{
  g_clear_pointer (&walk->unframer, plug_rb_unframer_free);
  g_clear_pointer (&walk->frames, g_array_unref);
  g_clear_pointer (&walk->places, g_array_unref);
  g_clear_error (&walk->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static la_ssize_t
read_cb (struct archive *archive, void *data, const void **buffer)
{
  Walk *walk = data;
  const PlugRbFrameSpan *span;

  if (walk->next >= walk->frames->len)
    return 0;

  span = &g_array_index (walk->frames, PlugRbFrameSpan, walk->next++);
  if ((*buffer = plug_rb_unframer_read (walk->unframer, span, &walk->error)) != NULL)
    return span->raw;

  archive_set_error (archive, EIO, "%s", walk->error->message);
  return -1;
}

static gboolean
throw_damaged (GError **error, struct archive *tar)
{
  const char *text = archive_error_string (tar);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("The archive is damaged: %s"),
               text ? text : "");
  return FALSE;
}

/* From the offset in the whole unpacked stream to the frame. */
static void
locate (Walk *walk, guint64 position, PlugRbFrameRange *place)
{
  for (guint i = 0; i < walk->frames->len; i++) {
    const PlugRbFrameSpan *span = &g_array_index (walk->frames, PlugRbFrameSpan, i);

    if (position < span->raw || i + 1 == walk->frames->len) {
      place->frame = i;
      place->offset = position;
      return;
    }
    position -= span->raw;
  }
}

static gboolean
hash_content (struct archive *tar, PlugRbFrameRange *place, GError **error)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *buffer = g_malloc (BUFFER_SIZE);
  g_autofree char *sha256 = NULL;
  la_ssize_t n;

  while ((n = archive_read_data (tar, buffer, BUFFER_SIZE)) > 0) {
    plug_rb_hash_update (hash, buffer, n);
    place->size += n;
  }

  if (n < 0)
    return throw_damaged (error, tar);

  sha256 = plug_rb_hash_finish (hash);
  return plug_rb_hash_to_bytes (sha256, place->sha256);
}

static guint64
padded (guint64 size)
{
  return (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* Where a content begins is known once the header after it was reached: it ends there. */
static gboolean
walk_entries (Walk *walk, struct archive *tar, GError **error)
{
  struct archive_entry *header;
  PlugRbFrameRange place = { 0 };
  gboolean open = FALSE;
  int status;

  do {
    status = archive_read_next_header (tar, &header);
    if (status < ARCHIVE_WARN)
      return throw_damaged (error, tar);

    if (open) {
      locate (walk, archive_read_header_position (tar) - padded (place.size), &place);
      g_array_append_val (walk->places, place);
    }

    place = (PlugRbFrameRange) { 0 };
    open = status != ARCHIVE_EOF && archive_entry_filetype (header) == AE_IFREG &&
           archive_entry_hardlink (header) == NULL;
    if (open && !hash_content (tar, &place, error))
      return FALSE;
  } while (status != ARCHIVE_EOF);

  return TRUE;
}

/**
 * plug_rb_index_rebuild:
 * @archive_fd: an archive open for reading
 * @archive: its SHA-256, in hex
 *
 * Makes the index of an archive anew by reading all of it.
 *
 * Returns: (transfer full): the index
 */
PlugRbIndex *
plug_rb_index_rebuild (int archive_fd, const char *archive, GError **error)
{
  g_auto(Walk) walk = { .frames = plug_rb_unframer_find_frames (archive_fd, error) };
  g_autoptr(TarReader) tar = archive_read_new ();

  if (walk.frames == NULL)
    return NULL;

  walk.unframer = plug_rb_unframer_new (archive_fd);
  walk.places = g_array_new (FALSE, FALSE, sizeof (PlugRbFrameRange));
  archive_read_support_format_tar (tar);
  if (archive_read_open (tar, &walk, NULL, read_cb, NULL) != ARCHIVE_OK) {
    throw_damaged (error, tar);
    return NULL;
  }

  return walk_entries (&walk, tar, error) ? plug_rb_index_new (archive, walk.frames, walk.places)
                                          : NULL;
}
