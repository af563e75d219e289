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
#include "plug-rb-quarantine.h"

#define TORN_NAME "torn-audit.jsonl"
#define TAIL_SIZE 4096

/* The end of the trail. A line counts once its newline is there: what follows the last one is a
 * line that a crash tore. */
typedef struct {
  char *bytes;
  gsize length;
  gsize torn;
  goffset start;
} Tail;

static void
tail_clear (Tail *tail)
{
  g_clear_pointer (&tail->bytes, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tail, tail_clear)

static gboolean
read_at (int fd, char *bytes, gsize length, goffset start)
{
  gsize done = 0;

  while (done < length) {
    gssize n = TEMP_FAILURE_RETRY (pread (fd, bytes + done, length - done, start + done));

    if (n <= 0)
      return FALSE;
    done += n;
  }

  return TRUE;
}

static gssize
find_newline (const char *bytes, gssize end)
{
  while (end > 0 && bytes[end - 1] != '\n')
    end--;

  return end - 1;
}

/* Whether the tail holds a whole line, from the newline before it on, or the trail's start. */
static gboolean
judge_tail (Tail *tail)
{
  gssize last = find_newline (tail->bytes, tail->length);

  tail->torn = last + 1;

  return tail->start == 0 || (last > 0 && find_newline (tail->bytes, last) >= 0);
}

/* Lines are short, but what a crash left behind the last one need not be: the tail grows until it
 * holds a line. */
static gboolean
read_tail (int fd, Tail *tail)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return FALSE;

  for (goffset size = TAIL_SIZE;; size *= 4) {
    tail->start = MAX (0, st.st_size - size);
    tail->length = st.st_size - tail->start;
    tail->bytes = g_realloc (tail->bytes, tail->length + 1);
    if (!read_at (fd, tail->bytes, tail->length, tail->start))
      return FALSE;
    if (judge_tail (tail))
      return TRUE;
  }
}

static char *
dup_last_line (const Tail *tail)
{
  gssize begin;

  if (tail->torn == 0)
    return NULL;

  begin = find_newline (tail->bytes, tail->torn - 1) + 1;
  return g_strndup (tail->bytes + begin, tail->torn - 1 - begin);
}

static int
open_trail (const char *path, int flags, GError **error)
{
  int fd = open (path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), path);

  return fd;
}

/* A torn line is kept before it is cut off: if it is not what a crash left but what remains of a
 * trail that was damaged, somebody may want to see it. */
static gboolean
cut_torn (const char *store_path, int fd, const Tail *tail, GError **error)
{
  gsize length = tail->length - tail->torn;

  if (length == 0)
    return TRUE;

  if (!plug_rb_quarantine_keep (store_path, TORN_NAME, tail->bytes + tail->torn, length, error))
    return FALSE;

  if (ftruncate (fd, tail->start + (goffset) tail->torn) == 0)
    return plug_rb_fs_sync (fd, PLUG_RB_AUDIT_FILE, error);

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), PLUG_RB_AUDIT_FILE);
  return FALSE;
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

static gboolean
write_line (int fd, const char *path, const char *line, GError **error)
{
  if (lseek (fd, 0, SEEK_END) >= 0)
    return plug_rb_fs_write (fd, line, strlen (line), error) && plug_rb_fs_sync (fd, path, error);

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
  return FALSE;
}

static gboolean
throw_unreadable (GError **error, const char *path)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” cannot be read"), path);
  return FALSE;
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
  g_autofree char *path = g_build_filename (store_path, PLUG_RB_AUDIT_FILE, NULL);
  g_autoptr(PlugRbLock) lock = plug_rb_lock_new (store_path, _("the snapshots"), NULL, error);
  g_autofree char *previous = NULL;
  g_autofree char *line = NULL;
  g_auto(Tail) tail = { 0 };
  g_autofd int fd = -1;

  if (lock == NULL || (fd = open_trail (path, O_RDWR | O_CREAT, error)) < 0)
    return FALSE;

  if (!read_tail (fd, &tail))
    return throw_unreadable (error, path);

  previous = dup_last_line (&tail);
  line = make_line (previous, act, subject, operation);

  /* With the first line the file's name has to become durable, too. */
  return cut_torn (store_path, fd, &tail, error) && write_line (fd, path, line, error) &&
         (previous != NULL || plug_rb_fs_sync_folder (store_path, error));
}

/**
 * plug_rb_audit_note:
 *
 * Adds a line about what is done and durable already: that it could not be noted must not look as
 * if it were not.
 */
void
plug_rb_audit_note (const char *store_path, const char *act, const char *subject)
{
  g_autoptr(GError) error = NULL;

  if (!plug_rb_audit_append (store_path, act, subject, NULL, &error))
    g_warning ("The audit trail lacks “%s %s”: %s", act, subject, error->message);
}

/**
 * plug_rb_audit_mend:
 * @mended: (out): whether there was a torn line
 *
 * Sets aside the last line if a crash tore it.
 */
gboolean
plug_rb_audit_mend (const char *store_path, gboolean *mended, GError **error)
{
  g_autofree char *path = g_build_filename (store_path, PLUG_RB_AUDIT_FILE, NULL);
  g_autoptr(PlugRbLock) lock = NULL;
  g_auto(Tail) tail = { 0 };
  g_autofd int fd = -1;

  *mended = FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  if (!(lock = plug_rb_lock_new (store_path, _("the snapshots"), NULL, error)) ||
      (fd = open_trail (path, O_RDWR, error)) < 0)
    return FALSE;

  if (!read_tail (fd, &tail))
    return throw_unreadable (error, path);

  *mended = tail.length > tail.torn;
  return cut_torn (store_path, fd, &tail, error);
}

/**
 * plug_rb_audit_dup_head:
 *
 * Returns: (transfer full) (nullable): the SHA-256 of the trail's last line; %NULL if it has none
 */
char *
plug_rb_audit_dup_head (const char *store_path)
{
  g_autofree char *path = g_build_filename (store_path, PLUG_RB_AUDIT_FILE, NULL);
  g_autofd int fd = open_trail (path, O_RDONLY, NULL);
  g_autofree char *line = NULL;
  g_auto(Tail) tail = { 0 };

  if (fd < 0 || !read_tail (fd, &tail) || !(line = dup_last_line (&tail)))
    return NULL;

  return plug_rb_hash_bytes (line, strlen (line));
}
