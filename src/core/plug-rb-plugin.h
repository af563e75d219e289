/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PLUGIN (plug_rb_plugin_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPlugin, plug_rb_plugin, PLUG_RB, PLUGIN, GObject)

/* Properties: key id host name version description path enabled installed message health
 * health-message hint busy snapshots n-snapshots latest-good
 * current (the snapshot that equals what is installed, or NULL) */

PlugRbHost *plug_rb_plugin_get_host (PlugRbPlugin *self);
const char *plug_rb_plugin_get_key (PlugRbPlugin *self);
const char *plug_rb_plugin_get_id (PlugRbPlugin *self);
const char *plug_rb_plugin_get_name (PlugRbPlugin *self);
const char *plug_rb_plugin_get_version (PlugRbPlugin *self);
const char *plug_rb_plugin_get_path (PlugRbPlugin *self);
const char *plug_rb_plugin_get_message (PlugRbPlugin *self);
gboolean plug_rb_plugin_get_enabled (PlugRbPlugin *self);
gboolean plug_rb_plugin_get_installed (PlugRbPlugin *self);
PlugRbHealth plug_rb_plugin_get_health (PlugRbPlugin *self);
const char *plug_rb_plugin_get_health_message (PlugRbPlugin *self);
void plug_rb_plugin_set_verdict (PlugRbPlugin *self, PlugRbHealth health, const char *message);
const char *plug_rb_plugin_get_hint (PlugRbPlugin *self);
gboolean plug_rb_plugin_get_busy (PlugRbPlugin *self);

GListModel *plug_rb_plugin_get_snapshots (PlugRbPlugin *self);
guint plug_rb_plugin_get_n_snapshots (PlugRbPlugin *self);
PlugRbSnapshot *plug_rb_plugin_get_latest_good (PlugRbPlugin *self);
PlugRbSnapshot *plug_rb_plugin_get_current (PlugRbPlugin *self);

void plug_rb_plugin_set_hint (PlugRbPlugin *self, const char *hint);
void plug_rb_plugin_set_busy (PlugRbPlugin *self, gboolean busy);
void plug_rb_plugin_set_snapshots (PlugRbPlugin *self, GPtrArray *snapshots);
void plug_rb_plugin_set_latest_good (PlugRbPlugin *self, PlugRbSnapshot *snapshot);
void plug_rb_plugin_set_current (PlugRbPlugin *self, PlugRbSnapshot *snapshot);
void plug_rb_plugin_update (PlugRbPlugin *self, PlugRbPlugin *seen);
JsonObject *plug_rb_plugin_to_contract_json (PlugRbPlugin *self);

G_END_DECLS
