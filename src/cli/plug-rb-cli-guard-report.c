/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-guard-report.h"

#include <glib/gi18n.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-output.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* As shells have it. */
#define KILLED 128

/**
 * plug_rb_cli_guarding_get_code:
 *
 * Returns: the exit code of the command, as a shell would tell it
 */
int
plug_rb_cli_guarding_get_code (const PlugRbCliGuarding *self)
{
  return WIFEXITED (self->wait_status) ? WEXITSTATUS (self->wait_status)
                                       : KILLED + WTERMSIG (self->wait_status);
}

/**
 * plug_rb_cli_guarding_is_broken:
 *
 * Returns: whether the command left a plugin that does not work any more
 */
gboolean
plug_rb_cli_guarding_is_broken (const PlugRbCliGuarding *self)
{
  for (guint i = 0; self->changes != NULL && i < self->changes->len; i++)
    if (((const PlugRbGuardChange *) self->changes->pdata[i])->broken)
      return TRUE;

  return FALSE;
}

/* ---- for people, on standard error: standard output is the command's */

static void
explain_end (const PlugRbCliGuarding *self)
{
  if (WIFSIGNALED (self->wait_status))
    g_printerr (_("plugrb: “%s” was ended by signal %d\n"), self->command,
                WTERMSIG (self->wait_status));
  else if (WEXITSTATUS (self->wait_status) != 0)
    g_printerr (_("plugrb: “%s” failed with exit status %d\n"), self->command,
                WEXITSTATUS (self->wait_status));
}

static void
explain_change (const PlugRbGuardChange *change)
{
  const char *name = plug_rb_plugin_get_key (change->plugin);
  const char *from = change->from_version ? change->from_version : "?";
  const char *to = plug_rb_plugin_get_version (change->plugin);

  if (change->broken)
    g_printerr (_("  %s does not work any more: %s\n"), name, change->message);
  else if (change->kind == PLUG_RB_CHANGE_ADDED)
    g_printerr (_("  %s was installed\n"), name);
  else if (change->kind == PLUG_RB_CHANGE_REMOVED)
    g_printerr (_("  %s was removed\n"), name);
  else if (g_strcmp0 (change->from_version, to) == 0)
    g_printerr (_("  %s was changed\n"), name);
  else
    g_printerr (_("  %s was changed from version %s to %s\n"), name, from, to ? to : "?");
}

/**
 * plug_rb_cli_guarding_explain:
 *
 * Tells how the command ended and what it did, where that is not what one hopes for.
 */
void
plug_rb_cli_guarding_explain (const PlugRbCliGuarding *self)
{
  explain_end (self);
  for (guint i = 0; self->changes != NULL && i < self->changes->len; i++)
    explain_change (self->changes->pdata[i]);
}

static void
report_text (const PlugRbCliGuarding *self)
{
  g_autofree char *id = NULL;

  if (self->error != NULL)
    g_printerr ("plugrb: %s\n", self->error->message);

  if (self->operation != NULL && self->error == NULL) {
    id = plug_rb_cli_short_id (plug_rb_operation_get_id (self->operation), PLUG_RB_CLI_SHORTEST);
    g_printerr (_("plugrb: All of that was rolled back. Undo with: plugrb undo %s\n"), id);
  } else if (self->operation != NULL)
    g_printerr (_("plugrb: It was not rolled back\n"));
  else if (self->changes != NULL && self->changes->len > 0 &&
           (plug_rb_cli_guarding_get_code (self) != 0 || plug_rb_cli_guarding_is_broken (self)))
    g_printerr (
        _("plugrb: That is left as it is. “plugrb rollback” brings back what was there\n"));
}

/* ---- for programs */

static JsonObject *
json_from_change (const PlugRbGuardChange *change)
{
  JsonObject *json = json_object_new ();
  const char *kind = plug_rb_enum_to_nick (PLUG_RB_TYPE_CHANGE_KIND, (int) change->kind);

  plug_rb_json_set_string (json, "plugin", plug_rb_plugin_get_key (change->plugin));
  plug_rb_json_set_string (json, "change", kind);
  plug_rb_json_set_string (json, "from-version", change->from_version);
  plug_rb_json_set_string (json, "to-version", plug_rb_plugin_get_version (change->plugin));
  plug_rb_json_set_string (json, "snapshot", plug_rb_snapshot_get_id (change->before));
  json_object_set_boolean_member (json, "broken", change->broken);
  plug_rb_json_set_string (json, "message", change->message);

  return json;
}

static JsonObject *
json_from_end (const PlugRbCliGuarding *self)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "name", self->command);
  json_object_set_int_member (json, "code", plug_rb_cli_guarding_get_code (self));
  if (WIFSIGNALED (self->wait_status))
    json_object_set_int_member (json, "signal", WTERMSIG (self->wait_status));
  else
    json_object_set_null_member (json, "signal");

  return json;
}

static JsonArray *
json_from_changes (const PlugRbCliGuarding *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; self->changes != NULL && i < self->changes->len; i++)
    json_array_add_object_element (array, json_from_change (self->changes->pdata[i]));

  return array;
}

static void
report_json (const PlugRbCliGuarding *self)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_guard_list_snapshots (self->guard);
  JsonObject *json = json_object_new ();

  json_object_set_object_member (json, "command", json_from_end (self));
  json_object_set_array_member (json, "snapshots", plug_rb_cli_json_from_snapshots (snapshots));
  json_object_set_array_member (json, "changes", json_from_changes (self));
  if (self->operation != NULL)
    json_object_set_object_member (json, "rollback", plug_rb_operation_to_json (self->operation));
  else
    json_object_set_null_member (json, "rollback");
  if (self->error != NULL)
    json_object_set_object_member (json, "error", plug_rb_cli_json_from_error (self->error));
  else
    json_object_set_null_member (json, "error");

  plug_rb_cli_json_print_object (json);
}

/**
 * plug_rb_cli_guarding_report:
 *
 * Tells what became of the change.
 */
void
plug_rb_cli_guarding_report (const PlugRbCliGuarding *self, gboolean json)
{
  report_text (self);
  if (json)
    report_json (self);
}
