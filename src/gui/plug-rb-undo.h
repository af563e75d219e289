/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What Ctrl+Z takes back, newest first: an operation, or the deleting of snapshots. */
typedef struct _PlugRbUndo PlugRbUndo;

PlugRbUndo *plug_rb_undo_new (void);
void plug_rb_undo_free (PlugRbUndo *self);
void plug_rb_undo_push (PlugRbUndo *self, const char *operation, const char *const *deleted);
gboolean plug_rb_undo_peek (PlugRbUndo *self, char **operation, char ***deleted);
void plug_rb_undo_forget (PlugRbUndo *self, const char *id);

G_END_DECLS
