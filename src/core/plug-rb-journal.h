/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-dconf.h"
#include "plug-rb-enums.h"
#include "plug-rb-fs.h"
#include "plug-rb-host.h"

G_BEGIN_DECLS

/* Folders of this name followed by the operation's id lie beside a host's root while an operation
 * runs. */
#define PLUG_RB_JOURNAL_STAGE_PREFIX ".plugrb-"

/**
 * PlugRbPhase:
 * @PLUG_RB_PHASE_PLANNED: nothing live has changed: recovery drops the stage
 * @PLUG_RB_PHASE_STAGED: the same, the stage is complete and verified
 * @PLUG_RB_PHASE_SWAPPING: live changes have begun: recovery goes forward
 * @PLUG_RB_PHASE_SETTINGS: files are swapped: recovery goes forward
 * @PLUG_RB_PHASE_UNDOING: durable before the first reverse step: recovery goes back
 * @PLUG_RB_PHASE_DONE: only deleting is left
 */
typedef enum {
  PLUG_RB_PHASE_PLANNED,
  PLUG_RB_PHASE_STAGED,
  PLUG_RB_PHASE_SWAPPING,
  PLUG_RB_PHASE_SETTINGS,
  PLUG_RB_PHASE_UNDOING,
  PLUG_RB_PHASE_DONE,
} PlugRbPhase;

typedef enum {
  PLUG_RB_SWAP_EXCHANGE,
  PLUG_RB_SWAP_ADD,
  PLUG_RB_SWAP_REMOVE,
} PlugRbSwapKind;

/**
 * PlugRbSwap:
 * @part: part of the plugin
 * @live: absolute path of the plugin's folder
 * @stage: absolute path of the folder `PARENT/.plugrb-OPERATION/N` that belongs to this swap; in it
 *   "new" is the tree to come, and afterwards "new" or "old" the tree that was displaced
 * @old_id: what the tree that was there is recognised by
 * @new_id: what the new tree is recognised by
 *
 * One folder that is put in place of another.
 */
typedef struct {
  PlugRbSwapKind kind;
  char *part;
  char *live;
  char *stage;
  PlugRbFileId old_id;
  PlugRbFileId new_id;
} PlugRbSwap;

/**
 * PlugRbListEdit:
 *
 * A change of the plugin's entry in one of the host's lists.
 */
typedef struct {
  PlugRbMembership *before;
  PlugRbMembership *target;
} PlugRbListEdit;

/**
 * PlugRbJournalItem:
 *
 * What one operation does to one plugin.
 */
typedef struct {
  char *plugin;
  char *target;
  char *safety;
  GPtrArray *swaps;
  GPtrArray *edits;
  GPtrArray *list_edits;
} PlugRbJournalItem;

/**
 * PlugRbJournal:
 * @id: of the operation
 * @undoes: (nullable): id of the operation that this one reverses
 * @operation: the operation as it was when the journal was last written
 *
 * Everything that recovery needs to finish an operation or to take it back, for all its plugins.
 */
typedef struct {
  char *id;
  char *undoes;
  PlugRbPhase phase;
  GPtrArray *items;
  JsonObject *operation;
} PlugRbJournal;

PlugRbJournal *plug_rb_journal_new (const char *id, const char *undoes);
PlugRbJournal *plug_rb_journal_new_from_json (JsonObject *json, GError **error);
JsonObject *plug_rb_journal_to_json (PlugRbJournal *self);
void plug_rb_journal_free (PlugRbJournal *self);
PlugRbJournalItem *plug_rb_journal_add_item (PlugRbJournal *self,
                                             const char *plugin,
                                             const char *target,
                                             const char *safety);
PlugRbSwap *plug_rb_journal_item_add_swap (PlugRbJournalItem *item,
                                           PlugRbSwapKind kind,
                                           const char *part,
                                           const char *live,
                                           const char *stage);
void plug_rb_journal_item_add_list_edit (PlugRbJournalItem *item,
                                         const PlugRbMembership *before,
                                         const PlugRbMembership *target);
gboolean plug_rb_journal_names (PlugRbJournal *self, const char *plugin);
gboolean plug_rb_journal_needs_snapshot (PlugRbJournal *self, const char *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbJournal, plug_rb_journal_free)

G_END_DECLS
