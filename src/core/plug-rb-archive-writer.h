/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-frame.h"
#include "plug-rb-index.h"

G_BEGIN_DECLS

/**
 * PlugRbArchiveWriter:
 *
 * Puts frames together to an archive: plain `.tar.zst` for everybody, and an index for us. May be
 * used from several threads.
 */
typedef struct _PlugRbArchiveWriter PlugRbArchiveWriter;

PlugRbArchiveWriter *plug_rb_archive_writer_new (int fd);
void plug_rb_archive_writer_free (PlugRbArchiveWriter *self);
gboolean
plug_rb_archive_writer_append (PlugRbArchiveWriter *self, PlugRbFrame *frame, GError **error);
void plug_rb_archive_writer_add_place (PlugRbArchiveWriter *self, const PlugRbFrameRange *place);
guint plug_rb_archive_writer_get_n_frames (PlugRbArchiveWriter *self);
gboolean plug_rb_archive_writer_close (PlugRbArchiveWriter *self,
                                       char **sha256,
                                       guint64 *size,
                                       GError **error);
PlugRbIndex *plug_rb_archive_writer_make_index (PlugRbArchiveWriter *self, const char *archive);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbArchiveWriter, plug_rb_archive_writer_free)

G_END_DECLS
