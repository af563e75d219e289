/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/scratch.h"

#define ENABLED "/org/gnome/shell/enabled-extensions"
#define SETTINGS "/org/gnome/shell/extensions/"

static const char *const names[WORLD_PLUGINS] = { "ant", "bee", "cat" };

char *
world_get_id (guint plugin)
{
  return g_strconcat (names[plugin], "@example.org", NULL);
}

char *
world_get_key (guint plugin)
{
  return g_strconcat ("gnome-shell/", names[plugin], "@example.org", NULL);
}

char *
world_get_folder (guint plugin)
{
  g_autofree char *id = world_get_id (plugin);

  return g_build_filename (g_get_user_data_dir (), "gnome-shell", "extensions", id, NULL);
}

/* ---- states */

void
world_state_clear (WorldState *state)
{
  g_clear_pointer (&state->files, g_free);
  g_clear_pointer (&state->settings, g_free);
}

void
world_state_copy (WorldState *to, const WorldState *from)
{
  WorldState copy = { g_strdup (from->files), g_strdup (from->settings) };

  world_state_clear (to);
  *to = copy;
}

gboolean
world_state_equal (const WorldState *a, const WorldState *b)
{
  return g_str_equal (a->files, b->files) && g_str_equal (a->settings, b->settings);
}

static char *
describe_content (const char *path, const GStatBuf *st)
{
  g_autofree char *content = NULL;
  gsize length;

  if (S_ISLNK (st->st_mode))
    return g_file_read_link (path, NULL);
  if (!S_ISREG (st->st_mode) || !g_file_get_contents (path, &content, &length, NULL))
    return g_strdup ("");

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
describe_tree (GString *out, const char *path, const char *shown)
{
  g_autoptr(GPtrArray) children = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = NULL;
  g_autofree char *content = NULL;
  const char *name;
  GStatBuf st;

  if (g_lstat (path, &st) < 0)
    return;

  content = describe_content (path, &st);
  g_string_append_printf (out, "%o %s %s", st.st_mode, shown, content);
  /* States that differ in nothing but the times of folders count as the same. */
  if (!S_ISDIR (st.st_mode))
    g_string_append_printf (out, " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld",
                            (gint64) st.st_size, (gint64) st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  g_string_append_c (out, '\n');
  if (!S_ISDIR (st.st_mode) || !(dir = g_dir_open (path, 0, NULL)))
    return;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (children, g_strdup (name));
  g_ptr_array_sort (children, compare_names);
  for (guint i = 0; i < children->len; i++) {
    g_autofree char *child = g_build_filename (path, children->pdata[i], NULL);
    g_autofree char *child_shown = g_build_filename (shown, children->pdata[i], NULL);

    describe_tree (out, child, child_shown);
  }
}

static char *
describe_settings (GKeyFile *dconf, guint plugin, const char *enabled)
{
  g_autofree char *id = world_get_id (plugin);
  g_autofree char *group = g_strconcat ("extensions/", names[plugin], NULL);
  g_auto(GStrv) keys = g_key_file_get_keys (dconf, group, NULL, NULL);
  GString *out = g_string_new (strstr (enabled, id) ? "enabled\n" : "");

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_value (dconf, group, keys[i], NULL);

    g_string_append_printf (out, "%s=%s\n", keys[i], value);
  }

  return g_string_free_and_steal (out);
}

/**
 * world_look:
 *
 * Describes each plugin as it is on the disk and in dconf.
 */
void
world_look (WorldState states[WORLD_PLUGINS])
{
  g_autofree char *dump =
      scratch_output ((const char *[]) { "dconf", "dump", "/org/gnome/shell/", NULL });
  g_autoptr(GKeyFile) dconf = g_key_file_new ();
  g_autofree char *enabled = NULL;

  if (*dump != '\0')
    g_assert_true (g_key_file_load_from_data (dconf, dump, -1, G_KEY_FILE_NONE, NULL));
  enabled = g_key_file_get_value (dconf, "/", "enabled-extensions", NULL);

  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    g_autofree char *folder = world_get_folder (i);
    GString *files = g_string_new (NULL);

    describe_tree (files, folder, "");
    world_state_clear (&states[i]);
    states[i].files = g_string_free_and_steal (files);
    states[i].settings = describe_settings (dconf, i, enabled ? enabled : "");
  }
}

/**
 * world_find_rest:
 *
 * Returns: (transfer full): names of stages that a rollback left behind; "" if there are none
 */
char *
world_find_rest (void)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);

  return scratch_output ((const char *[]) { "find", shell, "-name", ".plugrb-*", NULL });
}

/* ---- what a host does */

static void
put (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  int fd;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, content, strlen (content)), ==, (gssize) strlen (content));
  close (fd);
}

/* Compiled once for all installations: the compiler is the slowest program of all. */
static void
put_schema (guint plugin, const char *folder)
{
  static char *compiled[WORLD_PLUGINS];
  g_autofree char *schemas = g_build_filename (folder, "schemas", NULL);
  g_autofree char *schema =
      g_strdup_printf ("<schemalist><schema id='org.gnome.shell.extensions.%s' path='" SETTINGS
                       "%s/'><key name='speed' type='i'><default>1</default></key>"
                       "<key name='title' type='s'><default>''</default></key>"
                       "</schema></schemalist>",
                       names[plugin], names[plugin]);

  put (folder, "schemas/sample.gschema.xml", schema);
  if (compiled[plugin] == NULL) {
    g_autofree char *target = g_dir_make_tmp ("schema-XXXXXX", NULL);
    g_autofree char *option = g_strconcat ("--targetdir=", target, NULL);

    scratch_run ((const char *[]) { "glib-compile-schemas", option, schemas, NULL });
    compiled[plugin] = g_build_filename (target, "gschemas.compiled", NULL);
  }
  scratch_run ((const char *[]) { "cp", compiled[plugin], schemas, NULL });
}

/**
 * world_install:
 *
 * Replaces the plugin's folder as a host would. Each version has files that others lack, and one of
 * another size.
 */
void
world_install (guint plugin, guint version)
{
  g_autofree char *folder = world_get_folder (plugin);
  g_autofree char *manifest = g_strdup_printf (
      "{\"uuid\": \"%s@example.org\", \"name\": \"%s\", \"version\": %u, "
      "\"shell-version\": [\"48\"], \"settings-schema\": \"org.gnome.shell.extensions.%s\"}",
      names[plugin], names[plugin], version, names[plugin]);
  g_autofree char *code = g_strdup_printf ("// version %u\n", version);
  g_autofree char *only = g_strdup_printf ("lib/only-in-%u.js", version);
  g_autofree char *noise = g_strnfill (1 + version * 5000, 'a' + (char) (version % 26));
  g_autofree char *link = g_build_filename (folder, "link", NULL);

  world_uninstall (plugin);
  put (folder, "metadata.json", manifest);
  put (folder, "extension.js", code);
  put (folder, "common.js", "// the same in all versions\n");
  put (folder, only, code);
  put (folder, "noise", noise);
  put_schema (plugin, folder);
  g_assert_cmpint (symlink (only, link), ==, 0);
}

void
world_uninstall (guint plugin)
{
  g_autofree char *folder = world_get_folder (plugin);

  scratch_run ((const char *[]) { "rm", "-rf", folder, NULL });
}

gboolean
world_is_installed (guint plugin)
{
  g_autofree char *folder = world_get_folder (plugin);

  return g_file_test (folder, G_FILE_TEST_IS_DIR);
}

static void
date (const char *path, gint64 seconds, long nanoseconds)
{
  const struct timespec times[] = { { seconds, nanoseconds }, { seconds, nanoseconds } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), ==, 0);
}

/* Of the same size and, if the disk's clock is coarse, of the same time as what was there. */
static void
edit_in_place (const char *path, GRand *rand)
{
  char letter = (char) g_rand_int_range (rand, 'a', 'z');
  int fd = open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return;
  g_assert_cmpint (pwrite (fd, &letter, 1, 0), ==, 1);
  close (fd);
}

static const char *const editable[] = {
  "extension.js", "common.js", "data/a", "data/b", "data/deep/c", "caf\xe9", "-rf", "line\nbreak",
};

/**
 * world_edit:
 *
 * One random change to the plugin's files.
 */
void
world_edit (guint plugin, GRand *rand)
{
  g_autofree char *folder = world_get_folder (plugin);
  const char *name = editable[g_rand_int_range (rand, 0, G_N_ELEMENTS (editable))];
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *link = g_build_filename (folder, "another-link", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *text = g_strdup_printf ("%s %u\n", "edited", g_rand_int (rand));

  switch (g_rand_int_range (rand, 0, 8)) {
  case 0:
    g_remove (path);
    break;
  case 1:
    edit_in_place (path, rand);
    break;
  case 2:
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      g_assert_cmpint (g_chmod (path, g_rand_boolean (rand) ? 0755 : 0600), ==, 0);
    break;
  case 3:
    g_remove (link);
    g_assert_cmpint (symlink (name, link), ==, 0);
    break;
  case 4:
    if (g_mkdir (empty, 0700) < 0 && errno == EEXIST)
      g_rmdir (empty);
    break;
  case 5:
    /* The clock of another time: before 1970, or far ahead. */
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      date (path, g_rand_boolean (rand) ? -5 : G_GINT64_CONSTANT (4000000000), 123456789);
    break;
  default:
    put (folder, name, text);
  }
}

/* ---- what the user does */

void
world_set (guint plugin, const char *name, const char *value)
{
  g_autofree char *key = g_strconcat (SETTINGS, names[plugin], "/", name, NULL);

  scratch_set (key, value);
}

void
world_enable (guint plugin, gboolean enable)
{
  g_autofree char *before = scratch_output ((const char *[]) { "dconf", "read", ENABLED, NULL });
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < WORLD_PLUGINS; i++) {
    g_autofree char *id = world_get_id (i);

    if (i == plugin ? enable : strstr (before, id) != NULL)
      g_ptr_array_add (list, g_strdup_printf (", '%s'", id));
  }
  g_ptr_array_add (list, NULL);
  joined = g_strjoinv ("", (char **) list->pdata);
  text = g_strconcat ("['first@example.net'", joined, "]", NULL);
  scratch_set (ENABLED, text);
}
