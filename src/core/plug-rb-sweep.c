/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sweep.h"

#include <gio/gio.h>

#include "plug-rb-plugin.h"

static void
failure_free (PlugRbSweepFailure *failure)
{
  g_free (failure->name);
  g_free (failure->message);
  g_free (failure);
}

static void
sweep_clear (PlugRbSweep *self)
{
  g_ptr_array_unref (self->plugins);
  g_ptr_array_unref (self->created);
  g_ptr_array_unref (self->failures);
}

/**
 * plug_rb_sweep_new:
 * @plugins: (element-type PlugRbPlugin): copied
 *
 * Returns: (transfer full): the wish for a snapshot of each of them
 */
PlugRbSweep *
plug_rb_sweep_new (GPtrArray *plugins, PlugRbReason reason)
{
  PlugRbSweep *self = g_atomic_rc_box_new0 (PlugRbSweep);

  self->plugins = g_ptr_array_new_full (plugins->len, g_object_unref);
  for (guint i = 0; i < plugins->len; i++)
    g_ptr_array_add (self->plugins, g_object_ref (plugins->pdata[i]));
  self->reason = reason;
  self->created = g_ptr_array_new_with_free_func (g_object_unref);
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) failure_free);

  return self;
}

/**
 * plug_rb_sweep_ref:
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
PlugRbSweep *
plug_rb_sweep_ref (PlugRbSweep *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * plug_rb_sweep_unref:
 *
 * Any thread.
 */
void
plug_rb_sweep_unref (PlugRbSweep *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) sweep_clear);
}

/**
 * plug_rb_sweep_get_current:
 *
 * Any thread.
 *
 * Returns: place in the list of the plugin that is read now; the last one at the end
 */
guint
plug_rb_sweep_get_current (PlugRbSweep *self)
{
  guint n_done = (guint) g_atomic_int_get (&self->n_done);

  return self->plugins->len == 0 ? 0 : MIN (n_done, self->plugins->len - 1);
}

static void
add_failure (PlugRbSweep *self, PlugRbPlugin *plugin, const GError *error)
{
  PlugRbSweepFailure *failure;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  failure = g_new0 (PlugRbSweepFailure, 1);
  failure->name = g_strdup (plug_rb_plugin_get_name (plugin));
  failure->message = g_strdup (error->message);
  g_ptr_array_add (self->failures, failure);
}

/**
 * plug_rb_sweep_add:
 *
 * Notes what became of the next plugin, as plug_rb_engine_snapshot_many() tells it.
 */
void
plug_rb_sweep_add (PlugRbPlugin *plugin,
                   PlugRbSnapshot *snapshot,
                   gboolean created,
                   const GError *error,
                   gpointer user_data)
{
  PlugRbSweep *self = user_data;

  if (snapshot == NULL)
    add_failure (self, plugin, error);
  else if (created)
    g_ptr_array_add (self->created, g_object_ref (plugin));
  else
    self->n_unchanged++;

  g_atomic_int_inc (&self->n_done);
}
