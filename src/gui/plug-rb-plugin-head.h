/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PLUGIN_HEAD (plug_rb_plugin_head_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPluginHead, plug_rb_plugin_head, PLUG_RB, PLUGIN_HEAD, AdwBin)

/* Properties: plugin, job, narrow. Name, state and the two great buttons of a plugin. */

G_END_DECLS
