/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-operation.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_ITEM (plug_rb_history_item_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHistoryItem, plug_rb_history_item, PLUG_RB, HISTORY_ITEM, GtkBox)

/* A row of the history, which shows one operation after the other while the list scrolls. */

GtkWidget *plug_rb_history_item_new (GtkListItem *item);
void plug_rb_history_item_set_operation (PlugRbHistoryItem *self, PlugRbOperation *operation);

G_END_DECLS
