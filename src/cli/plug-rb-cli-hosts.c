/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"
#include "plug-rb-cli.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-host.h"
#include "plug-rb-json.h"

static char *check;

static const GOptionEntry options[] = {
  { "check", 0, 0, G_OPTION_ARG_FILENAME, &check, N_("Say what is wrong with a description"),
    N_("FILE") },
  { NULL },
};

static guint
count_plugins (PlugRbHost *host)
{
  g_autoptr(GPtrArray) ids = NULL;

  if (plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_PRESENT)
    ids = plug_rb_host_list_ids (host, NULL);

  return ids ? ids->len : 0;
}

static JsonObject *
host_to_json (PlugRbHost *host)
{
  JsonObject *json = json_object_new ();
  g_autofree char *version = plug_rb_host_dup_version (host);

  plug_rb_json_set_string (json, "id", plug_rb_host_get_id (host));
  plug_rb_json_set_string (json, "name", plug_rb_host_get_name (host));
  plug_rb_json_set_string (json, "version", version);
  plug_rb_json_set_string (
      json, "state", plug_rb_enum_to_nick (PLUG_RB_TYPE_HOST_STATE, plug_rb_host_get_state (host)));
  plug_rb_json_set_string (json, "message", plug_rb_host_get_message (host));
  json_object_set_int_member (json, "plugins", count_plugins (host));

  return json;
}

static void
print_json (GPtrArray *hosts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < hosts->len; i++)
    json_array_add_object_element (array, host_to_json (hosts->pdata[i]));
  plug_rb_cli_json_print_array (array);
}

static void
add_host (PlugRbCliTable *table, PlugRbHost *host)
{
  g_autofree char *version = plug_rb_host_dup_version (host);
  g_autofree char *count = g_strdup_printf ("%u", count_plugins (host));
  const char *state = plug_rb_cli_wording_host_state (plug_rb_host_get_state (host));
  const char *id = plug_rb_host_get_id (host);
  const char *name = plug_rb_host_get_name (host);
  const char *message = plug_rb_host_get_message (host);

  plug_rb_cli_table_add_row (table, id ? id : "", name ? name : "", version ? version : "", state,
                             count, message ? message : "", NULL);
}

/* Most programs are installed in one way only; the other ways would fill the screen. */
static gboolean
is_of_interest (PlugRbHost *host)
{
  return plug_rb_host_get_state (host) != PLUG_RB_HOST_STATE_MISSING ||
         strpbrk (plug_rb_host_get_id (host), "@+") == NULL;
}

static void
print_table (GPtrArray *hosts)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, _("Id"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Name"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Version"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("State"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Plugins"), PLUG_RB_CLI_COLUMN_RIGHT);
  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_FLEXIBLE);
  for (guint i = 0; i < hosts->len; i++)
    if (check != NULL || is_of_interest (hosts->pdata[i]))
      add_host (table, hosts->pdata[i]);

  plug_rb_cli_table_print (table);
}

/* For whoever writes a description: what is wrong with it, or what it describes. */
static GPtrArray *
check_file (const char *file, GError **error)
{
  g_autoptr(GPtrArray) faults = plug_rb_host_list_faults (file);
  g_autofree char *message = NULL;

  if (faults->len == 0)
    return plug_rb_host_load_variants (file, error);

  g_ptr_array_add (faults, NULL);
  message = g_strjoinv ("\n", (char **) faults->pdata);
  g_ptr_array_remove_index (faults, faults->len - 1);
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, message);

  return NULL;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) hosts =
      check ? check_file (check, error) : plug_rb_engine_list_hosts (cli->engine);

  if (hosts == NULL)
    return FALSE;

  if (cli->json)
    print_json (hosts);
  else
    print_table (hosts);

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_hosts = {
  .name = "hosts",
  .summary = N_("List the programs whose plugins can be rolled back"),
  .description = N_("Example:\n  plugrb hosts\n  plugrb hosts --check gnome-shell.host"),
  .options = options,
  .run = run,
};
