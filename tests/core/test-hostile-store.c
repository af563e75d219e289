/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* A store that somebody made to do harm: everything in it is sealed as it should be, but its tables
 * and archives say things that ours never say. A rollback from it does what an honest one does or
 * nothing, and never touches anything beside the plugin. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"
#include "plug-rb-archive.h"
#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define LIMIT (16 * 1024 * 1024)

/* Version 1 is in the snapshot @target; version 2 is installed. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *target;
  char *store;
  char *wanted;
  char *before;
} Fixture;

/* Everything of this user that is not the plugin, the store, or a cache. */
static char *
list_rest (void)
{
  return scratch_output ((const char *[]) {
      "bash", "-c",
      "cd \"$HOME/..\" && find . -path '*/plugin-rollback' -prune -o -path '*/.cache' -prune -o "
      "-path '*/dconf' -prune -o -path ./run -prune -o -path '*/" ID "' -prune -o -print | sort",
      NULL });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = scratch_open ();
  fixture->store = g_strdup (plug_rb_engine_get_store_path (fixture->engine));
  scratch_install_sample (1);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "7");
  fixture->wanted = scratch_picture ();
  fixture->target = scratch_snapshot (fixture->engine, ID);
  scratch_install_sample (2);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "2");
  fixture->before = scratch_picture ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);

  scratch_run ((const char *[]) { "rm", "-rf", shell, fixture->store, NULL });
  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
  g_clear_object (&fixture->target);
  g_clear_object (&fixture->engine);
  g_free (fixture->store);
  g_free (fixture->wanted);
  g_free (fixture->before);
}

/* ---- crafting */

static GBytes *
read_file (const char *path)
{
  char *content;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}

static void
write_file (const char *path, GBytes *bytes)
{
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
}

static char *
find_metadata (Fixture *fixture)
{
  g_autofree char *found = scratch_output ((const char *[]) {
      "find", fixture->store, "-path", "*/snapshots/*", "-name", "snapshot.json", NULL });

  return g_strdup (g_strchomp (found));
}

typedef void (*EditFunc) (JsonObject *json, gconstpointer data);

/* What is derived from the archives and tables is gone, as in a store that was copied by hand. */
static void
forget_derived (Fixture *fixture)
{
  scratch_run ((const char *[]) {
      "bash", "-c",
      "find \"$1\" -name '*.index*' -delete; rm -rf \"$XDG_CACHE_HOME/plugin-rollback\"", "forget",
      fixture->store, NULL });
}

static void
edit_metadata (Fixture *fixture, EditFunc edit, gconstpointer data)
{
  g_autofree char *path = find_metadata (fixture);
  g_autoptr(GBytes) bytes = read_file (path);
  g_autoptr(JsonObject) json =
      plug_rb_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL);
  g_autofree char *text = NULL;

  edit (json, data);
  plug_rb_json_seal (json);
  text = plug_rb_json_to_string (json);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  forget_derived (fixture);

  g_clear_object (&fixture->target);
  g_clear_object (&fixture->engine);
  fixture->engine = scratch_open ();
}

static void
set_table (JsonObject *json, gconstpointer data)
{
  json_object_set_string_member (json, "table", data);
}

static void
set_archive_sum (JsonObject *json, gconstpointer data)
{
  JsonObject *archive = plug_rb_json_get_element (plug_rb_json_get_array (json, "archives"), 0);
  g_autofree char *sum = plug_rb_hash_bytes (g_bytes_get_data ((GBytes *) data, NULL),
                                             g_bytes_get_size ((GBytes *) data));

  json_object_set_string_member (archive, "sha256", sum);
  json_object_set_int_member (archive, "size", (gint64) g_bytes_get_size ((GBytes *) data));
}

static void
set_archive_file (JsonObject *json, gconstpointer data)
{
  json_object_set_string_member (
      plug_rb_json_get_element (plug_rb_json_get_array (json, "archives"), 0), "file", data);
}

static JsonObject *
read_table (Fixture *fixture)
{
  g_autofree char *name =
      g_strconcat (plug_rb_snapshot_get_table (fixture->target), ".json.zst", NULL);
  g_autofree char *path = g_build_filename (fixture->store, "tables", name, NULL);
  g_autoptr(GBytes) packed = read_file (path);
  g_autoptr(GBytes) bytes = plug_rb_archive_decompress (packed, LIMIT, NULL);

  return plug_rb_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                             NULL);
}

static void
put_table (Fixture *fixture, GBytes *bytes)
{
  g_autofree char *sum =
      plug_rb_hash_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *name = g_strconcat (sum, ".json.zst", NULL);
  g_autofree char *path = g_build_filename (fixture->store, "tables", name, NULL);
  g_autoptr(GBytes) packed = plug_rb_archive_compress (bytes, NULL);

  write_file (path, packed);
  edit_metadata (fixture, set_table, sum);
}

/* The archive of the snapshot as it would be unpacked, so that others can be put beside. */
static GByteArray *
read_archive (Fixture *fixture, char **path)
{
  g_autofree char *found = scratch_output ((const char *[]) {
      "find", fixture->store, "-path", "*/archives/*", "-name", "*.tar.zst", NULL });
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;
  GByteArray *bytes = g_byte_array_new ();
  gsize length;

  *path = g_strdup (g_strchomp (found));
  scratch_run (
      (const char *[]) { "bash", "-c", "zstd -qdc \"$1\" > \"$1.tar\"", "zstd", *path, NULL });
  found = (g_free (found), g_strconcat (*path, ".tar", NULL));
  g_file_get_contents (found, &content, &length, &error);
  g_assert_no_error (error);
  g_unlink (found);

  g_byte_array_append (bytes, (const guint8 *) content, (guint) length);
  return bytes;
}

static void
put_archive (Fixture *fixture, const char *path, GByteArray *tar)
{
  g_autoptr(GBytes) bytes = g_bytes_new (tar->data, tar->len);
  g_autoptr(GBytes) packed = hostile_frames (bytes);

  write_file (path, packed);
  edit_metadata (fixture, set_archive_sum, packed);
}

/* ---- trying */

static PlugRbSnapshot *
find_target (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (fixture->engine, KEY, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (snapshots->len, ==, 1);
  return g_object_ref (snapshots->pdata[0]);
}

/* Whether the rollback did its work; otherwise all is as it was. */
static gboolean
try_rollback (Fixture *fixture, GError **error)
{
  g_autofree char *rest = list_rest ();
  g_autofree char *rest_after = NULL;
  g_autofree char *picture = NULL;
  g_autofree char *evil = NULL;
  g_autoptr(GError) cause = NULL;
  g_autoptr(PlugRbSnapshot) target = find_target (fixture);
  g_autoptr(PlugRbOperation) operation = NULL;

  operation = scratch_roll_back (fixture->engine, target, &cause);
  picture = scratch_picture ();
  rest_after = list_rest ();
  evil = scratch_output ((const char *[]) {
      "bash", "-c", "cd \"$HOME/..\" && find . -name '*evil*'; ls -d /tmp/evil* 2>/dev/null; true",
      NULL });

  g_test_message ("%s", cause ? cause->message : "done");
  g_assert_cmpstr (picture, ==, cause ? fixture->before : fixture->wanted);
  g_assert_cmpstr (rest_after, ==, rest);
  g_assert_cmpstr (evil, ==, "");
  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static void
assert_refused (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (try_rollback (fixture, &error));
  g_assert_cmpstr (error->message, !=, "");
}

/* ---- tables */

static const char sum_of_nothing[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* Rows that come right after the plugin's own folder, as their order wants it. */
typedef struct {
  const char *title;
  const char *rows;
} Rows;

#define ROW(part, path, rest)                                                                      \
  "{\"part\": \"" part "\", \"path\": \"" path "\", \"mtime\": 1, \"nsec\": 0, " rest "}"
#define EMPTY_FILE "\"type\": \"file\", \"mode\": 420, \"size\": 0, \"sha256\": \"@\""
#define A_FOLDER "\"type\": \"folder\", \"mode\": 493"

static const Rows rows[] = {
  { "parent", ROW ("user", "../evil", EMPTY_FILE) },
  { "parent-folder", ROW ("user", "..", A_FOLDER) "," ROW ("user", "../evil", EMPTY_FILE) },
  { "parent-inside", ROW ("user", "-", A_FOLDER) "," ROW ("user", "-/..", A_FOLDER) "," ROW (
                         "user", "-/../evil", EMPTY_FILE) },
  { "dot", ROW ("user", ".", A_FOLDER) "," ROW ("user", "./evil", EMPTY_FILE) },
  { "absolute", ROW ("user", "/evil", EMPTY_FILE) },
  { "through-link",
    ROW ("user", "-l", "\"type\": \"link\", \"mode\": 511, \"target\": \"/tmp\"") "," ROW (
        "user", "-l/evil", EMPTY_FILE) },
  { "below-file", ROW ("user", "-", EMPTY_FILE) "," ROW ("user", "-/evil", EMPTY_FILE) },
  { "hidden-parent", "{\"part\": \"user\", \"path\": \"-fine\", \"path-b64\": \"Li4vZXZpbA==\", "
                     "\"mtime\": 1, \"nsec\": 0, " EMPTY_FILE "}" },
  { "hidden-zero", "{\"part\": \"user\", \"path\": \"-fine\", \"path-b64\": \"LWZpbmUAZXZpbA==\", "
                   "\"mtime\": 1, \"nsec\": 0, " EMPTY_FILE "}" },
  { "twice", ROW ("user", "-evil", EMPTY_FILE) "," ROW ("user", "-evil", EMPTY_FILE) },
  { "twice-as-link",
    ROW ("user", "-evil", "\"type\": \"link\", \"mode\": 511, \"target\": \"/tmp\"") "," ROW (
        "user", "-evil", EMPTY_FILE) },
  { "set-user-id",
    ROW ("user", "-evil", "\"type\": \"file\", \"mode\": 2541, \"size\": 0, \"sha256\": \"@\"") },
  { "negative-mode",
    ROW ("user", "-evil", "\"type\": \"file\", \"mode\": -1, \"size\": 0, \"sha256\": \"@\"") },
  { "negative-size",
    ROW ("user", "-evil", "\"type\": \"file\", \"mode\": 420, \"size\": -1, \"sha256\": \"@\"") },
  { "huge-size", ROW ("user",
                      "-evil",
                      "\"type\": \"file\", \"mode\": 420, \"size\": 4611686018427387904, "
                      "\"sha256\": \"@\"") },
  { "device", ROW ("user", "-evil", "\"type\": \"device\", \"mode\": 420") },
  { "no-sum", ROW ("user", "-evil", "\"type\": \"file\", \"mode\": 420, \"size\": 0") },
  { "bad-sum", ROW ("user",
                    "-evil",
                    "\"type\": \"file\", \"mode\": 420, \"size\": 0, \"sha256\": \"../../evil\"") },
  { "no-path", "{\"part\": \"user\", \"mtime\": 1, \"nsec\": 0, " EMPTY_FILE "}" },
  { "no-object", "7" },
};

static gboolean
is_root (JsonObject *row)
{
  return g_str_equal (plug_rb_json_get_string (row, "part"), "user") &&
         g_str_equal (plug_rb_json_get_string (row, "path"), "");
}

/* @sum stands for each "@". */
static void
insert_rows (Fixture *fixture, const char *text, const char *sum)
{
  g_autoptr(JsonObject) table = read_table (fixture);
  JsonArray *old = plug_rb_json_get_array (table, "rows");
  JsonArray *all = json_array_new ();
  g_auto(GStrv) pieces = g_strsplit (text, "@", -1);
  g_autofree char *filled = g_strjoinv (sum, pieces);
  g_autofree char *list = g_strconcat ("[", filled, "]", NULL);
  g_autoptr(JsonNode) node = json_from_string (list, NULL);
  JsonArray *extra = json_node_get_array (node);
  g_autofree char *whole = NULL;
  g_autoptr(GBytes) bytes = NULL;

  for (guint i = 0; i < json_array_get_length (old); i++) {
    json_array_add_element (all, json_node_copy (json_array_get_element (old, i)));
    for (guint k = 0;
         is_root (plug_rb_json_get_element (old, i)) && k < json_array_get_length (extra); k++)
      json_array_add_element (all, json_node_copy (json_array_get_element (extra, k)));
  }

  json_object_set_array_member (table, "rows", all);
  whole = plug_rb_json_to_string (table);
  bytes = g_bytes_new (whole, strlen (whole));
  put_table (fixture, bytes);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  insert_rows (fixture, ((const Rows *) data)->rows, sum_of_nothing);
  assert_refused (fixture);
}

/* The same way of crafting, but with a row that is as it should be, is no reason to refuse: so the
 * others fail for what they say. Its content is in no archive, which is found out in time, too. */
static void
test_crafted_well (Fixture *fixture, gconstpointer data)
{
  g_autoptr(JsonObject) table = read_table (fixture);
  g_autofree char *whole = plug_rb_json_to_string (table);
  g_autoptr(GBytes) bytes = g_bytes_new (whole, strlen (whole));
  g_autoptr(GError) error = NULL;

  put_table (fixture, bytes);
  g_assert_true (try_rollback (fixture, &error));
}

static void
test_table_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, strlen (data));

  put_table (fixture, bytes);
  assert_refused (fixture);
}

/* ---- archives */

#define EXTRA(kind, entry, to) { kind, entry, to, 0, kind == '0' ? "evil" : NULL, 0, 0 }

static const HostileItem extras[] = {
  EXTRA ('0', "../evil", NULL),
  EXTRA ('0', "../../../../../../tmp/evil", NULL),
  EXTRA ('0', "/tmp/evil-absolute", NULL),
  EXTRA ('0', "files/user/../../evil", NULL),
  EXTRA ('0', "files/../evil", NULL),
  EXTRA ('0', "files/user/evil", NULL),
  EXTRA ('0', "files/nowhere/evil", NULL),
  EXTRA ('0', "settings/../../evil", NULL),
  EXTRA ('0', "settings/evil.json", NULL),
  EXTRA ('0', "evil", NULL),
  EXTRA ('1', "files/user/evil-hard", "/etc/passwd"),
  EXTRA ('2', "files/user/evil-link", "/tmp"),
  EXTRA ('2', "files/user", "/tmp"),
  EXTRA ('0', "files/user/evil-link/evil", NULL),
  EXTRA ('3', "files/user/evil-null", NULL),
  EXTRA ('6', "files/user/evil-pipe", NULL),
  { '0', "files/user/evil-root", NULL, 04755, "evil", 0, 0 },
  EXTRA ('0', "files/user/extension.js", NULL),
  EXTRA ('2', "files/user/extension.js", "/etc/passwd"),
  EXTRA ('0', "files/user/caf\xe9-evil", NULL),
};

/* Only what the table lists is ever written, by the table's name, wherever strangers stand. */
static void
put_extras (Fixture *fixture, const HostileItem *items, guint n_items, gboolean first)
{
  g_autofree char *path = NULL;
  g_autoptr(GByteArray) honest = read_archive (fixture, &path);
  g_autoptr(GByteArray) tar = g_byte_array_new ();

  for (guint i = 0; first && i < n_items; i++)
    hostile_tar_add (tar, &items[i]);
  g_byte_array_append (tar, honest->data, honest->len);
  if (!first) {
    while (tar->len > 512 && tar->data[tar->len - 1] == 0 &&
           memcmp (tar->data + tar->len - 512, (char[512]) { 0 }, 512) == 0)
      g_byte_array_set_size (tar, tar->len - 512);
    for (guint i = 0; i < n_items; i++)
      hostile_tar_add (tar, &items[i]);
    hostile_tar_close (tar);
  }
  put_archive (fixture, path, tar);
}

static void
test_extras (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  put_extras (fixture, extras, G_N_ELEMENTS (extras), data != NULL);
  try_rollback (fixture, &error);
  g_test_message ("%s", error ? error->message : "done");
}

static void
test_extra (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  put_extras (fixture, data, 1, TRUE);
  try_rollback (fixture, &error);
}

/* Only strangers, and nothing of what the table needs. */
static void
test_only_extras (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(GByteArray) honest = read_archive (fixture, &path);
  g_autoptr(GByteArray) tar = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    hostile_tar_add (tar, &extras[i]);
  hostile_tar_close (tar);
  put_archive (fixture, path, tar);
  assert_refused (fixture);
}

/* Before a file of a few bytes stands one of the same name: megabytes of zeros in a few of zstd. */
static void
test_bomb (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(GByteArray) honest = read_archive (fixture, &path);
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autofree char *zeros = g_strnfill (64 * 1024 * 1024, '0');
  g_autoptr(GError) error = NULL;

  hostile_tar_add (tar, &(HostileItem) { '0', data, NULL, 0, zeros, 0, 0 });
  g_byte_array_append (tar, honest->data, honest->len);
  put_archive (fixture, path, tar);
  try_rollback (fixture, &error);
}

/* A file of no bytes, says the table; its content are megabytes that do have the right sum. */
static void
test_lying_size (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(GByteArray) honest = read_archive (fixture, &path);
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autofree char *zeros = g_strnfill (24 * 1024 * 1024, '0');
  g_autofree char *sum = plug_rb_hash_bytes (zeros, strlen (zeros));

  hostile_tar_add (tar, &(HostileItem) { '0', "files/user/-evil", NULL, 0, zeros, 0, 0 });
  g_byte_array_append (tar, honest->data, honest->len);
  put_archive (fixture, path, tar);
  fixture->target = find_target (fixture);
  insert_rows (fixture, ROW ("user", "-evil", EMPTY_FILE), sum);
  assert_refused (fixture);
}

static void
test_archive_file (Fixture *fixture, gconstpointer data)
{
  edit_metadata (fixture, set_archive_file, data);
  assert_refused (fixture);
}

static void
test_no_archive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr(GByteArray) honest = read_archive (fixture, &path);
  g_autoptr(GBytes) text = g_bytes_new_static ("#!/bin/sh\ntouch evil\n", 21);

  write_file (path, text);
  edit_metadata (fixture, set_archive_sum, text);
  assert_refused (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, function)                                                                  \
  g_test_add ("/hostile-store/" path, Fixture, data, set_up, function, tear_down)

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/hostile-store/table/%s", rows[i].title);

    g_test_add (path, Fixture, &rows[i], set_up, test_rows, tear_down);
  }
  ADD ("table/crafted-well", NULL, test_crafted_well);
  ADD ("table/nothing", "", test_table_text);
  ADD ("table/no-rows", "{\"format\": 1}", test_table_text);
  ADD ("table/no-json",
       "\x7f"
       "ELF",
       test_table_text);

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++) {
    g_autofree char *path = g_strdup_printf ("/hostile-store/archive/extra-%u", i);

    g_test_add (path, Fixture, &extras[i], set_up, test_extra, tear_down);
  }
  ADD ("archive/extras-first", "first", test_extras);
  ADD ("archive/extras-last", NULL, test_extras);
  ADD ("archive/only-extras", NULL, test_only_extras);
  ADD ("archive/bomb", "files/user/extension.js", test_bomb);
  ADD ("archive/settings-bomb", "settings/settings.json", test_bomb);
  ADD ("archive/lying-size", NULL, test_lying_size);
  ADD ("archive/none", NULL, test_no_archive);
  ADD ("archive/file-outside", "../../../evil.tar.zst", test_archive_file);
  ADD ("archive/file-absolute", "/etc/passwd", test_archive_file);
  ADD ("archive/file-missing", "gnome-shell/nothing.tar.zst", test_archive_file);

  return g_test_run ();
}
