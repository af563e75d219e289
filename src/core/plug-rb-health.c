/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-health.h"

#include "plug-rb-host.h"
#include "plug-rb-plugin.h"

/**
 * plug_rb_health_check:
 * @id: a plugin's id, which need not be installed
 * @message: (out) (optional) (nullable): what is wrong with it
 *
 * The one place that decides whether a plugin works: whatever else can be asked of a host is asked
 * from here. Nothing is guessed: without a sign of failure that is unknown, and so it is of a
 * plugin that is not installed.
 *
 * Returns: bad if the plugin is known not to work
 */
PlugRbHealth
plug_rb_health_check (PlugRbHost *host, const char *id, char **message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, id, &error);
  const char *text = plugin ? plug_rb_plugin_get_health_message (plugin) : error->message;

  if (message != NULL)
    *message = g_strdup (text);
  if (plugin == NULL)
    return PLUG_RB_HEALTH_BAD;

  return plug_rb_plugin_get_installed (plugin) ? plug_rb_plugin_get_health (plugin)
                                               : PLUG_RB_HEALTH_UNKNOWN;
}
