/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-xattrs.h"

/* Of a tree that is a single file, @name is its name in the folder @fd; the path of its only entry
 * is "". */
struct _PlugRbTree {
  int fd;
  int live_fd;
  char *name;
};

/**
 * plug_rb_tree_new:
 * @folder: where the tree is made; its parent exists, it does not
 * @live: (nullable): the tree that stands now, from which files are linked
 */
PlugRbTree *
plug_rb_tree_new (const char *folder, const char *live, GError **error)
{
  g_autoptr(PlugRbTree) self = g_new0 (PlugRbTree, 1);

  self->fd = self->live_fd = -1;
  if (g_mkdir (folder, 0700) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), folder);
    return NULL;
  }

  if ((self->fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return NULL;

  if (live != NULL)
    self->live_fd = open (live, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  return g_steal_pointer (&self);
}

/**
 * plug_rb_tree_new_file:
 * @path: where the tree is made, which is a single file; its folder exists, it does not
 *
 * A tree without folders. Nothing is linked into it: it is only made where it differs from what
 * stands now.
 */
PlugRbTree *
plug_rb_tree_new_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(PlugRbTree) self = g_new0 (PlugRbTree, 1);

  self->live_fd = -1;
  self->name = g_path_get_basename (path);
  self->fd = plug_rb_fs_open_folder (folder, error);

  return self->fd < 0 ? NULL : g_steal_pointer (&self);
}

void
plug_rb_tree_free (PlugRbTree *self)
{
  g_clear_fd (&self->fd, NULL);
  g_clear_fd (&self->live_fd, NULL);
  g_free (self->name);
  g_free (self);
}

static gboolean
throw_entry (GError **error, const PlugRbEntry *entry, int errsv)
{
  g_autofree char *shown = g_filename_display_name (entry->path);

  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be made"), shown);
  return FALSE;
}

/* ---- the folder of an entry */

void
plug_rb_cursor_clear (PlugRbCursor *cursor)
{
  if (cursor->path == NULL)
    return;

  g_clear_fd (&cursor->fd, NULL);
  g_clear_fd (&cursor->live_fd, NULL);
  g_clear_pointer (&cursor->path, g_free);
}

static int
open_folder (int root_fd, const char *path)
{
  return root_fd < 0 ? -1 : plug_rb_fs_open_below (root_fd, path, O_PATH | O_DIRECTORY);
}

/* Returns the last name of the path; the cursor then stands in its folder. */
static const char *
move_to (PlugRbTree *self, PlugRbCursor *cursor, const char *path)
{
  const char *slash = strrchr (path, '/');
  gsize length = slash ? (gsize) (slash - path) : 0;
  const char *name = slash ? slash + 1 : *path == '\0' && self->name ? self->name : path;

  if (cursor->path != NULL && strncmp (cursor->path, path, length) == 0 &&
      cursor->path[length] == '\0')
    return name;

  plug_rb_cursor_clear (cursor);
  cursor->path = g_strndup (path, length);
  cursor->fd = open_folder (self->fd, cursor->path);
  cursor->live_fd = -1;

  return name;
}

/* Only linking needs it. */
static int
open_live (PlugRbTree *self, PlugRbCursor *cursor)
{
  if (cursor->live_fd < 0)
    cursor->live_fd = open_folder (self->live_fd, cursor->path);

  return cursor->live_fd;
}

/* ---- making */

/**
 * plug_rb_tree_make:
 * @entry: a folder or a symbolic link
 */
gboolean
plug_rb_tree_make (PlugRbTree *self, PlugRbCursor *cursor, const PlugRbEntry *entry, GError **error)
{
  const char *name = move_to (self, cursor, entry->path);
  int status = entry->type == PLUG_RB_ENTRY_FOLDER ? mkdirat (cursor->fd, name, 0700)
                                                   : symlinkat (entry->target, cursor->fd, name);

  return status == 0 || throw_entry (error, entry, errno);
}

/**
 * plug_rb_tree_try_link:
 * @entry: a file that is the same in the live tree in every respect
 *
 * Returns: whether it could be linked; if not, it has to be written
 */
gboolean
plug_rb_tree_try_link (PlugRbTree *self, PlugRbCursor *cursor, const PlugRbEntry *entry)
{
  const char *name = move_to (self, cursor, entry->path);

  return cursor->fd >= 0 && open_live (self, cursor) >= 0 &&
         linkat (cursor->live_fd, name, cursor->fd, name, 0) == 0;
}

/**
 * plug_rb_tree_is_still:
 * @look: what the file system said of the file when its content was known
 *
 * Whether a linked file has not been written through its other name since.
 */
gboolean
plug_rb_tree_is_still (PlugRbTree *self,
                       PlugRbCursor *cursor,
                       const PlugRbEntry *entry,
                       const PlugRbLook *look)
{
  const char *name = move_to (self, cursor, entry->path);
  struct stat st;

  return fstatat (cursor->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode) &&
         (st.st_mode & 07777) == entry->mode && (guint64) st.st_size == entry->size &&
         st.st_mtim.tv_sec == entry->mtime && st.st_mtim.tv_nsec == entry->nsec &&
         st.st_ino == look->ino;
}

/**
 * plug_rb_tree_link_again:
 * @entry: a file that is another name of an earlier one, which is complete
 */
gboolean
plug_rb_tree_link_again (PlugRbTree *self, const PlugRbEntry *entry, GError **error)
{
  return linkat (self->fd, entry->hard_link, self->fd, entry->path, 0) == 0 ||
         throw_entry (error, entry, errno);
}

/**
 * plug_rb_tree_create:
 * @entry: a file
 *
 * Returns: a descriptor of the new, empty file that nobody else can open yet, or -1
 */
int
plug_rb_tree_create (PlugRbTree *self, const PlugRbEntry *entry, GError **error)
{
  const char *path = *entry->path == '\0' && self->name ? self->name : entry->path;
  int fd = plug_rb_fs_open_below (self->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);

  if (fd < 0)
    throw_entry (error, entry, errno);

  return fd;
}

/* ---- modes, times, attributes: when all else is done */

/**
 * plug_rb_tree_dress_file:
 * @fd: a file with its whole content, or a folder
 */
gboolean
plug_rb_tree_dress_file (int fd, const PlugRbEntry *entry, GError **error)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = entry->mtime, .tv_nsec = entry->nsec } };

  return (fchmod (fd, entry->mode) == 0 && plug_rb_xattrs_write (fd, entry->xattrs) &&
          futimens (fd, times) == 0) ||
         throw_entry (error, entry, errno);
}

/**
 * plug_rb_tree_look:
 * @fd: a file that is complete
 * @look: (out): what it will be known by
 */
gboolean
plug_rb_tree_look (int fd, PlugRbLook *look)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return FALSE;

  *look = (PlugRbLook) {
    .dev = st.st_dev, .ino = st.st_ino, .ctime = st.st_ctim.tv_sec, .ctime_nsec = st.st_ctim.tv_nsec
  };
  return TRUE;
}

static gboolean
dress_folder (PlugRbTree *self, const PlugRbEntry *entry, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_below (self->fd, entry->path, O_RDONLY | O_DIRECTORY);

  return fd < 0 ? throw_entry (error, entry, errno) : plug_rb_tree_dress_file (fd, entry, error);
}

/**
 * plug_rb_tree_dress:
 * @entry: a folder whose content is complete, or a symbolic link
 */
gboolean
plug_rb_tree_dress (PlugRbTree *self,
                    PlugRbCursor *cursor,
                    const PlugRbEntry *entry,
                    GError **error)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = entry->mtime, .tv_nsec = entry->nsec } };
  const char *name;

  if (*entry->path == '\0' || entry->xattrs != NULL)
    return dress_folder (self, entry, error);

  name = move_to (self, cursor, entry->path);
  if (entry->type == PLUG_RB_ENTRY_FOLDER && entry->mode != 0700 &&
      fchmodat (cursor->fd, name, entry->mode, 0) < 0)
    return throw_entry (error, entry, errno);

  return utimensat (cursor->fd, name, times, AT_SYMLINK_NOFOLLOW) == 0 ||
         throw_entry (error, entry, errno);
}
