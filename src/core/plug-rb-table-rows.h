/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-table.h"

G_BEGIN_DECLS

/* The inside of a table, for the files that read and write it in its two forms. */

typedef struct {
  PlugRbEntry entry;
  PlugRbLook look;
  gboolean seen;
} PlugRbRow;

struct _PlugRbTable {
  gatomicrefcount ref_count;
  GArray *rows;
  GStringChunk *strings;
  GBytes *pack;
  PlugRbTable *lender;
  GBytes *json;
  char *sha256;
};

char *plug_rb_table_to_json (PlugRbTable *self);
gboolean plug_rb_table_add_json (PlugRbTable *self, GBytes *json, GError **error);

G_END_DECLS
