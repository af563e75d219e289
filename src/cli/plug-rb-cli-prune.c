/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static gboolean dry_run;

static const GOptionEntry options[] = {
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, N_("Only show what would be deleted, and why"),
    NULL },
  { NULL },
};

/* ---- JSON */

static JsonArray *
describe (GPtrArray *items)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < items->len; i++) {
    const PlugRbPruned *item = items->pdata[i];
    JsonObject *json = json_object_new ();

    plug_rb_json_set_string (json, "id", plug_rb_snapshot_get_id (item->snapshot));
    plug_rb_json_set_string (json, "plugin", plug_rb_snapshot_get_plugin (item->snapshot));
    plug_rb_json_set_string (json, "why", item->why);
    plug_rb_json_set_string (json, "message", item->sentence);
    json_array_add_object_element (array, json);
  }

  return array;
}

static JsonArray *
describe_failures (GPtrArray *failures)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < failures->len; i++) {
    const PlugRbPruneFailure *failure = failures->pdata[i];
    JsonObject *json = json_object_new ();

    plug_rb_json_set_string (json, "plugin", failure->plugin);
    json_object_set_object_member (json, "error", plug_rb_cli_json_from_error (failure->error));
    json_array_add_object_element (array, json);
  }

  return array;
}

static void
print_json (const PlugRbPruning *pruning)
{
  JsonObject *json = json_object_new ();

  json_object_set_array_member (json, "kept", describe (pruning->kept));
  json_object_set_array_member (json, "deleted", describe (pruning->deleted));
  json_object_set_array_member (json, "purged", describe (pruning->purged));
  json_object_set_array_member (json, "failed", describe_failures (pruning->failed));
  json_object_set_int_member (json, "freed", (gint64) pruning->freed);
  plug_rb_cli_json_print_object (json);
}

/* ---- text */

static void
collect_snapshots (GPtrArray *all, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (all, ((PlugRbPruned *) items->pdata[i])->snapshot);
}

static void
add_rows (PlugRbCliTable *table, GPtrArray *items, const char *what, guint length)
{
  for (guint i = 0; i < items->len; i++) {
    const PlugRbPruned *item = items->pdata[i];
    g_autofree char *id = plug_rb_cli_short_id (plug_rb_snapshot_get_id (item->snapshot), length);

    plug_rb_cli_table_add_row (table, id, plug_rb_snapshot_get_plugin (item->snapshot), what,
                               item->sentence, NULL);
  }
}

static void
print_table (const PlugRbPruning *pruning)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  guint length;

  collect_snapshots (all, pruning->kept);
  collect_snapshots (all, pruning->deleted);
  collect_snapshots (all, pruning->purged);
  if (all->len == 0)
    return;

  length = plug_rb_cli_short_count_snapshots (all);
  plug_rb_cli_table_add_column (table, _("Snapshot"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Plugin"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Reason"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  /* TRANSLATORS: a snapshot is deleted for good, deleted, or kept; a column of a table */
  add_rows (table, pruning->purged, _("delete for good"), length);
  add_rows (table, pruning->deleted, _("delete"), length);
  add_rows (table, pruning->kept, _("keep"), length);
  plug_rb_cli_table_print (table);
}

static void
print_summary (const PlugRbPruning *pruning)
{
  g_autofree char *freed = g_format_size (pruning->freed);
  guint n = pruning->deleted->len;

  if (n == 0 && pruning->freed == 0)
    g_print ("%s\n", _("Nothing to clean up."));
  if (n > 0 && dry_run)
    g_print (ngettext ("%u snapshot would go to the trash.\n",
                       "%u snapshots would go to the trash.\n", n),
             n);
  else if (n > 0)
    g_print (ngettext ("%u snapshot is in the trash for 7 days: see “plugrb restore-deleted”.\n",
                       "%u snapshots are in the trash for 7 days: see “plugrb restore-deleted”.\n",
                       n),
             n);
  if (pruning->freed > 0)
    g_print (dry_run ? _("%s would be freed.\n") : _("%s freed.\n"), freed);
}

static void
print_failures (const PlugRbPruning *pruning)
{
  for (guint i = 0; i < pruning->failed->len; i++) {
    const PlugRbPruneFailure *failure = pruning->failed->pdata[i];

    g_printerr ("plugrb: %s: %s\n", failure->plugin, failure->error->message);
  }
}

/* ---- the command */

/* %NULL without an error for all plugins. */
static gboolean
find_plugin (PlugRbCli *cli, PlugRbPlugin **plugin, GError **error)
{
  *plugin = NULL;

  return cli->arguments[0] == NULL ||
         (*plugin = plug_rb_engine_find_plugin (cli->engine, cli->arguments[0], error)) != NULL;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbPruning) pruning = NULL;

  if (!find_plugin (cli, &plugin, error))
    return FALSE;

  plug_rb_cli_signals_cancel (cli->cancellable);
  pruning = plug_rb_engine_prune (cli->engine, plugin ? plug_rb_plugin_get_key (plugin) : NULL,
                                  dry_run, cli->cancellable, error);
  if (pruning == NULL)
    return FALSE;

  if (cli->json) {
    print_json (pruning);
  } else {
    print_table (pruning);
    print_summary (pruning);
  }

  print_failures (pruning);
  if (pruning->failed->len > 0)
    cli->status = PLUG_RB_CLI_PARTLY;

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_prune = {
  .name = "prune",
  .parameters = N_("[PLUGIN]"),
  .summary = N_("Clean up: delete old snapshots that nobody needs"),
  .description = N_(
      "Snapshots over the number or the age that the policy allows go to the trash, unless they\n"
      "are pinned, labeled or noted, needed to undo a rollback, or the last good copy. What has\n"
      "been in the trash for more than 7 days is deleted for good.\n\n"
      "Example:\n  plugrb prune --dry-run"),
  .options = options,
  .max = 1,
  .writes = TRUE,
  .run = run,
};
