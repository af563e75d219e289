/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-transaction.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-late.h"
#include "plug-rb-member.h"
#include "plug-rb-recover.h"
#include "plug-rb-report.h"

/* Stages of a second try have other numbers than those of the first. */
#define STAGES_OF_ATTEMPT 1000

struct _PlugRbTransaction {
  PlugRbStore *store;
  PlugRbOperation *operation;
  PlugRbJournal *journal;
  GPtrArray *members;
  GPtrArray *conflicts;
  GCancellable *cancellable;
  guint attempt;
  gboolean last;
  gboolean again;
  PlugRbTrialFunc trial;
  gpointer trial_data;
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

/**
 * plug_rb_transaction_new:
 * @attempt: how many tries there were before
 * @last: whether another program that writes into the plugin makes the operation fail; otherwise it
 *   is left unfinished, and the caller tries again
 *
 * Returns: (transfer full): a transaction without plugins
 */
PlugRbTransaction *
plug_rb_transaction_new (PlugRbStore *store,
                         PlugRbOperation *operation,
                         guint attempt,
                         gboolean last)
{
  PlugRbTransaction *self = g_new0 (PlugRbTransaction, 1);

  self->store = g_object_ref (store);
  self->operation = g_object_ref (operation);
  self->attempt = attempt;
  self->last = last;
  self->conflicts = g_ptr_array_new_with_free_func (g_free);
  self->journal = plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_member_free);

  return self;
}

void
plug_rb_transaction_free (PlugRbTransaction *self)
{
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->conflicts);
  plug_rb_journal_free (self->journal);
  g_clear_object (&self->operation);
  g_clear_object (&self->store);
  g_free (self);
}

/**
 * plug_rb_transaction_set_undoes:
 * @operation: id of the operation that this transaction reverses
 *
 * Marks the other operation as undone at the end.
 */
void
plug_rb_transaction_set_undoes (PlugRbTransaction *self, const char *operation)
{
  g_set_str (&self->journal->undoes, operation);
}

/**
 * plug_rb_transaction_set_trial:
 * @trial: (nullable): finds out whether the plugins work as they are now; called before anything is
 *   final, so that all is taken back if they do not
 */
void
plug_rb_transaction_set_trial (PlugRbTransaction *self, PlugRbTrialFunc trial, gpointer user_data)
{
  self->trial = trial;
  self->trial_data = user_data;
  self->journal->trial = trial != NULL;
}

static void
fill_item (PlugRbJournalItem *item, const PlugRbPlanWork *work)
{
  item->caches = g_strdupv ((char **) plug_rb_host_get_cache_globs (work->host));
  item->excludes = g_strdupv (work->excludes);
  item->paths = g_strdupv (work->paths);
  item->kept = g_strdupv (work->kept);
  item->before = plug_rb_table_ref (work->live->table);
  item->after = plug_rb_table_ref (work->target->table);
}

/**
 * plug_rb_transaction_add:
 * @plan: what is to be done, with what it was made from
 * @safety: a snapshot of the plugin as it is
 * @folders: (nullable): dconf folders that any version of the plugin used
 */
void
plug_rb_transaction_add (PlugRbTransaction *self,
                         PlugRbPlan *plan,
                         PlugRbSnapshot *safety,
                         const char *const *folders)
{
  PlugRbMember *member = g_new0 (PlugRbMember, 1);
  PlugRbSnapshot *target = plug_rb_plan_get_to (plan);

  member->journal = self->journal;
  member->conflicts = self->conflicts;
  member->operation = g_object_ref (self->operation);
  member->plan = g_object_ref (plan);
  member->work = plug_rb_plan_get_work (plan);
  member->safety = g_object_ref (safety);
  member->first_stage = self->attempt * STAGES_OF_ATTEMPT;
  member->stage = plug_rb_stage_new (member->work->live, member->work->target);
  member->folders = g_strdupv ((char **) folders);
  member->item =
      plug_rb_journal_add_item (self->journal, plug_rb_plan_get_plugin (plan),
                                plug_rb_snapshot_get_id (target), plug_rb_snapshot_get_id (safety));
  fill_item (member->item, member->work);
  g_ptr_array_add (self->members, member);
}

/* A phase counts as reached even if saving it failed: it may be on the disk all the same, and what
 * follows must not be what recovery would take for something else. */
static gboolean
save_phase (PlugRbTransaction *self, PlugRbPhase phase, GError **error)
{
  self->journal->phase = phase;
  g_clear_pointer (&self->journal->operation, json_object_unref);
  self->journal->operation = plug_rb_operation_to_json (self->operation);

  return plug_rb_store_save_journal (self->store, self->journal, error);
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
check_links (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!plug_rb_stage_check_links (((PlugRbMember *) self->members->pdata[i])->stage, error))
      return FALSE;

  return TRUE;
}

static gboolean
swap_all (PlugRbTransaction *self, GError **error)
{
  if (!for_each (self, plug_rb_member_plan_carries, error))
    return FALSE;

  plug_rb_operation_set_can_cancel (self->operation, FALSE);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  /* Even if saving it fails, it may be on the disk. */
  self->journal->touched = TRUE;
  if (!save_phase (self, PLUG_RB_PHASE_SWAPPING, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("swapping");
  return for_each (self, plug_rb_member_pause, error) &&
         plug_rb_recover_swap_forward (self->journal, error) && check_links (self, error) &&
         plug_rb_late_check_displaced (self->journal, error);
}

static gboolean
write_settings (PlugRbTransaction *self, GError **error)
{
  if (!save_phase (self, PLUG_RB_PHASE_SETTINGS, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("settings");
  if (!plug_rb_recover_settings_forward (self->journal, self->conflicts, error))
    return FALSE;

  plug_rb_report_conflicts (self->operation, self->journal, self->conflicts);
  return TRUE;
}

static void
reload (PlugRbTransaction *self)
{
  for (guint i = 0; i < self->members->len; i++) {
    const char *hint = plug_rb_member_resume (self->members->pdata[i]);

    if (hint != NULL)
      plug_rb_operation_add_hint (self->operation, hint);
  }
}

static gboolean
clean_up (PlugRbTransaction *self, GError **error)
{
  reload (self);
  return TRUE;
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
run_trial (PlugRbTransaction *self, GError **error)
{
  return self->trial (self->trial_data, error);
}

static gboolean
try_out (PlugRbTransaction *self, GError **error)
{
  if (self->trial != NULL)
    return run_step (self, "health", run_trial, error);

  if (plug_rb_operation_get_kind (self->operation) == PLUG_RB_KIND_INSTALL)
    skip_step (self, "health");
  return TRUE;
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

  return run_step (self, "clean-up", clean_up, error) && run_step (self, "verify", verify, error) &&
         try_out (self, error);
}

static gboolean
finish (PlugRbTransaction *self, GError **error)
{
  plug_rb_transaction_checkpoint ("before-close");
  plug_rb_operation_finish (self->operation, PLUG_RB_STATUS_COMPLETED, NULL);
  if (!save_phase (self, PLUG_RB_PHASE_DONE, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("done");
  if (!plug_rb_recover_close (self->store, self->journal, self->operation, error))
    return FALSE;

  for (guint i = 0; i < self->members->len; i++)
    plug_rb_member_refresh (self->members->pdata[i]);

  return TRUE;
}

/* Another program wrote while we were at work: the caller begins anew from what there is now. The
 * journal stays until that has a journal of its own, so that a crash meanwhile leaves a trace. */
static gboolean
let_go (PlugRbTransaction *self, GError **error)
{
  self->again = TRUE;
  plug_rb_operation_set_can_cancel (self->operation, TRUE);

  return save_phase (self, PLUG_RB_PHASE_DONE, error) &&
         plug_rb_late_drop_stages (self->store, self->journal, self->operation, error);
}

/* Puts everything back. If even that fails, the journal stays and recovery tries again. */
static gboolean
take_back (PlugRbTransaction *self, const GError *cause, GError **error)
{
  gboolean canceled = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean changed = self->journal->touched;

  if (changed && (!save_phase (self, PLUG_RB_PHASE_UNDOING, error) ||
                  !plug_rb_recover_go_back (self->journal, error)))
    return FALSE;
  if (self->trial != NULL && changed)
    reload (self);

  if (!self->last && g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING))
    return let_go (self, error);

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

/* Nothing was begun, so that there is nothing to take back. */
static gboolean
give_up (PlugRbTransaction *self, GError *cause, GError **error)
{
  g_autoptr(GError) reason = cause;
  g_autoptr(GError) second = NULL;

  if (!plug_rb_store_forget_journal (self->store, self->journal, &second))
    return throw_interrupted (self, reason, second, error);

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/**
 * plug_rb_transaction_run:
 *
 * Brings all plugins to their target states. Whatever fails before the end, and a cancellation
 * before the first live change, leaves everything as it was. The operation is finished and in the
 * history afterwards, unless the error is %PLUG_RB_ERROR_INTERRUPTED, or
 * plug_rb_transaction_wants_again() says so.
 */
gboolean
plug_rb_transaction_run (PlugRbTransaction *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GError) second = NULL;

  self->cancellable = cancellable;
  if (!plan (self, error))
    return FALSE;
  if (!save_phase (self, PLUG_RB_PHASE_PLANNED, &cause))
    return give_up (self, g_steal_pointer (&cause), error);

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

/**
 * plug_rb_transaction_wants_again:
 *
 * Returns: whether it failed because another program wrote into the plugin, and a try with what
 *   there is now may succeed
 */
gboolean
plug_rb_transaction_wants_again (PlugRbTransaction *self)
{
  return self->again;
}

/**
 * plug_rb_transaction_abandon:
 *
 * Writes the operation, which the caller has finished, into the history and forgets the journal.
 * For a failure before anything was changed.
 */
gboolean
plug_rb_transaction_abandon (PlugRbTransaction *self, GError **error)
{
  return plug_rb_store_close_journal (self->store, self->journal, self->operation, error);
}
