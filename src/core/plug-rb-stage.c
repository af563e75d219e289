/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-stage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-archive.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"

/* One part's new tree. */
typedef struct {
  char *part;
  int fd;
  int live_fd;
} Tree;

/* A file that has to come from an archive. */
typedef struct {
  const PlugRbEntry *entry;
  Tree *tree;
} Need;

struct _PlugRbStage {
  PlugRbState *live;
  PlugRbState *target;
  GPtrArray *trees;
  GPtrArray *linked;
  GHashTable *needs;
  guint64 bytes_needed;
  guint64 bytes_written;
};

static void
tree_free (Tree *tree)
{
  g_free (tree->part);
  g_clear_fd (&tree->fd, NULL);
  g_clear_fd (&tree->live_fd, NULL);
  g_free (tree);
}

PlugRbStage *
plug_rb_stage_new (PlugRbState *live, PlugRbState *target)
{
  PlugRbStage *self = g_new0 (PlugRbStage, 1);

  self->live = plug_rb_state_ref (live);
  self->target = plug_rb_state_ref (target);
  self->trees = g_ptr_array_new_with_free_func ((GDestroyNotify) tree_free);
  self->linked = g_ptr_array_new_with_free_func (g_free);
  self->needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
plug_rb_stage_free (PlugRbStage *self)
{
  g_hash_table_unref (self->needs);
  g_ptr_array_unref (self->linked);
  g_ptr_array_unref (self->trees);
  plug_rb_state_unref (self->live);
  plug_rb_state_unref (self->target);
  g_free (self);
}

static gboolean
is_same_mount (const char *a, const char *b)
{
  struct statx x = { 0 }, y = { 0 };

  return statx (AT_FDCWD, a, 0, STATX_MNT_ID, &x) == 0 &&
         statx (AT_FDCWD, b, 0, STATX_MNT_ID, &y) == 0 && x.stx_mnt_id == y.stx_mnt_id;
}

/**
 * plug_rb_stage_find_parent:
 * @root: the folder in which a host looks for plugins
 *
 * Returns: (transfer full): the folder to stage in: the one above @root where a rename can reach
 * from there, so that the host never sees a stage; otherwise @root itself. %NULL if neither can be
 * written
 */
char *
plug_rb_stage_find_parent (const char *root, GError **error)
{
  g_autofree char *real = g_file_test (root, G_FILE_TEST_IS_SYMLINK) ? NULL : g_strdup (root);
  g_autofree char *parent = g_path_get_dirname (root);

  if (access (root, W_OK | X_OK) < 0) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be written"), root);
    return NULL;
  }

  if (real != NULL && is_same_mount (root, parent) && access (parent, W_OK | X_OK) == 0)
    return g_steal_pointer (&parent);

  return g_strdup (root);
}

static gboolean
throw_entry (GError **error, const PlugRbEntry *entry, int errsv)
{
  g_autofree char *shown = g_filename_display_name (entry->path);

  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be made"), shown);
  return FALSE;
}

/* The folder that holds a path, and the path's last name. */
static int
open_parent (int root_fd, const char *path, const char **name, GError **error)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *parent = slash ? g_strndup (path, slash - path) : g_strdup ("");

  *name = slash ? slash + 1 : path;

  return plug_rb_fs_open_beneath (root_fd, parent, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
looks_like (const struct stat *st, const PlugRbEntry *entry)
{
  return S_ISREG (st->st_mode) && (st->st_mode & 07777) == entry->mode &&
         (guint64) st->st_size == entry->size && st->st_mtim.tv_sec == entry->mtime &&
         st->st_mtim.tv_nsec == entry->nsec;
}

/* Links an unchanged file from the live tree. Only what equals the target in every respect may be
 * linked, because nothing with two links is ever written, chmodded or re-timed by us. */
static gboolean
try_link (Tree *tree, int parent_fd, const char *name, const PlugRbEntry *entry)
{
  g_autofd int live_parent = -1;
  const char *live_name;
  struct stat st;

  if (tree->live_fd < 0 ||
      (live_parent = open_parent (tree->live_fd, entry->path, &live_name, NULL)) < 0 ||
      fstatat (live_parent, live_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_uid != geteuid () ||
      !looks_like (&st, entry))
    return FALSE;

  return linkat (live_parent, live_name, parent_fd, name, 0) == 0;
}

static void
add_need (PlugRbStage *self, Tree *tree, const PlugRbEntry *entry)
{
  Need *need = g_new0 (Need, 1);

  need->entry = entry;
  need->tree = tree;
  self->bytes_needed += entry->size;
  g_hash_table_insert (self->needs, plug_rb_archive_name_entry (entry), need);
}

static gboolean
add_file (PlugRbStage *self, Tree *tree, int parent_fd, const char *name, const PlugRbEntry *entry)
{
  const PlugRbEntry *now = plug_rb_table_find (self->live->table, entry->part, entry->path);

  if (now != NULL && plug_rb_entry_equal (now, entry) && try_link (tree, parent_fd, name, entry))
    g_ptr_array_add (self->linked, g_memdup2 (&(Need) { entry, tree }, sizeof (Need)));
  else
    add_need (self, tree, entry);

  return TRUE;
}

static gboolean
add_entry (PlugRbStage *self, Tree *tree, const PlugRbEntry *entry, GError **error)
{
  const char *name;
  g_autofd int parent_fd = open_parent (tree->fd, entry->path, &name, error);

  if (parent_fd < 0)
    return FALSE;

  switch (entry->type) {
  case PLUG_RB_ENTRY_FOLDER:
    return mkdirat (parent_fd, name, 0700) == 0 || throw_entry (error, entry, errno);
  case PLUG_RB_ENTRY_LINK:
    return symlinkat (entry->target, parent_fd, name) == 0 || throw_entry (error, entry, errno);
  case PLUG_RB_ENTRY_FILE:
  default:
    return add_file (self, tree, parent_fd, name, entry);
  }
}

static int
open_live (PlugRbStage *self, const char *part)
{
  const PlugRbPart *place = plug_rb_state_get_part (self->live, part);

  return open (place->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/**
 * plug_rb_stage_add_tree:
 * @part: part of the plugin that exists in the target state
 * @folder: where the new tree is made; its parent exists
 *
 * Makes a tree with all folders, links and unchanged files of the target, and none of the files
 * that the target does not have.
 */
gboolean
plug_rb_stage_add_tree (PlugRbStage *self, const char *part, const char *folder, GError **error)
{
  Tree *tree;
  int fd;

  if (g_mkdir (folder, 0700) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), folder);
    return FALSE;
  }

  if ((fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  tree = g_new0 (Tree, 1);
  tree->part = g_strdup (part);
  tree->fd = fd;
  tree->live_fd = open_live (self, part);
  g_ptr_array_add (self->trees, tree);

  for (guint i = 0; i < plug_rb_table_get_size (self->target->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i);

    if (g_str_equal (entry->part, part) && *entry->path != '\0' &&
        !add_entry (self, tree, entry, error))
      return FALSE;
  }

  return TRUE;
}

guint
plug_rb_stage_get_n_linked (PlugRbStage *self)
{
  return self->linked->len;
}

guint
plug_rb_stage_get_n_needed (PlugRbStage *self)
{
  return g_hash_table_size (self->needs);
}

/* ---- files from archives */

static gboolean
dress_file (int fd, const PlugRbEntry *entry, GError **error)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = entry->mtime, .tv_nsec = entry->nsec } };

  return (fchmod (fd, entry->mode) == 0 && futimens (fd, times) == 0) ||
         throw_entry (error, entry, errno);
}

static gboolean
write_file (PlugRbArchiveReader *reader, const Need *need, GError **error)
{
  const char *name;
  g_autofd int parent_fd = open_parent (need->tree->fd, need->entry->path, &name, error);
  g_autofree char *sha256 = NULL;
  g_autofd int fd = -1;

  if (parent_fd < 0)
    return FALSE;

  fd = openat (parent_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return throw_entry (error, need->entry, errno);

  if (!plug_rb_archive_reader_copy (reader, fd, &sha256, error))
    return FALSE;

  if (!g_str_equal (sha256, need->entry->sha256)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The file “%s” in the snapshot is damaged"), need->entry->path);
    return FALSE;
  }

  return dress_file (fd, need->entry, error);
}

static void
report (PlugRbStage *self, PlugRbOperation *operation, guint total)
{
  guint done = total - g_hash_table_size (self->needs);
  double fraction = self->bytes_needed ? (double) self->bytes_written / self->bytes_needed : 1;
  g_autofree char *text = NULL;

  if (operation == NULL)
    return;

  /* TRANSLATORS: files that are done, of how many */
  text = g_strdup_printf (_("%u of %u"), done, total);
  plug_rb_operation_report (operation, fraction, text);
}

static gboolean
fill_from (PlugRbStage *self,
           int fd,
           guint total,
           PlugRbOperation *operation,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr(PlugRbArchiveReader) reader = plug_rb_archive_reader_new (fd, error);
  const char *name;

  while (reader != NULL && g_hash_table_size (self->needs) > 0) {
    const Need *need;

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !plug_rb_archive_reader_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      return TRUE;

    if ((need = g_hash_table_lookup (self->needs, name)) == NULL)
      continue;

    if (!write_file (reader, need, error))
      return FALSE;

    self->bytes_written += need->entry->size;
    g_hash_table_remove (self->needs, name);
    report (self, operation, total);
  }

  return reader != NULL;
}

static gboolean
throw_missing (PlugRbStage *self, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->needs);
  g_hash_table_iter_next (&iter, &name, NULL);
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The file “%s” is missing in the snapshot"), (const char *) name);

  return FALSE;
}

/**
 * plug_rb_stage_fill:
 * @operation: (nullable): gets the progress
 *
 * Writes what is still needed from the snapshot's archives.
 */
gboolean
plug_rb_stage_fill (PlugRbStage *self,
                    PlugRbStore *store,
                    PlugRbSnapshot *snapshot,
                    PlugRbOperation *operation,
                    GCancellable *cancellable,
                    GError **error)
{
  guint total = g_hash_table_size (self->needs);

  for (guint i = 0; i < plug_rb_store_count_archives (snapshot); i++) {
    g_autofd int fd = -1;

    if (g_hash_table_size (self->needs) == 0)
      break;

    fd = plug_rb_store_open_archive (store, snapshot, i, error);
    if (fd < 0 || !fill_from (self, fd, total, operation, cancellable, error)) {
      g_prefix_error (error, _("Snapshot %s: "), plug_rb_snapshot_get_id (snapshot));
      return FALSE;
    }
  }

  return g_hash_table_size (self->needs) == 0 || throw_missing (self, error);
}

/* ---- the end */

static gboolean
dress_entry (Tree *tree, const PlugRbEntry *entry, GError **error)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = entry->mtime, .tv_nsec = entry->nsec } };
  const char *name;
  g_autofd int parent_fd = -1;

  if (*entry->path == '\0')
    return dress_file (tree->fd, entry, error);

  if ((parent_fd = open_parent (tree->fd, entry->path, &name, error)) < 0)
    return FALSE;

  if (entry->type == PLUG_RB_ENTRY_FOLDER && fchmodat (parent_fd, name, entry->mode, 0) < 0)
    return throw_entry (error, entry, errno);

  return utimensat (parent_fd, name, times, AT_SYMLINK_NOFOLLOW) == 0 ||
         throw_entry (error, entry, errno);
}

static gboolean
dress_tree (PlugRbStage *self, Tree *tree, GError **error)
{
  /* From the last row to the first: a folder gets its time and mode after all that lies in it. */
  for (guint i = plug_rb_table_get_size (self->target->table); i > 0; i--) {
    const PlugRbEntry *entry = plug_rb_table_get (self->target->table, i - 1);

    if (g_str_equal (entry->part, tree->part) && entry->type != PLUG_RB_ENTRY_FILE &&
        !dress_entry (tree, entry, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_stage_finish:
 *
 * Gives folders and links their modes and times. The trees are not synced.
 */
gboolean
plug_rb_stage_finish (PlugRbStage *self, GError **error)
{
  for (guint i = 0; i < self->trees->len; i++)
    if (!dress_tree (self, self->trees->pdata[i], error))
      return FALSE;

  return TRUE;
}

/**
 * plug_rb_stage_check_links:
 *
 * Makes sure that no linked file was written through its live name since it was read. To be called
 * just before the swap.
 */
gboolean
plug_rb_stage_check_links (PlugRbStage *self, GError **error)
{
  for (guint i = 0; i < self->linked->len; i++) {
    const Need *linked = self->linked->pdata[i];
    const char *name;
    g_autofd int parent_fd = open_parent (linked->tree->fd, linked->entry->path, &name, error);
    struct stat st;

    if (parent_fd < 0)
      return FALSE;

    if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        !looks_like (&st, linked->entry)) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
                   _("“%s” was changed by another program. Close it and try again"),
                     linked->entry->path);
      return FALSE;
    }
  }

  return TRUE;
}
