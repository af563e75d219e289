/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-compare.h"

#include "plug-rb-change.h"
#include "plug-rb-snapshot.h"

/* A walk through two ordered tables at once. */
typedef struct {
  PlugRbTable *from;
  PlugRbTable *to;
  guint i;
  guint j;
} Merge;

/* Gives the rows of the next place: either may be %NULL. */
static gboolean
merge_next (Merge *merge, const PlugRbEntry **from, const PlugRbEntry **to)
{
  gboolean has_from = merge->i < plug_rb_table_get_size (merge->from);
  gboolean has_to = merge->j < plug_rb_table_get_size (merge->to);
  int order;

  if (!has_from && !has_to)
    return FALSE;

  *from = has_from ? plug_rb_table_get (merge->from, merge->i) : NULL;
  *to = has_to ? plug_rb_table_get (merge->to, merge->j) : NULL;
  order = !has_from ? 1 : !has_to ? -1 : plug_rb_entry_compare_place (*from, *to);

  if (order <= 0)
    merge->i++;
  else
    *from = NULL;
  if (order >= 0)
    merge->j++;
  else
    *to = NULL;

  return TRUE;
}

static PlugRbChangeKind
judge (const PlugRbEntry *from, const PlugRbEntry *to)
{
  if (from == NULL)
    return PLUG_RB_CHANGE_ADDED;
  if (to == NULL)
    return PLUG_RB_CHANGE_REMOVED;
  if (from->type != to->type)
    return PLUG_RB_CHANGE_TYPE;
  if (g_strcmp0 (from->sha256, to->sha256) != 0 || g_strcmp0 (from->target, to->target) != 0)
    return PLUG_RB_CHANGE_CHANGED;

  return from->mode != to->mode ? PLUG_RB_CHANGE_PERMISSIONS : PLUG_RB_CHANGE_TIME;
}

static char *
display_place (const PlugRbEntry *entry)
{
  const char *member = strchr (entry->part, '/');
  g_autofree char *part =
      member ? g_strndup (entry->part, member - entry->part) : g_strdup (entry->part);
  g_autofree char *path = member == NULL         ? g_strdup (*entry->path ? entry->path : ".")
                          : *entry->path == '\0' ? g_strdup (member + 1)
                                                 : g_build_filename (member + 1, entry->path, NULL);
  g_autofree char *shown = g_filename_display_name (path);

  /* The part that holds the plugin's code needs no name; what lies elsewhere does. */
  return g_str_equal (part, "user") ? g_steal_pointer (&shown)
                                    : g_strconcat (part, ": ", shown, NULL);
}

static void
add_file (PlugRbPlan *plan, const PlugRbEntry *from, const PlugRbEntry *to, guint64 *bytes)
{
  const PlugRbEntry *entry = from ? from : to;
  PlugRbChangeKind kind = judge (from, to);
  g_autofree char *name = NULL;
  g_autoptr(PlugRbChange) change = NULL;

  if (to != NULL)
    *bytes += to->size;

  /* The time of a folder changes with every file that comes or goes in it: that is no news. */
  if (entry->type == PLUG_RB_ENTRY_FOLDER && kind == PLUG_RB_CHANGE_TIME)
    return;

  name = display_place (entry);
  change = plug_rb_change_new_file (kind, name, from ? from->size : 0, to ? to->size : 0);
  plug_rb_change_set_place (change, entry->part, entry->path);
  plug_rb_plan_add_file (plan, change);
}

static void
compare_files (PlugRbPlan *plan, PlugRbState *from, PlugRbState *to)
{
  Merge merge = { from->table, to->table, 0, 0 };
  const PlugRbEntry *a, *b;
  guint64 bytes = 0;

  while (merge_next (&merge, &a, &b)) {
    const PlugRbEntry *entry = a ? a : b;

    if (!g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) &&
        (a == NULL || b == NULL || !plug_rb_entry_equal (a, b)))
      add_file (plan, a, b, &bytes);
  }

  plug_rb_plan_set_bytes (plan, bytes, 0);
}

/**
 * plug_rb_compare_part_differs:
 *
 * Whether any row of one part differs between two states.
 */
gboolean
plug_rb_compare_part_differs (PlugRbState *from, PlugRbState *to, const char *part)
{
  Merge merge = { from->table, to->table, 0, 0 };
  const PlugRbEntry *a, *b;

  while (merge_next (&merge, &a, &b))
    if (g_str_equal ((a ? a : b)->part, part) &&
        (a == NULL || b == NULL || !plug_rb_entry_equal (a, b)))
      return TRUE;

  return FALSE;
}

static gboolean
is_known (PlugRbState *from, PlugRbState *to, const char *key)
{
  return plug_rb_values_covers (from->values, key) && plug_rb_values_covers (to->values, key);
}

/**
 * plug_rb_compare_list_keys:
 *
 * Returns: (transfer full): the settings that either state has, in byte order, but for those in
 *   places that were not looked at for one of them
 */
char **
plug_rb_compare_list_keys (PlugRbState *from, PlugRbState *to)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) keys = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  PlugRbState *const states[] = { from, to };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    g_auto(GStrv) own = plug_rb_values_dup_keys (states[i]->values);

    for (guint j = 0; own[j] != NULL; j++)
      if (!g_hash_table_contains (seen, own[j]) && is_known (from, to, own[j])) {
        char *key = g_strdup (own[j]);

        g_ptr_array_add (keys, key);
        g_hash_table_add (seen, key);
      }
  }

  g_ptr_array_sort_values (keys, (GCompareFunc) strcmp);
  return (char **) g_ptr_array_steal (keys, NULL);
}

static void
compare_values (PlugRbPlan *plan, PlugRbState *from, PlugRbState *to)
{
  g_auto(GStrv) keys = plug_rb_compare_list_keys (from, to);

  for (guint i = 0; keys[i] != NULL; i++) {
    GVariant *a = plug_rb_values_get (from->values, keys[i]);
    GVariant *b = plug_rb_values_get (to->values, keys[i]);
    gboolean retyped = a != NULL && b != NULL && !g_variant_is_of_type (a, g_variant_get_type (b));
    g_autofree char *a_text = a ? plug_rb_values_dup_shown (keys[i], a, retyped) : NULL;
    g_autofree char *b_text = b ? plug_rb_values_dup_shown (keys[i], b, retyped) : NULL;
    g_autoptr(PlugRbChange) change = NULL;

    /* Where the type is all that differs, it has to be shown. */
    if (plug_rb_values_equal (keys[i], a, b))
      continue;

    change = plug_rb_change_new_value (keys[i], a_text, b_text);
    plug_rb_plan_add_setting (plan, change);
  }
}

static void
compare_memberships (PlugRbPlan *plan, PlugRbState *from, PlugRbState *to)
{
  for (guint i = 0; i < from->memberships->len; i++) {
    const PlugRbMembership *a = from->memberships->pdata[i];
    const PlugRbMembership *b = plug_rb_state_get_membership (to, a->name);
    g_autoptr(PlugRbChange) change = NULL;

    if (b == NULL || a->present == b->present)
      continue;

    change = plug_rb_change_new_value (a->key, a->present ? "true" : "false",
                                       b->present ? "true" : "false");
    plug_rb_plan_add_setting (plan, change);
  }
}

/**
 * plug_rb_compare_states:
 * @from_snapshot: (nullable): the snapshot that @from was read from; %NULL for the live system
 * @to_snapshot: (nullable): likewise for @to
 *
 * Works out what must change to come from one state to the other. A pure function of its arguments.
 *
 * Returns: (transfer full): the difference, without warnings and blockers
 */
PlugRbPlan *
plug_rb_compare_states (PlugRbState *from,
                        PlugRbSnapshot *from_snapshot,
                        PlugRbState *to,
                        PlugRbSnapshot *to_snapshot)
{
  PlugRbPlan *plan =
      plug_rb_plan_new (from->plugin, from_snapshot, to_snapshot, from->version, to->version);

  compare_files (plan, from, to);
  compare_values (plan, from, to);
  compare_memberships (plan, from, to);

  plug_rb_plan_set_removes (plan, to->absent && !from->absent);

  return plan;
}
