/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-carry.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-swap.h"
#include "plug-rb-transaction.h"

/* ---- finding */

static gboolean
matches (const char *const *globs, const char *name)
{
  for (guint i = 0; globs != NULL && globs[i] != NULL; i++)
    if (g_pattern_match_simple (globs[i], name))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_carry_matches:
 * @globs: (nullable): globs of names
 * @path: (type filename): a path in a plugin's folder
 *
 * Whether one of the names in the path matches.
 */
gboolean
plug_rb_carry_matches (const char *const *globs, const char *path)
{
  g_auto(GStrv) names = NULL;

  if (globs == NULL || globs[0] == NULL)
    return FALSE;

  names = g_strsplit (path, "/", -1);
  for (guint i = 0; names[i] != NULL; i++)
    if (matches (globs, names[i]))
      return TRUE;

  return FALSE;
}

typedef struct {
  const char *const *globs;
  const char *const *passed;
  GPtrArray *paths;
} Search;

static gboolean search_folder (Search *search, int fd, const char *path, GError **error);

static gboolean
search_entry (Search *search, int fd, const char *name, const char *path, GError **error)
{
  g_autofd int child = -1;
  struct stat st;

  if (matches (search->globs, name)) {
    g_ptr_array_add (search->paths, g_strdup (path));
    return TRUE;
  }

  if (matches (search->passed, name) || fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
      !S_ISDIR (st.st_mode))
    return TRUE;

  child = plug_rb_fs_open_child (fd, name, error);

  return child >= 0 && search_folder (search, child, path, error);
}

static gboolean
search_folder (Search *search, int fd, const char *path, GError **error)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *below = *path ? g_strconcat (path, "/", name, NULL) : g_strdup (name);

    if (!search_entry (search, fd, name, below, error))
      return FALSE;
  }

  return names != NULL;
}

/**
 * plug_rb_carry_find:
 * @tree: absolute path of a folder
 * @globs: (nullable): names to look for
 * @passed: (nullable): names of folders that are not looked into
 * @paths: (element-type filename): gets the paths below @tree whose last name is one of @globs;
 *   what lies below such a path is not named
 */
gboolean
plug_rb_carry_find (const char *tree,
                    const char *const *globs,
                    const char *const *passed,
                    GPtrArray *paths,
                    GError **error)
{
  Search search = { globs, passed, paths };
  g_autofd int fd = -1;

  if (globs == NULL || globs[0] == NULL)
    return TRUE;

  fd = open (tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOTDIR)
    return TRUE;
  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), tree);
    return FALSE;
  }

  return search_folder (&search, fd, "", error);
}

/* ---- planning */

static char *
dup_parent (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash ? g_strndup (path, slash - path) : g_strdup ("");
}

static PlugRbDress
get_dress (const PlugRbEntry *entry)
{
  return (PlugRbDress) { .mode = entry->mode, .mtime = entry->mtime, .nsec = entry->nsec };
}

/* A folder of the new state stays as it is wanted; one that is made for what is moved into it looks
 * as it did. */
static void
plan_folder (PlugRbSwap *swap, const PlugRbJournalItem *item, const char *path)
{
  const PlugRbEntry *old = plug_rb_table_find (item->before, swap->part, path);
  const PlugRbEntry *new = plug_rb_table_find (item->after, swap->part, path);
  PlugRbCarryFolder *folder;

  if (plug_rb_swap_find_folder (swap, path) != NULL)
    return;

  folder = plug_rb_swap_add_folder (swap, path);
  folder->made = new == NULL;
  if (old != NULL)
    folder->old_dress = folder->new_dress = get_dress (old);
  if (new != NULL)
    folder->new_dress = get_dress (new);
}

static void
plan_folders (PlugRbSwap *swap, const PlugRbJournalItem *item, const char *path)
{
  g_autofree char *folder = g_strdup (path);

  while (*folder != '\0') {
    char *parent = dup_parent (folder);

    g_free (folder);
    folder = parent;
    plan_folder (swap, item, folder);
  }
}

/* Moving a folder changes its "..", for which it must be writable. */
static int
find_locked_mode (const PlugRbSwap *swap, const char *path)
{
  g_autofree char *full = g_build_filename (swap->live, path, NULL);
  struct stat st;

  return lstat (full, &st) == 0 && S_ISDIR (st.st_mode) && (st.st_mode & S_IWUSR) == 0
             ? (int) (st.st_mode & 07777)
             : -1;
}

/**
 * plug_rb_carry_plan:
 * @item: with the states before and after
 *
 * Writes into the swap what is to be moved from the old tree, which is still live, to the new one.
 */
gboolean
plug_rb_carry_plan (PlugRbSwap *swap, const PlugRbJournalItem *item, GError **error)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_set_size (swap->carries, 0);
  g_ptr_array_set_size (swap->folders, 0);
  if (swap->kind != PLUG_RB_SWAP_EXCHANGE)
    return TRUE;

  if (!plug_rb_carry_find (swap->live, (const char *const *) item->excludes,
                           (const char *const *) item->caches, paths, error))
    return FALSE;

  for (guint i = 0; i < paths->len; i++) {
    plug_rb_swap_add_carry (swap, paths->pdata[i], find_locked_mode (swap, paths->pdata[i]));
    plan_folders (swap, item, paths->pdata[i]);
  }

  return TRUE;
}

/* ---- moving */

/* One direction of it. */
typedef struct {
  const PlugRbSwap *swap;
  int from;
  int to;
  gboolean changed;
} Move;

static gboolean
throw_move (GError **error, const Move *move, const char *path)
{
  g_autofree char *full = g_build_filename (move->swap->live, path, NULL);
  g_autofree char *shown = g_filename_display_name (full);

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be moved"), shown);
  return FALSE;
}

static int
open_at (int tree, const char *path)
{
  return plug_rb_fs_open_beneath (tree, path, O_RDONLY | O_DIRECTORY, NULL);
}

/* What is in the folder can be moved even if the plugin's author made it read-only. */
static void
unlock (int fd)
{
  struct stat st;

  if (fstat (fd, &st) == 0 && (st.st_mode & S_IRWXU) != S_IRWXU)
    fchmod (fd, (st.st_mode & 07777) | S_IRWXU);
}

/* Makes the folders that the other tree lacks. Returns a descriptor, or -1: something else stands
 * there. */
static int
open_or_make (int tree, const char *path)
{
  g_autofree char *parent = NULL;
  g_autofd int parent_fd = -1;
  int fd = open_at (tree, path);

  if (fd >= 0 || *path == '\0')
    return fd;

  parent = dup_parent (path);
  if ((parent_fd = open_or_make (tree, parent)) < 0)
    return -1;

  unlock (parent_fd);
  if (mkdirat (parent_fd, path + strlen (parent) + (*parent != '\0'), 0700) < 0)
    return -1;

  return open_at (tree, path);
}

static void
set_carried_mode (int fd, const char *name, int mode, gboolean movable)
{
  if (mode >= 0)
    fchmodat (fd, name, movable ? mode | S_IRWXU : mode, AT_SYMLINK_NOFOLLOW);
}

static gboolean
exists (int fd, const char *name)
{
  return faccessat (fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Where a move stands is seen by what exists. If both do, a program has made the one anew: it is
 * left there, and the other is kept when the old tree is compared before it is deleted. */
static gboolean
move_one (Move *move, const PlugRbCarry *carry, GError **error)
{
  g_autofree char *parent = dup_parent (carry->path);
  const char *name = carry->path + strlen (parent) + (*parent != '\0');
  g_autofd int from = open_at (move->from, parent);
  g_autofd int to = -1;

  if (from < 0 || !exists (from, name)) {
    to = open_at (move->to, parent);
    if (to >= 0)
      set_carried_mode (to, name, carry->mode, FALSE);
    return TRUE;
  }

  if ((to = open_or_make (move->to, parent)) < 0 || exists (to, name))
    return TRUE;

  move->changed = TRUE;
  unlock (from);
  unlock (to);
  set_carried_mode (from, name, carry->mode, TRUE);
  if (renameat (from, name, to, name) < 0)
    return throw_move (error, move, carry->path);

  set_carried_mode (to, name, carry->mode, FALSE);
  return TRUE;
}

static gboolean
dress_folder (int tree, const char *path, const PlugRbDress *dress, GError **error)
{
  const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
                                    { .tv_sec = dress->mtime, .tv_nsec = dress->nsec } };
  g_autofd int fd = tree < 0 ? -1 : open_at (tree, path);

  if (fd < 0 || dress->mode < 0)
    return TRUE;

  if (fchmod (fd, dress->mode) == 0 && futimens (fd, times) == 0)
    return plug_rb_fs_sync (fd, path, error);

  plug_rb_error_set_errno (error, errno, _("The permissions of “%s” cannot be set"), path);
  return FALSE;
}

static int
compare_depth (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PlugRbCarryFolder *const *) b)->path, (*(PlugRbCarryFolder *const *) a)->path);
}

/* The deepest first: a folder that is read-only then does not hide those in it. */
static gboolean
dress_folders (const PlugRbSwap *swap, int old_fd, int new_fd, GError **error)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_copy (swap->folders, NULL, NULL);

  g_ptr_array_set_free_func (folders, NULL);
  g_ptr_array_sort (folders, compare_depth);
  for (guint i = 0; i < folders->len; i++) {
    const PlugRbCarryFolder *folder = folders->pdata[i];

    if (!dress_folder (old_fd, folder->path, &folder->old_dress, error) ||
        !dress_folder (new_fd, folder->path, &folder->new_dress, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
move_all (const PlugRbSwap *swap, int old_fd, int new_fd, gboolean forward, GError **error)
{
  Move move = { .swap = swap, .from = forward ? old_fd : new_fd, .to = forward ? new_fd : old_fd };

  for (guint i = 0; i < swap->carries->len; i++) {
    if (!move_one (&move, swap->carries->pdata[i], error))
      return FALSE;
    plug_rb_transaction_checkpoint ("carry-half");
  }

  return dress_folders (swap, old_fd, new_fd, error);
}

static int
open_tree (const char *path)
{
  return path == NULL ? -1 : open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static gboolean
carry (const PlugRbSwap *swap, gboolean forward, GError **error)
{
  g_autofree char *old_path = NULL;
  g_autofree char *new_path = NULL;
  g_autofd int old_fd = -1;
  g_autofd int new_fd = -1;

  if (swap->carries->len == 0)
    return TRUE;

  if (!plug_rb_swap_find_trees (swap, &old_path, &new_path, error))
    return FALSE;

  /* One of them is gone already: there is nothing left to move. */
  if ((old_fd = open_tree (old_path)) < 0 || (new_fd = open_tree (new_path)) < 0)
    return TRUE;

  return move_all (swap, old_fd, new_fd, forward, error);
}

/**
 * plug_rb_carry_forward:
 *
 * Moves what is to be moved and has not been yet from the old tree to the new one, wherever they
 * stand, makes the folders that lack for it, and makes it durable.
 */
gboolean
plug_rb_carry_forward (const PlugRbSwap *swap, GError **error)
{
  return carry (swap, TRUE, error);
}

/**
 * plug_rb_carry_back:
 *
 * The reverse of plug_rb_carry_forward().
 */
gboolean
plug_rb_carry_back (const PlugRbSwap *swap, GError **error)
{
  return carry (swap, FALSE, error);
}
