/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-journal.h"
#include "plug-rb-operation.h"
#include "plug-rb-state.h"

G_BEGIN_DECLS

/* The true report: what became of each file and setting, from what is read back from the disk. */

void plug_rb_report_files (PlugRbOperationChange *change,
                           PlugRbTable *before,
                           PlugRbTable *target,
                           PlugRbTable *now);
void plug_rb_report_settings (PlugRbOperationChange *change,
                              const PlugRbJournalItem *item,
                              PlugRbState *target,
                              PlugRbState *now,
                              GPtrArray *conflicts);
void
plug_rb_report_conflicts (PlugRbOperation *operation, PlugRbJournal *journal, GPtrArray *conflicts);

G_END_DECLS
