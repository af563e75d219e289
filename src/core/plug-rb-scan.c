/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-scan.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-xattrs.h"

#define TRIES 3
#define FIXED (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)

/* What was changed so shortly before it is looked at may change again without any time showing it.
 * File systems that count whole seconds are told by a time without a fraction. */
#define RACY_SEC 2

/* One part on its way into a table. */
typedef struct {
  const PlugRbScan *scan;
  PlugRbTable *table;
  const char *part;
  const char *root;
  guint cursor;
  GHashTable *linked;
  struct timespec start;
  uid_t uid;
  gint64 step;
} Walk;

static gboolean walk_folder (Walk *walk, int fd, const char *path, GError **error);

/* ---- errors */

static char *
display_path (const char *root, const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);

  return g_filename_display_name (full);
}

static gboolean
throw_unsupported (GError **error, Walk *walk, const char *path, mode_t mode)
{
  g_autofree char *shown = display_path (walk->root, path);

  if (S_ISREG (mode))
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("“%s” would run as another user and is not stored"), shown);
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED,
                 _("“%s” is neither a file, a folder nor a link and cannot be stored"), shown);

  return FALSE;
}

gboolean
plug_rb_scan_throw_changing (GError **error, const char *root, const char *path)
{
  g_autofree char *shown = display_path (root, path);

  g_set_error (
      error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
      _("“%s” is changing while it is read. Close the program that uses it and try again"), shown);
  return FALSE;
}

gboolean
plug_rb_scan_throw_unreadable (GError **error, const char *root, const char *path, int errsv)
{
  g_autofree char *shown = display_path (root, path);

  plug_rb_error_set_errno (error, errsv, _("“%s” cannot be read"), shown);
  return FALSE;
}

/* What was just listed and is gone was deleted meanwhile: that is a change like any other. */
static gboolean
throw_gone (GError **error, Walk *walk, const char *path, int errsv)
{
  return errsv == ENOENT || errsv == ENOTDIR || errsv == ELOOP
             ? plug_rb_scan_throw_changing (error, walk->root, path)
             : plug_rb_scan_throw_unreadable (error, walk->root, path, errsv);
}

/* ---- rows */

/**
 * plug_rb_scan_get_clock_step:
 *
 * Returns: after how many microseconds a write surely gets another time than one now: two steps of
 * the clock by which the kernel stamps files, and a little
 */
gint64
plug_rb_scan_get_clock_step (void)
{
  struct timespec step = { 0 };

  if (clock_getres (CLOCK_REALTIME_COARSE, &step) < 0 || step.tv_sec > 0)
    return G_USEC_PER_SEC;

  return 2 * step.tv_nsec / 1000 + 2000;
}

static gboolean
is_racy (Walk *walk, const struct statx_timestamp *time)
{
  gint64 seconds = walk->start.tv_sec - time->tv_sec;

  if (time->tv_nsec == 0)
    return seconds <= RACY_SEC;

  return seconds * G_GINT64_CONSTANT (1000000000) + walk->start.tv_nsec - time->tv_nsec <
         walk->step * 1000;
}

static PlugRbLook
make_look (Walk *walk, const struct statx *stx)
{
  return (PlugRbLook) { .dev = makedev (stx->stx_dev_major, stx->stx_dev_minor),
                        .ino = stx->stx_ino,
                        .ctime = stx->stx_ctime.tv_sec,
                        .ctime_nsec = stx->stx_ctime.tv_nsec,
                        .foreign = stx->stx_uid != walk->uid,
                        .fixed = (stx->stx_attributes & FIXED) != 0,
                        .racy = is_racy (walk, &stx->stx_ctime) };
}

static PlugRbEntry
make_entry (Walk *walk, const char *path, const struct statx *stx, PlugRbEntryType type)
{
  return (PlugRbEntry) { .part = walk->part,
                         .path = path,
                         .type = type,
                         .mode = type == PLUG_RB_ENTRY_LINK ? 0777 : stx->stx_mode & 01777,
                         .mtime = stx->stx_mtime.tv_sec,
                         .nsec = stx->stx_mtime.tv_nsec,
                         .size = type == PLUG_RB_ENTRY_FILE ? stx->stx_size : 0 };
}

static gboolean
looks_the_same (Walk *walk, guint index, const PlugRbEntry *entry, const PlugRbLook *look)
{
  const PlugRbEntry *then = plug_rb_table_get (walk->scan->known, index);
  const PlugRbLook *seen = plug_rb_table_get_look (walk->scan->known, index);

  return seen != NULL && !seen->racy && seen->ino == look->ino && seen->dev == look->dev &&
         then->type == entry->type && then->mode == entry->mode && then->size == entry->size &&
         then->mtime == entry->mtime && then->nsec == entry->nsec &&
         (walk->scan->relinked ||
          (seen->ctime == look->ctime && seen->ctime_nsec == look->ctime_nsec));
}

/* Both the walk and the known rows are in order, so one step on in each is all it takes. */
static const PlugRbEntry *
find_known (Walk *walk, const PlugRbEntry *entry, const PlugRbLook *look)
{
  PlugRbTable *known = walk->scan->known;

  while (known != NULL && walk->cursor < plug_rb_table_get_size (known)) {
    const PlugRbEntry *then = plug_rb_table_get (known, walk->cursor);
    int order = plug_rb_entry_compare_place (then, entry);

    if (order > 0)
      return NULL;
    walk->cursor++;
    if (order == 0)
      return looks_the_same (walk, walk->cursor - 1, entry, look) ? then : NULL;
  }

  return NULL;
}

/* The first name of a file with several counts as the file, all others as links to it. */
static const char *
find_first_name (Walk *walk, const struct statx *stx, const char *path)
{
  g_autofree char *id = NULL;
  const char *first;

  if (stx->stx_nlink < 2)
    return NULL;

  id = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                        (guint64) makedev (stx->stx_dev_major, stx->stx_dev_minor),
                        (guint64) stx->stx_ino);
  if ((first = g_hash_table_lookup (walk->linked, id)) == NULL)
    g_hash_table_insert (walk->linked, g_steal_pointer (&id), g_strdup (path));

  return first;
}

static gboolean
add_file (Walk *walk, const char *path, const struct statx *stx, GError **error)
{
  PlugRbEntry entry = make_entry (walk, path, stx, PLUG_RB_ENTRY_FILE);
  PlugRbLook look = make_look (walk, stx);
  const PlugRbEntry *then = find_known (walk, &entry, &look);

  if (stx->stx_mode & (S_ISUID | S_ISGID))
    return throw_unsupported (error, walk, path, stx->stx_mode);

  entry.hard_link = find_first_name (walk, stx, path);
  if (then != NULL)
    plug_rb_table_add_known (walk->table, walk->scan->known, then, entry.hard_link, &look);
  else
    plug_rb_table_add_seen (walk->table, &entry, &look);

  return TRUE;
}

static gboolean
add_link (Walk *walk,
          int parent_fd,
          const char *name,
          const char *path,
          const struct statx *stx,
          GError **error)
{
  PlugRbEntry entry = make_entry (walk, path, stx, PLUG_RB_ENTRY_LINK);
  PlugRbLook look = make_look (walk, stx);
  const PlugRbEntry *then = find_known (walk, &entry, &look);
  char target[4096 + 1];
  gssize length;

  if (then != NULL) {
    plug_rb_table_add_known (walk->table, walk->scan->known, then, NULL, &look);
    return TRUE;
  }

  if ((length = readlinkat (parent_fd, name, target, sizeof target - 1)) < 0)
    return throw_gone (error, walk, path, errno);

  target[length] = '\0';
  entry.target = target;
  plug_rb_table_add_seen (walk->table, &entry, &look);

  return TRUE;
}

static gboolean
add_folder (Walk *walk,
            int parent_fd,
            const char *name,
            const char *path,
            const struct statx *stx,
            GError **error)
{
  g_autofd int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  PlugRbEntry entry = make_entry (walk, path, stx, PLUG_RB_ENTRY_FOLDER);
  PlugRbLook look = make_look (walk, stx);
  const PlugRbEntry *then = find_known (walk, &entry, &look);
  g_autofree char *xattrs = NULL;

  if (fd < 0)
    return throw_gone (error, walk, path, errno);

  if (then == NULL && !walk->scan->looks_only && !plug_rb_xattrs_read (fd, &xattrs))
    return plug_rb_scan_throw_unreadable (error, walk->root, path, errno);

  entry.xattrs = xattrs;
  if (then != NULL)
    plug_rb_table_add_known (walk->table, walk->scan->known, then, NULL, &look);
  else
    plug_rb_table_add_seen (walk->table, &entry, &look);

  return walk_folder (walk, fd, path, error);
}

/* ---- the walk */

static gboolean
walk_entry (Walk *walk, int parent_fd, const char *name, const char *path, GError **error)
{
  struct statx stx;

  if (statx (parent_fd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &stx) < 0)
    return throw_gone (error, walk, path, errno);

  if (S_ISREG (stx.stx_mode))
    return add_file (walk, path, &stx, error);
  if (S_ISLNK (stx.stx_mode))
    return add_link (walk, parent_fd, name, path, &stx, error);
  if (S_ISDIR (stx.stx_mode))
    return add_folder (walk, parent_fd, name, path, &stx, error);

  return throw_unsupported (error, walk, path, stx.stx_mode);
}

static gboolean
is_cache (Walk *walk, const char *name)
{
  const char *const *globs = walk->scan->cache_globs;
  guint i;

  for (i = 0; globs != NULL && globs[i] != NULL; i++)
    if (g_pattern_match_simple (globs[i], name))
      break;

  if (globs == NULL || globs[i] == NULL)
    return FALSE;

  if (walk->scan->passed != NULL)
    (*walk->scan->passed)++;

  return TRUE;
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
    if (!is_cache (walk, name) && !walk_entry (walk, fd, name, below, error))
      return FALSE;
  }

  return TRUE;
}

/* A plugin folder that is a link (a developer's checkout) is stored as the link and what is behind
 * it. */
static gboolean
walk_linked_folder (Walk *walk, const struct statx *stx, GError **error)
{
  g_autofd int fd = -1;

  if (!add_link (walk, AT_FDCWD, walk->root, "", stx, error))
    return FALSE;

  if ((fd = open (walk->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
    return errno == ENOENT || errno == ENOTDIR ||
           plug_rb_scan_throw_unreadable (error, walk->root, "", errno);

  return walk_folder (walk, fd, "", error);
}

static guint
find_part (PlugRbTable *known, const char *part)
{
  guint i = 0;

  while (known != NULL && i < plug_rb_table_get_size (known) &&
         strcmp (plug_rb_table_get (known, i)->part, part) < 0)
    i++;

  return i;
}

/**
 * plug_rb_scan_walk:
 * @table: an open table that gets the rows
 * @part: name of the part in the rows
 * @path: absolute path of the plugin's folder; if nothing is there, no row is added
 *
 * Looks at one part of a plugin: names, kinds, modes, times. Of the files, only those that look as
 * in @scan->known get their SHA-256.
 */
gboolean
plug_rb_scan_walk (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error)
{
  g_autoptr(GHashTable) linked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Walk walk = { .scan = scan, .table = table, .part = part, .root = path, .linked = linked };
  struct statx stx;

  walk.uid = geteuid ();
  walk.step = plug_rb_scan_get_clock_step ();
  walk.cursor = find_part (scan->known, part);
  clock_gettime (CLOCK_REALTIME_COARSE, &walk.start);

  if (statx (AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &stx) < 0)
    return errno == ENOENT || errno == ENOTDIR ||
           plug_rb_scan_throw_unreadable (error, path, "", errno);

  if (S_ISLNK (stx.stx_mode))
    return walk_linked_folder (&walk, &stx, error);

  return walk_entry (&walk, AT_FDCWD, path, "", error);
}

/**
 * plug_rb_scan_part:
 *
 * Reads one part of a plugin: what plug_rb_scan_walk() and plug_rb_scan_read() do, again if it
 * changes meanwhile, and then no more.
 */
gboolean
plug_rb_scan_part (
    const PlugRbScan *scan, PlugRbTable *table, const char *part, const char *path, GError **error)
{
  guint size = plug_rb_table_get_size (table);

  for (guint try = 1;; try++) {
    g_autoptr(GError) local = NULL;

    if (plug_rb_scan_walk (scan, table, part, path, &local) &&
        (scan->looks_only || plug_rb_scan_read (scan, table, part, path, &local)))
      return TRUE;

    if (try == TRIES || !g_error_matches (local, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    plug_rb_table_truncate (table, size);
  }
}
