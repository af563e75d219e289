/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <string.h>

#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"
#include "plug-rb-values.h"

/* A list of which each line is an entry. White space around a line means nothing. */

static gpointer
parse (G_GNUC_UNUSED PlugRbSettingsStore *store, GBytes *bytes, G_GNUC_UNUSED GError **error)
{
  return g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

static void
release (gpointer document)
{
  g_string_free (document, TRUE);
}

static GBytes *
print (gpointer document)
{
  const GString *text = document;

  return g_bytes_new (text->str, text->len);
}

static gsize
find_end (const GString *text, gsize start)
{
  const char *newline = memchr (text->str + start, '\n', text->len - start);

  return newline ? (gsize) (newline - text->str) + 1 : text->len;
}

static gboolean
is_entry (PlugRbSettingsStore *store, const GString *text, gsize start, gsize end)
{
  g_autofree char *line = g_strndup (text->str + start, end - start);

  return g_str_equal (g_strstrip (line), plug_rb_settings_store_get (store, "Entry"));
}

/* The number of the line that is the plugin's, and where it stands. */
static gboolean
find (PlugRbSettingsStore *store, const GString *text, guint *number, gsize *start, gsize *end)
{
  *number = 0;
  for (*start = 0; *start < text->len; *start = *end, (*number)++) {
    *end = find_end (text, *start);
    if (is_entry (store, text, *start, *end))
      return TRUE;
  }

  return FALSE;
}

static GVariant *
get (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  gsize start, end;
  guint number;

  return plug_rb_settings_owns_entry (store, name) && find (store, document, &number, &start, &end)
             ? g_variant_new ("(us)", number, plug_rb_settings_store_get (store, "Entry"))
             : NULL;
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
insert (PlugRbSettingsStore *store, GString *text, guint32 position)
{
  g_autofree char *line = g_strconcat (plug_rb_settings_store_get (store, "Entry"), "\n", NULL);
  gsize start = 0;

  for (guint32 i = 0; i < position && start < text->len; i++)
    start = find_end (text, start);
  if (start == text->len && start > 0 && text->str[start - 1] != '\n') {
    g_string_append_c (text, '\n');
    start++;
  }

  g_string_insert (text, (gssize) start, line);
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     G_GNUC_UNUSED const char *name,
     GVariant *value,
     GError **error)
{
  guint32 position;
  gsize start, end;
  guint number;

  if (value != NULL && !g_variant_is_of_type (value, G_VARIANT_TYPE ("(us)")))
    return plug_rb_settings_throw_value (store, value, error);

  if (value == NULL) {
    while (find (store, document, &number, &start, &end))
      g_string_erase (document, (gssize) start, (gssize) (end - start));
  } else if (!find (store, document, &number, &start, &end)) {
    g_variant_get (value, "(us)", &position, NULL);
    insert (store, document, position);
  }

  return TRUE;
}

static gboolean
equal (GVariant *a, GVariant *b)
{
  return plug_rb_values_equal ("store:", a, b);
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
  .check = check,
  .format = &format,
};
