/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

/* Late writes: what another program wrote into a tree after it was read, and before it is deleted.
 * No snapshot holds it. */

gboolean plug_rb_late_check_displaced (PlugRbJournal *journal, GError **error);
gboolean plug_rb_late_drop_stages (PlugRbStore *store,
                                   PlugRbJournal *journal,
                                   PlugRbOperation *operation,
                                   GError **error);

G_END_DECLS
