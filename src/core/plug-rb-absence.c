/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-absence.h"

#include "plug-rb-capture.h"
#include "plug-rb-dconf.h"

struct _PlugRbAbsence {
  PlugRbHost *host;
  PlugRbValues *values;
  GHashTable *lists;
};

static void
unref_value (gpointer value)
{
  if (value != NULL)
    g_variant_unref (value);
}

/**
 * plug_rb_absence_new:
 *
 * Remembers what @host keeps at this moment.
 *
 * Returns: (transfer full): the memory
 */
PlugRbAbsence *
plug_rb_absence_new (PlugRbHost *host)
{
  /* The lists are the same for all plugins. */
  g_autoptr(GPtrArray) memberships = plug_rb_host_read_memberships (host, "any");
  g_auto(GStrv) parents = plug_rb_host_list_settings_parents (host);
  PlugRbAbsence *self = g_new0 (PlugRbAbsence, 1);

  self->host = g_object_ref (host);
  self->values = plug_rb_values_new ();
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_value);

  for (gsize i = 0; parents[i] != NULL; i++)
    plug_rb_dconf_read_folder (self->values, parents[i]);
  for (guint i = 0; i < memberships->len; i++) {
    const PlugRbMembership *membership = memberships->pdata[i];

    g_hash_table_insert (self->lists, g_strdup (membership->key),
                         plug_rb_dconf_read (membership->key));
  }

  return self;
}

void
plug_rb_absence_free (PlugRbAbsence *self)
{
  g_clear_object (&self->host);
  g_clear_pointer (&self->values, plug_rb_values_unref);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_free (self);
}

PlugRbHost *
plug_rb_absence_get_host (PlugRbAbsence *self)
{
  return self->host;
}

/* Of the folders that the plugin has now, what was in them before it came. */
static PlugRbValues *
dup_values (PlugRbAbsence *self, PlugRbValues *live)
{
  const char *const *folders = plug_rb_values_get_folders (live);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (self->values);
  PlugRbValues *values = plug_rb_values_new ();

  for (gsize i = 0; folders != NULL && folders[i] != NULL; i++) {
    plug_rb_values_add_folder (values, folders[i]);
    for (gsize j = 0; keys != NULL && keys[j] != NULL; j++)
      if (g_str_has_prefix (keys[j], folders[i]))
        plug_rb_values_set (values, keys[j], plug_rb_values_get (self->values, keys[j]));
  }

  return values;
}

static int
find_entry (GVariant *list, const char *entry)
{
  g_autofree const char **entries = list && g_variant_is_of_type (list, G_VARIANT_TYPE_STRING_ARRAY)
                                        ? g_variant_get_strv (list, NULL)
                                        : NULL;

  for (int i = 0; entries != NULL && entries[i] != NULL; i++)
    if (g_str_equal (entries[i], entry))
      return i;

  return -1;
}

static void
set_back (PlugRbAbsence *self, PlugRbMembership *membership)
{
  GVariant *list = g_hash_table_lookup (self->lists, membership->key);

  membership->position = find_entry (list, membership->entry);
  membership->present = membership->position >= 0;
  membership->unset = list == NULL;
}

/**
 * plug_rb_absence_dup_state:
 * @id: of a plugin that is there now and was not when @self was made
 *
 * Returns: (transfer full): the plugin as it was: no files, and what the host kept of it
 */
PlugRbState *
plug_rb_absence_dup_state (PlugRbAbsence *self, const char *id, GError **error)
{
  g_autoptr(PlugRbValues) live = plug_rb_host_read_values (self->host, id, error);
  g_autoptr(PlugRbValues) values = NULL;
  g_autoptr(GPtrArray) memberships = NULL;

  if (live == NULL)
    return NULL;

  values = dup_values (self, live);
  memberships = plug_rb_host_read_memberships (self->host, id);
  for (guint i = 0; i < memberships->len; i++)
    set_back (self, memberships->pdata[i]);

  return plug_rb_capture_absence (self->host, id, values, memberships);
}
