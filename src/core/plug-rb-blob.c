/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-blob.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"

#define SEAL_SIZE (PLUG_RB_HASH_HEX_SIZE - 1)
#define LIMIT (1024 * 1024 * 1024)

/**
 * plug_rb_blob_load:
 * @parent_fd: a folder
 *
 * Returns: (transfer full) (nullable): the content; %NULL if there is none or it is damaged
 */
GBytes *
plug_rb_blob_load (int parent_fd, const char *name)
{
  g_autoptr(GBytes) sealed = plug_rb_fs_read (parent_fd, name, LIMIT, NULL);
  g_autofree char *seal = NULL;
  const char *data;
  gsize length;

  if (sealed == NULL || (data = g_bytes_get_data (sealed, &length)) == NULL || length < SEAL_SIZE)
    return NULL;

  length -= SEAL_SIZE;
  seal = plug_rb_hash_bytes (data, length);
  if (memcmp (data + length, seal, SEAL_SIZE) != 0)
    return NULL;

  return g_bytes_new_from_bytes (sealed, 0, length);
}

static gboolean
fill (int fd, GBytes *content, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (content, &length);
  g_autofree char *seal = plug_rb_hash_bytes (data, length);

  return plug_rb_fs_write (fd, data, length, error) &&
         plug_rb_fs_write (fd, seal, SEAL_SIZE, error);
}

/**
 * plug_rb_blob_save:
 * @parent_fd: a folder
 *
 * Writes a file aside and puts it in place. It is not synced.
 */
gboolean
plug_rb_blob_save (int parent_fd, const char *name, GBytes *content, GError **error)
{
  g_autofree char *temporary = g_strdup_printf (".tmp-%s-%d", name, (int) getpid ());
  g_autofd int fd =
      openat (parent_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  if (!fill (fd, content, error)) {
    unlinkat (parent_fd, temporary, 0);
    return FALSE;
  }

  if (renameat (parent_fd, temporary, parent_fd, name) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be replaced"), name);
  unlinkat (parent_fd, temporary, 0);
  return FALSE;
}
