/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-small-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"

/**
 * plug_rb_small_file_is_absent:
 * @error: of reading a file
 *
 * Whether an error says what is there, and nothing of use is: no file, one that is something else,
 * or one that is damaged. Any other error says that it is not known.
 */
gboolean
plug_rb_small_file_is_absent (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND) ||
         g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT) ||
         g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED);
}

static gboolean
throw_corrupt (GError **error, const char *name, const char *why)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"), name, why);
  return FALSE;
}

/* O_NONBLOCK: to open a pipe would wait for its other end. */
static int
open_regular (int folder_fd, const char *name, GError **error)
{
  g_autofd int fd = openat (folder_fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;

  if (fd < 0 && errno == ENXIO) {
    throw_corrupt (error, name, _("it is not a regular file"));
    return -1;
  }

  if (fd < 0 || fstat (fd, &st) < 0) {
    /* A name that leads through a file is that of no file. */
    plug_rb_error_set_errno (error, errno == ENOTDIR ? ENOENT : errno, _("“%s” cannot be read"),
                             name);
    return -1;
  }

  if (!S_ISREG (st.st_mode)) {
    throw_corrupt (error, name, _("it is not a regular file"));
    return -1;
  }

  return g_steal_fd (&fd);
}

/* Fills @buffer as far as the file goes; -1 with errno. */
static gssize
read_up_to (int fd, char *buffer, gsize size)
{
  gsize length = 0;
  gssize n;

  do {
    n = TEMP_FAILURE_RETRY (read (fd, buffer + length, size - length));
    length += MAX (n, 0);
  } while (n > 0);

  return n < 0 ? -1 : (gssize) length;
}

/**
 * plug_rb_small_file_read:
 * @folder_fd: a folder, or `AT_FDCWD`
 * @name: a file in it
 * @limit: largest size in bytes
 *
 * Returns: (transfer full): its content, or %NULL with an error that names the file:
 *   %PLUG_RB_ERROR_CORRUPT if it is too large or not a regular file
 */
GBytes *
plug_rb_small_file_read (int folder_fd, const char *name, gsize limit, GError **error)
{
  g_autofd int fd = open_regular (folder_fd, name, error);
  g_autofree char *buffer = NULL;
  gssize length;

  if (fd < 0)
    return NULL;

  buffer = g_malloc (limit + 1);
  length = read_up_to (fd, buffer, limit + 1);
  if (length < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), name);
    return NULL;
  }

  if ((gsize) length > limit) {
    throw_corrupt (error, name, _("it is too large"));
    return NULL;
  }

  return g_bytes_new (buffer, length);
}

/**
 * plug_rb_small_file_read_text:
 * @folder_fd: a folder, or `AT_FDCWD`
 * @name: a file in it
 * @limit: largest size in bytes
 *
 * Returns: (transfer full): its content, which is valid UTF-8, or %NULL with an error that names
 * the file: %PLUG_RB_ERROR_CORRUPT if it is too large, not a regular file or not text
 */
char *
plug_rb_small_file_read_text (int folder_fd, const char *name, gsize limit, GError **error)
{
  g_autoptr(GBytes) bytes = plug_rb_small_file_read (folder_fd, name, limit, error);
  const char *text;
  gsize length;

  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &length);
  if (!g_utf8_validate_len (text ? text : "", length, NULL)) {
    throw_corrupt (error, name, _("it is not text in UTF-8"));
    return NULL;
  }

  return length > 0 ? g_strndup (text, length) : g_strdup ("");
}
