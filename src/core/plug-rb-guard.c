/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-guard.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-absence.h"
#include "plug-rb-act.h"
#include "plug-rb-error.h"
#include "plug-rb-health.h"
#include "plug-rb-operation-change.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* One plugin as it was when the guard began. */
typedef struct {
  PlugRbPlugin *plugin;
  PlugRbSnapshot *snapshot;
  PlugRbHealth health;
} Before;

struct _PlugRbGuard {
  PlugRbEngine *engine;
  PlugRbAbsence *absence;
  GPtrArray *befores;
  GError *failure;
};

static void
before_free (gpointer data)
{
  Before *before = data;

  g_clear_object (&before->plugin);
  g_clear_object (&before->snapshot);
  g_free (before);
}

static void
change_free (gpointer data)
{
  PlugRbGuardChange *change = data;

  g_clear_object (&change->plugin);
  g_clear_object (&change->before);
  g_free (change->from_version);
  g_free (change->message);
  g_free (change);
}

void
plug_rb_guard_free (PlugRbGuard *self)
{
  g_clear_object (&self->engine);
  g_clear_pointer (&self->absence, plug_rb_absence_free);
  g_clear_pointer (&self->befores, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_free (self);
}

/* ---- before */

static void
add_before (PlugRbPlugin *plugin,
            PlugRbSnapshot *snapshot,
            gboolean created,
            const GError *error,
            gpointer user_data)
{
  PlugRbGuard *self = user_data;
  Before *before;

  if (snapshot == NULL) {
    if (self->failure == NULL)
      self->failure = g_error_new (error->domain, error->code, _("%s cannot be guarded: %s"),
                                   plug_rb_plugin_get_key (plugin), error->message);
    return;
  }

  before = g_new0 (Before, 1);
  before->plugin = g_object_ref (plugin);
  before->snapshot = g_object_ref (snapshot);
  before->health =
      plug_rb_health_check (plug_rb_plugin_get_host (plugin), plug_rb_plugin_get_id (plugin), NULL);
  g_ptr_array_add (self->befores, before);
}

static void
take_snapshots (PlugRbGuard *self,
                GPtrArray *plugins,
                gboolean installed,
                GCancellable *cancellable)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(GPtrArray) some = g_ptr_array_new ();
  const PlugRbSnapshotRequest request = {
    .reason = installed ? PLUG_RB_REASON_PRE_UPDATE : PLUG_RB_REASON_PRE_INSTALL,
  };

  for (guint i = 0; i < plugins->len; i++)
    if (plug_rb_plugin_get_installed (plugins->pdata[i]) == installed)
      g_ptr_array_add (some, plugins->pdata[i]);

  plug_rb_engine_snapshot_many (self->engine, some, &request, add_before, self, operation,
                                cancellable);
}

static GPtrArray *
list_of_host (PlugRbEngine *engine, PlugRbHost *host, GCancellable *cancellable, GError **error)
{
  GPtrArray *plugins = plug_rb_engine_list_plugins (engine, cancellable, error);

  for (guint i = plugins ? plugins->len : 0; i > 0; i--)
    if (plug_rb_plugin_get_host (plugins->pdata[i - 1]) != host)
      g_ptr_array_remove_index (plugins, i - 1);

  return plugins;
}

/**
 * plug_rb_guard_begin:
 * @plugins: (nullable) (element-type PlugRbPlugin): what is guarded; need not be installed
 * @host: (nullable): all plugins of which are guarded, also those that are new afterwards; either
 *   this or @plugins is given
 *
 * Takes snapshots of all that is guarded, or fails: what could not be brought back is not guarded.
 *
 * Returns: (transfer full): the guard
 */
PlugRbGuard *
plug_rb_guard_begin (PlugRbEngine *engine,
                     GPtrArray *plugins,
                     PlugRbHost *host,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr(PlugRbGuard) self = g_new0 (PlugRbGuard, 1);
  g_autoptr(GPtrArray) guarded = NULL;

  self->engine = g_object_ref (engine);
  self->befores = g_ptr_array_new_with_free_func (before_free);
  guarded = host ? list_of_host (engine, host, cancellable, error) : g_ptr_array_ref (plugins);
  if (guarded == NULL)
    return NULL;

  if (host != NULL)
    self->absence = plug_rb_absence_new (host);
  take_snapshots (self, guarded, TRUE, cancellable);
  take_snapshots (self, guarded, FALSE, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  if (self->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->failure));
    return NULL;
  }

  return g_steal_pointer (&self);
}

/**
 * plug_rb_guard_list_snapshots:
 *
 * Returns: (transfer container) (element-type PlugRbSnapshot): one of each plugin that is guarded
 */
GPtrArray *
plug_rb_guard_list_snapshots (PlugRbGuard *self)
{
  GPtrArray *snapshots = g_ptr_array_new ();

  for (guint i = 0; i < self->befores->len; i++)
    g_ptr_array_add (snapshots, ((const Before *) self->befores->pdata[i])->snapshot);

  return snapshots;
}

/* ---- after */

static PlugRbChangeKind
get_kind (gboolean was_there, gboolean is_there)
{
  if (was_there == is_there)
    return PLUG_RB_CHANGE_CHANGED;

  return is_there ? PLUG_RB_CHANGE_ADDED : PLUG_RB_CHANGE_REMOVED;
}

/* What was broken before cannot be mended by going back to it. */
static void
judge (PlugRbGuardChange *change, PlugRbHealth before)
{
  PlugRbHealth health =
      plug_rb_health_check (plug_rb_plugin_get_host (change->plugin),
                            plug_rb_plugin_get_id (change->plugin), &change->message);

  change->broken = health == PLUG_RB_HEALTH_BAD && before != PLUG_RB_HEALTH_BAD;
}

static gboolean
look_at (PlugRbGuard *self,
         const Before *before,
         GPtrArray *changes,
         GCancellable *cancellable,
         GError **error)
{
  PlugRbHost *host = plug_rb_plugin_get_host (before->plugin);
  const char *id = plug_rb_plugin_get_id (before->plugin);
  g_autoptr(PlugRbState) live =
      plug_rb_engine_capture (self->engine, host, id, NULL, NULL, cancellable, error);
  PlugRbGuardChange *change;

  if (live == NULL)
    return FALSE;
  if (g_strcmp0 (plug_rb_table_get_sha256 (live->table),
                 plug_rb_snapshot_get_table (before->snapshot)) == 0)
    return TRUE;

  change = g_new0 (PlugRbGuardChange, 1);
  g_ptr_array_add (changes, change);
  change->before = g_object_ref (before->snapshot);
  change->kind = get_kind (!plug_rb_snapshot_get_absent (before->snapshot), !live->absent);
  change->from_version = g_strdup (plug_rb_snapshot_get_version (before->snapshot));
  if (!(change->plugin = plug_rb_host_dup_plugin (host, id, error)))
    return FALSE;

  judge (change, before->health);
  return TRUE;
}

static gboolean
is_known (PlugRbGuard *self, const char *id)
{
  for (guint i = 0; i < self->befores->len; i++)
    if (g_str_equal (plug_rb_plugin_get_id (((const Before *) self->befores->pdata[i])->plugin),
                     id))
      return TRUE;

  return FALSE;
}

/* That it was not there is only known now that it is. */
static PlugRbSnapshot *
save_absence (PlugRbGuard *self, const char *key, const char *id, GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (self->engine, NULL, NULL);
  g_autoptr(PlugRbState) state = plug_rb_absence_dup_state (self->absence, id, error);

  if (state == NULL || !plug_rb_act_claim_one (&act, key, error))
    return NULL;

  return plug_rb_act_save_state (&act, plug_rb_absence_get_host (self->absence), state, NULL,
                                 PLUG_RB_REASON_PRE_INSTALL, NULL, NULL, error);
}

static gboolean
look_at_new (PlugRbGuard *self, const char *id, GPtrArray *changes, GError **error)
{
  PlugRbHost *host = plug_rb_absence_get_host (self->absence);
  PlugRbPlugin *plugin = plug_rb_host_dup_plugin (host, id, error);
  PlugRbGuardChange *change;

  if (plugin == NULL)
    return FALSE;

  change = g_new0 (PlugRbGuardChange, 1);
  g_ptr_array_add (changes, change);
  change->plugin = plugin;
  change->kind = PLUG_RB_CHANGE_ADDED;
  if (!(change->before = save_absence (self, plug_rb_plugin_get_key (plugin), id, error)))
    return FALSE;

  judge (change, PLUG_RB_HEALTH_UNKNOWN);
  return TRUE;
}

static gboolean
look_for_new (PlugRbGuard *self, GPtrArray *changes, GError **error)
{
  g_autoptr(GPtrArray) ids = NULL;

  if (self->absence == NULL)
    return TRUE;
  if (!(ids = plug_rb_host_list_ids (plug_rb_absence_get_host (self->absence), error)))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!is_known (self, ids->pdata[i]) && !look_at_new (self, ids->pdata[i], changes, error))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_guard_look:
 *
 * Looks what has changed since the guard began.
 *
 * Returns: (transfer full) (element-type PlugRbGuardChange): the plugins that are not as they were
 */
GPtrArray *
plug_rb_guard_look (PlugRbGuard *self, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func (change_free);

  for (guint i = 0; i < self->befores->len; i++)
    if (!look_at (self, self->befores->pdata[i], changes, cancellable, error))
      return NULL;

  return look_for_new (self, changes, error) ? g_steal_pointer (&changes) : NULL;
}

static const PlugRbOperationChange *
find_change (PlugRbOperation *operation, PlugRbPlugin *plugin)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);

  for (guint i = 0; i < changes->len; i++) {
    const PlugRbOperationChange *change = changes->pdata[i];

    if (g_str_equal (change->plugin, plug_rb_plugin_get_key (plugin)))
      return change;
  }

  return NULL;
}

/* What the command left is in the snapshot that undoes the rollback. Where the version is the one
 * from before, the command broke the plugin, and the version is not to blame. */
static void
remember_bad (PlugRbGuard *self, const PlugRbGuardChange *change, PlugRbOperation *operation)
{
  const PlugRbOperationChange *done = find_change (operation, change->plugin);
  g_autoptr(PlugRbSnapshot) failed = NULL;
  const char *version;

  if (done == NULL || done->safety_snapshot == NULL ||
      !(failed = plug_rb_engine_find_snapshot (self->engine, done->safety_snapshot, NULL)))
    return;

  version = plug_rb_snapshot_get_version (failed);
  if (version != NULL && g_strcmp0 (version, change->from_version) != 0)
    plug_rb_act_remember_bad (self->engine, failed, change->message);
}

/**
 * plug_rb_guard_roll_back:
 * @changes: (element-type PlugRbGuardChange): what plug_rb_guard_look() found
 * @operation: of kind rollback; finished afterwards
 *
 * Takes back all changes or none; that can be undone like every rollback. New versions that did not
 * work are remembered.
 */
gboolean
plug_rb_guard_roll_back (PlugRbGuard *self,
                         GPtrArray *changes,
                         PlugRbOperation *operation,
                         GCancellable *cancellable,
                         GError **error)
{
  const PlugRbRollbackOptions options = { .scope = PLUG_RB_SCOPE_ALL, .exactly = TRUE };
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();

  for (guint i = 0; i < changes->len; i++)
    g_ptr_array_add (targets, ((const PlugRbGuardChange *) changes->pdata[i])->before);

  if (!plug_rb_engine_rollback_with (self->engine, targets, &options, operation, cancellable,
                                     error))
    return FALSE;

  for (guint i = 0; i < changes->len; i++)
    if (((const PlugRbGuardChange *) changes->pdata[i])->broken)
      remember_bad (self, changes->pdata[i], operation);

  return TRUE;
}
