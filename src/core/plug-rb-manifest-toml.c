/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-manifest-reader.h"

/* What manifests have of TOML: tables, strings, numbers, booleans and lists of these. Things are
 * named by pointers: “/table/key”. Anything else in the file is passed over. */

typedef struct {
  const char *p;
  JsonObject *root;
  JsonObject *table;
} Parser;

static JsonNode *parse_value (Parser *parser);

static void
skip_space (Parser *parser, const char *spaces)
{
  for (;;) {
    parser->p += strspn (parser->p, spaces);
    if (*parser->p != '#')
      return;
    parser->p += strcspn (parser->p, "\n");
  }
}

static void
skip_line (Parser *parser)
{
  parser->p += strcspn (parser->p, "\n");
  parser->p += *parser->p == '\n';
}

/* ---- values */

static void
append_escaped (GString *text, const char **p)
{
  static const char names[] = "nrt\\\"";
  static const char values[] = "\n\r\t\\\"";
  const char *found = strchr (names, **p);

  if (**p == 'u' || **p == 'U') {
    g_autofree char *digits = g_strndup (*p + 1, **p == 'u' ? 4 : 8);
    gunichar c = (gunichar) g_ascii_strtoull (digits, NULL, 16);

    if (g_unichar_validate (c) && c != 0)
      g_string_append_unichar (text, c);
    *p += strlen (digits);
  } else if (**p != '\0' && found != NULL) {
    g_string_append_c (text, values[found - names]);
  }
}

static JsonNode *
parse_string (Parser *parser)
{
  g_autoptr(GString) text = g_string_new (NULL);
  char quote = *parser->p;
  const char *p = parser->p + 1;

  for (; *p != '\0' && *p != quote && *p != '\n'; p++) {
    if (quote == '"' && *p == '\\') {
      p++;
      append_escaped (text, &p);
      if (*p == '\0')
        return NULL;
    } else {
      g_string_append_c (text, *p);
    }
  }
  if (*p != quote)
    return NULL;

  parser->p = p + 1;
  return json_node_init_string (json_node_alloc (), text->str);
}

static JsonNode *
parse_list (Parser *parser)
{
  g_autoptr(JsonArray) array = json_array_new ();

  parser->p++;
  for (;;) {
    JsonNode *value;

    skip_space (parser, " \t\r\n,");
    if (*parser->p == ']')
      break;
    /* Lists in lists are nothing that a manifest is asked for. */
    if (*parser->p == '\0' || *parser->p == '[' || (value = parse_value (parser)) == NULL)
      return NULL;
    json_array_add_element (array, value);
  }

  parser->p++;
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
parse_bare (Parser *parser)
{
  gsize length = strspn (parser->p, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+-._:");
  g_autofree char *word = g_strndup (parser->p, length);

  if (length == 0)
    return NULL;

  parser->p += length;
  if (g_str_equal (word, "true") || g_str_equal (word, "false"))
    return json_node_init_boolean (json_node_alloc (), *word == 't');

  return json_node_init_string (json_node_alloc (), word);
}

static JsonNode *
parse_value (Parser *parser)
{
  switch (*parser->p) {
  case '"':
  case '\'':
    return parse_string (parser);
  case '[':
    return parse_list (parser);
  default:
    return parse_bare (parser);
  }
}

/* ---- lines */

static char *
take_key (Parser *parser)
{
  g_autoptr(JsonNode) quoted = NULL;
  gsize length;

  if (*parser->p == '"' || *parser->p == '\'') {
    quoted = parse_string (parser);
    return quoted ? g_strdup (json_node_get_string (quoted)) : NULL;
  }

  length = strspn (parser->p, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-");
  parser->p += length;

  return length > 0 ? g_strndup (parser->p - length, length) : NULL;
}

static JsonObject *
enter (JsonObject *table, const char *key)
{
  JsonNode *node = json_object_get_member (table, key);

  if (node != NULL)
    return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  json_object_set_object_member (table, key, json_object_new ());
  return json_object_get_object_member (table, key);
}

/* “a.b.c”: gives the last name and the table that it stands in. */
static char *
take_path (Parser *parser, JsonObject **table)
{
  for (;;) {
    g_autofree char *key = take_key (parser);

    if (key == NULL || *table == NULL)
      return NULL;
    skip_space (parser, " \t");
    if (*parser->p != '.')
      return g_steal_pointer (&key);

    parser->p++;
    skip_space (parser, " \t");
    *table = enter (*table, key);
  }
}

static void
parse_table (Parser *parser)
{
  JsonObject *table = parser->root;
  g_autofree char *name = NULL;

  parser->p += strspn (parser->p, "[ \t");
  name = take_path (parser, &table);
  /* What is not understood must not land in another table. */
  parser->table = name != NULL && table != NULL ? enter (table, name) : NULL;
}

static void
parse_pair (Parser *parser)
{
  JsonObject *table = parser->table;
  g_autofree char *name = take_path (parser, &table);
  JsonNode *value;

  if (name == NULL || table == NULL || *parser->p != '=')
    return;

  parser->p++;
  skip_space (parser, " \t");
  value = parse_value (parser);
  if (value != NULL && !json_object_has_member (table, name))
    json_object_set_member (table, name, value);
  else if (value != NULL)
    json_node_unref (value);
}

static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(JsonObject) root = json_object_new ();
  Parser parser = { text, root, root };

  while (*parser.p != '\0') {
    skip_space (&parser, " \t\r\n");
    if (*parser.p == '[')
      parse_table (&parser);
    else if (*parser.p != '\0')
      parse_pair (&parser);
    skip_line (&parser);
  }

  if (json_object_get_size (root) > 0)
    return json_node_init_object (json_node_alloc (), root);

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("it is not TOML"));
  return NULL;
}

const PlugRbManifestReader plug_rb_manifest_toml = {
  .name = "toml",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
