/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-files.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"
#include "plug-rb-host.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-scan.h"

/**
 * plug_rb_cli_files_read:
 *
 * Returns: (transfer full): the files of a plugin as they are now; their contents are not read
 */
PlugRbTable *
plug_rb_cli_files_read (PlugRbPlugin *plugin, GCancellable *cancellable, GError **error)
{
  PlugRbHost *host = plug_rb_plugin_get_host (plugin);
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, plug_rb_plugin_get_id (plugin));
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();
  const PlugRbScan scan = {
    .cache_globs = plug_rb_host_get_cache_globs (host),
    .looks_only = TRUE,
    .cancellable = cancellable,
  };

  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (!plug_rb_scan_part (&scan, table, part->name, part->path, error))
      return NULL;
  }

  plug_rb_table_close (table);
  return g_steal_pointer (&table);
}

static const char *
get_type (const PlugRbEntry *entry)
{
  switch (entry->type) {
  case PLUG_RB_ENTRY_FOLDER:
    return "folder";
  case PLUG_RB_ENTRY_LINK:
    return "link";
  case PLUG_RB_ENTRY_FILE:
  default:
    return "file";
  }
}

/* To the nanosecond, as the file system has it. */
static char *
format_mtime (const PlugRbEntry *entry)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (entry->mtime);
  g_autofree char *text = time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : NULL;

  return text ? g_strdup_printf ("%s.%09uZ", text, entry->nsec) : NULL;
}

static JsonObject *
entry_to_json (const PlugRbEntry *entry)
{
  JsonObject *json = json_object_new ();
  g_autofree char *path = g_utf8_make_valid (entry->path, -1);
  g_autofree char *target = entry->target ? g_utf8_make_valid (entry->target, -1) : NULL;
  g_autofree char *mode = g_strdup_printf ("%04o", entry->mode);
  g_autofree char *mtime = format_mtime (entry);

  plug_rb_json_set_string (json, "part", entry->part);
  plug_rb_json_set_string (json, "path", path);
  plug_rb_json_set_string (json, "type", get_type (entry));
  plug_rb_json_set_string (json, "mode", mode);
  json_object_set_int_member (json, "size", (gint64) entry->size);
  plug_rb_json_set_string (json, "mtime", mtime);
  plug_rb_json_set_string (json, "target", target);
  plug_rb_json_set_string (json, "sha256", entry->sha256);

  return json;
}

JsonArray *
plug_rb_cli_files_to_json (PlugRbTable *table)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    json_array_add_object_element (array, entry_to_json (plug_rb_table_get (table, i)));

  return array;
}

static char *
describe_path (const PlugRbEntry *entry)
{
  g_autofree char *path = g_build_filename (entry->part, entry->path, NULL);

  if (entry->type == PLUG_RB_ENTRY_FOLDER)
    return g_strconcat (path, "/", NULL);
  if (entry->type == PLUG_RB_ENTRY_LINK)
    return g_strconcat (path, " → ", entry->target, NULL);

  return g_steal_pointer (&path);
}

static void
add_entry (PlugRbCliTable *rows, const PlugRbEntry *entry)
{
  g_autofree char *mode = g_strdup_printf ("%04o", entry->mode);
  g_autofree char *size = entry->type == PLUG_RB_ENTRY_FILE ? g_format_size (entry->size) : NULL;
  gboolean settings = g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS);
  g_autoptr(GDateTime) mtime = settings ? NULL : g_date_time_new_from_unix_utc (entry->mtime);
  g_autofree char *time = plug_rb_cli_wording_time (mtime);
  g_autofree char *path = describe_path (entry);

  plug_rb_cli_table_add_row (rows, mode, size ? size : "", time, path, NULL);
}

void
plug_rb_cli_files_print (PlugRbTable *table)
{
  g_autoptr(PlugRbCliTable) rows = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (rows, _("Mode"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (rows, _("Size"), PLUG_RB_CLI_COLUMN_RIGHT);
  plug_rb_cli_table_add_column (rows, _("Modified"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (rows, _("File"), PLUG_RB_CLI_COLUMN_LEFT);
  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    add_entry (rows, plug_rb_table_get (table, i));

  g_print ("\n");
  plug_rb_cli_table_print (rows);
}
