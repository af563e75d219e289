/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

/**
 * PlugRbSite:
 * @folder: a folder in the root, or ""
 * @name: a manifest in it
 *
 * Where a plugin's manifest lies among others'.
 */
typedef struct {
  char *folder;
  char *name;
} PlugRbSite;

void plug_rb_site_clear (PlugRbSite *site);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbSite, plug_rb_site_clear)

gboolean plug_rb_site_find (const PlugRbHostFile *file,
                            const PlugRbPlace *place,
                            const char *id,
                            PlugRbSite *site);
void plug_rb_site_remember (const PlugRbPlace *place,
                            const char *id,
                            const char *folder,
                            const char *name);
int plug_rb_site_open_folder (int root_fd, const char *name);

G_END_DECLS
