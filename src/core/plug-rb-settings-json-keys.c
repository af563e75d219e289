/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fnmatch.h>

#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"

/* Members of an object: `json-keys` those of some names, `json-map` one, or all of a pattern. */

static gboolean
check_keys (PlugRbSettingsStore *store, GError **error)
{
  return plug_rb_settings_store_get (store, "Prefix") ||
         plug_rb_settings_store_get (store, "Keys") ||
         plug_rb_settings_throw_parameter (store, "Prefix", error);
}

static gboolean
check_entry (PlugRbSettingsStore *store, GError **error)
{
  return plug_rb_settings_store_get (store, "Entry") ||
         plug_rb_settings_store_get (store, "EntryPattern") ||
         plug_rb_settings_throw_parameter (store, "Entry", error);
}

static gboolean
fits (PlugRbSettingsStore *store, const char *pattern, const char *key)
{
  gboolean fold = g_strcmp0 (plug_rb_settings_store_get (store, "Case"), "fold") == 0;

  return fnmatch (pattern, key, fold ? FNM_CASEFOLD : 0) == 0;
}

static gboolean
owns_key (PlugRbSettingsStore *store, const char *key)
{
  const char *prefix = plug_rb_settings_store_get (store, "Prefix");
  const char *entry = plug_rb_settings_store_get (store, "Entry");
  const char *pattern = plug_rb_settings_store_get (store, "EntryPattern");
  g_auto(GStrv) keys = plug_rb_settings_store_dup_list (store, "Keys");

  return (entry != NULL && plug_rb_settings_same_name (store, key, entry)) ||
         (pattern != NULL && fits (store, pattern, key)) ||
         (prefix != NULL && *prefix != '\0' && g_str_has_prefix (key, prefix)) ||
         (keys != NULL && g_strv_contains ((const char *const *) keys, key));
}

static char *
dup_key (const char *name)
{
  g_auto(GStrv) parts = plug_rb_settings_name_split (name);

  return parts != NULL && g_strv_length (parts) == 1 ? g_strdup (parts[0]) : NULL;
}

static gboolean
owns (PlugRbSettingsStore *store, const char *name)
{
  g_autofree char *key = dup_key (name);

  return key != NULL && owns_key (store, key);
}

static void
add_looked_at (PlugRbSettingsStore *store, PlugRbValues *values)
{
  g_auto(GStrv) keys = plug_rb_settings_store_dup_list (store, "Keys");

  if (keys == NULL)
    plug_rb_values_add_folder (values, "/");

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *name = plug_rb_settings_name_build_one (keys[i]);

    plug_rb_values_add_folder (values, name);
  }
}

static GVariant *
get (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  g_autofree char *key = dup_key (name);
  g_autofree char *raw = NULL;
  const PlugRbJsoncNode *object;
  int index;

  if (key == NULL ||
      !plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_OBJECT, &object, NULL) ||
      object == NULL || (index = plug_rb_jsonc_find_member (object, key)) < 0)
    return NULL;

  raw = plug_rb_jsonc_dup_raw (document, &plug_rb_jsonc_get_item (object, (guint) index)->value);
  return g_variant_new_string (raw);
}

static gboolean
list (PlugRbSettingsStore *store, gpointer document, PlugRbValues *values, GError **error)
{
  const PlugRbJsoncNode *object;

  if (!plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_OBJECT, &object, error))
    return FALSE;

  for (guint i = 0; object != NULL && i < object->items->len; i++) {
    const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (object, i);
    g_autofree char *name = NULL;
    g_autofree char *raw = NULL;

    if (!owns_key (store, item->name))
      continue;

    name = plug_rb_settings_name_build_one (item->name);
    raw = plug_rb_jsonc_dup_raw (document, &item->value);
    plug_rb_values_set (values, name, g_variant_new_string (raw));
  }

  add_looked_at (store, values);
  return TRUE;
}

/* Hosts take the last of several, so taking out only that one would bring back another. */
static gboolean
remove_key (PlugRbSettingsStore *store, PlugRbJsonc *document, const char *key, GError **error)
{
  for (;;) {
    const PlugRbJsoncNode *object;
    int index;

    if (!plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_OBJECT, &object, error))
      return FALSE;
    if (object == NULL || (index = plug_rb_jsonc_find_member (object, key)) < 0)
      return TRUE;
    if (!plug_rb_jsonc_remove (document, object, (guint) index, error))
      return FALSE;
  }
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     const char *name,
     GVariant *value,
     GError **error)
{
  g_autofree char *key = dup_key (name);
  const PlugRbJsoncNode *object;
  int index;

  if (value == NULL)
    return remove_key (store, document, key, error);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return plug_rb_settings_throw_value (store, value, error);
  if (!(object = plug_rb_settings_json_ensure (store, document, PLUG_RB_JSONC_OBJECT, error)))
    return FALSE;

  index = plug_rb_jsonc_find_member (object, key);

  return index >= 0 ? plug_rb_jsonc_replace (document,
                                             &plug_rb_jsonc_get_item (object, (guint) index)->value,
                                             g_variant_get_string (value, NULL), error)
                    : plug_rb_jsonc_insert (document, object, G_MAXUINT, key,
                                            g_variant_get_string (value, NULL), error);
}

static gboolean
equal (GVariant *a, GVariant *b)
{
  return g_variant_is_of_type (a, G_VARIANT_TYPE_STRING) &&
         plug_rb_jsonc_same_value (g_variant_get_string (a, NULL), g_variant_get_string (b, NULL));
}

static const PlugRbSettingsFormat format = {
  .parse = plug_rb_settings_json_parse,
  .free = plug_rb_settings_json_free,
  .list = list,
  .owns = owns,
  .get = get,
  .set = set,
  .print = plug_rb_settings_json_print,
  .equal = equal,
};

const PlugRbSettingsBackend plug_rb_settings_json_keys = {
  .name = "json-keys",
  .required = (const char *const[]) { "File", NULL },
  .optional = (const char *const[]) { "Keys", "Pointer", "Prefix", NULL },
  .check = check_keys,
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_json_map = {
  .name = "json-map",
  .required = (const char *const[]) { "File", NULL },
  .optional = (const char *const[]) { "Case", "Entry", "EntryPattern", "Pointer", NULL },
  .check = check_entry,
  .format = &format,
};
