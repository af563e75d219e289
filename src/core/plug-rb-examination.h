/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbExamination:
 * @damage: (nullable): what is wrong; %NULL if nothing is
 * @metadata_damaged: whether nothing but its id and plugin is known of the snapshot
 * @table_damaged: whether the table is there but cannot be used
 * @table_missing: whether it is not there at all
 * @whole: whether everything that the snapshot needs is there all the same
 * @counted: whether the contents were read, so that what follows is known
 * @n_files: files of the plugin
 * @n_good_files: those that can be restored
 * @n_documents: documents with settings and states
 * @n_good_documents: those that can be restored
 *
 * What was found when one snapshot was looked at closely.
 */
typedef struct {
  char *damage;
  gboolean metadata_damaged;
  gboolean table_damaged;
  gboolean table_missing;
  gboolean whole;
  gboolean counted;
  guint n_files;
  guint n_good_files;
  guint n_documents;
  guint n_good_documents;
} PlugRbExamination;

/* (element-type filename PlugRbReading): what was read already, by the archive's name. */
GHashTable *plug_rb_examination_cache_new (void);

PlugRbExamination *plug_rb_examination_new (PlugRbStore *store,
                                            PlugRbSnapshot *snapshot,
                                            gboolean full,
                                            GHashTable *cache,
                                            GCancellable *cancellable,
                                            GError **error);
PlugRbTable *plug_rb_examination_find_table (PlugRbSnapshot *snapshot);
void plug_rb_examination_free (PlugRbExamination *self);
char *plug_rb_examination_describe_left (PlugRbExamination *self,
                                         PlugRbStore *store,
                                         PlugRbSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbExamination, plug_rb_examination_free)

G_END_DECLS
