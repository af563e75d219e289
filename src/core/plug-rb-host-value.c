/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-value.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-bus-call.h"
#include "plug-rb-layout.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-template.h"

const char *
plug_rb_value_check_name (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return _("a name has only a to z, 0 to 9 and “-”");

  return NULL;
}

const char *
plug_rb_value_check_path (const char *value)
{
  g_autofree char *path = plug_rb_template_expand (value, NULL, NULL, NULL);

  if (path == NULL)
    return _("only ${HOME}, ${CONFIG}, ${DATA}, ${CACHE}, ${STATE}, ${RUNTIME} and words of all "
             "variants are known here");

  return g_path_is_absolute (path) ? NULL : _("the path is not absolute");
}

const char *
plug_rb_value_check_part_path (const char *value)
{
  g_autofree char *folder = g_path_get_dirname (value);
  g_autofree char *name = g_path_get_basename (value);
  g_autofree char *expanded = plug_rb_template_expand (name, "id", NULL, NULL);

  if (expanded == NULL || strstr (name, "{id}") == NULL)
    return _("the last name in the path must have {id} in it");

  return plug_rb_value_check_path (folder);
}

const char *
plug_rb_value_check_plugin_path (const char *value)
{
  g_autofree char *path = plug_rb_template_expand (value, "id", "/plugin", NULL);

  if (path == NULL)
    return _("only {id}, {plugin} and the user’s folders are known here");

  return g_path_is_absolute (path) ? NULL : _("the path is not absolute");
}

const char *
plug_rb_value_check_text (const char *value)
{
  g_autofree char *text = plug_rb_template_expand (value, NULL, NULL, NULL);

  return text ? NULL : _("only the user’s folders and words of all variants are known here");
}

const char *
plug_rb_value_check_plugin_text (const char *value)
{
  g_autofree char *text = plug_rb_template_expand (value, "id", "/plugin", NULL);

  return text ? NULL : _("only {id}, {plugin} and the user’s folders are known here");
}

const char *
plug_rb_value_check_state_backend (const char *value)
{
  return g_str_equal (value, "gsettings-list") || plug_rb_settings_is_backend (value)
             ? NULL
             : _("it is not a kind of settings that is known");
}

const char *
plug_rb_value_check_data_backend (const char *value)
{
  return g_str_equal (value, "gsettings") || g_str_equal (value, "inside") ||
                 plug_rb_settings_is_backend (value)
             ? NULL
             : _("it is not a kind of settings that is known");
}

const char *
plug_rb_value_check_entry (const char *value)
{
  g_autofree char *entry = plug_rb_template_expand (value, "id", NULL, NULL);

  return entry && strstr (value, "{id}") ? NULL
                                         : _("it must have {id} in it, and no other braces");
}

const char *
plug_rb_value_check_members (const char *value)
{
  g_auto(GStrv) members = g_strsplit (value, ";", -1);

  for (guint i = 0; members[i] != NULL; i++) {
    g_autofree char *name = plug_rb_member_name_build (members[i], "id", "stem");

    if (*members[i] == '\0' && members[i + 1] == NULL)
      continue;
    if (name == NULL || strchr (members[i], '/') != NULL || strchr (name, '{') != NULL)
      return _("each name must have {id} or {stem} in it, once, and no other braces");
  }

  return NULL;
}

const char *
plug_rb_value_check_own_folder (const char *value)
{
  g_autofree char *folder = plug_rb_template_expand (value, "id", NULL, NULL);

  if (folder == NULL || strstr (value, "{id}") == NULL)
    return _("it must have {id} in it, and no other braces");

  return *folder == '/' && g_str_has_suffix (folder, "/") && strstr (folder, "//") == NULL
             ? NULL
             : _("a folder of settings begins and ends with “/”");
}

const char *
plug_rb_value_check_file (const char *value)
{
  g_auto(GStrv) names = g_strsplit (value, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || g_str_equal (names[i], ".") || g_str_equal (names[i], ".."))
      return _("it is not the name of a file");

  return NULL;
}

const char *
plug_rb_value_check_selector (const char *value)
{
  return strchr (value, '/') ? NULL
                             : _("it is neither a JSON pointer such as “/name” nor “Group/Key”");
}

const char *
plug_rb_value_check_setting (const char *value)
{
  return strchr (value, '/') == NULL ? NULL : _("it is not the name of a setting");
}

const char *
plug_rb_value_check_folder (const char *value)
{
  if (*value != '/' || !g_str_has_suffix (value, "/") || strstr (value, "//"))
    return _("a folder of settings begins and ends with “/”");

  return NULL;
}

const char *
plug_rb_value_check_folders (const char *value)
{
  g_auto(GStrv) folders = g_strsplit (value, ";", -1);
  const char *wrong = NULL;

  for (guint i = 0; folders[i] != NULL && wrong == NULL; i++)
    if (*folders[i] != '\0' || folders[i + 1] != NULL)
      wrong = plug_rb_value_check_folder (folders[i]);

  return wrong;
}

const char *
plug_rb_value_check_bus (const char *value)
{
  return g_dbus_is_name (value) && *value != ':' ? NULL : _("it is not a D-Bus name");
}

const char *
plug_rb_value_check_stand_in (const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, " ", -1);

  if (g_strv_length (words) != 2 || plug_rb_value_check_bus (words[0]) ||
      !g_variant_is_object_path (words[1]))
    return _("it is not of the form “NAME PATH”, as they are on the session bus");

  return NULL;
}

const char *
plug_rb_value_check_bus_call (const char *value)
{
  g_autoptr(PlugRbBusCall) call = NULL;
  const char *wrong;

  call = plug_rb_bus_call_parse (value, &wrong);
  return wrong;
}

const char *
plug_rb_value_check_order (const char *value)
{
  static const char *const orders[] = { "swap;settings;reload",
                                        "disable;swap;settings;enable;reload" };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    if (g_str_equal (value, orders[i]))
      return NULL;

  return _("it is “swap;settings;reload” or “disable;swap;settings;enable;reload”");
}

const char *
plug_rb_value_check_detect (const char *value)
{
  g_auto(GStrv) items = g_strsplit (value, ";", -1);
  const char *wrong = NULL;

  for (guint i = 0; items[i] != NULL && wrong == NULL; i++) {
    if (g_str_has_prefix (items[i], "path:"))
      wrong = plug_rb_value_check_path (items[i] + strlen ("path:"));
    else if (g_str_has_prefix (items[i], "bus:"))
      wrong = plug_rb_value_check_bus (items[i] + strlen ("bus:"));
    else if (*items[i] != '\0' || items[i + 1] != NULL)
      wrong = _("a host is detected by “path:” or “bus:”");
  }

  return wrong;
}

const char *
plug_rb_value_check_version_query (const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, " ", -1);

  if (g_strv_length (words) != 6 || !g_str_equal (words[0], "dbus-property") ||
      !g_str_equal (words[1], "session"))
    return _("it is not of the form “dbus-property session NAME PATH INTERFACE PROPERTY”");

  if (plug_rb_value_check_bus (words[2]) || !g_variant_is_object_path (words[3]) ||
      !g_dbus_is_interface_name (words[4]) || !g_dbus_is_member_name (words[5]))
    return _("a D-Bus name in it is not valid");

  return NULL;
}

const char *
plug_rb_value_check_app_id (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("._-", *p) == NULL)
      return _("it is not the id of an application");

  return *value == '.' ? _("it is not the id of an application") : NULL;
}

const char *
plug_rb_value_check_word (const char *value)
{
  static const char *const taken[] = { "app", "id", "instance", "plugin", "stem", "version", NULL };

  if (g_strv_contains (taken, value))
    return _("this word is taken");

  return g_ascii_islower (*value) ? plug_rb_value_check_name (value)
                                  : _("words of a variant begin with a small letter");
}

const char *
plug_rb_value_check_versioned_name (const char *value)
{
  const char *id = strstr (value, "{id}");
  const char *version = strstr (value, "{version}");
  g_autofree char *rest = NULL;

  if (id == NULL || version == NULL || version < id + strlen ("{id}") + 1 || strchr (value, '/'))
    return _("it must have {id}, something that parts them, and {version}");

  rest = g_strdup_printf ("%.*s%.*s%s", (int) (id - value), value,
                          (int) (version - id - strlen ("{id}")), id + strlen ("{id}"),
                          version + strlen ("{version}"));
  return strchr (rest, '{') ? _("it must have {id} and {version} in it, and no other braces")
                            : NULL;
}

const char *
plug_rb_value_check_pointer (const char *value)
{
  return *value == '/' ? NULL : _("it is not a JSON pointer such as “/name”");
}

const char *
plug_rb_value_check_programs (const char *value)
{
  return strchr (value, '/') == NULL ? NULL : _("it is not the name of a program");
}
