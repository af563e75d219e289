/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-blob.h"
#include "plug-rb-fs.h"
#include "plug-rb-store.h"

#define SEEN "seen"
#define TABLES "tables"

/* What nobody asked for in this many days goes, and of tables all but the newest. */
#define DAY (24 * 60 * 60)
#define SEEN_DAYS 90
#define TABLES_DAYS 30
#define TABLES_MOST 64

/* Below this many rows a table is read from the store faster than it is kept twice. */
#define WORTH_KEEPING 64

/**
 * plug_rb_cache_open:
 * @kind: name of a folder
 * @make: whether to make it if it is not there
 *
 * Returns: a descriptor of the folder that the caller closes, or -1
 */
int
plug_rb_cache_open (const char *kind, gboolean make)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "plugin-rollback", kind, NULL);

  if (make && g_mkdir_with_parents (path, 0700) < 0)
    return -1;

  return open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- what goes */

typedef struct {
  char *name;
  gint64 used;
} Cached;

static void
cached_clear (Cached *cached)
{
  g_free (cached->name);
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Cached *) a)->used, y = ((const Cached *) b)->used;

  return x < y ? 1 : x > y ? -1 : 0;
}

/* The last used first. */
static GArray *
list_cached (int fd)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Cached));
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);

  g_array_set_clear_func (all, (GDestroyNotify) cached_clear);
  for (guint i = 0; names != NULL && i < names->len; i++) {
    Cached cached = { NULL };
    struct stat st;

    if (fstatat (fd, names->pdata[i], &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG (st.st_mode))
      continue;
    cached.name = g_strdup (names->pdata[i]);
    cached.used = st.st_mtime;
    g_array_append_val (all, cached);
  }

  g_array_sort (all, compare_use);
  return all;
}

/* Only with something new does a folder grow, so only then it is looked through. */
static void
drop_unused (int fd, guint days, guint most)
{
  g_autoptr(GArray) all = list_cached (fd);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < all->len; i++) {
    const Cached *cached = &g_array_index (all, Cached, i);

    if (i >= most || now - cached->used > (gint64) days * DAY)
      unlinkat (fd, cached->name, 0);
  }
}

/* Once a day is enough to know what is in use. */
static void
touch (int fd, const char *name)
{
  struct stat st;

  if (fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
      g_get_real_time () / G_USEC_PER_SEC - st.st_mtime > DAY)
    utimensat (fd, name, NULL, AT_SYMLINK_NOFOLLOW);
}

/* ---- what is kept */

static PlugRbTable *
load (const char *kind, const char *name)
{
  g_autofd int fd = plug_rb_cache_open (kind, FALSE);
  g_autoptr(GBytes) pack = fd < 0 ? NULL : plug_rb_blob_load (fd, name);

  if (pack != NULL)
    touch (fd, name);

  return pack ? plug_rb_table_new_from_pack (pack) : NULL;
}

/* A cache that cannot be written costs time, nothing else. */
static void
save (const char *kind, const char *name, PlugRbTable *table)
{
  g_autoptr(GBytes) pack = plug_rb_table_pack (table);
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_cache_open (kind, TRUE);
  gboolean is_new = fd >= 0 && faccessat (fd, name, F_OK, 0) < 0;

  if (fd >= 0 && !plug_rb_blob_save (fd, name, pack, &error))
    g_debug ("The cache is not written: %s", error->message);
  else if (is_new && g_str_equal (kind, TABLES))
    drop_unused (fd, TABLES_DAYS, TABLES_MOST);
  else if (is_new)
    drop_unused (fd, SEEN_DAYS, G_MAXUINT);
}

/**
 * plug_rb_cache_load_seen:
 * @plugin: key of a plugin
 *
 * Returns: (transfer full) (nullable): the plugin's live state when it was last read, with what the
 * file system said of each file
 */
PlugRbTable *
plug_rb_cache_load_seen (const char *plugin)
{
  g_autofree char *name = plug_rb_store_escape (plugin);

  return load (SEEN, name);
}

void
plug_rb_cache_save_seen (const char *plugin, PlugRbTable *table)
{
  g_autofree char *name = plug_rb_store_escape (plugin);

  save (SEEN, name, table);
}

void
plug_rb_cache_drop_seen (const char *plugin)
{
  g_autofree char *name = plug_rb_store_escape (plugin);
  g_autofd int fd = plug_rb_cache_open (SEEN, FALSE);

  if (fd >= 0)
    unlinkat (fd, name, 0);
}

/**
 * plug_rb_cache_load_table:
 * @sha256: name of a state
 *
 * Returns: (transfer full) (nullable): the table of that name
 */
PlugRbTable *
plug_rb_cache_load_table (const char *sha256)
{
  g_autoptr(PlugRbTable) table = load (TABLES, sha256);

  if (table == NULL || !g_str_equal (plug_rb_table_get_sha256 (table), sha256))
    return NULL;

  return g_steal_pointer (&table);
}

void
plug_rb_cache_save_table (PlugRbTable *table)
{
  if (plug_rb_table_get_size (table) >= WORTH_KEEPING)
    save (TABLES, plug_rb_table_get_sha256 (table), table);
}
