/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-store.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-host-parts.h"
#include "plug-rb-template.h"

#define STATE "State "
#define DATA "Data "
#define NAME "{name}"

/* ---- what each kind takes */

#define JSON "json-keys;json-map;json-list;json-objects"
#define KEYFILES "kconfig-key;kconfig-keys;kconfig-group;kconfig-subtree;keyfile-key;keyfile-group"
#define SQLITE "sqlite-row;sqlite-json-list"

typedef struct {
  const char *name;
  const char *required; /* by which, parted by semicolons */
  const char *optional;
} Parameter;

/* Each of these is explained in plugin-rollback.host(5). */
static const Parameter parameters[] = {
  { "File", JSON ";" KEYFILES ";gsettings-keyfile;" SQLITE ";xml-attrs;lines", "gsettings-bool" },
  { "Pointer", NULL, JSON },
  { "Keys", NULL, "json-keys" },
  { "Prefix", "kconfig-keys;xml-attrs", "json-keys" },
  { "Entry", "json-map;json-list;json-objects;sqlite-json-list;lines", NULL },
  { "Match", "json-objects", "sqlite-json-list" },
  { "Case", NULL, "json-list;json-objects;" SQLITE },
  { "Group", KEYFILES, NULL },
  { "Key", "kconfig-key;keyfile-key;gsettings-bool;" SQLITE, NULL },
  { "MatchKey", "kconfig-subtree", NULL },
  { "MatchValue", "kconfig-subtree", NULL },
  { "Path", "gsettings-keyfile", NULL },
  { "Table", SQLITE, NULL },
  { "KeyColumn", SQLITE, NULL },
  { "ValueColumns", "sqlite-row", NULL },
  { "ValueColumn", "sqlite-json-list", NULL },
  { "Companion", NULL, SQLITE },
  { "Element", "xml-attrs", NULL },
  { "When", NULL, PLUG_RB_HOST_STORE_BACKENDS },
};

static gboolean
has_item (const char *list, const char *item)
{
  g_auto(GStrv) items = list ? g_strsplit (list, ";", -1) : NULL;

  return items != NULL && g_strv_contains ((const char *const *) items, item);
}

/**
 * plug_rb_host_store_is_backend:
 * @backend: (nullable): what stands for `Backend`
 *
 * Returns: whether it is one of these kinds
 */
gboolean
plug_rb_host_store_is_backend (const char *backend)
{
  return backend != NULL && has_item (PLUG_RB_HOST_STORE_BACKENDS, backend);
}

/**
 * plug_rb_host_store_knows:
 *
 * Returns: whether stores of this kind may have the parameter
 */
gboolean
plug_rb_host_store_knows (const char *backend, const char *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (g_str_equal (parameters[i].name, parameter))
      return has_item (parameters[i].required, backend) ||
             has_item (parameters[i].optional, backend);

  return FALSE;
}

/**
 * plug_rb_host_store_dup_required:
 *
 * Returns: (transfer full): what stores of this kind must have
 */
char **
plug_rb_host_store_dup_required (const char *backend)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (has_item (parameters[i].required, backend))
      g_strv_builder_add (names, parameters[i].name);

  return g_strv_builder_end (names);
}

/* ---- values */

static char *
expand (const char *template, const char *id, const char *name)
{
  g_autoptr(GString) text = g_string_new (template);
  g_autofree char *quoted = name ? plug_rb_template_quote (name) : NULL;

  if (quoted != NULL)
    g_string_replace (text, NAME, quoted, 0);

  return plug_rb_template_expand (text->str, id, NULL, NULL);
}

static const char *
check_choice (const char *value, const char *choices, const char *why)
{
  return has_item (choices, value) ? NULL : why;
}

/**
 * plug_rb_host_store_check:
 *
 * Returns: (nullable): what is wrong with the value of a parameter, translated
 */
const char *
plug_rb_host_store_check (const char *parameter, const char *value)
{
  g_autofree char *text = expand (value, "id", "name");

  if (text == NULL)
    return _("only {id}, {name}, the user’s folders and words of all variants are known here");
  if (has_item ("File;Companion", parameter))
    return g_path_is_absolute (text) ? NULL : _("the path is not absolute");
  if (has_item ("Pointer;Match", parameter))
    return *text == '/' ? NULL : _("it is not a JSON pointer such as “/name”");
  if (g_str_equal (parameter, "Case"))
    return check_choice (value, "exact;fold", _("it is neither “exact” nor “fold”"));
  if (g_str_equal (parameter, "When"))
    return check_choice (value, "live;stopped", _("it is neither “live” nor “stopped”"));

  return NULL;
}

static gboolean
names_plugin (GKeyFile *file, const char *group, const char *backend)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++) {
    g_autofree char *value = plug_rb_host_store_knows (backend, parameters[i].name)
                                 ? g_key_file_get_string (file, group, parameters[i].name, NULL)
                                 : NULL;

    if (value != NULL && (strstr (value, "{id}") != NULL || strstr (value, NAME) != NULL))
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_host_store_check_all:
 * @backend: one of these kinds
 *
 * Returns: (nullable): what is wrong with a group as a whole, translated
 */
const char *
plug_rb_host_store_check_all (GKeyFile *file, const char *group, const char *backend)
{
  if (g_str_equal (backend, "json-keys") && !g_key_file_has_key (file, group, "Keys", NULL) &&
      !g_key_file_has_key (file, group, "Prefix", NULL))
    return _("it needs “Keys” or “Prefix”");

  /* Else a rollback of one plugin would take others along. */
  return names_plugin (file, group, backend)
             ? NULL
             : _("nothing in it tells plugins apart: it needs {id}");
}

/* ---- making them */

/**
 * plug_rb_host_store_new:
 * @role: (nullable): of a state
 * @parameters: names and values by turns
 *
 * Returns: (transfer full): a store
 */
PlugRbHostStore *
plug_rb_host_store_new (gboolean is_state,
                        const char *name,
                        const char *role,
                        const char *backend,
                        const char *const *values)
{
  PlugRbHostStore *store = g_new0 (PlugRbHostStore, 1);

  store->is_state = is_state;
  store->name = g_strdup (name);
  store->role = g_strdup (role);
  store->backend = g_strdup (backend);
  store->parameters = g_strdupv ((char **) values);

  return store;
}

/**
 * plug_rb_host_store_free:
 *
 * Frees a store.
 */
void
plug_rb_host_store_free (PlugRbHostStore *store)
{
  g_free (store->name);
  g_free (store->role);
  g_free (store->backend);
  g_strfreev (store->parameters);
  g_free (store);
}

/**
 * plug_rb_host_store_take:
 * @file: a description that is valid
 * @group: a state or data of one of these kinds
 *
 * Returns: (transfer full): what the group says, not expanded
 */
PlugRbHostStore *
plug_rb_host_store_take (GKeyFile *file, const char *group)
{
  gboolean is_state = g_str_has_prefix (group, STATE);
  g_autofree char *backend = g_key_file_get_string (file, group, "Backend", NULL);
  g_autofree char *role = g_key_file_get_string (file, group, "Role", NULL);
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++) {
    g_autofree char *value = g_key_file_get_string (file, group, parameters[i].name, NULL);

    if (value != NULL && plug_rb_host_store_knows (backend, parameters[i].name))
      g_strv_builder_add_many (values, parameters[i].name, value, NULL);
  }

  list = g_strv_builder_end (values);
  return plug_rb_host_store_new (is_state, group + strlen (is_state ? STATE : DATA),
                                 is_state ? role : NULL, backend, (const char *const *) list);
}

/* ---- those of a plugin */

/* NULL if what it needs to know is not known. */
static PlugRbHostStore *
expand_store (const PlugRbHostStore *template, const char *host, const char *id, const char *name)
{
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;

  for (guint i = 0; template->parameters[i] != NULL; i += 2) {
    g_autofree char *value = expand (template->parameters[i + 1], id, name);

    if (value == NULL)
      return NULL;
    g_strv_builder_add_many (values, template->parameters[i], value, NULL);
  }
  g_strv_builder_add_many (values, "Host", host, NULL);

  list = g_strv_builder_end (values);
  return plug_rb_host_store_new (template->is_state, template->name, template->role,
                                 template->backend, (const char *const *) list);
}

static char *
find_name (PlugRbHost *self, const char *id)
{
  gboolean installed;
  g_autofree char *path = plug_rb_host_dup_code_path (self, id, &installed, NULL);

  return path && installed ? g_path_get_basename (path) : NULL;
}

/**
 * plug_rb_host_list_stores:
 * @id: a plugin's id, which need not be installed
 * @name: (nullable): name of the plugin's folder or file in the host's, which may be another one in
 *   each version; %NULL for that of the plugin as it is installed
 *
 * Returns: (transfer full) (element-type PlugRbHostStore): where the host keeps the plugin's state
 *   and settings, besides dconf and the plugin's own files, in the order of the description;
 * without those that need a @name if there is none
 */
GPtrArray *
plug_rb_host_list_stores (PlugRbHost *self, const char *id, const char *name)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  GPtrArray *stores = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_host_store_free);
  g_autofree char *found = NULL;

  if (file == NULL || file->stores->len == 0 || !plug_rb_host_check_id (id, NULL))
    return stores;

  if (name == NULL)
    name = found = find_name (self, id);
  for (guint i = 0; i < file->stores->len; i++) {
    PlugRbHostStore *store =
        expand_store (file->stores->pdata[i], plug_rb_host_get_name (self), id, name);

    if (store != NULL)
      g_ptr_array_add (stores, store);
  }

  return stores;
}
