/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-database.h"
#include "plug-rb-error.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-json.h"
#include "plug-rb-settings-name.h"
#include "plug-rb-layout.h"

/* ---- the file */

/* “Addons*.db” stands for the one with the highest number: hosts count up when they change the
 * layout, and leave the old ones. */
static char *
find_newest (const char *pattern)
{
  g_autofree char *folder = g_path_get_dirname (pattern);
  g_autofree char *glob = g_path_get_basename (pattern);
  g_autoptr(GDir) entries = g_dir_open (folder, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    if (g_pattern_match_simple (glob, name) &&
        (newest == NULL || plug_rb_version_name_compare (name, newest) > 0))
      g_set_str (&newest, name);

  return newest ? g_build_filename (folder, newest, NULL) : NULL;
}

static char *
find_file (PlugRbSettingsStore *store, const char *parameter)
{
  const char *path = plug_rb_settings_store_get (store, parameter);

  if (path == NULL)
    return NULL;

  return strchr (path, '*') ? find_newest (path) : g_strdup (path);
}

/* NULL without an error if there is no database. */
static gboolean
open_file (PlugRbSettingsStore *store,
           const char *parameter,
           gboolean for_writing,
           PlugRbDatabase **database,
           GError **error)
{
  g_autofree char *path = find_file (store, parameter);
  const char *host = plug_rb_settings_store_get (store, "Host");
  GStatBuf st;

  *database = NULL;
  if (path == NULL || (g_stat (path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR)))
    return TRUE;

  *database = plug_rb_database_open (path, host ? host : _("the program"), for_writing, error);
  return *database != NULL;
}

/* ---- the row */

/* What is read of a store: with what has to live as long. */
typedef struct {
  PlugRbRow row;
  char **columns;
} Place;

static void
place_clear (Place *place)
{
  g_strfreev (place->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
is_list (PlugRbSettingsStore *store)
{
  return g_str_equal (plug_rb_settings_store_get_backend (store), "sqlite-json-list");
}

static Place
get_place (PlugRbSettingsStore *store)
{
  Place place = { { 0 }, NULL };

  place.columns =
      plug_rb_settings_store_dup_list (store, is_list (store) ? "ValueColumn" : "ValueColumns");
  place.row.table = plug_rb_settings_store_get (store, "Table");
  place.row.key_column = plug_rb_settings_store_get (store, "KeyColumn");
  place.row.key = plug_rb_settings_store_get (store, "Key");
  place.row.fold =
      !is_list (store) && g_strcmp0 (plug_rb_settings_store_get (store, "Case"), "fold") == 0;
  place.row.columns = (const char *const *) place.columns;

  return place;
}

static char *
dup_name (PlugRbSettingsStore *store)
{
  return plug_rb_settings_name_build_one (
      plug_rb_settings_store_get (store, is_list (store) ? "Entry" : "Key"));
}

/* ---- a list in a row */

static GBytes *
get_text (GVariant *row, const char *column)
{
  g_autoptr(GVariant) value = row ? g_variant_lookup_value (row, column, NULL) : NULL;
  gsize size = 0;
  const void *data = NULL;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    data = g_variant_get_string (value, &size);
  else if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    data = g_variant_get_fixed_array (value, &size, 1);

  return g_bytes_new (data, size);
}

static PlugRbJsonc *
parse_list (PlugRbSettingsStore *store, const Place *place, GVariant *row, GError **error)
{
  g_autoptr(GBytes) bytes = get_text (row, place->columns[0]);
  g_autoptr(GError) cause = NULL;
  PlugRbJsonc *document = plug_rb_settings_json_parse (store, bytes, &cause);

  if (document == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"),
                 place->row.key, cause->message);
  return document;
}

static gboolean
get_element (
    PlugRbSettingsStore *store, const Place *place, GVariant *row, GVariant **value, GError **error)
{
  g_autoptr(PlugRbJsonc) document = parse_list (store, place, row, error);
  const PlugRbJsoncNode *array;

  if (document == NULL ||
      !plug_rb_settings_json_find (store, document, PLUG_RB_JSONC_ARRAY, &array, error))
    return FALSE;

  *value = plug_rb_settings_json_get_element (store, document, array);
  if (*value != NULL)
    g_variant_ref_sink (*value);

  return TRUE;
}

/* The row as it is with another element; its kind of text stays. */
static GVariant *
set_element (
    PlugRbSettingsStore *store, const Place *place, GVariant *row, GVariant *value, GError **error)
{
  g_autoptr(PlugRbJsonc) document = parse_list (store, place, row, error);
  g_autoptr(GVariant) old = row ? g_variant_lookup_value (row, place->columns[0], NULL) : NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  GVariantDict dict;

  if (document == NULL || !plug_rb_settings_json_set_element (store, document, value, error))
    return NULL;

  bytes = plug_rb_settings_json_print (document);
  g_variant_dict_init (&dict, row);
  if (old != NULL && g_variant_is_of_type (old, G_VARIANT_TYPE_BYTESTRING)) {
    g_variant_dict_insert_value (&dict, place->columns[0],
                                 g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  } else {
    text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_variant_dict_insert (&dict, place->columns[0], "s", text);
  }

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* ---- reading */

/* What the plugin has: the row, or its element of the list that is the row. */
static gboolean
get_value (
    PlugRbSettingsStore *store, const Place *place, GVariant *row, GVariant **value, GError **error)
{
  if (is_list (store))
    return get_element (store, place, row, value, error);

  *value = row ? g_variant_ref (row) : NULL;
  return TRUE;
}

static gboolean
read_all (PlugRbSettingsStore *store, PlugRbValues *values, GError **error)
{
  g_auto(Place) place = get_place (store);
  g_autofree char *name = dup_name (store);
  g_autoptr(PlugRbDatabase) database = NULL;
  g_autoptr(GVariant) row = NULL;
  g_autoptr(GVariant) value = NULL;

  plug_rb_values_add_folder (values, "/");
  if (!open_file (store, "File", FALSE, &database, error))
    return FALSE;
  if (database == NULL)
    return TRUE;
  if (!plug_rb_database_read_row (database, &place.row, &row, error) ||
      !get_value (store, &place, row, &value, error))
    return FALSE;

  if (value != NULL)
    plug_rb_values_set (values, name, value);
  return TRUE;
}

/* ---- writing */

static gboolean
check_file (PlugRbSettingsStore *store, const char *parameter, GError **error)
{
  g_autoptr(PlugRbDatabase) database = NULL;

  if (!open_file (store, parameter, TRUE, &database, error))
    return FALSE;

  return database == NULL ||
         (plug_rb_database_begin (database, error) && plug_rb_database_check (database, error));
}

static gboolean
can_write (PlugRbSettingsStore *store, GError **error)
{
  return check_file (store, "File", error) && check_file (store, "Companion", error);
}

static gboolean
equal (GVariant *a, GVariant *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return g_variant_equal (a, b) || (g_variant_is_of_type (a, G_VARIANT_TYPE ("(us)")) &&
                                    g_variant_is_of_type (b, G_VARIANT_TYPE ("(us)")) &&
                                    plug_rb_settings_json_same_element (a, b));
}

/* A saved value may be damaged. */
static gboolean
is_row (const Place *place, GVariant *value)
{
  static const char *const types[] = { "x", "d", "s", "(ay)", "ay", "()", NULL };

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT) ||
      g_variant_n_children (value) != g_strv_length (place->columns))
    return FALSE;

  for (guint i = 0; place->columns[i] != NULL; i++) {
    g_autoptr(GVariant) column = g_variant_lookup_value (value, place->columns[i], NULL);

    if (column == NULL || !g_strv_contains (types, g_variant_get_type_string (column)))
      return FALSE;
  }

  return TRUE;
}

static gboolean
write_row (PlugRbSettingsStore *store,
           const Place *place,
           PlugRbDatabase *database,
           GVariant *row,
           GVariant *value,
           GError **error)
{
  g_autoptr(GVariant) changed = NULL;

  if (!plug_rb_database_check (database, error))
    return FALSE;
  if (!is_list (store) && value != NULL && !is_row (place, value))
    return plug_rb_settings_throw_value (store, value, error);
  if (is_list (store) && !(changed = set_element (store, place, row, value, error)))
    return FALSE;

  return plug_rb_database_write_row (database, &place->row, is_list (store) ? changed : value,
                                     error) &&
         plug_rb_database_commit (database, error);
}

static gboolean
throw_missing (PlugRbSettingsStore *store, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” is not there, so nothing can be restored in it. Start %s once"),
               plug_rb_settings_store_get (store, "File"),
               plug_rb_settings_store_get (store, "Host"));
  return FALSE;
}

static gboolean
apply_in (PlugRbSettingsStore *store,
          const char *parameter,
          const PlugRbSettingsEdit *edit,
          gboolean *conflict,
          GError **error)
{
  g_auto(Place) place = get_place (store);
  g_autoptr(PlugRbDatabase) database = NULL;
  g_autoptr(GVariant) row = NULL;
  g_autoptr(GVariant) live = NULL;

  if (!open_file (store, parameter, TRUE, &database, error))
    return FALSE;
  if (database == NULL)
    return edit->target == NULL || !g_str_equal (parameter, "File") || throw_missing (store, error);
  if (!plug_rb_database_begin (database, error) ||
      !plug_rb_database_read_row (database, &place.row, &row, error) ||
      !get_value (store, &place, row, &live, error))
    return FALSE;

  *conflict = !equal (live, edit->target) && !equal (live, edit->before);
  return *conflict || equal (live, edit->target) ||
         write_row (store, &place, database, row, edit->target, error);
}

/* The host puts its copy in place of a database that it cannot open, so that has to agree; what
 * it holds else is not known, and no conflict. */
static gboolean
apply (PlugRbSettingsStore *store, GPtrArray *edits, GPtrArray *conflicts, GError **error)
{
  const PlugRbSettingsEdit *edit = edits->pdata[0];
  g_autofree char *name = dup_name (store);
  gboolean conflict = FALSE, ignored = FALSE;

  if (edits->len != 1 || !g_str_equal (edit->name, name))
    return plug_rb_settings_throw_foreign (store, edit->name, error);
  if (!apply_in (store, "File", edit, &conflict, error))
    return FALSE;

  if (conflict) {
    g_ptr_array_add (conflicts, g_strdup (name));
    return TRUE;
  }

  return apply_in (store, "Companion", edit, &ignored, error);
}

const PlugRbSettingsBackend plug_rb_settings_sqlite_row = {
  .name = "sqlite-row",
  .required = (const char *const[]) { "File", "Table", "KeyColumn", "Key", "ValueColumns", NULL },
  .optional = (const char *const[]) { "Case", "Companion", NULL },
  .read = read_all,
  .can_write = can_write,
  .apply = apply,
};

const PlugRbSettingsBackend plug_rb_settings_sqlite_json_list = {
  .name = "sqlite-json-list",
  .required =
      (const char *const[]) { "File", "Table", "KeyColumn", "Key", "ValueColumn", "Entry", NULL },
  .optional = (const char *const[]) { "Case", "Companion", "Match", NULL },
  .read = read_all,
  .can_write = can_write,
  .apply = apply,
};
