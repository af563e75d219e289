/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

/**
 * PlugRbScanFunc:
 * @bytes: size of the file that was just read
 *
 * Called in the scanning thread after each file.
 */
typedef void (*PlugRbScanFunc) (guint64 bytes, gpointer user_data);

/**
 * PlugRbScan:
 * @cache_globs: (nullable): names that are never stored, such as "__pycache__"
 * @looks_only: leave the contents unread and `sha256` unset: enough to see that nothing was touched
 * @cancellable: (nullable): to stop between two files
 * @progress: (nullable): called for each file
 *
 * What a scan needs beside the place it scans.
 */
typedef struct {
  const char *const *cache_globs;
  gboolean looks_only;
  GCancellable *cancellable;
  PlugRbScanFunc progress;
  gpointer user_data;
} PlugRbScan;

gboolean plug_rb_scan_part (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error);

G_END_DECLS
