/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-pruning.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-snapshot.h"

static void
pruned_free (PlugRbPruned *pruned)
{
  g_object_unref (pruned->snapshot);
  g_free (pruned->sentence);
  g_free (pruned);
}

static void
failure_free (PlugRbPruneFailure *failure)
{
  g_free (failure->plugin);
  g_error_free (failure->error);
  g_free (failure);
}

PlugRbPruning *
plug_rb_pruning_new (void)
{
  PlugRbPruning *self = g_new0 (PlugRbPruning, 1);

  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) pruned_free);
  self->deleted = g_ptr_array_new_with_free_func ((GDestroyNotify) pruned_free);
  self->purged = g_ptr_array_new_with_free_func ((GDestroyNotify) pruned_free);
  self->failed = g_ptr_array_new_with_free_func ((GDestroyNotify) failure_free);

  return self;
}

void
plug_rb_pruning_free (PlugRbPruning *self)
{
  g_ptr_array_unref (self->kept);
  g_ptr_array_unref (self->deleted);
  g_ptr_array_unref (self->purged);
  g_ptr_array_unref (self->failed);
  g_free (self);
}

static PlugRbPruned *
pruned_new (PlugRbSnapshot *snapshot, const char *why, char *sentence)
{
  PlugRbPruned *pruned = g_new0 (PlugRbPruned, 1);

  pruned->snapshot = g_object_ref (snapshot);
  pruned->why = why;
  pruned->sentence = sentence;

  return pruned;
}

/**
 * plug_rb_pruning_add:
 * @reason: why it stays or has gone to the trash
 */
void
plug_rb_pruning_add (PlugRbPruning *self,
                     PlugRbSnapshot *snapshot,
                     PlugRbRetentionReason reason,
                     const PlugRbPolicy *policy)
{
  g_ptr_array_add (plug_rb_retention_may_go (reason) ? self->deleted : self->kept,
                   pruned_new (snapshot, plug_rb_retention_get_name (reason),
                               plug_rb_retention_dup_sentence (reason, policy)));
}

/**
 * plug_rb_pruning_add_purged:
 * @snapshot: one that was in the trash
 */
void
plug_rb_pruning_add_purged (PlugRbPruning *self, PlugRbSnapshot *snapshot)
{
  g_ptr_array_add (self->purged,
                   pruned_new (snapshot, "trash-expired",
                               g_strdup (_("It was in the trash for more than 7 days"))));
}

/**
 * plug_rb_pruning_add_failure:
 * @error: (transfer full): why @plugin was passed over
 */
void
plug_rb_pruning_add_failure (PlugRbPruning *self, const char *plugin, GError *error)
{
  PlugRbPruneFailure *failure = g_new0 (PlugRbPruneFailure, 1);

  failure->plugin = g_strdup (plugin);
  failure->error = error;
  g_ptr_array_add (self->failed, failure);
}
