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
  char *store_dir;
  GPtrArray *hosts;
  GPtrArray *plugins;
  GPtrArray *snapshots;
  GPtrArray *operations;
  GHashTable *currents;
  GHashTable *targets;
} PlugRbSurvey;

void plug_rb_survey_new_async (PlugRbEngine *engine,
                               const char *store_dir,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PlugRbSurvey *plug_rb_survey_new_finish (GAsyncResult *result, GError **error);
void plug_rb_survey_unref (PlugRbSurvey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSurvey, plug_rb_survey_unref)

G_END_DECLS
