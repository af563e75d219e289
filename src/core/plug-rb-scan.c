/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-scan.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"

#define BUFFER_SIZE (256 * 1024)
#define TRIES 3

/* One part on its way into a table. */
typedef struct {
  const PlugRbScan *scan;
  PlugRbTable *table;
  const char *part;
  const char *root;
} Walk;

static gboolean walk_folder (Walk *walk, int fd, const char *path, GError **error);

static char *
display_path (Walk *walk, const char *path)
{
  g_autofree char *full = g_build_filename (walk->root, path, NULL);

  return g_filename_display_name (full);
}

static gboolean
throw_unsupported (GError **error, Walk *walk, const char *path, mode_t mode)
{
  g_autofree char *shown = display_path (walk, path);

  if (S_ISREG (mode))
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("“%s” would run as another user and is not stored"), shown);
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("“%s” is neither a file, a folder nor a link and cannot be stored"), shown);

  return FALSE;
}

static gboolean
throw_changing (GError **error, Walk *walk, const char *path)
{
  g_autofree char *shown = display_path (walk, path);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
               _("“%s” is changing while it is read. Close the program that uses it and try again"),
                 shown);
  return FALSE;
}

static gboolean
throw_unreadable (GError **error, Walk *walk, const char *path, int errsv)
{
  g_autofree char *shown = display_path (walk, path);

  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be read"), shown);
  return FALSE;
}

static PlugRbEntry *
new_entry (Walk *walk, const char *path, const struct stat *st, PlugRbEntryType type)
{
  PlugRbEntry *entry = plug_rb_entry_new (walk->part, path, type);

  entry->mode = type == PLUG_RB_ENTRY_LINK ? 0777 : st->st_mode & 01777;
  entry->mtime = st->st_mtim.tv_sec;
  entry->nsec = st->st_mtim.tv_nsec;
  entry->size = type == PLUG_RB_ENTRY_FILE ? (guint64) st->st_size : 0;

  return entry;
}

/* Returns bytes read, or -1 with errno set. */
static gint64
hash_content (int fd, char **sha256)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *buffer = g_malloc (BUFFER_SIZE);
  gint64 total = 0;
  gssize n;

  while ((n = TEMP_FAILURE_RETRY (read (fd, buffer, BUFFER_SIZE))) > 0) {
    plug_rb_hash_update (hash, buffer, n);
    total += n;
  }

  if (n == 0)
    *sha256 = plug_rb_hash_finish (hash);

  return n < 0 ? -1 : total;
}

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
         a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Reads a file until two looks at it, before and after, agree. */
static gboolean
read_file (Walk *walk, int parent_fd, const char *name, const char *path, GError **error)
{
  for (guint try = 0; try < TRIES; try++) {
    g_autofd int fd = openat (parent_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    g_autoptr(PlugRbEntry) entry = NULL;
    struct stat before, after;
    gint64 length;

    if (fd < 0 || fstat (fd, &before) < 0)
      return throw_unreadable (error, walk, path, errno);

    entry = new_entry (walk, path, &before, PLUG_RB_ENTRY_FILE);
    if ((length = hash_content (fd, &entry->sha256)) < 0 || fstat (fd, &after) < 0)
      return throw_unreadable (error, walk, path, errno);

    if (length == before.st_size && is_same (&before, &after)) {
      plug_rb_table_add (walk->table, g_steal_pointer (&entry));
      if (walk->scan->progress != NULL)
        walk->scan->progress (length, walk->scan->user_data);
      return TRUE;
    }
  }

  return throw_changing (error, walk, path);
}

static gboolean
read_link (Walk *walk,
           int parent_fd,
           const char *name,
           const char *path,
           const struct stat *st,
           GError **error)
{
  g_autoptr(PlugRbEntry) entry = new_entry (walk, path, st, PLUG_RB_ENTRY_LINK);
  char target[4096 + 1];
  gssize length = readlinkat (parent_fd, name, target, sizeof target - 1);

  if (length < 0)
    return throw_unreadable (error, walk, path, errno);

  entry->target = g_strndup (target, length);
  plug_rb_table_add (walk->table, g_steal_pointer (&entry));

  return TRUE;
}

static gboolean
read_folder (Walk *walk,
             int parent_fd,
             const char *name,
             const char *path,
             const struct stat *st,
             GError **error)
{
  g_autofd int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return throw_unreadable (error, walk, path, errno);

  plug_rb_table_add (walk->table, new_entry (walk, path, st, PLUG_RB_ENTRY_FOLDER));

  return walk_folder (walk, fd, path, error);
}

static gboolean
read_entry (Walk *walk, int parent_fd, const char *name, const char *path, GError **error)
{
  struct stat st;

  if (fstatat (parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return throw_unreadable (error, walk, path, errno);

  if (S_ISLNK (st.st_mode))
    return read_link (walk, parent_fd, name, path, &st, error);

  if (S_ISREG (st.st_mode) && (st.st_mode & (S_ISUID | S_ISGID)))
    return throw_unsupported (error, walk, path, st.st_mode);

  if (S_ISREG (st.st_mode) && walk->scan->looks_only) {
    plug_rb_table_add (walk->table, new_entry (walk, path, &st, PLUG_RB_ENTRY_FILE));
    return TRUE;
  }

  if (S_ISREG (st.st_mode))
    return read_file (walk, parent_fd, name, path, error);

  if (S_ISDIR (st.st_mode))
    return read_folder (walk, parent_fd, name, path, &st, error);

  return throw_unsupported (error, walk, path, st.st_mode);
}

static gboolean
is_cache (Walk *walk, const char *name)
{
  const char *const *globs = walk->scan->cache_globs;

  for (guint i = 0; globs != NULL && globs[i] != NULL; i++)
    if (g_pattern_match_simple (globs[i], name))
      return TRUE;

  return FALSE;
}

static gboolean
walk_folder (Walk *walk, int fd, const char *path, GError **error)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, error);

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *below = *path ? g_strconcat (path, "/", name, NULL) : g_strdup (name);

    if (g_cancellable_set_error_if_cancelled (walk->scan->cancellable, error))
      return FALSE;
    if (!is_cache (walk, name) && !read_entry (walk, fd, name, below, error))
      return FALSE;
  }

  return TRUE;
}

/* A plugin folder that is a link (a developer's checkout) is stored as the link and what is behind
 * it. */
static gboolean
walk_linked_folder (Walk *walk, const struct stat *st, GError **error)
{
  g_autofd int fd = -1;

  if (!read_link (walk, AT_FDCWD, walk->root, "", st, error))
    return FALSE;

  if ((fd = open (walk->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
    return errno == ENOENT || throw_unreadable (error, walk, "", errno);

  return walk_folder (walk, fd, "", error);
}

/**
 * plug_rb_scan_part:
 * @table: an open table that gets the rows
 * @part: name of the part in the rows
 * @path: absolute path of the plugin's folder; if nothing is there, no row is added
 *
 * Reads one part of a plugin: names, kinds, modes, times, and the SHA-256 of every file.
 */
gboolean
plug_rb_scan_part (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error)
{
  Walk walk = { .scan = scan, .table = table, .part = part, .root = path };
  struct stat st;

  if (lstat (path, &st) < 0)
    return errno == ENOENT || errno == ENOTDIR || throw_unreadable (error, &walk, "", errno);

  if (S_ISLNK (st.st_mode))
    return walk_linked_folder (&walk, &st, error);

  return read_entry (&walk, AT_FDCWD, path, "", error);
}
