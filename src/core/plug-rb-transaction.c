/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-transaction.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-member.h"
#include "plug-rb-recover.h"

struct _PlugRbTransaction {
  PlugRbStore *store;
  PlugRbOperation *operation;
  PlugRbScope scope;
  PlugRbJournal *journal;
  GPtrArray *members;
  GCancellable *cancellable;
};

static PlugRbCheckpointFunc checkpoint_func;

/**
 * plug_rb_transaction_set_checkpoint:
 * @func: (nullable): called at each point; tests kill the process there
 */
void
plug_rb_transaction_set_checkpoint (PlugRbCheckpointFunc func)
{
  checkpoint_func = func;
}

void
plug_rb_transaction_checkpoint (const char *name)
{
  if (checkpoint_func != NULL)
    checkpoint_func (name);
}

PlugRbTransaction *
plug_rb_transaction_new (PlugRbStore *store, PlugRbOperation *operation, PlugRbScope scope)
{
  PlugRbTransaction *self = g_new0 (PlugRbTransaction, 1);

  self->store = g_object_ref (store);
  self->operation = g_object_ref (operation);
  self->scope = scope;
  self->journal = plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_member_free);

  return self;
}

void
plug_rb_transaction_free (PlugRbTransaction *self)
{
  g_ptr_array_unref (self->members);
  plug_rb_journal_free (self->journal);
  g_clear_object (&self->operation);
  g_clear_object (&self->store);
  g_free (self);
}

/**
 * plug_rb_transaction_set_undoes:
 * @operation: id of the operation that this transaction reverses
 *
 * Makes the transaction bring back exactly what was there, a staged update of the host included,
 * and marks the other operation as undone at the end. To be called before any plugin is added.
 */
void
plug_rb_transaction_set_undoes (PlugRbTransaction *self, const char *operation)
{
  g_set_str (&self->journal->undoes, operation);
}

/**
 * plug_rb_transaction_add:
 * @live: the plugin's state now
 * @target: the state to come, read from @target_snapshot
 * @safety: a snapshot of @live
 * @folders: (nullable): dconf folders that any version of the plugin used
 */
void
plug_rb_transaction_add (PlugRbTransaction *self,
                         PlugRbHost *host,
                         PlugRbState *live,
                         PlugRbState *target,
                         PlugRbSnapshot *target_snapshot,
                         PlugRbSnapshot *safety,
                         const char *const *folders)
{
  PlugRbMember *member = g_new0 (PlugRbMember, 1);

  member->journal = self->journal;
  member->operation = g_object_ref (self->operation);
  member->scope = self->scope;
  member->exact = self->journal->undoes != NULL;
  member->host = g_object_ref (host);
  member->live = plug_rb_state_ref (live);
  member->target = plug_rb_state_ref (target);
  member->target_snapshot = g_object_ref (target_snapshot);
  member->stage = plug_rb_stage_new (live, target);
  member->folders = g_strdupv ((char **) folders);
  member->item = plug_rb_journal_add_item (self->journal, live->plugin,
                                           plug_rb_snapshot_get_id (target_snapshot),
                                           plug_rb_snapshot_get_id (safety));
  g_ptr_array_add (self->members, member);
}

static gboolean
save_phase (PlugRbTransaction *self, PlugRbPhase phase, GError **error)
{
  PlugRbPhase before = self->journal->phase;

  self->journal->phase = phase;
  g_clear_pointer (&self->journal->operation, json_object_unref);
  self->journal->operation = plug_rb_operation_to_json (self->operation);
  if (plug_rb_store_save_journal (self->store, self->journal, error))
    return TRUE;

  self->journal->phase = before;
  return FALSE;
}

typedef gboolean (*MemberFunc) (PlugRbMember *member, GError **error);

static gboolean
for_each (PlugRbTransaction *self, MemberFunc func, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!func (self->members->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
plan (PlugRbTransaction *self, GError **error)
{
  return for_each (self, plug_rb_member_plan, error);
}

static gboolean
make_stages (PlugRbTransaction *self, GError **error)
{
  guint linked = 0, needed = 0;
  g_autofree char *text = NULL;

  if (!for_each (self, plug_rb_member_make_stages, error))
    return FALSE;

  for (guint i = 0; i < self->members->len; i++) {
    PlugRbMember *member = self->members->pdata[i];

    linked += plug_rb_stage_get_n_linked (member->stage);
    needed += plug_rb_stage_get_n_needed (member->stage);
  }

  /* TRANSLATORS: numbers of files */
  text = g_strdup_printf (_("%u unchanged, %u to restore"), linked, needed);
  plug_rb_operation_report (self->operation, 1, text);

  return TRUE;
}

static gboolean
fill_stages (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!plug_rb_member_fill_stages (self->members->pdata[i], self->store, self->cancellable,
                                     error))
      return FALSE;

  return TRUE;
}

/* ---- live changes */

static gboolean
swap_all (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!plug_rb_stage_check_links (((PlugRbMember *) self->members->pdata[i])->stage, error))
      return FALSE;

  plug_rb_operation_set_can_cancel (self->operation, FALSE);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
      !save_phase (self, PLUG_RB_PHASE_SWAPPING, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("swapping");
  return plug_rb_recover_swap_forward (self->journal, error);
}

static gboolean
write_settings (PlugRbTransaction *self, GError **error)
{
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);

  if (!save_phase (self, PLUG_RB_PHASE_SETTINGS, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("settings");
  if (!plug_rb_recover_settings_forward (self->journal, conflicts, error))
    return FALSE;

  for (guint i = 0; i < conflicts->len; i++) {
    g_autofree char *hint =
        g_strdup_printf (_("The setting %s was changed by another program and was left alone"),
                           (const char *) conflicts->pdata[i]);

    plug_rb_operation_add_hint (self->operation, hint);
  }

  return TRUE;
}

static gboolean
check_displaced (PlugRbTransaction *self, GError **error)
{
  return for_each (self, plug_rb_member_check_displaced, error);
}

static gboolean
verify (PlugRbTransaction *self, GError **error)
{
  return for_each (self, plug_rb_member_verify, error);
}

/* ---- running */

typedef gboolean (*StepFunc) (PlugRbTransaction *self, GError **error);

static gboolean
run_step (PlugRbTransaction *self, const char *name, StepFunc func, GError **error)
{
  plug_rb_operation_begin_step (self->operation, name);
  if (!func (self, error))
    return FALSE;

  plug_rb_operation_end_step (self->operation, PLUG_RB_STEP_STATUS_DONE, NULL);
  return TRUE;
}

static void
skip_step (PlugRbTransaction *self, const char *name)
{
  plug_rb_operation_begin_step (self->operation, name);
  plug_rb_operation_end_step (self->operation, PLUG_RB_STEP_STATUS_SKIPPED, NULL);
}

static gboolean
restore_files (PlugRbTransaction *self, GError **error)
{
  if (!fill_stages (self, error) || !save_phase (self, PLUG_RB_PHASE_STAGED, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("staged");
  return swap_all (self, error);
}

static gboolean
run_steps (PlugRbTransaction *self, GError **error)
{
  if (!run_step (self, "remove-files", make_stages, error) ||
      !run_step (self, "restore-files", restore_files, error) ||
      !run_step (self, "restore-settings", write_settings, error))
    return FALSE;

  skip_step (self, "restore-dependencies");

  return run_step (self, "clean-up", check_displaced, error) &&
         run_step (self, "verify", verify, error);
}

static void
add_hints (PlugRbTransaction *self)
{
  for (guint i = 0; i < self->members->len; i++) {
    PlugRbMember *member = self->members->pdata[i];
    const char *hint = plug_rb_host_get_reload_hint (member->host);

    if (hint != NULL && member->item->swaps->len > 0 && plug_rb_host_is_running (member->host))
      plug_rb_operation_add_hint (self->operation, hint);
  }
}

static gboolean
finish (PlugRbTransaction *self, GError **error)
{
  add_hints (self);
  plug_rb_transaction_checkpoint ("before-close");
  plug_rb_operation_finish (self->operation, PLUG_RB_STATUS_COMPLETED, NULL);
  if (!save_phase (self, PLUG_RB_PHASE_DONE, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("done");
  return plug_rb_recover_close (self->store, self->journal, self->operation, error);
}

/* Puts everything back. If even that fails, the journal stays and recovery tries again. */
static gboolean
take_back (PlugRbTransaction *self, const GError *cause, GError **error)
{
  gboolean canceled = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean changed = self->journal->phase >= PLUG_RB_PHASE_SWAPPING;

  if (changed && (!save_phase (self, PLUG_RB_PHASE_UNDOING, error) ||
                  !plug_rb_recover_go_back (self->journal, error)))
    return FALSE;

  plug_rb_operation_finish (self->operation,
                            canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED, cause);
  if (changed && !save_phase (self, PLUG_RB_PHASE_DONE, error))
    return FALSE;

  return plug_rb_recover_close (self->store, self->journal, self->operation, error);
}

static gboolean
throw_interrupted (PlugRbTransaction *self,
                   const GError *cause,
                   const GError *second,
                   GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED,
               _("%s. Putting everything back failed too: %s. “plugrb recover” tries again"),
                 cause->message, second->message);
  plug_rb_operation_finish (self->operation, PLUG_RB_STATUS_NEEDS_USER, *error);

  return FALSE;
}

/**
 * plug_rb_transaction_run:
 *
 * Brings all plugins to their target states. Whatever fails before the end, and a cancellation
 * before the first live change, leaves everything as it was. The operation is finished and in the
 * history afterwards, unless the error is %PLUG_RB_ERROR_INTERRUPTED.
 */
gboolean
plug_rb_transaction_run (PlugRbTransaction *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GError) second = NULL;

  self->cancellable = cancellable;
  if (!plan (self, error) || !save_phase (self, PLUG_RB_PHASE_PLANNED, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("journal-written");
  if (run_steps (self, &cause)) {
    if (finish (self, &second))
      return TRUE;
    return throw_interrupted (self, second, second, error);
  }

  if (!take_back (self, cause, &second))
    return throw_interrupted (self, cause, second, error);

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
