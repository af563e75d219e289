/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

/* Tables kept below the user's cache folder, so that they need not be read or worked out anew. All
 * of it may be deleted at any time: it is made again. */

PlugRbTable *plug_rb_cache_load_seen (const char *plugin);
void plug_rb_cache_save_seen (const char *plugin, PlugRbTable *table);
void plug_rb_cache_drop_seen (const char *plugin);

PlugRbTable *plug_rb_cache_load_table (const char *sha256);
void plug_rb_cache_save_table (PlugRbTable *table);

int plug_rb_cache_open (const char *kind, gboolean make);

G_END_DECLS
