/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-member.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-cache.h"
#include "plug-rb-capture.h"
#include "plug-rb-carry.h"
#include "plug-rb-compare.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host-health.h"
#include "plug-rb-relook.h"
#include "plug-rb-report.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-scan.h"
#include "plug-rb-swap.h"

void
plug_rb_member_free (PlugRbMember *self)
{
  g_clear_object (&self->operation);
  g_clear_object (&self->plan);
  g_clear_object (&self->safety);
  g_clear_pointer (&self->stage, plug_rb_stage_free);
  g_clear_pointer (&self->after, plug_rb_state_unref);
  g_strfreev (self->folders);
  g_free (self);
}

static guint
count_swaps (PlugRbJournal *journal)
{
  guint n = 0;

  for (guint i = 0; i < journal->items->len; i++)
    n += ((PlugRbJournalItem *) journal->items->pdata[i])->swaps->len;

  return n;
}

static int
get_mode (PlugRbState *state, const char *part)
{
  const PlugRbEntry *top = plug_rb_table_find (state->table, part, "");

  return top != NULL && top->type == PLUG_RB_ENTRY_FOLDER ? (int) top->mode : -1;
}

static gboolean
plan_swap (PlugRbMember *self, const PlugRbPart *part, PlugRbSwapKind kind, GError **error)
{
  g_autofree char *parent = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *stage = NULL;
  PlugRbSwap *swap;
  gboolean exists;

  if (!plug_rb_fs_make_folders (part->root, error) ||
      !(parent = plug_rb_stage_find_parent (part->root, error)))
    return FALSE;

  folder = g_strconcat (PLUG_RB_JOURNAL_STAGE_PREFIX, self->journal->id, NULL);
  stage =
      g_strdup_printf ("%s/%s/%u", parent, folder, self->first_stage + count_swaps (self->journal));
  swap = plug_rb_journal_item_add_swap (self->item, kind, part->name, part->path, stage);
  swap->old_mode = get_mode (self->work->live, part->name);
  swap->new_mode = get_mode (self->work->target, part->name);

  return kind == PLUG_RB_SWAP_ADD ||
         plug_rb_fs_identify (part->path, &swap->old_id, &exists, error);
}

static gboolean
plan_part (PlugRbMember *self, const PlugRbPart *part, GError **error)
{
  gboolean has = plug_rb_table_has_part (self->work->live->table, part->name);
  gboolean wants = plug_rb_table_has_part (self->work->target->table, part->name);

  if (!has && !wants)
    return TRUE;
  if (has && !wants)
    return plan_swap (self, part, PLUG_RB_SWAP_REMOVE, error);
  if (!has)
    return plan_swap (self, part, PLUG_RB_SWAP_ADD, error);

  return !plug_rb_compare_part_differs (self->work->live, self->work->target, part->name) ||
         plan_swap (self, part, PLUG_RB_SWAP_EXCHANGE, error);
}

static void
plan_values (PlugRbMember *self)
{
  g_auto(GStrv) keys = plug_rb_compare_list_keys (self->work->live, self->work->target);

  for (guint i = 0; keys[i] != NULL; i++) {
    GVariant *before = plug_rb_values_get (self->work->live->values, keys[i]);
    GVariant *target = plug_rb_values_get (self->work->target->values, keys[i]);

    if (!plug_rb_values_equal (keys[i], before, target))
      g_ptr_array_add (self->item->edits, plug_rb_settings_edit_new (keys[i], before, target));
  }
}

static void
plan_stores (PlugRbMember *self)
{
  GPtrArray *stores = self->work->live->stores;

  for (guint i = 0; stores != NULL && i < stores->len; i++)
    if (plug_rb_settings_group_has_edits (stores->pdata[i], self->item->edits))
      g_ptr_array_add (self->item->stores, plug_rb_settings_store_ref (stores->pdata[i]));
}

/* Whether the plugin is taken out of the list while it is changed. That it goes back in is in the
 * journal, as if it had been missing. */
static gboolean
is_paused (PlugRbMember *self, const PlugRbMembership *membership)
{
  return self->pauses && membership->present &&
         plug_rb_host_list_enables (self->work->host, membership->name);
}

static void
plan_lists (PlugRbMember *self)
{
  self->pauses = self->item->swaps->len > 0 && plug_rb_host_pauses (self->work->host);
  for (guint i = 0; i < self->work->live->memberships->len; i++) {
    const PlugRbMembership *before = self->work->live->memberships->pdata[i];
    const PlugRbMembership *target =
        plug_rb_state_get_membership (self->work->target, before->name);

    if (target != NULL && (before->present != target->present || is_paused (self, before)))
      plug_rb_journal_item_add_list_edit (self->item, before, target);
  }
}

/* What becomes of the plugin: @after is what is expected at first, what is found at the end. */
static PlugRbOperationChange
describe_change (PlugRbMember *self, PlugRbState *after)
{
  return (PlugRbOperationChange) {
    .plugin = self->work->live->plugin,
    .name = after->name ? after->name : self->work->live->name,
    .from_version = self->work->live->version,
    .to_version = after->version,
    .target = self->item->target,
    .safety_snapshot = self->item->safety,
    .after_table = (char *) plug_rb_table_get_sha256 (after->table),
  };
}

/**
 * plug_rb_member_plan:
 *
 * Writes into the journal's item what is to be done. Nothing is done yet.
 */
gboolean
plug_rb_member_plan (PlugRbMember *self, GError **error)
{
  GPtrArray *parts = self->work->live->parts;
  PlugRbOperationChange change = describe_change (self, self->work->target);

  for (guint i = 0; self->work->with_files && i < parts->len; i++)
    if (!plan_part (self, parts->pdata[i], error))
      return FALSE;

  if (self->item->swaps->len > 0)
    self->item->drops = plug_rb_host_list_drops (self->work->host, self->work->live->id);
  plan_values (self);
  plan_stores (self);
  plan_lists (self);

  plug_rb_operation_add_change (self->operation, &change);

  return TRUE;
}

static gboolean
make_stage (PlugRbMember *self, const PlugRbSwap *swap, GError **error)
{
  g_autofree char *operation_folder = g_path_get_dirname (swap->stage);
  g_autofree char *fresh = plug_rb_swap_dup_new_path (swap);

  if ((g_mkdir (operation_folder, 0700) < 0 && errno != EEXIST) ||
      g_mkdir (swap->stage, 0700) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), swap->stage);
    return FALSE;
  }

  return swap->kind == PLUG_RB_SWAP_REMOVE ||
         plug_rb_stage_add_tree (self->stage, swap->part, fresh, error);
}

/**
 * plug_rb_member_make_stages:
 *
 * Makes the new trees with all that is linked from the old ones.
 */
gboolean
plug_rb_member_make_stages (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->swaps->len; i++)
    if (!make_stage (self, self->item->swaps->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
identify_new (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->swaps->len; i++) {
    PlugRbSwap *swap = self->item->swaps->pdata[i];
    g_autofree char *fresh = plug_rb_swap_dup_new_path (swap);
    gboolean exists;

    if (swap->kind != PLUG_RB_SWAP_REMOVE &&
        !plug_rb_fs_identify (fresh, &swap->new_id, &exists, error))
      return FALSE;
  }

  return TRUE;
}

/* One syncfs for each stage makes everything in it durable, and that the stage is there. */
static gboolean
sync_stages (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->swaps->len; i++) {
    const char *stage = ((PlugRbSwap *) self->item->swaps->pdata[i])->stage;
    g_autofd int fd = plug_rb_fs_open_folder (stage, error);

    if (fd < 0 || !plug_rb_fs_sync_all (fd, stage, error))
      return FALSE;
  }

  return TRUE;
}

static void
note_shared (PlugRbMember *self)
{
  for (guint i = 0; i < self->item->swaps->len; i++) {
    PlugRbSwap *swap = self->item->swaps->pdata[i];

    swap->shared = plug_rb_stage_list_shared (self->stage, swap->part);
  }
}

/**
 * plug_rb_member_fill_stages:
 *
 * Completes the new trees from the snapshot and makes them durable.
 */
gboolean
plug_rb_member_fill_stages (PlugRbMember *self,
                            PlugRbStore *store,
                            GCancellable *cancellable,
                            GError **error)
{
  gboolean mixed = self->work->paths != NULL || self->work->kept != NULL;

  /* What is not the snapshot's is what is there. Where that cannot be linked, its safety copy has
   * it. */
  note_shared (self);

  return plug_rb_stage_fill (self->stage, store, plug_rb_plan_get_to (self->plan), self->operation,
                             cancellable, error) &&
         (!mixed || plug_rb_stage_fill (self->stage, store, self->safety, self->operation,
                                        cancellable, error)) &&
         plug_rb_stage_finish (self->stage, error) && identify_new (self, error) &&
         sync_stages (self, error);
}

/**
 * plug_rb_member_pause:
 *
 * Has the running host unload the plugin, where its description wants that.
 */
gboolean
plug_rb_member_pause (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->list_edits->len; i++) {
    const PlugRbMembership *before = ((PlugRbListEdit *) self->item->list_edits->pdata[i])->before;
    PlugRbMembership absent = *before;

    absent.present = FALSE;
    if (is_paused (self, before) && !plug_rb_membership_apply (before, &absent, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_member_resume:
 *
 * Has the running host load the plugin as it is now.
 *
 * Returns: (nullable): what the user has to do for that
 */
const char *
plug_rb_member_resume (PlugRbMember *self)
{
  PlugRbHost *host = self->work->host;
  const char *hint = plug_rb_host_get_reload_hint (host);

  if (self->item->swaps->len == 0 || hint == NULL || !plug_rb_host_may_run (host) ||
      plug_rb_host_reload (host, self->work->live->id))
    return NULL;

  return hint;
}

/**
 * plug_rb_member_plan_carries:
 *
 * Writes into the journal's item what is to be moved from the old trees to the new ones. Called as
 * late as possible, so that what was just made is among it.
 */
gboolean
plug_rb_member_plan_carries (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->swaps->len; i++)
    if (!plug_rb_carry_plan (self->item->swaps->pdata[i], self->item, error))
      return FALSE;

  return TRUE;
}

/* ---- the end */

static gboolean
throw_different (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED, _("“%s” is not what was restored"),
               shown);
  return FALSE;
}

/* Another content under the same time is nobody's doing but ours, or the disk's. */
static gboolean
is_damaged (const PlugRbEntry *wanted, const PlugRbEntry *found)
{
  return wanted->type == PLUG_RB_ENTRY_FILE && found->type == PLUG_RB_ENTRY_FILE &&
         wanted->size == found->size && wanted->mtime == found->mtime &&
         wanted->nsec == found->nsec && g_strcmp0 (wanted->sha256, found->sha256) != 0;
}

static gboolean
verify_files (PlugRbMember *self, PlugRbState *now, GError **error)
{
  PlugRbTable *target = self->work->target->table;
  guint cursor = 0;

  for (guint i = 0; i < now->parts->len; i++) {
    const PlugRbPart *part = now->parts->pdata[i];

    if (plug_rb_table_has_part (target, part->name) !=
        plug_rb_table_has_part (now->table, part->name))
      return throw_different (error, part->path);
  }

  for (guint i = 0; i < plug_rb_table_get_size (target); i++) {
    const PlugRbEntry *wanted = plug_rb_table_get (target, i);
    const PlugRbEntry *found =
        plug_rb_table_find_next (now->table, wanted->part, wanted->path, &cursor);

    if (!g_str_equal (wanted->part, PLUG_RB_TABLE_SETTINGS) && found != NULL &&
        is_damaged (wanted, found))
      return throw_different (error, wanted->path);
  }

  return TRUE;
}

/* A host may change what comes back the moment it sees it. That is its right, but the user should
 * know. */
static void
add_hints (PlugRbMember *self, const PlugRbOperationChange *change)
{
  for (guint i = 0; change->exceptions != NULL && i < change->exceptions->len; i++) {
    const PlugRbException *exception = change->exceptions->pdata[i];
    g_autofree char *hint = NULL;

    if (!g_str_equal (exception->reason, PLUG_RB_REASON_CHANGED_BY_HOST))
      continue;
    hint = g_strdup_printf (
        _("“%s” is not as it was restored: another program changed it at once"), exception->item);
    plug_rb_operation_add_hint (self->operation, hint);
  }
}

static void
report (PlugRbMember *self, PlugRbState *now)
{
  PlugRbOperationChange plain = describe_change (self, now);
  g_autoptr(PlugRbOperationChange) change = plug_rb_operation_change_copy (&plain);

  if (self->work->with_files)
    plug_rb_report_files (change, self->work->live->table, self->work->target->table, now->table);
  if ((self->work->scope & PLUG_RB_SCOPE_SETTINGS) || self->item->edits->len > 0)
    plug_rb_report_settings (change, self->item, self->work->target, now, self->conflicts);

  add_hints (self, change);
  plug_rb_operation_add_change (self->operation, change);
}

/**
 * plug_rb_member_verify:
 *
 * Reads everything back from the disk and reports what became of the plugin, file by file and
 * setting by setting.
 */
gboolean
plug_rb_member_verify (PlugRbMember *self, GError **error)
{
  g_autoptr(PlugRbTable) seen = plug_rb_stage_make_seen (self->stage);
  const PlugRbCapture capture = { .folders = (const char *const *) self->folders,
                                  .excludes = (const char *const *) self->work->excludes,
                                  .relinked = seen };
  g_autoptr(PlugRbState) now =
      plug_rb_capture_plugin (&capture, self->work->host, self->work->live->id, NULL, error);

  if (now == NULL)
    return FALSE;

  if (self->work->with_files && !verify_files (self, now, error))
    return FALSE;

  report (self, now);
  self->after = g_steal_pointer (&now);

  return TRUE;
}

/**
 * plug_rb_member_refresh:
 *
 * To be called when the displaced trees are gone. With them went links of ours to the files that
 * stayed, and that changed the time by which the cache would know them.
 */
void
plug_rb_member_refresh (PlugRbMember *self)
{
  const PlugRbCapture capture = { .folders = (const char *const *) self->folders,
                                  .excludes = (const char *const *) self->work->excludes,
                                  .relinked = self->after ? self->after->table : NULL,
                                  .settled = TRUE };
  g_autoptr(PlugRbState) now = NULL;
  g_autoptr(PlugRbTable) seen = NULL;

  if (self->after == NULL || self->item->swaps->len == 0)
    return;

  /* A later write has to get another time than our deleting. */
  g_usleep (plug_rb_scan_get_clock_step ());
  if ((seen = plug_rb_relook (self->after->table, self->after->parts)) != NULL)
    plug_rb_cache_save_seen (self->after->plugin, seen);
  else
    now = plug_rb_capture_plugin (&capture, self->work->host, self->work->live->id, NULL, NULL);
}
