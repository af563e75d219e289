/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

gboolean plug_rb_size_limit_check (PlugRbTable *table, guint64 limit, GError **error);

G_END_DECLS
