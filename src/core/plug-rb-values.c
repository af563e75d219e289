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

/* "/org/..." in dconf, "STORE:/..." elsewhere, and "STORE:" for all of a store. */
static gboolean
is_path (const char *path)
{
  gsize store = strcspn (path, ":/");

  if (store > 0) {
    if (path[store] != ':')
      return FALSE;
    path += store + 1;
  }

  return (*path == '/' && strstr (path, "//") == NULL) || (store > 0 && *path == '\0');
}

static gboolean
is_key (const char *path)
{
  return is_path (path) && !g_str_has_suffix (path, "/") && !g_str_has_suffix (path, ":");
}

/**
 * plug_rb_values_is_in_store:
 * @key: a key or folder
 *
 * Returns: whether it lies in a #PlugRbSettingsStore; otherwise in dconf
 */
gboolean
plug_rb_values_is_in_store (const char *key)
{
  return *key != '/';
}

/* A value of a list is its index there and the entry itself. The index moves when other plugins
 * come and go, so it is not part of what is the plugin's. */
static gboolean
has_position (const char *key, GVariant *value)
{
  return plug_rb_values_is_in_store (key) && g_variant_type_is_tuple (g_variant_get_type (value)) &&
         g_str_has_prefix (g_variant_get_type_string (value), "(us");
}

static GVariant *
move_to (GVariant *value, guint32 position)
{
  gsize n = g_variant_n_children (value);
  g_autofree GVariant **children = g_new (GVariant *, n);
  GVariant *moved;

  children[0] = g_variant_ref_sink (g_variant_new_uint32 (position));
  for (gsize i = 1; i < n; i++)
    children[i] = g_variant_get_child_value (value, i);

  moved = g_variant_ref_sink (g_variant_new_tuple (children, n));
  for (gsize i = 0; i < n; i++)
    g_variant_unref (children[i]);

  return moved;
}

static GVariant *
without_position (const char *key, GVariant *value)
{
  return has_position (key, value) ? move_to (value, PLUG_RB_VALUES_NO_POSITION)
                                   : g_variant_ref (value);
}

/**
 * plug_rb_values_equal:
 * @key: what they are values of
 * @a: (nullable): a value
 * @b: (nullable): a value
 *
 * Returns: whether both are the same, wherever in a list they stand
 */
gboolean
plug_rb_values_equal (const char *key, GVariant *a, GVariant *b)
{
  g_autoptr(GVariant) x = a ? without_position (key, a) : NULL;
  g_autoptr(GVariant) y = b ? without_position (key, b) : NULL;

  return a == b || (a != NULL && b != NULL && g_variant_equal (x, y));
}

/**
 * plug_rb_values_dup_shown:
 *
 * Returns: (transfer full): the value as one shows it to the user
 */
char *
plug_rb_values_dup_shown (const char *key, GVariant *value, gboolean with_type)
{
  g_autoptr(GVariant) entry =
      has_position (key, value) ? g_variant_get_child_value (value, 1) : g_variant_ref (value);

  /* Values in stores are what stands in the file, which has no need of more quotes. */
  return plug_rb_values_is_in_store (key) && g_variant_is_of_type (entry, G_VARIANT_TYPE_STRING)
             ? g_variant_dup_string (entry, NULL)
             : g_variant_print (entry, with_type);
}

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
  g_return_if_fail (folder != NULL && is_path (folder));

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
 * plug_rb_values_covers:
 * @key: a key
 *
 * Returns: whether an absent value means that there was none: not where the key lies in a store
 *   that was not looked at
 */
gboolean
plug_rb_values_covers (PlugRbValues *self, const char *key)
{
  const char *end = strchr (key, ':');
  g_autofree char *store = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!plug_rb_values_is_in_store (key) || end == NULL)
    return TRUE;

  store = g_strndup (key, (gsize) (end + 1 - key));
  return g_ptr_array_find_with_equal_func (self->folders, store, g_str_equal, NULL);
}

/**
 * plug_rb_values_get_positions:
 *
 * Returns: (transfer full): by key the places in lists, which plug_rb_values_to_json() leaves out
 */
JsonObject *
plug_rb_values_get_positions (PlugRbValues *self)
{
  JsonObject *positions = json_object_new ();
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (has_position (key, value)) {
      g_autoptr(GVariant) position = g_variant_get_child_value (value, 0);

      json_object_set_int_member (positions, key, g_variant_get_uint32 (position));
    }

  return positions;
}

/**
 * plug_rb_values_set_positions:
 * @positions: (nullable): as plug_rb_values_get_positions() gave them; what is amiss in them is
 *   ignored
 */
void
plug_rb_values_set_positions (PlugRbValues *self, JsonObject *positions)
{
  g_autoptr(GList) keys = positions ? json_object_get_members (positions) : NULL;

  for (GList *l = keys; l != NULL; l = l->next) {
    GVariant *value = g_hash_table_lookup (self->values, l->data);
    gint64 position = plug_rb_json_get_int (positions, l->data, -1);

    if (value != NULL && has_position (l->data, value) && position >= 0 && position <= G_MAXUINT32)
      g_hash_table_replace (self->values, g_strdup (l->data), move_to (value, (guint32) position));
  }
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
    g_autoptr(GVariant) value = without_position (keys[i], plug_rb_values_get (self, keys[i]));
    g_autofree char *text = g_variant_print (value, TRUE);

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
    if (g_str_has_suffix (self->folders->pdata[i], ":") ||
        has_values (self, self->folders->pdata[i]))
      g_strv_builder_add (builder, self->folders->pdata[i]);

  return g_strv_builder_end (builder);
}

/**
 * plug_rb_values_to_json:
 *
 * Writes the values as they stand in archives, with the folders that hold any and the stores that
 * were looked at. Equal values give equal bytes, wherever in a list they stand.
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
