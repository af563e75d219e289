/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-policy-key.h"

G_BEGIN_DECLS

/* The store's `policy.ini`. A scope says for what something holds: %NULL for all, "HOST" or
 * "HOST/ID". */

#define PLUG_RB_POLICY_FILE "policy.ini"
#define PLUG_RB_POLICY_GROUP "io/github/plugrb/PluginRollback/policy"

/**
 * PlugRbPolicyEdit:
 * @group: of the file
 * @key: (nullable): name of the setting; %NULL for all of the group, which can only be taken away
 * @text: (nullable): the value as the file has it; %NULL to take it away
 *
 * One change of the policy.
 */
typedef struct {
  char *group;
  char *key;
  char *text;
} PlugRbPolicyEdit;

PlugRbPolicyEdit *plug_rb_policy_edit_new (const char *group, const char *key, GVariant *value);
void plug_rb_policy_edit_free (PlugRbPolicyEdit *self);
GPtrArray *plug_rb_policy_edits_new (void);

char *plug_rb_policy_dup_group (const char *scope);
GPtrArray *plug_rb_policy_list_scopes (GKeyFile *file);

GKeyFile *plug_rb_policy_file_load (const char *store_path, GError **error);
void plug_rb_policy_file_apply (GKeyFile *file, GPtrArray *edits);
gboolean plug_rb_policy_file_edit (const char *store_path, GPtrArray *edits, GError **error);

G_END_DECLS
