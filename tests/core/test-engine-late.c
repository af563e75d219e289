/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What other programs do while a rollback is on its way. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

static GCancellable *to_cancel;

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
  fixture_at (fixture, point, cancel_it);
  g_ptr_array_add (targets, fixture->target);
  plug_rb_engine_rollback (fixture->engine, targets, PLUG_RB_SCOPE_ALL, operation, to_cancel,
                           &error);
  recorded = fixture_last_operation (fixture);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, expected);
  g_assert_cmpint (plug_rb_operation_get_status (recorded), ==, expected);
  g_clear_object (&to_cancel);
  fixture_assert_nothing_left (fixture);

  return error;
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = roll_back_and_cancel (fixture, data, PLUG_RB_STATUS_CANCELED);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_picture (fixture->before);
}

/* Too late: live changes have begun, and they are finished. */
static void
test_canceled_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = roll_back_and_cancel (fixture, data, PLUG_RB_STATUS_COMPLETED);

  g_assert_no_error (error);
  fixture_assert_picture (fixture->wanted);
}

static void
set_speed (void)
{
  scratch_set (SETTINGS "speed", "99");
}

static void
test_setting_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autofree char *speed = NULL;
  g_autofree char *title = NULL;

  fixture_at (fixture, "settings", set_speed);
  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  g_assert_no_error (error);

  speed = scratch_output ((const char *[]) { "dconf", "read", SETTINGS "speed", NULL });
  title = scratch_output ((const char *[]) { "dconf", "read", SETTINGS "title", NULL });
  g_assert_cmpstr (speed, ==, "99\n");
  g_assert_cmpstr (title, ==, "");
  g_assert_true (fixture_has_text (plug_rb_operation_get_hints (operation), SETTINGS "speed"));
  g_assert_false (fixture_has_text (plug_rb_operation_get_hints (operation), SETTINGS "title"));
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

  fixture_at (fixture, "settings", set_list);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  list = scratch_output ((const char *[]) { "dconf", "read", ENABLED, NULL });
  g_assert_cmpstr (list, ==, "['new@x', '" ID "', 'z@y']\n");
}

static void
write_new (void)
{
  fixture_put (fixture_present, "late.js", "// written late");
}

static void
write_linked (void)
{
  fixture_put (fixture_present, "common.js", "// written late");
}

static void
write_other (void)
{
  fixture_put (fixture_present, "extension.js", "// written late");
}

static void
remove_one (void)
{
  g_autofree char *path = g_build_filename (fixture_present->plugin, "only-in-2.js", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
change_mode (void)
{
  g_autofree char *path = g_build_filename (fixture_present->plugin, "extension.js", NULL);

  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
}

static void
change_link (void)
{
  g_autofree char *path = g_build_filename (fixture_present->plugin, "link.js", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("elsewhere", path), ==, 0);
}

/* @repeats: whether doing it once more changes the plugin once more */
typedef struct {
  const char *name;
  const char *point;
  void (*func) (void);
  gboolean repeats;
} Late;

static const Late lates[] = {
  { "new-file", "swapping", write_new, TRUE },
  { "unchanged-file", "swapping", write_linked, TRUE },
  { "other-file", "swapping", write_other, TRUE },
  { "removed-file", "swapping", remove_one, FALSE },
  { "mode", "swapping", change_mode, FALSE },
  { "link", "swapping", change_link, FALSE },
  { "new-file-earlier", "staged", write_new, TRUE },
  { "unchanged-file-earlier", "staged", write_linked, TRUE },
};

static void (*write_late) (void);
static guint times_left;
static char *late_picture;

static void
write_and_look (void)
{
  if (times_left == 0)
    return;

  times_left--;
  write_late ();
  g_clear_pointer (&late_picture, g_free);
  late_picture = fixture_picture_live ();
}

static void
set_up_late (Fixture *fixture, const Late *late, guint times)
{
  fixture_set_up (fixture, NULL);
  write_late = late->func;
  times_left = times;
  fixture_at (fixture, late->point, write_and_look);
}

static void
tear_down_late (Fixture *fixture)
{
  g_clear_pointer (&late_picture, g_free);
  fixture_tear_down (fixture, NULL);
}

/* What is written while the trees are exchanged is saved, and then it is rolled back. */
static void
test_late_once (gconstpointer data)
{
  Fixture fixture = { 0 };
  g_autofree char *after = NULL;

  set_up_late (&fixture, data, 1);
  fixture_roll_back (&fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture.wanted);
  fixture_assert_nothing_left (&fixture);

  fixture_undo (&fixture);
  after = fixture_picture_live ();
  g_assert_cmpstr (after, ==, late_picture);
  tear_down_late (&fixture);
}

/* Whoever does not stop writing loses nothing: it is the rollback that fails. */
static void
test_late_again (gconstpointer data)
{
  Fixture fixture = { 0 };
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  set_up_late (&fixture, data, G_MAXUINT);
  error = fixture_fail (&fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING, "changing");
  g_assert_true (strstr (error->message, "late.js") || strstr (error->message, "common.js") ||
                 strstr (error->message, "extension.js"));
  after = fixture_picture_live ();
  g_assert_cmpstr (after, ==, late_picture);
  tear_down_late (&fixture);
}

/* ---- after the trees were compared */

static int open_fd;

static void
write_open (void)
{
  g_assert_cmpint (write (open_fd, "late", 4), ==, 4);
}

static const PlugRbException *
find_exception (PlugRbOperation *operation, const char *reason)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];

    for (guint j = 0; change->exceptions != NULL && j < change->exceptions->len; j++) {
      const PlugRbException *exception = change->exceptions->pdata[j];

      if (g_str_equal (exception->reason, reason))
        return exception;
    }
  }

  return NULL;
}

/* Through a descriptor that stays open, when nothing looks any more but the last comparison. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->plugin, "only-in-2.js", NULL);
  g_autofree char *kept = NULL;
  g_autofree char *content = NULL;
  g_autoptr(PlugRbOperation) recorded = NULL;
  const PlugRbException *exception;

  open_fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
  fixture_at (fixture, data, write_open);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  close (open_fd);

  recorded = fixture_last_operation (fixture);
  exception = find_exception (recorded, PLUG_RB_REASON_LATE_WRITES);
  if (exception == NULL)
    g_error ("Nothing was reported");
  g_assert_cmpstr (exception->item, ==, "only-in-2.js");
  g_assert_cmpstr (exception->outcome, ==, "kept");
  g_assert_true (fixture_has_text (plug_rb_operation_get_hints (recorded), exception->path));
  kept = g_build_filename (exception->path, "only-in-2.js", NULL);
  g_assert_true (g_file_get_contents (kept, &content, NULL, NULL));
  g_assert_true (g_str_has_suffix (content, "late"));
  g_assert_true (g_file_test (fixture->plugin, G_FILE_TEST_IS_DIR));
}

/* ---- another process */

static char *go_file;
static char *path_log;

/* From now on the process writes: into the plugin's folder by path, and through a descriptor. */
static void
let_it_write (void)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (go_file, "", 0, &error);
  g_assert_no_error (error);
  while (!g_file_test (path_log, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

static GPid
start_writer (Fixture *fixture)
{
  static const char script[] =
      "exec 3>>\"$1/open.log\"; until [ -e \"$2\" ]; do read -rt 0.01 <> <(:) || :; done; i=0; "
      "while echo $i >> \"$1/path.log\" && echo $i >&3; do i=$((i + 1)); read -rt 0.001 <> <(:) || "
      ":; "
      "done";
  const char *argv[] = { "bash", "-c", script, "writer", fixture->plugin, go_file, NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                 NULL, &pid, &error);
  g_assert_no_error (error);

  return pid;
}

/* The numbers in all files of that name below the folder of the shell's. */
static void
gather (GHashTable *numbers, const char *name)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *text = scratch_output (
      (const char *[]) { "find", shell, "-name", name, "-exec", "cat", "{}", "+", NULL });
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_hash_table_add (numbers, GUINT_TO_POINTER (atoi (lines[i]) + 1));
}

static void
assert_complete (GHashTable *numbers)
{
  g_assert_cmpuint (g_hash_table_size (numbers), >, 0);
  for (guint i = 1; i <= g_hash_table_size (numbers); i++)
    g_assert_true (g_hash_table_contains (numbers, GUINT_TO_POINTER (i)));
}

/* Every line that it wrote is somewhere afterwards: in the plugin, in what was kept, or in the
 * snapshot that an undo brings back. */
static void
test_process (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GHashTable) by_path = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) by_descriptor = g_hash_table_new (NULL, NULL);
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  GPid writer;

  go_file = g_build_filename (g_get_user_data_dir (), "go", NULL);
  path_log = g_build_filename (fixture->plugin, "path.log", NULL);
  writer = start_writer (fixture);
  fixture_at (fixture, "swapping", let_it_write);
  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  plug_rb_transaction_set_checkpoint (NULL);
  kill (writer, SIGKILL);
  waitpid (writer, NULL, 0);

  gather (by_path, "path.log");
  gather (by_descriptor, "open.log");
  if (error == NULL) {
    g_autoptr(PlugRbOperation) undo = plug_rb_operation_new (PLUG_RB_KIND_UNDO);

    /* It may have written into the restored plugin since. */
    plug_rb_engine_undo (fixture->engine, operation, TRUE, undo, NULL, &error);
    g_assert_no_error (error);
    gather (by_path, "path.log");
    gather (by_descriptor, "open.log");
  } else {
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING);
    g_assert_true (strstr (error->message, "path.log") || strstr (error->message, "open.log"));
  }
  assert_complete (by_path);
  assert_complete (by_descriptor);

  g_unlink (go_file);
  g_clear_pointer (&go_file, g_free);
  g_clear_pointer (&path_log, g_free);
}

/* ---- the service that writes settings dies */

static GPid
find_service (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "GetConnectionUnixProcessID", g_variant_new ("(s)", "ca.desrt.dconf"), NULL, 0, -1, NULL,
      NULL);
  guint32 pid = 0;

  g_assert_nonnull (reply);
  g_variant_get (reply, "(u)", &pid);

  return (GPid) pid;
}

static gpointer
kill_soon (gpointer pid)
{
  g_usleep (200 * 1000);
  kill (GPOINTER_TO_INT (pid), SIGKILL);
  return NULL;
}

static GThread *killer;

/* It gets the request, and dies before it answers. If it is not fast enough to be asked at all, the
 * next one is, which is as good: whether the settings came through or not, it is all or nothing. */
static void
kill_before_reply (void)
{
  GPid pid = find_service ();

  kill (pid, SIGSTOP);
  killer = g_thread_new ("killer", kill_soon, GINT_TO_POINTER (pid));
}

static void
kill_now (void)
{
  kill (find_service (), SIGKILL);
}

static void
test_service_dies (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;

  fixture_at (fixture, data ? data : "settings", data ? kill_now : kill_before_reply);
  operation = scratch_roll_back (fixture->engine, fixture->target, &error);
  g_clear_pointer (&killer, g_thread_join);
  fixture_assert_nothing_left (fixture);

  if (error != NULL) {
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
    fixture_assert_picture (fixture->before);
  } else {
    fixture_assert_picture (fixture->wanted);
  }
}

static const FixtureCase cases[] = {
  { "/engine/service-dies/before-reply", NULL, test_service_dies },
  { "/engine/service-dies/before", "settings", test_service_dies },
  { "/engine/service-dies/after", "settings-half", test_service_dies },
  { "/engine/kept/before-close", "before-close", test_kept },
  { "/engine/kept/done", "done", test_kept },
  { "/engine/process", NULL, test_process },
  { "/engine/canceled/journal-written", "journal-written", test_canceled },
  { "/engine/canceled/staged", "staged", test_canceled },
  { "/engine/canceled/swapping", "swapping", test_canceled_late },
  { "/engine/canceled/settings", "settings", test_canceled_late },
  { "/engine/setting-changed", NULL, test_setting_changed },
  { "/engine/list-changed", NULL, test_list_changed },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  for (guint i = 0; i < G_N_ELEMENTS (lates); i++) {
    g_autofree char *once = g_strconcat ("/engine/late/once/", lates[i].name, NULL);
    g_autofree char *again = g_strconcat ("/engine/late/again/", lates[i].name, NULL);

    g_test_add_data_func (once, &lates[i], test_late_once);
    if (lates[i].repeats)
      g_test_add_data_func (again, &lates[i], test_late_again);
  }

  return g_test_run ();
}
