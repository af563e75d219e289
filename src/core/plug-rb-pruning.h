/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-retention.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/**
 * PlugRbPruned:
 * @why: a stable word, for programs
 * @sentence: the same in the user's language
 *
 * What was decided about one snapshot.
 */
typedef struct {
  PlugRbSnapshot *snapshot;
  const char *why;
  char *sentence;
} PlugRbPruned;

typedef struct {
  char *plugin;
  GError *error;
} PlugRbPruneFailure;

/**
 * PlugRbPruning:
 * @kept: (element-type PlugRbPruned): what stays
 * @deleted: (element-type PlugRbPruned): what went to the trash
 * @purged: (element-type PlugRbPruned): what was in the trash for long and is gone for good
 * @failed: (element-type PlugRbPruneFailure): plugins that were passed over
 * @freed: bytes that are free now; what is in the trash still takes its space
 *
 * What a clean-up did, or in a dry run would do.
 */
typedef struct {
  GPtrArray *kept;
  GPtrArray *deleted;
  GPtrArray *purged;
  GPtrArray *failed;
  guint64 freed;
} PlugRbPruning;

PlugRbPruning *plug_rb_pruning_new (void);
void plug_rb_pruning_free (PlugRbPruning *self);
void plug_rb_pruning_add (PlugRbPruning *self,
                          PlugRbSnapshot *snapshot,
                          PlugRbRetentionReason reason,
                          const PlugRbPolicy *policy);
void plug_rb_pruning_add_purged (PlugRbPruning *self, PlugRbSnapshot *snapshot);
void plug_rb_pruning_add_failure (PlugRbPruning *self, const char *plugin, GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPruning, plug_rb_pruning_free)

G_END_DECLS
