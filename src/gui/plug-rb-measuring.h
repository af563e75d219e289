/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"

G_BEGIN_DECLS

/* How much the installed plugins of programs take, found out in a thread. */

void plug_rb_measuring_start (PlugRbManager *manager,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GHashTable *plug_rb_measuring_finish (GAsyncResult *result, GError **error);

G_END_DECLS
