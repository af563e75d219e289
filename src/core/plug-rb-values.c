/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-values.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-json.h"

#define FORMAT 1
#define BACKEND "gsettings"

struct _PlugRbValues {
  gatomicrefcount ref_count;
  GPtrArray *folders;
  GHashTable *values;
};

G_DEFINE_BOXED_TYPE (PlugRbValues, plug_rb_values, plug_rb_values_ref, plug_rb_values_unref)

/**
 * plug_rb_values_new:
 *
 * Returns: (transfer full): values without any key
 */
PlugRbValues *
plug_rb_values_new (void)
{
  PlugRbValues *self = g_new0 (PlugRbValues, 1);

  g_atomic_ref_count_init (&self->ref_count);
  /* Room for one, so that there is an array to give out even if it is empty. */
  self->folders = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  self->values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);

  return self;
}

/**
 * plug_rb_values_ref:
 *
 * Returns: (transfer full): @self
 */
PlugRbValues *
plug_rb_values_ref (PlugRbValues *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * plug_rb_values_unref:
 *
 * Gives up one reference; the last one frees.
 */
void
plug_rb_values_unref (PlugRbValues *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->folders);
  g_hash_table_unref (self->values);
  g_free (self);
}

/**
 * plug_rb_values_add_folder:
 * @folder: a folder all of whose keys were looked at ("/org/…/"), or one key that was
 * ("/org/…/key")
 *
 * Notes that what lies there was recorded. Adding one twice changes nothing.
 */
void
plug_rb_values_add_folder (PlugRbValues *self, const char *folder)
{
  guint i;

  g_return_if_fail (self != NULL);
  g_return_if_fail (folder != NULL && *folder == '/');

  for (i = 0; i < self->folders->len; i++) {
    int order = strcmp (self->folders->pdata[i], folder);

    if (order == 0)
      return;
    if (order > 0)
      break;
  }

  g_ptr_array_insert (self->folders, i, g_strdup (folder));
}

/**
 * plug_rb_values_set:
 * @key: absolute key
 * @value: its value; a floating reference is taken
 *
 * Records one value, in place of the one that was recorded for the key before.
 */
void
plug_rb_values_set (PlugRbValues *self, const char *key, GVariant *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL && value != NULL);

  g_hash_table_replace (self->values, g_strdup (key), g_variant_ref_sink (value));
}

/**
 * plug_rb_values_get:
 *
 * Returns: (transfer none) (nullable): the value of a key, %NULL if it was unset or not looked at
 */
GVariant *
plug_rb_values_get (PlugRbValues *self, const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->values, key);
}

/**
 * plug_rb_values_get_folders:
 *
 * Returns: (transfer none) (array zero-terminated=1): the recorded folders and single keys in byte
 *   order; valid until the next plug_rb_values_add_folder()
 */
const char *const *
plug_rb_values_get_folders (PlugRbValues *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->folders->pdata;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * plug_rb_values_dup_keys:
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys that have a value, in byte order
 */
char **
plug_rb_values_dup_keys (PlugRbValues *self)
{
  g_autofree const char **keys = NULL;
  guint length;

  g_return_val_if_fail (self != NULL, NULL);

  keys = (const char **) g_hash_table_get_keys_as_array (self->values, &length);
  qsort (keys, length, sizeof *keys, compare_strings);

  return g_strdupv ((char **) keys);
}

/**
 * plug_rb_values_get_n_keys:
 *
 * Returns: how many keys have a value
 */
guint
plug_rb_values_get_n_keys (PlugRbValues *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->values);
}

/* ---- JSON */

static JsonObject *
values_to_object (PlugRbValues *self)
{
  JsonObject *object = json_object_new ();
  g_auto(GStrv) keys = plug_rb_values_dup_keys (self);

  for (guint i = 0; keys[i] != NULL; i++) {
    g_autofree char *text = g_variant_print (plug_rb_values_get (self, keys[i]), TRUE);

    json_object_set_string_member (object, keys[i], text);
  }

  return object;
}

static gboolean
has_values (PlugRbValues *self, const char *folder)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_equal (key, folder) ||
        (g_str_has_suffix (folder, "/") && g_str_has_prefix (key, folder)))
      return TRUE;

  return FALSE;
}

/* Which empty folders were looked at depends on the versions of the plugin that are known by now;
 * the same settings must give the same document before and after another version became known. */
static char **
list_filled_folders (PlugRbValues *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->folders->len; i++)
    if (has_values (self, self->folders->pdata[i]))
      g_strv_builder_add (builder, self->folders->pdata[i]);

  return g_strv_builder_end (builder);
}

/**
 * plug_rb_values_to_json:
 *
 * Writes the values as they stand in archives, with the folders that hold any. Equal values give
 * equal bytes.
 *
 * Returns: (transfer full): the text
 */
char *
plug_rb_values_to_json (PlugRbValues *self)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_auto(GStrv) folders = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  folders = list_filled_folders (self);
  json_object_set_int_member (object, "format", FORMAT);
  json_object_set_string_member (object, "backend", BACKEND);
  plug_rb_json_set_strv (object, "folders", (const char *const *) folders);
  json_object_set_object_member (object, "values", values_to_object (self));

  return plug_rb_json_to_string (object);
}

static gboolean
throw_corrupt (GError **error, const char *what)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The saved settings are damaged at “%s”"), what);
  return FALSE;
}

static gboolean
is_path (const char *path)
{
  return *path == '/' && strstr (path, "//") == NULL;
}

static gboolean
is_key (const char *path)
{
  return is_path (path) && !g_str_has_suffix (path, "/");
}

static gboolean
parse_folders (PlugRbValues *self, JsonObject *object, GError **error)
{
  JsonArray *array = plug_rb_json_get_array (object, "folders");
  g_auto(GStrv) folders = plug_rb_json_dup_strv (object, "folders");

  if (folders == NULL || g_strv_length (folders) != json_array_get_length (array))
    return throw_corrupt (error, "folders");

  for (guint i = 0; folders[i] != NULL; i++) {
    if (!is_path (folders[i]))
      return throw_corrupt (error, folders[i]);

    plug_rb_values_add_folder (self, folders[i]);
  }

  return TRUE;
}

static gboolean
parse_value (PlugRbValues *self, JsonObject *object, const char *key, GError **error)
{
  const char *text = plug_rb_json_get_string (object, key);
  g_autoptr(GVariant) value = NULL;

  if (text != NULL && is_key (key))
    value = g_variant_parse (NULL, text, NULL, NULL, NULL);
  if (value == NULL)
    return throw_corrupt (error, key);

  plug_rb_values_set (self, key, value);
  return TRUE;
}

static gboolean
parse_values (PlugRbValues *self, JsonObject *object, GError **error)
{
  g_autoptr(GList) keys = object ? json_object_get_members (object) : NULL;

  if (object == NULL)
    return throw_corrupt (error, "values");

  for (GList *l = keys; l != NULL; l = l->next)
    if (!parse_value (self, object, l->data, error))
      return FALSE;

  return TRUE;
}

static gboolean
check_head (JsonObject *object, GError **error)
{
  if (object == NULL)
    return throw_corrupt (error, "{");
  if (plug_rb_json_get_int (object, "format", 0) != FORMAT)
    return throw_corrupt (error, "format");

  return g_strcmp0 (plug_rb_json_get_string (object, "backend"), BACKEND) == 0 ||
         throw_corrupt (error, "backend");
}

/**
 * plug_rb_values_from_json:
 * @json: text as written by plug_rb_values_to_json(); it may be damaged or hostile
 * @length: bytes of @json, or -1 if it is zero-terminated
 *
 * Returns: (transfer full): the values, or %NULL with %PLUG_RB_ERROR_CORRUPT that names the key
 */
PlugRbValues *
plug_rb_values_from_json (const char *json, gssize length, GError **error)
{
  g_autoptr(PlugRbValues) self = plug_rb_values_new ();
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  object = plug_rb_json_parse (json, length, NULL);
  if (!check_head (object, error) || !parse_folders (self, object, error) ||
      !parse_values (self, plug_rb_json_get_object (object, "values"), error))
    return NULL;

  return g_steal_pointer (&self);
}
