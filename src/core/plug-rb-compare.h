/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-plan.h"
#include "plug-rb-state.h"

G_BEGIN_DECLS

PlugRbPlan *plug_rb_compare_states (PlugRbState *from,
                                    PlugRbSnapshot *from_snapshot,
                                    PlugRbState *to,
                                    PlugRbSnapshot *to_snapshot);
gboolean plug_rb_compare_part_differs (PlugRbState *from, PlugRbState *to, const char *part);
char **plug_rb_compare_list_keys (PlugRbState *from, PlugRbState *to);

G_END_DECLS
