/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-engine.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-capture.h"
#include "plug-rb-error.h"
#include "plug-rb-host-health.h"
#include "plug-rb-host-set.h"
#include "plug-rb-journal.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

#define SHORTEST_PREFIX 4

struct _PlugRbEngine {
  GObject parent_instance;

  PlugRbStore *store;
  PlugRbHostSet *hosts;
};

G_DEFINE_FINAL_TYPE (PlugRbEngine, plug_rb_engine, G_TYPE_OBJECT)

static void
plug_rb_engine_finalize (GObject *object)
{
  PlugRbEngine *self = PLUG_RB_ENGINE (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->hosts, plug_rb_host_set_free);

  G_OBJECT_CLASS (plug_rb_engine_parent_class)->finalize (object);
}

static void
plug_rb_engine_class_init (PlugRbEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_engine_finalize;
}

static void
plug_rb_engine_init (PlugRbEngine *self)
{
}

/**
 * plug_rb_engine_open:
 * @store_dir: (nullable): folder of the store; %NULL for the user's own
 *
 * Opens the store, making it if there is none. Descriptions of hosts are read when they are needed.
 *
 * Returns: (transfer full): the engine
 */
PlugRbEngine *
plug_rb_engine_open (const char *store_dir, GError **error)
{
  g_autoptr(PlugRbEngine) self = g_object_new (PLUG_RB_TYPE_ENGINE, NULL);

  if (!(self->store = plug_rb_store_open (store_dir, error)))
    return NULL;

  self->hosts = plug_rb_host_set_new ();

  return g_steal_pointer (&self);
}

PlugRbStore *
plug_rb_engine_get_store (PlugRbEngine *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ENGINE (self), NULL);

  return self->store;
}

const char *
plug_rb_engine_get_store_path (PlugRbEngine *self)
{
  return plug_rb_store_get_path (plug_rb_engine_get_store (self));
}

/**
 * plug_rb_engine_list_hosts:
 *
 * Returns: (transfer full) (element-type PlugRbHost): all hosts, those with a broken description
 * included
 */
GPtrArray *
plug_rb_engine_list_hosts (PlugRbEngine *self)
{
  return plug_rb_host_set_list (self->hosts);
}

/**
 * plug_rb_engine_get_host:
 *
 * Returns: (transfer none): the host of that id
 */
PlugRbHost *
plug_rb_engine_get_host (PlugRbEngine *self, const char *id, GError **error)
{
  return plug_rb_host_set_find (self->hosts, id, error);
}

/* ---- plugins */

/* Each plugin's snapshots, in their order, by its key. */
static GHashTable *
group_snapshots (GPtrArray *all)
{
  GHashTable *groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < all->len; i++) {
    const char *key = plug_rb_snapshot_get_plugin (all->pdata[i]);
    GPtrArray *own = g_hash_table_lookup (groups, key);

    if (own == NULL) {
      own = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (groups, (char *) key, own);
    }
    g_ptr_array_add (own, g_object_ref (all->pdata[i]));
  }

  return groups;
}

static gboolean
add_installed (PlugRbEngine *self,
               PlugRbHost *host,
               GHashTable *plugins,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new ();
  g_autoptr(GPtrArray) ids = NULL;

  /* What lies there is another program's, which keeps its plugins in the same place. */
  if (!plug_rb_host_is_there (host))
    return TRUE;

  ids = plug_rb_host_list_ids (host, NULL);
  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    PlugRbPlugin *plugin;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if ((plugin = plug_rb_host_dup_plugin (host, ids->pdata[i], NULL))) {
      g_hash_table_insert (plugins, g_strdup (plug_rb_plugin_get_key (plugin)), plugin);
      g_ptr_array_add (found, plugin);
    }
  }

  plug_rb_host_judge_plugins (host, found);
  return TRUE;
}

/* What was uninstalled can still be brought back, so it stays in the list. */
static void
add_remembered (PlugRbEngine *self, GHashTable *plugins, GPtrArray *snapshots)
{
  for (guint i = 0; i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];
    const char *key = plug_rb_snapshot_get_plugin (snapshot);
    PlugRbHost *host = plug_rb_engine_get_host (self, plug_rb_snapshot_get_host (snapshot), NULL);
    const char *name = plug_rb_snapshot_get_name (snapshot);
    const char *id = plug_rb_snapshot_get_plugin_id (snapshot);

    if (host != NULL && !g_hash_table_contains (plugins, key))
      g_hash_table_insert (plugins, g_strdup (key),
                           g_object_new (PLUG_RB_TYPE_PLUGIN, "host", host, "id", id, "name",
                                         name ? name : id, "installed", FALSE, NULL));
  }
}

static int
compare_plugins (gconstpointer a, gconstpointer b)
{
  PlugRbPlugin *x = (PlugRbPlugin *) a, *y = (PlugRbPlugin *) b;
  const char *host_x = plug_rb_host_get_id (plug_rb_plugin_get_host (x));
  const char *host_y = plug_rb_host_get_id (plug_rb_plugin_get_host (y));
  int order = strcmp (host_x, host_y);

  if (order == 0)
    order = g_utf8_collate (plug_rb_plugin_get_name (x), plug_rb_plugin_get_name (y));

  return order != 0 ? order : strcmp (plug_rb_plugin_get_key (x), plug_rb_plugin_get_key (y));
}

/**
 * plug_rb_engine_list_plugins:
 *
 * Returns: (transfer full) (element-type PlugRbPlugin): all installed plugins and those that only
 * snapshots remember, by host and name, with their snapshots
 */
GPtrArray *
plug_rb_engine_list_plugins (PlugRbEngine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) hosts = plug_rb_host_set_list (self->hosts);
  g_autoptr(GHashTable) plugins =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_autoptr(GPtrArray) snapshots = plug_rb_store_browse_snapshots (self->store, error);
  g_autoptr(GHashTable) groups = NULL;
  GPtrArray *list;

  if (snapshots == NULL)
    return NULL;

  for (guint i = 0; i < hosts->len; i++)
    if (plug_rb_host_get_state (hosts->pdata[i]) != PLUG_RB_HOST_STATE_DESCRIPTION_INVALID &&
        !add_installed (self, hosts->pdata[i], plugins, cancellable, error))
      return NULL;

  add_remembered (self, plugins, snapshots);
  list = g_hash_table_steal_all_values (plugins);
  g_ptr_array_sort_values (list, compare_plugins);
  groups = group_snapshots (snapshots);
  for (guint i = 0; i < list->len; i++) {
    GPtrArray *own = g_hash_table_lookup (groups, plug_rb_plugin_get_key (list->pdata[i]));

    if (own != NULL)
      plug_rb_plugin_set_snapshots (list->pdata[i], own);
  }

  return list;
}

static gboolean
matches (PlugRbPlugin *plugin, const char *name)
{
  g_autofree char *id = plug_rb_host_dup_id (plug_rb_plugin_get_host (plugin), name);

  return g_str_equal (plug_rb_plugin_get_key (plugin), name) ||
         g_str_equal (plug_rb_plugin_get_id (plugin), id);
}

/* A plugin has one key, however its id is written. */
static char *
dup_key (PlugRbEngine *self, const char *name)
{
  g_auto(GStrv) halves = g_strsplit (name, "/", 2);
  PlugRbHost *host = halves[1] ? plug_rb_engine_get_host (self, halves[0], NULL) : NULL;
  g_autofree char *id = host ? plug_rb_host_dup_id (host, halves[1]) : NULL;

  return id ? g_strconcat (halves[0], "/", id, NULL) : g_strdup (name);
}

static gboolean
check_plugin_name (PlugRbEngine *self, const char *name, GError **error)
{
  const char *slash = strchr (name, '/');
  g_autofree char *host = slash ? g_strndup (name, slash - name) : NULL;

  if (slash == NULL)
    return plug_rb_host_check_id (name, error);

  return plug_rb_host_check_id (slash + 1, error) &&
         plug_rb_engine_get_host (self, host, error) != NULL;
}

/* A full name needs no look at all the others. NULL for one that is not installed. */
static PlugRbPlugin *
find_installed (PlugRbEngine *self, const char *key)
{
  g_auto(GStrv) halves = g_strsplit (key, "/", 2);
  PlugRbHost *host = halves[1] ? plug_rb_engine_get_host (self, halves[0], NULL) : NULL;
  g_autoptr(PlugRbPlugin) plugin =
      host && plug_rb_host_is_there (host) ? plug_rb_host_dup_plugin (host, halves[1], NULL) : NULL;
  g_autoptr(GPtrArray) snapshots = NULL;

  if (plugin == NULL || !plug_rb_plugin_get_installed (plugin))
    return NULL;

  snapshots = plug_rb_store_list_snapshots (self->store, key, NULL);
  if (snapshots != NULL)
    plug_rb_plugin_set_snapshots (plugin, snapshots);

  return g_steal_pointer (&plugin);
}

/**
 * plug_rb_engine_find_plugin:
 * @name: "HOST/ID", or an id that only one host has
 *
 * Returns: (transfer full): the plugin, installed or remembered by snapshots
 */
PlugRbPlugin *
plug_rb_engine_find_plugin (PlugRbEngine *self, const char *name, GError **error)
{
  g_autoptr(GPtrArray) plugins = NULL;
  g_autofree char *key = NULL;
  PlugRbPlugin *found = NULL;

  if (!check_plugin_name (self, name, error))
    return NULL;

  key = dup_key (self, name);
  if ((found = find_installed (self, key)) != NULL)
    return found;
  if (!(plugins = plug_rb_engine_list_plugins (self, NULL, error)))
    return NULL;

  for (guint i = 0; i < plugins->len; i++) {
    if (!matches (plugins->pdata[i], key))
      continue;
    if (found != NULL) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS,
                   _("“%s” is both %s and %s. Give the full name"), name,
                   plug_rb_plugin_get_key (found), plug_rb_plugin_get_key (plugins->pdata[i]));
      return NULL;
    }
    found = plugins->pdata[i];
  }

  if (found == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is no plugin “%s”. “plugrb list” shows those that there are"), name);

  return found ? g_object_ref (found) : NULL;
}

/* ---- snapshots and operations */

/**
 * plug_rb_engine_list_snapshots:
 * @plugin: (nullable): key of a plugin; %NULL for all, of which the metadata are read only when
 * they are asked for
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): newest first
 */
GPtrArray *
plug_rb_engine_list_snapshots (PlugRbEngine *self, const char *plugin, GError **error)
{
  return plugin ? plug_rb_store_list_snapshots (self->store, plugin, error)
                : plug_rb_store_browse_snapshots (self->store, error);
}

GPtrArray *
plug_rb_engine_list_deleted (PlugRbEngine *self, GError **error)
{
  return plug_rb_store_list_deleted (self->store, error);
}

/**
 * plug_rb_engine_list_operations:
 * @plugin: (nullable): key of a plugin; %NULL for all
 *
 * Returns: (transfer full) (element-type PlugRbOperation): the history, newest first
 */
GPtrArray *
plug_rb_engine_list_operations (PlugRbEngine *self, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) all = plug_rb_store_list_operations (self->store, error);
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_object_unref);

  if (all == NULL)
    return NULL;

  for (guint i = 0; i < all->len; i++)
    if (plugin == NULL || plug_rb_operation_concerns (all->pdata[i], plugin))
      g_ptr_array_add (own, g_object_ref (all->pdata[i]));

  return g_steal_pointer (&own);
}

/* While its process lives, an operation is not interrupted but at work. */
static gboolean
is_alone (PlugRbEngine *self, PlugRbJournal *journal)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];
    g_autofree char *below = plug_rb_store_escape_key (item->plugin);
    g_autofree char *folder = plug_rb_store_build_path (self->store, "snapshots", below, NULL);

    if (!plug_rb_lock_is_free (folder))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_engine_list_pending:
 *
 * Returns: (transfer full) (element-type PlugRbOperation): interrupted operations that wait for
 * recovery
 */
GPtrArray *
plug_rb_engine_list_pending (PlugRbEngine *self, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (self->store, error);
  g_autoptr(GPtrArray) operations = g_ptr_array_new_with_free_func (g_object_unref);

  if (journals == NULL)
    return NULL;

  for (guint i = 0; i < journals->len; i++) {
    PlugRbJournal *journal = journals->pdata[i];
    PlugRbOperation *operation;

    if (!is_alone (self, journal))
      continue;
    if (!(operation = plug_rb_operation_new_from_json (journal->operation, error)))
      return NULL;
    g_ptr_array_add (operations, operation);
  }

  return g_steal_pointer (&operations);
}

/* What was only listed, read from the store. */
static PlugRbSnapshot *
find_real (PlugRbEngine *self, PlugRbSnapshot *listed, GError **error)
{
  g_autoptr(GPtrArray) own =
      plug_rb_store_list_snapshots (self->store, plug_rb_snapshot_get_plugin (listed), error);

  for (guint i = 0; own != NULL && i < own->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (own->pdata[i]), plug_rb_snapshot_get_id (listed)))
      return g_object_ref (own->pdata[i]);

  if (own != NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("There is no snapshot “%s”"),
                 plug_rb_snapshot_get_id (listed));
  return NULL;
}

/**
 * plug_rb_engine_find_snapshot:
 * @prefix: an id, or a beginning of it of at least four characters that only one snapshot has
 *
 * Returns: (transfer full): the snapshot, which may be damaged
 */
PlugRbSnapshot *
plug_rb_engine_find_snapshot (PlugRbEngine *self, const char *prefix, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_browse_snapshots (self->store, error);
  PlugRbSnapshot *found = NULL;

  if (snapshots == NULL)
    return NULL;

  for (guint i = 0; i < snapshots->len && strlen (prefix) >= SHORTEST_PREFIX; i++) {
    if (!g_str_has_prefix (plug_rb_snapshot_get_id (snapshots->pdata[i]), prefix))
      continue;
    if (found != NULL) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS,
                   _("Several snapshots begin with “%s”. Give more of the id"), prefix);
      return NULL;
    }
    found = snapshots->pdata[i];
  }

  if (found != NULL)
    return find_real (self, found, error);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("There is no snapshot “%s”. “plugrb snapshots” lists them"), prefix);
  return NULL;
}

/* ---- states */

/**
 * plug_rb_engine_list_folders:
 *
 * Returns: (transfer full): the dconf folders that any stored version of the plugin used
 */
char **
plug_rb_engine_list_folders (PlugRbEngine *self, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (self->store, plugin, error);
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new ();

  if (snapshots == NULL)
    return NULL;

  for (guint i = 0; i < snapshots->len; i++) {
    JsonObject *json = plug_rb_snapshot_get_json (snapshots->pdata[i]);
    JsonObject *settings = json ? plug_rb_json_get_object (json, "settings") : NULL;
    g_auto(GStrv) own = settings ? plug_rb_json_dup_strv (settings, "folders") : NULL;

    if (own != NULL)
      g_strv_builder_addv (folders, (const char **) own);
  }

  return g_strv_builder_end (folders);
}

/* A scan goes by names: "cache/" and "cache" followed by a slash and two stars both mean that. */
static char *
dup_name_glob (const char *glob)
{
  gsize length = strlen (glob);

  if (g_str_has_suffix (glob, "/**"))
    length -= strlen ("/**");
  while (length > 0 && glob[length - 1] == '/')
    length--;

  return g_strndup (glob, length);
}

/**
 * plug_rb_engine_list_excludes:
 * @plugin: key
 *
 * If the user's preferences cannot be read, only the host's are known: what should have been passed
 * over is then saved and rolled back with the rest.
 *
 * Returns: (transfer full): globs of names that are neither saved nor restored, the host's and the
 *   user's
 */
char **
plug_rb_engine_list_excludes (PlugRbEngine *self, PlugRbHost *host, const char *plugin)
{
  g_autoptr(GStrvBuilder) excludes = g_strv_builder_new ();
  g_auto(PlugRbPolicy) policy = { 0 };
  g_autoptr(GError) error = NULL;

  if (!plug_rb_policy_load (&policy, plug_rb_engine_get_store_path (self), plugin, &error))
    g_debug ("Nothing is excluded: %s", error->message);

  g_strv_builder_addv (excludes, (const char **) plug_rb_host_get_exclude_globs (host));
  for (guint i = 0; policy.exclude != NULL && policy.exclude[i] != NULL; i++)
    g_strv_builder_take (excludes, dup_name_glob (policy.exclude[i]));

  return g_strv_builder_end (excludes);
}

typedef struct {
  PlugRbOperation *operation;
  guint n_files;
} Counter;

static void
count_file (guint64 bytes, gpointer user_data)
{
  Counter *counter = user_data;
  g_autofree char *text = NULL;

  counter->n_files++;
  if (counter->operation == NULL)
    return;

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file", "%u files", counter->n_files),
                          counter->n_files);
  plug_rb_operation_report (counter->operation, 0, text);
}

/* Only what is to be stored is limited. What can only be looked at, or is the last chance before a
 * rollback, is not. */
static guint64
get_size_limit (PlugRbEngine *self, const char *plugin)
{
  g_auto(PlugRbPolicy) policy = { 0 };

  plug_rb_policy_load (&policy, plug_rb_store_get_path (self->store), plugin, NULL);

  return policy.max_snapshot_size;
}

/**
 * plug_rb_engine_capture:
 * @pack: (nullable): gets the contents that the plugin's newest snapshot does not hold
 * @operation: (nullable): gets the progress
 *
 * Returns: (transfer full): the plugin as it is now
 */
PlugRbState *
plug_rb_engine_capture (PlugRbEngine *self,
                        PlugRbHost *host,
                        const char *id,
                        PlugRbPack *pack,
                        PlugRbOperation *operation,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);
  g_auto(GStrv) folders = plug_rb_engine_list_folders (self, key, error);
  g_auto(GStrv) excludes = plug_rb_engine_list_excludes (self, host, key);
  Counter counter = { operation, 0 };
  const PlugRbCapture capture = { .folders = (const char *const *) folders,
                                  .excludes = (const char *const *) excludes,
                                  .pack = pack,
                                  .limit = pack ? get_size_limit (self, key) : 0,
                                  .progress = count_file,
                                  .user_data = &counter };

  /* Without them settings would be left out. */
  return folders ? plug_rb_capture_plugin (&capture, host, id, cancellable, error) : NULL;
}
