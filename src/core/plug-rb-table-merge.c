/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-table-merge.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-table-filter.h"

static gboolean
is_at_or_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return length == 0 ||
         (strncmp (path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0'));
}

static gboolean
is_chosen (const PlugRbEntry *entry, const char *part, char **chosen)
{
  if (!g_str_equal (entry->part, part))
    return FALSE;

  for (guint i = 0; chosen[i] != NULL; i++)
    if (is_at_or_below (entry->path, chosen[i]))
      return TRUE;

  return FALSE;
}

static char **
choose (PlugRbTable *live,
        PlugRbTable *target,
        const char *part,
        const char *const *paths,
        GError **error)
{
  g_autoptr(GStrvBuilder) chosen = g_strv_builder_new ();

  for (guint i = 0; paths[i] != NULL; i++) {
    g_autofree char *path = plug_rb_table_filter_normalize (paths[i]);

    if (path == NULL || (plug_rb_table_find (live, part, path) == NULL &&
                         plug_rb_table_find (target, part, path) == NULL)) {
      g_autofree char *shown = g_filename_display_name (paths[i]);

      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                   _("There is no “%s”, neither in the plugin nor in the snapshot"), shown);
      return NULL;
    }
    g_strv_builder_take (chosen, g_steal_pointer (&path));
  }

  return g_strv_builder_end (chosen);
}

/* A chosen file needs the folders that it lay in. */
static gboolean
leads_to_chosen (PlugRbTable *target, const PlugRbEntry *entry, const char *part, char **chosen)
{
  if (!g_str_equal (entry->part, part) || entry->type != PLUG_RB_ENTRY_FOLDER)
    return FALSE;

  for (guint i = 0; chosen[i] != NULL; i++)
    if (is_at_or_below (chosen[i], entry->path) &&
        plug_rb_table_find (target, part, chosen[i]) != NULL)
      return TRUE;

  return FALSE;
}

/* Of two kinds of things at one place, only the folder can hold what is chosen. */
static const PlugRbEntry *
pick (PlugRbTable *live,
      PlugRbTable *target,
      const PlugRbEntry *old,
      const PlugRbEntry *new,
      const char *part,
      char **chosen)
{
  const PlugRbEntry *any = old ? old : new;

  if (any == NULL || is_chosen (any, part, chosen))
    return new;
  if (new != NULL && (old == NULL || old->type != PLUG_RB_ENTRY_FOLDER) &&
      leads_to_chosen (target, new, part, chosen))
    return new;

  return old;
}

/* What lay below a folder of the live state that gave way to something else is gone with it. */
static gboolean
has_folder (GHashTable *folders, const PlugRbEntry *entry, const char *part)
{
  const char *slash = strrchr (entry->path, '/');
  g_autofree char *parent = slash ? g_strndup (entry->path, slash - entry->path) : g_strdup ("");

  return *entry->path == '\0' || !g_str_equal (entry->part, part) ||
         g_hash_table_contains (folders, parent);
}

static void
add_row (PlugRbTable *merged,
         GHashTable *folders,
         const PlugRbEntry *row,
         GHashTable *firsts,
         const char *part)
{
  if (row == NULL || !has_folder (folders, row, part))
    return;

  plug_rb_table_filter_add (merged, row, firsts);
  if (row->type != PLUG_RB_ENTRY_FILE && g_str_equal (row->part, part))
    g_hash_table_add (folders, g_strdup (row->path));
}

static void
merge_rows (
    PlugRbTable *merged, PlugRbTable *live, PlugRbTable *target, const char *part, char **chosen)
{
  g_autoptr(GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) firsts_of_live = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) firsts_of_target = g_hash_table_new (g_str_hash, g_str_equal);
  guint i = 0, j = 0;

  while (i < plug_rb_table_get_size (live) || j < plug_rb_table_get_size (target)) {
    const PlugRbEntry *old = i < plug_rb_table_get_size (live) ? plug_rb_table_get (live, i) : NULL;
    const PlugRbEntry *new =
        j < plug_rb_table_get_size (target) ? plug_rb_table_get (target, j) : NULL;
    int order = old == NULL ? 1 : new == NULL ? -1 : plug_rb_entry_compare_place (old, new);
    const PlugRbEntry *row =
        pick (live, target, order <= 0 ? old : NULL, order >= 0 ? new : NULL, part, chosen);

    add_row (merged, folders, row, row == old ? firsts_of_live : firsts_of_target, part);
    i += order <= 0;
    j += order >= 0;
  }
}

/**
 * plug_rb_table_merge:
 * @live: a closed table
 * @target: a closed table
 * @part: the part that the paths are below
 * @paths: (array zero-terminated=1) (element-type filename): paths as the user gives them; a folder
 *   means all that is in it
 *
 * Makes the state that is as @live but for some paths, which are as in @target: also gone, if
 * @target does not have them.
 *
 * Returns: (transfer full): a closed table; %PLUG_RB_ERROR_NOT_FOUND names a path that is in
 * neither
 */
PlugRbTable *
plug_rb_table_merge (PlugRbTable *live,
                     PlugRbTable *target,
                     const char *part,
                     const char *const *paths,
                     GError **error)
{
  g_auto(GStrv) chosen = choose (live, target, part, paths, error);
  g_autoptr(PlugRbTable) merged = NULL;

  if (chosen == NULL)
    return NULL;

  merged = plug_rb_table_new ();
  merge_rows (merged, live, target, part, chosen);
  plug_rb_table_close (merged);

  return g_steal_pointer (&merged);
}
