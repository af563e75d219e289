/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-version.h"

#include <string.h>

/* Ranges as npm writes them: “^1.2.0 || >=2 <4”, “~1.4”, “1.x”, “1.2 - 2.3”. What precedes a
 * version (2.0.0-rc) is before it, and in no range that ends there. */

typedef struct {
  guint64 numbers[3];
  guint count;
  char *text;
} Partial;

static gboolean
is_wildcard (char c)
{
  return c == 'x' || c == 'X' || c == '*';
}

/* "1", "1.2", "1.x", "1.2.3-rc"; what is behind the numbers stays in the text. */
static gboolean
partial_read (const char *word, Partial *partial)
{
  const char *p = word + (*word == 'v');

  *partial = (Partial) { { 0, 0, 0 }, 0, g_strdup (p) };
  while (partial->count < 3 && g_ascii_isdigit (*p)) {
    partial->numbers[partial->count++] = g_ascii_strtoull (p, (char **) &p, 10);
    if (*p != '.')
      break;
    p++;
  }

  if (partial->count < 3)
    while (is_wildcard (*p) || (*p == '.' && is_wildcard (p[1])))
      p++;

  if (*p == '\0' || ((*p == '-' || *p == '+') && partial->count == 3))
    return TRUE;

  /* Any other version is itself and no more. */
  partial->count = 3;
  return g_ascii_isdigit (*partial->text);
}

static void
partial_clear (Partial *partial)
{
  g_free (partial->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Partial, partial_clear)

static char *
dup_lower (const Partial *partial)
{
  return partial->count == 3 ? g_strdup (partial->text)
                             : g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT ".0",
                                                partial->numbers[0], partial->numbers[1]);
}

/* The first version that differs in number @index or one before it. */
static char *
dup_next (const Partial *partial, guint index)
{
  guint64 next[3] = { 0, 0, 0 };

  for (guint i = 0; i <= index; i++)
    next[i] = partial->numbers[i] + (i == index);

  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "-0",
                          next[0], next[1], next[2]);
}

/* "^": the first number that is not 0 stays. */
static guint
find_caret (const Partial *partial)
{
  guint index = 0;

  while (index + 1 < partial->count && partial->numbers[index] == 0)
    index++;

  return index;
}

static gboolean
lies_between (const char *version, const Partial *partial, guint index)
{
  g_autofree char *lower = dup_lower (partial);
  g_autofree char *upper = dup_next (partial, index);

  return plug_rb_version_compare (version, lower) >= 0 &&
         plug_rb_version_compare (version, upper) < 0;
}

/* "<=1.2" and ">1.2" mean all of 1.2. */
static gboolean
compares (const char *version, const char *sign, const Partial *partial)
{
  gboolean is_whole = partial->count < 3 && (g_str_equal (sign, "<=") || g_str_equal (sign, ">"));
  g_autofree char *bound = is_whole ? dup_next (partial, partial->count - 1) : dup_lower (partial);
  int order = plug_rb_version_compare (version, bound);

  if (*sign == '<')
    return order < 0 || (order == 0 && sign[1] == '=' && !is_whole);

  return order > 0 || (order == 0 && (sign[1] == '=' || is_whole));
}

static gboolean
fits (const char *version, const char *sign, const Partial *partial)
{
  if (partial->count == 0)
    return *sign != '<' && !g_str_equal (sign, ">") ? TRUE : g_str_equal (sign, "<=");
  if (*sign == '^')
    return lies_between (version, partial, find_caret (partial));
  if (*sign == '~')
    return lies_between (version, partial, MIN (partial->count - 1, 1));
  if (*sign == '<' || *sign == '>')
    return compares (version, sign, partial);
  if (*sign == '!')
    return plug_rb_version_compare (version, partial->text) != 0;

  return partial->count == 3 ? plug_rb_version_compare (version, partial->text) == 0
                             : lies_between (version, partial, partial->count - 1);
}

/* ---- text */

typedef struct {
  const char *version;
  gboolean valid;
} Question;

static gboolean
fits_word (Question *question, const char *word)
{
  gsize length = strspn (word, "<>=~^!");
  g_autofree char *sign = g_strndup (word, length);
  g_auto(Partial) partial = { 0 };

  question->valid &= partial_read (word + length, &partial) && (length < 3);

  return question->valid && fits (question->version, sign, &partial);
}

static gboolean
is_space (char c)
{
  return g_ascii_isspace (c) || c == ',';
}

/* Signs go to what is behind them: ">= 1.2" is ">=1.2". */
static char *
join_signs (const char *text)
{
  g_autoptr(GString) joined = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (!is_space (*p) || joined->len == 0 ||
        strchr ("<>=~^!", joined->str[joined->len - 1]) == NULL)
      g_string_append_c (joined, is_space (*p) ? ' ' : *p);

  return g_string_free_and_steal (g_steal_pointer (&joined));
}

static gboolean
fits_all (Question *question, const char *text)
{
  g_autofree char *joined = join_signs (text);
  g_auto(GStrv) ends = g_strsplit (joined, " - ", 2);
  g_autofree char *plain =
      ends[0] && ends[1] ? g_strdup_printf (">=%s <=%s", g_strstrip (ends[0]), g_strstrip (ends[1]))
                         : g_strdup (joined);
  g_auto(GStrv) words = g_strsplit (plain, " ", -1);
  gboolean fit = TRUE;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !fits_word (question, words[i]))
      fit = FALSE;

  return fit;
}

static gboolean
ask (Question *question, const char *range)
{
  g_auto(GStrv) choices = g_strsplit (range, "||", -1);
  gboolean fit = FALSE;

  for (guint i = 0; choices[i] != NULL; i++)
    if (fits_all (question, choices[i]))
      fit = TRUE;

  return fit || choices[0] == NULL;
}

/**
 * plug_rb_version_is_in:
 * @range: versions as npm writes them: "1.2.3", "^1.2", "~1.2", ">=1.2 <3", "1.x", "1.2 - 2",
 *   several parted by "||"; "" and "*" for any
 *
 * Returns: whether the version is one of them; %TRUE where the range says nothing of versions, as
 *   "latest" and "file:../other" do
 */
gboolean
plug_rb_version_is_in (const char *version, const char *range)
{
  Question question = { version, TRUE };

  return ask (&question, range) || !question.valid;
}
