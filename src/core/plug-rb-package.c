/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-file.h"
#include "plug-rb-unpack.h"

/* Where a .vsix has the plugin, beside what is about the package itself. */
#define VSIX_FOLDER "extension"

/* ---- whose it is */

static gboolean
is_asked_for (PlugRbHost *host, const char *wanted)
{
  return wanted ? g_str_equal (plug_rb_host_get_id (host), wanted)
                : plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_PRESENT;
}

/* Where manifests lie among others' files, they have names of their own. */
static char *
find_name (const PlugRbHostFile *file, int fd)
{
  g_autoptr(GPtrArray) names = NULL;

  if (strpbrk (file->manifest.file, "*?") == NULL)
    return g_strdup (file->manifest.file);

  names = plug_rb_fs_list (fd, NULL);
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_pattern_match_simple (file->manifest.file, names->pdata[i]))
      return g_strdup (names->pdata[i]);

  return NULL;
}

/* A manifest that is missing, damaged or without an id is none: it does not tell whose it is. */
static PlugRbManifest *
read_manifest (PlugRbHost *host, int fd)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (host);
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autofree char *name = NULL;

  if (file == NULL || file->manifest.reader == NULL || !(name = find_name (file, fd)))
    return NULL;

  manifest = plug_rb_manifest_read_file (fd, name, &file->manifest, NULL);
  if (manifest == NULL || manifest->id == NULL || !plug_rb_host_check_id (manifest->id, NULL))
    return NULL;

  return g_steal_pointer (&manifest);
}

static void
take (PlugRbPackage *self, PlugRbHost *host, PlugRbManifest *manifest, const char *folder)
{
  self->host = g_object_ref (host);
  self->id = plug_rb_host_file_folds_ids (plug_rb_host_get_file (host))
                 ? g_utf8_strdown (manifest->id, -1)
                 : g_strdup (manifest->id);
  self->folder = g_strdup (folder);
  self->manifest = manifest;
}

static gboolean
throw_ambiguous (GPtrArray *fitting, GError **error)
{
  g_autofree char *list = NULL;

  g_ptr_array_add (fitting, NULL);
  list = g_strjoinv (", ", (char **) fitting->pdata);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS,
               _("The package can be for several programs: %s. Say which with --host"), list);
  return FALSE;
}

static gboolean
try_folder (
    PlugRbPackage *self, GPtrArray *hosts, const char *wanted, const char *folder, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (folder, error);
  g_autoptr(GPtrArray) fitting = g_ptr_array_new ();

  if (fd < 0)
    return FALSE;

  for (guint i = 0; i < hosts->len; i++) {
    g_autoptr(PlugRbManifest) manifest = NULL;

    if (!is_asked_for (hosts->pdata[i], wanted) ||
        !(manifest = read_manifest (hosts->pdata[i], fd)))
      continue;

    g_ptr_array_add (fitting, (char *) plug_rb_host_get_id (hosts->pdata[i]));
    if (self->host == NULL)
      take (self, hosts->pdata[i], g_steal_pointer (&manifest), folder);
  }

  return fitting->len < 2 || throw_ambiguous (fitting, error);
}

/* The files lie at the top, in the only folder, or where a .vsix has them. A folder that is a link
 * is none. */
static gboolean
identify (PlugRbPackage *self,
          GPtrArray *hosts,
          const char *wanted,
          const char *only_folder,
          GError **error)
{
  const char *const below[] = { "", only_folder ? only_folder : VSIX_FOLDER };

  for (gsize i = 0; i < G_N_ELEMENTS (below) && self->host == NULL; i++) {
    g_autofree char *folder = g_canonicalize_filename (below[i], self->stage);

    if (g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_file_test (folder, G_FILE_TEST_IS_SYMLINK) &&
        !try_folder (self, hosts, wanted, folder, error))
      return FALSE;
  }

  if (self->host != NULL)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                       _("The package has no manifest of a plugin of a known program"));
  return FALSE;
}

/* ---- opening */

static PlugRbPackage *
package_new (void)
{
  PlugRbPackage *self = g_new0 (PlugRbPackage, 1);

  self->fd = -1;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

static gboolean
check_wanted (GPtrArray *hosts, const char *wanted, GError **error)
{
  for (guint i = 0; wanted != NULL && i < hosts->len; i++)
    if (g_str_equal (plug_rb_host_get_id (hosts->pdata[i]), wanted))
      return TRUE;

  if (wanted == NULL)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("There is no program “%s”. “plugrb hosts” lists those that are known"), wanted);
  return FALSE;
}

/* A folder that nobody holds is what a process left that was killed. */
static void
sweep (int parent_fd, const char *name)
{
  g_autofd int fd = g_str_has_prefix (name, PLUG_RB_FS_TEMPORARY)
                        ? plug_rb_fs_open_child (parent_fd, name, NULL)
                        : -1;

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    plug_rb_fs_remove_tree (parent_fd, name, NULL);
}

/* While it is open nobody takes a new folder for one that was left behind. */
static int
open_locked (const char *parent, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (parent, error);

  return fd >= 0 && flock (fd, LOCK_EX) == 0 ? g_steal_fd (&fd) : -1;
}

/**
 * plug_rb_package_sweep:
 * @parent: where packages are unpacked; it may be missing
 *
 * Deletes the packages of processes that are gone.
 */
void
plug_rb_package_sweep (const char *parent)
{
  g_autofd int fd = open_locked (parent, NULL);
  g_autoptr(GPtrArray) names = fd >= 0 ? plug_rb_fs_list (fd, NULL) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    sweep (fd, names->pdata[i]);
}

static gboolean
make_stage (PlugRbPackage *self, const char *parent, GError **error)
{
  g_autofree char *stage = g_build_filename (parent, PLUG_RB_FS_TEMPORARY "XXXXXX", NULL);
  g_autofd int parent_fd = -1;

  if (!plug_rb_fs_make_folders (parent, error))
    return FALSE;

  plug_rb_package_sweep (parent);
  if ((parent_fd = open_locked (parent, error)) < 0)
    return FALSE;
  if (g_mkdtemp_full (stage, 0700) == NULL) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", stage,
                 g_strerror (errno));
    return FALSE;
  }

  self->stage = g_steal_pointer (&stage);
  self->fd = plug_rb_fs_open_folder (self->stage, error);
  return self->fd >= 0 && flock (self->fd, LOCK_EX) == 0;
}

static gboolean
unpack (PlugRbPackage *self,
        const char *path,
        PlugRbUnpacked *unpacked,
        GCancellable *cancellable,
        GError **error)
{
  /* A pipe in its place must not make us wait. */
  g_autofd int package_fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  int errsv = errno;
  g_autofd int stage_fd = -1;

  if (package_fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s: %s", path,
                 g_strerror (errsv));
    return FALSE;
  }

  stage_fd = plug_rb_fs_open_folder (self->stage, error);

  return stage_fd >= 0 &&
         plug_rb_unpack (package_fd, stage_fd, NULL, NULL, NULL, unpacked, cancellable, error);
}

/* ---- times */

typedef void (*EntryFunc) (int fd, const char *name, const struct stat *st, gpointer user_data);

/* What is in a folder comes before the folder, whose time changes with it. */
static void
walk (int fd, const char *name, EntryFunc func, gpointer user_data)
{
  g_autofd int folder = plug_rb_fs_open_child (fd, name, NULL);
  g_autoptr(GPtrArray) names = folder >= 0 ? plug_rb_fs_list (folder, NULL) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++) {
    struct stat st;

    if (fstatat (folder, names->pdata[i], &st, AT_SYMLINK_NOFOLLOW) < 0)
      continue;
    if (S_ISDIR (st.st_mode))
      walk (folder, names->pdata[i], func, user_data);
    func (folder, names->pdata[i], &st, user_data);
  }
}

static void
find_newest (int fd, const char *name, const struct stat *st, gpointer user_data)
{
  struct timespec *newest = user_data;

  if (S_ISREG (st->st_mode) && st->st_mtim.tv_sec > newest->tv_sec)
    *newest = st->st_mtim;
}

static void
date (int fd, const char *name, const struct stat *st, gpointer user_data)
{
  const struct timespec *newest = user_data;
  const struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, *newest };

  if (!S_ISREG (st->st_mode))
    utimensat (fd, name, stamps, AT_SYMLINK_NOFOLLOW);
}

/* Folders and links, of which no time is unpacked, are as old as the newest of the files, so that
 * the same package is the same state whenever it is opened. */
static void
settle_times (PlugRbPackage *self)
{
  struct timespec newest = { 0 };
  struct timespec stamps[] = { { .tv_nsec = UTIME_OMIT }, { 0 } };

  walk (self->fd, ".", find_newest, &newest);
  walk (self->fd, ".", date, &newest);
  stamps[1] = newest;
  futimens (self->fd, stamps);
}

/**
 * plug_rb_package_open:
 * @path: a package as users get it: zip, .shell-extension.zip, .vsix, or tar, compressed or not
 * @parent: folder in which it is unpacked, into a new folder
 * @hosts: (element-type PlugRbHost): the programs that it may be for
 * @host: (nullable): id of the one that it is for; %NULL to find out by the manifests of all that
 *   are there
 *
 * Unpacks a package by the rules of [func@unpack], and finds out which plugin it is. Nothing is
 * installed, and nothing is left of it when it fails.
 *
 * Returns: (transfer full): the package, or %NULL with %PLUG_RB_ERROR_AMBIGUOUS if several programs
 *   have such manifests, %PLUG_RB_ERROR_INVALID if none has, or the error of what was wrong with it
 */
PlugRbPackage *
plug_rb_package_open (const char *path,
                      const char *parent,
                      GPtrArray *hosts,
                      const char *host,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr(PlugRbPackage) self = package_new ();
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  if (!check_wanted (hosts, host, error) || !make_stage (self, parent, error) ||
      !unpack (self, path, &unpacked, cancellable, error) ||
      !identify (self, hosts, host, unpacked.top, error))
    return NULL;

  settle_times (self);

  return g_steal_pointer (&self);
}

/**
 * plug_rb_package_ref:
 *
 * Returns: (transfer full): @self
 */
PlugRbPackage *
plug_rb_package_ref (PlugRbPackage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * plug_rb_package_unref:
 *
 * Gives up one reference; with the last one goes the folder into which it was unpacked.
 */
void
plug_rb_package_unref (PlugRbPackage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->stage != NULL)
    plug_rb_fs_remove_path (self->stage, NULL);
  g_clear_fd (&self->fd, NULL);
  g_clear_error (&self->problem);

  g_clear_object (&self->host);
  g_clear_pointer (&self->manifest, plug_rb_manifest_free);
  g_free (self->id);
  g_free (self->folder);
  g_free (self->stage);
  g_free (self);
}
