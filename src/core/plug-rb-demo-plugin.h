/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-demo.h"

G_BEGIN_DECLS

/* The sample plugin: a few files that the demo's own program reads. */

#define PLUG_RB_DEMO_ID "fireworks"
#define PLUG_RB_DEMO_PROGRAM_VERSION "3.0"

gboolean plug_rb_demo_plugin_set_up (const char *plugins, const char *settings, GError **error);
gboolean
plug_rb_demo_plugin_write_package (PlugRbDemoScenario scenario, const char *path, GError **error);

G_END_DECLS
