/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-index.h"
#include "plug-rb-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * PlugRbContents:
 *
 * All contents in the archives of one snapshot, found by their SHA-256. What is read is checked
 * against it. Finding is safe for several threads.
 */
PlugRbContents *
plug_rb_contents_open (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error);
void plug_rb_contents_free (PlugRbContents *self);
gboolean plug_rb_contents_check (PlugRbContents *self, GError **error);
gboolean plug_rb_contents_check_some (PlugRbContents *self,
                                      GHashTable *contents,
                                      GCancellable *cancellable,
                                      GError **error);

guint plug_rb_contents_get_n_archives (PlugRbContents *self);
PlugRbIndex *plug_rb_contents_get_index (PlugRbContents *self, guint archive);
JsonObject *plug_rb_contents_get_archive_json (PlugRbContents *self, guint archive);
const PlugRbFrameRange *
plug_rb_contents_find (PlugRbContents *self, const char *sha256, guint *archive);
GBytes *
plug_rb_contents_read (PlugRbContents *self, const char *sha256, gsize limit, GError **error);

/**
 * PlugRbWanted:
 * @sha256: of a content
 * @item: what it is wanted for
 */
typedef struct {
  const char *sha256;
  gpointer item;
} PlugRbWanted;

/**
 * PlugRbContentFunc:
 * @item: as in the wanted content
 * @data: the next bytes of the content; all of it unless it is large
 * @is_last: whether they are the last, and the whole content was right
 *
 * Takes a content. Called in several threads, but for one item in one of them only. A content of
 * one piece was checked before; of a large one the last piece tells.
 */
typedef gboolean (*PlugRbContentFunc) (gpointer item,
                                       const guint8 *data,
                                       gsize length,
                                       gboolean is_last,
                                       gpointer user_data,
                                       GError **error);

gboolean plug_rb_contents_pour (PlugRbContents *self,
                                GArray *wanted,
                                PlugRbContentFunc func,
                                gpointer user_data,
                                GCancellable *cancellable,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbContents, plug_rb_contents_free)

G_END_DECLS
