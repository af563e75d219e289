/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-metadata-file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"

#define METADATA "snapshot.json"
#define METADATA_LIMIT (16 * 1024 * 1024)

/**
 * plug_rb_metadata_file_open_folder:
 * @name: name of a folder in the store
 *
 * A copy of a store may have come with modes that shut out its own user: they are put right in
 * passing.
 *
 * Returns: a descriptor that the caller closes, or -1
 */
int
plug_rb_metadata_file_open_folder (int parent_fd, const char *name, GError **error)
{
  g_autoptr(GError) cause = NULL;
  int fd = plug_rb_fs_open_child (parent_fd, name, &cause);

  if (fd < 0 && g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE) &&
      fchmodat (parent_fd, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
    return plug_rb_fs_open_child (parent_fd, name, error);

  if (fd < 0)
    g_propagate_error (error, g_steal_pointer (&cause));

  return fd;
}

static GBytes *
read_mended (int fd, GError **error)
{
  g_autoptr(GError) cause = NULL;
  GBytes *bytes = plug_rb_fs_read (fd, METADATA, METADATA_LIMIT, &cause);

  if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE) &&
      fchmodat (fd, METADATA, 0600, AT_SYMLINK_NOFOLLOW) == 0)
    return plug_rb_fs_read (fd, METADATA, METADATA_LIMIT, error);

  if (bytes == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));

  return bytes;
}

/**
 * plug_rb_metadata_file_read:
 * @folder_fd: folder of a snapshot
 *
 * Returns: (transfer full): the metadata, whose seal fits
 */
JsonObject *
plug_rb_metadata_file_read (int folder_fd, GError **error)
{
  g_autoptr(GBytes) bytes = read_mended (folder_fd, error);
  g_autoptr(JsonObject) json = NULL;

  if (bytes == NULL)
    return NULL;

  json = plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);

  return json && plug_rb_json_check_seal (json, error) ? g_steal_pointer (&json) : NULL;
}
