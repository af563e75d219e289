/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-output.h"
#include "plug-rb-cli-suggest.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"

#define PROGRAM "plugrb"

static const PlugRbCliCommand *const commands[] = {
  &plug_rb_cli_command_list,
  &plug_rb_cli_command_show,
  &plug_rb_cli_command_snapshot,
  &plug_rb_cli_command_snapshots,
  &plug_rb_cli_command_demo,
  &plug_rb_cli_command_diff,
  &plug_rb_cli_command_rollback,
  &plug_rb_cli_command_undo,
  &plug_rb_cli_command_history,
  &plug_rb_cli_command_delete,
  &plug_rb_cli_command_restore_deleted,
  &plug_rb_cli_command_pin,
  &plug_rb_cli_command_unpin,
  &plug_rb_cli_command_label,
  &plug_rb_cli_command_note,
  &plug_rb_cli_command_prune,
  &plug_rb_cli_command_recover,
  &plug_rb_cli_command_hosts,
  &plug_rb_cli_command_extract,
  &plug_rb_cli_command_verify,
  &plug_rb_cli_command_log,
  &plug_rb_cli_command_policy,
  &plug_rb_cli_command_guard,
  &plug_rb_cli_command_install,
  &plug_rb_cli_command_uninstall,
};

static void
cli_clear (PlugRbCli *cli)
{
  g_clear_object (&cli->engine);
  g_clear_object (&cli->cancellable);
  g_clear_pointer (&cli->store, g_free);
  g_clear_pointer (&cli->arguments, g_strfreev);
  g_clear_pointer (&cli->bracketed, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbCli, cli_clear)

/* ---- errors */

static PlugRbCliStatus
get_status (PlugRbCli *cli, const GError *error)
{
  if (cli->command != NULL && cli->command->failed != 0)
    return (PlugRbCliStatus) cli->command->failed;
  if (error->domain == G_OPTION_ERROR)
    return PLUG_RB_CLI_USAGE;
  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) ||
      g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNMET))
    return PLUG_RB_CLI_NEEDS_USER;
  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED))
    return PLUG_RB_CLI_INCOMPLETE;

  return PLUG_RB_CLI_FAILED;
}

static void
print_error (PlugRbCli *cli, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_printerr ("%s: %s\n", PROGRAM, _("Canceled, nothing changed"));
  else
    g_printerr ("%s: %s\n", PROGRAM, error->message);

  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNMET))
    g_printerr ("%s\n", _("“--no-dependencies” goes on without it."));
  if (error->domain == G_OPTION_ERROR && cli->command != NULL)
    g_printerr (_("Try “%s help %s”.\n"), PROGRAM, cli->command->name);
  else if (error->domain == G_OPTION_ERROR)
    g_printerr (_("Try “%s --help”.\n"), PROGRAM);
}

static PlugRbCliStatus
report_error (PlugRbCli *cli, const GError *error)
{
  if (cli->json && !cli->reported)
    plug_rb_cli_json_print_error (error);
  print_error (cli, error);

  return get_status (cli, error);
}

/* ---- options and help */

static void
add_common_options (PlugRbCli *cli, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("Print JSON, for programs"), NULL },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &cli->store,
      N_("Folder of the snapshots, instead of the usual one"), N_("DIR") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &cli->version, N_("Print the version"), NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static GOptionContext *
make_command_context (PlugRbCli *cli, const PlugRbCliCommand *command)
{
  const char *parameters = command->parameters ? _(command->parameters) : NULL;
  GOptionContext *context = g_option_context_new (parameters);
  g_autofree char *name = g_strdup_printf ("%s %s", PROGRAM, command->name);

  g_set_prgname (name);
  g_option_context_set_summary (context, _(command->summary));
  g_option_context_set_description (context, _(command->description));
  if (command->options != NULL)
    g_option_context_add_main_entries (context, command->options, GETTEXT_PACKAGE);
  add_common_options (cli, context);

  return context;
}

static char *
describe_commands (void)
{
  GString *text = g_string_new (_("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-16s %s", commands[i]->name, _(commands[i]->summary));

  g_string_append_printf (text, "\n  %-16s %s\n\n", "help", _("Explain a command"));
  g_string_append (text, _("PLUGIN is HOST/ID, or ID where only one program has such a plugin.\n"
                           "SNAPSHOT is an id, or a beginning of it that only one snapshot has."));

  return g_string_free_and_steal (text);
}

static GOptionContext *
make_global_context (PlugRbCli *cli)
{
  GOptionContext *context = g_option_context_new (_("COMMAND [ARGUMENT…]"));
  g_autofree char *description = describe_commands ();

  g_set_prgname (PROGRAM);
  g_option_context_set_summary (context, _("Take snapshots of plugins and roll them back."));
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  add_common_options (cli, context);

  return context;
}

/* ---- running a command */

static void
warn_of_damaged (PlugRbCli *cli)
{
  PlugRbStore *store = plug_rb_engine_get_store (cli->engine);
  g_autoptr(GPtrArray) damaged = plug_rb_store_list_damaged_journals (store, NULL);

  for (guint i = 0; damaged != NULL && i < damaged->len; i++)
    g_printerr (_("%s: The record of an interrupted rollback is damaged: run “plugrb recover”\n"),
                ((const PlugRbDamagedJournal *) damaged->pdata[i])->id);
}

/**
 * plug_rb_cli_warn_of_pending:
 *
 * Tells on standard error of what was interrupted. Whoever only looks does not recover it.
 */
void
plug_rb_cli_warn_of_pending (PlugRbCli *cli)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) pending = plug_rb_engine_list_pending (cli->engine, &error);

  if (error != NULL)
    g_printerr ("%s: %s\n", PROGRAM, error->message);

  for (guint i = 0; pending != NULL && i < pending->len; i++) {
    g_auto(GStrv) plugins = NULL;
    g_autofree char *names = NULL;

    g_object_get (pending->pdata[i], "plugins", &plugins, NULL);
    names = plugins ? g_strjoinv (", ", plugins) : g_strdup ("");
    g_printerr (_("%s: An interrupted rollback is not finished: run “plugrb recover” (%s)\n"),
                PROGRAM, *names != '\0' ? names : plug_rb_operation_get_id (pending->pdata[i]));
  }

  warn_of_damaged (cli);
}

static gboolean
check_arguments (PlugRbCli *cli, GError **error)
{
  int count = (int) g_strv_length (cli->arguments);

  for (int i = 0; i < count; i++) {
    if (g_utf8_validate (cli->arguments[i], -1, NULL))
      continue;
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("Argument %d of “%s” is not valid UTF-8"), i + 1, cli->command->name);
    return FALSE;
  }

  if (count >= cli->command->min && (cli->command->max < 0 || count <= cli->command->max))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               count < cli->command->min ? _("“%s” needs more arguments")
                                         : _("“%s” has too many arguments"),
               cli->command->name);
  return FALSE;
}

static gsize
find_separator (GStrv arguments)
{
  gsize i = 0;

  while (arguments[i] != NULL && !g_str_equal (arguments[i], "--"))
    i++;

  return i;
}

/* Options of the other program are none of ours. */
static void
split_off_bracketed (PlugRbCli *cli, GStrv arguments)
{
  gsize end = find_separator (arguments);

  if (!cli->command->brackets || arguments[end] == NULL)
    return;

  cli->bracketed = g_strdupv (arguments + end + 1);
  for (gsize i = end; arguments[i] != NULL; i++)
    g_clear_pointer (&arguments[i], g_free);
}

static gboolean
parse_arguments (PlugRbCli *cli, GStrv rest, GError **error)
{
  g_autoptr(GOptionContext) context = make_command_context (cli, cli->command);
  g_auto(GStrv) arguments = g_strdupv (rest);

  split_off_bracketed (cli, arguments);

  if (!g_option_context_parse_strv (context, &arguments, error))
    return FALSE;

  /* The name of the command stands where GOption expects the program's. */
  cli->arguments = g_strdupv (arguments + 1);
  if (g_strv_length (cli->arguments) > 0 && g_str_equal (cli->arguments[0], "--")) {
    g_free (cli->arguments[0]);
    memmove (cli->arguments, cli->arguments + 1,
             g_strv_length (cli->arguments + 1) * sizeof (char *) + sizeof (char *));
  }

  return TRUE;
}

static gboolean
print_version (void)
{
  g_print ("%s %s\n", PROGRAM, PACKAGE_VERSION);
  return TRUE;
}

static gboolean
run_command (PlugRbCli *cli, GStrv rest, GError **error)
{
  if (!parse_arguments (cli, rest, error))
    return FALSE;
  if (cli->version)
    return print_version ();
  if (!check_arguments (cli, error))
    return FALSE;

  if (cli->command->needs_no_store)
    return cli->command->run (cli, error);
  if (cli->command->run_without_store != NULL && !plug_rb_store_exists (cli->store))
    return cli->command->run_without_store (cli, error);

  cli->cancellable = g_cancellable_new ();
  if (!(cli->engine = plug_rb_engine_open (cli->store, error)))
    return FALSE;

  if (!cli->command->writes)
    plug_rb_cli_warn_of_pending (cli);

  return cli->command->run (cli, error);
}

static const PlugRbCliCommand *
find_command (const char *name, GError **error)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = { NULL };
  const char *near;

  if (name == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("A command is missing"));
    return NULL;
  }

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
    names[i] = commands[i]->name;
  }

  if ((near = plug_rb_cli_suggest (name, names)))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("There is no command “%s”. Did you mean “%s”?"), name, near);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("There is no command “%s”"),
                 name);

  return NULL;
}

static gboolean
print_help (PlugRbCli *cli, GOptionContext *global, const char *name, GError **error)
{
  g_autoptr(GOptionContext) context = NULL;
  g_autofree char *help = NULL;
  const PlugRbCliCommand *command = NULL;

  if (name != NULL && !g_str_equal (name, "help")) {
    if (!(command = find_command (name, error)))
      return FALSE;
    context = make_command_context (cli, command);
  }

  help = g_option_context_get_help (context ? context : global, TRUE, NULL);
  g_print ("%s", help);

  return TRUE;
}

static gboolean
run (PlugRbCli *cli, GStrv *arguments, GError **error)
{
  g_autoptr(GOptionContext) context = make_global_context (cli);
  const char *name;

  if (!g_option_context_parse_strv (context, arguments, error))
    return FALSE;

  if (cli->version)
    return print_version ();

  name = (*arguments)[0] ? (*arguments)[1] : NULL;
  if (name != NULL && g_str_equal (name, "help"))
    return print_help (cli, context, (*arguments)[2], error);
  if (!(cli->command = find_command (name, error)))
    return FALSE;

  return run_command (cli, *arguments + 1, error);
}

static gboolean
wants_json (GStrv arguments)
{
  gsize end = find_separator (arguments);

  for (gsize i = 0; i < end; i++)
    if (g_str_equal (arguments[i], "--json"))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_cli_main:
 * @arguments: (inout): the command line
 *
 * Runs the command that the command line names.
 *
 * Returns: the exit status of the process
 */
int
plug_rb_cli_main (GStrv *arguments)
{
  g_auto(PlugRbCli) cli = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) output_error = NULL;
  PlugRbCliStatus status;

  /* Where the options themselves are wrong, it is not known yet whether JSON is wanted. */
  cli.json = wants_json (*arguments);
  status = run (&cli, arguments, &error) ? cli.status : report_error (&cli, error);

  if (!plug_rb_cli_output_close (&output_error)) {
    print_error (&cli, output_error);
    if (status == PLUG_RB_CLI_DONE && cli.command != NULL && !cli.command->writes)
      status = PLUG_RB_CLI_FAILED;
  }

  return (int) status;
}
