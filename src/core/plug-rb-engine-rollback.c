/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-transaction.h"

/* What another program wrote meanwhile is saved, and the rollback tried once more. */
#define ATTEMPTS 2

/* One rollback or undo on its way. */
typedef struct {
  PlugRbAct act;
  PlugRbRollbackOptions options;
  PlugRbOperation *undone;
  gboolean even_if_changed;
  gboolean refused;
  GPtrArray *targets;
  GPtrArray *plans;
  PlugRbTransaction *transaction;
} Rollback;

static void
rollback_clear (Rollback *self)
{
  g_clear_pointer (&self->plans, g_ptr_array_unref);
  g_clear_pointer (&self->transaction, plug_rb_transaction_free);
  plug_rb_act_end (&self->act);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rollback, rollback_clear)

static Rollback
rollback_begin (PlugRbEngine *engine, PlugRbOperation *operation, GCancellable *cancellable)
{
  return (Rollback) { .act = plug_rb_act_begin (engine, operation, cancellable) };
}

/* The plan is the one that a preview shows; what is there already needs none. */
static gboolean
make_plan (Rollback *self, PlugRbSnapshot *target, GError **error)
{
  g_autoptr(GError) blocker = NULL;
  g_autoptr(PlugRbPlan) plan =
      plug_rb_engine_plan_with (self->act.engine, target, &self->options, self->act.operation,
                                &blocker, self->act.cancellable, error);

  if (plan == NULL)
    return FALSE;

  if (blocker != NULL) {
    g_propagate_error (error, g_steal_pointer (&blocker));
    return FALSE;
  }

  if (!plug_rb_plan_get_is_empty (plan))
    g_ptr_array_add (self->plans, g_steal_pointer (&plan));

  return TRUE;
}

static gboolean
make_plans (Rollback *self, GError **error)
{
  g_clear_pointer (&self->plans, g_ptr_array_unref);
  self->plans = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->targets->len; i++)
    if (!make_plan (self, self->targets->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
add_plan (Rollback *self, PlugRbPlan *plan, GError **error)
{
  const PlugRbPlanWork *work = plug_rb_plan_get_work (plan);
  g_auto(GStrv) folders =
      plug_rb_engine_list_folders (self->act.engine, plug_rb_plan_get_plugin (plan), error);
  g_autoptr(PlugRbSnapshot) safety = folders ? plug_rb_act_secure (&self->act, work, error) : NULL;

  if (safety == NULL)
    return FALSE;

  plug_rb_transaction_add (self->transaction, plan, safety, (const char *const *) folders);
  return TRUE;
}

static GPtrArray *
list_plugins_of (GPtrArray *targets)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (keys, g_strdup (plug_rb_snapshot_get_plugin (targets->pdata[i])));

  return keys;
}

static gboolean
lock_roots (Rollback *self, GPtrArray *targets, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < targets->len; i++)
    if (plug_rb_engine_get_host (self->act.engine, plug_rb_snapshot_get_host (targets->pdata[i]),
                                 error) == NULL)
      return FALSE;

  return plug_rb_act_lock_roots (&self->act, keys, error);
}

/* A plugin can go to one snapshot only: the second exchange would find a folder that is not the one
 * it knows. */
static gboolean
refuse_double (GPtrArray *keys, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < keys->len; i++)
    if (!g_hash_table_add (seen, keys->pdata[i])) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("%s is named twice"),
                   (const char *) keys->pdata[i]);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_unchanged (Rollback *self, const PlugRbOperationChange *change, GError **error)
{
  g_auto(GStrv) halves = g_strsplit (change->plugin, "/", 2);
  PlugRbHost *host = plug_rb_engine_get_host (self->act.engine, halves[0], error);
  g_autoptr(PlugRbState) live = NULL;

  if (host == NULL || !(live = plug_rb_engine_capture (self->act.engine, host, halves[1], NULL,
                                                       NULL, self->act.cancellable, error)))
    return FALSE;

  self->refused = g_strcmp0 (plug_rb_table_get_sha256 (live->table), change->after_table) != 0;
  if (self->refused)
    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
        _("%s was changed since. Undo it all the same? The present state is kept in a snapshot"),
        change->plugin);

  return !self->refused;
}

/* Under the locks: whoever held them until now may have changed something. */
static gboolean
refuse_changed (Rollback *self, GError **error)
{
  GPtrArray *changes = self->undone ? plug_rb_operation_get_changes (self->undone) : NULL;

  for (guint i = 0; changes != NULL && !self->even_if_changed && i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];

    if (change->safety_snapshot != NULL && !check_unchanged (self, change, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
check (Rollback *self, GError **error)
{
  g_autoptr(GPtrArray) keys = list_plugins_of (self->targets);

  plug_rb_operation_begin_step (self->act.operation, "check");
  if (!refuse_double (keys, error) || !plug_rb_act_claim (&self->act, keys, error) ||
      !lock_roots (self, self->targets, keys, error) || !refuse_changed (self, error) ||
      !make_plans (self, error))
    return FALSE;

  plug_rb_operation_end_step (self->act.operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  return TRUE;
}

/* The transaction is made from the plans, with a safety copy of the very states they start from. */
static gboolean
begin_transaction (Rollback *self, guint attempt, GError **error)
{
  g_clear_pointer (&self->transaction, plug_rb_transaction_free);
  self->transaction = plug_rb_transaction_new (self->act.store, self->act.operation, attempt,
                                               attempt + 1 == ATTEMPTS);
  plug_rb_transaction_set_trial (self->transaction, self->options.trial, self->options.trial_data);
  if (self->undone != NULL)
    plug_rb_transaction_set_undoes (self->transaction, plug_rb_operation_get_id (self->undone));

  plug_rb_operation_begin_step (self->act.operation, "safety-snapshot");
  for (guint i = 0; i < self->plans->len; i++)
    if (!add_plan (self, self->plans->pdata[i], error))
      return FALSE;

  plug_rb_operation_end_step (self->act.operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  return TRUE;
}

static gboolean
fail (Rollback *self, GError *cause, GError **error)
{
  plug_rb_act_fail (&self->act, cause);

  /* Nothing was changed, but the attempt belongs into the history, unless it is only a question.
   * That it cannot be written there is not what the user has to hear. */
  if (self->transaction != NULL)
    plug_rb_transaction_abandon (self->transaction, NULL);
  else if (!self->refused)
    plug_rb_store_save_operation (self->act.store, self->act.operation, NULL);
  g_propagate_error (error, cause);

  return FALSE;
}

/* So that whoever watches sees from the start whom it is about, and the history of a failure tells.
 */
static void
announce (Rollback *self, GPtrArray *targets)
{
  for (guint i = 0; i < targets->len; i++) {
    PlugRbSnapshot *target = targets->pdata[i];
    PlugRbOperationChange change = {
      .plugin = (char *) plug_rb_snapshot_get_plugin (target),
      .name = (char *) plug_rb_snapshot_get_name (target),
      .to_version = (char *) plug_rb_snapshot_get_version (target),
      .target = (char *) plug_rb_snapshot_get_id (target),
    };

    plug_rb_operation_add_change (self->act.operation, &change);
  }
}

static gboolean
finish_empty (Rollback *self)
{
  plug_rb_operation_add_hint (self->act.operation, _("Everything is as in the snapshot already"));
  plug_rb_operation_finish (self->act.operation, PLUG_RB_STATUS_COMPLETED, NULL);

  return TRUE;
}

/* An error that leaves the operation unfinished is one before anything was changed, or one after
 * which it may be tried again. */
static gboolean
try (Rollback *self, guint attempt, gboolean *again, GError **error)
{
  *again = FALSE;
  if (!begin_transaction (self, attempt, error))
    return FALSE;

  if (plug_rb_transaction_run (self->transaction, self->act.cancellable, error))
    return TRUE;

  *again = plug_rb_transaction_wants_again (self->transaction);
  return FALSE;
}

static gboolean
carry_out (Rollback *self, GError **error)
{
  GError *cause = NULL;
  gboolean again = TRUE;

  for (guint attempt = 0; again; attempt++) {
    g_clear_error (&cause);
    if (attempt > 0 && !make_plans (self, &cause))
      break;
    if (self->plans->len == 0 && attempt > 0)
      plug_rb_transaction_abandon (self->transaction, NULL);
    if (self->plans->len == 0)
      return finish_empty (self);
    if (try (self, attempt, &again, &cause))
      return TRUE;
  }

  if (!plug_rb_operation_is_finished (self->act.operation))
    return fail (self, cause, error);

  g_propagate_error (error, cause);
  return FALSE;
}

static gboolean
run (Rollback *self, GError **error)
{
  GError *cause = NULL;

  announce (self, self->targets);

  return check (self, &cause) ? carry_out (self, error) : fail (self, cause, error);
}

/* Settings alone and single files work with the code that is there. */
static gboolean
add_dependencies (Rollback *self, GError **error)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  if (self->options.no_dependencies || self->options.paths != NULL ||
      !(self->options.scope & PLUG_RB_SCOPE_FILES))
    return TRUE;
  if (!plug_rb_engine_add_dependencies (self->act.engine, self->targets, notes, error))
    return FALSE;

  for (guint i = 0; i < notes->len; i++)
    plug_rb_operation_add_hint (self->act.operation, notes->pdata[i]);

  return TRUE;
}

/**
 * plug_rb_engine_rollback_with:
 * @targets: (element-type PlugRbSnapshot): one snapshot for each plugin
 * @options: what to bring back of each
 * @operation: of kind rollback; finished afterwards
 *
 * Brings plugins back to snapshots: all of them or none, undoable. If everything is as in the
 * snapshots already, nothing is done, a hint says so, and there is nothing to undo.
 */
gboolean
plug_rb_engine_rollback_with (PlugRbEngine *self,
                              GPtrArray *targets,
                              const PlugRbRollbackOptions *options,
                              PlugRbOperation *operation,
                              GCancellable *cancellable,
                              GError **error)
{
  g_auto(Rollback) rollback = rollback_begin (self, operation, cancellable);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GError *cause = NULL;

  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (all, g_object_ref (targets->pdata[i]));
  rollback.options = *options;
  rollback.targets = all;
  if (!add_dependencies (&rollback, &cause))
    return fail (&rollback, cause, error);

  return run (&rollback, error);
}

/**
 * plug_rb_engine_rollback:
 *
 * [method@Engine.rollback_with] without options but the scope.
 */
gboolean
plug_rb_engine_rollback (PlugRbEngine *self,
                         GPtrArray *targets,
                         PlugRbScope scope,
                         PlugRbOperation *operation,
                         GCancellable *cancellable,
                         GError **error)
{
  const PlugRbRollbackOptions options = { .scope = scope };

  return plug_rb_engine_rollback_with (self, targets, &options, operation, cancellable, error);
}

/* ---- undo */

/**
 * plug_rb_engine_find_undoable:
 * @name: (nullable): id or beginning of an operation, or a plugin; %NULL for the last one of all
 *
 * Returns: (transfer full): the newest operation of that name that can be undone
 */
PlugRbOperation *
plug_rb_engine_find_undoable (PlugRbEngine *self, const char *name, GError **error)
{
  g_autoptr(GPtrArray) operations = plug_rb_engine_list_operations (self, NULL, error);
  g_autoptr(PlugRbPlugin) plugin = name ? plug_rb_engine_find_plugin (self, name, NULL) : NULL;

  for (guint i = 0; operations != NULL && i < operations->len; i++) {
    PlugRbOperation *operation = operations->pdata[i];
    gboolean fits = name == NULL;

    if (plugin != NULL)
      fits = plug_rb_operation_concerns (operation, plug_rb_plugin_get_key (plugin));
    else if (name != NULL)
      fits = g_str_has_prefix (plug_rb_operation_get_id (operation), name);

    if (fits && plug_rb_operation_get_can_undo (operation))
      return g_object_ref (operation);
  }

  if (operations != NULL && name != NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is nothing to undo for “%s”"), name);
  else if (operations != NULL)
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                         _("There is nothing to undo"));

  return NULL;
}

static gboolean
is_deleted (Rollback *self, const char *id)
{
  g_autoptr(GPtrArray) deleted = plug_rb_store_list_deleted (self->act.store, NULL);

  for (guint i = 0; deleted != NULL && i < deleted->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (deleted->pdata[i]), id))
      return TRUE;

  return FALSE;
}

/* Not only that a snapshot is missing, but what that means and what can be done. */
static PlugRbSnapshot *
find_safety (Rollback *self, const PlugRbOperationChange *change, GError **error)
{
  g_autoptr(GError) cause = NULL;
  PlugRbSnapshot *safety =
      plug_rb_engine_find_snapshot (self->act.engine, change->safety_snapshot, &cause);

  if (safety != NULL)
    return safety;

  if (!g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (is_deleted (self, change->safety_snapshot))
    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
        _("The snapshot that %s would go back to was deleted. “plugrb restore-deleted %s” "
          "brings it back"),
        change->plugin, change->safety_snapshot);
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("This cannot be undone: the snapshot %s that %s would go back to is gone"),
                 change->safety_snapshot, change->plugin);

  return NULL;
}

static gboolean
collect_safety (Rollback *self, GPtrArray *targets, GError **error)
{
  GPtrArray *changes = plug_rb_operation_get_changes (self->undone);

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];
    PlugRbSnapshot *safety;

    /* It was as wanted already, and nothing became of it. */
    if (change->safety_snapshot == NULL)
      continue;
    if (!(safety = find_safety (self, change, error)))
      return FALSE;
    g_ptr_array_add (targets, safety);
  }

  return TRUE;
}

/**
 * plug_rb_engine_undo:
 * @undone: a finished rollback or undo
 * @even_if_changed: go on though the plugin changed since; otherwise that fails with
 *   %PLUG_RB_ERROR_NEEDS_USER before anything is done
 * @operation: of kind undo; finished afterwards
 *
 * Brings back exactly what was there before an operation. An undo can be undone.
 */
gboolean
plug_rb_engine_undo (PlugRbEngine *self,
                     PlugRbOperation *undone,
                     gboolean even_if_changed,
                     PlugRbOperation *operation,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto(Rollback) rollback = rollback_begin (self, operation, cancellable);
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  GError *cause = NULL;

  rollback.options = (PlugRbRollbackOptions) { .scope = PLUG_RB_SCOPE_ALL, .exactly = TRUE };
  rollback.undone = undone;
  rollback.even_if_changed = even_if_changed;
  rollback.targets = targets;
  if (!collect_safety (&rollback, targets, &cause)) {
    plug_rb_act_fail (&rollback.act, cause);
    g_propagate_error (error, cause);
    return FALSE;
  }

  return run (&rollback, error);
}
