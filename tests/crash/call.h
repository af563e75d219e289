/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <sys/types.h>

/* What a system call does to the file system. */
typedef enum {
  FAMILY_OPEN, /* an open that changes nothing, counted on request */
  FAMILY_CREATE,
  FAMILY_EMPTY, /* an open that empties what is there */
  FAMILY_WRITE,
  FAMILY_COPY,
  FAMILY_RENAME,
  FAMILY_LINK,
  FAMILY_SYMLINK,
  FAMILY_UNLINK,
  FAMILY_RMDIR,
  FAMILY_MKDIR,
  FAMILY_MKNOD,
  FAMILY_TRUNCATE,
  FAMILY_ALLOCATE,
  FAMILY_CHMOD,
  FAMILY_CHOWN,
  FAMILY_UTIMENS,
  FAMILY_SETXATTR,
  FAMILY_REMOVEXATTR,
  FAMILY_FSYNC,
  FAMILY_SYNCFS,
  FAMILY_SYNC,
  FAMILY_MAP, /* shared memory that may be written: the harness would not see the writes */
  FAMILY_RING,
} Family;

#define MTIME_NOW (-1)
#define MTIME_OMIT (-2)

/* One call of the watched program, decoded before it runs. */
typedef struct {
  guint number;
  const char *name;
  Family family;
  char *path;
  char *path2;
  char *text; /* target of a symbolic link, name of an attribute */
  guint64 flags;
  guint64 mode;
  gint64 offset;
  guint64 size;
  gint64 mtime;
  GBytes *data;
  int size_argument;
  char *watched;
} Call;

/* Returns NULL for a call that changes nothing below @root, or something below @ignored. */
Call *call_new (pid_t tid,
                const struct ptrace_syscall_info *info,
                const char *root,
                const char *ignored,
                gboolean with_opens);
void call_free (Call *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

gboolean call_can_fail (const Call *call, const char *error, int *number);

/* One line of JSON. @data_offset is where the data lie in the file of data, or -1. */
char *call_to_json (const Call *call, gint64 result, gint64 data_offset);

/* Stops at every call that may change a file system, and lets all others through at full speed. */
GArray *call_build_filter (gboolean with_opens);
