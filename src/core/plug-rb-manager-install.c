/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager-install.h"

#include "plug-rb-job.h"
#include "plug-rb-plugin.h"

static gboolean
run_open (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  job->package = plug_rb_engine_open_package (engine, job->path, job->id, cancellable, error);
  if (job->package != NULL)
    plug_rb_engine_examine_package (engine, job->package);

  return job->package != NULL;
}

/**
 * plug_rb_manager_open_package_async:
 * @file: a package on this machine
 * @host: (nullable): id of the program that it is for; %NULL to find out
 *
 * Unpacks a package aside, to be looked at and installed, and checks whether it fits.
 */
void
plug_rb_manager_open_package_async (PlugRbManager *self,
                                    GFile *file,
                                    const char *host,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  PlugRbJob *job;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (G_IS_FILE (file));

  job = plug_rb_job_new (run_open, NULL, cancellable);
  job->path = g_file_get_path (file);
  if (job->path == NULL)
    job->path = g_file_get_uri (file);
  job->id = g_strdup (host);

  plug_rb_manager_run_job (
      self, job,
      plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_open_package_async));
}

/**
 * plug_rb_manager_open_package_finish:
 *
 * Returns: (transfer full): the package
 */
PlugRbPackage *
plug_rb_manager_open_package_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_open_package_async, error);

  return job ? plug_rb_package_ref (job->package) : NULL;
}

static gboolean
run_install (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_install (engine, job->package, job->flags, job->operation, cancellable,
                                 error);
}

/**
 * plug_rb_manager_install_async:
 *
 * Installs a package; see plug_rb_engine_install().
 *
 * Returns: (transfer none): the operation that does it, which runs now
 */
PlugRbOperation *
plug_rb_manager_install_async (PlugRbManager *self,
                               PlugRbPackage *package,
                               PlugRbInstallFlags flags,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree char *key = NULL;
  PlugRbJob *job;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self), NULL);
  g_return_val_if_fail (package != NULL, NULL);

  job = plug_rb_job_new (run_install, plug_rb_operation_new (PLUG_RB_KIND_INSTALL), cancellable);
  job->package = plug_rb_package_ref (package);
  job->flags = flags;
  key = g_strconcat (plug_rb_host_get_id (package->host), "/", package->id, NULL);
  plug_rb_operation_add_plugin (job->operation, key, package->manifest->name);

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_install_async));

  return job->operation;
}

/**
 * plug_rb_manager_install_finish:
 *
 * Returns: (transfer full): the operation, which has ended well
 */
PlugRbOperation *
plug_rb_manager_install_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_install_async, error);

  return job ? g_object_ref (job->operation) : NULL;
}

static gboolean
run_uninstall (PlugRbJob *job, PlugRbEngine *engine, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_uninstall (engine, job->plugin, PLUG_RB_INSTALL_NONE, job->operation,
                                   cancellable, error);
}

/**
 * plug_rb_manager_uninstall_async:
 *
 * Takes a plugin away; see plug_rb_engine_uninstall().
 *
 * Returns: (transfer none): the operation that does it, which runs now
 */
PlugRbOperation *
plug_rb_manager_uninstall_async (PlugRbManager *self,
                                 PlugRbPlugin *plugin,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PlugRbJob *job;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self), NULL);
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (plugin), NULL);

  job =
      plug_rb_job_new (run_uninstall, plug_rb_operation_new (PLUG_RB_KIND_UNINSTALL), cancellable);
  job->plugin = g_object_ref (plugin);
  plug_rb_operation_add_plugin (job->operation, plug_rb_plugin_get_key (plugin),
                                plug_rb_plugin_get_name (plugin));

  plug_rb_manager_run_job (
      self, job, plug_rb_job_new_task (self, callback, user_data, plug_rb_manager_uninstall_async));

  return job->operation;
}

/**
 * plug_rb_manager_uninstall_finish:
 *
 * Returns: (transfer full): the operation, which has ended well
 */
PlugRbOperation *
plug_rb_manager_uninstall_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  PlugRbJob *job = plug_rb_job_finish (self, result, plug_rb_manager_uninstall_async, error);

  return job ? g_object_ref (job->operation) : NULL;
}
