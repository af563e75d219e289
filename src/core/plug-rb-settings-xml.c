/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libxml/tree.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-manifest-reader.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-name.h"

/* Attributes of one element in an XML file, whose names begin with a prefix. The library says
 * whether the file is sound; what is changed is changed in the text, so that all else stays. */

typedef struct {
  GString *text;
  gsize start; /* of the element's name; 0 if there is no such element */
} Document;

/* An attribute in the text: from the white space before it to the quote behind its value. */
typedef struct {
  gsize gap;
  gsize name;
  gsize name_end;
  gsize value;
  gsize end;
} Attribute;

/* ---- finding the element */

/* Skips what is no element: comments, declarations, and text that is to be taken as it is. */
static gboolean
skip_special (const char **p)
{
  static const struct {
    const char *start, *end;
  } kinds[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" }, { "<!", ">" } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (*p, kinds[i].start)) {
      const char *end = strstr (*p, kinds[i].end);

      *p = end ? end + strlen (kinds[i].end) : *p + strlen (*p);
      return TRUE;
    }

  return FALSE;
}

static gboolean
next_attribute (const char *text, gsize *at, Attribute *attribute)
{
  gsize p = *at;

  attribute->gap = p;
  p += strspn (text + p, " \t\r\n");
  attribute->name = p;
  p += strcspn (text + p, "= \t\r\n/>");
  attribute->name_end = p;
  p += strspn (text + p, " \t\r\n");
  if (attribute->name == attribute->name_end || text[p] != '=')
    return FALSE;

  p++;
  p += strspn (text + p, " \t\r\n");
  if (text[p] != '"' && text[p] != '\'')
    return FALSE;

  attribute->value = p + 1;
  p++;
  while (text[p] != '\0' && text[p] != text[attribute->value - 1])
    p++;
  attribute->end = text[p] != '\0' ? p + 1 : p;
  *at = attribute->end;

  return TRUE;
}

static gboolean
find_attribute (const char *text, gsize start, const char *name, Attribute *attribute)
{
  gsize at = start + strcspn (text + start, " \t\r\n/>");

  while (next_attribute (text, &at, attribute))
    if (attribute->name_end - attribute->name == strlen (name) &&
        strncmp (text + attribute->name, name, strlen (name)) == 0)
      return TRUE;

  return FALSE;
}

/* As it would stand between double quotes. */
static char *
dup_raw (const char *text, const Attribute *attribute)
{
  GString *raw =
      g_string_new_len (text + attribute->value, (gssize) (attribute->end - 1 - attribute->value));

  g_string_replace (raw, "\"", "&quot;", 0);

  return g_string_free_and_steal (raw);
}

/* One step of the path: “name” or “name[@attribute='value']”. */
static gboolean
fits_step (const char *text, gsize start, const char *step)
{
  gsize length = strcspn (step, "[");
  g_auto(GStrv) sides = step[length] == '[' ? g_strsplit (step + length + 1, "=", 2) : NULL;
  g_autofree char *wanted = sides && sides[1] ? g_strdup (sides[1]) : NULL;
  g_autofree char *found = NULL;
  Attribute attribute;

  if (strncmp (text + start, step, length) != 0 ||
      strchr (" \t\r\n/>", text[start + length]) == NULL)
    return FALSE;
  if (sides == NULL)
    return TRUE;
  if (wanted == NULL || *sides[0] != '@' || !find_attribute (text, start, sides[0] + 1, &attribute))
    return FALSE;

  g_strdelimit (wanted, "'\"]", ' ');
  found = dup_raw (text, &attribute);

  return g_str_equal (found, g_strstrip (wanted));
}

static gsize
find_tag_end (const char *text, gsize start)
{
  gsize at = start + strcspn (text + start, " \t\r\n/>");
  Attribute attribute;

  while (next_attribute (text, &at, &attribute))
    ;

  return at + strcspn (text + at, ">");
}

/* Walks through the tags, and counts how many steps of the path the open elements fit. */
static gsize
find_element (const char *text, char **steps)
{
  guint depth = 0, fitting = 0, n = g_strv_length (steps);
  const char *p = text;

  while ((p = strchr (p, '<')) != NULL) {
    gsize start, end;

    if (skip_special (&p))
      continue;
    if (p[1] == '/') {
      depth -= depth > 0;
      fitting = MIN (fitting, depth);
      p++;
      continue;
    }

    start = (gsize) (p + 1 - text);
    end = find_tag_end (text, start);
    if (fitting == depth && depth < n && fits_step (text, start, steps[depth]))
      fitting++;
    if (fitting == n && depth == n - 1)
      return start;
    depth++;
    if (text[end] == '>' && text[end - 1] == '/') {
      depth--;
      fitting = MIN (fitting, depth);
    }
    p = text + end;
  }

  return 0;
}

/* ---- the file */

static void
release (gpointer data)
{
  Document *document = data;

  g_string_free (document->text, TRUE);
  g_free (document);
}

static gboolean
check_sound (GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_strndup (data, size);
  gboolean has_type;
  xmlDoc *parsed;

  if (strlen (text) != size || !g_utf8_validate (text, -1, NULL)) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("it is not UTF-8 text"));
    return FALSE;
  }
  if ((parsed = plug_rb_manifest_xml.parse (text, error)) == NULL)
    return FALSE;

  has_type = parsed->intSubset != NULL;
  plug_rb_manifest_xml.free (parsed);
  if (has_type)
    /* What stands in there may look like elements to the one who looks at the text. */
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("it has a document type declaration"));

  return !has_type;
}

static gpointer
parse (PlugRbSettingsStore *store, GBytes *bytes, GError **error)
{
  const char *path = plug_rb_settings_store_get (store, "Element");
  g_auto(GStrv) steps = g_strsplit (path + 1, "/", -1);
  Document *document;

  if (g_bytes_get_size (bytes) > 0 && !check_sound (bytes, error))
    return NULL;

  document = g_new0 (Document, 1);
  document->text =
      g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  document->start = find_element (document->text->str, steps);

  return document;
}

static GBytes *
print (gpointer data)
{
  Document *document = data;

  return g_bytes_new (document->text->str, document->text->len);
}

static char *
dup_attribute_name (PlugRbSettingsStore *store, const char *name)
{
  g_auto(GStrv) parts = plug_rb_settings_name_split (name);

  return parts != NULL && parts[1] == NULL &&
                 g_str_has_prefix (parts[0], plug_rb_settings_store_get (store, "Prefix"))
             ? g_strdup (parts[0])
             : NULL;
}

static gboolean
owns (PlugRbSettingsStore *store, const char *name)
{
  g_autofree char *attribute = dup_attribute_name (store, name);

  return attribute != NULL && attribute[strcspn (attribute, "=<>'\"/ \t\r\n")] == '\0';
}

/* Values are taken as they stand in the text, with their entities. */
static gboolean
list (PlugRbSettingsStore *store, gpointer data, PlugRbValues *values, G_GNUC_UNUSED GError **error)
{
  Document *document = data;
  const char *text = document->text->str;
  const char *prefix = plug_rb_settings_store_get (store, "Prefix");
  gsize at = document->start + strcspn (text + document->start, " \t\r\n/>");
  Attribute attribute;

  plug_rb_values_add_folder (values, "/");
  while (document->start > 0 && next_attribute (text, &at, &attribute)) {
    g_autofree char *name = g_strndup (text + attribute.name, attribute.name_end - attribute.name);
    g_autofree char *raw = dup_raw (text, &attribute);
    g_autofree char *entry = plug_rb_settings_name_build_one (name);

    if (g_str_has_prefix (name, prefix))
      plug_rb_values_set (values, entry, g_variant_new_string (raw));
  }

  return TRUE;
}

static GVariant *
get (PlugRbSettingsStore *store, gpointer data, const char *name)
{
  Document *document = data;
  g_autofree char *wanted = dup_attribute_name (store, name);
  g_autofree char *raw = NULL;
  Attribute attribute;

  if (wanted == NULL || document->start == 0 ||
      !find_attribute (document->text->str, document->start, wanted, &attribute))
    return NULL;

  raw = dup_raw (document->text->str, &attribute);
  return g_variant_new_string (raw);
}

static gboolean
throw_element (PlugRbSettingsStore *store, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS, _("“%s” has no “%s”. Start %s once"),
               plug_rb_settings_store_get (store, "File"),
               plug_rb_settings_store_get (store, "Element"),
               plug_rb_settings_store_get (store, "Host"));
  return FALSE;
}

/* Behind the last attribute, laid out like it. */
static void
add_attribute (Document *document, const char *name, const char *raw)
{
  const char *text = document->text->str;
  gsize at = document->start + strcspn (text + document->start, " \t\r\n/>");
  g_autofree char *gap = g_strdup (" ");
  g_autofree char *added = NULL;
  Attribute attribute;

  while (next_attribute (text, &at, &attribute)) {
    g_free (gap);
    gap = g_strndup (text + attribute.gap, attribute.name - attribute.gap);
  }

  added = g_strdup_printf ("%s%s=\"%s\"", gap, name, raw);
  g_string_insert (document->text, (gssize) at, added);
}

static gboolean
set (PlugRbSettingsStore *store, gpointer data, const char *name, GVariant *value, GError **error)
{
  Document *document = data;
  g_autofree char *wanted = dup_attribute_name (store, name);
  Attribute attribute;
  gboolean found;

  if (value != NULL && (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ||
                        strpbrk (g_variant_get_string (value, NULL), "<\"") != NULL))
    return plug_rb_settings_throw_value (store, value, error);
  if (document->start == 0)
    return value == NULL || throw_element (store, error);

  found = find_attribute (document->text->str, document->start, wanted, &attribute);
  if (value == NULL && found) {
    g_string_erase (document->text, (gssize) attribute.gap,
                    (gssize) (attribute.end - attribute.gap));
  } else if (value != NULL && found) {
    g_autofree char *quoted = g_strdup_printf ("\"%s\"", g_variant_get_string (value, NULL));

    g_string_erase (document->text, (gssize) attribute.value - 1,
                    (gssize) (attribute.end - attribute.value + 1));
    g_string_insert (document->text, (gssize) attribute.value - 1, quoted);
  } else if (value != NULL) {
    add_attribute (document, wanted, g_variant_get_string (value, NULL));
  }

  return TRUE;
}

static gboolean
check (PlugRbSettingsStore *store, GError **error)
{
  return *plug_rb_settings_store_get (store, "Element") == '/' ||
         plug_rb_settings_throw_parameter (store, "Element", error);
}

static const PlugRbSettingsFormat format = {
  .parse = parse,
  .free = release,
  .list = list,
  .owns = owns,
  .get = get,
  .set = set,
  .print = print,
};

const PlugRbSettingsBackend plug_rb_settings_xml_attrs = {
  .name = "xml-attrs",
  .required = (const char *const[]) { "File", "Element", "Prefix", NULL },
  .check = check,
  .format = &format,
};
