/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host.h"

#include <errno.h>
#include <fnmatch.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-dconf.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-plugin.h"
#include "plug-rb-schemas.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

/* ---- manifests */

static gboolean
check_usable (PlugRbHost *self, const char *id, GError **error)
{
  if (!plug_rb_host_check_id (id, error))
    return FALSE;

  if (plug_rb_host_get_file (self) != NULL)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                       plug_rb_host_get_message (self));
  return FALSE;
}

static gboolean
is_missing (const char *path)
{
  struct stat st;

  return stat (path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

static PlugRbManifest *
read_manifest (PlugRbHost *self, const char *id, GError **error)
{
  static const PlugRbManifestRule none = { .reader = NULL };
  const PlugRbManifestRule *rule = &plug_rb_host_get_file (self)->manifest;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  g_autofd int fd = -1;

  if (rule->reader == NULL)
    return plug_rb_manifest_parse ("", rule, error);

  path = plug_rb_host_dup_manifest_path (self, id);
  if (plug_rb_host_get_file (self)->lacks_manifests && (path == NULL || is_missing (path)))
    return plug_rb_manifest_parse ("", &none, error);

  if (path == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("%s has no manifest"), id);
    return NULL;
  }

  folder = g_path_get_dirname (path);
  name = g_path_get_basename (path);
  fd = plug_rb_fs_open_folder (folder, error);

  return fd < 0 ? NULL : plug_rb_manifest_read_file (fd, name, rule, error);
}

/**
 * plug_rb_host_read_manifest:
 *
 * Reads what an installed plugin says of itself.
 *
 * Returns: (transfer full): the manifest, or %NULL with %PLUG_RB_ERROR_CORRUPT if it is damaged, or
 *   another error that names the file
 */
PlugRbManifest *
plug_rb_host_read_manifest (PlugRbHost *self, const char *id, GError **error)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return check_usable (self, id, error) ? read_manifest (self, id, error) : NULL;
}

/* One that is missing or damaged is none. One that could only not be read now may be there. */
static gboolean
find_manifest_at (
    PlugRbHost *self, const char *id, const char *path, PlugRbManifest **manifest, GError **error)
{
  g_autoptr(GError) cause = NULL;

  *manifest = read_manifest (self, id, &cause);
  if (cause == NULL || plug_rb_small_file_is_absent (cause))
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&cause), "%s: ", path);
  return FALSE;
}

/**
 * plug_rb_host_find_manifest:
 * @manifest: (out) (nullable): what an installed plugin says of itself; %NULL if it says nothing
 *   that is of use
 *
 * As plug_rb_host_read_manifest(), for what is to be saved: a plugin without a manifest, or with a
 * damaged one, is saved without it.
 *
 * Returns: whether that is known; otherwise an error that names the file
 */
gboolean
plug_rb_host_find_manifest (PlugRbHost *self,
                            const char *id,
                            PlugRbManifest **manifest,
                            GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) cause = NULL;
  gboolean installed;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), FALSE);

  *manifest = NULL;
  if (!check_usable (self, id, error))
    return FALSE;

  path = plug_rb_host_dup_code_path (self, id, &installed, &cause);
  if (cause == NULL)
    return !installed || find_manifest_at (self, id, path, manifest, error);

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * plug_rb_host_parse_manifest:
 * @text: a manifest as it was saved
 *
 * Returns: (transfer full): what the manifest says, or %NULL with %PLUG_RB_ERROR_CORRUPT
 */
PlugRbManifest *
plug_rb_host_parse_manifest (PlugRbHost *self, const char *text, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  if (file == NULL) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                         plug_rb_host_get_message (self));
    return NULL;
  }

  return plug_rb_manifest_parse (text, &file->manifest, error);
}

/**
 * plug_rb_host_list_drops:
 *
 * Returns: (transfer full): files and folders in which the host only remembers what it knew of the
 *   plugin, and which it makes anew
 */
char **
plug_rb_host_list_drops (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; file != NULL && file->drops[i] != NULL; i++) {
    char *path = plug_rb_template_expand (file->drops[i], id, NULL, NULL);

    if (path != NULL)
      g_strv_builder_take (paths, path);
  }

  return g_strv_builder_end (paths);
}

/**
 * plug_rb_host_is_there:
 *
 * Returns: %FALSE if this variant of the host is known not to be on this machine, whatever lies
 *   where its plugins would be
 */
gboolean
plug_rb_host_is_there (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file == NULL || file->is_there;
}

/**
 * plug_rb_host_has_dependencies:
 *
 * Returns: whether plugins of this host can say which others they need
 */
gboolean
plug_rb_host_has_dependencies (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file != NULL && file->manifest.depends != NULL;
}

/**
 * plug_rb_host_provides:
 * @id: what a plugin needs
 *
 * Returns: whether it comes with the host
 */
gboolean
plug_rb_host_provides (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; file != NULL && file->provides[i] != NULL; i++)
    if (fnmatch (file->provides[i], id, 0) == 0)
      return TRUE;

  return FALSE;
}

/* ---- plugins */

static PlugRbPlugin *
plugin_new (PlugRbHost *self,
            const char *id,
            const char *path,
            gboolean installed,
            const PlugRbManifest *manifest,
            const char *message)
{
  return g_object_new (PLUG_RB_TYPE_PLUGIN, "host", self, "id", id, "name",
                       manifest && manifest->name ? manifest->name : id, "version",
                       manifest ? manifest->version : NULL, "description",
                       manifest ? manifest->description : NULL, "path", path, "enabled",
                       installed && plug_rb_host_reads_enabled (self, id), "installed", installed,
                       "message", message, NULL);
}

/**
 * plug_rb_host_dup_plugin:
 * @id: a plugin's id, which need not be installed
 *
 * Looks at one plugin. One whose manifest cannot be read is given all the same, under its id and
 * with a message, so that it can be saved and rolled back.
 *
 * Returns: (transfer full): the plugin, or %NULL with %PLUG_RB_ERROR_INVALID if @id or the
 *   description is invalid, or with %PLUG_RB_ERROR_EXHAUSTED
 */
PlugRbPlugin *
plug_rb_host_dup_plugin (PlugRbHost *self, const char *id, GError **error)
{
  g_autofree char *own = NULL;
  g_autofree char *path = NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean installed;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  if (!check_usable (self, id, error))
    return NULL;

  own = plug_rb_host_dup_id (self, id);
  path = plug_rb_host_dup_code_path (self, own, &installed, &local_error);
  if (installed && local_error == NULL)
    manifest = read_manifest (self, own, &local_error);

  if (plug_rb_error_is_exhausted (local_error)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }

  return plugin_new (self, own, path, installed, manifest,
                     local_error ? local_error->message : NULL);
}

/* ---- settings */

static gboolean
read_all_schemas (
    PlugRbHost *self, PlugRbValues *values, const char *id, const char *path, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (!find_manifest_at (self, id, path, &manifest, error))
    return FALSE;

  for (guint i = 0; i < file->schemas->len; i++) {
    const PlugRbSchemas *schemas = file->schemas->pdata[i];
    g_autofree char *own =
        schemas->path ? plug_rb_template_expand (schemas->path, id, NULL, NULL) : NULL;
    g_autofree char *folder =
        schemas->folder ? plug_rb_template_expand (schemas->folder, id, path, NULL) : NULL;

    if (own != NULL)
      plug_rb_dconf_read_folder (values, own);
    if (folder != NULL &&
        !plug_rb_schemas_read (values, folder, manifest ? manifest->settings_schema : NULL,
                               (const char *const *) schemas->parents, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_host_list_settings_parents:
 *
 * Returns: (transfer full): the dconf folders in which each plugin has a folder of its own
 */
char **
plug_rb_host_list_settings_parents (PlugRbHost *self)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(GStrvBuilder) parents = g_strv_builder_new ();

  for (guint i = 0; file != NULL && i < file->schemas->len; i++) {
    const PlugRbSchemas *schemas = file->schemas->pdata[i];

    if (schemas->parents != NULL)
      g_strv_builder_addv (parents, (const char **) schemas->parents);
  }

  return g_strv_builder_end (parents);
}

/**
 * plug_rb_host_read_values:
 * @id: a plugin's id, which need not be installed
 *
 * Reads the plugin's settings as they are stored. Where its schemas are damaged there are none: its
 * files can be saved all the same.
 *
 * Returns: (transfer full): the settings, or %NULL with %PLUG_RB_ERROR_INVALID, or with an error
 *   that names what could not be read
 */
PlugRbValues *
plug_rb_host_read_values (PlugRbHost *self, const char *id, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr(PlugRbValues) values = NULL;
  g_autoptr(GError) cause = NULL;
  gboolean installed;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  if (!check_usable (self, id, error))
    return NULL;

  path = plug_rb_host_dup_code_path (self, id, &installed, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  values = plug_rb_values_new ();
  if (installed && !read_all_schemas (self, values, id, path, error))
    return NULL;

  return g_steal_pointer (&values);
}

/**
 * plug_rb_host_read_memberships:
 * @id: a plugin's id, which need not be installed
 *
 * Returns: (transfer full) (element-type PlugRbMembership): the plugin's place in each of the
 * host's lists, in the order of the description; empty if @id or the description is invalid
 */
GPtrArray *
plug_rb_host_read_memberships (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  GPtrArray *memberships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_membership_free);

  if (file == NULL || !plug_rb_host_check_id (id, NULL))
    return memberships;

  for (guint i = 0; i < file->lists->len; i++) {
    const PlugRbList *list = file->lists->pdata[i];
    g_autofree char *entry = plug_rb_template_expand (list->entry, id, NULL, NULL);

    g_ptr_array_add (memberships, plug_rb_membership_read (list->name, list->key, entry));
  }

  return memberships;
}
