/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-capture.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host.h"
#include "plug-rb-json.h"
#include "plug-rb-state.h"
#include "plug-rb-store.h"
#include "scratch.h"

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID

typedef struct {
  char *folder;
  PlugRbHost *host;
  PlugRbStore *store;
} Fixture;

static PlugRbStore *
open_store (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PlugRbStore *store = plug_rb_store_open (fixture->folder, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *host =
      g_build_filename (g_getenv ("PLUGRB_HOSTS_DIR"), "gnome-shell.host", NULL);
  g_autofree char *parent = g_dir_make_tmp (NULL, NULL);

  fixture->folder = g_build_filename (parent, "store", NULL);
  fixture->host = plug_rb_host_load (host, NULL);
  fixture->store = open_store (fixture);
  scratch_install_sample (1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);

  g_clear_object (&fixture->store);
  g_clear_object (&fixture->host);
  g_assert_true (plug_rb_fs_remove_path (parent, NULL));
  g_free (fixture->folder);
}

/* ---- tools */

/* Runs a shell script in the store. */
static char *
in_store (Fixture *fixture, const char *script, const char *argument)
{
  g_autofree char *text = g_strconcat ("cd \"$1\" || exit 1; ", script, NULL);

  return scratch_output (
      (const char *[]) { "bash", "-c", text, "store", fixture->folder, argument, NULL });
}

static PlugRbState *
capture (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  const PlugRbCapture how = { 0 };
  PlugRbState *state = plug_rb_capture_plugin (&how, fixture->host, ID, NULL, &error);

  g_assert_no_error (error);
  return state;
}

static PlugRbSnapshot *
try_save (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  const PlugRbSnapshotRequest request = { PLUG_RB_REASON_PRE_UPDATE, "a label", "a note", "48.7",
                                          TRUE };
  g_autoptr(PlugRbState) state = capture (fixture);
  g_autoptr(PlugRbLock) lock = plug_rb_store_lock_plugin (fixture->store, KEY, NULL, NULL);

  g_autoptr(PlugRbPack) pack = plug_rb_pack_new (fixture->store, KEY);

  g_assert_nonnull (lock);
  if (!plug_rb_capture_store (state, pack, cancellable, error))
    return NULL;

  return plug_rb_store_save_snapshot (fixture->store, state, pack, &request, error);
}

static PlugRbSnapshot *
save (Fixture *fixture, int version)
{
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *snapshot;

  scratch_install_sample (version);
  snapshot = try_save (fixture, NULL, &error);
  g_assert_no_error (error);

  return snapshot;
}

static GPtrArray *
list (Fixture *fixture, const char *plugin)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *snapshots = plug_rb_store_list_snapshots (fixture->store, plugin, &error);

  g_assert_no_error (error);
  return snapshots;
}

static void
assert_load_fails (Fixture *fixture, PlugRbSnapshot *snapshot, PlugRbError code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbState) state = plug_rb_state_load (fixture->store, snapshot, &error);

  g_assert_error (error, PLUG_RB_ERROR, (int) code);
  g_assert_null (state);
}

static void
assert_loads (Fixture *fixture, PlugRbSnapshot *snapshot)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbState) state = plug_rb_state_load (fixture->store, snapshot, &error);
  g_autofd int fd = -1;

  g_assert_no_error (error);
  fd = plug_rb_store_open_archive (fixture->store, snapshot, 0, &error);
  g_assert_no_error (error);
}

/* ---- the store itself */

static void
test_layout (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  g_autofree char *folders = in_store (fixture, "find . -type d ! -perm 0700", NULL);
  g_autofree char *files = in_store (fixture, "find . ! -type d ! -perm 0600", NULL);
  g_autofree char *top = in_store (fixture, "ls", NULL);

  g_assert_cmpstr (folders, ==, "");
  g_assert_cmpstr (files, ==, "");
  g_assert_nonnull (strstr (top, "archives\n"));
  g_assert_nonnull (strstr (top, "store.json\n"));
  g_assert_nonnull (strstr (top, "tables\n"));
  g_assert_nonnull (strstr (top, "trash\n"));
}

static void
test_open_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  g_autofree char *before = in_store (fixture, "sha256sum store.json; ls -lR --full-time", NULL);
  g_autofree char *after = NULL;
  g_autoptr(GPtrArray) snapshots = NULL;

  g_clear_object (&fixture->store);
  fixture->store = open_store (fixture);
  after = in_store (fixture, "sha256sum store.json; ls -lR --full-time", NULL);
  snapshots = list (fixture, NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (snapshots->len, ==, 1);
}

typedef struct {
  const char *name;
  const char *content;
  gboolean too_new;
} Format;

static const Format formats[] = {
  { "too-new", "{\"format\": 2}", TRUE },
  { "far-too-new", "{\"format\": 9223372036854775807, \"x\": []}", TRUE },
  { "flipped-to-newer", "{\"format\": 3, \"checksum\": \"0\"}", FALSE },
  { "empty", "", FALSE },
  { "cut", "{\"format\": 1", FALSE },
  { "not-an-object", "[1]", FALSE },
  { "no-format", "{}", FALSE },
  { "zero", "{\"format\": 0}", FALSE },
  { "negative", "{\"format\": -1}", FALSE },
  { "text", "{\"format\": \"1\"}", FALSE },
};

static void
assert_content (const char *folder, const char *below, const char *wanted)
{
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, wanted);
}

/* What a newer version wrote is left alone. What is damaged is kept too, and the store opens. */
static void
test_format (gconstpointer data)
{
  const Format *format = data;
  Fixture fixture = { 0 };
  g_autofree char *path = NULL;
  g_autoptr(PlugRbStore) store = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&fixture, NULL);
  path = g_build_filename (fixture.folder, "store.json", NULL);
  g_assert_true (g_file_set_contents (path, format->content, -1, NULL));
  store = plug_rb_store_open (fixture.folder, &error);

  if (format->too_new) {
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW);
    g_assert_nonnull (strstr (error->message, fixture.folder));
    assert_content (fixture.folder, "store.json", format->content);
  } else {
    g_autoptr(PlugRbStore) again = plug_rb_store_open (fixture.folder, NULL);

    g_assert_no_error (error);
    g_assert_nonnull (again);
    assert_content (fixture.folder, "quarantine/damaged-store.json", format->content);
  }
  tear_down (&fixture, NULL);
}

typedef struct {
  const char *name;
  const char *escaped;
} Escape;

static const Escape escapes[] = {
  { "sample@example.org", "sample@example.org" },
  { "dash-to_dock", "dash-to_dock" },
  { ".", "%2E" },
  { "..", "%2E." },
  { ".hidden", "%2Ehidden" },
  { "a.b", "a.b" },
  { "a/b", "a%2Fb" },
  { "a b", "a%20b" },
  { "a%2Fb", "a%252Fb" },
  { "m\xc3\xbcsli", "m%C3%BCsli" },
  { "a\nb", "a%0Ab" },
  { "", "" },
};

static void
test_escape (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
    g_autofree char *escaped = plug_rb_store_escape (escapes[i].name);
    g_autofree char *plain = g_uri_unescape_string (escaped, NULL);

    g_assert_cmpstr (escaped, ==, escapes[i].escaped);
    g_assert_cmpstr (plain, ==, escapes[i].name);
  }
}

/* ---- saving */

static void
test_saved (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) saved = save (fixture, 1);
  g_autoptr(GPtrArray) snapshots = list (fixture, KEY);
  g_autoptr(GPtrArray) others = list (fixture, "gnome-shell/sample@example.or");
  PlugRbSnapshot *snapshot = snapshots->pdata[0];

  g_assert_cmpuint (snapshots->len, ==, 1);
  g_assert_cmpuint (others->len, ==, 0);
  g_assert_null (plug_rb_snapshot_get_damaged (snapshot));
  g_assert_cmpstr (plug_rb_snapshot_get_id (snapshot), ==, plug_rb_snapshot_get_id (saved));
  g_assert_cmpstr (plug_rb_snapshot_get_plugin (snapshot), ==, KEY);
  g_assert_cmpstr (plug_rb_snapshot_get_plugin_id (snapshot), ==, ID);
  g_assert_cmpstr (plug_rb_snapshot_get_name (snapshot), ==, "Sample");
  g_assert_cmpstr (plug_rb_snapshot_get_version (snapshot), ==, "1");
  g_assert_cmpstr (plug_rb_snapshot_get_host_version (snapshot), ==, "48.7");
  g_assert_cmpstr (plug_rb_snapshot_get_label (snapshot), ==, "a label");
  g_assert_cmpstr (plug_rb_snapshot_get_note (snapshot), ==, "a note");
  g_assert_cmpint (plug_rb_snapshot_get_reason (snapshot), ==, PLUG_RB_REASON_PRE_UPDATE);
  g_assert_false (plug_rb_snapshot_get_absent (snapshot));
  g_assert_cmpuint (plug_rb_snapshot_get_stored_size (snapshot), >, 0);
  assert_loads (fixture, snapshot);
}

/* What does not belong there hides nothing. */
static void
test_strangers (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = try_save (fixture, NULL, NULL);
  g_autofree char *done =
      in_store (fixture,
                "touch snapshots/file snapshots/gnome-shell/file "
                "snapshots/gnome-shell/*/file; mkdir snapshots/gnome-shell/*/x; "
                "ln -s / snapshots/link",
                NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (fixture->store, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (snapshot);
  g_assert_cmpuint (snapshots->len, ==, 1);
}

static void
test_sequence (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) one = save (fixture, 1);
  g_autoptr(PlugRbSnapshot) two = save (fixture, 2);
  g_autoptr(PlugRbSnapshot) three = NULL;
  g_autoptr(GPtrArray) snapshots = NULL;

  g_assert_true (plug_rb_store_delete_snapshot (fixture->store, two, NULL));
  three = save (fixture, 3);
  g_assert_cmpint (plug_rb_snapshot_get_sequence (one), ==, 1);
  g_assert_cmpint (plug_rb_snapshot_get_sequence (two), ==, 2);
  g_assert_cmpint (plug_rb_snapshot_get_sequence (three), ==, 3);

  snapshots = list (fixture, NULL);
  g_assert_cmpuint (snapshots->len, ==, 2);
  g_assert_cmpint (plug_rb_snapshot_get_sequence (snapshots->pdata[0]), ==, 3);
}

/* What was installed is kept, so that the very same state comes again. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) first = save (fixture, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) second = try_save (fixture, NULL, &error);
  g_autofree char *archives = in_store (fixture, "find archives -name '*.tar.zst' | wc -l", NULL);
  g_autofree char *tables = in_store (fixture, "find tables -name '*.zst' | wc -l", NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (plug_rb_snapshot_get_table (first), ==, plug_rb_snapshot_get_table (second));
  g_assert_cmpuint (plug_rb_snapshot_get_stored_size (second), ==, 0);
  g_assert_cmpstr (archives, ==, "1\n");
  g_assert_cmpstr (tables, ==, "1\n");

  g_assert_true (plug_rb_store_delete_snapshot (fixture->store, first, NULL));
  assert_loads (fixture, second);
}

/* A state is only as good as stored if its contents are there. */
static void
test_shared_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) first = save (fixture, 1);
  g_autofree char *output = in_store (fixture, data, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) same =
      plug_rb_store_find_same (fixture->store, KEY, plug_rb_snapshot_get_table (first), &error);
  g_autoptr(PlugRbSnapshot) second = NULL;

  g_assert_no_error (error);
  g_assert_null (same);
  second = try_save (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_snapshot_get_stored_size (second), >, 0);
  assert_loads (fixture, second);
}

/* The metadata say how to get at the files by hand. */
static void
test_extract (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  const char *extract = plug_rb_json_get_string (plug_rb_snapshot_get_json (snapshot), "extract");
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *script =
      g_strdup_printf ("%s && diff -r --no-dereference files/user \"$2\"/" ID, extract);
  g_autofree char *output = in_store (fixture, script, extensions);

  g_assert_cmpstr (output, ==, "");
}

/* ---- failing to save */

#define LIST_ALL "find . ! -path './tables/*' ! -name .lock | LC_ALL=C sort"

static void
test_failed_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) first = save (fixture, 1);
  g_autofree char *made = in_store (fixture, "touch audit.jsonl", NULL);
  g_autofree char *before = in_store (fixture, LIST_ALL, NULL);
  g_autofree char *closed = in_store (fixture, "chmod 0500 \"$2\"", data);
  g_autofree char *opened = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  scratch_install_sample (2);
  if (geteuid () == 0) {
    g_test_skip ("root writes everywhere");
  } else {
    g_assert_null (try_save (fixture, NULL, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  }
  opened = in_store (fixture, "chmod 0700 \"$2\"", data);
  after = in_store (fixture, LIST_ALL, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_canceled_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) first = save (fixture, 1);
  g_autofree char *before = in_store (fixture, LIST_ALL, NULL);
  g_autofree char *after = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  scratch_install_sample (2);
  g_cancellable_cancel (cancellable);
  g_assert_null (try_save (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  after = in_store (fixture, LIST_ALL, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_changed_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbState) state = capture (fixture);
  g_autoptr(PlugRbPack) pack = plug_rb_pack_new (fixture->store, KEY);
  g_autoptr(GPtrArray) snapshots = NULL;
  g_autofree char *archives = NULL;
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *path = g_build_filename (extensions, ID, "common.js", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "// longer than what it was before\n", -1, NULL));
  g_assert_false (plug_rb_capture_store (state, pack, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING);
  g_clear_pointer (&pack, plug_rb_pack_free);
  snapshots = list (fixture, NULL);
  archives = in_store (fixture, "find archives -type f", NULL);
  g_assert_cmpuint (snapshots->len, ==, 0);
  g_assert_cmpstr (archives, ==, "");
}

/* ---- damage */

/* A script that damages the newest snapshot's metadata, $2. */
typedef struct {
  const char *name;
  const char *script;
} Damage;

static const Damage damages[] = {
  { "truncated", "truncate -s -100 \"$2\"/snapshot.json" },
  { "emptied", "truncate -s 0 \"$2\"/snapshot.json" },
  { "deleted", "rm \"$2\"/snapshot.json" },
  { "noise", "head -c 5000 /dev/urandom > \"$2\"/snapshot.json" },
  { "seal", "sed -i 's/a label/a libel/' \"$2\"/snapshot.json" },
  { "unsealed", "jq 'del(.seal) | del(.sha256) | del(.checksum)' \"$2\"/snapshot.json > x && "
                "sed -i 's/a label/a libel/' x && mv x \"$2\"/snapshot.json" },
  { "linked", "mv \"$2\"/snapshot.json x && ln -s \"$PWD\"/x \"$2\"/snapshot.json" },
  { "fifo", "rm \"$2\"/snapshot.json && mkfifo \"$2\"/snapshot.json" },
  { "file", "rm -r \"$2\" && touch \"$2\"" },
};

static char *
metadata_folder (PlugRbSnapshot *snapshot)
{
  return g_build_filename ("snapshots", KEY, plug_rb_snapshot_get_id (snapshot), NULL);
}

static void
assert_damaged (Fixture *fixture, PlugRbSnapshot *bad)
{
  g_autoptr(GPtrArray) snapshots = list (fixture, KEY);

  g_assert_cmpuint (snapshots->len, ==, 2);
  for (guint i = 0; i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];
    gboolean is_bad =
        g_str_equal (plug_rb_snapshot_get_id (snapshot), plug_rb_snapshot_get_id (bad));

    g_assert_cmpint (plug_rb_snapshot_get_damaged (snapshot) != NULL, ==, is_bad);
    if (is_bad)
      assert_load_fails (fixture, snapshot, PLUG_RB_ERROR_CORRUPT);
  }
}

static void
test_damaged (gconstpointer data)
{
  const Damage *damage = data;
  Fixture fixture = { 0 };
  g_autoptr(PlugRbSnapshot) good = NULL;
  g_autoptr(PlugRbSnapshot) bad = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *output = NULL;

  set_up (&fixture, NULL);
  good = save (&fixture, 1);
  bad = save (&fixture, 2);
  folder = metadata_folder (bad);
  output = in_store (&fixture, damage->script, folder);
  assert_damaged (&fixture, bad);
  tear_down (&fixture, NULL);
}

/* A snapshot of one plugin must never be restored over another. */
static void
test_copied (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  g_autofree char *folder = metadata_folder (snapshot);
  g_autofree char *output = in_store (
      fixture, "mkdir snapshots/gnome-shell/o@x && cp -r \"$2\" snapshots/gnome-shell/o@x", folder);
  g_autoptr(GPtrArray) own = list (fixture, KEY);
  g_autoptr(GPtrArray) others = list (fixture, "gnome-shell/o@x");

  g_assert_cmpuint (own->len, ==, 1);
  g_assert_null (plug_rb_snapshot_get_damaged (own->pdata[0]));
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_nonnull (plug_rb_snapshot_get_damaged (others->pdata[0]));
  assert_load_fails (fixture, others->pdata[0], PLUG_RB_ERROR_CORRUPT);
}

static void
test_missing_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  g_autofree char *output = in_store (fixture, "rm tables/*", NULL);

  assert_load_fails (fixture, snapshot, PLUG_RB_ERROR_NOT_FOUND);
}

static void
test_exchanged_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) one = save (fixture, 1);
  g_autoptr(PlugRbSnapshot) two = save (fixture, 2);
  g_autofree char *script =
      g_strdup_printf ("cp tables/%s.json.zst tables/%s.json.zst", plug_rb_snapshot_get_table (one),
                       plug_rb_snapshot_get_table (two));
  g_autofree char *output = in_store (fixture, script, NULL);

  assert_loads (fixture, one);
  assert_load_fails (fixture, two, PLUG_RB_ERROR_CORRUPT);
}

static void
test_exchanged_archive (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;
  g_autofree char *script = NULL;
  g_autofree char *output = NULL;

  scratch_set ("/org/gnome/shell/extensions/sample/speed", "1");
  one = save (fixture, 1);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "2");
  two = save (fixture, 2);
  script = g_strdup_printf ("cd archives/" KEY " && cp %s.tar.zst %s.tar.zst",
                            plug_rb_snapshot_get_id (one), plug_rb_snapshot_get_id (two));
  output = in_store (fixture, script, NULL);

  assert_loads (fixture, one);
  assert_load_fails (fixture, two, PLUG_RB_ERROR_CORRUPT);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", NULL);
}

/* ---- trash */

static void
test_trash (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = save (fixture, 1);
  g_autoptr(GPtrArray) gone = NULL;
  g_autoptr(GPtrArray) trash = NULL;
  g_autoptr(GPtrArray) back = NULL;
  g_autoptr(PlugRbSnapshot) restored = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_store_delete_snapshot (fixture->store, snapshot, NULL));
  gone = list (fixture, NULL);
  trash = plug_rb_store_list_deleted (fixture->store, NULL);
  g_assert_cmpuint (gone->len, ==, 0);
  g_assert_cmpuint (trash->len, ==, 1);
  g_assert_false (plug_rb_store_delete_snapshot (fixture->store, snapshot, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  restored = plug_rb_store_restore_deleted (fixture->store, trash->pdata[0], &error);
  g_assert_no_error (error);
  back = list (fixture, KEY);
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_null (plug_rb_snapshot_get_damaged (back->pdata[0]));
  assert_loads (fixture, back->pdata[0]);
}

typedef struct {
  const char *path;
  gconstpointer data;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "/store/layout", NULL, test_layout },
  { "/store/open-again", NULL, test_open_again },
  { "/store/saved", NULL, test_saved },
  { "/store/strangers", NULL, test_strangers },
  { "/store/sequence", NULL, test_sequence },
  { "/store/shared", NULL, test_shared },
  { "/store/shared/table-lost", "rm tables/*", test_shared_lost },
  { "/store/shared/archive-lost", "find archives -type f -delete", test_shared_lost },
  { "/store/shared/archive-cut", "truncate -s 100 archives/*/*/*.zst", test_shared_lost },
  { "/store/extract", NULL, test_extract },
  { "/store/failed-save/archives", "archives/" KEY, test_failed_save },
  { "/store/failed-save/snapshots", "snapshots/" KEY, test_failed_save },
  { "/store/failed-save/tables", "tables", test_failed_save },
  { "/store/canceled-save", NULL, test_canceled_save },
  { "/store/changed-save", NULL, test_changed_save },
  { "/store/damaged/copied", NULL, test_copied },
  { "/store/damaged/missing-table", NULL, test_missing_table },
  { "/store/damaged/exchanged-table", NULL, test_exchanged_table },
  { "/store/damaged/exchanged-archive", NULL, test_exchanged_archive },
  { "/store/trash", NULL, test_trash },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/escape", test_escape);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, cases[i].data, set_up, cases[i].func, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *path = g_strconcat ("/store/format/", formats[i].name, NULL);

    g_test_add_data_func (path, &formats[i], test_format);
  }
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strconcat ("/store/damaged/", damages[i].name, NULL);

    g_test_add_data_func (path, &damages[i], test_damaged);
  }

  return g_test_run ();
}
