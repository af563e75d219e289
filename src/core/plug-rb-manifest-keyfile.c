/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <string.h>

#include "plug-rb-dependency.h"
#include "plug-rb-manifest-reader.h"

/* As desktop files: “Plugin/Name” is the key Name in the group [Plugin], and texts may be
 * translated. */

/* KConfig's files have groups within groups, “[a][b]”, and marks such as “Key[$e]”, which GLib
 * takes for damage. A group within another is called “a][b”, its brackets stand for what no name
 * has. */
#define OPENING "\xee\x80\x80"
#define CLOSING "\xee\x80\x81"

static gboolean
is_nested_group (const char *line)
{
  gsize length = strlen (line);

  return *line == '[' && length > 2 && line[length - 1] == ']' && strstr (line, "][");
}

/* @name without brackets. */
static char *
hide_brackets (const char *name)
{
  g_autoptr(GString) text = g_string_new (name);

  g_string_replace (text, "[", OPENING, 0);
  g_string_replace (text, "]", CLOSING, 0);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
append_group (GString *text, const char *line)
{
  g_autofree char *name = g_strndup (line + 1, strlen (line) - 2);
  g_autofree char *hidden = hide_brackets (name);

  g_string_append_printf (text, "[%s]", hidden);
}

/* “Key[$e]=value” without the mark. */
static void
append_pair (GString *text, const char *line)
{
  const char *equals = strchr (line, '=');
  const char *mark = strstr (line, "[$");
  const char *end = mark && equals && mark < equals ? strchr (mark, ']') : NULL;

  if (end == NULL || end > equals) {
    g_string_append (text, line);
  } else {
    g_string_append_len (text, line, mark - line);
    g_string_append (text, end + 1);
  }
}

static char *
make_readable (const char *text)
{
  g_autoptr(GString) readable = g_string_sized_new (strlen (text) + 1);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_strchomp (lines[i]);
    if (is_nested_group (lines[i]))
      append_group (readable, lines[i]);
    else
      append_pair (readable, lines[i]);
    g_string_append_c (readable, '\n');
  }

  return g_string_free_and_steal (g_steal_pointer (&readable));
}

static gpointer
parse (const char *text, GError **error)
{
  g_autofree char *readable = make_readable (text);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  return g_key_file_load_from_data (file, readable, -1, G_KEY_FILE_NONE, error)
             ? g_steal_pointer (&file)
             : NULL;
}

/* The last “/” parts group and key. */
static char **
split (const char *selector)
{
  const char *slash = strrchr (selector, '/');
  g_autofree char *name = slash ? g_strndup (selector, slash - selector) : NULL;
  g_autofree char *group = name ? hide_brackets (name) : NULL;

  return group ? g_strdupv ((char *[]) { group, (char *) slash + 1, NULL }) : NULL;
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
