/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

char *plug_rb_table_filter_normalize (const char *path);
void plug_rb_table_filter_add (PlugRbTable *filtered, const PlugRbEntry *entry, GHashTable *firsts);
PlugRbTable *plug_rb_table_filter (PlugRbTable *table,
                                   const char *part,
                                   const char *const *paths,
                                   GError **error);

G_END_DECLS
