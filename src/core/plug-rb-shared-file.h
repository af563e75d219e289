/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbSharedFile:
 *
 * A small file that a host reads and writes too, as it was at one moment. A path that is a symbolic
 * link stands for the link's target, also where that does not exist yet.
 */
typedef struct _PlugRbSharedFile PlugRbSharedFile;

PlugRbSharedFile *plug_rb_shared_file_open (const char *path, GError **error);
void plug_rb_shared_file_free (PlugRbSharedFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSharedFile, plug_rb_shared_file_free)

gboolean plug_rb_shared_file_exists (PlugRbSharedFile *self);
GBytes *plug_rb_shared_file_get_bytes (PlugRbSharedFile *self);

gboolean plug_rb_shared_file_can_replace (PlugRbSharedFile *self, GError **error);
gboolean plug_rb_shared_file_replace (PlugRbSharedFile *self,
                                      GBytes *bytes,
                                      gboolean *outdated,
                                      GError **error);
gboolean plug_rb_shared_file_settle (PlugRbSharedFile *self, GError **error);

G_END_DECLS
