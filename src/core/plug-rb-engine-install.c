/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-engine-install.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-act.h"
#include "plug-rb-capture.h"
#include "plug-rb-error.h"
#include "plug-rb-scan.h"

static gboolean
check_version (PlugRbPackage *package, GError **error)
{
  g_autofree char *running = plug_rb_host_dup_version (package->host);
  char **versions = package->manifest->host_versions;
  g_autofree char *list = NULL;

  if (running == NULL || versions == NULL ||
      plug_rb_host_supports (package->host, (const char *const *) versions, running))
    return TRUE;

  list = g_strjoinv (", ", versions);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
               _("%s %s will not load this version: it supports %s"),
                 plug_rb_host_get_name (package->host), running, list);
  return FALSE;
}

/* Where plugins among others' files have no folder of their own, a package says too little. */
static const PlugRbPart *
find_part (PlugRbPackage *package, GPtrArray *parts, GError **error)
{
  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    if (part->role == PLUG_RB_ROLE_CODE && strchr (part->name, '/') == NULL)
      return part;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
               _("Plugins of %s have no folder of their own, so that none can be installed"),
                 plug_rb_host_get_name (package->host));
  return NULL;
}

/* Settings are as they are; the files are those of the package. */
static PlugRbState *
read_package (PlugRbAct *act, PlugRbPackage *package, PlugRbPack *pack, GError **error)
{
  const PlugRbScan scan = { .cache_globs = plug_rb_host_get_cache_globs (package->host),
                            .pack = pack,
                            .cancellable = act->cancellable };
  g_autoptr(PlugRbValues) values = plug_rb_host_read_values (package->host, package->id, error);
  g_autoptr(GPtrArray) memberships = NULL;
  g_autoptr(PlugRbState) state = NULL;
  g_autoptr(PlugRbTable) table = plug_rb_table_new ();
  const PlugRbPart *part;

  if (values == NULL)
    return NULL;

  memberships = plug_rb_host_read_memberships (package->host, package->id);
  state = plug_rb_capture_absence (package->host, package->id, values, memberships);
  if (!(part = find_part (package, state->parts, error)) ||
      !plug_rb_scan_part (&scan, table, part->name, package->folder, error))
    return NULL;

  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++)
    plug_rb_table_add (table, plug_rb_table_get (state->table, i));
  plug_rb_table_close (table);
  plug_rb_table_unref (state->table);
  state->table = g_steal_pointer (&table);
  state->absent = FALSE;
  state->name = g_strdup (package->manifest->name);
  state->version = g_strdup (package->manifest->version);
  state->manifest = g_strdup (package->manifest->text);

  return g_steal_pointer (&state);
}

/**
 * plug_rb_engine_save_package:
 *
 * Saves what a package would install as a snapshot, to which a rollback of the files alone brings
 * the plugin: by the same transaction as every other, so all or nothing and undoable.
 *
 * Returns: (transfer full): the snapshot, or %NULL with %PLUG_RB_ERROR_UNSUPPORTED if the host as
 *   it is would not load the plugin
 */
PlugRbSnapshot *
plug_rb_engine_save_package (PlugRbEngine *self,
                             PlugRbPackage *package,
                             GCancellable *cancellable,
                             GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self, NULL, cancellable);
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (package->host), "/", package->id, NULL);
  g_autoptr(PlugRbPack) pack = NULL;
  g_autoptr(PlugRbState) state = NULL;

  if (!check_version (package, error) || !plug_rb_act_claim_one (&act, key, error))
    return NULL;

  pack = plug_rb_pack_new (act.store, key);
  if (!(state = read_package (&act, package, pack, error)))
    return NULL;

  return plug_rb_act_save_state (&act, package->host, state, pack, PLUG_RB_REASON_MANUAL,
                                 _("Package"), NULL, error);
}
