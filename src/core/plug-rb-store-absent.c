/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

/* Hosts remove plugins behind our back, and a plugin that did not change has no snapshot of late.
 * So the last copy of a plugin that is gone is kept from when that was first seen, which this file
 * in the plugin's folder remembers. */
#define MARK ".absent-since"
#define MARK_LIMIT 4096

static int
open_folder (PlugRbStore *self, const char *plugin)
{
  g_autofree char *below = plug_rb_store_escape_key (plugin);
  g_autofree char *folder = plug_rb_store_build_path (self, "snapshots", below, NULL);

  return plug_rb_fs_open_folder (folder, NULL);
}

static gboolean
read_mark (int fd, gint64 *since)
{
  g_autoptr(GBytes) bytes = plug_rb_fs_read (fd, MARK, MARK_LIMIT, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GDateTime) time = NULL;

  if (bytes == NULL)
    return FALSE;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  time = plug_rb_time_from_string (g_strchomp (text));
  if (time != NULL)
    *since = g_date_time_to_unix (time);

  return time != NULL;
}

static void
write_mark (int fd, gint64 now)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (now);
  g_autofree char *text = plug_rb_time_to_string (time);
  g_autoptr(GError) error = NULL;

  if (!plug_rb_fs_replace (fd, MARK, text, strlen (text), &error))
    g_debug ("It is not remembered since when a plugin is gone: %s", error->message);
}

/**
 * plug_rb_store_mark_absent:
 * @plugin: key of a plugin that is not installed
 * @present: when it was last known to be there, in seconds since 1970
 * @now: the present, likewise
 * @dry_run: write nothing
 *
 * Remembers since when a plugin has been gone. The caller holds the plugin's lock.
 *
 * Returns: since when, in seconds since 1970
 */
gint64
plug_rb_store_mark_absent (
    PlugRbStore *self, const char *plugin, gint64 present, gint64 now, gboolean dry_run)
{
  g_autofd int fd = open_folder (self, plugin);
  gint64 since;

  if (fd < 0)
    return now;
  if (read_mark (fd, &since) && since >= present)
    return since;

  if (!dry_run)
    write_mark (fd, now);

  return now;
}

/**
 * plug_rb_store_unmark_absent:
 * @plugin: key of a plugin that is installed
 *
 * Forgets that the plugin was gone. The caller holds the plugin's lock.
 */
void
plug_rb_store_unmark_absent (PlugRbStore *self, const char *plugin)
{
  g_autofd int fd = open_folder (self, plugin);

  if (fd >= 0)
    unlinkat (fd, MARK, 0);
}
