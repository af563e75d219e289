/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-package-tree.h"

/* A plugin that is not packed: what lies there may come from anybody all the same, so it goes
 * through the tree that packages go through, and by the same rules. */

#define BLOCK_SIZE (128 * 1024)

typedef struct {
  PlugRbPackageTree *tree;
  const PlugRbUnpackLimits *limits;
  struct stat stage;
  guint64 written;
  GCancellable *cancellable;
} Copy;

static gboolean
throw_unreadable (GError **error, const char *path)
{
  plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), path);
  return FALSE;
}

static gboolean
count (Copy *self, const char *path, guint64 *size, gsize n, GError **error)
{
  *size += n;
  self->written += n;
  if (*size > self->limits->file_size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path, _("is too large"));
  if (self->written > self->limits->total_size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path,
                                   _("makes the package too large"));

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static gboolean
copy_content (Copy *self, const char *path, int from, int to, GError **error)
{
  g_autofree char *buffer = g_malloc (BLOCK_SIZE);
  guint64 size = 0;
  gssize n;

  while ((n = read (from, buffer, BLOCK_SIZE)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return throw_unreadable (error, path);
    if (!count (self, path, &size, n, error) || !plug_rb_fs_write (to, buffer, n, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
copy_file (Copy *self, int from, const char *path, GError **error)
{
  struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, { 0 } };
  struct stat st;
  g_autofd int to = -1;

  if (fstat (from, &st) < 0)
    return throw_unreadable (error, path);
  if (!S_ISREG (st.st_mode))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a device, a pipe or a socket"));
  if (st.st_mode & (S_ISUID | S_ISGID))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("would run with another user’s rights"));
  if ((to = plug_rb_package_tree_add_file (self->tree, path, (st.st_mode & 0100) != 0, error)) <
          0 ||
      !copy_content (self, path, from, to, error))
    return FALSE;

  stamps[1] = st.st_mtim;
  if (futimens (to, stamps) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
  return FALSE;
}

static gboolean
copy_link (Copy *self, int parent_fd, const char *name, const char *path, GError **error)
{
  char target[PATH_MAX];
  gssize n = readlinkat (parent_fd, name, target, sizeof target - 1);

  if (n < 0)
    return throw_unreadable (error, path);

  target[n] = '\0';
  return plug_rb_package_tree_add_link (self->tree, path, target, error);
}

static gboolean copy_folder (Copy *self, int fd, const char *path, GError **error);

static gboolean
copy_child_folder (Copy *self, int parent_fd, const char *name, const char *path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_child (parent_fd, name, error);

  return fd >= 0 && plug_rb_package_tree_add_folder (self->tree, path, error) &&
         copy_folder (self, fd, path, error);
}

static gboolean
copy_entry (Copy *self, int parent_fd, const char *name, const char *path, GError **error)
{
  struct stat st;
  g_autofd int fd = -1;

  if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return throw_unreadable (error, path);
  if (S_ISLNK (st.st_mode))
    return copy_link (self, parent_fd, name, path, error);
  if (S_ISDIR (st.st_mode))
    return copy_child_folder (self, parent_fd, name, path, error);

  /* Another process may put a pipe in its place meanwhile. */
  fd = openat (parent_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno != ENXIO)
    return throw_unreadable (error, path);
  if (fd < 0)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a device, a pipe or a socket"));

  return copy_file (self, fd, path, error);
}

/* It would copy itself. */
static gboolean
check_not_stage (Copy *self, int fd, const char *path, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return throw_unreadable (error, path);

  return st.st_dev != self->stage.st_dev || st.st_ino != self->stage.st_ino ||
         plug_rb_package_refuse (error, PLUG_RB_ERROR_INVALID, path,
                                 _("is where packages are unpacked"));
}

static gboolean
copy_folder (Copy *self, int fd, const char *path, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (!check_not_stage (self, fd, path, error) || !(names = plug_rb_fs_list (fd, error)))
    return FALSE;

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *raw = g_build_filename (path, names->pdata[i], NULL);
    g_autofree char *clean =
        plug_rb_package_clean_name (raw, self->limits->path_length, self->limits->depth, error);

    if (clean == NULL || !copy_entry (self, fd, names->pdata[i], clean, error) ||
        g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
copy_single (Copy *self, int fd, const char *name, GError **error)
{
  g_autofree char *clean =
      plug_rb_package_clean_name (name, self->limits->path_length, self->limits->depth, error);

  return clean != NULL && copy_file (self, fd, clean, error);
}

/**
 * plug_rb_package_copy:
 * @source_fd: a folder or a regular file, open for reading; it stays the caller's
 * @name: the name that a file gets; empty for a folder, of which only what is in it is copied
 * @stage_fd: an empty folder
 * @unpacked: (out caller-allocates): what was copied; cleared by the caller
 *
 * Copies a plugin that is not packed, by the rules of [func@unpack].
 *
 * Returns: %FALSE if it was refused; what was copied until then stays for the caller to delete
 */
gboolean
plug_rb_package_copy (int source_fd,
                      const char *name,
                      int stage_fd,
                      PlugRbUnpacked *unpacked,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr(PlugRbPackageTree) tree = NULL;
  Copy self = { .limits = plug_rb_unpack_get_limits (), .cancellable = cancellable };

  *unpacked = (PlugRbUnpacked) { 0 };
  if (fstat (stage_fd, &self.stage) < 0)
    return throw_unreadable (error, "");

  self.tree = tree = plug_rb_package_tree_new (stage_fd, self.limits);
  if (!(*name != '\0' ? copy_single (&self, source_fd, name, error)
                      : copy_folder (&self, source_fd, "", error)) ||
      !plug_rb_package_tree_finish (tree, error))
    return FALSE;

  unpacked->top = plug_rb_package_tree_find_top (tree);
  unpacked->entries = plug_rb_package_tree_get_size (tree);
  unpacked->size = self.written;
  return TRUE;
}
