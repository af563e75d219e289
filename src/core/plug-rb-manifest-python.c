/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-manifest-reader.h"

/* A dictionary of literals that a Python source gives a name, such as Blender's “bl_info”; things
 * are named by pointers: “/bl_info/version”. Nothing is run: whatever is not a literal is refused.
 * A tuple of numbers is a version: (1, 2, 0) reads “1.2.0”. */

#define MAX_DEPTH 16

typedef struct {
  const char *p;
  guint depth;
} Parser;

static JsonNode *parse_value (Parser *parser);

/* ---- words */

static void
skip_space (Parser *parser)
{
  for (;;) {
    parser->p += strspn (parser->p, " \t\r\n\\");
    if (*parser->p != '#')
      return;
    parser->p += strcspn (parser->p, "\n");
  }
}

static gboolean
take (Parser *parser, char c)
{
  skip_space (parser);
  if (*parser->p != c)
    return FALSE;

  parser->p++;
  return TRUE;
}

static JsonNode *
text_node (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

/* ---- strings */

static gboolean
append_escaped (GString *text, char c)
{
  static const char names[] = "nrt\\'\"";
  static const char values[] = "\n\r\t\\'\"";
  const char *found = c ? strchr (names, c) : NULL;

  if (c == '\n')
    return TRUE;
  if (found == NULL)
    return FALSE;

  g_string_append_c (text, values[found - names]);
  return TRUE;
}

static gboolean
parse_string (Parser *parser, GString *text)
{
  char quote = *parser->p;
  gsize length = strncmp (parser->p + 1, parser->p, 1) == 0 && parser->p[2] == quote ? 3 : 1;
  g_autofree char *end = g_strnfill (length, quote);

  if (length == 1 && parser->p[1] == quote) {
    parser->p += 2;
    return TRUE;
  }

  for (parser->p += length; *parser->p != '\0'; parser->p++) {
    if (g_str_has_prefix (parser->p, end)) {
      parser->p += length;
      return TRUE;
    }
    if (*parser->p == '\n' && length == 1)
      return FALSE;
    if (*parser->p != '\\')
      g_string_append_c (text, *parser->p);
    else if (!append_escaped (text, *++parser->p))
      return FALSE;
  }

  return FALSE;
}

/* Strings that stand side by side are one. */
static JsonNode *
parse_strings (Parser *parser)
{
  g_autoptr(GString) text = g_string_new (NULL);

  while (*parser->p == '"' || *parser->p == '\'') {
    if (!parse_string (parser, text))
      return NULL;
    skip_space (parser);
  }

  return text_node (text->str);
}

/* ---- numbers and names */

static JsonNode *
parse_number (Parser *parser)
{
  gsize length = strspn (parser->p, "+-0123456789.eE_");
  g_autofree char *text = g_strndup (parser->p, length);

  parser->p += length;
  return text_node (text);
}

static JsonNode *
parse_word (Parser *parser)
{
  static const char *const words[] = { "True", "False", "None" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (parser->p, words[i])) {
      parser->p += strlen (words[i]);
      return i == 2 ? json_node_new (JSON_NODE_NULL)
                    : json_node_init_boolean (json_node_alloc (), i == 0);
    }

  return NULL;
}

/* ---- lists, tuples, dictionaries */

static gboolean
is_number (JsonNode *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : "";

  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

static char *
join_version (JsonArray *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!is_number (node))
      return NULL;
    g_string_append_printf (text, "%s%s", i > 0 ? "." : "", json_node_get_string (node));
  }

  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

static JsonNode *
parse_sequence (Parser *parser, char end)
{
  g_autoptr(JsonArray) array = json_array_new ();
  g_autofree char *version = NULL;

  parser->p++;
  while (!take (parser, end)) {
    JsonNode *value = parse_value (parser);

    if (value == NULL)
      return NULL;
    json_array_add_element (array, value);
    if (!take (parser, ',')) {
      if (!take (parser, end))
        return NULL;
      break;
    }
  }

  version = end == ')' ? join_version (array) : NULL;
  return version ? text_node (version) : json_node_init_array (json_node_alloc (), array);
}

static gboolean
parse_member (Parser *parser, JsonObject *object)
{
  g_autoptr(JsonNode) name = NULL;
  JsonNode *value;

  skip_space (parser);
  if (*parser->p != '"' && *parser->p != '\'')
    return FALSE;
  if (!(name = parse_strings (parser)) || !take (parser, ':') || !(value = parse_value (parser)))
    return FALSE;

  json_object_set_member (object, json_node_get_string (name), value);
  return TRUE;
}

static JsonNode *
parse_dictionary (Parser *parser)
{
  g_autoptr(JsonObject) object = json_object_new ();

  parser->p++;
  while (!take (parser, '}')) {
    if (!parse_member (parser, object))
      return NULL;
    if (!take (parser, ',')) {
      if (!take (parser, '}'))
        return NULL;
      break;
    }
  }

  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
parse_any (Parser *parser)
{
  switch (*parser->p) {
  case '"':
  case '\'':
    return parse_strings (parser);
  case '(':
    return parse_sequence (parser, ')');
  case '[':
    return parse_sequence (parser, ']');
  case '{':
    return parse_dictionary (parser);
  default:
    return *parser->p != '\0' && strchr ("+-.0123456789", *parser->p) ? parse_number (parser)
                                                                      : parse_word (parser);
  }
}

static JsonNode *
parse_value (Parser *parser)
{
  JsonNode *node = NULL;

  skip_space (parser);
  if (parser->depth < MAX_DEPTH) {
    parser->depth++;
    node = parse_any (parser);
    parser->depth--;
  }

  return node;
}

/* ---- the source */

/* Takes “name = {” at the beginning of a line; NULL if the line is something else. */
static char *
take_name (const char **p)
{
  gsize length = strspn (*p, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
  const char *rest = *p + length;
  char *name;

  rest += strspn (rest, " \t");
  if (length == 0 || *rest != '=')
    return NULL;

  rest++;
  rest += strspn (rest, " \t\\\r\n");
  if (*rest != '{')
    return NULL;

  name = g_strndup (*p, length);
  *p = rest;

  return name;
}

static gpointer
throw_python (GError **error)
{
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("there is no dictionary of literals in it"));
  return NULL;
}

static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(JsonObject) object = json_object_new ();

  for (const char *line = text; line != NULL && *line != '\0';) {
    Parser parser = { line, 0 };
    g_autofree char *name = take_name (&parser.p);
    JsonNode *value = name ? parse_value (&parser) : NULL;
    const char *from = value ? parser.p : line;

    if (value != NULL)
      json_object_set_member (object, name, value);
    line = strchr (from, '\n');
    line = line ? line + 1 : NULL;
  }

  return json_object_get_size (object) > 0 ? json_node_init_object (json_node_alloc (), object)
                                           : throw_python (error);
}

const PlugRbManifestReader plug_rb_manifest_python = {
  .name = "python-literal",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
