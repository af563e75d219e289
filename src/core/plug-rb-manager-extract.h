/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"

G_BEGIN_DECLS

void plug_rb_manager_extract_async (PlugRbManager *self,
                                    PlugRbSnapshot *snapshot,
                                    GFile *folder,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean plug_rb_manager_extract_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
