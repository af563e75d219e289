/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-blob.h"
#include "plug-rb-store.h"

#define SEEN "seen"
#define TABLES "tables"

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

static PlugRbTable *
load (const char *kind, const char *name)
{
  g_autofd int fd = plug_rb_cache_open (kind, FALSE);
  g_autoptr(GBytes) pack = fd < 0 ? NULL : plug_rb_blob_load (fd, name);

  return pack ? plug_rb_table_new_from_pack (pack) : NULL;
}

/* A cache that cannot be written costs time, nothing else. */
static void
save (const char *kind, const char *name, PlugRbTable *table)
{
  g_autoptr(GBytes) pack = plug_rb_table_pack (table);
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_cache_open (kind, TRUE);

  if (fd >= 0 && !plug_rb_blob_save (fd, name, pack, &error))
    g_debug ("The cache is not written: %s", error->message);
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
