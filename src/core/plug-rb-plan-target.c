/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plan-target.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-host.h"
#include "plug-rb-state-derive.h"

/* Paths that the user names are below the plugin's folder: where it is, or where it was. */
static const PlugRbPart *
find_main_part (PlugRbState *live, PlugRbState *target)
{
  PlugRbState *const states[] = { live, target };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    for (guint j = 0; j < live->parts->len; j++) {
      const PlugRbPart *part = live->parts->pdata[j];

      if (plug_rb_part_installs (part) && plug_rb_table_has_part (states[i]->table, part->name))
        return part;
    }

  return live->parts->pdata[0];
}

static gboolean
is_settings_file (const PlugRbEntry *entry, const char *part, const char *const *globs)
{
  if (!g_str_equal (entry->part, part) || strchr (entry->path, '/') != NULL)
    return FALSE;

  for (guint i = 0; globs[i] != NULL; i++)
    if (g_pattern_match_simple (globs[i], entry->path))
      return TRUE;

  return FALSE;
}

static void
add_settings_files (GStrvBuilder *names,
                    PlugRbTable *table,
                    const char *part,
                    const char *const *globs)
{
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (is_settings_file (entry, part, globs))
      g_strv_builder_add (names, entry->path);
  }
}

/* The files among the code in which the plugin keeps settings. Where one of the states does not
 * have the folder, it comes or goes as a whole. */
static char **
list_settings_files (PlugRbHost *host, PlugRbState *live, PlugRbState *target, const char *part)
{
  const char *const *globs = plug_rb_host_get_settings_globs (host);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (plug_rb_table_has_part (live->table, part) && plug_rb_table_has_part (target->table, part)) {
    add_settings_files (names, live->table, part, globs);
    add_settings_files (names, target->table, part, globs);
  }

  return g_strv_builder_end (names);
}

static gboolean
derive_scoped (PlugRbPlanWork *work, PlugRbState *target, GError **error)
{
  const PlugRbPart *part = find_main_part (work->live, target);
  gboolean of_files = (work->scope & PLUG_RB_SCOPE_FILES) != 0;
  g_autoptr(PlugRbState) scoped = plug_rb_state_derive_scoped (work->live, target, work->scope);
  g_auto(GStrv) names = NULL;

  if (work->scope != PLUG_RB_SCOPE_ALL)
    names = list_settings_files (work->host, work->live, target, part->name);
  if (names == NULL || names[0] == NULL) {
    work->target = g_steal_pointer (&scoped);
    return TRUE;
  }

  work->target = plug_rb_state_derive_chosen (scoped, of_files ? work->live : target, part,
                                              (const char *const *) names, error);
  *(of_files ? &work->kept : &work->paths) = g_steal_pointer (&names);

  return work->target != NULL;
}

static gboolean
derive_chosen (PlugRbPlanWork *work, PlugRbState *target, const char *const *paths, GError **error)
{
  const PlugRbPart *part = find_main_part (work->live, target);

  if (strchr (part->name, '/') != NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("%s has no folder of its own, so its files go back together"),
                 work->live->plugin);
    return FALSE;
  }

  work->paths = g_strdupv ((char **) paths);
  work->target = plug_rb_state_derive_chosen (work->live, target, part, paths, error);

  return work->target != NULL;
}

static gboolean
keeps_settings_in_files (PlugRbState *live)
{
  for (guint i = 0; i < live->parts->len; i++)
    if (((PlugRbPart *) live->parts->pdata[i])->role == PLUG_RB_ROLE_SETTINGS)
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_plan_target_derive:
 * @work: with the host, the live state, the scope and the excludes; gets the target and what of it
 *   is not the snapshot's
 * @stored: what the snapshot holds
 * @options: what to bring back of it
 *
 * Works out the state to come. Fails with %PLUG_RB_ERROR_NOT_FOUND for a path that neither state
 * has.
 */
gboolean
plug_rb_plan_target_derive (PlugRbPlanWork *work,
                            PlugRbState *stored,
                            const PlugRbRollbackOptions *options,
                            GError **error)
{
  gboolean exactly = options->exactly || options->paths != NULL;
  g_autoptr(PlugRbState) restorable = plug_rb_state_derive_restorable (
      stored, work->live->parts, exactly, (const char *const *) work->excludes);

  if (options->paths != NULL ? !derive_chosen (work, restorable, options->paths, error)
                             : !derive_scoped (work, restorable, error))
    return FALSE;

  work->with_files = (work->scope & PLUG_RB_SCOPE_FILES) || work->paths != NULL ||
                     keeps_settings_in_files (work->live);
  return TRUE;
}
