/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"
#include "plug-rb-operation.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_ACTIVITY_PAGE (plug_rb_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbActivityPage, plug_rb_activity_page, PLUG_RB, ACTIVITY_PAGE, AdwNavigationPage)

/* All that is known of one operation, also while it runs. */

AdwNavigationPage *plug_rb_activity_page_new (PlugRbManager *manager, PlugRbOperation *operation);

G_END_DECLS
