/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <glib/gstdio.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-listing.h"
#include "plug-rb-metadata-file.h"
#include "plug-rb-scan.h"
#include "plug-rb-store-list.h"

/* A plugin's folder: what it is now, and whether it is as it was when the listing was made. */
typedef struct {
  char *name;
  struct stat st;
  gboolean is_known;
  gboolean is_settled;
  guint index;
} Folder;

typedef struct {
  PlugRbListing *listing;
  GArray *folders;
  GPtrArray *snapshots;
  guint n_known;
  struct timespec start;
} Browse;

static void
folder_clear (Folder *folder)
{
  g_free (folder->name);
}

static void
browse_clear (Browse *self)
{
  g_clear_pointer (&self->listing, plug_rb_listing_unref);
  g_clear_pointer (&self->folders, g_array_unref);
  g_clear_pointer (&self->snapshots, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Browse, browse_clear)

/* A change that comes in the same step of the clock as the one before leaves no trace, so a folder
 * that has just changed is read again the next time. */
static gboolean
is_settled (Browse *self, const struct stat *st)
{
  const struct timespec *times[] = { &st->st_mtim, &st->st_ctim };
  gint64 step = plug_rb_scan_get_clock_step () * 1000;

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    gint64 seconds = self->start.tv_sec - times[i]->tv_sec;

    if (times[i]->tv_nsec == 0 && seconds <= 2)
      return FALSE;
    if (seconds < 2 &&
        seconds * G_GINT64_CONSTANT (1000000000) + self->start.tv_nsec - times[i]->tv_nsec < step)
      return FALSE;
  }

  return TRUE;
}

static gboolean
look_at_plugin (Browse *self, int host_fd, const char *host, const char *id, GError **error)
{
  g_autofree char *name = g_strconcat (host, "/", id, NULL);
  Folder folder = { 0 };

  /* Whatever else lies there, left by a crash or by hand, is passed over. */
  if (fstatat (host_fd, id, &folder.st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (folder.st.st_mode))
    return TRUE;

  folder.is_known = self->listing != NULL &&
                    plug_rb_listing_find_folder (self->listing, name, &folder.index) &&
                    plug_rb_listing_knows (self->listing, folder.index, &folder.st);
  folder.is_settled = is_settled (self, &folder.st);
  self->n_known += folder.is_known;
  folder.name = g_steal_pointer (&name);
  g_array_append_val (self->folders, folder);

  return folder.is_known || plug_rb_store_list_folder (self->snapshots, host_fd, host, id, error);
}

static gboolean
look_at_host (Browse *self, int top_fd, const char *host, GError **error)
{
  struct stat st;
  g_autofd int fd = -1;
  g_autoptr(GPtrArray) ids = NULL;

  if (fstatat (top_fd, host, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (st.st_mode))
    return TRUE;

  if ((fd = plug_rb_metadata_file_open_folder (top_fd, host, error)) < 0 ||
      !(ids = plug_rb_fs_list (fd, error)))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!look_at_plugin (self, fd, host, ids->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
look_at_store (Browse *self, PlugRbStore *store, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (store, "snapshots", NULL);
  g_autoptr(GError) cause = NULL;
  g_autofd int fd = plug_rb_fs_open_folder (path, &cause);
  g_autoptr(GPtrArray) hosts = fd < 0 ? NULL : plug_rb_fs_list (fd, &cause);

  /* A store that cannot be written may lack the folder. */
  if (hosts == NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    if (!look_at_host (self, fd, hosts->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* Where all is known the rows are in the right order already. */
static void
add_known (Browse *self)
{
  guint n_folders = self->listing ? plug_rb_listing_count_folders (self->listing) : 0;
  g_autofree gboolean *known = g_new0 (gboolean, n_folders + 1);

  for (guint i = 0; i < self->folders->len; i++) {
    const Folder *folder = &g_array_index (self->folders, Folder, i);

    if (folder->is_known)
      known[folder->index] = TRUE;
  }

  for (guint i = 0; self->n_known > 0 && i < plug_rb_listing_count_rows (self->listing); i++)
    if (known[plug_rb_listing_get_row (self->listing, i)->folder])
      g_ptr_array_add (self->snapshots, plug_rb_snapshot_new_from_listing (self->listing, i));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Folder *) a)->name, ((const Folder *) b)->name);
}

/* The name that the store gives a folder whose snapshots are listed as those of this one. */
static char *
make_usual_name (const char *name)
{
  g_auto(GStrv) halves = g_strsplit (name, "/", 2);
  g_autofree char *host = g_uri_unescape_string (halves[0], NULL);
  g_autofree char *id = g_uri_unescape_string (halves[1], NULL);
  g_autofree char *key = g_strconcat (host ? host : halves[0], "/", id ? id : halves[1], NULL);

  return plug_rb_store_escape_key (key);
}

/* A row says which plugin it is of, and the plugin which folder: where that is another one, neither
 * can be remembered. */
static void
add_misnamed (Browse *self, GHashTable *names)
{
  for (guint i = 0; i < self->folders->len; i++) {
    const char *name = g_array_index (self->folders, Folder, i).name;
    g_autofree char *usual = make_usual_name (name);

    if (!g_str_equal (name, usual)) {
      g_hash_table_add (names, g_strdup (name));
      g_hash_table_add (names, g_steal_pointer (&usual));
    }
  }
}

/* Folders with something damaged in them are read each time, so that it is noticed when it is put
 * right. */
static GHashTable *
list_unfit (Browse *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_misnamed (self, names);
  for (guint i = 0; i < self->snapshots->len; i++)
    if (plug_rb_snapshot_get_damaged (self->snapshots->pdata[i]) != NULL)
      g_hash_table_add (names, plug_rb_store_escape_key (
                                   plug_rb_snapshot_get_plugin (self->snapshots->pdata[i])));

  return names;
}

static gboolean
can_be_remembered (const Folder *folder, GHashTable *unfit)
{
  return folder->is_settled && !g_hash_table_contains (unfit, folder->name);
}

static gboolean
has_news (Browse *self, GHashTable *unfit)
{
  if (self->listing == NULL || self->n_known < plug_rb_listing_count_folders (self->listing))
    return TRUE;

  for (guint i = 0; i < self->folders->len; i++) {
    const Folder *folder = &g_array_index (self->folders, Folder, i);

    if (!folder->is_known && can_be_remembered (folder, unfit))
      return TRUE;
  }

  return FALSE;
}

static void
save (Browse *self, PlugRbStore *store, GHashTable *unfit)
{
  g_autoptr(PlugRbListingWriter) writer =
      plug_rb_listing_writer_new (plug_rb_store_get_path (store));

  g_array_sort (self->folders, compare_names);
  for (guint i = 0; i < self->folders->len; i++) {
    const Folder *folder = &g_array_index (self->folders, Folder, i);

    if (can_be_remembered (folder, unfit))
      plug_rb_listing_writer_add_folder (writer, folder->name, &folder->st);
  }

  for (guint i = 0; i < self->snapshots->len; i++) {
    PlugRbSnapshot *snapshot = self->snapshots->pdata[i];
    g_autofree char *name = plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot));

    if (plug_rb_snapshot_get_damaged (snapshot) == NULL)
      plug_rb_snapshot_add_to_listing (snapshot, writer, name);
  }

  plug_rb_listing_writer_save (writer);
}

/**
 * plug_rb_store_browse_snapshots:
 *
 * Lists all snapshots as far as lists show them. Of folders that did not change since they were
 * listed last the metadata are not read, but only when somebody asks for them. Whoever decides,
 * deletes or restores by what is listed uses plug_rb_store_list_snapshots().
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): newest first, damaged ones included
 */
GPtrArray *
plug_rb_store_browse_snapshots (PlugRbStore *self, GError **error)
{
  g_auto(Browse) browse = { .listing = plug_rb_listing_load (plug_rb_store_get_path (self)) };
  g_autoptr(GHashTable) unfit = NULL;

  clock_gettime (CLOCK_REALTIME_COARSE, &browse.start);
  browse.snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  browse.folders = g_array_new (FALSE, FALSE, sizeof (Folder));
  g_array_set_clear_func (browse.folders, (GDestroyNotify) folder_clear);

  if (!look_at_store (&browse, self, error))
    return NULL;

  add_known (&browse);
  if (browse.n_known < browse.folders->len)
    g_ptr_array_sort_values (browse.snapshots, plug_rb_store_compare_age);

  unfit = list_unfit (&browse);
  if (has_news (&browse, unfit))
    save (&browse, self, unfit);

  return g_steal_pointer (&browse.snapshots);
}
