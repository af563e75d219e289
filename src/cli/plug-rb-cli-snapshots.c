/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-snapshot-table.h"
#include "plug-rb-cli.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static GPtrArray *
pick (GPtrArray *all, const char *key)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    if (key == NULL || g_str_equal (plug_rb_snapshot_get_plugin (all->pdata[i]), key))
      g_ptr_array_add (picked, g_object_ref (all->pdata[i]));

  return picked;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) all = plug_rb_engine_list_snapshots (cli->engine, NULL, error);
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(GPtrArray) picked = NULL;

  if (all == NULL)
    return FALSE;
  if (cli->arguments[0] != NULL &&
      !(plugin = plug_rb_engine_find_plugin (cli->engine, cli->arguments[0], error)))
    return FALSE;

  picked = pick (all, plugin ? plug_rb_plugin_get_key (plugin) : NULL);
  if (cli->json)
    plug_rb_cli_json_print_snapshots (picked);
  else if (picked->len > 0)
    plug_rb_cli_snapshot_table_print (picked, all, plugin == NULL);
  else
    g_print ("%s\n", _("There are no snapshots yet. “plugrb snapshot PLUGIN” takes one."));

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_snapshots = {
  .name = "snapshots",
  .parameters = N_("[PLUGIN]"),
  .summary = N_("List the snapshots, newest first"),
  .description = N_("Example:\n  plugrb snapshots caffeine@patapon.info"),
  .max = 1,
  .run = run,
};
