/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-package.h"

G_BEGIN_DECLS

/**
 * PlugRbInstallFlags:
 * @PLUG_RB_INSTALL_NONE: as the policy says
 * @PLUG_RB_INSTALL_ENABLE: a plugin that was not there is enabled
 * @PLUG_RB_INSTALL_NO_SNAPSHOT: take no snapshot before, whatever the policy says; there is still
 *   what undo needs
 * @PLUG_RB_INSTALL_KEEP_FAILED: leave a plugin that does not work where it is, whatever the policy
 *   says
 * @PLUG_RB_INSTALL_NO_DEPENDENCIES: also if something that it needs is missing
 * @PLUG_RB_INSTALL_TAKE_BACK: take a plugin back that does not work, whatever the policy says
 * @PLUG_RB_INSTALL_AGAIN: also a version that failed before
 *
 * How to install.
 */
typedef enum {
  PLUG_RB_INSTALL_NONE = 0,
  PLUG_RB_INSTALL_ENABLE = 1 << 0,
  PLUG_RB_INSTALL_NO_SNAPSHOT = 1 << 1,
  PLUG_RB_INSTALL_KEEP_FAILED = 1 << 2,
  PLUG_RB_INSTALL_NO_DEPENDENCIES = 1 << 3,
  PLUG_RB_INSTALL_AGAIN = 1 << 4,
  PLUG_RB_INSTALL_TAKE_BACK = 1 << 5,
} PlugRbInstallFlags;

void plug_rb_engine_sweep_packages (PlugRbEngine *self);
PlugRbPackage *plug_rb_engine_open_package (PlugRbEngine *self,
                                            const char *path,
                                            const char *host,
                                            GCancellable *cancellable,
                                            GError **error);
void plug_rb_engine_examine_package (PlugRbEngine *self, PlugRbPackage *package);
gboolean plug_rb_engine_check_package (PlugRbEngine *self,
                                       PlugRbPackage *package,
                                       PlugRbInstallFlags flags,
                                       GError **error);
gboolean plug_rb_engine_install (PlugRbEngine *self,
                                 PlugRbPackage *package,
                                 PlugRbInstallFlags flags,
                                 PlugRbOperation *operation,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean plug_rb_engine_uninstall (PlugRbEngine *self,
                                   PlugRbPlugin *plugin,
                                   PlugRbInstallFlags flags,
                                   PlugRbOperation *operation,
                                   GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
