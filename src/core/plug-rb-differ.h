/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-change.h"
#include "plug-rb-engine.h"
#include "plug-rb-line-diff.h"

G_BEGIN_DECLS

/**
 * PlugRbDiffer:
 *
 * Two states of a plugin, to compare the contents of their files, one after another.
 */
typedef struct _PlugRbDiffer PlugRbDiffer;

PlugRbDiffer *plug_rb_differ_new (PlugRbEngine *engine,
                                  PlugRbPlugin *plugin,
                                  PlugRbSnapshot *from,
                                  PlugRbSnapshot *to,
                                  GCancellable *cancellable,
                                  GError **error);
void plug_rb_differ_free (PlugRbDiffer *self);
PlugRbLineDiff *plug_rb_differ_compare (PlugRbDiffer *self,
                                        PlugRbChange *change,
                                        GCancellable *cancellable,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbDiffer, plug_rb_differ_free)

G_END_DECLS
