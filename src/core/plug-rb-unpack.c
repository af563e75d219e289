/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-package-tree.h"

#define BLOCK_SIZE (128 * 1024)

/* The package itself counts as one: a compression inside another is how bombs are nested. */
#define MOST_FILTERS 2

static const PlugRbUnpackLimits default_limits = {
  .entries = 100000,
  .file_size = G_GUINT64_CONSTANT (1) << 30,
  .total_size = G_GUINT64_CONSTANT (2) << 30,
  .ratio = 100,
  .free_size = 32 * 1024 * 1024,
  .depth = 64,
  .path_length = 1024,
};

typedef struct archive Reader;

typedef struct {
  Reader *reader;
  PlugRbPackageTree *tree;
  const PlugRbUnpackLimits *limits;
  guint64 package_size;
  guint64 written;
  GCancellable *cancellable;
} Unpack;

/**
 * plug_rb_unpack_get_limits:
 *
 * Returns: (transfer none): limits that no sensible plugin comes near
 */
const PlugRbUnpackLimits *
plug_rb_unpack_get_limits (void)
{
  return &default_limits;
}

void
plug_rb_unpacked_clear (PlugRbUnpacked *unpacked)
{
  g_clear_pointer (&unpacked->top, g_free);
}

/* ---- files */

static gboolean
check_sizes (Unpack *self, const char *path, guint64 file, guint64 total, GError **error)
{
  const PlugRbUnpackLimits *limits = self->limits;

  if (file > limits->file_size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path, _("is too large"));
  if (total > limits->total_size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path,
                                   _("makes the package too large"));
  if (total > limits->free_size && total / limits->ratio > self->package_size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_TOO_LARGE, path,
                                   _("unpacks to far more than the package’s size"));

  return TRUE;
}

static gboolean
refuse_damaged (Unpack *self, const char *path, GError **error)
{
  const char *text = archive_error_string (self->reader);
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  g_autofree char *why = g_strdup_printf (_("is damaged: %s"), valid);

  return plug_rb_package_refuse (error, PLUG_RB_ERROR_CORRUPT, path, why);
}

/* Counts what comes out, not what the entry says of itself; holes count as the zeros they are. */
static gboolean
write_content (Unpack *self, const char *path, int fd, guint64 *size, GError **error)
{
  g_autofree char *buffer = g_malloc (BLOCK_SIZE);
  la_ssize_t n;

  *size = 0;
  while ((n = archive_read_data (self->reader, buffer, BLOCK_SIZE)) > 0) {
    *size += n;
    self->written += n;
    if (!check_sizes (self, path, *size, self->written, error) ||
        !plug_rb_fs_write (fd, buffer, n, error) ||
        g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
  }

  return n == 0 || refuse_damaged (self, path, error);
}

/* A package that lies about a time harms nobody; one that should be set must be: it is part of what
 * a snapshot remembers. */
static gboolean
set_time (int fd, const char *path, struct archive_entry *entry, GError **error)
{
  const struct timespec times[] = {
    { .tv_nsec = UTIME_OMIT },
    { .tv_sec = archive_entry_mtime (entry), .tv_nsec = archive_entry_mtime_nsec (entry) },
  };

  if (!archive_entry_mtime_is_set (entry) || futimens (fd, times) == 0 || errno == EINVAL)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
  return FALSE;
}

/* Whatever else hangs on an entry (owner, extended attributes, ACLs, flags) is dropped. */
static gboolean
make_file (Unpack *self, const char *path, struct archive_entry *entry, GError **error)
{
  gint64 said = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;
  guint64 size;
  g_autofd int fd = -1;

  if (said > 0 && !check_sizes (self, path, said, self->written + said, error))
    return FALSE;
  if ((fd = plug_rb_package_tree_add_file (self->tree, path, archive_entry_perm (entry) & 0100,
                                           error)) < 0 ||
      !write_content (self, path, fd, &size, error))
    return FALSE;
  if (said >= 0 && (guint64) said != size)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_CORRUPT, path,
                                   _("does not have the size that the package says"));

  return set_time (fd, path, entry, error);
}

/* ---- entries */

static gboolean
make_hard_link (Unpack *self, const char *path, struct archive_entry *entry, GError **error)
{
  if (archive_entry_size (entry) > 0)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a link with content of its own"));

  return plug_rb_package_tree_add_hard_link (self->tree, path, archive_entry_hardlink (entry),
                                             error);
}

static gboolean
make_of_kind (Unpack *self, const char *path, struct archive_entry *entry, GError **error)
{
  if (archive_entry_hardlink (entry) != NULL)
    return make_hard_link (self, path, entry, error);

  switch (archive_entry_filetype (entry)) {
  case AE_IFREG:
    return make_file (self, path, entry, error);
  case AE_IFDIR:
    return plug_rb_package_tree_add_folder (self->tree, path, error);
  case AE_IFLNK:
    return plug_rb_package_tree_add_link (self->tree, path, archive_entry_symlink (entry), error);
  default:
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a device, a pipe or a socket"));
  }
}

static gboolean
make_entry (Unpack *self, struct archive_entry *entry, GError **error)
{
  const char *raw = archive_entry_pathname (entry);
  g_autofree char *path = plug_rb_package_clean_name (raw ? raw : "", self->limits->path_length,
                                                      self->limits->depth, error);

  if (path == NULL)
    return FALSE;
  if (archive_entry_is_encrypted (entry))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path, _("is encrypted"));
  if (archive_entry_filetype (entry) != AE_IFDIR &&
      archive_entry_perm (entry) & (S_ISUID | S_ISGID))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("would run with another user’s rights"));
  if (*path == '\0')
    return archive_entry_filetype (entry) == AE_IFDIR ||
           plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, raw, _("has no name"));

  return plug_rb_package_tree_add_parents (self->tree, path, error) &&
         make_of_kind (self, path, entry, error);
}

static gboolean
refuse_package (Unpack *self, const char *last, GError **error)
{
  const char *text = archive_error_string (self->reader);

  if (last != NULL)
    return refuse_damaged (self, last, error);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The file is not a plugin package that can be read: %s"), text ? text : "");
  return FALSE;
}

static gboolean
make_entries (Unpack *self, PlugRbUnpackProgress progress, gpointer user_data, GError **error)
{
  g_autofree char *last = NULL;
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (self->reader, &entry)) != ARCHIVE_EOF) {
    if (status < ARCHIVE_WARN || archive_filter_count (self->reader) > MOST_FILTERS)
      return refuse_package (self, last, error);
    if (!make_entry (self, entry, error) ||
        g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;

    g_set_str (&last, archive_entry_pathname (entry));
    if (progress != NULL)
      progress (
          MIN ((guint64) MAX (archive_filter_bytes (self->reader, -1), 0), self->package_size),
          self->package_size, user_data);
  }

  if (plug_rb_package_tree_get_size (self->tree) > 0)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("The package is empty"));
  return FALSE;
}

/* ---- the whole */

/* Only formats in which plugins come, and no helper programs. Of a zip only the directory at its
 * end counts: what lies between the entries is not looked for. */
static gboolean
open_reader (Unpack *self, int fd, GError **error)
{
  self->reader = archive_read_new ();
  archive_read_support_filter_gzip (self->reader);
  archive_read_support_filter_bzip2 (self->reader);
  archive_read_support_filter_xz (self->reader);
  archive_read_support_filter_zstd (self->reader);
  archive_read_support_format_tar (self->reader);
  archive_read_support_format_zip_seekable (self->reader);

  return archive_read_open_fd (self->reader, fd, BLOCK_SIZE) == ARCHIVE_OK ||
         refuse_package (self, NULL, error);
}

static gboolean
check_empty (int stage_fd, GError **error)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (stage_fd, error);

  if (names == NULL)
    return FALSE;
  if (names->len == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
               _("The folder to unpack into is not empty: “%s” is in it"),
               (const char *) names->pdata[0]);
  return FALSE;
}

static void
empty_stage (int stage_fd)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (stage_fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    plug_rb_fs_remove_tree (stage_fd, names->pdata[i], NULL);
}

static gboolean
unpack_all (
    Unpack *self, int package_fd, PlugRbUnpackProgress progress, gpointer user_data, GError **error)
{
  /* libarchive puts names into the characters of the locale; this one has them all. */
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  locale_t before = utf8 ? uselocale (utf8) : (locale_t) 0;
  gboolean done;

  done = open_reader (self, package_fd, error) && make_entries (self, progress, user_data, error) &&
         plug_rb_package_tree_finish (self->tree, error);
  archive_read_free (self->reader);

  if (utf8) {
    uselocale (before);
    freelocale (utf8);
  }

  return done;
}

/**
 * plug_rb_unpack:
 * @package_fd: a zip or tar file (.zip, .vsix, .shell-extension.zip, .tar.gz, .tar.xz, .tar.zst
 * ...) open for reading; it stays the caller's
 * @stage_fd: an empty folder
 * @limits: (nullable): how much may come out; %NULL for [func@unpack_get_limits]
 * @progress: (nullable) (scope call): called after each entry
 * @unpacked: (out caller-allocates): what came out; cleared by the caller
 *
 * Unpacks a package that may come from anybody. Nothing is ever written outside of @stage_fd, and
 * what does not belong into a plugin refuses the whole package by an error that names the entry:
 * paths and links that lead out, through links, or to two names that are the same elsewhere;
 * devices, pipes and sockets; set-id bits; names that are not UTF-8; encrypted or damaged entries;
 * more than @limits.
 *
 * Files get the user's usual permissions and keep whether they can be run. Nothing is synced.
 *
 * Returns: %FALSE if the package was refused, which leaves the folder empty again
 */
gboolean
plug_rb_unpack (int package_fd,
                int stage_fd,
                const PlugRbUnpackLimits *limits,
                PlugRbUnpackProgress progress,
                gpointer user_data,
                PlugRbUnpacked *unpacked,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr(PlugRbPackageTree) tree = NULL;
  Unpack self = { .limits = limits ? limits : &default_limits, .cancellable = cancellable };
  struct stat st;

  *unpacked = (PlugRbUnpacked) { 0 };
  if (!check_empty (stage_fd, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (fstat (package_fd, &st) < 0 || !S_ISREG (st.st_mode)) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                         _("The package is not a regular file"));
    return FALSE;
  }

  self.package_size = st.st_size;
  self.tree = tree = plug_rb_package_tree_new (stage_fd, self.limits);
  if (!unpack_all (&self, package_fd, progress, user_data, error)) {
    empty_stage (stage_fd);
    return FALSE;
  }

  unpacked->top = plug_rb_package_tree_find_top (tree);
  unpacked->entries = plug_rb_package_tree_get_size (tree);
  unpacked->size = self.written;

  return TRUE;
}
