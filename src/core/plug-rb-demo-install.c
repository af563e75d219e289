/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-install.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-demo-events.h"
#include "plug-rb-demo-host.h"
#include "plug-rb-dependency.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-error.h"
#include "plug-rb-health.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy.h"
#include "plug-rb-snapshot.h"

/* An installation of what the engine has for it: the package is saved as a snapshot, to which the
 * plugin is brought like to every other; and back to its own where it then does not work. */

static void
fail (PlugRbOperation *operation, const GError *error)
{
  plug_rb_operation_begin_step (operation, "check");
  plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_FAILED, error->message);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);
}

static PlugRbPackage *
open_package (PlugRbEngine *engine, const char *path, GError **error)
{
  g_autoptr(GPtrArray) hosts = plug_rb_engine_list_hosts (engine);
  const char *parent = plug_rb_engine_get_store_path (engine);

  return plug_rb_package_open (path, parent, hosts, PLUG_RB_DEMO_HOST, NULL, error);
}

static gboolean
is_met (PlugRbHost *host, const PlugRbDependency *need)
{
  g_autoptr(PlugRbPlugin) other = plug_rb_host_dup_plugin (host, need->id, NULL);

  return need->optional || plug_rb_host_provides (host, need->id) ||
         (other != NULL && plug_rb_plugin_get_installed (other) &&
          plug_rb_dependency_accepts (need, plug_rb_plugin_get_version (other)));
}

static gboolean
check_needs (PlugRbPackage *package, GError **error)
{
  GPtrArray *needs = package->manifest->dependencies;

  for (guint i = 0; needs != NULL && i < needs->len; i++) {
    const PlugRbDependency *need = needs->pdata[i];

    if (is_met (package->host, need))
      continue;
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("%s needs the plugin “%s”, which is not installed"), package->manifest->name,
                   need->id);
    return FALSE;
  }

  return TRUE;
}

static GPtrArray *
find_targets (PlugRbEngine *engine, PlugRbPackage *package, GError **error)
{
  PlugRbSnapshot *snapshot = check_needs (package, error)
                                 ? plug_rb_engine_save_package (engine, package, NULL, error)
                                 : NULL;
  GPtrArray *targets = g_ptr_array_new_with_free_func (g_object_unref);

  if (snapshot != NULL)
    g_ptr_array_add (targets, snapshot);
  else
    g_clear_pointer (&targets, g_ptr_array_unref);

  return targets;
}

static PlugRbSnapshot *
take_snapshot (PlugRbEngine *engine, PlugRbPackage *package, GError **error)
{
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (package->host, package->id, error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  gboolean created;

  return plugin ? plug_rb_engine_snapshot (engine, plugin, PLUG_RB_REASON_PRE_UPDATE, NULL, NULL,
                                           &created, operation, NULL, error)
                : NULL;
}

/* ---- when it does not work */

static gboolean
take_back (PlugRbEngine *engine, PlugRbSnapshot *before)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_auto(PlugRbPolicy) policy = { 0 };

  plug_rb_policy_load (&policy, plug_rb_engine_get_store_path (engine),
                       plug_rb_snapshot_get_plugin (before), NULL);
  if (!policy.auto_rollback_on_failure) {
    plug_rb_demo_events_log (_("It is not rolled back: the policy says no"));
    return FALSE;
  }

  plug_rb_demo_events_log (_("It is rolled back: the policy says so"));
  g_ptr_array_add (targets, before);

  return plug_rb_engine_rollback (engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, NULL);
}

static void
add_health (JsonObject *json, PlugRbHealth health, const char *message)
{
  JsonObject *step = json_object_new ();

  json_object_set_string_member (step, "name", "health");
  json_object_set_string_member (step, "status", health == PLUG_RB_HEALTH_BAD ? "failed" : "done");
  json_object_set_double_member (step, "seconds", 0);
  plug_rb_json_set_string (step, "message", message);
  json_array_add_object_element (plug_rb_json_get_array (json, "steps"), step);
}

static void
add_error (JsonObject *json, const char *message)
{
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "code", "unhealthy");
  plug_rb_json_set_string (error, "message", message);
  json_object_set_object_member (json, "error", error);
}

static JsonObject *
judge (PlugRbEngine *engine,
       PlugRbPackage *package,
       PlugRbSnapshot *before,
       PlugRbOperation *operation)
{
  JsonObject *json = plug_rb_operation_to_json (operation);
  g_autofree char *message = NULL;
  PlugRbHealth health = plug_rb_health_check (package->host, package->id, &message);

  add_health (json, health, message);
  if (health != PLUG_RB_HEALTH_BAD) {
    plug_rb_demo_events_log (_("The demo program runs version 2.0"));
    return json;
  }

  plug_rb_demo_events_log (_("The demo program cannot run version 2.0: %s"), message);
  add_error (json, message);
  json_object_set_string_member (json, "status", take_back (engine, before) ? "undone" : "failed");

  return json;
}

/**
 * plug_rb_demo_install:
 * @path: a package
 * @operation: finished afterwards
 *
 * Installs a package over what is there.
 *
 * Returns: (transfer full): the operation as it ended
 */
JsonObject *
plug_rb_demo_install (PlugRbEngine *engine, const char *path, PlugRbOperation *operation)
{
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_FILES, .exactly = TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPackage) package = open_package (engine, path, &error);
  g_autoptr(GPtrArray) targets = package ? find_targets (engine, package, &error) : NULL;
  g_autoptr(PlugRbSnapshot) before = targets ? take_snapshot (engine, package, &error) : NULL;

  if (before == NULL) {
    fail (operation, error);
    return plug_rb_operation_to_json (operation);
  }

  plug_rb_demo_events_log (_("There is a snapshot of version 1.0"));
  if (!plug_rb_engine_rollback_with (engine, targets, &options, operation, NULL, &error))
    return plug_rb_operation_to_json (operation);

  return judge (engine, package, before, operation);
}
