/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbReading:
 * @hashes: (element-type utf8): SHA-256 of every content that can be read from the archive
 * @damage: (nullable): what is wrong with the archive; %NULL if every byte is as it was written
 *
 * What really is in an archive.
 */
typedef struct {
  GHashTable *hashes;
  char *damage;
} PlugRbReading;

void plug_rb_reading_free (PlugRbReading *self);
PlugRbReading *plug_rb_reading_new (PlugRbStore *store,
                                    PlugRbSnapshot *snapshot,
                                    guint index,
                                    GCancellable *cancellable,
                                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbReading, plug_rb_reading_free)

G_END_DECLS
