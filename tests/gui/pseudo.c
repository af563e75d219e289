/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* A language that nobody speaks, in place of all translations: it is written from right to left,
 * and every text of the program is longer by more than two fifths. Linked into a test, or
 * preloaded. */

#include <pango/pango.h>
#include <string.h>

#define RIGHT_TO_LEFT_MARK "\u200f"

char *dcgettext (const char *domain, const char *text, int category);
char *
dcngettext (const char *domain, const char *one, const char *many, unsigned long n, int category);
char *gettext (const char *text);
char *dgettext (const char *domain, const char *text);
char *ngettext (const char *one, const char *many, unsigned long n);
char *dngettext (const char *domain, const char *one, const char *many, unsigned long n);

/* With the context before it, as GTK looks up its own. */
static const char *
skip_context (const char *text)
{
  const char *end = strchr (text, '\004');

  return end ? end + 1 : text;
}

static char *
translate (const char *text)
{
  g_autoptr(GString) longer = g_string_new (RIGHT_TO_LEFT_MARK);
  gsize length = strlen (skip_context (text));

  g_string_append (longer, skip_context (text));
  for (gsize added = 0; added * 5 < length * 2; added++)
    g_string_append (longer, added % 7 == 0 ? " " : "ö");

  return (char *) g_intern_string (longer->str);
}

char *
dcgettext (const char *domain, const char *text, int category)
{
  /* Says that there is a translation. */
  if (*text == '\0')
    return (char *) "Language: ar";
  /* For pictures, which are taken by English names. */
  if (g_getenv ("PSEUDO_DIRECTION_ONLY") != NULL)
    return (char *) text;
  if (domain != NULL && strcmp (domain, "plugin-rollback") != 0)
    return (char *) text;

  return translate (text);
}

char *
dcngettext (const char *domain, const char *one, const char *many, unsigned long n, int category)
{
  return dcgettext (domain, n == 1 ? one : many, category);
}

char *
gettext (const char *text)
{
  return dcgettext (NULL, text, 0);
}

char *
dgettext (const char *domain, const char *text)
{
  return dcgettext (domain, text, 0);
}

char *
ngettext (const char *one, const char *many, unsigned long n)
{
  return dcngettext (NULL, one, many, n, 0);
}

char *
dngettext (const char *domain, const char *one, const char *many, unsigned long n)
{
  return dcngettext (domain, one, many, n, 0);
}

/* GTK asks it for the direction. */
PangoLanguage *
pango_language_get_default (void)
{
  return pango_language_from_string ("ar");
}
