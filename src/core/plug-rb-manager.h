/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine-policy.h"
#include "plug-rb-live-policy.h"
#include "plug-rb-verify.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_MANAGER (plug_rb_manager_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbManager, plug_rb_manager, PLUG_RB, MANAGER, GObject)

/* Properties: state error (message) hosts plugins snapshots operations (GListModel) n-jobs
 * policy (that for all, once there is a store) stored-size (of the store on the disk, as it was
 * last measured). Signal progress (PlugRbOperation operation, char *step, double fraction, char
 * *text), in the main context. */

PlugRbManager *plug_rb_manager_new (const char *store_dir);
PlugRbManagerState plug_rb_manager_get_state (PlugRbManager *self);
const char *plug_rb_manager_get_error (PlugRbManager *self);
const char *plug_rb_manager_get_store_path (PlugRbManager *self);
GListModel *plug_rb_manager_get_hosts (PlugRbManager *self);
GListModel *plug_rb_manager_get_plugins (PlugRbManager *self);
GListModel *plug_rb_manager_get_snapshots (PlugRbManager *self);
GListModel *plug_rb_manager_get_operations (PlugRbManager *self);
PlugRbPlugin *plug_rb_manager_find_plugin (PlugRbManager *self, const char *key);
PlugRbSnapshot *plug_rb_manager_find_snapshot (PlugRbManager *self, const char *id);
PlugRbOperation *plug_rb_manager_find_operation (PlugRbManager *self, const char *id);
PlugRbLivePolicy *plug_rb_manager_get_policy (PlugRbManager *self, const char *scope);
GPtrArray *plug_rb_manager_list_policy_scopes (PlugRbManager *self);
PlugRbOperation *plug_rb_manager_get_job (PlugRbManager *self, const char *plugin);
void plug_rb_manager_measure (PlugRbManager *self);

void plug_rb_manager_load_async (PlugRbManager *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean plug_rb_manager_load_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

/* The operation that a call runs is in [property@PlugRbManager:operations] from the start; cancel
 * it through its own cancellable. */
void plug_rb_manager_create_snapshot_async (PlugRbManager *self,
                                            PlugRbPlugin *plugin,
                                            PlugRbReason reason,
                                            const char *label,
                                            const char *note,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
PlugRbSnapshot *plug_rb_manager_create_snapshot_finish (PlugRbManager *self,
                                                        GAsyncResult *result,
                                                        gboolean *created,
                                                        GError **error);
void plug_rb_manager_plan_async (PlugRbManager *self,
                                 PlugRbSnapshot *target,
                                 PlugRbScope scope,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PlugRbPlan *plug_rb_manager_plan_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_plan_many_async (PlugRbManager *self,
                                      GPtrArray *targets,
                                      PlugRbScope scope,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
PlugRbPlan *
plug_rb_manager_plan_many_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
PlugRbOperation *plug_rb_manager_rollback_async (PlugRbManager *self,
                                                 GPtrArray *targets,
                                                 PlugRbScope scope,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
PlugRbOperation *
plug_rb_manager_rollback_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
PlugRbOperation *plug_rb_manager_undo_async (PlugRbManager *self,
                                             PlugRbOperation *undone,
                                             gboolean even_if_changed,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
PlugRbOperation *
plug_rb_manager_undo_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_delete_snapshot_async (PlugRbManager *self,
                                            PlugRbSnapshot *snapshot,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean
plug_rb_manager_delete_snapshot_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_restore_deleted_async (PlugRbManager *self,
                                            const char *id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
PlugRbSnapshot *
plug_rb_manager_restore_deleted_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_check_delete_async (PlugRbManager *self,
                                         GPtrArray *snapshots,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
plug_rb_manager_check_delete_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_set_pinned_async (PlugRbManager *self,
                                       GPtrArray *snapshots,
                                       gboolean pinned,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
plug_rb_manager_set_pinned_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_set_text_async (PlugRbManager *self,
                                     PlugRbSnapshot *snapshot,
                                     const char *label,
                                     const char *note,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
PlugRbSnapshot *
plug_rb_manager_set_text_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_prune_async (PlugRbManager *self,
                                  const char *plugin,
                                  gboolean dry_run,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
PlugRbPruning *
plug_rb_manager_prune_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_list_deleted_async (PlugRbManager *self,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *
plug_rb_manager_list_deleted_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_empty_trash_async (PlugRbManager *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
PlugRbPruning *
plug_rb_manager_empty_trash_finish (PlugRbManager *self, GAsyncResult *result, GError **error);
void plug_rb_manager_verify_async (PlugRbManager *self,
                                   PlugRbVerifyFlags flags,
                                   PlugRbOperation *operation,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void plug_rb_manager_foresee_policy_async (PlugRbManager *self,
                                           GPtrArray *edits,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean plug_rb_manager_foresee_policy_finish (PlugRbManager *self,
                                                GAsyncResult *result,
                                                PlugRbForesight *foresight,
                                                GError **error);
PlugRbVerification *
plug_rb_manager_verify_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
