/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writing files so that long stretches of zeros take no space, as they did before. */

gboolean plug_rb_sparse_write (
    int fd, const guint8 *data, gsize length, gboolean *ends_in_hole, GError **error);
gboolean plug_rb_sparse_finish (int fd, GError **error);

G_END_DECLS
