/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-policy.h"

G_BEGIN_DECLS

/**
 * PlugRbPolicyKind:
 *
 * How a setting is written and shown.
 */
typedef enum {
  PLUG_RB_POLICY_SWITCH,
  PLUG_RB_POLICY_NUMBER,
  PLUG_RB_POLICY_SIZE,
  PLUG_RB_POLICY_PATTERNS,
} PlugRbPolicyKind;

/**
 * PlugRbPolicyKey:
 * @name: as in `policy.ini`
 * @kind: how it is written and shown
 * @type: of its value, the same as in the GSettings schema
 * @min: smallest number
 * @max: largest number
 * @decides_what_stays: whether a change of it can make snapshots go
 * @offset: where #PlugRbPolicy has it
 * @summary: one line for people, marked for translation
 *
 * One setting of the policy. The command line has to work where no schema is installed, so that its
 * names, types and ranges stand here, too; a test compares them with the schema.
 */
typedef struct {
  const char *name;
  PlugRbPolicyKind kind;
  const char *type;
  gint64 min;
  gint64 max;
  gboolean decides_what_stays;
  gsize offset;
  const char *summary;
} PlugRbPolicyKey;

GVariant *plug_rb_policy_read_value (GKeyFile *file, const char *group, const PlugRbPolicyKey *key);
const PlugRbPolicyKey *plug_rb_policy_key_list (gsize *n_keys);
const PlugRbPolicyKey *plug_rb_policy_key_find (const char *name);
GVariant *plug_rb_policy_key_get (const PlugRbPolicyKey *self, const PlugRbPolicy *policy);
void plug_rb_policy_key_set (const PlugRbPolicyKey *self, PlugRbPolicy *policy, GVariant *value);
gboolean plug_rb_policy_key_check (const PlugRbPolicyKey *self, GVariant *value, GError **error);
GVariant *plug_rb_policy_key_parse (const PlugRbPolicyKey *self, const char *text, GError **error);
char *plug_rb_policy_key_format (const PlugRbPolicyKey *self, GVariant *value);
char *plug_rb_policy_key_format_range (const PlugRbPolicyKey *self);

G_END_DECLS
