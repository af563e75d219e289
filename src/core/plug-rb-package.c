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
#include "plug-rb-host-parts.h"
#include "plug-rb-package-copy.h"
#include "plug-rb-package-times.h"
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

/* Of a plugin that need not say anything of itself. */
static PlugRbManifest *
make_manifest (PlugRbManifest *read)
{
  static const PlugRbManifestRule none = { .reader = NULL };

  return read ? read : plug_rb_manifest_parse ("", &none, NULL);
}

/* Where a plugin's id is its folder's name, that of the package's folder tells it; but only to
 * somebody who knows whose it is: every folder has a name. */
static void
take_name (PlugRbHost *host, PlugRbManifest **manifest, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (host);

  if (file->manifest.id != NULL || !plug_rb_host_takes_folders (host))
    return;
  if (file->lacks_manifests)
    *manifest = make_manifest (*manifest);
  if (*manifest != NULL && (*manifest)->id == NULL)
    (*manifest)->id = g_strdup (name);
}

/* A manifest that is missing, damaged or without an id is none: it does not tell whose it is.
 * @name: (nullable): of the folder, if that may tell */
static PlugRbManifest *
read_manifest (PlugRbHost *host, int fd, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (host);
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autofree char *found = NULL;

  if (file == NULL)
    return NULL;
  if (file->manifest.reader != NULL && (found = find_name (file, fd)))
    manifest = plug_rb_manifest_read_file (fd, found, &file->manifest, NULL);
  if (name != NULL)
    take_name (host, &manifest, name);
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

/* @names: of programs that were not found here */
static gboolean
throw_not_here (GPtrArray *names, GError **error)
{
  g_autofree char *list = NULL;

  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **) names->pdata);
  /* TRANSLATORS: %s is the name of a program, or of several */
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("The package is for a program that was not found here: %s"), list);
  return FALSE;
}

static gboolean
throw_unknown (GError **error)
{
  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                       _("The package has no manifest of a plugin of a known program"));
  return FALSE;
}

static gboolean
throw_silent_folder (GError **error)
{
  g_set_error_literal (
      error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS,
      _("The folder has no manifest that says for which program it is. Say it with --host"));
  return FALSE;
}

static gboolean
try_folder (PlugRbPackage *self,
            GPtrArray *hosts,
            const char *wanted,
            const char *folder,
            const char *name,
            GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (folder, error);
  g_autoptr(GPtrArray) fitting = g_ptr_array_new ();

  if (fd < 0)
    return FALSE;

  for (guint i = 0; i < hosts->len; i++) {
    g_autoptr(PlugRbManifest) manifest = NULL;

    if (!is_asked_for (hosts->pdata[i], wanted) ||
        !(manifest = read_manifest (hosts->pdata[i], fd, wanted ? name : NULL)))
      continue;

    g_ptr_array_add (fitting, (char *) plug_rb_host_get_id (hosts->pdata[i]));
    if (self->host == NULL)
      take (self, hosts->pdata[i], g_steal_pointer (&manifest), folder);
  }

  return fitting->len < 2 || throw_ambiguous (fitting, error);
}

/* Those that would take it if they were here; not each place where one can be installed. */
static void
add_programs_not_here (GPtrArray *names, GPtrArray *hosts, const char *folder)
{
  g_autofd int fd = plug_rb_fs_open_folder (folder, NULL);

  for (guint i = 0; fd >= 0 && i < hosts->len; i++) {
    PlugRbHost *host = hosts->pdata[i];
    g_autoptr(PlugRbManifest) manifest = NULL;

    if (plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_MISSING &&
        strpbrk (plug_rb_host_get_id (host), "@+") == NULL)
      manifest = read_manifest (host, fd, NULL);
    if (manifest != NULL)
      g_ptr_array_add (names, (char *) plug_rb_host_get_name (host));
  }
}

/* The files lie at the top, in the only folder, or where a .vsix has them. A folder that is a link
 * is none. */
static gboolean
identify (PlugRbPackage *self,
          GPtrArray *hosts,
          const char *wanted,
          const char *name,
          const char *only_folder,
          GError **error)
{
  const char *const below[] = { "", only_folder ? only_folder : VSIX_FOLDER };
  const char *const names[] = { name, only_folder };
  g_autoptr(GPtrArray) not_here = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (below) && self->host == NULL; i++) {
    g_autofree char *folder = g_canonicalize_filename (below[i], self->stage);

    if (!g_file_test (folder, G_FILE_TEST_IS_DIR) || g_file_test (folder, G_FILE_TEST_IS_SYMLINK))
      continue;
    if (!try_folder (self, hosts, wanted, folder, names[i], error))
      return FALSE;
    if (self->host == NULL && wanted == NULL)
      add_programs_not_here (not_here, hosts, folder);
  }

  if (self->host != NULL)
    return TRUE;
  if (not_here->len > 0)
    return throw_not_here (not_here, error);

  return name != NULL && wanted == NULL ? throw_silent_folder (error) : throw_unknown (error);
}

/* ---- a single file */

/* Its name tells which plugin it is, but not for which program. */
static gboolean
identify_file (
    PlugRbPackage *self, GPtrArray *hosts, const char *wanted, const char *name, GError **error)
{
  for (guint i = 0; i < hosts->len; i++) {
    PlugRbHost *host = hosts->pdata[i];
    const PlugRbHostFile *file = plug_rb_host_get_file (host);
    g_autofree char *id = plug_rb_host_dup_file_id (host, name);
    g_autoptr(PlugRbManifest) manifest = NULL;

    if (!g_str_equal (plug_rb_host_get_id (host), wanted) || id == NULL)
      continue;
    if (file->manifest.reader != NULL)
      manifest = plug_rb_manifest_read_file (self->fd, name, &file->manifest, NULL);

    manifest = make_manifest (g_steal_pointer (&manifest));
    g_set_str (&manifest->id, id);
    self->member = g_strdup (name);
    take (self, host, g_steal_pointer (&manifest), self->stage);
    return TRUE;
  }

  return throw_unknown (error);
}

static GPtrArray *
list_programs_of_file (GPtrArray *hosts, const char *wanted, const char *name)
{
  GPtrArray *fitting = g_ptr_array_new ();

  for (guint i = 0; i < hosts->len; i++) {
    g_autofree char *id = is_asked_for (hosts->pdata[i], wanted)
                              ? plug_rb_host_dup_file_id (hosts->pdata[i], name)
                              : NULL;

    if (id != NULL)
      g_ptr_array_add (fitting, (char *) plug_rb_host_get_id (hosts->pdata[i]));
  }

  return fitting;
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
open_locked (const char *path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (path, error);

  while (fd >= 0 && flock (fd, LOCK_EX) < 0)
    if (errno != EINTR) {
      plug_rb_error_set_errno (error, errno, _("“%s” cannot be locked"), path);
      return -1;
    }

  return g_steal_fd (&fd);
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
  /* It becomes the plugin's folder. Nobody else gets past the one that it is in. */
  if (g_mkdtemp_full (stage, 0777) == NULL) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", stage,
                 g_strerror (errno));
    return FALSE;
  }

  self->stage = g_steal_pointer (&stage);
  self->fd = open_locked (self->stage, error);
  return self->fd >= 0;
}

static gboolean
unpack (PlugRbPackage *self,
        int package_fd,
        const char *name,
        PlugRbUnpacked *unpacked,
        GCancellable *cancellable,
        GError **error)
{
  g_autofd int stage_fd = plug_rb_fs_open_folder (self->stage, error);

  if (stage_fd < 0)
    return FALSE;

  return name ? plug_rb_package_copy (package_fd, name, stage_fd, unpacked, cancellable, error)
              : plug_rb_unpack (package_fd, stage_fd, NULL, NULL, NULL, unpacked, cancellable,
                                error);
}

static gboolean
open_file (PlugRbPackage *self,
           GPtrArray *hosts,
           const char *host,
           int fd,
           const char *name,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr(GPtrArray) fitting = list_programs_of_file (hosts, host, name);
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  if (fitting->len > 0 && host == NULL)
    return throw_ambiguous (fitting, error);

  return fitting->len > 0 ? unpack (self, fd, name, &unpacked, cancellable, error) &&
                                identify_file (self, hosts, host, name, error)
                          : unpack (self, fd, NULL, &unpacked, cancellable, error) &&
                                identify (self, hosts, host, NULL, unpacked.top, error);
}

static gboolean
open_folder (PlugRbPackage *self,
             GPtrArray *hosts,
             const char *host,
             int fd,
             const char *name,
             GCancellable *cancellable,
             GError **error)
{
  g_auto(PlugRbUnpacked) unpacked = { 0 };

  return unpack (self, fd, "", &unpacked, cancellable, error) &&
         identify (self, hosts, host, name, unpacked.top, error);
}

static int
open_path (const char *path, gboolean *is_folder, GError **error)
{
  /* A pipe in its place must not make us wait. */
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  int errsv = errno;
  struct stat st;

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s: %s", path,
                 g_strerror (errsv));

  *is_folder = fd >= 0 && fstat (fd, &st) == 0 && S_ISDIR (st.st_mode);
  return fd;
}

/**
 * plug_rb_package_open:
 * @path: a package as users get it: zip, .shell-extension.zip, .vsix, or tar, compressed or not; or
 *   a plugin's folder or only file as it is
 * @parent: folder in which it is unpacked, into a new folder
 * @hosts: (element-type PlugRbHost): the programs that it may be for
 * @host: (nullable): id of the one that it is for; %NULL to find out by the manifests of all that
 *   are there
 *
 * Unpacks a package by the rules of [func@unpack], and finds out which plugin it is. Nothing is
 * installed, and nothing is left of it when it fails.
 *
 * Returns: (transfer full): the package, or %NULL with %PLUG_RB_ERROR_AMBIGUOUS if several programs
 *   have such manifests or it is a file that does not say for which one it is,
 * %PLUG_RB_ERROR_INVALID if none has, or the error of what was wrong with it
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
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_path_get_basename (absolute);
  gboolean is_folder;
  g_autofd int fd = -1;

  if (!check_wanted (hosts, host, error) || (fd = open_path (path, &is_folder, error)) < 0 ||
      !make_stage (self, parent, error) ||
      !(is_folder ? open_folder : open_file) (self, hosts, host, fd, name, cancellable, error) ||
      !plug_rb_package_times_settle (self->fd, error))
    return NULL;

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
  for (guint i = 0; i < PLUG_RB_PACKAGE_N_CHECKS; i++)
    g_clear_error (&self->problems[i]);

  g_clear_object (&self->host);
  g_clear_pointer (&self->manifest, plug_rb_manifest_free);
  g_free (self->id);
  g_free (self->folder);
  g_free (self->member);
  g_free (self->stage);
  g_free (self);
}
