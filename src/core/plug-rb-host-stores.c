/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host.h"

#include "plug-rb-host-file.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-json.h"
#include "plug-rb-manifest.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-settings-name.h"
#include "plug-rb-template.h"

/* ---- the keys that a manifest names */

/* Lists on the way are looked through: what is asked for is in their elements. */
static void
collect_members (JsonNode *node, char **steps, GHashTable *keys)
{
  g_autoptr(GList) members = NULL;

  if (node == NULL)
    return;

  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++)
      collect_members (json_array_get_element (array, i), steps, keys);
    return;
  }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  if (*steps != NULL) {
    collect_members (json_object_get_member (json_node_get_object (node), *steps), steps + 1, keys);
    return;
  }

  members = json_object_get_members (json_node_get_object (node));
  for (GList *l = members; l != NULL; l = l->next)
    g_hash_table_add (keys, g_strdup (l->data));
}

static gboolean
add_keys_of_manifest (
    PlugRbHost *self, const char *id, const char *pointer, GHashTable *keys, GError **error)
{
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_auto(GStrv) steps = NULL;

  if (!plug_rb_host_find_manifest (self, id, &manifest, error))
    return FALSE;
  if (manifest == NULL || manifest->text == NULL ||
      !(object = plug_rb_json_parse (manifest->text, -1, NULL)))
    return TRUE;

  root = json_node_init_object (json_node_alloc (), object);
  steps = g_strsplit (pointer + 1, "/", -1);
  collect_members (root, steps, keys);

  return TRUE;
}

/* Earlier versions may have had other keys, which a rollback to them writes. */
static void
add_keys_of_snapshots (const char *store, const char *const *folders, GHashTable *keys)
{
  gsize length = strlen (store);

  for (guint i = 0; folders != NULL && folders[i] != NULL; i++) {
    g_auto(GStrv) parts = NULL;

    if (!g_str_has_prefix (folders[i], store) || folders[i][length] != ':')
      continue;

    parts = plug_rb_settings_name_split (folders[i] + length + 1);
    if (parts != NULL && parts[1] == NULL)
      g_hash_table_add (keys, g_strdup (parts[0]));
  }
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static char *
join_keys (GHashTable *keys)
{
  g_autoptr(GPtrArray) sorted = g_hash_table_get_keys_as_ptr_array (keys);

  g_ptr_array_sort_values (sorted, compare_strings);
  g_ptr_array_add (sorted, NULL);

  return plug_rb_settings_join_list ((const char *const *) sorted->pdata);
}

/* ---- stores */

static gboolean
add_parameter (GStrvBuilder *parameters, const char *name, char *value)
{
  if (value == NULL)
    return FALSE;

  g_strv_builder_add (parameters, name);
  g_strv_builder_take (parameters, value);

  return TRUE;
}

/* In a pattern an id stands for itself. */
static char *
escape_glob (const char *id)
{
  GString *text = g_string_new (NULL);

  for (const char *p = id; *p != '\0'; p++) {
    if (strchr ("*?[]\\;", *p) != NULL)
      g_string_append_c (text, '\\');
    g_string_append_c (text, *p);
  }

  return g_string_free_and_steal (text);
}

static char *
expand (const char *name, const char *template, const char *id, const char *path, GError **error)
{
  g_autofree char *escaped = g_str_equal (name, "EntryPattern") ? escape_glob (id) : NULL;

  return plug_rb_template_expand (template, escaped ? escaped : id, path, error);
}

static char **
expand_parameters (
    PlugRbHost *self, const PlugRbStoreRule *rule, const char *id, const char *path, GError **error)
{
  g_autoptr(GStrvBuilder) parameters = g_strv_builder_new ();

  for (guint i = 0; rule->parameters[i] != NULL; i += 2)
    if (!add_parameter (parameters, rule->parameters[i],
                        expand (rule->parameters[i], rule->parameters[i + 1], id, path, error)))
      return NULL;

  add_parameter (parameters, "Host", g_strdup (plug_rb_host_get_name (self)));
  add_parameter (parameters, "Role", g_strdup (rule->role ? rule->role : "settings"));

  return g_strv_builder_end (parameters);
}

static gboolean
add_store (GPtrArray *stores,
           PlugRbHost *self,
           const PlugRbStoreRule *rule,
           const char *id,
           const char *path,
           const char *name,
           const char *value,
           GError **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parameters = expand_parameters (self, rule, id, path, error);
  g_auto(GStrv) all = NULL;
  PlugRbSettingsStore *store;

  if (parameters == NULL)
    return FALSE;

  g_strv_builder_addv (builder, (const char **) parameters);
  if (name != NULL)
    add_parameter (builder, name, g_strdup (value));
  all = g_strv_builder_end (builder);

  store = plug_rb_settings_store_new (rule->name, rule->backend, (const char *const *) all, error);
  if (store != NULL)
    g_ptr_array_add (stores, store);

  return store != NULL;
}

/* A store that nobody can tell is none. */
static gboolean
dup_keys (PlugRbHost *self,
          const PlugRbStoreRule *rule,
          const char *id,
          const char *const *folders,
          char **keys,
          GError **error)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!add_keys_of_manifest (self, id, rule->keys_from, found, error))
    return FALSE;

  add_keys_of_snapshots (rule->name, folders, found);
  *keys = g_hash_table_size (found) > 0 ? join_keys (found) : NULL;
  return TRUE;
}

static gboolean
dup_prefix (
    PlugRbHost *self, const PlugRbStoreRule *rule, const char *id, char **prefix, GError **error)
{
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autofree char *text = NULL;

  if (!plug_rb_host_find_manifest (self, id, &manifest, error))
    return FALSE;

  text = manifest && manifest->text
             ? plug_rb_manifest_dup_text (manifest->text, &plug_rb_host_get_file (self)->manifest,
                                          rule->prefix_from)
             : NULL;
  *prefix = text ? g_strconcat (text, ".", NULL) : NULL;
  return TRUE;
}

static gboolean
add_rule (GPtrArray *stores,
          PlugRbHost *self,
          const PlugRbStoreRule *rule,
          const char *id,
          const char *path,
          const char *const *folders,
          GError **error)
{
  g_autofree char *value = NULL;

  if (rule->keys_from == NULL && rule->prefix_from == NULL)
    return add_store (stores, self, rule, id, path, NULL, NULL, error);
  if (rule->keys_from != NULL ? !dup_keys (self, rule, id, folders, &value, error)
                              : !dup_prefix (self, rule, id, &value, error))
    return FALSE;

  return value == NULL || add_store (stores, self, rule, id, path,
                                     rule->keys_from ? "Keys" : "Prefix", value, error);
}

/**
 * plug_rb_host_list_stores:
 * @id: a plugin's id, which need not be installed
 * @folders: (nullable): what earlier versions of the plugin used, as
 *   plug_rb_values_get_folders() gives it
 *
 * Returns: (transfer full) (element-type PlugRbSettingsStore): where values of the plugin stand in
 *   files that it shares with others, or %NULL with an error that names what cannot be told
 */
GPtrArray *
plug_rb_host_list_stores (PlugRbHost *self,
                          const char *id,
                          const char *const *folders,
                          GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(GPtrArray) stores =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_settings_store_unref);
  g_autofree char *path = NULL;
  gboolean installed;

  if (file == NULL || file->stores->len == 0)
    return g_steal_pointer (&stores);

  path = plug_rb_host_dup_code_path (self, id, &installed, NULL);
  for (guint i = 0; i < file->stores->len; i++)
    if (!add_rule (stores, self, file->stores->pdata[i], id, path, folders, error))
      return NULL;

  return g_steal_pointer (&stores);
}
