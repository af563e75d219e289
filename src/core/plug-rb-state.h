/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-scan.h"
#include "plug-rb-table.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/* The document under `settings/` that holds the values. */
#define PLUG_RB_STATE_VALUES_NAME "settings.json"

/**
 * PlugRbState:
 * @plugin: key, "HOST/ID"
 * @id: the plugin's id
 * @name: (nullable): what it calls itself
 * @version: (nullable): its version
 * @manifest: (nullable): its manifest verbatim
 * @absent: whether there are no files of it
 * @table: all of it, row by row
 * @values: its settings as stored
 * @memberships: (element-type PlugRbMembership): its place in the host's lists
 * @documents: (element-type filename GBytes): what stands in the archive under `settings/`
 * @dependencies: (element-type PlugRbDependency) (nullable): what it needs of others, for a state
 *   of the live system
 * @n_passed: number of names in the plugin's folders that are never stored
 * @parts: (element-type PlugRbPart) (nullable): where its files lie, for a state of the live system
 * @stores: (element-type PlugRbSettingsStore) (nullable): where those of its values lie that are
 *   not in dconf, likewise
 *
 * All that makes one plugin, as it is now or as it was in a snapshot. Immutable and safe for
 * several threads once made.
 */
typedef struct {
  gatomicrefcount ref_count;
  char *plugin;
  char *id;
  char *name;
  char *version;
  char *manifest;
  gboolean absent;
  PlugRbTable *table;
  PlugRbValues *values;
  GPtrArray *memberships;
  GHashTable *documents;
  GPtrArray *dependencies;
  guint n_passed;
  GPtrArray *parts;
  GPtrArray *stores;
} PlugRbState;

PlugRbState *plug_rb_state_new (const char *plugin, const char *id);
PlugRbState *plug_rb_state_load (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error);
PlugRbState *plug_rb_state_ref (PlugRbState *self);
void plug_rb_state_unref (PlugRbState *self);

const PlugRbPart *plug_rb_state_get_part (PlugRbState *self, const char *name);
const PlugRbMembership *plug_rb_state_get_membership (PlugRbState *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbState, plug_rb_state_unref)

G_END_DECLS
