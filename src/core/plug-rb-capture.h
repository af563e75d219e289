/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-state.h"

G_BEGIN_DECLS

/**
 * PlugRbCapture:
 * @folders: (nullable): dconf folders that earlier versions of the plugin used: their keys are read
 *   too, because a rollback to such a version writes them
 * @excludes: (nullable): globs of names that are passed over, beside the host's cache globs
 * @pack: (nullable): gets the contents that the plugin's newest snapshot does not hold
 * @limit: largest sum of the files' sizes in bytes; 0 for any
 * @relinked: (nullable): the plugin's files as they were seen before links of ours to its files
 * came or went: what else looks the same is taken to be the same
 * @settled: no more of them will come or go: what is seen now may be remembered
 * @progress: (nullable): called for each file that is read
 *
 * How a plugin is read.
 */
typedef struct {
  const char *const *folders;
  const char *const *excludes;
  PlugRbPack *pack;
  guint64 limit;
  PlugRbTable *relinked;
  gboolean settled;
  PlugRbScanFunc progress;
  gpointer user_data;
} PlugRbCapture;

PlugRbState *plug_rb_capture_plugin (const PlugRbCapture *capture,
                                     PlugRbHost *host,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GError **error);
PlugRbState *plug_rb_capture_absence (PlugRbHost *host,
                                      const char *id,
                                      PlugRbValues *values,
                                      GPtrArray *memberships);
gboolean plug_rb_capture_store (PlugRbState *state,
                                PlugRbPack *pack,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
