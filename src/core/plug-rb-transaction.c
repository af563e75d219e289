/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-transaction.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-audit.h"
#include "plug-rb-compare.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-recover.h"
#include "plug-rb-swap.h"

/* One plugin of a transaction. */
typedef struct {
  PlugRbHost *host;
  PlugRbState *live;
  PlugRbState *target;
  PlugRbSnapshot *target_snapshot;
  PlugRbSnapshot *safety;
  PlugRbStage *stage;
  PlugRbJournalItem *item;
  char **folders;
} Member;

struct _PlugRbTransaction {
  PlugRbStore *store;
  PlugRbOperation *operation;
  PlugRbScope scope;
  PlugRbJournal *journal;
  GPtrArray *members;
  GCancellable *cancellable;
  guint n_stages;
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

static void
member_free (Member *member)
{
  g_clear_object (&member->host);
  g_clear_pointer (&member->live, plug_rb_state_unref);
  g_clear_pointer (&member->target, plug_rb_state_unref);
  g_clear_object (&member->target_snapshot);
  g_clear_object (&member->safety);
  g_clear_pointer (&member->stage, plug_rb_stage_free);
  g_strfreev (member->folders);
  g_free (member);
}

PlugRbTransaction *
plug_rb_transaction_new (PlugRbStore *store, PlugRbOperation *operation, PlugRbScope scope)
{
  PlugRbTransaction *self = g_new0 (PlugRbTransaction, 1);

  self->store = g_object_ref (store);
  self->operation = g_object_ref (operation);
  self->scope = scope;
  self->journal = plug_rb_journal_new (plug_rb_operation_get_id (operation), NULL);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);

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
 * Makes the transaction bring back exactly what was there, a staged update of the host included, and
 * marks the other operation as undone at the end.
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
  Member *member = g_new0 (Member, 1);

  member->host = g_object_ref (host);
  member->live = plug_rb_state_ref (live);
  member->target = plug_rb_state_ref (target);
  member->target_snapshot = g_object_ref (target_snapshot);
  member->safety = g_object_ref (safety);
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

/* ---- what is to be done */

/* A staged update would put the bad version back at the host's next start, so a rollback drops it; only
 * an undo brings it back. */
static gboolean
is_wanted (PlugRbTransaction *self, Member *member, const PlugRbPart *part)
{
  if (part->role == PLUG_RB_ROLE_STAGED && self->journal->undoes == NULL)
    return FALSE;

  return plug_rb_table_has_part (member->target->table, part->name);
}

static gboolean
refuse_links (Member *member, const PlugRbPart *part, GError **error)
{
  PlugRbState *const states[] = { member->live, member->target };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    const PlugRbEntry *root = plug_rb_table_find (states[i]->table, part->name, "");

    if (root != NULL && root->type == PLUG_RB_ENTRY_LINK) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                   _("“%s” is a link to “%s”, and nothing is changed behind a link. Replace it by a "
                     "folder first"),
                   part->path, root->target);
      return FALSE;
    }
  }

  return TRUE;
}

static gboolean
plan_swap (PlugRbTransaction *self,
           Member *member,
           const PlugRbPart *part,
           PlugRbSwapKind kind,
           GError **error)
{
  g_autofree char *parent = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *stage = NULL;
  PlugRbSwap *swap;
  gboolean exists;

  if (!refuse_links (member, part, error) || !plug_rb_fs_make_folders (part->root, error) ||
      !(parent = plug_rb_stage_find_parent (part->root, error)))
    return FALSE;

  folder = g_strconcat (PLUG_RB_JOURNAL_STAGE_PREFIX, self->journal->id, NULL);
  stage = g_strdup_printf ("%s/%s/%u", parent, folder, self->n_stages++);
  swap = plug_rb_journal_item_add_swap (member->item, kind, part->name, part->path, stage);

  return kind == PLUG_RB_SWAP_ADD ||
         plug_rb_fs_identify (part->path, &swap->old_id, &exists, error);
}

static gboolean
plan_part (PlugRbTransaction *self, Member *member, const PlugRbPart *part, GError **error)
{
  gboolean has = plug_rb_table_has_part (member->live->table, part->name);
  gboolean wants = is_wanted (self, member, part);

  if (!has && !wants)
    return TRUE;
  if (has && !wants)
    return plan_swap (self, member, part, PLUG_RB_SWAP_REMOVE, error);
  if (!has)
    return plan_swap (self, member, part, PLUG_RB_SWAP_ADD, error);

  return !plug_rb_compare_part_differs (member->live, member->target, part->name) ||
         plan_swap (self, member, part, PLUG_RB_SWAP_EXCHANGE, error);
}

static void
plan_values (Member *member)
{
  g_auto(GStrv) keys = plug_rb_compare_list_keys (member->live, member->target);

  for (guint i = 0; keys[i] != NULL; i++) {
    GVariant *before = plug_rb_values_get (member->live->values, keys[i]);
    GVariant *target = plug_rb_values_get (member->target->values, keys[i]);

    if (before != target && (before == NULL || target == NULL || !g_variant_equal (before, target)))
      g_ptr_array_add (member->item->edits, plug_rb_dconf_edit_new (keys[i], before, target));
  }
}

static void
plan_lists (Member *member)
{
  for (guint i = 0; i < member->live->memberships->len; i++) {
    const PlugRbMembership *before = member->live->memberships->pdata[i];
    const PlugRbMembership *target = plug_rb_state_get_membership (member->target, before->name);

    if (target != NULL && before->present != target->present)
      plug_rb_journal_item_add_list_edit (member->item, before, target);
  }
}

/* What becomes of the plugin: @after is what is expected at first, what is found at the end. */
static void
add_change (PlugRbTransaction *self, Member *member, PlugRbState *after)
{
  PlugRbOperationChange change = {
    .plugin = member->live->plugin,
    .name = after->name ? after->name : member->live->name,
    .from_version = member->live->version,
    .to_version = after->version,
    .target = member->item->target,
    .safety_snapshot = member->item->safety,
    .after_table = (char *) plug_rb_table_get_sha256 (after->table),
  };

  plug_rb_operation_add_change (self->operation, &change);
}

static gboolean
plan_member (PlugRbTransaction *self, Member *member, GError **error)
{
  GPtrArray *parts = member->live->parts;

  for (guint i = 0; (self->scope & PLUG_RB_SCOPE_FILES) && i < parts->len; i++)
    if (!plan_part (self, member, parts->pdata[i], error))
      return FALSE;

  if (self->scope & PLUG_RB_SCOPE_SETTINGS) {
    plan_values (member);
    plan_lists (member);
  }

  add_change (self, member, member->target);

  return member->item->edits->len + member->item->list_edits->len == 0 ||
         plug_rb_dconf_can_write (error);
}

static gboolean
plan (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!plan_member (self, self->members->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* ---- the new trees */

static gboolean
make_stage (Member *member, const PlugRbSwap *swap, GError **error)
{
  g_autofree char *operation_folder = g_path_get_dirname (swap->stage);
  g_autofree char *fresh = plug_rb_swap_dup_new_path (swap);

  if ((g_mkdir (operation_folder, 0700) < 0 && errno != EEXIST) ||
      g_mkdir (swap->stage, 0700) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), swap->stage);
    return FALSE;
  }

  return swap->kind == PLUG_RB_SWAP_REMOVE ||
         plug_rb_stage_add_tree (member->stage, swap->part, fresh, error);
}

static gboolean
make_stages (PlugRbTransaction *self, GError **error)
{
  guint linked = 0, needed = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->members->len; i++) {
    Member *member = self->members->pdata[i];

    for (guint j = 0; j < member->item->swaps->len; j++)
      if (!make_stage (member, member->item->swaps->pdata[j], error))
        return FALSE;

    linked += plug_rb_stage_get_n_linked (member->stage);
    needed += plug_rb_stage_get_n_needed (member->stage);
  }

  /* TRANSLATORS: numbers of files */
  text = g_strdup_printf (_("%u unchanged, %u to restore"), linked, needed);
  plug_rb_operation_report (self->operation, 1, text);

  return TRUE;
}

static gboolean
identify_new (Member *member, GError **error)
{
  for (guint i = 0; i < member->item->swaps->len; i++) {
    PlugRbSwap *swap = member->item->swaps->pdata[i];
    g_autofree char *fresh = plug_rb_swap_dup_new_path (swap);
    gboolean exists;

    if (swap->kind != PLUG_RB_SWAP_REMOVE &&
        !plug_rb_fs_identify (fresh, &swap->new_id, &exists, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
fill_stages (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = self->members->pdata[i];

    if (!plug_rb_stage_fill (member->stage, self->store, member->target_snapshot, self->operation,
                             self->cancellable, error) ||
        !plug_rb_stage_finish (member->stage, error) || !identify_new (member, error))
      return FALSE;
  }

  return TRUE;
}

/* One syncfs for each stage makes everything in it durable, and that the stage is there. */
static gboolean
sync_stages (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++) {
    GPtrArray *swaps = ((Member *) self->members->pdata[i])->item->swaps;

    for (guint j = 0; j < swaps->len; j++) {
      const char *stage = ((PlugRbSwap *) swaps->pdata[j])->stage;
      g_autofd int fd = plug_rb_fs_open_folder (stage, error);

      if (fd < 0 || !plug_rb_fs_sync_all (fd, stage, error))
        return FALSE;
    }
  }

  return TRUE;
}

/* ---- live changes */

static gboolean
swap_all (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!plug_rb_stage_check_links (((Member *) self->members->pdata[i])->stage, error))
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
    g_autofree char *hint = g_strdup_printf (
        _("The setting %s was changed by another program and was left alone"),
        (const char *) conflicts->pdata[i]);

    plug_rb_operation_add_hint (self->operation, hint);
  }

  return TRUE;
}

/* ---- looking back */

static gboolean
throw_late (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
               _("“%s” was written by another program during the rollback. Close it and try again"),
               shown);
  return FALSE;
}

static guint
count_part (PlugRbTable *table, const char *part)
{
  guint n = 0;

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    n += g_str_equal (plug_rb_table_get (table, i)->part, part);

  return n;
}

/* Whoever wrote into the old tree after it was read has written what no snapshot holds. */
static gboolean
check_displaced (Member *member, const PlugRbSwap *swap, GError **error)
{
  PlugRbScan scan = { .cache_globs = plug_rb_host_get_cache_globs (member->host),
                      .looks_only = TRUE };
  g_autofree char *path = plug_rb_swap_dup_displaced_path (swap);
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();

  if (path == NULL || !plug_rb_scan_part (&scan, table, swap->part, path, error))
    return path == NULL;

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *now = plug_rb_table_get (table, i);
    const PlugRbEntry *then = plug_rb_table_find (member->live->table, now->part, now->path);

    if (then != NULL && now->type == then->type && now->size == then->size &&
        now->mtime == then->mtime && now->nsec == then->nsec)
      continue;

    return throw_late (error, *now->path ? now->path : swap->live);
  }

  return plug_rb_table_get_size (table) == count_part (member->live->table, swap->part) ||
         throw_late (error, swap->live);
}

static gboolean
check_all_displaced (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = self->members->pdata[i];

    for (guint j = 0; j < member->item->swaps->len; j++)
      if (!check_displaced (member, member->item->swaps->pdata[j], error))
        return FALSE;
  }

  return TRUE;
}

static gboolean
verify_files (PlugRbTransaction *self, Member *member, PlugRbState *now, GError **error)
{
  for (guint i = 0; i < now->parts->len; i++) {
    const PlugRbPart *part = now->parts->pdata[i];

    if (is_wanted (self, member, part)
            ? !plug_rb_compare_part_differs (now, member->target, part->name)
            : !plug_rb_table_has_part (now->table, part->name))
      continue;

    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
                 _("“%s” is not what was restored; another program changed it"), part->path);
    return FALSE;
  }

  return TRUE;
}

/* A host may migrate settings the moment they come back. That is its right, but the user should know. */
static void
verify_settings (PlugRbTransaction *self, Member *member, PlugRbState *now)
{
  for (guint i = 0; i < member->item->edits->len; i++) {
    const PlugRbDconfEdit *edit = member->item->edits->pdata[i];
    GVariant *value = plug_rb_values_get (now->values, edit->key);
    g_autofree char *hint = NULL;

    if (value == edit->target ||
        (value != NULL && edit->target != NULL && g_variant_equal (value, edit->target)))
      continue;

    hint = g_strdup_printf (_("The setting %s is not as it was restored"), edit->key);
    plug_rb_operation_add_hint (self->operation, hint);
  }
}

static gboolean
verify_member (PlugRbTransaction *self, Member *member, GError **error)
{
  g_autoptr(PlugRbState) now =
      plug_rb_state_capture (member->host, member->live->id, (const char *const *) member->folders,
                             NULL, NULL, NULL, error);

  if (now == NULL)
    return FALSE;

  if ((self->scope & PLUG_RB_SCOPE_FILES) && !verify_files (self, member, now, error))
    return FALSE;

  verify_settings (self, member, now);
  add_change (self, member, now);

  return TRUE;
}

static gboolean
verify (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!verify_member (self, self->members->pdata[i], error))
      return FALSE;

  return TRUE;
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
  if (!fill_stages (self, error) || !sync_stages (self, error) ||
      !save_phase (self, PLUG_RB_PHASE_STAGED, error))
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

  return run_step (self, "clean-up", check_all_displaced, error) &&
         run_step (self, "verify", verify, error);
}

static void
add_hints (PlugRbTransaction *self)
{
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = self->members->pdata[i];
    const char *hint = plug_rb_host_get_reload_hint (member->host);

    if (hint != NULL && member->item->swaps->len > 0 && plug_rb_host_is_running (member->host))
      plug_rb_operation_add_hint (self->operation, hint);
  }
}

static gboolean
close_journal (PlugRbTransaction *self, GError **error)
{
  for (guint i = 0; i < self->journal->items->len; i++) {
    const PlugRbJournalItem *item = self->journal->items->pdata[i];

    if (!plug_rb_audit_append (plug_rb_store_get_path (self->store),
                               plug_rb_enum_to_nick (
                                   PLUG_RB_TYPE_KIND, plug_rb_operation_get_kind (self->operation)),
                               item->plugin, self->journal->id, error))
      return FALSE;
  }

  return plug_rb_recover_close (self->store, self->journal, self->operation, error);
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
  return close_journal (self, error);
}

/* Puts everything back. If even that fails, the journal stays and recovery tries again. */
static gboolean
take_back (PlugRbTransaction *self, const GError *cause, GError **error)
{
  gboolean canceled = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean changed = self->journal->phase >= PLUG_RB_PHASE_SWAPPING;

  if (changed &&
      (!save_phase (self, PLUG_RB_PHASE_UNDOING, error) ||
       !plug_rb_recover_go_back (self->journal, error)))
    return FALSE;

  plug_rb_operation_finish (self->operation,
                            canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED, cause);
  if (changed && !save_phase (self, PLUG_RB_PHASE_DONE, error))
    return FALSE;

  return plug_rb_recover_close (self->store, self->journal, self->operation, error);
}

static gboolean
throw_interrupted (PlugRbTransaction *self, const GError *cause, const GError *second, GError **error)
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
 * Brings all plugins to their target states. Whatever fails before the end, and a cancellation before
 * the first live change, leaves everything as it was. The operation is finished and in the history
 * afterwards, unless the error is %PLUG_RB_ERROR_INTERRUPTED.
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
