/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-relook.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-fs.h"

#define RACY_SEC 2

/* The part and the folder in it that the row before lay in. */
typedef struct {
  GPtrArray *parts;
  const char *part;
  int part_fd;
  const char *path;
  gsize length;
  int fd;
} Place;

static void
place_clear (Place *place)
{
  g_clear_fd (&place->part_fd, NULL);
  g_clear_fd (&place->fd, NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static void
go_to_part (Place *place, const char *part)
{
  if (place->part != NULL && g_str_equal (place->part, part))
    return;

  place_clear (place);
  place->part = part;
  for (guint i = 0; i < place->parts->len; i++) {
    const PlugRbPart *candidate = place->parts->pdata[i];

    if (g_str_equal (candidate->name, part))
      place->part_fd = plug_rb_fs_open_folder (candidate->path, NULL);
  }
}

/* Returns the last name of the path; the place is then the folder that it lies in. */
static const char *
go_to (Place *place, const PlugRbEntry *entry)
{
  const char *slash = strrchr (entry->path, '/');
  gsize length = slash ? (gsize) (slash - entry->path) : 0;
  g_autofree char *folder = NULL;

  go_to_part (place, entry->part);
  if (place->fd < 0 || length != place->length || memcmp (place->path, entry->path, length) != 0) {
    folder = g_strndup (entry->path, length);
    g_clear_fd (&place->fd, NULL);
    place->path = entry->path;
    place->length = length;
    place->fd = plug_rb_fs_open_below (place->part_fd, folder, O_PATH | O_DIRECTORY);
  }

  return slash ? slash + 1 : entry->path;
}

/* What was seen right after its inode changed could be written in the same moment without any time
 * showing it, unless it then got a time of long ago, as what is restored does. */
static gboolean
is_certain (const PlugRbEntry *entry, const PlugRbLook *look)
{
  return !look->racy || look->ctime - entry->mtime > RACY_SEC;
}

/* All that a row and its look say of a file, but when its inode last changed. */
static gboolean
fits (const PlugRbEntry *entry, const PlugRbLook *look, const struct stat *st)
{
  gboolean is_link = entry->type == PLUG_RB_ENTRY_LINK;
  gboolean is_file = entry->type == PLUG_RB_ENTRY_FILE;

  return look->ino == st->st_ino && look->dev == st->st_dev && is_link == S_ISLNK (st->st_mode) &&
         is_file == S_ISREG (st->st_mode) && entry->mtime == st->st_mtim.tv_sec &&
         entry->nsec == st->st_mtim.tv_nsec && (is_link || entry->mode == (st->st_mode & 01777)) &&
         (!is_file || entry->size == (guint64) st->st_size);
}

static gboolean
look_at_row (PlugRbTable *now, PlugRbTable *table, guint index, Place *place)
{
  const PlugRbEntry *entry = plug_rb_table_get (table, index);
  const PlugRbLook *look = plug_rb_table_get_look (table, index);
  const char *name;
  PlugRbLook fresh;
  struct stat st;

  if (look == NULL) {
    plug_rb_table_add (now, entry);
    return TRUE;
  }

  name = go_to (place, entry);
  if (place->fd < 0 || !is_certain (entry, look) ||
      fstatat (place->fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 ||
      !fits (entry, look, &st))
    return FALSE;

  fresh = *look;
  fresh.ctime = st.st_ctim.tv_sec;
  fresh.ctime_nsec = st.st_ctim.tv_nsec;
  fresh.racy = FALSE;
  plug_rb_table_add_known (now, table, entry, entry->hard_link, &fresh);

  return TRUE;
}

/**
 * plug_rb_relook:
 * @table: a closed table of a live state, whose rows were all seen
 * @parts: (element-type PlugRbPart): where they lie
 *
 * Looks again at what is known, after links of ours to it came or went. Names that are new are not
 * seen by this: the next walk meets them anyway. To be called when a write has another time than
 * what changed last.
 *
 * Returns: (transfer full) (nullable): the same rows as the file system shows them now; %NULL if
 *   anything but that is different
 */
PlugRbTable *
plug_rb_relook (PlugRbTable *table, GPtrArray *parts)
{
  g_autoptr(PlugRbTable) now = plug_rb_table_new ();
  g_auto(Place) place = { .parts = parts, .part_fd = -1, .fd = -1 };

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    if (!look_at_row (now, table, i, &place))
      return NULL;

  plug_rb_table_close_like (now, table);
  return g_steal_pointer (&now);
}
