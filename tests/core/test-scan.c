/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-scan.h"

#define SHA_OF_CONTENT "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"

typedef struct {
  char *folder;
  char *plugin;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp (NULL, NULL);
  fixture->plugin = g_build_filename (fixture->folder, "plugin", NULL);
  g_assert_cmpint (g_mkdir (fixture->plugin, 0755), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_free (fixture->plugin);
  g_free (fixture->folder);
}

/* ---- tools */

static char *
child (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->plugin, name, NULL);
}

static void
make_file (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = child (fixture, name);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
}

static void
set_attributes (Fixture *fixture, const char *name, mode_t mode, gint64 mtime, guint nsec)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = mtime, .tv_nsec = nsec } };
  g_autofree char *path = child (fixture, name);

  if (mode != 0)
    g_assert_cmpint (g_chmod (path, mode), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), ==, 0);
}

static PlugRbTable *
scan (Fixture *fixture, const PlugRbScan *how, GError **error)
{
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();

  if (!plug_rb_scan_part (how, table, "user", fixture->plugin, error))
    return NULL;

  plug_rb_table_close (table);
  return g_steal_pointer (&table);
}

static PlugRbTable *
scan_well (Fixture *fixture)
{
  const PlugRbScan how = { 0 };
  g_autoptr(GError) error = NULL;
  PlugRbTable *table = scan (fixture, &how, &error);

  g_assert_no_error (error);
  return table;
}

static void
assert_refused (Fixture *fixture, PlugRbError code, const char *name)
{
  const PlugRbScan how = { 0 };
  g_autofree char *path = child (fixture, name);
  g_autoptr(GError) error = NULL;

  g_assert_null (scan (fixture, &how, &error));
  g_assert_error (error, PLUG_RB_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
assert_paths (PlugRbTable *table, const char *expected)
{
  g_autoptr(GString) paths = g_string_new (NULL);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    g_string_append_printf (paths, "%s|", plug_rb_table_get (table, i)->path);
  g_assert_cmpstr (paths->str, ==, expected);
}

/* ---- what is found */

typedef struct {
  const char *path;
  PlugRbEntryType type;
  guint mode;
  guint64 size;
  gint64 mtime;
  guint nsec;
  const char *target;
  const char *sha256;
} Row;

static const Row rows[] = {
  { "", PLUG_RB_ENTRY_FOLDER, 0750, 0, 1700000000, 3, NULL, NULL },
  { "caf\xe9", PLUG_RB_ENTRY_FILE, 0640, 7, 1767323045, 678901234, NULL, SHA_OF_CONTENT },
  { "deep", PLUG_RB_ENTRY_FOLDER, 01777, 0, -5, 999999999, NULL, NULL },
  { "deep/tool", PLUG_RB_ENTRY_FILE, 0555, 7, 0, 1, NULL, SHA_OF_CONTENT },
  { "gone", PLUG_RB_ENTRY_LINK, 0777, 0, 5000000000, 4, "no/such/\xff", NULL },
};

static void
make_rows (Fixture *fixture)
{
  g_autofree char *link = child (fixture, "gone");

  make_file (fixture, "deep/tool", "content");
  make_file (fixture, "caf\xe9", "content");
  g_assert_cmpint (symlink ("no/such/\xff", link), ==, 0);
  for (guint i = G_N_ELEMENTS (rows); i > 0; i--) {
    const Row *row = &rows[i - 1];

    set_attributes (fixture, row->path, row->type == PLUG_RB_ENTRY_LINK ? 0 : row->mode, row->mtime,
                    row->nsec);
  }
}

static void
test_attributes (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbTable) table = NULL;

  make_rows (fixture);
  table = scan_well (fixture);
  g_assert_cmpuint (plug_rb_table_get_size (table), ==, G_N_ELEMENTS (rows));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    g_assert_cmpstr (entry->part, ==, "user");
    g_assert_cmpstr (entry->path, ==, rows[i].path);
    g_assert_cmpint (entry->type, ==, rows[i].type);
    g_assert_cmpuint (entry->mode, ==, rows[i].mode);
    g_assert_cmpuint (entry->size, ==, rows[i].size);
    g_assert_cmpint (entry->mtime, ==, rows[i].mtime);
    g_assert_cmpuint (entry->nsec, ==, rows[i].nsec);
    g_assert_cmpstr (entry->target, ==, rows[i].target);
    g_assert_cmpstr (entry->sha256, ==, rows[i].sha256);
  }
}

static void
test_looks_only (Fixture *fixture, gconstpointer data)
{
  const PlugRbScan how = { .looks_only = TRUE };
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();
  g_autofree char *secret = child (fixture, "caf\xe9");
  g_autoptr(GError) error = NULL;

  make_rows (fixture);
  g_assert_cmpint (g_chmod (secret, 0), ==, 0);
  plug_rb_scan_part (&how, table, "user", fixture->plugin, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_table_get_size (table), ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    g_assert_null (plug_rb_table_get (table, i)->sha256);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbTable) table = NULL;
  g_autofree char *below_file = child (fixture, "file/plugin");

  g_assert_cmpint (g_rmdir (fixture->plugin), ==, 0);
  table = scan_well (fixture);
  g_assert_cmpuint (plug_rb_table_get_size (table), ==, 0);

  make_file (fixture, "file", "");
  g_set_str (&fixture->plugin, below_file);
  g_clear_pointer (&table, plug_rb_table_unref);
  table = scan_well (fixture);
  g_assert_cmpuint (plug_rb_table_get_size (table), ==, 0);
}

static void
test_cache_globs (Fixture *fixture, gconstpointer data)
{
  static const char *const globs[] = { "__pycache__", "*.pyc", NULL };
  const PlugRbScan how = { .cache_globs = globs };
  g_autoptr(PlugRbTable) table = NULL;
  g_autoptr(GError) error = NULL;

  make_file (fixture, "a.py", "");
  make_file (fixture, "a.pyc", "");
  make_file (fixture, "deep/__pycache__/b.py", "");
  make_file (fixture, "deep/b.pyc.txt", "");
  table = scan (fixture, &how, &error);
  g_assert_no_error (error);
  assert_paths (table, "|a.py|deep|deep/b.pyc.txt|");
}

/* ---- linked folders */

static void
test_linked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *checkout = g_build_filename (fixture->folder, "checkout", NULL);
  g_autoptr(PlugRbTable) table = NULL;

  make_file (fixture, "deep/file", "content");
  g_assert_cmpint (g_rename (fixture->plugin, checkout), ==, 0);
  g_assert_cmpint (symlink (checkout, fixture->plugin), ==, 0);

  table = scan_well (fixture);
  g_assert_cmpstr (plug_rb_table_get (table, 0)->path, ==, "");
  g_assert_cmpint (plug_rb_table_get (table, 0)->type, ==, PLUG_RB_ENTRY_LINK);
  g_assert_cmpstr (plug_rb_table_get (table, 0)->target, ==, checkout);
}

static void
test_linked_content (Fixture *fixture, gconstpointer data)
{
  g_autofree char *checkout = g_build_filename (fixture->folder, "checkout", NULL);
  g_autoptr(PlugRbTable) table = NULL;

  make_file (fixture, "deep/file", "content");
  g_assert_cmpint (g_rename (fixture->plugin, checkout), ==, 0);
  g_assert_cmpint (symlink ("checkout", fixture->plugin), ==, 0);

  table = scan_well (fixture);
  assert_paths (table, "|deep|deep/file|");
}

static void
test_dangling (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbTable) table = NULL;

  g_assert_cmpint (g_rmdir (fixture->plugin), ==, 0);
  g_assert_cmpint (symlink ("nowhere", fixture->plugin), ==, 0);
  table = scan_well (fixture);
  assert_paths (table, "|");
}

/* ---- what is refused */

static void
test_fifo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = child (fixture, "a-fifo");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused (fixture, PLUG_RB_ERROR_UNSUPPORTED, "a-fifo");
}

static void
test_socket (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = child (fixture, "a-socket");
  g_autofd int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_refused (fixture, PLUG_RB_ERROR_UNSUPPORTED, "a-socket");
}

/* Making a device takes root, so one is taken that every system has. */
static void
test_device (Fixture *fixture, gconstpointer data)
{
  const PlugRbScan how = { 0 };
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_scan_part (&how, table, "user", "/dev/null", &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "/dev/null"));
}

static void
test_set_id (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = child (fixture, "deep/tool");

  make_file (fixture, "deep/tool", "");
  g_assert_cmpint (g_chmod (path, GPOINTER_TO_UINT (data)), ==, 0);
  assert_refused (fixture, PLUG_RB_ERROR_UNSUPPORTED, "deep/tool");
}

/* On a folder it only says to which group new files belong; it is not stored. */
static void
test_set_gid_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbTable) table = NULL;

  g_assert_cmpint (g_chmod (fixture->plugin, 02755), ==, 0);
  table = scan_well (fixture);
  g_assert_cmpuint (plug_rb_table_get (table, 0)->mode, ==, 0755);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  const char *name = data;
  g_autofree char *path = child (fixture, name);

  if (geteuid () == 0) {
    g_test_skip ("root reads everything");
    return;
  }

  make_file (fixture, "folder/file", "");
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  assert_refused (fixture, PLUG_RB_ERROR_NOT_WRITABLE, name);
}

/* ---- while it runs */

typedef struct {
  GCancellable *cancellable;
  guint n_files;
  guint64 n_bytes;
} Count;

static void
count (guint64 bytes, gpointer user_data)
{
  Count *counted = user_data;

  counted->n_files++;
  counted->n_bytes += bytes;
  if (counted->cancellable != NULL)
    g_cancellable_cancel (counted->cancellable);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  Count counted = { NULL, 0, 0 };
  const PlugRbScan how = { .progress = count, .user_data = &counted };
  g_autoptr(PlugRbTable) table = NULL;

  make_rows (fixture);
  table = scan (fixture, &how, NULL);
  g_assert_nonnull (table);
  g_assert_cmpuint (counted.n_files, ==, 2);
  g_assert_cmpuint (counted.n_bytes, ==, 14);
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Count counted = { cancellable, 0, 0 };
  const PlugRbScan how = { .cancellable = cancellable, .progress = count, .user_data = &counted };
  g_autoptr(GError) error = NULL;

  make_rows (fixture);
  g_assert_null (scan (fixture, &how, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (counted.n_files, ==, 1);
}

typedef struct {
  int fd;
  int n_writes;
  int stop;
} Rewriter;

static gpointer
rewrite (gpointer data)
{
  Rewriter *self = data;

  while (!g_atomic_int_get (&self->stop)) {
    guint8 byte = g_atomic_int_add (&self->n_writes, 1);

    g_assert_cmpint (pwrite (self->fd, &byte, 1, 0), ==, 1);
  }

  return NULL;
}

/* Large enough that the other thread gets its turn between the two looks at it, and the clock
 * ticks. */
static void
test_changing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = child (fixture, "deep/busy");
  Rewriter rewriter = { -1, 0, FALSE };
  GThread *thread;

  make_file (fixture, "deep/busy", "");
  rewriter.fd = open (path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (ftruncate (rewriter.fd, 256 * 1024 * 1024), ==, 0);
  thread = g_thread_new ("rewriter", rewrite, &rewriter);
  while (g_atomic_int_get (&rewriter.n_writes) < 100)
    g_thread_yield ();
  assert_refused (fixture, PLUG_RB_ERROR_CHANGING, "deep/busy");

  g_atomic_int_set (&rewriter.stop, TRUE);
  g_thread_join (thread);
  close (rewriter.fd);
}

typedef struct {
  const char *path;
  gconstpointer data;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "/scan/attributes", NULL, test_attributes },
  { "/scan/looks-only", NULL, test_looks_only },
  { "/scan/missing", NULL, test_missing },
  { "/scan/cache-globs", NULL, test_cache_globs },
  { "/scan/linked", NULL, test_linked },
  { "/scan/linked/content", NULL, test_linked_content },
  { "/scan/linked/dangling", NULL, test_dangling },
  { "/scan/refuses/fifo", NULL, test_fifo },
  { "/scan/refuses/socket", NULL, test_socket },
  { "/scan/refuses/device", NULL, test_device },
  { "/scan/refuses/set-uid", GUINT_TO_POINTER (04755), test_set_id },
  { "/scan/refuses/set-gid", GUINT_TO_POINTER (02755), test_set_id },
  { "/scan/set-gid-folder", NULL, test_set_gid_folder },
  { "/scan/unreadable/file", "folder/file", test_unreadable },
  { "/scan/unreadable/folder", "folder", test_unreadable },
  { "/scan/progress", NULL, test_progress },
  { "/scan/canceled", NULL, test_canceled },
  { "/scan/changing", NULL, test_changing },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, cases[i].data, set_up, cases[i].func, tear_down);

  return g_test_run ();
}
