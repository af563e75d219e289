/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-option.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

static gboolean all;
static char *reason;
static char *label;
static char *note;

static const GOptionEntry options[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("Take one of every installed plugin"), NULL },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &reason,
    N_("manual, pre-install, pre-update, pre-uninstall or baseline"), N_("REASON") },
  { "label", 0, 0, G_OPTION_ARG_FILENAME, &label, N_("A name for it"), N_("TEXT") },
  { "note", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("A longer text about it"), N_("TEXT") },
  { NULL },
};

/* What became of the plugins, in the order in which they were named. */
typedef struct {
  PlugRbReason reason;
  GPtrArray *created;
  GPtrArray *unchanged;
  JsonArray *failed;
  GError *last_error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->created, g_ptr_array_unref);
  g_clear_pointer (&outcome->unchanged, g_ptr_array_unref);
  g_clear_pointer (&outcome->failed, json_array_unref);
  g_clear_error (&outcome->last_error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static gboolean
parse_reason (PlugRbReason *value, GError **error)
{
  int number = PLUG_RB_REASON_MANUAL;

  if (reason != NULL && (!plug_rb_enum_from_nick (PLUG_RB_TYPE_REASON, reason, &number) ||
                         number == PLUG_RB_REASON_PRE_ROLLBACK)) {
    g_set_error (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _("“%s” is no reason: use manual, pre-install, pre-update, pre-uninstall or baseline"),
        reason);
    return FALSE;
  }

  *value = (PlugRbReason) number;
  return plug_rb_cli_option_check_text ("--label", &label, error) &&
         plug_rb_cli_option_check_text ("--note", &note, error);
}

static GPtrArray *
list_installed (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) plugins =
      plug_rb_engine_list_plugins (cli->engine, cli->cancellable, error);

  for (guint i = plugins ? plugins->len : 0; i > 0; i--)
    if (!plug_rb_plugin_get_installed (plugins->pdata[i - 1]))
      g_ptr_array_remove_index (plugins, i - 1);

  return g_steal_pointer (&plugins);
}

static GPtrArray *
list_named (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    PlugRbPlugin *plugin = plug_rb_engine_find_plugin (cli->engine, cli->arguments[i], error);

    if (plugin == NULL)
      return NULL;
    g_ptr_array_add (plugins, plugin);
  }

  return g_steal_pointer (&plugins);
}

static void
add_failure (Outcome *outcome, PlugRbPlugin *plugin, const GError *error)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "plugin", plug_rb_plugin_get_key (plugin));
  json_object_set_object_member (json, "error", plug_rb_cli_json_from_error (error));
  json_array_add_object_element (outcome->failed, json);

  g_clear_error (&outcome->last_error);
  outcome->last_error = g_error_copy (error);
}

static void
add_outcome (PlugRbPlugin *plugin,
             PlugRbSnapshot *snapshot,
             gboolean created,
             const GError *error,
             gpointer user_data)
{
  Outcome *outcome = user_data;

  if (snapshot == NULL)
    add_failure (outcome, plugin, error);
  else
    g_ptr_array_add (created ? outcome->created : outcome->unchanged, g_object_ref (snapshot));
}

static void
take (PlugRbCli *cli, GPtrArray *plugins, Outcome *outcome)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbCliProgress) progress = plug_rb_cli_progress_new (operation);
  const PlugRbSnapshotRequest request = {
    .reason = outcome->reason,
    .label = label,
    .note = note,
  };

  plug_rb_engine_snapshot_many (cli->engine, plugins, &request, add_outcome, outcome, operation,
                                cli->cancellable);
}

static void
print_json (const Outcome *outcome)
{
  JsonObject *json = json_object_new ();
  JsonArray *unchanged = json_array_new ();

  for (guint i = 0; i < outcome->unchanged->len; i++) {
    JsonObject *element = json_object_new ();

    plug_rb_json_set_string (element, "plugin",
                             plug_rb_snapshot_get_plugin (outcome->unchanged->pdata[i]));
    plug_rb_json_set_string (element, "snapshot",
                             plug_rb_snapshot_get_id (outcome->unchanged->pdata[i]));
    json_array_add_object_element (unchanged, element);
  }

  json_object_set_array_member (json, "created",
                                plug_rb_cli_json_from_snapshots (outcome->created));
  json_object_set_array_member (json, "unchanged", unchanged);
  json_object_set_array_member (json, "failed", json_array_ref (outcome->failed));
  plug_rb_cli_json_print_object (json);
}

static const char *
get_name (PlugRbSnapshot *snapshot)
{
  const char *name = plug_rb_snapshot_get_name (snapshot);

  return name ? name : plug_rb_snapshot_get_plugin (snapshot);
}

static void
print_created (PlugRbSnapshot *snapshot)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *short_id = plug_rb_cli_short_id (id, PLUG_RB_CLI_SHORTEST);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_size (snapshot));

  /* TRANSLATORS: name of a plugin, size and id of its snapshot */
  g_print (_("%s: snapshot taken (%s), %s\n"), get_name (snapshot), size, short_id);
}

static void
print_unchanged (PlugRbSnapshot *snapshot)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *short_id = plug_rb_cli_short_id (id, PLUG_RB_CLI_SHORTEST);

  /* TRANSLATORS: name of a plugin, id of its snapshot */
  g_print (_("%s: nothing has changed since snapshot %s\n"), get_name (snapshot), short_id);
}

static void
print_failure (JsonObject *failure)
{
  g_printerr ("plugrb: %s: %s\n", plug_rb_json_get_string (failure, "plugin"),
              plug_rb_json_get_string (plug_rb_json_get_object (failure, "error"), "message"));
}

static void
print_text (const Outcome *outcome)
{
  for (guint i = 0; i < outcome->created->len; i++)
    print_created (outcome->created->pdata[i]);
  for (guint i = 0; i < outcome->unchanged->len; i++)
    print_unchanged (outcome->unchanged->pdata[i]);
}

/* A single failure is the command's own error. */
static gboolean
conclude (PlugRbCli *cli, Outcome *outcome, GError **error)
{
  guint n_failed = json_array_get_length (outcome->failed);
  guint n_good = outcome->created->len + outcome->unchanged->len;

  cli->reported = cli->json;
  if (n_failed == 1 && n_good == 0) {
    g_propagate_error (error, g_steal_pointer (&outcome->last_error));
    return FALSE;
  }

  for (guint i = 0; i < n_failed; i++)
    print_failure (json_array_get_object_element (outcome->failed, i));
  if (n_failed > 0 && n_good == 0) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED, _("No snapshot was taken"));
    return FALSE;
  }

  cli->status = n_failed > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_DONE;
  return TRUE;
}

/* The user has what he asked for, so he need not wait for the cleaning up. */
static void
tidy (PlugRbCli *cli, const Outcome *outcome)
{
  fflush (stdout);
  for (guint i = 0; i < outcome->created->len; i++)
    plug_rb_engine_tidy (cli->engine, plug_rb_snapshot_get_plugin (outcome->created->pdata[i]));
}

static gboolean
take_all (PlugRbCli *cli, GPtrArray *plugins, PlugRbReason why, GError **error)
{
  g_auto(Outcome) outcome = { why };

  outcome.created = g_ptr_array_new_with_free_func (g_object_unref);
  outcome.unchanged = g_ptr_array_new_with_free_func (g_object_unref);
  outcome.failed = json_array_new ();

  plug_rb_cli_signals_cancel (cli->cancellable);
  take (cli, plugins, &outcome);

  if (cli->json)
    print_json (&outcome);
  else
    print_text (&outcome);
  tidy (cli, &outcome);

  return conclude (cli, &outcome, error);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) plugins = NULL;
  PlugRbReason why;

  if (!parse_reason (&why, error))
    return FALSE;

  if (all == (cli->arguments[0] != NULL)) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _("“snapshot” needs either plugins or --all"));
    return FALSE;
  }

  plugins = all ? list_installed (cli, error) : list_named (cli, error);

  return plugins != NULL && take_all (cli, plugins, why, error);
}

const PlugRbCliCommand plug_rb_cli_command_snapshot = {
  .name = "snapshot",
  .parameters = N_("PLUGIN…"),
  .summary = N_("Take snapshots of plugins"),
  .description = N_(
      "A plugin that has not changed since its newest snapshot gets no new one, unless a label or\n"
      "a note is given.\n\n"
      "Example:\n  plugrb snapshot caffeine@patapon.info --label \"Before the talk\""),
  .options = options,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
