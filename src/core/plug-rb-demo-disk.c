/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-disk.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

/* Room for version 1.0 and its snapshot, not for version 2.0. */
#define DISK_SIZE "4m"
#define LIMIT (2 * 1024 * 1024)

static gboolean
put (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);

  return done;
}

static gboolean
become_ourselves (uid_t uid, gid_t gid)
{
  g_autofree char *users = g_strdup_printf ("%u %u 1", uid, uid);
  g_autofree char *groups = g_strdup_printf ("%u %u 1", gid, gid);

  put ("/proc/self/setgroups", "deny");
  return put ("/proc/self/uid_map", users) && put ("/proc/self/gid_map", groups);
}

/**
 * plug_rb_demo_disk_mount:
 * @folder: where it is to be
 *
 * Makes a small disk that only this process sees. Needs a process of one thread, and a system that
 * lets users do that: many containers do not.
 *
 * Returns: whether there is one now
 */
gboolean
plug_rb_demo_disk_mount (const char *folder)
{
  uid_t uid = getuid ();
  gid_t gid = getgid ();

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && become_ourselves (uid, gid) &&
         mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=" DISK_SIZE ",mode=0700") ==
             0;
}

/**
 * plug_rb_demo_disk_limit:
 *
 * What there is without a small disk: no file of this process may become larger than there would
 * be room for.
 */
void
plug_rb_demo_disk_limit (void)
{
  const struct rlimit limit = { LIMIT, LIMIT };

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}
