/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HISTORY_ROW (plug_rb_history_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHistoryRow, plug_rb_history_row, PLUG_RB, HISTORY_ROW, AdwActionRow)

GtkWidget *plug_rb_history_row_new (PlugRbOperation *operation, PlugRbPlugin *plugin);

G_END_DECLS
