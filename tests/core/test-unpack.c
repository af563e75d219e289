/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Packages that somebody made to do harm: each is refused by the name of the entry, nothing is
 * written beside the staging folder, and that is empty again. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "hostile.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-unpack.h"
#include "scratch.h"

typedef enum {
  FORMAT_TAR = 1,
  FORMAT_ZIP = 2,
  FORMAT_BOTH = FORMAT_TAR | FORMAT_ZIP,
} Format;

/* @named is the entry that the error must name. "@" at the start of a name is the canary's folder.
 */
typedef struct {
  const char *title;
  Format format;
  PlugRbError code;
  const char *named;
  HostileItem items[5];
} Case;

#define FILE(name) { '0', name, NULL, 0, "content", 0, 0 }
#define FOLDER(name) { '5', name, NULL, 0, NULL, 0, 0 }
#define LINK(name, to) { '2', name, to, 0, NULL, 0, 0 }
#define HARD(name, to) { '1', name, to, 0, NULL, 0, 0 }
#define KIND(type, name) { type, name, NULL, 0, NULL, 0, 0 }
#define WITH_MODE(name, mode) { '0', name, NULL, mode, "content", 0, 0 }

static const Case cases[] = {
  { "absolute", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "evil", { FILE ("a"), FILE ("@/evil") } },
  { "parent", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "../evil", { FILE ("../evil") } },
  { "parent-later",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a/../../evil",
    { FILE ("a/x"), FILE ("a/../../evil") } },
  { "parent-inside", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "a/../b", { FILE ("a/../b") } },
  { "parent-end", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "a/..", { FOLDER ("a/..") } },
  { "dots-and-parent", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "evil", { FILE (".//./../evil") } },
  { "link-absolute", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "link", { LINK ("link", "/etc") } },
  { "link-out",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a/link",
    { LINK ("a/link", "../../canary") } },
  { "link-in-and-out",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "link",
    { FILE ("a/b"), LINK ("link", "a/../../canary") } },
  { "link-through-links",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "y",
    { LINK ("x", "."), LINK ("y", "x/x/../..") } },
  { "link-through-later-link",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "y",
    { LINK ("y", "x/x/x/../../canary"), LINK ("x", ".") } },
  { "link-circle",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { LINK ("a", "b"), LINK ("b", "a") } },
  { "link-empty", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "a", { LINK ("a", "") } },
  { "link-bytes", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "a", { LINK ("a", "\xff\xfe") } },
  { "through-link-out",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "link",
    { LINK ("link", ".."), FILE ("link/evil") } },
  { "through-link",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "link",
    { FILE ("a/x"), LINK ("link", "a"), FILE ("link/y") } },
  { "link-over-folder",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { FILE ("a/x"), LINK ("a", "b") } },
  { "link-over-file",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { FILE ("a"), LINK ("a", "b") } },
  { "file-over-link",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { LINK ("a", "b"), FILE ("a") } },
  { "file-below-file", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "a", { FILE ("a"), FILE ("a/b") } },
  { "hard-link-out", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "a", { HARD ("a", "../canary") } },
  { "hard-link-absolute",
    FORMAT_TAR,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { HARD ("a", "/etc/passwd") } },
  { "hard-link-missing", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "a", { HARD ("a", "b") } },
  { "hard-link-to-link",
    FORMAT_TAR,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { FILE ("x"), LINK ("b", "x"), HARD ("a", "b") } },
  { "hard-link-to-folder",
    FORMAT_TAR,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a",
    { FOLDER ("b"), HARD ("a", "b") } },
  { "hard-link-to-itself", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "a", { HARD ("a", "a") } },
  { "character-device", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "null", { KIND ('3', "null") } },
  { "block-device", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "disk", { KIND ('4', "disk") } },
  /* Of a zip the pipe would become a file: that is how Info-ZIP stores its standard input. */
  { "pipe", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "pipe", { KIND ('6', "pipe") } },
  { "socket", FORMAT_ZIP, PLUG_RB_ERROR_UNSUPPORTED, "socket", { KIND ('s', "socket") } },
  { "set-user-id", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "tool", { WITH_MODE ("tool", 04755) } },
  { "set-group-id", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "tool", { WITH_MODE ("tool", 02755) } },
  { "twice", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "a/b", { FILE ("a/b"), FILE ("a/b") } },
  { "twice-by-slash",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "a/b",
    { FILE ("a/b"), FILE ("a//./b") } },
  { "case", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "A", { FILE ("a/b"), FILE ("A/B") } },
  { "case-of-folders",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "Lib",
    { FILE ("lib/x"), FILE ("Lib/y") } },
  { "case-beyond-ascii",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "STRASSE",
    { FILE ("stra\xc3\x9f"
            "e"),
      FILE ("STRASSE") } },
  { "accents",
    FORMAT_BOTH,
    PLUG_RB_ERROR_UNSUPPORTED,
    "caf",
    { FILE ("caf\xc3\xa9"), FILE ("cafe\xcc\x81") } },
  { "bytes", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "caf", { FILE ("caf\xe9.js") } },
  { "overlong-utf8", FORMAT_TAR, PLUG_RB_ERROR_UNSUPPORTED, "evil", { FILE ("\xc0\xae./evil") } },
  { "encrypted",
    FORMAT_ZIP,
    PLUG_RB_ERROR_UNSUPPORTED,
    "secret",
    { FILE ("a"), { '0', "secret", NULL, 0, "0123456789abcontent", 7, 1 } } },
  { "lying-size-less",
    FORMAT_ZIP,
    PLUG_RB_ERROR_CORRUPT,
    "lie",
    { { '0', "lie", NULL, 0, "content that is longer", 3, 0 } } },
  { "lying-size-more",
    FORMAT_BOTH,
    PLUG_RB_ERROR_CORRUPT,
    "lie",
    { { '0', "lie", NULL, 0, "short", 5000, 0 } } },
  { "huge-size",
    FORMAT_TAR,
    PLUG_RB_ERROR_TOO_LARGE,
    "huge",
    { { '0', "huge", NULL, 0, "short", G_GUINT64_CONSTANT (1) << 40, 0 } } },
  { "negative-size",
    FORMAT_TAR,
    PLUG_RB_ERROR_CORRUPT,
    "",
    { FILE ("a"), { '0', "minus", NULL, 0, "short", G_MAXUINT64, 0 } } },
  { "no-name", FORMAT_BOTH, PLUG_RB_ERROR_UNSUPPORTED, "", { FILE (".") } },
};

typedef struct {
  char *folder;
  char *stage;
  int stage_fd;
  char *picture;
} Fixture;

/* Everything around the staging folder, with the inode and change time of each. */
static char *
take_picture (Fixture *fixture)
{
  return scratch_output (
      (const char *[]) { "bash", "-c",
                         "cd \"$1\" && find . -path ./stage -prune -o "
                         "! -name . -printf '%y %m %s %i %C@ %p %l\\n' | sort; cat canary",
                         "picture", fixture->folder, NULL });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *canary = NULL;

  fixture->folder = g_dir_make_tmp ("unpack-XXXXXX", NULL);
  fixture->stage = g_build_filename (fixture->folder, "stage", NULL);
  canary = g_build_filename (fixture->folder, "canary", NULL);
  g_assert_true (g_file_set_contents (canary, "sings", -1, NULL));
  g_assert_cmpint (g_mkdir (fixture->stage, 0700), ==, 0);
  fixture->stage_fd = plug_rb_fs_open_folder (fixture->stage, NULL);
  fixture->picture = take_picture (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_clear_fd (&fixture->stage_fd, NULL);
  g_free (fixture->folder);
  g_free (fixture->stage);
  g_free (fixture->picture);
}

static int
open_package (GBytes *package)
{
  gsize length;
  const void *data = g_bytes_get_data (package, &length);
  int fd = memfd_create ("package", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (plug_rb_fs_write (fd, data, length, NULL));
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);

  return fd;
}

static void
assert_stage_empty (Fixture *fixture)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fixture->stage_fd, NULL);

  g_assert_cmpuint (names->len, ==, 0);
}

static void
assert_refused (Fixture *fixture,
                GBytes *package,
                const PlugRbUnpackLimits *limits,
                PlugRbError code,
                const char *named)
{
  g_auto(PlugRbUnpacked) unpacked = { 0 };
  g_autoptr(GError) error = NULL;
  g_autofd int fd = open_package (package);
  g_autofree char *picture = NULL;

  g_assert_false (
      plug_rb_unpack (fd, fixture->stage_fd, limits, NULL, NULL, &unpacked, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PLUG_RB_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, named));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (unpacked.top);
  assert_stage_empty (fixture);
  picture = take_picture (fixture);
  g_assert_cmpstr (picture, ==, fixture->picture);
}

static void
unpack (Fixture *fixture, GBytes *package, PlugRbUnpacked *unpacked)
{
  g_autoptr(GError) error = NULL;
  g_autofd int fd = open_package (package);
  g_autofree char *picture = NULL;

  plug_rb_unpack (fd, fixture->stage_fd, NULL, NULL, NULL, unpacked, NULL, &error);
  g_assert_no_error (error);
  picture = take_picture (fixture);
  g_assert_cmpstr (picture, ==, fixture->picture);
}

/* ---- refused */

static void
test_case (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  HostileItem items[G_N_ELEMENTS (c->items)];
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  memcpy (items, c->items, sizeof items);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (items[i].name != NULL && *items[i].name == '@') {
      g_ptr_array_add (names, g_strconcat (fixture->folder, items[i].name + 1, NULL));
      items[i].name = g_ptr_array_index (names, names->len - 1);
    }

  if (c->format & FORMAT_TAR) {
    g_autoptr(GBytes) package = hostile_tar (items, G_N_ELEMENTS (items));
    g_autoptr(GBytes) compressed = hostile_compress (package, "gzip");

    assert_refused (fixture, package, NULL, c->code, c->named);
    assert_refused (fixture, compressed, NULL, c->code, c->named);
  }
  if (c->format & FORMAT_ZIP) {
    g_autoptr(GBytes) package = hostile_zip (items, G_N_ELEMENTS (items));

    assert_refused (fixture, package, NULL, c->code, c->named);
  }
}

static const PlugRbUnpackLimits small = {
  .entries = 20,
  .file_size = 100000,
  .total_size = 150000,
  .ratio = 10,
  .free_size = 20000,
  .depth = 8,
  .path_length = 200,
};

static void
test_long_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (300, 'n');
  g_autofree char *path = g_strdup_printf ("%.100s/%.100s/%.50s", name, name, name);
  g_autofree char *zeros = g_strnfill (2000000, 'n');
  HostileItem items[] = { { 'L', "././@LongLink", NULL, 0, name, 0, 0 }, FILE ("n") };
  g_autoptr(GBytes) part = hostile_tar (items, 2);
  g_autoptr(GBytes) zip = hostile_zip (&(HostileItem) { '0', name, NULL, 0, "x", 0, 0 }, 1);
  g_autoptr(GBytes) whole = NULL;
  g_autoptr(GBytes) endless = NULL;

  assert_refused (fixture, part, NULL, PLUG_RB_ERROR_UNSUPPORTED, "nnn");
  assert_refused (fixture, zip, NULL, PLUG_RB_ERROR_UNSUPPORTED, "nnn");
  items[0].content = path;
  whole = hostile_tar (items, 2);
  assert_refused (fixture, whole, &small, PLUG_RB_ERROR_UNSUPPORTED, "nnn");
  items[0].content = zeros;
  endless = hostile_tar (items, 2);
  assert_refused (fixture, endless, NULL, PLUG_RB_ERROR_CORRUPT, "");
}

static void
test_deep_tree (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GString) path = g_string_new ("d");
  HostileItem items[] = { { 'L', "././@LongLink", NULL, 0, NULL, 0, 0 }, FOLDER ("n") };
  g_autoptr(GBytes) package = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (path, "/d");
  items[0].content = path->str;
  package = hostile_tar (items, 2);
  assert_refused (fixture, package, NULL, PLUG_RB_ERROR_UNSUPPORTED, "d/d/d");
}

static void
test_many_entries (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  g_autoptr(GBytes) package = NULL;

  for (guint i = 0; i < 21; i++) {
    g_autofree char *name = g_strdup_printf ("file-%u", i);

    hostile_tar_add (out, &(HostileItem) FILE (name));
  }
  hostile_tar_close (out);
  package = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  assert_refused (fixture, package, &small, PLUG_RB_ERROR_TOO_LARGE, "file-20");
}

/* Folders that no entry names count too. */
static void
test_many_folders (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) package =
      hostile_tar ((HostileItem[]) { FILE ("a/b/c/d/e/f"), FILE ("b/b/c/d/e/f"),
                                     FILE ("c/b/c/d/e/f"), FILE ("d/b/c/d/e/f") },
                   4);

  assert_refused (fixture, package, &small, PLUG_RB_ERROR_TOO_LARGE, "d/b");
}

/* A few hundred bytes that unpack to megabytes. */
static void
test_bomb (Fixture *fixture, gconstpointer filter)
{
  static const PlugRbUnpackLimits wide = {
    .entries = 20,
    .file_size = 1 << 30,
    .total_size = 1 << 30,
    .ratio = 10,
    .free_size = 20000,
    .depth = 8,
    .path_length = 200,
  };
  g_autofree char *zeros = g_strnfill (8000000, '0');
  g_autoptr(GBytes) package =
      hostile_tar (&(HostileItem) { '0', "bomb", NULL, 0, zeros, 0, 0 }, 1);
  g_autoptr(GBytes) compressed = hostile_compress (package, filter);
  g_autoptr(GBytes) twice = hostile_compress (compressed, filter);

  assert_refused (fixture, compressed, &wide, PLUG_RB_ERROR_TOO_LARGE, "bomb");
  assert_refused (fixture, twice, NULL, PLUG_RB_ERROR_CORRUPT, "");
}

static void
test_totals (Fixture *fixture, gconstpointer data)
{
  g_autofree char *zeros = g_strnfill (90000, '0');
  HostileItem items[] = { { '0', "one", NULL, 0, zeros, 0, 0 },
                          { '0', "two", NULL, 0, zeros, 0, 0 } };
  g_autoptr(GBytes) tar = hostile_tar (items, 2);
  g_autoptr(GBytes) zip = hostile_zip (items, 2);

  assert_refused (fixture, tar, &small, PLUG_RB_ERROR_TOO_LARGE, "two");
  assert_refused (fixture, zip, &small, PLUG_RB_ERROR_TOO_LARGE, "two");
}

/* Says that it is a terabyte of holes, in the way of GNU tar. */
static void
test_sparse (Fixture *fixture, gconstpointer data)
{
  g_autofree char *major = hostile_pax_line ("GNU.sparse.major", "1");
  g_autofree char *minor = hostile_pax_line ("GNU.sparse.minor", "0");
  g_autofree char *name = hostile_pax_line ("GNU.sparse.name", "holes");
  g_autofree char *size = hostile_pax_line ("GNU.sparse.realsize", data);
  g_autofree char *pax = g_strconcat (major, minor, name, size, NULL);
  g_autofree char *map = g_strdup_printf ("1\n%s\n0\n", (const char *) data);
  g_autofree char *padded = g_strdup_printf ("%-512s", map);
  HostileItem items[] = { { 'x', "pax", NULL, 0, pax, 0, 0 },
                          { '0', "GNUSparseFile.0/holes", NULL, 0, padded, 0, 0 } };
  g_autoptr(GBytes) package = hostile_tar (items, 2);

  assert_refused (fixture, package, NULL, PLUG_RB_ERROR_TOO_LARGE, "holes");
}

static void
test_no_package (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) text = g_bytes_new_static ("#!/bin/sh\nrm -rf ~\n", 19);
  g_autoptr(GBytes) tar = hostile_tar (NULL, 0);
  g_autoptr(GBytes) zip = hostile_zip (NULL, 0);
  g_autoptr(GBytes) dot = hostile_tar ((HostileItem[]) { FOLDER ("./") }, 1);

  assert_refused (fixture, nothing, NULL, PLUG_RB_ERROR_CORRUPT, "");
  assert_refused (fixture, text, NULL, PLUG_RB_ERROR_CORRUPT, "");
  assert_refused (fixture, tar, NULL, PLUG_RB_ERROR_CORRUPT, "");
  assert_refused (fixture, zip, NULL, PLUG_RB_ERROR_CORRUPT, "");
  assert_refused (fixture, dot, NULL, PLUG_RB_ERROR_CORRUPT, "empty");
}

/* However much of it is there, half a package is none. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  HostileItem items[] = { FILE ("a"), FILE ("b"), FILE ("c/d") };
  g_autoptr(GBytes) tar = hostile_tar (items, 3);
  g_autoptr(GBytes) zip = hostile_zip (items, 3);
  g_autoptr(GBytes) packed = hostile_compress (tar, "zstd");
  GBytes *packages[] = { zip, packed };

  for (guint i = 0; i < G_N_ELEMENTS (packages); i++)
    for (gsize n = 0; n < g_bytes_get_size (packages[i]); n += 7) {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (packages[i], 0, n);

      assert_refused (fixture, part, NULL, PLUG_RB_ERROR_CORRUPT, "");
    }
}

static void
test_not_empty (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->stage, "mine", NULL);
  g_autoptr(GBytes) package = hostile_tar ((HostileItem[]) { FILE ("a") }, 1);
  g_autofd int fd = open_package (package);
  g_auto(PlugRbUnpacked) unpacked = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  g_assert_false (
      plug_rb_unpack (fd, fixture->stage_fd, NULL, NULL, NULL, &unpacked, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
cancel (guint64 done, guint64 total, gpointer user_data)
{
  g_assert_cmpuint (done, <=, total);
  g_cancellable_cancel (user_data);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) package = hostile_tar ((HostileItem[]) { FILE ("a"), FILE ("b") }, 2);
  g_autofd int fd = open_package (package);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(PlugRbUnpacked) unpacked = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_unpack (fd, fixture->stage_fd, NULL, cancel, cancellable, &unpacked,
                                  cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_stage_empty (fixture);
}

/* ---- accepted */

static void
assert_content (Fixture *fixture, const char *name, const char *expected, guint mode)
{
  g_autofree char *path = g_build_filename (fixture->stage, name, NULL);
  g_autofree char *content = NULL;
  GStatBuf st;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, mode);
}

static const HostileItem good[] = {
  FOLDER ("plugin/"),
  FILE ("plugin/metadata.json"),
  FILE ("./plugin/-rf"),
  FILE ("plugin/--help"),
  FILE ("plugin/lib/a b;$(c)"),
  FOLDER ("plugin/lib"),
  WITH_MODE ("plugin/tool.sh", 0755),
  LINK ("plugin/lib/up", "../metadata.json"),
  LINK ("plugin/nothing", "lib/not-there"),
  FILE ("plugin/m\xc3\xbcsli"),
  FOLDER ("plugin/empty/"),
};

static void
assert_good (Fixture *fixture, GBytes *package)
{
  g_auto(PlugRbUnpacked) unpacked = { 0 };
  g_autofree char *link = g_build_filename (fixture->stage, "plugin", "lib", "up", NULL);
  g_autofree char *empty = g_build_filename (fixture->stage, "plugin", "empty", NULL);
  g_autofree char *target = NULL;

  unpack (fixture, package, &unpacked);
  g_assert_cmpstr (unpacked.top, ==, "plugin");
  g_assert_cmpuint (unpacked.entries, ==, 11);
  g_assert_cmpuint (unpacked.size, ==, 6 * strlen ("content"));
  assert_content (fixture, "plugin/metadata.json", "content", 0644);
  assert_content (fixture, "plugin/-rf", "content", 0644);
  assert_content (fixture, "plugin/--help", "content", 0644);
  assert_content (fixture, "plugin/lib/a b;$(c)", "content", 0644);
  assert_content (fixture, "plugin/m\xc3\xbcsli", "content", 0644);
  assert_content (fixture, "plugin/tool.sh", "content", 0755);
  target = g_file_read_link (link, NULL);
  g_assert_cmpstr (target, ==, "../metadata.json");
  g_assert_true (g_file_test (empty, G_FILE_TEST_IS_DIR));
  scratch_run ((const char *[]) { "find", fixture->stage, "-mindepth", "1", "-delete", NULL });
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  static const char *const filters[] = { "gzip", "bzip2", "xz", "zstd" };
  g_autoptr(GBytes) tar = hostile_tar (good, G_N_ELEMENTS (good));
  g_autoptr(GBytes) zip = hostile_zip (good, G_N_ELEMENTS (good));

  assert_good (fixture, tar);
  assert_good (fixture, zip);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr(GBytes) compressed = hostile_compress (tar, filters[i]);

    assert_good (fixture, compressed);
  }
}

static void
test_no_top (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) package = hostile_zip ((HostileItem[]) { FILE ("a"), FILE ("b/c") }, 2);
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  unpack (fixture, package, &unpacked);
  g_assert_null (unpacked.top);
}

static void
test_single_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) package = hostile_zip ((HostileItem[]) { FILE ("a") }, 1);
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  unpack (fixture, package, &unpacked);
  g_assert_null (unpacked.top);
}

static void
test_hard_link (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GBytes) package = hostile_tar ((HostileItem[]) { FILE ("a"), HARD ("b/c", "./a") }, 2);
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  unpack (fixture, package, &unpacked);
  assert_content (fixture, "b/c", "content", 0644);
}

/* Attributes, rights for others and the owner are the package's own claims. */
static void
test_attributes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *user = hostile_pax_line ("SCHILY.xattr.user.evil", "1");
  g_autofree char *security = hostile_pax_line ("SCHILY.xattr.security.capability", "all");
  g_autofree char *trusted = hostile_pax_line ("LIBARCHIVE.xattr.trusted.evil", "MQ==");
  g_autofree char *acl = hostile_pax_line ("SCHILY.acl.access", "user::rw-,user:0:rwx,mask::rwx");
  g_autofree char *flags = hostile_pax_line ("SCHILY.fflags", "schg,uchg");
  g_autofree char *pax = g_strconcat (user, security, trusted, acl, flags, NULL);
  HostileItem items[] = { { 'x', "pax", NULL, 0, pax, 0, 0 }, WITH_MODE ("a", 01666) };
  g_autoptr(GBytes) package = hostile_tar (items, 2);
  g_autofree char *path = g_build_filename (fixture->stage, "a", NULL);
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  unpack (fixture, package, &unpacked);
  assert_content (fixture, "a", "content", 0644);
  g_assert_cmpint (llistxattr (path, NULL, 0), ==, 0);
}

int
main (int argc, char *argv[])
{
  umask (022);
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/unpack/refused/%s", cases[i].title);

    g_test_add (path, Fixture, &cases[i], set_up, test_case, tear_down);
  }

#define ADD(path, data, function)                                                                  \
  g_test_add ("/unpack/" path, Fixture, data, set_up, function, tear_down)

  ADD ("refused/long-names", NULL, test_long_names);
  ADD ("refused/deep-tree", NULL, test_deep_tree);
  ADD ("refused/many-entries", NULL, test_many_entries);
  ADD ("refused/many-folders", NULL, test_many_folders);
  ADD ("refused/bomb-gzip", "gzip", test_bomb);
  ADD ("refused/bomb-zstd", "zstd", test_bomb);
  ADD ("refused/bomb-xz", "xz", test_bomb);
  ADD ("refused/totals", NULL, test_totals);
  ADD ("refused/sparse-terabyte", "1099511627776", test_sparse);
  ADD ("refused/sparse-package", "200000000", test_sparse);
  ADD ("refused/no-package", NULL, test_no_package);
  ADD ("refused/truncated", NULL, test_truncated);
  ADD ("refused/stage-not-empty", NULL, test_not_empty);
  ADD ("canceled", NULL, test_cancel);
  ADD ("good", NULL, test_good);
  ADD ("no-top", NULL, test_no_top);
  ADD ("single-file", NULL, test_single_file);
  ADD ("hard-link", NULL, test_hard_link);
  ADD ("attributes", NULL, test_attributes);

  return g_test_run ();
}
