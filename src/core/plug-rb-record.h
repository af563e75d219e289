/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-operation.h"

G_BEGIN_DECLS

/**
 * PlugRbRecordStep:
 * @name: (not nullable): interned
 * @begun: monotonic time in microseconds, while it runs
 */
typedef struct {
  const char *name;
  PlugRbStepStatus status;
  double seconds;
  char *message;
  gint64 begun;
} PlugRbRecordStep;

/**
 * PlugRbRecord:
 * @error: (type GRefString): message of the failure
 * @error_code: (type GRefString): its name, as plug_rb_error_get_name() gives it
 * @hints: (element-type utf8): ends with %NULL; replaced, never changed, so copies share it
 * @changes: (element-type PlugRbOperationChange): likewise
 * @plugins: (element-type PlugRbOperationChange): likewise; who it is about, only key and name
 * being set
 * @fraction: how far it is; never goes back
 *
 * All that is known of one operation, as plain data without locks and signals.
 * [class@PlugRbOperation] keeps one for the thread that works and a copy for those who look.
 */
typedef struct {
  char *id;
  PlugRbKind kind;
  PlugRbStatus status;
  gboolean automatic;
  gboolean can_cancel;
  GDateTime *started;
  GDateTime *finished;
  char *error;
  char *error_code;
  GPtrArray *hints;
  GPtrArray *changes;
  GPtrArray *plugins;
  GArray *steps;
  int running;
  char *text;
  double step_fraction;
  double fraction;
} PlugRbRecord;

PlugRbRecord *plug_rb_record_new (PlugRbKind kind);
PlugRbRecord *plug_rb_record_new_from_json (JsonObject *json, GError **error);
PlugRbRecord *plug_rb_record_copy (PlugRbRecord *self);
void plug_rb_record_free (PlugRbRecord *self);

PlugRbRecordStep *plug_rb_record_get_step (PlugRbRecord *self, guint index);
void plug_rb_record_begin_step (PlugRbRecord *self, const char *name);
void plug_rb_record_report (PlugRbRecord *self, double step_fraction, const char *text);
void plug_rb_record_end_step (PlugRbRecord *self, PlugRbStepStatus status, const char *message);
void plug_rb_record_add_plugin (PlugRbRecord *self, const char *plugin, const char *name);
void plug_rb_record_add_change (PlugRbRecord *self, const PlugRbOperationChange *change);
void plug_rb_record_add_exception (PlugRbRecord *self,
                                   const char *plugin,
                                   const PlugRbException *exception);
void plug_rb_record_add_hint (PlugRbRecord *self, const char *hint);
void plug_rb_record_finish (PlugRbRecord *self, PlugRbStatus status, const GError *error);

gboolean plug_rb_record_is_finished (PlugRbRecord *self);
gboolean plug_rb_record_can_undo (PlugRbRecord *self);
gboolean plug_rb_record_concerns (PlugRbRecord *self, const char *plugin);
char **plug_rb_record_dup_plugins (PlugRbRecord *self);
char *plug_rb_record_dup_title (PlugRbRecord *self);

JsonObject *plug_rb_record_to_json (PlugRbRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbRecord, plug_rb_record_free)

G_END_DECLS
