/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_CHANGE_LIST (plug_rb_change_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbChangeList, plug_rb_change_list, PLUG_RB, CHANGE_LIST, AdwBin)

/* Properties: changes (a list of PlugRbChange), narrow, opens (whether activating a file activates
 * the action “compare.show-file” with its part and path). */

G_END_DECLS
