/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "hostile.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#define BLOCK 512
#define FRAME ((gsize) 8 * 1024 * 1024)

/* ---- tar */

static void
put_number (char *field, gsize width, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%0*" G_GINT64_MODIFIER "o", (int) width - 1, number);

  /* What does not fit is written in base 256, as GNU tar does. */
  if (strlen (text) < width) {
    memcpy (field, text, width);
    return;
  }

  for (gsize i = 1; i <= sizeof number; i++, number >>= 8)
    field[width - i] = (char) (number & 0xff);
  field[0] = (char) 0x80;
}

static void
put_sum (char *header)
{
  guint sum = 0;

  memset (header + 148, ' ', 8);
  for (guint i = 0; i < BLOCK; i++)
    sum += (guint8) header[i];
  put_number (header + 148, 7, sum);
}

void
hostile_tar_add (GByteArray *out, const HostileItem *item)
{
  gsize length = item->content ? strlen (item->content) : 0;
  char header[BLOCK] = { 0 };
  static const char zeros[BLOCK];

  memcpy (header, item->name, MIN (strlen (item->name), 100));
  put_number (header + 100, 8, item->mode ? item->mode : item->type == '5' ? 0755 : 0644);
  put_number (header + 108, 8, 0);
  put_number (header + 116, 8, 0);
  put_number (header + 124, 12, item->said ? item->said : length);
  put_number (header + 136, 12, 1700000000);
  header[156] = item->type;
  if (item->link != NULL)
    memcpy (header + 157, item->link, MIN (strlen (item->link), 100));
  memcpy (header + 257, "ustar\00000", 8);
  put_sum (header);

  g_byte_array_append (out, (const guint8 *) header, BLOCK);
  if (length > 0)
    g_byte_array_append (out, (const guint8 *) item->content, length);
  g_byte_array_append (out, (const guint8 *) zeros, (BLOCK - length % BLOCK) % BLOCK);
}

void
hostile_tar_close (GByteArray *out)
{
  static const guint8 zeros[2 * BLOCK];

  g_byte_array_append (out, zeros, sizeof zeros);
}

/* "LENGTH KEY=VALUE\n", in which the length counts itself. */
char *
hostile_pax_line (const char *key, const char *value)
{
  gsize rest = strlen (key) + strlen (value) + 3;
  gsize length = rest + 1;
  g_autofree char *digits = NULL;

  do {
    g_free (digits);
    digits = g_strdup_printf ("%" G_GSIZE_FORMAT, length);
  } while (strlen (digits) + rest != length++);

  return g_strdup_printf ("%s %s=%s\n", digits, key, value);
}

GBytes *
hostile_tar (const HostileItem *items, guint n_items)
{
  GByteArray *out = g_byte_array_new ();

  for (guint i = 0; i < n_items && items[i].name != NULL; i++)
    hostile_tar_add (out, &items[i]);
  hostile_tar_close (out);

  return g_byte_array_free_to_bytes (out);
}

/* ---- zip */

static guint32
sum_crc (const char *data, gsize length)
{
  guint32 crc = ~0U;

  for (gsize i = 0; i < length; i++) {
    crc ^= (guint8) data[i];
    for (int k = 0; k < 8; k++)
      crc = crc & 1 ? (crc >> 1) ^ 0xedb88320U : crc >> 1;
  }

  return ~crc;
}

static void
put_little (GByteArray *out, guint width, guint32 value)
{
  for (guint i = 0; i < width; i++, value >>= 8)
    g_byte_array_append (out, (const guint8[]) { value & 0xff }, 1);
}

static guint
get_file_type (char type)
{
  static const struct {
    char type;
    guint mode;
  } types[] = { { '0', S_IFREG }, { '2', S_IFLNK }, { '3', S_IFCHR }, { '4', S_IFBLK },
                { '5', S_IFDIR }, { '6', S_IFIFO }, { 's', S_IFSOCK } };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].mode;

  g_assert_not_reached ();
}

static const char *
get_zip_content (const HostileItem *item)
{
  if (item->link != NULL)
    return item->link;

  return item->content ? item->content : "";
}

/* What the entry's own header and its line in the directory at the end have in common. */
static void
put_zip_facts (GByteArray *out, const HostileItem *item)
{
  const char *content = get_zip_content (item);
  gsize length = strlen (content);

  put_little (out, 2, item->flags | 0x800);
  put_little (out, 2, 0);
  put_little (out, 4, 0x58f10000);
  put_little (out, 4, sum_crc (content, length));
  put_little (out, 4, length);
  put_little (out, 4, item->said ? item->said : length);
  put_little (out, 2, strlen (item->name));
  put_little (out, 2, 0);
}

static void
put_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
}

static void
put_zip_line (GByteArray *out, const HostileItem *item, guint offset)
{
  guint permissions = item->mode ? item->mode : item->type == '5' ? 0755 : 0644;

  put_text (out, "PK\1\2");
  put_little (out, 2, 3 << 8 | 20);
  put_little (out, 2, 20);
  put_zip_facts (out, item);
  put_little (out, 2, 0);
  put_little (out, 2, 0);
  put_little (out, 2, 0);
  put_little (out, 4, (get_file_type (item->type) | permissions) << 16);
  put_little (out, 4, offset);
  put_text (out, item->name);
}

GBytes *
hostile_zip (const HostileItem *items, guint n_items)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr(GByteArray) directory = g_byte_array_new ();
  guint count = 0;
  guint start;

  for (guint i = 0; i < n_items && items[i].name != NULL; i++, count++) {
    put_zip_line (directory, &items[i], out->len);
    put_text (out, "PK\3\4");
    put_little (out, 2, 20);
    put_zip_facts (out, &items[i]);
    put_text (out, items[i].name);
    put_text (out, get_zip_content (&items[i]));
  }

  start = out->len;
  g_byte_array_append (out, directory->data, directory->len);
  put_text (out, "PK\5\6");
  put_little (out, 4, 0);
  put_little (out, 2, count);
  put_little (out, 2, count);
  put_little (out, 4, directory->len);
  put_little (out, 4, start);
  put_little (out, 2, 0);

  return g_byte_array_free_to_bytes (out);
}

/* ---- compression */

static la_ssize_t
append_cb (struct archive *archive, void *data, const void *buffer, size_t length)
{
  g_byte_array_append (data, buffer, length);
  return length;
}

/**
 * hostile_compress:
 * @filter: "gzip", "zstd", "xz" ...
 */
GBytes *
hostile_compress (GBytes *bytes, const char *filter)
{
  struct archive *writer = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();
  GByteArray *out = g_byte_array_new ();
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  archive_entry_set_filetype (entry, AE_IFREG);
  g_assert_cmpint (archive_write_add_filter_by_name (writer, filter), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_format_raw (writer), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_bytes_in_last_block (writer, 1), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open (writer, out, NULL, append_cb, NULL), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_header (writer, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (writer, data, length), ==, (la_ssize_t) length);
  g_assert_cmpint (archive_write_free (writer), ==, ARCHIVE_OK);
  archive_entry_free (entry);

  return g_byte_array_free_to_bytes (out);
}

/**
 * hostile_frames:
 *
 * Compresses as the store does: in zstd frames that say how large they are.
 */
GBytes *
hostile_frames (GBytes *bytes)
{
  GByteArray *out = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize at = 0; at < length; at += FRAME) {
    gsize piece = MIN (FRAME, length - at);
    gsize room = ZSTD_compressBound (piece);
    g_autofree guint8 *packed = g_malloc (room);
    gsize n = ZSTD_compress (packed, room, data + at, piece, 3);

    g_assert_false (ZSTD_isError (n));
    g_byte_array_append (out, packed, n);
  }

  return g_byte_array_free_to_bytes (out);
}
