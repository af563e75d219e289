/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-lock.h"

typedef PlugRbLock *(*LockFunc) (const char *folder,
                                 const char *subject,
                                 GCancellable *cancellable,
                                 GError **error);

typedef struct {
  char *folder;
  LockFunc lock;
  GCancellable *cancellable;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp (NULL, NULL);
  fixture->lock = data ? plug_rb_lock_new_for_folder : plug_rb_lock_new;
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  g_free (fixture->folder);
}

static PlugRbLock *
take (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PlugRbLock *lock = fixture->lock (fixture->folder, "a@b", NULL, &error);

  g_assert_no_error (error);
  return lock;
}

static gpointer
take_in_thread (gpointer data)
{
  Fixture *fixture = data;

  return fixture->lock (fixture->folder, "a@b", fixture->cancellable, &fixture->error);
}

static void
test_free (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    g_autoptr(PlugRbLock) lock = NULL;

    g_assert_true (plug_rb_lock_is_free (fixture->folder));
    lock = take (fixture);
    g_assert_cmpint (plug_rb_lock_is_free (fixture->folder), ==, data != NULL);
  }

  g_assert_true (plug_rb_lock_is_free (fixture->folder));
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) lock = take (fixture);
  g_autofree char *holder = g_strdup_printf ("%s (process %d)", g_get_prgname (), (int) getpid ());
  gint64 begun = g_get_monotonic_time (), waited;
  GThread *thread = g_thread_new ("second", take_in_thread, fixture);

  g_assert_null (g_thread_join (thread));
  waited = g_get_monotonic_time () - begun;
  g_assert_error (fixture->error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  g_assert_nonnull (strstr (fixture->error->message, "a@b"));
  if (data == NULL)
    g_assert_nonnull (strstr (fixture->error->message, holder));
  g_assert_cmpint (waited, >=, 3 * G_USEC_PER_SEC - G_USEC_PER_SEC / 10);
}

static void
test_waits (Fixture *fixture, gconstpointer data)
{
  PlugRbLock *lock = take (fixture);
  GThread *thread = g_thread_new ("second", take_in_thread, fixture);
  PlugRbLock *second;

  g_usleep (G_USEC_PER_SEC / 2);
  plug_rb_lock_free (lock);
  second = g_thread_join (thread);
  g_assert_no_error (fixture->error);
  g_assert_nonnull (second);
  plug_rb_lock_free (second);
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) lock = take (fixture);
  gint64 begun = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("second", take_in_thread, fixture);

  g_usleep (G_USEC_PER_SEC / 5);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (g_thread_join (thread));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 2 * G_USEC_PER_SEC);
}

/* A process that holds the lock until it is killed. */
static GPid
start_holder (Fixture *fixture)
{
  const char *argv[] = { "/proc/self/exe", "--hold", fixture->folder,
                         fixture->lock == plug_rb_lock_new ? "file" : "folder", NULL };
  g_autofd int output = -1;
  g_autoptr(GError) error = NULL;
  char byte;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (output, &byte, 1), ==, 1);

  return pid;
}

static int
hold (char *argv[])
{
  LockFunc func = g_str_equal (argv[3], "file") ? plug_rb_lock_new : plug_rb_lock_new_for_folder;
  PlugRbLock *lock = func (argv[2], "a@b", NULL, NULL);

  if (lock == NULL || write (STDOUT_FILENO, "x", 1) != 1)
    return EXIT_FAILURE;

  pause ();
  return EXIT_FAILURE;
}

static void
test_dead (Fixture *fixture, gconstpointer data)
{
  GPid pid = start_holder (fixture);
  g_autofree char *holder = g_strdup_printf ("(process %d)", (int) pid);
  g_autoptr(PlugRbLock) lock = NULL;

  g_assert_null (take_in_thread (fixture));
  g_assert_error (fixture->error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  if (data == NULL)
    g_assert_nonnull (strstr (fixture->error->message, holder));

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  lock = take (fixture);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (fixture->lock (missing, "a@b", NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_assert_true (plug_rb_lock_is_free (missing));
}

/* The lock file of a store that somebody prepared must not make us open something else. */
static void
test_linked_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ".lock", NULL);
  g_autofree char *precious = g_build_filename (fixture->folder, "precious", NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (precious, "precious", -1, NULL));
  g_assert_cmpint (symlink ("precious", path), ==, 0);
  g_assert_null (plug_rb_lock_new (fixture->folder, "a@b", NULL, NULL));
  g_assert_true (g_file_get_contents (precious, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");
}

/* ---- shared */

static PlugRbLock *
share (Fixture *fixture, GError **error)
{
  return plug_rb_lock_new_shared (fixture->folder, "a@b", NULL, error);
}

static void
test_shared_by_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) one = share (fixture, NULL);
  g_autoptr(PlugRbLock) two = share (fixture, NULL);

  g_assert_true (one != NULL && two != NULL);
  g_assert_false (plug_rb_lock_is_free (fixture->folder));
}

static void
test_shared_excludes (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) one = share (fixture, NULL);
  g_autoptr(PlugRbLock) two = share (fixture, NULL);
  g_autoptr(PlugRbLock) alone = NULL;

  g_clear_pointer (&one, plug_rb_lock_free);
  g_assert_null (take_in_thread (fixture));
  g_assert_error (fixture->error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
  g_clear_pointer (&two, plug_rb_lock_free);
  alone = take (fixture);
}

static void
test_shared_excluded (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLock) alone = take (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_null (share (fixture, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY);
}

/* ---- a file that is not there any more */

static void
test_deleted_while_waited_for (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ".lock", NULL);
  PlugRbLock *lock = take (fixture);
  GThread *thread = g_thread_new ("second", take_in_thread, fixture);
  g_autoptr(PlugRbLock) second = NULL;

  g_usleep (G_USEC_PER_SEC / 5);
  g_assert_cmpint (g_unlink (path), ==, 0);
  plug_rb_lock_free (lock);
  second = g_thread_join (thread);
  g_assert_no_error (fixture->error);
  g_assert_false (plug_rb_lock_is_free (fixture->folder));
}

typedef struct {
  const char *name;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case file_cases[] = {
  { "linked", test_linked_file },
  { "shared-by-many", test_shared_by_many },
  { "shared-excludes", test_shared_excludes },
  { "shared-excluded", test_shared_excluded },
  { "deleted-while-waited-for", test_deleted_while_waited_for },
};

static const Case cases[] = {
  { "free", test_free },         { "busy", test_busy }, { "waits", test_waits },
  { "canceled", test_canceled }, { "dead", test_dead }, { "no-folder", test_no_folder },
};

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--hold"))
    return hold (argv);

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *file = g_strconcat ("/lock/file/", cases[i].name, NULL);
    g_autofree char *folder = g_strconcat ("/lock/folder/", cases[i].name, NULL);

    g_test_add (file, Fixture, NULL, set_up, cases[i].func, tear_down);
    g_test_add (folder, Fixture, "folder", set_up, cases[i].func, tear_down);
  }
  for (guint i = 0; i < G_N_ELEMENTS (file_cases); i++) {
    g_autofree char *path = g_strconcat ("/lock/file/", file_cases[i].name, NULL);

    g_test_add (path, Fixture, NULL, set_up, file_cases[i].func, tear_down);
  }

  return g_test_run ();
}
