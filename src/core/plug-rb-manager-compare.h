/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-change.h"
#include "plug-rb-line-diff.h"
#include "plug-rb-manager.h"
#include "plug-rb-plan.h"

G_BEGIN_DECLS

void plug_rb_manager_compare_async (PlugRbManager *self,
                                    PlugRbPlugin *plugin,
                                    PlugRbSnapshot *from,
                                    PlugRbSnapshot *to,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
PlugRbPlan *
plug_rb_manager_compare_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

void plug_rb_manager_diff_file_async (PlugRbManager *self,
                                      PlugRbPlugin *plugin,
                                      PlugRbSnapshot *from,
                                      PlugRbSnapshot *to,
                                      PlugRbChange *change,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
PlugRbLineDiff *
plug_rb_manager_diff_file_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
