/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-version.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sys/stat.h>

#include "plug-rb-fs.h"
#include "plug-rb-layout.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

/* A plugin has one part for each of its versions that lies there, called "ROOT/FOLDER" after its
 * folder. The next version is another part: a rollback adds the old folder and removes the new one
 * in one transaction, and undoing that does the reverse. Where the host leaves the old version
 * beside the new one for a while, both are the plugin, so that nothing is lost when the old one is
 * replaced by what was saved of it. The rows of a part are those of the folder, so that equal files
 * of two versions are stored once. */

#define SIZE_LIMIT (4 * 1024 * 1024)

static gboolean
equal_ids (const PlugRbPlace *place, const char *a, const char *b)
{
  g_autofree char *one = place->fold ? g_utf8_strdown (a, -1) : g_strdup (a);
  g_autofree char *other = place->fold ? g_utf8_strdown (b, -1) : g_strdup (b);

  return g_str_equal (one, other);
}

/* Whether it is worth a closer look: a folder may hold hundreds of plugins. */
static gboolean
may_fit (const PlugRbPlace *place, const char *id, const char *name)
{
  gsize before = strstr (place->pattern, "{id}") - place->pattern;

  return !g_str_is_ascii (id) ||
         (strlen (name) > before && g_ascii_strncasecmp (name + before, id, strlen (id)) == 0);
}

/**
 * plug_rb_host_version_fits:
 *
 * Returns: whether @name is what the folder of some version of the plugin @id is called
 */
gboolean
plug_rb_host_version_fits (const PlugRbPlace *place, const char *id, const char *name)
{
  g_autofree char *found = may_fit (place, id, name) && g_utf8_validate (name, -1, NULL)
                               ? plug_rb_versioned_name_match (place->pattern, name, NULL)
                               : NULL;

  return found != NULL && equal_ids (place, found, id);
}

/* ---- what the host says */

static const char *
get_string (JsonNode *node, const char *pointer)
{
  g_auto(GStrv) tokens = g_strsplit (pointer, "/", -1);

  for (guint i = 1; node != NULL && tokens[i] != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node)
               ? json_object_get_member (json_node_get_object (node), tokens[i])
               : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonArray *
get_array (JsonParser *parser)
{
  JsonNode *root = json_parser_get_root (parser);

  return root && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
}

static char *
find_registered (const PlugRbInstalled *installed, const PlugRbPlace *place, const char *id)
{
  g_autofree char *path = plug_rb_template_expand (installed->file, NULL, NULL, NULL);
  g_autofree char *text = plug_rb_small_file_read_text (AT_FDCWD, path, SIZE_LIMIT, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  JsonArray *array;

  if (text == NULL || !json_parser_load_from_data (parser, text, -1, NULL) ||
      (array = get_array (parser)) == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *found = get_string (node, installed->match);

    if (found != NULL && equal_ids (place, found, id))
      return g_strdup (get_string (node, installed->folder));
  }

  return NULL;
}

/* ---- what is there */

static gboolean
is_folder (int fd, const char *name)
{
  struct stat st;

  return fstatat (fd, name, &st, 0) == 0 && S_ISDIR (st.st_mode);
}

static gboolean
is_later (const PlugRbPlace *place, const char *name, const char *other)
{
  g_autofree char *id = NULL;
  g_autofree char *other_id = NULL;
  g_autofree char *version = NULL;
  g_autofree char *other_version = NULL;

  id = plug_rb_versioned_name_match (place->pattern, name, &version);
  other_id = plug_rb_versioned_name_match (place->pattern, other, &other_version);

  return plug_rb_version_name_compare (version, other_version) > 0;
}

static int
compare_versions (gconstpointer a, gconstpointer b, gpointer place)
{
  const char *one = *(const char *const *) a;
  const char *other = *(const char *const *) b;

  return is_later (place, one, other) ? -1 : is_later (place, other, one) ? 1 : strcmp (one, other);
}

static GPtrArray *
list_folders (const PlugRbPlace *place, int fd, const char *id)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    const char *name = names->pdata[i];

    if (*name != '.' && plug_rb_host_version_fits (place, id, name) && is_folder (fd, name))
      g_ptr_array_add (folders, g_strdup (name));
  }
  g_ptr_array_sort_with_data (folders, compare_versions, (gpointer) place);

  return folders;
}

/* Whatever is not among them is not the plugin's. */
static void
move_to_front (GPtrArray *folders, const char *name)
{
  guint index;

  if (name != NULL && g_ptr_array_find_with_equal_func (folders, name, g_str_equal, &index))
    g_ptr_array_insert (folders, 0, g_ptr_array_steal_index (folders, index));
}

/**
 * plug_rb_host_version_list:
 *
 * Returns: (transfer full) (element-type utf8): names of the folders that are the plugin. The first
 *   is the version that the host uses: the one that it names, else the latest.
 */
GPtrArray *
plug_rb_host_version_list (const PlugRbHostFile *file, const PlugRbPlace *place, const char *id)
{
  g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (root, NULL);
  GPtrArray *folders =
      fd < 0 ? g_ptr_array_new_with_free_func (g_free) : list_folders (place, fd, id);

  for (guint i = file->installed->len; folders->len > 1 && i-- > 0;) {
    g_autofree char *name = find_registered (file->installed->pdata[i], place, id);

    move_to_front (folders, name);
  }

  return folders;
}
