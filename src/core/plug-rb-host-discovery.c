/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host.h"

#include "plug-rb-host-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-template.h"

#define SUFFIX ".host"
#define HOSTS_VARIABLE "PLUGRB_HOSTS_DIR"

/**
 * plug_rb_host_get_shipped_folder:
 *
 * Returns: where the descriptions lie that were installed with the program
 */
const char *
plug_rb_host_get_shipped_folder (void)
{
  const char *override = g_getenv (HOSTS_VARIABLE);

  return override && *override ? override : HOSTSDIR;
}

/* A folder that cannot be read has no descriptions; not so if this process can open nothing more.
 */
static GPtrArray *
list_files (const char *folder, GError **error)
{
  GDir *dir;
  GPtrArray *paths;
  const char *name;

  errno = 0;
  dir = g_dir_open (folder, 0, NULL);
  if (dir == NULL && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), folder);
    return NULL;
  }

  paths = g_ptr_array_new_with_free_func (g_free);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.' && g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  if (dir != NULL)
    g_dir_close (dir);

  g_ptr_array_sort_values (paths, (GCompareFunc) strcmp);
  return paths;
}

static gboolean
is_valid (PlugRbHost *host)
{
  return plug_rb_host_get_state (host) != PLUG_RB_HOST_STATE_DESCRIPTION_INVALID;
}

static const char *
get_base_id (PlugRbHost *host)
{
  return plug_rb_host_get_file (host)->base_id;
}

/* Whether a valid description of @id is among @hosts from @begin to before @end. */
static gboolean
is_described (GPtrArray *hosts, guint begin, guint end, const char *id)
{
  for (guint i = begin; i < end; i++)
    if (is_valid (hosts->pdata[i]) && g_str_equal (get_base_id (hosts->pdata[i]), id))
      return TRUE;

  return FALSE;
}

static GPtrArray *
load_or_explain (const char *path, GError **error)
{
  g_autoptr(GError) cause = NULL;
  GPtrArray *hosts = plug_rb_host_load_variants (path, &cause);

  if (hosts != NULL)
    return hosts;
  if (plug_rb_error_is_exhausted (cause)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (hosts, plug_rb_host_new_invalid (path, cause->message));

  return hosts;
}

static PlugRbHost *
explain_double (const char *path, const char *id)
{
  g_autofree char *message =
      g_strdup_printf (_("“%s”: another file in this folder describes “%s” too"), path, id);

  return plug_rb_host_new_invalid (path, message);
}

/* All variants go: the later description may have others. Returns how many went. */
static guint
remove_described (GPtrArray *hosts, guint n_before, const char *id)
{
  guint n = 0;

  for (guint i = n_before; i-- > 0;)
    if (is_described (hosts, i, i + 1, id)) {
      g_ptr_array_remove_index (hosts, i);
      n++;
    }

  return n;
}

/* Hosts of a later folder take the place of those with the same id: among the first @n_before, of
 * which some may go. */
static gboolean
add_host (GPtrArray *hosts, guint *n_before, const char *path, GError **error)
{
  GPtrArray *found = load_or_explain (path, error);
  const char *id;

  if (found == NULL)
    return FALSE;

  id = is_valid (found->pdata[0]) ? get_base_id (found->pdata[0]) : NULL;
  if (id != NULL && is_described (hosts, *n_before, hosts->len, id)) {
    g_ptr_array_add (hosts, explain_double (path, id));
    g_ptr_array_unref (found);
    return TRUE;
  }

  if (id != NULL)
    *n_before -= remove_described (hosts, *n_before, id);
  g_ptr_array_extend_and_steal (hosts, found);

  return TRUE;
}

static gboolean
add_folder (GPtrArray *hosts, const char *folder, GError **error)
{
  g_autoptr(GPtrArray) paths = list_files (folder, error);
  guint n_before = hosts->len;

  if (paths == NULL)
    return FALSE;

  for (guint i = 0; i < paths->len; i++)
    if (!add_host (hosts, &n_before, paths->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* A broken description must not hide a good one of the same name, so it comes behind. */
static int
compare_hosts (gconstpointer a, gconstpointer b)
{
  PlugRbHost *one = (PlugRbHost *) a;
  PlugRbHost *other = (PlugRbHost *) b;

  if (is_valid (one) != is_valid (other))
    return is_valid (one) ? -1 : 1;

  return strcmp (plug_rb_host_get_id (one), plug_rb_host_get_id (other));
}

static char *
dup_own_folder (void)
{
  g_autofree char *data = plug_rb_template_dup_folder ("DATA");

  return g_build_filename (data, GETTEXT_PACKAGE, "hosts", NULL);
}

/**
 * plug_rb_host_load_all:
 *
 * Loads the descriptions that were installed with the program (or, for tests, lie in the folder
 * that the variable PLUGRB_HOSTS_DIR names) and those of the user, which take the place of those
 * with the same id. One that is broken becomes a host whose state says so and disturbs no other.
 *
 * Returns: (transfer full) (element-type PlugRbHost): valid hosts by id, then broken ones; %NULL
 *   with %PLUG_RB_ERROR_EXHAUSTED if it is not known which there are
 */
GPtrArray *
plug_rb_host_load_all (GError **error)
{
  g_autofree char *own = dup_own_folder ();
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);

  if (!add_folder (hosts, plug_rb_host_get_shipped_folder (), error) ||
      !add_folder (hosts, own, error))
    return NULL;

  g_ptr_array_sort_values (hosts, compare_hosts);
  return g_steal_pointer (&hosts);
}

/**
 * plug_rb_host_load_named:
 * @id: of a host, or of a variant or instance of it
 *
 * Loads as much of [func@Host.load_all] as it takes to find that host where its description is
 * called like it, as all that come with the program are. The user's descriptions may be called
 * anything, and are few.
 *
 * Returns: (transfer full) (element-type PlugRbHost): that host and others; perhaps none. %NULL
 * with %PLUG_RB_ERROR_EXHAUSTED
 */
GPtrArray *
plug_rb_host_load_named (const char *id, GError **error)
{
  g_autofree char *base = g_strndup (id, strcspn (id, "@+"));
  g_autofree char *name = g_strconcat (base, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (plug_rb_host_get_shipped_folder (), name, NULL);
  g_autofree char *own = dup_own_folder ();
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);
  guint none = 0;

  if (strchr (base, '/') == NULL && g_file_test (path, G_FILE_TEST_EXISTS) &&
      !add_host (hosts, &none, path, error))
    return NULL;
  if (!add_folder (hosts, own, error))
    return NULL;

  g_ptr_array_sort_values (hosts, compare_hosts);
  return g_steal_pointer (&hosts);
}
