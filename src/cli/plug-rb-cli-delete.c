/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"

static GPtrArray *
find_all (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    g_autoptr(PlugRbSnapshot) snapshot =
                  plug_rb_engine_find_snapshot (cli->engine, cli->arguments[i], error);

    if (snapshot == NULL)
      return NULL;
    for (guint j = 0; j < snapshots->len; j++)
      if (g_str_equal (plug_rb_snapshot_get_id (snapshots->pdata[j]),
                       plug_rb_snapshot_get_id (snapshot))) {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                     _("%s is named twice"), plug_rb_snapshot_get_id (snapshot));
        return NULL;
      }
    g_ptr_array_add (snapshots, g_steal_pointer (&snapshot));
  }

  return g_steal_pointer (&snapshots);
}

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
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) snapshots = find_all (cli, error);
  g_autoptr(GPtrArray) deleted = g_ptr_array_new ();
  g_autoptr(JsonArray) failed = json_array_new ();

  if (snapshots == NULL)
    return FALSE;

  delete_all (cli, snapshots, deleted, failed);
  report (cli, deleted, failed);
  if (json_array_get_length (failed) > 0)
    cli->status = deleted->len > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_FAILED;

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_delete = {
  .name = "delete",
  .parameters = N_ ("SNAPSHOT…"),
  .summary = N_ ("Delete snapshots"),
  .description = N_ ("They stay in the trash for a while: see “plugrb restore-deleted”.\n\n"
                     "Example:\n  plugrb delete 019b1c2d-3e4f"),
  .min = 1,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
