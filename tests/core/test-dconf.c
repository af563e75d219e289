/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-bus.h"
#include "plug-rb-dconf.h"
#include "plug-rb-error.h"
#include "plug-rb-membership.h"

/* Runs in tests/tools/scratch-session.sh: on the real dconf-service, checked with the dconf
 * program. */

#define FOLDER "/org/example/test/"
#define LIST FOLDER "list"

static char *
run (const char *const *argv)
{
  g_autoptr(GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);

  return g_strchomp (output);
}

static void
reset_all (void)
{
  g_autofree char *output = run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
}

static void
set (const char *key, const char *value)
{
  g_autofree char *output = value ? run ((const char *[]) { "dconf", "write", key, value, NULL })
                                  : run ((const char *[]) { "dconf", "reset", key, NULL });
}

static void
assert_set (const char *key, const char *value)
{
  g_autofree char *output = run ((const char *[]) { "dconf", "read", key, NULL });

  g_assert_cmpstr (output, ==, value);
}

static GVariant *
parse (const char *text)
{
  return text ? g_variant_parse (NULL, text, NULL, NULL, NULL) : NULL;
}

static GPtrArray *
edits_new (void)
{
  return plug_rb_settings_edits_new ();
}

static void
add_edit (GPtrArray *edits, const char *key, const char *before, const char *target)
{
  g_autoptr(GVariant) seen = parse (before);
  g_autoptr(GVariant) wanted = parse (target);

  g_ptr_array_add (edits, plug_rb_settings_edit_new (key, seen, wanted));
}

/* Applies the edits and gives the keys that were left alone, in one line. */
static char *
apply (GPtrArray *edits)
{
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  g_autoptr(GError) error = NULL;

  plug_rb_dconf_apply (edits, conflicts, &error);
  g_assert_no_error (error);

  return g_strjoinv (" ", (char **) conflicts->pdata);
}

/* ---- reading */

static void
test_read (void)
{
  g_autoptr(GVariant) value = NULL;

  reset_all ();
  g_assert_null (plug_rb_dconf_read (FOLDER "a"));
  g_assert_null (plug_rb_dconf_read_default (FOLDER "a"));
  g_assert_null (plug_rb_dconf_read ("no-key"));
  g_assert_null (plug_rb_dconf_read (FOLDER));

  set (FOLDER "a", "uint32 5");
  value = plug_rb_dconf_read (FOLDER "a");
  g_assert_true (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32));
  g_assert_cmpuint (g_variant_get_uint32 (value), ==, 5);
  g_assert_null (plug_rb_dconf_read_default (FOLDER "a"));
}

static void
test_read_folder (void)
{
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  g_auto(GStrv) keys = NULL;

  reset_all ();
  set (FOLDER "a", "1");
  set (FOLDER "deep/er/b", "'x'");
  set ("/org/example/other/c", "true");
  set ("/org/example/testimony", "true");

  plug_rb_dconf_read_folder (values, FOLDER);
  plug_rb_dconf_read_folder (values, FOLDER);
  plug_rb_dconf_read_folder (values, "/org/example/other/c");
  plug_rb_dconf_read_folder (values, "/org/nothing/");
  plug_rb_dconf_read_folder (values, "relative/");

  keys = plug_rb_values_dup_keys (values);
  g_assert_cmpstrv (
      keys, ((const char *[]) { "/org/example/other/c", FOLDER "a", FOLDER "deep/er/b", NULL }));
  g_assert_cmpstrv (plug_rb_values_get_folders (values),
                    ((const char *[]) { "/org/example/other/c", FOLDER, "/org/nothing/", NULL }));
}

/* To libdconf a database that cannot be opened is an empty one. */
static void
test_unreadable (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "dconf", "user", NULL);
  g_autoptr(PlugRbMembership) before = NULL;
  g_autoptr(PlugRbMembership) target = plug_rb_membership_new ("l", LIST, "b", TRUE, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) apply_error = NULL;
  g_autofree char *left = NULL;

  reset_all ();
  g_assert_true (plug_rb_dconf_check_readable (&error));
  set (LIST, "['a']");
  g_assert_true (plug_rb_dconf_check_readable (&error));
  before = plug_rb_membership_read ("l", LIST, "b");

  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_false (plug_rb_dconf_check_readable (&error));
  g_assert_false (plug_rb_membership_apply (before, target, &apply_error));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);

  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  g_assert_nonnull (strstr (error->message, path));
  left = run ((const char *[]) { "dconf", "read", LIST, NULL });
  g_assert_cmpstr (left, ==, "['a']");
}

static void
test_read_keys (void)
{
  static const char *const names[] = { "a", "unset", "", "not/a/name", NULL };
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  g_auto(GStrv) keys = NULL;

  reset_all ();
  set (FOLDER "a", "1");
  set (FOLDER "b", "1");
  plug_rb_dconf_read_keys (values, FOLDER, names);
  plug_rb_dconf_read_keys (values, "/relative", names);

  keys = plug_rb_values_dup_keys (values);
  g_assert_cmpstrv (keys, ((const char *[]) { FOLDER "a", NULL }));
  g_assert_true (g_strv_contains (plug_rb_values_get_folders (values), FOLDER "unset"));
  g_assert_false (g_strv_contains (plug_rb_values_get_folders (values), FOLDER));
}

/* ---- writing */

static void
test_apply (void)
{
  g_autoptr(GPtrArray) edits = edits_new ();
  g_autofree char *conflicts = NULL;
  g_autofree char *again = NULL;

  reset_all ();
  set (FOLDER "changed", "true");
  set (FOLDER "gone", "1");
  set (FOLDER "other", "'mine'");
  add_edit (edits, FOLDER "changed", "true", "'never'");
  add_edit (edits, FOLDER "gone", "1", NULL);
  add_edit (edits, FOLDER "new", NULL, "@as []");
  add_edit (edits, FOLDER "same", NULL, NULL);

  conflicts = apply (edits);
  g_assert_cmpstr (conflicts, ==, "");
  assert_set (FOLDER "changed", "'never'");
  assert_set (FOLDER "gone", "");
  assert_set (FOLDER "new", "@as []");
  assert_set (FOLDER "other", "'mine'");

  again = apply (edits);
  g_assert_cmpstr (again, ==, "");
  assert_set (FOLDER "changed", "'never'");
}

static void
test_conflicts (void)
{
  g_autoptr(GPtrArray) edits = edits_new ();
  g_autofree char *conflicts = NULL;

  reset_all ();
  set (FOLDER "by-user", "3");
  set (FOLDER "by-type", "uint32 1");
  set (FOLDER "created", "'x'");
  set (FOLDER "done", "2");
  set (FOLDER "fine", "1");
  add_edit (edits, FOLDER "by-user", "1", "2");
  add_edit (edits, FOLDER "by-type", "1", "2");
  add_edit (edits, FOLDER "created", NULL, "2");
  add_edit (edits, FOLDER "removed", "1", "2");
  add_edit (edits, FOLDER "done", "1", "2");
  add_edit (edits, FOLDER "fine", "1", "2");

  conflicts = apply (edits);
  g_assert_cmpstr (conflicts, ==,
                   FOLDER "by-user " FOLDER "by-type " FOLDER "created " FOLDER "removed");
  assert_set (FOLDER "by-user", "3");
  assert_set (FOLDER "by-type", "uint32 1");
  assert_set (FOLDER "created", "'x'");
  assert_set (FOLDER "removed", "");
  assert_set (FOLDER "done", "2");
  assert_set (FOLDER "fine", "2");
}

static void
test_refuses_key (void)
{
  static const char *const keys[] = { "", "/", "key", FOLDER, "/org//key" };

  reset_all ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr(GPtrArray) edits = edits_new ();
    g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
    g_autoptr(GError) error = NULL;

    add_edit (edits, FOLDER "good", NULL, "1");
    add_edit (edits, keys[i], NULL, "1");
    g_assert_false (plug_rb_dconf_apply (edits, conflicts, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
    assert_set (FOLDER "good", "");
  }
}

static void
test_read_only (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "dconf", NULL);
  g_autoptr(GPtrArray) edits = edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root may write everywhere");
    return;
  }

  reset_all ();
  set (FOLDER "a", "1");
  add_edit (edits, FOLDER "a", "1", "2");
  g_assert_cmpint (g_chmod (folder, 0500), ==, 0);
  g_assert_false (plug_rb_dconf_apply (edits, conflicts, &error));
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
  assert_set (FOLDER "a", "1");
}

static gpointer
apply_in_thread (gpointer data)
{
  g_autofree char *key = g_strdup_printf (FOLDER "thread-%d", GPOINTER_TO_INT (data));

  for (int i = 0; i < 5; i++) {
    g_autoptr(GPtrArray) edits = edits_new ();
    g_autofree char *conflicts = NULL;
    GVariant *before = i > 0 ? g_variant_new_int32 (i - 1) : NULL;

    g_ptr_array_add (edits, plug_rb_settings_edit_new (key, before, g_variant_new_int32 (i)));
    conflicts = apply (edits);
    g_assert_cmpstr (conflicts, ==, "");
  }

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  reset_all ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, apply_in_thread, GINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  assert_set (FOLDER "thread-0", "4");
  assert_set (FOLDER "thread-3", "4");
}

/* ---- lists */

typedef struct {
  const char *name;
  const char *list;
  gboolean present;
  int position;
  gboolean unset;
  const char *result;
} ListCase;

static const ListCase list_cases[] = {
  { "append", "['a', 'b']", TRUE, -1, FALSE, "['a', 'b', 'x']" },
  { "insert", "['a', 'b']", TRUE, 1, FALSE, "['a', 'x', 'b']" },
  { "insert-first", "['a', 'b']", TRUE, 0, FALSE, "['x', 'a', 'b']" },
  { "clamp", "['a']", TRUE, 9, FALSE, "['a', 'x']" },
  { "into-unset", NULL, TRUE, 0, FALSE, "['x']" },
  { "already", "['a', 'x']", TRUE, 0, FALSE, "['a', 'x']" },
  { "remove", "['a', 'x', 'b']", FALSE, -1, FALSE, "['a', 'b']" },
  { "remove-double", "['x', 'a', 'x']", FALSE, -1, FALSE, "['a']" },
  { "remove-last", "['x']", FALSE, -1, FALSE, "@as []" },
  { "reset", "['x']", FALSE, -1, TRUE, "" },
  { "no-reset", "['x', 'a']", FALSE, -1, TRUE, "['a']" },
  { "absent", "['a']", FALSE, -1, TRUE, "['a']" },
  { "absent-unset", NULL, FALSE, -1, FALSE, "" },
};

static void
test_list (gconstpointer data)
{
  const ListCase *it = data;
  g_autoptr(PlugRbMembership) before = NULL;
  g_autoptr(PlugRbMembership) target =
      plug_rb_membership_new ("enabled", LIST, "x", it->present, it->position);
  g_autoptr(GError) error = NULL;

  reset_all ();
  set (LIST, it->list);
  before = plug_rb_membership_read ("enabled", LIST, "x");
  g_assert_cmpint (before->unset, ==, it->list == NULL);
  target->unset = it->unset;

  plug_rb_membership_apply (before, target, &error);
  g_assert_no_error (error);
  assert_set (LIST, it->result);

  plug_rb_membership_apply (before, target, &error);
  g_assert_no_error (error);
  assert_set (LIST, it->result);
}

static void
test_list_read (void)
{
  g_autoptr(PlugRbMembership) there = NULL;
  g_autoptr(PlugRbMembership) not_there = NULL;

  reset_all ();
  set (LIST, "['a', 'x']");
  there = plug_rb_membership_read ("enabled", LIST, "x");
  not_there = plug_rb_membership_read ("enabled", LIST, "y");
  g_assert_true (there->present);
  g_assert_cmpint (there->position, ==, 1);
  g_assert_false (there->unset);
  g_assert_false (not_there->present);
  g_assert_cmpint (not_there->position, ==, -1);
}

static void
test_list_refuses (void)
{
  g_autoptr(PlugRbMembership) before = NULL;
  g_autoptr(PlugRbMembership) target = plug_rb_membership_new ("enabled", LIST, "x", TRUE, 0);
  g_autoptr(PlugRbMembership) other = plug_rb_membership_new ("enabled", FOLDER "b", "x", TRUE, 0);
  g_autoptr(GError) error = NULL;

  reset_all ();
  set (LIST, "'text'");
  before = plug_rb_membership_read ("enabled", LIST, "x");
  g_assert_false (before->present);
  g_assert_false (plug_rb_membership_apply (before, target, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
  assert_set (LIST, "'text'");
  g_clear_error (&error);

  g_assert_false (plug_rb_membership_apply (before, other, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
}

/* ---- without a session bus: in a process of its own, because libdconf keeps its connection */

static char **
environ_without_bus (const char *path)
{
  g_autofree char *runtime = g_build_filename (g_get_user_cache_dir (), "run-XXXXXX", NULL);
  char **env = g_environ_unsetenv (g_get_environ (), "DBUS_SESSION_BUS_ADDRESS");

  g_assert_nonnull (g_mkdtemp (runtime));
  env = g_environ_setenv (env, "XDG_RUNTIME_DIR", runtime, TRUE);
  return path ? g_environ_setenv (env, "PATH", path, TRUE) : env;
}

static void
run_without_bus (const char *test, const char *path)
{
  g_auto(GStrv) env = environ_without_bus (path);

  g_test_trap_subprocess_with_envp (test, (const char *const *) env, 0,
                                    G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_no_bus_needed (void)
{
  g_autoptr(GPtrArray) edits = edits_new ();
  g_autofree char *conflicts = NULL;

  if (!g_test_subprocess ()) {
    reset_all ();
    set (FOLDER "a", "1");
    run_without_bus (NULL, "/nonexistent");
    return;
  }

  add_edit (edits, FOLDER "a", "0", "1");
  add_edit (edits, FOLDER "b", "0", NULL);
  add_edit (edits, FOLDER "a", "5", "6");
  conflicts = apply (edits);
  g_assert_cmpstr (conflicts, ==, FOLDER "a");
  g_assert_false (plug_rb_bus_is_there ());
  g_assert_false (plug_rb_bus_has_owner ("org.gnome.Shell"));
  g_assert_null (plug_rb_bus_call ("org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell", "X",
                                   g_variant_new ("()"), 500, NULL));
}

static void
assert_bus_is_gone (const char *address)
{
  for (guint i = 0; i < 50; i++) {
    g_autoptr(GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, NULL);

    if (connection == NULL)
      return;
    g_usleep (100 * 1000);
  }

  g_error ("The private bus has outlived its process");
}

static void
test_private_bus (void)
{
  g_autofree char *note = g_build_filename (g_get_user_config_dir (), "address", NULL);
  g_autofree char *address = NULL;
  g_autoptr(GPtrArray) edits = edits_new ();
  g_autofree char *conflicts = NULL;
  g_autoptr(GError) error = NULL;

  if (g_test_subprocess ()) {
    plug_rb_dconf_can_write (&error);
    g_assert_no_error (error);
    add_edit (edits, FOLDER "a", "1", "2");
    conflicts = apply (edits);
    g_assert_cmpstr (conflicts, ==, "");
    g_file_set_contents (note, g_getenv ("DBUS_SESSION_BUS_ADDRESS"), -1, NULL);
    return;
  }

  reset_all ();
  set (FOLDER "a", "1");
  run_without_bus (NULL, NULL);
  g_file_get_contents (note, &address, NULL, &error);
  g_assert_no_error (error);
  assert_bus_is_gone (address);
}

static void
test_no_bus_at_all (void)
{
  g_autoptr(GError) error = NULL;

  if (!g_test_subprocess ()) {
    run_without_bus (NULL, "/nonexistent");
    return;
  }

  g_assert_false (plug_rb_dconf_can_write (&error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "--only files"));
}

static void
test_dead_bus (void)
{
  g_autoptr(GError) error = NULL;

  if (g_test_subprocess ()) {
    plug_rb_dconf_can_write (&error);
    g_assert_no_error (error);
    return;
  }

  {
    g_auto(GStrv) env = environ_without_bus (NULL);

    env = g_environ_setenv (env, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
    g_test_trap_subprocess_with_envp (NULL, (const char *const *) env, 0,
                                      G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dconf/read", test_read);
  g_test_add_func ("/dconf/read/folder", test_read_folder);
  g_test_add_func ("/dconf/read/unreadable", test_unreadable);
  g_test_add_func ("/dconf/read/keys", test_read_keys);
  g_test_add_func ("/dconf/apply", test_apply);
  g_test_add_func ("/dconf/apply/conflicts", test_conflicts);
  g_test_add_func ("/dconf/apply/refuses-key", test_refuses_key);
  g_test_add_func ("/dconf/apply/read-only", test_read_only);
  g_test_add_func ("/dconf/apply/threads", test_threads);
  g_test_add_func ("/dconf/list/read", test_list_read);
  g_test_add_func ("/dconf/list/refuses", test_list_refuses);
  g_test_add_func ("/dconf/bus/not-needed", test_no_bus_needed);
  g_test_add_func ("/dconf/bus/private", test_private_bus);
  g_test_add_func ("/dconf/bus/none-at-all", test_no_bus_at_all);
  g_test_add_func ("/dconf/bus/dead", test_dead_bus);

  for (guint i = 0; i < G_N_ELEMENTS (list_cases); i++) {
    g_autofree char *path = g_strconcat ("/dconf/list/", list_cases[i].name, NULL);

    g_test_add_data_func (path, &list_cases[i], test_list);
  }

  return g_test_run ();
}
