/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PLUG_RB_INDEX_HASH_SIZE 32

/**
 * PlugRbFrameSpan:
 * @offset: of the frame in the archive, in bytes
 * @length: of the frame
 * @raw: bytes it unpacks to
 *
 * One independent zstd frame of an archive.
 */
typedef struct {
  guint64 offset;
  guint32 length;
  guint32 raw;
} PlugRbFrameSpan;

/**
 * PlugRbFrameRange:
 * @sha256: of a content, 32 bytes
 * @frame: number of the frame in which it begins
 * @offset: of its first byte in the unpacked frame
 * @size: of the content; what does not fit into the frame goes on at the start of the next
 *
 * Where in an archive a content lies.
 */
typedef struct {
  guint8 sha256[PLUG_RB_INDEX_HASH_SIZE];
  guint32 frame;
  guint32 offset;
  guint64 size;
} PlugRbFrameRange;

/**
 * PlugRbIndex:
 *
 * The contents of one archive: makes one file readable without unpacking the rest. It lies beside
 * the archive, is checksummed, and can be made anew from the archive. Immutable and safe for
 * several threads once made; reference counted.
 */
typedef struct _PlugRbIndex PlugRbIndex;

PlugRbIndex *plug_rb_index_new (const char *archive, GArray *frames, GArray *places);
PlugRbIndex *plug_rb_index_load (int folder_fd, const char *name, const char *archive);
PlugRbIndex *plug_rb_index_rebuild (int archive_fd, const char *archive, GError **error);
gboolean plug_rb_index_save (PlugRbIndex *self, int folder_fd, const char *name, GError **error);
void plug_rb_index_free (PlugRbIndex *self);

guint plug_rb_index_get_n_frames (PlugRbIndex *self);
const PlugRbFrameSpan *plug_rb_index_get_frame (PlugRbIndex *self, guint frame);
guint plug_rb_index_get_n_places (PlugRbIndex *self);
const PlugRbFrameRange *plug_rb_index_get_place (PlugRbIndex *self, guint index);
const PlugRbFrameRange *plug_rb_index_find (PlugRbIndex *self, const char *sha256);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbIndex, plug_rb_index_free)

G_END_DECLS
