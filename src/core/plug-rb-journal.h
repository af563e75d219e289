/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-dconf.h"
#include "plug-rb-enums.h"
#include "plug-rb-fs.h"
#include "plug-rb-host.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-table.h"

G_BEGIN_DECLS

/* Folders of this name followed by the operation's id lie beside a host's root while an operation
 * runs. */
#define PLUG_RB_JOURNAL_STAGE_PREFIX ".plugrb-"

/**
 * PlugRbPhase:
 * @PLUG_RB_PHASE_PLANNED: nothing live has changed: recovery drops the stage
 * @PLUG_RB_PHASE_STAGED: the same, the stage is complete and verified
 * @PLUG_RB_PHASE_SWAPPING: live changes have begun: recovery goes forward, unless there is a trial
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
 * PlugRbDress:
 * @mode: permission bits, or -1 for nothing to set
 * @mtime: seconds since the epoch
 * @nsec: nanoseconds of @mtime
 *
 * What a folder is to look like again after things were moved in or out of it.
 */
typedef struct {
  int mode;
  gint64 mtime;
  guint nsec;
} PlugRbDress;

/**
 * PlugRbCarry:
 * @path: below the tree's top
 * @mode: of a folder that must be made writable to be moved; otherwise -1
 *
 * Something of the user's that no snapshot holds, which is moved from the old tree to the new one.
 */
typedef struct {
  char *path;
  int mode;
} PlugRbCarry;

/**
 * PlugRbCarryFolder:
 * @path: below the tree's top; "" for the top itself
 * @made: the target state has no such folder: it is there only for what is moved into it
 * @old_dress: how it looks in the old tree
 * @new_dress: how it looks in the new one
 *
 * A folder above something that is moved.
 */
typedef struct {
  char *path;
  gboolean made;
  PlugRbDress old_dress;
  PlugRbDress new_dress;
} PlugRbCarryFolder;

/**
 * PlugRbSwap:
 * @part: part of the plugin
 * @live: absolute path of the plugin's folder
 * @stage: absolute path of the folder `PARENT/.plugrb-OPERATION/N` that belongs to this swap; in it
 *   "new" is the tree to come, and afterwards "new" or "old" the tree that was displaced
 * @old_id: what the tree that was there is recognised by
 * @new_id: what the new tree is recognised by
 * @old_mode: permission bits of the old tree's top, or -1: a tree that nobody may write in cannot
 *   be moved to another folder until it is writable
 * @new_mode: the same for the new tree
 * @carries: (element-type PlugRbCarry): what is moved from the old tree to the new one
 * @folders: (element-type PlugRbCarryFolder): the folders above that
 * @shared: (nullable) (element-type filename): paths of files that are one and the same in both
 *   trees, where that is known; not written down
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
  int old_mode;
  int new_mode;
  GPtrArray *carries;
  GPtrArray *folders;
  GHashTable *shared;
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
 * @edits: (element-type PlugRbSettingsEdit): settings to write, by their keys in the plugin’s
 *   #PlugRbValues
 * @stores: (element-type PlugRbSettingsStore): where those of them lie that are not in dconf
 * @caches: (nullable): globs of names that are never stored and dropped with the old tree
 * @excludes: (nullable): globs of names that are never stored and moved to the new tree
 * @paths: (nullable): what is taken of the target; %NULL for all of it
 * @kept: (nullable): what is not taken of it, and stays as it was before
 * @drops: (nullable): files that only remember what the host knew, and are deleted afterwards
 * @before: (nullable): the rows of the state before, where they are at hand; not written down
 * @after: (nullable): the rows of the state to come, likewise
 *
 * What one operation does to one plugin.
 */
typedef struct {
  char *plugin;
  char *target;
  char *safety;
  GPtrArray *swaps;
  GPtrArray *edits;
  GPtrArray *stores;
  GPtrArray *list_edits;
  char **caches;
  char **excludes;
  char **paths;
  char **kept;
  char **drops;
  PlugRbTable *before;
  PlugRbTable *after;
} PlugRbJournalItem;

/**
 * PlugRbJournal:
 * @id: of the operation
 * @undoes: (nullable): id of the operation that this one reverses
 * @touched: whether live changes ever began: only then can a tree in a stage have been written by
 *   somebody else
 * @trial: whether what is put there must first be seen to work: until that is known recovery goes
 *   back
 * @operation: the operation as it was when the journal was last written
 *
 * Everything that recovery needs to finish an operation or to take it back, for all its plugins.
 */
typedef struct {
  char *id;
  char *undoes;
  PlugRbPhase phase;
  gboolean touched;
  gboolean trial;
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
void plug_rb_swap_add_carry (PlugRbSwap *swap, const char *path, int mode);
PlugRbCarryFolder *plug_rb_swap_add_folder (PlugRbSwap *swap, const char *path);
const PlugRbCarryFolder *plug_rb_swap_find_folder (const PlugRbSwap *swap, const char *path);
void plug_rb_journal_item_add_list_edit (PlugRbJournalItem *item,
                                         const PlugRbMembership *before,
                                         const PlugRbMembership *target);
gboolean plug_rb_journal_names (PlugRbJournal *self, const char *plugin);
gboolean plug_rb_journal_needs_snapshot (PlugRbJournal *self, const char *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbJournal, plug_rb_journal_free)

G_END_DECLS
