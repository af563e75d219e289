/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-engine-policy.h"

#include "plug-rb-facts.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

/* Snapshots that may go with the policy that is to come but not with the present one. */
static guint
count_newly_free (PlugRbFacts *facts, GKeyFile *file, guint64 *size)
{
  g_autofree PlugRbRetentionReason *before = plug_rb_facts_decide (facts);
  g_autofree PlugRbRetentionReason *after = NULL;
  guint n = 0;

  plug_rb_policy_clear (&facts->policy);
  plug_rb_policy_read (&facts->policy, file, facts->key);
  after = plug_rb_facts_decide (facts);

  for (guint i = 0; i < facts->snapshots->len; i++)
    if (plug_rb_retention_may_go (after[i]) && !plug_rb_retention_may_go (before[i])) {
      n++;
      *size += plug_rb_snapshot_get_stored_size (facts->snapshots->pdata[i]);
    }

  return n;
}

static gboolean
foresee_plugin (PlugRbEngine *self,
                const char *plugin,
                GKeyFile *file,
                PlugRbForesight *foresight,
                GError **error)
{
  g_auto(PlugRbFacts) facts = { 0 };
  g_auto(PlugRbPolicy) present = { 0 };
  guint64 size = 0;
  guint n;

  if (!plug_rb_facts_init (&facts, self, plugin, error))
    return FALSE;

  plug_rb_facts_remember_absence (&facts, TRUE);
  if (count_newly_free (&facts, file, &size) == 0)
    return TRUE;

  /* Only the history tells what it protects; it is read only if something would go without it. */
  if (!plug_rb_facts_read_history (&facts, error) ||
      !plug_rb_policy_load (&present, plug_rb_engine_get_store_path (self), plugin, error))
    return FALSE;

  plug_rb_facts_remember_absence (&facts, TRUE);
  plug_rb_policy_clear (&facts.policy);
  facts.policy = present;
  present = (PlugRbPolicy) { 0 };
  size = 0;
  n = count_newly_free (&facts, file, &size);
  foresight->n_snapshots += n;
  foresight->n_plugins += n > 0;
  foresight->size += size;

  return TRUE;
}

static gboolean
can_matter (GPtrArray *edits)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbPolicyEdit *edit = edits->pdata[i];
    const PlugRbPolicyKey *key = edit->key ? plug_rb_policy_key_find (edit->key) : NULL;

    if (key == NULL || key->decides_what_stays)
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_engine_foresee_policy:
 * @edits: (element-type PlugRbPolicyEdit): changes of the policy, of values that were checked
 * @foresight: (out): what would go because of them
 *
 * Finds out which snapshots the next clean-up would take because of @edits, and would not take
 * without them. Changes nothing.
 */
gboolean
plug_rb_engine_foresee_policy (PlugRbEngine *self,
                               GPtrArray *edits,
                               PlugRbForesight *foresight,
                               GCancellable *cancellable,
                               GError **error)
{
  PlugRbStore *store = plug_rb_engine_get_store (self);
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GPtrArray) plugins = NULL;

  *foresight = (PlugRbForesight) { 0 };
  if (!can_matter (edits))
    return TRUE;

  if (!(file = plug_rb_policy_file_load (plug_rb_store_get_path (store), error)) ||
      !(plugins = plug_rb_store_list_plugins (store, error)))
    return FALSE;

  plug_rb_policy_file_apply (file, edits);
  for (guint i = 0; i < plugins->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !foresee_plugin (self, plugins->pdata[i], file, foresight, error))
      return FALSE;

  return TRUE;
}
