/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_STEP_LIST (plug_rb_step_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbStepList, plug_rb_step_list, PLUG_RB, STEP_LIST, AdwBin)

/* Property: steps, a list of PlugRbStep. */

G_END_DECLS
