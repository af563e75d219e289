/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

/**
 * PlugRbGuardChange:
 * @plugin: the plugin as it is now
 * @kind: added, removed or changed
 * @from_version: (nullable): its version before
 * @before: (nullable): what to go back to
 * @broken: whether it does not work now, and did before or was not there
 * @message: (nullable): what is wrong with it
 *
 * What became of one guarded plugin.
 */
typedef struct {
  PlugRbPlugin *plugin;
  PlugRbChangeKind kind;
  char *from_version;
  PlugRbSnapshot *before;
  gboolean broken;
  char *message;
} PlugRbGuardChange;

/**
 * PlugRbGuard:
 *
 * Brackets a change that somebody else makes to plugins: snapshots before it, a look at what it
 * did, and all of it taken back as one operation. Holds no lock in between, and leaves nothing but
 * snapshots if it is never finished.
 */
typedef struct _PlugRbGuard PlugRbGuard;

PlugRbGuard *plug_rb_guard_begin (PlugRbEngine *engine,
                                  GPtrArray *plugins,
                                  PlugRbHost *host,
                                  GCancellable *cancellable,
                                  GError **error);
void plug_rb_guard_free (PlugRbGuard *self);
GPtrArray *plug_rb_guard_list_snapshots (PlugRbGuard *self);
GPtrArray *plug_rb_guard_look (PlugRbGuard *self, GCancellable *cancellable, GError **error);
gboolean plug_rb_guard_roll_back (PlugRbGuard *self,
                                  GPtrArray *changes,
                                  PlugRbOperation *operation,
                                  GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbGuard, plug_rb_guard_free)

G_END_DECLS
