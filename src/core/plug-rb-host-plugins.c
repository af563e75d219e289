/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-file.h"
#include "plug-rb-plugin.h"
#include "plug-rb-schemas.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

#define MAX_ID_LENGTH 255

typedef DIR Folder;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, closedir)

/* ---- ids */

static gboolean
has_control (const char *id)
{
  for (const char *p = id; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/* NULL if nothing is wrong. */
static const char *
find_fault (const char *id)
{
  if (*id == '\0')
    return _("it is empty");
  if (strlen (id) > MAX_ID_LENGTH)
    return _("it is too long");
  if (!g_utf8_validate (id, -1, NULL))
    return _("it is not valid UTF-8");
  if (strchr (id, '/') != NULL)
    return _("it has a “/” in it");
  if (*id == '.')
    return _("it begins with “.”");
  if (*id == '-')
    return _("it begins with “-”");

  return has_control (id) ? _("it has control characters in it") : NULL;
}

/* For a message: no control characters, no matter what bytes. */
static char *
display_id (const char *id)
{
  g_autofree char *valid = g_utf8_make_valid (id, MIN (strlen (id), MAX_ID_LENGTH));
  g_autoptr(GString) shown = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    g_string_append_unichar (shown, g_unichar_iscntrl (c) ? '?' : c);
  }

  return g_string_free_and_steal (g_steal_pointer (&shown));
}

/**
 * plug_rb_host_check_id:
 * @id: what may be the id of a plugin, from whatever source
 *
 * Checks that an id is the name of one folder in a root and nothing else. Names that begin with “.”
 * are hidden, and those of our own folders; names that begin with “-” look like options.
 *
 * Returns: whether it may be used; otherwise %PLUG_RB_ERROR_INVALID that names it and says why
 */
gboolean
plug_rb_host_check_id (const char *id, GError **error)
{
  const char *fault;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (id != NULL, FALSE);

  fault = find_fault (id);
  if (fault == NULL)
    return TRUE;

  shown = display_id (id);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
               _("“%s” cannot be the id of a plugin: %s"), shown, fault);
  return FALSE;
}

static gboolean
is_ignored (const PlugRbPlace *place, const char *name)
{
  for (guint i = 0; place->ignore[i] != NULL; i++)
    if (g_pattern_match_simple (place->ignore[i], name))
      return TRUE;

  return FALSE;
}

static gboolean
is_folder (Folder *root, const struct dirent *entry)
{
  struct stat st;

  if (entry->d_type == DT_DIR)
    return TRUE;
  if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
    return FALSE;

  return fstatat (dirfd (root), entry->d_name, &st, 0) == 0 && S_ISDIR (st.st_mode);
}

static void
add_ids (GHashTable *ids, const PlugRbPlace *place, Folder *root)
{
  struct dirent *entry;

  while ((entry = readdir (root)) != NULL)
    if (find_fault (entry->d_name) == NULL && !is_ignored (place, entry->d_name) &&
        is_folder (root, entry))
      g_hash_table_add (ids, g_strdup (entry->d_name));
}

static gboolean
list_root (GHashTable *ids, const PlugRbPlace *place, GError **error)
{
  g_autofree char *path = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_autoptr(Folder) root = opendir (path);

  if (root != NULL)
    add_ids (ids, place, root);
  else if (errno != ENOENT)
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be read"), path);

  return root != NULL || errno == ENOENT;
}

/**
 * plug_rb_host_list_ids:
 *
 * Lists the plugins that are installed: folders, and symbolic links to folders, in the host's
 * roots. Hidden and hostile names are passed over. A root that is not there is an empty one.
 *
 * Returns: (transfer full) (element-type utf8): ids in byte order
 */
GPtrArray *
plug_rb_host_list_ids (PlugRbHost *self, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *ids;

  for (guint i = 0; file != NULL && i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];

    if (place->ignore != NULL && !list_root (seen, place, error))
      return NULL;
  }

  ids = g_hash_table_steal_all_keys (seen);
  g_ptr_array_sort_values (ids, (GCompareFunc) strcmp);

  return ids;
}

/* ---- parts */

/**
 * plug_rb_part_free:
 *
 * Frees a part.
 */
void
plug_rb_part_free (PlugRbPart *part)
{
  g_free (part->name);
  g_free (part->root);
  g_free (part->path);
  g_free (part);
}

static PlugRbPart *
part_new (const PlugRbPlace *place, const char *id)
{
  g_autofree char *child = plug_rb_template_expand (place->child, id, NULL, NULL);
  PlugRbPart *part = g_new0 (PlugRbPart, 1);

  part->name = g_strdup (place->name);
  part->root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  part->path = g_build_filename (part->root, child, NULL);
  part->role = place->role;

  return part;
}

/**
 * plug_rb_host_list_parts:
 * @id: a plugin's id, which need not be installed
 *
 * Returns: (transfer full) (element-type PlugRbPart): where the plugin's files lie, in the order of
 *   the description; empty if @id or the description is invalid
 */
GPtrArray *
plug_rb_host_list_parts (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_part_free);

  if (file == NULL || !plug_rb_host_check_id (id, NULL))
    return parts;

  for (guint i = 0; i < file->places->len; i++)
    g_ptr_array_add (parts, part_new (file->places->pdata[i], id));

  return parts;
}

static gboolean
look_for_folder (const char *path, gboolean *found, GError **error)
{
  struct stat st;

  *found = FALSE;
  if (stat (path, &st) == 0) {
    *found = S_ISDIR (st.st_mode);
    return TRUE;
  }

  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), path);
  return FALSE;
}

/* Where the plugin's code is; where it would be, if it is not installed, or if that cannot be found
 * out. */
static char *
dup_code_path (PlugRbHost *self, const char *id, gboolean *installed, GError **error)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (self, id);
  gboolean known = TRUE;
  char *path = NULL;

  *installed = FALSE;
  for (guint i = 0; !*installed && i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (part->role != PLUG_RB_ROLE_CODE)
      continue;

    known = look_for_folder (part->path, installed, known ? error : NULL) && known;
    if (path == NULL || *installed)
      g_set_str (&path, part->path);
  }

  return path;
}

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

static PlugRbManifest *
read_manifest_at (PlugRbHost *self, const char *path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (path, error);

  return fd < 0 ? NULL : plug_rb_manifest_read (fd, &plug_rb_host_get_file (self)->manifest, error);
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
  g_autofree char *path = NULL;
  gboolean installed;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  if (!check_usable (self, id, error))
    return NULL;

  path = dup_code_path (self, id, &installed, NULL);

  return read_manifest_at (self, path, error);
}

/* One that is missing or damaged is none. One that could only not be read now may be there. */
static gboolean
find_manifest_at (PlugRbHost *self, const char *path, PlugRbManifest **manifest, GError **error)
{
  g_autoptr(GError) cause = NULL;

  *manifest = read_manifest_at (self, path, &cause);
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

  path = dup_code_path (self, id, &installed, &cause);
  if (cause == NULL)
    return !installed || find_manifest_at (self, path, manifest, error);

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

/* ---- plugins */

static PlugRbPlugin *
plugin_new (PlugRbHost *self,
            const char *id,
            const char *path,
            gboolean installed,
            const PlugRbManifest *manifest,
            const char *message)
{
  g_autoptr(GPtrArray) memberships = plug_rb_host_read_memberships (self, id);

  return g_object_new (PLUG_RB_TYPE_PLUGIN, "host", self, "id", id, "name",
                       manifest && manifest->name ? manifest->name : id, "version",
                       manifest ? manifest->version : NULL, "description",
                       manifest ? manifest->description : NULL, "path", path, "enabled",
                       plug_rb_host_is_enabled (self, memberships), "installed", installed,
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
 *   description is invalid
 */
PlugRbPlugin *
plug_rb_host_dup_plugin (PlugRbHost *self, const char *id, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean installed;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  if (!check_usable (self, id, error))
    return NULL;

  path = dup_code_path (self, id, &installed, NULL);
  if (installed)
    manifest = read_manifest_at (self, path, &local_error);

  return plugin_new (self, id, path, installed, manifest,
                     local_error ? local_error->message : NULL);
}

/* ---- settings */

static gboolean
read_all_schemas (
    PlugRbHost *self, PlugRbValues *values, const char *id, const char *path, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (!find_manifest_at (self, path, &manifest, error))
    return FALSE;

  for (guint i = 0; i < file->schemas->len; i++) {
    const PlugRbSchemas *schemas = file->schemas->pdata[i];
    g_autofree char *folder = plug_rb_template_expand (schemas->folder, id, path, NULL);

    if (!plug_rb_schemas_read (values, folder, manifest ? manifest->settings_schema : NULL,
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

  path = dup_code_path (self, id, &installed, &cause);
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

static const PlugRbList *
find_list (const PlugRbHostFile *file, const char *name)
{
  for (guint i = 0; i < file->lists->len; i++) {
    const PlugRbList *list = file->lists->pdata[i];

    if (g_str_equal (list->name, name))
      return list;
  }

  return NULL;
}

/**
 * plug_rb_host_is_enabled:
 * @memberships: (element-type PlugRbMembership): a plugin's places in the host's lists
 *
 * Returns: whether the plugin stands in a list that enables and in none that disables
 */
gboolean
plug_rb_host_is_enabled (PlugRbHost *self, GPtrArray *memberships)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  gboolean enabled = FALSE;

  for (guint i = 0; file != NULL && i < memberships->len; i++) {
    const PlugRbMembership *membership = memberships->pdata[i];
    const PlugRbList *list = find_list (file, membership->name);

    if (list == NULL || !membership->present)
      continue;
    if (!list->enables)
      return FALSE;
    enabled = TRUE;
  }

  return enabled;
}
