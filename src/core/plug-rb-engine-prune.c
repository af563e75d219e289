/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-facts.h"
#include "plug-rb-snapshot.h"

/* One clean-up on its way. @gone has what a dry run takes for deleted. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  gboolean dry_run;
  GCancellable *cancellable;
  PlugRbPruning *result;
  GHashTable *gone;
} Prune;

static gboolean
is_any_free_to_go (const PlugRbFacts *facts, const PlugRbRetentionReason *reasons)
{
  for (guint i = 0; i < facts->snapshots->len; i++)
    if (plug_rb_retention_may_go (reasons[i]))
      return TRUE;

  return FALSE;
}

/* The history is read only if something would go without it. */
static PlugRbRetentionReason *
decide (PlugRbFacts *facts, gboolean dry_run, GError **error)
{
  g_autofree PlugRbRetentionReason *reasons = NULL;

  plug_rb_facts_remember_absence (facts, dry_run);
  reasons = plug_rb_facts_decide (facts);
  if (!is_any_free_to_go (facts, reasons))
    return g_steal_pointer (&reasons);

  if (!plug_rb_facts_read_history (facts, error))
    return NULL;

  plug_rb_facts_remember_absence (facts, dry_run);
  return plug_rb_facts_decide (facts);
}

static gboolean
delete_free (Prune *self,
             const PlugRbFacts *facts,
             const PlugRbRetentionReason *reasons,
             GError **error)
{
  for (guint i = 0; i < facts->snapshots->len; i++) {
    gboolean may_go = plug_rb_retention_may_go (reasons[i]);

    if (may_go && g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (may_go && !self->dry_run &&
        !plug_rb_store_delete_snapshot (self->store, facts->snapshots->pdata[i], error))
      return FALSE;
    plug_rb_pruning_add (self->result, facts->snapshots->pdata[i], reasons[i], &facts->policy);
  }

  return TRUE;
}

static gboolean
empty_trash (Prune *self, const PlugRbFacts *facts, GError **error)
{
  g_autoptr(GPtrArray) purged = plug_rb_store_purge_deleted (
      self->store, facts->key, facts->now, self->dry_run, &self->result->freed, error);

  for (guint i = 0; purged != NULL && i < purged->len; i++) {
    plug_rb_pruning_add_purged (self->result, purged->pdata[i]);
    if (self->dry_run)
      g_hash_table_add (self->gone, g_strdup (plug_rb_snapshot_get_id (purged->pdata[i])));
  }

  return purged != NULL;
}

static gboolean
prune_plugin (Prune *self, const char *plugin, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self->engine, NULL, self->cancellable);
  g_auto(PlugRbFacts) facts = { 0 };
  g_autofree PlugRbRetentionReason *reasons = NULL;

  if (!self->dry_run && !plug_rb_act_claim_one (&act, plugin, error))
    return FALSE;

  return plug_rb_facts_init (&facts, self->engine, plugin, error) &&
         (reasons = decide (&facts, self->dry_run, error)) != NULL &&
         delete_free (self, &facts, reasons, error) && empty_trash (self, &facts, error) &&
         (self->dry_run ||
          plug_rb_store_repack_plugin (self->store, plugin, self->cancellable, error)) &&
         plug_rb_store_collect_plugin (self->store, plugin, self->gone, self->dry_run,
                                       &self->result->freed, error);
}

static gboolean
has_done_something (const PlugRbPruning *result)
{
  return result->deleted->len > 0 || result->purged->len > 0;
}

static gboolean
is_cancellation (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
prune_all (Prune *self, GError **error)
{
  g_autoptr(GPtrArray) plugins = plug_rb_store_list_plugins (self->store, error);

  for (guint i = 0; plugins != NULL && i < plugins->len; i++) {
    GError *cause = NULL;

    if (!g_cancellable_set_error_if_cancelled (self->cancellable, &cause) &&
        prune_plugin (self, plugins->pdata[i], &cause))
      continue;

    /* Whoever cancels wants to know what has been done until then. */
    if (is_cancellation (cause) && !has_done_something (self->result)) {
      g_propagate_error (error, cause);
      return FALSE;
    }
    plug_rb_pruning_add_failure (self->result, plugins->pdata[i], cause);
  }

  return plugins != NULL;
}

/* What it needed is not known, so nothing goes until “plugrb recover” has set it aside. */
static gboolean
refuse_damaged_journal (PlugRbStore *store, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_damaged_journals (store, error);

  if (journals == NULL || journals->len == 0)
    return journals != NULL;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED,
               _("The record of the interrupted operation %s is damaged. Run “plugrb recover”"),
               ((const PlugRbDamagedJournal *) journals->pdata[0])->id);
  return FALSE;
}

static Prune
prune_begin (PlugRbEngine *engine,
             gboolean dry_run,
             PlugRbPruning *result,
             GHashTable *gone,
             GCancellable *cancellable)
{
  return (Prune) {
    .engine = engine,
    .store = plug_rb_engine_get_store (engine),
    .dry_run = dry_run,
    .cancellable = cancellable,
    .result = result,
    .gone = gone,
  };
}

/**
 * plug_rb_engine_prune:
 * @plugin: (nullable): key of a plugin; %NULL for all
 * @dry_run: change nothing, only say what would be done
 *
 * Cleans up: moves what the user's policy lets go to the trash, deletes for good what has been
 * there for more than seven days, and then what nothing refers to any more. A plugin that cannot be
 * cleaned up does not keep the others from it; if only one was asked for, its error is this one's.
 * Cancelling takes nothing back. Fails with %PLUG_RB_ERROR_INTERRUPTED while there is a damaged
 * journal.
 *
 * Returns: (transfer full): what was done
 */
PlugRbPruning *
plug_rb_engine_prune (PlugRbEngine *self,
                      const char *plugin,
                      gboolean dry_run,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr(PlugRbPruning) result = plug_rb_pruning_new ();
  g_autoptr(GHashTable) gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Prune prune = prune_begin (self, dry_run, result, gone, cancellable);
  g_autoptr(GError) cause = NULL;

  g_return_val_if_fail (PLUG_RB_IS_ENGINE (self), NULL);

  if (!refuse_damaged_journal (prune.store, error))
    return NULL;

  if (plugin != NULL ? !prune_plugin (&prune, plugin, error) : !prune_all (&prune, error))
    return NULL;

  /* The snapshots are dealt with; what could not be swept up is swept up the next time. */
  if (!plug_rb_store_collect_shared (prune.store, gone, dry_run, &result->freed, cancellable,
                                     &cause))
    g_debug ("Not swept up: %s", cause->message);
  if (!dry_run)
    plug_rb_engine_sweep_packages (self);

  return g_steal_pointer (&result);
}

/* ---- emptying the trash */

static gboolean
empty_plugin (Prune *self, const char *plugin, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self->engine, NULL, self->cancellable);
  g_autoptr(GPtrArray) purged = NULL;

  if (!plug_rb_act_claim_one (&act, plugin, error) ||
      !(purged = plug_rb_store_purge_deleted (self->store, plugin, PLUG_RB_STORE_ANY_AGE, FALSE,
                                              &self->result->freed, error)))
    return FALSE;

  for (guint i = 0; i < purged->len; i++)
    plug_rb_pruning_add_purged (self->result, purged->pdata[i]);

  return plug_rb_store_repack_plugin (self->store, plugin, self->cancellable, error) &&
         plug_rb_store_collect_plugin (self->store, plugin, self->gone, FALSE, &self->result->freed,
                                       error);
}

static gboolean
empty_all (Prune *self, GError **error)
{
  g_autoptr(GPtrArray) deleted = plug_rb_store_list_deleted (self->store, error);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; deleted != NULL && i < deleted->len; i++) {
    const char *plugin = plug_rb_snapshot_get_plugin (deleted->pdata[i]);
    GError *cause = NULL;

    if (g_hash_table_add (seen, (char *) plugin) &&
        (g_cancellable_set_error_if_cancelled (self->cancellable, &cause) ||
         !empty_plugin (self, plugin, &cause)))
      plug_rb_pruning_add_failure (self->result, plugin, cause);
  }

  return deleted != NULL;
}

/**
 * plug_rb_engine_empty_trash:
 *
 * Deletes for good what lies in the trash, however short, and then what nothing refers to any more.
 * What an unfinished operation needs stays. Fails with %PLUG_RB_ERROR_INTERRUPTED while there is a
 * damaged journal: what that needs is not known.
 *
 * Returns: (transfer full): what was done
 */
PlugRbPruning *
plug_rb_engine_empty_trash (PlugRbEngine *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbPruning) result = plug_rb_pruning_new ();
  g_autoptr(GHashTable) gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Prune prune = prune_begin (self, FALSE, result, gone, cancellable);
  g_autoptr(GError) cause = NULL;

  g_return_val_if_fail (PLUG_RB_IS_ENGINE (self), NULL);

  if (!refuse_damaged_journal (prune.store, error) || !empty_all (&prune, error))
    return NULL;

  if (!plug_rb_store_collect_shared (prune.store, gone, FALSE, &result->freed, cancellable, &cause))
    g_debug ("Not swept up: %s", cause->message);

  return g_steal_pointer (&result);
}

/* ---- tidying */

static gboolean
may_tidy (PlugRbEngine *self, const char *plugin)
{
  g_auto(PlugRbFacts) facts = { 0 };
  g_autofree PlugRbRetentionReason *reasons = NULL;

  if (!refuse_damaged_journal (plug_rb_engine_get_store (self), NULL) ||
      !plug_rb_facts_init (&facts, self, plugin, NULL))
    return FALSE;

  plug_rb_facts_remember_absence (&facts, TRUE);
  reasons = plug_rb_facts_decide (&facts);

  return is_any_free_to_go (&facts, reasons);
}

/**
 * plug_rb_engine_tidy:
 * @plugin: key of a plugin of which a snapshot was just taken
 *
 * Cleans up after a snapshot. Unless something is over the limits this reads the metadata of the
 * plugin's snapshots, no more. It is nobody's task: what fails now is done the next time.
 */
void
plug_rb_engine_tidy (PlugRbEngine *self, const char *plugin)
{
  g_autoptr(PlugRbPruning) result = plug_rb_pruning_new ();
  g_autoptr(GError) error = NULL;
  Prune prune = prune_begin (self, FALSE, result, NULL, NULL);

  g_return_if_fail (PLUG_RB_IS_ENGINE (self));

  if (may_tidy (self, plugin) && !prune_plugin (&prune, plugin, &error))
    g_debug ("Not cleaned up: %s", error->message);
}

/* ---- sweeping up */

static void
collect_plugin (PlugRbEngine *self, const char *plugin, guint64 *freed, GCancellable *cancellable)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, cancellable);
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (keys, (char *) plugin);
  if (!plug_rb_act_lock (&act, keys, &error) ||
      !plug_rb_store_collect_plugin (act.store, plugin, NULL, FALSE, freed, &error))
    g_debug ("Not swept up: %s", error->message);
}

/**
 * plug_rb_engine_collect:
 *
 * Deletes what nothing refers to, such as what a crash left half made, without deleting any
 * snapshot. What somebody works at is left for the next time.
 */
void
plug_rb_engine_collect (PlugRbEngine *self, GCancellable *cancellable)
{
  PlugRbStore *store = plug_rb_engine_get_store (self);
  g_autoptr(GPtrArray) plugins = plug_rb_store_list_plugins (store, NULL);
  guint64 freed = 0;

  for (guint i = 0; plugins != NULL && i < plugins->len; i++) {
    if (g_cancellable_is_cancelled (cancellable))
      return;
    collect_plugin (self, plugins->pdata[i], &freed, cancellable);
  }

  plug_rb_store_collect_shared (store, NULL, FALSE, &freed, cancellable, NULL);
}
