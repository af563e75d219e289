/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-audit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-lock.h"

#define FILE_NAME "audit.jsonl"
#define TAIL_SIZE 4096

/* The last complete line, without its newline, and the offset after it. What follows is a line that
 * a crash tore; it never counted. */
static char *
read_last_line (int fd, goffset *end)
{
  struct stat st;
  char tail[TAIL_SIZE];
  gssize length, stop, start;

  *end = 0;
  if (fstat (fd, &st) < 0 || st.st_size == 0)
    return NULL;

  *end = MAX (0, st.st_size - TAIL_SIZE);
  if ((length = pread (fd, tail, sizeof tail, *end)) <= 0)
    return NULL;

  for (stop = length; stop > 0 && tail[stop - 1] != '\n'; stop--)
    ;
  *end += stop;
  if (stop == 0)
    return NULL;

  for (start = stop - 1; start > 0 && tail[start - 1] != '\n'; start--)
    ;

  return g_strndup (tail + start, stop - 1 - start);
}

static char *
make_line (const char *previous, const char *act, const char *subject, const char *operation)
{
  g_autoptr(JsonObject) line = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = plug_rb_time_to_string (now);
  g_autofree char *hash = previous ? plug_rb_hash_bytes (previous, strlen (previous)) : NULL;
  g_autofree char *text = NULL;

  plug_rb_json_set_string (line, "time", time);
  plug_rb_json_set_string (line, "act", act);
  plug_rb_json_set_string (line, "subject", subject);
  plug_rb_json_set_string (line, "operation", operation);
  plug_rb_json_set_string (line, "previous", hash);

  json_node_set_object (node, line);
  text = json_to_string (node, FALSE);

  return g_strconcat (text, "\n", NULL);
}

/**
 * plug_rb_audit_append:
 * @act: what was done, a stable word such as "rollback"
 * @subject: to what: a plugin key or a snapshot id
 * @operation: (nullable): id of the operation it was part of
 *
 * Adds a line to the store's audit trail. Each line holds the SHA-256 of the line before, so that
 * later edits show.
 */
gboolean
plug_rb_audit_append (const char *store_path,
                      const char *act,
                      const char *subject,
                      const char *operation,
                      GError **error)
{
  g_autofree char *path = g_build_filename (store_path, FILE_NAME, NULL);
  g_autofree char *previous = NULL;
  g_autofree char *line = NULL;
  g_autoptr(PlugRbLock) lock = NULL;
  g_autofd int fd = -1;
  goffset end;

  if (!(lock = plug_rb_lock_new (store_path, _("the snapshots"), NULL, error)))
    return FALSE;

  if ((fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), path);
    return FALSE;
  }

  previous = read_last_line (fd, &end);
  line = make_line (previous, act, subject, operation);
  if (ftruncate (fd, end) < 0 || lseek (fd, end, SEEK_SET) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
    return FALSE;
  }

  return plug_rb_fs_write (fd, line, strlen (line), error) && plug_rb_fs_sync (fd, path, error);
}
