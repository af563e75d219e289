/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manifest.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "plug-rb-error.h"
#include "plug-rb-small-file.h"

#define SIZE_LIMIT (1024 * 1024)

/**
 * plug_rb_manifest_free:
 *
 * Frees a manifest.
 */
void
plug_rb_manifest_free (PlugRbManifest *manifest)
{
  g_free (manifest->text);
  g_free (manifest->id);
  g_free (manifest->name);
  g_free (manifest->version);
  g_free (manifest->description);
  g_free (manifest->settings_schema);
  g_strfreev (manifest->host_versions);
  g_free (manifest);
}

/**
 * plug_rb_manifest_rule_clear:
 *
 * Frees what a rule holds, not the rule.
 */
void
plug_rb_manifest_rule_clear (PlugRbManifestRule *rule)
{
  g_clear_pointer (&rule->file, g_free);
  g_clear_pointer (&rule->id, g_free);
  g_clear_pointer (&rule->name, g_free);
  g_clear_pointer (&rule->version, g_free);
  g_clear_pointer (&rule->version_fallback, g_free);
  g_clear_pointer (&rule->description, g_free);
  g_clear_pointer (&rule->settings_schema, g_free);
  g_clear_pointer (&rule->host_versions, g_free);
}

/* ---- JSON pointers */

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
  g_auto(GStrv) tokens = NULL;
  JsonNode *node = root;

  if (pointer == NULL)
    return NULL;

  tokens = g_strsplit (pointer, "/", -1);
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

/**
 * plug_rb_manifest_make_plain:
 *
 * Returns: (transfer full) (nullable): @text for one line: what would break it or steer a terminal
 * becomes a space; %NULL if nothing is left
 */
char *
plug_rb_manifest_make_plain (const char *text)
{
  g_autoptr(GString) plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    g_string_append_unichar (plain, g_unichar_iscntrl (c) ? ' ' : c);
  }

  g_strstrip (plain->str);
  return *plain->str ? g_strdup (plain->str) : NULL;
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

static char *
dup_text (JsonNode *root, const char *pointer)
{
  return node_to_text (resolve (root, pointer));
}

/* A list of versions, or a single one. */
static char **
dup_versions (JsonNode *root, const char *pointer)
{
  g_autoptr(GStrvBuilder) versions = g_strv_builder_new ();
  JsonNode *node = resolve (root, pointer);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char *text;

  if (node == NULL)
    return NULL;

  if (array == NULL && (text = node_to_text (node)) != NULL)
    g_strv_builder_take (versions, text);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if ((text = node_to_text (json_array_get_element (array, i))) != NULL)
      g_strv_builder_take (versions, text);

  return g_strv_builder_end (versions);
}

static PlugRbManifest *
manifest_new (JsonNode *root, const PlugRbManifestRule *rule, const char *text)
{
  PlugRbManifest *manifest = g_new0 (PlugRbManifest, 1);

  manifest->text = g_strdup (text);
  manifest->id = dup_text (root, rule->id);
  manifest->name = dup_text (root, rule->name);
  manifest->version = dup_text (root, rule->version);
  if (manifest->version == NULL)
    manifest->version = dup_text (root, rule->version_fallback);
  manifest->description = dup_text (root, rule->description);
  manifest->settings_schema = dup_text (root, rule->settings_schema);
  manifest->host_versions = dup_versions (root, rule->host_versions);

  return manifest;
}

static PlugRbManifest *
throw_corrupt (GError **error, const PlugRbManifestRule *rule, const char *why)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("“%s” is damaged: %s"), rule->file, why);
  return NULL;
}

static PlugRbManifest *
parse_json (const char *text, const PlugRbManifestRule *rule, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) local_error = NULL;
  JsonNode *root;

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, -1, &local_error))
    return throw_corrupt (error, rule, local_error->message);

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return throw_corrupt (error, rule, _("it is not a JSON object"));

  return manifest_new (root, rule, text);
}

/**
 * plug_rb_manifest_parse:
 * @text: a manifest, which may be damaged or hostile
 *
 * Takes from a manifest what the rule names. What is absent or of another type is %NULL.
 *
 * Returns: (transfer full): the manifest, or %NULL with %PLUG_RB_ERROR_CORRUPT that names the file
 */
PlugRbManifest *
plug_rb_manifest_parse (const char *text, const PlugRbManifestRule *rule, GError **error)
{
  PlugRbManifest *nothing;

  g_return_val_if_fail (text != NULL && rule != NULL, NULL);

  switch (rule->format) {
  case PLUG_RB_MANIFEST_KEYFILE:
    return plug_rb_manifest_parse_keyfile (text, rule, error);
  case PLUG_RB_MANIFEST_NONE:
    nothing = g_new0 (PlugRbManifest, 1);
    nothing->text = g_strdup ("");
    return nothing;
  case PLUG_RB_MANIFEST_JSON:
  default:
    return parse_json (text, rule, error);
  }
}

/**
 * plug_rb_manifest_read:
 * @folder_fd: the plugin's folder
 *
 * Reads the manifest in a plugin's folder. It may be a symbolic link to a regular file.
 *
 * Returns: (transfer full): the manifest, or %NULL with an error that names the file
 */
PlugRbManifest *
plug_rb_manifest_read (int folder_fd, const PlugRbManifestRule *rule, GError **error)
{
  g_return_val_if_fail (rule != NULL && rule->file != NULL, NULL);

  return plug_rb_manifest_read_file (folder_fd, rule->file, rule, error);
}

/**
 * plug_rb_manifest_read_file:
 * @folder_fd: a folder, or `AT_FDCWD`
 * @name: a file in it
 *
 * Likewise, of a manifest that lies among others.
 *
 * Returns: (transfer full): the manifest, or %NULL with an error that names the file
 */
PlugRbManifest *
plug_rb_manifest_read_file (int folder_fd,
                            const char *name,
                            const PlugRbManifestRule *rule,
                            GError **error)
{
  g_autofree char *text = plug_rb_small_file_read_text (folder_fd, name, SIZE_LIMIT, error);

  return text ? plug_rb_manifest_parse (text, rule, error) : NULL;
}
