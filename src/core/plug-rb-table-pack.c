/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-hash.h"
#include "plug-rb-table-rows.h"

/* The form of a table in the caches: rows of one size, then all strings. It is mapped, not read,
 * and made anew by whoever cannot use it, so it may look different in every version and on every
 * machine. That its bytes are those that were written is the cache's concern. */

#define MAGIC 0x3330424154425250

typedef struct {
  guint64 magic;
  guint64 n_rows;
  guint64 strings_size;
  char sha256[PLUG_RB_HASH_HEX_SIZE + 7];
} Header;

/* Strings are offsets; 0 is none, because an empty string stands first. */
typedef struct {
  guint64 size;
  gint64 mtime;
  guint64 dev;
  guint64 ino;
  gint64 ctime;
  guint32 nsec;
  guint32 ctime_nsec;
  guint32 mode;
  guint8 type;
  guint8 seen;
  guint8 racy;
  guint8 foreign;
  guint32 part;
  guint32 path;
  guint32 target;
  guint32 sha256;
  guint32 hard_link;
  guint32 xattrs;
} PackedRow;

static guint32
put (GByteArray *strings, const char *text)
{
  guint32 offset = strings->len;

  if (text == NULL)
    return 0;

  g_byte_array_append (strings, (const guint8 *) text, strlen (text) + 1);
  return offset;
}

static PackedRow
pack_row (const PlugRbRow *row, GByteArray *strings, guint32 part)
{
  const PlugRbEntry *entry = &row->entry;

  return (PackedRow) { .size = entry->size,
                       .mtime = entry->mtime,
                       .nsec = entry->nsec,
                       .mode = entry->mode,
                       .type = entry->type,
                       .seen = row->seen,
                       .racy = row->look.racy,
                       .foreign = row->look.foreign,
                       .dev = row->look.dev,
                       .ino = row->look.ino,
                       .ctime = row->look.ctime,
                       .ctime_nsec = row->look.ctime_nsec,
                       .part = part,
                       .path = put (strings, entry->path),
                       .target = put (strings, entry->target),
                       .sha256 = put (strings, entry->sha256),
                       .hard_link = put (strings, entry->hard_link),
                       .xattrs = put (strings, entry->xattrs) };
}

/**
 * plug_rb_table_pack:
 *
 * Returns: (transfer full): a closed table in the form for caches, looks included
 */
GBytes *
plug_rb_table_pack (PlugRbTable *self)
{
  g_autoptr(GByteArray) strings = g_byte_array_new ();
  GByteArray *pack = g_byte_array_new ();
  Header header = { .magic = MAGIC, .n_rows = self->rows->len };
  const char *last_part = NULL;
  guint32 part = 0;

  put (strings, "");
  g_strlcpy (header.sha256, plug_rb_table_get_sha256 (self), sizeof header.sha256);
  g_byte_array_append (pack, (const guint8 *) &header, sizeof header);

  for (guint i = 0; i < self->rows->len; i++) {
    const PlugRbRow *row = &g_array_index (self->rows, PlugRbRow, i);
    PackedRow packed;

    if (g_strcmp0 (row->entry.part, last_part) != 0)
      part = put (strings, last_part = row->entry.part);
    packed = pack_row (row, strings, part);
    g_byte_array_append (pack, (const guint8 *) &packed, sizeof packed);
  }

  ((Header *) (gpointer) pack->data)->strings_size = strings->len;
  g_byte_array_append (pack, strings->data, strings->len);

  return g_byte_array_free_to_bytes (pack);
}

static const char *
get (const char *strings, guint32 offset)
{
  return offset ? strings + offset : NULL;
}

static gboolean
unpack_row (const PackedRow *packed, const char *strings, guint64 size, PlugRbRow *row)
{
  if (MAX (MAX (packed->part, packed->path), MAX (packed->target, packed->sha256)) >= size ||
      MAX (packed->hard_link, packed->xattrs) >= size || packed->part == 0 || packed->path == 0)
    return FALSE;

  *row = (PlugRbRow) {
    .entry = { .part = get (strings, packed->part),
               .path = get (strings, packed->path),
               .type = packed->type,
               .mode = packed->mode,
               .size = packed->size,
               .mtime = packed->mtime,
               .nsec = packed->nsec,
               .target = get (strings, packed->target),
               .sha256 = get (strings, packed->sha256),
               .hard_link = get (strings, packed->hard_link),
               .xattrs = get (strings, packed->xattrs) },
    .look = { packed->dev, packed->ino, packed->ctime, packed->ctime_nsec, packed->foreign, FALSE,
              packed->racy },
    .seen = packed->seen,
  };

  return TRUE;
}

/**
 * plug_rb_table_new_from_pack:
 * @pack: what plug_rb_table_pack() gave; the table keeps a reference
 *
 * Returns: (transfer full) (nullable): the closed table; %NULL if the bytes are of another version
 */
PlugRbTable *
plug_rb_table_new_from_pack (GBytes *pack)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (pack, &length);
  const Header *header = (const Header *) (gconstpointer) data;
  g_autoptr(PlugRbTable) self = NULL;
  const PackedRow *rows;
  const char *strings;

  if (length < sizeof *header || header->magic != MAGIC || header->n_rows > length ||
      header->strings_size == 0 || header->strings_size > length ||
      length != sizeof *header + header->n_rows * sizeof *rows + header->strings_size ||
      data[length - 1] != '\0')
    return NULL;

  self = plug_rb_table_new ();
  self->pack = g_bytes_ref (pack);
  self->sha256 = g_strndup (header->sha256, sizeof header->sha256);
  g_array_set_size (self->rows, header->n_rows);
  rows = (const PackedRow *) (gconstpointer) (data + sizeof *header);
  strings = (const char *) (rows + header->n_rows);

  for (guint i = 0; i < header->n_rows; i++)
    if (!unpack_row (&rows[i], strings, header->strings_size,
                     &g_array_index (self->rows, PlugRbRow, i)))
      return NULL;

  return g_steal_pointer (&self);
}
