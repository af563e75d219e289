/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Why something is not plainly as the snapshot says. */
#define PLUG_RB_REASON_CONFLICT "conflict"
#define PLUG_RB_REASON_CHANGED_BY_HOST "changed-by-host"
#define PLUG_RB_REASON_LATE_WRITES "late-writes"
#define PLUG_RB_REASON_EXCLUDED "excluded"

/**
 * PlugRbException:
 * @item: path of a file in the plugin's folder, or name of a setting
 * @outcome: "skipped" or "failed", as in the counts of the change; "kept" for what was saved from
 *   being deleted
 * @reason: one of the words above
 * @path: (nullable): where what was saved lies now
 *
 * One thing that is not plainly as the snapshot says.
 */
typedef struct {
  char *item;
  char *outcome;
  char *reason;
  char *path;
} PlugRbException;

/**
 * PlugRbOperationChange:
 * @counted: whether what follows was read back from the disk
 * @restored: files and settings that differed and are as in the snapshot now
 * @unchanged: files and settings that were so already
 * @skipped: those that were left alone
 * @failed: those that are not as they should be
 * @exceptions: (nullable) (element-type PlugRbException): what is not plain
 *
 * What became of one plugin. Versions, @safety_snapshot and @after_table may be %NULL.
 */
typedef struct {
  char *plugin;
  char *name;
  char *from_version;
  char *to_version;
  char *target;
  char *safety_snapshot;
  char *after_table;
  gboolean counted;
  guint restored;
  guint unchanged;
  guint skipped;
  guint failed;
  GPtrArray *exceptions;
} PlugRbOperationChange;

PlugRbOperationChange *plug_rb_operation_change_copy (const PlugRbOperationChange *change);
void plug_rb_operation_change_free (PlugRbOperationChange *change);
void plug_rb_operation_change_add_exception (PlugRbOperationChange *change,
                                             const PlugRbException *exception);
JsonObject *plug_rb_operation_change_to_json (const PlugRbOperationChange *change);
PlugRbOperationChange *plug_rb_operation_change_new_from_json (JsonObject *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbOperationChange, plug_rb_operation_change_free)

G_END_DECLS
