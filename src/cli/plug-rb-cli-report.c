/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-report.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"

static void
print_versions (const char *name, const PlugRbOperationChange *change, gboolean undo)
{
  if (g_strcmp0 (change->from_version, change->to_version) == 0 || change->to_version == NULL)
    g_print (undo ? _("%s is as it was before\n") : _("Rolled back %s\n"), name);
  else if (change->from_version == NULL)
    g_print (undo ? _("%s is at version %s again\n") : _("Rolled back %s to version %s\n"), name,
             change->to_version);
  else
    g_print (undo ? _("%s is at version %s again (was %s)\n")
                  : _("Rolled back %s to version %s (was %s)\n"),
             name, change->to_version, change->from_version);
}

static void
print_installed (const char *name, const PlugRbOperationChange *change)
{
  const char *version = change->to_version ? change->to_version : "?";

  if (change->from_version == NULL && change->to_version == NULL)
    g_print (_("Installed %s\n"), name);
  else if (change->from_version == NULL)
    g_print (_("Installed %s, version %s\n"), name, version);
  else
    g_print (_("Updated %s to version %s (was %s)\n"), name, version, change->from_version);
}

static void
print_change (PlugRbKind kind, const PlugRbOperationChange *change)
{
  const char *name = change->name ? change->name : change->plugin;

  if (kind == PLUG_RB_KIND_INSTALL)
    print_installed (name, change);
  else if (kind == PLUG_RB_KIND_UNINSTALL)
    g_print (_("Uninstalled %s\n"), name);
  else
    print_versions (name, change, kind == PLUG_RB_KIND_UNDO);
}

/* What was read back from the disk; nothing but restored files is worth no more than a line. */
static void
print_items (const PlugRbOperationChange *change)
{
  if (!change->counted)
    return;

  /* TRANSLATORS: numbers of files and settings */
  g_print (_("  %u restored, %u unchanged"), change->restored, change->unchanged);
  if (change->skipped > 0)
    g_print (_(", %u left alone"), change->skipped);
  if (change->failed > 0)
    g_print (_(", %u failed"), change->failed);
  g_print ("\n");
}

static void
print_changes (PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];

    /* It was as in the snapshot already. */
    if (change->safety_snapshot == NULL)
      continue;
    print_change (plug_rb_operation_get_kind (operation), change);
    print_items (change);
  }
}

static void
print_hints (PlugRbOperation *operation)
{
  const char *const *hints = plug_rb_operation_get_hints (operation);
  g_autofree char *id =
      plug_rb_cli_short_id (plug_rb_operation_get_id (operation), PLUG_RB_CLI_SHORTEST);

  for (gsize i = 0; hints != NULL && hints[i] != NULL; i++)
    g_print ("%s\n", hints[i]);

  if (plug_rb_operation_get_can_undo (operation))
    g_print (_("Undo with: plugrb undo %s\n"), id);
}

/* Only an operation that did something is reported as one; before that, a failure is just an error.
 */
static gboolean
has_begun (PlugRbOperation *operation)
{
  return g_list_model_get_n_items (plug_rb_operation_get_steps (operation)) > 0 &&
         plug_rb_operation_get_status (operation) != PLUG_RB_STATUS_PENDING;
}

static gboolean
has_failures (PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);

  for (guint i = 0; i < changes->len; i++)
    if (((PlugRbOperationChange *) changes->pdata[i])->failed > 0)
      return TRUE;

  return FALSE;
}

/* What an operation did may stand though it led to a failure: a plugin that does not work. */
static void
print_json (PlugRbOperation *operation, const GError *failure)
{
  JsonObject *json = plug_rb_operation_to_json (operation);

  if (failure != NULL && plug_rb_json_get_object (json, "error") == NULL) {
    JsonObject *error = json_object_new ();

    json_object_set_string_member (error, "code", plug_rb_error_get_name (failure));
    json_object_set_string_member (error, "message", failure->message);
    json_object_set_object_member (json, "error", error);
  }

  plug_rb_cli_json_print_object (json);
}

/**
 * plug_rb_cli_report_operation:
 * @failure: (transfer full) (nullable): what it failed with
 *
 * Prints what a rollback or undo did, and passes its failure on.
 *
 * Returns: whether it succeeded
 */
gboolean
plug_rb_cli_report_operation (PlugRbCli *cli,
                              PlugRbOperation *operation,
                              GError *failure,
                              GError **error)
{
  if (cli->json && (failure == NULL || has_begun (operation))) {
    print_json (operation, failure);
    cli->reported = TRUE;
  }

  if (failure != NULL) {
    if (!cli->json && plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_COMPLETED)
      print_hints (operation);
    g_propagate_error (error, failure);
    return FALSE;
  }

  if (has_failures (operation))
    cli->status = PLUG_RB_CLI_PARTLY;

  if (!cli->json) {
    print_changes (operation);
    print_hints (operation);
  }

  return TRUE;
}

/**
 * plug_rb_cli_report_nothing:
 *
 * Reports that there was nothing to do, so that no operation was begun.
 */
void
plug_rb_cli_report_nothing (PlugRbCli *cli, const char *text)
{
  const char *const hints[] = { text, NULL };
  JsonObject *json;

  if (!cli->json) {
    g_print ("%s\n", text);
    return;
  }

  json = json_object_new ();
  json_object_set_null_member (json, "operation");
  plug_rb_json_set_string (json, "status", "completed");
  json_object_set_array_member (json, "changes", json_array_new ());
  json_object_set_array_member (json, "steps", json_array_new ());
  plug_rb_json_set_strv (json, "hints", hints);
  json_object_set_null_member (json, "error");
  plug_rb_cli_json_print_object (json);
}
