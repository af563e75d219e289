/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-chips.h"

#include <glib/gi18n.h>

#include "plug-rb-snapshot-filter.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbSnapshotChips {
  PlugRbFilterChips parent_instance;
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotChips, plug_rb_snapshot_chips, PLUG_RB_TYPE_FILTER_CHIPS)

static const char *
get_taken_text (const char *taken)
{
  if (g_str_equal (taken, "today"))
    return _("Taken today");

  return g_str_equal (taken, "week") ? _("Taken this week") : _("Taken this month");
}

static void
add_named (PlugRbFilterChips *chips, GObject *filter)
{
  PlugRbManager *manager = plug_rb_filter_chips_get_manager (chips);
  g_autofree char *plugin = NULL;
  g_autofree char *host = NULL;
  g_autofree char *taken = NULL;

  g_object_get (filter, "plugin", &plugin, "host", &host, "taken", &taken, NULL);
  if (plugin != NULL)
    plug_rb_filter_chips_add (chips, plug_rb_wording_plugin_name (manager, plugin), "plugin");
  if (host != NULL)
    plug_rb_filter_chips_add (chips, plug_rb_wording_host_name (manager, host), "host");
  if (!g_str_equal (taken, "any"))
    plug_rb_filter_chips_add (chips, get_taken_text (taken), "taken");
}

/* The name of a reason's chip is its number. */
static void
add_reasons (PlugRbFilterChips *chips, PlugRbSnapshotFilter *filter)
{
  for (guint i = 0; i <= PLUG_RB_REASON_PACKAGE; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    if (plug_rb_snapshot_filter_has_reason (filter, (PlugRbReason) i))
      plug_rb_filter_chips_add (chips, plug_rb_words_reason ((PlugRbReason) i), name);
  }
}

static void
add_flags (PlugRbFilterChips *chips, GObject *filter)
{
  gboolean kept_only;
  gboolean damaged_only;

  g_object_get (filter, "kept-only", &kept_only, "damaged-only", &damaged_only, NULL);
  if (kept_only)
    plug_rb_filter_chips_add (chips, _("Pinned or labeled"), "kept-only");
  if (damaged_only)
    plug_rb_filter_chips_add (chips, _("Damaged"), "damaged-only");
}

static void
plug_rb_snapshot_chips_fill (PlugRbFilterChips *chips, GObject *filter)
{
  add_named (chips, filter);
  add_reasons (chips, PLUG_RB_SNAPSHOT_FILTER (filter));
  add_flags (chips, filter);
}

static void
plug_rb_snapshot_chips_remove (PlugRbFilterChips *chips, GObject *filter, const char *name)
{
  if (g_ascii_isdigit (*name))
    plug_rb_snapshot_filter_set_reason (PLUG_RB_SNAPSHOT_FILTER (filter),
                                        (PlugRbReason) g_ascii_strtoull (name, NULL, 10), FALSE);
  else if (g_str_equal (name, "taken"))
    g_object_set (filter, "taken", "any", NULL);
  else if (g_str_has_suffix (name, "only"))
    g_object_set (filter, name, FALSE, NULL);
  else
    g_object_set (filter, name, NULL, NULL);
}

static void
plug_rb_snapshot_chips_clear (PlugRbFilterChips *chips, GObject *filter)
{
  plug_rb_snapshot_filter_clear (PLUG_RB_SNAPSHOT_FILTER (filter));
}

static void
plug_rb_snapshot_chips_class_init (PlugRbSnapshotChipsClass *klass)
{
  PlugRbFilterChipsClass *chips_class = PLUG_RB_FILTER_CHIPS_CLASS (klass);

  chips_class->fill = plug_rb_snapshot_chips_fill;
  chips_class->remove = plug_rb_snapshot_chips_remove;
  chips_class->clear = plug_rb_snapshot_chips_clear;
}

static void
plug_rb_snapshot_chips_init (PlugRbSnapshotChips *self)
{
}
