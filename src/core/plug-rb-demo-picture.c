/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-picture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-demo-plugin.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-health.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"

/* Looks at the disk by itself: the demo would prove nothing if the engine said how the plugin is.
 */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_names (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return names;
}

static void
add_file (JsonArray *files, const char *path, const char *name, const GStatBuf *st)
{
  JsonObject *file = json_object_new ();
  g_autofree char *data = NULL;
  g_autofree char *sha256 = NULL;
  gsize length = 0;

  if (S_ISREG (st->st_mode) && g_file_get_contents (path, &data, &length, NULL))
    sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, length);

  json_object_set_string_member (file, "path", name);
  json_object_set_int_member (file, "mode", st->st_mode);
  json_object_set_int_member (file, "size", S_ISREG (st->st_mode) ? st->st_size : 0);
  json_object_set_int_member (file, "mtime", st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec);
  plug_rb_json_set_string (file, "sha256", sha256);
  json_array_add_object_element (files, file);
}

static void
add_folder (JsonArray *files, const char *folder, const char *prefix)
{
  g_autoptr(GPtrArray) names = list_names (folder);

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    g_autofree char *name = g_strconcat (prefix, names->pdata[i], NULL);
    g_autofree char *below = g_strconcat (name, "/", NULL);
    GStatBuf st;

    if (g_lstat (path, &st) < 0)
      continue;
    add_file (files, path, name, &st);
    if (S_ISDIR (st.st_mode))
      add_folder (files, path, below);
  }
}

/* All groups: what belongs to others must not change either. */
static JsonObject *
read_settings (const char *path)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_auto(GStrv) groups = NULL;
  JsonObject *settings = json_object_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto(GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

    for (guint j = 0; keys != NULL && keys[j] != NULL; j++) {
      g_autofree char *name = g_strconcat (groups[i], "/", keys[j], NULL);
      g_autofree char *value = g_key_file_get_value (file, groups[i], keys[j], NULL);

      json_object_set_string_member (settings, name, value);
    }
  }

  return settings;
}

/**
 * plug_rb_demo_picture_take:
 * @plugins: folder of the program's plugins
 * @settings: file with the program's settings
 *
 * The program is asked first, for it loads the plugin and then may change its settings.
 *
 * Returns: (transfer full): all that can be seen of the plugin
 */
JsonObject *
plug_rb_demo_picture_take (PlugRbHost *host, const char *plugins, const char *settings)
{
  JsonObject *picture = json_object_new ();
  JsonArray *files = json_array_new ();
  g_autofree char *message = NULL;
  PlugRbHealth health = plug_rb_health_check (host, PLUG_RB_DEMO_ID, &message);
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, PLUG_RB_DEMO_ID, NULL);

  plug_rb_json_set_string (picture, "version", plugin ? plug_rb_plugin_get_version (plugin) : NULL);
  json_object_set_boolean_member (picture, "enabled",
                                  plugin != NULL && plug_rb_plugin_get_enabled (plugin));
  json_object_set_string_member (picture, "health",
                                 plug_rb_enum_to_nick (PLUG_RB_TYPE_HEALTH, (int) health));
  plug_rb_json_set_string (picture, "message", message);
  add_folder (files, plugins, "");
  json_object_set_array_member (picture, "files", files);
  json_object_set_object_member (picture, "settings", read_settings (settings));

  return picture;
}

/**
 * plug_rb_demo_picture_compare:
 *
 * Returns: what became of the plugin
 */
PlugRbDemoVerdict
plug_rb_demo_picture_compare (JsonObject *before, JsonObject *after)
{
  g_autofree char *one = plug_rb_json_to_string (before);
  g_autofree char *other = plug_rb_json_to_string (after);
  const char *health = plug_rb_json_get_string (after, "health");

  if (g_str_equal (one, other))
    return PLUG_RB_DEMO_AS_BEFORE;
  if (g_strcmp0 (plug_rb_json_get_string (after, "version"), "2.0") != 0)
    return PLUG_RB_DEMO_OTHER;
  if (g_strcmp0 (health, "good") == 0)
    return PLUG_RB_DEMO_INSTALLED;

  return g_strcmp0 (health, "bad") == 0 ? PLUG_RB_DEMO_BROKEN : PLUG_RB_DEMO_OTHER;
}
