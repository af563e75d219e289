/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-pack.h"
#include "plug-rb-table.h"

G_BEGIN_DECLS

/**
 * PlugRbScanFunc:
 * @bytes: size of the file that was just read
 *
 * Called after each file that was read, in one of several threads but never in two at once.
 */
typedef void (*PlugRbScanFunc) (guint64 bytes, gpointer user_data);

/**
 * PlugRbScan:
 * @cache_globs: (nullable): names that are never stored, such as "__pycache__"
 * @looks_only: leave the contents unread and `sha256` unset: enough to see that nothing was touched
 * @known: (nullable): the same tree as it was seen before: what looks the same is not read again
 * @relinked: links of ours to the files came or went since @known was made, so that the time at
 * which an inode last changed says nothing; all else must fit
 * @passed: (nullable): gets the number of names that were passed over
 * @pack: (nullable): gets the contents that no archive of the plugin holds yet
 * @cancellable: (nullable): to stop between two files
 * @progress: (nullable): called for each file that is read
 *
 * What a scan needs beside the place it scans.
 */
typedef struct {
  const char *const *cache_globs;
  gboolean looks_only;
  PlugRbTable *known;
  gboolean relinked;
  guint *passed;
  PlugRbPack *pack;
  GCancellable *cancellable;
  PlugRbScanFunc progress;
  gpointer user_data;
} PlugRbScan;

gboolean plug_rb_scan_walk (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error);
gboolean plug_rb_scan_read (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error);
gboolean plug_rb_scan_part (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error);

gint64 plug_rb_scan_get_clock_step (void);
gboolean plug_rb_scan_throw_changing (GError **error, const char *root, const char *path);
gboolean
plug_rb_scan_throw_unreadable (GError **error, const char *root, const char *path, int errsv);

G_END_DECLS
