/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-archive-writer.h"
#include "plug-rb-frame.h"
#include "plug-rb-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A snapshot never needs more archives than this. */
#define PLUG_RB_PACK_MOST_ARCHIVES 4

/**
 * PlugRbPack:
 *
 * The contents of a snapshot that is being taken: what the archives of the plugin's newest snapshot
 * hold is shared, all else goes into a new archive, which begins to exist with the first content.
 * May be used from several threads; the caller holds the plugin's lock.
 */
typedef struct _PlugRbPack PlugRbPack;

PlugRbPack *plug_rb_pack_new (PlugRbStore *store, const char *plugin);
PlugRbPack *plug_rb_pack_new_alone (PlugRbStore *store, const char *plugin);
void plug_rb_pack_free (PlugRbPack *self);
const char *plug_rb_pack_get_id (PlugRbPack *self);

gboolean plug_rb_pack_is_alone (PlugRbPack *self);
gboolean plug_rb_pack_check (PlugRbPack *self,
                             GHashTable *contents,
                             GCancellable *cancellable,
                             GError **error);
gboolean plug_rb_pack_has_state (PlugRbPack *self, const char *table);
void plug_rb_pack_prepare (PlugRbPack *self);
gboolean plug_rb_pack_check_space (PlugRbPack *self, PlugRbTable *table, GError **error);
gboolean plug_rb_pack_has (PlugRbPack *self, const char *sha256);
gboolean plug_rb_pack_knows_size (PlugRbPack *self, guint64 size);
gboolean plug_rb_pack_claim (PlugRbPack *self, const PlugRbEntry *entry);
PlugRbArchiveWriter *plug_rb_pack_open_writer (PlugRbPack *self, GError **error);
gboolean plug_rb_pack_append (PlugRbPack *self, PlugRbFrame *frame, GError **error);
gboolean plug_rb_pack_append_full (PlugRbPack *self, PlugRbFrame *frame, GError **error);
gboolean plug_rb_pack_add_large (PlugRbPack *self,
                                 const PlugRbEntry *entry,
                                 int fd,
                                 char **sha256,
                                 GCancellable *cancellable,
                                 GError **error);
JsonArray *
plug_rb_pack_finish (PlugRbPack *self, PlugRbTable *table, guint64 *stored, GError **error);
void plug_rb_pack_keep (PlugRbPack *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPack, plug_rb_pack_free)

G_END_DECLS
