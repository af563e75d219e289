/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine-install.h"
#include "plug-rb-manager.h"

G_BEGIN_DECLS

void plug_rb_manager_open_package_async (PlugRbManager *self,
                                         GFile *file,
                                         const char *host,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
PlugRbPackage *
plug_rb_manager_open_package_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
PlugRbOperation *plug_rb_manager_install_async (PlugRbManager *self,
                                                PlugRbPackage *package,
                                                PlugRbInstallFlags flags,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
PlugRbOperation *
plug_rb_manager_install_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
PlugRbOperation *plug_rb_manager_uninstall_async (PlugRbManager *self,
                                                  PlugRbPlugin *plugin,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
PlugRbOperation *
plug_rb_manager_uninstall_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
