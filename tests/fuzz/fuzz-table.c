/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "fuzz.h"
#include "plug-rb-table.h"

static void
check_entry (PlugRbTable *table, const PlugRbEntry *entry)
{
  g_auto(GStrv) names = g_strsplit (entry->path, "/", -1);

  g_assert_true (plug_rb_table_find (table, entry->part, entry->path) == entry);
  g_assert_null (strchr (entry->part, '/'));
  g_assert_cmpuint (entry->mode & (04000 | 02000), ==, 0);
  for (guint i = 0; *entry->path != '\0' && names[i] != NULL; i++) {
    g_assert_cmpstr (names[i], !=, "");
    g_assert_cmpstr (names[i], !=, ".");
    g_assert_cmpstr (names[i], !=, "..");
  }
}

/* A state table: whatever is read from it can be staged without leaving the stage. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(PlugRbTable) table = plug_rb_table_new_from_bytes (bytes, NULL);

  for (guint i = 0; table != NULL && i < plug_rb_table_get_size (table); i++)
    check_entry (table, plug_rb_table_get (table, i));
  if (table != NULL) {
    plug_rb_table_sum_sizes (table);
    plug_rb_table_count_files (table);
  }

  return 0;
}
