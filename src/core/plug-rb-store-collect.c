/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define ID_LENGTH 36
#define HASH_LENGTH 64

/* What nothing refers to any more, and what a crash left half made. A file goes only if it is known
 * that nothing needs it: whatever cannot be read keeps everything that it may refer to. */
typedef struct {
  PlugRbStore *store;
  GHashTable *gone;
  gboolean dry_run;
  guint64 *freed;
  guint n_found;
} Sweep;

typedef gboolean (*IsGarbageFunc) (const char *name, gpointer data);

/* ---- folders */

static gboolean
is_temporary (const char *name, gpointer data)
{
  return g_str_has_prefix (name, PLUG_RB_FS_TEMPORARY);
}

/* TRUE with -1 if there is no such folder. */
static gboolean
open_existing (const char *path, int *fd, GError **error)
{
  g_autoptr(GError) cause = NULL;

  *fd = plug_rb_fs_open_folder (path, &cause);
  if (*fd >= 0 || g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
sweep_folder (
    Sweep *self, const char *path, IsGarbageFunc is_garbage, gpointer data, GError **error)
{
  g_autofd int fd = -1;
  g_autoptr(GPtrArray) names = NULL;

  if (!open_existing (path, &fd, error))
    return FALSE;
  if (fd < 0)
    return TRUE;
  if (!(names = plug_rb_fs_list (fd, error)))
    return FALSE;

  for (guint i = 0; i < names->len; i++) {
    if (!is_garbage (names->pdata[i], data))
      continue;
    self->n_found++;
    *self->freed += plug_rb_fs_measure (fd, names->pdata[i]);
    if (!self->dry_run && !plug_rb_fs_remove_tree (fd, names->pdata[i], error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
is_gone (Sweep *self, PlugRbSnapshot *snapshot)
{
  return self->gone != NULL &&
         g_hash_table_contains (self->gone, plug_rb_snapshot_get_id (snapshot));
}

/* ---- what is referred to */

static char *
get_archive_id (JsonObject *archive, const char *below)
{
  const char *file = archive ? plug_rb_json_get_string (archive, "file") : NULL;
  g_autofree char *folder = file ? g_path_get_dirname (file) : NULL;
  g_autofree char *name = file ? g_path_get_basename (file) : NULL;

  if (file == NULL || !g_str_equal (folder, below) || strlen (name) < ID_LENGTH)
    return NULL;

  name[ID_LENGTH] = '\0';
  return plug_rb_id_is_valid (name) ? g_steal_pointer (&name) : NULL;
}

/* FALSE if it is not known what the snapshot refers to. */
static gboolean
add_archives (GHashTable *archives, PlugRbSnapshot *snapshot, const char *below)
{
  JsonArray *array = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");

  if (plug_rb_snapshot_get_damaged (snapshot) != NULL || array == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++) {
    char *id = get_archive_id (plug_rb_json_get_element (array, i), below);

    if (id == NULL)
      return FALSE;
    g_hash_table_add (archives, id);
  }

  return TRUE;
}

static gboolean
add_all_archives (Sweep *self, GHashTable *archives, GPtrArray *snapshots, const char *below)
{
  for (guint i = 0; i < snapshots->len; i++)
    if (!is_gone (self, snapshots->pdata[i]) &&
        !add_archives (archives, snapshots->pdata[i], below))
      return FALSE;

  return TRUE;
}

/* Nobody knows what a damaged journal refers to. */
static gboolean
is_any_journal_damaged (Sweep *self, gboolean *damaged, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_damaged_journals (self->store, error);

  *damaged = journals != NULL && journals->len > 0;
  return journals != NULL;
}

static gboolean
add_journalled (Sweep *self, GHashTable *archives, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (self->store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++) {
    const PlugRbJournal *journal = journals->pdata[i];

    for (guint j = 0; j < journal->items->len; j++) {
      const PlugRbJournalItem *item = journal->items->pdata[j];

      g_hash_table_add (archives, g_strdup (item->target));
      g_hash_table_add (archives, g_strdup (item->safety));
    }
  }

  return journals != NULL;
}

/* ---- of one plugin */

/* Archive and index begin with the id; anything else is not ours. */
static gboolean
is_unused_archive (const char *name, gpointer data)
{
  g_autofree char *id = g_strndup (name, ID_LENGTH);

  return plug_rb_id_is_valid (id) && name[ID_LENGTH] == '.' && !g_hash_table_contains (data, id);
}

static gboolean
sweep_archives (Sweep *self, const char *below, GPtrArray *live, GPtrArray *deleted, GError **error)
{
  g_autoptr(GHashTable) archives = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = plug_rb_store_build_path (self->store, "archives", below, NULL);
  gboolean damaged;

  if (!is_any_journal_damaged (self, &damaged, error))
    return FALSE;

  if (damaged || !add_all_archives (self, archives, live, below) ||
      !add_all_archives (self, archives, deleted, below))
    return TRUE;

  return add_journalled (self, archives, error) &&
         sweep_folder (self, folder, is_unused_archive, archives, error);
}

static gboolean
sweep_plugin_leftovers (Sweep *self, const char *below, GError **error)
{
  static const char *const tops[] = { "snapshots", "archives", "trash" };

  for (guint i = 0; i < G_N_ELEMENTS (tops); i++) {
    g_autofree char *folder = plug_rb_store_build_path (self->store, tops[i], below, NULL);

    if (!sweep_folder (self, folder, is_temporary, NULL, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
is_bookkeeping (const char *name)
{
  return g_str_equal (name, ".lock") || g_str_equal (name, ".absent-since");
}

static gboolean
has_only_bookkeeping (int fd)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (!is_bookkeeping (names->pdata[i]))
      return FALSE;

  return names != NULL;
}

/* The lock goes with the folder. Whoever waits for it notices. */
static void
remove_snapshots_folder (const char *folder)
{
  g_autofd int fd = plug_rb_fs_open_folder (folder, NULL);

  if (fd < 0 || !has_only_bookkeeping (fd))
    return;

  unlinkat (fd, ".absent-since", 0);
  unlinkat (fd, ".lock", 0);
  rmdir (folder);
}

static void
remove_empty_folders (Sweep *self, const char *below)
{
  g_autofree char *snapshots = plug_rb_store_build_path (self->store, "snapshots", below, NULL);
  g_autofree char *archives = plug_rb_store_build_path (self->store, "archives", below, NULL);
  g_autofree char *trash = plug_rb_store_build_path (self->store, "trash", below, NULL);

  /* Those that hold something stay by themselves. The lock goes last. */
  rmdir (trash);
  rmdir (archives);
  if (!g_file_test (trash, G_FILE_TEST_EXISTS) && !g_file_test (archives, G_FILE_TEST_EXISTS))
    remove_snapshots_folder (snapshots);
}

/**
 * plug_rb_store_collect_plugin:
 * @gone: (nullable) (element-type utf8): ids of snapshots to take for deleted, for a dry run
 * @dry_run: only say what it would free
 * @freed: (inout): the bytes that it frees are added here
 *
 * Deletes what nothing of a plugin refers to: archives and their indexes, what a crash left half
 * made, empty folders. A snapshot that cannot be read keeps all archives of its plugin, a journal
 * those of all. The caller
 * holds the plugin's lock, which is worth nothing afterwards if the plugin had no snapshots left:
 * nothing more may be done under it.
 */
gboolean
plug_rb_store_collect_plugin (PlugRbStore *self,
                              const char *plugin,
                              GHashTable *gone,
                              gboolean dry_run,
                              guint64 *freed,
                              GError **error)
{
  Sweep sweep = { self, gone, dry_run, freed };
  g_autofree char *below = plug_rb_store_escape_key (plugin);
  g_autoptr(GPtrArray) live = plug_rb_store_list_snapshots (self, plugin, error);
  g_autoptr(GPtrArray) deleted = live ? plug_rb_store_list_deleted_of (self, plugin, error) : NULL;

  if (deleted == NULL || !sweep_plugin_leftovers (&sweep, below, error) ||
      !sweep_archives (&sweep, below, live, deleted, error))
    return FALSE;

  if (!dry_run)
    remove_empty_folders (&sweep, below);

  return TRUE;
}

/* ---- of all plugins */

/**
 * plug_rb_store_share_tables:
 *
 * Keeps the state tables from being collected, from choosing one until what refers to it is
 * written. Any number may do so at once.
 *
 * Returns: (transfer full): the lock
 */
PlugRbLock *
plug_rb_store_share_tables (PlugRbStore *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = plug_rb_store_build_path (self, "tables", NULL);

  return plug_rb_lock_new_shared (folder, _("the snapshots"), cancellable, error);
}

static gboolean
add_tables (Sweep *self, GHashTable *tables, GPtrArray *snapshots)
{
  for (guint i = 0; i < snapshots->len; i++) {
    PlugRbSnapshot *snapshot = snapshots->pdata[i];

    if (is_gone (self, snapshot))
      continue;
    if (plug_rb_snapshot_get_damaged (snapshot) != NULL)
      return FALSE;
    g_hash_table_add (tables, g_strdup (plug_rb_snapshot_get_table (snapshot)));
  }

  return TRUE;
}

static gboolean
is_unused_table (const char *name, gpointer data)
{
  g_autofree char *hash = g_strndup (name, HASH_LENGTH);

  return plug_rb_hash_is_valid (hash) && name[HASH_LENGTH] == '.' &&
         !g_hash_table_contains (data, hash);
}

static gboolean
sweep_tables_alone (Sweep *self, const char *folder, GError **error)
{
  g_autoptr(GHashTable) tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) live = plug_rb_store_list_snapshots (self->store, NULL, error);
  g_autoptr(GPtrArray) deleted = live ? plug_rb_store_list_deleted (self->store, error) : NULL;

  if (deleted == NULL || !sweep_folder (self, folder, is_temporary, NULL, error))
    return FALSE;

  if (!add_tables (self, tables, live) || !add_tables (self, tables, deleted))
    return TRUE;

  return sweep_folder (self, folder, is_unused_table, tables, error);
}

/* Looking takes as long as reading the metadata of all snapshots. Nobody has to wait for that
 * unless there is something to find. */
static gboolean
look_at_tables (Sweep *self, const char *folder, gboolean *found, GError **error)
{
  guint64 bytes = 0;
  Sweep look = { self->store, self->gone, TRUE, self->dry_run ? self->freed : &bytes };

  if (!sweep_tables_alone (&look, folder, error))
    return FALSE;

  *found = look.n_found > 0;
  return TRUE;
}

/* While snapshots are being taken, tables are left for the next time. */
static gboolean
sweep_tables (Sweep *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = plug_rb_store_build_path (self->store, "tables", NULL);
  g_autoptr(PlugRbLock) lock = NULL;
  g_autoptr(GError) cause = NULL;
  gboolean found;

  if (!look_at_tables (self, folder, &found, error))
    return FALSE;
  if (!found || self->dry_run)
    return TRUE;

  if ((lock = plug_rb_lock_new (folder, _("the snapshots"), cancellable, &cause)))
    return sweep_tables_alone (self, folder, error);
  if (g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * plug_rb_store_collect_shared:
 * @gone: (nullable) (element-type utf8): ids of snapshots to take for deleted, for a dry run
 * @dry_run: only say what it would free
 * @freed: (inout): the bytes that it frees are added here
 *
 * Deletes what no plugin's snapshots refer to: state tables, and what a crash left half made. One
 * snapshot that cannot be read keeps all tables. Call it without a plugin's lock: it would make
 * those wait who take a snapshot.
 */
gboolean
plug_rb_store_collect_shared (PlugRbStore *self,
                              GHashTable *gone,
                              gboolean dry_run,
                              guint64 *freed,
                              GCancellable *cancellable,
                              GError **error)
{
  Sweep sweep = { self, gone, dry_run, freed };
  g_autofree char *operations = plug_rb_store_build_path (self, "operations", NULL);
  g_autofree char *pending = plug_rb_store_build_path (self, "operations", "pending", NULL);

  /* Here is no lock that writers hold: plug_rb_fs_replace() gets along with losing its file. */
  return sweep_folder (&sweep, plug_rb_store_get_path (self), is_temporary, NULL, error) &&
         sweep_folder (&sweep, operations, is_temporary, NULL, error) &&
         sweep_folder (&sweep, pending, is_temporary, NULL, error) &&
         sweep_tables (&sweep, cancellable, error);
}
