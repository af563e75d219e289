/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-change.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_CHANGE_ROW (plug_rb_change_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbChangeRow, plug_rb_change_row, PLUG_RB, CHANGE_ROW, AdwBin)

/* Properties: change, narrow, expanded (whether long texts are whole), hidden (a secret value),
 * opens (whether activating a file shows its content). */
GtkWidget *plug_rb_change_row_new (void);
PlugRbChange *plug_rb_change_row_get_change (PlugRbChangeRow *self);
void plug_rb_change_row_set_change (PlugRbChangeRow *self, PlugRbChange *change);
void plug_rb_change_row_toggle (PlugRbChangeRow *self);
char *plug_rb_change_row_dup_label (PlugRbChangeRow *self);

G_END_DECLS
