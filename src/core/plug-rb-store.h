/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-journal.h"
#include "plug-rb-lock.h"
#include "plug-rb-operation.h"
#include "plug-rb-pack.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-state.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/**
 * PlugRbStore:
 *
 * The folder in which all snapshots, journals and the history lie. Synchronous; may be used from
 * several threads and processes at once: what changes something takes the locks that it names.
 */
#define PLUG_RB_TYPE_STORE (plug_rb_store_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbStore, plug_rb_store, PLUG_RB, STORE, GObject)

PlugRbStore *plug_rb_store_open (const char *path, GError **error);
gboolean plug_rb_store_exists (const char *path);
const char *plug_rb_store_get_path (PlugRbStore *self);
char *plug_rb_store_build_path (PlugRbStore *self, const char *first, ...) G_GNUC_NULL_TERMINATED;
char *plug_rb_store_escape (const char *name);
char *plug_rb_store_escape_key (const char *plugin);
void plug_rb_store_note (PlugRbStore *self, const char *act, const char *subject);

/**
 * PlugRbSnapshotRequest:
 *
 * What the caller says of a snapshot that is to be made; all but the reason may be %NULL.
 */
struct _PlugRbSnapshotRequest {
  PlugRbReason reason;
  const char *label;
  const char *note;
  const char *host_version;
  gboolean enabled;
};

PlugRbLock *plug_rb_store_lock_plugin (PlugRbStore *self,
                                       const char *plugin,
                                       GCancellable *cancellable,
                                       GError **error);
GPtrArray *plug_rb_store_list_snapshots (PlugRbStore *self, const char *plugin, GError **error);
GPtrArray *plug_rb_store_browse_snapshots (PlugRbStore *self, GError **error);
GPtrArray *plug_rb_store_list_deleted (PlugRbStore *self, GError **error);
GPtrArray *plug_rb_store_list_deleted_of (PlugRbStore *self, const char *plugin, GError **error);
PlugRbSnapshot *
plug_rb_store_find_same (PlugRbStore *self, const char *plugin, const char *table, GError **error);
PlugRbSnapshot *plug_rb_store_save_snapshot (PlugRbStore *self,
                                             PlugRbState *state,
                                             PlugRbPack *pack,
                                             const PlugRbSnapshotRequest *request,
                                             GError **error);
gboolean
plug_rb_store_delete_snapshot (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error);
PlugRbSnapshot *
plug_rb_store_restore_deleted (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error);
gboolean plug_rb_store_save_table (PlugRbStore *self, PlugRbTable *table, GError **error);
gboolean plug_rb_store_check_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error);
PlugRbTable *plug_rb_store_read_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error);
PlugRbTable *plug_rb_store_load_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error);
gboolean plug_rb_store_has_contents (PlugRbStore *self, PlugRbSnapshot *snapshot);
guint plug_rb_store_count_archives (PlugRbSnapshot *snapshot);
int plug_rb_store_open_archive (PlugRbStore *self,
                                PlugRbSnapshot *snapshot,
                                guint index,
                                GError **error);

gboolean plug_rb_store_save_journal (PlugRbStore *self, PlugRbJournal *journal, GError **error);
gboolean plug_rb_store_forget_journal (PlugRbStore *self, PlugRbJournal *journal, GError **error);
gboolean plug_rb_store_close_journal (PlugRbStore *self,
                                      PlugRbJournal *journal,
                                      PlugRbOperation *operation,
                                      GError **error);
GPtrArray *plug_rb_store_list_journals (PlugRbStore *self, GError **error);
GPtrArray *plug_rb_store_list_damaged_journals (PlugRbStore *self, GError **error);
gboolean
plug_rb_store_save_operation (PlugRbStore *self, PlugRbOperation *operation, GError **error);
GPtrArray *plug_rb_store_list_operations (PlugRbStore *self, GError **error);
GPtrArray *plug_rb_store_list_damaged_operations (PlugRbStore *self, GError **error);
GHashTable *plug_rb_store_list_audit_heads (PlugRbStore *self);

/* Editing, emptying the trash, sweeping up. */
PlugRbSnapshot *plug_rb_store_set_label (PlugRbStore *self,
                                         PlugRbSnapshot *snapshot,
                                         const char *label,
                                         GError **error);
PlugRbSnapshot *plug_rb_store_set_note (PlugRbStore *self,
                                        PlugRbSnapshot *snapshot,
                                        const char *note,
                                        GError **error);
PlugRbSnapshot *plug_rb_store_set_health (PlugRbStore *self,
                                          PlugRbSnapshot *snapshot,
                                          PlugRbHealth health,
                                          const char *message,
                                          GError **error);
PlugRbSnapshot *plug_rb_store_set_pinned (PlugRbStore *self,
                                          PlugRbSnapshot *snapshot,
                                          gboolean pinned,
                                          GError **error);
gboolean plug_rb_store_set_archives (PlugRbStore *self,
                                     PlugRbSnapshot *snapshot,
                                     JsonArray *archives,
                                     GError **error);
gboolean plug_rb_store_repack_plugin (PlugRbStore *self,
                                      const char *plugin,
                                      GCancellable *cancellable,
                                      GError **error);
/* Instead of the present: whatever lies in the trash, however short. */
#define PLUG_RB_STORE_ANY_AGE G_MAXINT64

GPtrArray *plug_rb_store_purge_deleted (PlugRbStore *self,
                                        const char *plugin,
                                        gint64 now,
                                        gboolean dry_run,
                                        guint64 *freed,
                                        GError **error);
gint64 plug_rb_store_mark_absent (
    PlugRbStore *self, const char *plugin, gint64 present, gint64 now, gboolean dry_run);
void plug_rb_store_unmark_absent (PlugRbStore *self, const char *plugin);

PlugRbLock *
plug_rb_store_share_tables (PlugRbStore *self, GCancellable *cancellable, GError **error);
GPtrArray *plug_rb_store_list_plugins (PlugRbStore *self, GError **error);
gboolean plug_rb_store_has_leftovers (PlugRbStore *self);
gboolean plug_rb_store_collect_plugin (PlugRbStore *self,
                                       const char *plugin,
                                       GHashTable *gone,
                                       gboolean dry_run,
                                       guint64 *freed,
                                       GError **error);
gboolean plug_rb_store_collect_shared (PlugRbStore *self,
                                       GHashTable *gone,
                                       gboolean dry_run,
                                       guint64 *freed,
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
