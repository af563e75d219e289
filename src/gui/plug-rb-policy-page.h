/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_POLICY_PAGE (plug_rb_policy_page_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbPolicyPage, plug_rb_policy_page, PLUG_RB, POLICY_PAGE, AdwPreferencesPage)

/* Properties: manager, policy (whose values the rows show and set; a change that would make
 * snapshots go waits for the user), name-here (of the program or plugin, NULL for all) and
 * name-above (of what holds where nothing is set here). */
PlugRbPolicyPage *plug_rb_policy_page_new (PlugRbManager *manager,
                                           PlugRbLivePolicy *policy,
                                           const char *name_here,
                                           const char *name_above);

G_END_DECLS
