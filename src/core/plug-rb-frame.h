/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-index.h"
#include "plug-rb-table.h"

G_BEGIN_DECLS

/* A frame is closed once it holds this many bytes: small enough to reach one file quickly, large
 * enough to compress well. A larger file is cut into pieces of PLUG_RB_FRAME_PIECE. */
#define PLUG_RB_FRAME_FULL (2 * 1024 * 1024)
#define PLUG_RB_FRAME_PIECE (2 * 1024 * 1024)
#define PLUG_RB_FRAME_LARGEST (16 * 1024 * 1024)

/**
 * PlugRbFrame:
 *
 * A stretch of a tar archive on its way into a zstd frame of its own. Used by one thread.
 */
typedef struct _PlugRbFrame PlugRbFrame;

char *plug_rb_frame_name_entry (const PlugRbEntry *entry);

PlugRbFrame *plug_rb_frame_new (void);
void plug_rb_frame_free (PlugRbFrame *self);
void plug_rb_frame_reset (PlugRbFrame *self);
gboolean plug_rb_frame_add (
    PlugRbFrame *self, const PlugRbEntry *entry, const void *content, gsize length, GError **error);
gboolean plug_rb_frame_begin_large (PlugRbFrame *self, const PlugRbEntry *entry, GError **error);
void plug_rb_frame_append (PlugRbFrame *self, const void *data, gsize length);
gsize plug_rb_frame_get_size (PlugRbFrame *self);
gboolean plug_rb_frame_compress (PlugRbFrame *self, GError **error);
const void *plug_rb_frame_get_compressed (PlugRbFrame *self, gsize *length);
GArray *plug_rb_frame_get_places (PlugRbFrame *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbFrame, plug_rb_frame_free)

/**
 * PlugRbUnframer:
 *
 * Unpacks frames. Used by one thread.
 */
typedef struct _PlugRbUnframer PlugRbUnframer;

PlugRbUnframer *plug_rb_unframer_new (int archive_fd);
void plug_rb_unframer_free (PlugRbUnframer *self);
const guint8 *
plug_rb_unframer_read (PlugRbUnframer *self, const PlugRbFrameSpan *span, GError **error);
GArray *plug_rb_unframer_find_frames (int archive_fd, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbUnframer, plug_rb_unframer_free)

G_END_DECLS
