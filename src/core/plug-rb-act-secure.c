/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-capture.h"
#include "plug-rb-contents.h"

/* A row that the rollback may change, or one of the documents, which are always read. */
static gboolean
is_needed (const PlugRbPlanWork *work, const PlugRbEntry *entry)
{
  const PlugRbEntry *then;

  if (entry->sha256 == NULL)
    return FALSE;
  if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS))
    return TRUE;

  then = plug_rb_table_find (work->target->table, entry->part, entry->path);

  return then == NULL || g_strcmp0 (then->sha256, entry->sha256) != 0;
}

/* What an undo would have to take out of an archive: the rest is in place. */
static GHashTable *
list_needed (const PlugRbPlanWork *work)
{
  PlugRbTable *table = work->live->table;
  GHashTable *needed = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (is_needed (work, entry))
      g_hash_table_add (needed, (char *) entry->sha256);
  }

  return needed;
}

static gboolean
check_same (PlugRbAct *act, PlugRbSnapshot *same, GHashTable *needed, GError **error)
{
  gboolean is_listed = plug_rb_store_check_table (act->store, same, error);
  g_autoptr(PlugRbContents) contents =
      is_listed ? plug_rb_contents_open (act->store, same, error) : NULL;

  return contents != NULL &&
         plug_rb_contents_check_some (contents, needed, act->cancellable, error);
}

/* Damage is no error here, but a reason to share nothing; being told to stop is one. */
static gboolean
note_damage (PlugRbAct *act, PlugRbState *live, const GError *damage, GError **error)
{
  g_autofree char *hint = NULL;

  if (g_cancellable_set_error_if_cancelled (act->cancellable, error))
    return FALSE;

  hint =
      g_strdup_printf (_("The older snapshots of %s are damaged (%s), so all of its present state "
                         "was saved anew. “plugrb verify --full” tells more"),
                       live->plugin, damage->message);
  plug_rb_operation_add_hint (act->operation, hint);
  return TRUE;
}

static PlugRbSnapshot *
save (PlugRbAct *act, const PlugRbPlanWork *work, PlugRbPack *pack, GError **error)
{
  return plug_rb_capture_store (work->live, pack, act->cancellable, error)
             ? plug_rb_act_save_state (act, work->host, work->live, pack,
                                       PLUG_RB_REASON_PRE_ROLLBACK, NULL, NULL, error)
             : NULL;
}

/**
 * plug_rb_act_secure:
 * @work: what a rollback is to be carried out from
 *
 * Makes sure that there is a snapshot of the live state. What it shares with older ones is read
 * first, as far as an undo would need it: an archive that was damaged in silence is as large as a
 * good one. If it is damaged, everything is saved once more.
 *
 * Returns: (transfer full): the snapshot
 */
PlugRbSnapshot *
plug_rb_act_secure (PlugRbAct *act, const PlugRbPlanWork *work, GError **error)
{
  PlugRbState *live = work->live;
  g_autoptr(PlugRbSnapshot) same = plug_rb_store_find_same (
      act->store, live->plugin, plug_rb_table_get_sha256 (live->table), NULL);
  g_autoptr(PlugRbPack) pack = NULL;
  g_autoptr(GHashTable) needed = list_needed (work);
  g_autoptr(GError) damage = NULL;

  if (same != NULL && check_same (act, same, needed, &damage))
    return g_steal_pointer (&same);

  pack = plug_rb_pack_new (act->store, live->plugin);
  if (same == NULL && plug_rb_pack_check (pack, needed, act->cancellable, &damage))
    return save (act, work, pack, error);

  g_clear_pointer (&pack, plug_rb_pack_free);
  pack = plug_rb_pack_new_alone (act->store, live->plugin);

  return note_damage (act, live, damage, error) ? save (act, work, pack, error) : NULL;
}
