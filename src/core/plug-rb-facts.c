/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-facts.h"

#include <unistd.h>

#include "plug-rb-host.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

/* ---- whether it is installed */

static gboolean
can_see_root (PlugRbHost *host, const char *id)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, id);

  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (part->role == PLUG_RB_ROLE_CODE && access (part->root, R_OK | X_OK) == 0)
      return TRUE;
  }

  return FALSE;
}

/* Where the host or its folder is not to be seen, a disk may just not be there: the plugin counts
 * as installed then. */
static void
look_for_plugin (PlugRbFacts *self)
{
  g_auto(GStrv) halves = g_strsplit (self->key, "/", 2);
  PlugRbHost *host = plug_rb_engine_get_host (self->engine, halves[0], NULL);

  self->retention.installed = TRUE;
  if (host == NULL || halves[1] == NULL ||
      !(self->plugin = plug_rb_host_dup_plugin (host, halves[1], NULL)))
    return;

  if (plug_rb_plugin_get_installed (self->plugin))
    self->retention.installed_version = plug_rb_plugin_get_version (self->plugin);
  else
    self->retention.installed = !can_see_root (host, halves[1]);
}

/* ---- rollbacks */

static void
add_journal (PlugRbFacts *self, const PlugRbJournal *journal)
{
  for (guint i = 0; i < journal->items->len; i++) {
    const PlugRbJournalItem *item = journal->items->pdata[i];
    PlugRbRetentionRollback rollback = {
      .target = item->target,
      .safety = item->safety,
      .time = self->now,
      .is_open = TRUE,
    };

    if (g_str_equal (item->plugin, self->key))
      g_array_append_val (self->rollbacks, rollback);
  }
}

static gint64
get_time (PlugRbOperation *operation, gint64 fallback)
{
  GDateTime *started = plug_rb_operation_get_started (operation);

  return started ? g_date_time_to_unix (started) : fallback;
}

static void
add_operation (PlugRbFacts *self, PlugRbOperation *operation)
{
  PlugRbStatus status = plug_rb_operation_get_status (operation);
  GPtrArray *changes = plug_rb_operation_get_changes (operation);

  if (plug_rb_operation_get_kind (operation) == PLUG_RB_KIND_SNAPSHOT)
    return;

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];
    PlugRbRetentionRollback rollback = {
      .target = change->target,
      .safety = change->safety_snapshot,
      .time = get_time (operation, self->now),
      .took_effect = status == PLUG_RB_STATUS_COMPLETED || status == PLUG_RB_STATUS_UNDONE,
    };

    if (g_str_equal (change->plugin, self->key))
      g_array_append_val (self->rollbacks, rollback);
  }
}

static void
show_rollbacks (PlugRbFacts *self)
{
  self->retention.rollbacks = (const PlugRbRetentionRollback *) (void *) self->rollbacks->data;
  self->retention.n_rollbacks = self->rollbacks->len;
}

/**
 * plug_rb_facts_read_history:
 *
 * Adds the plugin's past rollbacks, which takes as long as reading the whole history. Without it
 * what only they protect would seem free to go.
 */
gboolean
plug_rb_facts_read_history (PlugRbFacts *self, GError **error)
{
  self->operations = plug_rb_engine_list_operations (self->engine, self->key, error);
  if (self->operations == NULL)
    return FALSE;

  for (guint i = 0; i < self->operations->len; i++)
    add_operation (self, self->operations->pdata[i]);
  show_rollbacks (self);

  return TRUE;
}

/* ---- since when it is gone */

static gint64
find_last_presence (PlugRbFacts *self)
{
  gint64 last = 0;

  for (guint i = 0; i < self->snapshots->len; i++) {
    PlugRbSnapshot *snapshot = self->snapshots->pdata[i];

    if (plug_rb_snapshot_get_damaged (snapshot) == NULL && !plug_rb_snapshot_get_absent (snapshot))
      last = MAX (last, g_date_time_to_unix (plug_rb_snapshot_get_timestamp (snapshot)));
  }

  for (gsize i = 0; i < self->retention.n_rollbacks; i++)
    if (self->retention.rollbacks[i].took_effect)
      last = MAX (last, self->retention.rollbacks[i].time);

  return last;
}

/**
 * plug_rb_facts_remember_absence:
 * @dry_run: write nothing
 *
 * Finds out since when the plugin has been gone. Unless @dry_run, the caller holds its lock.
 */
void
plug_rb_facts_remember_absence (PlugRbFacts *self, gboolean dry_run)
{
  PlugRbStore *store = plug_rb_engine_get_store (self->engine);

  if (!self->retention.installed)
    self->retention.uninstalled_since =
        plug_rb_store_mark_absent (store, self->key, find_last_presence (self), self->now, dry_run);
  else if (!dry_run)
    plug_rb_store_unmark_absent (store, self->key);
}

/* ---- deciding */

static PlugRbRetentionSnapshot
describe (PlugRbSnapshot *snapshot)
{
  const char *label = plug_rb_snapshot_get_label (snapshot);
  const char *note = plug_rb_snapshot_get_note (snapshot);

  return (PlugRbRetentionSnapshot) {
    .id = plug_rb_snapshot_get_id (snapshot),
    .sequence = plug_rb_snapshot_get_sequence (snapshot),
    .time = g_date_time_to_unix (plug_rb_snapshot_get_timestamp (snapshot)),
    .version = plug_rb_snapshot_get_version (snapshot),
    .change = plug_rb_json_get_string (plug_rb_snapshot_get_json (snapshot), "change"),
    .health = plug_rb_snapshot_get_health (snapshot),
    .absent = plug_rb_snapshot_get_absent (snapshot),
    .pinned = plug_rb_snapshot_get_pinned (snapshot),
    .labeled = label != NULL && *label != '\0',
    .noted = note != NULL && *note != '\0',
    .damaged = plug_rb_snapshot_get_damaged (snapshot) != NULL,
  };
}

/**
 * plug_rb_facts_decide:
 *
 * Returns: (transfer full) (array) (not nullable): for each of the snapshots why it stays or may go
 */
PlugRbRetentionReason *
plug_rb_facts_decide (PlugRbFacts *self)
{
  g_autofree PlugRbRetentionSnapshot *described =
      g_new (PlugRbRetentionSnapshot, self->snapshots->len);
  PlugRbRetentionReason *reasons = g_new0 (PlugRbRetentionReason, self->snapshots->len + 1);

  for (guint i = 0; i < self->snapshots->len; i++)
    described[i] = describe (self->snapshots->pdata[i]);

  plug_rb_retention_decide (described, self->snapshots->len, &self->retention, &self->policy,
                            self->now, reasons);
  return reasons;
}

/**
 * plug_rb_facts_init:
 * @self: (out caller-allocates): what is known, but for the history; to be cleared even if this
 *   fails
 *
 * If anything is to be deleted, the caller holds the plugin's lock from here on.
 */
gboolean
plug_rb_facts_init (PlugRbFacts *self, PlugRbEngine *engine, const char *plugin, GError **error)
{
  PlugRbStore *store = plug_rb_engine_get_store (engine);

  *self = (PlugRbFacts) { .engine = engine, .now = g_get_real_time () / G_USEC_PER_SEC };
  self->key = g_strdup (plugin);
  self->rollbacks = g_array_new (FALSE, FALSE, sizeof (PlugRbRetentionRollback));

  if (!plug_rb_policy_load (&self->policy, plug_rb_store_get_path (store), plugin, error) ||
      !(self->snapshots = plug_rb_store_list_snapshots (store, plugin, error)) ||
      !(self->journals = plug_rb_store_list_journals (store, error)))
    return FALSE;

  for (guint i = 0; i < self->journals->len; i++)
    add_journal (self, self->journals->pdata[i]);
  show_rollbacks (self);
  look_for_plugin (self);

  return TRUE;
}

void
plug_rb_facts_clear (PlugRbFacts *self)
{
  plug_rb_policy_clear (&self->policy);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->snapshots, g_ptr_array_unref);
  g_clear_pointer (&self->journals, g_ptr_array_unref);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_clear_pointer (&self->rollbacks, g_array_unref);
  g_clear_object (&self->plugin);
}
