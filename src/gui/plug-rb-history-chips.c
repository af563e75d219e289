/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-chips.h"

#include <glib/gi18n.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-history-filter.h"
#include "plug-rb-wording.h"

struct _PlugRbHistoryChips {
  PlugRbFilterChips parent_instance;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryChips, plug_rb_history_chips, PLUG_RB_TYPE_FILTER_CHIPS)

static const char *
get_kind_word (const char *nick)
{
  int kind;

  if (!plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, nick, &kind))
    return nick;

  return plug_rb_history_filter_get_kind_word ((PlugRbKind) kind);
}

static const char *
get_outcome_word (const char *outcome)
{
  if (g_str_equal (outcome, "done"))
    return _("Done");

  return g_str_equal (outcome, "failed") ? _("Failed") : _("Undone");
}

static void
plug_rb_history_chips_fill (PlugRbFilterChips *chips, GObject *filter)
{
  PlugRbManager *manager = plug_rb_filter_chips_get_manager (chips);
  g_autofree char *host = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *outcome = NULL;
  g_autofree char *plugin = NULL;

  g_object_get (filter, "host", &host, "kind", &kind, "outcome", &outcome, "plugin", &plugin, NULL);
  if (plugin != NULL)
    plug_rb_filter_chips_add (chips, plug_rb_wording_plugin_name (manager, plugin), "plugin");
  if (host != NULL)
    plug_rb_filter_chips_add (chips, plug_rb_wording_host_name (manager, host), "host");
  if (kind != NULL)
    plug_rb_filter_chips_add (chips, get_kind_word (kind), "kind");
  if (!g_str_equal (outcome, "any"))
    plug_rb_filter_chips_add (chips, get_outcome_word (outcome), "outcome");
}

static void
plug_rb_history_chips_clear (PlugRbFilterChips *chips, GObject *filter)
{
  plug_rb_history_filter_clear (PLUG_RB_HISTORY_FILTER (filter));
}

static void
plug_rb_history_chips_class_init (PlugRbHistoryChipsClass *klass)
{
  PlugRbFilterChipsClass *chips_class = PLUG_RB_FILTER_CHIPS_CLASS (klass);

  chips_class->fill = plug_rb_history_chips_fill;
  chips_class->clear = plug_rb_history_chips_clear;
}

static void
plug_rb_history_chips_init (PlugRbHistoryChips *self)
{
}
