/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A binary file that can be made anew from others: an index, a cache. It ends with its own SHA-256
 * and is replaced as a whole, but never waits for the disk: what a crash leaves of it counts as
 * absent. */

GBytes *plug_rb_blob_load (int parent_fd, const char *name);
gboolean plug_rb_blob_save (int parent_fd, const char *name, GBytes *content, GError **error);

G_END_DECLS
