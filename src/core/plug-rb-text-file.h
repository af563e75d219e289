/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *plug_rb_text_file_read (int folder_fd, const char *name, gsize limit, GError **error);

G_END_DECLS
