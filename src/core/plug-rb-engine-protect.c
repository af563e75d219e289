/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-facts.h"
#include "plug-rb-snapshot.h"

static gboolean
contains (GPtrArray *snapshots, const char *id)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_id (snapshots->pdata[i]), id))
      return TRUE;

  return FALSE;
}

/* The id of the first of @doomed that could undo something, or NULL. */
static const char *
find_needed (PlugRbFacts *facts, GPtrArray *doomed)
{
  for (guint i = 0; i < facts->operations->len; i++) {
    PlugRbOperation *operation = facts->operations->pdata[i];
    GPtrArray *changes = plug_rb_operation_get_changes (operation);

    if (!plug_rb_operation_get_can_undo (operation))
      continue;
    for (guint j = 0; j < changes->len; j++) {
      const PlugRbOperationChange *change = changes->pdata[j];

      if (change->safety_snapshot != NULL && contains (doomed, change->safety_snapshot))
        return change->safety_snapshot;
    }
  }

  return NULL;
}

static gboolean
is_copy (PlugRbSnapshot *snapshot)
{
  return plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         !plug_rb_snapshot_get_absent (snapshot) &&
         plug_rb_snapshot_get_health (snapshot) != PLUG_RB_HEALTH_BAD;
}

static gboolean
are_last_copies (PlugRbFacts *facts, GPtrArray *doomed)
{
  gboolean lost = FALSE;

  for (guint i = 0; i < facts->snapshots->len; i++) {
    if (!is_copy (facts->snapshots->pdata[i]))
      continue;
    if (!contains (doomed, plug_rb_snapshot_get_id (facts->snapshots->pdata[i])))
      return FALSE;
    lost = TRUE;
  }

  return lost && facts->retention.installed;
}

static gboolean
check_plugin (PlugRbEngine *self, const char *plugin, GPtrArray *doomed, GError **error)
{
  g_auto(PlugRbFacts) facts = { 0 };
  const char *needed;

  if (!plug_rb_facts_init (&facts, self, plugin, error) ||
      !plug_rb_facts_read_history (&facts, error))
    return FALSE;

  if ((needed = find_needed (&facts, doomed))) {
    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
        _("Without snapshot %s a rollback of %s cannot be undone. Delete it all the same?"),
        needed, plugin);
    return FALSE;
  }

  if (!are_last_copies (&facts, doomed))
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               _("No good copy of %s would be left. Delete it all the same?"), plugin);
  return FALSE;
}

/**
 * plug_rb_engine_check_delete:
 * @snapshots: (element-type PlugRbSnapshot): what the user wants to delete, all at once
 *
 * Whether they can be deleted without asking. %PLUG_RB_ERROR_NEEDS_USER if one of them is what an
 * undo would go back to, or if an installed plugin would have no copy left that is not known to be
 * bad; the message is the question.
 */
gboolean
plug_rb_engine_check_delete (PlugRbEngine *self, GPtrArray *snapshots, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (PLUG_RB_IS_ENGINE (self), FALSE);
  g_return_val_if_fail (snapshots != NULL, FALSE);

  for (guint i = 0; i < snapshots->len; i++) {
    const char *plugin = plug_rb_snapshot_get_plugin (snapshots->pdata[i]);

    if (g_hash_table_add (seen, (char *) plugin) && !check_plugin (self, plugin, snapshots, error))
      return FALSE;
  }

  return TRUE;
}
