/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

/* How the command line tool shows the core's objects to other programs. These formats are stable:
 * members are added, never renamed. Operations write theirs in plug-rb-record-json.c: it is that of
 * the history. */

#include "plug-rb-change.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-host.h"
#include "plug-rb-json.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* ---- snapshots */

/**
 * plug_rb_snapshot_to_contract_json:
 *
 * Returns: (transfer full): what `plugrb snapshots --json` prints of it
 */
JsonObject *
plug_rb_snapshot_to_contract_json (PlugRbSnapshot *self)
{
  gboolean known;
  JsonObject *json;

  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  known = plug_rb_snapshot_get_damaged (self) == NULL;
  json = json_object_new ();
  plug_rb_json_set_string (json, "id", plug_rb_snapshot_get_id (self));
  if (known)
    json_object_set_int_member (json, "sequence", plug_rb_snapshot_get_sequence (self));
  else
    json_object_set_null_member (json, "sequence");
  plug_rb_json_set_string (json, "plugin", plug_rb_snapshot_get_plugin (self));
  plug_rb_json_set_string (json, "name", plug_rb_snapshot_get_name (self));
  plug_rb_json_set_string (json, "version", plug_rb_snapshot_get_version (self));
  plug_rb_json_set_string (
      json, "reason",
      known ? plug_rb_enum_to_nick (PLUG_RB_TYPE_REASON, plug_rb_snapshot_get_reason (self))
            : NULL);
  plug_rb_json_set_string (json, "timestamp", plug_rb_snapshot_get_timestamp_text (self));
  plug_rb_json_set_string (json, "label", plug_rb_snapshot_get_label (self));
  plug_rb_json_set_string (json, "note", plug_rb_snapshot_get_note (self));
  json_object_set_boolean_member (json, "pinned", plug_rb_snapshot_get_pinned (self));
  json_object_set_boolean_member (json, "absent", plug_rb_snapshot_get_absent (self));
  json_object_set_int_member (json, "files", plug_rb_snapshot_get_n_files (self));
  json_object_set_int_member (json, "size", plug_rb_snapshot_get_size (self));
  json_object_set_int_member (json, "stored-size", plug_rb_snapshot_get_stored_size (self));
  json_object_set_array_member (json, "dependencies", plug_rb_snapshot_get_dependencies (self));
  plug_rb_json_set_string (json, "damaged", plug_rb_snapshot_get_damaged (self));

  return json;
}

/* ---- plugins */

/**
 * plug_rb_plugin_to_contract_json:
 *
 * Returns: (transfer full): what `plugrb list --json` prints of it
 */
JsonObject *
plug_rb_plugin_to_contract_json (PlugRbPlugin *self)
{
  JsonObject *json;

  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  json = json_object_new ();
  plug_rb_json_set_string (json, "key", plug_rb_plugin_get_key (self));
  plug_rb_json_set_string (json, "host", plug_rb_host_get_id (plug_rb_plugin_get_host (self)));
  plug_rb_json_set_string (json, "id", plug_rb_plugin_get_id (self));
  plug_rb_json_set_string (json, "name", plug_rb_plugin_get_name (self));
  plug_rb_json_set_string (json, "version", plug_rb_plugin_get_version (self));
  json_object_set_boolean_member (json, "enabled", plug_rb_plugin_get_enabled (self));
  plug_rb_json_set_string (
      json, "health", plug_rb_enum_to_nick (PLUG_RB_TYPE_HEALTH, plug_rb_plugin_get_health (self)));
  plug_rb_json_set_string (json, "health-message", plug_rb_plugin_get_health_message (self));
  plug_rb_json_set_string (json, "path", plug_rb_plugin_get_path (self));
  json_object_set_int_member (json, "snapshots", plug_rb_plugin_get_n_snapshots (self));

  return json;
}

/* ---- plans */

static const char *
list_of (PlugRbChange *change)
{
  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return "added";
  case PLUG_RB_CHANGE_REMOVED:
    return "removed";
  case PLUG_RB_CHANGE_CHANGED:
  case PLUG_RB_CHANGE_PERMISSIONS:
  case PLUG_RB_CHANGE_TYPE:
  case PLUG_RB_CHANGE_TIME:
  default:
    return "changed";
  }
}

static JsonObject *
describe_file (PlugRbChange *change)
{
  PlugRbChangeKind kind = plug_rb_change_get_kind (change);
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "path", plug_rb_change_get_name (change));
  if (kind == PLUG_RB_CHANGE_ADDED)
    json_object_set_int_member (json, "size", plug_rb_change_get_size (change));
  else if (kind == PLUG_RB_CHANGE_REMOVED)
    json_object_set_int_member (json, "size", plug_rb_change_get_from_size (change));
  else if (kind == PLUG_RB_CHANGE_CHANGED)
    json_object_set_string_member (json, "what", "content");
  else
    json_object_set_string_member (json, "what",
                                   plug_rb_enum_to_nick (PLUG_RB_TYPE_CHANGE_KIND, kind));

  return json;
}

static JsonObject *
describe_setting (PlugRbChange *change)
{
  const char *from = plug_rb_change_get_from (change);
  const char *to = plug_rb_change_get_to (change);
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "key", plug_rb_change_get_name (change));
  if (from != NULL)
    json_object_set_string_member (json, "from", from);
  if (to != NULL)
    json_object_set_string_member (json, "to", to);

  return json;
}

static JsonObject *
describe_dependency (PlugRbChange *change)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "id", plug_rb_change_get_name (change));
  plug_rb_json_set_string (json, "from", plug_rb_change_get_from (change));
  plug_rb_json_set_string (json, "to", plug_rb_change_get_to (change));

  return json;
}

typedef JsonObject *(*DescribeFunc) (PlugRbChange *change);

static JsonObject *
describe_lists (GListModel *changes, DescribeFunc describe)
{
  JsonObject *json = json_object_new ();

  json_object_set_array_member (json, "added", json_array_new ());
  json_object_set_array_member (json, "removed", json_array_new ());
  json_object_set_array_member (json, "changed", json_array_new ());

  for (guint i = 0; i < g_list_model_get_n_items (changes); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (changes, i);

    json_array_add_object_element (json_object_get_array_member (json, list_of (change)),
                                   describe (change));
  }

  return json;
}

static JsonArray *
describe_dependencies (PlugRbPlan *self)
{
  GListModel *dependencies = plug_rb_plan_get_dependencies (self);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (dependencies); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (dependencies, i);

    json_array_add_object_element (array, describe_dependency (change));
  }

  return array;
}

/**
 * plug_rb_plan_to_json:
 *
 * Describes the plan as `plugrb diff --json` prints it.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
plug_rb_plan_to_json (PlugRbPlan *self)
{
  PlugRbSnapshot *from = plug_rb_plan_get_from (self);
  PlugRbSnapshot *to = plug_rb_plan_get_to (self);
  JsonNode *node;
  JsonObject *json;

  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  node = json_node_new (JSON_NODE_OBJECT);
  json = json_object_new ();
  json_node_take_object (node, json);
  plug_rb_json_set_string (json, "plugin", plug_rb_plan_get_plugin (self));
  plug_rb_json_set_string (json, "from", from ? plug_rb_snapshot_get_id (from) : NULL);
  plug_rb_json_set_string (json, "to", to ? plug_rb_snapshot_get_id (to) : NULL);
  plug_rb_json_set_string (json, "from-version", plug_rb_plan_get_from_version (self));
  plug_rb_json_set_string (json, "to-version", plug_rb_plan_get_to_version (self));
  json_object_set_object_member (json, "files",
                                 describe_lists (plug_rb_plan_get_files (self), describe_file));
  json_object_set_object_member (
      json, "settings", describe_lists (plug_rb_plan_get_settings (self), describe_setting));
  json_object_set_array_member (json, "dependencies", describe_dependencies (self));
  json_object_set_int_member (json, "bytes", plug_rb_plan_get_write_bytes (self));
  plug_rb_json_set_strv (json, "warnings", plug_rb_plan_get_warnings (self));
  plug_rb_json_set_strv (json, "blockers", plug_rb_plan_get_blockers (self));

  return node;
}
