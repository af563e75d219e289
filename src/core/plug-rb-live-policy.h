/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-policy-backend.h"

G_BEGIN_DECLS

/**
 * PlugRbLivePolicy:
 *
 * The policy for all plugins, for those of a host, or for one, as it is now: each setting is a
 * property that has what is in force and is notified whoever changes it, and another one with
 * "-set" at its end that says whether it was set for exactly this. Writing a property sets it.
 */
#define PLUG_RB_TYPE_LIVE_POLICY (plug_rb_live_policy_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbLivePolicy, plug_rb_live_policy, PLUG_RB, LIVE_POLICY, GObject)

PlugRbLivePolicy *plug_rb_live_policy_new (PlugRbPolicyBackend *backend, const char *scope);
const PlugRbPolicy *plug_rb_live_policy_get (PlugRbLivePolicy *self);
const char *plug_rb_live_policy_get_scope (PlugRbLivePolicy *self);
gboolean plug_rb_live_policy_is_set (PlugRbLivePolicy *self, const char *key);
gboolean plug_rb_live_policy_is_any_set (PlugRbLivePolicy *self);
PlugRbPolicyEdit *
plug_rb_live_policy_make_edit (PlugRbLivePolicy *self, const char *key, GVariant *value);
gboolean plug_rb_live_policy_write (PlugRbLivePolicy *self, GPtrArray *edits, GError **error);
gboolean
plug_rb_live_policy_set (PlugRbLivePolicy *self, const char *key, GVariant *value, GError **error);

G_END_DECLS
