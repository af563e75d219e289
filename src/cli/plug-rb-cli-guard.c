/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-child.h"
#include "plug-rb-cli-guard-report.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy.h"

#define ROLLED_BACK 124
#define NOT_STARTED 125

static char *host;
static char *on_failure;
static gboolean keep;

static const GOptionEntry options[] = {
  { "host", 0, 0, G_OPTION_ARG_STRING, &host,
    N_("Guard all plugins of this program, also those that are new afterwards"), N_("HOST") },
  { "on-failure", 0, 0, G_OPTION_ARG_STRING, &on_failure,
    N_("What to do with the changes if it fails; without this, what the policy says"),
    N_("rollback|ask|keep") },
  { "keep", 0, 0, G_OPTION_ARG_NONE, &keep, N_("The same as --on-failure=keep"), NULL },
  { NULL },
};

typedef enum {
  CHOICE_ROLLBACK,
  CHOICE_ASK,
  CHOICE_KEEP,
} Choice;

/* ---- what to do */

/* Whoever guards a command has agreed to the rollback before it; only the policy that forbids an
 * automatic one turns it into a question. */
static Choice
get_choice_of_policy (PlugRbCli *cli, const char *plugin)
{
  g_auto(PlugRbPolicy) policy = { 0 };

  plug_rb_policy_load (&policy, plug_rb_engine_get_store_path (cli->engine), plugin, NULL);

  return policy.auto_rollback_on_failure ? CHOICE_ROLLBACK : CHOICE_ASK;
}

/* One plugin that is not to be rolled back without a question makes it a question for all. */
static Choice
choose (PlugRbCli *cli, const PlugRbCliGuarding *guarding)
{
  Choice choice = CHOICE_ROLLBACK;

  if (keep || g_strcmp0 (on_failure, "keep") == 0)
    return CHOICE_KEEP;
  if (on_failure != NULL)
    return g_str_equal (on_failure, "ask") ? CHOICE_ASK : CHOICE_ROLLBACK;

  for (guint i = 0; i < guarding->changes->len; i++) {
    const PlugRbGuardChange *change = guarding->changes->pdata[i];

    choice = MAX (choice, get_choice_of_policy (cli, plug_rb_plugin_get_key (change->plugin)));
  }

  return choice;
}

static gboolean
wants_rollback (Choice choice)
{
  if (choice != CHOICE_ASK)
    return choice == CHOICE_ROLLBACK;

  return plug_rb_cli_ask_is_possible () && plug_rb_cli_ask (_("Roll back?"));
}

/* ---- doing it */

static void
roll_back (PlugRbCliGuarding *guarding, gboolean asked)
{
  g_autofree char *hint = g_strdup_printf (_("Because of “%s”, exit status %d"), guarding->command,
                                           plug_rb_cli_guarding_get_code (guarding));
  PlugRbCliProgress *progress;

  guarding->operation = asked ? plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK)
                              : plug_rb_operation_new_automatic (PLUG_RB_KIND_ROLLBACK);
  plug_rb_operation_add_hint (guarding->operation, hint);
  progress = plug_rb_cli_progress_new (guarding->operation);
  plug_rb_guard_roll_back (guarding->guard, guarding->changes, guarding->operation, NULL,
                           &guarding->error);
  plug_rb_cli_progress_free (progress);
}

static int
get_code_of_error (const GError *error)
{
  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER))
    return PLUG_RB_CLI_NEEDS_USER;
  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED))
    return PLUG_RB_CLI_INCOMPLETE;

  return PLUG_RB_CLI_FAILED;
}

/* The command's own failure is what its caller expects to hear of. */
static int
get_exit_code (const PlugRbCliGuarding *guarding, Choice choice)
{
  int code = plug_rb_cli_guarding_get_code (guarding);

  if (code != 0)
    return code;
  if (guarding->error != NULL)
    return get_code_of_error (guarding->error);
  if (guarding->operation != NULL)
    return ROLLED_BACK;

  return plug_rb_cli_guarding_is_broken (guarding) && choice == CHOICE_ASK &&
                 !plug_rb_cli_ask_is_possible ()
             ? PLUG_RB_CLI_NEEDS_USER
             : code;
}

static void
follow_up (PlugRbCli *cli, PlugRbCliGuarding *guarding)
{
  gboolean failed;
  Choice choice = CHOICE_KEEP;

  guarding->changes = plug_rb_guard_look (guarding->guard, NULL, &guarding->error);
  failed =
      plug_rb_cli_guarding_get_code (guarding) != 0 || plug_rb_cli_guarding_is_broken (guarding);
  if (failed)
    plug_rb_cli_guarding_explain (guarding);

  if (failed && guarding->changes != NULL && guarding->changes->len > 0) {
    choice = choose (cli, guarding);
    if (wants_rollback (choice))
      roll_back (guarding, choice == CHOICE_ASK);
  }

  plug_rb_cli_guarding_report (guarding, cli->json);
  cli->status = (PlugRbCliStatus) get_exit_code (guarding, choice);
}

static void
guarding_clear (PlugRbCliGuarding *self)
{
  g_clear_pointer (&self->guard, plug_rb_guard_free);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_object (&self->operation);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbCliGuarding, guarding_clear)

static gboolean
run_guarded (PlugRbCli *cli, GPtrArray *plugins, PlugRbHost *whole, GError **error)
{
  g_auto(PlugRbCliGuarding) guarding = { .command = cli->bracketed[0] };

  plug_rb_cli_signals_cancel (cli->cancellable);
  guarding.guard = plug_rb_guard_begin (cli->engine, plugins, whole, cli->cancellable, error);
  if (guarding.guard == NULL || !plug_rb_cli_child_run (cli->bracketed, cli->json, cli->cancellable,
                                                        &guarding.wait_status, error))
    return FALSE;

  follow_up (cli, &guarding);
  return TRUE;
}

/* ---- */

static gboolean
throw_usage (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

static gboolean
check_options (PlugRbCli *cli, GError **error)
{
  const char *const choices[] = { "rollback", "ask", "keep", NULL };

  if ((host == NULL) == (cli->arguments[0] == NULL))
    return throw_usage (error, _("“guard” needs either plugins or --host"));
  if (cli->bracketed == NULL || cli->bracketed[0] == NULL)
    return throw_usage (error, _("“guard” needs a command: plugrb guard PLUGIN -- COMMAND"));
  if (on_failure != NULL && !g_strv_contains (choices, on_failure))
    return throw_usage (error, _("--on-failure takes “rollback”, “ask” or “keep”"));
  if (on_failure != NULL && keep)
    return throw_usage (error, _("--keep and --on-failure say the same: use one of them"));

  return TRUE;
}

/* A plugin that is to be installed has a full name only. */
static PlugRbPlugin *
find_plugin (PlugRbCli *cli, const char *name, GError **error)
{
  g_autoptr(GError) cause = NULL;
  PlugRbPlugin *plugin = plug_rb_engine_find_plugin (cli->engine, name, &cause);
  const char *slash = strchr (name, '/');
  g_autofree char *program = slash ? g_strndup (name, (gsize) (slash - name)) : NULL;
  PlugRbHost *found;

  if (plugin != NULL)
    return plugin;

  if (slash != NULL && g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND) &&
      (found = plug_rb_engine_get_host (cli->engine, program, NULL)))
    return plug_rb_host_dup_plugin (found, slash + 1, error);

  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static gboolean
is_among (GPtrArray *plugins, PlugRbPlugin *plugin)
{
  for (guint i = 0; i < plugins->len; i++)
    if (g_str_equal (plug_rb_plugin_get_key (plugins->pdata[i]), plug_rb_plugin_get_key (plugin)))
      return TRUE;

  return FALSE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);
  PlugRbHost *whole;

  if (!check_options (cli, error))
    return FALSE;
  if (host != NULL)
    return (whole = plug_rb_engine_get_host (cli->engine, host, error)) &&
           run_guarded (cli, NULL, whole, error);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    g_autoptr(PlugRbPlugin) plugin = find_plugin (cli, cli->arguments[i], error);

    if (plugin == NULL)
      return FALSE;
    if (!is_among (plugins, plugin))
      g_ptr_array_add (plugins, g_steal_pointer (&plugin));
  }

  return run_guarded (cli, plugins, NULL, error);
}

const PlugRbCliCommand plug_rb_cli_command_guard = {
  .name = "guard",
  .parameters = N_("PLUGIN… -- COMMAND [ARGUMENT…]"),
  .summary = N_("Run an installer, and take back what it did if it fails"),
  .description = N_(
      "Takes snapshots, runs the command, and looks what it did. If it fails, or leaves a plugin "
      "that does\n"
      "not work any more, all plugins that it changed go back to what they were: all of them or "
      "none.\n"
      "Without --on-failure that needs no consent, unless auto-rollback-on-failure is switched "
      "off.\n\n"
      "The command has the terminal, and its exit status is passed on. 124: it succeeded, but was "
      "rolled\n"
      "back. 125: it was not run. With --json its output goes to standard error.\n\n"
      "Example:\n  plugrb guard --host gnome-shell -- gnome-extensions install --force new.zip"),
  .options = options,
  .max = -1,
  .writes = TRUE,
  .brackets = TRUE,
  .failed = NOT_STARTED,
  .run = run,
};
