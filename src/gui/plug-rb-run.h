/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-engine.h"
#include "plug-rb-jobs.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

/**
 * PlugRbRun:
 * @jobs: (unowned): who started it, and stays until it is done
 * @plugin: the plugin, or one of several
 * @operation: (nullable): what the manager tells of it; a snapshot has none
 * @undone: (nullable): the operation that it takes back
 * @targets: (nullable) (element-type PlugRbSnapshot): what it rolls back to
 * @scope: how much of them
 * @had_no_preview: whether the user has seen nothing of it yet
 *
 * A rollback, an undo or the taking of a snapshot that the window started, until it is done; one
 * that failed, until it is tried again.
 */
typedef struct {
  PlugRbJobs *jobs;
  PlugRbPlugin *plugin;
  PlugRbOperation *operation;
  PlugRbOperation *undone;
  GPtrArray *targets;
  PlugRbScope scope;
  gboolean had_no_preview;
} PlugRbRun;

PlugRbRun *plug_rb_run_new (PlugRbJobs *jobs, PlugRbPlugin *plugin);
void plug_rb_run_free (PlugRbRun *run);
gboolean plug_rb_run_is_undo (const PlugRbRun *run);
gboolean plug_rb_run_is_redo (const PlugRbRun *run);
char *plug_rb_run_dup_title (const PlugRbRun *run);

G_END_DECLS
