/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-recover.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-audit.h"
#include "plug-rb-carry.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-late.h"
#include "plug-rb-report.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-swap.h"
#include "plug-rb-transaction.h"

void
plug_rb_recovery_free (PlugRbRecovery *recovery)
{
  g_free (recovery->operation);
  g_free (recovery->message);
  g_free (recovery);
}

typedef gboolean (*SwapFunc) (const PlugRbSwap *swap, GError **error);

static gboolean
each_swap (PlugRbJournal *journal, SwapFunc func, const char *checkpoint, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; j < item->swaps->len; j++) {
      if (!func (item->swaps->pdata[j], error))
        return FALSE;
      if (checkpoint != NULL)
        plug_rb_transaction_checkpoint (checkpoint);
    }
  }

  return TRUE;
}

/**
 * plug_rb_recover_swap_forward:
 *
 * Puts every new tree in place that is not there yet, and moves into it what no snapshot holds.
 */
gboolean
plug_rb_recover_swap_forward (PlugRbJournal *journal, GError **error)
{
  return each_swap (journal, plug_rb_swap_go_forward, "swapped", error) &&
         each_swap (journal, plug_rb_carry_forward, "carried", error);
}

/* The edits of one item, as they are or the other way round; those of dconf or all others. */
static void
collect_edits (GPtrArray *edits, const PlugRbJournalItem *item, gboolean reverse, gboolean in_store)
{
  for (guint i = 0; i < item->edits->len; i++) {
    const PlugRbSettingsEdit *edit = item->edits->pdata[i];

    if (plug_rb_values_is_in_store (edit->name) == in_store)
      g_ptr_array_add (edits, reverse ? plug_rb_settings_edit_new_reversed (edit)
                                      : plug_rb_settings_edit_copy (edit));
  }
}

/* All keys in one change of the database. */
static gboolean
apply_dconf (PlugRbJournal *journal, gboolean reverse, GPtrArray *conflicts, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();

  for (guint i = 0; i < journal->items->len; i++)
    collect_edits (edits, journal->items->pdata[i], reverse, FALSE);

  return edits->len == 0 || plug_rb_dconf_apply (edits, conflicts, error);
}

static gboolean
apply_stores (PlugRbJournal *journal, gboolean reverse, GPtrArray *conflicts, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];
    g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();

    collect_edits (edits, item, reverse, TRUE);
    if (!plug_rb_settings_group_apply (item->stores, edits, conflicts, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
apply_lists (PlugRbJournal *journal, gboolean reverse, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; j < item->list_edits->len; j++) {
      const PlugRbListEdit *edit = item->list_edits->pdata[j];
      const PlugRbMembership *before = reverse ? edit->target : edit->before;
      const PlugRbMembership *target = reverse ? edit->before : edit->target;

      if (!plug_rb_membership_apply (before, target, error))
        return FALSE;
    }
  }

  return TRUE;
}

/* What the host makes anew when it is gone. That it is there does no more harm than a stale entry.
 */
static void
drop_memories (PlugRbJournal *journal)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; item->drops != NULL && item->drops[j] != NULL; j++)
      plug_rb_fs_remove_path (item->drops[j], NULL);
  }
}

static gboolean
apply_settings (PlugRbJournal *journal, gboolean reverse, GPtrArray *conflicts, GError **error)
{
  if (!apply_dconf (journal, reverse, conflicts, error))
    return FALSE;

  plug_rb_transaction_checkpoint ("settings-half");
  if (!apply_stores (journal, reverse, conflicts, error) || !apply_lists (journal, reverse, error))
    return FALSE;

  drop_memories (journal);
  return TRUE;
}

/**
 * plug_rb_recover_settings_forward:
 * @conflicts: (element-type utf8): gets the keys that had neither the old nor the new value and
 * were left alone
 */
gboolean
plug_rb_recover_settings_forward (PlugRbJournal *journal, GPtrArray *conflicts, GError **error)
{
  return apply_settings (journal, FALSE, conflicts, error);
}

/**
 * plug_rb_recover_go_back:
 *
 * Brings back every tree and every setting that was there before.
 */
gboolean
plug_rb_recover_go_back (PlugRbJournal *journal, GError **error)
{
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);

  return apply_settings (journal, TRUE, conflicts, error) &&
         each_swap (journal, plug_rb_carry_back, "carried-back", error) &&
         each_swap (journal, plug_rb_swap_go_back, "swapped-back", error);
}

/* The operation that was reversed is not offered for undo again. */
static gboolean
mark_undone (PlugRbStore *store, const char *id, GError **error)
{
  g_autoptr(GPtrArray) operations = plug_rb_store_list_operations (store, error);

  if (operations == NULL)
    return FALSE;

  for (guint i = 0; i < operations->len; i++) {
    PlugRbOperation *operation = operations->pdata[i];

    if (!g_str_equal (plug_rb_operation_get_id (operation), id))
      continue;

    plug_rb_operation_set_status (operation, PLUG_RB_STATUS_UNDONE);
    return plug_rb_store_save_operation (store, operation, error);
  }

  return TRUE;
}

static gboolean
write_audit (PlugRbStore *store, PlugRbJournal *journal, PlugRbOperation *operation, GError **error)
{
  const char *act =
      plug_rb_enum_to_nick (PLUG_RB_TYPE_KIND, plug_rb_operation_get_kind (operation));

  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    if (!plug_rb_audit_append (plug_rb_store_get_path (store), act, item->plugin, journal->id,
                               error))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_recover_close:
 * @operation: finished
 *
 * Deletes what is left of a transaction whose outcome is settled, writes audit trail and history,
 * and forgets the journal. May be repeated from any point.
 */
gboolean
plug_rb_recover_close (PlugRbStore *store,
                       PlugRbJournal *journal,
                       PlugRbOperation *operation,
                       GError **error)
{
  gboolean completed = plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_COMPLETED;

  if (!plug_rb_late_drop_stages (store, journal, operation, error))
    return FALSE;

  if (completed && journal->undoes != NULL && !mark_undone (store, journal->undoes, error))
    return FALSE;
  if (completed && !write_audit (store, journal, operation, error))
    return FALSE;

  return plug_rb_store_close_journal (store, journal, operation, error);
}

/* ---- after a crash */

static gboolean
is_clear (PlugRbJournal *journal, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];

    for (guint j = 0; j < item->swaps->len; j++) {
      const PlugRbSwap *swap = item->swaps->pdata[j];
      PlugRbSwapState state;

      if (!plug_rb_swap_look (swap, &state, error))
        return FALSE;
      if (state == PLUG_RB_SWAP_STATE_UNKNOWN) {
        g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                     _("“%s” was replaced by another program meanwhile; nothing there is touched"),
                     swap->live);
        return FALSE;
      }
    }
  }

  return TRUE;
}

static gboolean
save_done (PlugRbStore *store, PlugRbJournal *journal, PlugRbOperation *operation, GError **error)
{
  journal->phase = PLUG_RB_PHASE_DONE;
  g_clear_pointer (&journal->operation, json_object_unref);
  journal->operation = plug_rb_operation_to_json (operation);

  return plug_rb_store_save_journal (store, journal, error);
}

static gboolean
needs_dconf (const PlugRbJournalItem *item)
{
  for (guint i = 0; i < item->edits->len; i++) {
    const PlugRbSettingsEdit *edit = item->edits->pdata[i];

    if (!plug_rb_values_is_in_store (edit->name))
      return TRUE;
  }

  return item->list_edits->len > 0;
}

/* Without GNOME settings to write no session bus is needed, and none is started. */
static gboolean
can_write_settings (PlugRbJournal *journal, GError **error)
{
  for (guint i = 0; i < journal->items->len; i++)
    if (needs_dconf (journal->items->pdata[i]))
      return plug_rb_dconf_can_write (error);

  return TRUE;
}

static gboolean
recover_forward (PlugRbStore *store,
                 PlugRbJournal *journal,
                 PlugRbOperation *operation,
                 GError **error)
{
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);

  if (!is_clear (journal, error) || !can_write_settings (journal, error) ||
      !plug_rb_recover_swap_forward (journal, error) ||
      !plug_rb_recover_settings_forward (journal, conflicts, error))
    return FALSE;

  plug_rb_report_conflicts (operation, journal, conflicts);
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);

  return save_done (store, journal, operation, error) &&
         plug_rb_recover_close (store, journal, operation, error);
}

static void
finish_interrupted (PlugRbOperation *operation)
{
  g_autoptr(GError) cause = g_error_new_literal (
      PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED, _("It was interrupted; everything is as before"));

  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, cause);
}

static gboolean
recover_back (PlugRbStore *store,
              PlugRbJournal *journal,
              PlugRbOperation *operation,
              GError **error)
{
  if (journal->phase == PLUG_RB_PHASE_UNDOING &&
      (!can_write_settings (journal, error) || !plug_rb_recover_go_back (journal, error)))
    return FALSE;

  finish_interrupted (operation);

  return save_done (store, journal, operation, error) &&
         plug_rb_recover_close (store, journal, operation, error);
}

/* The same as in the transaction itself: that it goes back is durable before it does. */
static gboolean
turn_back (PlugRbStore *store, PlugRbJournal *journal, PlugRbOperation *operation, GError **error)
{
  journal->phase = PLUG_RB_PHASE_UNDOING;

  return plug_rb_store_save_journal (store, journal, error) &&
         recover_back (store, journal, operation, error);
}

static gboolean
recover_by_phase (PlugRbStore *store,
                  PlugRbJournal *journal,
                  PlugRbOperation *operation,
                  PlugRbRecovery *recovery,
                  GError **error)
{
  switch (journal->phase) {
  case PLUG_RB_PHASE_SWAPPING:
  case PLUG_RB_PHASE_SETTINGS:
    recovery->direction = journal->trial ? PLUG_RB_DIRECTION_BACK : PLUG_RB_DIRECTION_FORWARD;
    return (journal->trial ? turn_back : recover_forward) (store, journal, operation, error);

  case PLUG_RB_PHASE_DONE:
    /* Between two tries, when everything is as before. */
    if (!plug_rb_operation_is_finished (operation))
      finish_interrupted (operation);
    recovery->direction = plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_COMPLETED
                              ? PLUG_RB_DIRECTION_FORWARD
                              : PLUG_RB_DIRECTION_BACK;
    return plug_rb_recover_close (store, journal, operation, error);

  case PLUG_RB_PHASE_PLANNED:
  case PLUG_RB_PHASE_STAGED:
  case PLUG_RB_PHASE_UNDOING:
  default:
    recovery->direction = PLUG_RB_DIRECTION_BACK;
    return recover_back (store, journal, operation, error);
  }
}

/**
 * plug_rb_recover_journal:
 * @journal: of an operation whose process is gone; the caller holds its plugins' locks
 *
 * Finishes an interrupted operation or takes it back, as its phase says. May be interrupted and
 * repeated; does not look at the clock.
 *
 * Returns: (transfer full): what was done; if it failed, direction is none and the journal stays
 */
PlugRbRecovery *
plug_rb_recover_journal (PlugRbStore *store, PlugRbJournal *journal)
{
  PlugRbRecovery *recovery = g_new0 (PlugRbRecovery, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      plug_rb_operation_new_from_json (journal->operation, &error);

  recovery->operation = g_strdup (journal->id);
  if (operation != NULL && recover_by_phase (store, journal, operation, recovery, &error)) {
    recovery->status = plug_rb_operation_get_status (operation);
    return recovery;
  }

  recovery->direction = PLUG_RB_DIRECTION_NONE;
  recovery->status = PLUG_RB_STATUS_NEEDS_USER;
  recovery->message = g_strdup (error->message);

  return recovery;
}
