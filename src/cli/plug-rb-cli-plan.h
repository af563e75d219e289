/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-plan.h"

G_BEGIN_DECLS

void plug_rb_cli_plan_print (PlugRbPlan *plan);
void plug_rb_cli_plan_print_summary (PlugRbPlan *plan);

G_END_DECLS
