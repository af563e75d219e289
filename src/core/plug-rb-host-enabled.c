/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-file.h"
#include "plug-rb-host.h"
#include "plug-rb-settings-group.h"

/* What the host's lists and shared files say of a plugin. */
typedef struct {
  gboolean can_enable; /* there is a place where enabled plugins are named */
  gboolean enables;
  gboolean disables;
} Verdict;

static void
add (Verdict *verdict, gboolean of_enabled, gboolean is_named)
{
  verdict->can_enable |= of_enabled;
  verdict->enables |= of_enabled && is_named;
  verdict->disables |= !of_enabled && is_named;
}

/* ---- lists in GNOME settings */

static const PlugRbList *
find_list (const PlugRbHostFile *file, const char *name)
{
  for (guint i = 0; i < file->lists->len; i++) {
    const PlugRbList *list = file->lists->pdata[i];

    if (g_str_equal (list->name, name))
      return list;
  }

  return NULL;
}

static void
add_list (Verdict *verdict, const PlugRbHostFile *file, const PlugRbMembership *membership)
{
  const PlugRbList *list = find_list (file, membership->name);

  if (list != NULL)
    add (verdict, list->enables, membership->present);
}

/**
 * plug_rb_host_list_enables:
 * @name: name of a membership
 *
 * Returns: whether what stands in the list is loaded by the host
 */
gboolean
plug_rb_host_list_enables (PlugRbHost *self, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  const PlugRbList *list = file ? find_list (file, name) : NULL;

  return list != NULL && list->enables;
}

/* ---- shared files */

/* “text”, or “column=text” of a row. */
static gboolean
has_text (GVariant *value, const char *text)
{
  g_auto(GStrv) sides = g_strsplit (text, "=", 2);
  g_autoptr(GVariant) column = NULL;
  g_autofree char *shown = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT)) {
    column = sides[1] ? g_variant_lookup_value (value, sides[0], NULL) : NULL;
    shown = column ? plug_rb_values_dup_shown ("store:", column, FALSE) : NULL;
    return shown != NULL && g_str_equal (shown, sides[1]);
  }

  shown = plug_rb_values_dup_shown ("store:", value, FALSE);
  return g_str_equal (shown, text);
}

static gboolean
has_entry (const PlugRbStoreRule *rule, PlugRbValues *values)
{
  g_auto(GStrv) keys = plug_rb_values_dup_keys (values);
  gsize length = strlen (rule->name);

  for (guint i = 0; keys[i] != NULL; i++)
    if (g_str_has_prefix (keys[i], rule->name) && keys[i][length] == ':' &&
        (rule->value == NULL || has_text (plug_rb_values_get (values, keys[i]), rule->value)))
      return TRUE;

  return FALSE;
}

static void
add_store (Verdict *verdict, const PlugRbStoreRule *rule, PlugRbValues *values)
{
  gboolean of_enabled = g_strcmp0 (rule->role, "enabled") == 0;

  if (of_enabled || g_strcmp0 (rule->role, "disabled") == 0)
    add (verdict, of_enabled, has_entry (rule, values));
}

/* ---- all together */

/**
 * plug_rb_host_is_enabled:
 * @memberships: (element-type PlugRbMembership): a plugin's places in the host's lists
 * @values: its settings
 *
 * Returns: whether the plugin stands in a place that enables, if there is one, and in none that
 *   disables
 */
gboolean
plug_rb_host_is_enabled (PlugRbHost *self, GPtrArray *memberships, PlugRbValues *values)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  Verdict verdict = { FALSE, FALSE, FALSE };

  if (file == NULL)
    return FALSE;

  for (guint i = 0; i < memberships->len; i++)
    add_list (&verdict, file, memberships->pdata[i]);
  for (guint i = 0; i < file->stores->len; i++)
    add_store (&verdict, file->stores->pdata[i], values);

  return (verdict.enables || !verdict.can_enable) && !verdict.disables;
}

static gboolean
tells_enabled (PlugRbSettingsStore *store)
{
  const char *role = plug_rb_settings_store_get (store, "Role");

  return g_strcmp0 (role, "enabled") == 0 || g_strcmp0 (role, "disabled") == 0;
}

/**
 * plug_rb_host_reads_enabled:
 *
 * As plug_rb_host_is_enabled(), reading no more than that takes. What cannot be read says nothing.
 */
gboolean
plug_rb_host_reads_enabled (PlugRbHost *self, const char *id)
{
  g_autoptr(GPtrArray) memberships = plug_rb_host_read_memberships (self, id);
  g_autoptr(GPtrArray) stores = plug_rb_host_list_stores (self, id, NULL, NULL);
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();

  for (guint i = stores ? stores->len : 0; i-- > 0;)
    if (!tells_enabled (stores->pdata[i]))
      g_ptr_array_remove_index (stores, i);
  if (stores != NULL)
    plug_rb_settings_group_read (stores, values, NULL);

  return plug_rb_host_is_enabled (self, memberships, values);
}
