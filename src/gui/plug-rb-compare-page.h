/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_COMPARE_PAGE (plug_rb_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbComparePage, plug_rb_compare_page, PLUG_RB, COMPARE_PAGE, AdwNavigationPage)

AdwNavigationPage *plug_rb_compare_page_new (PlugRbManager *manager,
                                             PlugRbPlugin *plugin,
                                             PlugRbSnapshot *from,
                                             PlugRbSnapshot *to);

G_END_DECLS
