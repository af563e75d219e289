/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbDatabase:
 *
 * An SQLite database of a host, opened as the host itself opens it: through the library, so that
 * its locks and its log are respected. For one thread.
 */
typedef struct _PlugRbDatabase PlugRbDatabase;

/**
 * PlugRbRow:
 * @table: name of the table
 * @key_column: the column that tells rows apart
 * @key: what it holds
 * @fold: whether keys are the same in any case
 * @columns: (array zero-terminated=1): the columns that are of interest
 *
 * One row of a table.
 */
typedef struct {
  const char *table;
  const char *key_column;
  const char *key;
  gboolean fold;
  const char *const *columns;
} PlugRbRow;

PlugRbDatabase *
plug_rb_database_open (const char *path, const char *host, gboolean for_writing, GError **error);
void plug_rb_database_close (PlugRbDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbDatabase, plug_rb_database_close)

gboolean plug_rb_database_check (PlugRbDatabase *self, GError **error);
gboolean plug_rb_database_begin (PlugRbDatabase *self, GError **error);
gboolean plug_rb_database_commit (PlugRbDatabase *self, GError **error);

gboolean plug_rb_database_read_row (PlugRbDatabase *self,
                                    const PlugRbRow *row,
                                    GVariant **value,
                                    GError **error);
gboolean plug_rb_database_write_row (PlugRbDatabase *self,
                                     const PlugRbRow *row,
                                     GVariant *value,
                                     GError **error);

G_END_DECLS
