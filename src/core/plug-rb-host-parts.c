/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-parts.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-language.h"
#include "plug-rb-host-listed.h"
#include "plug-rb-host-version.h"
#include "plug-rb-site.h"
#include "plug-rb-template.h"

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

/**
 * plug_rb_part_installs:
 *
 * Returns: whether the plugin is installed where this part is there
 */
gboolean
plug_rb_part_installs (const PlugRbPart *part)
{
  return part->role == PLUG_RB_ROLE_CODE && !part->optional;
}

/* ---- parts */

static PlugRbPart *
part_new (const PlugRbPlace *place, const char *id)
{
  g_autofree char *child = plug_rb_template_expand (place->child, id, NULL, NULL);
  PlugRbPart *part = g_new0 (PlugRbPart, 1);

  part->name = g_strdup (place->name);
  part->root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  part->path = g_build_filename (part->root, child, NULL);
  part->role = place->role;
  part->optional = place->optional;

  return part;
}

static PlugRbPart *
part_new_member (const PlugRbPlace *place, const char *name)
{
  PlugRbPart *part = g_new0 (PlugRbPart, 1);

  part->name = g_strdup_printf ("%s/%s", place->name, name);
  part->root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  part->path = g_build_filename (part->root, name, NULL);
  part->role = place->role;
  part->optional = place->optional;

  return part;
}

static void
add_members (GPtrArray *parts, const PlugRbPlace *place, const char *id, const char *stem)
{
  for (guint i = 0; place->members[i] != NULL; i++) {
    g_autofree char *name = plug_rb_member_name_build (place->members[i], id, stem);

    if (name != NULL)
      g_ptr_array_add (parts, part_new_member (place, name));
  }
}

/* What another plugin lists is that one's. */
static void
add_own_members (GPtrArray *parts,
                 const PlugRbHostFile *file,
                 const PlugRbPlace *place,
                 const char *id)
{
  g_autoptr(GHashTable) owners = plug_rb_host_listed_owners (file, place->root);

  for (guint i = 0; place->members[i] != NULL; i++) {
    g_autofree char *name = plug_rb_member_name_build (place->members[i], id, NULL);
    const char *owner = name ? g_hash_table_lookup (owners, name) : NULL;

    if (name != NULL && (owner == NULL || g_str_equal (owner, id)))
      g_ptr_array_add (parts, part_new_member (place, name));
  }
}

static void
add_set (GPtrArray *parts, const PlugRbHostFile *file, const PlugRbPlace *place, const char *id)
{
  g_auto(PlugRbSite) site = { 0 };
  g_autofree char *stem = NULL;

  if (!plug_rb_site_find (file, place, id, &site))
    return;

  if (*site.folder != '\0') {
    g_ptr_array_add (parts, part_new_member (place, site.folder));
    return;
  }

  stem = g_strndup (site.name, strrchr (site.name, '.') - site.name);
  add_members (parts, place, id, stem);
}

/* A file may be the plugin's by its name, too. */
static gboolean
has_path (GPtrArray *parts, const char *path)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_str_equal (((PlugRbPart *) parts->pdata[i])->path, path))
      return TRUE;

  return FALSE;
}

static void
add_listed (GPtrArray *parts, const PlugRbHostFile *file, const PlugRbPlace *place, const char *id)
{
  g_autoptr(GHashTable) owners = plug_rb_host_listed_owners (file, place->root);
  g_auto(GStrv) names = plug_rb_host_listed_names (place, id);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr(PlugRbPart) part = part_new_member (place, names[i]);

    if (g_str_equal (g_hash_table_lookup (owners, names[i]), id) && !has_path (parts, part->path))
      g_ptr_array_add (parts, g_steal_pointer (&part));
  }
}

static void
add_versions (GPtrArray *parts,
              const PlugRbHostFile *file,
              const PlugRbPlace *place,
              const char *id)
{
  g_autoptr(GPtrArray) names = plug_rb_host_version_list (file, place, id);

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (parts, part_new_member (place, names->pdata[i]));
}

static void
add_place (GPtrArray *parts, const PlugRbHostFile *file, const PlugRbPlace *place, const char *id)
{
  switch (place->layout) {
  case PLUG_RB_LAYOUT_NAMES:
    add_own_members (parts, file, place, id);
    break;
  case PLUG_RB_LAYOUT_SET:
    add_set (parts, file, place, id);
    break;
  case PLUG_RB_LAYOUT_VERSIONED:
    add_versions (parts, file, place, id);
    break;
  case PLUG_RB_LAYOUT_LISTED:
    add_listed (parts, file, place, id);
    break;
  case PLUG_RB_LAYOUT_LANGUAGES:
    plug_rb_host_language_list (place, id, parts);
    break;
  case PLUG_RB_LAYOUT_DIR:
  default:
    g_ptr_array_add (parts, part_new (place, id));
  }
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
    add_place (parts, file, file->places->pdata[i], id);

  return parts;
}

/* ---- parts of a state that is not installed */

static gboolean
has_part (GPtrArray *parts, const char *name)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_str_equal (((PlugRbPart *) parts->pdata[i])->name, name))
      return TRUE;

  return FALSE;
}

static const PlugRbPlace *
find_place (const PlugRbHostFile *file, const char *part)
{
  gsize length = strcspn (part, "/");

  for (guint i = 0; part[length] == '/' && i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];

    if (place->layout >= PLUG_RB_LAYOUT_SET && strlen (place->name) == length &&
        strncmp (place->name, part, length) == 0)
      return place;
  }

  return NULL;
}

static gboolean
fits_member (const PlugRbPlace *place, const char *id, const char *name)
{
  if (place->layout == PLUG_RB_LAYOUT_LANGUAGES || place->layout == PLUG_RB_LAYOUT_LISTED)
    return plug_rb_host_check_id (name, NULL);
  if (place->layout == PLUG_RB_LAYOUT_VERSIONED)
    return plug_rb_host_version_fits (place, id, name);

  for (guint i = 0; place->members[i] != NULL; i++)
    if (plug_rb_member_name_fits (place->members[i], id, name))
      return TRUE;

  return FALSE;
}

static gboolean
holds_manifest (const PlugRbHostFile *file, PlugRbTable *table, const char *part)
{
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (g_str_equal (entry->part, part) && strchr (entry->path, '/') == NULL &&
        g_pattern_match_simple (file->manifest.file, entry->path))
      return TRUE;
  }

  return FALSE;
}

static char *
dup_owner (const PlugRbHostFile *file, const PlugRbPlace *place, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (place->layout == PLUG_RB_LAYOUT_LISTED) {
    g_autoptr(GHashTable) owners = plug_rb_host_listed_owners (file, place->root);

    return g_strdup (g_hash_table_lookup (owners, name));
  }

  if (file->manifest.file != NULL && g_pattern_match_simple (file->manifest.file, name))
    manifest = plug_rb_manifest_read_file (AT_FDCWD, path, &file->manifest, NULL);

  return manifest ? g_strdup (manifest->id) : NULL;
}

/* What stands there now may be another plugin's. */
static gboolean
check_owner (const PlugRbHostFile *file,
             const PlugRbPlace *place,
             const PlugRbPart *part,
             const char *id,
             GError **error)
{
  g_autofree char *owner = dup_owner (file, place, part->path);

  if (owner == NULL || g_str_equal (owner, id))
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               _("“%s” belongs to the plugin “%s” now. Remove that first"), part->path, owner);
  return FALSE;
}

/**
 * plug_rb_host_add_parts:
 * @table: a state of the plugin
 * @parts: (element-type PlugRbPart): what plug_rb_host_list_parts() gave
 *
 * Adds the parts that the state has and the plugin, as it is installed, has not.
 *
 * Returns: %FALSE if a file of the state stands where another plugin has its own, or cannot be the
 * plugin's
 */
gboolean
plug_rb_host_add_parts (
    PlugRbHost *self, const char *id, PlugRbTable *table, GPtrArray *parts, GError **error)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const char *name = plug_rb_table_get (table, i)->part;
    const PlugRbPlace *place = strchr (name, '/') ? find_place (file, name) : NULL;
    PlugRbPart *part;

    if (strchr (name, '/') == NULL || has_part (parts, name))
      continue;
    if (place == NULL ||
        (!fits_member (place, id, strchr (name, '/') + 1) &&
         (place->layout != PLUG_RB_LAYOUT_SET || !holds_manifest (file, table, name)))) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                   _("The snapshot has “%s”, which cannot be a file of %s"), name, id);
      return FALSE;
    }

    part = place->layout == PLUG_RB_LAYOUT_LANGUAGES
               ? plug_rb_host_language_part (place, id, strchr (name, '/') + 1)
               : part_new_member (place, strchr (name, '/') + 1);
    g_ptr_array_add (parts, part);
    if (!check_owner (file, place, part, id, error))
      return FALSE;
  }

  return TRUE;
}

/* ---- a part that is to be */

static PlugRbPart *
dup_versioned_part (const PlugRbPlace *place, const char *id, const char *version)
{
  g_autoptr(GString) name = version ? g_string_new (place->pattern) : NULL;

  if (name == NULL)
    return NULL;

  g_string_replace (name, "{id}", id, 0);
  g_string_replace (name, "{version}", version, 0);
  return plug_rb_host_check_id (name->str, NULL) ? part_new_member (place, name->str) : NULL;
}

static PlugRbPart *
dup_folder_part (const PlugRbPlace *place, const char *id, const char *version)
{
  switch (place->layout) {
  case PLUG_RB_LAYOUT_DIR:
    return part_new (place, id);
  case PLUG_RB_LAYOUT_VERSIONED:
    return dup_versioned_part (place, id, version);
  case PLUG_RB_LAYOUT_SET:
    return part_new_member (place, id);
  case PLUG_RB_LAYOUT_NAMES:
    return g_strv_contains ((const char *const *) place->members, "{id}")
               ? part_new_member (place, id)
               : NULL;
  case PLUG_RB_LAYOUT_LISTED:
  case PLUG_RB_LAYOUT_LANGUAGES:
  default:
    return NULL;
  }
}

/**
 * plug_rb_host_dup_package_part:
 * @version: (nullable): the version that is to be installed
 *
 * Returns: (transfer full) (nullable): where the folder with the files of a package goes; %NULL if
 *   plugins of the host have no folders
 */
PlugRbPart *
plug_rb_host_dup_package_part (PlugRbHost *self, const char *id, const char *version)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; file != NULL && i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];
    PlugRbPart *part = place->role == PLUG_RB_ROLE_CODE && !place->optional
                           ? dup_folder_part (place, id, version)
                           : NULL;

    if (part != NULL)
      return part;
  }

  return NULL;
}

static char *
match_file (const PlugRbPlace *place, const char *name)
{
  if (place->role != PLUG_RB_ROLE_CODE || place->optional || place->layout != PLUG_RB_LAYOUT_NAMES)
    return NULL;

  /* “{id}” alone is any name, and mostly that of a folder. */
  for (guint i = 0; place->members[i] != NULL; i++) {
    g_autofree char *id = g_str_equal (place->members[i], "{id}")
                              ? NULL
                              : plug_rb_member_name_match (place->members[i], name);

    if (id != NULL && plug_rb_host_check_id (id, NULL))
      return g_steal_pointer (&id);
  }

  return NULL;
}

/**
 * plug_rb_host_dup_file_id:
 * @name: of a file
 *
 * Returns: (transfer full) (nullable): id of the plugin that a file of this name alone would be;
 *   %NULL if it would be none
 */
char *
plug_rb_host_dup_file_id (PlugRbHost *self, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; file != NULL && i < file->places->len; i++) {
    char *id = match_file (file->places->pdata[i], name);

    if (id != NULL)
      return id;
  }

  return NULL;
}

/**
 * plug_rb_host_dup_file_part:
 *
 * Returns: (transfer full) (nullable): where a file goes of which plug_rb_host_dup_file_id() knows
 *   the plugin
 */
PlugRbPart *
plug_rb_host_dup_file_part (PlugRbHost *self, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; file != NULL && i < file->places->len; i++) {
    g_autofree char *id = match_file (file->places->pdata[i], name);

    if (id != NULL)
      return part_new_member (file->places->pdata[i], name);
  }

  return NULL;
}

/**
 * plug_rb_host_takes_folders:
 *
 * Returns: whether a plugin may be a folder that has its id as its name
 */
gboolean
plug_rb_host_takes_folders (PlugRbHost *self)
{
  g_autoptr(PlugRbPart) part = plug_rb_host_dup_package_part (self, "x", NULL);

  return part != NULL;
}

/* ---- where it is */

static gboolean
look_for (const PlugRbPart *part, gboolean *found, GError **error)
{
  gboolean is_member = strchr (part->name, '/') != NULL;
  struct stat st;

  *found = FALSE;
  if (stat (part->path, &st) == 0) {
    *found = is_member || S_ISDIR (st.st_mode);
    return TRUE;
  }

  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be read"), part->path);
  return FALSE;
}

/**
 * plug_rb_host_dup_code_path:
 * @installed: (out): whether it is there
 * @error: set if that cannot be found out
 *
 * Returns: (transfer full) (nullable): where the plugin's code is; where it would be, if it is not
 * installed or cannot be looked at
 */
char *
plug_rb_host_dup_code_path (PlugRbHost *self, const char *id, gboolean *installed, GError **error)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (self, id);
  gboolean known = TRUE;
  char *path = NULL;

  *installed = FALSE;
  for (guint i = 0; !*installed && i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (!plug_rb_part_installs (part))
      continue;

    known = look_for (part, installed, known ? error : NULL) && known;
    if (path == NULL || *installed)
      g_set_str (&path, part->path);
  }

  return path;
}

static char *
dup_set_manifest (const PlugRbHostFile *file, const PlugRbPlace *place, const char *id)
{
  g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_auto(PlugRbSite) site = { 0 };

  return plug_rb_site_find (file, place, id, &site)
             ? g_build_filename (root, site.folder, site.name, NULL)
             : NULL;
}

/* Of several files in any order, it is found by its name. */
static char *
dup_listed_manifest (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  for (guint i = 0; i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];
    g_auto(GStrv) names =
        place->layout == PLUG_RB_LAYOUT_LISTED ? plug_rb_host_listed_names (place, id) : NULL;

    for (guint j = 0; names != NULL && names[j] != NULL; j++)
      if (g_pattern_match_simple (file->manifest.file, names[j])) {
        g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);

        return g_build_filename (root, names[j], NULL);
      }
  }

  return NULL;
}

/* Of a pattern the first one: a folder may have several, of which none is more than another. */
static char *
dup_manifest_in (const PlugRbHostFile *file, const char *folder)
{
  g_autofd int fd = -1;
  g_autoptr(GPtrArray) names = NULL;

  if (strchr (file->manifest.file, '*') == NULL)
    return g_build_filename (folder, file->manifest.file, NULL);

  fd = plug_rb_fs_open_folder (folder, NULL);
  names = fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_pattern_match_simple (file->manifest.file, names->pdata[i]))
      return g_build_filename (folder, names->pdata[i], NULL);

  return NULL;
}

/**
 * plug_rb_host_dup_manifest_path:
 * @id: an installed plugin
 *
 * Returns: (transfer full) (nullable): the file in which it says what it is, %NULL if there is none
 */
char *
plug_rb_host_dup_manifest_path (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  g_autofree char *path = NULL;
  gboolean installed;

  for (guint i = 0; i < file->places->len; i++) {
    const PlugRbPlace *place = file->places->pdata[i];
    char *found = place->layout == PLUG_RB_LAYOUT_SET ? dup_set_manifest (file, place, id) : NULL;

    if (found != NULL)
      return found;
  }

  if (file->manifest.file == NULL)
    return NULL;
  if ((path = dup_listed_manifest (self, id)) != NULL)
    return g_steal_pointer (&path);
  if ((path = plug_rb_host_dup_code_path (self, id, &installed, NULL)) == NULL)
    return NULL;

  /* A plugin that is one file says in there what it is. */
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path)
                                                    : dup_manifest_in (file, path);
}
