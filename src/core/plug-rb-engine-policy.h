/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-policy-file.h"

G_BEGIN_DECLS

/**
 * PlugRbForesight:
 * @n_snapshots: how many snapshots would go
 * @n_plugins: of how many plugins
 * @size: what is stored of them, in bytes; what others share stays
 *
 * What a change of the policy would lead to.
 */
typedef struct {
  guint n_snapshots;
  guint n_plugins;
  guint64 size;
} PlugRbForesight;

gboolean plug_rb_engine_foresee_policy (PlugRbEngine *self,
                                        GPtrArray *edits,
                                        PlugRbForesight *foresight,
                                        GCancellable *cancellable,
                                        GError **error);

G_END_DECLS
