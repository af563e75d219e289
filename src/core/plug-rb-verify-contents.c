/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-verify-contents.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-archive.h"
#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"

void
plug_rb_reading_free (PlugRbReading *self)
{
  g_clear_pointer (&self->hashes, g_hash_table_unref);
  g_free (self->damage);
  g_free (self);
}

/* Reads all entries once. What comes after damaged bytes is lost to this reader, but not what comes
 * before them. */
static gboolean
read_entries (PlugRbReading *self, int fd, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbArchiveReader) reader = plug_rb_archive_reader_new (fd, error);
  g_autofd int nowhere = open ("/dev/null", O_WRONLY | O_CLOEXEC);
  const char *name;

  while (reader != NULL) {
    char *sha256 = NULL;

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !plug_rb_archive_reader_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      return TRUE;
    if (!plug_rb_archive_reader_copy (reader, nowhere, &sha256, error))
      return FALSE;

    g_hash_table_add (self->hashes, sha256);
  }

  return FALSE;
}

static gboolean
check_size (int fd, JsonObject *archive, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) &&
      st.st_size == plug_rb_json_get_int (archive, "size", -1))
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("its size is wrong"));
  return FALSE;
}

static gboolean
check_hash (int fd, JsonObject *archive, GCancellable *cancellable, GError **error)
{
  g_autofree char *sha256 = plug_rb_hash_file (fd, cancellable, error);

  if (sha256 == NULL)
    return FALSE;
  if (g_strcmp0 (sha256, plug_rb_json_get_string (archive, "sha256")) == 0)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("its checksum is wrong"));
  return FALSE;
}

/* The first thing that is wrong is what counts; being told to stop is not a damage. */
static gboolean
note (PlugRbReading *self, gboolean good, GError **cause, GError **error)
{
  g_autoptr(GError) owned = g_steal_pointer (cause);

  if (good)
    return TRUE;

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&owned));
    return FALSE;
  }

  if (self->damage == NULL)
    self->damage = g_strdup (owned->message);

  return TRUE;
}

/**
 * plug_rb_reading_new:
 * @index: which of the snapshot's archives
 *
 * Reads an archive whole: once for its own checksum, once for what is in it. Damage is no error but
 * part of the result.
 *
 * Returns: (transfer full): what is in it; %NULL only if it was canceled
 */
PlugRbReading *
plug_rb_reading_new (PlugRbStore *store,
                     PlugRbSnapshot *snapshot,
                     guint index,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr(PlugRbReading) self = g_new0 (PlugRbReading, 1);
  JsonArray *archives = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
  JsonObject *archive = plug_rb_json_get_element (archives, index);
  g_autoptr(GError) cause = NULL;
  g_autofd int fd = plug_rb_store_open_archive (store, snapshot, index, &cause);

  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (fd < 0)
    return note (self, FALSE, &cause, error) ? g_steal_pointer (&self) : NULL;

  if (!note (self, check_size (fd, archive, &cause), &cause, error) ||
      !note (self, check_hash (fd, archive, cancellable, &cause), &cause, error))
    return NULL;

  if (lseek (fd, 0, SEEK_SET) < 0 ||
      !note (self, read_entries (self, fd, cancellable, &cause), &cause, error))
    return NULL;

  return g_steal_pointer (&self);
}
