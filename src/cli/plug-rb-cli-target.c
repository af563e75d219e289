/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-target.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-find.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* ---- plugins and snapshots that are named */

/* NULL without an error: there is nothing to do. */
static PlugRbSnapshot *
find_target (PlugRbCli *cli, const char *name, const char *to, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  if (!plug_rb_cli_find (cli, name, &plugin, &snapshot, error))
    return NULL;

  if (snapshot == NULL)
    return to ? plug_rb_cli_find_version (cli, plugin, to, error)
              : plug_rb_engine_find_target (cli->engine, plugin, cli->cancellable, error);

  if (to == NULL)
    return g_steal_pointer (&snapshot);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _("“%s” is a snapshot, and --to names another: use one of them"), name);
  return NULL;
}

static gboolean
add_target (GPtrArray *targets, PlugRbSnapshot *target, GError **error)
{
  const char *plugin = plug_rb_snapshot_get_plugin (target);
  g_autoptr(PlugRbSnapshot) owned = target;

  for (guint i = 0; i < targets->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_plugin (targets->pdata[i]), plugin)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s is named twice"), plugin);
      return FALSE;
    }

  g_ptr_array_add (targets, g_steal_pointer (&owned));
  return TRUE;
}

/**
 * plug_rb_cli_target_find_named:
 * @to: (nullable): version, time or id to go to
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): where to go with each plugin or snapshot
 *   of the command line; empty if all of them were just rolled back
 */
GPtrArray *
plug_rb_cli_target_find_named (PlugRbCli *cli, const char *to, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    g_autoptr(GError) cause = NULL;
    PlugRbSnapshot *target = find_target (cli, cli->arguments[i], to, &cause);

    if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
    if (target != NULL && !add_target (targets, target, error))
      return NULL;
  }

  return g_steal_pointer (&targets);
}

/* ---- all plugins of a program */

static gboolean
is_version (GPtrArray *snapshots, const char *text)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (g_strcmp0 (plug_rb_snapshot_get_version (snapshots->pdata[i]), text) == 0)
      return TRUE;

  return FALSE;
}

/* The id of one plugin's snapshot means for all of them the moment at which it was taken. */
static PlugRbSnapshot *
find_moment (PlugRbCli *cli, const char *to)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (cli->engine, NULL, NULL);

  if (to == NULL || snapshots == NULL || is_version (snapshots, to))
    return NULL;

  return plug_rb_engine_find_snapshot (cli->engine, to, NULL);
}

static PlugRbSnapshot *
find_in_host (
    PlugRbCli *cli, PlugRbPlugin *plugin, const char *to, PlugRbSnapshot *moment, GError **error)
{
  if (moment != NULL)
    return plug_rb_cli_find_until (cli, plugin, moment, error);
  if (to != NULL)
    return plug_rb_cli_find_version (cli, plugin, to, error);

  return plug_rb_engine_find_target (cli->engine, plugin, cli->cancellable, error);
}

/* A plugin without a snapshot that fits is left as it is; that is no failure of the others. */
static gboolean
add_of_host (PlugRbCli *cli,
             GPtrArray *targets,
             PlugRbPlugin *plugin,
             const char *to,
             PlugRbSnapshot *moment,
             GPtrArray *notes,
             GError **error)
{
  g_autoptr(GError) cause = NULL;
  PlugRbSnapshot *target = find_in_host (cli, plugin, to, moment, &cause);

  if (target != NULL)
    g_ptr_array_add (targets, target);
  else if (cause != NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  } else if (cause != NULL && to != NULL)
    g_ptr_array_add (notes, g_strdup_printf (_("%s is left as it is: no snapshot of it fits “%s”"),
                                             plug_rb_plugin_get_key (plugin), to));

  return TRUE;
}

/**
 * plug_rb_cli_target_find_all:
 * @host: id of a program
 * @to: (nullable): version, time or id to go to
 * @notes: (element-type utf8): gets a sentence about each plugin that is left as it is
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): where to go with all plugins of @host
 */
GPtrArray *
plug_rb_cli_target_find_all (
    PlugRbCli *cli, const char *host, const char *to, GPtrArray *notes, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) plugins = NULL;
  g_autoptr(PlugRbSnapshot) moment = find_moment (cli, to);
  PlugRbHost *wanted = plug_rb_engine_get_host (cli->engine, host, error);

  if (wanted == NULL ||
      !(plugins = plug_rb_engine_list_plugins (cli->engine, cli->cancellable, error)))
    return NULL;

  for (guint i = 0; i < plugins->len; i++)
    if (plug_rb_plugin_get_host (plugins->pdata[i]) == wanted &&
        !add_of_host (cli, targets, plugins->pdata[i], to, moment, notes, error))
      return NULL;

  if (targets->len > 0 || to == NULL)
    return g_steal_pointer (&targets);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("No snapshot of any plugin of %s fits “%s”"), host, to);
  return NULL;
}
