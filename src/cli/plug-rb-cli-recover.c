/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-output.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-json.h"

static const char *
get_nick (PlugRbDirection direction)
{
  switch (direction) {
  case PLUG_RB_DIRECTION_FORWARD:
    return "forward";
  case PLUG_RB_DIRECTION_BACK:
    return "back";
  case PLUG_RB_DIRECTION_NONE:
  default:
    return "none";
  }
}

static void
print_json (GPtrArray *recoveries)
{
  JsonObject *json = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < recoveries->len; i++) {
    const PlugRbRecovery *recovery = recoveries->pdata[i];
    JsonObject *element = json_object_new ();

    plug_rb_json_set_string (element, "operation", recovery->operation);
    plug_rb_json_set_string (element, "direction", get_nick (recovery->direction));
    plug_rb_json_set_string (element, "status",
                             plug_rb_enum_to_nick (PLUG_RB_TYPE_STATUS, (int) recovery->status));
    plug_rb_json_set_string (element, "message", recovery->message);
    json_array_add_object_element (array, element);
  }

  json_object_set_array_member (json, "recovered", array);
  plug_rb_cli_json_print_object (json);
}

static void
print_recovery (const PlugRbRecovery *recovery)
{
  switch (recovery->direction) {
  case PLUG_RB_DIRECTION_FORWARD:
    g_print (_("%s: finished\n"), recovery->operation);
    break;
  case PLUG_RB_DIRECTION_BACK:
    g_print (_("%s: taken back, everything is as it was before\n"), recovery->operation);
    break;
  case PLUG_RB_DIRECTION_NONE:
  default:
    g_printerr ("plugrb: %s: %s\n", recovery->operation,
                recovery->message ? recovery->message : _("Could not be recovered"));
  }
}

/* The worst of them decides. */
static PlugRbCliStatus
get_status (GPtrArray *recoveries)
{
  PlugRbCliStatus status = PLUG_RB_CLI_DONE;

  for (guint i = 0; i < recoveries->len; i++) {
    const PlugRbRecovery *recovery = recoveries->pdata[i];

    if (recovery->status == PLUG_RB_STATUS_NEEDS_USER)
      return PLUG_RB_CLI_NEEDS_USER;
    if (recovery->direction == PLUG_RB_DIRECTION_NONE)
      status = PLUG_RB_CLI_INCOMPLETE;
  }

  return status;
}

static void
report (PlugRbCli *cli, GPtrArray *recoveries)
{
  if (cli->json)
    print_json (recoveries);
  else if (recoveries->len == 0 && plug_rb_cli_output_is_terminal (STDOUT_FILENO))
    /* Started at every login, it has nothing to say most of the time. */
    g_print ("%s\n", _("Nothing to recover"));
  for (guint i = 0; i < recoveries->len && !cli->json; i++)
    print_recovery (recoveries->pdata[i]);

  cli->status = get_status (recoveries);
}

/* It runs at the login of every user, and most have nothing here. */
static gboolean
run_without_store (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  report (cli, none);
  return TRUE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) recoveries = NULL;

  plug_rb_cli_signals_cancel (cli->cancellable);
  recoveries = plug_rb_engine_recover_with (
      cli->engine, plug_rb_cli_output_is_terminal (STDOUT_FILENO), cli->cancellable, error);
  if (recoveries == NULL)
    return FALSE;

  report (cli, recoveries);
  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_recover = {
  .name = "recover",
  .summary = N_("Finish or take back rollbacks that were interrupted"),
  .description =
      N_("After a crash or a power cut every plugin is exactly as before or exactly as wanted.\n\n"
         "Example:\n  plugrb recover"),
  .writes = TRUE,
  .run_without_store = run_without_store,
  .run = run,
};
