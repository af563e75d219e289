/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

void plug_rb_health_note (PlugRbPlugin *plugin);
PlugRbHealth plug_rb_health_check (PlugRbHost *host, const char *id, char **message);

G_END_DECLS
