/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-run.h"

#include <glib/gi18n.h>

#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

/**
 * plug_rb_run_new:
 * @jobs: (transfer full): who starts it, and takes this reference back when it is done
 *
 * Returns: (transfer full): a run of which only is known whom it concerns
 */
PlugRbRun *
plug_rb_run_new (PlugRbJobs *jobs, PlugRbPlugin *plugin)
{
  PlugRbRun *run = g_new0 (PlugRbRun, 1);

  run->jobs = jobs;
  run->plugin = g_object_ref (plugin);

  return run;
}

void
plug_rb_run_free (PlugRbRun *run)
{
  g_clear_object (&run->operation);
  g_clear_object (&run->undone);
  g_clear_object (&run->plugin);
  g_clear_pointer (&run->targets, g_ptr_array_unref);
  g_free (run);
}

/**
 * plug_rb_run_is_undo:
 *
 * Whether it takes back a change.
 */
gboolean
plug_rb_run_is_undo (const PlugRbRun *run)
{
  return run->undone != NULL && plug_rb_operation_get_kind (run->undone) != PLUG_RB_KIND_UNDO;
}

/**
 * plug_rb_run_is_redo:
 *
 * Whether it takes back that a change was taken back.
 */
gboolean
plug_rb_run_is_redo (const PlugRbRun *run)
{
  return run->undone != NULL && plug_rb_operation_get_kind (run->undone) == PLUG_RB_KIND_UNDO;
}

static char *
dup_undone_title (PlugRbOperation *undone)
{
  switch (plug_rb_operation_get_kind (undone)) {
  case PLUG_RB_KIND_INSTALL:
    return g_strdup (_("Installation undone"));
  case PLUG_RB_KIND_UNINSTALL:
    return g_strdup (_("Uninstallation undone"));
  case PLUG_RB_KIND_ROLLBACK:
  case PLUG_RB_KIND_SNAPSHOT:
  case PLUG_RB_KIND_UNDO:
  default:
    return g_strdup (_("Roll back undone"));
  }
}

static char *
dup_rolled_back_title (const PlugRbRun *run, const char *name)
{
  GPtrArray *changes = plug_rb_operation_get_changes (run->operation);
  PlugRbOperationChange *change = changes->len > 0 ? changes->pdata[0] : NULL;
  g_autofree char *version = NULL;

  if (run->targets->len > 1)
    return g_strdup_printf (
        ngettext ("%u plugin rolled back", "%u plugins rolled back", run->targets->len),
        run->targets->len);
  if (plug_rb_snapshot_get_absent (run->targets->pdata[0]))
    return g_strdup_printf (_("%s removed"), name);
  if (change == NULL || change->to_version == NULL)
    return g_strdup_printf (_("%s rolled back"), name);

  version = plug_rb_wording_isolate (change->to_version);
  /* TRANSLATORS: name of a plugin, then its version */
  return g_strdup_printf (_("%s rolled back to version %s"), name, version);
}

/**
 * plug_rb_run_dup_title:
 *
 * Returns: (transfer full): what is said when a rollback, undo or redo is done
 */
char *
plug_rb_run_dup_title (const PlugRbRun *run)
{
  g_autofree char *name = plug_rb_wording_isolate (plug_rb_plugin_get_name (run->plugin));

  if (plug_rb_run_is_undo (run))
    return dup_undone_title (run->undone);
  /* It may have been a rollback, an installation or an uninstallation. */
  if (plug_rb_run_is_redo (run))
    return g_strdup_printf (_("Change of %s redone"), name);

  return dup_rolled_back_title (run, name);
}
