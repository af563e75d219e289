/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli.h"
#include "plug-rb-cli-files.h"
#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-format.h"
#include "plug-rb-health.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"
#include "plug-rb-words.h"

static gboolean files;

static const GOptionEntry options[] = {
  { "files", 0, 0, G_OPTION_ARG_NONE, &files, N_("List the files too"), NULL },
  { NULL },
};

static PlugRbCliTable *
make_fields (void)
{
  PlugRbCliTable *table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);

  return table;
}

static void
add_field (PlugRbCliTable *table, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    plug_rb_cli_table_add_row (table, title, value, NULL);
}

/* ---- a plugin */

static void
print_plugin (PlugRbPlugin *plugin)
{
  g_autoptr(PlugRbCliTable) table = make_fields ();
  g_autofree char *count = g_strdup_printf ("%u", plug_rb_plugin_get_n_snapshots (plugin));
  PlugRbHealth health = plug_rb_plugin_get_health (plugin);
  const char *message = plug_rb_plugin_get_health_message (plugin);
  g_autofree char *health_text = plug_rb_words_health (health, message);
  gboolean installed = plug_rb_plugin_get_installed (plugin);

  add_field (table, _("Plugin:"), plug_rb_plugin_get_key (plugin));
  add_field (table, _("Name:"), plug_rb_plugin_get_name (plugin));
  add_field (table, _("Version:"), plug_rb_plugin_get_version (plugin));
  add_field (table, _("State:"),
             !installed                            ? _("not installed")
             : plug_rb_plugin_get_enabled (plugin) ? _("enabled")
                                                   : _("disabled"));
  add_field (table, _("Health:"), health != PLUG_RB_HEALTH_UNKNOWN ? health_text : NULL);
  add_field (table, _("Message:"), plug_rb_plugin_get_message (plugin));
  add_field (table, _("Folder:"), installed ? plug_rb_plugin_get_path (plugin) : NULL);
  add_field (table, _("Snapshots:"), count);

  plug_rb_cli_table_print (table);
}

/* Consumes the object. */
static void
print_json (JsonObject *json, PlugRbTable *table)
{
  if (table != NULL)
    json_object_set_array_member (json, "entries", plug_rb_cli_files_to_json (table));
  plug_rb_cli_json_print_object (json);
}

static gboolean
show_plugin (PlugRbCli *cli, PlugRbPlugin *plugin, GError **error)
{
  g_autoptr(PlugRbTable) table = NULL;

  if (files && !(table = plug_rb_cli_files_read (plugin, cli->cancellable, error)))
    return FALSE;

  plug_rb_health_note (plugin);
  if (cli->json) {
    print_json (plug_rb_plugin_to_contract_json (plugin), table);
    return TRUE;
  }

  print_plugin (plugin);
  if (table != NULL)
    plug_rb_cli_files_print (table);

  return TRUE;
}

/* ---- a snapshot */

static char *
dup_archive (PlugRbCli *cli, PlugRbSnapshot *snapshot, guint index)
{
  JsonObject *json = plug_rb_snapshot_get_json (snapshot);
  JsonArray *archives = json ? plug_rb_json_get_array (json, "archives") : NULL;
  JsonObject *archive = archives ? plug_rb_json_get_element (archives, index) : NULL;
  const char *file = archive ? plug_rb_json_get_string (archive, "file") : NULL;

  if (file == NULL)
    return NULL;

  return plug_rb_store_build_path (plug_rb_engine_get_store (cli->engine), "archives", file, NULL);
}

static char *
dup_folder (PlugRbCli *cli, PlugRbSnapshot *snapshot)
{
  g_autofree char *host = plug_rb_store_escape (plug_rb_snapshot_get_host (snapshot));
  g_autofree char *plugin = plug_rb_store_escape (plug_rb_snapshot_get_plugin_id (snapshot));

  return plug_rb_store_build_path (plug_rb_engine_get_store (cli->engine), "snapshots", host,
                                   plugin, plug_rb_snapshot_get_id (snapshot), NULL);
}

/* Ready for a shell: it takes the files out of all archives into the present folder. */
static char *
make_extract_line (PlugRbCli *cli, PlugRbSnapshot *snapshot)
{
  GString *line = g_string_new (NULL);
  char *path;

  for (guint i = 0; (path = dup_archive (cli, snapshot, i)) != NULL; i++) {
    g_autofree char *quoted = g_shell_quote (path);

    g_string_append_printf (line, "%star --zstd -xf %s files", i > 0 ? " && " : "", quoted);
    g_free (path);
  }

  return g_string_free_and_steal (line);
}

static JsonObject *
snapshot_to_json (PlugRbCli *cli, PlugRbSnapshot *snapshot)
{
  JsonObject *json = plug_rb_snapshot_to_contract_json (snapshot);
  g_autofree char *folder = dup_folder (cli, snapshot);
  g_autofree char *extract = make_extract_line (cli, snapshot);

  plug_rb_json_set_string (json, "path", folder);
  plug_rb_json_set_string (json, "extract", *extract != '\0' ? extract : NULL);

  return json;
}

static char *
describe_contents (PlugRbSnapshot *snapshot)
{
  guint count = plug_rb_snapshot_get_n_files (snapshot);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_size (snapshot));
  g_autofree char *stored = g_format_size (plug_rb_snapshot_get_stored_size (snapshot));

  if (plug_rb_snapshot_get_absent (snapshot))
    return g_strdup (_("the plugin was not installed"));

  /* TRANSLATORS: number of files, their size, and the size of what the snapshot takes on disk */
  return g_strdup_printf (ngettext ("%u file, %s (%s stored)", "%u files, %s (%s stored)", count),
                          count, size, stored);
}

static void
add_good_fields (PlugRbCliTable *table, PlugRbSnapshot *snapshot)
{
  GDateTime *timestamp = plug_rb_snapshot_get_timestamp (snapshot);
  g_autofree char *time = timestamp ? plug_rb_format_time_full (timestamp) : NULL;
  g_autofree char *contents = describe_contents (snapshot);

  add_field (table, _("Name:"), plug_rb_snapshot_get_name (snapshot));
  add_field (table, _("Version:"), plug_rb_snapshot_get_version (snapshot));
  add_field (table, _("Taken:"), time);
  add_field (table, _("Reason:"), plug_rb_words_reason (plug_rb_snapshot_get_reason (snapshot)));
  add_field (table, _("Label:"), plug_rb_snapshot_get_label (snapshot));
  add_field (table, _("Note:"), plug_rb_snapshot_get_note (snapshot));
  add_field (table, _("Contents:"), contents);
}

static void
print_snapshot (PlugRbCli *cli, PlugRbSnapshot *snapshot)
{
  g_autoptr(PlugRbCliTable) table = make_fields ();
  g_autofree char *folder = dup_folder (cli, snapshot);
  g_autofree char *extract = make_extract_line (cli, snapshot);

  add_field (table, _("Snapshot:"), plug_rb_snapshot_get_id (snapshot));
  add_field (table, _("Plugin:"), plug_rb_snapshot_get_plugin (snapshot));
  if (plug_rb_snapshot_get_damaged (snapshot) == NULL)
    add_good_fields (table, snapshot);
  else
    add_field (table, _("Damaged:"), plug_rb_snapshot_get_damaged (snapshot));
  add_field (table, _("Lies in:"), folder);
  add_field (table, _("Get files:"), extract);

  plug_rb_cli_table_print (table);
}

static gboolean
show_snapshot (PlugRbCli *cli, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(PlugRbTable) table = NULL;
  gboolean damaged = plug_rb_snapshot_get_damaged (snapshot) != NULL;

  if (files && !damaged &&
      !(table = plug_rb_store_load_table (plug_rb_engine_get_store (cli->engine), snapshot, error)))
    return FALSE;

  if (cli->json)
    print_json (snapshot_to_json (cli, snapshot), table);
  else
    print_snapshot (cli, snapshot);
  if (table != NULL && !cli->json)
    plug_rb_cli_files_print (table);

  if (damaged)
    cli->status = PLUG_RB_CLI_PARTLY;

  return TRUE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  if (!plug_rb_cli_find (cli, cli->arguments[0], &plugin, &snapshot, error))
    return FALSE;

  return snapshot ? show_snapshot (cli, snapshot, error) : show_plugin (cli, plugin, error);
}

const PlugRbCliCommand plug_rb_cli_command_show = {
  .name = "show",
  .parameters = N_("PLUGIN|SNAPSHOT"),
  .summary = N_("Show a plugin or a snapshot, where it lies and how to get files out"),
  .description = N_("Example:\n  plugrb show caffeine@patapon.info --files"),
  .options = options,
  .min = 1,
  .max = 1,
  .run = run,
};
