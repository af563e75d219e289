/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-ask.h"
#include "plug-rb-cli-option.h"
#include "plug-rb-cli-policy-show.h"
#include "plug-rb-cli-suggest.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"

static char *host;
static char *plugin;
static gboolean all;
static gboolean dry_run;
static gboolean yes;

static const GOptionEntry options[] = {
  { "host", 0, 0, G_OPTION_ARG_STRING, &host, N_("For the plugins of this program"), N_("HOST") },
  { "plugin", 0, 0, G_OPTION_ARG_STRING, &plugin, N_("For this plugin"), N_("PLUGIN") },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("With reset: all settings"), NULL },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run,
    N_("Only say how many snapshots would go because of the change"), NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Change it even if snapshots go because of it"),
    NULL },
  { NULL },
};

static gboolean
throw_usage (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* ---- for what */

static gboolean
is_mentioned (GKeyFile *file, const char *scope)
{
  g_autoptr(GPtrArray) scopes = plug_rb_policy_list_scopes (file);

  return g_ptr_array_find_with_equal_func (scopes, scope, g_str_equal, NULL);
}

/* What is gone from the machine can still be looked at and taken out of the policy. */
static char *
find_scope (PlugRbCli *cli, GKeyFile *file, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(PlugRbPlugin) found = NULL;
  const char *name = plugin ? plugin : host;

  if (plugin != NULL && (found = plug_rb_engine_find_plugin (cli->engine, plugin, &cause)))
    return g_strdup (plug_rb_plugin_get_key (found));
  if (plugin == NULL && strchr (host, '/') == NULL &&
      plug_rb_engine_get_host (cli->engine, host, &cause) != NULL)
    return g_strdup (host);
  if ((strchr (name, '/') != NULL) == (plugin != NULL) && is_mentioned (file, name))
    return g_strdup (name);

  if (cause == NULL)
    g_set_error (&cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is no program “%s”. “plugrb hosts” lists those that are known"), host);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static gboolean
open_view (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  gboolean is_scoped = host != NULL || plugin != NULL;

  /* Where there is no store, and only the defaults are wanted, none is made. */
  if (cli->engine == NULL && is_scoped && !(cli->engine = plug_rb_engine_open (cli->store, error)))
    return FALSE;

  view->file = cli->engine
                   ? plug_rb_policy_file_load (plug_rb_engine_get_store_path (cli->engine), error)
                   : g_key_file_new ();

  return view->file != NULL &&
         (!is_scoped || (view->scope = find_scope (cli, view->file, error)) != NULL);
}

/* ---- what */

static const PlugRbPolicyKey *
find_key (const char *name, GError **error)
{
  const PlugRbPolicyKey *key = plug_rb_policy_key_find (name);
  g_autofree const char **names = NULL;
  const char *near;
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  if (key != NULL)
    return key;

  names = g_new0 (const char *, n_keys + 1);
  for (gsize i = 0; i < n_keys; i++)
    names[i] = keys[i].name;

  if ((near = plug_rb_cli_suggest (name, names)))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("There is no setting “%s”. Did you mean “%s”?"), name, near);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("There is no setting “%s”. “plugrb policy” lists them"), name);

  return NULL;
}

static gboolean
add_edit (PlugRbPolicyView *view, const char *name, const char *text, GError **error)
{
  const PlugRbPolicyKey *key = find_key (name, error);
  g_autofree char *group = plug_rb_policy_dup_group (view->scope);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) cause = NULL;

  if (key == NULL)
    return FALSE;
  if (text != NULL && !(value = plug_rb_policy_key_parse (key, text, &cause)))
    return throw_usage (error, cause->message);

  g_ptr_array_add (view->edits, plug_rb_policy_edit_new (group, key->name, value));
  return TRUE;
}

/* KEY=VALUE..., or KEY VALUE. */
static gboolean
parse_set (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  char **words = cli->arguments + 1;

  if (words[0] == NULL)
    return throw_usage (error, _("“policy set” needs KEY=VALUE"));
  if (strchr (words[0], '=') == NULL && words[1] != NULL && words[2] == NULL)
    return add_edit (view, words[0], words[1], error);

  for (; *words != NULL; words++) {
    g_auto(GStrv) halves = g_strsplit (*words, "=", 2);

    if (halves[0] == NULL || halves[1] == NULL)
      return throw_usage (error, _("“policy set” needs KEY=VALUE"));
    if (!add_edit (view, halves[0], halves[1], error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
parse_reset (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  g_autofree char *group = plug_rb_policy_dup_group (view->scope);
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  if (all == (cli->arguments[1] != NULL))
    return throw_usage (error, _("“policy reset” needs the names of settings, or --all"));

  for (gsize i = 0; all && i < n_keys; i++)
    g_ptr_array_add (view->edits, plug_rb_policy_edit_new (group, keys[i].name, NULL));
  for (char **word = cli->arguments + 1; !all && *word != NULL; word++)
    if (!add_edit (view, *word, NULL, error))
      return FALSE;

  return TRUE;
}

/* ---- changing it */

static gboolean
confirm (const PlugRbForesight *foresight, GError **error)
{
  guint n = foresight->n_snapshots;
  g_autofree char *size = g_format_size (foresight->size);
  g_autofree char *what = g_strdup_printf (
      ngettext ("%u snapshot (%s) would go to the trash with the next clean-up",
                "%u snapshots (%s) would go to the trash with the next clean-up", n),
      n, size);

  if (n == 0 || yes)
    return TRUE;

  if (plug_rb_cli_ask_is_possible ()) {
    g_printerr ("%s.\n", what);
    if (plug_rb_cli_ask (_("Change the policy?")))
      return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Canceled, nothing changed"));
    return FALSE;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               /* TRANSLATORS: %s is “3 snapshots (1.2 MB) would go to the trash with the next
                * clean-up” */
               _("%s: add --yes, or look first with --dry-run"), what);
  return FALSE;
}

/* With --yes a damaged snapshot somewhere does not keep the user from changing his mind. */
static gboolean
foresee (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (plug_rb_engine_foresee_policy (cli->engine, view->edits, &view->foresight, cli->cancellable,
                                     &cause))
    return TRUE;

  if (yes && !dry_run) {
    g_printerr ("plugrb: %s\n", cause->message);
    return TRUE;
  }

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
change (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  const char *store_path;

  if (cli->engine == NULL && !(cli->engine = plug_rb_engine_open (cli->store, error)))
    return FALSE;

  store_path = plug_rb_engine_get_store_path (cli->engine);
  if (!foresee (cli, view, error))
    return FALSE;

  if (!dry_run) {
    if (!confirm (&view->foresight, error) ||
        !plug_rb_policy_file_edit (store_path, view->edits, error))
      return FALSE;
    g_key_file_unref (view->file);
    if (!(view->file = plug_rb_policy_file_load (store_path, error)))
      return FALSE;
  }

  plug_rb_cli_policy_show_change (view, cli->json, dry_run);
  return TRUE;
}

/* ---- the command */

static gboolean
get (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  if (cli->arguments[1] == NULL || cli->arguments[2] != NULL)
    return throw_usage (error, _("“policy get” needs the name of one setting"));
  if (!(view->only = find_key (cli->arguments[1], error)))
    return FALSE;

  plug_rb_cli_policy_show_one (view, cli->json);
  return TRUE;
}

static gboolean
run_verb (PlugRbCli *cli, PlugRbPolicyView *view, GError **error)
{
  const char *verb = cli->arguments[0] ? cli->arguments[0] : "list";

  if ((all || dry_run || yes) && !g_str_equal (verb, "set") && !g_str_equal (verb, "reset"))
    return throw_usage (error, _("--all, --dry-run and --yes go with “set” and “reset”"));

  if (g_str_equal (verb, "get"))
    return get (cli, view, error);
  if (g_str_equal (verb, "set"))
    return !all ? parse_set (cli, view, error) && change (cli, view, error)
                : throw_usage (error, _("--all goes with “policy reset”"));
  if (g_str_equal (verb, "reset"))
    return parse_reset (cli, view, error) && change (cli, view, error);

  if (!g_str_equal (verb, "list"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("“policy %s” is not possible: use list, get, set or reset"), verb);
  else if (cli->arguments[0] != NULL && cli->arguments[1] != NULL)
    throw_usage (error, _("“policy list” takes no more arguments"));
  else
    plug_rb_cli_policy_show_all (view, cli->json);

  return error == NULL || *error == NULL;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  PlugRbPolicyView view = { .edits = plug_rb_policy_edits_new () };
  GError *failure = NULL;

  if (host != NULL && plugin != NULL)
    throw_usage (&failure, _("--host and --plugin do not go together"));
  else if (open_view (cli, &view, &failure))
    run_verb (cli, &view, &failure);

  g_ptr_array_unref (view.edits);
  g_clear_pointer (&view.file, g_key_file_unref);
  g_free (view.scope);
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

const PlugRbCliCommand plug_rb_cli_command_policy = {
  .name = "policy",
  .parameters = N_("[list|get KEY|set KEY=VALUE…|reset KEY…]"),
  .summary = N_("Show or change when snapshots are taken and how long they are kept"),
  .description =
      N_("What is set for a plugin counts before what is set for its program, and that before "
         "what is\n"
         "set for all. A change counts from the next command on. If snapshots would go because of "
         "it,\n"
         "it says how many and asks; protected ones and the last good copy never go.\n\n"
         "Example:\n  plugrb policy set max-snapshots=20\n"
         "  plugrb policy set retention-days=90 --host gnome-shell\n"
         "  plugrb policy reset --all --plugin caffeine@patapon.info"),
  .options = options,
  .max = -1,
  .writes = TRUE,
  .run_without_store = run,
  .run = run,
};
