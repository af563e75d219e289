/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-store-private.h"
#include "plug-rb-settings-store.h"

/* Which backends there are, and what a store of each must have. */

static const PlugRbSettingsBackend *const backends[] = {
  &plug_rb_settings_gsettings_entries,
  &plug_rb_settings_json_keys,
  &plug_rb_settings_json_list,
  &plug_rb_settings_json_map,
  &plug_rb_settings_json_objects,
  &plug_rb_settings_kconfig_group,
  &plug_rb_settings_kconfig_key,
  &plug_rb_settings_kconfig_keys,
  &plug_rb_settings_kconfig_subtree,
  &plug_rb_settings_keyfile_group,
  &plug_rb_settings_keyfile_key,
  &plug_rb_settings_keyfile_list,
  &plug_rb_settings_lines,
  &plug_rb_settings_sqlite_json_list,
  &plug_rb_settings_sqlite_row,
  &plug_rb_settings_xml_attrs,
};

/* What every store may have. */
static const char *const common[] = { "Host", "Mode", "Role", "When", NULL };

const PlugRbSettingsBackend *
plug_rb_settings_find_backend (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (backends); i++)
    if (g_str_equal (backends[i]->name, name))
      return backends[i];

  return NULL;
}

/**
 * plug_rb_settings_is_backend:
 *
 * Returns: whether there is a backend of this name
 */
gboolean
plug_rb_settings_is_backend (const char *backend)
{
  return plug_rb_settings_find_backend (backend) != NULL;
}

static gboolean
is_known (const PlugRbSettingsBackend *backend, const char *parameter)
{
  return g_strv_contains (common, parameter) || g_strv_contains (backend->required, parameter) ||
         (backend->optional != NULL && g_strv_contains (backend->optional, parameter));
}

/**
 * plug_rb_settings_backend_takes:
 *
 * Returns: whether a store of this backend may have this parameter
 */
gboolean
plug_rb_settings_backend_takes (const char *backend, const char *parameter)
{
  const PlugRbSettingsBackend *found = plug_rb_settings_find_backend (backend);

  return found != NULL && is_known (found, parameter);
}

/**
 * plug_rb_settings_backend_get_required:
 *
 * Returns: (transfer none): the parameters that a store of this backend must have
 */
const char *const *
plug_rb_settings_backend_get_required (const char *backend)
{
  static const char *const none[] = { NULL };
  const PlugRbSettingsBackend *found = plug_rb_settings_find_backend (backend);

  return found ? found->required : none;
}

/* ---- faults */

/**
 * plug_rb_settings_throw_parameter:
 *
 * Returns: %FALSE, with an error that says that a parameter makes no sense
 */
gboolean
plug_rb_settings_throw_parameter (PlugRbSettingsStore *store, const char *parameter, GError **error)
{
  const char *value = plug_rb_settings_store_get (store, parameter);

  if (value == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("“%s” lacks “%s”"), store->name,
                 parameter);
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                 _("“%s” cannot be used for “%s” in “%s”"), value, parameter, store->name);

  return FALSE;
}

/**
 * plug_rb_settings_throw_foreign:
 *
 * Returns: %FALSE, with an error that says that an entry is not the plugin's
 */
gboolean
plug_rb_settings_throw_foreign (PlugRbSettingsStore *store, const char *name, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” is none of the plugin’s settings in “%s”"), name, store->name);
  return FALSE;
}

/**
 * plug_rb_settings_throw_value:
 *
 * Returns: %FALSE, with an error that says that a value is not of the kind that the store holds
 */
gboolean
plug_rb_settings_throw_value (PlugRbSettingsStore *store, GVariant *value, GError **error)
{
  g_autofree char *text = g_variant_print (value, TRUE);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("The value %s cannot be written to “%s”"), text, store->name);
  return FALSE;
}

static gboolean
check_path (PlugRbSettingsStore *self, const char *parameter, GError **error)
{
  const char *path = plug_rb_settings_store_get (self, parameter);

  return path == NULL || g_path_is_absolute (path) ||
         plug_rb_settings_throw_parameter (self, parameter, error);
}

static gboolean
check_choice (PlugRbSettingsStore *self,
              const char *parameter,
              const char *const *choices,
              GError **error)
{
  const char *value = plug_rb_settings_store_get (self, parameter);

  return value == NULL || g_strv_contains (choices, value) ||
         plug_rb_settings_throw_parameter (self, parameter, error);
}

static gboolean
check_pointer (PlugRbSettingsStore *self, const char *parameter, GError **error)
{
  const char *value = plug_rb_settings_store_get (self, parameter);

  return value == NULL || *value == '\0' || *value == '/' ||
         plug_rb_settings_throw_parameter (self, parameter, error);
}

static gboolean
check_known (PlugRbSettingsStore *self, GError **error)
{
  GHashTableIter iter;
  gpointer parameter, value;

  g_hash_table_iter_init (&iter, self->parameters);
  while (g_hash_table_iter_next (&iter, &parameter, &value))
    if (!is_known (self->backend, parameter) || !g_utf8_validate (value, -1, NULL))
      return plug_rb_settings_throw_parameter (self, parameter, error);

  return TRUE;
}

static gboolean
check_required (PlugRbSettingsStore *self, GError **error)
{
  for (guint i = 0; self->backend->required[i] != NULL; i++) {
    const char *value = plug_rb_settings_store_get (self, self->backend->required[i]);

    if (value == NULL || *value == '\0')
      return plug_rb_settings_throw_parameter (self, self->backend->required[i], error);
  }

  return TRUE;
}

/**
 * plug_rb_settings_store_check:
 *
 * Returns: whether the store has what its backend needs, and nothing that it does not know;
 *   otherwise %PLUG_RB_ERROR_INVALID that names the parameter
 */
gboolean
plug_rb_settings_store_check (PlugRbSettingsStore *self, GError **error)
{
  static const char *const moments[] = { "live", "stopped", NULL };
  static const char *const roles[] = { "enabled",  "disabled", "installed",
                                       "obsolete", "settings", NULL };
  static const char *const modes[] = { "manage", "observe", NULL };
  static const char *const cases[] = { "exact", "fold", NULL };

  return check_known (self, error) && check_required (self, error) &&
         check_path (self, "File", error) && check_path (self, "Companion", error) &&
         check_choice (self, "When", moments, error) && check_choice (self, "Role", roles, error) &&
         check_choice (self, "Mode", modes, error) && check_choice (self, "Case", cases, error) &&
         check_pointer (self, "Pointer", error) && check_pointer (self, "Match", error) &&
         (self->backend->check == NULL || self->backend->check (self, error));
}
