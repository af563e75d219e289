/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"

static gboolean yes;

static const GOptionEntry options[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes,
    N_("Delete even what an undo needs, and the last good copy"), NULL },
  { NULL },
};

static void
print_deleted (PlugRbSnapshot *snapshot)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  const char *name = plug_rb_snapshot_get_name (snapshot);
  g_autofree char *short_id = plug_rb_cli_short_id (id, PLUG_RB_CLI_SHORTEST);

  g_print (_("%s: snapshot %s deleted. Bring it back with: plugrb restore-deleted %s\n"),
           name ? name : plug_rb_snapshot_get_plugin (snapshot), short_id, short_id);
}

static void
add_failure (JsonArray *failed, PlugRbSnapshot *snapshot, const GError *error)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "snapshot", plug_rb_snapshot_get_id (snapshot));
  json_object_set_object_member (json, "error", plug_rb_cli_json_from_error (error));
  json_array_add_object_element (failed, json);
  g_printerr ("plugrb: %s: %s\n", plug_rb_snapshot_get_id (snapshot), error->message);
}

static void
delete_all (PlugRbCli *cli, GPtrArray *snapshots, GPtrArray *deleted, JsonArray *failed)
{
  for (guint i = 0; i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];
    g_autoptr(GError) error = NULL;

    if (!plug_rb_engine_delete_snapshot (cli->engine, snapshot, &error))
      add_failure (failed, snapshot, error);
    else
      g_ptr_array_add (deleted, snapshot);
  }
}

static void
report (PlugRbCli *cli, GPtrArray *deleted, JsonArray *failed)
{
  JsonObject *json;

  for (guint i = 0; i < deleted->len && !cli->json; i++)
    print_deleted (deleted->pdata[i]);
  if (!cli->json)
    return;

  json = json_object_new ();
  json_object_set_array_member (json, "deleted", plug_rb_cli_json_from_snapshots (deleted));
  json_object_set_array_member (json, "failed", json_array_ref (failed));
  plug_rb_cli_json_print_object (json);
}

static gboolean
may_delete (PlugRbCli *cli, GPtrArray *snapshots, GError **error)
{
  g_autoptr(GError) question = NULL;

  if (yes || plug_rb_engine_check_delete (cli->engine, snapshots, &question))
    return TRUE;

  if (g_error_matches (question, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) &&
      plug_rb_cli_ask_is_possible () && plug_rb_cli_ask (question->message))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&question));
  return FALSE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_cli_find_snapshots (cli, error);
  g_autoptr(GPtrArray) deleted = g_ptr_array_new ();
  g_autoptr(JsonArray) failed = json_array_new ();

  if (snapshots == NULL || !may_delete (cli, snapshots, error))
    return FALSE;

  delete_all (cli, snapshots, deleted, failed);
  report (cli, deleted, failed);
  if (json_array_get_length (failed) > 0)
    cli->status = deleted->len > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_FAILED;

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_delete = {
  .name = "delete",
  .parameters = N_("SNAPSHOT…"),
  .summary = N_("Delete snapshots"),
  .description =
      N_("They stay in the trash for 7 days: see “plugrb restore-deleted”. What an undo\n"
         "would go back to, and the last good copy of an installed plugin, need --yes.\n\n"
         "Example:\n  plugrb delete 019b1c2d-3e4f"),
  .options = options,
  .min = 1,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
