/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

/**
 * PlugRbSurvey:
 * @hosts: (element-type PlugRbHost): all known hosts
 * @plugins: (element-type PlugRbPlugin): all plugins, by host and name
 * @snapshots: (element-type PlugRbSnapshot): all snapshots, newest first
 * @operations: (element-type PlugRbOperation): the history, newest first
 * @currents: (element-type utf8 PlugRbSnapshot): by key of a plugin, the newest snapshot that
 * equals what is installed
 * @targets: (element-type utf8 PlugRbSnapshot): likewise, the snapshot to roll back to
 *
 * All that there is, as one thread found it: made in a worker, then given away as a whole.
 */
typedef struct {
  PlugRbEngine *engine;
  GPtrArray *hosts;
  GPtrArray *plugins;
  GPtrArray *snapshots;
  GPtrArray *operations;
  GHashTable *currents;
  GHashTable *targets;
} PlugRbSurvey;

PlugRbSurvey *plug_rb_survey_new (PlugRbEngine *engine, GCancellable *cancellable, GError **error);
void plug_rb_survey_free (PlugRbSurvey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSurvey, plug_rb_survey_free)

G_END_DECLS
