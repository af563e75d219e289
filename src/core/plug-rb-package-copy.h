/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-unpack.h"

G_BEGIN_DECLS

gboolean plug_rb_package_copy (int source_fd,
                               const char *name,
                               int stage_fd,
                               PlugRbUnpacked *unpacked,
                               GCancellable *cancellable,
                               GError **error);

G_END_DECLS
