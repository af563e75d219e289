/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-shared-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-xattrs.h"

/* What hosts keep in such files are kilobytes. */
#define MAX_SIZE (16 * 1024 * 1024)
#define MAX_LINKS 40
#define MAX_NAME 200
#define ACL "system.posix_acl_access"

struct _PlugRbSharedFile {
  char *path;
  char *folder;
  char *name;
  char *temporary;
  int folder_fd;
  int fd;
  struct stat st;
  GBytes *bytes;
};

/**
 * plug_rb_shared_file_free:
 *
 * Closes the file.
 */
void
plug_rb_shared_file_free (PlugRbSharedFile *self)
{
  g_free (self->path);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->temporary);
  g_clear_fd (&self->folder_fd, NULL);
  g_clear_fd (&self->fd, NULL);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/* ---- reading */

/* realpath() would fail where the target does not exist. Links above the last name are left to
 * open(). */
static char *
resolve (const char *path, GError **error)
{
  g_autofree char *current = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS; i++) {
    g_autofree char *target = g_file_read_link (current, NULL);
    g_autofree char *folder = NULL;
    char *next;

    if (target == NULL)
      return g_steal_pointer (&current);

    folder = g_path_get_dirname (current);
    next =
        g_path_is_absolute (target) ? g_strdup (target) : g_build_filename (folder, target, NULL);
    g_free (current);
    current = next;
  }

  plug_rb_error_set_errno (error, ELOOP, _("“%s” cannot be read"), path);
  return NULL;
}

static gboolean
throw_unreadable (PlugRbSharedFile *self, int errsv, GError **error)
{
  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be read"), self->path);
  return FALSE;
}

static gboolean
check_kind (PlugRbSharedFile *self, GError **error)
{
  if (!S_ISREG (self->st.st_mode)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED, _("“%s” is not a regular file"),
                 self->path);
    return FALSE;
  }

  if (self->st.st_size > MAX_SIZE) {
    g_autofree char *size = g_format_size ((guint64) self->st.st_size);
    g_autofree char *limit = g_format_size_full (MAX_SIZE, G_FORMAT_SIZE_IEC_UNITS);

    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_LARGE,
                 _("“%s” is too large for a file of settings: %s, at most %s are read"),
                 self->path, size, limit);
    return FALSE;
  }

  return TRUE;
}

/* Up to one byte more than there was: to notice one that grows. */
static GBytes *
read_content (PlugRbSharedFile *self, GError **error)
{
  gsize size = (gsize) self->st.st_size + 1;
  g_autofree char *buffer = g_malloc (size);
  gsize length = 0;
  gssize n;

  do {
    n = TEMP_FAILURE_RETRY (pread (self->fd, buffer + length, size - length, (off_t) length));
    length += (gsize) MAX (n, 0);
  } while (n > 0 && length < size);

  if (n < 0) {
    throw_unreadable (self, errno, error);
    return NULL;
  }

  return g_bytes_new_take (g_steal_pointer (&buffer), length);
}

static gboolean
is_missing (int errsv)
{
  return errsv == ENOENT || errsv == ENOTDIR;
}

static gboolean
open_content (PlugRbSharedFile *self, GError **error)
{
  self->fd = openat (self->folder_fd, self->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0)
    return is_missing (errno) || throw_unreadable (self, errno, error);
  if (fstat (self->fd, &self->st) < 0)
    return throw_unreadable (self, errno, error);
  if (!check_kind (self, error))
    return FALSE;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = read_content (self, error);
  return self->bytes != NULL;
}

static gboolean
open_folder (PlugRbSharedFile *self)
{
  self->folder_fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return self->folder_fd >= 0;
}

/**
 * plug_rb_shared_file_open:
 * @path: absolute path
 *
 * Opens and reads the file. That it is not there is no error.
 *
 * Returns: (transfer full): the file, or %NULL with an error that names it
 */
PlugRbSharedFile *
plug_rb_shared_file_open (const char *path, GError **error)
{
  g_autoptr(PlugRbSharedFile) self = g_new0 (PlugRbSharedFile, 1);
  g_autofree char *resolved = NULL;

  self->folder_fd = self->fd = -1;
  self->path = g_strdup (path);
  self->bytes = g_bytes_new_static ("", 0);
  if ((resolved = resolve (path, error)) == NULL)
    return NULL;

  self->folder = g_path_get_dirname (resolved);
  self->name = g_path_get_basename (resolved);
  self->temporary = g_strdup_printf (PLUG_RB_FS_TEMPORARY "%.*s", MAX_NAME, self->name);

  if (!open_folder (self) && !is_missing (errno)) {
    throw_unreadable (self, errno, error);
    return NULL;
  }
  if (self->folder_fd >= 0 && !open_content (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * plug_rb_shared_file_exists:
 *
 * Returns: whether it was there when it was opened
 */
gboolean
plug_rb_shared_file_exists (PlugRbSharedFile *self)
{
  return self->fd >= 0;
}

/**
 * plug_rb_shared_file_get_bytes:
 *
 * Returns: (transfer none): its content when it was opened; nothing if it was not there
 */
GBytes *
plug_rb_shared_file_get_bytes (PlugRbSharedFile *self)
{
  return self->bytes;
}

/* ---- writing */

static gboolean
throw_unwritable (PlugRbSharedFile *self, int errsv, GError **error)
{
  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be written"), self->path);
  return FALSE;
}

static gboolean
is_folder_writable (const char *folder)
{
  g_autofree char *parent = NULL;

  if (faccessat (AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0)
    return TRUE;
  if (!is_missing (errno) || g_str_equal (folder, "/"))
    return FALSE;

  parent = g_path_get_dirname (folder);
  return is_folder_writable (parent);
}

/**
 * plug_rb_shared_file_can_replace:
 *
 * Asks beforehand for what would make plug_rb_shared_file_replace() fail. A file that its owner
 * made read-only stays as it is, although its folder would let it be replaced.
 *
 * Returns: whether it can be replaced; otherwise %PLUG_RB_ERROR_NOT_WRITABLE
 */
gboolean
plug_rb_shared_file_can_replace (PlugRbSharedFile *self, GError **error)
{
  if (self->fd >= 0 && self->st.st_uid != geteuid () && geteuid () != 0) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE,
                 _("“%s” cannot be written: it belongs to another user"), self->path);
    return FALSE;
  }

  if (self->fd >= 0 && ((self->st.st_mode & S_IWUSR) == 0 ||
                        faccessat (self->folder_fd, self->name, W_OK, AT_EACCESS) < 0))
    return throw_unwritable (self, (self->st.st_mode & S_IWUSR) == 0 ? EACCES : errno, error);

  return is_folder_writable (self->folder) || throw_unwritable (self, errno, error);
}

/* The lock makes writers take turns with the one temporary name; one that died leaves its file to
 * the next. */
static gboolean
open_temporary (PlugRbSharedFile *self, int *fd, GError **error)
{
  struct stat st, named;

  for (;;) {
    g_clear_fd (fd, NULL);
    *fd =
        openat (self->folder_fd, self->temporary, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*fd < 0 || TEMP_FAILURE_RETRY (flock (*fd, LOCK_EX)) < 0 || fstat (*fd, &st) < 0)
      return throw_unwritable (self, errno, error);
    if (!S_ISREG (st.st_mode) || st.st_uid != geteuid ())
      return throw_unwritable (self, EEXIST, error);

    /* It already has its real name, too. */
    if (st.st_nlink > 1)
      unlinkat (self->folder_fd, self->temporary, 0);
    else if (fstatat (self->folder_fd, self->temporary, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
             named.st_ino == st.st_ino && named.st_dev == st.st_dev)
      return TRUE;
  }
}

static gboolean
dress (PlugRbSharedFile *self, int fd)
{
  g_autofree char *xattrs = NULL;

  if (self->fd < 0)
    return fchmod (fd, 0600) == 0;
  if (!plug_rb_xattrs_read (self->fd, &xattrs))
    return FALSE;

  /* A list that the folder gave to the new file. */
  fremovexattr (fd, ACL);

  return fchown (fd, self->st.st_uid, self->st.st_gid) == 0 &&
         fchmod (fd, self->st.st_mode & 07777) == 0 && plug_rb_xattrs_write (fd, xattrs);
}

static gboolean
write_temporary (PlugRbSharedFile *self, int fd, GBytes *bytes, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  if (ftruncate (fd, 0) < 0 || lseek (fd, 0, SEEK_SET) < 0)
    return throw_unwritable (self, errno, error);
  if (!plug_rb_fs_write (fd, data, length, error)) {
    g_prefix_error (error, "“%s”: ", self->path);
    return FALSE;
  }
  if (!dress (self, fd))
    return throw_unwritable (self, errno, error);

  return plug_rb_fs_sync (fd, self->path, error);
}

/* Hosts write in place or replace the file: both are noticed. */
static gboolean
is_outdated (PlugRbSharedFile *self)
{
  g_autoptr(GBytes) now = NULL;
  struct stat st;

  if (self->fd < 0)
    return FALSE;
  if (fstatat (self->folder_fd, self->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
      st.st_ino != self->st.st_ino || st.st_dev != self->st.st_dev)
    return TRUE;

  now = read_content (self, NULL);
  return now == NULL || !g_bytes_equal (now, self->bytes);
}

static gboolean
move_into_place (PlugRbSharedFile *self)
{
  if (self->fd >= 0)
    return renameat (self->folder_fd, self->temporary, self->folder_fd, self->name) == 0;

  if (renameat2 (self->folder_fd, self->temporary, self->folder_fd, self->name, RENAME_NOREPLACE) ==
      0)
    return TRUE;

  /* Not every file system can do that; on those, the link does the same. */
  return errno == EINVAL &&
         linkat (self->folder_fd, self->temporary, self->folder_fd, self->name, 0) == 0 &&
         unlinkat (self->folder_fd, self->temporary, 0) == 0;
}

static gboolean
replace_locked (PlugRbSharedFile *self, int fd, GBytes *bytes, gboolean *outdated, GError **error)
{
  if (!write_temporary (self, fd, bytes, error))
    return FALSE;

  *outdated = is_outdated (self);
  if (!*outdated && !move_into_place (self)) {
    if (errno != EEXIST)
      return throw_unwritable (self, errno, error);
    *outdated = TRUE;
  }

  return *outdated || plug_rb_fs_sync (self->folder_fd, self->folder, error);
}

static gboolean
prepare_folder (PlugRbSharedFile *self, GError **error)
{
  if (self->folder_fd >= 0)
    return TRUE;

  if (!plug_rb_fs_make_folders (self->folder, error))
    return FALSE;

  return open_folder (self) || throw_unwritable (self, errno, error);
}

/**
 * plug_rb_shared_file_replace:
 * @bytes: the content to come
 * @outdated: (out): whether the file is no longer as it was when it was opened; nothing was changed
 *   then, and it is to be opened anew
 *
 * Puts a new content in place of the old one, with the same mode, owner and attributes, durable
 * when it returns. A crash leaves the old or the new content, and perhaps a temporary file, which
 * the next one who writes or settles the file takes away.
 */
gboolean
plug_rb_shared_file_replace (PlugRbSharedFile *self,
                             GBytes *bytes,
                             gboolean *outdated,
                             GError **error)
{
  g_autofd int fd = -1;
  gboolean done;

  *outdated = FALSE;
  if (!plug_rb_shared_file_can_replace (self, error) || !prepare_folder (self, error) ||
      !open_temporary (self, &fd, error))
    return FALSE;

  done = replace_locked (self, fd, bytes, outdated, error);
  if (!done || *outdated)
    unlinkat (self->folder_fd, self->temporary, 0);

  return done;
}

static void
sweep (PlugRbSharedFile *self)
{
  g_autofd int fd = openat (self->folder_fd, self->temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    unlinkat (self->folder_fd, self->temporary, 0);
}

/**
 * plug_rb_shared_file_settle:
 *
 * Makes durable what is there, for which whoever wrote it may have died too early, and deletes what
 * he may have left. For where nothing is to be written.
 */
gboolean
plug_rb_shared_file_settle (PlugRbSharedFile *self, GError **error)
{
  if (self->folder_fd < 0)
    return TRUE;

  sweep (self);
  if (self->fd >= 0 && !plug_rb_fs_sync (self->fd, self->path, error))
    return FALSE;

  return plug_rb_fs_sync (self->folder_fd, self->folder, error);
}
