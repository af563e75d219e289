/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "plug-rb-compare.h"
#include "plug-rb-engine.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

static PlugRbState *
capture_plugin (PlugRbEngine *self, PlugRbPlugin *plugin, GCancellable *cancellable, GError **error)
{
  return plug_rb_engine_capture (self, plug_rb_plugin_get_host (plugin),
                                 plug_rb_plugin_get_id (plugin), NULL, NULL, cancellable, error);
}

/**
 * plug_rb_engine_compare:
 * @from: (nullable): a snapshot of @plugin; %NULL for the plugin as it is now
 * @to: (nullable): likewise
 *
 * Returns: (transfer full): what must change to come from one to the other
 */
PlugRbPlan *
plug_rb_engine_compare (PlugRbEngine *self,
                        PlugRbPlugin *plugin,
                        PlugRbSnapshot *from,
                        PlugRbSnapshot *to,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(PlugRbState) a = from
                                 ? plug_rb_state_load (plug_rb_engine_get_store (self), from, error)
                                 : capture_plugin (self, plugin, cancellable, error);
  g_autoptr(PlugRbState) b = NULL;

  if (a == NULL)
    return NULL;

  b = to ? plug_rb_state_load (plug_rb_engine_get_store (self), to, error)
         : capture_plugin (self, plugin, cancellable, error);

  return b ? plug_rb_compare_states (a, from, b, to, PLUG_RB_SCOPE_ALL) : NULL;
}

/* ---- planning a rollback */

static void
warn_of_version (PlugRbPlan *plan, PlugRbHost *host, PlugRbState *target)
{
  g_autofree char *running = plug_rb_host_dup_version (host);
  g_autoptr(PlugRbManifest) manifest =
                target->manifest ? plug_rb_host_parse_manifest (host, target->manifest, NULL)
                                 : NULL;
  g_autofree char *list = NULL;
  g_autofree char *text = NULL;

  if (running == NULL || manifest == NULL || manifest->host_versions == NULL ||
      plug_rb_host_supports (host, (const char *const *) manifest->host_versions, running))
    return;

  list = g_strjoinv (", ", manifest->host_versions);
  text = g_strdup_printf (_("%s %s will not load this version: it supports %s"),
                            plug_rb_host_get_name (host), running, list);
  plug_rb_plan_add_warning (plan, text);
}

static void
warn_of_running (PlugRbPlan *plan, PlugRbHost *host)
{
  const char *hint = plug_rb_host_get_reload_hint (host);

  if (hint != NULL && plug_rb_host_is_running (host))
    plug_rb_plan_add_warning (plan, hint);
}

static gboolean
check_writable (const char *path, GError **error)
{
  if (access (path, F_OK) < 0 || access (path, W_OK | X_OK) == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE, _("“%s” cannot be written"), path);
  return FALSE;
}

static gboolean
check_space (PlugRbPlan *plan, const PlugRbPart *part, GError **error)
{
  guint64 need = plug_rb_plan_get_write_bytes (plan), free_bytes;
  g_autofree char *need_text = g_format_size (need);
  g_autofree char *free_text = NULL;
  struct statvfs fs;

  if (statvfs (part->root, &fs) < 0)
    return TRUE;

  free_bytes = (guint64) fs.f_bavail * fs.f_frsize;
  plug_rb_plan_set_bytes (plan, need, free_bytes);
  if (need < free_bytes)
    return TRUE;

  free_text = g_format_size (free_bytes);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE,
               _("Not enough space: %s needed, %s free"), need_text, free_text);
  return FALSE;
}

static gboolean
check_archives (PlugRbEngine *self, PlugRbSnapshot *target, GError **error)
{
  for (guint i = 0; i < plug_rb_store_count_archives (target); i++) {
    int fd = plug_rb_store_open_archive (plug_rb_engine_get_store (self), target, i, error);

    if (fd < 0)
      return FALSE;
    close (fd);
  }

  return TRUE;
}

static void
add_problem (PlugRbPlan *plan, GError *problem, GError **first)
{
  plug_rb_plan_add_blocker (plan, problem->message);
  if (first != NULL && *first == NULL)
    *first = problem;
  else
    g_error_free (problem);
}

static void
find_problems (
    PlugRbEngine *self, PlugRbPlan *plan, PlugRbState *live, PlugRbSnapshot *target, GError **first)
{
  GError *problem = NULL;

  if (!check_archives (self, target, &problem))
    add_problem (plan, g_steal_pointer (&problem), first);

  for (guint i = 0; i < live->parts->len; i++) {
    const PlugRbPart *part = live->parts->pdata[i];

    if (part->role != PLUG_RB_ROLE_CODE)
      continue;
    if (!check_writable (part->root, &problem) || !check_writable (part->path, &problem))
      add_problem (plan, g_steal_pointer (&problem), first);
    if (!check_space (plan, part, &problem))
      add_problem (plan, g_steal_pointer (&problem), first);
  }
}

/**
 * plug_rb_engine_plan:
 * @target: the snapshot to go to
 * @blocker: (out) (optional) (nullable): the first thing that makes it impossible, as an error
 *
 * Works out what a rollback would do, with what speaks against it. Nothing is changed.
 *
 * Returns: (transfer full): the plan
 */
PlugRbPlan *
plug_rb_engine_plan (PlugRbEngine *self,
                     PlugRbSnapshot *target,
                     PlugRbScope scope,
                     GError **blocker,
                     GCancellable *cancellable,
                     GError **error)
{
  PlugRbHost *host = plug_rb_engine_get_host (self, plug_rb_snapshot_get_host (target), error);
  g_autoptr(PlugRbState) live = NULL;
  g_autoptr(PlugRbState) wanted = NULL;
  PlugRbPlan *plan;

  if (host == NULL ||
      !(live = plug_rb_engine_capture (self, host, plug_rb_snapshot_get_plugin_id (target), NULL,
                                       NULL, cancellable, error)) ||
      !(wanted = plug_rb_state_load (plug_rb_engine_get_store (self), target, error)))
    return NULL;

  plan = plug_rb_compare_states (live, NULL, wanted, target, scope);
  warn_of_version (plan, host, wanted);
  warn_of_running (plan, host);
  find_problems (self, plan, live, target, blocker);

  return plan;
}

static gboolean
is_settled (PlugRbEngine *self, PlugRbState *live)
{
  g_autoptr(GPtrArray) operations = plug_rb_engine_list_operations (self, live->plugin, NULL);

  for (guint i = 0; operations != NULL && i < operations->len; i++) {
    PlugRbOperation *operation = operations->pdata[i];
    GPtrArray *changes = plug_rb_operation_get_changes (operation);

    if (plug_rb_operation_get_status (operation) != PLUG_RB_STATUS_COMPLETED ||
        plug_rb_operation_get_kind (operation) == PLUG_RB_KIND_SNAPSHOT)
      continue;
    if (plug_rb_operation_get_kind (operation) != PLUG_RB_KIND_ROLLBACK)
      return FALSE;

    for (guint j = 0; j < changes->len; j++) {
      const PlugRbOperationChange *change = changes->pdata[j];

      if (g_str_equal (change->plugin, live->plugin))
        return g_strcmp0 (change->after_table, plug_rb_table_get_sha256 (live->table)) == 0;
    }
  }

  return FALSE;
}

static gboolean
is_candidate (PlugRbSnapshot *snapshot)
{
  return plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         plug_rb_snapshot_get_health (snapshot) != PLUG_RB_HEALTH_BAD &&
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PRE_ROLLBACK;
}

static PlugRbSnapshot *
choose_target (PlugRbEngine *self, PlugRbState *live, GError **error)
{
  g_autoptr(GPtrArray) snapshots =
                plug_rb_store_list_snapshots (plug_rb_engine_get_store (self), live->plugin, error);

  if (snapshots == NULL)
    return NULL;

  for (guint i = 0; i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];
    g_autoptr(PlugRbState) state = NULL;
    g_autoptr(PlugRbPlan) plan = NULL;

    if (!is_candidate (snapshot) ||
        !(state = plug_rb_state_load (plug_rb_engine_get_store (self), snapshot, NULL)))
      continue;

    plan = plug_rb_compare_states (live, NULL, state, snapshot, PLUG_RB_SCOPE_ALL);
    if (!plug_rb_plan_get_is_empty (plan))
      return g_object_ref (snapshot);
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
               _("There is no snapshot of %s that differs from what is installed"), live->plugin);
  return NULL;
}

/**
 * plug_rb_engine_find_target:
 *
 * Chooses what a rollback of a plugin goes to if nobody says: the newest snapshot that is not known
 * bad, is not a safety copy, and differs from what is installed.
 *
 * Returns: (transfer full) (nullable): the snapshot; %NULL without an error if the plugin was just
 * rolled back and nothing has changed since
 */
PlugRbSnapshot *
plug_rb_engine_find_target (PlugRbEngine *self,
                            PlugRbPlugin *plugin,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr(PlugRbState) live = capture_plugin (self, plugin, cancellable, error);

  if (live == NULL || is_settled (self, live))
    return NULL;

  return choose_target (self, live, error);
}
