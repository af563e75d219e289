/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SNAPSHOT_PAGE (plug_rb_snapshot_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbSnapshotPage, plug_rb_snapshot_page, PLUG_RB, SNAPSHOT_PAGE, AdwNavigationPage)

/* All that is known of one snapshot; its label, note and pin can be changed here. */

AdwNavigationPage *plug_rb_snapshot_page_new (PlugRbManager *manager, PlugRbSnapshot *snapshot);

G_END_DECLS
