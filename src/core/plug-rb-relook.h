/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-table.h"

G_BEGIN_DECLS

PlugRbTable *plug_rb_relook (PlugRbTable *table, GPtrArray *parts);

G_END_DECLS
