/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"

#define BLOCK_SIZE (256 * 1024)

struct _PlugRbArchiveReader {
  struct archive *archive;
};

typedef struct archive_entry TarEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TarEntry, archive_entry_free)

typedef struct archive RawReader;
typedef struct archive RawWriter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawReader, archive_read_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawWriter, archive_write_free)

static gboolean
throw_damaged (GError **error, struct archive *archive)
{
  const char *text = archive_error_string (archive);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("The archive is damaged: %s"),
               text ? text : "");
  return FALSE;
}

/* ---- reading */

/**
 * plug_rb_archive_reader_new:
 * @fd: an archive open for reading at its start; it stays the caller's and must outlive the reader
 */
PlugRbArchiveReader *
plug_rb_archive_reader_new (int fd, GError **error)
{
  g_autoptr(PlugRbArchiveReader) self = g_new0 (PlugRbArchiveReader, 1);

  self->archive = archive_read_new ();
  archive_read_support_filter_zstd (self->archive);
  archive_read_support_format_tar (self->archive);

  if (archive_read_open_fd (self->archive, fd, BLOCK_SIZE) != ARCHIVE_OK) {
    throw_damaged (error, self->archive);
    return NULL;
  }

  return g_steal_pointer (&self);
}

void
plug_rb_archive_reader_free (PlugRbArchiveReader *self)
{
  g_clear_pointer (&self->archive, archive_read_free);
  g_free (self);
}

/**
 * plug_rb_archive_reader_next:
 * @name: (out) (nullable) (transfer none): name of the next entry that is a file, %NULL at the end
 *
 * Folders and links are passed over: the state table says what they are.
 */
gboolean
plug_rb_archive_reader_next (PlugRbArchiveReader *self, const char **name, GError **error)
{
  struct archive_entry *header;
  int status;

  *name = NULL;
  while ((status = archive_read_next_header (self->archive, &header)) >= ARCHIVE_WARN) {
    if (status == ARCHIVE_EOF)
      return TRUE;
    if (archive_entry_filetype (header) != AE_IFREG || archive_entry_hardlink (header) != NULL)
      continue;
    if ((*name = archive_entry_pathname (header)) != NULL)
      return TRUE;
    break;
  }

  return throw_damaged (error, self->archive);
}

typedef gboolean (*Sink) (const void *data, gsize length, gpointer user_data, GError **error);

static gboolean
pour (PlugRbArchiveReader *self, Sink sink, gpointer user_data, char **sha256, GError **error)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *buffer = g_malloc (BLOCK_SIZE);
  la_ssize_t n;

  while ((n = archive_read_data (self->archive, buffer, BLOCK_SIZE)) > 0) {
    plug_rb_hash_update (hash, buffer, n);
    if (!sink (buffer, n, user_data, error))
      return FALSE;
  }

  if (n < 0)
    return throw_damaged (error, self->archive);

  *sha256 = plug_rb_hash_finish (hash);
  return TRUE;
}

static gboolean
write_sink (const void *data, gsize length, gpointer user_data, GError **error)
{
  return plug_rb_fs_write (GPOINTER_TO_INT (user_data), data, length, error);
}

/**
 * plug_rb_archive_reader_copy:
 * @fd: a file open for writing
 * @sha256: (out) (transfer full): of the content that was written
 *
 * Writes the content of the current entry to @fd.
 */
gboolean
plug_rb_archive_reader_copy (PlugRbArchiveReader *self, int fd, char **sha256, GError **error)
{
  return pour (self, write_sink, GINT_TO_POINTER (fd), sha256, error);
}

/* A document in memory, and how large it may become: a few bytes of zstd can unpack to gigabytes.
 */
typedef struct {
  GByteArray *bytes;
  gsize limit;
} Memory;

static gboolean
memory_sink (const void *data, gsize length, gpointer user_data, GError **error)
{
  Memory *memory = user_data;

  if (memory->bytes->len + length > memory->limit) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The archive is damaged: an entry is too large"));
    return FALSE;
  }

  g_byte_array_append (memory->bytes, data, length);
  return TRUE;
}

GBytes *
plug_rb_archive_reader_read (PlugRbArchiveReader *self, gsize limit, GError **error)
{
  Memory memory = { .bytes = g_byte_array_new (), .limit = limit };
  g_autofree char *sha256 = NULL;

  if (!pour (self, memory_sink, &memory, &sha256, error)) {
    g_byte_array_unref (memory.bytes);
    return NULL;
  }

  return g_byte_array_free_to_bytes (memory.bytes);
}

/* ---- single files */

static la_ssize_t
append_cb (struct archive *archive, void *data, const void *buffer, size_t length)
{
  g_byte_array_append (data, buffer, length);
  return length;
}

static gboolean
write_raw (RawWriter *writer, TarEntry *header, GBytes *content)
{
  gsize length;
  const void *data = g_bytes_get_data (content, &length);

  archive_entry_set_filetype (header, AE_IFREG);

  return archive_write_header (writer, header) == ARCHIVE_OK &&
         archive_write_data (writer, data, length) == (la_ssize_t) length &&
         archive_write_close (writer) == ARCHIVE_OK;
}

/**
 * plug_rb_archive_compress:
 *
 * Returns: (transfer full): @content as a .zst file
 */
GBytes *
plug_rb_archive_compress (GBytes *content, GError **error)
{
  g_autoptr(RawWriter) writer = archive_write_new ();
  g_autoptr(TarEntry) header = archive_entry_new ();
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  archive_write_add_filter_zstd (writer);
  archive_write_set_format_raw (writer);
  archive_write_set_bytes_in_last_block (writer, 1);

  if (archive_write_open (writer, bytes, NULL, append_cb, NULL) != ARCHIVE_OK ||
      !write_raw (writer, header, content)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED, "%s", archive_error_string (writer));
    return NULL;
  }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/**
 * plug_rb_archive_decompress:
 * @limit: largest size in bytes that is unpacked
 *
 * Returns: (transfer full): the content of a .zst file
 */
GBytes *
plug_rb_archive_decompress (GBytes *content, gsize limit, GError **error)
{
  PlugRbArchiveReader reader = { .archive = NULL };
  g_autoptr(RawReader) archive = archive_read_new ();
  struct archive_entry *header;
  gsize length;
  const void *data = g_bytes_get_data (content, &length);

  archive_read_support_filter_zstd (archive);
  archive_read_support_format_raw (archive);

  if (archive_read_open_memory (archive, data, length) != ARCHIVE_OK ||
      archive_read_next_header (archive, &header) != ARCHIVE_OK) {
    throw_damaged (error, archive);
    return NULL;
  }

  reader.archive = archive;
  return plug_rb_archive_reader_read (&reader, limit, error);
}
