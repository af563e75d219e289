/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_APPLICATION (plug_rb_application_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbApplication, plug_rb_application, PLUG_RB, APPLICATION, AdwApplication)

PlugRbApplication *plug_rb_application_new (void);

G_END_DECLS
