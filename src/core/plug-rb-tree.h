/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

/**
 * PlugRbTree:
 *
 * A folder with all that one part of a plugin consists of, while it is made. Everything is done by
 * descriptors, and nothing that has two names is ever written, chmodded or re-timed. Functions that
 * take a cursor may be called in several threads, each with its own.
 */
typedef struct _PlugRbTree PlugRbTree;

PlugRbTree *plug_rb_tree_new (const char *folder, const char *live, GError **error);
PlugRbTree *plug_rb_tree_new_file (const char *path, GError **error);
void plug_rb_tree_free (PlugRbTree *self);

/**
 * PlugRbCursor:
 *
 * The folders in which a thread did something last, so that the next file of the same folder need
 * not look for it again. Zero-initialised; to be cleared at the end.
 */
typedef struct {
  char *path;
  int fd;
  int live_fd;
} PlugRbCursor;

void plug_rb_cursor_clear (PlugRbCursor *cursor);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbCursor, plug_rb_cursor_clear)

gboolean plug_rb_tree_make (PlugRbTree *self,
                            PlugRbCursor *cursor,
                            const PlugRbEntry *entry,
                            GError **error);
gboolean plug_rb_tree_try_link (PlugRbTree *self, PlugRbCursor *cursor, const PlugRbEntry *entry);
gboolean plug_rb_tree_is_still (PlugRbTree *self,
                                PlugRbCursor *cursor,
                                const PlugRbEntry *entry,
                                const PlugRbLook *look);
gboolean plug_rb_tree_link_again (PlugRbTree *self, const PlugRbEntry *entry, GError **error);
int plug_rb_tree_create (PlugRbTree *self, const PlugRbEntry *entry, GError **error);
gboolean plug_rb_tree_dress_file (int fd, const PlugRbEntry *entry, GError **error);
gboolean plug_rb_tree_look (int fd, PlugRbLook *look);
gboolean plug_rb_tree_dress (PlugRbTree *self,
                             PlugRbCursor *cursor,
                             const PlugRbEntry *entry,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbTree, plug_rb_tree_free)

G_END_DECLS
