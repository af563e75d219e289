/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-plan.h"
#include "plug-rb-state.h"

G_BEGIN_DECLS

gboolean plug_rb_plan_target_derive (PlugRbPlanWork *work,
                                     PlugRbState *stored,
                                     const PlugRbRollbackOptions *options,
                                     GError **error);

G_END_DECLS
