/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-file.h"

#include <fcntl.h>

#include "plug-rb-host-template.h"
#include "plug-rb-host-vocabulary.h"
#include "plug-rb-small-file.h"

#define SIZE_LIMIT (64 * 1024)

static void
place_free (PlugRbPlace *place)
{
  g_free (place->name);
  g_free (place->root);
  g_free (place->child);
  g_strfreev (place->members);
  g_strfreev (place->ignore);
  g_free (place);
}

static void
list_free (PlugRbList *list)
{
  g_free (list->name);
  g_free (list->key);
  g_free (list->entry);
  g_free (list);
}

static void
schemas_free (PlugRbSchemas *schemas)
{
  g_free (schemas->path);
  g_free (schemas->folder);
  g_strfreev (schemas->parents);
  g_free (schemas);
}

/**
 * plug_rb_host_file_free:
 *
 * Frees a description.
 */
void
plug_rb_host_file_free (PlugRbHostFile *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->icon);
  g_strfreev (self->detect);
  g_strfreev (self->version_query);
  g_ptr_array_unref (self->places);
  plug_rb_manifest_rule_clear (&self->manifest);
  g_ptr_array_unref (self->lists);
  g_ptr_array_unref (self->schemas);
  g_strfreev (self->cache);
  g_strfreev (self->exclude);
  g_free (self->bus_name);
  g_free (self);
}

static PlugRbHostFile *
host_file_new (void)
{
  PlugRbHostFile *self = g_new0 (PlugRbHostFile, 1);

  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) list_free);
  self->schemas = g_ptr_array_new_with_free_func ((GDestroyNotify) schemas_free);

  return self;
}

/* ---- taking over what is known to be valid */

static char *
dup_string (GKeyFile *file, const char *group, const char *key)
{
  return g_key_file_get_string (file, group, key, NULL);
}

/* Never NULL. */
static char **
dup_strings (GKeyFile *file, const char *group, const char *key)
{
  char **strings = g_key_file_get_string_list (file, group, key, NULL, NULL);

  return strings ? strings : g_new0 (char *, 1);
}

static char **
dup_version_query (GKeyFile *file)
{
  g_autofree char *value = dup_string (file, "Host", "HostVersion");
  g_auto(GStrv) words = value ? g_strsplit (value, " ", -1) : NULL;

  /* The first two words say how to ask, and there is but one way. */
  return words ? g_strdupv (words + 2) : NULL;
}

static void
take_host (PlugRbHostFile *self, GKeyFile *file)
{
  g_autofree char *method = dup_string (file, "Reload", "Method");

  self->id = dup_string (file, "Host", "Id");
  self->name = g_key_file_get_locale_string (file, "Host", "Name", NULL, NULL);
  self->icon = dup_string (file, "Host", "Icon");
  self->detect = dup_strings (file, "Host", "Detect");
  self->version_query = dup_version_query (file);
  self->cache = dup_strings (file, "Cache", "Globs");
  self->exclude = dup_strings (file, "Exclude", "Globs");
  self->bus_name = dup_string (file, "Running", "Bus");
  self->needs_login = g_strcmp0 (method, "relogin") == 0;
  self->needs_restart = g_strcmp0 (method, "restart") == 0;
}

static PlugRbManifestFormat
take_format (GKeyFile *file)
{
  static const char *const names[] = {
    [PLUG_RB_MANIFEST_JSON] = "json",
    [PLUG_RB_MANIFEST_KEYFILE] = "keyfile",
    [PLUG_RB_MANIFEST_NONE] = "none",
  };
  g_autofree char *name = dup_string (file, "Manifest", "Format");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;

  return PLUG_RB_MANIFEST_NONE;
}

static void
take_manifest (PlugRbHostFile *self, GKeyFile *file)
{
  self->manifest.format = take_format (file);
  self->manifest.file = dup_string (file, "Manifest", "File");
  self->manifest.id = dup_string (file, "Manifest", "Id");
  self->manifest.name = dup_string (file, "Manifest", "Name");
  self->manifest.version = dup_string (file, "Manifest", "Version");
  self->manifest.version_fallback = dup_string (file, "Manifest", "VersionFallback");
  self->manifest.description = dup_string (file, "Manifest", "Description");
  self->manifest.settings_schema = dup_string (file, "Manifest", "SettingsSchema");
  self->manifest.host_versions = dup_string (file, "Manifest", "HostVersions");
}

static void
take_root (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  PlugRbPlace *place = g_new0 (PlugRbPlace, 1);
  g_autofree char *layout = dup_string (file, group, "Layout");

  plug_rb_layout_parse (layout, &place->layout);
  place->name = g_strdup (name);
  place->root = dup_string (file, group, "Path");
  place->child = g_strdup ("{id}");
  place->members = dup_strings (file, group, "Members");
  place->role = PLUG_RB_ROLE_CODE;
  place->ignore = dup_strings (file, group, "Ignore");

  g_ptr_array_add (self->places, place);
}

static void
take_part (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *path = dup_string (file, group, "Path");
  g_autofree char *role = dup_string (file, group, "Role");
  PlugRbPlace *place = g_new0 (PlugRbPlace, 1);

  place->name = g_strdup (name);
  place->root = g_path_get_dirname (path);
  place->child = g_path_get_basename (path);
  place->role = g_str_equal (role, "staged")     ? PLUG_RB_ROLE_STAGED
                : g_str_equal (role, "settings") ? PLUG_RB_ROLE_SETTINGS
                                                 : PLUG_RB_ROLE_CODE;

  g_ptr_array_add (self->places, place);
}

static void
take_list (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *role = dup_string (file, group, "Role");
  g_autofree char *folder = dup_string (file, group, "Path");
  g_autofree char *key = dup_string (file, group, "Key");
  PlugRbList *list = g_new0 (PlugRbList, 1);

  list->name = g_strdup (name);
  list->key = g_strconcat (folder, key, NULL);
  list->entry = dup_string (file, group, "Entry");
  list->enables = g_str_equal (role, "enabled");

  g_ptr_array_add (self->lists, list);
}

static void
take_schemas (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  PlugRbSchemas *schemas = g_new0 (PlugRbSchemas, 1);

  schemas->path = dup_string (file, group, "Path");
  schemas->folder = dup_string (file, group, "SchemaDir");
  schemas->parents = dup_strings (file, group, "Parents");

  g_ptr_array_add (self->schemas, schemas);
}

typedef void (*TakeGroup) (PlugRbHostFile *self,
                           GKeyFile *file,
                           const char *group,
                           const char *name);

static void
take_named_group (PlugRbHostFile *self, GKeyFile *file, const char *group)
{
  static const struct {
    const char *type;
    TakeGroup take;
  } types[] = {
    { "Root ", take_root },
    { "Part ", take_part },
    { "State ", take_list },
    { "Data ", take_schemas },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_prefix (group, types[i].type))
      types[i].take (self, file, group, group + strlen (types[i].type));
}

/**
 * plug_rb_host_file_load:
 * @path: absolute path of a description
 *
 * Reads and checks a description.
 *
 * Returns: (transfer full): the description, or %NULL with an error that names file, line, group
 * and key as far as they are known
 */
PlugRbHostFile *
plug_rb_host_file_load (const char *path, GError **error)
{
  g_autofree char *text = plug_rb_small_file_read_text (AT_FDCWD, path, SIZE_LIMIT, error);
  g_autoptr(PlugRbHostFile) self = NULL;
  g_autoptr(GKeyFile) file = NULL;
  g_auto(GStrv) groups = NULL;

  if (text == NULL || !(file = plug_rb_host_vocabulary_parse (path, text, error)) ||
      !plug_rb_host_template_apply (file, path, error) ||
      !plug_rb_host_vocabulary_check (file, path, text, error))
    return NULL;

  self = host_file_new ();
  take_host (self, file);
  take_manifest (self, file);

  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    take_named_group (self, file, groups[i]);

  return g_steal_pointer (&self);
}
