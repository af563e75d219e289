/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-listing.h"

#include <glib/gstdio.h>
#include <string.h>

#include "plug-rb-blob.h"
#include "plug-rb-cache.h"
#include "plug-rb-enums.h"
#include "plug-rb-hash.h"

/* Folders by name, then snapshots as they are listed, then all texts, the empty one first. It is
 * used as it was read, and made anew by whoever cannot use it, so it may look different in every
 * version and on every machine. That its bytes are those that were written is the blob's concern.
 */

#define KIND "listings"
#define MAGIC 0x3130474e54534c50

typedef struct {
  guint64 magic;
  guint64 n_folders;
  guint64 n_rows;
  guint64 texts_size;
  guint32 store;
  guint32 version;
} Header;

struct _PlugRbListing {
  GBytes *pack;
  guint n_folders;
  guint n_rows;
  const PlugRbListingFolder *folders;
  const PlugRbListingRow *rows;
  const char *texts;
  const char *store;
};

/* ---- reading */

/* The years 1 to 9999, as GDateTime has them. */
static gboolean
numbers_are_sound (const PlugRbListingRow *row)
{
  return row->seconds >= G_GINT64_CONSTANT (-62135596800) &&
         row->seconds <= G_GINT64_CONSTANT (253402300799) &&
         row->reason <= PLUG_RB_REASON_PACKAGE && row->health <= PLUG_RB_HEALTH_BAD;
}

static gboolean
rows_are_sound (const PlugRbListing *self, guint64 size)
{
  for (guint i = 0; i < self->n_folders; i++)
    if (self->folders[i].name == 0 || self->folders[i].name >= size)
      return FALSE;

  for (guint i = 0; i < self->n_rows; i++) {
    const PlugRbListingRow *row = &self->rows[i];

    if (row->folder >= self->n_folders || !numbers_are_sound (row))
      return FALSE;
    for (guint text = 0; text < PLUG_RB_LISTING_N_TEXTS; text++)
      if (row->texts[text] >= size || (row->texts[text] == 0 && text <= PLUG_RB_LISTING_PLUGIN_ID))
        return FALSE;
  }

  return TRUE;
}

static gboolean
header_is_sound (const Header *header, gsize length)
{
  gsize most = G_MAXUINT32 / 2;

  return header->magic == MAGIC && header->n_folders < most / sizeof (PlugRbListingFolder) &&
         header->n_rows < most / sizeof (PlugRbListingRow) && header->texts_size > 0 &&
         header->texts_size < most && header->store < header->texts_size &&
         header->version < header->texts_size &&
         length == sizeof *header + header->n_folders * sizeof (PlugRbListingFolder) +
                       header->n_rows * sizeof (PlugRbListingRow) + header->texts_size;
}

static PlugRbListing *
parse (GBytes *pack)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (pack, &length);
  const Header *header = (const Header *) (gconstpointer) data;
  g_autoptr(PlugRbListing) self = NULL;

  if (length < sizeof *header || !header_is_sound (header, length) || data[length - 1] != '\0')
    return NULL;

  self = g_atomic_rc_box_new0 (PlugRbListing);
  self->pack = g_bytes_ref (pack);
  self->n_folders = (guint) header->n_folders;
  self->n_rows = (guint) header->n_rows;
  self->folders = (const PlugRbListingFolder *) (gconstpointer) (data + sizeof *header);
  self->rows = (const PlugRbListingRow *) (gconstpointer) (self->folders + self->n_folders);
  self->texts = (const char *) (self->rows + self->n_rows);
  self->store = self->texts + header->store;
  if (!g_str_equal (self->texts + header->version, PACKAGE_VERSION))
    return NULL;

  return rows_are_sound (self, header->texts_size) ? g_steal_pointer (&self) : NULL;
}

static char *
make_name (const char *store)
{
  return plug_rb_hash_bytes (store, strlen (store));
}

/**
 * plug_rb_listing_load:
 * @store: path of a store
 *
 * Returns: (transfer full) (nullable): what is remembered of it, if anything is
 */
PlugRbListing *
plug_rb_listing_load (const char *store)
{
  g_autofree char *name = make_name (store);
  g_autofd int fd = plug_rb_cache_open (KIND, FALSE);
  g_autoptr(GBytes) pack = fd < 0 ? NULL : plug_rb_blob_load (fd, name);
  g_autoptr(PlugRbListing) self = pack ? parse (pack) : NULL;

  return self != NULL && g_str_equal (self->store, store) ? g_steal_pointer (&self) : NULL;
}

PlugRbListing *
plug_rb_listing_ref (PlugRbListing *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
listing_clear (PlugRbListing *self)
{
  g_clear_pointer (&self->pack, g_bytes_unref);
}

void
plug_rb_listing_unref (PlugRbListing *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) listing_clear);
}

guint
plug_rb_listing_count_folders (PlugRbListing *self)
{
  return self->n_folders;
}

guint
plug_rb_listing_count_rows (PlugRbListing *self)
{
  return self->n_rows;
}

const PlugRbListingRow *
plug_rb_listing_get_row (PlugRbListing *self, guint index)
{
  g_return_val_if_fail (index < self->n_rows, NULL);

  return &self->rows[index];
}

/**
 * plug_rb_listing_get_text:
 *
 * Returns: (transfer none) (nullable): a text, which lives as long as the listing
 */
const char *
plug_rb_listing_get_text (PlugRbListing *self, const PlugRbListingRow *row, PlugRbListingText text)
{
  return row->texts[text] ? self->texts + row->texts[text] : NULL;
}

/**
 * plug_rb_listing_build_path:
 *
 * Returns: (transfer full): where the plugin's snapshots lie
 */
char *
plug_rb_listing_build_path (PlugRbListing *self, const PlugRbListingRow *row)
{
  const char *folder = self->texts + self->folders[row->folder].name;

  return g_build_filename (self->store, "snapshots", folder, NULL);
}

/**
 * plug_rb_listing_find_folder:
 * @name: path of a plugin's folder below `snapshots`
 * @index: (out): where it stands
 *
 * Returns: whether it is remembered
 */
gboolean
plug_rb_listing_find_folder (PlugRbListing *self, const char *name, guint *index)
{
  guint low = 0, high = self->n_folders;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    int order = strcmp (name, self->texts + self->folders[middle].name);

    if (order == 0) {
      *index = middle;
      return TRUE;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }

  return FALSE;
}

/**
 * plug_rb_listing_knows:
 * @st: of the plugin's folder, as it is now
 *
 * Whether the folder is as it was. Whatever is made, deleted or edited in it changes its times.
 */
gboolean
plug_rb_listing_knows (PlugRbListing *self, guint folder, const struct stat *st)
{
  const PlugRbListingFolder *seen = &self->folders[folder];

  return seen->dev == st->st_dev && seen->ino == st->st_ino && seen->mtime == st->st_mtim.tv_sec &&
         seen->ctime == st->st_ctim.tv_sec && seen->mtime_nsec == st->st_mtim.tv_nsec &&
         seen->ctime_nsec == st->st_ctim.tv_nsec;
}

/* ---- writing */

struct _PlugRbListingWriter {
  char *store;
  GArray *folders;
  GArray *rows;
  GByteArray *texts;
  GHashTable *offsets;
  GHashTable *indices;
};

PlugRbListingWriter *
plug_rb_listing_writer_new (const char *store)
{
  PlugRbListingWriter *self = g_new0 (PlugRbListingWriter, 1);

  self->store = g_strdup (store);
  self->folders = g_array_new (FALSE, FALSE, sizeof (PlugRbListingFolder));
  self->rows = g_array_new (FALSE, FALSE, sizeof (PlugRbListingRow));
  self->texts = g_byte_array_new ();
  self->offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->indices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_byte_array_append (self->texts, (const guint8 *) "", 1);

  return self;
}

void
plug_rb_listing_writer_free (PlugRbListingWriter *self)
{
  g_free (self->store);
  g_array_unref (self->folders);
  g_array_unref (self->rows);
  g_byte_array_unref (self->texts);
  g_hash_table_unref (self->offsets);
  g_hash_table_unref (self->indices);
  g_free (self);
}

/**
 * plug_rb_listing_writer_put:
 * @text: (nullable): a text
 *
 * Returns: where a row finds it; equal texts are written once
 */
guint32
plug_rb_listing_writer_put (PlugRbListingWriter *self, const char *text)
{
  guint32 offset = self->texts->len;
  gpointer known;

  if (text == NULL)
    return 0;
  if ((known = g_hash_table_lookup (self->offsets, text)) != NULL)
    return GPOINTER_TO_UINT (known);

  g_byte_array_append (self->texts, (const guint8 *) text, strlen (text) + 1);
  g_hash_table_insert (self->offsets, g_strdup (text), GUINT_TO_POINTER (offset));

  return offset;
}

static void
add_folder (PlugRbListingWriter *self, const char *name, PlugRbListingFolder folder)
{
  folder.name = plug_rb_listing_writer_put (self, name);
  g_hash_table_insert (self->indices, g_strdup (name), GUINT_TO_POINTER (self->folders->len));
  g_array_append_val (self->folders, folder);
}

/**
 * plug_rb_listing_writer_add_folder:
 * @name: path of a plugin's folder below `snapshots`; they come in byte order
 * @st: what it was before any of its snapshots was read
 */
void
plug_rb_listing_writer_add_folder (PlugRbListingWriter *self,
                                   const char *name,
                                   const struct stat *st)
{
  const PlugRbListingFolder folder = { .dev = st->st_dev,
                                       .ino = st->st_ino,
                                       .mtime = st->st_mtim.tv_sec,
                                       .ctime = st->st_ctim.tv_sec,
                                       .mtime_nsec = (guint32) st->st_mtim.tv_nsec,
                                       .ctime_nsec = (guint32) st->st_ctim.tv_nsec };

  add_folder (self, name, folder);
}

/**
 * plug_rb_listing_writer_add_row:
 * @folder: name of the plugin's folder
 * @row: all of it but the folder; its texts were put here
 *
 * Adds a snapshot, if its folder was added before.
 */
void
plug_rb_listing_writer_add_row (PlugRbListingWriter *self,
                                const char *folder,
                                const PlugRbListingRow *row)
{
  PlugRbListingRow copy = *row;
  gpointer index;

  if (!g_hash_table_lookup_extended (self->indices, folder, NULL, &index))
    return;

  copy.folder = GPOINTER_TO_UINT (index);
  g_array_append_val (self->rows, copy);
}

static GBytes *
pack (PlugRbListingWriter *self)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint32 store = plug_rb_listing_writer_put (self, self->store);
  const guint32 version = plug_rb_listing_writer_put (self, PACKAGE_VERSION);
  const Header header = { .magic = MAGIC,
                          .store = store,
                          .version = version,
                          .n_folders = self->folders->len,
                          .n_rows = self->rows->len,
                          .texts_size = self->texts->len };

  g_byte_array_append (bytes, (const guint8 *) &header, sizeof header);
  g_byte_array_append (bytes, (const guint8 *) self->folders->data,
                       self->folders->len * sizeof (PlugRbListingFolder));
  g_byte_array_append (bytes, (const guint8 *) self->rows->data,
                       self->rows->len * sizeof (PlugRbListingRow));
  g_byte_array_append (bytes, self->texts->data, self->texts->len);

  return g_byte_array_free_to_bytes (bytes);
}

/**
 * plug_rb_listing_writer_save:
 *
 * Puts it in place of what was remembered before. Where that cannot be written, the next list takes
 * longer, nothing else.
 */
void
plug_rb_listing_writer_save (PlugRbListingWriter *self)
{
  g_autoptr(GBytes) bytes = pack (self);
  g_autofree char *name = make_name (self->store);
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_cache_open (KIND, TRUE);

  if (fd >= 0 && !plug_rb_blob_save (fd, name, bytes, &error))
    g_debug ("The cache is not written: %s", error->message);
}
