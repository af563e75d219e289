/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <sys/resource.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-store.h"

/* Values of one plugin in databases of others, made and looked at with the sqlite3 program. */

#define P(...)                                                                                     \
  (const char *const[]) { __VA_ARGS__, NULL }
#define ROW "Table", "t", "KeyColumn", "k", "Key", "me", "Host", "Editor"
#define TWO_ROWS "CREATE TABLE t (k TEXT UNIQUE, v, w, x); "

static char *folder;

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static char *
sql (const char *name, const char *statements)
{
  g_autofree char *path = path_of (name);
  const char *const argv[] = { "sqlite3", path, statements, NULL };
  g_autoptr(GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return output;
}

static void
make (const char *name, const char *statements)
{
  g_autofree char *path = path_of (name);
  g_autofree char *output = NULL;

  g_unlink (path);
  output = sql (name, statements);
}

static void
assert_sql (const char *name, const char *statements, const char *wanted)
{
  g_autofree char *output = sql (name, statements);

  g_assert_cmpstr (output, ==, wanted);
}

static void
clear (void)
{
  g_autoptr(GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *path = path_of (name);

    g_unlink (path);
  }
}

static PlugRbSettingsStore *
open_store (const char *backend, const char *file, const char *const *parameters)
{
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();
  g_autofree char *path = path_of (file);
  g_auto(GStrv) strv = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbSettingsStore *store;

  g_strv_builder_addv (all, (const char **) parameters);
  g_strv_builder_add_many (all, "File", path, NULL);
  strv = g_strv_builder_end (all);
  store = plug_rb_settings_store_new ("s", backend, (const char *const *) strv, &error);
  g_assert_no_error (error);

  return store;
}

static PlugRbSettingsStore *
open_row (void)
{
  return open_store ("sqlite-row", "db", P (ROW, "ValueColumns", "v;w"));
}

static GVariant *
read_value (PlugRbSettingsStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbValues) values = plug_rb_settings_store_read (store, &error);
  GVariant *value;

  g_assert_no_error (error);
  value = plug_rb_values_get (values, "/me");

  return value ? g_variant_ref (value) : NULL;
}

static gboolean
apply (PlugRbSettingsStore *store, GVariant *before, GVariant *target, guint *left, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
  gboolean done;

  g_ptr_array_add (edits, plug_rb_settings_edit_new ("/me", before, target));
  done = plug_rb_settings_store_apply (store, edits, conflicts, error);
  *left = conflicts->len;

  return done;
}

static void
go (PlugRbSettingsStore *store, GVariant *before, GVariant *target)
{
  g_autoptr(GError) error = NULL;
  guint left;

  g_assert_true (apply (store, before, target, &left, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (left, ==, 0);
}

/* ---- rows */

static void
test_types (void)
{
  static const char *const values[] = {
    "7",
    "0.1",
    "'text'",
    "x'00ff'",
    "NULL",
    "''",
    "x''",
    "cast (x'ff41' AS TEXT)",
    "'a' || char (0) || 'b'",
  };
  static const char query[] = "SELECT typeof (v), hex (v) FROM t WHERE k = 'me'";

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *old = g_strdup_printf (TWO_ROWS "INSERT INTO t VALUES ('me', %s, 1, 'mine'), "
                                                     "('you', 1, 2, 3)",
                                            values[i]);
    g_autoptr(PlugRbSettingsStore) store = open_row ();
    g_autofree char *dump = NULL;
    g_autofree char *exact = NULL;
    g_autofree char *updated = NULL;
    g_autoptr(GVariant) before = NULL;
    g_autoptr(GVariant) now = NULL;

    make ("db", old);
    dump = sql ("db", ".dump");
    exact = sql ("db", query);
    before = read_value (store);
    updated = sql ("db", "UPDATE t SET v = 'new', w = NULL WHERE k = 'me'; SELECT * FROM t");
    now = read_value (store);
    go (store, now, before);
    go (store, now, before);
    assert_sql ("db", ".dump", dump);
    assert_sql ("db", query, exact);
    go (store, before, now);
    assert_sql ("db", "SELECT * FROM t", updated);
  }
}

static void
test_come_and_go (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GVariant) there = NULL;

  make ("db", TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, NULL), ('you', 1, 2, 3)");
  there = read_value (store);
  go (store, there, NULL);
  assert_sql ("db", "SELECT * FROM t", "you|1|2|3\n");
  g_assert_null (read_value (store));
  go (store, NULL, there);
  assert_sql ("db", "SELECT * FROM t ORDER BY k", "me|1|2|\nyou|1|2|3\n");
}

static void
test_conflict (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GVariant) old = NULL;
  g_autoptr(GVariant) now = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  guint left;

  make ("db", TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, 3)");
  old = read_value (store);
  output = sql ("db", "UPDATE t SET v = 2");
  now = read_value (store);
  g_free (g_steal_pointer (&output));
  output = sql ("db", "UPDATE t SET v = 3");
  g_assert_true (apply (store, now, old, &left, &error));
  g_assert_cmpuint (left, ==, 1);
  assert_sql ("db", "SELECT v FROM t", "3\n");
}

/* What the host has not moved from its log yet counts. */
static void
test_log (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GVariant) old = NULL;
  g_autoptr(GVariant) now = NULL;

  make ("db", "PRAGMA journal_mode = WAL; " TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, 3)");
  old = read_value (store);
  make ("db", "PRAGMA journal_mode = WAL; " TWO_ROWS "INSERT INTO t VALUES ('me', 5, 2, 3)");
  now = read_value (store);
  go (store, now, old);
  assert_sql ("db", "SELECT v FROM t; PRAGMA journal_mode", "1\nwal\n");
}

static void
test_newest (void)
{
  g_autoptr(PlugRbSettingsStore) store =
      open_store ("sqlite-row", "Addons*.db", P (ROW, "ValueColumns", "v"));
  g_autoptr(GVariant) value = NULL;
  g_autofree char *text = NULL;

  make ("Addons9.db", TWO_ROWS "INSERT INTO t VALUES ('me', 9, 2, 3)");
  make ("Addons33.db", TWO_ROWS "INSERT INTO t VALUES ('me', 33, 2, 3)");
  value = read_value (store);
  text = g_variant_print (value, FALSE);
  g_assert_cmpstr (text, ==, "{'v': <int64 33>}");
  go (store, value, NULL);
  assert_sql ("Addons9.db", "SELECT v FROM t", "9\n");
  assert_sql ("Addons33.db", "SELECT v FROM t", "");
}

/* ---- lists in rows */

static void
test_list (void)
{
  g_autofree char *companion = path_of ("copy");
  g_autoptr(PlugRbSettingsStore) store = open_store (
      "sqlite-json-list", "db",
      P (ROW, "ValueColumn", "v", "Entry", "me", "Match", "/id", "Companion", companion));
  g_autoptr(GVariant) there = NULL;

  make (
      "db", TWO_ROWS
      "INSERT INTO t VALUES ('me', x'5b7b226964223a22796f75227d2c7b226964223a226d65227d5d', 2, 3)");
  make ("copy", TWO_ROWS "INSERT INTO t VALUES ('me', '[{\"id\":\"me\"}]', 2, 3)");
  there = read_value (store);
  go (store, there, NULL);
  assert_sql ("db", "SELECT typeof (v), cast (v AS TEXT), w FROM t", "blob|[{\"id\":\"you\"}]|2\n");
  assert_sql ("copy", "SELECT typeof (v), v, w FROM t", "text|[]|2\n");
  go (store, NULL, there);
  assert_sql ("db", "SELECT typeof (v), cast (v AS TEXT) FROM t",
              "blob|[{\"id\":\"you\"},{\"id\":\"me\"}]\n");
}

/* ---- what does not work */

static void
assert_refused (PlugRbSettingsStore *store, GVariant *before, GVariant *target, int code)
{
  g_autofree char *path = path_of ("db");
  g_autoptr(GError) error = NULL;
  guint left;

  g_assert_false (apply (store, before, target, &left, &error));
  g_assert_error (error, PLUG_RB_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
}

/* Another process writes. It says when it has begun, and ends when its input does. */
static void
test_locked (void)
{
  g_autofree char *path = path_of ("db");
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GSubprocess) host = NULL;
  g_autoptr(GVariant) there = NULL;
  g_autoptr(GError) error = NULL;
  char ready[2];

  make ("db", TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, 3)");
  there = read_value (store);
  host = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                           "sqlite3", path, NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (host), "BEGIN IMMEDIATE;\nSELECT 1;\n",
                             27, NULL, NULL, &error);
  g_output_stream_flush (g_subprocess_get_stdin_pipe (host), NULL, &error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (host), ready, 2, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_false (plug_rb_settings_store_can_write (store, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_assert_nonnull (strstr (error->message, "Editor"));
  assert_refused (store, there, NULL, PLUG_RB_ERROR_NEEDS_USER);

  g_output_stream_close (g_subprocess_get_stdin_pipe (host), NULL, NULL);
  g_assert_true (g_subprocess_wait (host, NULL, NULL));
  assert_sql ("db", "SELECT k FROM t", "me\n");
}

/* The row can be read, but a table that it does not stand in is damaged: nothing may be written
 * into such a file, also where nobody asked beforehand. */
static void
test_damaged_elsewhere (void)
{
  g_autofree char *path = path_of ("db");
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GVariant) there = NULL;
  g_autofree char *content = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  make ("db", "PRAGMA page_size = 1024; " TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, 3); "
              "CREATE TABLE other (a); INSERT INTO other VALUES (hex (randomblob (200)))");
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  memset (content + length - 1024, 0xff, 512);
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
  there = read_value (store);
  g_assert_nonnull (there);
  assert_refused (store, there, NULL, PLUG_RB_ERROR_CORRUPT);
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (content, length, after, length_after);
}

static void
test_no_database (void)
{
  g_autofree char *path = path_of ("db");
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(GError) error = NULL;
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (path,
                                      "this is only text, and long enough to be read "
                                      "as the head of a database that has a hundred bytes",
                                      -1, NULL));
  g_assert_null (plug_rb_settings_store_read (store, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_missing (void)
{
  g_autofree char *path = path_of ("db");
  g_autoptr(PlugRbSettingsStore) store = open_row ();

  g_assert_null (read_value (store));
  assert_refused (store, NULL, g_variant_new_parsed ("{'v': <1>, 'w': <2>}"),
                  PLUG_RB_ERROR_SETTINGS);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_wrong_type (void)
{
  static const char *const values[] = { "true", "'text'", "{'v': <int64 1>}",
                                        "{'v': <true>, 'w': <int64 1>}" };
  g_autoptr(PlugRbSettingsStore) store = open_row ();

  make ("db", TWO_ROWS "INSERT INTO t VALUES ('you', 1, 2, 3)");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr(GError) error = NULL;
    guint left;

    g_assert_false (apply (store, NULL, g_variant_new_parsed (values[i]), &left, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
    assert_sql ("db", "SELECT k FROM t", "you\n");
  }
}

/* What cannot be opened is not what is not there. */
static void
test_no_descriptors (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_row ();
  g_autoptr(PlugRbValues) values = NULL;
  g_autofree char *path = path_of ("db");
  g_autoptr(GError) error = NULL;
  struct rlimit old, none;

  make ("db", TWO_ROWS "INSERT INTO t VALUES ('me', 1, 2, 3)");
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  none = old;
  none.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  values = plug_rb_settings_store_read (store, &error);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &old), ==, 0);
  g_assert_null (values);
  g_assert_nonnull (strstr (error->message, path));
}

static void
with_folder (gconstpointer data)
{
  const GTestFunc *func = data;

  clear ();
  (*func) ();
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    GTestFunc func;
  } tests[] = {
    { "types", test_types },
    { "come-and-go", test_come_and_go },
    { "conflict", test_conflict },
    { "log", test_log },
    { "newest", test_newest },
    { "list", test_list },
    { "locked", test_locked },
    { "damaged-elsewhere", test_damaged_elsewhere },
    { "no-database", test_no_database },
    { "missing", test_missing },
    { "wrong-type", test_wrong_type },
    { "no-descriptors", test_no_descriptors },
  };
  g_autoptr(GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("plugrb-databases-XXXXXX", &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/settings-databases/", tests[i].path, NULL);

    g_test_add_data_func (path, &tests[i].func, with_folder);
  }

  result = g_test_run ();
  clear ();
  g_rmdir (folder);
  g_free (folder);

  return result;
}
