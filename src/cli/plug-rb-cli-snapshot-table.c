/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-snapshot-table.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-short.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-words.h"

static char *
describe_version (PlugRbSnapshot *snapshot)
{
  const char *version = plug_rb_snapshot_get_version (snapshot);

  if (plug_rb_snapshot_get_damaged (snapshot) != NULL)
    return g_strdup (_("damaged"));
  if (plug_rb_snapshot_get_absent (snapshot))
    return g_strdup (_("not installed"));

  return g_strdup (version ? version : "");
}

static char *
describe_label (PlugRbSnapshot *snapshot)
{
  const char *label = plug_rb_snapshot_get_label (snapshot);
  const char *note = plug_rb_snapshot_get_note (snapshot);

  if (plug_rb_snapshot_get_damaged (snapshot) != NULL)
    return g_strdup (plug_rb_snapshot_get_damaged (snapshot));
  if (label != NULL && note != NULL)
    /* TRANSLATORS: label and note of a snapshot */
    return g_strdup_printf (_("%s: %s"), label, note);

  return g_strdup (label ? label : note ? note : "");
}

static void
add_snapshot (PlugRbCliTable *table, PlugRbSnapshot *snapshot, guint length, gboolean with_plugin)
{
  g_autofree char *id = plug_rb_cli_short_id (plug_rb_snapshot_get_id (snapshot), length);
  g_autofree char *time = plug_rb_cli_wording_time (plug_rb_snapshot_get_timestamp (snapshot));
  g_autofree char *version = describe_version (snapshot);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_size (snapshot));
  g_autofree char *label = describe_label (snapshot);
  const char *reason = plug_rb_snapshot_get_damaged (snapshot)
                           ? ""
                           : plug_rb_words_reason (plug_rb_snapshot_get_reason (snapshot));
  const char *plugin = plug_rb_snapshot_get_plugin (snapshot);

  if (with_plugin)
    plug_rb_cli_table_add_row (table, id, plugin, time, version, reason, size, label, NULL);
  else
    plug_rb_cli_table_add_row (table, id, time, version, reason, size, label, NULL);
}

/**
 * plug_rb_cli_snapshot_table_print:
 * @snapshots: what is listed
 * @all: what the short ids must be unique among
 * @with_plugin: whether the plugins differ
 */
void
plug_rb_cli_snapshot_table_print (GPtrArray *snapshots, GPtrArray *all, gboolean with_plugin)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();
  guint length = plug_rb_cli_short_count_snapshots (all);

  plug_rb_cli_table_add_column (table, _("Snapshot"), PLUG_RB_CLI_COLUMN_LEFT);
  if (with_plugin)
    plug_rb_cli_table_add_column (table, _("Plugin"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Taken"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Version"), PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, _("Reason"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Size"), PLUG_RB_CLI_COLUMN_RIGHT);
  plug_rb_cli_table_add_column (table, _("Label"), PLUG_RB_CLI_COLUMN_FLEXIBLE);

  for (guint i = 0; i < snapshots->len; i++)
    add_snapshot (table, snapshots->pdata[i], length, with_plugin);

  plug_rb_cli_table_print (table);
}
