/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-schemas.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-dconf.h"
#include "plug-rb-error.h"
#include "plug-rb-sandbox.h"
#include "plug-rb-schema-file.h"
#include "plug-rb-small-file.h"

#define OUTER_SYSTEM "/run/host/usr/share/glib-2.0/schemas"
#define MIN_DEPTH 4
#define MAX_ANCESTORS 16

/* What is needed to decide about one plugin's schemas. */
typedef struct {
  PlugRbValues *values;
  GPtrArray *schemas; /* NULL if there are none that can be read */
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

/* Inside a sandbox the system is not the user's, but that can be looked at. */
static GSettingsSchemaSource *
get_system_source (void)
{
  static GSettingsSchemaSource *source;
  static gsize known;

  if (g_once_init_enter (&known)) {
    GSettingsSchemaSource *own = g_settings_schema_source_get_default ();

    if (plug_rb_sandbox_is_inside ())
      source = g_settings_schema_source_new_from_directory (OUTER_SYSTEM, own, TRUE, NULL);
    if (source == NULL)
      source = own;
    g_once_init_leave (&known, 1);
  }

  return source;
}

static GSettingsSchema *
lookup_system (const char *id)
{
  GSettingsSchemaSource *source = get_system_source ();

  return source && id ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;
}

static gboolean
is_of_system (const char *id)
{
  g_autoptr(GSettingsSchema) schema = lookup_system (id);

  return schema != NULL;
}

static const PlugRbSchema *
find_schema (const Reader *reader, const char *id)
{
  for (guint i = 0; reader->schemas != NULL && id != NULL && i < reader->schemas->len; i++) {
    const PlugRbSchema *schema = reader->schemas->pdata[i];

    if (g_str_equal (schema->id, id))
      return schema;
  }

  return NULL;
}

static void
read_keys (const Reader *reader, const char *folder, char **names)
{
  plug_rb_dconf_read_keys (reader->values, folder, (const char *const *) names);
}

/* Relocatable children have no path but the one below their parent's. */
static void
read_children (const Reader *reader, const char *parent, char **names)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *folder = g_strconcat (parent, names[i], "/", NULL);

    if (is_own_folder (reader, folder))
      plug_rb_dconf_read_folder (reader->values, folder);
  }
}

static void
read_own_schema (const Reader *reader, const PlugRbSchema *schema)
{
  const PlugRbSchema *ancestor = schema;

  if (is_own_folder (reader, schema->path)) {
    plug_rb_dconf_read_folder (reader->values, schema->path);
    return;
  }

  /* A hostile schema may extend itself. */
  for (guint i = 0; ancestor != NULL && i < MAX_ANCESTORS; i++) {
    read_keys (reader, schema->path, ancestor->keys);
    ancestor = find_schema (reader, ancestor->extends);
  }
  read_children (reader, schema->path, schema->children);
}

static void
read_schema (const Reader *reader, const PlugRbSchema *schema)
{
  gboolean is_own;

  if (!is_folder (schema->path)) {
    g_debug ("The schema %s has no usable path", schema->id);
    return;
  }

  /* A copy of a system's schema does not make the system's settings the plugin's. */
  is_own = is_below_parent (reader, schema->path) || g_strcmp0 (schema->id, reader->named) == 0;
  if (is_own || !is_of_system (schema->id))
    read_own_schema (reader, schema);
}

static void
read_system_schema (const Reader *reader, GSettingsSchema *system)
{
  g_autoptr(PlugRbSchema) schema = g_new0 (PlugRbSchema, 1);

  schema->id = g_strdup (g_settings_schema_get_id (system));
  schema->path = g_strdup (g_settings_schema_get_path (system));
  schema->keys = g_settings_schema_list_keys (system);
  schema->children = g_settings_schema_list_children (system);
  read_schema (reader, schema);
}

/* -1 without an error if there is no such folder. */
static int
open_folder (const char *folder, GError **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), folder);

  return fd;
}

/* NULL without an error if there are none that are of use. */
static GPtrArray *
read_file (const char *folder, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autofd int fd = open_folder (folder, error);
  GPtrArray *schemas = fd < 0 ? NULL : plug_rb_schema_file_read (fd, &cause);

  if (cause == NULL)
    return schemas;

  if (plug_rb_small_file_is_absent (cause))
    g_debug ("No schemas in %s: %s", folder, cause->message);
  else
    g_propagate_prefixed_error (error, g_steal_pointer (&cause), "%s: ", folder);

  return NULL;
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
 * Schemas that are damaged are as good as none: the plugin's files can be saved all the same. But
 * what could only not be read now is not taken for absent, or settings would be lost with it.
 *
 * Returns: whether it is known what schemas there are; otherwise an error that names the folder
 */
gboolean
plug_rb_schemas_read (PlugRbValues *values,
                      const char *folder,
                      const char *id,
                      const char *const *parents,
                      GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GPtrArray) schemas = read_file (folder, &cause);
  Reader reader = { values, schemas, id, parents };
  g_autoptr(GSettingsSchema) system = NULL;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  for (guint i = 0; schemas != NULL && i < schemas->len; i++)
    read_schema (&reader, schemas->pdata[i]);

  if (find_schema (&reader, id) == NULL)
    system = lookup_system (id);
  if (system != NULL)
    read_system_schema (&reader, system);

  return TRUE;
}
