/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Archives read as anybody reads them, from start to end by libarchive: entries are
 * `files/PART/path` and `settings/NAME.json`. And single files compressed by zstd. */

typedef struct _PlugRbArchiveReader PlugRbArchiveReader;

PlugRbArchiveReader *plug_rb_archive_reader_new (int fd, GError **error);
void plug_rb_archive_reader_free (PlugRbArchiveReader *self);
gboolean plug_rb_archive_reader_next (PlugRbArchiveReader *self, const char **name, GError **error);
gboolean
plug_rb_archive_reader_copy (PlugRbArchiveReader *self, int fd, char **sha256, GError **error);
GBytes *plug_rb_archive_reader_read (PlugRbArchiveReader *self, gsize limit, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbArchiveReader, plug_rb_archive_reader_free)

GBytes *plug_rb_archive_compress (GBytes *content, GError **error);
GBytes *plug_rb_archive_decompress (GBytes *content, gsize limit, GError **error);

G_END_DECLS
