/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-option.h"
#include "plug-rb-cli-plan.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-report.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static char *to;
static char *only;
static gboolean dry_run;
static gboolean yes;

static const GOptionEntry options[] = {
  { "to", 0, 0, G_OPTION_ARG_FILENAME, &to,
    N_ ("Version, time or snapshot to go back to, instead of the newest that differs"),
    N_ ("VERSION|TIME|ID") },
  { "only", 0, 0, G_OPTION_ARG_STRING, &only, N_ ("Roll back only the files or only the settings"),
    N_ ("files|settings") },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
    N_ ("Show what would change, and change nothing"), NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
  { NULL },
};

/* ---- what to go back to */

/* NULL without an error: there is nothing to do. */
static PlugRbSnapshot *
find_target (PlugRbCli *cli, const char *name, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  if (!plug_rb_cli_find (cli, name, &plugin, &snapshot, error))
    return NULL;

  if (snapshot == NULL)
    return to ? plug_rb_cli_find_version (cli, plugin, to, error)
              : plug_rb_engine_find_target (cli->engine, plugin, cli->cancellable, error);

  if (to == NULL)
    return g_steal_pointer (&snapshot);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _("“%s” is a snapshot, and --to names another: use one of them"), name);
  return NULL;
}

static gboolean
add_target (GPtrArray *targets, PlugRbSnapshot *target, GError **error)
{
  const char *plugin = plug_rb_snapshot_get_plugin (target);
  g_autoptr(PlugRbSnapshot) owned = target;

  for (guint i = 0; i < targets->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_plugin (targets->pdata[i]), plugin)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s is named twice"), plugin);
      return FALSE;
    }

  g_ptr_array_add (targets, g_steal_pointer (&owned));
  return TRUE;
}

static GPtrArray *
find_targets (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    g_autoptr(GError) cause = NULL;
    PlugRbSnapshot *target = find_target (cli, cli->arguments[i], &cause);

    if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
    if (target != NULL && !add_target (targets, target, error))
      return NULL;
  }

  return g_steal_pointer (&targets);
}

/* ---- what it would do */

static GPtrArray *
make_plans (PlugRbCli *cli, GPtrArray *targets, PlugRbScope scope, GError **error)
{
  g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < targets->len; i++) {
    PlugRbPlan *plan =
        plug_rb_engine_plan (cli->engine, targets->pdata[i], scope, NULL, cli->cancellable, error);

    if (plan == NULL)
      return NULL;
    g_ptr_array_add (plans, plan);
  }

  return g_steal_pointer (&plans);
}

static gboolean
show_plans (PlugRbCli *cli, GPtrArray *targets, PlugRbScope scope, GError **error)
{
  g_autoptr(GPtrArray) plans = make_plans (cli, targets, scope, error);

  if (plans == NULL)
    return FALSE;

  if (cli->json)
    plug_rb_cli_json_print_object (plug_rb_cli_json_from_plans (plans));
  for (guint i = 0; i < plans->len && !cli->json; i++)
    plug_rb_cli_plan_print (plans->pdata[i]);

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
confirm (PlugRbCli *cli, GPtrArray *targets, PlugRbScope scope, GError **error)
{
  g_autoptr(GPtrArray) plans = NULL;

  if (!plug_rb_cli_ask_is_possible ()) {
    g_set_error_literal (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
        _("Rolling back needs your consent: add --yes, or look first with --dry-run"));
    return FALSE;
  }

  if (!(plans = make_plans (cli, targets, scope, error)) || !refuse_blocked (plans, error))
    return FALSE;

  for (guint i = 0; i < plans->len; i++)
    plug_rb_cli_plan_print_summary (plans->pdata[i]);
  if (plug_rb_cli_ask (_("Roll back?")))
    return TRUE;

  g_cancellable_cancel (cli->cancellable);
  return !g_cancellable_set_error_if_cancelled (cli->cancellable, error);
}

/* ---- doing it */

static gboolean
roll_back (PlugRbCli *cli, GPtrArray *targets, PlugRbScope scope, GError **error)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  PlugRbCliProgress *progress = plug_rb_cli_progress_new (operation);
  GError *failure = NULL;

  plug_rb_cli_signals_cancel (cli->cancellable);
  plug_rb_engine_rollback (cli->engine, targets, scope, operation, cli->cancellable, &failure);
  plug_rb_cli_progress_free (progress);

  return plug_rb_cli_report_operation (cli, operation, failure, error);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;
  PlugRbScope scope;

  if (!plug_rb_cli_option_parse_scope (only, &scope, error) ||
      !plug_rb_cli_option_check_text ("--to", &to, error) || !(targets = find_targets (cli, error)))
    return FALSE;

  if (dry_run)
    return show_plans (cli, targets, scope, error);

  if (targets->len == 0) {
    plug_rb_cli_report_nothing (cli, _("Rolled back already, and nothing has changed since"));
    return TRUE;
  }

  return (yes || confirm (cli, targets, scope, error)) && roll_back (cli, targets, scope, error);
}

const PlugRbCliCommand plug_rb_cli_command_rollback = {
  .name = "rollback",
  .parameters = N_ ("PLUGIN|SNAPSHOT…"),
  .summary = N_ ("Bring plugins back to snapshots: all of them or none"),
  .description = N_ (
      "Without --to a plugin goes to its newest snapshot that differs from what is installed and "
      "is not\n"
      "known to be bad. The present state is kept in a snapshot first, so that “plugrb undo” "
      "brings it\n"
      "back. TIME is a date, a time of today, or both: 2026-11-22, 14:05, “2026-11-22 14:05”.\n\n"
      "Example:\n  plugrb rollback caffeine@patapon.info --to 37"),
  .options = options,
  .min = 1,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
