/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-enums.h"
#include "plug-rb-operation-change.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_OPERATION (plug_rb_operation_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbOperation, plug_rb_operation, PLUG_RB, OPERATION, GObject)

/* One run of snapshot, rollback or undo. Properties: id kind title plugins (GStrv of keys) status
 * fraction text steps (GListModel of PlugRbStep) started finished (GDateTime) error (message)
 * error-code can-cancel can-undo hints (GStrv) automatic.
 * Properties change only in the main context that was the thread's default when the operation was
 * made, at most ten times a second; a worker thread reports through the functions below.
 * Signal progress (char *step, double fraction, char *text), in that context too; the step is its
 * untranslated name, or %NULL between steps. */

PlugRbOperation *plug_rb_operation_new (PlugRbKind kind);
PlugRbOperation *plug_rb_operation_new_automatic (PlugRbKind kind);
PlugRbOperation *plug_rb_operation_new_from_json (JsonObject *json, GError **error);

const char *plug_rb_operation_get_id (PlugRbOperation *self);
PlugRbKind plug_rb_operation_get_kind (PlugRbOperation *self);
char *plug_rb_operation_dup_title (PlugRbOperation *self);
PlugRbStatus plug_rb_operation_get_status (PlugRbOperation *self);
double plug_rb_operation_get_fraction (PlugRbOperation *self);
char *plug_rb_operation_dup_text (PlugRbOperation *self);
GListModel *plug_rb_operation_get_steps (PlugRbOperation *self);
GPtrArray *plug_rb_operation_get_changes (PlugRbOperation *self);
GDateTime *plug_rb_operation_get_started (PlugRbOperation *self);
GDateTime *plug_rb_operation_get_finished (PlugRbOperation *self);
const char *plug_rb_operation_get_error (PlugRbOperation *self);
const char *plug_rb_operation_get_error_code (PlugRbOperation *self);
char **plug_rb_operation_dup_plugins (PlugRbOperation *self);
const char *const *plug_rb_operation_get_hints (PlugRbOperation *self);
GCancellable *plug_rb_operation_get_cancellable (PlugRbOperation *self);
gboolean plug_rb_operation_get_can_cancel (PlugRbOperation *self);
gboolean plug_rb_operation_get_can_undo (PlugRbOperation *self);
gboolean plug_rb_operation_get_automatic (PlugRbOperation *self);
gboolean plug_rb_operation_is_finished (PlugRbOperation *self);
gboolean plug_rb_operation_concerns (PlugRbOperation *self, const char *plugin);

/* For the thread that does the work. */
void plug_rb_operation_add_plugin (PlugRbOperation *self, const char *plugin, const char *name);
void plug_rb_operation_begin_step (PlugRbOperation *self, const char *name);
void plug_rb_operation_report (PlugRbOperation *self, double step_fraction, const char *text);
void
plug_rb_operation_end_step (PlugRbOperation *self, PlugRbStepStatus status, const char *message);
void plug_rb_operation_set_can_cancel (PlugRbOperation *self, gboolean can_cancel);
void plug_rb_operation_add_change (PlugRbOperation *self, const PlugRbOperationChange *change);
void plug_rb_operation_add_exception (PlugRbOperation *self,
                                      const char *plugin,
                                      const PlugRbException *exception);
void plug_rb_operation_add_hint (PlugRbOperation *self, const char *hint);
void plug_rb_operation_finish (PlugRbOperation *self, PlugRbStatus status, const GError *error);
void plug_rb_operation_set_status (PlugRbOperation *self, PlugRbStatus status);

JsonObject *plug_rb_operation_to_json (PlugRbOperation *self);

G_END_DECLS
