/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbTextLines:
 * @starts: where each line begins; one more than there are lines, the last being the end
 * @n: how many lines
 * @is_ended: whether the last line ends as the others do
 *
 * A text as lines. It borrows the bytes.
 */
typedef struct {
  const char *data;
  guint *starts;
  guint n;
  gboolean is_ended;
} PlugRbTextLines;

gboolean plug_rb_text_lines_init (PlugRbTextLines *self, GBytes *bytes, guint most);
void plug_rb_text_lines_clear (PlugRbTextLines *self);
guint *plug_rb_text_lines_number (PlugRbTextLines *self, GHashTable *numbers);
char *plug_rb_text_lines_dup (PlugRbTextLines *self, guint index, gsize most);

G_END_DECLS
