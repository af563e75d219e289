/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-demo.h"

G_BEGIN_DECLS

JsonObject *plug_rb_demo_picture_take (PlugRbHost *host, const char *plugins, const char *settings);
PlugRbDemoVerdict plug_rb_demo_picture_compare (JsonObject *before, JsonObject *after);

G_END_DECLS
