/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plug-rb-fs.h"

/* A symbolic link waits until all else is there, so that nothing can be written through it. */
typedef struct {
  char *path;
  char *target;
} Link;

struct _PlugRbPackageTree {
  int stage_fd;
  const PlugRbUnpackLimits *limits;
  PlugRbPackageNames *names;
  GPtrArray *links;
};

static void
link_free (gpointer data)
{
  Link *link = data;

  g_free (link->path);
  g_free (link->target);
  g_free (link);
}

/**
 * plug_rb_package_tree_new:
 * @stage_fd: an empty folder; it and @limits stay the caller's and must outlive the tree
 */
PlugRbPackageTree *
plug_rb_package_tree_new (int stage_fd, const PlugRbUnpackLimits *limits)
{
  PlugRbPackageTree *self = g_new0 (PlugRbPackageTree, 1);

  self->stage_fd = stage_fd;
  self->limits = limits;
  self->names = plug_rb_package_names_new ();
  self->links = g_ptr_array_new_with_free_func (link_free);

  return self;
}

void
plug_rb_package_tree_free (PlugRbPackageTree *self)
{
  plug_rb_package_names_free (self->names);
  g_ptr_array_unref (self->links);
  g_free (self);
}

/* ---- files and folders */

/* Opens the folder that @path lies in; no link is followed, whatever anybody put there meanwhile.
 */
static int
open_parent (PlugRbPackageTree *self, const char *path, const char **name, GError **error)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *parent = slash ? g_strndup (path, slash - path) : g_strdup ("");

  *name = slash ? slash + 1 : path;
  return plug_rb_fs_open_beneath (self->stage_fd, parent, O_PATH | O_DIRECTORY, error);
}

static gboolean
throw_not_made (GError **error, const char *path)
{
  plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), path);
  return FALSE;
}

static gboolean
add_name (PlugRbPackageTree *self,
          const char *path,
          PlugRbPackageKind kind,
          gboolean *is_new,
          GError **error)
{
  if (!plug_rb_package_names_add (self->names, path, kind, is_new, error))
    return FALSE;
  if (plug_rb_package_names_get_size (self->names) <= self->limits->entries)
    return TRUE;

  return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path,
                                 _("is one file too many: the package has far too many of them"));
}

gboolean
plug_rb_package_tree_add_folder (PlugRbPackageTree *self, const char *path, GError **error)
{
  const char *name;
  gboolean is_new;
  g_autofd int parent = -1;

  if (!add_name (self, path, PLUG_RB_PACKAGE_FOLDER, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  if ((parent = open_parent (self, path, &name, error)) < 0)
    return FALSE;

  return mkdirat (parent, name, 0777) == 0 || throw_not_made (error, path);
}

/**
 * plug_rb_package_tree_add_parents:
 *
 * Makes the folders above @path that no entry has named so far.
 */
gboolean
plug_rb_package_tree_add_parents (PlugRbPackageTree *self, const char *path, GError **error)
{
  for (const char *slash = path; (slash = strchr (slash, '/')) != NULL; slash++) {
    g_autofree char *folder = g_strndup (path, slash - path);

    if (!plug_rb_package_tree_add_folder (self, folder, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_package_tree_add_file:
 *
 * Returns: the new file, open for writing, that the caller closes; -1 on error
 */
int
plug_rb_package_tree_add_file (PlugRbPackageTree *self,
                               const char *path,
                               gboolean executable,
                               GError **error)
{
  const char *name;
  gboolean is_new;
  g_autofd int parent = -1;
  int fd;

  if (!add_name (self, path, PLUG_RB_PACKAGE_FILE, &is_new, error) ||
      (parent = open_parent (self, path, &name, error)) < 0)
    return -1;

  fd = openat (parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
               executable ? 0777 : 0666);
  if (fd < 0)
    throw_not_made (error, path);

  return fd;
}

/* ---- links */

/**
 * plug_rb_package_tree_add_hard_link:
 * @target: as the package says it
 */
gboolean
plug_rb_package_tree_add_hard_link (PlugRbPackageTree *self,
                                    const char *path,
                                    const char *target,
                                    GError **error)
{
  g_autofree char *clean =
      plug_rb_package_clean_name (target, self->limits->path_length, self->limits->depth, NULL);
  const char *name;
  const char *target_name;
  gboolean is_new;
  g_autofd int parent = -1;
  g_autofd int target_parent = -1;

  if (clean == NULL || !plug_rb_package_names_has_file (self->names, clean))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a link to a file that is not in the package"));

  if (!add_name (self, path, PLUG_RB_PACKAGE_FILE, &is_new, error) ||
      (parent = open_parent (self, path, &name, error)) < 0 ||
      (target_parent = open_parent (self, clean, &target_name, error)) < 0)
    return FALSE;

  return linkat (target_parent, target_name, parent, name, 0) == 0 || throw_not_made (error, path);
}

/**
 * plug_rb_package_tree_add_link:
 * @target: (nullable): as the package says it
 *
 * Notes a symbolic link, which plug_rb_package_tree_finish() makes.
 */
gboolean
plug_rb_package_tree_add_link (PlugRbPackageTree *self,
                               const char *path,
                               const char *target,
                               GError **error)
{
  gboolean is_new;
  Link *link;

  if (!plug_rb_package_check_target (path, target, error) ||
      !add_name (self, path, PLUG_RB_PACKAGE_LINK, &is_new, error))
    return FALSE;

  link = g_new0 (Link, 1);
  link->path = g_strdup (path);
  link->target = g_strdup (target);
  g_ptr_array_add (self->links, link);

  return TRUE;
}

static gboolean
make_link (PlugRbPackageTree *self, const Link *link, GError **error)
{
  const char *name;
  g_autofd int parent = open_parent (self, link->path, &name, error);

  return parent >= 0 &&
         (symlinkat (link->target, parent, name) == 0 || throw_not_made (error, link->path));
}

/* Follows a link as the plugin's host will, through all the others: only the kernel knows where the
 * ".." behind another link leads. A link into nothing is harmless. */
static gboolean
check_link (PlugRbPackageTree *self, const Link *link, GError **error)
{
  struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
  g_autofd int fd = syscall (SYS_openat2, self->stage_fd, link->path, &how, sizeof how);

  if (fd >= 0 || errno == ENOENT || errno == ENOTDIR)
    return TRUE;

  return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, link->path,
                                 errno == ELOOP ? _("is a link that leads in a circle")
                                                : _("is a link that leads out of the package"));
}

/**
 * plug_rb_package_tree_finish:
 *
 * Makes the symbolic links, after everything else, and sees where each of them leads.
 */
gboolean
plug_rb_package_tree_finish (PlugRbPackageTree *self, GError **error)
{
  for (guint i = 0; i < self->links->len; i++)
    if (!make_link (self, self->links->pdata[i], error))
      return FALSE;

  for (guint i = 0; i < self->links->len; i++)
    if (!check_link (self, self->links->pdata[i], error))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_package_tree_get_size:
 *
 * Returns: number of files, folders and links
 */
guint
plug_rb_package_tree_get_size (PlugRbPackageTree *self)
{
  return plug_rb_package_names_get_size (self->names);
}

/**
 * plug_rb_package_tree_find_top:
 *
 * Returns: (transfer full) (nullable): the folder in which everything lies, if there is one
 */
char *
plug_rb_package_tree_find_top (PlugRbPackageTree *self)
{
  return plug_rb_package_names_find_top (self->names);
}
