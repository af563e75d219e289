/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-store.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-settings-store-private.h"

G_DEFINE_BOXED_TYPE (PlugRbSettingsStore,
                     plug_rb_settings_store,
                     plug_rb_settings_store_ref,
                     plug_rb_settings_store_unref)

/* ---- making one */

static PlugRbSettingsStore *
make (const char *name, const char *backend, GHashTable *parameters, GError **error)
{
  g_autoptr(PlugRbSettingsStore) self = g_new0 (PlugRbSettingsStore, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (name);
  self->backend = plug_rb_settings_find_backend (backend);
  self->parameters = g_hash_table_ref (parameters);

  if (self->backend == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                 _("“%s” in “%s” is not a kind of settings that is known"), backend, name);
    return NULL;
  }

  return plug_rb_settings_store_check (self, error) ? g_steal_pointer (&self) : NULL;
}

static GHashTable *
new_parameters (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * plug_rb_settings_store_new:
 * @name: what it is called, as in the host file's group
 * @backend: one of those in the table above
 * @parameters: (array zero-terminated=1): names and values by turns, then %NULL
 *
 * Describes a place. Nothing is looked at.
 *
 * Returns: (transfer full): the store, or %NULL with %PLUG_RB_ERROR_INVALID that names the
 *   parameter
 */
PlugRbSettingsStore *
plug_rb_settings_store_new (const char *name,
                            const char *backend,
                            const char *const *parameters,
                            GError **error)
{
  g_autoptr(GHashTable) table = new_parameters ();

  g_return_val_if_fail (name != NULL && backend != NULL && parameters != NULL, NULL);

  for (guint i = 0; parameters[i] != NULL; i += 2)
    g_hash_table_replace (table, g_strdup (parameters[i]), g_strdup (parameters[i + 1]));

  return make (name, backend, table, error);
}

/**
 * plug_rb_settings_store_ref:
 *
 * Returns: (transfer full): @self
 */
PlugRbSettingsStore *
plug_rb_settings_store_ref (PlugRbSettingsStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * plug_rb_settings_store_unref:
 *
 * Gives up one reference; the last one frees.
 */
void
plug_rb_settings_store_unref (PlugRbSettingsStore *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->name);
  g_hash_table_unref (self->parameters);
  g_free (self);
}

/* ---- JSON */

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
dup_parameter_names (PlugRbSettingsStore *self)
{
  g_autofree const char **names =
      (const char **) g_hash_table_get_keys_as_array (self->parameters, NULL);
  guint length = g_hash_table_size (self->parameters);

  qsort (names, length, sizeof *names, compare_strings);

  return g_strdupv ((char **) names);
}

/**
 * plug_rb_settings_store_to_json:
 *
 * Returns: (transfer full): all that plug_rb_settings_store_new_from_json() needs
 */
JsonObject *
plug_rb_settings_store_to_json (PlugRbSettingsStore *self)
{
  JsonObject *json = json_object_new ();
  JsonObject *parameters = json_object_new ();
  g_auto(GStrv) names = NULL;

  g_return_val_if_fail (self != NULL, json);

  names = dup_parameter_names (self);
  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_string_member (parameters, names[i],
                                   plug_rb_settings_store_get (self, names[i]));

  json_object_set_string_member (json, "name", self->name);
  json_object_set_string_member (json, "backend", self->backend->name);
  json_object_set_object_member (json, "parameters", parameters);

  return json;
}

static GHashTable *
parse_parameters (JsonObject *json)
{
  g_autoptr(GHashTable) table = new_parameters ();
  g_autoptr(GList) names = json ? json_object_get_members (json) : NULL;

  for (GList *l = names; l != NULL; l = l->next) {
    const char *value = plug_rb_json_get_string (json, l->data);

    if (value == NULL)
      return NULL;
    g_hash_table_replace (table, g_strdup (l->data), g_strdup (value));
  }

  return json ? g_steal_pointer (&table) : NULL;
}

/**
 * plug_rb_settings_store_new_from_json:
 * @json: what plug_rb_settings_store_to_json() made; it may be damaged
 *
 * Returns: (transfer full): the store, or %NULL with %PLUG_RB_ERROR_CORRUPT or
 *   %PLUG_RB_ERROR_INVALID
 */
PlugRbSettingsStore *
plug_rb_settings_store_new_from_json (JsonObject *json, GError **error)
{
  const char *name = plug_rb_json_get_string (json, "name");
  const char *backend = plug_rb_json_get_string (json, "backend");
  g_autoptr(GHashTable) parameters =
      parse_parameters (plug_rb_json_get_object (json, "parameters"));

  if (name == NULL || backend == NULL || parameters == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("What is saved of the settings in “%s” is damaged"), name ? name : "?");
    return NULL;
  }

  return make (name, backend, parameters, error);
}

/* ---- looking at it */

/**
 * plug_rb_settings_store_equal:
 *
 * Returns: whether both are the same place by the same name
 */
gboolean
plug_rb_settings_store_equal (PlugRbSettingsStore *a, PlugRbSettingsStore *b)
{
  GHashTableIter iter;
  gpointer parameter, value;

  if (a->backend != b->backend || !g_str_equal (a->name, b->name) ||
      g_hash_table_size (a->parameters) != g_hash_table_size (b->parameters))
    return FALSE;

  g_hash_table_iter_init (&iter, a->parameters);
  while (g_hash_table_iter_next (&iter, &parameter, &value))
    if (g_strcmp0 (value, plug_rb_settings_store_get (b, parameter)) != 0)
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_settings_store_get_name:
 *
 * Returns: what it is called, as in the host file's group
 */
const char *
plug_rb_settings_store_get_name (PlugRbSettingsStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * plug_rb_settings_store_get_backend:
 *
 * Returns: name of the backend
 */
const char *
plug_rb_settings_store_get_backend (PlugRbSettingsStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->backend->name;
}

/**
 * plug_rb_settings_store_get:
 *
 * Returns: (nullable): a parameter as it was given
 */
const char *
plug_rb_settings_store_get (PlugRbSettingsStore *self, const char *parameter)
{
  g_return_val_if_fail (self != NULL && parameter != NULL, NULL);

  return g_hash_table_lookup (self->parameters, parameter);
}

static void
take_item (GPtrArray *items, GString *item)
{
  if (item->len > 0)
    g_ptr_array_add (items, g_strdup (item->str));
  g_string_truncate (item, 0);
}

/**
 * plug_rb_settings_store_dup_list:
 *
 * Returns: (transfer full) (nullable): the items of a parameter that is a list; empty ones are left
 *   out
 */
char **
plug_rb_settings_store_dup_list (PlugRbSettingsStore *self, const char *parameter)
{
  const char *text = plug_rb_settings_store_get (self, parameter);
  g_autoptr(GPtrArray) items = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  g_autoptr(GString) item = g_string_new (NULL);

  if (text == NULL)
    return NULL;

  for (; *text != '\0'; text++) {
    if (*text == ';')
      take_item (items, item);
    else if (*text == '\\' && (text[1] == ';' || text[1] == '\\'))
      g_string_append_c (item, *++text);
    else
      g_string_append_c (item, *text);
  }
  take_item (items, item);

  return (char **) g_ptr_array_steal (items, NULL);
}

/**
 * plug_rb_settings_join_list:
 *
 * Returns: (transfer full): a parameter that plug_rb_settings_store_dup_list() takes apart again
 */
char *
plug_rb_settings_join_list (const char *const *items)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; items[i] != NULL; i++) {
    for (const char *p = items[i]; *p != '\0'; p++) {
      if (*p == ';' || *p == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }
    g_string_append_c (text, ';');
  }

  return g_string_free_and_steal (text);
}

/**
 * plug_rb_settings_store_needs_stop:
 *
 * Returns: whether the host must not run while the store is written
 */
gboolean
plug_rb_settings_store_needs_stop (PlugRbSettingsStore *self)
{
  return g_strcmp0 (plug_rb_settings_store_get (self, "When"), "stopped") == 0;
}

/* ---- work */

static const PlugRbSettingsFormat *
get_format (PlugRbSettingsStore *self)
{
  return self->backend->format != NULL && plug_rb_settings_store_get (self, "File") != NULL
             ? self->backend->format
             : NULL;
}

/**
 * plug_rb_settings_store_read:
 *
 * Reads the plugin's own entries. A file that is not there holds none; one that cannot be read, is
 * damaged, too large or locked is an error that names it.
 *
 * Returns: (transfer full): the entries
 */
PlugRbValues *
plug_rb_settings_store_read (PlugRbSettingsStore *self, GError **error)
{
  const PlugRbSettingsFormat *format;
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  gboolean done;

  g_return_val_if_fail (self != NULL, NULL);

  format = get_format (self);
  done = format ? plug_rb_settings_document_read (self, format, values, error)
                : self->backend->read (self, values, error);

  return done ? g_steal_pointer (&values) : NULL;
}

/**
 * plug_rb_settings_store_can_write:
 *
 * Asks beforehand for what would make plug_rb_settings_store_apply() fail. Changes nothing.
 *
 * Returns: whether entries could be written now
 */
gboolean
plug_rb_settings_store_can_write (PlugRbSettingsStore *self, GError **error)
{
  const PlugRbSettingsFormat *format;

  g_return_val_if_fail (self != NULL, FALSE);

  format = get_format (self);

  return format ? plug_rb_settings_document_can_write (self, format, error)
                : self->backend->can_write (self, error);
}

/**
 * plug_rb_settings_store_apply:
 * @edits: (element-type PlugRbSettingsEdit): what to change, each entry once
 * @conflicts: (element-type utf8): gets a copy of the name of each entry that was left alone
 *   because its value is neither the one seen nor the one wanted
 *
 * Compares and sets, all entries at once: after a crash at any point the store holds the old values
 * or the new ones. All else in it stays as it is, byte for byte in a file. What is already as
 * wanted is not written, so that applying again is harmless, and with reversed edits it takes back.
 * Durable when it returns.
 *
 * Returns: whether it worked, conflicts notwithstanding; nothing was changed otherwise
 */
gboolean
plug_rb_settings_store_apply (PlugRbSettingsStore *self,
                              GPtrArray *edits,
                              GPtrArray *conflicts,
                              GError **error)
{
  const PlugRbSettingsFormat *format;

  g_return_val_if_fail (self != NULL && edits != NULL && conflicts != NULL, FALSE);

  if (edits->len == 0)
    return TRUE;

  format = get_format (self);

  return format ? plug_rb_settings_document_apply (self, format, edits, conflicts, error)
                : self->backend->apply (self, edits, conflicts, error);
}
