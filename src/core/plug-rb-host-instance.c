/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-instance.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "plug-rb-error.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

#define GROUP "Instances"
#define SIZE_LIMIT (1024 * 1024)
#define LONGEST_NAME 60
#define HASH_LENGTH 6

static void
instance_free (PlugRbInstance *instance)
{
  g_free (instance->path);
  g_free (instance->name);
  g_free (instance->title);
  g_free (instance);
}

/* ---- names */

static gboolean
is_plain (gunichar c)
{
  return g_unichar_isalnum (c) || c == '.' || c == '_' || c == '-';
}

static char *
make_plain (const char *title)
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (const char *p = title; *p != '\0' && name->len < LONGEST_NAME; p = g_utf8_next_char (p))
    g_string_append_unichar (name, is_plain (g_utf8_get_char (p)) ? g_utf8_get_char (p) : '-');
  if (*name->str == '.')
    *name->str = '-';

  return g_string_free_and_steal (g_steal_pointer (&name));
}

/* Where the title alone may be that of another folder too, a hash of the path tells them apart. It
 * is there even while there is but one of that title, because a name must not change when a second
 * one comes. */
static PlugRbInstance *
instance_new (const char *path, gboolean is_only_one)
{
  PlugRbInstance *instance = g_new0 (PlugRbInstance, 1);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);

  instance->path = g_strdup (path);
  instance->title = g_filename_display_name (base);
  instance->name = make_plain (instance->title);
  hash[HASH_LENGTH] = '\0';
  if (!is_only_one || !g_str_equal (instance->name, base)) {
    g_autofree char *name = g_steal_pointer (&instance->name);

    instance->name = g_strconcat (name, "-", hash, NULL);
  }

  return instance;
}

/* ---- folders of which the description gives a pattern */

static void
list_matches (GPtrArray *instances, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *pattern = g_path_get_basename (path);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (folder, name, NULL);

    if (*name != '.' && g_pattern_match_simple (pattern, name) &&
        g_file_test (child, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (instances, instance_new (child, TRUE));
  }
}

/* ---- folders that a JSON file names */

static void
add_path (GPtrArray *instances, JsonNode *node)
{
  const char *path;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return;

  path = json_node_get_string (node);
  if (g_path_is_absolute (path) && g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_autofree char *plain = g_canonicalize_filename (path, NULL);

    g_ptr_array_add (instances, instance_new (plain, FALSE));
  }
}

static void walk (GPtrArray *instances, JsonNode *node, char **tokens);

static void
walk_all (GPtrArray *instances, JsonNode *node, char **rest)
{
  g_autoptr(GList) members =
      JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_values (json_node_get_object (node)) : NULL;
  g_autoptr(GList) elements =
      JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_elements (json_node_get_array (node)) : NULL;

  for (GList *l = members ? members : elements; l != NULL; l = l->next)
    walk (instances, l->data, rest);
}

static void
walk (GPtrArray *instances, JsonNode *node, char **tokens)
{
  if (*tokens == NULL)
    add_path (instances, node);
  else if (g_str_equal (*tokens, "*"))
    walk_all (instances, node, tokens + 1);
  else if (JSON_NODE_HOLDS_OBJECT (node) &&
           json_object_has_member (json_node_get_object (node), *tokens))
    walk (instances, json_object_get_member (json_node_get_object (node), *tokens), tokens + 1);
}

static gboolean
list_named (GPtrArray *instances, const char *path, const char *pointer, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autofree char *text = plug_rb_small_file_read_text (AT_FDCWD, path, SIZE_LIMIT, &cause);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_auto(GStrv) tokens = g_strsplit (pointer, "/", -1);

  if (text == NULL && plug_rb_small_file_is_absent (cause))
    return TRUE;
  if (text == NULL || !json_parser_load_from_data (parser, text, -1, &cause)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” cannot be read: %s"), path,
                 cause->message);
    return FALSE;
  }

  if (json_parser_get_root (parser) != NULL && *tokens != NULL)
    walk (instances, json_parser_get_root (parser), tokens + 1);

  return TRUE;
}

/* ---- */

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const PlugRbInstance *) a)->name, ((const PlugRbInstance *) b)->name);
}

/**
 * plug_rb_instance_list:
 * @file: a description that is valid, all its words bound but that of the instance
 * @instances: (out) (nullable) (element-type PlugRbInstance): those that are there, by name; %NULL
 *   if the host has no such thing
 *
 * Returns: %FALSE if the file that names them is damaged
 */
gboolean
plug_rb_instance_list (GKeyFile *file, GPtrArray **instances, GError **error)
{
  g_autofree char *source = g_key_file_get_string (file, GROUP, "Source", NULL);
  g_autofree char *template = g_key_file_get_string (file, GROUP, "Path", NULL);
  g_autofree char *pointer = g_key_file_get_string (file, GROUP, "Pointer", NULL);
  g_autofree char *path = template ? plug_rb_template_expand (template, NULL, NULL, NULL) : NULL;

  *instances = NULL;
  if (source == NULL || path == NULL)
    return TRUE;

  *instances = g_ptr_array_new_with_free_func ((GDestroyNotify) instance_free);
  if (g_str_equal (source, "glob"))
    list_matches (*instances, path);
  else if (!list_named (*instances, path, pointer ? pointer : "", error))
    return FALSE;

  g_ptr_array_sort_values (*instances, compare);
  return TRUE;
}
