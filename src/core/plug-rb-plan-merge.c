/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-change.h"
#include "plug-rb-plan.h"
#include "plug-rb-snapshot.h"

typedef void (*AddChange) (PlugRbPlan *plan, PlugRbChange *change);

static PlugRbChange *
copy_change (PlugRbChange *change, const char *name, gboolean is_file)
{
  if (is_file)
    return plug_rb_change_new_file (plug_rb_change_get_kind (change), name,
                                    plug_rb_change_get_from_size (change),
                                    plug_rb_change_get_size (change));

  return plug_rb_change_new_value (name, plug_rb_change_get_from (change),
                                   plug_rb_change_get_to (change));
}

static void
add_changes (
    PlugRbPlan *merged, AddChange add, GListModel *changes, const char *plugin, gboolean is_file)
{
  for (guint i = 0; i < g_list_model_get_n_items (changes); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (changes, i);
    /* TRANSLATORS: the name of a plugin, then that of one of its files or settings */
    g_autofree char *name =
        g_strdup_printf (_("%s: %s"), plugin, plug_rb_change_get_name (change));

    g_autoptr(PlugRbChange) copy = copy_change (change, name, is_file);

    add (merged, copy);
  }
}

static void
add_texts (PlugRbPlan *merged,
           void (*add) (PlugRbPlan *plan, const char *text),
           const char *const *there,
           const char *const *texts)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (there == NULL || !g_strv_contains (there, texts[i]))
      add (merged, texts[i]);
}

static const char *
get_name (PlugRbPlan *plan)
{
  PlugRbSnapshot *to = plug_rb_plan_get_to (plan);
  const char *name = to ? plug_rb_snapshot_get_name (to) : NULL;

  return name ? name : plug_rb_plan_get_plugin (plan);
}

static void
add_plan (PlugRbPlan *merged, PlugRbPlan *plan)
{
  const char *name = get_name (plan);

  add_changes (merged, plug_rb_plan_add_file, plug_rb_plan_get_files (plan), name, TRUE);
  add_changes (merged, plug_rb_plan_add_setting, plug_rb_plan_get_settings (plan), name, FALSE);
  add_changes (merged, plug_rb_plan_add_dependency, plug_rb_plan_get_dependencies (plan), name,
               FALSE);
  /* What concerns all of them, such as a program that runs, is said once. */
  add_texts (merged, plug_rb_plan_add_warning, plug_rb_plan_get_warnings (merged),
             plug_rb_plan_get_warnings (plan));
  add_texts (merged, plug_rb_plan_add_blocker, plug_rb_plan_get_blockers (merged),
             plug_rb_plan_get_blockers (plan));
}

static guint64
get_smaller (guint64 a, guint64 b)
{
  return a == 0 || (b != 0 && b < a) ? b : a;
}

/**
 * plug_rb_plan_merge:
 * @plans: (element-type PlugRbPlan): plans of several plugins, at least one
 *
 * One plan to look at, in which each change bears the name of its plugin. Nothing can be carried
 * out from it.
 *
 * Returns: (transfer full): the plan
 */
PlugRbPlan *
plug_rb_plan_merge (GPtrArray *plans)
{
  PlugRbPlan *merged;
  guint64 write_bytes = 0, free_bytes = 0;

  g_return_val_if_fail (plans != NULL && plans->len > 0, NULL);

  merged = plug_rb_plan_new (plug_rb_plan_get_plugin (plans->pdata[0]), NULL, NULL, NULL, NULL);
  for (guint i = 0; i < plans->len; i++) {
    add_plan (merged, plans->pdata[i]);
    write_bytes += plug_rb_plan_get_write_bytes (plans->pdata[i]);
    free_bytes = get_smaller (free_bytes, plug_rb_plan_get_free_bytes (plans->pdata[i]));
  }

  plug_rb_plan_set_bytes (merged, write_bytes, free_bytes);
  return merged;
}
