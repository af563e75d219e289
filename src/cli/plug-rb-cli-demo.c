/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli.h"
#include "plug-rb-demo.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"

static char *fail;
static gboolean no_auto_rollback;

static const GOptionEntry options[] = {
  { "fail", 0, 0, G_OPTION_ARG_STRING, &fail, N_("What goes wrong; without this, nothing"),
    "package|host-version|dependency|health|disk-full|kill" },
  { "no-auto-rollback", 0, 0, G_OPTION_ARG_NONE, &no_auto_rollback,
    N_("Play it with auto-rollback-on-failure switched off"), NULL },
  { NULL },
};

static void
print_log_cb (JsonObject *event, gpointer user_data)
{
  if (g_strcmp0 (plug_rb_json_get_string (event, "event"), "log") == 0)
    g_print ("%7.3f  %s\n", plug_rb_json_get_double (event, "time", 0),
             plug_rb_json_get_string (event, "text"));
}

/* ---- before and after */

static char *
dup_value (JsonObject *picture, const char *key)
{
  if (g_str_equal (key, "files"))
    return g_strdup_printf ("%u", plug_rb_demo_picture_count_files (picture));
  if (g_str_equal (key, "enabled"))
    return g_strdup (plug_rb_json_get_boolean (picture, key) ? _("yes") : _("no"));

  return g_strdup (plug_rb_json_get_string (picture, key));
}

static void
add_row (PlugRbCliTable *table, const char *title, const char *before, const char *after)
{
  const char *same = g_strcmp0 (before, after) == 0 ? _("same") : _("changed");

  plug_rb_cli_table_add_row (table, title, before ? before : "–", after ? after : "–", same, NULL);
}

static void
add_setting (PlugRbCliTable *table, JsonObject *before, JsonObject *after, const char *name)
{
  add_row (table, name, plug_rb_json_get_string (before, name),
           plug_rb_json_get_string (after, name));
}

static void
add_settings (PlugRbCliTable *table, JsonObject *before, JsonObject *after)
{
  g_autoptr(GList) old = json_object_get_members (before);
  g_autoptr(GList) new = json_object_get_members (after);

  for (GList *name = old; name != NULL; name = name->next)
    add_setting (table, before, after, name->data);
  for (GList *name = new; name != NULL; name = name->next)
    if (!json_object_has_member (before, name->data))
      add_setting (table, before, after, name->data);
}

static void
print_pictures (const PlugRbDemoReport *report)
{
  const struct {
    const char *key;
    const char *title;
  } rows[] = { { "version", _("Version") },
               { "enabled", _("Enabled") },
               { "health", _("Health") },
               { "files", _("Files") } };
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("BEFORE"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("AFTER"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *before = dup_value (report->before, rows[i].key);
    g_autofree char *after = dup_value (report->after, rows[i].key);

    add_row (table, rows[i].title, before, after);
  }
  add_settings (table, plug_rb_json_get_object (report->before, "settings"),
                plug_rb_json_get_object (report->after, "settings"));

  g_print ("\n");
  plug_rb_cli_table_print (table);
}

/* ---- */

static gboolean
find_scenario (PlugRbDemoScenario *scenario, GError **error)
{
  *scenario = PLUG_RB_DEMO_SUCCESS;
  if (fail == NULL ||
      (!g_str_equal (fail, "success") && plug_rb_demo_scenario_find (fail, scenario)))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _("--fail takes “package”, “host-version”, “dependency”, “health”, "
                         "“disk-full” or “kill”"));
  return FALSE;
}

static PlugRbDemoReport *
play (PlugRbCli *cli, PlugRbDemoScenario scenario, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("plugrb-policy-XXXXXX", error);
  PlugRbDemoReport *report = NULL;

  if (folder != NULL && plug_rb_demo_write_policy (folder, !no_auto_rollback, error))
    report = plug_rb_demo_run (scenario, folder, cli->json ? NULL : print_log_cb, NULL,
                               cli->cancellable, error);
  if (folder != NULL)
    plug_rb_fs_remove_path (folder, NULL);

  return report;
}

/* The user's store is neither opened nor made. */
static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbDemoReport) report = NULL;
  PlugRbDemoScenario scenario;

  if (!find_scenario (&scenario, error))
    return FALSE;

  cli->cancellable = g_cancellable_new ();
  plug_rb_cli_signals_cancel (cli->cancellable);
  if (!(report = play (cli, scenario, error)))
    return FALSE;

  if (cli->json)
    plug_rb_cli_json_print_object (plug_rb_demo_report_to_json (report));
  else
    print_pictures (report);
  if (report->verdict == PLUG_RB_DEMO_OTHER)
    cli->status = PLUG_RB_CLI_FAILED;

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_demo = {
  .name = "demo",
  .summary = N_("Show an installation, or how one that fails is taken back"),
  .description =
      N_("Installs version 2.0 of a sample plugin over version 1.0, in a temporary folder, and "
         "compares what\n"
         "lies there before and after. No real plugin is touched.\n\n"
         "Example:\n  plugrb demo --fail health"),
  .options = options,
  .max = 0,
  .needs_no_store = TRUE,
  .run = run,
};
