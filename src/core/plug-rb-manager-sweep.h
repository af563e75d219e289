/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-sweep.h"

G_BEGIN_DECLS

PlugRbSweep *plug_rb_manager_create_snapshots_async (PlugRbManager *self,
                                                     GPtrArray *plugins,
                                                     PlugRbReason reason,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
PlugRbSweep *
plug_rb_manager_create_snapshots_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
