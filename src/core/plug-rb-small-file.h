/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small files that others wrote: a symbolic link to a regular file is followed, nothing else than a
 * regular file is opened, and not more than expected is read. */

GBytes *plug_rb_small_file_read (int folder_fd, const char *name, gsize limit, GError **error);
char *plug_rb_small_file_read_text (int folder_fd, const char *name, gsize limit, GError **error);
gboolean plug_rb_small_file_is_absent (const GError *error);

G_END_DECLS
