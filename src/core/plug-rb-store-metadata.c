/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-store-metadata.h"

#include "plug-rb-enum-types.h"
#include "plug-rb-dependency.h"
#include "plug-rb-json.h"

static JsonArray *
describe_memberships (PlugRbState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->memberships->len; i++) {
    const PlugRbMembership *membership = state->memberships->pdata[i];
    JsonObject *json = json_object_new ();

    json_object_set_string_member (json, "name", membership->name);
    json_object_set_string_member (json, "key", membership->key);
    json_object_set_string_member (json, "entry", membership->entry);
    json_object_set_boolean_member (json, "present", membership->present);
    json_object_set_int_member (json, "position", membership->position);
    json_object_set_boolean_member (json, "unset", membership->unset);
    json_array_add_object_element (array, json);
  }

  return array;
}

static JsonArray *
describe_parts (PlugRbState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->parts->len; i++) {
    const PlugRbPart *part = state->parts->pdata[i];

    if (plug_rb_table_has_part (state->table, part->name))
      json_array_add_string_element (array, part->name);
  }

  return array;
}

static JsonObject *
describe_sizes (PlugRbState *state, guint64 stored)
{
  JsonObject *sizes = json_object_new ();
  guint64 real = plug_rb_table_sum_sizes (state->table);

  json_object_set_int_member (sizes, "real", real);
  json_object_set_int_member (sizes, "stored", stored);
  json_object_set_int_member (sizes, "shared", stored == 0 ? real : 0);

  return sizes;
}

static JsonArray *
describe_dependencies (PlugRbState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; state->dependencies != NULL && i < state->dependencies->len; i++) {
    const PlugRbDependency *dependency = state->dependencies->pdata[i];
    JsonObject *json = json_object_new ();

    json_object_set_string_member (json, "id", dependency->id);
    plug_rb_json_set_string (json, "version", dependency->version);
    plug_rb_json_set_string (json, "range", dependency->range);
    json_object_set_boolean_member (json, "optional", dependency->optional);
    json_array_add_object_element (array, json);
  }

  return array;
}

static JsonObject *
describe_values (PlugRbState *state)
{
  JsonObject *settings = json_object_new ();

  json_object_set_int_member (settings, "count", plug_rb_values_get_n_keys (state->values));
  plug_rb_json_set_strv (settings, "folders", plug_rb_values_get_folders (state->values));
  json_object_set_object_member (settings, "positions",
                                 plug_rb_values_get_positions (state->values));

  return settings;
}

static void
add_identity (JsonObject *json, PlugRbState *state, const char *id, gint64 sequence)
{
  g_auto(GStrv) halves = g_strsplit (state->plugin, "/", 2);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *timestamp = plug_rb_time_to_string (now);

  json_object_set_int_member (json, "format", 1);
  plug_rb_json_set_string (json, "id", id);
  json_object_set_int_member (json, "sequence", sequence);
  plug_rb_json_set_string (json, "plugin", state->plugin);
  plug_rb_json_set_string (json, "host", halves[0]);
  plug_rb_json_set_string (json, "plugin-id", state->id);
  plug_rb_json_set_string (json, "name", state->name);
  plug_rb_json_set_string (json, "version", state->version);
  plug_rb_json_set_string (json, "timestamp", timestamp);
}

static void
add_request (JsonObject *json, const PlugRbSnapshotRequest *request)
{
  plug_rb_json_set_string (json, "host-version", request->host_version);
  plug_rb_json_set_string (json, "reason",
                           plug_rb_enum_to_nick (PLUG_RB_TYPE_REASON, request->reason));
  json_object_set_null_member (json, "change");
  plug_rb_json_set_string (json, "label", request->label);
  plug_rb_json_set_string (json, "note", request->note);
  json_object_set_boolean_member (json, "pinned", FALSE);
  json_object_set_boolean_member (json, "enabled", request->enabled);
}

/**
 * plug_rb_store_metadata_describe_extraction:
 * @json: metadata with their archives
 *
 * Says how the contents are had without this program. Later archives hold what the earlier ones do
 * not, so each of them is unpacked in turn.
 */
void
plug_rb_store_metadata_describe_extraction (JsonObject *json)
{
  JsonArray *archives = plug_rb_json_get_array (json, "archives");
  g_autoptr(GString) command = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (archives); i++) {
    const char *file = plug_rb_json_get_string (plug_rb_json_get_element (archives, i), "file");
    g_autofree char *quoted = g_shell_quote (file);

    g_string_append_printf (command, "%star --zstd -xf archives/%s", i > 0 ? " && " : "", quoted);
  }

  json_object_set_string_member (json, "extract", command->str);
}

static void
add_contents (JsonObject *json, PlugRbState *state, JsonArray *archives, guint64 stored)
{
  json_object_set_boolean_member (json, "absent", state->absent);
  json_object_set_array_member (json, "dependencies", json_array_new ());
  json_object_set_array_member (json, "parts", describe_parts (state));
  json_object_set_object_member (json, "sizes", describe_sizes (state, stored));
  json_object_set_int_member (json, "files", plug_rb_table_count_files (state->table));
  plug_rb_json_set_string (json, "table", plug_rb_table_get_sha256 (state->table));
  json_object_set_array_member (json, "archives", json_array_ref (archives));
  plug_rb_store_metadata_describe_extraction (json);
  json_object_set_object_member (json, "settings", describe_values (state));
  json_object_set_array_member (json, "states", describe_memberships (state));
  json_object_set_array_member (json, "dependencies", describe_dependencies (state));
  plug_rb_json_set_string (json, "health", "unknown");
  plug_rb_json_set_string (json, "manifest", state->manifest);
}

/**
 * plug_rb_store_metadata_new:
 * @id: of the snapshot
 * @archives: where its contents are, as plug_rb_pack_finish() gave it
 * @stored: bytes that were written for it; 0 if it shares the contents of an equal snapshot
 *
 * Describes a state of the live system that was just stored.
 *
 * Returns: (transfer full): what stands in snapshot.json, sealed
 */
JsonObject *
plug_rb_store_metadata_new (PlugRbState *state,
                            const PlugRbSnapshotRequest *request,
                            const char *id,
                            gint64 sequence,
                            JsonArray *archives,
                            guint64 stored)
{
  JsonObject *json = json_object_new ();

  add_identity (json, state, id, sequence);
  add_request (json, request);
  add_contents (json, state, archives, stored);
  plug_rb_json_seal (json);

  return json;
}
