/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-size-limit.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"

#define NAMED 3

/* A folder at the top of the plugin, and what lies in it. */
typedef struct {
  char *name;
  guint64 size;
} Folder;

static void
folder_free (Folder *folder)
{
  g_free (folder->name);
  g_free (folder);
}

static int
compare_folders (gconstpointer a, gconstpointer b)
{
  const Folder *x = a, *y = b;

  return x->size != y->size ? (x->size < y->size ? 1 : -1) : strcmp (x->name, y->name);
}

static void
add_size (GHashTable *folders, const PlugRbEntry *entry)
{
  const char *slash = strchr (entry->path, '/');
  g_autofree char *name =
      slash ? g_strndup (entry->path, slash - entry->path) : g_strdup (entry->path);
  Folder *folder = g_hash_table_lookup (folders, name);

  if (folder == NULL) {
    folder = g_new0 (Folder, 1);
    folder->name = g_filename_display_name (name);
    g_hash_table_insert (folders, g_steal_pointer (&name), folder);
  }

  folder->size += entry->size;
}

static char *
describe_largest (PlugRbTable *table)
{
  g_autoptr(GHashTable) folders =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) folder_free);
  g_autoptr(GPtrArray) sorted = NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    add_size (folders, plug_rb_table_get (table, i));

  sorted = g_hash_table_get_values_as_ptr_array (folders);
  g_ptr_array_sort_values (sorted, compare_folders);
  for (guint i = 0; i < MIN (sorted->len, NAMED); i++) {
    const Folder *folder = sorted->pdata[i];
    g_autofree char *size = g_format_size (folder->size);

    g_string_append_printf (text, "%s%s (%s)", i > 0 ? ", " : "",
                            *folder->name ? folder->name : ".", size);
  }

  return g_string_free_and_steal (text);
}

/**
 * plug_rb_size_limit_check:
 * @limit: in bytes; 0 for none
 *
 * Refuses a plugin that is too large, before anything of it is read, and says what makes it so.
 */
gboolean
plug_rb_size_limit_check (PlugRbTable *table, guint64 limit, GError **error)
{
  guint64 size = plug_rb_table_sum_sizes (table);
  g_autofree char *size_text = NULL;
  g_autofree char *limit_text = NULL;
  g_autofree char *largest = NULL;

  if (limit == 0 || size <= limit)
    return TRUE;

  size_text = g_format_size (size);
  limit_text = g_format_size (limit);
  largest = describe_largest (table);
  /* TRANSLATORS: two sizes, then folders with their sizes */
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_LARGE,
               _("The plugin has %s, but a snapshot may have %s at most (max-snapshot-size). The "
                 "largest parts are: %s"),
               size_text, limit_text, largest);

  return FALSE;
}
