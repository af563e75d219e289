/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-policy.h"

G_BEGIN_DECLS

/* What of a plugin's snapshots may go. A pure function: it looks at nothing but its arguments. */

/**
 * PlugRbRetentionSnapshot:
 * @sequence: its place in the order of the plugin's snapshots, which no clock can change
 * @time: when it was taken, in seconds since 1970
 * @version: (nullable): version of the plugin then
 * @change: (nullable): id of the change that it was taken before or after
 * @absent: the plugin was not installed then
 * @damaged: its metadata cannot be read, so that nothing else but @id is known
 */
typedef struct {
  const char *id;
  gint64 sequence;
  gint64 time;
  const char *version;
  const char *change;
  PlugRbHealth health;
  gboolean absent;
  gboolean pinned;
  gboolean labeled;
  gboolean noted;
  gboolean damaged;
} PlugRbRetentionSnapshot;

/**
 * PlugRbRetentionRollback:
 * @target: (nullable): id of the snapshot it went to
 * @safety: (nullable): id of the snapshot that undoes it
 * @time: when it was begun, in seconds since 1970
 * @is_open: it runs, or was interrupted and waits for recovery
 * @took_effect: it changed the plugin; a failed one is protected for some days only
 *
 * A rollback or undo of the plugin.
 */
typedef struct {
  const char *target;
  const char *safety;
  gint64 time;
  gboolean is_open;
  gboolean took_effect;
} PlugRbRetentionRollback;

/**
 * PlugRbRetentionFacts:
 * @installed: whether the plugin is there; where that cannot be told, say yes
 * @installed_version: (nullable): its version now
 * @uninstalled_since: since when it is known not to be there, in seconds since 1970
 * @rollbacks: newest first
 */
typedef struct {
  gboolean installed;
  const char *installed_version;
  gint64 uninstalled_since;
  const PlugRbRetentionRollback *rollbacks;
  gsize n_rollbacks;
} PlugRbRetentionFacts;

/**
 * PlugRbRetentionReason:
 *
 * Why a snapshot stays, or may go. Of several reasons to stay, the first one here is told.
 */
typedef enum {
  PLUG_RB_RETENTION_NONE,
  PLUG_RB_RETENTION_PINNED,
  PLUG_RB_RETENTION_LABELED,
  PLUG_RB_RETENTION_NOTED,
  PLUG_RB_RETENTION_DAMAGED,
  PLUG_RB_RETENTION_OPEN,
  PLUG_RB_RETENTION_ROLLBACK,
  PLUG_RB_RETENTION_INSTALLED_VERSION,
  PLUG_RB_RETENTION_GOOD,
  PLUG_RB_RETENTION_PREVIOUS_VERSION,
  PLUG_RB_RETENTION_FUTURE,
  PLUG_RB_RETENTION_LAST_COPY,
  PLUG_RB_RETENTION_CHANGE,
  PLUG_RB_RETENTION_RECENT,
  PLUG_RB_RETENTION_OVER_COUNT,
  PLUG_RB_RETENTION_TOO_OLD,
} PlugRbRetentionReason;

void plug_rb_retention_decide (const PlugRbRetentionSnapshot *snapshots,
                               gsize n_snapshots,
                               const PlugRbRetentionFacts *facts,
                               const PlugRbPolicy *policy,
                               gint64 now,
                               PlugRbRetentionReason *reasons);
gboolean plug_rb_retention_may_go (PlugRbRetentionReason reason);
gboolean plug_rb_retention_is_copy (const PlugRbRetentionSnapshot *snapshot);
const char *plug_rb_retention_get_name (PlugRbRetentionReason reason);
char *plug_rb_retention_dup_sentence (PlugRbRetentionReason reason, const PlugRbPolicy *policy);

G_END_DECLS
