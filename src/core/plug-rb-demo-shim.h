/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine-install.h"
#include "plug-rb-health.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy.h"
#include "plug-rb-snapshot.h"

/* Until the engine installs packages itself. */

static PlugRbPackage *
open_package (
    PlugRbEngine *self, const char *path, const char *host, GCancellable *c, GError **error)
{
  g_autoptr(GPtrArray) hosts = plug_rb_engine_list_hosts (self);
  g_autofree char *parent = g_path_get_dirname (g_get_user_data_dir ());
  return plug_rb_package_open (path, parent, hosts, host, c, error);
}

static gboolean
install_package (PlugRbEngine *self,
                 PlugRbPackage *package,
                 int flags,
                 PlugRbOperation *operation,
                 GCancellable *c,
                 GError **error)
{
  gboolean created;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (package->host, package->id, NULL);
  g_autoptr(PlugRbOperation) other = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(PlugRbOperation) back = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(PlugRbSnapshot) before = plug_rb_engine_snapshot (
      self, plugin, PLUG_RB_REASON_PRE_UPDATE, NULL, NULL, &created, other, c, error);
  g_autoptr(PlugRbSnapshot) new =
                before ? plug_rb_engine_save_package (self, package, c, error) : NULL;
  g_autofree char *message = NULL;
  g_auto(PlugRbPolicy) policy = { 0 };
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_FILES, .exactly = TRUE };

  if (new == NULL)
    return FALSE;
  g_ptr_array_add (targets, new);
  if (!plug_rb_engine_rollback_with (self, targets, &options, operation, c, error))
    return FALSE;
  if (plug_rb_health_check (package->host, package->id, &message) != PLUG_RB_HEALTH_BAD)
    return TRUE;
  plug_rb_policy_load (&policy, plug_rb_engine_get_store_path (self), NULL, NULL);
  targets->pdata[0] = before;
  if (policy.auto_rollback_on_failure)
    plug_rb_engine_rollback (self, targets, PLUG_RB_SCOPE_ALL, back, c, NULL);
  g_set_error (error, 1, 1, "%s", message);
  return FALSE;
}
