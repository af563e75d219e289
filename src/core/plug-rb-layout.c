/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-layout.h"

#include <string.h>

#define ID "{id}"
#define STEM "{stem}"

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
