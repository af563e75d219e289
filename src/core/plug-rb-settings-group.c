/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-group.h"

/**
 * plug_rb_settings_group_dup_folder:
 *
 * Returns: (transfer full): what stands before the names of all entries of a store
 */
char *
plug_rb_settings_group_dup_folder (PlugRbSettingsStore *store)
{
  return g_strconcat (plug_rb_settings_store_get_name (store), ":", NULL);
}

/* ---- reading */

static void
add_values (PlugRbValues *values, PlugRbValues *own, const char *folder)
{
  const char *const *folders = plug_rb_values_get_folders (own);
  g_auto(GStrv) names = plug_rb_values_dup_keys (own);

  plug_rb_values_add_folder (values, folder);
  for (guint i = 0; folders[i] != NULL; i++) {
    g_autofree char *key = g_strconcat (folder, folders[i], NULL);

    plug_rb_values_add_folder (values, key);
  }

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *key = g_strconcat (folder, names[i], NULL);

    plug_rb_values_set (values, key, plug_rb_values_get (own, names[i]));
  }
}

/**
 * plug_rb_settings_group_read:
 * @stores: (element-type PlugRbSettingsStore): the stores of a plugin
 * @values: gets what they hold
 *
 * Returns: whether all could be read; otherwise an error that names the file
 */
gboolean
plug_rb_settings_group_read (GPtrArray *stores, PlugRbValues *values, GError **error)
{
  for (guint i = 0; i < stores->len; i++) {
    g_autofree char *folder = plug_rb_settings_group_dup_folder (stores->pdata[i]);
    g_autoptr(PlugRbValues) own = plug_rb_settings_store_read (stores->pdata[i], error);

    if (own == NULL)
      return FALSE;
    add_values (values, own, folder);
  }

  return TRUE;
}

/* ---- finding */

/* The name of an entry in its store, or NULL for what lies elsewhere. */
static const char *
find_name (PlugRbSettingsStore *store, const char *key)
{
  const char *name = plug_rb_settings_store_get_name (store);
  gsize length = strlen (name);

  return g_str_has_prefix (key, name) && key[length] == ':' ? key + length + 1 : NULL;
}

/**
 * plug_rb_settings_group_find:
 * @stores: (nullable) (element-type PlugRbSettingsStore): the stores of a plugin
 *
 * Returns: (transfer none) (nullable): the store that a key lies in
 */
PlugRbSettingsStore *
plug_rb_settings_group_find (GPtrArray *stores, const char *key)
{
  for (guint i = 0; stores != NULL && i < stores->len; i++)
    if (find_name (stores->pdata[i], key) != NULL)
      return stores->pdata[i];

  return NULL;
}

/**
 * plug_rb_settings_group_has_edits:
 * @edits: (element-type PlugRbSettingsEdit): edits by the plugin's keys
 *
 * Returns: whether any of them is one of the store's
 */
gboolean
plug_rb_settings_group_has_edits (PlugRbSettingsStore *store, GPtrArray *edits)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];

    if (find_name (store, edit->name) != NULL)
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_settings_group_goes_with_files:
 * @stores: (nullable) (element-type PlugRbSettingsStore): the stores of a plugin
 *
 * Returns: whether a value only says which files are installed: it would be wrong without them
 */
gboolean
plug_rb_settings_group_goes_with_files (GPtrArray *stores, const char *key)
{
  static const char *const roles[] = { "installed", "obsolete", NULL };
  PlugRbSettingsStore *store = plug_rb_settings_group_find (stores, key);
  const char *role = store ? plug_rb_settings_store_get (store, "Role") : NULL;

  return role != NULL && g_strv_contains (roles, role);
}

/**
 * plug_rb_settings_group_is_observed:
 * @stores: (nullable) (element-type PlugRbSettingsStore): the stores of a plugin
 *
 * Returns: whether a value is only read and shown, because it is not settled what it means
 */
gboolean
plug_rb_settings_group_is_observed (GPtrArray *stores, const char *key)
{
  PlugRbSettingsStore *store = plug_rb_settings_group_find (stores, key);

  return store != NULL && g_strcmp0 (plug_rb_settings_store_get (store, "Mode"), "observe") == 0;
}

/* ---- writing */

static GPtrArray *
pick_edits (PlugRbSettingsStore *store, GPtrArray *edits)
{
  GPtrArray *own = plug_rb_settings_edits_new ();

  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];
    const char *name = find_name (store, edit->name);

    if (name != NULL)
      g_ptr_array_add (own, plug_rb_settings_edit_new (name, edit->before, edit->target));
  }

  return own;
}

static gboolean
apply_one (PlugRbSettingsStore *store, GPtrArray *edits, GPtrArray *conflicts, GError **error)
{
  g_autofree char *folder = plug_rb_settings_group_dup_folder (store);
  g_autoptr(GPtrArray) own = pick_edits (store, edits);
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func (g_free);

  if (own->len > 0 && !plug_rb_settings_store_apply (store, own, left, error))
    return FALSE;

  for (guint i = 0; i < left->len; i++)
    g_ptr_array_add (conflicts, g_strconcat (folder, left->pdata[i], NULL));

  return TRUE;
}

/**
 * plug_rb_settings_group_apply:
 * @stores: (element-type PlugRbSettingsStore): the stores of a plugin
 * @edits: (element-type PlugRbSettingsEdit): what to change, by the plugin's keys
 * @conflicts: (element-type utf8): gets the keys that were left alone
 *
 * As plug_rb_settings_store_apply(), store by store. Each is atomic, all together are not: applying
 * again brings the rest.
 *
 * Returns: whether it worked, conflicts notwithstanding
 */
gboolean
plug_rb_settings_group_apply (GPtrArray *stores,
                              GPtrArray *edits,
                              GPtrArray *conflicts,
                              GError **error)
{
  for (guint i = 0; i < stores->len; i++)
    if (!apply_one (stores->pdata[i], edits, conflicts, error))
      return FALSE;

  return TRUE;
}
