/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/**
 * PlugRbSweepFailure:
 * @name: what the plugin calls itself
 * @message: why there is no snapshot of it
 */
typedef struct {
  char *name;
  char *message;
} PlugRbSweepFailure;

/**
 * PlugRbSweep:
 * @plugins: (element-type PlugRbPlugin): the plugins, in the order in which they are read
 * @reason: why
 * @created: (element-type PlugRbPlugin): those that have a new snapshot
 * @n_unchanged: how many had one that holds exactly what is installed
 * @failures: (element-type PlugRbSweepFailure): what went wrong; being stopped is no failure
 *
 * Snapshots of several plugins, from the wish to what became of it. All but
 * plug_rb_sweep_get_current() is for the thread that takes them, and for everybody afterwards.
 */
typedef struct {
  GPtrArray *plugins;
  PlugRbReason reason;
  GPtrArray *created;
  guint n_unchanged;
  GPtrArray *failures;

  /*< private >*/
  int n_done;
} PlugRbSweep;

PlugRbSweep *plug_rb_sweep_new (GPtrArray *plugins, PlugRbReason reason);
PlugRbSweep *plug_rb_sweep_ref (PlugRbSweep *self);
void plug_rb_sweep_unref (PlugRbSweep *self);
guint plug_rb_sweep_get_current (PlugRbSweep *self);
void plug_rb_sweep_add (PlugRbPlugin *plugin,
                        PlugRbSnapshot *snapshot,
                        gboolean created,
                        const GError *error,
                        gpointer self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSweep, plug_rb_sweep_unref)

G_END_DECLS
