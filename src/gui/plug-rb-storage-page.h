/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_STORAGE_PAGE (plug_rb_storage_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbStoragePage, plug_rb_storage_page, PLUG_RB, STORAGE_PAGE, AdwPreferencesPage)

/* Where the snapshots are, what they take, whether they can be read, and how to make room. */

PlugRbStoragePage *plug_rb_storage_page_new (PlugRbManager *manager);

G_END_DECLS
