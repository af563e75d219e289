/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-text-lines.h"

#include <string.h>

/**
 * plug_rb_text_lines_init:
 * @most: how many lines there may be
 *
 * Returns: %FALSE if this is no text, or has too many lines
 */
gboolean
plug_rb_text_lines_init (PlugRbTextLines *self, GBytes *bytes, guint most)
{
  gsize size;
  g_autoptr(GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint start = 0;

  *self = (PlugRbTextLines) { .data = g_bytes_get_data (bytes, &size), .is_ended = TRUE };
  if (size > G_MAXUINT / 2 || (size > 0 && memchr (self->data, '\0', size) != NULL))
    return FALSE;

  while (start < size && starts->len <= most) {
    const char *end = memchr (self->data + start, '\n', size - start);

    g_array_append_val (starts, start);
    self->is_ended = end != NULL;
    start = end != NULL ? (guint) (end - self->data) + 1 : (guint) size;
  }

  if (starts->len > most)
    return FALSE;

  self->n = starts->len;
  g_array_append_val (starts, start);
  self->starts = g_array_steal (starts, NULL);
  return TRUE;
}

void
plug_rb_text_lines_clear (PlugRbTextLines *self)
{
  g_clear_pointer (&self->starts, g_free);
}

/**
 * plug_rb_text_lines_number:
 * @numbers: (element-type GBytes guint): the numbers that lines have already
 *
 * Returns: (transfer full): a number for each line, the same for equal ones
 */
guint *
plug_rb_text_lines_number (PlugRbTextLines *self, GHashTable *numbers)
{
  guint *own = g_new (guint, self->n + 1);

  for (guint i = 0; i < self->n; i++) {
    GBytes *line =
        g_bytes_new_static (self->data + self->starts[i], self->starts[i + 1] - self->starts[i]);
    gpointer number;

    if (g_hash_table_lookup_extended (numbers, line, NULL, &number)) {
      g_bytes_unref (line);
    } else {
      number = GUINT_TO_POINTER (g_hash_table_size (numbers));
      g_hash_table_insert (numbers, line, number);
    }
    own[i] = GPOINTER_TO_UINT (number);
  }

  return own;
}

/* A file may hold what turns text around, hides it or commands a terminal: that is shown instead
 * of obeyed. */
static gunichar
make_visible (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (c == '\t' || c == 0xad || c == 0x200c || c == 0x200d)
    return c;
  if (c < 0x20)
    return 0x2400 + c;
  if (c == 0x7f)
    return 0x2421;

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
                 type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR
             ? 0xfffd
             : c;
}

/* The end of a line is no part of it, but for what ends lines elsewhere. */
static gsize
measure (PlugRbTextLines *self, guint index)
{
  gsize length = self->starts[index + 1] - self->starts[index];

  if (length > 0 && self->data[self->starts[index] + length - 1] == '\n')
    length--;

  return length;
}

/**
 * plug_rb_text_lines_dup:
 * @most: how many bytes of it at most
 *
 * Returns: (transfer full): a line as it may be shown anywhere
 */
char *
plug_rb_text_lines_dup (PlugRbTextLines *self, guint index, gsize most)
{
  gsize length = measure (self, index);
  g_autofree char *valid = g_utf8_make_valid (self->data + self->starts[index], MIN (length, most));
  GString *text = g_string_sized_new (length < most ? length : most);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (text, make_visible (g_utf8_get_char (p)));
  if (length > most)
    g_string_append (text, "…");

  return g_string_free_and_steal (text);
}
