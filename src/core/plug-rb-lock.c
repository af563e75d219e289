/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"

#define LOCK_NAME ".lock"
#define WAIT_STEP_US (50 * 1000)
#define WAIT_STEPS 60

struct _PlugRbLock {
  int fd;
  gboolean has_name;
};

static char *
read_holder (int fd)
{
  char text[256];
  gssize length = pread (fd, text, sizeof text - 1, 0);

  if (length <= 0)
    return NULL;

  return g_strchomp (g_utf8_make_valid (text, length));
}

static gboolean
throw_held (GError **error, int fd, const char *subject)
{
  g_autofree char *holder = read_holder (fd);

  if (holder != NULL && *holder != '\0')
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
                 _("Another task is changing %s: %s. Try again when it is done"), subject, holder);
  else
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
                 _("Another task is changing %s. Try again when it is done"), subject);

  return FALSE;
}

static gboolean
wait_for (int fd, int mode, const char *subject, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < WAIT_STEPS; i++) {
    if (TEMP_FAILURE_RETRY (flock (fd, mode | LOCK_NB)) == 0)
      return TRUE;
    if (errno != EWOULDBLOCK) {
      plug_rb_error_set_errno (error, errno, _("%s cannot be locked"), subject);
      return FALSE;
    }
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    g_usleep (WAIT_STEP_US);
  }

  return throw_held (error, fd, subject);
}

/* Who lets go wipes his name out. One who died has not: what he changed last can be seen but need
 * not be on the disk, and whoever builds on it could lose what he built it on. */
static gboolean
settle (int fd, const char *path, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) == 0 && st.st_size == 0)
    return TRUE;

  if (!plug_rb_fs_sync_all (fd, path, error))
    return FALSE;

  if (ftruncate (fd, 0) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be written"), path);
  return FALSE;
}

static void
write_holder (int fd)
{
  g_autofree char *text = NULL;
  const char *name = g_get_prgname ();

  /* TRANSLATORS: who holds a lock: name of a program and its process number */
  text = g_strdup_printf (_("%s (process %d)"), name ? name : "plugrb", (int) getpid ());
  if (pwrite (fd, text, strlen (text), 0) < 0)
    g_debug ("The holder of a lock is not written down: %s", g_strerror (errno));
}

static PlugRbLock *
lock_new (int fd, gboolean has_name)
{
  PlugRbLock *self = g_new0 (PlugRbLock, 1);

  self->fd = fd;
  self->has_name = has_name;

  return self;
}

/* Whoever deletes an emptied folder deletes the file with it, which he has locked: a lock on what
 * is not there any more keeps nobody out. */
static gboolean
is_in_place (int fd, const char *path)
{
  struct stat own, there;

  return fstat (fd, &own) == 0 && lstat (path, &there) == 0 && own.st_ino == there.st_ino &&
         own.st_dev == there.st_dev;
}

static int
open_locked (
    const char *path, int mode, const char *subject, GCancellable *cancellable, GError **error)
{
  for (;;) {
    g_autofd int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
      plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), path);
      return -1;
    }

    if (!wait_for (fd, mode, subject, cancellable, error))
      return -1;
    if (is_in_place (fd, path))
      return g_steal_fd (&fd);
  }
}

static PlugRbLock *
lock_file (
    const char *folder, int mode, const char *subject, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (folder, LOCK_NAME, NULL);
  int fd = open_locked (path, mode, subject, cancellable, error);

  if (fd < 0)
    return NULL;
  if (!settle (fd, path, error)) {
    close (fd);
    return NULL;
  }

  if (mode == LOCK_EX)
    write_holder (fd);
  return lock_new (fd, mode == LOCK_EX);
}

/**
 * plug_rb_lock_new:
 * @folder: a folder of the store; its file `.lock` is what is locked
 * @subject: what is changed, for the message
 *
 * Waits up to three seconds for another holder, then fails with %PLUG_RB_ERROR_BUSY and says who it
 * is. Fails with %PLUG_RB_ERROR_NOT_FOUND if there is no such folder, also if another holder has
 * just deleted it. What a holder left that died is on the disk when this returns.
 */
PlugRbLock *
plug_rb_lock_new (const char *folder,
                  const char *subject,
                  GCancellable *cancellable,
                  GError **error)
{
  return lock_file (folder, LOCK_EX, subject, cancellable, error);
}

/**
 * plug_rb_lock_new_shared:
 * @folder: a folder of the store; its file `.lock` is what is locked
 * @subject: what is changed, for the message
 *
 * Like plug_rb_lock_new(), but any number may hold it at once; it only excludes the holder of
 * plug_rb_lock_new().
 */
PlugRbLock *
plug_rb_lock_new_shared (const char *folder,
                         const char *subject,
                         GCancellable *cancellable,
                         GError **error)
{
  return lock_file (folder, LOCK_SH, subject, cancellable, error);
}

/**
 * plug_rb_lock_new_for_folder:
 * @folder: a folder of a host, the same file for every store on the machine
 */
PlugRbLock *
plug_rb_lock_new_for_folder (const char *folder,
                             const char *subject,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofd int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("The folder “%s” cannot be opened"), folder);
    return NULL;
  }

  return wait_for (fd, LOCK_EX, subject, cancellable, error) ? lock_new (g_steal_fd (&fd), FALSE)
                                                             : NULL;
}

/**
 * plug_rb_lock_is_free:
 *
 * Whether nobody holds the lock of plug_rb_lock_new() at this moment.
 */
gboolean
plug_rb_lock_is_free (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LOCK_NAME, NULL);
  g_autofd int fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

  return fd < 0 || flock (fd, LOCK_EX | LOCK_NB) == 0;
}

void
plug_rb_lock_free (PlugRbLock *self)
{
  if (self->has_name && ftruncate (self->fd, 0) < 0)
    g_debug ("The holder of a lock is not wiped out: %s", g_strerror (errno));
  close (self->fd);
  g_free (self);
}
