/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-policy-file.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbPolicyBackend:
 *
 * Where GSettings of the policy are kept: the store's `policy.ini`, in the format of GLib's own
 * keyfile backend. That one writes what it read some time ago, so that of two processes one loses
 * what the other has set, and it writes over a file that it could not read; this one changes the
 * file as plug_rb_policy_file_edit() does.
 */
#define PLUG_RB_TYPE_POLICY_BACKEND (plug_rb_policy_backend_get_type ())
GType plug_rb_policy_backend_get_type (void);

typedef struct _PlugRbPolicyBackend PlugRbPolicyBackend;

PlugRbPolicyBackend *plug_rb_policy_backend_new (const char *store_path);
GSettings *plug_rb_policy_backend_create_settings (PlugRbPolicyBackend *self, const char *scope);
GKeyFile *plug_rb_policy_backend_dup_file (PlugRbPolicyBackend *self);
gboolean plug_rb_policy_backend_edit (PlugRbPolicyBackend *self, GPtrArray *edits, GError **error);

G_END_DECLS
