/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "plug-rb-change.h"
#include "plug-rb-compare.h"
#include "plug-rb-contents.h"
#include "plug-rb-dconf.h"
#include "plug-rb-engine.h"
#include "plug-rb-error.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-obstacle.h"
#include "plug-rb-plan-target.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

static void
warn_of_failure (PlugRbPlan *plan, PlugRbSnapshot *target)
{
  const char *message = plug_rb_snapshot_get_health_message (target);
  g_autofree char *text = NULL;

  if (plug_rb_snapshot_get_health (target) != PLUG_RB_HEALTH_BAD)
    return;

  text = g_strdup_printf (_("This version failed before: %s"), message ? message : "?");
  plug_rb_plan_add_warning (plan, text);
}

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
  g_autoptr(PlugRbState) a =
      from ? plug_rb_state_load (plug_rb_engine_get_store (self), from, error)
           : capture_plugin (self, plugin, cancellable, error);
  g_autoptr(PlugRbState) b = NULL;

  if (a == NULL)
    return NULL;

  b = to ? plug_rb_state_load (plug_rb_engine_get_store (self), to, error)
         : capture_plugin (self, plugin, cancellable, error);

  return b ? plug_rb_compare_states (a, from, b, to) : NULL;
}

/* ---- planning a rollback */

static void
warn_of_version (PlugRbPlan *plan, PlugRbHost *host, PlugRbState *target)
{
  g_autofree char *running = plug_rb_host_dup_version (host);
  g_autoptr(PlugRbManifest) manifest =
      target->manifest ? plug_rb_host_parse_manifest (host, target->manifest, NULL) : NULL;
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

  if (hint != NULL && plug_rb_host_may_run (host))
    plug_rb_plan_add_warning (plan, hint);

  if (plug_rb_host_runs_unseen (host)) {
    g_autofree char *text =
        g_strdup_printf (_("Whether %s is running cannot be seen from inside Flatpak. Close it "
                           "first: it would undo this"),
                         plug_rb_host_get_name (host));

    plug_rb_plan_add_warning (plan, text);
  }
}

/* Behind a link lies what belongs to somebody else: a developer's checkout, a package. */
static gboolean
check_link (PlugRbState *live, PlugRbState *target, const PlugRbPart *part, GError **error)
{
  PlugRbState *const states[] = { live, target };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    const PlugRbEntry *top = plug_rb_table_find (states[i]->table, part->name, "");
    g_autofree char *real = NULL;

    if (top == NULL || top->type != PLUG_RB_ENTRY_LINK)
      continue;

    real = states[i] == live ? realpath (part->path, NULL) : NULL;
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                 _("“%s” is a link to “%s”, and nothing is changed behind a link. Replace it by a "
                   "folder first"),
                 part->path, real ? real : top->target);
    return FALSE;
  }

  return TRUE;
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
are_archives_there (PlugRbStore *store, PlugRbSnapshot *target)
{
  for (guint i = 0; i < plug_rb_store_count_archives (target); i++) {
    g_autofd int fd = plug_rb_store_open_archive (store, target, i, NULL);

    if (fd < 0)
      return FALSE;
  }

  return TRUE;
}

/* What is in place already need not be in an archive. */
static gboolean
is_in_place (PlugRbState *live, const PlugRbEntry *entry)
{
  const PlugRbEntry *now = plug_rb_table_find (live->table, entry->part, entry->path);

  return now != NULL && g_strcmp0 (now->sha256, entry->sha256) == 0;
}

/* An archive that is missing is in the way only of what it alone held. */
static gboolean
check_archives (PlugRbEngine *self, PlugRbPlan *plan, PlugRbSnapshot *target, GError **error)
{
  const PlugRbPlanWork *work = plug_rb_plan_get_work (plan);
  PlugRbStore *store = plug_rb_engine_get_store (self);
  g_autoptr(PlugRbContents) contents = NULL;
  guint archive;

  if (are_archives_there (store, target))
    return TRUE;
  if (!(contents = plug_rb_contents_open (store, target, error)))
    return FALSE;

  for (guint i = 0; i < plug_rb_table_get_size (work->target->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (work->target->table, i);

    if (entry->sha256 != NULL && !is_in_place (work->live, entry) &&
        plug_rb_contents_find (contents, entry->sha256, &archive) == NULL)
      return plug_rb_contents_check (contents, error);
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

static gboolean
check_part (PlugRbPlan *plan, const PlugRbPart *part, GError **error)
{
  const PlugRbPlanWork *work = plug_rb_plan_get_work (plan);

  return check_link (work->live, work->target, part, error) &&
         plug_rb_obstacle_check_folder (part->root, error) &&
         plug_rb_obstacle_check_part (work->live, part, error) && check_space (plan, part, error);
}

static void
find_problems_of_files (PlugRbPlan *plan, GError **first)
{
  const PlugRbPlanWork *work = plug_rb_plan_get_work (plan);

  for (guint i = 0; i < work->live->parts->len; i++) {
    const PlugRbPart *part = work->live->parts->pdata[i];
    GError *problem = NULL;

    if (plug_rb_compare_part_differs (work->live, work->target, part->name) &&
        !check_part (plan, part, &problem))
      add_problem (plan, problem, first);
  }
}

static gboolean
check_store (PlugRbPlan *plan, PlugRbSettingsStore *store, GError **error)
{
  PlugRbHost *host = plug_rb_plan_get_work (plan)->host;

  if (plug_rb_settings_store_needs_stop (store) && plug_rb_host_is_running (host)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                 _("%s is running and would overwrite what is restored. Close it first"),
                 plug_rb_host_get_name (host));
    return FALSE;
  }

  return plug_rb_settings_store_can_write (store, error);
}

/* All keys of a database are written at once, and every store by itself. */
static void
find_problems_of_settings (PlugRbPlan *plan, GError **first)
{
  GListModel *settings = plug_rb_plan_get_settings (plan);
  GPtrArray *stores = plug_rb_plan_get_work (plan)->live->stores;
  g_autoptr(GHashTable) checked = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (settings); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (settings, i);
    PlugRbSettingsStore *store =
        plug_rb_settings_group_find (stores, plug_rb_change_get_name (change));
    GError *problem = NULL;

    if (g_hash_table_add (checked, store) &&
        !(store ? check_store (plan, store, &problem) : plug_rb_dconf_can_write (&problem)))
      add_problem (plan, problem, first);
  }
}

static void
find_problems (PlugRbEngine *self, PlugRbPlan *plan, GError **first)
{
  GError *problem = NULL;

  if (plug_rb_plan_get_is_empty (plan))
    return;
  if (!check_archives (self, plan, plug_rb_plan_get_to (plan), &problem))
    add_problem (plan, g_steal_pointer (&problem), first);
  if (!plug_rb_host_check_writable (plug_rb_plan_get_work (plan)->host, &problem))
    add_problem (plan, g_steal_pointer (&problem), first);
  if (plug_rb_plan_get_work (plan)->with_files)
    find_problems_of_files (plan, first);
  find_problems_of_settings (plan, first);
}

static gboolean
prepare_work (PlugRbEngine *self,
              PlugRbSnapshot *target,
              const PlugRbRollbackOptions *options,
              PlugRbPlanWork *work,
              PlugRbOperation *operation,
              GCancellable *cancellable,
              GError **error)
{
  const char *id = plug_rb_snapshot_get_plugin_id (target);
  g_autoptr(PlugRbState) stored = NULL;

  if (!plug_rb_snapshot_load_json (target, error) ||
      !(work->host = plug_rb_engine_get_host (self, plug_rb_snapshot_get_host (target), error)))
    return FALSE;

  work->scope = options->paths ? PLUG_RB_SCOPE_FILES : options->scope;
  work->excludes =
      plug_rb_engine_list_excludes (self, work->host, plug_rb_snapshot_get_plugin (target));
  if (!(work->live =
            plug_rb_engine_capture (self, work->host, id, NULL, operation, cancellable, error)) ||
      !(stored = plug_rb_state_load (plug_rb_engine_get_store (self), target, error)) ||
      !plug_rb_host_add_parts (work->host, id, stored->table, work->live->parts, error))
    return FALSE;

  return plug_rb_plan_target_derive (work, stored, options, error);
}

static void
work_clear (PlugRbPlanWork *work)
{
  g_clear_pointer (&work->live, plug_rb_state_unref);
  g_clear_pointer (&work->target, plug_rb_state_unref);
  g_clear_pointer (&work->excludes, g_strfreev);
  g_clear_pointer (&work->paths, g_strfreev);
  g_clear_pointer (&work->kept, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbPlanWork, work_clear)

/**
 * plug_rb_engine_plan_with:
 * @target: the snapshot to go to
 * @options: what to bring back of it
 * @operation: (nullable): gets the progress
 * @blocker: (out) (optional) (nullable): the first thing that makes it impossible, as an error
 *
 * Works out what a rollback would do, with what speaks against it. Nothing is changed. The same
 * plan is what a rollback carries out.
 *
 * Returns: (transfer full): the plan
 */
PlugRbPlan *
plug_rb_engine_plan_with (PlugRbEngine *self,
                          PlugRbSnapshot *target,
                          const PlugRbRollbackOptions *options,
                          PlugRbOperation *operation,
                          GError **blocker,
                          GCancellable *cancellable,
                          GError **error)
{
  g_auto(PlugRbPlanWork) work = { 0 };
  PlugRbPlan *plan;

  if (!prepare_work (self, target, options, &work, operation, cancellable, error))
    return NULL;

  plan = plug_rb_compare_states (work.live, NULL, work.target, target);
  plug_rb_plan_set_work (plan, &work);
  warn_of_version (plan, work.host, work.target);
  warn_of_running (plan, work.host);
  warn_of_failure (plan, target);
  find_problems (self, plan, blocker);

  return plan;
}

/**
 * plug_rb_engine_plan:
 *
 * [method@Engine.plan_with] without options but the scope.
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
  const PlugRbRollbackOptions options = { .scope = scope };

  return plug_rb_engine_plan_with (self, target, &options, NULL, blocker, cancellable, error);
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
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PRE_ROLLBACK &&
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PACKAGE;
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

    plan = plug_rb_compare_states (live, NULL, state, snapshot);
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
