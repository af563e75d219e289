/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-schemas.h"

#include <sys/stat.h>

#include "plug-rb-dconf.h"

#define COMPILED_NAME "gschemas.compiled"
#define COMPILED_LIMIT (16 * 1024 * 1024)
#define MIN_DEPTH 4

/* What is needed to decide about one plugin's schemas. */
typedef struct {
  PlugRbValues *values;
  const char *named;
  const char *const *parents;
} Reader;

static guint
count_components (const char *folder)
{
  guint n = 0;

  for (const char *p = folder + 1; *p != '\0'; p++)
    n += *p == '/';

  return n;
}

static gboolean
is_below_parent (const Reader *reader, const char *folder)
{
  for (guint i = 0; reader->parents[i] != NULL; i++)
    if (g_str_has_prefix (folder, reader->parents[i]) && !g_str_equal (folder, reader->parents[i]))
      return TRUE;

  return FALSE;
}

static gboolean
holds_parent (const Reader *reader, const char *folder)
{
  for (guint i = 0; reader->parents[i] != NULL; i++)
    if (g_str_has_prefix (reader->parents[i], folder))
      return TRUE;

  return FALSE;
}

static gboolean
is_own_folder (const Reader *reader, const char *folder)
{
  return is_below_parent (reader, folder) ||
         (count_components (folder) >= MIN_DEPTH && !holds_parent (reader, folder));
}

static gboolean
is_folder (const char *path)
{
  return path && *path == '/' && g_str_has_suffix (path, "/") && !strstr (path, "//");
}

static gboolean
is_of_system (const char *id)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
                source ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  return schema != NULL;
}

/* Relocatable children have no path but the one below their parent's. */
static void
read_children (const Reader *reader, GSettingsSchema *schema)
{
  g_auto(GStrv) children = g_settings_schema_list_children (schema);

  for (guint i = 0; children[i] != NULL; i++) {
    g_autofree char *folder =
        g_strconcat (g_settings_schema_get_path (schema), children[i], "/", NULL);

    if (is_own_folder (reader, folder))
      plug_rb_dconf_read_folder (reader->values, folder);
  }
}

static void
read_schema (const Reader *reader, GSettingsSchema *schema)
{
  const char *id = g_settings_schema_get_id (schema);
  const char *folder = g_settings_schema_get_path (schema);
  gboolean is_own;

  if (!is_folder (folder)) {
    g_debug ("The schema %s has no usable path", id);
    return;
  }

  /* A copy of a system's schema does not make the system's settings the plugin's. */
  is_own = is_below_parent (reader, folder) || g_strcmp0 (id, reader->named) == 0;
  if (!is_own && is_of_system (id))
    return;

  if (is_own_folder (reader, folder)) {
    plug_rb_dconf_read_folder (reader->values, folder);
  } else {
    g_auto(GStrv) names = g_settings_schema_list_keys (schema);

    plug_rb_dconf_read_keys (reader->values, folder, (const char *const *) names);
    read_children (reader, schema);
  }
}

static gboolean
is_readable (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, COMPILED_NAME, NULL);
  struct stat st;

  /* GLib maps whatever it finds; opening a pipe would never come to an end. */
  return stat (path, &st) == 0 && S_ISREG (st.st_mode) && st.st_size <= COMPILED_LIMIT;
}

static GSettingsSchemaSource *
open_source (const char *folder)
{
  g_autoptr(GError) error = NULL;
  GSettingsSchemaSource *source;

  if (!is_readable (folder))
    return NULL;

  source = g_settings_schema_source_new_from_directory (folder, NULL, FALSE, &error);
  if (source == NULL)
    g_debug ("The schemas in %s cannot be read: %s", folder, error->message);

  return source;
}

static void
read_source (const Reader *reader, GSettingsSchemaSource *source)
{
  g_auto(GStrv) ids = NULL;

  g_settings_schema_source_list_schemas (source, FALSE, &ids, NULL);
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++) {
    g_autoptr(GSettingsSchema) schema = g_settings_schema_source_lookup (source, ids[i], FALSE);

    if (schema != NULL)
      read_schema (reader, schema);
  }
}

static gboolean
has_named (const Reader *reader, GSettingsSchemaSource *source)
{
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL && reader->named != NULL)
    schema = g_settings_schema_source_lookup (source, reader->named, FALSE);

  return schema != NULL;
}

static void
read_named (const Reader *reader)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
                source && reader->named
                    ? g_settings_schema_source_lookup (source, reader->named, TRUE)
                    : NULL;

  if (schema != NULL)
    read_schema (reader, schema);
}

/**
 * plug_rb_schemas_read:
 * @values: where to record the settings
 * @folder: the folder that may hold `gschemas.compiled`
 * @id: (nullable): the schema that the plugin names in its manifest
 * @parents: (array zero-terminated=1): dconf folders in which each plugin has a folder of its own
 *
 * Records the stored settings of all schemas in a folder and, if it is not there, of the system's
 * schema that the plugin names. A folder that is the plugin's own is recorded whole: one below a
 * parent, or one at least four names deep that holds no parent. Elsewhere only the schema's keys
 * are recorded. A schema that the system has too is passed over, unless it is the one that the
 * plugin names or lies below a parent.
 *
 * Schemas that cannot be read are as good as none: the plugin's files can be saved all the same.
 */
void
plug_rb_schemas_read (PlugRbValues *values,
                      const char *folder,
                      const char *id,
                      const char *const *parents)
{
  Reader reader = { values, id, parents };
  g_autoptr(GSettingsSchemaSource) source = open_source (folder);

  if (source != NULL)
    read_source (&reader, source);
  if (!has_named (&reader, source))
    read_named (&reader);
}
