/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_HEALTH_ICON (plug_rb_health_icon_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHealthIcon, plug_rb_health_icon, PLUG_RB, HEALTH_ICON, AdwBin)

/* Properties: health, message. Nothing is drawn while the health is unknown. */

G_END_DECLS
