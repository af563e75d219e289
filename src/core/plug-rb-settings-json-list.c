/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"

/* One element of a list: `json-list` a string, `json-objects` an object that has a string in it. */

static GVariant *
get (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  const PlugRbJsoncNode *array;

  if (!plug_rb_settings_owns_entry (store, name) ||
      !plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_ARRAY, &array, NULL))
    return NULL;

  return plug_rb_settings_json_get_element (store, document, array);
}

static gboolean
list (PlugRbSettingsStore *store, gpointer document, PlugRbValues *values, GError **error)
{
  g_autofree char *name =
      plug_rb_settings_name_build_one (plug_rb_settings_store_get (store, "Entry"));
  const PlugRbJsoncNode *array;
  GVariant *value;

  if (!plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_ARRAY, &array, error))
    return FALSE;

  value = plug_rb_settings_json_get_element (store, document, array);
  if (value != NULL)
    plug_rb_values_set (values, name, value);
  plug_rb_values_add_folder (values, "/");

  return TRUE;
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     G_GNUC_UNUSED const char *name,
     GVariant *value,
     GError **error)
{
  return plug_rb_settings_json_set_element (store, document, value, error);
}

static const PlugRbSettingsFormat format = {
  .parse = plug_rb_settings_json_parse,
  .free = plug_rb_settings_json_free,
  .list = list,
  .owns = plug_rb_settings_owns_entry,
  .get = get,
  .set = set,
  .print = plug_rb_settings_json_print,
  .equal = plug_rb_settings_json_same_element,
};

const PlugRbSettingsBackend plug_rb_settings_json_list = {
  .name = "json-list",
  .required = (const char *const[]) { "File", "Entry", NULL },
  .optional = (const char *const[]) { "Case", "Pointer", NULL },
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_json_objects = {
  .name = "json-objects",
  .required = (const char *const[]) { "File", "Entry", "Match", NULL },
  .optional = (const char *const[]) { "Case", "Pointer", NULL },
  .format = &format,
};
