/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-change.h"
#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_TEXT_DIFF (plug_rb_text_diff_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbTextDiff, plug_rb_text_diff, PLUG_RB, TEXT_DIFF, AdwNavigationPage)

AdwNavigationPage *plug_rb_text_diff_new (PlugRbManager *manager,
                                          PlugRbPlugin *plugin,
                                          PlugRbSnapshot *from,
                                          PlugRbSnapshot *to,
                                          PlugRbChange *change);

G_END_DECLS
