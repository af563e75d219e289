/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-audit-trail.h"
#include "plug-rb-cli-json.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"
#include "plug-rb-cli.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static gboolean verify;

static const GOptionEntry options[] = {
  { "verify", 0, 0, G_OPTION_ARG_NONE, &verify, N_("Say whether anything was changed or removed"),
    NULL },
  { NULL },
};

/* What a line may name for it to be about the plugin: the plugin itself, or one of its snapshots.
 */
static GHashTable *
list_subjects (PlugRbCli *cli, const char *name, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = plug_rb_engine_find_plugin (cli->engine, name, error);
  const char *key = plugin ? plug_rb_plugin_get_key (plugin) : NULL;
  g_autoptr(GHashTable) subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) live = NULL;
  g_autoptr(GPtrArray) deleted = NULL;

  if (key == NULL || !(live = plug_rb_engine_list_snapshots (cli->engine, key, error)) ||
      !(deleted = plug_rb_engine_list_deleted (cli->engine, error)))
    return NULL;

  g_hash_table_add (subjects, g_strdup (key));
  for (guint i = 0; i < live->len; i++)
    g_hash_table_add (subjects, g_strdup (plug_rb_snapshot_get_id (live->pdata[i])));
  for (guint i = 0; i < deleted->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_plugin (deleted->pdata[i]), key))
      g_hash_table_add (subjects, g_strdup (plug_rb_snapshot_get_id (deleted->pdata[i])));

  return g_steal_pointer (&subjects);
}

static gboolean
is_wanted (const PlugRbAuditEntry *entry, GHashTable *subjects)
{
  return subjects == NULL ||
         (entry->subject != NULL && g_hash_table_contains (subjects, entry->subject));
}

static JsonObject *
entry_to_json (const PlugRbAuditEntry *entry)
{
  JsonObject *json = json_object_new ();
  g_autofree char *time = entry->time ? plug_rb_time_to_string (entry->time) : NULL;

  json_object_set_int_member (json, "line", entry->number);
  plug_rb_json_set_string (json, "time", time);
  plug_rb_json_set_string (json, "act", entry->act);
  plug_rb_json_set_string (json, "subject", entry->subject);
  plug_rb_json_set_string (json, "operation", entry->operation);

  return json;
}

static JsonObject *
verdict_to_json (PlugRbAuditTrail *trail)
{
  JsonObject *json = json_object_new ();

  json_object_set_boolean_member (json, "intact", trail->first_bad == 0);
  if (trail->first_bad > 0)
    json_object_set_int_member (json, "line", trail->first_bad);
  else
    json_object_set_null_member (json, "line");
  plug_rb_json_set_string (json, "what", trail->problem);
  json_object_set_boolean_member (json, "torn", trail->torn > 0);

  return json;
}

static void
print_json (PlugRbAuditTrail *trail, GHashTable *subjects)
{
  JsonObject *json = json_object_new ();
  JsonArray *entries = json_array_new ();

  for (guint i = trail->entries->len; i > 0; i--)
    if (is_wanted (trail->entries->pdata[i - 1], subjects))
      json_array_add_object_element (entries, entry_to_json (trail->entries->pdata[i - 1]));

  json_object_set_array_member (json, "entries", entries);
  if (verify)
    json_object_set_object_member (json, "verified", verdict_to_json (trail));
  else
    json_object_set_null_member (json, "verified");
  plug_rb_cli_json_print_object (json);
}

static void
print_table (PlugRbAuditTrail *trail, GHashTable *subjects)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, _("Line"), PLUG_RB_CLI_COLUMN_RIGHT);
  plug_rb_cli_table_add_column (table, _("Time"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Act"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Of"), PLUG_RB_CLI_COLUMN_FLEXIBLE);

  for (guint i = trail->entries->len; i > 0; i--) {
    const PlugRbAuditEntry *entry = trail->entries->pdata[i - 1];
    g_autofree char *number = g_strdup_printf ("%u", entry->number);
    g_autofree char *time = plug_rb_cli_wording_time (entry->time);

    if (is_wanted (entry, subjects))
      plug_rb_cli_table_add_row (table, number, time, entry->act ? entry->act : "?",
                                 entry->subject ? entry->subject : "", NULL);
  }

  plug_rb_cli_table_print (table);
}

static void
print_verdict (PlugRbAuditTrail *trail)
{
  if (trail->first_bad > 0)
    g_print (_("Line %u does not fit: %s\n"), trail->first_bad, trail->problem);
  else
    g_print (ngettext ("%u line, unchanged\n", "%u lines, unchanged\n", trail->entries->len),
             trail->entries->len);

  if (trail->torn > 0)
    g_print ("%s\n", _("A crash tore one more line; “plugrb recover” sets it aside"));
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbAuditTrail) trail = NULL;
  g_autoptr(GHashTable) subjects = NULL;

  if (cli->arguments[0] != NULL && !(subjects = list_subjects (cli, cli->arguments[0], error)))
    return FALSE;
  if (!(trail = plug_rb_audit_trail_read (plug_rb_engine_get_store (cli->engine), error)))
    return FALSE;

  if (cli->json)
    print_json (trail, subjects);
  else if (verify)
    print_verdict (trail);
  else
    print_table (trail, subjects);

  cli->status = verify && trail->first_bad > 0 ? PLUG_RB_CLI_PARTLY : PLUG_RB_CLI_DONE;
  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_log = {
  .name = "log",
  .parameters = N_("[PLUGIN]"),
  .summary = N_("Show the audit trail: every act, newest first"),
  .description = N_("Each line of the trail holds a checksum of the line before it. --verify "
                    "names the first line\n"
                    "that does not fit.\n\n"
                    "Example:\n  plugrb log --verify"),
  .options = options,
  .max = 1,
  .run = run,
};
