/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-pack.h"

G_BEGIN_DECLS

/**
 * PlugRbPackNames:
 * @pack: takes the frames that are full
 * @table: the state that is stored
 * @claimed: (element-type utf8 utf8): contents of the new archive, and under which name they are
 * @base_table: (nullable): the state whose archives are shared
 * @base: (nullable): the contents of these
 *
 * What it takes to give every file its name.
 */
typedef struct {
  PlugRbPack *pack;
  PlugRbTable *table;
  GHashTable *claimed;
  PlugRbTable *base_table;
  PlugRbContents *base;
} PlugRbPackNames;

gboolean plug_rb_pack_names_add (const PlugRbPackNames *names, PlugRbFrame *frame, GError **error);

G_END_DECLS
