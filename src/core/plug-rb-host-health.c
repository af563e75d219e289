/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-health.h"

#include "plug-rb-host-file.h"
#include "plug-rb-plugin.h"

/* How long a host may take to load a plugin anew. */
#define RELOAD_TIMEOUT_MS 10000

static PlugRbHealth
ask_all (const PlugRbHostFile *file, PlugRbPlugin *plugin, GVariant **answers, char **message)
{
  PlugRbHealth health = PLUG_RB_HEALTH_UNKNOWN;

  for (guint i = 0; i < file->probes->len; i++) {
    PlugRbHealth said = plug_rb_probe_ask (file->probes->pdata[i], plugin, &answers[i], message);

    if (said == PLUG_RB_HEALTH_BAD)
      return said;
    if (said == PLUG_RB_HEALTH_GOOD)
      health = said;
  }

  return health;
}

static void
free_answers (GVariant **answers, guint n)
{
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&answers[i], g_variant_unref);
  g_free (answers);
}

/**
 * plug_rb_host_ask_health:
 * @plugin: an installed plugin of this host
 * @message: (out) (nullable): what is wrong, for people
 *
 * Asks the host whether a plugin works. Blocks for two seconds for each probe at most.
 *
 * Returns: bad if any probe says so, good if one does and none contradicts; unknown if the host
 *   does not run or has no way to tell
 */
PlugRbHealth
plug_rb_host_ask_health (PlugRbHost *self, PlugRbPlugin *plugin, char **message)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  PlugRbHealth health;
  GVariant **answers;

  *message = NULL;
  if (file == NULL || file->probes->len == 0)
    return PLUG_RB_HEALTH_UNKNOWN;

  answers = g_new0 (GVariant *, file->probes->len);
  health = ask_all (file, plugin, answers, message);
  free_answers (answers, file->probes->len);

  return health;
}

/* A list of plugins does not wait for one answer each. */
static gboolean
is_quick (const PlugRbHostFile *file)
{
  for (guint i = 0; i < file->probes->len; i++) {
    const PlugRbProbe *probe = file->probes->pdata[i];

    if (probe->call != NULL && plug_rb_bus_call_is_of_plugin (probe->call))
      return FALSE;
  }

  return file->probes->len > 0;
}

/**
 * plug_rb_host_judge_plugins:
 * @plugins: (element-type PlugRbPlugin): installed plugins of this host
 *
 * Notes in each what the host says of it, where one answer tells of all.
 */
void
plug_rb_host_judge_plugins (PlugRbHost *self, GPtrArray *plugins)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  GVariant **answers;

  if (file == NULL || plugins->len == 0 || !is_quick (file))
    return;

  answers = g_new0 (GVariant *, file->probes->len);
  for (guint i = 0; i < plugins->len; i++) {
    PlugRbPlugin *plugin = plugins->pdata[i];
    g_autofree char *message = NULL;
    PlugRbHealth health = ask_all (file, plugin, answers, &message);

    plug_rb_plugin_set_verdict (plugin, health, message);
  }
  free_answers (answers, file->probes->len);
}

/**
 * plug_rb_host_pauses:
 *
 * Returns: whether plugins are to be disabled while they are changed, because the host runs and
 *   unloads what is disabled
 */
gboolean
plug_rb_host_pauses (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file != NULL && file->pauses && plug_rb_host_is_running (self);
}

/**
 * plug_rb_host_reload:
 *
 * Has the running host load a plugin anew, if it knows how.
 *
 * Returns: whether it did; otherwise the user has to do what plug_rb_host_get_reload_hint() says
 */
gboolean
plug_rb_host_reload (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (file == NULL || file->reload == NULL)
    return FALSE;

  if (!(reply = plug_rb_bus_call_run (file->reload, id, RELOAD_TIMEOUT_MS, &error)))
    g_debug ("%s did not load %s anew: %s", plug_rb_host_get_id (self), id, error->message);

  return reply != NULL;
}
