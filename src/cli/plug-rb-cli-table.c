/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-table.h"

#include <unistd.h>

#include "plug-rb-cli-output.h"

#define GAP 2
#define LEAST 8

typedef struct {
  PlugRbCliColumn kind;
  guint width;
} Column;

struct _PlugRbCliTable {
  GArray *columns;
  GPtrArray *rows;
};

/* ---- text in a terminal's cells */

static guint
count_cells (gunichar character)
{
  if (character < 0x80)
    return 1;
  if (g_unichar_iszerowidth (character))
    return 0;

  return g_unichar_iswide (character) ? 2 : 1;
}

guint
plug_rb_cli_text_get_width (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += count_cells (g_utf8_get_char (at));

  return width;
}

/**
 * plug_rb_cli_text_shorten:
 * @width: cells that there are, at least 1
 *
 * Returns: (transfer full): @text, with its end cut off and marked by an ellipsis if it is too long
 */
char *
plug_rb_cli_text_shorten (const char *text, guint width)
{
  const char *at = text;
  guint used = 0;
  g_autofree char *start = NULL;

  if (plug_rb_cli_text_get_width (text) <= width)
    return g_strdup (text);

  while (used + count_cells (g_utf8_get_char (at)) < width) {
    used += count_cells (g_utf8_get_char (at));
    at = g_utf8_next_char (at);
  }

  start = g_strndup (text, at - text);
  return g_strconcat (start, "…", NULL);
}

/* ---- the table */

PlugRbCliTable *
plug_rb_cli_table_new (void)
{
  PlugRbCliTable *self = g_new0 (PlugRbCliTable, 1);

  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_ptr_array_add (self->rows, g_new0 (char *, 1));

  return self;
}

void
plug_rb_cli_table_free (PlugRbCliTable *self)
{
  g_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
widen (PlugRbCliTable *self, guint column, const char *cell)
{
  Column *data = &g_array_index (self->columns, Column, column);

  data->width = MAX (data->width, plug_rb_cli_text_get_width (cell));
}

void
plug_rb_cli_table_add_column (PlugRbCliTable *self, const char *title, PlugRbCliColumn kind)
{
  guint column = self->columns->len;
  char **titles = self->rows->pdata[0];
  Column data = { kind, 0 };

  g_array_append_val (self->columns, data);
  titles = g_renew (char *, titles, column + 2);
  titles[column] = g_strdup (title);
  titles[column + 1] = NULL;
  self->rows->pdata[0] = titles;
  widen (self, column, title);
}

static char *
make_cell (const char *text)
{
  char *cell = g_utf8_make_valid (text ? text : "", -1);

  return strpbrk (cell, "\n\r\t") ? g_strdelimit (cell, "\n\r\t", ' ') : cell;
}

/**
 * plug_rb_cli_table_add_row:
 *
 * Adds a row: a text for each column, then %NULL.
 */
void
plug_rb_cli_table_add_row (PlugRbCliTable *self, ...)
{
  char **cells = g_new0 (char *, self->columns->len + 1);
  va_list list;

  va_start (list, self);
  for (guint i = 0; i < self->columns->len; i++) {
    const char *text = va_arg (list, const char *);

    g_assert (text != NULL);
    cells[i] = make_cell (text);
    widen (self, i, cells[i]);
  }
  va_end (list);

  g_ptr_array_add (self->rows, cells);
}

static guint
sum_widths (PlugRbCliTable *self)
{
  guint sum = 0;

  for (guint i = 0; i < self->columns->len; i++)
    sum += g_array_index (self->columns, Column, i).width + (i > 0 ? GAP : 0);

  return sum;
}

static Column *
find_widest (PlugRbCliTable *self)
{
  Column *widest = NULL;

  for (guint i = 0; i < self->columns->len; i++) {
    Column *column = &g_array_index (self->columns, Column, i);

    if (column->kind == PLUG_RB_CLI_COLUMN_FLEXIBLE && column->width > LEAST &&
        (widest == NULL || column->width > widest->width))
      widest = column;
  }

  return widest;
}

static void
fit (PlugRbCliTable *self, guint width)
{
  Column *column;

  while (sum_widths (self) > width && (column = find_widest (self)) != NULL)
    column->width--;
}

static void
append_spaces (GString *text, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (text, ' ');
}

static void
append_cell (GString *text, const Column *column, const char *cell)
{
  guint width = plug_rb_cli_text_get_width (cell);
  g_autofree char *shortened = NULL;

  if (width > MAX (column->width, 1)) {
    cell = shortened = plug_rb_cli_text_shorten (cell, MAX (column->width, 1));
    width = plug_rb_cli_text_get_width (cell);
  }

  if (column->kind == PLUG_RB_CLI_COLUMN_RIGHT)
    append_spaces (text, column->width - MIN (column->width, width));
  g_string_append (text, cell);
  if (column->kind != PLUG_RB_CLI_COLUMN_RIGHT)
    append_spaces (text, column->width - MIN (column->width, width));
}

static void
append_row (PlugRbCliTable *self, GString *text, char **cells)
{
  gsize start = text->len;

  for (guint i = 0; i < self->columns->len; i++) {
    if (i > 0)
      append_spaces (text, GAP);
    append_cell (text, &g_array_index (self->columns, Column, i), cells[i]);
  }

  while (text->len > start && g_ascii_isspace (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static gboolean
has_titles (PlugRbCliTable *self)
{
  char **titles = self->rows->pdata[0];

  for (gsize i = 0; titles[i] != NULL; i++)
    if (*titles[i] != '\0')
      return TRUE;

  return FALSE;
}

char *
plug_rb_cli_table_to_string (PlugRbCliTable *self, guint width)
{
  GString *text = g_string_new (NULL);

  if (width > 0)
    fit (self, width);
  for (guint i = has_titles (self) ? 0 : 1; i < self->rows->len; i++)
    append_row (self, text, self->rows->pdata[i]);

  return g_string_free_and_steal (text);
}

void
plug_rb_cli_table_print (PlugRbCliTable *self)
{
  g_autofree char *text =
      plug_rb_cli_table_to_string (self, plug_rb_cli_output_get_width (STDOUT_FILENO));

  g_print ("%s", text);
}
