/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-index.h"

#include <string.h>

#include "plug-rb-blob.h"
#include "plug-rb-hash.h"

#define MAGIC 0x3158444e49425250

typedef struct {
  guint64 magic;
  char archive[PLUG_RB_HASH_HEX_SIZE + 7];
  guint64 archive_size;
  guint64 n_frames;
  guint64 n_places;
} Header;

struct _PlugRbIndex {
  GBytes *bytes;
  guint n_frames;
  guint n_places;
  const PlugRbFrameSpan *frames;
  const PlugRbFrameRange *places;
};

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const PlugRbFrameRange *x = a, *y = b;

  return memcmp (x->sha256, y->sha256, sizeof x->sha256);
}

static guint64
sum_lengths (GArray *frames)
{
  const PlugRbFrameSpan *last =
      frames->len ? &g_array_index (frames, PlugRbFrameSpan, frames->len - 1) : NULL;

  return last ? last->offset + last->length : 0;
}

/* Whether every place lies in a frame that is there: whoever reads by it need not look again. */
static gboolean
is_sound (PlugRbIndex *self, guint64 archive_size)
{
  for (guint i = 0; i < self->n_frames; i++)
    if (self->frames[i].offset > archive_size ||
        self->frames[i].length > archive_size - self->frames[i].offset)
      return FALSE;

  for (guint i = 0; i < self->n_places; i++)
    if (self->places[i].frame >= self->n_frames ||
        self->places[i].offset > self->frames[self->places[i].frame].raw)
      return FALSE;

  return TRUE;
}

static PlugRbIndex *
index_new_from_bytes (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const Header *header = (const Header *) (gconstpointer) data;
  g_autoptr(PlugRbIndex) self = g_new0 (PlugRbIndex, 1);

  if (length < sizeof *header || header->magic != MAGIC || header->n_frames > length ||
      header->n_places > length ||
      length != sizeof *header + header->n_frames * sizeof (PlugRbFrameSpan) +
                    header->n_places * sizeof (PlugRbFrameRange))
    return NULL;

  self->bytes = g_bytes_ref (bytes);
  self->n_frames = header->n_frames;
  self->n_places = header->n_places;
  self->frames = (const PlugRbFrameSpan *) (gconstpointer) (data + sizeof *header);
  self->places = (const PlugRbFrameRange *) (gconstpointer) (self->frames + self->n_frames);

  return is_sound (self, header->archive_size) ? g_steal_pointer (&self) : NULL;
}

/**
 * plug_rb_index_new:
 * @archive: SHA-256 of the archive, in hex
 * @frames: (element-type PlugRbFrameSpan): all frames of the archive in order
 * @places: (element-type PlugRbFrameRange): put in order
 *
 * Returns: (transfer full): the index of an archive
 */
PlugRbIndex *
plug_rb_index_new (const char *archive, GArray *frames, GArray *places)
{
  Header header = { .magic = MAGIC,
                    .archive_size = sum_lengths (frames),
                    .n_frames = frames->len,
                    .n_places = places->len };
  GByteArray *data = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;

  g_strlcpy (header.archive, archive, sizeof header.archive);
  g_array_sort (places, compare_places);
  g_byte_array_append (data, (const guint8 *) &header, sizeof header);
  g_byte_array_append (data, (const guint8 *) frames->data, frames->len * sizeof (PlugRbFrameSpan));
  g_byte_array_append (data, (const guint8 *) places->data,
                       places->len * sizeof (PlugRbFrameRange));
  bytes = g_byte_array_free_to_bytes (data);

  return index_new_from_bytes (bytes);
}

void
plug_rb_index_free (PlugRbIndex *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/**
 * plug_rb_index_load:
 * @folder_fd: where the index lies
 * @archive: SHA-256 of the archive that it should be of
 *
 * Returns: (transfer full) (nullable): the index; %NULL if there is none, or none that fits
 */
PlugRbIndex *
plug_rb_index_load (int folder_fd, const char *name, const char *archive)
{
  g_autoptr(GBytes) bytes = plug_rb_blob_load (folder_fd, name);
  g_autoptr(PlugRbIndex) self = bytes ? index_new_from_bytes (bytes) : NULL;

  if (self == NULL || strncmp (((const Header *) g_bytes_get_data (bytes, NULL))->archive, archive,
                               sizeof ((Header *) NULL)->archive) != 0)
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
plug_rb_index_save (PlugRbIndex *self, int folder_fd, const char *name, GError **error)
{
  return plug_rb_blob_save (folder_fd, name, self->bytes, error);
}

guint
plug_rb_index_get_n_frames (PlugRbIndex *self)
{
  return self->n_frames;
}

const PlugRbFrameSpan *
plug_rb_index_get_frame (PlugRbIndex *self, guint frame)
{
  return frame < self->n_frames ? &self->frames[frame] : NULL;
}

guint
plug_rb_index_get_n_places (PlugRbIndex *self)
{
  return self->n_places;
}

const PlugRbFrameRange *
plug_rb_index_get_place (PlugRbIndex *self, guint index)
{
  return &self->places[index];
}

/**
 * plug_rb_index_find:
 * @sha256: of a content, in hex
 *
 * Returns: (nullable): where it lies
 */
const PlugRbFrameRange *
plug_rb_index_find (PlugRbIndex *self, const char *sha256)
{
  PlugRbFrameRange wanted;

  if (self->n_places == 0 || !plug_rb_hash_to_bytes (sha256, wanted.sha256))
    return NULL;

  return bsearch (&wanted, self->places, self->n_places, sizeof wanted, compare_places);
}
