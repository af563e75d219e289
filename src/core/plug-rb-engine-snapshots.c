/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static PlugRbState *
read_files (PlugRbAct *act, PlugRbHost *host, const char *id, PlugRbPack *pack, GError **error)
{
  PlugRbState *state;

  plug_rb_operation_begin_step (act->operation, "read-files");
  state =
      plug_rb_engine_capture (act->engine, host, id, pack, act->operation, act->cancellable, error);
  if (state != NULL)
    plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);

  return state;
}

static PlugRbSnapshot *
take_snapshot (PlugRbAct *act,
               PlugRbPlugin *plugin,
               PlugRbReason reason,
               const char *label,
               const char *note,
               gboolean *created,
               GError **error)
{
  PlugRbHost *host = plug_rb_plugin_get_host (plugin);
  g_autoptr(PlugRbPack) pack = NULL;
  g_autoptr(PlugRbState) state = NULL;
  PlugRbSnapshot *snapshot;

  plug_rb_operation_begin_step (act->operation, "check");
  if (!plug_rb_act_claim_one (act, plug_rb_plugin_get_key (plugin), error))
    return NULL;

  plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  pack = plug_rb_pack_new (act->store, plug_rb_plugin_get_key (plugin));
  if (!(state = read_files (act, host, plug_rb_plugin_get_id (plugin), pack, error)))
    return NULL;

  if (label == NULL && note == NULL && (snapshot = plug_rb_act_find_same (act, state)) != NULL)
    return snapshot;

  plug_rb_operation_begin_step (act->operation, "save");
  snapshot = plug_rb_act_save_state (act, host, state, pack, reason, label, note, error);
  *created = snapshot != NULL;
  if (*created)
    plug_rb_operation_end_step (act->operation, PLUG_RB_STEP_STATUS_DONE, NULL);

  return snapshot;
}

static void
note_snapshot (PlugRbAct *act, PlugRbSnapshot *snapshot)
{
  PlugRbOperationChange change = {
    .plugin = (char *) plug_rb_snapshot_get_plugin (snapshot),
    .name = (char *) plug_rb_snapshot_get_name (snapshot),
    .to_version = (char *) plug_rb_snapshot_get_version (snapshot),
    .target = (char *) plug_rb_snapshot_get_id (snapshot),
  };

  plug_rb_operation_add_change (act->operation, &change);
}

static void
finish_snapshots (PlugRbAct *act, gboolean created)
{
  plug_rb_operation_finish (act->operation, PLUG_RB_STATUS_COMPLETED, NULL);

  /* The snapshot is there; that the history cannot be written is no reason to say it is not. */
  if (created)
    plug_rb_store_save_operation (act->store, act->operation, NULL);
}

/**
 * plug_rb_engine_snapshot:
 * @label: (nullable): a name that the user gives it
 * @note: (nullable): a longer text
 * @created: (out): %FALSE if the newest snapshot holds exactly this state already; it is returned
 * then
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
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, operation, cancellable);
  g_autoptr(GError) cause = NULL;
  PlugRbSnapshot *snapshot;

  *created = FALSE;
  snapshot = take_snapshot (&act, plugin, reason, label, note, created, &cause);
  if (snapshot == NULL) {
    plug_rb_act_fail (&act, cause);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  note_snapshot (&act, snapshot);
  finish_snapshots (&act, *created);
  return snapshot;
}

/* Each plugin is locked only while it is read: a rollback need not wait for all of them. */
static PlugRbSnapshot *
take_one_of_many (PlugRbEngine *self,
                  PlugRbPlugin *plugin,
                  const PlugRbSnapshotRequest *request,
                  gboolean *created,
                  PlugRbOperation *operation,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, operation, cancellable);
  PlugRbSnapshot *snapshot;

  *created = FALSE;
  snapshot =
      take_snapshot (&act, plugin, request->reason, request->label, request->note, created, error);
  if (snapshot == NULL)
    plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_FAILED, NULL);
  else if (*created)
    note_snapshot (&act, snapshot);

  return snapshot;
}

static void
finish_many (PlugRbEngine *self, PlugRbOperation *operation, guint n_created, const GError *failure)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, operation, NULL);

  if (n_created == 0 && failure != NULL)
    plug_rb_act_fail (&act, failure);
  else
    finish_snapshots (&act, n_created > 0);
}

/**
 * plug_rb_engine_snapshot_many:
 * @plugins: (element-type PlugRbPlugin): the plugins
 * @request: reason, label and note of all of them
 * @func: told of each plugin what became of it
 * @operation: of kind snapshot; finished afterwards
 *
 * Takes snapshots of several plugins: one entry of the history for all of them, and none if nothing
 * has changed. One that fails does not keep the others from getting theirs.
 */
void
plug_rb_engine_snapshot_many (PlugRbEngine *self,
                              GPtrArray *plugins,
                              const PlugRbSnapshotRequest *request,
                              PlugRbSnapshotFunc func,
                              gpointer user_data,
                              PlugRbOperation *operation,
                              GCancellable *cancellable)
{
  g_autoptr(GError) failure = NULL;
  guint n_created = 0;

  for (guint i = 0; i < plugins->len && !g_cancellable_is_cancelled (cancellable); i++) {
    g_autoptr(GError) error = NULL;
    gboolean created;
    g_autoptr(PlugRbSnapshot) snapshot = take_one_of_many (
        self, plugins->pdata[i], request, &created, operation, cancellable, &error);

    func (plugins->pdata[i], snapshot, created, error, user_data);
    n_created += created;
    if (failure == NULL)
      failure = g_steal_pointer (&error);
  }

  if (failure == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &failure);
  finish_many (self, operation, n_created, failure);
}

/* ---- trash */

static gboolean
refuse_needed (PlugRbAct *act, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (act->store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++)
    if (plug_rb_journal_needs_snapshot (journals->pdata[i], plug_rb_snapshot_get_id (snapshot))) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
                   _("Snapshot %s is needed by an unfinished rollback"),
                   plug_rb_snapshot_get_id (snapshot));
      return FALSE;
    }

  return journals != NULL &&
         plug_rb_damaged_journal_check (act->store, plug_rb_snapshot_get_id (snapshot), error);
}

/**
 * plug_rb_engine_delete_snapshot:
 *
 * Moves a snapshot to the trash, from where plug_rb_engine_restore_deleted() brings it back.
 */
gboolean
plug_rb_engine_delete_snapshot (PlugRbEngine *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, NULL);

  return plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error) &&
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
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, NULL);
  g_autoptr(PlugRbSnapshot) snapshot = find_deleted (act.store, prefix, error);

  if (snapshot == NULL ||
      !plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error))
    return NULL;

  return plug_rb_store_restore_deleted (act.store, snapshot, error);
}
