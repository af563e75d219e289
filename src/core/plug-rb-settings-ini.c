/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-ini.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-name.h"

/* Keys and groups in KConfig files and GLib's key files. An entry is called "/GROUP/KEY". */

static gboolean
is_subtree (PlugRbSettingsStore *store)
{
  return plug_rb_settings_store_get (store, "MatchKey") != NULL;
}

static gboolean
is_kconfig (PlugRbSettingsStore *store)
{
  return g_str_has_prefix (plug_rb_settings_store_get_backend (store), "kconfig-");
}

/* A group in another: “A][B” in KConfig, “a/b” where groups are paths. */
static gboolean
is_inside (PlugRbSettingsStore *store, const char *group, const char *outer)
{
  gsize length = strlen (outer);

  return strncmp (group, outer, length) == 0 &&
         (group[length] == '\0' ||
          g_str_has_prefix (group + length, is_kconfig (store) ? "][" : "/"));
}

/* ---- groups that are found by a key in them */

/* The outermost part of the group's name that the expression takes as a whole. */
static char *
find_top (PlugRbSettingsStore *store, const char *group)
{
  g_autofree char *pattern =
      g_strdup_printf ("^(?:%s)$", plug_rb_settings_store_get (store, "Group"));
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_auto(GStrv) steps = g_strsplit (group, "][", -1);
  g_autoptr(GString) top = g_string_new (NULL);

  for (guint i = 0; regex != NULL && steps[i] != NULL; i++) {
    g_string_append_printf (top, "%s%s", i > 0 ? "][" : "", steps[i]);
    if (g_regex_match (regex, top->str, 0, NULL))
      return g_string_free_and_steal (g_steal_pointer (&top));
  }

  return NULL;
}

/* Whom the group belongs to: nobody, if the key is not there. */
static char *
dup_owner (PlugRbSettingsStore *store, PlugRbIni *ini, const char *group)
{
  g_autofree char *top = find_top (store, group);
  g_autoptr(GVariant) value =
      top ? plug_rb_ini_get (ini, top, plug_rb_settings_store_get (store, "MatchKey")) : NULL;

  if (value != NULL)
    g_variant_ref_sink (value);

  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
             ? g_variant_dup_string (value, NULL)
             : NULL;
}

static gboolean
check_pattern (PlugRbSettingsStore *store, GError **error)
{
  g_autoptr(GRegex) regex = g_regex_new (plug_rb_settings_store_get (store, "Group"), 0, 0, NULL);

  return regex != NULL || plug_rb_settings_throw_parameter (store, "Group", error);
}

/* ---- what is the plugin's */

static gboolean
owns_key (PlugRbSettingsStore *store, const char *key)
{
  const char *own = plug_rb_settings_store_get (store, "Key");
  const char *prefix = plug_rb_settings_store_get (store, "Prefix");

  return (own == NULL || g_str_equal (key, own)) &&
         (prefix == NULL || g_str_has_prefix (key, prefix));
}

/* Whether the group may be the plugin's, going by its name. */
static gboolean
owns_group (PlugRbSettingsStore *store, const char *group)
{
  const char *own = plug_rb_settings_store_get (store, "Group");
  g_autofree char *top = NULL;

  if (is_subtree (store)) {
    top = find_top (store, group);
    return top != NULL;
  }

  return plug_rb_settings_store_get (store, "Key") || plug_rb_settings_store_get (store, "Prefix")
             ? g_str_equal (group, own)
             : is_inside (store, group, own);
}

static char **
split (const char *name)
{
  g_auto(GStrv) parts = plug_rb_settings_name_split (name);

  return parts != NULL && g_strv_length (parts) == 2 ? g_steal_pointer (&parts) : NULL;
}

static gboolean
owns (PlugRbSettingsStore *store, const char *name)
{
  g_auto(GStrv) parts = split (name);

  return parts != NULL && owns_group (store, parts[0]) && owns_key (store, parts[1]);
}

static gboolean
is_taken (PlugRbSettingsStore *store, gpointer document, const char *name)
{
  g_auto(GStrv) parts = split (name);
  g_autofree char *owner =
      parts != NULL && is_subtree (store) ? dup_owner (store, document, parts[0]) : NULL;

  return owner != NULL && !g_str_equal (owner, plug_rb_settings_store_get (store, "MatchValue"));
}

static gboolean
is_mine (PlugRbSettingsStore *store, PlugRbIni *ini, const char *group)
{
  g_autofree char *owner = NULL;

  if (!owns_group (store, group))
    return FALSE;
  if (!is_subtree (store))
    return TRUE;

  owner = dup_owner (store, ini, group);
  return g_strcmp0 (owner, plug_rb_settings_store_get (store, "MatchValue")) == 0;
}

/* ---- the file */

static gpointer
parse (G_GNUC_UNUSED PlugRbSettingsStore *store, GBytes *bytes, GError **error)
{
  PlugRbIni *ini = plug_rb_ini_new (bytes);

  if (ini == NULL)
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("there is a zero in it, so it is not text"));
  return ini;
}

static void
list_group (PlugRbSettingsStore *store, PlugRbIni *ini, const char *group, PlugRbValues *values)
{
  g_autoptr(GPtrArray) keys = plug_rb_ini_list_keys (ini, group);

  for (guint i = 0; i < keys->len; i++) {
    const char *const parts[] = { group, keys->pdata[i], NULL };
    g_autofree char *name = plug_rb_settings_name_build (parts);

    if (owns_key (store, keys->pdata[i]))
      plug_rb_values_set (values, name, plug_rb_ini_get (ini, group, keys->pdata[i]));
  }
}

static gboolean
list (PlugRbSettingsStore *store,
      gpointer document,
      PlugRbValues *values,
      G_GNUC_UNUSED GError **error)
{
  g_autoptr(GPtrArray) groups = plug_rb_ini_list_groups (document);

  plug_rb_values_add_folder (values, "/");
  for (guint i = 0; i < groups->len; i++)
    if (is_mine (store, document, groups->pdata[i]))
      list_group (store, document, groups->pdata[i], values);

  return TRUE;
}

static GVariant *
get (G_GNUC_UNUSED PlugRbSettingsStore *store, gpointer document, const char *name)
{
  g_auto(GStrv) parts = split (name);

  return parts ? plug_rb_ini_get (document, parts[0], parts[1]) : NULL;
}

static gboolean
throw_fixed (PlugRbSettingsStore *store, const char *key, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” in “%s” is marked as not to be changed"), key,
               plug_rb_settings_store_get (store, "File"));
  return FALSE;
}

static gboolean
set (PlugRbSettingsStore *store,
     gpointer document,
     const char *name,
     GVariant *value,
     GError **error)
{
  g_auto(GStrv) parts = split (name);

  if (parts == NULL)
    return plug_rb_settings_throw_foreign (store, name, error);
  if (plug_rb_ini_is_fixed (document, parts[0], parts[1]))
    return throw_fixed (store, parts[1], error);
  if (value != NULL && !plug_rb_ini_is_value (value))
    return plug_rb_settings_throw_value (store, value, error);

  if (value != NULL)
    plug_rb_ini_set (document, parts[0], parts[1], value);
  else
    plug_rb_ini_remove (document, parts[0], parts[1]);

  return TRUE;
}

static GBytes *
print (gpointer document)
{
  return plug_rb_ini_to_bytes (document);
}

static const PlugRbSettingsFormat format = {
  .parse = parse,
  .free = (GDestroyNotify) plug_rb_ini_free,
  .list = list,
  .owns = owns,
  .is_taken = is_taken,
  .get = get,
  .set = set,
  .print = print,
};

const PlugRbSettingsBackend plug_rb_settings_kconfig_key = {
  .name = "kconfig-key",
  .required = (const char *const[]) { "File", "Group", "Key", NULL },
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_kconfig_keys = {
  .name = "kconfig-keys",
  .required = (const char *const[]) { "File", "Group", "Prefix", NULL },
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_kconfig_group = {
  .name = "kconfig-group",
  .required = (const char *const[]) { "File", "Group", NULL },
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_kconfig_subtree = {
  .name = "kconfig-subtree",
  .required = (const char *const[]) { "File", "Group", "MatchKey", "MatchValue", NULL },
  .check = check_pattern,
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_keyfile_key = {
  .name = "keyfile-key",
  .required = (const char *const[]) { "File", "Group", "Key", NULL },
  .format = &format,
};

const PlugRbSettingsBackend plug_rb_settings_keyfile_group = {
  .name = "keyfile-group",
  .required = (const char *const[]) { "File", "Group", NULL },
  .format = &format,
};
