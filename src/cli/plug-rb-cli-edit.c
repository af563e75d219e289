/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-edit.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"

static void
print_changed (PlugRbSnapshot *snapshot, const char *message)
{
  const char *name = plug_rb_snapshot_get_name (snapshot);
  g_autofree char *short_id =
      plug_rb_cli_short_id (plug_rb_snapshot_get_id (snapshot), PLUG_RB_CLI_SHORTEST);

  /* TRANSLATORS: name of a plugin, id of its snapshot, what was done: "pinned" */
  g_print (_("%s: snapshot %s: %s\n"), name ? name : plug_rb_snapshot_get_plugin (snapshot),
           short_id, message);
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
print_json (GPtrArray *changed, JsonArray *failed)
{
  JsonObject *json = json_object_new ();

  json_object_set_array_member (json, "changed", plug_rb_cli_json_from_snapshots (changed));
  json_object_set_array_member (json, "failed", json_array_ref (failed));
  plug_rb_cli_json_print_object (json);
}

/**
 * plug_rb_cli_edit_pin:
 *
 * Pins all snapshots that the arguments name, or no longer.
 */
gboolean
plug_rb_cli_edit_pin (PlugRbCli *cli, gboolean pinned, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_cli_find_snapshots (cli, error);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(JsonArray) failed = json_array_new ();

  if (snapshots == NULL)
    return FALSE;

  for (guint i = 0; i < snapshots->len; i++) {
    g_autoptr(GError) cause = NULL;
    PlugRbSnapshot *snapshot =
        plug_rb_engine_set_pinned (cli->engine, snapshots->pdata[i], pinned, &cause);

    if (snapshot == NULL)
      add_failure (failed, snapshots->pdata[i], cause);
    else
      g_ptr_array_add (changed, snapshot);
  }

  for (guint i = 0; i < changed->len && !cli->json; i++)
    print_changed (changed->pdata[i], pinned ? _("pinned") : _("no longer pinned"));
  if (cli->json)
    print_json (changed, failed);
  if (json_array_get_length (failed) > 0)
    cli->status = changed->len > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_FAILED;

  return TRUE;
}

/**
 * plug_rb_cli_edit_text:
 * @set_text: writes it
 * @message: what was done
 * @message_empty: what was done if the text is empty
 *
 * Gives the snapshot that the first argument names the text that is the second.
 */
gboolean
plug_rb_cli_edit_text (PlugRbCli *cli,
                       PlugRbCliSetText set_text,
                       const char *message,
                       const char *message_empty,
                       GError **error)
{
  const char *text = cli->arguments[1];
  g_autoptr(PlugRbSnapshot) seen =
      plug_rb_engine_find_snapshot (cli->engine, cli->arguments[0], error);
  g_autoptr(PlugRbSnapshot) snapshot = seen ? set_text (cli->engine, seen, text, error) : NULL;

  if (snapshot == NULL)
    return FALSE;

  if (cli->json)
    plug_rb_cli_json_print_object (plug_rb_snapshot_to_contract_json (snapshot));
  else
    print_changed (snapshot, *text != '\0' ? message : message_empty);

  return TRUE;
}
