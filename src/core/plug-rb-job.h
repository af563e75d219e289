/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine-install.h"
#include "plug-rb-manager.h"
#include "plug-rb-sweep.h"

G_BEGIN_DECLS

typedef struct _PlugRbJob PlugRbJob;

/**
 * PlugRbJobFunc:
 *
 * Does the work of a job, in a thread of its own.
 */
typedef gboolean (*PlugRbJobFunc) (PlugRbJob *job,
                                   PlugRbEngine *engine,
                                   GCancellable *cancellable,
                                   GError **error);

/**
 * PlugRbJob:
 * @run: does the work
 * @operation: (nullable): what shows the work; %NULL if it is done in no time
 * @snapshot: what it is about, or what it made
 * @created: whether @snapshot was made
 * @error: why it failed
 *
 * What one call of the manager does: its arguments, which do not change while it runs, and its
 * result. The thread owns the result until it ends.
 */
struct _PlugRbJob {
  PlugRbJobFunc run;
  PlugRbOperation *operation;
  GCancellable *cancellable;
  gulong cancelled_id;

  PlugRbPlugin *plugin;
  PlugRbReason reason;
  char *label;
  char *note;
  GPtrArray *targets;
  PlugRbScope scope;
  PlugRbOperation *undone;
  gboolean even_if_changed;
  char *id;
  char *path;
  PlugRbPackage *package;
  PlugRbInstallFlags flags;
  PlugRbSweep *sweep;
  gboolean pinned;
  gboolean dry_run;

  PlugRbSnapshot *snapshot;
  gboolean created;
  PlugRbPruning *pruning;
  PlugRbForesight foresight;
  GError *error;
};

PlugRbJob *
plug_rb_job_new (PlugRbJobFunc run, PlugRbOperation *operation, GCancellable *cancellable);
void plug_rb_job_free (PlugRbJob *self);
void plug_rb_job_run (PlugRbJob *self, PlugRbEngine *engine);

/* For the files that hold the manager's calls. */
GTask *plug_rb_job_new_task (PlugRbManager *manager,
                             GAsyncReadyCallback callback,
                             gpointer user_data,
                             gpointer tag);
PlugRbJob *
plug_rb_job_finish (PlugRbManager *manager, GAsyncResult *result, gpointer tag, GError **error);
PlugRbEngine *plug_rb_manager_get_engine (PlugRbManager *self);
void plug_rb_manager_run_job (PlugRbManager *self, PlugRbJob *job, GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbJob, plug_rb_job_free)

G_END_DECLS
