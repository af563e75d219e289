/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-version.h"

#include <stdlib.h>
#include <string.h>

/* ---- order */

static const char *
skip_prefix (const char *version)
{
  while (*version == ' ' || *version == '=' || *version == 'v' || *version == 'V')
    version++;

  return version;
}

static int
compare_numbers (const char *a, gsize a_length, const char *b, gsize b_length)
{
  while (a_length > 0 && *a == '0') {
    a++;
    a_length--;
  }
  while (b_length > 0 && *b == '0') {
    b++;
    b_length--;
  }

  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;

  return strncmp (a, b, a_length);
}

/* A piece between dots: numbers by their value and before words, as Semantic Versioning has it. */
static int
compare_pieces (const char *a, gsize a_length, const char *b, gsize b_length)
{
  gboolean a_number = strspn (a, "0123456789") >= a_length;
  gboolean b_number = strspn (b, "0123456789") >= b_length;
  int order;

  if (a_number && b_number)
    return compare_numbers (a, a_length, b, b_length);
  if (a_number != b_number)
    return a_number ? -1 : 1;

  order = strncmp (a, b, MIN (a_length, b_length));
  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Pieces parted by dots up to one of @ends; a missing one counts as @missing. */
static int
compare_dotted (const char *a, const char *b, const char *ends, const char *missing)
{
  while ((*a != '\0' && strchr (ends, *a) == NULL) || (*b != '\0' && strchr (ends, *b) == NULL)) {
    g_autofree char *stop = g_strconcat (ends, ".", NULL);
    gsize a_length = strcspn (a, stop), b_length = strcspn (b, stop);
    int order = compare_pieces (a_length ? a : missing, a_length ? a_length : strlen (missing),
                                b_length ? b : missing, b_length ? b_length : strlen (missing));

    if (order != 0)
      return order;

    a += a_length + (a[a_length] == '.');
    b += b_length + (b[b_length] == '.');
  }

  return 0;
}

static const char *
find_prerelease (const char *version)
{
  gsize length = strcspn (version, "-+");

  return version[length] == '-' ? version + length + 1 : NULL;
}

/**
 * plug_rb_version_compare:
 *
 * Returns: less than, equal to or greater than 0, as @a is earlier than, the same as or later than
 *   @b
 */
int
plug_rb_version_compare (const char *a, const char *b)
{
  const char *x = skip_prefix (a), *y = skip_prefix (b);
  const char *x_pre = find_prerelease (x), *y_pre = find_prerelease (y);
  int order = compare_dotted (x, y, "-+", "0");

  if (order != 0)
    return order;
  if (x_pre == NULL || y_pre == NULL)
    return (x_pre == NULL) - (y_pre == NULL);

  return compare_dotted (x_pre, y_pre, "+", "");
}

/* ---- ranges, as npm has them */

static gboolean
is_any (const char *version)
{
  return *version == '\0' || strchr ("*xX", *version) != NULL;
}

/* How many numbers are given before the first "x". */
static guint
count_numbers (const char *version)
{
  guint n = 0;

  while (!is_any (version)) {
    n++;
    version += strcspn (version, ".-+");
    if (*version != '.')
      break;
    version++;
  }

  return n;
}

/* The version with its number at @place one higher, and nothing behind it. */
static char *
raise_number (const char *version, guint place)
{
  g_auto(GStrv) numbers = g_strsplit_set (version, ".-+", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i <= place && numbers[i] != NULL; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? "." : "",
                            g_ascii_strtoull (numbers[i], NULL, 10) + (i == place));

  /* Nothing that comes before this release is in the range either. */
  g_string_append (text, "-");
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
cut_numbers (const char *version, guint n)
{
  g_auto(GStrv) numbers = g_strsplit (version, ".", -1);

  for (guint i = n; i < g_strv_length (numbers); i++)
    g_clear_pointer (&numbers[i], g_free);

  return g_strjoinv (".", numbers);
}

static gboolean
is_between (const char *version, const char *from, guint place)
{
  g_autofree char *end = raise_number (from, place);

  return plug_rb_version_compare (version, from) >= 0 &&
         plug_rb_version_compare (version, end) < 0;
}

/* “^”: up to the next version that may break: the first number that is not 0. */
static gboolean
is_compatible (const char *version, const char *from, guint n)
{
  const char *p = from;
  guint place = 0;

  while (place + 1 < n && strtoul (p, NULL, 10) == 0) {
    place++;
    p += strcspn (p, ".") + 1;
  }

  return is_between (version, from, place);
}

static gboolean
passes (const char *version, const char *operator, const char *operand)
{
  const char *given = skip_prefix (operand);
  guint n = count_numbers (given);
  g_autofree char *from = cut_numbers (given, n);
  int order;

  if (n == 0)
    return TRUE;
  if (g_str_equal (operator, "^"))
    return is_compatible (version, from, n);
  if (g_str_equal (operator, "~"))
    return is_between (version, from, MIN (n, 2) - 1);
  if (n < 3 && (*operator == '\0' || g_str_equal (operator, "=")))
    return is_between (version, from, n - 1);

  order = plug_rb_version_compare (version, from);
  if (g_str_equal (operator, ">="))
    return order >= 0;
  if (g_str_equal (operator, "<="))
    return order <= 0;
  if (g_str_equal (operator, ">"))
    return order > 0;
  if (g_str_equal (operator, "<"))
    return order < 0;

  return g_str_equal (operator, "!=") ? order != 0 : order == 0;
}

/* All of several terms; "1.2 - 2.3" is “>=1.2 <=2.3”, and an operator may stand apart. */
static gboolean
passes_all (const char *version, const char *terms)
{
  const char *p = terms;

  for (;;) {
    g_autofree char *operator = NULL;
    g_autofree char *operand = NULL;
    gsize length;

    p += strspn (p, " \t,");
    if (*p == '\0')
      return TRUE;

    length = strspn (p, "<>=^~!");
    operator = g_strndup (p, length);
    p += length + strspn (p + length, " \t");
    length = strcspn (p, " \t,");
    operand = g_strndup (p, length);
    p += length;

    if (g_str_has_prefix (p, " - ")) {
      if (plug_rb_version_compare (version, operand) < 0)
        return FALSE;
      p += strlen (" - ");
      g_set_str (&operator, "<=");
      length = strcspn (p, " \t,");
      g_free (operand);
      operand = g_strndup (p, length);
      p += length;
    }
    if (!passes (version, operator, operand))
      return FALSE;
  }
}

/**
 * plug_rb_version_is_in:
 * @range: versions as npm writes them: "1.2.3", "^1.2", "~1.2", ">=1.2 <3", "1.x", "1.2 - 2",
 *   several parted by "||"; "" and "*" for any
 *
 * Returns: whether the version is one of them
 */
gboolean
plug_rb_version_is_in (const char *version, const char *range)
{
  g_auto(GStrv) choices = g_strsplit (range, "||", -1);

  for (guint i = 0; choices[i] != NULL; i++)
    if (passes_all (version, choices[i]))
      return TRUE;

  return choices[0] == NULL;
}
