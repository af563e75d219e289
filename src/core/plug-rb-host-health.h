/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

/* What a running host says of its plugins, and what is said to it. */

PlugRbHealth plug_rb_host_ask_health (PlugRbHost *self, PlugRbPlugin *plugin, char **message);
void plug_rb_host_judge_plugins (PlugRbHost *self, GPtrArray *plugins);
gboolean plug_rb_host_pauses (PlugRbHost *self);
gboolean plug_rb_host_reload (PlugRbHost *self, const char *id);

G_END_DECLS
