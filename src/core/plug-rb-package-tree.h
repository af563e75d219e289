/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-package-names.h"
#include "plug-rb-unpack.h"

G_BEGIN_DECLS

/**
 * PlugRbPackageTree:
 *
 * What a package becomes in the staging folder. Everything is made by descriptors below that
 * folder, by names that were checked, and never through a symbolic link.
 */
typedef struct _PlugRbPackageTree PlugRbPackageTree;

PlugRbPackageTree *plug_rb_package_tree_new (int stage_fd, const PlugRbUnpackLimits *limits);
void plug_rb_package_tree_free (PlugRbPackageTree *self);
gboolean
plug_rb_package_tree_add_parents (PlugRbPackageTree *self, const char *path, GError **error);
gboolean
plug_rb_package_tree_add_folder (PlugRbPackageTree *self, const char *path, GError **error);
int plug_rb_package_tree_add_file (PlugRbPackageTree *self,
                                   const char *path,
                                   gboolean executable,
                                   GError **error);
gboolean plug_rb_package_tree_add_hard_link (PlugRbPackageTree *self,
                                             const char *path,
                                             const char *target,
                                             GError **error);
gboolean plug_rb_package_tree_add_link (PlugRbPackageTree *self,
                                        const char *path,
                                        const char *target,
                                        GError **error);
gboolean plug_rb_package_tree_finish (PlugRbPackageTree *self, GError **error);
guint plug_rb_package_tree_get_size (PlugRbPackageTree *self);
char *plug_rb_package_tree_find_top (PlugRbPackageTree *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPackageTree, plug_rb_package_tree_free)

G_END_DECLS
