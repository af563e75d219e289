/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-json.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-name.h"

gpointer
plug_rb_settings_json_parse (G_GNUC_UNUSED PlugRbSettingsStore *store,
                             GBytes *bytes,
                             GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return plug_rb_jsonc_new (text ? text : "", length, error);
}

void
plug_rb_settings_json_free (gpointer document)
{
  plug_rb_jsonc_free (document);
}

GBytes *
plug_rb_settings_json_print (gpointer document)
{
  gsize length;
  const char *text = plug_rb_jsonc_get_text (document, &length);

  return g_bytes_new (text, length);
}

/* ---- the object or array in which the entries stand */

static const char *
get_pointer (PlugRbSettingsStore *store)
{
  const char *pointer = plug_rb_settings_store_get (store, "Pointer");

  return pointer ? pointer : "";
}

static gboolean
throw_kind (PlugRbSettingsStore *store, PlugRbJsoncKind kind, GError **error)
{
  const char *file = plug_rb_settings_store_get (store, "File");

  if (kind == PLUG_RB_JSONC_ARRAY)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 /* Translators: a file, and a place in it such as “/plugins”. */
                 _("“%s” has no list at “%s”"), file, get_pointer (store));
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” has no object at “%s”"),
                 file, get_pointer (store));

  return FALSE;
}

/**
 * plug_rb_settings_json_find:
 * @kind: an object or array
 * @node: (out) (nullable): it, or %NULL if nothing is there
 *
 * Returns: whether nothing else is there; otherwise %PLUG_RB_ERROR_CORRUPT
 */
gboolean
plug_rb_settings_json_find (PlugRbSettingsStore *store,
                            PlugRbJsonc *document,
                            PlugRbJsoncKind kind,
                            const PlugRbJsoncNode **node,
                            GError **error)
{
  *node = plug_rb_jsonc_find (plug_rb_jsonc_get_root (document), get_pointer (store));

  return *node == NULL || (*node)->kind == kind || throw_kind (store, kind, error);
}

static gboolean
make_one (PlugRbJsonc *document, const char *parent, const char *token, const char *raw)
{
  const PlugRbJsoncNode *node = plug_rb_jsonc_find (plug_rb_jsonc_get_root (document), parent);
  g_autoptr(GString) name = g_string_new (token);

  g_string_replace (name, "~1", "/", 0);
  g_string_replace (name, "~0", "~", 0);

  return node != NULL && node->kind == PLUG_RB_JSONC_OBJECT &&
         (plug_rb_jsonc_find_member (node, name->str) >= 0 ||
          plug_rb_jsonc_insert (document, node, G_MAXUINT, name->str, raw, NULL));
}

/* Makes what lacks on the way; the document is another one each time. */
static gboolean
make_all (PlugRbJsonc *document, const char *pointer, const char *last)
{
  g_auto(GStrv) tokens = *pointer == '/' ? g_strsplit (pointer + 1, "/", -1) : g_new0 (char *, 1);
  g_autoptr(GString) parent = g_string_new (NULL);
  gboolean deep = tokens[0] != NULL;

  if (plug_rb_jsonc_get_root (document) == NULL &&
      !plug_rb_jsonc_set_root (document, deep ? "{\n}\n" : last, NULL))
    return FALSE;

  for (guint i = 0; tokens[i] != NULL; i++) {
    if (!make_one (document, parent->str, tokens[i], tokens[i + 1] ? "{}" : last))
      return FALSE;
    g_string_append_printf (parent, "/%s", tokens[i]);
  }

  return TRUE;
}

/**
 * plug_rb_settings_json_ensure:
 * @kind: an object or array
 *
 * Returns: (nullable): it, made if nothing was there; %NULL with %PLUG_RB_ERROR_CORRUPT
 */
const PlugRbJsoncNode *
plug_rb_settings_json_ensure (PlugRbSettingsStore *store,
                              PlugRbJsonc *document,
                              PlugRbJsoncKind kind,
                              GError **error)
{
  const char *empty = kind == PLUG_RB_JSONC_ARRAY    ? "[]"
                      : *get_pointer (store) == '\0' ? "{\n}\n"
                                                     : "{}";
  const PlugRbJsoncNode *node;

  if (!plug_rb_settings_json_find (store, document, kind, &node, error))
    return NULL;
  if (node == NULL && !make_all (document, get_pointer (store), empty)) {
    throw_kind (store, kind, error);
    return NULL;
  }

  return plug_rb_jsonc_find (plug_rb_jsonc_get_root (document), get_pointer (store));
}

/* ---- elements of a list that are found by what they are or have in them */

/**
 * plug_rb_settings_same_name:
 *
 * Returns: whether two names are the same to the host
 */
gboolean
plug_rb_settings_same_name (PlugRbSettingsStore *store, const char *a, const char *b)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (g_strcmp0 (plug_rb_settings_store_get (store, "Case"), "fold") != 0)
    return g_str_equal (a, b);
  if (!g_utf8_validate (a, -1, NULL) || !g_utf8_validate (b, -1, NULL))
    return g_ascii_strcasecmp (a, b) == 0;

  first = g_utf8_casefold (a, -1);
  second = g_utf8_casefold (b, -1);

  return g_str_equal (first, second);
}

/**
 * plug_rb_settings_owns_entry:
 *
 * Returns: whether @name is that of the one `Entry` of the store
 */
gboolean
plug_rb_settings_owns_entry (PlugRbSettingsStore *store, const char *name)
{
  g_autofree char *own =
      plug_rb_settings_name_build_one (plug_rb_settings_store_get (store, "Entry"));

  return g_str_equal (own, name);
}

static gboolean
matches (PlugRbSettingsStore *store, PlugRbJsonc *document, const PlugRbJsoncNode *element)
{
  const char *match = plug_rb_settings_store_get (store, "Match");
  const PlugRbJsoncNode *node = plug_rb_jsonc_find (element, match ? match : "");
  g_autofree char *string = node ? plug_rb_jsonc_dup_string (document, node) : NULL;

  return string != NULL &&
         plug_rb_settings_same_name (store, string, plug_rb_settings_store_get (store, "Entry"));
}

static int
find_element (PlugRbSettingsStore *store, PlugRbJsonc *document, const PlugRbJsoncNode *array)
{
  for (guint i = 0; array != NULL && i < array->items->len; i++)
    if (matches (store, document, &plug_rb_jsonc_get_item (array, i)->value))
      return (int) i;

  return -1;
}

/**
 * plug_rb_settings_json_get_element:
 * @array: (nullable): a list
 *
 * Returns: (transfer floating) (nullable): the first element that is the plugin's, as `(us)`
 */
GVariant *
plug_rb_settings_json_get_element (PlugRbSettingsStore *store,
                                   PlugRbJsonc *document,
                                   const PlugRbJsoncNode *array)
{
  int index = find_element (store, document, array);
  g_autofree char *raw = NULL;

  if (index < 0)
    return NULL;

  raw = plug_rb_jsonc_dup_raw (document, &plug_rb_jsonc_get_item (array, (guint) index)->value);
  return g_variant_new ("(us)", (guint32) index, raw);
}

/* Hosts ignore an entry that stands there twice, so both go. */
static gboolean
remove_elements (PlugRbSettingsStore *store, PlugRbJsonc *document, GError **error)
{
  for (;;) {
    const PlugRbJsoncNode *array;
    int index;

    if (!plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_ARRAY, &array, error))
      return FALSE;
    if ((index = find_element (store, document, array)) < 0)
      return TRUE;
    if (!plug_rb_jsonc_remove (document, array, (guint) index, error))
      return FALSE;
  }
}

/**
 * plug_rb_settings_json_set_element:
 * @value: (nullable): what plug_rb_settings_json_get_element() gave, or %NULL to take it out
 *
 * Puts an element in at its place, or changes the one that is there where it is.
 */
gboolean
plug_rb_settings_json_set_element (PlugRbSettingsStore *store,
                                   PlugRbJsonc *document,
                                   GVariant *value,
                                   GError **error)
{
  const PlugRbJsoncNode *array;
  guint32 position;
  const char *raw;
  int index;

  if (value == NULL)
    return remove_elements (store, document, error);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("(us)")))
    return plug_rb_settings_throw_value (store, value, error);
  if ((array = plug_rb_settings_json_ensure (store, document, PLUG_RB_JSONC_ARRAY, error)) == NULL)
    return FALSE;

  g_variant_get (value, "(u&s)", &position, &raw);
  index = find_element (store, document, array);

  return index >= 0 ? plug_rb_jsonc_replace (document,
                                             &plug_rb_jsonc_get_item (array, (guint) index)->value,
                                             raw, error)
                    : plug_rb_jsonc_insert (document, array, position, NULL, raw, error);
}

/**
 * plug_rb_settings_json_same_element:
 *
 * Returns: whether two elements are the same; where they stand depends on the others
 */
gboolean
plug_rb_settings_json_same_element (GVariant *a, GVariant *b)
{
  const char *first, *second;

  if (!g_variant_is_of_type (a, G_VARIANT_TYPE ("(us)")))
    return FALSE;

  g_variant_get (a, "(u&s)", NULL, &first);
  g_variant_get (b, "(u&s)", NULL, &second);

  return plug_rb_jsonc_same_value (first, second);
}
