/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-health.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-host.h"
#include "plug-rb-plugin.h"

/* Case is not looked at: hosts differ in whether it matters, and nothing is guessed. */
static char *
find_foreign_id (PlugRbHost *host, const char *id)
{
  g_autoptr(PlugRbManifest) manifest = plug_rb_host_read_manifest (host, id, NULL);

  if (manifest == NULL || manifest->id == NULL || g_ascii_strcasecmp (manifest->id, id) == 0)
    return NULL;

  return g_strdup_printf (_("Its manifest says that it is “%s”"), manifest->id);
}

static char *
find_fault (PlugRbHost *host, const char *id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, id, &error);

  if (plugin == NULL)
    return g_strdup (error->message);
  if (!plug_rb_plugin_get_installed (plugin))
    return NULL;
  if (plug_rb_plugin_get_health (plugin) == PLUG_RB_HEALTH_BAD)
    return g_strdup (plug_rb_plugin_get_health_message (plugin));

  return find_foreign_id (host, id);
}

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
  g_autofree char *fault = find_fault (host, id);

  if (message != NULL)
    *message = g_strdup (fault);

  return fault ? PLUG_RB_HEALTH_BAD : PLUG_RB_HEALTH_UNKNOWN;
}
