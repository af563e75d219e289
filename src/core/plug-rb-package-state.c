/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-state.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-capture.h"
#include "plug-rb-error.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-json.h"
#include "plug-rb-scan.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-settings-name.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-template.h"

/* The state in which a plugin is once its package is installed: files of the package, settings as
 * they are, and in the host's own lists what the host would have written there. */

/* ---- what the host knows of installed plugins */

static gboolean
has_role (PlugRbSettingsStore *store, const char *role)
{
  return g_strcmp0 (plug_rb_settings_store_get (store, "Role"), role) == 0;
}

static void
set_member (JsonObject *object, const char *pointer, const char *value)
{
  g_auto(GStrv) names = g_strsplit (pointer, "/", -1);

  for (guint i = 1; names[i] != NULL && names[i + 1] != NULL; i++) {
    JsonObject *child = plug_rb_json_get_object (object, names[i]);

    if (child == NULL) {
      child = json_object_new ();
      json_object_set_object_member (object, names[i], child);
    }
    object = child;
  }

  if (names[0] != NULL && names[1] != NULL)
    json_object_set_string_member (object, names[g_strv_length (names) - 1], value);
}

/* “/version={version};/location/path={plugin}” */
static void
set_members (JsonObject *object,
             const char *members,
             const PlugRbPackage *package,
             const char *path)
{
  g_auto(GStrv) all = members ? g_strsplit (members, ";", -1) : NULL;

  for (guint i = 0; all != NULL && all[i] != NULL; i++) {
    g_auto(GStrv) sides = g_strsplit (all[i], "=", 2);
    g_autoptr(GString) value = sides[0] && sides[1] ? g_string_new (sides[1]) : NULL;
    const char *version = package->manifest->version;

    if (value == NULL)
      continue;
    g_string_replace (value, "{version}", version ? version : "", 0);
    g_string_replace (value, "{plugin}", path, 0);
    set_member (object, sides[0], value->str);
  }
}

static JsonObject *
dup_entry (GVariant *value)
{
  g_autofree char *raw = NULL;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE ("(us)")))
    g_variant_get (value, "(us)", NULL, &raw);

  return raw ? plug_rb_json_parse (raw, -1, NULL) : NULL;
}

static void
register_files (PlugRbValues *values,
                PlugRbSettingsStore *store,
                const PlugRbInstalled *installed,
                const PlugRbPackage *package,
                const PlugRbPart *part,
                GVariant *before)
{
  const char *id = plug_rb_settings_store_get (store, "Entry");
  g_autofree char *folder = plug_rb_settings_group_dup_folder (store);
  g_autofree char *entry = plug_rb_settings_name_build_one (id);
  g_autofree char *key = g_strconcat (folder, entry, NULL);
  g_autofree char *name = g_path_get_basename (part->path);
  g_autoptr(JsonObject) object = dup_entry (before);
  g_autofree char *raw = NULL;

  if (object == NULL) {
    object = json_object_new ();
    set_member (object, installed->match, package->manifest->id);
  }
  set_member (object, installed->folder, name);
  set_members (object, installed->set, package, part->path);

  raw = g_strchomp (plug_rb_json_to_string (object));
  plug_rb_values_set (values, key,
                      g_variant_new ("(us)", (guint32) PLUG_RB_VALUES_NO_POSITION, raw));
}

static GVariant *
find_entry (PlugRbState *live, PlugRbSettingsStore *store)
{
  g_autofree char *folder = plug_rb_settings_group_dup_folder (store);
  g_autofree char *entry =
      plug_rb_settings_name_build_one (plug_rb_settings_store_get (store, "Entry"));
  g_autofree char *key = g_strconcat (folder, entry, NULL);

  return plug_rb_values_get (live->values, key);
}

static PlugRbValues *
make_values (PlugRbPackage *package, PlugRbState *live, const PlugRbPart *part)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (package->host);
  const char *const *folders = plug_rb_values_get_folders (live->values);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (live->values);
  PlugRbValues *values = plug_rb_values_new ();

  for (guint i = 0; folders[i] != NULL; i++)
    plug_rb_values_add_folder (values, folders[i]);
  for (guint i = 0; keys[i] != NULL; i++)
    if (!plug_rb_settings_group_goes_with_files (live->stores, keys[i]))
      plug_rb_values_set (values, keys[i], plug_rb_values_get (live->values, keys[i]));

  for (guint i = 0; i < live->stores->len && file->installed->len > 0; i++)
    if (has_role (live->stores->pdata[i], "installed"))
      register_files (values, live->stores->pdata[i], file->installed->pdata[0], package, part,
                      find_entry (live, live->stores->pdata[i]));

  return values;
}

static GPtrArray *
make_memberships (PlugRbHost *host, GPtrArray *live, gboolean change, gboolean enable)
{
  GPtrArray *memberships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_membership_free);

  for (guint i = 0; i < live->len; i++) {
    const PlugRbMembership *old = live->pdata[i];
    gboolean enables = plug_rb_host_list_enables (host, old->name);
    gboolean present = change ? enable && enables : old->present;
    PlugRbMembership *new = plug_rb_membership_new (old->name, old->key, old->entry, present,
                                                    present ? old->position : -1);

    new->unset = old->unset;
    g_ptr_array_add (memberships, new);
  }

  return memberships;
}

/* ---- files */

static gboolean
scan_package (PlugRbState *state,
              PlugRbPackage *package,
              const PlugRbPart *part,
              PlugRbPack *pack,
              GCancellable *cancellable,
              GError **error)
{
  const PlugRbScan scan = { .cache_globs = plug_rb_host_get_cache_globs (package->host),
                            .pack = pack,
                            .cancellable = cancellable };
  g_autofree char *path = g_build_filename (package->folder, package->member, NULL);
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();

  if (!plug_rb_scan_part (&scan, table, part->name, path, error))
    return FALSE;

  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++)
    plug_rb_table_add (table, plug_rb_table_get (state->table, i));
  plug_rb_table_close (table);
  plug_rb_table_unref (state->table);
  state->table = g_steal_pointer (&table);

  return TRUE;
}

static PlugRbPart *
find_part (PlugRbPackage *package, GError **error)
{
  PlugRbPart *part = package->member ? plug_rb_host_dup_file_part (package->host, package->member)
                                     : plug_rb_host_dup_package_part (package->host, package->id,
                                                                      package->manifest->version);

  if (part == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("Plugins of %s have no folder of their own, so that none can be installed"),
                 plug_rb_host_get_name (package->host));
  return part;
}

/**
 * plug_rb_package_read_state:
 * @live: the plugin as it is
 * @enable: whether the host is to load it; otherwise that stays as it is
 * @pack: gets the contents
 *
 * Returns: (transfer full): the plugin as it will be
 */
PlugRbState *
plug_rb_package_read_state (PlugRbPackage *package,
                            PlugRbState *live,
                            gboolean enable,
                            PlugRbPack *pack,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr(PlugRbPart) part = find_part (package, error);
  g_autoptr(PlugRbValues) values = part ? make_values (package, live, part) : NULL;
  g_autoptr(GPtrArray) memberships =
      make_memberships (package->host, live->memberships, enable, TRUE);
  g_autoptr(PlugRbState) state = NULL;

  if (part == NULL)
    return NULL;

  state = plug_rb_capture_absence (package->host, package->id, values, memberships);
  if (!scan_package (state, package, part, pack, cancellable, error))
    return NULL;

  state->absent = FALSE;
  state->name = g_strdup (package->manifest->name);
  state->version = g_strdup (package->manifest->version);
  state->manifest = g_strdup (package->manifest->text);
  state->dependencies = g_ptr_array_ref (package->manifest->dependencies);

  return g_steal_pointer (&state);
}

/**
 * plug_rb_package_make_absence:
 * @live: the plugin as it is
 *
 * Returns: (transfer full): the plugin as it will be when it is uninstalled: without files and
 *   without a place in the host's lists, its settings left
 */
PlugRbState *
plug_rb_package_make_absence (PlugRbHost *host, PlugRbState *live)
{
  const char *const *folders = plug_rb_values_get_folders (live->values);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (live->values);
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  g_autoptr(GPtrArray) memberships = make_memberships (host, live->memberships, TRUE, FALSE);

  for (guint i = 0; folders[i] != NULL; i++)
    plug_rb_values_add_folder (values, folders[i]);
  for (guint i = 0; keys[i] != NULL; i++) {
    PlugRbSettingsStore *store = plug_rb_settings_group_find (live->stores, keys[i]);

    if (store == NULL || has_role (store, "settings"))
      plug_rb_values_set (values, keys[i], plug_rb_values_get (live->values, keys[i]));
  }

  return plug_rb_capture_absence (host, live->id, values, memberships);
}
