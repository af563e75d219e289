/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* What the tests that work on a whole user need. They run in tests/tools/scratch-session.sh. */

char *scratch_extensions (void);
void scratch_run (const char *const *argv);
char *scratch_output (const char *const *argv);
void scratch_install (const char *plugin, const char *version);
void scratch_install_sample (int version);
void scratch_stage_sample (int version);
void scratch_set (const char *key, const char *value);
char *scratch_picture (void);
char *scratch_store_files (void);
char *scratch_in_store (const char *script);
void scratch_rewrite (PlugRbSnapshot *snapshot, const char *member, const char *value);
void scratch_age (PlugRbSnapshot *snapshot, double days);
const char *scratch_require_plugins (void);

PlugRbEngine *scratch_open (void);
PlugRbSnapshot *scratch_snapshot (PlugRbEngine *engine, const char *plugin);
PlugRbOperation *scratch_roll_back (PlugRbEngine *engine, PlugRbSnapshot *target, GError **error);
PlugRbOperation *scratch_undo (PlugRbEngine *engine, GError **error);

typedef struct _ScratchShell ScratchShell;

ScratchShell *scratch_shell_start (const char *version);
void scratch_shell_stop (ScratchShell *shell);
