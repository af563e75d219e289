/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-archive.h"
#include "plug-rb-cache.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define TABLE_LIMIT (256 * 1024 * 1024)

static char *
table_name (const char *sha256)
{
  return g_strconcat (sha256, ".json.zst", NULL);
}

/* A table's name is the hash of its bytes. */
static GBytes *
read_table_bytes (PlugRbStore *self, const char *sha256, GError **error)
{
  g_autofree char *name = table_name (sha256);
  g_autofree char *path = plug_rb_store_build_path (self, "tables", name, NULL);
  g_autoptr(GBytes) packed = plug_rb_fs_read (AT_FDCWD, path, TABLE_LIMIT, error);
  g_autoptr(GBytes) bytes =
      packed ? plug_rb_archive_decompress (packed, TABLE_LIMIT, error) : NULL;
  g_autofree char *found = NULL;

  if (bytes == NULL)
    return NULL;

  found = plug_rb_hash_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (g_str_equal (found, sha256))
    return g_steal_pointer (&bytes);

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("The list of files is damaged"));
  return NULL;
}

static PlugRbTable *
read_table (PlugRbStore *self, const char *sha256, GError **error)
{
  g_autoptr(GBytes) bytes = read_table_bytes (self, sha256, error);

  return bytes ? plug_rb_table_new_from_bytes (bytes, error) : NULL;
}

/**
 * plug_rb_store_check_table:
 *
 * Reads a snapshot's state table without making anything of it.
 *
 * Returns: whether it is there and good
 */
gboolean
plug_rb_store_check_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(GBytes) bytes = read_table_bytes (self, plug_rb_snapshot_get_table (snapshot), error);

  return bytes != NULL;
}

/* Something of that name may be damaged: then this is the one that belongs there. */
static gboolean
has_table (PlugRbStore *self, const char *sha256)
{
  g_autoptr(GBytes) bytes = read_table_bytes (self, sha256, NULL);

  return bytes != NULL;
}

/**
 * plug_rb_store_save_table:
 *
 * Stores a state table under the name that its content gives it, unless it is there already.
 */
gboolean
plug_rb_store_save_table (PlugRbStore *self, PlugRbTable *table, GError **error)
{
  g_autofree char *name = table_name (plug_rb_table_get_sha256 (table));
  g_autofree char *folder = plug_rb_store_build_path (self, "tables", NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) packed = NULL;
  g_autofd int fd = -1;

  if (has_table (self, plug_rb_table_get_sha256 (table)))
    return TRUE;

  plug_rb_cache_save_table (table);
  bytes = plug_rb_table_get_bytes (table);
  packed = plug_rb_archive_compress (bytes, error);
  if (packed == NULL || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  return plug_rb_fs_replace (fd, name, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                             error);
}

/**
 * plug_rb_store_read_table:
 *
 * Returns: (transfer full): the snapshot's state table as it lies in the store, checked against its
 * SHA-256
 */
PlugRbTable *
plug_rb_store_read_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  return read_table (self, plug_rb_snapshot_get_table (snapshot), error);
}

/**
 * plug_rb_store_load_table:
 *
 * As plug_rb_store_read_table(), but from the cache if it is there: it was checked when it came.
 *
 * Returns: (transfer full): the snapshot's state table
 */
PlugRbTable *
plug_rb_store_load_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  PlugRbTable *table = plug_rb_cache_load_table (plug_rb_snapshot_get_table (snapshot));

  if (table != NULL)
    return table;

  if ((table = plug_rb_store_read_table (self, snapshot, error)) != NULL)
    plug_rb_cache_save_table (table);

  return table;
}

static JsonArray *
get_archives (PlugRbSnapshot *snapshot)
{
  return plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
}

guint
plug_rb_store_count_archives (PlugRbSnapshot *snapshot)
{
  JsonArray *archives = get_archives (snapshot);

  return archives ? json_array_get_length (archives) : 0;
}

static gboolean
is_plain_name (const char *file)
{
  g_auto(GStrv) names = g_strsplit (file, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || *names[i] == '.')
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_store_open_archive:
 * @index: which of the snapshot's archives
 *
 * Returns: a descriptor at the archive's start that the caller closes, or -1
 */
int
plug_rb_store_open_archive (PlugRbStore *self,
                            PlugRbSnapshot *snapshot,
                            guint index,
                            GError **error)
{
  JsonArray *archives = get_archives (snapshot);
  JsonObject *archive = archives ? plug_rb_json_get_element (archives, index) : NULL;
  const char *file = archive ? plug_rb_json_get_string (archive, "file") : NULL;
  g_autofree char *path = NULL;
  int fd;

  if (file == NULL || !is_plain_name (file)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("Snapshot %s names no archive"),
                 plug_rb_snapshot_get_id (snapshot));
    return -1;
  }

  path = plug_rb_store_build_path (self, "archives", file, NULL);
  if ((fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0)
    plug_rb_error_set_errno (error, errno, _("The archive “%s” cannot be opened"), path);

  return fd;
}

/**
 * plug_rb_store_has_contents:
 *
 * Whether table and archives are where they should be, as large as they were: enough to refer to
 * them once more without reading them.
 */
gboolean
plug_rb_store_has_contents (PlugRbStore *self, PlugRbSnapshot *snapshot)
{
  JsonArray *archives = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_table (snapshot), ".json.zst", NULL);
  g_autofree char *table = plug_rb_store_build_path (self, "tables", name, NULL);

  for (guint i = 0; archives != NULL && i < json_array_get_length (archives); i++) {
    g_autofd int fd = plug_rb_store_open_archive (self, snapshot, i, NULL);
    gint64 size = plug_rb_json_get_int (plug_rb_json_get_element (archives, i), "size", -1);
    struct stat st;

    if (fd < 0 || fstat (fd, &st) < 0 || st.st_size != size)
      return FALSE;
  }

  return archives != NULL && g_file_test (table, G_FILE_TEST_IS_REGULAR);
}
