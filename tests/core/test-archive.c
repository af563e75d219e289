/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-archive.h"
#include "plug-rb-archive-writer.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "scratch.h"

#define LIMIT (16 * 1024 * 1024)
#define LARGE (3 * 1024 * 1024)

/* A row and what it holds: the content of a file, the target of a link. */
typedef struct {
  PlugRbEntryType type;
  const char *path;
  const char *content;
  guint mode;
  gint64 mtime;
  guint nsec;
} Row;

#define LONG_NAME                                                                                  \
  "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-"     \
  "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long"

static const Row rows[] = {
  { PLUG_RB_ENTRY_FOLDER, "", NULL, 0755, 1767323045, 678901234 },
  { PLUG_RB_ENTRY_FILE, "before-1970", "old", 0644, -2, 0 },
  { PLUG_RB_ENTRY_FILE, "caf\xe9.js", "Latin-1", 0644, 1767323045, 123456789 },
  { PLUG_RB_ENTRY_FOLDER, "deep", NULL, 0750, 1700000000, 1 },
  { PLUG_RB_ENTRY_FILE, "deep/" LONG_NAME, "long", 0600, 1700000000, 100 },
  { PLUG_RB_ENTRY_FILE, "deep/empty", "", 0400, 1700000000, 0 },
  { PLUG_RB_ENTRY_FILE, "deep/line\nbreak", "a name", 0644, 0, 1 },
  { PLUG_RB_ENTRY_FOLDER, "empty", NULL, 0700, 1700000000, 999999999 },
  { PLUG_RB_ENTRY_FILE, "far", "far", 0644, 5000000000, 999999999 },
  { PLUG_RB_ENTRY_LINK, "link", "deep/\xff\xfe", 0777, 1700000000, 42 },
  { PLUG_RB_ENTRY_FILE, "m\xc3\xbcsli", "UTF-8", 0755, 1700000000, 5 },
};

typedef struct {
  char *folder;
  char *archive;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp (NULL, NULL);
  fixture->archive = g_build_filename (fixture->folder, "a.tar.zst", NULL);
  g_assert_nonnull (setlocale (LC_ALL, data ? data : "C"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  setlocale (LC_ALL, "C");
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_free (fixture->archive);
  g_free (fixture->folder);
}

/* ---- tools */

static PlugRbEntry
make_entry (const Row *row)
{
  PlugRbEntry entry = { .part = "user",
                        .path = row->path,
                        .type = row->type,
                        .mode = row->mode,
                        .mtime = row->mtime,
                        .nsec = row->nsec };

  if (row->type == PLUG_RB_ENTRY_FILE) {
    g_autofree char *sha256 = plug_rb_hash_bytes (row->content, strlen (row->content));

    entry.size = strlen (row->content);
    entry.sha256 = g_intern_string (sha256);
  } else {
    entry.target = row->content;
  }

  return entry;
}

static void
add_row (PlugRbFrame *frame, const Row *row)
{
  const PlugRbEntry entry = make_entry (row);
  g_autoptr(GError) error = NULL;

  plug_rb_frame_add (frame, &entry, row->type == PLUG_RB_ENTRY_FILE ? row->content : NULL,
                     entry.size, &error);
  g_assert_no_error (error);
}

static void
append (PlugRbArchiveWriter *writer, PlugRbFrame *frame)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_frame_compress (frame, &error));
  plug_rb_archive_writer_append (writer, frame, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_frame_get_size (frame), ==, 0);
}

/* Random bytes, in a frame of their own. Returns their SHA-256. */
static const char *
add_large (PlugRbArchiveWriter *writer, PlugRbFrame *frame)
{
  g_autofree guint32 *content = g_new (guint32, LARGE / 4);
  g_autofree char *sha256 = NULL;
  PlugRbEntry entry = { .part = "user", .path = "zz-large", .type = PLUG_RB_ENTRY_FILE };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < LARGE / 4; i++)
    content[i] = g_test_rand_int ();
  sha256 = plug_rb_hash_bytes (content, LARGE);
  entry.size = LARGE;
  entry.sha256 = sha256;
  plug_rb_frame_add (frame, &entry, content, LARGE, &error);
  g_assert_no_error (error);
  append (writer, frame);

  return g_intern_string (sha256);
}

static void
add_document (PlugRbFrame *frame)
{
  g_autofree char *sha256 = plug_rb_hash_bytes ("{}", 2);
  const PlugRbEntry entry = { .part = PLUG_RB_TABLE_SETTINGS,
                              .path = "settings.json",
                              .type = PLUG_RB_ENTRY_FILE,
                              .mode = 0600,
                              .size = 2,
                              .sha256 = sha256 };
  g_autoptr(GError) error = NULL;

  plug_rb_frame_add (frame, &entry, "{}", 2, &error);
  g_assert_no_error (error);
}

static void
close_archive (PlugRbArchiveWriter *writer, const char *path)
{
  g_autofree char *content = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *sha256 = NULL;
  g_autoptr(GError) error = NULL;
  guint64 size;
  gsize length;

  plug_rb_archive_writer_close (writer, &sha256, &size, &error);
  g_assert_no_error (error);

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  expected = plug_rb_hash_bytes (content, length);
  g_assert_cmpuint (size, ==, length);
  g_assert_cmpstr (sha256, ==, expected);
}

/* Returns the SHA-256 of the large file, if one was wanted. */
static const char *
write_archive (const char *path, gboolean with_large)
{
  g_autofd int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_autoptr(PlugRbArchiveWriter) writer = plug_rb_archive_writer_new (fd);
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();
  const char *large = NULL;

  add_document (frame);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    add_row (frame, &rows[i]);
  append (writer, frame);
  if (with_large)
    large = add_large (writer, frame);
  close_archive (writer, path);

  return large;
}

/* Reads all that is in an archive. Returns the contents by name, or %NULL. */
static GHashTable *
read_archive (const char *path, GError **error)
{
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr(PlugRbArchiveReader) reader = plug_rb_archive_reader_new (fd, error);
  g_autoptr(GHashTable) contents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  const char *name;

  if (reader == NULL)
    return NULL;

  while (plug_rb_archive_reader_next (reader, &name, error)) {
    g_autofree char *copy = g_strdup (name);
    GBytes *content;

    if (name == NULL)
      return g_steal_pointer (&contents);
    if (!(content = plug_rb_archive_reader_read (reader, LIMIT, error)))
      return NULL;
    g_hash_table_insert (contents, g_steal_pointer (&copy), content);
  }

  return NULL;
}

static gboolean
holds_row (GHashTable *contents, const Row *row)
{
  g_autofree char *name = g_strconcat ("files/user/", row->path, NULL);
  g_autoptr(GBytes) expected = g_bytes_new_static (row->content, strlen (row->content));
  GBytes *content = g_hash_table_lookup (contents, name);

  return content != NULL && g_bytes_equal (content, expected);
}

static gboolean
holds_all (GHashTable *contents)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].type == PLUG_RB_ENTRY_FILE && !holds_row (contents, &rows[i]))
      return FALSE;

  return g_hash_table_contains (contents, "settings/settings.json");
}

/* ---- whole archives */

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  const char *large = write_archive (fixture->archive, TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) contents = read_archive (fixture->archive, &error);
  g_autofree char *sha256 = NULL;
  GBytes *content;

  g_assert_no_error (error);
  g_assert_true (holds_all (contents));
  g_assert_cmpuint (g_hash_table_size (contents), ==, 9);

  content = g_hash_table_lookup (contents, "files/user/zz-large");
  g_assert_nonnull (content);
  sha256 = plug_rb_hash_bytes (g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  g_assert_cmpstr (sha256, ==, large);
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  const char *large = write_archive (fixture->archive, TRUE);
  g_autofree char *copy = g_build_filename (fixture->folder, "copy", NULL);
  g_autofd int fd = open (fixture->archive, O_RDONLY | O_CLOEXEC);
  g_autofd int to = open (copy, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_autoptr(PlugRbArchiveReader) reader = plug_rb_archive_reader_new (fd, NULL);
  g_autofree char *sha256 = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;
  struct stat st;

  do
    g_assert_true (plug_rb_archive_reader_next (reader, &name, &error));
  while (!g_str_equal (name, "files/user/zz-large"));
  plug_rb_archive_reader_copy (reader, to, &sha256, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (sha256, ==, large);
  g_assert_cmpint (stat (copy, &st), ==, 0);
  g_assert_cmpint (st.st_size, ==, LARGE);
}

static void
assert_extracted (const char *folder, const Row *row)
{
  static const mode_t types[] = { S_IFDIR, S_IFREG, S_IFLNK };
  g_autofree char *path = g_build_filename (folder, "files", "user", row->path, NULL);
  g_autofree char *content = NULL;
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & S_IFMT, ==, types[row->type]);
  g_assert_cmpint (st.st_mode & 07777, ==, row->mode);
  g_assert_cmpint (st.st_mtim.tv_sec, ==, row->mtime);

  if (row->type == PLUG_RB_ENTRY_FILE)
    g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  else if (row->type == PLUG_RB_ENTRY_LINK)
    content = g_file_read_link (path, NULL);
  g_assert_cmpstr (content, ==, row->content);
}

/* What this program wrote must be of use without it. */
static void
test_gnu_tar (Fixture *fixture, gconstpointer data)
{
  g_autofree char *locale = g_strconcat ("LC_ALL=", data, NULL);

  g_assert_null (write_archive (fixture->archive, FALSE));
  scratch_run ((const char *[]) { "env", locale, "tar", "--zstd", "-C", fixture->folder, "-xpf",
                                  fixture->archive, NULL });
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_extracted (fixture->folder, &rows[i]);
}

static void
test_gnu_tar_lists (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL;

  g_assert_null (write_archive (fixture->archive, FALSE));
  list = scratch_output ((const char *[]) { "env", "TZ=UTC", "tar", "--zstd", "--full-time", "-tvf",
                                            fixture->archive, NULL });
  g_assert_nonnull (strstr (list, "2026-01-02 03:04:05 files/user/caf"));
  g_assert_nonnull (strstr (list, "2128-06-11 08:53:20 files/user/far"));
}

/* ---- damaged archives */

typedef enum {
  FOUND_GOOD,
  FOUND_WRONG,
  FOUND_ERROR,
} Found;

static Found
look (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) contents = read_archive (path, &error);

  if (contents != NULL)
    return holds_all (contents) ? FOUND_GOOD : FOUND_WRONG;

  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return FOUND_ERROR;
}

static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  guint noticed = 0;
  gsize length;

  g_assert_null (write_archive (fixture->archive, FALSE));
  g_assert_true (g_file_get_contents (fixture->archive, &content, &length, NULL));

  for (gsize i = 0; i < length; i++)
    for (guint bit = 1; bit < 256; bit <<= 3) {
      content[i] ^= bit;
      g_assert_true (g_file_set_contents_full (fixture->archive, content, length,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      noticed += look (fixture->archive) != FOUND_GOOD;
      content[i] ^= bit;
    }

  g_assert_cmpuint (noticed, >, length);
}

/* Without the compression's own check in the way, so that damage reaches the tar reader. */
static void
test_flipped_headers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_build_filename (fixture->folder, "plain.tar", NULL);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_null (write_archive (fixture->archive, FALSE));
  scratch_run ((const char *[]) { "zstd", "-q", "-d", fixture->archive, "-o", plain, NULL });
  g_assert_true (g_file_get_contents (plain, &content, &length, NULL));

  for (guint i = 0; i < 3000; i++) {
    g_autofree char *bad = g_memdup2 (content, length);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GBytes) packed = NULL;

    for (int n = g_test_rand_int_range (1, 5); n > 0; n--)
      bad[g_test_rand_int_range (0, length)] = g_test_rand_int_range (0, 256);
    bytes = g_bytes_new_static (bad, length);
    packed = plug_rb_archive_compress (bytes, NULL);
    g_assert_true (g_file_set_contents_full (fixture->archive, g_bytes_get_data (packed, NULL),
                                             g_bytes_get_size (packed), G_FILE_SET_CONTENTS_NONE,
                                             0600, NULL));
    look (fixture->archive);
  }
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  guint good = 0;
  gsize length;

  g_assert_null (write_archive (fixture->archive, FALSE));
  g_assert_true (g_file_get_contents (fixture->archive, &content, &length, NULL));

  for (gsize i = length; i > 0; i--) {
    g_assert_cmpint (truncate (fixture->archive, i - 1), ==, 0);
    good += look (fixture->archive) == FOUND_GOOD;
  }

  /* Where all that is missing is the end mark, no content is. */
  g_assert_cmpuint (good, ==, 1);
}

static void
test_truncated_large (Fixture *fixture, gconstpointer data)
{
  struct stat st;

  g_assert_nonnull (write_archive (fixture->archive, TRUE));
  g_assert_cmpint (stat (fixture->archive, &st), ==, 0);
  for (off_t length = st.st_size - 1; length > 0; length -= st.st_size / 37) {
    g_assert_cmpint (truncate (fixture->archive, length), ==, 0);
    g_assert_cmpint (look (fixture->archive), ==, FOUND_ERROR);
  }
}

/* ---- contents that cannot be stored */

static void
test_full_disk (void)
{
  g_autofd int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_autoptr(PlugRbArchiveWriter) writer = plug_rb_archive_writer_new (full);
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();
  g_autoptr(GError) error = NULL;

  add_row (frame, &rows[1]);
  g_assert_true (plug_rb_frame_compress (frame, &error));
  g_assert_false (plug_rb_archive_writer_append (writer, frame, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE);
}

/* ---- single files */

static void
test_limit (void)
{
  g_autofree char *zeros = g_malloc0 (LIMIT);
  g_autoptr(GBytes) content = g_bytes_new_static (zeros, LIMIT);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) packed = plug_rb_archive_compress (content, &error);
  g_autoptr(GBytes) unpacked = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (packed), <, LIMIT / 1000);
  unpacked = plug_rb_archive_decompress (packed, LIMIT, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (unpacked, content));

  g_assert_null (plug_rb_archive_decompress (packed, LIMIT - 1, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

/* What is too short to be told from a plain file reads as one: whoever reads it has a hash to
 * check. */
static void
assert_truncated (GBytes *packed, gsize length)
{
  g_autoptr(GBytes) part = g_bytes_new_from_bytes (packed, 0, length);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) unpacked = plug_rb_archive_decompress (part, LIMIT, &error);

  if (unpacked != NULL)
    g_assert_true (length < 4 && g_bytes_equal (unpacked, part));
  else
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_damaged_file (void)
{
  static const char text[] = "some text that is packed, some text that is packed, and text";
  g_autoptr(GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr(GBytes) packed = plug_rb_archive_compress (content, NULL);
  gsize length = g_bytes_get_size (packed);

  for (gsize i = 0; i < length; i++)
    assert_truncated (packed, i);

  for (gsize i = 0; i < length * 8; i++) {
    g_autofree guint8 *bad = g_memdup2 (g_bytes_get_data (packed, NULL), length);
    g_autoptr(GBytes) flipped = g_bytes_new_static (bad, length);
    g_autoptr(GBytes) unpacked = NULL;

    bad[i / 8] ^= 1 << i % 8;
    unpacked = plug_rb_archive_decompress (flipped, LIMIT, NULL);
  }
}

int
main (int argc, char *argv[])
{
  static const char *const locales[] = { "C", "C.UTF-8" };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (locales); i++) {
    g_autofree char *trip = g_strconcat ("/archive/round-trip/", locales[i], NULL);
    g_autofree char *tar = g_strconcat ("/archive/gnu-tar/", locales[i], NULL);

    g_test_add (trip, Fixture, locales[i], set_up, test_round_trip, tear_down);
    g_test_add (tar, Fixture, locales[i], set_up, test_gnu_tar, tear_down);
  }
  g_test_add ("/archive/copy", Fixture, NULL, set_up, test_copy, tear_down);
  g_test_add ("/archive/gnu-tar/lists", Fixture, NULL, set_up, test_gnu_tar_lists, tear_down);
  g_test_add ("/archive/flipped", Fixture, NULL, set_up, test_flipped, tear_down);
  g_test_add ("/archive/flipped/headers", Fixture, NULL, set_up, test_flipped_headers, tear_down);
  g_test_add ("/archive/truncated", Fixture, NULL, set_up, test_truncated, tear_down);
  g_test_add ("/archive/truncated/large", Fixture, NULL, set_up, test_truncated_large, tear_down);
  g_test_add_func ("/archive/full-disk", test_full_disk);
  g_test_add_func ("/archive/limit", test_limit);
  g_test_add_func ("/archive/damaged-file", test_damaged_file);

  return g_test_run ();
}
