/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

PlugRbPart *
plug_rb_host_language_part (const PlugRbPlace *place, const char *id, const char *language);
void plug_rb_host_language_list (const PlugRbPlace *place, const char *id, GPtrArray *parts);

G_END_DECLS
