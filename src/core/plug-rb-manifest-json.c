/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "plug-rb-dependency.h"
#include "plug-rb-error.h"
#include "plug-rb-jsonc.h"
#include "plug-rb-manifest-reader.h"

/* An object; things are named by JSON pointers such as “/shell-version” (RFC 6901). */

static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, -1, error))
    return NULL;

  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_ref (root);

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("it is not a JSON object"));
  return NULL;
}

/* ---- with comments, and commas too many */

static void
append_plain (PlugRbJsonc *document, const PlugRbJsoncNode *node, GString *text)
{
  if (node->items == NULL) {
    g_autofree char *raw = plug_rb_jsonc_dup_raw (document, node);

    g_string_append (text, raw);
    return;
  }

  g_string_append_c (text, node->kind == PLUG_RB_JSONC_OBJECT ? '{' : '[');
  for (guint i = 0; i < node->items->len; i++) {
    const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (node, i);

    if (i > 0)
      g_string_append_c (text, ',');
    if (node->kind == PLUG_RB_JSONC_OBJECT)
      g_string_append_printf (text, "%.*s:", (int) (item->name_end - item->start),
                              plug_rb_jsonc_get_text (document, NULL) + item->start);
    append_plain (document, &item->value, text);
  }
  g_string_append_c (text, node->kind == PLUG_RB_JSONC_OBJECT ? '}' : ']');
}

static gpointer
parse_with_comments (const char *text, GError **error)
{
  g_autoptr(PlugRbJsonc) document = plug_rb_jsonc_new (text, strlen (text), error);
  const PlugRbJsoncNode *root = document ? plug_rb_jsonc_get_root (document) : NULL;
  g_autoptr(GString) plain = g_string_new (NULL);

  if (document == NULL)
    return NULL;
  if (root != NULL)
    append_plain (document, root, plain);

  return parse (plain->str, error);
}

void
plug_rb_manifest_json_free (gpointer document)
{
  json_node_unref (document);
}

/* ---- pointers */

static char *
unescape_token (const char *token)
{
  g_autoptr(GString) text = g_string_new (token);

  g_string_replace (text, "~1", "/", 0);
  g_string_replace (text, "~0", "~", 0);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static JsonNode *
get_element (JsonArray *array, const char *token)
{
  guint64 index;

  if (!g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= json_array_get_length (array))
    return NULL;

  return json_array_get_element (array, index);
}

static JsonNode *
get_child (JsonNode *node, const char *token)
{
  g_autofree char *name = unescape_token (token);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), name);

  return JSON_NODE_HOLDS_ARRAY (node) ? get_element (json_node_get_array (node), name) : NULL;
}

static JsonNode *
resolve (JsonNode *root, const char *pointer)
{
  g_auto(GStrv) tokens = g_strsplit (pointer, "/", -1);
  JsonNode *node = root;

  for (guint i = 1; node != NULL && i < g_strv_length (tokens); i++)
    node = get_child (node, tokens[i]);

  return node;
}

/* ---- values */

static char *
number_to_text (JsonNode *node)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double number = json_node_get_double (node);

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  if (!isfinite (number))
    return NULL;

  /* 37.0 is written 37; %.15g shows 1.1 as it was meant. */
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.15g", number));
}

static char *
node_to_text (JsonNode *node)
{
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return plug_rb_manifest_make_plain (json_node_get_string (node));

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? number_to_text (node) : NULL;
}

/**
 * plug_rb_manifest_json_dup_text:
 *
 * Returns: (transfer full) (nullable): the text or number at a pointer
 */
char *
plug_rb_manifest_json_dup_text (gpointer document, const char *selector)
{
  return node_to_text (resolve (document, selector));
}

/**
 * plug_rb_manifest_json_dup_list:
 *
 * Returns: (transfer full) (nullable): the texts and numbers of the list at a pointer, or the only
 *   one
 */
char **
plug_rb_manifest_json_dup_list (gpointer document, const char *selector)
{
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new ();
  JsonNode *node = resolve (document, selector);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char *text;

  if (node == NULL)
    return NULL;

  if (array == NULL && (text = node_to_text (node)) != NULL)
    g_strv_builder_take (texts, text);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if ((text = node_to_text (json_array_get_element (array, i))) != NULL)
      g_strv_builder_take (texts, text);

  return g_strv_builder_end (texts);
}

/* ---- dependencies: a list of names, or an object of names and ranges */

static void
add_ranges (JsonObject *object, GPtrArray *found)
{
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next) {
    g_autofree char *range = node_to_text (json_object_get_member (object, l->data));

    g_ptr_array_add (found, plug_rb_dependency_new (l->data, range, FALSE));
  }
}

void
plug_rb_manifest_json_add_dependencies (gpointer document,
                                        const PlugRbManifestRule *rule,
                                        GPtrArray *found)
{
  JsonNode *node = resolve (document, rule->depends);
  g_auto(GStrv) names = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
    add_ranges (json_node_get_object (node), found);
    return;
  }

  names = plug_rb_manifest_json_dup_list (document, rule->depends);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_ptr_array_add (found, plug_rb_dependency_new (names[i], NULL, FALSE));
}

const PlugRbManifestReader plug_rb_manifest_json = {
  .name = "json",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};

const PlugRbManifestReader plug_rb_manifest_jsonc = {
  .name = "jsonc",
  .parse = parse_with_comments,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
