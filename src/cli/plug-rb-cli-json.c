/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-json.h"

#include "plug-rb-cli-output.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-plan.h"
#include "plug-rb-snapshot.h"

static void
print_node (JsonNode *node)
{
  g_autoptr(JsonNode) owned = node;
  g_autofree char *text = json_to_string (owned, TRUE);

  plug_rb_cli_output_write (text);
  plug_rb_cli_output_write ("\n");
}

void
plug_rb_cli_json_print_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  print_node (node);
}

void
plug_rb_cli_json_print_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  print_node (node);
}

JsonObject *
plug_rb_cli_json_from_error (const GError *error)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (
      json, "code", error->domain == G_OPTION_ERROR ? "usage" : plug_rb_error_get_name (error));
  plug_rb_json_set_string (json, "message", error->message);

  return json;
}

void
plug_rb_cli_json_print_error (const GError *error)
{
  JsonObject *json = json_object_new ();

  json_object_set_object_member (json, "error", plug_rb_cli_json_from_error (error));
  plug_rb_cli_json_print_object (json);
}

JsonArray *
plug_rb_cli_json_from_snapshots (GPtrArray *snapshots)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < snapshots->len; i++)
    json_array_add_object_element (array, plug_rb_snapshot_to_contract_json (snapshots->pdata[i]));

  return array;
}

JsonObject *
plug_rb_cli_json_from_plans (GPtrArray *plans)
{
  JsonArray *array = json_array_new ();
  JsonObject *json = json_object_new ();

  for (guint i = 0; i < plans->len; i++)
    json_array_add_element (array, plug_rb_plan_to_json (plans->pdata[i]));
  json_object_set_array_member (json, "plans", array);

  return json;
}

/* Of what is nested, all lines are further in. Texts have no line ends in JSON. */
static void
print_element (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autoptr(GString) nested = NULL;

  json_node_take_object (node, object);
  text = json_to_string (node, TRUE);
  nested = g_string_new_take (g_steal_pointer (&text));
  g_string_replace (nested, "\n", "\n  ", 0);

  plug_rb_cli_output_write ("\n  ");
  plug_rb_cli_output_write (nested->str);
}

/**
 * plug_rb_cli_json_print_snapshots:
 *
 * Prints them as plug_rb_cli_json_print_array() would, but one after the other: as a whole they
 * would take a hundred times the memory of the text, and twice the time.
 */
void
plug_rb_cli_json_print_snapshots (GPtrArray *snapshots)
{
  plug_rb_cli_output_write ("[");
  for (guint i = 0; i < snapshots->len; i++) {
    if (i > 0)
      plug_rb_cli_output_write (",");
    print_element (plug_rb_snapshot_to_contract_json (snapshots->pdata[i]));
  }
  plug_rb_cli_output_write (snapshots->len > 0 ? "\n]\n" : "]\n");
}
