/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli.h"
#include "plug-rb-plugin.h"

static void
print_json (GPtrArray *plugins)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < plugins->len; i++)
    json_array_add_object_element (array, plug_rb_plugin_to_contract_json (plugins->pdata[i]));
  plug_rb_cli_json_print_array (array);
}

static const char *
get_state (PlugRbPlugin *plugin)
{
  if (!plug_rb_plugin_get_installed (plugin))
    return _("not installed");

  return plug_rb_plugin_get_enabled (plugin) ? _("enabled") : _("disabled");
}

static void
add_plugin (PlugRbCliTable *table, PlugRbPlugin *plugin)
{
  const char *name = plug_rb_plugin_get_name (plugin);
  const char *version = plug_rb_plugin_get_version (plugin);
  g_autofree char *count = g_strdup_printf ("%u", plug_rb_plugin_get_n_snapshots (plugin));

  plug_rb_cli_table_add_row (table, plug_rb_plugin_get_key (plugin), name ? name : "",
                             version ? version : "", get_state (plugin), count, NULL);
}

static void
print_table (GPtrArray *plugins)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, _("Plugin"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Name"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Version"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("State"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Snapshots"), PLUG_RB_CLI_COLUMN_RIGHT);
  for (guint i = 0; i < plugins->len; i++)
    add_plugin (table, plugins->pdata[i]);

  plug_rb_cli_table_print (table);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) plugins =
      plug_rb_engine_list_plugins (cli->engine, cli->cancellable, error);

  if (plugins == NULL)
    return FALSE;

  if (cli->json)
    print_json (plugins);
  else if (plugins->len > 0)
    print_table (plugins);
  else
    g_print ("%s\n", _("There are no plugins. “plugrb hosts” shows where they are looked for."));

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_list = {
  .name = "list",
  .summary = N_("List the plugins"),
  .description = N_("Plugins that were uninstalled but have snapshots are listed too.\n\n"
                    "Example:\n  plugrb list"),
  .run = run,
};
