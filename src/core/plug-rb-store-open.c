/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-store-open.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-audit.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-lock.h"
#include "plug-rb-quarantine.h"

#define FORMAT 1
#define FORMAT_FILE "store.json"
#define FORMAT_LIMIT (64 * 1024)
#define DAMAGED_NAME "damaged-store.json"

typedef enum {
  FORMAT_GOOD,
  FORMAT_MISSING,
  FORMAT_DAMAGED,
  FORMAT_NEWER,
  FORMAT_UNKNOWN,
} FormatState;

/* ---- store.json */

static gboolean
write_format (int fd, GError **error)
{
  g_autoptr(JsonObject) json = json_object_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *created = plug_rb_time_to_string (now);
  g_autofree char *text = NULL;

  json_object_set_int_member (json, "format", FORMAT);
  json_object_set_string_member (json, "created", created);
  plug_rb_json_seal (json);
  text = plug_rb_json_to_string (json);

  return plug_rb_fs_replace (fd, FORMAT_FILE, text, strlen (text), error);
}

static FormatState
throw_newer (const char *path, gint64 format, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, format);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW,
               _("The snapshots in “%s” were made by a newer version (format %s). Update Plugin "
                 "Rollback to open them"),
               path, number);
  return FORMAT_NEWER;
}

/* The first stores had no seal. Where there is one, a flipped bit cannot pass for a newer format.
 */
static FormatState
judge_format (const char *path, GBytes *bytes, GError **error)
{
  g_autoptr(JsonObject) json =
      plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  gint64 format;

  if (json == NULL ||
      (json_object_has_member (json, "checksum") && !plug_rb_json_check_seal (json, NULL)))
    return FORMAT_DAMAGED;

  format = plug_rb_json_get_int (json, "format", 0);
  if (format > FORMAT)
    return throw_newer (path, format, error);

  return format == FORMAT ? FORMAT_GOOD : FORMAT_DAMAGED;
}

static GBytes *
read_format (const char *file, GError **error)
{
  g_autoptr(GError) cause = NULL;
  GBytes *bytes = plug_rb_fs_read (AT_FDCWD, file, FORMAT_LIMIT, &cause);

  if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE) &&
      fchmodat (AT_FDCWD, file, 0600, AT_SYMLINK_NOFOLLOW) == 0)
    return plug_rb_fs_read (AT_FDCWD, file, FORMAT_LIMIT, error);

  if (bytes == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));

  return bytes;
}

static FormatState
look_at_format (const char *path, GError **error)
{
  g_autofree char *file = g_build_filename (path, FORMAT_FILE, NULL);
  g_autoptr(GError) cause = NULL;
  g_autoptr(GBytes) bytes = read_format (file, &cause);

  if (bytes != NULL)
    return judge_format (path, bytes, error);

  if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND))
    return FORMAT_MISSING;
  if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT) ||
      g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED))
    return FORMAT_DAMAGED;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FORMAT_UNKNOWN;
}

static gboolean
set_aside (const char *path, GError **error)
{
  g_autofree char *moved = plug_rb_quarantine_move (path, FORMAT_FILE, DAMAGED_NAME, error);

  return moved != NULL;
}

/* Another process may be doing the same: the lock decides who does it. */
static gboolean
rebuild_locked (const char *path, GError **error)
{
  g_autoptr(PlugRbLock) lock = plug_rb_lock_new (path, _("the snapshots"), NULL, error);
  FormatState state = lock ? look_at_format (path, error) : FORMAT_UNKNOWN;
  g_autofd int fd = -1;

  if (state == FORMAT_GOOD)
    return TRUE;
  if (state == FORMAT_NEWER || state == FORMAT_UNKNOWN)
    return FALSE;
  if (state == FORMAT_DAMAGED && !set_aside (path, error))
    return FALSE;

  fd = plug_rb_fs_open_folder (path, error);
  return fd >= 0 && write_format (fd, error);
}

/* ---- the folders */

/* What shuts out its own user serves nobody. That a folder cannot be written may be wanted. */
static void
make_readable (const char *path)
{
  struct stat st;

  if (stat (path, &st) == 0 && st.st_uid == geteuid () && (st.st_mode & 0500) != 0500 &&
      chmod (path, (st.st_mode & 07777) | 0700) < 0)
    g_debug ("“%s” stays unreadable", path);
}

static gboolean
make_layout (const char *path, GError **error)
{
  static const char *const folders[] = { "snapshots", "tables", "archives", "trash",
                                         "operations/pending" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *folder = g_build_filename (path, folders[i], NULL);

    make_readable (folder);
    if (!plug_rb_fs_make_folders (folder, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
has_snapshots (const char *path)
{
  g_autofree char *folder = g_build_filename (path, "snapshots", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) != NULL;
}

/* A copy from elsewhere may have come with other modes: snapshots hold settings, which are nobody
 * else's business. */
static void
make_private (const char *path)
{
  struct stat st;

  if (stat (path, &st) == 0 && st.st_uid == geteuid () && (st.st_mode & 077) != 0 &&
      chmod (path, st.st_mode & 0700) < 0)
    g_debug ("“%s” stays open to others", path);
}

/* Snapshots can be looked at and taken out although nothing can be written: on a disk that is full
 * or broken, that is when they are needed. Whoever wants to write hears of it then. */
static gboolean
is_bearable (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE) ||
         g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE);
}

static gboolean
mend (const char *path, GError **error)
{
  gboolean known = has_snapshots (path);
  g_autoptr(GError) cause = NULL;

  if (make_layout (path, &cause) && rebuild_locked (path, &cause)) {
    if (known)
      plug_rb_audit_note (path, "rebuild", FORMAT_FILE);
    return TRUE;
  }

  if (known && is_bearable (cause)) {
    g_debug ("The store is read only: %s", cause->message);
    return TRUE;
  }

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * plug_rb_store_prepare:
 * @path: absolute path of a store, which need not exist
 *
 * Makes what a store must have and lacks: all of it for a new one, otherwise what a crash, a full
 * disk or a bad copy took away. A store with snapshots that cannot be written is left as it is.
 */
gboolean
plug_rb_store_prepare (const char *path, GError **error)
{
  g_autoptr(GError) cause = NULL;

  make_readable (path);
  switch (look_at_format (path, error)) {
  case FORMAT_GOOD:
    make_private (path);
    if (!make_layout (path, &cause))
      g_debug ("Folders are missing: %s", cause->message);
    return TRUE;

  case FORMAT_MISSING:
  case FORMAT_DAMAGED:
    return mend (path, error);

  case FORMAT_NEWER:
  case FORMAT_UNKNOWN:
  default:
    return FALSE;
  }
}
