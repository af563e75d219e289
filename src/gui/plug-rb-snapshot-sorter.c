/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-sorter.h"

#include "plug-rb-snapshot.h"

#define DAY (24 * 60 * 60)

struct _PlugRbSnapshotSorter {
  GtkSorter parent_instance;

  PlugRbOrder order;
  gboolean sections;
  GTimeZone *zone;
  GHashTable *places; /* of names in the alphabet, by keys of plugins */
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotSorter, plug_rb_snapshot_sorter, GTK_TYPE_SORTER)

static gint64
get_day (PlugRbSnapshotSorter *self, PlugRbSnapshot *snapshot)
{
  gint64 seconds = g_date_time_to_unix (plug_rb_snapshot_get_timestamp (snapshot));
  int interval = g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, seconds);

  seconds += g_time_zone_get_offset (self->zone, interval);
  return seconds / DAY - (seconds % DAY < 0);
}

/* Comparing names as people sort them is costly, and each is compared often. */
static const char *
find_place (PlugRbSnapshotSorter *self, PlugRbSnapshot *snapshot)
{
  const char *key = plug_rb_snapshot_get_plugin (snapshot);
  const char *name = plug_rb_snapshot_get_name (snapshot);
  char *place = g_hash_table_lookup (self->places, key);
  g_autofree char *folded = NULL;

  if (place != NULL)
    return place;

  folded = g_utf8_casefold (name != NULL ? name : plug_rb_snapshot_get_plugin_id (snapshot), -1);
  place = g_utf8_collate_key (folded, -1);
  g_hash_table_insert (self->places, g_strdup (key), place);

  return place;
}

static int
compare_plugins (PlugRbSnapshotSorter *self, PlugRbSnapshot *a, PlugRbSnapshot *b)
{
  const char *x = plug_rb_snapshot_get_plugin (a);
  const char *y = plug_rb_snapshot_get_plugin (b);
  int places = strcmp (find_place (self, a), find_place (self, b));

  return places != 0 ? places : strcmp (x, y);
}

/* Ids sort by time, and finer than what is shown of it. */
static int
compare_ages (PlugRbSnapshot *a, PlugRbSnapshot *b)
{
  return strcmp (plug_rb_snapshot_get_id (b), plug_rb_snapshot_get_id (a));
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_sections (PlugRbSnapshotSorter *self, PlugRbSnapshot *a, PlugRbSnapshot *b)
{
  gint64 x;
  gint64 y;

  if (self->order == PLUG_RB_ORDER_PLUGIN)
    return compare_plugins (self, a, b);

  x = get_day (self, a);
  y = get_day (self, b);
  return self->order == PLUG_RB_ORDER_OLDEST ? (x > y) - (x < y) : (x < y) - (x > y);
}

static int
compare_items (PlugRbSnapshotSorter *self, PlugRbSnapshot *a, PlugRbSnapshot *b)
{
  int result = 0;

  switch (self->order) {
  case PLUG_RB_ORDER_OLDEST:
    return compare_ages (b, a);
  case PLUG_RB_ORDER_LARGEST:
    result = compare_numbers (plug_rb_snapshot_get_size (b), plug_rb_snapshot_get_size (a));
    break;
  case PLUG_RB_ORDER_PLUGIN:
    result = compare_plugins (self, a, b);
    break;
  case PLUG_RB_ORDER_NEWEST:
  default:
    break;
  }

  return result != 0 ? result : compare_ages (a, b);
}

static GtkOrdering
plug_rb_snapshot_sorter_compare (GtkSorter *sorter, gpointer a, gpointer b)
{
  PlugRbSnapshotSorter *self = (PlugRbSnapshotSorter *) sorter;

  return gtk_ordering_from_cmpfunc (self->sections ? compare_sections (self, a, b)
                                                   : compare_items (self, a, b));
}

static GtkSorterOrder
plug_rb_snapshot_sorter_get_order (GtkSorter *sorter)
{
  return PLUG_RB_SNAPSHOT_SORTER (sorter)->sections ? GTK_SORTER_ORDER_PARTIAL
                                                    : GTK_SORTER_ORDER_TOTAL;
}

static void
plug_rb_snapshot_sorter_finalize (GObject *object)
{
  PlugRbSnapshotSorter *self = PLUG_RB_SNAPSHOT_SORTER (object);

  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->places, g_hash_table_unref);

  G_OBJECT_CLASS (plug_rb_snapshot_sorter_parent_class)->finalize (object);
}

static void
plug_rb_snapshot_sorter_class_init (PlugRbSnapshotSorterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_snapshot_sorter_finalize;
  GTK_SORTER_CLASS (klass)->compare = plug_rb_snapshot_sorter_compare;
  GTK_SORTER_CLASS (klass)->get_order = plug_rb_snapshot_sorter_get_order;
}

static void
plug_rb_snapshot_sorter_init (PlugRbSnapshotSorter *self)
{
  self->zone = g_time_zone_new_local ();
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

gboolean
plug_rb_order_parse (const char *name, PlugRbOrder *order)
{
  static const char *const names[] = { "newest", "oldest", "largest", "plugin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0) {
      *order = (PlugRbOrder) i;
      return TRUE;
    }

  return FALSE;
}

GtkSorter *
plug_rb_snapshot_sorter_new (PlugRbOrder order)
{
  PlugRbSnapshotSorter *self = g_object_new (PLUG_RB_TYPE_SNAPSHOT_SORTER, NULL);

  self->order = order;

  return GTK_SORTER (self);
}

GtkSorter *
plug_rb_snapshot_sorter_new_for_sections (PlugRbOrder order)
{
  PlugRbSnapshotSorter *self;

  if (order == PLUG_RB_ORDER_LARGEST)
    return NULL;

  self = g_object_new (PLUG_RB_TYPE_SNAPSHOT_SORTER, NULL);
  self->order = order;
  self->sections = TRUE;

  return GTK_SORTER (self);
}
