/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-json.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-hash.h"

#define SEAL "checksum"

static JsonNode *
get_value (JsonObject *object, const char *member, GType type)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;

  return node;
}

/**
 * plug_rb_json_get_string:
 * @object: (nullable): an object; %NULL has no members
 *
 * Returns: (transfer none) (nullable): the string, or %NULL if @member is absent or something else
 */
const char *
plug_rb_json_get_string (JsonObject *object, const char *member)
{
  JsonNode *node = get_value (object, member, G_TYPE_STRING);

  return node ? json_node_get_string (node) : NULL;
}

/**
 * plug_rb_json_get_int:
 * @object: (nullable): an object
 *
 * Returns: the number, or @fallback if @member is absent or no whole number
 */
gint64
plug_rb_json_get_int (JsonObject *object, const char *member, gint64 fallback)
{
  JsonNode *node = get_value (object, member, G_TYPE_INT64);

  return node ? json_node_get_int (node) : fallback;
}

/**
 * plug_rb_json_get_double:
 * @object: (nullable): an object
 *
 * Returns: the number, or @fallback if @member is absent or no number
 */
double
plug_rb_json_get_double (JsonObject *object, const char *member, double fallback)
{
  JsonNode *node = get_value (object, member, G_TYPE_DOUBLE);

  if (node == NULL)
    node = get_value (object, member, G_TYPE_INT64);

  return node ? json_node_get_double (node) : fallback;
}

/**
 * plug_rb_json_get_boolean:
 * @object: (nullable): an object
 *
 * Returns: whether @member is there and true
 */
gboolean
plug_rb_json_get_boolean (JsonObject *object, const char *member)
{
  JsonNode *node = get_value (object, member, G_TYPE_BOOLEAN);

  return node != NULL && json_node_get_boolean (node);
}

/**
 * plug_rb_json_get_object:
 * @object: (nullable): an object
 *
 * Returns: (transfer none) (nullable): the object, or %NULL if @member is absent or something else
 */
JsonObject *
plug_rb_json_get_object (JsonObject *object, const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * plug_rb_json_get_array:
 * @object: (nullable): an object
 *
 * Returns: (transfer none) (nullable): the array, or %NULL if @member is absent or something else
 */
JsonArray *
plug_rb_json_get_array (JsonObject *object, const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * plug_rb_json_get_element:
 * @array: (nullable): an array; %NULL has no elements
 *
 * Returns: (transfer none) (nullable): the object at @index, or %NULL if there is none
 */
JsonObject *
plug_rb_json_get_element (JsonArray *array, guint index)
{
  JsonNode *node =
      array && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * plug_rb_json_dup_strv:
 * @object: (nullable): an object
 *
 * Returns: (transfer full) (nullable): the strings of an array, or %NULL if @member is absent or no
 *   array; elements that are no strings are left out
 */
char **
plug_rb_json_dup_strv (JsonObject *object, const char *member)
{
  JsonArray *array = plug_rb_json_get_array (object, member);
  g_autoptr(GStrvBuilder) builder = array ? g_strv_builder_new () : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_node_get_string (node));
  }

  return builder ? g_strv_builder_end (builder) : NULL;
}

/**
 * plug_rb_json_set_string:
 * @value: (nullable): the string; %NULL is written as null
 */
void
plug_rb_json_set_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
  else
    json_object_set_null_member (object, member);
}

/**
 * plug_rb_json_set_strv:
 * @values: (nullable): the strings; %NULL is written as null
 */
void
plug_rb_json_set_strv (JsonObject *object, const char *member, const char *const *values)
{
  JsonArray *array;

  if (values == NULL) {
    json_object_set_null_member (object, member);
    return;
  }

  array = json_array_new ();
  for (gsize i = 0; values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (object, member, array);
}

static char *
generate (JsonObject *object, gboolean pretty)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_node_init_object (json_node_alloc (), object);

  json_generator_set_pretty (generator, pretty);
  json_generator_set_root (generator, root);

  return json_generator_to_data (generator, NULL);
}

/**
 * plug_rb_json_to_string:
 *
 * Returns: (transfer full): the text of an object, for files and for people: indented by two
 * spaces, with a newline at the end
 */
char *
plug_rb_json_to_string (JsonObject *object)
{
  g_autofree char *text = generate (object, TRUE);

  return g_strconcat (text, "\n", NULL);
}

/**
 * plug_rb_json_parse:
 * @text: the text, which may be hostile
 * @length: its length in bytes; -1 if it ends with a zero
 *
 * Parses the text of one object. What is no valid JSON, is nested too deep, or is no object at the
 * top, fails with %PLUG_RB_ERROR_CORRUPT.
 *
 * Returns: (transfer full): the object
 */
JsonObject *
plug_rb_json_parse (const char *text, gssize length, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) cause = NULL;
  JsonNode *root;

  json_parser_set_strict (parser, TRUE);

  /* Nothing at all may come without an address. */
  if (!json_parser_load_from_data (parser, length == 0 ? "" : text, length, &cause)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("This is not valid JSON: %s"),
                 cause->message);
    return NULL;
  }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("This JSON does not hold an object"));
    return NULL;
  }

  return json_node_dup_object (root);
}

static char *
hash_meaning (JsonObject *object)
{
  g_autoptr(JsonObject) meaning = json_object_new ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!g_str_equal (name, SEAL))
      json_object_set_member (meaning, name, json_node_copy (node));

  text = generate (meaning, FALSE);

  return plug_rb_hash_bytes (text, strlen (text));
}

/**
 * plug_rb_json_seal:
 *
 * Adds the member "checksum" at the end, or renews it.
 */
void
plug_rb_json_seal (JsonObject *object)
{
  g_autofree char *hash = hash_meaning (object);

  if (json_object_has_member (object, SEAL))
    json_object_remove_member (object, SEAL);

  json_object_set_string_member (object, SEAL, hash);
}

/**
 * plug_rb_json_check_seal:
 *
 * Returns: whether the object is as it was when it was sealed; otherwise the error is
 *   %PLUG_RB_ERROR_CORRUPT
 */
gboolean
plug_rb_json_check_seal (JsonObject *object, GError **error)
{
  const char *claimed = plug_rb_json_get_string (object, SEAL);
  g_autofree char *hash = hash_meaning (object);

  if (g_strcmp0 (claimed, hash) == 0)
    return TRUE;

  if (claimed == NULL)
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The checksum is missing"));
  else
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The contents do not match their checksum"));

  return FALSE;
}

/**
 * plug_rb_time_to_string:
 * @time: a time of any zone
 *
 * Returns: (transfer full): the time as RFC 3339 in UTC, to the second: "2026-11-22T20:31:07Z"
 */
char *
plug_rb_time_to_string (GDateTime *time)
{
  g_autoptr(GDateTime) utc = g_date_time_to_utc (time);

  g_autofree char *rest = g_date_time_format (utc, "-%m-%dT%H:%M:%SZ");

  /* %Y writes years before 1000 with fewer digits, which nobody reads again. */
  return g_strdup_printf ("%04d%s", g_date_time_get_year (utc), rest);
}

/**
 * plug_rb_time_from_string:
 * @text: (nullable): a time with its zone
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if @text is none
 */
GDateTime *
plug_rb_time_from_string (const char *text)
{
  g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time ? g_date_time_to_utc (time) : NULL;
}
