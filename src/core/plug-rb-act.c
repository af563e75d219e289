/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-act.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-capture.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-recover.h"

/* How often somebody may die between our recovery and our lock. */
#define CLAIM_TRIES 10

PlugRbAct
plug_rb_act_begin (PlugRbEngine *engine, PlugRbOperation *operation, GCancellable *cancellable)
{
  return (PlugRbAct) {
    .engine = engine,
    .store = plug_rb_engine_get_store (engine),
    .operation = operation,
    .locks = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_lock_free),
    .cancellable = cancellable,
  };
}

void
plug_rb_act_end (PlugRbAct *act)
{
  g_clear_pointer (&act->locks, g_ptr_array_unref);
}

/**
 * plug_rb_act_lock:
 * @keys: (element-type utf8): keys of plugins; put in order
 *
 * Locks what the store holds of some plugins, always in the same order, so that two acts never wait
 * for each other.
 */
gboolean
plug_rb_act_lock (PlugRbAct *act, GPtrArray *keys, GError **error)
{
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
lock_root (PlugRbAct *act, const char *root, GHashTable *seen, GError **error)
{
  PlugRbLock *lock;

  if (!g_file_test (root, G_FILE_TEST_IS_DIR) || !g_hash_table_add (seen, g_strdup (root)))
    return TRUE;
  if (!(lock = plug_rb_lock_new_for_folder (root, root, act->cancellable, error)))
    return FALSE;

  g_ptr_array_add (act->locks, lock);
  return TRUE;
}

/**
 * plug_rb_act_lock_roots:
 * @keys: (element-type utf8): keys of plugins that are locked already
 *
 * Locks the folders in which the hosts of some plugins keep them all, which are the same for every
 * store. Whoever holds them may also change the hosts' lists, in which all plugins stand. A host
 * that is not known any more has none.
 */
gboolean
plug_rb_act_lock_roots (PlugRbAct *act, GPtrArray *keys, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < keys->len; i++) {
    g_auto(GStrv) halves = g_strsplit (keys->pdata[i], "/", 2);
    PlugRbHost *host = halves[1] ? plug_rb_engine_get_host (act->engine, halves[0], NULL) : NULL;
    g_autoptr(GPtrArray) parts = host ? plug_rb_host_list_parts (host, halves[1]) : NULL;

    for (guint k = 0; parts != NULL && k < parts->len; k++) {
      const PlugRbPart *part = parts->pdata[k];

      if (part->role == PLUG_RB_ROLE_CODE && !lock_root (act, part->root, seen, error))
        return FALSE;
    }
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

/**
 * plug_rb_act_recover:
 * @seen: the journal of an operation that seems to be dead
 *
 * Returns: (transfer full) (nullable): what was done; %NULL if the operation was finished meanwhile
 */
PlugRbRecovery *
plug_rb_act_recover (PlugRbEngine *engine, PlugRbJournal *seen, GCancellable *cancellable)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (engine, NULL, cancellable);
  g_autoptr(GPtrArray) keys = list_journal_plugins (seen);
  g_autoptr(PlugRbJournal) journal = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbRecovery *recovery;

  if (plug_rb_act_lock (&act, keys, &error) && plug_rb_act_lock_roots (&act, keys, &error)) {
    journal = reread_journal (act.store, seen->id);
    return journal ? plug_rb_recover_journal (act.store, journal) : NULL;
  }

  recovery = g_new0 (PlugRbRecovery, 1);
  recovery->operation = g_strdup (seen->id);
  recovery->status = PLUG_RB_STATUS_IN_PROGRESS;
  recovery->message = g_strdup (error->message);

  return recovery;
}

static gboolean
names_any (PlugRbJournal *journal, GPtrArray *keys)
{
  for (guint i = 0; i < keys->len; i++)
    if (plug_rb_journal_names (journal, keys->pdata[i]))
      return TRUE;

  return FALSE;
}

static gboolean
find_unfinished (PlugRbAct *act, GPtrArray *keys, PlugRbJournal **found, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (act->store, error);

  *found = NULL;
  for (guint i = 0; journals != NULL && i < journals->len && *found == NULL; i++)
    if (names_any (journals->pdata[i], keys))
      *found = g_ptr_array_steal_index (journals, i);

  return journals != NULL;
}

/* What is damaged may be about any plugin that it mentions. */
static gboolean
refuse_damaged (PlugRbAct *act, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < keys->len; i++)
    if (!plug_rb_damaged_journal_check (act->store, keys->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
recover_unfinished (PlugRbAct *act, PlugRbJournal *journal, GError **error)
{
  const PlugRbJournalItem *item = journal->items->pdata[0];
  PlugRbRecovery *recovery = plug_rb_act_recover (act->engine, journal, act->cancellable);
  gboolean failed = recovery != NULL && recovery->direction == PLUG_RB_DIRECTION_NONE;

  if (failed)
    g_set_error (error, PLUG_RB_ERROR,
                 recovery->status == PLUG_RB_STATUS_IN_PROGRESS ? PLUG_RB_ERROR_BUSY
                                                                : PLUG_RB_ERROR_INTERRUPTED,
                 _("%s has an unfinished rollback: %s"), item->plugin, recovery->message);
  g_clear_pointer (&recovery, plug_rb_recovery_free);

  return !failed;
}

/**
 * plug_rb_act_claim:
 *
 * Locks some plugins for writing, after putting in order what a dead operation left of them. That
 * is looked for under the locks: whoever held them until now may have died while we waited.
 */
gboolean
plug_rb_act_claim (PlugRbAct *act, GPtrArray *keys, GError **error)
{
  guint before = act->locks->len;

  for (guint i = 0; i < CLAIM_TRIES; i++) {
    g_autoptr(PlugRbJournal) unfinished = NULL;

    if (!plug_rb_act_lock (act, keys, error) || !find_unfinished (act, keys, &unfinished, error))
      return FALSE;
    if (unfinished == NULL)
      return refuse_damaged (act, keys, error);

    /* Recovery takes the locks of all plugins of that operation, in order. */
    g_ptr_array_set_size (act->locks, before);
    if (!recover_unfinished (act, unfinished, error))
      return FALSE;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
               _("Another task is changing %s. Try again when it is done"),
               (const char *) keys->pdata[0]);
  return FALSE;
}

gboolean
plug_rb_act_claim_one (PlugRbAct *act, const char *key, GError **error)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();

  g_ptr_array_add (keys, (char *) key);

  return plug_rb_act_claim (act, keys, error);
}

/**
 * plug_rb_act_find_same:
 *
 * Returns: (transfer full) (nullable): the newest snapshot of the plugin, if it holds exactly this
 *   state and one may go back to it
 */
PlugRbSnapshot *
plug_rb_act_find_same (PlugRbAct *act, PlugRbState *state)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (act->store, state->plugin, NULL);
  g_autoptr(PlugRbSnapshot) same = plug_rb_store_find_same (
      act->store, state->plugin, plug_rb_table_get_sha256 (state->table), NULL);
  PlugRbSnapshot *newest = snapshots && snapshots->len > 0 ? snapshots->pdata[0] : NULL;

  /* What came with a package is not known to have been used: nothing goes back to it by itself. */
  if (same == NULL || newest == NULL ||
      plug_rb_snapshot_get_reason (same) == PLUG_RB_REASON_PACKAGE ||
      !g_str_equal (plug_rb_snapshot_get_id (same), plug_rb_snapshot_get_id (newest)))
    return NULL;

  return g_steal_pointer (&same);
}

/**
 * plug_rb_act_save_state:
 * @state: just captured, its plugin locked
 * @pack: (nullable): got its contents meanwhile; %NULL if they were only looked at
 *
 * Returns: (transfer full): the new snapshot
 */
PlugRbSnapshot *
plug_rb_act_save_state (PlugRbAct *act,
                        PlugRbHost *host,
                        PlugRbState *state,
                        PlugRbPack *pack,
                        PlugRbReason reason,
                        const char *label,
                        const char *note,
                        GError **error)
{
  g_autofree char *version = plug_rb_host_dup_version (host);
  g_autoptr(PlugRbPack) own = pack ? NULL : plug_rb_pack_new (act->store, state->plugin);
  PlugRbSnapshotRequest request = {
    .reason = reason,
    .label = label,
    .note = note,
    .host_version = version,
    .enabled = !state->absent && plug_rb_host_is_enabled (host, state->memberships, state->values),
  };

  if (own != NULL && !plug_rb_capture_store (state, own, act->cancellable, error))
    return NULL;

  return plug_rb_store_save_snapshot (act->store, state, own ? own : pack, &request, error);
}

/**
 * plug_rb_act_remember_bad:
 * @snapshot: of a version that was found not to work
 * @message: (nullable): what is wrong with it
 *
 * Nothing goes back to such a version by itself, and it is not installed again unasked. To remember
 * it is no part of what failed: if that cannot be done, the failure is told all the same.
 */
void
plug_rb_act_remember_bad (PlugRbEngine *engine, PlugRbSnapshot *snapshot, const char *message)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (engine, NULL, NULL);
  g_autoptr(PlugRbSnapshot) bad = NULL;

  if (plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), NULL))
    bad = plug_rb_store_set_health (act.store, snapshot, PLUG_RB_HEALTH_BAD, message, NULL);
}

/**
 * plug_rb_act_fail:
 *
 * Finishes the operation as failed, or as canceled if that is why.
 */
void
plug_rb_act_fail (PlugRbAct *act, const GError *error)
{
  gboolean canceled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  plug_rb_operation_finish (act->operation,
                            canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED, error);
}
