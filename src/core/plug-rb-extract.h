/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

/**
 * PlugRbExtraction:
 * @folder: (type filename): where the files go; a folder that does not exist yet, or is empty
 * @paths: (nullable) (array zero-terminated=1): files and folders of the plugin; %NULL for all
 * @settings: whether the documents with the settings come too
 * @force: whether a folder that is not empty may be replaced; it is kept beside
 * @n_files: set to the number of files
 * @backup: (nullable): set to where the folder is that was there before
 *
 * What is wanted, and what came of it. The caller frees @backup.
 */
typedef struct {
  const char *folder;
  const char *const *paths;
  gboolean settings;
  gboolean force;
  guint n_files;
  char *backup;
} PlugRbExtraction;

gboolean plug_rb_engine_extract (PlugRbEngine *self,
                                 PlugRbSnapshot *snapshot,
                                 PlugRbExtraction *extraction,
                                 PlugRbOperation *operation,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
