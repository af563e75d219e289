/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-demo.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_DEMO (plug_rb_demo_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbDemo, plug_rb_demo, PLUG_RB, DEMO, AdwDialog)

/* The installation demo: what goes wrong and under which policy is chosen, and then seen. It knows
 * of nothing that is the user's. Properties: running, has-report. */

PlugRbDemo *plug_rb_demo_new (void);
void plug_rb_demo_choose (PlugRbDemo *self, PlugRbDemoScenario scenario);

G_END_DECLS
