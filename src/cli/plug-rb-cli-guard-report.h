/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-cli.h"
#include "plug-rb-guard.h"

G_BEGIN_DECLS

/**
 * PlugRbCliGuarding:
 * @command: the name of the command that was run
 * @wait_status: as of waitpid(2)
 * @guard: what was guarded
 * @changes: (nullable) (element-type PlugRbGuardChange): what the command did; %NULL if that is not
 *   known
 * @operation: (nullable): what took it back
 * @error: (nullable): what went wrong afterwards
 *
 * One run of a guarded command.
 */
typedef struct {
  const char *command;
  int wait_status;
  PlugRbGuard *guard;
  GPtrArray *changes;
  PlugRbOperation *operation;
  GError *error;
} PlugRbCliGuarding;

int plug_rb_cli_guarding_get_code (const PlugRbCliGuarding *self);
gboolean plug_rb_cli_guarding_is_broken (const PlugRbCliGuarding *self);
void plug_rb_cli_guarding_explain (const PlugRbCliGuarding *self);
void plug_rb_cli_guarding_report (const PlugRbCliGuarding *self, gboolean json);

G_END_DECLS
