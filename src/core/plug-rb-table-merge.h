/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

PlugRbTable *plug_rb_table_merge (PlugRbTable *live,
                                  PlugRbTable *target,
                                  const char *part,
                                  const char *const *paths,
                                  GError **error);

G_END_DECLS
