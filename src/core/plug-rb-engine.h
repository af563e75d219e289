/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-operation.h"
#include "plug-rb-pack.h"
#include "plug-rb-pruning.h"
#include "plug-rb-state.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/**
 * PlugRbEngine:
 *
 * All that the program does, synchronously: one store and the hosts of this user. The command line
 * calls it directly; [class@PlugRbManager] calls it from worker threads. All functions may be
 * called from any thread; locks in the store make writers take turns.
 */
#define PLUG_RB_TYPE_ENGINE (plug_rb_engine_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbEngine, plug_rb_engine, PLUG_RB, ENGINE, GObject)

PlugRbEngine *plug_rb_engine_open (const char *store_dir, GError **error);
const char *plug_rb_engine_get_store_path (PlugRbEngine *self);
PlugRbStore *plug_rb_engine_get_store (PlugRbEngine *self);

PlugRbHost *plug_rb_engine_get_host (PlugRbEngine *self, const char *id, GError **error);
PlugRbState *plug_rb_engine_capture (PlugRbEngine *self,
                                     PlugRbHost *host,
                                     const char *id,
                                     PlugRbPack *pack,
                                     PlugRbOperation *operation,
                                     GCancellable *cancellable,
                                     GError **error);
char **plug_rb_engine_list_folders (PlugRbEngine *self, const char *plugin, GError **error);
char **plug_rb_engine_list_excludes (PlugRbEngine *self, PlugRbHost *host, const char *plugin);

/**
 * PlugRbTrialFunc:
 *
 * Finds out whether what was brought into place works.
 */
typedef gboolean (*PlugRbTrialFunc) (gpointer user_data, GError **error);

/**
 * PlugRbRollbackOptions:
 * @scope: what to bring back
 * @paths: (nullable): files and folders of the plugin that alone are brought back; %NULL for all
 * @exactly: bring back a staged update of the host, too, as an undo does
 * @no_dependencies: do not look for what the plugins need of others
 * @trial: (nullable): called when everything is in place; if it fails, all is taken back
 * @trial_data: for @trial
 *
 * What to bring back of a snapshot.
 */
typedef struct {
  PlugRbScope scope;
  const char *const *paths;
  gboolean exactly;
  gboolean no_dependencies;
  PlugRbTrialFunc trial;
  gpointer trial_data;
} PlugRbRollbackOptions;

/* Looking. Arrays hold a reference on each element. */
GPtrArray *plug_rb_engine_list_hosts (PlugRbEngine *self);
GPtrArray *
plug_rb_engine_list_plugins (PlugRbEngine *self, GCancellable *cancellable, GError **error);
GPtrArray *plug_rb_engine_list_snapshots (PlugRbEngine *self, const char *plugin, GError **error);
GPtrArray *plug_rb_engine_list_deleted (PlugRbEngine *self, GError **error);
GPtrArray *plug_rb_engine_list_operations (PlugRbEngine *self, const char *plugin, GError **error);
GPtrArray *plug_rb_engine_list_pending (PlugRbEngine *self, GError **error);
PlugRbPlugin *plug_rb_engine_find_plugin (PlugRbEngine *self, const char *name, GError **error);
PlugRbSnapshot *
plug_rb_engine_find_snapshot (PlugRbEngine *self, const char *prefix, GError **error);
PlugRbSnapshot *plug_rb_engine_find_target (PlugRbEngine *self,
                                            PlugRbPlugin *plugin,
                                            GCancellable *cancellable,
                                            GError **error);

/* Comparing. */
PlugRbPlan *plug_rb_engine_compare (PlugRbEngine *self,
                                    PlugRbPlugin *plugin,
                                    PlugRbSnapshot *from,
                                    PlugRbSnapshot *to,
                                    GCancellable *cancellable,
                                    GError **error);
PlugRbPlan *plug_rb_engine_plan (PlugRbEngine *self,
                                 PlugRbSnapshot *target,
                                 PlugRbScope scope,
                                 GError **blocker,
                                 GCancellable *cancellable,
                                 GError **error);

PlugRbPlan *plug_rb_engine_plan_with (PlugRbEngine *self,
                                      PlugRbSnapshot *target,
                                      const PlugRbRollbackOptions *options,
                                      PlugRbOperation *operation,
                                      GError **blocker,
                                      GCancellable *cancellable,
                                      GError **error);

gboolean plug_rb_engine_add_dependencies (PlugRbEngine *self,
                                          GPtrArray *targets,
                                          GPtrArray *notes,
                                          GError **error);

/* Doing. */
PlugRbSnapshot *plug_rb_engine_snapshot (PlugRbEngine *self,
                                         PlugRbPlugin *plugin,
                                         PlugRbReason reason,
                                         const char *label,
                                         const char *note,
                                         gboolean *created,
                                         PlugRbOperation *operation,
                                         GCancellable *cancellable,
                                         GError **error);

/**
 * PlugRbSnapshotFunc:
 * @snapshot: (nullable): the plugin's newest snapshot; %NULL if none could be taken
 * @created: whether it is new
 * @error: (nullable): why none could be taken
 *
 * Told what became of one plugin of several.
 */
typedef void (*PlugRbSnapshotFunc) (PlugRbPlugin *plugin,
                                    PlugRbSnapshot *snapshot,
                                    gboolean created,
                                    const GError *error,
                                    gpointer user_data);

void plug_rb_engine_snapshot_many (PlugRbEngine *self,
                                   GPtrArray *plugins,
                                   const PlugRbSnapshotRequest *request,
                                   PlugRbSnapshotFunc func,
                                   gpointer user_data,
                                   PlugRbOperation *operation,
                                   GCancellable *cancellable);
gboolean plug_rb_engine_rollback (PlugRbEngine *self,
                                  GPtrArray *targets,
                                  PlugRbScope scope,
                                  PlugRbOperation *operation,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean plug_rb_engine_rollback_with (PlugRbEngine *self,
                                       GPtrArray *targets,
                                       const PlugRbRollbackOptions *options,
                                       PlugRbOperation *operation,
                                       GCancellable *cancellable,
                                       GError **error);
PlugRbOperation *
plug_rb_engine_find_undoable (PlugRbEngine *self, const char *name, GError **error);
gboolean plug_rb_engine_undo (PlugRbEngine *self,
                              PlugRbOperation *undone,
                              gboolean even_if_changed,
                              PlugRbOperation *operation,
                              GCancellable *cancellable,
                              GError **error);
gboolean
plug_rb_engine_delete_snapshot (PlugRbEngine *self, PlugRbSnapshot *snapshot, GError **error);
gboolean plug_rb_engine_check_delete (PlugRbEngine *self, GPtrArray *snapshots, GError **error);
PlugRbSnapshot *
plug_rb_engine_restore_deleted (PlugRbEngine *self, const char *prefix, GError **error);

/* Keeping. */
PlugRbSnapshot *plug_rb_engine_set_label (PlugRbEngine *self,
                                          PlugRbSnapshot *snapshot,
                                          const char *label,
                                          GError **error);
PlugRbSnapshot *plug_rb_engine_set_note (PlugRbEngine *self,
                                         PlugRbSnapshot *snapshot,
                                         const char *note,
                                         GError **error);
PlugRbSnapshot *plug_rb_engine_set_pinned (PlugRbEngine *self,
                                           PlugRbSnapshot *snapshot,
                                           gboolean pinned,
                                           GError **error);
PlugRbPruning *plug_rb_engine_prune (PlugRbEngine *self,
                                     const char *plugin,
                                     gboolean dry_run,
                                     GCancellable *cancellable,
                                     GError **error);
PlugRbPruning *
plug_rb_engine_empty_trash (PlugRbEngine *self, GCancellable *cancellable, GError **error);
void plug_rb_engine_tidy (PlugRbEngine *self, const char *plugin);
void plug_rb_engine_collect (PlugRbEngine *self, GCancellable *cancellable);

/**
 * PlugRbRecovery:
 *
 * What recovery did with one interrupted operation.
 */
typedef enum {
  PLUG_RB_DIRECTION_NONE,
  PLUG_RB_DIRECTION_FORWARD,
  PLUG_RB_DIRECTION_BACK,
} PlugRbDirection;

typedef struct {
  char *operation;
  PlugRbDirection direction;
  PlugRbStatus status;
  char *message;
} PlugRbRecovery;

void plug_rb_recovery_free (PlugRbRecovery *recovery);
GPtrArray *plug_rb_engine_recover (PlugRbEngine *self, GCancellable *cancellable, GError **error);
GPtrArray *plug_rb_engine_recover_with (PlugRbEngine *self,
                                        gboolean thorough,
                                        GCancellable *cancellable,
                                        GError **error);

G_END_DECLS
