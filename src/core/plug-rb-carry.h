/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-journal.h"

G_BEGIN_DECLS

/* What no snapshot holds but the user wants to keep: it is moved from the old tree of a swap to the
 * new one, and back when the swap is taken back. */

gboolean plug_rb_carry_matches (const char *const *globs, const char *path);
gboolean plug_rb_carry_find (const char *tree,
                             const char *const *globs,
                             const char *const *passed,
                             GPtrArray *paths,
                             GError **error);
gboolean plug_rb_carry_plan (PlugRbSwap *swap, const PlugRbJournalItem *item, GError **error);
gboolean plug_rb_carry_forward (const PlugRbSwap *swap, GError **error);
gboolean plug_rb_carry_back (const PlugRbSwap *swap, GError **error);

G_END_DECLS
