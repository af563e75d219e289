/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-quarantine.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-verify.h"

static gboolean full;
static gboolean repair;

static const GOptionEntry options[] = {
  { "full", 0, 0, G_OPTION_ARG_NONE, &full, N_("Read every byte of the archives"), NULL },
  { "repair", 0, 0, G_OPTION_ARG_NONE, &repair,
    N_("Set aside what is damaged, and say what is left of it"), NULL },
  { NULL },
};

/* ---- what to check */

static gboolean
add_named (PlugRbCli *cli, GPtrArray *snapshots, const char *name, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autoptr(GPtrArray) own = NULL;

  if (!plug_rb_cli_find (cli, name, &plugin, &snapshot, error))
    return FALSE;

  if (snapshot != NULL) {
    g_ptr_array_add (snapshots, g_steal_pointer (&snapshot));
    return TRUE;
  }

  own = plug_rb_engine_list_snapshots (cli->engine, plug_rb_plugin_get_key (plugin), error);
  for (guint i = 0; own != NULL && i < own->len; i++)
    g_ptr_array_add (snapshots, g_object_ref (own->pdata[i]));

  return own != NULL;
}

static GPtrArray *
list_named (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++)
    if (!add_named (cli, snapshots, cli->arguments[i], error))
      return NULL;

  return g_steal_pointer (&snapshots);
}

/* ---- what was found */

static void
print_json (PlugRbVerification *result)
{
  JsonObject *json = json_object_new ();
  JsonArray *bad = json_array_new ();

  for (guint i = 0; i < result->damages->len; i++) {
    const PlugRbDamage *damage = result->damages->pdata[i];
    JsonObject *element = json_object_new ();

    plug_rb_json_set_string (element, "snapshot", damage->snapshot);
    plug_rb_json_set_string (element, "plugin", damage->plugin);
    plug_rb_json_set_string (element, "what", damage->what);
    plug_rb_json_set_string (element, "restorable", damage->left);
    json_object_set_boolean_member (element, "repaired", damage->repaired);
    json_array_add_object_element (bad, element);
  }

  json_object_set_int_member (json, "checked", result->checked);
  json_object_set_array_member (json, "bad", bad);
  plug_rb_cli_json_print_object (json);
}

static void
print_damage (const PlugRbDamage *damage)
{
  if (damage->snapshot == NULL)
    g_print ("%s\n", damage->what);
  else
    /* TRANSLATORS: a plugin, the id of one of its snapshots, what is wrong with it */
    g_print (_("%s, snapshot %s: %s\n"), damage->plugin, damage->snapshot, damage->what);

  if (damage->left != NULL)
    /* TRANSLATORS: what can still be restored: “settings and 41 of 43 files” */
    g_print (_("  Can still be restored: %s\n"), damage->left);
}

static gboolean
any_set_aside (PlugRbVerification *result)
{
  for (guint i = 0; i < result->damages->len; i++)
    if (((const PlugRbDamage *) result->damages->pdata[i])->repaired)
      return TRUE;

  return FALSE;
}

static void
print_text (PlugRbCli *cli, PlugRbVerification *result)
{
  guint n = result->checked;

  for (guint i = 0; i < result->damages->len; i++)
    print_damage (result->damages->pdata[i]);

  if (any_set_aside (result)) {
    g_autofree char *folder =
        g_build_filename (plug_rb_engine_get_store_path (cli->engine), PLUG_RB_QUARANTINE, NULL);
    g_autofree char *quoted = g_shell_quote (folder);

    g_print (_("What is damaged was moved to “%s”. What is still good in it comes out with "
               "“plugrb --store %s extract”\n"),
             folder, quoted);
  }

  if (result->damages->len == 0)
    g_print (ngettext ("%u snapshot checked, no damage\n", "%u snapshots checked, no damage\n", n),
             n);
  else
    g_print (
        ngettext ("%u snapshot checked, damage found\n", "%u snapshots checked, damage found\n", n),
        n);
}

static PlugRbVerification *
verify (PlugRbCli *cli, GPtrArray *snapshots, GError **error)
{
  /* It is only there to show the progress. */
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbCliProgress) progress = plug_rb_cli_progress_new (operation);
  PlugRbVerifyFlags flags = (full ? PLUG_RB_VERIFY_FULL : 0) | (repair ? PLUG_RB_VERIFY_REPAIR : 0);

  plug_rb_cli_signals_cancel (cli->cancellable);

  return plug_rb_engine_verify (cli->engine, snapshots, flags, operation, cli->cancellable, error);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) named = NULL;
  g_autoptr(PlugRbVerification) result = NULL;

  if (cli->arguments[0] != NULL && !(named = list_named (cli, error)))
    return FALSE;
  if (!(result = verify (cli, named, error)))
    return FALSE;

  if (cli->json)
    print_json (result);
  else
    print_text (cli, result);

  cli->status = result->damages->len > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_DONE;
  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_verify = {
  .name = "verify",
  .parameters = N_("[PLUGIN|SNAPSHOT…]"),
  .summary = N_("Look for damage in the snapshots"),
  .description =
      N_("Without --full the archives are not read, only whether they are there and of the right "
         "size.\n"
         "Nothing is ever deleted: --repair moves what is damaged to the folder “quarantine”.\n\n"
         "Example:\n  plugrb verify --full"),
  .options = options,
  .max = -1,
  .run = run,
};
