/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-retention.h"

G_BEGIN_DECLS

/**
 * PlugRbFacts:
 * @snapshots: (element-type PlugRbSnapshot): of the plugin, newest first
 * @retention: what plug_rb_retention_decide() asks for
 * @now: the present, in seconds since 1970
 *
 * What has to be known of a plugin to decide what of it may go. Made on the stack.
 */
typedef struct {
  PlugRbEngine *engine;
  char *key;
  GPtrArray *snapshots;
  PlugRbPolicy policy;
  PlugRbRetentionFacts retention;
  gint64 now;
  PlugRbPlugin *plugin;
  GPtrArray *journals;
  GPtrArray *operations;
  GArray *rollbacks;
} PlugRbFacts;

gboolean
plug_rb_facts_init (PlugRbFacts *self, PlugRbEngine *engine, const char *plugin, GError **error);
gboolean plug_rb_facts_read_history (PlugRbFacts *self, GError **error);
void plug_rb_facts_remember_absence (PlugRbFacts *self, gboolean dry_run);
PlugRbRetentionReason *plug_rb_facts_decide (PlugRbFacts *self);
void plug_rb_facts_clear (PlugRbFacts *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbFacts, plug_rb_facts_clear)

G_END_DECLS
