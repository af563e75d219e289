/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-option.h"
#include "plug-rb-cli-plan.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-report.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli-target.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-policy.h"
#include "plug-rb-snapshot.h"

static char *to;
static char *only;
static char *host;
static char **paths;
static gboolean all;
static gboolean dry_run;
static gboolean no_dependencies;
static gboolean yes;

static const GOptionEntry options[] = {
  { "to", 0, 0, G_OPTION_ARG_FILENAME, &to,
    N_("Version, time or snapshot to go back to, instead of the newest that differs"),
    N_("VERSION|TIME|ID") },
  { "only", 0, 0, G_OPTION_ARG_STRING, &only, N_("Roll back only the files or only the settings"),
    N_("files|settings") },
  { "path", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths,
    N_("Roll back only this file or folder of the plugin; may be repeated"), N_("PATH") },
  { "host", 0, 0, G_OPTION_ARG_STRING, &host, N_("Program of which all plugins are meant"),
    N_("HOST") },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("Roll back all plugins of the program"), NULL },
  { "no-dependencies", 0, 0, G_OPTION_ARG_NONE, &no_dependencies,
    N_("Do not bring back what the plugins need of others"), NULL },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
    N_("Show what would change, and change nothing"), NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask"), NULL },
  { NULL },
};

/* ---- what it would do */

static GPtrArray *
make_plans (PlugRbCli *cli, GPtrArray *targets, const PlugRbRollbackOptions *wish, GError **error)
{
  g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < targets->len; i++) {
    PlugRbPlan *plan = plug_rb_engine_plan_with (cli->engine, targets->pdata[i], wish, NULL, NULL,
                                                 cli->cancellable, error);

    if (plan == NULL)
      return NULL;
    g_ptr_array_add (plans, plan);
  }

  return g_steal_pointer (&plans);
}

static gboolean
show_plans (PlugRbCli *cli,
            GPtrArray *targets,
            const PlugRbRollbackOptions *wish,
            GPtrArray *notes,
            GError **error)
{
  g_autoptr(GPtrArray) plans = make_plans (cli, targets, wish, error);

  if (plans == NULL)
    return FALSE;

  if (cli->json)
    plug_rb_cli_json_print_object (plug_rb_cli_json_from_plans (plans));
  for (guint i = 0; i < plans->len && !cli->json; i++)
    plug_rb_cli_plan_print (plans->pdata[i]);
  for (guint i = 0; i < notes->len; i++)
    g_printerr ("%s\n", (const char *) notes->pdata[i]);

  return TRUE;
}

static gboolean
refuse_blocked (GPtrArray *plans, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < plans->len; i++) {
    const char *const *blockers = plug_rb_plan_get_blockers (plans->pdata[i]);

    for (gsize j = 0; blockers != NULL && blockers[j] != NULL; j++)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", blockers[j]);
  }

  if (text->len == 0)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE, text->str);
  return FALSE;
}

static gboolean
confirm (PlugRbCli *cli, GPtrArray *targets, const PlugRbRollbackOptions *wish, GError **error)
{
  g_autoptr(GPtrArray) plans = NULL;

  if (!plug_rb_cli_ask_is_possible ()) {
    g_set_error_literal (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
        _("Rolling back needs your consent: add --yes, or look first with --dry-run"));
    return FALSE;
  }

  if (!(plans = make_plans (cli, targets, wish, error)) || !refuse_blocked (plans, error))
    return FALSE;

  for (guint i = 0; i < plans->len; i++)
    plug_rb_cli_plan_print_summary (plans->pdata[i]);
  if (plug_rb_cli_ask (_("Roll back?")))
    return TRUE;

  g_cancellable_cancel (cli->cancellable);
  return !g_cancellable_set_error_if_cancelled (cli->cancellable, error);
}

/* The user may have said once and for all that he need not be asked. Where that cannot be read he
 * is asked. */
static gboolean
needs_consent (PlugRbCli *cli, GPtrArray *targets)
{
  const char *store_path = plug_rb_engine_get_store_path (cli->engine);

  for (guint i = 0; i < targets->len && !yes; i++) {
    g_auto(PlugRbPolicy) policy = { 0 };

    plug_rb_policy_load (&policy, store_path, plug_rb_snapshot_get_plugin (targets->pdata[i]),
                         NULL);
    if (policy.require_confirmation)
      return TRUE;
  }

  return FALSE;
}

/* ---- doing it */

static gboolean
roll_back (PlugRbCli *cli,
           GPtrArray *targets,
           const PlugRbRollbackOptions *wish,
           GPtrArray *notes,
           GError **error)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  PlugRbCliProgress *progress = plug_rb_cli_progress_new (operation);
  GError *failure = NULL;

  for (guint i = 0; i < notes->len; i++)
    plug_rb_operation_add_hint (operation, notes->pdata[i]);

  plug_rb_cli_signals_cancel (cli->cancellable);
  plug_rb_engine_rollback_with (cli->engine, targets, wish, operation, cli->cancellable, &failure);
  plug_rb_cli_progress_free (progress);

  return plug_rb_cli_report_operation (cli, operation, failure, error);
}

/* ---- */

static gboolean
throw_usage (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

static gboolean
check_paths (GError **error)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (!plug_rb_cli_option_check_text ("--path", &paths[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
check_options (PlugRbCli *cli, PlugRbRollbackOptions *wish, GError **error)
{
  guint n = g_strv_length (cli->arguments);

  if (!plug_rb_cli_option_parse_scope (only, &wish->scope, error) ||
      !plug_rb_cli_option_check_text ("--to", &to, error) || !check_paths (error))
    return FALSE;

  wish->paths = (const char *const *) paths;
  if (all != (host != NULL))
    return throw_usage (error, _("--host and --all go together: all plugins of one program"));
  if (all && n > 0)
    return throw_usage (error, _("With --all no plugin is named"));
  if (!all && n == 0)
    return throw_usage (error, _("“rollback” needs a plugin, a snapshot, or --host with --all"));
  if (paths != NULL && (n != 1 || wish->scope == PLUG_RB_SCOPE_SETTINGS))
    return throw_usage (error, _("--path needs one plugin, of which it names files"));

  return TRUE;
}

/* What is needed is shown and asked for like what was named. */
static gboolean
add_dependencies (PlugRbCli *cli,
                  GPtrArray *targets,
                  PlugRbRollbackOptions *wish,
                  GPtrArray *notes,
                  GError **error)
{
  gboolean wanted =
      !no_dependencies && wish->paths == NULL && (wish->scope & PLUG_RB_SCOPE_FILES) != 0;

  wish->no_dependencies = TRUE;
  return !wanted || plug_rb_engine_add_dependencies (cli->engine, targets, notes, error);
}

/* A path that is not there is a mistake in the command, not a rollback that failed. */
static gboolean
find_paths (PlugRbCli *cli, GPtrArray *targets, const PlugRbRollbackOptions *wish, GError **error)
{
  g_autoptr(GPtrArray) plans = wish->paths ? make_plans (cli, targets, wish, error) : NULL;

  return wish->paths == NULL || plans != NULL;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  PlugRbRollbackOptions wish = { 0 };

  if (!check_options (cli, &wish, error) ||
      !(targets = all ? plug_rb_cli_target_find_all (cli, host, to, notes, error)
                      : plug_rb_cli_target_find_named (cli, to, error)) ||
      !add_dependencies (cli, targets, &wish, notes, error) ||
      !find_paths (cli, targets, &wish, error))
    return FALSE;

  if (dry_run) {
    plug_rb_cli_warn_of_pending (cli);
    return show_plans (cli, targets, &wish, notes, error);
  }

  if (targets->len == 0) {
    plug_rb_cli_report_nothing (cli, _("Rolled back already, and nothing has changed since"));
    return TRUE;
  }

  return (!needs_consent (cli, targets) || confirm (cli, targets, &wish, error)) &&
         roll_back (cli, targets, &wish, notes, error);
}

const PlugRbCliCommand plug_rb_cli_command_rollback = {
  .name = "rollback",
  .parameters = N_("[PLUGIN|SNAPSHOT…]"),
  .summary = N_("Bring plugins back to snapshots: all of them or none"),
  .description = N_(
      "Without --to a plugin goes to its newest snapshot that differs from what is installed and "
      "is not\n"
      "known to be bad. The present state is kept in a snapshot first, so that “plugrb undo” "
      "brings it\n"
      "back. TIME is a date, a time of today, or both: 2026-11-22, 14:05, \"2026-11-22 14:05\".\n\n"
      "With --host and --all every plugin of a program goes back, to a point in time with --to; "
      "one\n"
      "that has no snapshot from then is left as it is.\n\n"
      "Example:\n  plugrb rollback caffeine@patapon.info --to 37\n"
      "  plugrb rollback --host gnome-shell --all --to 14:05"),
  .options = options,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
