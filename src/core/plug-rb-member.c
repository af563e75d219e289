/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-member.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-capture.h"
#include "plug-rb-compare.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-swap.h"

void
plug_rb_member_free (PlugRbMember *self)
{
  g_clear_object (&self->operation);
  g_clear_object (&self->host);
  g_clear_pointer (&self->live, plug_rb_state_unref);
  g_clear_pointer (&self->target, plug_rb_state_unref);
  g_clear_object (&self->target_snapshot);
  g_clear_pointer (&self->stage, plug_rb_stage_free);
  g_strfreev (self->folders);
  g_free (self);
}

/* A staged update would put the bad version back at the host's next start, so a rollback drops it;
 * only an undo brings it back. */
static gboolean
is_wanted (PlugRbMember *self, const PlugRbPart *part)
{
  if (part->role == PLUG_RB_ROLE_STAGED && !self->exact)
    return FALSE;

  return plug_rb_table_has_part (self->target->table, part->name);
}

static gboolean
refuse_links (PlugRbMember *self, const PlugRbPart *part, GError **error)
{
  PlugRbState *const states[] = { self->live, self->target };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    const PlugRbEntry *root = plug_rb_table_find (states[i]->table, part->name, "");

    if (root != NULL && root->type == PLUG_RB_ENTRY_LINK) {
      g_set_error (
          error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
          _("“%s” is a link to “%s”, and nothing is changed behind a link. Replace it by a "
                     "folder first"),
            part->path, root->target);
      return FALSE;
    }
  }

  return TRUE;
}

static guint
count_swaps (PlugRbJournal *journal)
{
  guint n = 0;

  for (guint i = 0; i < journal->items->len; i++)
    n += ((PlugRbJournalItem *) journal->items->pdata[i])->swaps->len;

  return n;
}

static gboolean
plan_swap (PlugRbMember *self, const PlugRbPart *part, PlugRbSwapKind kind, GError **error)
{
  g_autofree char *parent = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *stage = NULL;
  PlugRbSwap *swap;
  gboolean exists;

  if (!refuse_links (self, part, error) || !plug_rb_fs_make_folders (part->root, error) ||
      !(parent = plug_rb_stage_find_parent (part->root, error)))
    return FALSE;

  folder = g_strconcat (PLUG_RB_JOURNAL_STAGE_PREFIX, self->journal->id, NULL);
  stage = g_strdup_printf ("%s/%s/%u", parent, folder, count_swaps (self->journal));
  swap = plug_rb_journal_item_add_swap (self->item, kind, part->name, part->path, stage);

  return kind == PLUG_RB_SWAP_ADD ||
         plug_rb_fs_identify (part->path, &swap->old_id, &exists, error);
}

static gboolean
plan_part (PlugRbMember *self, const PlugRbPart *part, GError **error)
{
  gboolean has = plug_rb_table_has_part (self->live->table, part->name);
  gboolean wants = is_wanted (self, part);

  if (!has && !wants)
    return TRUE;
  if (has && !wants)
    return plan_swap (self, part, PLUG_RB_SWAP_REMOVE, error);
  if (!has)
    return plan_swap (self, part, PLUG_RB_SWAP_ADD, error);

  return !plug_rb_compare_part_differs (self->live, self->target, part->name) ||
         plan_swap (self, part, PLUG_RB_SWAP_EXCHANGE, error);
}

static void
plan_values (PlugRbMember *self)
{
  g_auto(GStrv) keys = plug_rb_compare_list_keys (self->live, self->target);

  for (guint i = 0; keys[i] != NULL; i++) {
    GVariant *before = plug_rb_values_get (self->live->values, keys[i]);
    GVariant *target = plug_rb_values_get (self->target->values, keys[i]);

    if (before != target && (before == NULL || target == NULL || !g_variant_equal (before, target)))
      g_ptr_array_add (self->item->edits, plug_rb_dconf_edit_new (keys[i], before, target));
  }
}

static void
plan_lists (PlugRbMember *self)
{
  for (guint i = 0; i < self->live->memberships->len; i++) {
    const PlugRbMembership *before = self->live->memberships->pdata[i];
    const PlugRbMembership *target = plug_rb_state_get_membership (self->target, before->name);

    if (target != NULL && before->present != target->present)
      plug_rb_journal_item_add_list_edit (self->item, before, target);
  }
}

/* What becomes of the plugin: @after is what is expected at first, what is found at the end. */
static void
add_change (PlugRbMember *self, PlugRbState *after)
{
  PlugRbOperationChange change = {
    .plugin = self->live->plugin,
    .name = after->name ? after->name : self->live->name,
    .from_version = self->live->version,
    .to_version = after->version,
    .target = self->item->target,
    .safety_snapshot = self->item->safety,
    .after_table = (char *) plug_rb_table_get_sha256 (after->table),
  };

  plug_rb_operation_add_change (self->operation, &change);
}

/**
 * plug_rb_member_plan:
 *
 * Writes into the journal's item what is to be done. Nothing is done yet.
 */
gboolean
plug_rb_member_plan (PlugRbMember *self, GError **error)
{
  GPtrArray *parts = self->live->parts;

  for (guint i = 0; (self->scope & PLUG_RB_SCOPE_FILES) && i < parts->len; i++)
    if (!plan_part (self, parts->pdata[i], error))
      return FALSE;

  if (self->scope & PLUG_RB_SCOPE_SETTINGS) {
    plan_values (self);
    plan_lists (self);
  }

  add_change (self, self->target);

  return self->item->edits->len + self->item->list_edits->len == 0 ||
         plug_rb_dconf_can_write (error);
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
  return plug_rb_stage_fill (self->stage, store, self->target_snapshot, self->operation,
                             cancellable, error) &&
         plug_rb_stage_finish (self->stage, error) && identify_new (self, error) &&
         sync_stages (self, error);
}

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
check_displaced (PlugRbMember *self, const PlugRbSwap *swap, GError **error)
{
  PlugRbScan scan = { .cache_globs = plug_rb_host_get_cache_globs (self->host),
                      .looks_only = TRUE };
  g_autofree char *path = plug_rb_swap_dup_displaced_path (swap);
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();

  if (path == NULL || !plug_rb_scan_part (&scan, table, swap->part, path, error))
    return path == NULL;

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *now = plug_rb_table_get (table, i);
    const PlugRbEntry *then = plug_rb_table_find (self->live->table, now->part, now->path);

    if (then != NULL && now->type == then->type && now->mode == then->mode &&
        now->size == then->size && now->mtime == then->mtime && now->nsec == then->nsec)
      continue;

    return throw_late (error, *now->path ? now->path : swap->live);
  }

  return plug_rb_table_get_size (table) == count_part (self->live->table, swap->part) ||
         throw_late (error, swap->live);
}

/**
 * plug_rb_member_check_displaced:
 *
 * Makes sure, after the swaps, that nobody wrote into the old trees since they were read.
 */
gboolean
plug_rb_member_check_displaced (PlugRbMember *self, GError **error)
{
  for (guint i = 0; i < self->item->swaps->len; i++)
    if (!check_displaced (self, self->item->swaps->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
verify_files (PlugRbMember *self, PlugRbState *now, GError **error)
{
  for (guint i = 0; i < now->parts->len; i++) {
    const PlugRbPart *part = now->parts->pdata[i];

    if (is_wanted (self, part) ? !plug_rb_compare_part_differs (now, self->target, part->name)
                               : !plug_rb_table_has_part (now->table, part->name))
      continue;

    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
                 _("“%s” is not what was restored; another program changed it"), part->path);
    return FALSE;
  }

  return TRUE;
}

/* A host may migrate settings the moment they come back. That is its right, but the user should
 * know. */
static void
verify_settings (PlugRbMember *self, PlugRbState *now)
{
  for (guint i = 0; i < self->item->edits->len; i++) {
    const PlugRbDconfEdit *edit = self->item->edits->pdata[i];
    GVariant *value = plug_rb_values_get (now->values, edit->key);
    g_autofree char *hint = NULL;

    if (value == edit->target ||
        (value != NULL && edit->target != NULL && g_variant_equal (value, edit->target)))
      continue;

    hint = g_strdup_printf (_("The setting %s is not as it was restored"), edit->key);
    plug_rb_operation_add_hint (self->operation, hint);
  }
}

/**
 * plug_rb_member_verify:
 *
 * Reads everything back from the disk: files must be what was restored; of settings that are not,
 * the user is told. Reports what became of the plugin.
 */
gboolean
plug_rb_member_verify (PlugRbMember *self, GError **error)
{
  const PlugRbCapture capture = { .folders = (const char *const *) self->folders,
                                  .relinked = self->live };
  g_autoptr(PlugRbState) now =
                plug_rb_capture_plugin (&capture, self->host, self->live->id, NULL, error);

  if (now == NULL)
    return FALSE;

  if ((self->scope & PLUG_RB_SCOPE_FILES) && !verify_files (self, now, error))
    return FALSE;

  verify_settings (self, now);
  add_change (self, now);

  return TRUE;
}
