/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-literal.h"
#include "plug-rb-manifest-reader.h"

/* What manifests need of TOML: tables, lists of tables, and every kind of value. Things are named
 * by pointers: “/package/version”. */

static gpointer throw (GError * *error, const char *why)
{
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, why);
  return NULL;
}

/* The table called @name in @object, which is created; of a list of tables the last. */
static JsonObject *
enter (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonObject *child;

  if (array != NULL && json_array_get_length (array) > 0)
    node = json_array_get_element (array, json_array_get_length (array) - 1);
  if (node != NULL)
    return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  child = json_object_new ();
  json_object_set_object_member (object, name, child);
  return child;
}

static gboolean
take_sign (PlugRbLiteral *text, char sign)
{
  text->p += strspn (text->p, " \t");
  if (*text->p != sign)
    return FALSE;

  text->p++;
  return TRUE;
}

/* "a.b.c": goes into a and b, and gives "c". */
static char *
read_path (PlugRbLiteral *text, JsonObject **object, GError **error)
{
  g_autofree char *key = plug_rb_literal_read_key (text, error);

  for (guint i = 0; key != NULL && take_sign (text, '.'); i++) {
    *object = i < 32 ? enter (*object, key) : NULL;
    g_free (key);
    key = *object ? plug_rb_literal_read_key (text, error)
                  : throw (error, _("something in it is both a value and a table"));
  }

  return g_steal_pointer (&key);
}

static JsonObject *
append_table (JsonObject *object, const char *name)
{
  JsonObject *table = json_object_new ();

  if (!json_object_has_member (object, name))
    json_object_set_array_member (object, name, json_array_new ());
  json_array_add_object_element (json_object_get_array_member (object, name), table);

  return table;
}

/* Behind "[": the table that the lines below belong to. */
static JsonObject *
read_header (PlugRbLiteral *text, JsonObject *root, GError **error)
{
  gboolean is_list = *text->p == '[';
  JsonObject *object = root;
  g_autofree char *name = NULL;
  JsonNode *node;

  text->p += is_list;
  if ((name = read_path (text, &object, error)) == NULL)
    return NULL;

  node = json_object_get_member (object, name);
  if (!take_sign (text, ']') || (is_list && !take_sign (text, ']')) ||
      (is_list && node != NULL && !JSON_NODE_HOLDS_ARRAY (node)))
    return throw (error, _("the name of a table is wrong"));

  object = is_list ? append_table (object, name) : enter (object, name);
  return object ? object : throw (error, _("something in it is both a value and a table"));
}

static gpointer
throw_twice (GError **error, const char *key)
{
  g_autofree char *why = g_strdup_printf (_("“%s” stands in it twice"), key);

  return throw (error, why);
}

static gboolean
read_pair (PlugRbLiteral *text, JsonObject *table, GError **error)
{
  g_autofree char *key = read_path (text, &table, error);
  JsonNode *value;

  if (key == NULL)
    return FALSE;
  if (!take_sign (text, '='))
    return throw (error, _("a line of it is no setting")) != NULL;
  if (json_object_has_member (table, key))
    return throw_twice (error, key) != NULL;
  if ((value = plug_rb_literal_read_value (text, error)) == NULL)
    return FALSE;

  json_object_set_member (table, key, value);
  return TRUE;
}

static gboolean
ends_line (PlugRbLiteral *text)
{
  text->p += strspn (text->p, " \t\r");

  return *text->p == '\0' || *text->p == '\n' || *text->p == '#';
}

static gboolean
read_lines (PlugRbLiteral *text, JsonObject *root, GError **error)
{
  JsonObject *table = root;

  for (plug_rb_literal_skip (text); *text->p != '\0'; plug_rb_literal_skip (text)) {
    if (take_sign (text, '['))
      table = read_header (text, root, error);
    else if (!read_pair (text, table, error))
      table = NULL;

    if (table == NULL)
      return FALSE;
    if (!ends_line (text))
      return throw (error, _("a line of it goes on behind its end")) != NULL;
  }

  return TRUE;
}

static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(JsonObject) root = json_object_new ();
  PlugRbLiteral literal = { text, FALSE, 0 };

  return read_lines (&literal, root, error) ? json_node_init_object (json_node_alloc (), root)
                                            : NULL;
}

const PlugRbManifestReader plug_rb_manifest_toml = {
  .name = "toml",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
