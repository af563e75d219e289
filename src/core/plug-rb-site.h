/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

/**
 * PlugRbSite:
 * @folder: "" or a folder in the root
 * @name: name of the manifest there
 *
 * Where a plugin's manifest lies among those of others. Zeroed it is none.
 */
typedef struct {
  char *folder;
  char *name;
} PlugRbSite;

void plug_rb_site_clear (PlugRbSite *site);
gboolean plug_rb_site_find (const PlugRbHostFile *file,
                            const PlugRbPlace *place,
                            const char *id,
                            PlugRbSite *site);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbSite, plug_rb_site_clear)

G_END_DECLS
