/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_COMPARE_VIEW (plug_rb_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbCompareView, plug_rb_compare_view, PLUG_RB, COMPARE_VIEW, AdwBin)

/* Properties: plan, narrow; opens is whether rows of files do. The lists of files, settings and
 * dependencies in which two states differ. */

void plug_rb_compare_view_set_sides (PlugRbCompareView *self,
                                     PlugRbManager *manager,
                                     PlugRbPlugin *plugin,
                                     PlugRbSnapshot *from,
                                     PlugRbSnapshot *to);
void plug_rb_compare_view_focus (PlugRbCompareView *self);

G_END_DECLS
