/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-file.h"

#include "plug-rb-sandbox.h"
#include "plug-rb-settings-store.h"

static void
place_free (PlugRbPlace *place)
{
  g_free (place->name);
  g_free (place->root);
  g_free (place->child);
  g_strfreev (place->members);
  g_free (place->pattern);
  g_free (place->list);
  g_free (place->list_pointer);
  g_strfreev (place->ignore);
  g_clear_pointer (&place->sites, g_hash_table_unref);
  g_free (place);
}

static void
list_free (PlugRbList *list)
{
  g_free (list->name);
  g_free (list->key);
  g_free (list->entry);
  g_free (list);
}

static void
installed_free (PlugRbInstalled *installed)
{
  g_free (installed->file);
  g_free (installed->match);
  g_free (installed->folder);
  g_free (installed->set);
  g_free (installed);
}

static void
store_rule_free (PlugRbStoreRule *rule)
{
  g_free (rule->name);
  g_free (rule->backend);
  g_free (rule->role);
  g_free (rule->value);
  g_free (rule->keys_from);
  g_free (rule->prefix_from);
  g_strfreev (rule->parameters);
  g_free (rule);
}

static void
schemas_free (PlugRbSchemas *schemas)
{
  g_free (schemas->name);
  g_free (schemas->path);
  g_free (schemas->folder);
  g_strfreev (schemas->parents);
  g_free (schemas);
}

/**
 * plug_rb_host_file_free:
 *
 * Frees a description.
 */
void
plug_rb_host_file_free (PlugRbHostFile *self)
{
  g_free (self->id);
  g_free (self->base_id);
  g_free (self->variant);
  g_free (self->instance);
  g_free (self->trouble);
  g_free (self->name);
  g_free (self->icon);
  g_strfreev (self->detect);
  g_clear_pointer (&self->version_query, plug_rb_bus_call_free);
  g_ptr_array_unref (self->places);
  plug_rb_manifest_rule_clear (&self->manifest);
  g_ptr_array_unref (self->lists);
  g_ptr_array_unref (self->installed);
  g_ptr_array_unref (self->schemas);
  g_ptr_array_unref (self->stores);
  g_strfreev (self->inside);
  g_strfreev (self->provides);
  g_strfreev (self->cache);
  g_strfreev (self->exclude);
  g_free (self->bus_name);
  g_strfreev (self->stand_in);
  g_strfreev (self->programs);
  g_strfreev (self->drops);
  g_clear_pointer (&self->reload, plug_rb_bus_call_free);
  g_ptr_array_unref (self->probes);
  g_free (self);
}

static PlugRbHostFile *
host_file_new (void)
{
  PlugRbHostFile *self = g_new0 (PlugRbHostFile, 1);

  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) list_free);
  self->installed = g_ptr_array_new_with_free_func ((GDestroyNotify) installed_free);
  self->schemas = g_ptr_array_new_with_free_func ((GDestroyNotify) schemas_free);
  self->stores = g_ptr_array_new_with_free_func ((GDestroyNotify) store_rule_free);
  self->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_probe_free);

  return self;
}

/* ---- taking over what is known to be valid */

static char *
dup_string (GKeyFile *file, const char *group, const char *key)
{
  return g_key_file_get_string (file, group, key, NULL);
}

/* Never NULL. */
static char **
dup_strings (GKeyFile *file, const char *group, const char *key)
{
  char **strings = g_key_file_get_string_list (file, group, key, NULL, NULL);

  return strings ? strings : g_new0 (char *, 1);
}

/* There is but one way to ask: “dbus-property session NAME PATH INTERFACE PROPERTY”. */
static PlugRbBusCall *
take_version_query (GKeyFile *file)
{
  g_autofree char *value = dup_string (file, "Host", "HostVersion");
  g_auto(GStrv) words = value ? g_strsplit (value, " ", -1) : NULL;
  g_autofree char *call =
      words ? g_strdup_printf ("session %s %s org.freedesktop.DBus.Properties Get s:%s s:%s",
                               words[2], words[3], words[4], words[5])
            : NULL;

  return call ? plug_rb_bus_call_parse (call, NULL) : NULL;
}

static void
take_reload (PlugRbHostFile *self, GKeyFile *file)
{
  g_autofree char *method = dup_string (file, "Reload", "Method");
  g_autofree char *call = dup_string (file, "Reload", "Call");

  self->reload = call ? plug_rb_bus_call_parse (call, NULL) : NULL;
  self->needs_login = g_strcmp0 (method, "relogin") == 0;
  self->needs_restart = g_strcmp0 (method, "restart") == 0 || self->reload != NULL;
}

static void
take_host (PlugRbHostFile *self, GKeyFile *file)
{
  g_autofree char *order = dup_string (file, "Apply", "Order");
  g_autofree char *running = dup_string (file, "Apply", "WhileRunning");
  g_autofree char *mode = dup_string (file, "Host", "Mode");

  self->base_id = dup_string (file, "Host", "Id");
  self->id = g_strdup (self->base_id);
  self->observe = g_strcmp0 (mode, "observe") == 0;
  self->name = g_key_file_get_locale_string (file, "Host", "Name", NULL, NULL);
  self->icon = dup_string (file, "Host", "Icon");
  self->detect = dup_strings (file, "Host", "Detect");
  self->version_query = take_version_query (file);
  self->provides = dup_strings (file, "Manifest", "Provided");
  self->cache = dup_strings (file, "Cache", "Globs");
  self->exclude = dup_strings (file, "Exclude", "Globs");
  self->bus_name = dup_string (file, "Running", "Bus");
  self->programs = dup_strings (file, "Running", "Process");
  self->drops = dup_strings (file, "Apply", "Drop");
  self->stop_first = g_strcmp0 (running, "stop-first") == 0;
  self->pauses = order != NULL && g_str_has_prefix (order, "disable;");
}

static PlugRbHostRule
get_host_rule (GKeyFile *file)
{
  static const struct {
    const char *name;
    PlugRbHostRule rule;
  } rules[] = {
    { "semver", PLUG_RB_HOST_RULE_RANGE },
    { "min", PLUG_RB_HOST_RULE_MIN },
    /* A manifest with two ends is read as one range. */
    { "min-max", PLUG_RB_HOST_RULE_RANGE },
    { "equal", PLUG_RB_HOST_RULE_EQUAL },
  };
  g_autofree char *name = dup_string (file, "Manifest", "HostRule");

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_strcmp0 (name, rules[i].name) == 0)
      return rules[i].rule;

  return PLUG_RB_HOST_RULE_PREFIX;
}

static void
take_manifest (PlugRbHostFile *self, GKeyFile *file)
{
  g_autofree char *format = dup_string (file, "Manifest", "Format");
  g_autofree char *optional = dup_string (file, "Manifest", "Optional");
  g_autofree char *id_case = dup_string (file, "Manifest", "IdCase");

  self->lacks_manifests = g_strcmp0 (optional, "true") == 0;
  plug_rb_manifest_find_reader (format, &self->manifest.reader);
  self->manifest.file = dup_string (file, "Manifest", "File");
  self->manifest.id = dup_string (file, "Manifest", "Id");
  self->manifest.name = dup_string (file, "Manifest", "Name");
  self->manifest.version = dup_string (file, "Manifest", "Version");
  self->manifest.version_fallback = dup_string (file, "Manifest", "VersionFallback");
  self->manifest.description = dup_string (file, "Manifest", "Description");
  self->manifest.settings_schema = dup_string (file, "Manifest", "SettingsSchema");
  self->manifest.host_versions = dup_string (file, "Manifest", "HostVersions");
  self->manifest.host_version_max = dup_string (file, "Manifest", "HostVersionMax");
  self->host_rule = get_host_rule (file);
  self->manifest.catalog = dup_string (file, "Manifest", "NameCatalog");
  self->manifest.require = dup_string (file, "Manifest", "Require");
  self->manifest.depends = dup_string (file, "Manifest", "Depends");
  self->manifest.depends_id = dup_string (file, "Manifest", "DependsId");
  self->manifest.depends_version = dup_string (file, "Manifest", "DependsVersion");
  self->manifest.fold = g_strcmp0 (id_case, "fold") == 0;
}

static void
take_root (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  PlugRbPlace *place = g_new0 (PlugRbPlace, 1);
  g_autofree char *layout = dup_string (file, group, "Layout");
  g_autofree char *id_case = dup_string (file, "Manifest", "IdCase");
  g_autofree char *programs = dup_string (file, group, "Programs");

  plug_rb_layout_parse (layout, &place->layout);
  place->name = g_strdup (name);
  place->root = dup_string (file, group, "Path");
  place->child = g_strdup ("{id}");
  place->members = dup_strings (file, group, "Members");
  place->programs = g_strcmp0 (programs, "true") == 0;
  place->pattern = dup_string (file, group, "NamePattern");
  place->list = dup_string (file, group, "List");
  place->list_pointer = dup_string (file, group, "ListPointer");
  place->fold = g_strcmp0 (id_case, "fold") == 0;
  place->role = PLUG_RB_ROLE_CODE;
  place->ignore = dup_strings (file, group, "Ignore");

  g_ptr_array_add (self->places, place);
}

static void
add_string (char ***strings, const char *string)
{
  guint n = g_strv_length (*strings);

  *strings = g_renew (char *, *strings, n + 2);
  (*strings)[n] = g_strdup (string);
  (*strings)[n + 1] = NULL;
}

static void
take_part (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *path = dup_string (file, group, "Path");
  g_autofree char *role = dup_string (file, group, "Role");
  g_autofree char *kind = dup_string (file, group, "Kind");
  g_autofree char *optional = dup_string (file, group, "Optional");
  PlugRbPlace *place;

  if (g_str_equal (role, "cache")) {
    add_string (&self->drops, path);
    return;
  }

  place = g_new0 (PlugRbPlace, 1);
  place->name = g_strdup (name);
  place->root = g_path_get_dirname (path);
  place->child = g_path_get_basename (path);
  place->layout = g_str_equal (role, "locale")    ? PLUG_RB_LAYOUT_LANGUAGES
                  : g_strcmp0 (kind, "file") == 0 ? PLUG_RB_LAYOUT_NAMES
                                                  : PLUG_RB_LAYOUT_DIR;
  place->members = g_strdupv ((char *[]) { place->child, NULL });
  place->role = g_str_equal (role, "staged")     ? PLUG_RB_ROLE_STAGED
                : g_str_equal (role, "settings") ? PLUG_RB_ROLE_SETTINGS
                                                 : PLUG_RB_ROLE_CODE;

  place->optional = g_strcmp0 (optional, "true") == 0 || g_str_equal (role, "locale");

  g_ptr_array_add (self->places, place);
}

static void
take_list (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *role = dup_string (file, group, "Role");
  g_autofree char *folder = dup_string (file, group, "Path");
  g_autofree char *key = dup_string (file, group, "Key");
  PlugRbList *list = g_new0 (PlugRbList, 1);

  list->name = g_strdup (name);
  list->key = g_strconcat (folder, key, NULL);
  list->entry = dup_string (file, group, "Entry");
  list->enables = g_str_equal (role, "enabled");

  g_ptr_array_add (self->lists, list);
}

static void
take_installed (PlugRbHostFile *self, GKeyFile *file, const char *group)
{
  PlugRbInstalled *installed;

  if (!g_key_file_has_key (file, group, "Folder", NULL))
    return;

  installed = g_new0 (PlugRbInstalled, 1);

  installed->file = dup_string (file, group, "File");
  installed->match = dup_string (file, group, "Match");
  installed->folder = dup_string (file, group, "Folder");
  installed->set = dup_string (file, group, "Set");

  g_ptr_array_add (self->installed, installed);
}

static char **
dup_parameters (GKeyFile *file, const char *group, const char *backend)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  g_autoptr(GStrvBuilder) parameters = g_strv_builder_new ();

  for (guint i = 0; keys[i] != NULL; i++)
    if (plug_rb_settings_backend_takes (backend, keys[i])) {
      g_strv_builder_add (parameters, keys[i]);
      g_strv_builder_take (parameters, g_key_file_get_string (file, group, keys[i], NULL));
    }

  return g_strv_builder_end (parameters);
}

static void
take_store (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  PlugRbStoreRule *rule = g_new0 (PlugRbStoreRule, 1);

  rule->name = g_strdup (name);
  rule->backend = dup_string (file, group, "Backend");
  rule->role = dup_string (file, group, "Role");
  rule->value = dup_string (file, group, "Value");
  rule->keys_from = dup_string (file, group, "KeysFrom");
  rule->prefix_from = dup_string (file, group, "PrefixFrom");
  rule->parameters = dup_parameters (file, group, rule->backend);

  g_ptr_array_add (self->stores, rule);
}

static void
take_state (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *backend = dup_string (file, group, "Backend");

  if (g_str_equal (backend, "gsettings-list"))
    take_list (self, file, group, name);
  else
    take_store (self, file, group, name);

  if (g_key_file_has_key (file, group, "Folder", NULL))
    take_installed (self, file, group);
}

static void
take_schemas (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  PlugRbSchemas *schemas = g_new0 (PlugRbSchemas, 1);

  schemas->name = g_strdup (name);
  schemas->path = dup_string (file, group, "Path");
  schemas->folder = dup_string (file, group, "SchemaDir");
  schemas->parents = dup_strings (file, group, "Parents");

  g_ptr_array_add (self->schemas, schemas);
}

static void
take_data (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_autofree char *backend = dup_string (file, group, "Backend");

  if (g_str_equal (backend, "gsettings")) {
    take_schemas (self, file, group, name);
  } else if (!g_str_equal (backend, "inside")) {
    take_store (self, file, group, name);
  } else {
    g_strfreev (self->inside);
    self->inside = dup_strings (file, group, "Globs");
  }
}

static void
take_probe (PlugRbHostFile *self, GKeyFile *file, const char *group, const char *name)
{
  g_ptr_array_add (self->probes, plug_rb_probe_take (file, group));
}

typedef void (*TakeGroup) (PlugRbHostFile *self,
                           GKeyFile *file,
                           const char *group,
                           const char *name);

static void
take_named_group (PlugRbHostFile *self, GKeyFile *file, const char *group)
{
  static const struct {
    const char *type;
    TakeGroup take;
  } types[] = {
    { "Root ", take_root }, { "Part ", take_part },    { "State ", take_state },
    { "Data ", take_data }, { "Health ", take_probe },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_prefix (group, types[i].type))
      types[i].take (self, file, group, group + strlen (types[i].type));
}

static void
redirect (const PlugRbHostFile *self, PlugRbBusCall *call)
{
  if (call != NULL && g_strcmp0 (call->name, self->bus_name) == 0)
    plug_rb_bus_call_redirect (call, self->stand_in[0], self->stand_in[1]);
}

/* Who is inside a sandbox may not speak to the host itself. */
static void
take_stand_in (PlugRbHostFile *self, GKeyFile *file)
{
  g_autofree char *value = dup_string (file, "Running", "SandboxBus");

  if (value == NULL)
    return;

  self->stand_in = g_strsplit (value, " ", 2);
  redirect (self, self->version_query);
  redirect (self, self->reload);
  for (guint i = 0; i < self->probes->len; i++)
    redirect (self, ((PlugRbProbe *) self->probes->pdata[i])->call);
}

/**
 * plug_rb_host_file_take:
 * @file: a description that is valid, its words bound
 * @with_groups: whether to take places, lists and settings, not only the host
 *
 * Returns: (transfer full): the description
 */
PlugRbHostFile *
plug_rb_host_file_take (GKeyFile *file, gboolean with_groups)
{
  PlugRbHostFile *self = host_file_new ();
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  take_host (self, file);
  take_reload (self, file);
  take_manifest (self, file);
  for (guint i = 0; with_groups && groups[i] != NULL; i++)
    take_named_group (self, file, groups[i]);
  if (plug_rb_sandbox_is_inside ())
    take_stand_in (self, file);

  return self;
}

/**
 * plug_rb_host_file_folds_ids:
 *
 * Returns: whether ids are the same in any case
 */
gboolean
plug_rb_host_file_folds_ids (const PlugRbHostFile *self)
{
  for (guint i = 0; i < self->places->len; i++)
    if (((const PlugRbPlace *) self->places->pdata[i])->fold)
      return TRUE;

  return FALSE;
}
