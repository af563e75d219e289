/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-frame.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <zstd.h>

#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-xattrs.h"

#define LEVEL 3
#define TAR_BLOCK 512

typedef struct archive TarWriter;
typedef struct archive_entry TarEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TarWriter, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TarEntry, archive_entry_free)

struct _PlugRbFrame {
  struct archive *tar;
  TarEntry *header;
  ZSTD_CCtx *zstd;
  GByteArray *raw;
  gboolean muted;
  GArray *places;
  guint8 *packed;
  gsize packed_size;
  gsize packed_length;
};

static la_ssize_t
append_cb (struct archive *archive, void *data, const void *buffer, size_t length)
{
  PlugRbFrame *self = data;

  if (!self->muted)
    g_byte_array_append (self->raw, buffer, length);

  return length;
}

/* Plain headers wherever they do: an extended header for each file would make the archive, and the
 * time that it takes, a tenth larger. Nothing may be held back: a frame ends where an entry ends.
 * The end of the archive is written by whoever puts the frames together. */
static struct archive *
open_tar (PlugRbFrame *self)
{
  g_autoptr(TarWriter) tar = archive_write_new ();

  if (archive_write_set_format_pax_restricted (tar) != ARCHIVE_OK ||
      archive_write_set_options (tar, "pax:hdrcharset=BINARY") != ARCHIVE_OK ||
      archive_write_set_bytes_per_block (tar, 0) != ARCHIVE_OK ||
      archive_write_open (tar, self, NULL, append_cb, NULL) != ARCHIVE_OK)
    g_error ("libarchive cannot write tar: %s", archive_error_string (tar));

  return g_steal_pointer (&tar);
}

/* What libarchive writes at the end, the end of the archive and what an entry lacks, is not wanted.
 */
static void
close_tar (PlugRbFrame *self, struct archive *tar)
{
  self->muted = TRUE;
  archive_write_free (tar);
  self->muted = FALSE;
}

PlugRbFrame *
plug_rb_frame_new (void)
{
  PlugRbFrame *self = g_new0 (PlugRbFrame, 1);

  self->raw = g_byte_array_sized_new (2 * PLUG_RB_FRAME_FULL);
  self->places = g_array_new (FALSE, FALSE, sizeof (PlugRbFrameRange));
  self->header = archive_entry_new ();
  self->zstd = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (self->zstd, ZSTD_c_compressionLevel, LEVEL);
  self->tar = open_tar (self);

  return self;
}

void
plug_rb_frame_free (PlugRbFrame *self)
{
  close_tar (self, self->tar);
  archive_entry_free (self->header);
  ZSTD_freeCCtx (self->zstd);
  g_byte_array_unref (self->raw);
  g_array_unref (self->places);
  g_free (self->packed);
  g_free (self);
}

/**
 * plug_rb_frame_reset:
 *
 * Empties the frame for the next stretch.
 */
void
plug_rb_frame_reset (PlugRbFrame *self)
{
  g_byte_array_set_size (self->raw, 0);
  g_array_set_size (self->places, 0);
  self->packed_length = 0;
}

/**
 * plug_rb_frame_name_entry:
 *
 * Returns: (transfer full): what a row's content is called inside an archive
 */
char *
plug_rb_frame_name_entry (const PlugRbEntry *entry)
{
  if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS))
    return g_strconcat ("settings/", entry->path, NULL);

  return g_strconcat ("files/", entry->part, *entry->path ? "/" : "", entry->path, NULL);
}

static gboolean
throw_unwritten (GError **error, struct archive *tar)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED, _("The archive cannot be written: %s"),
               archive_error_string (tar));
  return FALSE;
}

static void
add_xattr (const char *name, const void *value, gsize size, gpointer user_data)
{
  archive_entry_xattr_add_entry (user_data, name, value, size);
}

static void
describe (TarEntry *header, const PlugRbEntry *entry)
{
  static const guint kinds[] = { AE_IFDIR, AE_IFREG, AE_IFLNK };
  g_autofree char *name = plug_rb_frame_name_entry (entry);

  archive_entry_clear (header);
  archive_entry_copy_pathname (header, name);
  archive_entry_set_filetype (header, kinds[entry->type]);
  archive_entry_set_perm (header, entry->mode);
  /* Whole seconds: a fraction would need an extended header, and the table has it. */
  archive_entry_set_mtime (header, entry->mtime, 0);
  archive_entry_set_size (header, entry->size);
  if (entry->target != NULL)
    archive_entry_copy_symlink (header, entry->target);
  if (entry->xattrs != NULL)
    plug_rb_xattrs_each (entry->xattrs, add_xattr, header);
}

static void
describe_hard_link (TarEntry *header, const PlugRbEntry *entry)
{
  const PlugRbEntry first = { .part = entry->part, .path = entry->hard_link };
  g_autofree char *name = plug_rb_frame_name_entry (&first);

  archive_entry_copy_hardlink (header, name);
  archive_entry_set_size (header, 0);
}

static void
add_place (PlugRbFrame *self, const char *sha256, guint64 size)
{
  PlugRbFrameRange place = { .offset = self->raw->len, .size = size };

  if (plug_rb_hash_to_bytes (sha256, place.sha256))
    g_array_append_val (self->places, place);
}

/* A name that is not valid in the locale only earns a warning: its bytes are written as they are.
 */
static gboolean
write_header (struct archive *tar, TarEntry *header, GError **error)
{
  return archive_write_header (tar, header) >= ARCHIVE_WARN || throw_unwritten (error, tar);
}

/**
 * plug_rb_frame_add:
 * @entry: a row; of a file, its SHA-256 is that of @content
 * @content: (nullable): of a file; %NULL for anything else, and for a file that is a hard link
 *
 * Adds a whole entry.
 */
gboolean
plug_rb_frame_add (
    PlugRbFrame *self, const PlugRbEntry *entry, const void *content, gsize length, GError **error)
{
  describe (self->header, entry);
  if (entry->hard_link != NULL)
    describe_hard_link (self->header, entry);

  if (!write_header (self->tar, self->header, error))
    return FALSE;

  if (entry->type == PLUG_RB_ENTRY_FILE && entry->hard_link == NULL)
    add_place (self, entry->sha256, length);

  if (length > 0 && archive_write_data (self->tar, content, length) != (la_ssize_t) length)
    return throw_unwritten (error, self->tar);

  return archive_write_finish_entry (self->tar) == ARCHIVE_OK || throw_unwritten (error, self->tar);
}

/**
 * plug_rb_frame_begin_large:
 * @entry: a row of a file
 *
 * Adds the header of a file whose content follows by plug_rb_frame_append(), in this frame and the
 * next ones. The caller adds its place and fills up the last block.
 */
gboolean
plug_rb_frame_begin_large (PlugRbFrame *self, const PlugRbEntry *entry, GError **error)
{
  struct archive *tar = open_tar (self);
  gboolean written;

  describe (self->header, entry);
  written = write_header (tar, self->header, error);
  close_tar (self, tar);

  return written;
}

void
plug_rb_frame_append (PlugRbFrame *self, const void *data, gsize length)
{
  g_byte_array_append (self->raw, data, length);
}

gsize
plug_rb_frame_get_size (PlugRbFrame *self)
{
  return self->raw->len;
}

/**
 * plug_rb_frame_compress:
 *
 * Compresses what was added.
 */
gboolean
plug_rb_frame_compress (PlugRbFrame *self, GError **error)
{
  gsize bound = ZSTD_compressBound (self->raw->len), length;

  if (self->packed_size < bound) {
    g_free (self->packed);
    self->packed = g_malloc (bound);
    self->packed_size = bound;
  }

  length = ZSTD_compress2 (self->zstd, self->packed, bound, self->raw->data, self->raw->len);
  if (ZSTD_isError (length)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
                 _("The archive cannot be written: %s"), ZSTD_getErrorName (length));
    return FALSE;
  }

  self->packed_length = length;
  return TRUE;
}

const void *
plug_rb_frame_get_compressed (PlugRbFrame *self, gsize *length)
{
  *length = self->packed_length;
  return self->packed;
}

/**
 * plug_rb_frame_get_places:
 *
 * Returns: (transfer none) (element-type PlugRbFrameRange): the contents that begin in this frame
 */
GArray *
plug_rb_frame_get_places (PlugRbFrame *self)
{
  return self->places;
}
