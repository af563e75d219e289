/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-operation.h"
#include "plug-rb-state.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbStage:
 *
 * The new trees of one plugin on their way: complete copies of the target state, built beside the
 * live ones. Files that do not change are linked, all others come from the snapshot's archives,
 * checked against their SHA-256 as they are written. Used by one thread.
 */
typedef struct _PlugRbStage PlugRbStage;

char *plug_rb_stage_find_parent (const char *root, GError **error);

PlugRbStage *plug_rb_stage_new (PlugRbState *live, PlugRbState *target);
void plug_rb_stage_free (PlugRbStage *self);
gboolean
plug_rb_stage_add_tree (PlugRbStage *self, const char *part, const char *folder, GError **error);
guint plug_rb_stage_get_n_linked (PlugRbStage *self);
guint plug_rb_stage_get_n_needed (PlugRbStage *self);
gboolean plug_rb_stage_fill (PlugRbStage *self,
                             PlugRbStore *store,
                             PlugRbSnapshot *snapshot,
                             PlugRbOperation *operation,
                             GCancellable *cancellable,
                             GError **error);
gboolean plug_rb_stage_finish (PlugRbStage *self, GError **error);
GHashTable *plug_rb_stage_list_shared (PlugRbStage *self, const char *part);
gboolean plug_rb_stage_check_links (PlugRbStage *self, GError **error);
PlugRbTable *plug_rb_stage_make_seen (PlugRbStage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbStage, plug_rb_stage_free)

G_END_DECLS
