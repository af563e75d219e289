/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-table-rows.h"
#include "plug-rb-xattrs.h"

static const char *const type_names[] = { "folder", "file", "link" };

/* ---- writing: by hand, because json-glib takes ten times as long and this is done for every new
 * state of a plugin */

static void
append_text (GString *json, const char *text)
{
  static const char digits[] = "0123456789abcdef";

  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\') {
      g_string_append_c (json, '\\');
      g_string_append_c (json, *p);
    } else if ((guchar) *p < 0x20 || *p == 0x7f) {
      g_string_append (json, "\\u00");
      g_string_append_c (json, digits[(guchar) *p >> 4]);
      g_string_append_c (json, digits[*p & 0xf]);
    } else {
      g_string_append_c (json, *p);
    }
  }
  g_string_append_c (json, '"');
}

static void
append_member (GString *json, const char *member, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", member);
  append_text (json, text);
}

/* A name that is not UTF-8 cannot stand in JSON: the plain member is for the eye, the other is
 * true. */
static void
append_path (GString *json, const char *member, const char *path)
{
  g_autofree char *shown = NULL;
  g_autofree char *exact = NULL;

  if (g_utf8_validate (path, -1, NULL)) {
    append_member (json, member, path);
    return;
  }

  shown = g_utf8_make_valid (path, -1);
  exact = g_base64_encode ((const guchar *) path, strlen (path));
  append_member (json, member, shown);
  g_string_append_printf (json, ",\"%s-b64\":\"%s\"", member, exact);
}

static void
append_xattrs (GString *json, const char *xattrs)
{
  g_auto(GStrv) lines = g_strsplit (xattrs, "\n", -1);

  g_string_append (json, ",\"xattrs\":{");
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    char *space = strchr (lines[i], ' ');

    *space = '\0';
    if (i > 0)
      g_string_append_c (json, ',');
    append_text (json, space + 1);
    g_string_append_printf (json, ":\"%s\"", lines[i]);
  }
  g_string_append_c (json, '}');
}

static void
append_row (GString *json, const PlugRbEntry *entry)
{
  g_string_append (json, "{\"part\":");
  append_text (json, entry->part);
  append_path (json, "path", entry->path);
  g_string_append_printf (json,
                          ",\"type\":\"%s\",\"mode\":%u,\"mtime\":%" G_GINT64_FORMAT ",\"nsec\":%u",
                          type_names[entry->type], entry->mode, entry->mtime, entry->nsec);

  if (entry->type == PLUG_RB_ENTRY_FILE)
    g_string_append_printf (json, ",\"size\":%" G_GUINT64_FORMAT ",\"sha256\":\"%s\"", entry->size,
                            entry->sha256);
  if (entry->target != NULL)
    append_path (json, "target", entry->target);
  if (entry->hard_link != NULL)
    append_path (json, "hard-link", entry->hard_link);
  if (entry->xattrs != NULL)
    append_xattrs (json, entry->xattrs);
  g_string_append_c (json, '}');
}

/*
 * plug_rb_table_to_json:
 *
 * Returns: (transfer full): the rows as JSON, one a line; the same rows always give the same bytes
 */
char *
plug_rb_table_to_json (PlugRbTable *self)
{
  GString *json = g_string_sized_new (256 * (self->rows->len + 1));

  g_string_append (json, "{\"format\":1,\"rows\":[\n");
  for (guint i = 0; i < self->rows->len; i++) {
    append_row (json, plug_rb_table_get (self, i));
    g_string_append (json, i + 1 < self->rows->len ? ",\n" : "\n");
  }
  g_string_append (json, "]}\n");

  return g_string_free_and_steal (json);
}

/* ---- reading */

static gboolean
is_safe_path (const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  if (*path == '\0')
    return TRUE;

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || g_str_equal (names[i], ".") || g_str_equal (names[i], ".."))
      return FALSE;

  return TRUE;
}

static char *
dup_path (JsonObject *row, const char *member)
{
  g_autofree char *member64 = g_strconcat (member, "-b64", NULL);
  const char *exact = plug_rb_json_get_string (row, member64);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (exact == NULL)
    return g_strdup (plug_rb_json_get_string (row, member));

  bytes = g_base64_decode (exact, &length);
  if (memchr (bytes, '\0', length) != NULL)
    return NULL;

  return g_strndup ((const char *) bytes, length);
}

static int
parse_type (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (type_names); i++)
    if (g_str_equal (name, type_names[i]))
      return i;

  return -1;
}

/**
 * plug_rb_part_name_is_valid:
 * @name: may be hostile
 *
 * A part is named by its place in the host's description ("user"), and where the plugin has several
 * names of its own there, by one of those too ("user/terminal.plugin").
 */
gboolean
plug_rb_part_name_is_valid (const char *name)
{
  const char *slash = strchr (name, '/');

  return *name != '\0' && *name != '.' && is_safe_path (name) &&
         (slash == NULL || (slash[1] != '.' && strchr (slash + 1, '/') == NULL));
}

/* Every path lies in a folder of the same table, or in a part that is itself a link to a folder: so
 * no row can lead through a link, and none stands twice. */
static gboolean
has_place (PlugRbTable *self, const PlugRbEntry *entry)
{
  guint n = plug_rb_table_get_size (self);
  g_autofree char *parent = NULL;
  const PlugRbEntry *folder;

  if (n > 0 && plug_rb_entry_compare_place (plug_rb_table_get (self, n - 1), entry) >= 0)
    return FALSE;
  if (*entry->path == '\0' || g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS))
    return TRUE;

  parent = strchr (entry->path, '/') ? g_path_get_dirname (entry->path) : g_strdup ("");
  folder = plug_rb_table_find (self, entry->part, parent);

  return folder != NULL && (folder->type == PLUG_RB_ENTRY_FOLDER ||
                            (folder->type == PLUG_RB_ENTRY_LINK && *parent == '\0'));
}

/* The other name of a file stands earlier and says the same of it. */
static gboolean
has_true_link (PlugRbTable *self, const PlugRbEntry *entry)
{
  const PlugRbEntry *first;

  if (entry->hard_link == NULL)
    return TRUE;

  first = plug_rb_table_find (self, entry->part, entry->hard_link);

  return first != NULL && first->type == PLUG_RB_ENTRY_FILE && first->hard_link == NULL &&
         first->size == entry->size && g_str_equal (first->sha256, entry->sha256);
}

static gboolean
is_complete (const PlugRbEntry *entry)
{
  if (entry->part == NULL || !plug_rb_part_name_is_valid (entry->part) || entry->path == NULL ||
      !is_safe_path (entry->path) || entry->mode > 01777 || entry->nsec > 999999999)
    return FALSE;

  switch (entry->type) {
  case PLUG_RB_ENTRY_FILE:
    return entry->sha256 != NULL && plug_rb_hash_is_valid (entry->sha256) && entry->target == NULL;
  case PLUG_RB_ENTRY_LINK:
    return entry->target != NULL && *entry->target != '\0' && entry->hard_link == NULL &&
           entry->xattrs == NULL;
  case PLUG_RB_ENTRY_FOLDER:
  default:
    return entry->target == NULL && entry->hard_link == NULL;
  }
}

static gboolean
add_row (PlugRbTable *self, JsonObject *row)
{
  int type = row == NULL ? -1 : parse_type (plug_rb_json_get_string (row, "type"));
  g_autofree char *path = row ? dup_path (row, "path") : NULL;
  g_autofree char *target = row ? dup_path (row, "target") : NULL;
  g_autofree char *hard_link = row ? dup_path (row, "hard-link") : NULL;
  g_autofree char *xattrs = NULL;
  PlugRbEntry entry = { .path = path, .type = type, .target = target, .hard_link = hard_link };

  if (type < 0 || (json_object_has_member (row, "xattrs") &&
                   !(xattrs = plug_rb_xattrs_from_json (plug_rb_json_get_object (row, "xattrs")))))
    return FALSE;

  entry.xattrs = xattrs;
  entry.part = plug_rb_json_get_string (row, "part");
  entry.mode = plug_rb_json_get_int (row, "mode", 0);
  entry.mtime = plug_rb_json_get_int (row, "mtime", 0);
  entry.nsec = plug_rb_json_get_int (row, "nsec", 0);
  entry.size = type == PLUG_RB_ENTRY_FILE ? plug_rb_json_get_int (row, "size", 0) : 0;
  entry.sha256 = type == PLUG_RB_ENTRY_FILE ? plug_rb_json_get_string (row, "sha256") : NULL;

  if (!is_complete (&entry) || !has_place (self, &entry) || !has_true_link (self, &entry))
    return FALSE;

  plug_rb_table_add (self, &entry);
  return TRUE;
}

static gboolean
add_rows (PlugRbTable *self, JsonArray *rows)
{
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    if (!add_row (self, plug_rb_json_get_element (rows, i)))
      return FALSE;

  return rows != NULL;
}

/*
 * plug_rb_table_add_json:
 *
 * Adds the rows of a text that may be damaged or hostile.
 */
gboolean
plug_rb_table_add_json (PlugRbTable *self, GBytes *json, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);
  g_autoptr(JsonObject) root = plug_rb_json_parse (text, length, error);

  if (root == NULL)
    return FALSE;

  if (plug_rb_json_get_int (root, "format", 0) == 1 &&
      add_rows (self, plug_rb_json_get_array (root, "rows")))
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("The list of files is damaged"));
  return FALSE;
}
