/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/* What a transaction does to the live system, written so that it can start from any point a crash
 * left: the transaction itself and recovery run the same code. */

gboolean plug_rb_recover_swap_forward (PlugRbJournal *journal, GError **error);
gboolean
plug_rb_recover_settings_forward (PlugRbJournal *journal, GPtrArray *conflicts, GError **error);
gboolean plug_rb_recover_go_back (PlugRbJournal *journal, GError **error);
gboolean plug_rb_recover_close (PlugRbStore *store,
                                PlugRbJournal *journal,
                                PlugRbOperation *operation,
                                GError **error);
PlugRbRecovery *plug_rb_recover_journal (PlugRbStore *store, PlugRbJournal *journal);

G_END_DECLS
