/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "plug-rb-contents.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-store.h"
#include "scratch.h"

/* What a snapshot stores and what it shares, and what is read at all. */

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define LARGE (5 * 1024 * 1024 + 7)

typedef struct {
  PlugRbEngine *engine;
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  fixture->engine = scratch_open ();
  fixture->folder = g_build_filename (extensions, ID, NULL);
  scratch_install_sample (1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "plugin-rollback", NULL);

  g_clear_object (&fixture->engine);
  g_free (fixture->folder);
  scratch_run ((const char *[]) { "chmod", "-R", "u+rwx", shell, NULL });
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, cache, NULL });
}

/* ---- tools */

static char *
in_plugin (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
put (Fixture *fixture, const char *name, const void *content, gssize length)
{
  g_autofree char *path = in_plugin (fixture, name);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

static guint8 *
make_noise (gsize length)
{
  guint8 *noise = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    noise[i] = g_test_rand_int ();

  return noise;
}

static JsonArray *
get_archives (PlugRbSnapshot *snapshot)
{
  return plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
}

static guint64
get_newest_size (PlugRbSnapshot *snapshot)
{
  JsonArray *archives = get_archives (snapshot);
  JsonObject *newest =
      json_array_get_object_element (archives, json_array_get_length (archives) - 1);

  return plug_rb_json_get_int (newest, "size", 0);
}

static char *
take_picture (Fixture *fixture)
{
  return scratch_output (
      (const char *[]) { "bash", "-c",
                         "cd \"$1\" && find . -printf '%P %y %m %T@ %l %n\\n' | sort && find . "
                         "-type f -print0 | sort -z | "
                         "xargs -0 sha256sum && getfattr -R -d -m - --absolute-names . 2>&1 | sort "
                         "&& getfacl -R . 2>&1 | sort",
                         "picture", fixture->folder, NULL });
}

static void
roll_back (Fixture *fixture, PlugRbSnapshot *target)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = scratch_roll_back (fixture->engine, target, &error);

  g_assert_no_error (error);
}

/* ---- sharing */

static void
test_differential (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (100 * 1000);
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *again = NULL;

  put (fixture, "big", noise, 100 * 1000);
  one = scratch_snapshot (fixture->engine, ID);
  first = take_picture (fixture);
  put (fixture, "small", "new", -1);
  two = scratch_snapshot (fixture->engine, ID);

  g_assert_cmpuint (json_array_get_length (get_archives (one)), ==, 1);
  g_assert_cmpuint (json_array_get_length (get_archives (two)), ==, 2);
  g_assert_cmpuint (get_newest_size (one), >, 100 * 1000);
  g_assert_cmpuint (get_newest_size (two), <, 5000);

  roll_back (fixture, one);
  second = take_picture (fixture);
  g_assert_cmpstr (first, ==, second);
  roll_back (fixture, two);
  roll_back (fixture, one);
  again = take_picture (fixture);
  g_assert_cmpstr (first, ==, again);
}

/* However often something changes, four archives are enough. */
static void
test_most_archives (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (100 * 1000);
  g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func (g_free);

  put (fixture, "big", noise, 100 * 1000);
  for (guint i = 0; i < 12; i++) {
    g_autofree char *name = g_strdup_printf ("file-%u", i);
    PlugRbSnapshot *snapshot;

    put (fixture, name, name, -1);
    snapshot = scratch_snapshot (fixture->engine, ID);
    g_assert_cmpuint (json_array_get_length (get_archives (snapshot)), <=, 4);
    if (i > 0)
      g_assert_cmpuint (get_newest_size (snapshot), <, 50 * 1000);
    g_ptr_array_add (taken, snapshot);
    g_ptr_array_add (pictures, take_picture (fixture));
  }

  for (guint i = 0; i < taken->len; i++) {
    g_autofree char *picture = NULL;

    roll_back (fixture, taken->pdata[i]);
    picture = take_picture (fixture);
    g_assert_cmpstr (picture, ==, pictures->pdata[i]);
  }
}

/* A content is stored once, and by tar every name of it can be had all the same. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (50 * 1000);
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autofree char *script = NULL;
  g_autofree char *from = in_plugin (fixture, "one");
  g_autofree char *to = in_plugin (fixture, "three");

  put (fixture, "one", noise, 50 * 1000);
  put (fixture, "two", noise, 50 * 1000);
  put (fixture, "a", "content of a", -1);
  put (fixture, "b", "content of b", -1);
  one = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpuint (get_newest_size (one), <, 60 * 1000);

  g_assert_cmpint (g_rename (from, to), ==, 0);
  put (fixture, "a", "content of b", -1);
  put (fixture, "b", "content of a", -1);
  two = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpuint (get_newest_size (two), <, 5000);

  script = g_strdup_printf (
      "cd \"$1\" && { %s; } && diff -r files/user \"$2\" | grep -v '^Only in files'; true",
      plug_rb_json_get_string (plug_rb_snapshot_get_json (two), "extract"));
  {
    g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
    g_autofree char *output = scratch_output (
        (const char *[]) { "bash", "-c", script, "tar", store, fixture->folder, NULL });

    g_assert_cmpstr (output, ==, "");
  }
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (LARGE);
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autoptr(PlugRbSnapshot) three = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  put (fixture, "large", noise, LARGE);
  one = scratch_snapshot (fixture->engine, ID);
  first = take_picture (fixture);

  /* The same size and another content; then the first content once more, as a new file. */
  noise[LARGE / 2] ^= 1;
  put (fixture, "large", noise, LARGE);
  two = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpuint (get_newest_size (two), >, LARGE);
  put (fixture, "copy", noise, LARGE);
  three = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpuint (get_newest_size (three), <, 5000);

  roll_back (fixture, one);
  second = take_picture (fixture);
  g_assert_cmpstr (first, ==, second);
}

/* What nobody needs any more goes, even if it lies in one archive with what is needed. */
static void
test_repack (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (LARGE);
  g_autofree char *big = in_plugin (fixture, "big");
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autoptr(PlugRbSnapshot) three = NULL;
  g_autoptr(PlugRbPruning) pruned = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *size = NULL;
  g_autofree char *third = NULL;
  g_autoptr(GError) error = NULL;

  put (fixture, "big", noise, LARGE);
  put (fixture, "stays", noise + 7, GPOINTER_TO_UINT (data));
  one = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpint (g_unlink (big), ==, 0);
  first = take_picture (fixture);
  two = scratch_snapshot (fixture->engine, ID);
  put (fixture, "more", "more", -1);
  three = scratch_snapshot (fixture->engine, ID);
  third = take_picture (fixture);

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, one, NULL));
  g_free (scratch_in_store ("rm -r trash/*/*/*"));
  pruned = plug_rb_engine_prune (fixture->engine, NULL, FALSE, NULL, &error);
  g_assert_no_error (error);

  size = scratch_in_store ("du -sb archives | cut -f1");
  g_assert_cmpint (atoi (size), <, GPOINTER_TO_UINT (data) + 50 * 1000);
  g_free (scratch_in_store (
      "for s in snapshots/*/*/*/snapshot.json; do eval $(jq -r .extract $s); done"));

  scratch_run ((const char *[]) { "rm", "-rf", fixture->folder, NULL });
  {
    g_autoptr(GPtrArray) left = plug_rb_engine_list_snapshots (fixture->engine, KEY, NULL);

    g_assert_cmpuint (left->len, ==, 2);
    roll_back (fixture, left->pdata[1]);
    second = take_picture (fixture);
    g_assert_cmpstr (first, ==, second);
    roll_back (fixture, left->pdata[0]);
    g_clear_pointer (&second, g_free);
    second = take_picture (fixture);
    g_assert_cmpstr (third, ==, second);
  }
}

/* ---- the index */

static void
each_index (const char *command)
{
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *script =
      g_strdup_printf ("cd \"$1\" && for f in archives/*/*/*.index; do %s; done", command);

  scratch_run ((const char *[]) { "bash", "-c", script, "index", store, NULL });
}

static void
test_index (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *noise = make_noise (LARGE);
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  put (fixture, "large", noise, LARGE);
  put (fixture, "empty-file", "", 0);
  one = scratch_snapshot (fixture->engine, ID);
  first = take_picture (fixture);
  scratch_install_sample (2);
  two = scratch_snapshot (fixture->engine, ID);

  each_index ("cp \"$f\" \"$f.good\"");
  each_index (data);
  roll_back (fixture, one);
  second = take_picture (fixture);
  g_assert_cmpstr (first, ==, second);
  roll_back (fixture, two);
  each_index ("cmp \"$f\" \"$f.good\"");
}

/* ---- what is read */

static void
test_unread (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = in_plugin (fixture, "extension.js");
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbSnapshot) two = NULL;
  gboolean created;
  GStatBuf before, after;

  g_usleep (50 * 1000);
  one = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  g_assert_cmpint (before.st_atim.tv_sec, >, 0);

  /* A file that nobody may read need not be read. */
  plugin = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  two = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_MANUAL, NULL, NULL,
                                 &created, operation, NULL, NULL);
  g_assert_false (created);
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpint (after.st_atim.tv_sec, ==, before.st_atim.tv_sec);
  g_assert_cmpint (after.st_atim.tv_nsec, ==, before.st_atim.tv_nsec);
}

/* A change that leaves size and time of the content as they were still changes the inode. */
static void
test_same_times (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = in_plugin (fixture, "tricky");
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  struct timespec times[2];
  g_autofd int fd = -1;
  struct stat st;

  put (fixture, "tricky", "before", -1);
  g_usleep (GPOINTER_TO_UINT (data));
  one = scratch_snapshot (fixture->engine, ID);

  g_assert_cmpint (stat (path, &st), ==, 0);
  times[0] = st.st_atim;
  times[1] = st.st_mtim;
  g_assert_cmpint (fd = open (path, O_WRONLY | O_CLOEXEC), >=, 0);
  g_assert_cmpint (pwrite (fd, "behind", 6, 0), ==, 6);
  g_assert_cmpint (futimens (fd, times), ==, 0);

  two = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpstr (plug_rb_snapshot_get_table (one), !=, plug_rb_snapshot_get_table (two));
}

/* The old tree is gone, its links with it, and still nothing has to be read again. */
static void
test_after_rollback (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autoptr(PlugRbSnapshot) three = NULL;
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  GStatBuf before, after;
  gboolean created;

  for (guint i = 0; i < 600; i++) {
    g_autofree char *name = g_strdup_printf ("many/%u", i);

    put (fixture, name, name, -1);
  }
  one = scratch_snapshot (fixture->engine, ID);
  put (fixture, "many/7", "changed", -1);
  two = scratch_snapshot (fixture->engine, ID);
  roll_back (fixture, one);

  path = in_plugin (fixture, "many/300");
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  plugin = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  three = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_MANUAL, "again", NULL,
                                   &created, operation, NULL, NULL);
  g_assert_cmpstr (plug_rb_snapshot_get_table (one), ==, plug_rb_snapshot_get_table (three));
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpint (after.st_atim.tv_sec, ==, before.st_atim.tv_sec);
  g_assert_cmpint (after.st_atim.tv_nsec, ==, before.st_atim.tv_nsec);
}

/* ---- files of all kinds */

static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *zeros = g_malloc0 (3 * 1024 * 1024);
  g_autofree char *second = in_plugin (fixture, "other-name");
  g_autofree char *first = in_plugin (fixture, "name");
  g_autofree char *sparse = in_plugin (fixture, "sparse");
  g_autofree char *folder = in_plugin (fixture, "folder");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(PlugRbSnapshot) one = NULL;
  struct stat st;

  put (fixture, "name", "linked twice", -1);
  g_assert_cmpint (link (first, second), ==, 0);
  put (fixture, "folder/secret", "x", -1);
  g_assert_cmpint (setxattr (first, "user.note", "a\0b", 3, 0), ==, 0);
  g_assert_cmpint (setxattr (folder, "user.folder", "", 0, 0), ==, 0);
  scratch_run ((const char *[]) { "setfacl", "-m", "u:1000:r", first, NULL });
  scratch_run ((const char *[]) { "setfacl", "-d", "-m", "u:1000:rx", folder, NULL });
  put (fixture, "sparse", zeros, 3 * 1024 * 1024);
  scratch_run ((const char *[]) { "fallocate", "--dig-holes", sparse, NULL });

  before = take_picture (fixture);
  one = scratch_snapshot (fixture->engine, ID);
  scratch_run ((const char *[]) { "rm", "-rf", fixture->folder, NULL });
  roll_back (fixture, one);
  after = take_picture (fixture);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (stat (sparse, &st), ==, 0);
  g_assert_cmpint (st.st_blocks, <, 64);
}

/* ---- limits */

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *policy = g_build_filename (store, "policy.ini", NULL);
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autofree char *zeros = g_malloc0 (2 * 1024 * 1024);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  gboolean created;

  put (fixture, "locale/huge", zeros, 2 * 1024 * 1024);
  g_assert_true (g_file_set_contents (
      policy, "[io/github/plugrb/PluginRollback/policy]\nmax-snapshot-size=uint64 1048576\n", -1,
      NULL));
  plugin = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  before = scratch_store_files ();
  snapshot = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_MANUAL, NULL, NULL,
                                      &created, operation, NULL, &error);
  g_assert_null (snapshot);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "locale"));
  after = scratch_store_files ();
  g_assert_cmpstr (before, ==, after);
}

int
main (int argc, char *argv[])
{
  static const char *const damages[] = {
    "rm \"$f\"", "truncate -s 50 \"$f\"", "printf x >> \"$f\"", "cp /etc/passwd \"$f\"",
    "cat archives/*/*/*.index | tail -c 900 > \"$f.x\" && mv \"$f.x\" \"$f\""
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pack/differential", Fixture, NULL, set_up, test_differential, tear_down);
  g_test_add ("/pack/most-archives", Fixture, NULL, set_up, test_most_archives, tear_down);
  g_test_add ("/pack/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/pack/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/pack/repack", Fixture, GUINT_TO_POINTER (1000), set_up, test_repack, tear_down);
  g_test_add ("/pack/repack/large", Fixture, GUINT_TO_POINTER (2500 * 1000), set_up, test_repack,
              tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strdup_printf ("/pack/index/%u", i);

    g_test_add (path, Fixture, damages[i], set_up, test_index, tear_down);
  }
  g_test_add ("/pack/unread", Fixture, NULL, set_up, test_unread, tear_down);
  g_test_add ("/pack/same-times", Fixture, GUINT_TO_POINTER (50 * 1000), set_up, test_same_times,
              tear_down);
  g_test_add ("/pack/same-times/racy", Fixture, GUINT_TO_POINTER (0), set_up, test_same_times,
              tear_down);
  g_test_add ("/pack/after-rollback", Fixture, NULL, set_up, test_after_rollback, tear_down);
  g_test_add ("/pack/kinds", Fixture, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/pack/too-large", Fixture, NULL, set_up, test_too_large, tear_down);

  return g_test_run ();
}
