/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-operation-change.h"

#include "plug-rb-json.h"

static void
exception_free (PlugRbException *exception)
{
  g_free (exception->item);
  g_free (exception->outcome);
  g_free (exception->reason);
  g_free (exception->path);
  g_free (exception);
}

static gboolean
exception_equal (gconstpointer a, gconstpointer b)
{
  const PlugRbException *x = a, *y = b;

  return g_str_equal (x->item, y->item) && g_str_equal (x->reason, y->reason) &&
         g_strcmp0 (x->path, y->path) == 0;
}

/**
 * plug_rb_operation_change_add_exception:
 * @exception: copied; the same one is kept once
 */
void
plug_rb_operation_change_add_exception (PlugRbOperationChange *change,
                                        const PlugRbException *exception)
{
  PlugRbException *copy;

  if (change->exceptions == NULL)
    change->exceptions = g_ptr_array_new_with_free_func ((GDestroyNotify) exception_free);
  if (g_ptr_array_find_with_equal_func (change->exceptions, exception, exception_equal, NULL))
    return;

  copy = g_new0 (PlugRbException, 1);
  copy->item = g_strdup (exception->item);
  copy->outcome = g_strdup (exception->outcome);
  copy->reason = g_strdup (exception->reason);
  copy->path = g_strdup (exception->path);
  g_ptr_array_add (change->exceptions, copy);
}

PlugRbOperationChange *
plug_rb_operation_change_copy (const PlugRbOperationChange *change)
{
  PlugRbOperationChange *copy = g_memdup2 (change, sizeof *change);

  copy->plugin = g_strdup (change->plugin);
  copy->name = g_strdup (change->name);
  copy->from_version = g_strdup (change->from_version);
  copy->to_version = g_strdup (change->to_version);
  copy->target = g_strdup (change->target);
  copy->safety_snapshot = g_strdup (change->safety_snapshot);
  copy->after_table = g_strdup (change->after_table);
  copy->exceptions = NULL;
  for (guint i = 0; change->exceptions != NULL && i < change->exceptions->len; i++)
    plug_rb_operation_change_add_exception (copy, change->exceptions->pdata[i]);

  return copy;
}

void
plug_rb_operation_change_free (PlugRbOperationChange *change)
{
  g_free (change->plugin);
  g_free (change->name);
  g_free (change->from_version);
  g_free (change->to_version);
  g_free (change->target);
  g_free (change->safety_snapshot);
  g_free (change->after_table);
  g_clear_pointer (&change->exceptions, g_ptr_array_unref);
  g_free (change);
}

/* ---- JSON */

static JsonObject *
items_to_json (const PlugRbOperationChange *change)
{
  JsonObject *json = json_object_new ();

  json_object_set_int_member (json, "restored", change->restored);
  json_object_set_int_member (json, "unchanged", change->unchanged);
  json_object_set_int_member (json, "skipped", change->skipped);
  json_object_set_int_member (json, "failed", change->failed);

  return json;
}

static JsonArray *
exceptions_to_json (const PlugRbOperationChange *change)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; change->exceptions != NULL && i < change->exceptions->len; i++) {
    const PlugRbException *exception = change->exceptions->pdata[i];
    JsonObject *json = json_object_new ();

    plug_rb_json_set_string (json, "item", exception->item);
    plug_rb_json_set_string (json, "outcome", exception->outcome);
    plug_rb_json_set_string (json, "reason", exception->reason);
    plug_rb_json_set_string (json, "path", exception->path);
    json_array_add_object_element (array, json);
  }

  return array;
}

JsonObject *
plug_rb_operation_change_to_json (const PlugRbOperationChange *change)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "plugin", change->plugin);
  plug_rb_json_set_string (json, "name", change->name);
  plug_rb_json_set_string (json, "from-version", change->from_version);
  plug_rb_json_set_string (json, "to-version", change->to_version);
  plug_rb_json_set_string (json, "target", change->target);
  plug_rb_json_set_string (json, "safety-snapshot", change->safety_snapshot);
  plug_rb_json_set_string (json, "after-table", change->after_table);
  if (change->counted)
    json_object_set_object_member (json, "items", items_to_json (change));
  else
    json_object_set_null_member (json, "items");
  json_object_set_array_member (json, "exceptions", exceptions_to_json (change));

  return json;
}

static void
read_items (PlugRbOperationChange *change, JsonObject *items)
{
  if (items == NULL)
    return;

  change->counted = TRUE;
  change->restored = plug_rb_json_get_int (items, "restored", 0);
  change->unchanged = plug_rb_json_get_int (items, "unchanged", 0);
  change->skipped = plug_rb_json_get_int (items, "skipped", 0);
  change->failed = plug_rb_json_get_int (items, "failed", 0);
}

static void
read_exceptions (PlugRbOperationChange *change, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *json = plug_rb_json_get_element (array, i);
    PlugRbException exception = {
      .item = (char *) plug_rb_json_get_string (json, "item"),
      .outcome = (char *) plug_rb_json_get_string (json, "outcome"),
      .reason = (char *) plug_rb_json_get_string (json, "reason"),
      .path = (char *) plug_rb_json_get_string (json, "path"),
    };

    if (exception.item != NULL && exception.outcome != NULL && exception.reason != NULL)
      plug_rb_operation_change_add_exception (change, &exception);
  }
}

/**
 * plug_rb_operation_change_new_from_json:
 * @json: (nullable): what plug_rb_operation_change_to_json() made, or something else
 *
 * Returns: (transfer full) (nullable): the change; %NULL if it names no plugin
 */
PlugRbOperationChange *
plug_rb_operation_change_new_from_json (JsonObject *json)
{
  PlugRbOperationChange *change;

  if (plug_rb_json_get_string (json, "plugin") == NULL)
    return NULL;

  change = g_new0 (PlugRbOperationChange, 1);
  change->plugin = g_strdup (plug_rb_json_get_string (json, "plugin"));
  change->name = g_strdup (plug_rb_json_get_string (json, "name"));
  change->from_version = g_strdup (plug_rb_json_get_string (json, "from-version"));
  change->to_version = g_strdup (plug_rb_json_get_string (json, "to-version"));
  change->target = g_strdup (plug_rb_json_get_string (json, "target"));
  change->safety_snapshot = g_strdup (plug_rb_json_get_string (json, "safety-snapshot"));
  change->after_table = g_strdup (plug_rb_json_get_string (json, "after-table"));
  read_items (change, plug_rb_json_get_object (json, "items"));
  read_exceptions (change, plug_rb_json_get_array (json, "exceptions"));

  return change;
}
