/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PlugRbPolicy:
 * @max_snapshots: how many snapshots of a plugin are kept, beside those that are protected
 * @retention_days: after how many days a snapshot may go
 * @max_snapshot_size: largest plugin in bytes that is saved; 0 for no limit
 * @exclude: globs of paths that are neither saved nor restored; ends with %NULL
 *
 * What the user wants for one plugin. Plain data.
 */
typedef struct {
  gboolean auto_snapshot_on_install;
  gboolean auto_snapshot_on_update;
  gboolean auto_snapshot_on_uninstall;
  gboolean auto_rollback_on_failure;
  gboolean require_confirmation;
  guint max_snapshots;
  guint retention_days;
  guint64 max_snapshot_size;
  GStrv exclude;
} PlugRbPolicy;

void plug_rb_policy_init (PlugRbPolicy *self);
gboolean plug_rb_policy_load (PlugRbPolicy *self,
                              const char *store_path,
                              const char *plugin,
                              GError **error);
void plug_rb_policy_clear (PlugRbPolicy *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlugRbPolicy, plug_rb_policy_clear)

G_END_DECLS
