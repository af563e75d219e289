/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-journal.h"

G_BEGIN_DECLS

/* Folders of this name followed by an operation's id hold what another program wrote so late that
 * no snapshot has it. */
#define PLUG_RB_SWAP_KEPT_PREFIX ".plugrb-kept-"

/**
 * PlugRbSwapState:
 * @PLUG_RB_SWAP_STATE_UNKNOWN: a tree stands there that is neither the old nor the new one
 * @PLUG_RB_SWAP_STATE_BEFORE: the old tree is live
 * @PLUG_RB_SWAP_STATE_BETWEEN: neither is: stopped between the two renames of a file system without
 *   exchange
 * @PLUG_RB_SWAP_STATE_AFTER: the new tree is live
 */
typedef enum {
  PLUG_RB_SWAP_STATE_UNKNOWN,
  PLUG_RB_SWAP_STATE_BEFORE,
  PLUG_RB_SWAP_STATE_BETWEEN,
  PLUG_RB_SWAP_STATE_AFTER,
} PlugRbSwapState;

gboolean plug_rb_swap_look (const PlugRbSwap *swap, PlugRbSwapState *state, GError **error);
gboolean plug_rb_swap_go_forward (const PlugRbSwap *swap, GError **error);
gboolean plug_rb_swap_go_back (const PlugRbSwap *swap, GError **error);
char *plug_rb_swap_dup_new_path (const PlugRbSwap *swap);
gboolean
plug_rb_swap_find_trees (const PlugRbSwap *swap, char **old_path, char **new_path, GError **error);
char *plug_rb_swap_dup_kept_path (const PlugRbSwap *swap);
gboolean plug_rb_swap_keep (const PlugRbSwap *swap, const char *path, GError **error);
gboolean plug_rb_swap_drop_stage (const PlugRbSwap *swap, GError **error);
void plug_rb_swap_avoid_exchange (gboolean avoid);

G_END_DECLS
