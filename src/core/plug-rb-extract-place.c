/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-extract-place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

#define ASIDE_TEMPLATE ".plugrb-extract-XXXXXX"
#define TRIES 1000

void
plug_rb_outlet_free (PlugRbOutlet *self)
{
  if (self->aside != NULL)
    plug_rb_fs_remove_path (self->aside, NULL);

  g_free (self->folder);
  g_free (self->fresh);
  g_free (self->aside);
  g_free (self);
}

static gboolean
is_empty (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) == NULL;
}

static gboolean
is_current (const char *folder)
{
  struct stat here, there;

  return stat (".", &here) == 0 && stat (folder, &there) == 0 && here.st_dev == there.st_dev &&
         here.st_ino == there.st_ino;
}

static gboolean
look (PlugRbOutlet *self, gboolean force, GError **error)
{
  struct stat st;

  if (lstat (self->folder, &st) < 0 && errno == ENOENT)
    return TRUE;

  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("“%s” is not a folder"),
                 self->folder);
    return FALSE;
  }

  self->exists = TRUE;
  self->full = !is_empty (self->folder);
  if (self->full && !force) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                 _("The folder “%s” is not empty. Name a new one, or use --force"), self->folder);
    return FALSE;
  }

  /* A shell would stand in a folder that has no name any more. */
  if (is_current (self->folder)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                 _("The present folder cannot be replaced. Name a new folder in it"));
    return FALSE;
  }

  return TRUE;
}

static gboolean
make_aside (PlugRbOutlet *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);
  g_autofree char *template = g_build_filename (parent, ASIDE_TEMPLATE, NULL);

  if (g_mkdir_with_parents (parent, 0777) < 0 || g_mkdtemp (template) == NULL) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be written"), parent);
    return FALSE;
  }

  self->aside = g_steal_pointer (&template);
  self->fresh = g_build_filename (self->aside, "new", NULL);

  return TRUE;
}

/**
 * plug_rb_outlet_new:
 * @folder: (type filename): a folder that does not exist yet, or is empty
 * @force: whether a folder that is not empty may be replaced too; it is kept under another name
 *
 * Prepares a place to which files are taken out. Freeing it takes away what was not committed.
 *
 * Returns: (transfer full): the place
 */
PlugRbOutlet *
plug_rb_outlet_new (const char *folder, gboolean force, GError **error)
{
  g_autoptr(PlugRbOutlet) self = g_new0 (PlugRbOutlet, 1);
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  char *real = realpath (absolute, NULL);

  /* A link to a folder means that folder. */
  self->folder = g_strdup (real ? real : absolute);
  free (real);

  return look (self, force, error) && make_aside (self, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
throw_placed (PlugRbOutlet *self, int errsv, GError **error)
{
  plug_rb_error_set_errno (error, errsv, _("The folder “%s” cannot be replaced"), self->folder);
  return FALSE;
}

static gboolean
keep_old (PlugRbOutlet *self, const char *old, char **backup, GError **error)
{
  for (guint i = 1; i < TRIES; i++) {
    g_autofree char *name =
        i == 1 ? g_strconcat (self->folder, "~", NULL) : g_strdup_printf ("%s~%u", self->folder, i);

    if (g_file_test (name, G_FILE_TEST_EXISTS) || g_file_test (name, G_FILE_TEST_IS_SYMLINK))
      continue;
    if (rename (old, name) < 0)
      return throw_placed (self, errno, error);
    *backup = g_steal_pointer (&name);
    return TRUE;
  }

  return throw_placed (self, EEXIST, error);
}

/* What was there lies in the folder that is deleted in the end: it must not stay in it. */
static gboolean
take_back (PlugRbOutlet *self)
{
  if (renameat2 (AT_FDCWD, self->fresh, AT_FDCWD, self->folder, RENAME_EXCHANGE) < 0)
    g_clear_pointer (&self->aside, g_free);

  return FALSE;
}

/* In one step where the file system can. */
static gboolean
exchange (PlugRbOutlet *self, char **backup, GError **error)
{
  if (renameat2 (AT_FDCWD, self->fresh, AT_FDCWD, self->folder, RENAME_EXCHANGE) == 0)
    return keep_old (self, self->fresh, backup, error) || take_back (self);

  if (errno != EINVAL && errno != ENOSYS)
    return throw_placed (self, errno, error);

  return keep_old (self, self->folder, backup, error) &&
         (rename (self->fresh, self->folder) == 0 || throw_placed (self, errno, error));
}

/**
 * plug_rb_outlet_commit:
 * @backup: (out) (nullable): where the folder is now that was in its place, if it was not empty
 *
 * Puts what was built in its place, durably.
 */
gboolean
plug_rb_outlet_commit (PlugRbOutlet *self, char **backup, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);
  g_autofd int fd = plug_rb_fs_open_folder (self->fresh, error);

  *backup = NULL;
  if (fd < 0 || !plug_rb_fs_sync_all (fd, self->fresh, error))
    return FALSE;

  if (self->full) {
    if (!exchange (self, backup, error))
      return FALSE;
  } else if (rename (self->fresh, self->folder) < 0) {
    /* An empty folder gives way; one that was filled meanwhile does not. */
    return throw_placed (self, errno, error);
  }

  return plug_rb_fs_sync_folder (parent, error);
}
