/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine-policy.h"

G_BEGIN_DECLS

/**
 * PlugRbPolicyView:
 * @file: what is set
 * @scope: (nullable): for what it is shown; %NULL for all plugins
 * @only: (nullable): the one setting that is shown
 * @edits: (element-type PlugRbPolicyEdit): what is changed
 * @foresight: what goes because of @edits
 *
 * What the command “policy” shows.
 */
typedef struct {
  GKeyFile *file;
  char *scope;
  const PlugRbPolicyKey *only;
  GPtrArray *edits;
  PlugRbForesight foresight;
} PlugRbPolicyView;

void plug_rb_cli_policy_show_all (const PlugRbPolicyView *view, gboolean as_json);
void plug_rb_cli_policy_show_one (const PlugRbPolicyView *view, gboolean as_json);
void
plug_rb_cli_policy_show_change (const PlugRbPolicyView *view, gboolean as_json, gboolean dry_run);

G_END_DECLS
