/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-suggest.h"

#define FARTHEST 2

/* Levenshtein's distance, one row of the matrix at a time. */
static guint
count_edits (const char *a, const char *b)
{
  gsize length = strlen (b);
  g_autofree guint *row = g_new (guint, length + 1);

  for (gsize j = 0; j <= length; j++)
    row[j] = (guint) j;

  for (gsize i = 0; a[i] != '\0'; i++) {
    guint diagonal = row[0];

    row[0] = (guint) i + 1;
    for (gsize j = 0; j < length; j++) {
      guint replaced = diagonal + (a[i] != b[j]);

      diagonal = row[j + 1];
      row[j + 1] = MIN (replaced, MIN (diagonal, row[j]) + 1);
    }
  }

  return row[length];
}

/**
 * plug_rb_cli_suggest:
 *
 * Returns: (nullable): which of @words was probably meant
 */
const char *
plug_rb_cli_suggest (const char *word, const char *const *words)
{
  const char *best = NULL;
  guint best_edits = FARTHEST + 1;

  for (gsize i = 0; words[i] != NULL; i++) {
    guint edits = count_edits (word, words[i]);

    if (strlen (word) >= 3 && g_str_has_prefix (words[i], word))
      edits = 1;
    if (edits < best_edits && edits < strlen (word)) {
      best = words[i];
      best_edits = edits;
    }
  }

  return best;
}
