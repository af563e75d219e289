/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-sorter.h"

#include "plug-rb-operation.h"

#define DAY (24 * 60 * 60)

static gint64
get_day (GTimeZone *zone, PlugRbOperation *operation)
{
  gint64 seconds = g_date_time_to_unix (plug_rb_operation_get_started (operation));
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

  seconds += g_time_zone_get_offset (zone, interval);
  return seconds / DAY - (seconds % DAY < 0);
}

static int
compare_days (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 x = get_day (user_data, (PlugRbOperation *) a);
  gint64 y = get_day (user_data, (PlugRbOperation *) b);

  return (x < y) - (x > y);
}

/* Ids sort by time, and finer than what is shown of it. */
static int
compare_ages (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (plug_rb_operation_get_id ((PlugRbOperation *) b),
                 plug_rb_operation_get_id ((PlugRbOperation *) a));
}

GtkSorter *
plug_rb_history_sorter_new (void)
{
  return GTK_SORTER (gtk_custom_sorter_new (compare_ages, NULL, NULL));
}

GtkSorter *
plug_rb_history_sorter_new_for_days (void)
{
  return GTK_SORTER (gtk_custom_sorter_new (compare_days, g_time_zone_new_local (),
                                            (GDestroyNotify) g_time_zone_unref));
}
