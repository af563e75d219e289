/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"
#include "plug-rb-history-text.h"
#include "plug-rb-plugin.h"
#include "plug-rb-words.h"

static gboolean text;

static const GOptionEntry options[] = {
  { "text", 0, 0, G_OPTION_ARG_NONE, &text,
    N_("Tell all that is known of each operation, to keep or to send"), NULL },
  { NULL },
};

static void
print_json (GPtrArray *operations)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < operations->len; i++)
    json_array_add_object_element (array, plug_rb_operation_to_json (operations->pdata[i]));
  plug_rb_cli_json_print_array (array);
}

static char *
describe_plugins (PlugRbOperation *operation)
{
  g_auto(GStrv) plugins = NULL;

  g_object_get (operation, "plugins", &plugins, NULL);

  return plugins ? g_strjoinv (", ", plugins) : g_strdup ("");
}

static char *
describe_result (PlugRbOperation *operation)
{
  const char *status = plug_rb_words_status (plug_rb_operation_get_status (operation));
  const char *message = plug_rb_operation_get_error (operation);

  if (message == NULL || plug_rb_operation_get_status (operation) != PLUG_RB_STATUS_FAILED)
    return g_strdup (status);

  /* TRANSLATORS: how an operation ended, and the message of its error */
  return g_strdup_printf (_("%s: %s"), status, message);
}

static void
add_operation (PlugRbCliTable *table, PlugRbOperation *operation, guint length)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  const PlugRbOperationChange *change = changes->len == 1 ? changes->pdata[0] : NULL;
  g_autofree char *id = plug_rb_cli_short_id (plug_rb_operation_get_id (operation), length);
  g_autofree char *time = plug_rb_cli_wording_time (plug_rb_operation_get_started (operation));
  g_autofree char *plugins = describe_plugins (operation);
  g_autofree char *result = describe_result (operation);
  g_autofree char *versions =
      change ? plug_rb_cli_wording_versions (change->from_version, change->to_version)
             : g_strdup ("");

  plug_rb_cli_table_add_row (table, id, time,
                             plug_rb_words_kind (plug_rb_operation_get_kind (operation)), plugins,
                             versions, result, NULL);
}

static void
print_table (GPtrArray *operations)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  guint length;

  for (guint i = 0; i < operations->len; i++)
    g_ptr_array_add (ids, (char *) plug_rb_operation_get_id (operations->pdata[i]));
  length = plug_rb_cli_short_count (ids);

  plug_rb_cli_table_add_column (table, _("Operation"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Started"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("What"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Plugin"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Version"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Result"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  for (guint i = 0; i < operations->len; i++)
    add_operation (table, operations->pdata[i], length);

  plug_rb_cli_table_print (table);
}

static void
print_text (GPtrArray *operations)
{
  g_autofree char *whole = plug_rb_history_text_new (operations);

  g_print ("%s", whole);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(GPtrArray) operations = NULL;

  if (cli->arguments[0] != NULL &&
      !(plugin = plug_rb_engine_find_plugin (cli->engine, cli->arguments[0], error)))
    return FALSE;

  operations = plug_rb_engine_list_operations (
      cli->engine, plugin ? plug_rb_plugin_get_key (plugin) : NULL, error);
  if (operations == NULL)
    return FALSE;

  if (cli->json)
    print_json (operations);
  else if (operations->len > 0 && text)
    print_text (operations);
  else if (operations->len > 0)
    print_table (operations);
  else
    g_print ("%s\n", _("Nothing has been rolled back yet."));

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_history = {
  .name = "history",
  .parameters = N_("[PLUGIN]"),
  .summary = N_("List what was done, newest first"),
  .description = N_("Example:\n  plugrb history caffeine@patapon.info\n"
                    "  plugrb history --text > history.txt"),
  .options = options,
  .max = 1,
  .run = run,
};
