/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-layout.h"

#include <string.h>

#define ID "{id}"
#define STEM "{stem}"
#define VERSION "{version}"
#define DIGITS "0123456789"

/**
 * plug_rb_layout_parse:
 * @name: as in a description
 *
 * Returns: whether there is such a layout
 */
gboolean
plug_rb_layout_parse (const char *name, PlugRbLayout *layout)
{
  static const struct {
    const char *name;
    PlugRbLayout layout;
  } layouts[] = {
    { "dir", PLUG_RB_LAYOUT_DIR },
    { "file", PLUG_RB_LAYOUT_NAMES },
    { "dir-or-file", PLUG_RB_LAYOUT_NAMES },
    { "manifest-set", PLUG_RB_LAYOUT_SET },
    { "versioned-dir", PLUG_RB_LAYOUT_VERSIONED },
    { "listed", PLUG_RB_LAYOUT_LISTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (g_str_equal (layouts[i].name, name)) {
      *layout = layouts[i].layout;
      return TRUE;
    }

  return FALSE;
}

/* Where the one word in braces stands that a template has: before it and behind it. */
static gboolean
split (const char *template, const char *word, char **before, const char **behind)
{
  const char *place = strstr (template, word);

  if (place == NULL)
    return FALSE;

  *before = g_strndup (template, place - template);
  *behind = place + strlen (word);
  return TRUE;
}

/**
 * plug_rb_member_name_build:
 * @stem: (nullable): name of the plugin's manifest without its suffix
 *
 * Returns: (transfer full) (nullable): the member's name; %NULL if it needs a @stem and there is
 * none
 */
char *
plug_rb_member_name_build (const char *template, const char *id, const char *stem)
{
  g_autofree char *before = NULL;
  const char *behind;

  if (split (template, ID, &before, &behind))
    return g_strconcat (before, id, behind, NULL);
  if (stem != NULL && split (template, STEM, &before, &behind))
    return g_strconcat (before, stem, behind, NULL);

  return NULL;
}

static char *
match (const char *template, const char *word, const char *name)
{
  g_autofree char *before = NULL;
  const char *behind;

  if (!split (template, word, &before, &behind) || !g_str_has_prefix (name, before) ||
      !g_str_has_suffix (name, behind) || strlen (name) <= strlen (before) + strlen (behind))
    return NULL;

  return g_strndup (name + strlen (before), strlen (name) - strlen (before) - strlen (behind));
}

/**
 * plug_rb_member_name_match:
 *
 * Returns: (transfer full) (nullable): what `{id}` or `{stem}` stands for in @name, %NULL if the
 * template does not make such names
 */
char *
plug_rb_member_name_match (const char *template, const char *name)
{
  char *word = match (template, ID, name);

  return word ? word : match (template, STEM, name);
}

/**
 * plug_rb_member_name_fits:
 *
 * Whether @name may be a member of the plugin @id, whatever its manifest is called.
 */
gboolean
plug_rb_member_name_fits (const char *template, const char *id, const char *name)
{
  g_autofree char *built = plug_rb_member_name_build (template, id, NULL);
  g_autofree char *stem = built ? NULL : match (template, STEM, name);

  return built ? g_str_equal (built, name) : stem != NULL;
}

/* ---- names with a version in them */

/* What parts {id} from {version}, what is before both and what behind. */
typedef struct {
  char *before;
  char *between;
  const char *behind;
} Pattern;

static void
pattern_clear (Pattern *pattern)
{
  g_clear_pointer (&pattern->before, g_free);
  g_clear_pointer (&pattern->between, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pattern, pattern_clear)

static gboolean
parse (const char *template, Pattern *pattern)
{
  const char *rest;

  return split (template, ID, &pattern->before, &rest) &&
         split (rest, VERSION, &pattern->between, &pattern->behind);
}

/* 1.2 and so on: a number alone is often a part of the id. */
static gboolean
begins_version (const char *text)
{
  gsize digits = strspn (text, DIGITS);

  return digits > 0 && text[digits] == '.' && g_ascii_isdigit (text[digits + 1]);
}

/* Where in @name the version begins that is behind the id. */
static const char *
find_version (const Pattern *pattern, const char *name)
{
  const char *place = name;

  while (*pattern->between != '\0' && (place = strstr (place + 1, pattern->between)) != NULL)
    if (begins_version (place + strlen (pattern->between)))
      return place + strlen (pattern->between);

  return NULL;
}

/**
 * plug_rb_versioned_name_match:
 * @template: with `{id}` and `{version}` in it
 * @version: (out) (optional): the version in @name
 *
 * Takes apart the name of a folder that holds one version of a plugin. The version begins at the
 * first place where two numbers with a dot between them stand: `a-2-1.5.0-linux` is 1.5.0-linux of
 * a-2.
 *
 * Returns: (transfer full) (nullable): the plugin's id, %NULL if the template does not make such
 *   names
 */
char *
plug_rb_versioned_name_match (const char *template, const char *name, char **version)
{
  g_auto(Pattern) pattern = { 0 };
  const char *id, *place;
  gsize length;

  if (!parse (template, &pattern) || !g_str_has_prefix (name, pattern.before) ||
      !g_str_has_suffix (name, pattern.behind) || *(id = name + strlen (pattern.before)) == '\0' ||
      (place = find_version (&pattern, id)) == NULL || strlen (place) <= strlen (pattern.behind))
    return NULL;

  length = strlen (place) - strlen (pattern.behind);
  if (version != NULL)
    *version = g_strndup (place, length);

  return g_strndup (id, place - strlen (pattern.between) - id);
}

static int
compare_numbers (const char **a, const char **b)
{
  guint64 one = g_ascii_strtoull (*a, (char **) a, 10);
  guint64 two = g_ascii_strtoull (*b, (char **) b, 10);

  return one < two ? -1 : one > two;
}

/**
 * plug_rb_version_name_compare:
 *
 * Orders versions as they stand in names of folders, numbers as numbers. What one has behind all
 * that the other has makes it the later one: it may be the name of a system as well as of a
 * preview.
 *
 * Returns: less than, equal to or greater than 0
 */
int
plug_rb_version_name_compare (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0') {
    if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b)) {
      int order = compare_numbers (&a, &b);

      if (order != 0)
        return order;
    } else if (*a != *b) {
      return (guchar) *a < (guchar) *b ? -1 : 1;
    } else {
      a++;
      b++;
    }
  }

  return (*a != '\0') - (*b != '\0');
}
