/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-edit.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-json.h"

/**
 * plug_rb_settings_edit_new:
 * @name: name of the entry
 * @before: (nullable): the value the caller saw; a floating reference is taken
 * @target: (nullable): the value wanted; a floating reference is taken
 *
 * Returns: (transfer full): an edit with its own references
 */
PlugRbSettingsEdit *
plug_rb_settings_edit_new (const char *name, GVariant *before, GVariant *target)
{
  PlugRbSettingsEdit *edit = g_new0 (PlugRbSettingsEdit, 1);

  g_return_val_if_fail (name != NULL, NULL);

  edit->name = g_strdup (name);
  edit->before = before ? g_variant_ref_sink (before) : NULL;
  edit->target = target ? g_variant_ref_sink (target) : NULL;

  return edit;
}

/**
 * plug_rb_settings_edit_copy:
 *
 * Returns: (transfer full): the same edit once more
 */
PlugRbSettingsEdit *
plug_rb_settings_edit_copy (const PlugRbSettingsEdit *edit)
{
  g_return_val_if_fail (edit != NULL, NULL);

  return plug_rb_settings_edit_new (edit->name, edit->before, edit->target);
}

/**
 * plug_rb_settings_edit_new_reversed:
 *
 * Returns: (transfer full): the edit that takes @edit back
 */
PlugRbSettingsEdit *
plug_rb_settings_edit_new_reversed (const PlugRbSettingsEdit *edit)
{
  g_return_val_if_fail (edit != NULL, NULL);

  return plug_rb_settings_edit_new (edit->name, edit->target, edit->before);
}

/**
 * plug_rb_settings_edit_free:
 *
 * Frees an edit.
 */
void
plug_rb_settings_edit_free (PlugRbSettingsEdit *edit)
{
  g_free (edit->name);
  g_clear_pointer (&edit->before, g_variant_unref);
  g_clear_pointer (&edit->target, g_variant_unref);
  g_free (edit);
}

/**
 * plug_rb_settings_edits_new:
 *
 * Returns: (transfer full) (element-type PlugRbSettingsEdit): an empty list that owns its edits
 */
GPtrArray *
plug_rb_settings_edits_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_settings_edit_free);
}

/* ---- JSON */

static void
set_value (JsonObject *json, const char *member, GVariant *value)
{
  g_autofree char *text = value ? g_variant_print (value, TRUE) : NULL;

  plug_rb_json_set_string (json, member, text);
}

/**
 * plug_rb_settings_edit_to_json:
 *
 * Returns: (transfer full): the edit as it stands in a journal
 */
JsonObject *
plug_rb_settings_edit_to_json (const PlugRbSettingsEdit *edit)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "name", edit->name);
  set_value (json, "before", edit->before);
  set_value (json, "target", edit->target);

  return json;
}

static gboolean
get_value (JsonObject *json, const char *member, GVariant **value)
{
  const char *text = plug_rb_json_get_string (json, member);

  if (text == NULL)
    return json_object_has_member (json, member) && json_object_get_null_member (json, member);

  *value = g_variant_parse (NULL, text, NULL, NULL, NULL);
  return *value != NULL;
}

/**
 * plug_rb_settings_edit_new_from_json:
 * @json: what plug_rb_settings_edit_to_json() made; it may be damaged
 *
 * Returns: (transfer full): the edit, or %NULL with %PLUG_RB_ERROR_CORRUPT
 */
PlugRbSettingsEdit *
plug_rb_settings_edit_new_from_json (JsonObject *json, GError **error)
{
  const char *name = plug_rb_json_get_string (json, "name");
  g_autoptr(GVariant) before = NULL;
  g_autoptr(GVariant) target = NULL;

  if (name != NULL && get_value (json, "before", &before) && get_value (json, "target", &target))
    return plug_rb_settings_edit_new (name, before, target);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The saved change of “%s” is damaged"), name ? name : "?");
  return NULL;
}
