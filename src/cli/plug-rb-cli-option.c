/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-option.h"

#include <glib/gi18n.h>

/**
 * plug_rb_cli_option_check_text:
 * @value: (inout): a text as the command line has it
 *
 * Makes a text UTF-8. GOption would refuse it in the C locale, where most terminals still send
 * UTF-8.
 */
gboolean
plug_rb_cli_option_check_text (const char *option, char **value, GError **error)
{
  char *converted;

  if (*value == NULL || g_utf8_validate (*value, -1, NULL))
    return TRUE;

  if ((converted = g_locale_to_utf8 (*value, -1, NULL, NULL, NULL))) {
    g_free (*value);
    *value = converted;
    return TRUE;
  }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("The text of %s is not valid UTF-8"), option);
  return FALSE;
}

gboolean
plug_rb_cli_option_parse_scope (const char *only, PlugRbScope *scope, GError **error)
{
  if (only == NULL)
    *scope = PLUG_RB_SCOPE_ALL;
  else if (g_str_equal (only, "files"))
    *scope = PLUG_RB_SCOPE_FILES;
  else if (g_str_equal (only, "settings"))
    *scope = PLUG_RB_SCOPE_SETTINGS;
  else {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("“--only %s” is not possible: use files or settings"), only);
    return FALSE;
  }

  return TRUE;
}
