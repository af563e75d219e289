/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Makes a program see a file system that does not tell upper from lower case below the folder
 * ANY_CASE, in the last name of a path and where it only looks: by LD_PRELOAD, since few machines
 * can mount one. */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

int open64 (const char *path, int flags, ...);
int openat64 (int at, const char *path, int flags, ...);

static int
is_below (int fd)
{
  const char *root = getenv ("ANY_CASE");
  size_t length = root ? strlen (root) : 0;
  char link[64], path[PATH_MAX] = "";

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  return root && readlink (link, path, sizeof path - 1) > 0 && strncmp (path, root, length) == 0 &&
         (path[length] == '/' || path[length] == '\0');
}

/* Whether there is such a file but for case: its path is then in @found. */
static int
find (int at, const char *path, char found[PATH_MAX])
{
  const char *slash = strrchr (path, '/');
  const char *name = slash ? slash + 1 : path;
  int fd, matched = 0;
  DIR *folder;

  snprintf (found, PATH_MAX, "%.*s", slash ? (int) (slash - path + 1) : 2, slash ? path : "./");
  fd = REAL (openat64) (at, found, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && !is_below (fd)) {
    close (fd);
    fd = -1;
  }
  folder = fd < 0 ? NULL : fdopendir (fd);
  for (struct dirent *entry; folder && !matched && (entry = readdir (folder));)
    if (strcasecmp (entry->d_name, name) == 0) {
      strncat (found, entry->d_name, PATH_MAX - strlen (found) - 1);
      matched = 1;
    }

  if (folder)
    closedir (folder);
  errno = ENOENT;
  return matched;
}

int
lstat64 (const char *path, struct stat64 *st)
{
  char found[PATH_MAX];
  int result = REAL (lstat64) (path, st);

  return result < 0 && errno == ENOENT && find (AT_FDCWD, path, found) ? REAL (lstat64) (found, st)
                                                                       : result;
}

int
stat64 (const char *path, struct stat64 *st)
{
  char found[PATH_MAX];
  int result = REAL (stat64) (path, st);

  return result < 0 && errno == ENOENT && find (AT_FDCWD, path, found) ? REAL (stat64) (found, st)
                                                                       : result;
}

int
fstatat64 (int at, const char *path, struct stat64 *st, int flags)
{
  char found[PATH_MAX];
  int result = REAL (fstatat64) (at, path, st, flags);

  return result < 0 && errno == ENOENT && find (at, path, found)
             ? REAL (fstatat64) (at, found, st, flags)
             : result;
}

int
openat64 (int at, const char *path, int flags, ...)
{
  char found[PATH_MAX];
  va_list arguments;
  mode_t mode;
  int result;

  va_start (arguments, flags);
  mode = flags & (O_CREAT | O_TMPFILE) ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);

  result = REAL (openat64) (at, path, flags, mode);
  if (result < 0 && errno == ENOENT && !(flags & O_CREAT) && find (at, path, found))
    result = REAL (openat64) (at, found, flags, mode);

  return result;
}

int
open64 (const char *path, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = flags & (O_CREAT | O_TMPFILE) ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);

  return openat64 (AT_FDCWD, path, flags, mode);
}
