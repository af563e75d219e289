/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-pack-names.h"

#include "plug-rb-contents.h"

/* A content is stored once, whatever it is called. Whoever unpacks the archives by tar, one after
 * the other, gets all other names of it as hard links. */

/* A larger content keeps its old name only: one frame cannot hold it. */
#define LARGEST_COPY PLUG_RB_FRAME_PIECE

static GHashTable *
map_contents (PlugRbTable *table)
{
  GHashTable *map = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; table != NULL && i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (entry->sha256 != NULL)
      g_hash_table_insert (map, (char *) entry->sha256, (gpointer) entry);
  }

  return map;
}

static gboolean
add_link (PlugRbFrame *frame, const PlugRbEntry *entry, const char *first, GError **error)
{
  PlugRbEntry link = *entry;

  link.hard_link = first;
  return plug_rb_frame_add (frame, &link, NULL, 0, error);
}

/* The other file may have another content by now, and then a link would lead to that one. */
static gboolean
is_still_there (const PlugRbPackNames *names, const PlugRbEntry *other, const PlugRbEntry *entry)
{
  const PlugRbEntry *now = plug_rb_table_find (names->table, other->part, other->path);

  return g_str_equal (other->part, entry->part) &&
         (now == NULL || g_strcmp0 (now->sha256, entry->sha256) == 0);
}

static gboolean
add_copy (const PlugRbPackNames *names,
          PlugRbFrame *frame,
          const PlugRbEntry *entry,
          GError **error)
{
  g_autoptr(GBytes) content = NULL;
  gsize length;
  const void *data;

  if (entry->size > LARGEST_COPY)
    return TRUE;

  content = plug_rb_contents_read (names->base, entry->sha256, LARGEST_COPY, error);
  data = content ? g_bytes_get_data (content, &length) : NULL;

  return content != NULL && plug_rb_frame_add (frame, entry, data, length, error);
}

/* A content of the older archives, which has this name there if the file is as it was then. */
static gboolean
add_shared (const PlugRbPackNames *names,
            PlugRbFrame *frame,
            GHashTable *map,
            const PlugRbEntry *entry,
            GError **error)
{
  const PlugRbEntry *then, *other;

  if (names->base_table == NULL)
    return TRUE;

  then = plug_rb_table_find (names->base_table, entry->part, entry->path);
  other = g_hash_table_lookup (map, entry->sha256);
  if (then != NULL && g_strcmp0 (then->sha256, entry->sha256) == 0)
    return TRUE;

  return other != NULL && is_still_there (names, other, entry)
             ? add_link (frame, entry, other->path, error)
             : add_copy (names, frame, entry, error);
}

static gboolean
add_file (const PlugRbPackNames *names,
          PlugRbFrame *frame,
          GHashTable *map,
          const PlugRbEntry *entry,
          GError **error)
{
  const char *first = g_hash_table_lookup (names->claimed, entry->sha256);
  g_autofree char *place = g_strconcat (entry->part, "/", entry->path, NULL);

  if (first == NULL)
    return add_shared (names, frame, map, entry, error);
  if (g_str_equal (first, place))
    return TRUE;

  return g_str_has_prefix (first, entry->part) && first[strlen (entry->part)] == '/'
             ? add_link (frame, entry, first + strlen (entry->part) + 1, error)
             : TRUE;
}

/**
 * plug_rb_pack_names_add:
 * @frame: gets an entry for every file that has none yet under its name
 */
gboolean
plug_rb_pack_names_add (const PlugRbPackNames *names, PlugRbFrame *frame, GError **error)
{
  g_autoptr(GHashTable) map = map_contents (names->base_table);

  for (guint i = 0; i < plug_rb_table_get_size (names->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (names->table, i);

    if (entry->type == PLUG_RB_ENTRY_FILE && entry->hard_link == NULL &&
        (!add_file (names, frame, map, entry, error) ||
         !plug_rb_pack_append_full (names->pack, frame, error)))
      return FALSE;
  }

  return TRUE;
}
