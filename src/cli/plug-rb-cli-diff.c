/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-content.h"
#include "plug-rb-cli-find.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-plan.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static gboolean content;

static const GOptionEntry options[] = {
  { "content", 0, 0, G_OPTION_ARG_NONE, &content, N_("Show what differs in the text of files"),
    NULL },
  { NULL },
};

/* The two sides; a snapshot that is NULL stands for the plugin as it is now. */
typedef struct {
  PlugRbPlugin *plugin;
  PlugRbSnapshot *from;
  PlugRbSnapshot *to;
} Sides;

static void
sides_clear (Sides *sides)
{
  g_clear_object (&sides->plugin);
  g_clear_object (&sides->from);
  g_clear_object (&sides->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

static gboolean
take_newest (PlugRbCli *cli, Sides *sides, GError **error)
{
  const char *key = plug_rb_plugin_get_key (sides->plugin);
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (cli->engine, key, error);

  for (guint i = 0; snapshots != NULL && i < snapshots->len && sides->from == NULL; i++)
    if (plug_rb_snapshot_get_damaged (snapshots->pdata[i]) == NULL)
      sides->from = g_object_ref (snapshots->pdata[i]);

  if (snapshots != NULL && sides->from == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is no snapshot of %s to compare with"), key);

  return sides->from != NULL;
}

static gboolean
find_sides (PlugRbCli *cli, Sides *sides, GError **error)
{
  const char *second = cli->arguments[1];

  if (!plug_rb_cli_find (cli, cli->arguments[0], &sides->plugin, &sides->from, error))
    return FALSE;

  if (second != NULL)
    sides->to = plug_rb_engine_find_snapshot (cli->engine, second, error);
  else if (sides->from == NULL)
    return take_newest (cli, sides, error);

  return second == NULL || sides->to != NULL;
}

static gboolean
check_sides (const Sides *sides, GError **error)
{
  const char *key = sides->from ? plug_rb_snapshot_get_plugin (sides->from)
                                : plug_rb_plugin_get_key (sides->plugin);

  if (sides->to != NULL && !g_str_equal (plug_rb_snapshot_get_plugin (sides->to), key)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("Snapshot %s is of %s, not of %s"),
                 plug_rb_snapshot_get_id (sides->to), plug_rb_snapshot_get_plugin (sides->to), key);
    return FALSE;
  }

  if (sides->plugin == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("There is no plugin “%s”"), key);
    return FALSE;
  }

  return TRUE;
}

static gboolean
print_json (PlugRbPlan *plan, GPtrArray *contents)
{
  g_autoptr(GPtrArray) plans = g_ptr_array_new ();
  JsonObject *json;

  g_ptr_array_add (plans, plan);
  json = plug_rb_cli_json_from_plans (plans);
  if (contents != NULL)
    plug_rb_cli_content_add_json (json, contents);
  plug_rb_cli_json_print_object (json);

  return TRUE;
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_auto(Sides) sides = { NULL };
  g_autoptr(PlugRbPlan) plan = NULL;
  g_autoptr(GPtrArray) contents = NULL;

  plug_rb_cli_signals_cancel (cli->cancellable);
  if (!find_sides (cli, &sides, error) || !check_sides (&sides, error) ||
      !(plan = plug_rb_engine_compare (cli->engine, sides.plugin, sides.from, sides.to,
                                       cli->cancellable, error)))
    return FALSE;

  if (content && !(contents = plug_rb_cli_content_read (cli, sides.plugin, plan, error)))
    return FALSE;
  if (cli->json)
    return print_json (plan, contents);

  plug_rb_cli_plan_print (plan);
  if (contents != NULL)
    plug_rb_cli_content_print (contents);

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_diff = {
  .name = "diff",
  .parameters = N_("PLUGIN|SNAPSHOT [SNAPSHOT]"),
  .summary = N_("Show what differs between two states of a plugin"),
  .description = N_("One snapshot is compared with the plugin as it is now; so is the newest one "
                    "if only the plugin is\n"
                    "named. With two arguments the first comes before the second. With --content "
                    "the lines that differ\n"
                    "in files of text are shown, too.\n\n"
                    "Example:\n  plugrb diff caffeine@patapon.info"),
  .options = options,
  .min = 1,
  .max = 2,
  .run = run,
};
