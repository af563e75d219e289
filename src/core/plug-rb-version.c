/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-version.h"

#include <string.h>

/* Versions as their authors write them: “1.2.3-rc.1+b4” (Semantic Versioning), “1.2~beta1”,
 * “20260101”, “3.38.1a”. They are cut into numbers and words. A number that is not there counts as
 * 0; a word that announces a version comes before it, any other after it. */

typedef struct {
  const char *p;
  gboolean before;
} Scanner;

typedef struct {
  gboolean is_number;
  int rank;
  const char *start;
  gsize length;
} Token;

/* 1.0-rc ends before 1.0-rc.1, and both come before 1.0. */
enum { ENDS_EARLY = -2, ANNOUNCES = -1, ENDS = 0, FOLLOWS = 1 };

static gboolean
announces (const char *word, gsize length)
{
  static const char *const words[] = { "a",   "alpha",   "b",  "beta",    "c",       "dev",
                                       "pre", "preview", "rc", "insider", "nightly", NULL };

  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) == length && g_ascii_strncasecmp (words[i], word, length) == 0)
      return TRUE;

  return FALSE;
}

/* Behind “-” or “~” everything announces. Build data behind “+” does not count. */
static Token
next_token (Scanner *scanner)
{
  Token token = { FALSE, ENDS, NULL, 0 };

  for (; *scanner->p != '\0' && strchr (".-~_ ", *scanner->p); scanner->p++)
    scanner->before |= *scanner->p == '-' || *scanner->p == '~';
  if (*scanner->p == '\0' || *scanner->p == '+') {
    token.rank = scanner->before ? ENDS_EARLY : ENDS;
    return token;
  }

  token.start = scanner->p;
  token.is_number = g_ascii_isdigit (*scanner->p);
  do
    scanner->p++;
  while (*scanner->p != '\0' && strchr (".-~_ +", *scanner->p) == NULL &&
         g_ascii_isdigit (*scanner->p) == token.is_number);

  token.length = scanner->p - token.start;
  if (!token.is_number && announces (token.start, token.length))
    scanner->before = TRUE;
  token.rank = scanner->before ? ANNOUNCES : FOLLOWS;

  return token;
}

/* Digits of any length. */
static int
compare_numbers (const Token *a, const Token *b)
{
  const char *one = a->start;
  const char *other = b->start;
  gsize m = a->length;
  gsize n = b->length;

  for (; m > 0 && *one == '0'; m--)
    one++;
  for (; n > 0 && *other == '0'; n--)
    other++;

  return m != n ? (m < n ? -1 : 1) : strncmp (one, other, m);
}

static int
compare_words (const Token *a, const Token *b)
{
  int order = g_ascii_strncasecmp (a->start, b->start, MIN (a->length, b->length));

  return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static gboolean
is_zero (const Token *token)
{
  return token->is_number && strspn (token->start, "0") >= token->length;
}

static int
compare_tokens (const Token *a, const Token *b)
{
  /* 1.0 is 1.0.0. */
  if ((a->rank == ENDS && b->rank == FOLLOWS && is_zero (b)) ||
      (b->rank == ENDS && a->rank == FOLLOWS && is_zero (a)))
    return 0;
  if (a->rank != b->rank)
    return a->rank - b->rank;
  if (a->start == NULL)
    return 0;
  if (a->is_number != b->is_number)
    return (a->rank == ANNOUNCES) == a->is_number ? -1 : 1;

  return a->is_number ? compare_numbers (a, b) : compare_words (a, b);
}

static const char *
skip_letter (const char *version)
{
  version += strspn (version, " =");

  return (*version == 'v' || *version == 'V') && g_ascii_isdigit (version[1]) ? version + 1
                                                                              : version;
}

/**
 * plug_rb_version_compare:
 *
 * Compares versions, as Semantic Versioning does where they are such.
 *
 * Returns: below 0 if @a is before @b, above 0 if it is after it
 */
int
plug_rb_version_compare (const char *a, const char *b)
{
  Scanner one = { skip_letter (a), FALSE };
  Scanner other = { skip_letter (b), FALSE };
  Token x;
  Token y;
  int order;

  do {
    Scanner saved_one = one;
    Scanner saved_other = other;

    x = next_token (&one);
    y = next_token (&other);

    /* 1.0-rc against 1.0.0-rc: the zero is passed over. */
    if (x.rank == ANNOUNCES && y.rank == FOLLOWS && is_zero (&y))
      one = saved_one;
    else if (y.rank == ANNOUNCES && x.rank == FOLLOWS && is_zero (&x))
      other = saved_other;
    else if ((order = compare_tokens (&x, &y)) != 0)
      return order;
  } while (x.start != NULL || y.start != NULL);

  return 0;
}
