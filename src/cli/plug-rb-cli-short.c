/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-short.h"

#include "plug-rb-snapshot.h"

static guint
count_common (const char *a, const char *b)
{
  guint length = 0;

  while (a[length] != '\0' && a[length] == b[length])
    length++;

  return length;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/**
 * plug_rb_cli_short_count:
 * @ids: (element-type utf8): ids; sorted afterwards
 *
 * Returns: how many characters it takes to tell all of them apart
 */
guint
plug_rb_cli_short_count (GPtrArray *ids)
{
  guint length = PLUG_RB_CLI_SHORTEST;

  g_ptr_array_sort_values (ids, compare_ids);
  for (guint i = 1; i < ids->len; i++)
    length = MAX (length, count_common (ids->pdata[i - 1], ids->pdata[i]) + 1);

  return length;
}

guint
plug_rb_cli_short_count_snapshots (GPtrArray *snapshots)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_sized_new (snapshots->len);

  for (guint i = 0; i < snapshots->len; i++)
    g_ptr_array_add (ids, (char *) plug_rb_snapshot_get_id (snapshots->pdata[i]));

  return plug_rb_cli_short_count (ids);
}

char *
plug_rb_cli_short_id (const char *id, guint length)
{
  return g_strndup (id, length);
}
