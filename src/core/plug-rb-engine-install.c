/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-engine-install.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-dependency.h"
#include "plug-rb-error.h"
#include "plug-rb-health.h"
#include "plug-rb-package-state.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy.h"
#include "plug-rb-snapshot.h"

/* What is to be installed is saved like any state of the plugin, and a rollback goes there: one
 * transaction, all or nothing, undoable. That it works is tried before anything is final. */

#define PACKAGES "packages"

typedef struct {
  PlugRbEngine *engine;
  PlugRbHost *host;
  PlugRbPlugin *plugin;
  PlugRbPolicy policy;
  PlugRbInstallFlags flags;
  PlugRbReason reason;
  PlugRbHealth before;
  PlugRbSnapshot *target;
  gboolean target_is_new;
  char *table; /* of the plugin as it was */
  char *message;
  PlugRbOperation *operation;
  GCancellable *cancellable;
} Install;

static void
install_clear (Install *self)
{
  plug_rb_policy_clear (&self->policy);
  g_clear_object (&self->plugin);
  g_clear_object (&self->target);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->table, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Install, install_clear)

static char *
dup_packages_folder (PlugRbEngine *engine)
{
  return g_build_filename (plug_rb_engine_get_store_path (engine), PACKAGES, NULL);
}

/**
 * plug_rb_engine_sweep_packages:
 *
 * Deletes what processes left of packages that were killed.
 */
void
plug_rb_engine_sweep_packages (PlugRbEngine *self)
{
  g_autofree char *folder = dup_packages_folder (self);

  plug_rb_package_sweep (folder);
}

/**
 * plug_rb_engine_open_package:
 * @path: a package as users get it
 * @host: (nullable): id of the program that it is for; %NULL to find out
 *
 * Unpacks a package into a folder of its own in the store, and finds out which plugin it is.
 *
 * Returns: (transfer full): the package; see plug_rb_package_open() for the errors
 */
PlugRbPackage *
plug_rb_engine_open_package (PlugRbEngine *self,
                             const char *path,
                             const char *host,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *parent = g_build_filename (plug_rb_engine_get_store_path (self), PACKAGES, NULL);
  g_autoptr(GPtrArray) hosts = plug_rb_engine_list_hosts (self);

  return plug_rb_package_open (path, parent, hosts, host, cancellable, error);
}

/* ---- checks that need nothing of the store's contents */

static gboolean
check_version (PlugRbPackage *package, GError **error)
{
  g_autofree char *running = plug_rb_host_dup_version (package->host);
  char **versions = package->manifest->host_versions;
  g_autofree char *list = NULL;

  if (running == NULL || versions == NULL ||
      plug_rb_host_supports (package->host, (const char *const *) versions, running))
    return TRUE;

  list = g_strjoinv (", ", versions);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
               _("%s %s will not load this version: it supports %s"),
               plug_rb_host_get_name (package->host), running, list);
  return FALSE;
}

static gboolean
is_met (PlugRbHost *host, const PlugRbDependency *need)
{
  g_autoptr(PlugRbPlugin) plugin = NULL;

  if (need->optional || plug_rb_host_provides (host, need->id))
    return TRUE;

  plugin = plug_rb_host_dup_plugin (host, need->id, NULL);
  return plugin != NULL && plug_rb_plugin_get_installed (plugin) &&
         plug_rb_dependency_accepts (need, plug_rb_plugin_get_version (plugin));
}

static gboolean
check_dependencies (PlugRbPackage *package, GError **error)
{
  GPtrArray *needs = package->manifest->dependencies;

  for (guint i = 0; i < needs->len; i++) {
    const PlugRbDependency *need = needs->pdata[i];
    g_autofree char *what = NULL;

    if (is_met (package->host, need))
      continue;

    what = need->range ? g_strconcat (need->id, " ", need->range, NULL) : g_strdup (need->id);
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNMET,
                 _("%s needs %s, which is not installed"), package->id, what);
    return FALSE;
  }

  return TRUE;
}

static gboolean
check_not_bad (PlugRbEngine *self, PlugRbPackage *package, const char *key, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (self, key, NULL);

  /* What has no version cannot be told from what will mend it. */
  if (package->manifest->version == NULL)
    return TRUE;

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];
    const char *message;

    if (plug_rb_snapshot_get_health (snapshot) != PLUG_RB_HEALTH_BAD ||
        g_strcmp0 (plug_rb_snapshot_get_version (snapshot), package->manifest->version) != 0)
      continue;

    plug_rb_snapshot_load_json (snapshot, NULL);
    message = plug_rb_snapshot_get_health_message (snapshot);
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                 _("Version %s of %s failed before: %s"), package->manifest->version, key,
                 message ? message : "?");
    return FALSE;
  }

  return TRUE;
}

static char *
dup_key (PlugRbPackage *package)
{
  return g_strconcat (plug_rb_host_get_id (package->host), "/", package->id, NULL);
}

/**
 * plug_rb_engine_check_package:
 *
 * Finds out whether a package can be installed: the running program loads this version, what it
 * needs is there, and it did not fail before.
 *
 * Returns: %FALSE with %PLUG_RB_ERROR_UNSUPPORTED, or for what @flags may allow with
 *   %PLUG_RB_ERROR_UNMET or %PLUG_RB_ERROR_NEEDS_USER
 */
gboolean
plug_rb_engine_check_package (PlugRbEngine *self,
                              PlugRbPackage *package,
                              PlugRbInstallFlags flags,
                              GError **error)
{
  g_autofree char *key = dup_key (package);

  return plug_rb_host_check_writable (package->host, error) && check_version (package, error) &&
         ((flags & PLUG_RB_INSTALL_NO_DEPENDENCIES) || check_dependencies (package, error)) &&
         ((flags & PLUG_RB_INSTALL_AGAIN) || check_not_bad (self, package, key, error));
}

/**
 * plug_rb_engine_examine_package:
 *
 * Makes all the checks of a package that plug_rb_engine_check_package() makes until one fails, and
 * notes in it what they found, to be shown.
 */
void
plug_rb_engine_examine_package (PlugRbEngine *self, PlugRbPackage *package)
{
  g_autofree char *key = dup_key (package);
  GError **problems = package->problems;

  if (plug_rb_host_check_writable (package->host, &problems[PLUG_RB_PACKAGE_FITS]))
    check_version (package, &problems[PLUG_RB_PACKAGE_FITS]);
  check_dependencies (package, &problems[PLUG_RB_PACKAGE_HAS_NEEDS]);
  check_not_bad (self, package, key, &problems[PLUG_RB_PACKAGE_NEVER_FAILED]);
}

/* ---- before */

/* Under the locks, and of the very state that is replaced. */
static gboolean
save_before (Install *self, PlugRbAct *act, PlugRbState *live, PlugRbPack *pack, GError **error)
{
  g_autoptr(PlugRbSnapshot) snapshot = plug_rb_act_find_same (act, live);

  if (snapshot == NULL)
    snapshot =
        plug_rb_act_save_state (act, self->host, live, pack, self->reason, NULL, NULL, error);

  return snapshot != NULL;
}

static PlugRbState *
read_before (Install *self, PlugRbAct *act, GError **error)
{
  const char *key = plug_rb_plugin_get_key (self->plugin);
  gboolean saves = !(self->flags & PLUG_RB_INSTALL_NO_SNAPSHOT) &&
                   plug_rb_policy_takes_snapshot (&self->policy, self->reason);
  g_autoptr(PlugRbPack) pack = saves ? plug_rb_pack_new (act->store, key) : NULL;
  g_autoptr(PlugRbState) live =
      plug_rb_engine_capture (self->engine, self->host, plug_rb_plugin_get_id (self->plugin), pack,
                              self->operation, self->cancellable, error);

  if (live == NULL || (saves && !save_before (self, act, live, pack, error)))
    return NULL;

  return g_steal_pointer (&live);
}

static PlugRbState *
read_target (
    Install *self, PlugRbPackage *package, PlugRbState *live, PlugRbPack *pack, GError **error)
{
  gboolean enable = live->absent && (self->flags & PLUG_RB_INSTALL_ENABLE);

  return package
             ? plug_rb_package_read_state (package, live, enable, pack, self->cancellable, error)
             : plug_rb_package_make_absence (self->host, live);
}

/* The very files that are there already need not be saved once more. */
static gboolean
save_target (Install *self, PlugRbAct *act, PlugRbState *state, PlugRbPack *pack, GError **error)
{
  const char *table = plug_rb_table_get_sha256 (state->table);

  if (g_str_equal (table, self->table))
    self->target = plug_rb_store_find_same (act->store, state->plugin, table, NULL);
  if (self->target != NULL)
    return TRUE;

  self->target = plug_rb_act_save_state (act, self->host, state, pack, PLUG_RB_REASON_PACKAGE, NULL,
                                         NULL, error);
  self->target_is_new = TRUE;
  return self->target != NULL;
}

/* Without a package it is the absence of the plugin. */
static gboolean
save_states (Install *self, PlugRbPackage *package, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self->engine, NULL, self->cancellable);
  const char *key = plug_rb_plugin_get_key (self->plugin);
  g_autoptr(PlugRbPack) pack = NULL;
  g_autoptr(PlugRbState) live = NULL;
  g_autoptr(PlugRbState) state = NULL;

  plug_rb_operation_begin_step (self->operation, "safety-snapshot");
  if (!plug_rb_act_claim_one (&act, key, error) || !(live = read_before (self, &act, error)))
    return FALSE;

  self->table = g_strdup (plug_rb_table_get_sha256 (live->table));
  pack = package ? plug_rb_pack_new (act.store, key) : NULL;
  if (!(state = read_target (self, package, live, pack, error)))
    return FALSE;

  return save_target (self, &act, state, pack, error);
}

/* ---- after */

/* What was broken before cannot be mended by going back to it. */
static gboolean
try_out (gpointer user_data, GError **error)
{
  Install *self = user_data;

  if (plug_rb_health_check (self->host, plug_rb_plugin_get_id (self->plugin), &self->message) !=
          PLUG_RB_HEALTH_BAD ||
      self->before == PLUG_RB_HEALTH_BAD)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNHEALTHY, _("%s does not work: %s"),
               plug_rb_plugin_get_key (self->plugin), self->message);
  return FALSE;
}

/* To install something is to agree to what the policy makes of a failure: nobody is asked again. */
static gboolean
takes_back (Install *self)
{
  if (self->flags & PLUG_RB_INSTALL_KEEP_FAILED)
    return FALSE;

  return (self->flags & PLUG_RB_INSTALL_TAKE_BACK) || self->policy.auto_rollback_on_failure;
}

static PlugRbSnapshot *
find_snapshot_before (Install *self)
{
  g_autoptr(GPtrArray) snapshots =
      plug_rb_engine_list_snapshots (self->engine, plug_rb_plugin_get_key (self->plugin), NULL);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++)
    if (g_strcmp0 (plug_rb_snapshot_get_table (snapshots->pdata[i]), self->table) == 0)
      return g_object_ref (snapshots->pdata[i]);

  return NULL;
}

static gboolean
is_as_before (Install *self)
{
  g_autoptr(PlugRbState) live = plug_rb_engine_capture (
      self->engine, self->host, plug_rb_plugin_get_id (self->plugin), NULL, NULL, NULL, NULL);

  return live != NULL && g_strcmp0 (plug_rb_table_get_sha256 (live->table), self->table) == 0;
}

/* While it was tried, the new version may have changed the settings to its own liking. That was the
 * host's doing and not the transaction's, which has taken back only what it did itself. */
static void
put_settings_back (Install *self)
{
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_SETTINGS,
                                          .exactly = TRUE,
                                          .no_dependencies = TRUE };
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbSnapshot) before = NULL;
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  if (is_as_before (self) || !(before = find_snapshot_before (self)))
    return;

  g_ptr_array_add (targets, before);
  if (!plug_rb_engine_rollback_with (self->engine, targets, &options, operation, NULL, &error))
    plug_rb_operation_add_hint (self->operation, error->message);
}

/* What never was installed is nothing to go back to. */
static void
discard (Install *self)
{
  if (self->target_is_new)
    plug_rb_engine_delete_snapshot (self->engine, self->target, NULL);
}

static gboolean
carry_out (Install *self, PlugRbScope scope, gboolean tries, GError **error)
{
  const PlugRbRollbackOptions options = {
    .scope = scope,
    .exactly = TRUE,
    .no_dependencies = TRUE,
    .trial = tries && takes_back (self) ? try_out : NULL,
    .trial_data = self,
  };
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(GError) cause = NULL;

  g_ptr_array_add (targets, self->target);
  if (!plug_rb_engine_rollback_with (self->engine, targets, &options, self->operation,
                                     self->cancellable, &cause)) {
    if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_UNHEALTHY)) {
      plug_rb_act_remember_bad (self->engine, self->target, self->message);
      put_settings_back (self);
    } else if (!g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED)) {
      discard (self);
    }
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  if (!tries || options.trial != NULL || try_out (self, error))
    return TRUE;

  plug_rb_act_remember_bad (self->engine, self->target, self->message);
  return FALSE;
}

/* ---- all of it */

static gboolean
begin (Install *self, const char *id, GError **error)
{
  if (!(self->plugin = plug_rb_host_dup_plugin (self->host, id, error)))
    return FALSE;

  plug_rb_operation_add_plugin (self->operation, plug_rb_plugin_get_key (self->plugin),
                                plug_rb_plugin_get_name (self->plugin));
  return plug_rb_policy_load (&self->policy, plug_rb_engine_get_store_path (self->engine),
                              plug_rb_plugin_get_key (self->plugin), error);
}

/* An error that only asks the user is no attempt. */
static gboolean
fail (Install *self, GError *cause, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self->engine, self->operation, NULL);

  plug_rb_act_fail (&act, cause);
  if (!g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) &&
      !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_UNMET))
    plug_rb_store_save_operation (act.store, self->operation, NULL);
  g_propagate_error (error, cause);

  return FALSE;
}

static gboolean
prepare (Install *self, PlugRbPackage *package, GError **error)
{
  plug_rb_operation_begin_step (self->operation, "check");

  return (package == NULL ||
          plug_rb_engine_check_package (self->engine, package, self->flags, error)) &&
         save_states (self, package, error);
}

/**
 * plug_rb_engine_install:
 * @operation: of kind install; finished afterwards
 *
 * Installs a package, or updates the plugin that is there: a snapshot by policy, one transaction,
 * settings and whether it is enabled as they were, and the host's verdict. A plugin that does not
 * work is taken back if the policy says so, and the version remembered.
 *
 * Returns: %FALSE with %PLUG_RB_ERROR_UNHEALTHY if it does not work: the operation has failed if
 *   everything is as before, and is completed if the plugin stays; with any other error nothing has
 *   changed
 */
gboolean
plug_rb_engine_install (PlugRbEngine *self,
                        PlugRbPackage *package,
                        PlugRbInstallFlags flags,
                        PlugRbOperation *operation,
                        GCancellable *cancellable,
                        GError **error)
{
  g_auto(Install) install = { .engine = self,
                              .host = package->host,
                              .flags = flags,
                              .operation = operation,
                              .cancellable = cancellable };
  GError *cause = NULL;
  gboolean installed;

  if (!begin (&install, package->id, &cause))
    return fail (&install, cause, error);

  installed = plug_rb_plugin_get_installed (install.plugin);
  install.before =
      installed ? plug_rb_health_check (package->host, package->id, NULL) : PLUG_RB_HEALTH_UNKNOWN;
  install.reason = installed ? PLUG_RB_REASON_PRE_UPDATE : PLUG_RB_REASON_PRE_INSTALL;
  if (!prepare (&install, package, &cause))
    return fail (&install, cause, error);

  return carry_out (&install,
                    !installed && (flags & PLUG_RB_INSTALL_ENABLE) ? PLUG_RB_SCOPE_ALL
                                                                   : PLUG_RB_SCOPE_FILES,
                    TRUE, error);
}

/**
 * plug_rb_engine_uninstall:
 * @flags: only %PLUG_RB_INSTALL_NO_SNAPSHOT means anything
 * @operation: of kind uninstall; finished afterwards
 *
 * Takes a plugin away, with its places in the host's lists. Its settings stay, as the host would
 * leave them.
 */
gboolean
plug_rb_engine_uninstall (PlugRbEngine *self,
                          PlugRbPlugin *plugin,
                          PlugRbInstallFlags flags,
                          PlugRbOperation *operation,
                          GCancellable *cancellable,
                          GError **error)
{
  g_auto(Install) install = { .engine = self,
                              .host = plug_rb_plugin_get_host (plugin),
                              .flags = flags,
                              .reason = PLUG_RB_REASON_PRE_UNINSTALL,
                              .operation = operation,
                              .cancellable = cancellable };
  GError *cause = NULL;

  if (!begin (&install, plug_rb_plugin_get_id (plugin), &cause))
    return fail (&install, cause, error);
  if (!plug_rb_plugin_get_installed (install.plugin)) {
    g_set_error (&cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("%s is not installed"),
                 plug_rb_plugin_get_key (plugin));
    return fail (&install, cause, error);
  }
  if (!prepare (&install, NULL, &cause))
    return fail (&install, cause, error);

  return carry_out (&install, PLUG_RB_SCOPE_ALL, FALSE, error);
}
