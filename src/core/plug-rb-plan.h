/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-enums.h"
#include "plug-rb-state.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PLAN (plug_rb_plan_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbPlan, plug_rb_plan, PLUG_RB, PLAN, GObject)

/* Properties: files settings dependencies (GListModel of PlugRbChange) n-files n-settings
 * n-dependencies write-bytes free-bytes warnings blockers (GStrv) is-empty.
 * A plan is the difference between two states of one plugin, and so also the preview of a rollback.
 */

/**
 * PlugRbPlanWork:
 * @host: the plugin's host
 * @live: the plugin as it is
 * @target: the state to come
 * @with_files: whether any file may change: not if only settings are brought back and the plugin
 *   keeps none of them in files
 * @excludes: globs of names that are moved from the old to the new tree
 * @paths: (nullable): what alone is brought back
 *
 * What a plan was made from. A rollback is carried out from exactly this.
 */
typedef struct {
  PlugRbHost *host;
  PlugRbState *live;
  PlugRbState *target;
  PlugRbScope scope;
  gboolean with_files;
  char **excludes;
  char **paths;
  char **kept;
} PlugRbPlanWork;

PlugRbPlan *plug_rb_plan_new (const char *plugin,
                              PlugRbSnapshot *from,
                              PlugRbSnapshot *to,
                              const char *from_version,
                              const char *to_version);
void plug_rb_plan_add_file (PlugRbPlan *self, PlugRbChange *change);
void plug_rb_plan_add_setting (PlugRbPlan *self, PlugRbChange *change);
void plug_rb_plan_add_dependency (PlugRbPlan *self, PlugRbChange *change);
void plug_rb_plan_add_warning (PlugRbPlan *self, const char *text);
void plug_rb_plan_add_blocker (PlugRbPlan *self, const char *text);
void plug_rb_plan_set_bytes (PlugRbPlan *self, guint64 write_bytes, guint64 free_bytes);
void plug_rb_plan_set_removes (PlugRbPlan *self, gboolean removes);

void plug_rb_plan_set_work (PlugRbPlan *self, const PlugRbPlanWork *work);
const PlugRbPlanWork *plug_rb_plan_get_work (PlugRbPlan *self);

const char *plug_rb_plan_get_plugin (PlugRbPlan *self);
PlugRbSnapshot *plug_rb_plan_get_from (PlugRbPlan *self);
PlugRbSnapshot *plug_rb_plan_get_to (PlugRbPlan *self);
const char *plug_rb_plan_get_from_version (PlugRbPlan *self);
const char *plug_rb_plan_get_to_version (PlugRbPlan *self);
GListModel *plug_rb_plan_get_files (PlugRbPlan *self);
GListModel *plug_rb_plan_get_settings (PlugRbPlan *self);
GListModel *plug_rb_plan_get_dependencies (PlugRbPlan *self);
guint64 plug_rb_plan_get_write_bytes (PlugRbPlan *self);
guint64 plug_rb_plan_get_free_bytes (PlugRbPlan *self);
const char *const *plug_rb_plan_get_warnings (PlugRbPlan *self);
const char *const *plug_rb_plan_get_blockers (PlugRbPlan *self);
gboolean plug_rb_plan_get_is_empty (PlugRbPlan *self);
gboolean plug_rb_plan_get_removes (PlugRbPlan *self);

PlugRbPlan *plug_rb_plan_merge (GPtrArray *plans);
JsonNode *plug_rb_plan_to_json (PlugRbPlan *self);

G_END_DECLS
