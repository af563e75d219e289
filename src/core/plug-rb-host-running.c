/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-bus.h"
#include "plug-rb-error.h"
#include "plug-rb-host-file.h"
#include "plug-rb-sandbox.h"

#define PROCESSES "/proc"

static gboolean
is_mine (const char *folder)
{
  struct stat st;

  return g_stat (folder, &st) == 0 && st.st_uid == geteuid ();
}

/* The program's file tells more than the name that a process may give itself, but for scripts. */
static gboolean
has_name (const char *folder, const char *const *names)
{
  g_autofree char *link = g_build_filename (folder, "exe", NULL);
  g_autofree char *comm = g_build_filename (folder, "comm", NULL);
  g_autofree char *file = g_file_read_link (link, NULL);
  g_autofree char *base = file ? g_path_get_basename (file) : NULL;
  g_autofree char *name = NULL;

  if (base != NULL && g_strv_contains (names, base))
    return TRUE;
  if (!g_file_get_contents (comm, &name, NULL, NULL))
    return FALSE;

  return g_strv_contains (names, g_strchomp (name));
}

static gboolean
has_process (const char *const *names)
{
  g_autoptr(GDir) processes = *names ? g_dir_open (PROCESSES, 0, NULL) : NULL;
  const char *id;

  while (processes != NULL && (id = g_dir_read_name (processes)) != NULL) {
    g_autofree char *folder = g_build_filename (PROCESSES, id, NULL);

    if (g_ascii_isdigit (*id) && is_mine (folder) && has_name (folder, names))
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_host_file_is_on_bus:
 *
 * Returns: whether the host owns its name on the session bus now
 */
gboolean
plug_rb_host_file_is_on_bus (const PlugRbHostFile *self)
{
  if (self->stand_in != NULL)
    return plug_rb_bus_start_service (self->stand_in[0], NULL);

  return self->bus_name != NULL && plug_rb_bus_has_owner (self->bus_name);
}

/**
 * plug_rb_host_is_running:
 *
 * Returns: whether the host is known to run now
 */
gboolean
plug_rb_host_is_running (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  if (file == NULL)
    return FALSE;

  return plug_rb_host_file_is_on_bus (file) || has_process ((const char *const *) file->programs);
}

static gboolean
is_hidden (const PlugRbHostFile *file)
{
  return plug_rb_sandbox_is_inside () && file->stand_in == NULL &&
         (file->bus_name != NULL || *file->programs != NULL);
}

/**
 * plug_rb_host_may_run:
 *
 * Returns: whether the host runs or cannot be seen from here
 */
gboolean
plug_rb_host_may_run (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file != NULL && (is_hidden (file) || plug_rb_host_is_running (self));
}

/**
 * plug_rb_host_runs_unseen:
 *
 * Returns: whether the host cannot be seen from here and must not run when its plugins are changed
 */
gboolean
plug_rb_host_runs_unseen (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file != NULL && file->stop_first && is_hidden (file);
}

/**
 * plug_rb_host_check_writable:
 *
 * Makes sure that plugins of the host may be changed now.
 *
 * Returns: %FALSE with %PLUG_RB_ERROR_UNSUPPORTED if they are only looked at, or with
 *   %PLUG_RB_ERROR_NEEDS_USER if the host has to be closed first
 */
gboolean
plug_rb_host_check_writable (PlugRbHost *self, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  if (file != NULL && file->observe) {
    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
        _("Plugins of %s are saved, but cannot be brought back yet. “plugrb extract” takes "
          "files out of a snapshot"),
        file->name);
    return FALSE;
  }

  if (file != NULL && file->stop_first && plug_rb_host_is_running (self)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                 _("%s is running and would undo this. Close it first"), file->name);
    return FALSE;
  }

  return TRUE;
}
