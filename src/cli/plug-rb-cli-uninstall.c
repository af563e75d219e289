/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-report.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"

static gboolean no_snapshot;
static gboolean yes;

static const GOptionEntry options[] = {
  { "no-snapshot", 0, 0, G_OPTION_ARG_NONE, &no_snapshot,
    N_("Take no snapshot before, whatever the policy says"), NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask"), NULL },
  { NULL },
};

static gboolean
confirm (PlugRbCli *cli, PlugRbPlugin *plugin, GError **error)
{
  g_autofree char *question = NULL;

  if (yes || !plug_rb_cli_ask_is_possible ())
    return TRUE;

  /* TRANSLATORS: %s is the key of a plugin */
  question = g_strdup_printf (_("Uninstall %s? It can be brought back with “plugrb undo”"),
                              plug_rb_plugin_get_key (plugin));
  if (plug_rb_cli_ask (question))
    return TRUE;

  g_cancellable_cancel (cli->cancellable);
  return !g_cancellable_set_error_if_cancelled (cli->cancellable, error);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin =
      plug_rb_engine_find_plugin (cli->engine, cli->arguments[0], error);
  g_autoptr(PlugRbOperation) operation = NULL;
  PlugRbCliProgress *progress;
  GError *failure = NULL;

  if (plugin == NULL || !confirm (cli, plugin, error))
    return FALSE;

  operation = plug_rb_operation_new (PLUG_RB_KIND_UNINSTALL);
  progress = plug_rb_cli_progress_new (operation);
  plug_rb_cli_signals_cancel (cli->cancellable);
  plug_rb_engine_uninstall (cli->engine, plugin,
                            no_snapshot ? PLUG_RB_INSTALL_NO_SNAPSHOT : PLUG_RB_INSTALL_NONE,
                            operation, cli->cancellable, &failure);
  plug_rb_cli_progress_free (progress);

  return plug_rb_cli_report_operation (cli, operation, failure, error);
}

const PlugRbCliCommand plug_rb_cli_command_uninstall = {
  .name = "uninstall",
  .parameters = N_("PLUGIN"),
  .summary = N_("Take a plugin away, with a way back"),
  .description = N_(
      "A snapshot is taken first if the policy says so; “plugrb undo” brings the plugin back in "
      "any\n"
      "case. Its settings stay.\n\n"
      "Example:\n  plugrb uninstall caffeine@patapon.info"),
  .options = options,
  .min = 1,
  .max = 1,
  .writes = TRUE,
  .run = run,
};
