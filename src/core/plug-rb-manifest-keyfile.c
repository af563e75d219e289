/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-dependency.h"
#include "plug-rb-manifest-reader.h"

/* As desktop files: “Plugin/Name” is the key Name in the group [Plugin], and texts may be
 * translated. */

static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();

  return g_key_file_load_from_data (file, text, -1, G_KEY_FILE_NONE, error)
             ? g_steal_pointer (&file)
             : NULL;
}

static char **
split (const char *selector)
{
  g_auto(GStrv) words = g_strsplit (selector, "/", 2);

  return words[0] != NULL && words[1] != NULL ? g_steal_pointer (&words) : NULL;
}

static char *
dup_text (gpointer document, const char *selector)
{
  g_auto(GStrv) words = split (selector);

  return words ? g_key_file_get_locale_string (document, words[0], words[1], NULL, NULL) : NULL;
}

static char **
dup_list (gpointer document, const char *selector)
{
  g_auto(GStrv) words = split (selector);

  return words ? g_key_file_get_string_list (document, words[0], words[1], NULL, NULL) : NULL;
}

/* “a;b” as GLib has lists, “a,b(>=1)” as KDE has. */
static void
add_dependencies (gpointer document, const PlugRbManifestRule *rule, GPtrArray *found)
{
  g_autofree char *text = dup_text (document, rule->depends);
  g_auto(GStrv) items = text ? g_strsplit_set (text, ";,", -1) : NULL;

  for (guint i = 0; items != NULL && items[i] != NULL; i++) {
    PlugRbDependency *dependency = plug_rb_dependency_new_from_text (g_strstrip (items[i]));

    if (dependency != NULL)
      g_ptr_array_add (found, dependency);
  }
}

const PlugRbManifestReader plug_rb_manifest_keyfile = {
  .name = "keyfile",
  .parse = parse,
  .free = (GDestroyNotify) g_key_file_unref,
  .dup_text = dup_text,
  .dup_list = dup_list,
  .add_dependencies = add_dependencies,
};
