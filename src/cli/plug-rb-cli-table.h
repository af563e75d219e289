/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbCliTable:
 *
 * Rows of text in aligned columns. In a terminal that is too narrow the flexible columns are cut;
 * elsewhere nothing is.
 */
typedef struct _PlugRbCliTable PlugRbCliTable;

typedef enum {
  PLUG_RB_CLI_COLUMN_LEFT,
  PLUG_RB_CLI_COLUMN_RIGHT,
  PLUG_RB_CLI_COLUMN_FLEXIBLE,
} PlugRbCliColumn;

PlugRbCliTable *plug_rb_cli_table_new (void);
void plug_rb_cli_table_free (PlugRbCliTable *self);
void plug_rb_cli_table_add_column (PlugRbCliTable *self, const char *title, PlugRbCliColumn kind);
void plug_rb_cli_table_add_row (PlugRbCliTable *self, ...) G_GNUC_NULL_TERMINATED;
char *plug_rb_cli_table_to_string (PlugRbCliTable *self, guint width);
void plug_rb_cli_table_print (PlugRbCliTable *self);

guint plug_rb_cli_text_get_width (const char *text);
char *plug_rb_cli_text_shorten (const char *text, guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbCliTable, plug_rb_cli_table_free)

G_END_DECLS
