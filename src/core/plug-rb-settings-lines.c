/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"

/* A file that has one entry in each line. Space around it does not count. */

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* @end is "\n" or "\r\n"; the last line has one only if @has_end. */
typedef struct {
  char *text;
  const char *end;
} Line;

typedef struct {
  GPtrArray *lines;
  gboolean has_mark;
  gboolean has_end;
} Document;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

static Line *
line_new (const char *text, gsize length, const char *end)
{
  Line *line = g_new0 (Line, 1);

  line->text = g_strndup (text, length);
  line->end = end;

  return line;
}

static const Line *
get_line (const Document *document, guint index)
{
  return document->lines->pdata[index];
}

/* ---- the file */

static void
release (gpointer data)
{
  Document *document = data;

  g_ptr_array_unref (document->lines);
  g_free (document);
}

/* New lines end like the first one. */
static const char *
get_end (const Document *document)
{
  return document->lines->len > 0 ? get_line (document, 0)->end : "\n";
}

static void
add_lines (Document *document, const char *text, gsize size)
{
  for (gsize start = 0; start < size;) {
    const char *found = memchr (text + start, '\n', size - start);
    gsize length = found ? (gsize) (found - text) - start : size - start;
    gboolean has_return = found != NULL && length > 0 && found[-1] == '\r';
    const char *end = has_return ? "\r\n" : found ? "\n" : get_end (document);

    g_ptr_array_add (document->lines, line_new (text + start, length - has_return, end));
    start += length + 1;
  }
}

static gpointer
parse (G_GNUC_UNUSED PlugRbSettingsStore *store, GBytes *bytes, GError **error)
{
  gsize size, mark;
  const char *text = g_bytes_get_data (bytes, &size);
  Document *document;

  if (size > 0 && memchr (text, '\0', size) != NULL) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("there is a zero in it, so it is not text"));
    return NULL;
  }

  document = g_new0 (Document, 1);
  document->lines = g_ptr_array_new_with_free_func (line_free);
  document->has_mark = size >= 3 && memcmp (text, BYTE_ORDER_MARK, 3) == 0;
  mark = document->has_mark ? 3 : 0;
  document->has_end = size == mark || text[size - 1] == '\n';
  add_lines (document, text + mark, size - mark);

  return document;
}

static GBytes *
print (gpointer data)
{
  const Document *document = data;
  GString *text = g_string_new (document->has_mark ? BYTE_ORDER_MARK : NULL);

  for (guint i = 0; i < document->lines->len; i++) {
    g_string_append (text, get_line (document, i)->text);
    if (i + 1 < document->lines->len || document->has_end)
      g_string_append (text, get_line (document, i)->end);
  }

  return g_string_free_to_bytes (text);
}

/* ---- the entry */

static gboolean
is_entry (PlugRbSettingsStore *store, const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  return plug_rb_settings_same_name (store, trimmed, plug_rb_settings_store_get (store, "Entry"));
}

static gboolean
find (PlugRbSettingsStore *store, const Document *document, guint *index)
{
  for (guint i = 0; i < document->lines->len; i++)
    if (is_entry (store, get_line (document, i)->text)) {
      *index = i;
      return TRUE;
    }

  return FALSE;
}

static GVariant *
get (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  guint index;

  if (!plug_rb_settings_owns_entry (store, name) || !find (store, document, &index))
    return NULL;

  return g_variant_new ("(us)", index, get_line (document, index)->text);
}

static gboolean
list (PlugRbSettingsStore *store,
      gpointer document,
      PlugRbValues *values,
      G_GNUC_UNUSED GError **error)
{
  g_autofree char *name =
      plug_rb_settings_name_build_one (plug_rb_settings_store_get (store, "Entry"));
  GVariant *value = get (store, document, name);

  plug_rb_values_add_folder (values, "/");
  if (value != NULL)
    plug_rb_values_set (values, name, value);

  return TRUE;
}

static void
put (Document *document, guint32 position, const char *text)
{
  Line *line = line_new (text, strlen (text), get_end (document));

  g_ptr_array_insert (document->lines, position < document->lines->len ? (int) position : -1, line);
}

static gboolean
is_line (PlugRbSettingsStore *store, GVariant *value)
{
  const char *text;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("(us)")))
    return FALSE;

  g_variant_get (value, "(u&s)", NULL, &text);

  return strpbrk (text, "\r\n") == NULL && is_entry (store, text);
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     G_GNUC_UNUSED const char *name,
     GVariant *value,
     GError **error)
{
  Document *self = document;
  guint32 position;
  const char *text;
  guint index;

  if (value != NULL && !is_line (store, value))
    return plug_rb_settings_throw_value (store, value, error);

  while (value == NULL && find (store, self, &index))
    g_ptr_array_remove_index (self->lines, index);
  if (value == NULL)
    return TRUE;

  g_variant_get (value, "(u&s)", &position, &text);
  if (find (store, self, &index))
    g_set_str (&((Line *) self->lines->pdata[index])->text, text);
  else
    put (self, position, text);

  return TRUE;
}

/* Where a line stands depends on the others. */
static gboolean
equal (GVariant *a, GVariant *b)
{
  const char *first, *second;

  if (!g_variant_is_of_type (a, G_VARIANT_TYPE ("(us)")))
    return FALSE;

  g_variant_get (a, "(u&s)", NULL, &first);
  g_variant_get (b, "(u&s)", NULL, &second);

  return g_str_equal (first, second);
}

static gboolean
check (PlugRbSettingsStore *store, GError **error)
{
  const char *entry = plug_rb_settings_store_get (store, "Entry");

  return strpbrk (entry, "\r\n") == NULL ||
         plug_rb_settings_throw_parameter (store, "Entry", error);
}

static const PlugRbSettingsFormat format = {
  .parse = parse,
  .free = release,
  .list = list,
  .owns = plug_rb_settings_owns_entry,
  .get = get,
  .set = set,
  .print = print,
  .equal = equal,
};

const PlugRbSettingsBackend plug_rb_settings_lines = {
  .name = "lines",
  .required = (const char *const[]) { "File", "Entry", NULL },
  .optional = (const char *const[]) { "Case", NULL },
  .check = check,
  .format = &format,
};
