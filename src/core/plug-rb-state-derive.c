/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-state-derive.h"

#include "plug-rb-carry.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-table-filter.h"
#include "plug-rb-table-merge.h"

/* The same state with other files and settings. */
static PlugRbState *
derive (PlugRbState *origin, PlugRbTable *table, PlugRbValues *values, GPtrArray *memberships)
{
  PlugRbState *self = g_new0 (PlugRbState, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->plugin = g_strdup (origin->plugin);
  self->id = g_strdup (origin->id);
  self->name = g_strdup (origin->name);
  self->version = g_strdup (origin->version);
  self->manifest = g_strdup (origin->manifest);
  self->absent = origin->absent;
  self->table = plug_rb_table_ref (table);
  self->values = plug_rb_values_ref (values);
  self->memberships = g_ptr_array_ref (memberships);
  self->documents = g_hash_table_ref (origin->documents);

  return self;
}

static gboolean
is_staged (GPtrArray *parts, const char *name)
{
  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (g_str_equal (part->name, name))
      return part->role == PLUG_RB_ROLE_STAGED;
  }

  return FALSE;
}

static gboolean
is_dropped (const PlugRbEntry *entry,
            GPtrArray *parts,
            gboolean with_staged,
            const char *const *excludes)
{
  return !g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) &&
         ((!with_staged && is_staged (parts, entry->part)) ||
          plug_rb_carry_matches (excludes, entry->path));
}

/**
 * plug_rb_state_derive_restorable:
 * @target: what a snapshot holds
 * @parts: (element-type PlugRbPart): where files of the plugin lie
 * @with_staged: bring back a staged update, too: it would put the version that was rolled back in
 *   place again at the host's next start, so only an undo wants it
 * @excludes: (nullable): globs of names that are not restored, though an older snapshot has them
 *
 * Returns: (transfer full): what a rollback brings back of it; often @target itself
 */
PlugRbState *
plug_rb_state_derive_restorable (PlugRbState *target,
                                 GPtrArray *parts,
                                 gboolean with_staged,
                                 const char *const *excludes)
{
  g_autoptr(GHashTable) firsts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(PlugRbTable) table = NULL;
  guint size = plug_rb_table_get_size (target->table), kept = 0;

  for (guint i = 0; i < size; i++)
    kept += !is_dropped (plug_rb_table_get (target->table, i), parts, with_staged, excludes);

  if (kept == size)
    return plug_rb_state_ref (target);

  table = plug_rb_table_new ();
  for (guint i = 0; i < size; i++) {
    const PlugRbEntry *entry = plug_rb_table_get (target->table, i);

    if (!is_dropped (entry, parts, with_staged, excludes))
      plug_rb_table_filter_add (table, entry, firsts);
  }
  plug_rb_table_close (table);

  return derive (target, table, target->values, target->memberships);
}

static gboolean
is_settings (GPtrArray *parts, const char *name)
{
  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (g_str_equal (part->name, name))
      return part->role == PLUG_RB_ROLE_SETTINGS;
  }

  return g_str_equal (name, PLUG_RB_TABLE_SETTINGS);
}

static void
add_scoped (PlugRbTable *table, PlugRbState *state, GPtrArray *parts, gboolean of_settings)
{
  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);

    if (is_settings (parts, entry->part) == of_settings)
      plug_rb_table_add (table, entry);
  }
}

/* Whose value of a setting is wanted: what says which files are installed goes with them. */
static gboolean
is_wanted (PlugRbState *live, PlugRbScope scope, const char *key)
{
  if (plug_rb_settings_group_is_observed (live->stores, key))
    return FALSE;

  return plug_rb_settings_group_goes_with_files (live->stores, key)
             ? (scope & PLUG_RB_SCOPE_FILES) != 0
             : (scope & PLUG_RB_SCOPE_SETTINGS) != 0;
}

static void
copy_values (PlugRbValues *values, PlugRbState *live, PlugRbState *from, PlugRbScope scope)
{
  const char *const *folders = plug_rb_values_get_folders (from->values);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (from->values);

  for (guint i = 0; folders[i] != NULL; i++)
    if (is_wanted (live, scope, folders[i]) == (from != live))
      plug_rb_values_add_folder (values, folders[i]);

  for (guint i = 0; keys[i] != NULL; i++)
    if (is_wanted (live, scope, keys[i]) == (from != live))
      plug_rb_values_set (values, keys[i], plug_rb_values_get (from->values, keys[i]));
}

static PlugRbValues *
derive_values (PlugRbState *live, PlugRbState *target, PlugRbScope scope)
{
  PlugRbValues *values = plug_rb_values_new ();

  copy_values (values, live, live, scope);
  copy_values (values, live, target, scope);

  return values;
}

static gboolean
observes_any (PlugRbState *live)
{
  for (guint i = 0; live->stores != NULL && i < live->stores->len; i++) {
    g_autofree char *folder = plug_rb_settings_group_dup_folder (live->stores->pdata[i]);

    if (plug_rb_settings_group_is_observed (live->stores, folder))
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_state_derive_scoped:
 * @live: the plugin as it is, with all parts that either state has
 * @scope: what is to be brought back
 *
 * Files in which a plugin keeps settings go with its settings, all other files with its code.
 *
 * Returns: (transfer full): @target with what @live has where that is not in @scope
 */
PlugRbState *
plug_rb_state_derive_scoped (PlugRbState *live, PlugRbState *target, PlugRbScope scope)
{
  g_autoptr(PlugRbTable) table = NULL;
  g_autoptr(PlugRbValues) values = NULL;

  if (scope == PLUG_RB_SCOPE_ALL && !observes_any (live))
    return plug_rb_state_ref (target);

  table = plug_rb_table_new ();
  add_scoped (table, scope & PLUG_RB_SCOPE_FILES ? target : live, live->parts, FALSE);
  add_scoped (table, scope & PLUG_RB_SCOPE_SETTINGS ? target : live, live->parts, TRUE);
  plug_rb_table_close (table);
  values = derive_values (live, target, scope);

  return derive (target, table, values,
                 (scope & PLUG_RB_SCOPE_SETTINGS ? target : live)->memberships);
}

/**
 * plug_rb_state_derive_chosen:
 * @part: the part that the paths are below
 * @paths: files and folders of the plugin, as the user gives them
 *
 * Returns: (transfer full): @live with the files of @target at @paths
 */
PlugRbState *
plug_rb_state_derive_chosen (PlugRbState *live,
                             PlugRbState *target,
                             const PlugRbPart *part,
                             const char *const *paths,
                             GError **error)
{
  g_autoptr(PlugRbTable) table =
      plug_rb_table_merge (live->table, target->table, part->name, paths, error);

  return table ? derive (live, table, live->values, live->memberships) : NULL;
}
