/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-table-filter.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"

/**
 * plug_rb_table_filter_normalize:
 * @path: (type filename): "./lib//a.js/" as people and completions write it
 *
 * Returns: (transfer full) (nullable) (type filename): "lib/a.js"; "" for the part's folder itself;
 *   %NULL for what leads out of it
 */
char *
plug_rb_table_filter_normalize (const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);
  g_autoptr(GStrvBuilder) kept = g_strv_builder_new ();
  g_auto(GStrv) plain = NULL;

  if (g_path_is_absolute (path))
    return NULL;

  for (guint i = 0; names[i] != NULL; i++) {
    if (g_str_equal (names[i], ".."))
      return NULL;
    if (*names[i] != '\0' && !g_str_equal (names[i], "."))
      g_strv_builder_add (kept, names[i]);
  }

  plain = g_strv_builder_end (kept);
  return g_strjoinv ("/", plain);
}

static char **
normalize_all (PlugRbTable *table, const char *part, const char *const *paths, GError **error)
{
  g_autoptr(GStrvBuilder) wanted = g_strv_builder_new ();

  for (guint i = 0; paths[i] != NULL; i++) {
    g_autofree char *path = plug_rb_table_filter_normalize (paths[i]);
    g_autofree char *shown = g_filename_display_name (paths[i]);

    if (path == NULL || plug_rb_table_find (table, part, path) == NULL) {
      g_set_error (
          error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
          _("There is no file “%s” in it. “plugrb show --files” lists those that there are"),
          shown);
      return NULL;
    }
    g_strv_builder_take (wanted, g_steal_pointer (&path));
  }

  return g_strv_builder_end (wanted);
}

static gboolean
is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return length == 0 ||
         (strncmp (path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0'));
}

/* What is chosen, what lies below it, and the folders that lead there. */
static gboolean
is_wanted (const PlugRbEntry *entry, const char *part, char **wanted)
{
  if (!g_str_equal (entry->part, part))
    return FALSE;

  for (guint i = 0; wanted[i] != NULL; i++)
    if (is_below (entry->path, wanted[i]) || is_below (wanted[i], entry->path))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_table_filter_add:
 * @filtered: an open table
 * @entry: a row of another table
 * @firsts: (element-type filename filename): an empty table at first; the same for all rows of one
 *   table
 *
 * Takes a row over. A file that was another name of one that is not taken becomes the file itself,
 * and those after it other names of this one.
 */
void
plug_rb_table_filter_add (PlugRbTable *filtered, const PlugRbEntry *entry, GHashTable *firsts)
{
  const char *name = entry->hard_link ? entry->hard_link : entry->path;
  PlugRbEntry row = *entry;

  row.hard_link = g_hash_table_lookup (firsts, name);
  if (row.hard_link == NULL)
    g_hash_table_insert (firsts, (gpointer) name, (gpointer) entry->path);

  plug_rb_table_add (filtered, &row);
}

/**
 * plug_rb_table_filter:
 * @table: a closed table
 * @part: the part that the paths are below
 * @paths: (array zero-terminated=1) (element-type filename): paths as the user gives them; a folder
 *   means all that is in it, and "" or "." the part's own folder
 *
 * Chooses some files of a state: the rows of the paths, of what is below them, and of the folders
 * above them. Rows of other parts are left out.
 *
 * A path that the table does not have is %PLUG_RB_ERROR_NOT_FOUND, so that a misspelt one is not
 * taken for a file that was not there.
 *
 * Returns: (transfer full): a closed table with those rows
 */
PlugRbTable *
plug_rb_table_filter (PlugRbTable *table,
                      const char *part,
                      const char *const *paths,
                      GError **error)
{
  g_auto(GStrv) wanted = normalize_all (table, part, paths, error);
  g_autoptr(GHashTable) firsts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(PlugRbTable) filtered = NULL;

  if (wanted == NULL)
    return NULL;

  filtered = plug_rb_table_new ();
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (is_wanted (entry, part, wanted))
      plug_rb_table_filter_add (filtered, entry, firsts);
  }

  plug_rb_table_close (filtered);
  return g_steal_pointer (&filtered);
}
