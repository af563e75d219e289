/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plug-rb-error.h"

#define REPLACE_ATTEMPTS 5

/**
 * plug_rb_fs_open_folder:
 * @path: absolute path of a folder; links on the way are followed
 *
 * Returns: a descriptor that the caller closes, or -1
 */
int
plug_rb_fs_open_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), path);

  return fd;
}

/**
 * plug_rb_fs_open_child:
 * @parent_fd: a folder
 * @name: name of a folder in it that is not a symbolic link
 *
 * Returns: a descriptor that the caller closes, or -1
 */
int
plug_rb_fs_open_child (int parent_fd, const char *name, GError **error)
{
  int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), name);

  return fd;
}

/**
 * plug_rb_fs_open_below:
 * @root_fd: a folder
 * @path: path below it, "" for the folder itself
 * @flags: as for open(); no symbolic link is followed anywhere on the way
 *
 * Returns: a descriptor that the caller closes, or -1 with errno set
 */
int
plug_rb_fs_open_below (int root_fd, const char *path, int flags)
{
  struct open_how how = { .flags = flags | O_CLOEXEC,
                          .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };

  return syscall (SYS_openat2, root_fd, *path ? path : ".", &how, sizeof how);
}

/**
 * plug_rb_fs_open_beneath:
 *
 * As plug_rb_fs_open_below(), with an error that names the path.
 */
int
plug_rb_fs_open_beneath (int root_fd, const char *path, int flags, GError **error)
{
  int fd = plug_rb_fs_open_below (root_fd, path, flags);

  if (fd < 0) {
    g_autofree char *shown = g_filename_display_name (path);

    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), shown);
  }

  return fd;
}

static gboolean
is_empty (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);

  return folder != NULL && g_dir_read_name (folder) == NULL;
}

/**
 * plug_rb_fs_make_folders:
 * @path: absolute path
 *
 * Makes @path and what lacks above it, private to the user, each name durable in its parent. The
 * name of a folder that is there but empty is made durable once more: whoever made it may have died
 * before.
 */
gboolean
plug_rb_fs_make_folders (const char *path, GError **error)
{
  g_autofree char *parent = NULL;

  parent = g_path_get_dirname (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return !is_empty (path) || plug_rb_fs_sync_folder (parent, error);

  if (!plug_rb_fs_make_folders (parent, error))
    return FALSE;

  if (mkdir (path, 0700) < 0 && errno != EEXIST) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be made"), path);
    return FALSE;
  }

  return plug_rb_fs_sync_folder (parent, error);
}

gboolean
plug_rb_fs_sync (int fd, const char *what, GError **error)
{
  if (TEMP_FAILURE_RETRY (fsync (fd)) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written to the disk"), what);
  return FALSE;
}

/**
 * plug_rb_fs_sync_all:
 *
 * One syncfs for a whole new tree: an fsync for each of its files would cost many times as much.
 */
gboolean
plug_rb_fs_sync_all (int fd, const char *what, GError **error)
{
  if (syncfs (fd) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written to the disk"), what);
  return FALSE;
}

gboolean
plug_rb_fs_sync_folder (const char *path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (path, error);

  return fd >= 0 && plug_rb_fs_sync (fd, path, error);
}

static gboolean
read_all (int fd, char *buffer, gsize size, gsize *length)
{
  *length = 0;

  while (*length < size) {
    gssize n = TEMP_FAILURE_RETRY (read (fd, buffer + *length, size - *length));

    if (n < 0)
      return FALSE;
    if (n == 0)
      break;
    *length += n;
  }

  return TRUE;
}

/**
 * plug_rb_fs_read:
 * @parent_fd: a folder, or `AT_FDCWD`
 * @limit: largest size in bytes that is read; a larger file is an error
 *
 * Reads a small regular file that is not a symbolic link.
 *
 * Returns: (transfer full): its content
 */
GBytes *
plug_rb_fs_read (int parent_fd, const char *name, gsize limit, GError **error)
{
  g_autofd int fd = openat (parent_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autofree char *buffer = NULL;
  struct stat st;
  gsize length;

  if (fd < 0 || fstat (fd, &st) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), name);
    return NULL;
  }

  if (!S_ISREG (st.st_mode) || (guint64) st.st_size > limit) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("“%s” is not a regular file of a sensible size"), name);
    return NULL;
  }

  buffer = g_malloc (st.st_size + 1);
  if (!read_all (fd, buffer, st.st_size, &length)) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), name);
    return NULL;
  }

  return g_bytes_new_take (g_steal_pointer (&buffer), length);
}

gboolean
plug_rb_fs_write (int fd, const void *data, gsize length, GError **error)
{
  const char *p = data;

  while (length > 0) {
    gssize n = TEMP_FAILURE_RETRY (write (fd, p, length));

    if (n < 0) {
      plug_rb_error_set_errno (error, errno, _("A file cannot be written"));
      return FALSE;
    }
    p += n;
    length -= n;
  }

  return TRUE;
}

static gboolean
write_synced (int parent_fd, const char *name, const void *data, gsize length, GError **error)
{
  g_autofd int fd =
      openat (parent_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  return plug_rb_fs_write (fd, data, length, error) && plug_rb_fs_sync (fd, name, error);
}

/* Each writer has a file of its own: what one has synced another must not truncate. */
static char *
make_temporary_name (const char *name)
{
  return g_strdup_printf (PLUG_RB_FS_TEMPORARY "%s-%08x", name, g_random_int ());
}

/**
 * plug_rb_fs_replace:
 * @parent_fd: a folder
 * @name: a name in it
 *
 * Replaces a small file: afterwards, and after a crash at any point, the name has the old content
 * or the new, and the new for certain once this returns. Whoever sweeps up what crashes left may
 * delete the temporary file meanwhile; it is written again then.
 */
gboolean
plug_rb_fs_replace (int parent_fd, const char *name, const void *data, gsize length, GError **error)
{
  for (guint attempt = 1;; attempt++) {
    g_autofree char *temporary = make_temporary_name (name);

    if (!write_synced (parent_fd, temporary, data, length, error)) {
      unlinkat (parent_fd, temporary, 0);
      return FALSE;
    }

    if (renameat (parent_fd, temporary, parent_fd, name) == 0)
      return plug_rb_fs_sync (parent_fd, name, error);

    if (errno != ENOENT || attempt == REPLACE_ATTEMPTS) {
      plug_rb_error_set_errno (error, errno, _("“%s” cannot be replaced"), name);
      unlinkat (parent_fd, temporary, 0);
      return FALSE;
    }
  }
}

static void
add_names (GPtrArray *names, const char *entries, gsize length)
{
  for (gsize i = 0; i < length;) {
    const struct dirent64 *entry = (const struct dirent64 *) (gconstpointer) (entries + i);

    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      g_ptr_array_add (names, g_strdup (entry->d_name));
    i += entry->d_reclen;
  }
}

typedef void (*AddNamesFunc) (GPtrArray *names, const char *entries, gsize length);

/* Not by readdir(), which would need a descriptor and three more system calls for each folder of a
 * tree. */
static GPtrArray *
read_names (int fd, AddNamesFunc add, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  _Alignas (struct dirent64) char entries[32 * 1024];
  gssize length = lseek (fd, 0, SEEK_SET);

  while (length >= 0 && (length = getdents64 (fd, entries, sizeof entries)) > 0)
    add (names, entries, length);

  if (length < 0) {
    plug_rb_error_set_errno (error, errno, _("A folder cannot be read"));
    return NULL;
  }

  return g_steal_pointer (&names);
}

/**
 * plug_rb_fs_list:
 * @fd: a folder; its position is at the end afterwards
 *
 * Returns: (transfer full) (element-type filename): the names in it in byte order, without "." and
 * ".."
 */
GPtrArray *
plug_rb_fs_list (int fd, GError **error)
{
  GPtrArray *names = read_names (fd, add_names, error);

  if (names != NULL)
    g_ptr_array_sort_values (names, (GCompareFunc) strcmp);

  return names;
}

static guint64
measure_folder (int parent_fd, const char *name)
{
  g_autofd int fd = plug_rb_fs_open_child (parent_fd, name, NULL);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);
  guint64 bytes = 0;

  for (guint i = 0; names != NULL && i < names->len; i++)
    bytes += plug_rb_fs_measure (fd, names->pdata[i]);

  return bytes;
}

/**
 * plug_rb_fs_measure:
 * @parent_fd: a folder
 * @name: a file, link or folder in it; it may be absent
 *
 * Returns: bytes of all regular files that can be seen there
 */
guint64
plug_rb_fs_measure (int parent_fd, const char *name)
{
  struct stat st;

  if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return 0;
  if (S_ISDIR (st.st_mode))
    return measure_folder (parent_fd, name);

  return S_ISREG (st.st_mode) ? (guint64) st.st_size : 0;
}

/* Names of folders come with a "/" behind them, which saves a question and a failed try for each.
 */
static void
add_typed_names (GPtrArray *names, const char *entries, gsize length)
{
  for (gsize i = 0; i < length;) {
    const struct dirent64 *entry = (const struct dirent64 *) (gconstpointer) (entries + i);

    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      g_ptr_array_add (names,
                       g_strconcat (entry->d_name, entry->d_type == DT_DIR ? "/" : NULL, NULL));
    i += entry->d_reclen;
  }
}

static gboolean remove_folder (int parent_fd, const char *name, GError **error);

static gboolean
empty_folder (int fd, GError **error)
{
  g_autoptr(GPtrArray) names = read_names (fd, add_typed_names, error);

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++) {
    char *name = names->pdata[i];
    gsize length = strlen (name);
    gboolean is_folder = name[length - 1] == '/';

    name[length - is_folder] = '\0';
    if (!(is_folder ? remove_folder (fd, name, error) : plug_rb_fs_remove_tree (fd, name, error)))
      return FALSE;
  }

  return TRUE;
}

/* A read-only folder of a plugin would refuse to be emptied. Folders have no second link, so making
 * it writable changes nothing that anybody else sees. */
static gboolean
unlock_folder (int parent_fd, const char *name)
{
  struct stat st;

  return fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode) &&
         (st.st_mode & S_IRWXU) != S_IRWXU && fchmodat (parent_fd, name, S_IRWXU, 0) == 0;
}

static gboolean
try_remove_folder (int parent_fd, const char *name, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_child (parent_fd, name, error);

  if (fd < 0 || !empty_folder (fd, error))
    return FALSE;
  if (unlinkat (parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be deleted"), name);
  return FALSE;
}

static gboolean
remove_folder (int parent_fd, const char *name, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (try_remove_folder (parent_fd, name, &cause))
    return TRUE;
  if (unlock_folder (parent_fd, name))
    return try_remove_folder (parent_fd, name, error);

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * plug_rb_fs_remove_tree:
 * @parent_fd: a folder
 * @name: a file, link or folder in it; it may be absent
 *
 * Deletes @name and all below it, never through a symbolic link.
 */
gboolean
plug_rb_fs_remove_tree (int parent_fd, const char *name, GError **error)
{
  struct stat st;
  int errsv;

  /* Most names are those of files, so no question is asked first. */
  if (unlinkat (parent_fd, name, 0) == 0 || errno == ENOENT)
    return TRUE;

  errsv = errno;
  if ((errsv == EISDIR || errsv == EPERM) &&
      fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode))
    return remove_folder (parent_fd, name, error);

  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be deleted"), name);
  return FALSE;
}

gboolean
plug_rb_fs_remove_path (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofd int fd = -1;

  if (!g_file_test (parent, G_FILE_TEST_IS_DIR))
    return TRUE;

  fd = plug_rb_fs_open_folder (parent, error);

  return fd >= 0 && plug_rb_fs_remove_tree (fd, name, error);
}

/**
 * plug_rb_fs_identify:
 * @path: absolute path; a link there is not followed
 * @id: (out): what it is recognised by, if it exists
 * @exists: (out): whether it does
 */
gboolean
plug_rb_fs_identify (const char *path, PlugRbFileId *id, gboolean *exists, GError **error)
{
  struct statx stx = { 0 };

  *id = (PlugRbFileId) { 0 };
  *exists = statx (AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx) == 0;

  if (!*exists && errno != ENOENT && errno != ENOTDIR) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), path);
    return FALSE;
  }

  if (*exists) {
    id->ino = stx.stx_ino;
    id->btime_sec = (stx.stx_mask & STATX_BTIME) ? stx.stx_btime.tv_sec : 0;
    id->btime_nsec = (stx.stx_mask & STATX_BTIME) ? stx.stx_btime.tv_nsec : 0;
  }

  return TRUE;
}

gboolean
plug_rb_file_id_equal (const PlugRbFileId *a, const PlugRbFileId *b)
{
  return a->ino == b->ino && a->btime_sec == b->btime_sec && a->btime_nsec == b->btime_nsec;
}
