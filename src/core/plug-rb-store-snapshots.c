/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "plug-rb-archive.h"
#include "plug-rb-audit.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define METADATA "snapshot.json"
#define METADATA_LIMIT (16 * 1024 * 1024)
#define TABLE_LIMIT (256 * 1024 * 1024)

/* An archive that was written for a new snapshot, or the list of an equal older one. */
typedef struct {
  JsonArray *archives;
  guint64 stored;
} Contents;

static char *
escaped_plugin_path (const char *plugin)
{
  g_auto(GStrv) halves = g_strsplit (plugin, "/", 2);
  g_autofree char *host = plug_rb_store_escape (halves[0]);
  g_autofree char *id = plug_rb_store_escape (halves[1] ? halves[1] : "");

  return g_build_filename (host, id, NULL);
}

static char *
plugin_folder (PlugRbStore *self, const char *top, const char *plugin)
{
  g_autofree char *below = escaped_plugin_path (plugin);

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

  if (!plug_rb_fs_make_folders (folder, error))
    return NULL;

  return plug_rb_lock_new (folder, plugin, cancellable, error);
}

/* ---- reading */

static PlugRbSnapshot *
read_metadata (int fd, GError **error)
{
  g_autoptr(GBytes) bytes = plug_rb_fs_read (fd, METADATA, METADATA_LIMIT, error);
  g_autoptr(JsonObject) json = NULL;

  if (bytes == NULL)
    return NULL;

  json = plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  if (json == NULL || !plug_rb_json_check_seal (json, error))
    return NULL;

  return plug_rb_snapshot_new_from_json (json, error);
}

static char *
unescape (const char *name)
{
  char *plain = g_uri_unescape_string (name, NULL);

  return plain ? plain : g_strdup (name);
}

/* A snapshot whose metadata cannot be read is still listed, as damaged, so that nobody wonders where
 * it went. */
static PlugRbSnapshot *
load_snapshot (int plugin_fd, const char *host, const char *id, const char *name)
{
  g_autofree char *plain_host = unescape (host);
  g_autofree char *plain_id = unescape (id);
  g_autofree char *key = g_strconcat (plain_host, "/", plain_id, NULL);
  g_autoptr(GError) error = NULL;
  g_autofd int fd = plug_rb_fs_open_child (plugin_fd, name, &error);
  g_autoptr(PlugRbSnapshot) snapshot = fd < 0 ? NULL : read_metadata (fd, &error);

  if (snapshot != NULL && g_str_equal (plug_rb_snapshot_get_id (snapshot), name) &&
      g_str_equal (plug_rb_snapshot_get_plugin (snapshot), key))
    return g_steal_pointer (&snapshot);

  return plug_rb_snapshot_new_damaged (
      plain_host, plain_id, name, error ? error->message : _("The metadata belong to another one"));
}

static gboolean
list_plugin (GPtrArray *snapshots, int host_fd, const char *host, const char *id, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_child (host_fd, id, error);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    if (plug_rb_id_is_valid (names->pdata[i]))
      g_ptr_array_add (snapshots, load_snapshot (fd, host, id, names->pdata[i]));

  return TRUE;
}

static gboolean
list_host (GPtrArray *snapshots, int top_fd, const char *host, const char *only, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_child (top_fd, host, error);
  g_autoptr(GPtrArray) ids = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (only == NULL || g_str_equal (only, ids->pdata[i]))
      if (!list_plugin (snapshots, fd, host, ids->pdata[i], error))
        return FALSE;

  return TRUE;
}

/* Newest first. Ids sort by time, but the clock may have been set back: within a plugin the sequence
 * decides. */
static int
compare_age (gconstpointer a, gconstpointer b)
{
  PlugRbSnapshot *x = (PlugRbSnapshot *) a, *y = (PlugRbSnapshot *) b;
  gint64 m = plug_rb_snapshot_get_sequence (x), n = plug_rb_snapshot_get_sequence (y);

  if (m != n && g_str_equal (plug_rb_snapshot_get_plugin (x), plug_rb_snapshot_get_plugin (y)))
    return m > n ? -1 : 1;

  return strcmp (plug_rb_snapshot_get_id (y), plug_rb_snapshot_get_id (x));
}

static GPtrArray *
list_below (PlugRbStore *self, const char *top, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *below = plugin ? escaped_plugin_path (plugin) : NULL;
  g_auto(GStrv) halves = below ? g_strsplit (below, "/", 2) : NULL;
  g_autofree char *path = plug_rb_store_build_path (self, top, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, error);
  g_autoptr(GPtrArray) hosts = fd < 0 ? NULL : plug_rb_fs_list (fd, error);

  if (hosts == NULL)
    return NULL;

  for (guint i = 0; i < hosts->len; i++)
    if (halves == NULL || g_str_equal (halves[0], hosts->pdata[i]))
      if (!list_host (snapshots, fd, hosts->pdata[i], halves ? halves[1] : NULL, error))
        return NULL;

  g_ptr_array_sort_values (snapshots, compare_age);
  return g_steal_pointer (&snapshots);
}

/**
 * plug_rb_store_list_snapshots:
 * @plugin: (nullable): key of a plugin; %NULL for all
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): newest first, damaged ones included
 */
GPtrArray *
plug_rb_store_list_snapshots (PlugRbStore *self, const char *plugin, GError **error)
{
  return list_below (self, "snapshots", plugin, error);
}

/**
 * plug_rb_store_list_deleted:
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what lies in the trash, newest first
 */
GPtrArray *
plug_rb_store_list_deleted (PlugRbStore *self, GError **error)
{
  return list_below (self, "trash", NULL, error);
}

/**
 * plug_rb_store_find_same:
 * @table: SHA-256 of a state's table
 *
 * Returns: (transfer full) (nullable): the newest undamaged snapshot of exactly that state; %NULL
 * without an error if there is none
 */
PlugRbSnapshot *
plug_rb_store_find_same (PlugRbStore *self, const char *plugin, const char *table, GError **error)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_store_list_snapshots (self, plugin, error);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];

    if (plug_rb_snapshot_get_damaged (snapshot) == NULL &&
        g_strcmp0 (plug_rb_snapshot_get_table (snapshot), table) == 0)
      return g_object_ref (snapshot);
  }

  return NULL;
}

/* ---- contents */

static char *
table_name (const char *sha256)
{
  return g_strconcat (sha256, ".json.zst", NULL);
}

static gboolean
save_table (PlugRbStore *self, PlugRbTable *table, GError **error)
{
  g_autofree char *name = table_name (plug_rb_table_get_sha256 (table));
  g_autofree char *folder = plug_rb_store_build_path (self, "tables", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GBytes) packed = NULL;
  g_autofd int fd = -1;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  packed = plug_rb_archive_compress (plug_rb_table_get_bytes (table), error);
  if (packed == NULL || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  return plug_rb_fs_replace (fd, name, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                             error);
}

/**
 * plug_rb_store_load_table:
 *
 * Returns: (transfer full): the snapshot's state table, checked against its SHA-256
 */
PlugRbTable *
plug_rb_store_load_table (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *name = table_name (plug_rb_snapshot_get_table (snapshot));
  g_autofree char *path = plug_rb_store_build_path (self, "tables", name, NULL);
  g_autoptr(GBytes) packed = plug_rb_fs_read (AT_FDCWD, path, TABLE_LIMIT, error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(PlugRbTable) table = NULL;

  if (packed == NULL || !(bytes = plug_rb_archive_decompress (packed, TABLE_LIMIT, error)) ||
      !(table = plug_rb_table_new_from_bytes (bytes, error)))
    return NULL;

  if (!g_str_equal (plug_rb_table_get_sha256 (table), plug_rb_snapshot_get_table (snapshot))) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The list of files is damaged"));
    return NULL;
  }

  return g_steal_pointer (&table);
}

static gboolean
add_file (PlugRbArchiveWriter *writer,
          PlugRbState *state,
          const PlugRbEntry *entry,
          int root_fd,
          GError **error)
{
  g_autofd int fd = -1;

  if (entry->type == PLUG_RB_ENTRY_FILE) {
    /* A part that is a single file has no folder to look beneath. */
    if (root_fd < 0)
      fd = open (plug_rb_state_get_part (state, entry->part)->path,
                 O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    else
      fd = plug_rb_fs_open_beneath (root_fd, entry->path, O_RDONLY, error);
    if (fd < 0)
      return FALSE;
  }

  return plug_rb_archive_writer_add (writer, entry, fd, error);
}

static gboolean
add_part (PlugRbArchiveWriter *writer,
          PlugRbState *state,
          const PlugRbPart *part,
          GCancellable *cancellable,
          GError **error)
{
  g_autofd int root_fd = open (part->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);
    gboolean is_linked_root = entry->type == PLUG_RB_ENTRY_LINK && *entry->path == '\0';

    if (!g_str_equal (entry->part, part->name) || is_linked_root)
      continue;
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !add_file (writer, state, entry, root_fd, error))
      return FALSE;
  }

  return TRUE;
}

/* Settings stand first, so that they are read without unpacking the files. */
static gboolean
write_contents (PlugRbArchiveWriter *writer,
                PlugRbState *state,
                GCancellable *cancellable,
                GError **error)
{
  for (guint i = 0; i < plug_rb_table_get_size (state->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (state->table, i);

    if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) &&
        !plug_rb_archive_writer_add_document (
            writer, entry, g_hash_table_lookup (state->documents, entry->path), error))
      return FALSE;
  }

  for (guint i = 0; i < state->parts->len; i++)
    if (!add_part (writer, state, state->parts->pdata[i], cancellable, error))
      return FALSE;

  return TRUE;
}

static JsonArray *
describe_archive (const char *file, const char *sha256, guint64 size)
{
  JsonArray *archives = json_array_new ();
  JsonObject *archive = json_object_new ();

  json_object_set_string_member (archive, "file", file);
  json_object_set_string_member (archive, "sha256", sha256);
  json_object_set_int_member (archive, "size", size);
  json_array_add_object_element (archives, archive);

  return archives;
}

static gboolean
fill_archive (int folder_fd,
              const char *name,
              PlugRbState *state,
              char **sha256,
              guint64 *size,
              GCancellable *cancellable,
              GError **error)
{
  g_autofd int fd = openat (folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                            0600);
  g_autoptr(PlugRbArchiveWriter) writer = NULL;

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  return (writer = plug_rb_archive_writer_new (fd, error)) &&
         write_contents (writer, state, cancellable, error) &&
         plug_rb_archive_writer_close (writer, sha256, size, error) &&
         plug_rb_fs_sync (fd, name, error);
}

static gboolean
save_archive (PlugRbStore *self,
              PlugRbState *state,
              const char *id,
              Contents *contents,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *below = escaped_plugin_path (state->plugin);
  g_autofree char *folder = plug_rb_store_build_path (self, "archives", below, NULL);
  g_autofree char *name = g_strconcat (id, ".tar.zst", NULL);
  g_autofree char *temporary = g_strconcat (".tmp-", name, NULL);
  g_autofree char *file = g_build_filename (below, name, NULL);
  g_autofree char *sha256 = NULL;
  g_autofd int fd = -1;

  if (!plug_rb_fs_make_folders (folder, error) || (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  if (!fill_archive (fd, temporary, state, &sha256, &contents->stored, cancellable, error)) {
    unlinkat (fd, temporary, 0);
    return FALSE;
  }

  if (renameat (fd, temporary, fd, name) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  contents->archives = describe_archive (file, sha256, contents->stored);
  return plug_rb_fs_sync (fd, folder, error);
}

static JsonArray *
get_archives (PlugRbSnapshot *snapshot)
{
  return plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");
}

guint
plug_rb_store_count_archives (PlugRbSnapshot *snapshot)
{
  JsonArray *archives = get_archives (snapshot);

  return archives ? json_array_get_length (archives) : 0;
}

static gboolean
is_plain_name (const char *file)
{
  g_auto(GStrv) names = g_strsplit (file, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || *names[i] == '.')
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_store_open_archive:
 * @index: which of the snapshot's archives
 *
 * Returns: a descriptor at the archive's start that the caller closes, or -1
 */
int
plug_rb_store_open_archive (PlugRbStore *self, PlugRbSnapshot *snapshot, guint index, GError **error)
{
  JsonArray *archives = get_archives (snapshot);
  JsonObject *archive = archives ? plug_rb_json_get_element (archives, index) : NULL;
  const char *file = archive ? plug_rb_json_get_string (archive, "file") : NULL;
  g_autofree char *path = NULL;
  int fd;

  if (file == NULL || !is_plain_name (file)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("Snapshot %s names no archive"),
                 plug_rb_snapshot_get_id (snapshot));
    return -1;
  }

  path = plug_rb_store_build_path (self, "archives", file, NULL);
  if ((fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0)
    plug_rb_error_set_errno (error, errno, _("The archive “%s” cannot be opened"), path);

  return fd;
}

/* ---- writing */

static gint64
next_sequence (PlugRbStore *self, const char *plugin, GError **error)
{
  g_autoptr(GPtrArray) live = list_below (self, "snapshots", plugin, error);
  g_autoptr(GPtrArray) trash = live ? list_below (self, "trash", plugin, error) : NULL;
  gint64 last = 0;

  if (trash == NULL)
    return 0;

  for (guint i = 0; i < live->len; i++)
    last = MAX (last, plug_rb_snapshot_get_sequence (live->pdata[i]));
  for (guint i = 0; i < trash->len; i++)
    last = MAX (last, plug_rb_snapshot_get_sequence (trash->pdata[i]));

  return last + 1;
}

static JsonArray *
describe_memberships (PlugRbState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->memberships->len; i++) {
    const PlugRbMembership *membership = state->memberships->pdata[i];
    JsonObject *json = json_object_new ();

    json_object_set_string_member (json, "name", membership->name);
    json_object_set_string_member (json, "key", membership->key);
    json_object_set_string_member (json, "entry", membership->entry);
    json_object_set_boolean_member (json, "present", membership->present);
    json_object_set_int_member (json, "position", membership->position);
    json_object_set_boolean_member (json, "unset", membership->unset);
    json_array_add_object_element (array, json);
  }

  return array;
}

static JsonArray *
describe_parts (PlugRbState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->parts->len; i++) {
    const PlugRbPart *part = state->parts->pdata[i];

    if (plug_rb_table_has_part (state->table, part->name))
      json_array_add_string_element (array, part->name);
  }

  return array;
}

static JsonObject *
describe_sizes (PlugRbState *state, guint64 stored)
{
  JsonObject *sizes = json_object_new ();
  guint64 real = plug_rb_table_sum_sizes (state->table);

  json_object_set_int_member (sizes, "real", real);
  json_object_set_int_member (sizes, "stored", stored);
  json_object_set_int_member (sizes, "shared", stored == 0 ? real : 0);

  return sizes;
}

static JsonObject *
describe_values (PlugRbState *state)
{
  JsonObject *settings = json_object_new ();

  json_object_set_int_member (settings, "count", plug_rb_values_get_n_keys (state->values));
  plug_rb_json_set_strv (settings, "folders", plug_rb_values_get_folders (state->values));

  return settings;
}

static void
add_identity (JsonObject *json, PlugRbState *state, const char *id, gint64 sequence)
{
  g_auto(GStrv) halves = g_strsplit (state->plugin, "/", 2);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *timestamp = plug_rb_time_to_string (now);

  json_object_set_int_member (json, "format", 1);
  plug_rb_json_set_string (json, "id", id);
  json_object_set_int_member (json, "sequence", sequence);
  plug_rb_json_set_string (json, "plugin", state->plugin);
  plug_rb_json_set_string (json, "host", halves[0]);
  plug_rb_json_set_string (json, "plugin-id", state->id);
  plug_rb_json_set_string (json, "name", state->name);
  plug_rb_json_set_string (json, "version", state->version);
  plug_rb_json_set_string (json, "timestamp", timestamp);
}

static void
add_request (JsonObject *json, const PlugRbSnapshotRequest *request)
{
  plug_rb_json_set_string (json, "host-version", request->host_version);
  plug_rb_json_set_string (json, "reason",
                           plug_rb_enum_to_nick (PLUG_RB_TYPE_REASON, request->reason));
  json_object_set_null_member (json, "change");
  plug_rb_json_set_string (json, "label", request->label);
  plug_rb_json_set_string (json, "note", request->note);
  json_object_set_boolean_member (json, "pinned", FALSE);
  json_object_set_boolean_member (json, "enabled", request->enabled);
}

static void
add_contents (JsonObject *json, PlugRbState *state, const Contents *contents)
{
  const char *file =
      plug_rb_json_get_string (plug_rb_json_get_element (contents->archives, 0), "file");
  g_autofree char *quoted = g_shell_quote (file);
  g_autofree char *extract = g_strdup_printf ("tar --zstd -xf archives/%s files", quoted);

  json_object_set_boolean_member (json, "absent", state->absent);
  json_object_set_array_member (json, "dependencies", json_array_new ());
  json_object_set_array_member (json, "parts", describe_parts (state));
  json_object_set_object_member (json, "sizes", describe_sizes (state, contents->stored));
  json_object_set_int_member (json, "files", plug_rb_table_count_files (state->table));
  plug_rb_json_set_string (json, "table", plug_rb_table_get_sha256 (state->table));
  json_object_set_array_member (json, "archives", json_array_ref (contents->archives));
  plug_rb_json_set_string (json, "extract", extract);
  json_object_set_object_member (json, "settings", describe_values (state));
  json_object_set_array_member (json, "states", describe_memberships (state));
  plug_rb_json_set_string (json, "health", "unknown");
  plug_rb_json_set_string (json, "manifest", state->manifest);
}

/* The folder with the metadata is what makes a snapshot exist, so it comes last and by one rename. */
static gboolean
commit_metadata (PlugRbStore *self,
                 const char *plugin,
                 const char *id,
                 JsonObject *json,
                 GError **error)
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
    return FALSE;
  }

  return plug_rb_fs_sync (parent, folder, error);
}

static gboolean
obtain_contents (PlugRbStore *self,
                 PlugRbState *state,
                 const char *id,
                 Contents *contents,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr(PlugRbSnapshot) same = plug_rb_store_find_same (
      self, state->plugin, plug_rb_table_get_sha256 (state->table), NULL);

  if (same != NULL) {
    contents->archives = json_array_ref (get_archives (same));
    contents->stored = 0;
    return TRUE;
  }

  return save_table (self, state->table, error) &&
         save_archive (self, state, id, contents, cancellable, error);
}

/**
 * plug_rb_store_save_snapshot:
 * @state: a state of the live system, just captured
 *
 * Stores a snapshot. The caller holds the plugin's lock. It appears complete or not at all; equal states
 * share table and archives.
 *
 * Returns: (transfer full): the snapshot
 */
PlugRbSnapshot *
plug_rb_store_save_snapshot (PlugRbStore *self,
                             PlugRbState *state,
                             const PlugRbSnapshotRequest *request,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *id = plug_rb_id_new ();
  g_autoptr(JsonArray) archives = NULL;
  g_autoptr(JsonObject) json = json_object_new ();
  Contents contents = { NULL, 0 };
  gint64 sequence = next_sequence (self, state->plugin, error);

  if (sequence == 0 || !obtain_contents (self, state, id, &contents, cancellable, error))
    return NULL;

  archives = contents.archives;
  add_identity (json, state, id, sequence);
  add_request (json, request);
  add_contents (json, state, &contents);
  plug_rb_json_seal (json);

  if (!commit_metadata (self, state->plugin, id, json, error) ||
      !plug_rb_audit_append (plug_rb_store_get_path (self), "snapshot", id, NULL, error))
    return NULL;

  return plug_rb_snapshot_new_from_json (json, error);
}

/* ---- trash */

static gboolean
move_snapshot (PlugRbStore *self,
               PlugRbSnapshot *snapshot,
               const char *from,
               const char *to,
               GError **error)
{
  const char *plugin = plug_rb_snapshot_get_plugin (snapshot);
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *from_folder = plugin_folder (self, from, plugin);
  g_autofree char *to_folder = plugin_folder (self, to, plugin);
  g_autofree char *from_path = g_build_filename (from_folder, id, NULL);
  g_autofree char *to_path = g_build_filename (to_folder, id, NULL);

  if (!plug_rb_fs_make_folders (to_folder, error))
    return FALSE;

  if (rename (from_path, to_path) < 0) {
    plug_rb_error_set_errno (error, errno, _("Snapshot %s cannot be moved"), id);
    return FALSE;
  }

  return plug_rb_fs_sync_folder (to_folder, error) && plug_rb_fs_sync_folder (from_folder, error);
}

/* When it was thrown away: the trash is emptied by age. */
static void
stamp (PlugRbStore *self, PlugRbSnapshot *snapshot)
{
  g_autofree char *folder = plugin_folder (self, "trash", plug_rb_snapshot_get_plugin (snapshot));
  g_autofree char *path = g_build_filename (folder, plug_rb_snapshot_get_id (snapshot), NULL);

  utimensat (AT_FDCWD, path, NULL, 0);
}

/**
 * plug_rb_store_delete_snapshot:
 *
 * Moves a snapshot to the trash. The caller holds the plugin's lock.
 */
gboolean
plug_rb_store_delete_snapshot (PlugRbStore *self, PlugRbSnapshot *snapshot, GError **error)
{
  if (!move_snapshot (self, snapshot, "snapshots", "trash", error))
    return FALSE;

  stamp (self, snapshot);
  return plug_rb_audit_append (plug_rb_store_get_path (self), "delete", plug_rb_snapshot_get_id (snapshot), NULL,
                               error);
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
  if (!move_snapshot (self, snapshot, "trash", "snapshots", error) ||
      !plug_rb_audit_append (plug_rb_store_get_path (self), "restore-deleted",
                             plug_rb_snapshot_get_id (snapshot), NULL, error))
    return NULL;

  return g_object_ref (snapshot);
}
