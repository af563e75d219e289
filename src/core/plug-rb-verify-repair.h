/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-examination.h"

G_BEGIN_DECLS

gboolean plug_rb_repair_snapshot (PlugRbEngine *engine,
                                  PlugRbSnapshot *snapshot,
                                  PlugRbExamination *examination,
                                  GCancellable *cancellable,
                                  GError **error);
void plug_rb_repair_modes (PlugRbStore *store);
gboolean plug_rb_repair_file (PlugRbStore *store, const char *from, const char *to, GError **error);

G_END_DECLS
