/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sparse.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

/* Shorter stretches are not worth a hole. */
#define HOLE (64 * 1024)

static gboolean
is_zero (const guint8 *data, gsize length)
{
  return data[0] == 0 && memcmp (data, data + 1, length - 1) == 0;
}

static gboolean
throw_unwritten (GError **error)
{
  plug_rb_error_set_errno (error, errno, _("A file cannot be written"));
  return FALSE;
}

/**
 * plug_rb_sparse_write:
 * @fd: a new file
 * @ends_in_hole: (inout): whether it does so far
 *
 * Adds bytes to a file. If it ends in a hole after the last ones, plug_rb_sparse_finish() has to
 * follow.
 */
gboolean
plug_rb_sparse_write (
    int fd, const guint8 *data, gsize length, gboolean *ends_in_hole, GError **error)
{
  gsize written = 0;

  for (gsize i = 0; i + HOLE <= length; i += HOLE) {
    if (!is_zero (data + i, HOLE))
      continue;
    if (!plug_rb_fs_write (fd, data + written, i - written, error))
      return FALSE;
    if (lseek (fd, HOLE, SEEK_CUR) < 0)
      return throw_unwritten (error);
    written = i + HOLE;
  }

  if (length > 0)
    *ends_in_hole = written == length;
  return plug_rb_fs_write (fd, data + written, length - written, error);
}

/**
 * plug_rb_sparse_finish:
 *
 * Gives the file its size, which a hole at its end does not.
 */
gboolean
plug_rb_sparse_finish (int fd, GError **error)
{
  off_t position = lseek (fd, 0, SEEK_CUR);

  return (position >= 0 && ftruncate (fd, position) == 0) || throw_unwritten (error);
}
