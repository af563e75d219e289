/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-compare.h"
#include "plug-rb-engine.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-recover.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

/* What one act holds while it runs. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbOperation *operation;
  PlugRbScope scope;
  PlugRbTransaction *transaction;
  GPtrArray *locks;
  GCancellable *cancellable;
  guint n_changes;
} Act;

static void
act_clear (Act *act)
{
  g_clear_pointer (&act->transaction, plug_rb_transaction_free);
  g_clear_pointer (&act->locks, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Act, act_clear)

static Act
act_begin (PlugRbEngine *engine, PlugRbOperation *operation, GCancellable *cancellable)
{
  Act act = { .engine = engine,
              .store = plug_rb_engine_get_store (engine),
              .operation = operation,
              .cancellable = cancellable };

  act.locks = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_lock_free);

  return act;
}

/* ---- locks and interrupted operations */

static gboolean
lock_plugins (Act *act, GPtrArray *keys, GError **error)
{
  /* Always in the same order, so that two acts never wait for each other. */
  g_ptr_array_sort_values (keys, (GCompareFunc) strcmp);

  for (guint i = 0; i < keys->len; i++) {
    PlugRbLock *lock;

    if (i > 0 && g_str_equal (keys->pdata[i], keys->pdata[i - 1]))
      continue;
    lock = plug_rb_store_lock_plugin (act->store, keys->pdata[i], act->cancellable, error);
    if (lock == NULL)
      return FALSE;
    g_ptr_array_add (act->locks, lock);
  }

  return TRUE;
}

static gboolean
lock_root (Act *act, PlugRbHost *host, const char *id, GHashTable *seen, GError **error)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, id);

  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];
    PlugRbLock *lock;

    if (part->role != PLUG_RB_ROLE_CODE || !g_file_test (part->root, G_FILE_TEST_IS_DIR) ||
        !g_hash_table_add (seen, g_strdup (part->root)))
      continue;
    lock = plug_rb_lock_new_for_folder (part->root, part->root, act->cancellable, error);
    if (lock == NULL)
      return FALSE;
    g_ptr_array_add (act->locks, lock);
  }

  return TRUE;
}

static GPtrArray *
list_journal_plugins (PlugRbJournal *journal)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < journal->items->len; i++)
    g_ptr_array_add (keys, g_strdup (((PlugRbJournalItem *) journal->items->pdata[i])->plugin));

  return keys;
}

/* The journal as it is now that its plugins are locked: its owner may have finished meanwhile. */
static PlugRbJournal *
reread_journal (PlugRbStore *store, const char *id)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (store, NULL);

  for (guint i = 0; journals != NULL && i < journals->len; i++)
    if (g_str_equal (((PlugRbJournal *) journals->pdata[i])->id, id))
      return g_ptr_array_steal_index (journals, i);

  return NULL;
}

static PlugRbRecovery *
recover_one (PlugRbEngine *self, PlugRbJournal *seen, GCancellable *cancellable)
{
  g_auto(Act) act = act_begin (self, NULL, cancellable);
  g_autoptr(GPtrArray) keys = list_journal_plugins (seen);
  g_autoptr(PlugRbJournal) journal = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbRecovery *recovery;

  if (lock_plugins (&act, keys, &error)) {
    journal = reread_journal (act.store, seen->id);
    return journal ? plug_rb_recover_journal (act.store, journal) : NULL;
  }

  recovery = g_new0 (PlugRbRecovery, 1);
  recovery->operation = g_strdup (seen->id);
  recovery->status = PLUG_RB_STATUS_IN_PROGRESS;
  recovery->message = g_strdup (error->message);

  return recovery;
}

/**
 * plug_rb_engine_recover:
 *
 * Finishes or takes back every operation whose process died.
 *
 * Returns: (transfer full) (element-type PlugRbRecovery): what was done; empty if nothing was pending
 */
GPtrArray *
plug_rb_engine_recover (PlugRbEngine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) journals =
      plug_rb_store_list_journals (plug_rb_engine_get_store (self), error);
  g_autoptr(GPtrArray) recoveries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_recovery_free);

  if (journals == NULL)
    return NULL;

  for (guint i = 0; i < journals->len; i++) {
    PlugRbRecovery *recovery;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    if ((recovery = recover_one (self, journals->pdata[i], cancellable)) != NULL)
      g_ptr_array_add (recoveries, recovery);
  }

  return g_steal_pointer (&recoveries);
}

/* Every writer first puts in order what a dead one left of the same plugins. */
static gboolean
recover_plugin (PlugRbEngine *self, const char *plugin, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) journals =
      plug_rb_store_list_journals (plug_rb_engine_get_store (self), error);

  for (guint i = 0; journals != NULL && i < journals->len; i++) {
    PlugRbRecovery *recovery;
    gboolean failed;

    if (!plug_rb_journal_names (journals->pdata[i], plugin))
      continue;
    recovery = recover_one (self, journals->pdata[i], cancellable);
    failed = recovery != NULL && recovery->direction == PLUG_RB_DIRECTION_NONE;
    if (failed)
      g_set_error (error, PLUG_RB_ERROR,
                   recovery->status == PLUG_RB_STATUS_IN_PROGRESS ? PLUG_RB_ERROR_BUSY
                                                                  : PLUG_RB_ERROR_INTERRUPTED,
                   _("%s has an unfinished rollback: %s"), plugin, recovery->message);
    g_clear_pointer (&recovery, plug_rb_recovery_free);
    if (failed)
      return FALSE;
  }

  return journals != NULL;
}

static gboolean
claim (Act *act, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < keys->len; i++)
    if (!recover_plugin (act->engine, keys->pdata[i], act->cancellable, error))
      return FALSE;

  return lock_plugins (act, keys, error);
}

static gboolean
claim_one (Act *act, const char *key, GError **error)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();

  g_ptr_array_add (keys, (char *) key);

  return claim (act, keys, error);
}

/* ---- snapshots */

static PlugRbSnapshot *
save_state (Act *act,
            PlugRbHost *host,
            PlugRbState *state,
            PlugRbReason reason,
            const char *label,
            const char *note,
            GError **error)
{
  g_autofree char *version = plug_rb_host_dup_version (host);
  PlugRbSnapshotRequest request = {
    .reason = reason,
    .label = label,
    .note = note,
    .host_version = version,
    .enabled = plug_rb_host_is_enabled (host, state->memberships),
  };

  return plug_rb_store_save_snapshot (act->store, state, &request, act->cancellable, error);
}

static PlugRbSnapshot *
newest_if_same (Act *act, PlugRbState *state)
{
  g_autoptr(GPtrArray) snapshots =
      plug_rb_store_list_snapshots (act->store, state->plugin, NULL);
  PlugRbSnapshot *newest = snapshots && snapshots->len > 0 ? snapshots->pdata[0] : NULL;

  if (newest == NULL || plug_rb_snapshot_get_damaged (newest) != NULL ||
      g_strcmp0 (plug_rb_snapshot_get_table (newest), plug_rb_table_get_sha256 (state->table)) != 0)
    return NULL;

  return g_object_ref (newest);
}

static PlugRbState *
read_files (Act *act, PlugRbHost *host, const char *id, GError **error)
{
  PlugRbState *state;

  plug_rb_operation_begin_step (act->operation, "read-files");
  state = plug_rb_engine_capture (act->engine, host, id, act->operation, act->cancellable, error);
  if (state != NULL)
    plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);

  return state;
}

static PlugRbSnapshot *
take_snapshot (Act *act,
               PlugRbPlugin *plugin,
               PlugRbReason reason,
               const char *label,
               const char *note,
               gboolean *created,
               GError **error)
{
  PlugRbHost *host = plug_rb_plugin_get_host (plugin);
  g_autoptr(PlugRbState) state = NULL;
  PlugRbSnapshot *snapshot;

  plug_rb_operation_begin_step (act->operation, "check");
  if (!claim_one (act, plug_rb_plugin_get_key (plugin), error))
    return NULL;

  plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  if (!(state = read_files (act, host, plug_rb_plugin_get_id (plugin), error)))
    return NULL;

  if (label == NULL && note == NULL && (snapshot = newest_if_same (act, state)) != NULL)
    return snapshot;

  plug_rb_operation_begin_step (act->operation, "save");
  snapshot = save_state (act, host, state, reason, label, note, error);
  *created = snapshot != NULL;
  if (*created)
    plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);

  return snapshot;
}

static void
finish_failed (Act *act, const GError *error)
{
  gboolean canceled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  plug_rb_operation_finish (act->operation,
                            canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED, error);
}

static void
finish_snapshot (Act *act, PlugRbSnapshot *snapshot)
{
  PlugRbOperationChange change = {
    .plugin = (char *) plug_rb_snapshot_get_plugin (snapshot),
    .name = (char *) plug_rb_snapshot_get_name (snapshot),
    .to_version = (char *) plug_rb_snapshot_get_version (snapshot),
    .target = (char *) plug_rb_snapshot_get_id (snapshot),
  };

  plug_rb_operation_add_change (act->operation, &change);
  plug_rb_operation_finish (act->operation, PLUG_RB_STATUS_COMPLETED, NULL);
}

/**
 * plug_rb_engine_snapshot:
 * @label: (nullable): a name that the user gives it
 * @note: (nullable): a longer text
 * @created: (out): %FALSE if the newest snapshot holds exactly this state already; it is returned then
 * @operation: of kind snapshot; finished afterwards
 *
 * Takes a snapshot of a plugin.
 *
 * Returns: (transfer full): the snapshot
 */
PlugRbSnapshot *
plug_rb_engine_snapshot (PlugRbEngine *self,
                         PlugRbPlugin *plugin,
                         PlugRbReason reason,
                         const char *label,
                         const char *note,
                         gboolean *created,
                         PlugRbOperation *operation,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto(Act) act = act_begin (self, operation, cancellable);
  g_autoptr(GError) cause = NULL;
  PlugRbSnapshot *snapshot;

  *created = FALSE;
  snapshot = take_snapshot (&act, plugin, reason, label, note, created, &cause);
  if (snapshot == NULL) {
    finish_failed (&act, cause);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  finish_snapshot (&act, snapshot);
  return snapshot;
}

/* ---- rollback */

static gboolean
refuse_blocked (Act *act, PlugRbSnapshot *target, gboolean *is_empty, GError **error)
{
  g_autoptr(GError) blocker = NULL;
  g_autoptr(PlugRbPlan) plan = plug_rb_engine_plan (act->engine, target, act->scope, &blocker,
                                                    act->cancellable, error);

  if (plan == NULL)
    return FALSE;

  *is_empty = plug_rb_plan_get_is_empty (plan);
  if (blocker == NULL || *is_empty)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&blocker));
  return FALSE;
}

static PlugRbSnapshot *
secure (Act *act, PlugRbHost *host, PlugRbState *live, GError **error)
{
  PlugRbSnapshot *same = plug_rb_store_find_same (
      act->store, live->plugin, plug_rb_table_get_sha256 (live->table), NULL);

  return same ? same
              : save_state (act, host, live, PLUG_RB_REASON_PRE_ROLLBACK, NULL, NULL, error);
}

static gboolean
add_target (Act *act, PlugRbSnapshot *target, GError **error)
{
  PlugRbHost *host =
      plug_rb_engine_get_host (act->engine, plug_rb_snapshot_get_host (target), error);
  const char *key = plug_rb_snapshot_get_plugin (target);
  g_auto(GStrv) folders = plug_rb_engine_list_folders (act->engine, key);
  g_autoptr(PlugRbState) live = NULL;
  g_autoptr(PlugRbState) wanted = NULL;
  g_autoptr(PlugRbSnapshot) safety = NULL;

  if (host == NULL ||
      !(live = plug_rb_engine_capture (act->engine, host, plug_rb_snapshot_get_plugin_id (target),
                                       act->operation, act->cancellable, error)) ||
      !(wanted = plug_rb_state_load (act->store, target, error)) ||
      !(safety = secure (act, host, live, error)))
    return FALSE;

  plug_rb_transaction_add (act->transaction, host, live, wanted, target, safety,
                           (const char *const *) folders);
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
lock_roots (Act *act, GPtrArray *targets, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < targets->len; i++) {
    PlugRbSnapshot *target = targets->pdata[i];
    PlugRbHost *host =
        plug_rb_engine_get_host (act->engine, plug_rb_snapshot_get_host (target), error);

    if (host == NULL ||
        !lock_root (act, host, plug_rb_snapshot_get_plugin_id (target), seen, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
check_targets (Act *act, GPtrArray *targets, GError **error)
{
  g_autoptr(GPtrArray) keys = list_plugins_of (targets);

  plug_rb_operation_begin_step (act->operation, "check");
  if (!claim (act, keys, error) || !lock_roots (act, targets, error))
    return FALSE;

  for (guint i = 0; i < targets->len; i++) {
    gboolean is_empty;

    if (!refuse_blocked (act, targets->pdata[i], &is_empty, error))
      return FALSE;
    act->n_changes += !is_empty;
  }

  plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  return TRUE;
}

static gboolean
prepare (Act *act, GPtrArray *targets, GError **error)
{
  if (!check_targets (act, targets, error))
    return FALSE;

  plug_rb_operation_begin_step (act->operation, "safety-snapshot");
  for (guint i = 0; i < targets->len && act->n_changes > 0; i++)
    if (!add_target (act, targets->pdata[i], error))
      return FALSE;

  plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  return TRUE;
}

static gboolean
fail (Act *act, GError *cause, GError **error)
{
  finish_failed (act, cause);

  /* Nothing was changed, but the attempt belongs into the history. That it cannot be written there is
   * not what the user has to hear. */
  plug_rb_store_save_operation (act->store, act->operation, NULL);
  g_propagate_error (error, cause);

  return FALSE;
}

/* So that whoever watches sees from the start whom it is about, and the history of a failure tells. */
static void
announce (Act *act, GPtrArray *targets)
{
  for (guint i = 0; i < targets->len; i++) {
    PlugRbSnapshot *target = targets->pdata[i];
    PlugRbOperationChange change = {
      .plugin = (char *) plug_rb_snapshot_get_plugin (target),
      .name = (char *) plug_rb_snapshot_get_name (target),
      .to_version = (char *) plug_rb_snapshot_get_version (target),
      .target = (char *) plug_rb_snapshot_get_id (target),
    };

    plug_rb_operation_add_change (act->operation, &change);
  }
}

static gboolean
run (Act *act, GPtrArray *targets, const char *undoes, GError **error)
{
  GError *cause = NULL;

  announce (act, targets);
  act->transaction = plug_rb_transaction_new (act->store, act->operation, act->scope);
  if (undoes != NULL)
    plug_rb_transaction_set_undoes (act->transaction, undoes);

  if (!prepare (act, targets, &cause))
    return fail (act, cause, error);

  if (act->n_changes == 0) {
    plug_rb_operation_add_hint (act->operation, _("Everything is as in the snapshot already"));
    plug_rb_operation_finish (act->operation, PLUG_RB_STATUS_COMPLETED, NULL);
    return TRUE;
  }

  if (plug_rb_transaction_run (act->transaction, act->cancellable, &cause))
    return TRUE;
  if (!plug_rb_operation_is_finished (act->operation))
    return fail (act, cause, error);

  g_propagate_error (error, cause);
  return FALSE;
}

/**
 * plug_rb_engine_rollback:
 * @targets: (element-type PlugRbSnapshot): one snapshot for each plugin
 * @scope: what to bring back
 * @operation: of kind rollback; finished afterwards
 *
 * Brings plugins back to snapshots: all of them or none, undoable. If everything is as in the snapshots
 * already, nothing is done, a hint says so, and there is nothing to undo.
 */
gboolean
plug_rb_engine_rollback (PlugRbEngine *self,
                         GPtrArray *targets,
                         PlugRbScope scope,
                         PlugRbOperation *operation,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto(Act) act = act_begin (self, operation, cancellable);

  act.scope = scope;

  return run (&act, targets, NULL, error);
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
check_unchanged (Act *act, const PlugRbOperationChange *change, PlugRbSnapshot *safety, GError **error)
{
  PlugRbHost *host =
      plug_rb_engine_get_host (act->engine, plug_rb_snapshot_get_host (safety), error);
  g_autoptr(PlugRbState) live = NULL;

  if (host == NULL ||
      !(live = plug_rb_engine_capture (act->engine, host, plug_rb_snapshot_get_plugin_id (safety),
                                       NULL, act->cancellable, error)))
    return FALSE;

  if (g_strcmp0 (plug_rb_table_get_sha256 (live->table), change->after_table) == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               _("%s was changed since. Undo it all the same? The present state is kept in a snapshot"),
               change->plugin);
  return FALSE;
}

static gboolean
collect_safety (Act *act,
                PlugRbOperation *undone,
                gboolean even_if_changed,
                GPtrArray *targets,
                GError **error)
{
  GPtrArray *changes = plug_rb_operation_get_changes (undone);

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];
    PlugRbSnapshot *safety =
        plug_rb_engine_find_snapshot (act->engine, change->safety_snapshot, error);

    if (safety == NULL)
      return FALSE;
    g_ptr_array_add (targets, safety);
    if (!even_if_changed && !check_unchanged (act, change, safety, error))
      return FALSE;
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
  g_auto(Act) act = act_begin (self, operation, cancellable);
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  GError *cause = NULL;

  act.scope = PLUG_RB_SCOPE_ALL;
  if (!collect_safety (&act, undone, even_if_changed, targets, &cause)) {
    finish_failed (&act, cause);
    g_propagate_error (error, cause);
    return FALSE;
  }

  return run (&act, targets, plug_rb_operation_get_id (undone), error);
}

/* ---- trash */

static gboolean
refuse_needed (Act *act, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (act->store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++)
    if (plug_rb_journal_needs_snapshot (journals->pdata[i], plug_rb_snapshot_get_id (snapshot))) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
                   _("Snapshot %s is needed by an unfinished rollback"),
                   plug_rb_snapshot_get_id (snapshot));
      return FALSE;
    }

  return journals != NULL;
}

/**
 * plug_rb_engine_delete_snapshot:
 *
 * Moves a snapshot to the trash, from where plug_rb_engine_restore_deleted() brings it back.
 */
gboolean
plug_rb_engine_delete_snapshot (PlugRbEngine *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_auto(Act) act = act_begin (self, NULL, NULL);

  return claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error) &&
         refuse_needed (&act, snapshot, error) &&
         plug_rb_store_delete_snapshot (act.store, snapshot, error);
}

static PlugRbSnapshot *
find_deleted (PlugRbStore *store, const char *prefix, GError **error)
{
  g_autoptr(GPtrArray) deleted = plug_rb_store_list_deleted (store, error);
  PlugRbSnapshot *found = NULL;

  for (guint i = 0; deleted != NULL && i < deleted->len; i++) {
    if (!g_str_has_prefix (plug_rb_snapshot_get_id (deleted->pdata[i]), prefix))
      continue;
    if (found != NULL) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS,
                   _("Several snapshots begin with “%s”. Give more of the id"), prefix);
      return NULL;
    }
    found = deleted->pdata[i];
  }

  if (deleted != NULL && found == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is no deleted snapshot “%s”"), prefix);

  return found ? g_object_ref (found) : NULL;
}

/**
 * plug_rb_engine_restore_deleted:
 * @prefix: id, or a beginning of it that only one deleted snapshot has
 *
 * Returns: (transfer full): the snapshot, back in its place
 */
PlugRbSnapshot *
plug_rb_engine_restore_deleted (PlugRbEngine *self, const char *prefix, GError **error)
{
  g_auto(Act) act = act_begin (self, NULL, NULL);
  g_autoptr(PlugRbSnapshot) snapshot = find_deleted (act.store, prefix, error);

  if (snapshot == NULL || !claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error))
    return NULL;

  return plug_rb_store_restore_deleted (act.store, snapshot, error);
}
