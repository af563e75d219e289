/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-step.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_STEP_ROW (plug_rb_step_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbStepRow, plug_rb_step_row, PLUG_RB, STEP_ROW, AdwActionRow)

GtkWidget *plug_rb_step_row_new (PlugRbStep *step);

G_END_DECLS
