/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-report.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"

static gboolean yes;

static const GOptionEntry options[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Undo even if the plugin has changed since"),
    NULL },
  { NULL },
};

static PlugRbOperation *
undo (PlugRbCli *cli, PlugRbOperation *undone, gboolean even_if_changed, GError **error)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  g_autoptr(PlugRbCliProgress) progress = plug_rb_cli_progress_new (operation);

  plug_rb_engine_undo (cli->engine, undone, even_if_changed, operation, cli->cancellable, error);

  return g_steal_pointer (&operation);
}

static gboolean
may_insist (const GError *failure)
{
  return !yes && g_error_matches (failure, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) &&
         plug_rb_cli_ask_is_possible () && plug_rb_cli_ask (failure->message);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbOperation) undone =
      plug_rb_engine_find_undoable (cli->engine, cli->arguments[0], error);
  g_autoptr(PlugRbOperation) operation = NULL;
  GError *failure = NULL;

  if (undone == NULL)
    return FALSE;

  plug_rb_cli_signals_cancel (cli->cancellable);
  operation = undo (cli, undone, yes, &failure);
  if (may_insist (failure)) {
    g_clear_error (&failure);
    g_clear_object (&operation);
    operation = undo (cli, undone, TRUE, &failure);
  }

  return plug_rb_cli_report_operation (cli, operation, failure, error);
}

const PlugRbCliCommand plug_rb_cli_command_undo = {
  .name = "undo",
  .parameters = N_("[OPERATION|PLUGIN]"),
  .summary = N_("Undo the last rollback or undo"),
  .description = N_("Brings back exactly what was there before. Undoing an undo does it again.\n\n"
                    "Example:\n  plugrb undo caffeine@patapon.info"),
  .options = options,
  .max = 1,
  .writes = TRUE,
  .run = run,
};
