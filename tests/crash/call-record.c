/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What a call can fail with, and how it is written down. */

#include "call.h"

#include <errno.h>

static const char *const family_names[] = {
  "open",    "create",   "empty",       "write", "copy",     "rename",   "link",  "symlink",
  "unlink",  "rmdir",    "mkdir",       "mknod", "truncate", "allocate", "chmod", "chown",
  "utimens", "setxattr", "removexattr", "fsync", "syncfs",   "sync",     "map",   "ring",
};

/* ---- errors */

#define BIT(family) (1u << FAMILY_##family)
#define OPENS (BIT (OPEN) | BIT (CREATE) | BIT (EMPTY))
#define NAMES (BIT (CREATE) | BIT (RENAME) | BIT (LINK) | BIT (SYMLINK) | BIT (MKDIR) | BIT (MKNOD))
#define GROWS (BIT (WRITE) | BIT (COPY) | BIT (ALLOCATE) | BIT (TRUNCATE) | BIT (SETXATTR))
#define LOOSE (BIT (UNLINK) | BIT (RMDIR) | BIT (EMPTY) | BIT (REMOVEXATTR))
#define DRESS (BIT (CHMOD) | BIT (CHOWN) | BIT (UTIMENS))
#define FLUSH (BIT (FSYNC) | BIT (SYNCFS))

static const struct {
  const char *name;
  int number;
  guint families;
} errors[] = {
  { "EIO", EIO, OPENS | NAMES | GROWS | LOOSE | DRESS | FLUSH },
  { "ENOSPC", ENOSPC, NAMES | GROWS | FLUSH },
  { "EROFS", EROFS, NAMES | LOOSE | DRESS | BIT (SETXATTR) },
  { "EXDEV", EXDEV, BIT (RENAME) | BIT (LINK) | BIT (COPY) },
  { "EMFILE", EMFILE, OPENS },
  { "EINTR", EINTR, OPENS | BIT (WRITE) | BIT (TRUNCATE) | BIT (ALLOCATE) | BIT (FSYNC) },
};

gboolean
call_can_fail (const Call *call, const char *error, int *number)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_str_equal (errors[i].name, error)) {
      *number = errors[i].number;
      return (errors[i].families & (1u << call->family)) != 0;
    }

  return FALSE;
}

/* ---- writing down */

static void
add_text (GString *line, const char *name, const char *text)
{
  if (text == NULL)
    return;

  g_string_append_printf (line, ",\"%s\":\"", name);
  for (const guchar *p = (const guchar *) text; *p != '\0'; p++)
    if (*p < 0x20 || *p >= 0x7f || *p == '"' || *p == '\\')
      g_string_append_printf (line, "\\u00%02x", *p);
    else
      g_string_append_c (line, *p);
  g_string_append_c (line, '"');
}

static void
add_number (GString *line, const char *name, gint64 number)
{
  g_string_append_printf (line, ",\"%s\":%" G_GINT64_FORMAT, name, number);
}

static void
add_errors (GString *line, const Call *call)
{
  const char *comma = "";
  int number;

  g_string_append (line, ",\"errors\":[");
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (call_can_fail (call, errors[i].name, &number)) {
      g_string_append_printf (line, "%s\"%s\"", comma, errors[i].name);
      comma = ",";
    }
  g_string_append_c (line, ']');
}

static void
add_data (GString *line, const Call *call, gint64 data_offset)
{
  g_autofree char *hash = NULL;

  if (call->data == NULL)
    return;

  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, call->data);
  hash[16] = '\0';
  add_text (line, "hash", hash);
  add_number (line, "data", data_offset);
}

char *
call_to_json (const Call *call, gint64 result, gint64 data_offset)
{
  GString *line = g_string_new (NULL);

  g_string_printf (line, "{\"k\":%u", call->number);
  add_text (line, "call", family_names[call->family]);
  add_text (line, "name", call->name);
  add_text (line, "path", call->path);
  add_text (line, "path2", call->path2);
  add_text (line, "text", call->text);
  add_number (line, "flags", call->flags);
  add_number (line, "mode", call->mode);
  add_number (line, "offset", call->offset);
  add_number (line, "size", call->size);
  add_number (line, "mtime", call->mtime);
  add_data (line, call, data_offset);
  add_text (line, "watched", call->watched);
  add_number (line, "result", result);
  add_errors (line, call);

  return g_string_free_and_steal (g_string_append (line, "}\n"));
}
