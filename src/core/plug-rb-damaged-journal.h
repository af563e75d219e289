/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbDamagedJournal:
 * @id: of the operation, from the name of its file
 * @text: (nullable): what the file holds, if it can be read at all
 * @message: what is wrong with it
 *
 * The journal of an interrupted operation that cannot be trusted: it is not known what was begun.
 */
typedef struct {
  char *id;
  GBytes *text;
  char *message;
} PlugRbDamagedJournal;

void plug_rb_damaged_journal_free (PlugRbDamagedJournal *self);
gboolean plug_rb_damaged_journal_mentions (const PlugRbDamagedJournal *self, const char *name);
gboolean plug_rb_damaged_journal_check (PlugRbStore *store, const char *name, GError **error);
PlugRbRecovery *plug_rb_damaged_journal_set_aside (PlugRbEngine *engine,
                                                   const PlugRbDamagedJournal *self);

G_END_DECLS
