/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What the engine refuses, and what it leaves as it was when something goes wrong. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define SETTINGS "/org/gnome/shell/extensions/sample/"
#define ENABLED "/org/gnome/shell/enabled-extensions"

/* Version 1 is in the snapshot @target; version 2 is installed. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *target;
  char *plugin;
  char *wanted;
  char *before;
} Fixture;

/* ---- tools */

static void
put (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->plugin, name, NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (plug_rb_fs_write (fd, content, strlen (content), NULL));
  close (fd);
}

/* What does not compress, so that damage to its bytes is certain to matter. */
static void
put_noise (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->plugin, "noise", NULL);

  scratch_run ((const char *[]) { "bash", "-c", "head -c 200000 /dev/urandom > \"$1\"", "noise",
                                  path, NULL });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  fixture->plugin = g_build_filename (extensions, ID, NULL);
  fixture->engine = scratch_open ();
  scratch_install_sample (1);
  put_noise (fixture);
  scratch_set (SETTINGS "speed", "7");
  scratch_set (ENABLED, "['x@y', '" ID "', 'z@y']");
  fixture->wanted = scratch_picture ();
  fixture->target = scratch_snapshot (fixture->engine, ID);

  scratch_install_sample (2);
  scratch_set (SETTINGS "speed", "2");
  scratch_set (SETTINGS "title", "'two'");
  scratch_set (ENABLED, "['x@y', 'z@y']");
  fixture->before = scratch_picture ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  const char *store = plug_rb_engine_get_store_path (fixture->engine);

  plug_rb_transaction_set_checkpoint (NULL);
  scratch_run ((const char *[]) { "chmod", "-R", "u+rwX", shell, store, NULL });
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
  g_clear_object (&fixture->target);
  g_clear_object (&fixture->engine);
  g_free (fixture->plugin);
  g_free (fixture->wanted);
  g_free (fixture->before);
}

static void
assert_picture (const char *expected)
{
  g_autofree char *picture = scratch_picture ();

  g_assert_cmpstr (picture, ==, expected);
}

static PlugRbPlugin *
find_plugin (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PlugRbPlugin *plugin = plug_rb_engine_find_plugin (fixture->engine, KEY, &error);

  g_assert_no_error (error);
  return plugin;
}

static void
roll_back (Fixture *fixture, PlugRbScope scope)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (targets, fixture->target);
  plug_rb_engine_rollback (fixture->engine, targets, scope, operation, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_COMPLETED);
}

static PlugRbOperation *
last_operation (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) operations = plug_rb_engine_list_operations (fixture->engine, KEY, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (operations->len, >, 0);
  return g_object_ref (operations->pdata[0]);
}

static void
assert_nothing_left (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *found =
      scratch_output ((const char *[]) { "find", folder, "-name", ".plugrb-*", NULL });
  g_autoptr(GPtrArray) pending = plug_rb_engine_list_pending (fixture->engine, NULL);
  g_autofree char *files = scratch_store_files ();

  g_assert_cmpstr (found, ==, "");
  g_assert_cmpuint (pending->len, ==, 0);
  g_assert_null (strstr (files, "pending"));
  g_assert_null (strstr (files, ".tmp-"));
}

/* Returns the error of a rollback that must fail, and leave no trace but that in the history. */
static GError *
fail_to_roll_back (Fixture *fixture, GQuark domain, int code, const char *code_name)
{
  GError *error = NULL;
  g_autoptr(PlugRbOperation) operation =
                scratch_roll_back (fixture->engine, fixture->target, &error);
  g_autoptr(PlugRbOperation) recorded = last_operation (fixture);
  gboolean canceled = domain == G_IO_ERROR;

  g_assert_error (error, domain, code);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==,
                   canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED);
  g_assert_cmpstr (plug_rb_operation_get_id (recorded), ==, plug_rb_operation_get_id (operation));
  g_assert_cmpint (plug_rb_operation_get_status (recorded), ==,
                   plug_rb_operation_get_status (operation));
  g_assert_cmpstr (plug_rb_operation_get_error_code (recorded), ==, code_name);
  g_assert_false (plug_rb_operation_get_can_undo (recorded));
  assert_nothing_left (fixture);

  return error;
}

/* ---- finding */

typedef struct {
  const char *name;
  PlugRbError code;
} Name;

static const Name names[] = {
  { "nobody@example.org", PLUG_RB_ERROR_NOT_FOUND },
  { "gnome-shell/nobody@example.org", PLUG_RB_ERROR_NOT_FOUND },
  { "nowhere/" ID, PLUG_RB_ERROR_NOT_FOUND },
  { "Gnome-Shell/" ID, PLUG_RB_ERROR_NOT_FOUND },
  { "sample@example", PLUG_RB_ERROR_NOT_FOUND },
  { "", PLUG_RB_ERROR_INVALID },
  { "/", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/", PLUG_RB_ERROR_INVALID },
  { ID "/", PLUG_RB_ERROR_INVALID },
  { ".", PLUG_RB_ERROR_INVALID },
  { "..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/" ID "/..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/../extensions/" ID, PLUG_RB_ERROR_INVALID },
};

static void
test_find_plugin (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) by_id = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  g_autoptr(PlugRbPlugin) by_key = plug_rb_engine_find_plugin (fixture->engine, KEY, NULL);

  g_assert_cmpstr (plug_rb_plugin_get_key (by_id), ==, KEY);
  g_assert_cmpstr (plug_rb_plugin_get_key (by_key), ==, KEY);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null (plug_rb_engine_find_plugin (fixture->engine, names[i].name, &error));
    g_assert_error (error, PLUG_RB_ERROR, (int) names[i].code);
  }
}

static const char other_host[] =
    "[Host]\nId=other\nName=Other\nIcon=application-x-addon-symbolic\nDetect=path:${DATA}/other\n"
    "[Root user]\nPath=${DATA}/other\nLayout=dir\n"
    "[Manifest]\nFile=metadata.json\nFormat=json\nId=/uuid\nIdFrom=dirname\nName=/name\n"
    "Version=/version\n";

/* Opens an engine that knows another host, which has the same plugin. */
static PlugRbEngine *
open_with_other (Fixture *fixture, const char *hosts)
{
  g_autofree char *shipped = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));
  g_autofree char *shell = g_build_filename (shipped, "gnome-shell.host", NULL);
  g_autofree char *other = g_build_filename (hosts, "other.host", NULL);
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "other", NULL);
  PlugRbEngine *engine;

  scratch_run ((const char *[]) { "mkdir", "-p", hosts, root, NULL });
  scratch_run ((const char *[]) { "cp", shell, hosts, NULL });
  scratch_run ((const char *[]) { "cp", "-a", fixture->plugin, root, NULL });
  g_assert_true (g_file_set_contents (other, other_host, -1, NULL));
  g_setenv ("PLUGRB_HOSTS_DIR", hosts, TRUE);
  engine = scratch_open ();
  g_setenv ("PLUGRB_HOSTS_DIR", shipped, TRUE);

  return engine;
}

static void
test_ambiguous (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hosts = g_dir_make_tmp (NULL, NULL);
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "other", NULL);
  g_autoptr(PlugRbEngine) engine = open_with_other (fixture, hosts);
  g_autoptr(PlugRbPlugin) shell = plug_rb_engine_find_plugin (engine, KEY, NULL);
  g_autoptr(PlugRbPlugin) other = plug_rb_engine_find_plugin (engine, "other/" ID, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (plug_rb_plugin_get_key (shell), ==, KEY);
  g_assert_cmpstr (plug_rb_plugin_get_key (other), ==, "other/" ID);
  g_assert_null (plug_rb_engine_find_plugin (engine, ID, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS);
  g_assert_nonnull (strstr (error->message, KEY));
  g_assert_nonnull (strstr (error->message, "other/" ID));
  scratch_run ((const char *[]) { "rm", "-rf", hosts, root, NULL });
}

static void
assert_snapshot_error (Fixture *fixture, const char *prefix, PlugRbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_find_snapshot (fixture->engine, prefix, &error));
  g_assert_error (error, PLUG_RB_ERROR, (int) code);
}

static void
test_find_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = scratch_snapshot (fixture->engine, ID);
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autofree char *three = g_strndup (id, 3);
  g_autofree char *four = g_strndup (id, 4);
  g_autofree char *most = g_strndup (id, 35);
  g_autofree char *longer = g_strconcat (id, "0", NULL);
  g_autoptr(PlugRbSnapshot) whole = plug_rb_engine_find_snapshot (fixture->engine, id, NULL);
  g_autoptr(PlugRbSnapshot) part = plug_rb_engine_find_snapshot (fixture->engine, most, NULL);

  g_assert_cmpstr (plug_rb_snapshot_get_id (whole), ==, id);
  g_assert_cmpstr (plug_rb_snapshot_get_id (part), ==, id);
  assert_snapshot_error (fixture, four, PLUG_RB_ERROR_AMBIGUOUS);
  assert_snapshot_error (fixture, three, PLUG_RB_ERROR_NOT_FOUND);
  assert_snapshot_error (fixture, "", PLUG_RB_ERROR_NOT_FOUND);
  assert_snapshot_error (fixture, longer, PLUG_RB_ERROR_NOT_FOUND);
  assert_snapshot_error (fixture, "no-such-snapshot", PLUG_RB_ERROR_NOT_FOUND);
}

static void
assert_target (Fixture *fixture, PlugRbSnapshot *expected)
{
  g_autoptr(PlugRbPlugin) plugin = find_plugin (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) target =
                plug_rb_engine_find_target (fixture->engine, plugin, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (target ? plug_rb_snapshot_get_id (target) : NULL, ==,
                   expected ? plug_rb_snapshot_get_id (expected) : NULL);
}

static void
test_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = NULL;

  assert_target (fixture, fixture->target);
  second = scratch_snapshot (fixture->engine, ID);
  assert_target (fixture, fixture->target);
  scratch_install_sample (3);
  assert_target (fixture, second);
}

/* Just rolled back: rolling back once more must not jump to and fro. Another version may. */
static void
test_settled (Fixture *fixture, gconstpointer data)
{
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_target (fixture, NULL);
  scratch_install_sample (3);
  assert_target (fixture, fixture->target);
}

static void
test_no_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) plugin = find_plugin (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, NULL));
  g_assert_null (plug_rb_engine_find_target (fixture->engine, plugin, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

/* ---- rolling back */

/* The part of a picture that tells of files, or that tells of settings. */
static char *
half (const char *picture, gboolean settings)
{
  const char *middle = strstr (picture, "\n[");

  g_assert_nonnull (middle);
  return settings ? g_strdup (middle) : g_strndup (picture, middle - picture);
}

static void
test_scope (Fixture *fixture, gconstpointer data)
{
  PlugRbScope scope = GPOINTER_TO_INT (data);
  g_autofree char *after = NULL;
  g_autofree char *files = NULL;
  g_autofree char *settings = NULL;
  g_autofree char *expected_files = NULL;
  g_autofree char *expected_settings = NULL;

  roll_back (fixture, scope);
  after = scratch_picture ();
  files = half (after, FALSE);
  settings = half (after, TRUE);
  expected_files = half (scope == PLUG_RB_SCOPE_FILES ? fixture->wanted : fixture->before, FALSE);
  expected_settings =
      half (scope == PLUG_RB_SCOPE_SETTINGS ? fixture->wanted : fixture->before, TRUE);
  g_assert_cmpstr (files, ==, expected_files);
  g_assert_cmpstr (settings, ==, expected_settings);
}

static void
undo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = scratch_undo (fixture->engine, &error);

  g_assert_no_error (error);
}

static void
test_scope_undo (Fixture *fixture, gconstpointer data)
{
  roll_back (fixture, GPOINTER_TO_INT (data));
  undo (fixture);
  assert_picture (fixture->before);
}

static PlugRbSnapshot *
snapshot_absent (Fixture *fixture)
{
  PlugRbHost *host = plug_rb_engine_get_host (fixture->engine, "gnome-shell", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, ID, &error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  PlugRbSnapshot *snapshot;
  gboolean created;

  g_assert_no_error (error);
  g_assert_false (plug_rb_plugin_get_installed (plugin));
  snapshot = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_PRE_INSTALL, NULL,
                                      NULL, &created, operation, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (created);
  g_assert_true (plug_rb_snapshot_get_absent (snapshot));

  return snapshot;
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *absent = NULL;
  PlugRbSnapshot *snapshot;

  scratch_run ((const char *[]) { "rm", "-rf", fixture->plugin, NULL });
  absent = scratch_picture ();
  snapshot = snapshot_absent (fixture);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (fixture->wanted);

  g_set_object (&fixture->target, snapshot);
  g_object_unref (snapshot);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_false (g_file_test (fixture->plugin, G_FILE_TEST_EXISTS));
  assert_picture (absent);
  undo (fixture);
  assert_picture (fixture->wanted);
  assert_nothing_left (fixture);
}

static void
test_staged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *updates =
      g_build_filename (g_get_user_data_dir (), "gnome-shell", "extension-updates", ID, NULL);
  g_autofree char *before = NULL;

  scratch_stage_sample (3);
  before = scratch_picture ();
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  g_assert_false (g_file_test (updates, G_FILE_TEST_EXISTS));
  assert_picture (fixture->wanted);
  undo (fixture);
  assert_picture (before);
}

static void
test_undo_after_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *changed = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) refused = NULL;
  g_autoptr(PlugRbOperation) undone = NULL;
  g_autoptr(PlugRbOperation) forced = plug_rb_operation_new (PLUG_RB_KIND_UNDO);

  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  put (fixture, "common.js", "// changed since");
  changed = scratch_picture ();
  refused = scratch_undo (fixture->engine, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_clear_error (&error);
  assert_picture (changed);

  undone = plug_rb_engine_find_undoable (fixture->engine, KEY, &error);
  g_assert_no_error (error);
  plug_rb_engine_undo (fixture->engine, undone, TRUE, forced, NULL, &error);
  g_assert_no_error (error);
  assert_picture (fixture->before);
  undo (fixture);
  assert_picture (changed);
}

/* ---- what stands in the way */

static void
test_linked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *real = g_build_filename (g_get_user_data_dir (), "checkout", NULL);
  g_autofree char *real_before = NULL;
  g_autofree char *real_after = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_rename (fixture->plugin, real), ==, 0);
  g_assert_cmpint (symlink (real, fixture->plugin), ==, 0);
  before = scratch_picture ();
  real_before = scratch_output ((const char *[]) { "ls", "-lR", "--full-time", real, NULL });

  error = fail_to_roll_back (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER, "needs-user");
  g_assert_nonnull (strstr (error->message, real));
  assert_picture (before);
  real_after = scratch_output ((const char *[]) { "ls", "-lR", "--full-time", real, NULL });
  g_assert_cmpstr (real_before, ==, real_after);
  scratch_run ((const char *[]) { "rm", "-rf", real, NULL });
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();
  const char *folder = data ? fixture->plugin : extensions;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root writes everywhere");
    return;
  }

  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  before = scratch_picture ();
  error = fail_to_roll_back (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE, "not-writable");
  g_assert_nonnull (strstr (error->message, folder));
  assert_picture (before);
}

static char *
archive_path (Fixture *fixture)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_id (fixture->target), ".tar.zst", NULL);

  return g_build_filename (plug_rb_engine_get_store_path (fixture->engine), "archives", KEY, name,
                           NULL);
}

static void
flip (const char *path, gsize offset)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  content[offset % length] ^= 0x10;
  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = archive_path (fixture);

  for (guint i = 1; i < 10; i++) {
    g_autoptr(GError) error = NULL;

    flip (path, 15000 * i);
    error = fail_to_roll_back (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, "corrupt");
    assert_picture (fixture->before);
    flip (path, 15000 * i);
  }

  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (fixture->wanted);
}

static void
test_no_archive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = archive_path (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  error = fail_to_roll_back (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, "not-found");
  assert_picture (fixture->before);
}

/* Names that are no UTF-8, folders and files that nobody may write, two names of one file. */
static void
test_odd (Fixture *fixture, gconstpointer data)
{
  static const char script[] =
      "cd \"$1\" && mkdir -p odd/deep && echo 1 > $'odd/caf\\xe9' && ln -s $'\\xff' odd/link && "
      "echo 2 > odd/deep/one && ln odd/deep/one odd/two && chmod 0400 odd/two && "
      "echo 3 > $'odd/line\\nbreak' && chmod 0555 odd/deep && chmod 0511 odd";
  g_autofree char *wanted = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  scratch_run ((const char *[]) { "bash", "-c", script, "odd", fixture->plugin, NULL });
  wanted = scratch_picture ();
  snapshot = scratch_snapshot (fixture->engine, ID);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (fixture->wanted);

  undo (fixture);
  assert_picture (wanted);
  g_set_object (&fixture->target, snapshot);
  scratch_run ((const char *[]) { "chmod", "-R", "u+w", fixture->plugin, NULL });
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (wanted);
  assert_nothing_left (fixture);
}

static void
test_undo_without_safety (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) done = NULL;
  g_autoptr(PlugRbSnapshot) safety = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  const PlugRbOperationChange *change;

  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  done = last_operation (fixture);
  change = plug_rb_operation_get_changes (done)->pdata[0];
  safety = plug_rb_engine_find_snapshot (fixture->engine, change->safety_snapshot, &error);
  g_assert_no_error (error);
  plug_rb_engine_delete_snapshot (fixture->engine, safety, &error);
  g_assert_no_error (error);

  operation = scratch_undo (fixture->engine, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_FAILED);
  assert_picture (fixture->wanted);
}

static void
test_nothing_to_undo (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_find_undoable (fixture->engine, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (plug_rb_engine_find_undoable (fixture->engine, KEY, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

/* ---- several at once */

static PlugRbOperation *
roll_back_both (Fixture *fixture, PlugRbSnapshot *second, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  g_ptr_array_add (targets, fixture->target);
  g_ptr_array_add (targets, second);
  plug_rb_engine_rollback (fixture->engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, error);

  return operation;
}

static PlugRbSnapshot *
install_second (Fixture *fixture)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *path = g_build_filename (extensions, "second@example.org", NULL);
  PlugRbSnapshot *snapshot;

  scratch_run ((const char *[]) { "cp", "-a", fixture->plugin, path, NULL });
  snapshot = scratch_snapshot (fixture->engine, "second@example.org");
  scratch_run ((const char *[]) { "bash", "-c", "rm \"$1\"/tool.sh; date > \"$1\"/now", "second",
                                  path, NULL });
  return snapshot;
}

static void
test_all_or_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = install_second (fixture);
  g_autofree char *before = scratch_picture ();
  g_autofree char *path = archive_path (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) failed = NULL;
  g_autoptr(PlugRbOperation) done = NULL;

  flip (path, 100000);
  failed = roll_back_both (fixture, second, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_clear_error (&error);
  assert_picture (before);
  assert_nothing_left (fixture);

  flip (path, 100000);
  done = roll_back_both (fixture, second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_operation_get_changes (done)->len, ==, 2);
  undo (fixture);
  assert_picture (before);
}

static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  second = scratch_snapshot (fixture->engine, ID);
  scratch_install_sample (3);
  before = scratch_picture ();
  operation = roll_back_both (fixture, data ? fixture->target : second, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, KEY));
  assert_picture (before);
  assert_nothing_left (fixture);
}

/* ---- at the points of a transaction */

static Fixture *present;
static GCancellable *to_cancel;
static const char *act_at;
static void (*act) (void);

static void
reach (const char *name)
{
  if (g_str_equal (name, act_at))
    act ();
}

static void
at (Fixture *fixture, const char *point, void (*func) (void))
{
  present = fixture;
  act_at = point;
  act = func;
  plug_rb_transaction_set_checkpoint (reach);
}

static void
cancel_it (void)
{
  g_cancellable_cancel (to_cancel);
}

static GError *
roll_back_and_cancel (Fixture *fixture, const char *point, PlugRbStatus expected)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbOperation) recorded = NULL;
  GError *error = NULL;

  to_cancel = g_cancellable_new ();
  at (fixture, point, cancel_it);
  g_ptr_array_add (targets, fixture->target);
  plug_rb_engine_rollback (fixture->engine, targets, PLUG_RB_SCOPE_ALL, operation, to_cancel,
                           &error);
  recorded = last_operation (fixture);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, expected);
  g_assert_cmpint (plug_rb_operation_get_status (recorded), ==, expected);
  g_clear_object (&to_cancel);
  assert_nothing_left (fixture);

  return error;
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = roll_back_and_cancel (fixture, data, PLUG_RB_STATUS_CANCELED);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_picture (fixture->before);
}

/* Too late: live changes have begun, and they are finished. */
static void
test_canceled_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = roll_back_and_cancel (fixture, data, PLUG_RB_STATUS_COMPLETED);

  g_assert_no_error (error);
  assert_picture (fixture->wanted);
}

static void
set_speed (void)
{
  scratch_set (SETTINGS "speed", "99");
}

static gboolean
has_text (const char *const *texts, const char *part)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (strstr (texts[i], part) != NULL)
      return TRUE;

  return FALSE;
}

static void
test_setting_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autofree char *speed = NULL;
  g_autofree char *title = NULL;

  at (fixture, "settings", set_speed);
  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);

  speed = scratch_output ((const char *[]) { "dconf", "read", SETTINGS "speed", NULL });
  title = scratch_output ((const char *[]) { "dconf", "read", SETTINGS "title", NULL });
  g_assert_cmpstr (speed, ==, "99\n");
  g_assert_cmpstr (title, ==, "");
  g_assert_true (has_text (plug_rb_operation_get_hints (operation), SETTINGS "speed"));
  g_assert_false (has_text (plug_rb_operation_get_hints (operation), SETTINGS "title"));
}

static void
set_list (void)
{
  scratch_set (ENABLED, "['new@x', 'z@y']");
}

/* Of a list that several plugins share only the own entry is written. */
static void
test_list_changed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL;

  at (fixture, "settings", set_list);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  list = scratch_output ((const char *[]) { "dconf", "read", ENABLED, NULL });
  g_assert_cmpstr (list, ==, "['new@x', '" ID "', 'z@y']\n");
}

static void
write_new (void)
{
  put (present, "late.js", "// written late");
}

static void
write_linked (void)
{
  put (present, "common.js", "// written late");
}

static void
write_other (void)
{
  put (present, "extension.js", "// written late");
}

static void
remove_one (void)
{
  g_autofree char *path = g_build_filename (present->plugin, "only-in-2.js", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
change_mode (void)
{
  g_autofree char *path = g_build_filename (present->plugin, "extension.js", NULL);

  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
}

static void
change_link (void)
{
  g_autofree char *path = g_build_filename (present->plugin, "link.js", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("elsewhere", path), ==, 0);
}

typedef struct {
  const char *name;
  const char *point;
  void (*func) (void);
} Late;

static const Late lates[] = {
  { "new-file", "swapping", write_new },       { "unchanged-file", "swapping", write_linked },
  { "other-file", "swapping", write_other },   { "removed-file", "swapping", remove_one },
  { "mode", "swapping", change_mode },         { "link", "swapping", change_link },
  { "new-file-earlier", "staged", write_new }, { "unchanged-file-earlier", "staged", write_linked },
};

/* What is there but for the stage, which lies beside it. */
static char *
picture_without_stage (void)
{
  g_autofree char *picture = scratch_picture ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (picture, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "/.plugrb-") == NULL)
      g_string_append_printf (text, "%s\n", lines[i]);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void (*write_late) (void);
static char *late_picture;

static void
write_and_look (void)
{
  write_late ();
  g_clear_pointer (&late_picture, g_free);
  late_picture = picture_without_stage ();
}

/* Whoever writes while the trees are exchanged loses nothing: it is the rollback that fails. */
static void
test_late (gconstpointer data)
{
  const Late *late = data;
  Fixture fixture = { 0 };
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&fixture, NULL);
  write_late = late->func;
  at (&fixture, late->point, write_and_look);
  error = fail_to_roll_back (&fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING, "changing");
  after = picture_without_stage ();
  g_assert_cmpstr (after, ==, late_picture);
  g_clear_pointer (&late_picture, g_free);
  tear_down (&fixture, NULL);
}

/* ---- the running shell */

static void
test_unsupported (Fixture *fixture, gconstpointer data)
{
  ScratchShell *shell = scratch_shell_start (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) blocker = NULL;
  g_autoptr(PlugRbPlan) plan = plug_rb_engine_plan (fixture->engine, fixture->target,
                                                    PLUG_RB_SCOPE_ALL, &blocker, NULL, &error);
  gboolean supported = g_str_has_prefix (data, "48");

  scratch_shell_stop (shell);
  g_assert_no_error (error);
  g_assert_no_error (blocker);
  g_assert_cmpint (has_text (plug_rb_plan_get_warnings (plan), data), ==, !supported);
  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_warnings (plan)), ==,
                    supported ? 1 : 2);
}

static void
test_not_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlan) plan = plug_rb_engine_plan (fixture->engine, fixture->target,
                                                    PLUG_RB_SCOPE_ALL, NULL, NULL, NULL);

  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_warnings (plan)), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_blockers (plan)), ==, 0);
}

/* ---- deleting */

static void
assert_not_deleted (Fixture *fixture)
{
  g_autoptr(PlugRbSnapshot) found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  found = plug_rb_engine_find_snapshot (fixture->engine, plug_rb_snapshot_get_id (fixture->target),
                                        NULL);
  g_assert_nonnull (found);
}

static void
delete_target (void)
{
  assert_not_deleted (present);
}

static void
test_delete_at_work (Fixture *fixture, gconstpointer data)
{
  at (fixture, "staged", delete_target);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (fixture->wanted);
}

static void
test_delete_needed (Fixture *fixture, gconstpointer data)
{
  PlugRbStore *store = plug_rb_engine_get_store (fixture->engine);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbJournal) journal =
                plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autoptr(GError) error = NULL;

  plug_rb_journal_add_item (journal, "gnome-shell/other@example.org", data ? id : "another",
                            data ? "another" : id);
  journal->operation = plug_rb_operation_to_json (operation);
  g_assert_true (plug_rb_store_save_journal (store, journal, NULL));
  assert_not_deleted (fixture);

  g_assert_true (plug_rb_store_close_journal (store, journal, operation, NULL));
  plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);
}

static void
test_restore_deleted (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autoptr(PlugRbSnapshot) restored = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_restore_deleted (fixture->engine, id, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, NULL));
  assert_snapshot_error (fixture, id, PLUG_RB_ERROR_NOT_FOUND);
  restored = plug_rb_engine_restore_deleted (fixture->engine, id, &error);
  g_assert_no_error (error);
  roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_picture (fixture->wanted);
}

/* A snapshot whose contents are lost is no reason not to take another one. */
static void
test_snapshot_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = scratch_snapshot (fixture->engine, ID);
  g_autoptr(PlugRbSnapshot) same = scratch_snapshot (fixture->engine, ID);
  g_autoptr(PlugRbSnapshot) third = NULL;
  g_autofree char *path = NULL;

  g_assert_cmpstr (plug_rb_snapshot_get_id (same), ==, plug_rb_snapshot_get_id (second));
  g_set_object (&fixture->target, second);
  path = archive_path (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  third = scratch_snapshot (fixture->engine, ID);
  g_assert_cmpstr (plug_rb_snapshot_get_id (third), !=, plug_rb_snapshot_get_id (second));
}

typedef struct {
  const char *path;
  gconstpointer data;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "/engine/find-plugin", NULL, test_find_plugin },
  { "/engine/find-plugin/ambiguous", NULL, test_ambiguous },
  { "/engine/find-snapshot", NULL, test_find_snapshot },
  { "/engine/target", NULL, test_target },
  { "/engine/target/settled", NULL, test_settled },
  { "/engine/target/none", NULL, test_no_target },
  { "/engine/scope/files", GINT_TO_POINTER (PLUG_RB_SCOPE_FILES), test_scope },
  { "/engine/scope/files/undo", GINT_TO_POINTER (PLUG_RB_SCOPE_FILES), test_scope_undo },
  { "/engine/scope/settings", GINT_TO_POINTER (PLUG_RB_SCOPE_SETTINGS), test_scope },
  { "/engine/scope/settings/undo", GINT_TO_POINTER (PLUG_RB_SCOPE_SETTINGS), test_scope_undo },
  { "/engine/absent", NULL, test_absent },
  { "/engine/staged", NULL, test_staged },
  { "/engine/undo-after-change", NULL, test_undo_after_change },
  { "/engine/undo/without-safety", NULL, test_undo_without_safety },
  { "/engine/undo/nothing", NULL, test_nothing_to_undo },
  { "/engine/odd", NULL, test_odd },
  { "/engine/both/all-or-none", NULL, test_all_or_none },
  { "/engine/both/twice", NULL, test_twice },
  { "/engine/both/twice-the-same", "same", test_twice },
  { "/engine/linked", NULL, test_linked },
  { "/engine/read-only/plugin", "plugin", test_read_only },
  { "/engine/read-only/root", NULL, test_read_only },
  { "/engine/corrupt", NULL, test_corrupt },
  { "/engine/no-archive", NULL, test_no_archive },
  { "/engine/canceled/journal-written", "journal-written", test_canceled },
  { "/engine/canceled/staged", "staged", test_canceled },
  { "/engine/canceled/swapping", "swapping", test_canceled_late },
  { "/engine/canceled/settings", "settings", test_canceled_late },
  { "/engine/setting-changed", NULL, test_setting_changed },
  { "/engine/list-changed", NULL, test_list_changed },
  { "/engine/running/supported", "48.7", test_unsupported },
  { "/engine/running/unsupported", "49.0", test_unsupported },
  { "/engine/running/not", NULL, test_not_running },
  { "/engine/delete/at-work", NULL, test_delete_at_work },
  { "/engine/delete/needed-as-target", "target", test_delete_needed },
  { "/engine/delete/needed-as-safety", NULL, test_delete_needed },
  { "/engine/delete/restored", NULL, test_restore_deleted },
  { "/engine/snapshot-lost", NULL, test_snapshot_lost },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, cases[i].data, set_up, cases[i].func, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (lates); i++) {
    g_autofree char *path = g_strconcat ("/engine/late/", lates[i].name, NULL);

    g_test_add_data_func (path, &lates[i], test_late);
  }

  return g_test_run ();
}
