/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-listed.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-site.h"
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

/**
 * plug_rb_host_dup_id:
 * @id: the id of a plugin, as somebody wrote it
 *
 * Returns: (transfer full): the same as [method@Host.list_ids] has it: in lower case where case
 * does not count
 */
char *
plug_rb_host_dup_id (PlugRbHost *self, const char *id)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);

  return file != NULL && file->manifest.fold && g_utf8_validate (id, -1, NULL)
             ? g_utf8_strdown (id, -1)
             : g_strdup (id);
}

/* ---- what lies in a root */

static gboolean
is_ignored (const PlugRbPlace *place, const char *name)
{
  for (guint i = 0; place->ignore[i] != NULL; i++)
    if (g_pattern_match_simple (place->ignore[i], name))
      return TRUE;

  return FALSE;
}

/* What is behind a link counts. */
static mode_t
get_type (Folder *root, const struct dirent *entry)
{
  struct stat st;

  if (entry->d_type == DT_DIR)
    return S_IFDIR;
  if (entry->d_type == DT_REG)
    return S_IFREG;

  return fstatat (dirfd (root), entry->d_name, &st, 0) == 0 ? st.st_mode & S_IFMT : 0;
}

static void
add_id (GHashTable *ids, const char *id)
{
  if (id != NULL && find_fault (id) == NULL)
    g_hash_table_add (ids, g_strdup (id));
}

static gboolean
is_program (Folder *root, const char *name)
{
  struct stat st;

  return fstatat (dirfd (root), name, &st, 0) == 0 && (st.st_mode & 0111) != 0;
}

/* Of a template with nothing around {id} it is folders that are meant, and programs where a plugin
 * may be one. */
static gboolean
fits_type (
    const PlugRbPlace *place, const char *member, Folder *root, const char *name, mode_t type)
{
  if (!g_str_equal (member, "{id}"))
    return type == S_IFREG;

  return type == S_IFDIR || (type == S_IFREG && place->programs && is_program (root, name));
}

static void
add_named (GHashTable *ids, const PlugRbPlace *place, Folder *root, const char *name, mode_t type)
{
  for (guint i = 0; place->members[i] != NULL; i++) {
    g_autofree char *id = plug_rb_member_name_match (place->members[i], name);

    if (id != NULL && fits_type (place, place->members[i], root, name, type)) {
      add_id (ids, id);
      return;
    }
  }
}

static void
add_versioned (GHashTable *ids, const PlugRbPlace *place, const char *name)
{
  g_autofree char *id = plug_rb_versioned_name_match (place->pattern, name, NULL);
  g_autofree char *folded = id && place->fold ? g_utf8_strdown (id, -1) : NULL;

  add_id (ids, folded ? folded : id);
}

static void
add_described (GHashTable *ids,
               PlugRbHost *self,
               const PlugRbPlace *place,
               int fd,
               const char *folder,
               const char *name)
{
  const PlugRbManifestRule *rule = &plug_rb_host_get_file (self)->manifest;
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (!g_pattern_match_simple (rule->file, name))
    return;

  manifest = plug_rb_manifest_read_file (fd, name, rule, NULL);
  if (manifest == NULL || manifest->id == NULL)
    return;

  plug_rb_site_remember (place, manifest->id, folder,
                         g_hash_table_contains (ids, manifest->id) ? NULL : name);
  add_id (ids, manifest->id);
}

/* A plugin may have a folder of its own with its manifest in it. */
static void
add_described_in (
    GHashTable *ids, PlugRbHost *self, const PlugRbPlace *place, int root_fd, const char *name)
{
  g_autofd int fd = plug_rb_site_open_folder (root_fd, name);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    add_described (ids, self, place, fd, name, names->pdata[i]);
}

/* Where other things lie among the plugins, the manifest tells. */
static gboolean
is_plugin (PlugRbHost *self, Folder *root, const char *name)
{
  const PlugRbManifestRule *rule = &plug_rb_host_get_file (self)->manifest;
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autofree char *path = NULL;

  if (rule->require == NULL)
    return TRUE;

  path = g_build_filename (name, rule->file, NULL);
  manifest = plug_rb_manifest_read_file (dirfd (root), path, rule, NULL);
  return manifest != NULL;
}

static void
add_entry (GHashTable *ids,
           PlugRbHost *self,
           const PlugRbPlace *place,
           Folder *root,
           const struct dirent *entry)
{
  mode_t type = get_type (root, entry);

  switch (place->layout) {
  case PLUG_RB_LAYOUT_NAMES:
    add_named (ids, place, root, entry->d_name, type);
    break;
  case PLUG_RB_LAYOUT_VERSIONED:
    if (type == S_IFDIR)
      add_versioned (ids, place, entry->d_name);
    break;
  case PLUG_RB_LAYOUT_SET:
    if (type == S_IFDIR)
      add_described_in (ids, self, place, dirfd (root), entry->d_name);
    else if (type == S_IFREG)
      add_described (ids, self, place, dirfd (root), "", entry->d_name);
    break;
  case PLUG_RB_LAYOUT_LISTED:
  case PLUG_RB_LAYOUT_LANGUAGES:
    break;
  case PLUG_RB_LAYOUT_DIR:
  default:
    if (type == S_IFDIR && is_plugin (self, root, entry->d_name))
      add_id (ids, entry->d_name);
  }
}

static gboolean
add_listed (GHashTable *ids, const PlugRbPlace *place)
{
  g_autoptr(GPtrArray) listed = plug_rb_host_listed_ids (place);

  for (guint i = 0; i < listed->len; i++) {
    g_auto(GStrv) names = plug_rb_host_listed_names (place, listed->pdata[i]);

    if (names[0] != NULL)
      add_id (ids, listed->pdata[i]);
  }

  return TRUE;
}

static gboolean
list_root (GHashTable *ids, PlugRbHost *self, const PlugRbPlace *place, GError **error)
{
  g_autoptr(GHashTable) owners =
      plug_rb_host_listed_owners (plug_rb_host_get_file (self), place->root);
  g_autofree char *path = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_autoptr(Folder) root = opendir (path);
  struct dirent *entry;

  if (root == NULL && errno == ENOENT)
    return TRUE;
  if (root == NULL) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be read"), path);
    return FALSE;
  }

  while ((entry = readdir (root)) != NULL)
    if (entry->d_name[0] != '.' && !is_ignored (place, entry->d_name) &&
        !g_hash_table_contains (owners, entry->d_name))
      add_entry (ids, self, place, root, entry);

  return TRUE;
}

/**
 * plug_rb_host_list_ids:
 *
 * Lists the plugins that are installed, symbolic links to them included, in the host's roots.
 * Hidden and hostile names are passed over. A root that is not there is an empty one.
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

    if (place->ignore != NULL &&
        !(place->layout == PLUG_RB_LAYOUT_LISTED ? add_listed (seen, place)
                                                 : list_root (seen, self, place, error)))
      return NULL;
  }

  ids = g_hash_table_steal_all_keys (seen);
  g_ptr_array_sort_values (ids, (GCompareFunc) strcmp);

  return ids;
}
