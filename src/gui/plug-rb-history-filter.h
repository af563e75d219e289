/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-enums.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_FILTER (plug_rb_history_filter_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbHistoryFilter, plug_rb_history_filter, PLUG_RB, HISTORY_FILTER, GtkFilter)

/* Which operations of the history are shown. Properties: host (id), plugin (key), kind (its nick),
 * each NULL for any; outcome (“any”, “done”, “failed” or “undone”); search; active (whether
 * anything but the search is set; notified whenever one of them changes). */

gboolean plug_rb_history_filter_get_active (PlugRbHistoryFilter *self);
void plug_rb_history_filter_clear (PlugRbHistoryFilter *self);
const char *plug_rb_history_filter_get_kind_word (PlugRbKind kind);

G_END_DECLS
