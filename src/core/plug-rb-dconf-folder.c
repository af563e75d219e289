/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-dconf-folder.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-sandbox.h"

/* Flatpak's manifest lets the folder in and names it in this variable, from the home folder on. It
 * is a patch of some who package libdconf; for the others it lies where a sandbox has none. */
#define VARIABLE "DCONF_USER_CONFIG_DIR"

static char *
build_usual (void)
{
  return g_build_filename (g_get_user_config_dir (), "dconf", NULL);
}

/**
 * plug_rb_dconf_folder_build:
 *
 * Returns: (transfer full): path of the folder with the user's settings database, which need not be
 *   there
 */
char *
plug_rb_dconf_folder_build (void)
{
  const char *named = g_getenv (VARIABLE);

  return named ? g_build_filename (g_get_home_dir (), named, NULL) : build_usual ();
}

static gboolean
is_same (const char *a, const char *b)
{
  struct stat x, y;

  return stat (a, &x) == 0 && stat (b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Another thread or process may have been faster. A folder without anything in it is of no use. */
static void
make_link (const char *target, const char *link)
{
  g_autofree char *parent = g_path_get_dirname (link);

  if (g_mkdir_with_parents (parent, 0700) < 0 || symlink (target, link) == 0 || errno != EEXIST)
    return;

  if (rmdir (link) == 0 && symlink (target, link) < 0)
    g_debug ("“%s” cannot be made: %s", link, g_strerror (errno));
}

/**
 * plug_rb_dconf_folder_reach:
 *
 * Makes sure that libdconf finds the user's database inside a sandbox, too, whether it knows the
 * variable or not: by a link where it would look otherwise. What it does not find it takes for
 * empty, and settings would neither be saved nor brought back.
 *
 * Returns: whether it finds it, or there is none
 */
gboolean
plug_rb_dconf_folder_reach (GError **error)
{
  g_autofree char *folder = plug_rb_dconf_folder_build ();
  g_autofree char *usual = build_usual ();

  /* Elsewhere the variable is its user's business, and so is what lies at the usual place. */
  if (!plug_rb_sandbox_is_inside () || is_same (folder, usual) || g_access (folder, F_OK) < 0)
    return TRUE;

  make_link (folder, usual);
  if (is_same (folder, usual))
    return TRUE;

  g_set_error (
      error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
      _("The settings in “%s” cannot be read, because “%s” is something else. Remove that"),
      folder, usual);
  return FALSE;
}
