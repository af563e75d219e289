/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

#include "plug-rb-error.h"

G_BEGIN_DECLS

/* The names in a plugin package, which may come from anybody: what they may look like, and which of
 * them would land in the same place. */

typedef enum {
  PLUG_RB_PACKAGE_FOLDER,
  PLUG_RB_PACKAGE_FILE,
  PLUG_RB_PACKAGE_LINK,
} PlugRbPackageKind;

gboolean
plug_rb_package_refuse (GError **error, PlugRbError code, const char *name, const char *why);
char *plug_rb_package_clean_name (const char *raw, guint length, guint depth, GError **error);
gboolean plug_rb_package_check_target (const char *path, const char *target, GError **error);

/**
 * PlugRbPackageNames:
 *
 * All files, folders and links of a package so far, also the folders that no entry names.
 */
typedef struct _PlugRbPackageNames PlugRbPackageNames;

PlugRbPackageNames *plug_rb_package_names_new (void);
void plug_rb_package_names_free (PlugRbPackageNames *self);
gboolean plug_rb_package_names_add (PlugRbPackageNames *self,
                                    const char *path,
                                    PlugRbPackageKind kind,
                                    gboolean *is_new,
                                    GError **error);
gboolean plug_rb_package_names_has_file (PlugRbPackageNames *self, const char *path);
guint plug_rb_package_names_get_size (PlugRbPackageNames *self);
char *plug_rb_package_names_find_top (PlugRbPackageNames *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPackageNames, plug_rb_package_names_free)

G_END_DECLS
