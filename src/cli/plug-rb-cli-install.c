/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-option.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-report.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"

static char *host;
static gboolean dry_run;
static gboolean enable;
static gboolean keep_failed;
static gboolean no_dependencies;
static gboolean no_snapshot;
static gboolean yes;

static const GOptionEntry options[] = {
  { "host", 0, 0, G_OPTION_ARG_STRING, &host, N_("Program that the package is for"), N_("HOST") },
  { "enable", 0, 0, G_OPTION_ARG_NONE, &enable, N_("Enable a plugin that was not installed"),
    NULL },
  { "no-snapshot", 0, 0, G_OPTION_ARG_NONE, &no_snapshot,
    N_("Take no snapshot before, whatever the policy says"), NULL },
  { "keep-failed", 0, 0, G_OPTION_ARG_NONE, &keep_failed,
    N_("Leave a plugin that does not work where it is"), NULL },
  { "no-dependencies", 0, 0, G_OPTION_ARG_NONE, &no_dependencies,
    N_("Install it without what it needs of others"), NULL },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, N_("Check the package, and install nothing"),
    NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask"), NULL },
  { NULL },
};

static PlugRbInstallFlags
get_flags (void)
{
  return (enable ? PLUG_RB_INSTALL_ENABLE : 0) | (no_snapshot ? PLUG_RB_INSTALL_NO_SNAPSHOT : 0) |
         (keep_failed ? PLUG_RB_INSTALL_KEEP_FAILED : 0) |
         (no_dependencies ? PLUG_RB_INSTALL_NO_DEPENDENCIES : 0) |
         (yes ? PLUG_RB_INSTALL_AGAIN : 0);
}

/* ---- the package */

static PlugRbPackage *
open_package (PlugRbCli *cli, GError **error)
{
  g_autoptr(GError) problem = NULL;
  PlugRbPackage *package = plug_rb_engine_open_package (cli->engine, cli->arguments[0], host,
                                                        cli->cancellable, &problem);

  if (host == NULL && g_error_matches (problem, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND))
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("%s. “--host” installs it all the same; “plugrb hosts” lists the programs"),
                 problem->message);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));

  return package;
}

/* ---- looking */

static void
print_json (PlugRbPackage *package, PlugRbPlugin *present)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "plugin", plug_rb_plugin_get_key (present));
  plug_rb_json_set_string (json, "name", package->manifest->name);
  plug_rb_json_set_string (
      json, "from-version",
      plug_rb_plugin_get_installed (present) ? plug_rb_plugin_get_version (present) : NULL);
  plug_rb_json_set_string (json, "to-version", package->manifest->version);
  json_object_set_boolean_member (json, "installed", plug_rb_plugin_get_installed (present));
  plug_rb_cli_json_print_object (json);
}

static void
print_text (PlugRbPackage *package, PlugRbPlugin *present)
{
  const char *name = package->manifest->name ? package->manifest->name : package->id;
  const char *key = plug_rb_plugin_get_key (present);
  const char *version = package->manifest->version;
  const char *from = plug_rb_plugin_get_version (present);
  gboolean installed = plug_rb_plugin_get_installed (present);

  /* Not every plugin has a version. */
  if (version == NULL && from == NULL)
    /* TRANSLATORS: a plugin's name, its key */
    g_print (installed ? _("%s (%s) would be replaced\n") : _("%s (%s) would be installed\n"),
             name, key);
  else if (installed)
    /* TRANSLATORS: a plugin's name, its key, the version that is there, and the one to come */
    g_print (_("%s (%s) would be updated: %s → %s\n"), name, key, from ? from : "?",
             version ? version : "?");
  else
    /* TRANSLATORS: a plugin's name, its key, its version */
    g_print (_("%s (%s), version %s, would be installed\n"), name, key, version ? version : "?");
}

static gboolean
show (PlugRbCli *cli, PlugRbPackage *package, GError **error)
{
  g_autoptr(PlugRbPlugin) present = plug_rb_host_dup_plugin (package->host, package->id, error);

  if (present == NULL || !plug_rb_engine_check_package (cli->engine, package, get_flags (), error))
    return FALSE;

  if (cli->json)
    print_json (package, present);
  else
    print_text (package, present);
  return TRUE;
}

/* ---- installing */

static PlugRbOperation *
install (PlugRbCli *cli, PlugRbPackage *package, PlugRbInstallFlags flags, GError **error)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_INSTALL);
  g_autoptr(PlugRbCliProgress) progress = plug_rb_cli_progress_new (operation);

  plug_rb_engine_install (cli->engine, package, flags, operation, cli->cancellable, error);

  return g_steal_pointer (&operation);
}

/* All other problems are told by the installation itself. */
static gboolean
failed_before (PlugRbCli *cli, PlugRbPackage *package, GError **error)
{
  PlugRbInstallFlags flags = get_flags ();
  g_autoptr(GError) problem = NULL;

  if (plug_rb_engine_check_package (cli->engine, package, flags, &problem) ||
      !g_error_matches (problem, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) ||
      !plug_rb_engine_check_package (cli->engine, package, flags | PLUG_RB_INSTALL_AGAIN, NULL))
    return FALSE;

  g_propagate_error (error, g_steal_pointer (&problem));
  return TRUE;
}

/* A version that is remembered to have failed is not installed again by itself. */
static gboolean
agree (PlugRbCli *cli, PlugRbPackage *package, PlugRbInstallFlags *flags, GError **error)
{
  g_autoptr(GError) problem = NULL;
  g_autofree char *question = NULL;

  if (!failed_before (cli, package, &problem))
    return TRUE;

  question = g_strdup_printf (_("%s. Install it all the same?"), problem->message);
  if (plug_rb_cli_ask_is_possible () && plug_rb_cli_ask (question)) {
    *flags |= PLUG_RB_INSTALL_AGAIN;
    return TRUE;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               _("%s. “--yes” installs it all the same"), problem->message);
  return FALSE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbPackage) package = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  PlugRbInstallFlags flags = get_flags ();
  GError *failure = NULL;

  if (!plug_rb_cli_option_check_text ("--host", &host, error))
    return FALSE;

  plug_rb_cli_signals_cancel (cli->cancellable);
  if (!(package = open_package (cli, error)))
    return FALSE;
  if (dry_run)
    return show (cli, package, error);

  if (!agree (cli, package, &flags, error))
    return FALSE;
  operation = install (cli, package, flags, &failure);

  return plug_rb_cli_report_operation (cli, operation, failure, error);
}

const PlugRbCliCommand plug_rb_cli_command_install = {
  .name = "install",
  .parameters = N_("FILE"),
  .summary = N_("Install or update a plugin from a package, with a way back"),
  .description = N_(
      "FILE is a package as its program’s users get it: .shell-extension.zip, .vsix, .zip, "
      ".tar.*;\n"
      "or a plugin’s folder, or a plugin that is a single file.\n"
      "A snapshot is taken first if the policy says so. Settings stay, and a plugin that was there "
      "is\n"
      "enabled or disabled as it was. A version that does not work is taken back if the policy "
      "says\n"
      "so, and remembered.\n\n"
      "Example:\n  plugrb install caffeine@patapon.info.shell-extension.zip --enable"),
  .options = options,
  .min = 1,
  .max = 1,
  .writes = TRUE,
  .run = run,
};
