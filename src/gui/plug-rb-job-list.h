/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-operation.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_JOB_LIST (plug_rb_job_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbJobList, plug_rb_job_list, PLUG_RB, JOB_LIST, GObject)

/* What goes on, and what failed without the user having seen it. Properties: operations
 * (GListModel, newest first), n-running, n-failed. There is one list for a manager. */

PlugRbJobList *plug_rb_job_list_ref_for (PlugRbManager *manager);
GListModel *plug_rb_job_list_get_operations (PlugRbJobList *self);
guint plug_rb_job_list_get_n_running (PlugRbJobList *self);
guint plug_rb_job_list_get_n_failed (PlugRbJobList *self);
void plug_rb_job_list_dismiss (PlugRbJobList *self, const char *id);

G_END_DECLS
