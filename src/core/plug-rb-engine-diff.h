/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-change.h"
#include "plug-rb-engine.h"
#include "plug-rb-line-diff.h"

G_BEGIN_DECLS

PlugRbLineDiff *plug_rb_engine_diff_file (PlugRbEngine *self,
                                          PlugRbPlugin *plugin,
                                          PlugRbSnapshot *from,
                                          PlugRbSnapshot *to,
                                          PlugRbChange *change,
                                          GCancellable *cancellable,
                                          GError **error);

G_END_DECLS
