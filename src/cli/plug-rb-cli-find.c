/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-find.h"

#include <glib/gi18n.h>

#include "plug-rb-error.h"
#include "plug-rb-id.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

#define SHORTEST_PREFIX 4

static gboolean
is_not_found (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static PlugRbSnapshot *
find_snapshot (PlugRbCli *cli, const char *name, GError **error)
{
  g_autoptr(GError) cause = NULL;
  PlugRbSnapshot *snapshot = plug_rb_engine_find_snapshot (cli->engine, name, &cause);

  if (is_not_found (cause))
    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
        _("There is no plugin or snapshot “%s”. “plugrb list” and “plugrb snapshots” show those "
          "that there are"),
        name);
  else if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));

  return snapshot;
}

/* A whole id is nothing else, and plugins need not be looked through for it. */
static PlugRbSnapshot *
find_by_id (PlugRbCli *cli, const char *name)
{
  return plug_rb_id_is_valid (name) ? plug_rb_engine_find_snapshot (cli->engine, name, NULL) : NULL;
}

static void
find_owner (PlugRbCli *cli, PlugRbSnapshot *snapshot, PlugRbPlugin **plugin)
{
  *plugin = plug_rb_engine_find_plugin (cli->engine, plug_rb_snapshot_get_plugin (snapshot), NULL);
}

/**
 * plug_rb_cli_find:
 * @name: a plugin or a snapshot, as the user wrote it
 * @plugin: (out): the plugin, or the one that the snapshot is of; %NULL if it is gone altogether
 * @snapshot: (out): the snapshot; %NULL if @name is a plugin
 *
 * Finds what the user means. A name that is both is the plugin's.
 */
gboolean
plug_rb_cli_find (PlugRbCli *cli,
                  const char *name,
                  PlugRbPlugin **plugin,
                  PlugRbSnapshot **snapshot,
                  GError **error)
{
  g_autoptr(GError) cause = NULL;

  if ((*snapshot = find_by_id (cli, name)) != NULL) {
    find_owner (cli, *snapshot, plugin);
    return TRUE;
  }
  if ((*plugin = plug_rb_engine_find_plugin (cli->engine, name, &cause)))
    return TRUE;

  if (strchr (name, '/') != NULL || !is_not_found (cause)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  if (!(*snapshot = find_snapshot (cli, name, error)))
    return FALSE;

  find_owner (cli, *snapshot, plugin);
  return TRUE;
}

static gboolean
is_among (GPtrArray *snapshots, PlugRbSnapshot *snapshot)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (snapshots->pdata[i]),
                     plug_rb_snapshot_get_id (snapshot)))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_cli_find_snapshots:
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what all arguments of the command name,
 *   which must differ
 */
GPtrArray *
plug_rb_cli_find_snapshots (PlugRbCli *cli, GError **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; cli->arguments[i] != NULL; i++) {
    g_autoptr(PlugRbSnapshot) snapshot =
        plug_rb_engine_find_snapshot (cli->engine, cli->arguments[i], error);

    if (snapshot == NULL)
      return NULL;
    if (is_among (snapshots, snapshot)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s is named twice"),
                   plug_rb_snapshot_get_id (snapshot));
      return NULL;
    }
    g_ptr_array_add (snapshots, g_steal_pointer (&snapshot));
  }

  return g_steal_pointer (&snapshots);
}

/* ---- rollback --to */

static char *
fetch (GMatchInfo *match, const char *name, const char *fallback)
{
  char *text = g_match_info_fetch_named (match, name);

  if (text != NULL && *text != '\0')
    return text;

  g_free (text);
  return g_strdup (fallback);
}

/* What the user leaves out is filled up to the end of the second, minute or day, because that is
 * what he reads in the list of snapshots. The last digit is below what a snapshot's time has:
 * reading a fraction rounds down. */
static char *
complete_time (GMatchInfo *match, GDateTime *now)
{
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *date = fetch (match, "date", today);
  g_autofree char *minute = fetch (match, "minute", "23:59");
  g_autofree char *second = fetch (match, "second", "59");
  g_autofree char *zone = fetch (match, "zone", "");

  return g_strdup_printf ("%sT%s:%s%s", date, minute, second, zone);
}

/**
 * plug_rb_cli_find_time:
 * @text: "2026-11-22", "2026-11-22 14:05", "2026-11-22T14:05:30Z" or "14:05"
 * @now: the present, in the zone of times that name none
 *
 * Returns: (transfer full) (nullable): the last moment that @text can mean; %NULL if it is no time
 */
GDateTime *
plug_rb_cli_find_time (const char *text, GDateTime *now)
{
  static const char pattern[] =
      "^(?:(?<date>\\d{4}-\\d\\d-\\d\\d)|(?=\\d\\d:))(?:(?:^|[T ])(?<minute>\\d\\d:\\d\\d)"
      "(?::(?<second>\\d\\d)(?:\\.\\d+)?)?(?<zone>Z|[+-]\\d\\d:?\\d\\d)?)?$";
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *complete = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return NULL;

  complete = complete_time (match, now);
  return g_date_time_new_from_iso8601 (complete, g_date_time_get_timezone (now));
}

static gboolean
fits (PlugRbSnapshot *snapshot, const char *wanted, GDateTime *time)
{
  if (time != NULL)
    return g_date_time_compare (plug_rb_snapshot_get_timestamp (snapshot), time) <= 0;

  return g_strcmp0 (plug_rb_snapshot_get_version (snapshot), wanted) == 0;
}

/* Newest first, as they come. */
static PlugRbSnapshot *
choose (GPtrArray *snapshots, const char *wanted, GDateTime *time)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (plug_rb_snapshot_get_damaged (snapshots->pdata[i]) == NULL &&
        fits (snapshots->pdata[i], wanted, time))
      return g_object_ref (snapshots->pdata[i]);

  return NULL;
}

static PlugRbSnapshot *
choose_by_id (GPtrArray *snapshots, const char *prefix)
{
  PlugRbSnapshot *found = NULL;

  for (guint i = 0; i < snapshots->len && strlen (prefix) >= SHORTEST_PREFIX; i++) {
    if (!g_str_has_prefix (plug_rb_snapshot_get_id (snapshots->pdata[i]), prefix))
      continue;
    if (found != NULL)
      return NULL;
    found = snapshots->pdata[i];
  }

  return found ? g_object_ref (found) : NULL;
}

/**
 * plug_rb_cli_find_version:
 * @wanted: a version, the beginning of an id, or a time
 *
 * Returns: (transfer full): the newest snapshot of @plugin that fits
 */
PlugRbSnapshot *
plug_rb_cli_find_version (PlugRbCli *cli, PlugRbPlugin *plugin, const char *wanted, GError **error)
{
  const char *key = plug_rb_plugin_get_key (plugin);
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (cli->engine, key, error);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) time = plug_rb_cli_find_time (wanted, now);
  PlugRbSnapshot *snapshot;

  if (snapshots == NULL)
    return NULL;

  if ((snapshot = choose (snapshots, wanted, NULL)) ||
      (snapshot = choose_by_id (snapshots, wanted)) ||
      (time != NULL && (snapshot = choose (snapshots, wanted, time))))
    return snapshot;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("No snapshot of %s fits “%s”. “plugrb snapshots %s” lists them"), key, wanted,
               key);
  return NULL;
}

/**
 * plug_rb_cli_find_until:
 * @last: a snapshot of any plugin
 *
 * Returns: (transfer full): the newest snapshot of @plugin that is not newer than @last
 */
PlugRbSnapshot *
plug_rb_cli_find_until (PlugRbCli *cli, PlugRbPlugin *plugin, PlugRbSnapshot *last, GError **error)
{
  const char *key = plug_rb_plugin_get_key (plugin);
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (cli->engine, key, error);

  /* Ids sort by time, and finer than what is shown of it. */
  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++)
    if (plug_rb_snapshot_get_damaged (snapshots->pdata[i]) == NULL &&
        strcmp (plug_rb_snapshot_get_id (snapshots->pdata[i]), plug_rb_snapshot_get_id (last)) <= 0)
      return g_object_ref (snapshots->pdata[i]);

  if (snapshots != NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("No snapshot of %s is that old"),
                 key);

  return NULL;
}
