/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"

G_BEGIN_DECLS

/**
 * PlugRbPackageCheck:
 * @PLUG_RB_PACKAGE_FITS: the program loads this version
 * @PLUG_RB_PACKAGE_HAS_NEEDS: what it needs of other plugins is there
 * @PLUG_RB_PACKAGE_NEVER_FAILED: this version is not remembered to have failed
 *
 * What is checked of a package before it is installed.
 */
typedef enum {
  PLUG_RB_PACKAGE_FITS,
  PLUG_RB_PACKAGE_HAS_NEEDS,
  PLUG_RB_PACKAGE_NEVER_FAILED,
  PLUG_RB_PACKAGE_N_CHECKS,
} PlugRbPackageCheck;

/**
 * PlugRbPackage:
 * @host: the program that it is for
 * @id: the plugin's id
 * @manifest: what the plugin says of itself
 * @folder: absolute path of the folder with the plugin's files
 * @member: (nullable): name in @folder of the only file that is the plugin; %NULL if it is the
 * folder
 * @stage: the folder into which it was unpacked
 * @problems: (nullable): for each check what speaks against installing it, if somebody looked
 * @fd: of @stage, locked, so that others see that it is used
 *
 * A plugin package that was unpacked into a folder of its own, which goes with it.
 */
typedef struct {
  PlugRbHost *host;
  char *id;
  PlugRbManifest *manifest;
  char *folder;
  char *member;
  char *stage;
  int fd;
  GError *problems[PLUG_RB_PACKAGE_N_CHECKS];
  gatomicrefcount ref_count;
} PlugRbPackage;

PlugRbPackage *plug_rb_package_open (const char *path,
                                     const char *parent,
                                     GPtrArray *hosts,
                                     const char *host,
                                     GCancellable *cancellable,
                                     GError **error);
void plug_rb_package_sweep (const char *parent);
PlugRbPackage *plug_rb_package_ref (PlugRbPackage *self);
void plug_rb_package_unref (PlugRbPackage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPackage, plug_rb_package_unref)

G_END_DECLS
