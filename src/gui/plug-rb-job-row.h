/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-operation.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_JOB_ROW (plug_rb_job_row_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbJobRow, plug_rb_job_row, PLUG_RB, JOB_ROW, GtkListBoxRow)

/* An operation that runs, or that failed. To be dismissed it asks whoever shows it, by
 * “jobs.dismiss”; to be stopped, the window, by “win.cancel”. */

GtkWidget *plug_rb_job_row_new (PlugRbOperation *operation);
PlugRbOperation *plug_rb_job_row_get_operation (PlugRbJobRow *self);

G_END_DECLS
