/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-journal.h"

static void
carry_free (PlugRbCarry *carry)
{
  g_free (carry->path);
  g_free (carry);
}

static void
carry_folder_free (PlugRbCarryFolder *folder)
{
  g_free (folder->path);
  g_free (folder);
}

static void
swap_free (PlugRbSwap *swap)
{
  g_free (swap->part);
  g_free (swap->live);
  g_free (swap->stage);
  g_ptr_array_unref (swap->carries);
  g_ptr_array_unref (swap->folders);
  g_clear_pointer (&swap->shared, g_hash_table_unref);
  g_free (swap);
}

static void
list_edit_free (PlugRbListEdit *edit)
{
  g_clear_pointer (&edit->before, plug_rb_membership_free);
  g_clear_pointer (&edit->target, plug_rb_membership_free);
  g_free (edit);
}

static void
item_free (PlugRbJournalItem *item)
{
  g_free (item->plugin);
  g_free (item->target);
  g_free (item->safety);
  g_ptr_array_unref (item->swaps);
  g_ptr_array_unref (item->edits);
  g_ptr_array_unref (item->stores);
  g_ptr_array_unref (item->list_edits);
  g_strfreev (item->caches);
  g_strfreev (item->excludes);
  g_strfreev (item->paths);
  g_strfreev (item->kept);
  g_strfreev (item->drops);
  g_clear_pointer (&item->before, plug_rb_table_unref);
  g_clear_pointer (&item->after, plug_rb_table_unref);
  g_free (item);
}

PlugRbJournal *
plug_rb_journal_new (const char *id, const char *undoes)
{
  PlugRbJournal *self = g_new0 (PlugRbJournal, 1);

  self->id = g_strdup (id);
  self->undoes = g_strdup (undoes);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);

  return self;
}

void
plug_rb_journal_free (PlugRbJournal *self)
{
  g_free (self->id);
  g_free (self->undoes);
  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->operation, json_object_unref);
  g_free (self);
}

/**
 * plug_rb_journal_add_item:
 * @plugin: key
 * @target: id of the snapshot to go to
 * @safety: id of the snapshot of the state now
 *
 * Returns: (transfer none): the new item, still without anything to do
 */
PlugRbJournalItem *
plug_rb_journal_add_item (PlugRbJournal *self,
                          const char *plugin,
                          const char *target,
                          const char *safety)
{
  PlugRbJournalItem *item = g_new0 (PlugRbJournalItem, 1);

  item->plugin = g_strdup (plugin);
  item->target = g_strdup (target);
  item->safety = g_strdup (safety);
  item->swaps = g_ptr_array_new_with_free_func ((GDestroyNotify) swap_free);
  item->edits = plug_rb_settings_edits_new ();
  item->stores = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_settings_store_unref);
  item->list_edits = g_ptr_array_new_with_free_func ((GDestroyNotify) list_edit_free);
  g_ptr_array_add (self->items, item);

  return item;
}

PlugRbSwap *
plug_rb_journal_item_add_swap (PlugRbJournalItem *item,
                               PlugRbSwapKind kind,
                               const char *part,
                               const char *live,
                               const char *stage)
{
  PlugRbSwap *swap = g_new0 (PlugRbSwap, 1);

  swap->kind = kind;
  swap->old_mode = swap->new_mode = -1;
  swap->carries = g_ptr_array_new_with_free_func ((GDestroyNotify) carry_free);
  swap->folders = g_ptr_array_new_with_free_func ((GDestroyNotify) carry_folder_free);
  swap->part = g_strdup (part);
  swap->live = g_strdup (live);
  swap->stage = g_strdup (stage);
  g_ptr_array_add (item->swaps, swap);

  return swap;
}

/**
 * plug_rb_swap_add_carry:
 * @path: what is moved from the old tree to the new one, below their top
 * @mode: what its mode is to be afterwards, or -1 if moving needs no other one
 */
void
plug_rb_swap_add_carry (PlugRbSwap *swap, const char *path, int mode)
{
  PlugRbCarry *carry = g_new0 (PlugRbCarry, 1);

  carry->path = g_strdup (path);
  carry->mode = mode;
  g_ptr_array_add (swap->carries, carry);
}

/**
 * plug_rb_swap_add_folder:
 * @path: a folder above something that is moved, "" for the tree itself
 *
 * Returns: (transfer none): the new entry, whose modes and times the caller fills in
 */
PlugRbCarryFolder *
plug_rb_swap_add_folder (PlugRbSwap *swap, const char *path)
{
  PlugRbCarryFolder *folder = g_new0 (PlugRbCarryFolder, 1);

  folder->path = g_strdup (path);
  folder->old_dress.mode = folder->new_dress.mode = -1;
  g_ptr_array_add (swap->folders, folder);

  return folder;
}

/**
 * plug_rb_swap_find_folder:
 *
 * Returns: (nullable) (transfer none): the entry of that path
 */
const PlugRbCarryFolder *
plug_rb_swap_find_folder (const PlugRbSwap *swap, const char *path)
{
  for (guint i = 0; i < swap->folders->len; i++) {
    const PlugRbCarryFolder *folder = swap->folders->pdata[i];

    if (g_str_equal (folder->path, path))
      return folder;
  }

  return NULL;
}

static PlugRbMembership *
membership_copy (const PlugRbMembership *membership)
{
  PlugRbMembership *copy =
      plug_rb_membership_new (membership->name, membership->key, membership->entry,
                              membership->present, membership->position);

  copy->unset = membership->unset;

  return copy;
}

void
plug_rb_journal_item_add_list_edit (PlugRbJournalItem *item,
                                    const PlugRbMembership *before,
                                    const PlugRbMembership *target)
{
  PlugRbListEdit *edit = g_new0 (PlugRbListEdit, 1);

  edit->before = membership_copy (before);
  edit->target = membership_copy (target);
  g_ptr_array_add (item->list_edits, edit);
}

/**
 * plug_rb_journal_names:
 *
 * Whether the operation changes this plugin.
 */
gboolean
plug_rb_journal_names (PlugRbJournal *self, const char *plugin)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_str_equal (((PlugRbJournalItem *) self->items->pdata[i])->plugin, plugin))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_journal_needs_snapshot:
 *
 * Whether the snapshot is target or safety copy, and so must stay.
 */
gboolean
plug_rb_journal_needs_snapshot (PlugRbJournal *self, const char *snapshot)
{
  for (guint i = 0; i < self->items->len; i++) {
    const PlugRbJournalItem *item = self->items->pdata[i];

    if (g_str_equal (item->target, snapshot) || g_str_equal (item->safety, snapshot))
      return TRUE;
  }

  return FALSE;
}
