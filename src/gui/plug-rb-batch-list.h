/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_BATCH_LIST (plug_rb_batch_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbBatchList, plug_rb_batch_list, PLUG_RB, BATCH_LIST, AdwBin)

/* Several plugins, from what to what each goes, and whether it goes at all. Signal changed: one was
 * ticked or unticked. */

void plug_rb_batch_list_fill (PlugRbBatchList *self, PlugRbManager *manager, GPtrArray *targets);
GPtrArray *plug_rb_batch_list_dup_ticked (PlugRbBatchList *self);

G_END_DECLS
