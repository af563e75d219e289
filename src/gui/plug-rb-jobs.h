/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_JOBS (plug_rb_jobs_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbJobs, plug_rb_jobs, PLUG_RB, JOBS, GObject)

/* What one window sets going: it starts the work, shows how it goes and how it ended, and knows
 * what can be undone. Signal rolled-back: a rollback, or the undoing of one, is done and its dialog
 * closed. */

PlugRbJobs *plug_rb_jobs_new (PlugRbManager *manager, PlugRbToasts *toasts);
void plug_rb_jobs_take_snapshot (PlugRbJobs *self, PlugRbPlugin *plugin);
void plug_rb_jobs_delete (PlugRbJobs *self, const char *const *ids);
void plug_rb_jobs_toggle_pinned (PlugRbJobs *self, const char *const *ids);
void plug_rb_jobs_clean_up (PlugRbJobs *self);
void plug_rb_jobs_restore_deleted (PlugRbJobs *self, const char *const *ids);
void plug_rb_jobs_preview (PlugRbJobs *self, PlugRbSnapshot *target, const char *scope);
void plug_rb_jobs_preview_many (PlugRbJobs *self, GPtrArray *targets);
void plug_rb_jobs_choose_moment (PlugRbJobs *self, const char *host);
void plug_rb_jobs_remember (PlugRbJobs *self, PlugRbOperation *operation);
void plug_rb_jobs_undo_operation (PlugRbJobs *self, const char *id);
void plug_rb_jobs_undo_latest (PlugRbJobs *self);
gboolean plug_rb_jobs_has_any (PlugRbJobs *self);
void plug_rb_jobs_cancel (PlugRbJobs *self, const char *id);
void plug_rb_jobs_set_seen (PlugRbJobs *self, const char *id);
void plug_rb_jobs_show (PlugRbJobs *self, const char *id);

G_END_DECLS
