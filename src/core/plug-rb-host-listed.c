/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-listed.h"

#include <fcntl.h>

#include "plug-rb-manifest-reader.h"
#include "plug-rb-manifest.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

/* Plugins whose files lie among others' without a rule for their names: the program that installed
 * them keeps a list for each. What a list says may be anything: names that lead elsewhere are
 * passed over, and a file that two lists name belongs to the first of them. */

#define SIZE_LIMIT (1024 * 1024)

/**
 * plug_rb_host_listed_ids:
 *
 * Returns: (transfer full) (element-type utf8): whose lists are there, in byte order
 */
GPtrArray *
plug_rb_host_listed_ids (const PlugRbPlace *place)
{
  g_autofree char *dirname = g_path_get_dirname (place->list);
  g_autofree char *folder = plug_rb_template_expand (dirname, NULL, NULL, NULL);
  g_autofree char *template = g_path_get_basename (place->list);
  g_autoptr(GDir) lists = g_dir_open (folder, 0, NULL);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (lists != NULL && (name = g_dir_read_name (lists)) != NULL) {
    g_autofree char *id = plug_rb_member_name_match (template, name);

    if (id != NULL && plug_rb_host_check_id (id, NULL))
      g_ptr_array_add (ids, g_steal_pointer (&id));
  }
  g_ptr_array_sort_values (ids, (GCompareFunc) strcmp);

  return ids;
}

/**
 * plug_rb_host_listed_names:
 *
 * Returns: (transfer full): names in the root that the plugin's list has; none if there is no list,
 *   or one that cannot be read
 */
char **
plug_rb_host_listed_names (const PlugRbPlace *place, const char *id)
{
  const PlugRbManifestRule rule = { .reader = &plug_rb_manifest_json };
  g_autofree char *path = plug_rb_template_expand (place->list, id, NULL, NULL);
  g_autofree char *text = plug_rb_small_file_read_text (AT_FDCWD, path, SIZE_LIMIT, NULL);
  g_auto(GStrv) listed =
      text ? plug_rb_manifest_dup_list (text, &rule, place->list_pointer) : NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; listed != NULL && listed[i] != NULL; i++)
    if (plug_rb_host_check_id (listed[i], NULL))
      g_strv_builder_add (names, listed[i]);

  return g_strv_builder_end (names);
}

static void
add_owner (GHashTable *owners, const PlugRbPlace *place, const char *id)
{
  g_auto(GStrv) names = plug_rb_host_listed_names (place, id);

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_hash_table_contains (owners, names[i]))
      g_hash_table_insert (owners, g_strdup (names[i]), g_strdup (id));
}

/**
 * plug_rb_host_listed_owners:
 * @root: template of a folder
 *
 * Returns: (transfer full) (element-type utf8 utf8): the plugins to which names in the folder
 *   belong, because a list says so
 */
GHashTable *
plug_rb_host_listed_owners (const PlugRbHostFile *file, const char *root)
{
  GHashTable *owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];
    g_autoptr(GPtrArray) ids = NULL;

    if (place->layout != PLUG_RB_LAYOUT_LISTED || !g_str_equal (place->root, root))
      continue;

    ids = plug_rb_host_listed_ids (place);
    for (guint j = 0; j < ids->len; j++)
      add_owner (owners, place, ids->pdata[j]);
  }

  return owners;
}
