/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_PREFERENCES (plug_rb_preferences_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbPreferences, plug_rb_preferences, PLUG_RB, PREFERENCES, AdwPreferencesDialog)

/* For a manager that has a policy, which it has once it is loaded. */
PlugRbPreferences *plug_rb_preferences_new (PlugRbManager *manager);
void plug_rb_preferences_show (PlugRbPreferences *self, const char *scope);

G_END_DECLS
