/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-ini.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"
#include "plug-rb-values.h"

/* One text in a list of texts, as GLib writes GSettings into a key file where there is no dconf. */

static gpointer
parse (G_GNUC_UNUSED PlugRbSettingsStore *store, GBytes *bytes, GError **error)
{
  PlugRbIni *ini = plug_rb_ini_new (bytes);

  if (ini == NULL)
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("there is a zero in it, so it is not text"));
  return ini;
}

/* NULL if the list is not set, or not a list of texts. */
static GPtrArray *
read_list (PlugRbSettingsStore *store, PlugRbIni *ini)
{
  g_autoptr(GVariant) text = plug_rb_ini_get (ini, plug_rb_settings_store_get (store, "Group"),
                                              plug_rb_settings_store_get (store, "Key"));
  g_autoptr(GVariant) value = NULL;
  g_autofree const char **entries = NULL;
  GPtrArray *list;

  if (text != NULL)
    g_variant_ref_sink (text);
  if (text != NULL && g_variant_is_of_type (text, G_VARIANT_TYPE_STRING))
    value = g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, g_variant_get_string (text, NULL), NULL,
                             NULL, NULL);
  if (value == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func (g_free);
  entries = g_variant_get_strv (value, NULL);
  for (guint i = 0; entries[i] != NULL; i++)
    g_ptr_array_add (list, g_strdup (entries[i]));

  return list;
}

static gboolean
find (PlugRbSettingsStore *store, GPtrArray *list, guint *index)
{
  return g_ptr_array_find_with_equal_func (list, plug_rb_settings_store_get (store, "Entry"),
                                           g_str_equal, index);
}

static GVariant *
get (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  g_autoptr(GPtrArray) list = read_list (store, document);
  guint index;

  if (list == NULL || !plug_rb_settings_owns_entry (store, name) || !find (store, list, &index))
    return NULL;

  return g_variant_new ("(us)", index, plug_rb_settings_store_get (store, "Entry"));
}

/* Something else than a list is not the same as no list. */
static gboolean
check_list (PlugRbSettingsStore *store, PlugRbIni *ini, GError **error)
{
  const char *key = plug_rb_settings_store_get (store, "Key");
  g_autoptr(GVariant) text =
      plug_rb_ini_get (ini, plug_rb_settings_store_get (store, "Group"), key);
  g_autoptr(GPtrArray) entries = read_list (store, ini);

  if (text != NULL)
    g_variant_ref_sink (text);
  if (text == NULL || entries != NULL)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” in “%s” is not a list"), key,
               plug_rb_settings_store_get (store, "File"));
  return FALSE;
}

static gboolean
list (PlugRbSettingsStore *store, gpointer document, PlugRbValues *values, GError **error)
{
  g_autofree char *name =
      plug_rb_settings_name_build_one (plug_rb_settings_store_get (store, "Entry"));
  GVariant *value;

  if (!check_list (store, document, error))
    return FALSE;

  value = get (store, document, name);

  plug_rb_values_add_folder (values, "/");
  if (value != NULL)
    plug_rb_values_set (values, name, value);

  return TRUE;
}

static void
write_list (PlugRbSettingsStore *store, PlugRbIni *ini, GPtrArray *entries)
{
  g_autoptr(GVariant) value =
      g_variant_ref_sink (g_variant_new_strv ((const char *const *) entries->pdata, entries->len));
  g_autofree char *text = g_variant_print (value, FALSE);
  g_autoptr(GVariant) line = g_variant_ref_sink (g_variant_new_string (text));

  plug_rb_ini_set (ini, plug_rb_settings_store_get (store, "Group"),
                   plug_rb_settings_store_get (store, "Key"), line);
}

static gboolean
throw_unset (PlugRbSettingsStore *store, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” has no list “%s”, and what %s takes instead is not known here"),
               plug_rb_settings_store_get (store, "File"),
               plug_rb_settings_store_get (store, "Key"),
               plug_rb_settings_store_get (store, "Host"));
  return FALSE;
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     G_GNUC_UNUSED const char *name,
     GVariant *value,
     GError **error)
{
  g_autoptr(GPtrArray) entries = read_list (store, document);
  guint32 position;
  guint index;

  if (value != NULL && !g_variant_is_of_type (value, G_VARIANT_TYPE ("(us)")))
    return plug_rb_settings_throw_value (store, value, error);
  if (entries == NULL)
    return value == NULL || throw_unset (store, error);

  if (find (store, entries, &index))
    g_ptr_array_remove_index (entries, index);
  if (value != NULL) {
    g_variant_get (value, "(us)", &position, NULL);
    g_ptr_array_insert (entries, position < entries->len ? (int) position : -1,
                        g_strdup (plug_rb_settings_store_get (store, "Entry")));
  }

  write_list (store, document, entries);
  return TRUE;
}

static GBytes *
print (gpointer document)
{
  return plug_rb_ini_to_bytes (document);
}

static gboolean
equal (GVariant *a, GVariant *b)
{
  return plug_rb_values_equal ("store:", a, b);
}

static const PlugRbSettingsFormat format = {
  .parse = parse,
  .free = (GDestroyNotify) plug_rb_ini_free,
  .list = list,
  .owns = plug_rb_settings_owns_entry,
  .get = get,
  .set = set,
  .print = print,
  .equal = equal,
};

const PlugRbSettingsBackend plug_rb_settings_keyfile_list = {
  .name = "keyfile-list",
  .required = (const char *const[]) { "File", "Group", "Key", "Entry", NULL },
  .format = &format,
};
