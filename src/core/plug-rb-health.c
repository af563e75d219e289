/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-health.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-host-health.h"
#include "plug-rb-plugin.h"

/* Case is not looked at: hosts differ in whether it matters, and nothing is guessed. */
static char *
find_foreign_id (const PlugRbManifest *manifest, const char *id)
{

  if (manifest == NULL || manifest->id == NULL || g_ascii_strcasecmp (manifest->id, id) == 0)
    return NULL;

  return g_strdup_printf (_("Its manifest says that it is “%s”"), manifest->id);
}

static PlugRbHealth
fail (char **message, char *fault)
{
  *message = fault;
  return PLUG_RB_HEALTH_BAD;
}

static PlugRbHealth
check (PlugRbHost *host, const char *id, char **message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, id, &error);
  g_autoptr(PlugRbManifest) manifest = NULL;
  char *foreign;

  if (plug_rb_error_is_exhausted (error))
    return PLUG_RB_HEALTH_UNKNOWN;
  if (plugin == NULL)
    return fail (message, g_strdup (error->message));
  if (!plug_rb_plugin_get_installed (plugin))
    return PLUG_RB_HEALTH_UNKNOWN;
  if (plug_rb_plugin_get_message (plugin) != NULL)
    return fail (message, g_strdup (plug_rb_plugin_get_message (plugin)));

  manifest = plug_rb_host_read_manifest (host, id, NULL);
  if ((foreign = find_foreign_id (manifest, id)) != NULL)
    return fail (message, foreign);

  return plug_rb_host_ask_health (host, plugin, message);
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
 * Returns: bad if the plugin is known not to work, good if the running host says that it does
 */
PlugRbHealth
plug_rb_health_check (PlugRbHost *host, const char *id, char **message)
{
  g_autofree char *fault = NULL;
  PlugRbHealth health = check (host, id, &fault);

  if (message != NULL)
    *message = g_steal_pointer (&fault);

  return health;
}

/**
 * plug_rb_health_note:
 * @plugin: an installed plugin, which gets what is found
 *
 * As plug_rb_health_check(), for a plugin that is shown.
 */
void
plug_rb_health_note (PlugRbPlugin *plugin)
{
  g_autofree char *message = NULL;
  PlugRbHealth health = plug_rb_health_check (plug_rb_plugin_get_host (plugin),
                                              plug_rb_plugin_get_id (plugin), &message);

  plug_rb_plugin_set_verdict (plugin, health, message);
}
