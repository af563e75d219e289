/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-record.h"

/* ---- writing */

static JsonArray *
describe_changes (GPtrArray *changes)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    json_array_add_object_element (array, plug_rb_operation_change_to_json (changes->pdata[i]));

  return array;
}

/* While it may still have to be recovered, its journal says which plugins it is about. */
static JsonArray *
describe_plugins (PlugRbRecord *self)
{
  JsonArray *array = json_array_new ();
  gboolean settled = self->finished != NULL && self->status != PLUG_RB_STATUS_NEEDS_USER;

  for (guint i = 0; settled && i < self->plugins->len; i++) {
    const PlugRbOperationChange *entry = self->plugins->pdata[i];
    JsonObject *json = json_object_new ();

    plug_rb_json_set_string (json, "plugin", entry->plugin);
    plug_rb_json_set_string (json, "name", entry->name);
    json_array_add_object_element (array, json);
  }

  return array;
}

static JsonArray *
describe_steps (PlugRbRecord *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->steps->len; i++) {
    const PlugRbRecordStep *step = plug_rb_record_get_step (self, i);
    JsonObject *json = json_object_new ();

    plug_rb_json_set_string (json, "name", step->name);
    plug_rb_json_set_string (json, "status",
                             plug_rb_enum_to_nick (PLUG_RB_TYPE_STEP_STATUS, step->status));
    /* Whole milliseconds, so that people can read it. */
    json_object_set_double_member (json, "seconds", round (step->seconds * 1000) / 1000);
    plug_rb_json_set_string (json, "message", step->message);
    json_array_add_object_element (array, json);
  }

  return array;
}

static void
add_error (PlugRbRecord *self, JsonObject *json)
{
  JsonObject *error;

  if (self->error == NULL) {
    json_object_set_null_member (json, "error");
    return;
  }

  error = json_object_new ();
  plug_rb_json_set_string (error, "code", self->error_code);
  plug_rb_json_set_string (error, "message", self->error);
  json_object_set_object_member (json, "error", error);
}

static void
add_time (JsonObject *json, const char *member, GDateTime *time)
{
  g_autofree char *text = time ? plug_rb_time_to_string (time) : NULL;

  plug_rb_json_set_string (json, member, text);
}

/**
 * plug_rb_record_to_json:
 *
 * Returns: (transfer full): the record as it lies in the history and as `plugrb --json` prints it
 */
JsonObject *
plug_rb_record_to_json (PlugRbRecord *self)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "operation", self->id);
  plug_rb_json_set_string (json, "kind", plug_rb_enum_to_nick (PLUG_RB_TYPE_KIND, self->kind));
  plug_rb_json_set_string (json, "status",
                           plug_rb_enum_to_nick (PLUG_RB_TYPE_STATUS, self->status));
  json_object_set_boolean_member (json, "automatic", self->automatic);
  add_time (json, "started", self->started);
  add_time (json, "finished", self->finished);
  json_object_set_array_member (json, "plugins", describe_plugins (self));
  json_object_set_array_member (json, "changes", describe_changes (self->changes));
  json_object_set_array_member (json, "steps", describe_steps (self));
  plug_rb_json_set_strv (json, "hints", (const char *const *) self->hints->pdata);
  add_error (self, json);

  return json;
}

/* ---- reading */

static void
read_plugins (PlugRbRecord *self, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *json = plug_rb_json_get_element (array, i);
    const char *plugin = plug_rb_json_get_string (json, "plugin");

    if (plugin != NULL)
      plug_rb_record_add_plugin (self, plugin, plug_rb_json_get_string (json, "name"));
  }
}

static void
read_changes (PlugRbRecord *self, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    g_autoptr(PlugRbOperationChange) change =
        plug_rb_operation_change_new_from_json (plug_rb_json_get_element (array, i));

    if (change != NULL)
      plug_rb_record_add_change (self, change);
  }
}

static void
read_steps (PlugRbRecord *self, JsonArray *array)
{
  g_array_set_size (self->steps, 0);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *json = plug_rb_json_get_element (array, i);
    const char *name = plug_rb_json_get_string (json, "name");
    int status = PLUG_RB_STEP_STATUS_PENDING;
    PlugRbRecordStep step = { 0 };

    if (name == NULL)
      continue;

    plug_rb_enum_from_nick (PLUG_RB_TYPE_STEP_STATUS, plug_rb_json_get_string (json, "status"),
                            &status);
    step.name = g_intern_string (name);
    step.status = (PlugRbStepStatus) status;
    step.seconds = MAX (0, plug_rb_json_get_double (json, "seconds", 0));
    step.message = g_strdup (plug_rb_json_get_string (json, "message"));
    step.begun = g_get_monotonic_time ();
    if (step.status == PLUG_RB_STEP_STATUS_RUNNING)
      self->running = (int) self->steps->len;
    g_array_append_val (self->steps, step);
  }
}

static void
read_outcome (PlugRbRecord *self, JsonObject *json)
{
  JsonObject *error = plug_rb_json_get_object (json, "error");
  const char *code = plug_rb_json_get_string (error, "code");
  const char *message = plug_rb_json_get_string (error, "message");
  g_auto(GStrv) hints = plug_rb_json_dup_strv (json, "hints");

  if (message != NULL) {
    self->error = g_ref_string_new (message);
    self->error_code = g_ref_string_new (code ? code : "failed");
  }

  for (gsize i = 0; hints != NULL && hints[i] != NULL; i++)
    plug_rb_record_add_hint (self, hints[i]);
}

static gboolean
read_head (PlugRbRecord *self, JsonObject *json)
{
  const char *id = plug_rb_json_get_string (json, "operation");
  int kind, status;
  g_autoptr(GDateTime) started =
      plug_rb_time_from_string (plug_rb_json_get_string (json, "started"));

  if (!plug_rb_id_is_valid (id) || started == NULL ||
      !plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, plug_rb_json_get_string (json, "kind"), &kind) ||
      !plug_rb_enum_from_nick (PLUG_RB_TYPE_STATUS, plug_rb_json_get_string (json, "status"),
                               &status))
    return FALSE;

  g_set_str (&self->id, id);
  self->kind = (PlugRbKind) kind;
  self->status = (PlugRbStatus) status;
  self->automatic = plug_rb_json_get_boolean (json, "automatic");
  self->can_cancel = FALSE;
  g_date_time_unref (self->started);
  self->started = g_steal_pointer (&started);
  self->finished = plug_rb_time_from_string (plug_rb_json_get_string (json, "finished"));

  return TRUE;
}

/**
 * plug_rb_record_new_from_json:
 * @json: what plug_rb_record_to_json() made, or something else
 *
 * Returns: (transfer full): the record; members that newer versions may have added are ignored
 */
PlugRbRecord *
plug_rb_record_new_from_json (JsonObject *json, GError **error)
{
  g_autoptr(PlugRbRecord) self = plug_rb_record_new (PLUG_RB_KIND_SNAPSHOT);

  if (!read_head (self, json)) {
    const char *id = plug_rb_json_get_string (json, "operation");

    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The record of operation “%s” is damaged"), id ? id : "");
    return NULL;
  }

  read_plugins (self, plug_rb_json_get_array (json, "plugins"));
  read_changes (self, plug_rb_json_get_array (json, "changes"));
  read_steps (self, plug_rb_json_get_array (json, "steps"));
  read_outcome (self, json);
  self->fraction =
      self->status == PLUG_RB_STATUS_COMPLETED || self->status == PLUG_RB_STATUS_UNDONE;

  return g_steal_pointer (&self);
}
