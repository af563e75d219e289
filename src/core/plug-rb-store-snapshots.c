/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-store-metadata.h"

#define METADATA "snapshot.json"

static char *
plugin_folder (PlugRbStore *self, const char *top, const char *plugin)
{
  g_autofree char *below = plug_rb_store_escape_key (plugin);

  return plug_rb_store_build_path (self, top, below, NULL);
}

/**
 * plug_rb_store_lock_plugin:
 * @plugin: key of the plugin
 *
 * Locks all that the store holds of one plugin, from choosing what to refer to until it is written.
 */
PlugRbLock *
plug_rb_store_lock_plugin (PlugRbStore *self,
                           const char *plugin,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *folder = plugin_folder (self, "snapshots", plugin);

  for (;;) {
    g_autoptr(GError) cause = NULL;
    PlugRbLock *lock;

    if (!plug_rb_fs_make_folders (folder, error))
      return NULL;
    if ((lock = plug_rb_lock_new (folder, plugin, cancellable, &cause)))
      return lock;

    /* The folder was empty, and whoever sweeps up has just deleted it. */
    if (!g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  }
}

/**
 * plug_rb_store_find_same:
 * @table: SHA-256 of a state's table
 *
 * Returns: (transfer full) (nullable): the newest undamaged snapshot of exactly that state whose
 * contents are there; %NULL without an error if there is none
 */
PlugRbSnapshot *
plug_rb_store_find_same (PlugRbStore *self, const char *plugin, const char *table, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (self, plugin, error);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];

    if (plug_rb_snapshot_get_damaged (snapshot) == NULL &&
        g_strcmp0 (plug_rb_snapshot_get_table (snapshot), table) == 0 &&
        plug_rb_store_has_contents (self, snapshot))
      return g_object_ref (snapshot);
  }

  return NULL;
}

/* ---- writing */

static void
note (PlugRbStore *self, const char *act, const char *snapshot)
{
  plug_rb_store_note (self, act, snapshot);
}

static gint64
next_sequence (PlugRbStore *self, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) live = plug_rb_store_list_snapshots (self, plugin, error);
  g_autoptr(GPtrArray) trash = live ? plug_rb_store_list_deleted_of (self, plugin, error) : NULL;
  gint64 last = 0;

  if (trash == NULL)
    return 0;

  for (guint i = 0; i < live->len; i++)
    last = MAX (last, plug_rb_snapshot_get_sequence (live->pdata[i]));
  for (guint i = 0; i < trash->len; i++)
    last = MAX (last, plug_rb_snapshot_get_sequence (trash->pdata[i]));

  return last + 1;
}

/* The folder with the metadata is what makes a snapshot exist, so it comes last and by one rename.
 */
static gboolean
commit_metadata (
    PlugRbStore *self, const char *plugin, const char *id, JsonObject *json, GError **error)
{
  g_autofree char *folder = plugin_folder (self, "snapshots", plugin);
  g_autofree char *temporary = g_strconcat (".tmp-", id, NULL);
  g_autofree char *text = plug_rb_json_to_string (json);
  g_autofd int parent = plug_rb_fs_open_folder (folder, error);
  g_autofd int fd = -1;

  if (parent < 0)
    return FALSE;

  if (mkdirat (parent, temporary, 0700) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), folder);
    return FALSE;
  }

  if ((fd = plug_rb_fs_open_child (parent, temporary, error)) < 0 ||
      !plug_rb_fs_replace (fd, METADATA, text, strlen (text), error)) {
    plug_rb_fs_remove_tree (parent, temporary, NULL);
    return FALSE;
  }

  if (renameat (parent, temporary, parent, id) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), folder);
    plug_rb_fs_remove_tree (parent, temporary, NULL);
    return FALSE;
  }

  return plug_rb_fs_sync (parent, folder, error);
}

static gboolean
add_documents (PlugRbPack *pack, PlugRbState *state, GError **error)
{
  g_autoptr(PlugRbFrame) frame = plug_rb_frame_new ();

  plug_rb_pack_prepare (pack);
  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);
    gsize length;
    const void *data;

    if (!g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) || !plug_rb_pack_claim (pack, entry))
      continue;
    data = g_bytes_get_data (g_hash_table_lookup (state->documents, entry->path), &length);
    if (!plug_rb_frame_add (frame, entry, data, length, error))
      return FALSE;
  }

  return plug_rb_pack_append (pack, frame, error);
}

static JsonArray *
obtain_contents (
    PlugRbStore *self, PlugRbState *state, PlugRbPack *pack, guint64 *stored, GError **error)
{
  g_autoptr(PlugRbSnapshot) same = NULL;

  if (!plug_rb_pack_is_alone (pack))
    same = plug_rb_store_find_same (self, state->plugin, plug_rb_table_get_sha256 (state->table),
                                    NULL);

  *stored = 0;
  if (same != NULL)
    return json_array_ref (plug_rb_json_get_array (plug_rb_snapshot_get_json (same), "archives"));

  if (!plug_rb_store_save_table (self, state->table, error) || !add_documents (pack, state, error))
    return NULL;

  return plug_rb_pack_finish (pack, state->table, stored, error);
}

/* A commit whose last sync failed has happened all the same, and needs its archive. */
static gboolean
is_there (PlugRbStore *self, const char *plugin, const char *id)
{
  g_autofree char *folder = plugin_folder (self, "snapshots", plugin);
  g_autofree char *path = g_build_filename (folder, id, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * plug_rb_store_save_snapshot:
 * @state: a state of the live system, just captured
 * @pack: the contents of its files that were not stored before
 *
 * Stores a snapshot. The caller holds the plugin's lock. It appears complete or not at all; equal
 * states share table and archives.
 *
 * Returns: (transfer full): the snapshot
 */
PlugRbSnapshot *
plug_rb_store_save_snapshot (PlugRbStore *self,
                             PlugRbState *state,
                             PlugRbPack *pack,
                             const PlugRbSnapshotRequest *request,
                             GError **error)
{
  g_autoptr(PlugRbLock) tables = plug_rb_store_share_tables (self, NULL, error);
  const char *id = plug_rb_pack_get_id (pack);
  g_autoptr(JsonArray) archives = NULL;
  g_autoptr(JsonObject) json = NULL;
  gint64 sequence = tables ? next_sequence (self, state->plugin, error) : 0;
  gboolean committed;
  guint64 stored;

  if (sequence == 0 || !(archives = obtain_contents (self, state, pack, &stored, error)))
    return NULL;

  json = plug_rb_store_metadata_new (state, request, id, sequence, archives, stored);
  committed = commit_metadata (self, state->plugin, id, json, error);
  if (stored > 0 && (committed || is_there (self, state->plugin, id)))
    plug_rb_pack_keep (pack);
  if (!committed)
    return NULL;

  note (self, "snapshot", id);

  return plug_rb_snapshot_new_from_json (json, error);
}

/* ---- trash */

static gboolean
move_snapshot (
    PlugRbStore *self, PlugRbSnapshot *snapshot, const char *from, const char *to, GError **error)
{
  const char *plugin = plug_rb_snapshot_get_plugin (snapshot);
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *from_folder = plugin_folder (self, from, plugin);
  g_autofree char *to_folder = plugin_folder (self, to, plugin);
  g_autofree char *from_path = g_build_filename (from_folder, id, NULL);
  g_autofree char *to_path = g_build_filename (to_folder, id, NULL);
  g_autoptr(PlugRbLock) tables = plug_rb_store_share_tables (self, NULL, error);

  /* Whoever looks for tables that nothing refers to must find it in one place or the other. */
  if (tables == NULL || !plug_rb_fs_make_folders (to_folder, error))
    return FALSE;

  if (rename (from_path, to_path) < 0) {
    plug_rb_error_set_errno (error, errno, _("Snapshot %s cannot be moved"), id);
    return FALSE;
  }

  return plug_rb_fs_sync_folder (to_folder, error) && plug_rb_fs_sync_folder (from_folder, error);
}

/* When it was thrown away: the trash is emptied by age. Durable before it is moved: it would look
 * as if it had been there ever since it was made. */
static gboolean
stamp (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *folder =
      plugin_folder (self, "snapshots", plug_rb_snapshot_get_plugin (snapshot));
  g_autofree char *path = g_build_filename (folder, plug_rb_snapshot_get_id (snapshot), NULL);
  g_autofd int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd >= 0 && futimens (fd, NULL) == 0)
    return plug_rb_fs_sync (fd, path, error);

  plug_rb_error_set_errno (error, errno, _("Snapshot %s cannot be moved"),
                           plug_rb_snapshot_get_id (snapshot));
  return FALSE;
}

/**
 * plug_rb_store_delete_snapshot:
 *
 * Moves a snapshot to the trash. The caller holds the plugin's lock.
 */
gboolean
plug_rb_store_delete_snapshot (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  if (!stamp (self, snapshot, error) ||
      !move_snapshot (self, snapshot, "snapshots", "trash", error))
    return FALSE;

  note (self, "delete", plug_rb_snapshot_get_id (snapshot));

  return TRUE;
}

/**
 * plug_rb_store_restore_deleted:
 *
 * Takes a snapshot back from the trash. The caller holds the plugin's lock.
 *
 * Returns: (transfer full): the snapshot
 */
PlugRbSnapshot *
plug_rb_store_restore_deleted (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  if (!move_snapshot (self, snapshot, "trash", "snapshots", error))
    return NULL;

  note (self, "restore-deleted", plug_rb_snapshot_get_id (snapshot));
  return g_object_ref (snapshot);
}
