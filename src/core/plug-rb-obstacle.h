/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-state.h"

G_BEGIN_DECLS

gboolean plug_rb_obstacle_check_folder (const char *path, GError **error);
gboolean plug_rb_obstacle_check_part (PlugRbState *live, const PlugRbPart *part, GError **error);

G_END_DECLS
