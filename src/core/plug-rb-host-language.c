/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-language.h"

#include "plug-rb-template.h"

/* Translations of a plugin that lie among those of all programs: one file in the folder of each
 * language, and one part for each, called "PART/LANGUAGE". Which languages there are changes from
 * version to version. */

#define LANGUAGE "*"

/**
 * plug_rb_host_language_part:
 * @language: name of a folder; what the store says may be anything
 *
 * Returns: (transfer full) (nullable): the plugin's translation, %NULL if @language cannot be one
 */
PlugRbPart *
plug_rb_host_language_part (const PlugRbPlace *place, const char *id, const char *language)
{
  g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_auto(GStrv) halves = g_strsplit (root, LANGUAGE, 2);
  g_autofree char *name = plug_rb_template_expand (place->child, id, NULL, NULL);
  PlugRbPart *part;

  if (!plug_rb_host_check_id (language, NULL))
    return NULL;

  part = g_new0 (PlugRbPart, 1);
  part->name = g_strdup_printf ("%s/%s", place->name, language);
  part->root = g_strconcat (halves[0], language, halves[1], NULL);
  part->path = g_build_filename (part->root, name, NULL);
  part->role = place->role;
  part->optional = place->optional;

  return part;
}

/**
 * plug_rb_host_language_list:
 * @parts: (element-type PlugRbPart): gets the translations that are there
 */
void
plug_rb_host_language_list (const PlugRbPlace *place, const char *id, GPtrArray *parts)
{
  g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_auto(GStrv) halves = g_strsplit (root, LANGUAGE, 2);
  g_autoptr(GDir) languages = g_dir_open (halves[0], 0, NULL);
  const char *language;

  while (languages != NULL && (language = g_dir_read_name (languages)) != NULL) {
    g_autoptr(PlugRbPart) part = plug_rb_host_language_part (place, id, language);

    if (part != NULL && g_file_test (part->path, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add (parts, g_steal_pointer (&part));
  }
}
