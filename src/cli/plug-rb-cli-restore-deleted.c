/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-snapshot-table.h"
#include "plug-rb-cli.h"
#include "plug-rb-snapshot.h"

static gboolean
list (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) deleted = plug_rb_engine_list_deleted (cli->engine, error);

  if (deleted == NULL)
    return FALSE;

  if (cli->json)
    plug_rb_cli_json_print_array (plug_rb_cli_json_from_snapshots (deleted));
  else if (deleted->len > 0)
    plug_rb_cli_snapshot_table_print (deleted, deleted, TRUE);
  else
    g_print ("%s\n", _("There are no deleted snapshots."));

  return TRUE;
}

static gboolean
restore (PlugRbCli *cli, const char *prefix, GError **error)
{
  g_autoptr(PlugRbSnapshot) snapshot = plug_rb_engine_restore_deleted (cli->engine, prefix, error);
  const char *name;

  if (snapshot == NULL)
    return FALSE;

  if (cli->json) {
    plug_rb_cli_json_print_object (plug_rb_snapshot_to_contract_json (snapshot));
    return TRUE;
  }

  name = plug_rb_snapshot_get_name (snapshot);
  g_print (_("%s: snapshot %s is back\n"), name ? name : plug_rb_snapshot_get_plugin (snapshot),
           plug_rb_snapshot_get_id (snapshot));

  return TRUE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  return cli->arguments[0] ? restore (cli, cli->arguments[0], error) : list (cli, error);
}

const PlugRbCliCommand plug_rb_cli_command_restore_deleted = {
  .name = "restore-deleted",
  .parameters = N_("[SNAPSHOT]"),
  .summary = N_("List deleted snapshots, or bring one back"),
  .description = N_("Example:\n  plugrb restore-deleted 019b1c2d-3e4f"),
  .max = 1,
  .writes = TRUE,
  .run = run,
};
