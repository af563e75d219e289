/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

/* Snapshots' contents: tar archives (pax) compressed by zstd in frames of about a megabyte, written
 * and read by libarchive. Entries are `files/PART/path` and `settings/NAME.json`; no owners. */

char *plug_rb_archive_name_entry (const PlugRbEntry *entry);

typedef struct _PlugRbArchiveWriter PlugRbArchiveWriter;

PlugRbArchiveWriter *plug_rb_archive_writer_new (int fd, GError **error);
void plug_rb_archive_writer_free (PlugRbArchiveWriter *self);
gboolean plug_rb_archive_writer_add (PlugRbArchiveWriter *self,
                                     const PlugRbEntry *entry,
                                     int fd,
                                     GError **error);
gboolean plug_rb_archive_writer_add_document (PlugRbArchiveWriter *self,
                                              const PlugRbEntry *entry,
                                              GBytes *content,
                                              GError **error);
gboolean plug_rb_archive_writer_close (PlugRbArchiveWriter *self,
                                       char **sha256,
                                       guint64 *size,
                                       GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbArchiveWriter, plug_rb_archive_writer_free)

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
