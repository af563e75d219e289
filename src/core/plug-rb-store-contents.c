/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-archive.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define TABLE_LIMIT (256 * 1024 * 1024)

static char *
table_name (const char *sha256)
{
  return g_strconcat (sha256, ".json.zst", NULL);
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
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GBytes) packed = NULL;
  g_autofd int fd = -1;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  packed = plug_rb_archive_compress (plug_rb_table_get_bytes (table), error);
  if (packed == NULL || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  return plug_rb_fs_replace (fd, name, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                             error);
}

/**
 * plug_rb_store_load_table:
 *
 * Returns: (transfer full): the snapshot's state table, checked against its SHA-256
 */
PlugRbTable *
plug_rb_store_load_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *name = table_name (plug_rb_snapshot_get_table (snapshot));
  g_autofree char *path = plug_rb_store_build_path (self, "tables", name, NULL);
  g_autoptr(GBytes) packed = plug_rb_fs_read (AT_FDCWD, path, TABLE_LIMIT, error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(PlugRbTable) table = NULL;

  if (packed == NULL || !(bytes = plug_rb_archive_decompress (packed, TABLE_LIMIT, error)) ||
      !(table = plug_rb_table_new_from_bytes (bytes, error)))
    return NULL;

  if (!g_str_equal (plug_rb_table_get_sha256 (table), plug_rb_snapshot_get_table (snapshot))) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The list of files is damaged"));
    return NULL;
  }

  return g_steal_pointer (&table);
}

static gboolean
add_file (PlugRbArchiveWriter *writer,
          PlugRbState *state,
          const PlugRbEntry *entry,
          int root_fd,
          GError **error)
{
  g_autofd int fd = -1;

  if (entry->type == PLUG_RB_ENTRY_FILE) {
    /* A part that is a single file has no folder to look beneath. */
    if (root_fd < 0)
      fd = open (plug_rb_state_get_part (state, entry->part)->path,
                 O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    else
      fd = plug_rb_fs_open_beneath (root_fd, entry->path, O_RDONLY, error);
    if (fd < 0)
      return FALSE;
  }

  return plug_rb_archive_writer_add (writer, entry, fd, error);
}

static gboolean
add_part (PlugRbArchiveWriter *writer,
          PlugRbState *state,
          const PlugRbPart *part,
          GCancellable *cancellable,
          GError **error)
{
  g_autofd int root_fd = open (part->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);
    gboolean is_linked_root = entry->type == PLUG_RB_ENTRY_LINK && *entry->path == '\0';

    if (!g_str_equal (entry->part, part->name) || is_linked_root)
      continue;
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !add_file (writer, state, entry, root_fd, error))
      return FALSE;
  }

  return TRUE;
}

/* Settings stand first, so that they are read without unpacking the files. */
static gboolean
write_contents (PlugRbArchiveWriter *writer,
                PlugRbState *state,
                GCancellable *cancellable,
                GError **error)
{
  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);

    if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) &&
        !plug_rb_archive_writer_add_document (
            writer, entry, g_hash_table_lookup (state->documents, entry->path), error))
      return FALSE;
  }

  for (guint i = 0; i < state->parts->len; i++)
    if (!add_part (writer, state, state->parts->pdata[i], cancellable, error))
      return FALSE;

  return TRUE;
}

static JsonArray *
describe_archive (const char *file, const char *sha256, guint64 size)
{
  JsonArray *archives = json_array_new ();
  JsonObject *archive = json_object_new ();

  json_object_set_string_member (archive, "file", file);
  json_object_set_string_member (archive, "sha256", sha256);
  json_object_set_int_member (archive, "size", size);
  json_array_add_object_element (archives, archive);

  return archives;
}

static gboolean
fill_archive (int folder_fd,
              const char *name,
              PlugRbState *state,
              char **sha256,
              guint64 *size,
              GCancellable *cancellable,
              GError **error)
{
  g_autofd int fd =
      openat (folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  g_autoptr(PlugRbArchiveWriter) writer = NULL;

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  return (writer = plug_rb_archive_writer_new (fd, error)) &&
         write_contents (writer, state, cancellable, error) &&
         plug_rb_archive_writer_close (writer, sha256, size, error) &&
         plug_rb_fs_sync (fd, name, error);
}

/**
 * plug_rb_store_save_archive:
 * @id: of the snapshot to come
 * @stored: (out): bytes of the archive
 *
 * Writes the contents of a state into an archive, complete and synced or not at all.
 *
 * Returns: (transfer full): the member "archives" of the snapshot's metadata
 */
JsonArray *
plug_rb_store_save_archive (PlugRbStore *self,
                            PlugRbState *state,
                            const char *id,
                            guint64 *stored,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autofree char *below = plug_rb_store_escape_key (state->plugin);
  g_autofree char *folder = plug_rb_store_build_path (self, "archives", below, NULL);
  g_autofree char *name = g_strconcat (id, ".tar.zst", NULL);
  g_autofree char *temporary = g_strconcat (".tmp-", name, NULL);
  g_autofree char *file = g_build_filename (below, name, NULL);
  g_autofree char *sha256 = NULL;
  g_autofd int fd = -1;

  if (!plug_rb_fs_make_folders (folder, error) || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return NULL;

  if (!fill_archive (fd, temporary, state, &sha256, stored, cancellable, error)) {
    unlinkat (fd, temporary, 0);
    return NULL;
  }

  if (renameat (fd, temporary, fd, name) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return NULL;
  }

  return plug_rb_fs_sync (fd, folder, error) ? describe_archive (file, sha256, *stored) : NULL;
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
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("Snapshot %s names no archive"), plug_rb_snapshot_get_id (snapshot));
    return -1;
  }

  path = plug_rb_store_build_path (self, "archives", file, NULL);
  if ((fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0)
    plug_rb_error_set_errno (error, errno, _("The archive “%s” cannot be opened"), path);

  return fd;
}
