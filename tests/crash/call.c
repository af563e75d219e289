/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Which system calls change a file system, and what stands in their arguments. */

#include "call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_VECTORS 64
#define TMPFILE_BIT 020000000

/* Which argument something is: 0 stands for none. */
#define A(n) ((n) + 1)

typedef enum {
  QUIRK_NONE,
  QUIRK_CREAT,  /* flags are implied */
  QUIRK_HOW,    /* flags and mode are in a structure */
  QUIRK_VECTOR, /* data are in pieces */
  QUIRK_TIMES,
  QUIRK_UNLINKAT,
} Quirk;

typedef struct {
  long number;
  const char *name;
  Family family;
  guint8 fd, dir, path, dir2, path2, text, flags, mode, offset, size, data;
  Quirk quirk;
} Shape;

#define SHAPE(call, kind, ...) { SYS_##call, #call, FAMILY_##kind, __VA_ARGS__ }

static const Shape shapes[] = {
  SHAPE (open, OPEN, .path = A (0), .flags = A (1), .mode = A (2)),
  SHAPE (openat, OPEN, .dir = A (0), .path = A (1), .flags = A (2), .mode = A (3)),
  SHAPE (openat2, OPEN, .dir = A (0), .path = A (1), .quirk = QUIRK_HOW),
  SHAPE (creat, OPEN, .path = A (0), .mode = A (1), .quirk = QUIRK_CREAT),
  SHAPE (write, WRITE, .fd = A (0), .data = A (1), .size = A (2)),
  SHAPE (pwrite64, WRITE, .fd = A (0), .data = A (1), .size = A (2), .offset = A (3)),
  SHAPE (writev, WRITE, .fd = A (0), .data = A (1), .size = A (2), .quirk = QUIRK_VECTOR),
  SHAPE (pwritev,
         WRITE,
         .fd = A (0),
         .data = A (1),
         .size = A (2),
         .offset = A (3),
         .quirk = QUIRK_VECTOR),
  SHAPE (pwritev2,
         WRITE,
         .fd = A (0),
         .data = A (1),
         .size = A (2),
         .offset = A (3),
         .quirk = QUIRK_VECTOR),
  SHAPE (copy_file_range, COPY, .fd = A (2), .size = A (4)),
  SHAPE (sendfile, COPY, .fd = A (0), .size = A (3)),
  SHAPE (splice, COPY, .fd = A (2), .size = A (4)),
  SHAPE (rename, RENAME, .path = A (0), .path2 = A (1)),
  SHAPE (renameat, RENAME, .dir = A (0), .path = A (1), .dir2 = A (2), .path2 = A (3)),
  SHAPE (renameat2,
         RENAME,
         .dir = A (0),
         .path = A (1),
         .dir2 = A (2),
         .path2 = A (3),
         .flags = A (4)),
  SHAPE (link, LINK, .path = A (0), .path2 = A (1)),
  SHAPE (linkat, LINK, .dir = A (0), .path = A (1), .dir2 = A (2), .path2 = A (3), .flags = A (4)),
  SHAPE (symlink, SYMLINK, .text = A (0), .path = A (1)),
  SHAPE (symlinkat, SYMLINK, .text = A (0), .dir = A (1), .path = A (2)),
  SHAPE (unlink, UNLINK, .path = A (0)),
  SHAPE (unlinkat, UNLINK, .dir = A (0), .path = A (1), .flags = A (2), .quirk = QUIRK_UNLINKAT),
  SHAPE (rmdir, RMDIR, .path = A (0)),
  SHAPE (mkdir, MKDIR, .path = A (0), .mode = A (1)),
  SHAPE (mkdirat, MKDIR, .dir = A (0), .path = A (1), .mode = A (2)),
  SHAPE (mknod, MKNOD, .path = A (0), .mode = A (1)),
  SHAPE (mknodat, MKNOD, .dir = A (0), .path = A (1), .mode = A (2)),
  SHAPE (truncate, TRUNCATE, .path = A (0), .size = A (1)),
  SHAPE (ftruncate, TRUNCATE, .fd = A (0), .size = A (1)),
  SHAPE (fallocate, ALLOCATE, .fd = A (0), .mode = A (1), .offset = A (2), .size = A (3)),
  SHAPE (chmod, CHMOD, .path = A (0), .mode = A (1)),
  SHAPE (fchmod, CHMOD, .fd = A (0), .mode = A (1)),
  SHAPE (fchmodat, CHMOD, .dir = A (0), .path = A (1), .mode = A (2)),
  SHAPE (fchmodat2, CHMOD, .dir = A (0), .path = A (1), .mode = A (2)),
  SHAPE (chown, CHOWN, .path = A (0)),
  SHAPE (lchown, CHOWN, .path = A (0)),
  SHAPE (fchown, CHOWN, .fd = A (0)),
  SHAPE (fchownat, CHOWN, .dir = A (0), .path = A (1)),
  SHAPE (utimensat, UTIMENS, .dir = A (0), .path = A (1), .flags = A (3), .quirk = QUIRK_TIMES),
  SHAPE (utime, UTIMENS, .path = A (0)),
  SHAPE (utimes, UTIMENS, .path = A (0)),
  SHAPE (futimesat, UTIMENS, .dir = A (0), .path = A (1)),
  SHAPE (setxattr, SETXATTR, .path = A (0), .text = A (1), .data = A (2), .size = A (3)),
  SHAPE (lsetxattr, SETXATTR, .path = A (0), .text = A (1), .data = A (2), .size = A (3)),
  SHAPE (fsetxattr, SETXATTR, .fd = A (0), .text = A (1), .data = A (2), .size = A (3)),
  SHAPE (removexattr, REMOVEXATTR, .path = A (0), .text = A (1)),
  SHAPE (lremovexattr, REMOVEXATTR, .path = A (0), .text = A (1)),
  SHAPE (fremovexattr, REMOVEXATTR, .fd = A (0), .text = A (1)),
  SHAPE (fsync, FSYNC, .fd = A (0)),
  SHAPE (fdatasync, FSYNC, .fd = A (0)),
  SHAPE (syncfs, SYNCFS, .fd = A (0)),
  SHAPE (sync, SYNC, .fd = 0),
  SHAPE (mmap, MAP, .fd = A (4)),
  SHAPE (io_uring_setup, RING, .fd = 0),
};

/* ---- reading the other process */

static gboolean
peek (pid_t tid, guint64 address, void *to, gsize size)
{
  struct iovec local = { to, size }, remote = { (void *) (gsize) address, size };

  return process_vm_readv (tid, &local, 1, &remote, 1, 0) == (gssize) size;
}

/* Page by page: the string may end just before memory that cannot be read. */
static char *
peek_string (pid_t tid, guint64 address)
{
  g_autoptr(GString) text = g_string_new (NULL);
  char page[4096];

  while (address != 0 && text->len < 65536) {
    gsize size = sizeof page - address % sizeof page;

    if (!peek (tid, address, page, size))
      return NULL;
    if (memchr (page, '\0', size) != NULL)
      return g_strdup (g_string_append (text, page)->str);
    g_string_append_len (text, page, size);
    address += size;
  }

  return NULL;
}

static void
append_memory (GByteArray *bytes, pid_t tid, guint64 address, gsize size)
{
  guint before = bytes->len;

  g_byte_array_set_size (bytes, before + size);
  if (!peek (tid, address, bytes->data + before, size))
    g_byte_array_set_size (bytes, before);
}

static GBytes *
peek_data (pid_t tid, const Shape *shape, guint64 address, guint64 count)
{
  GByteArray *bytes = g_byte_array_new ();
  struct iovec vectors[MAX_VECTORS];

  if (shape->quirk != QUIRK_VECTOR)
    append_memory (bytes, tid, address, count);
  else if (count <= MAX_VECTORS && peek (tid, address, vectors, count * sizeof *vectors))
    for (guint i = 0; i < count; i++)
      append_memory (bytes, tid, (gsize) vectors[i].iov_base, vectors[i].iov_len);

  return g_byte_array_free_to_bytes (bytes);
}

static char *
fd_path (pid_t tid, int fd)
{
  g_autofree char *link = fd == AT_FDCWD ? g_strdup_printf ("/proc/%d/cwd", tid)
                                         : g_strdup_printf ("/proc/%d/fd/%d", tid, fd);
  char target[4096];
  gssize length = readlink (link, target, sizeof target - 1);

  return length < 0 ? NULL : g_strndup (target, length);
}

static char *
resolve (pid_t tid, int dir, const char *path)
{
  g_autofree char *base = NULL;

  if (path != NULL && *path == '/')
    return g_canonicalize_filename (path, "/");

  if ((base = fd_path (tid, dir)) == NULL || *base != '/')
    return NULL;

  return path == NULL || *path == '\0' ? g_steal_pointer (&base)
                                       : g_canonicalize_filename (path, base);
}

static gint64
fd_position (pid_t tid, int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fdinfo/%d", tid, fd);
  g_autofree char *text = NULL;
  unsigned int flags = 0;
  long long position = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL) ||
      sscanf (text, "pos: %lld flags: %o", &position, &flags) != 2)
    return 0;

  return (flags & O_APPEND) ? -1 : position;
}

/* ---- decoding */

static guint64
argument (const struct ptrace_syscall_info *info, guint8 index)
{
  return info->seccomp.args[index - 1];
}

static char *
decode_path (pid_t tid, const struct ptrace_syscall_info *info, guint8 dir, guint8 path)
{
  g_autofree char *text = path ? peek_string (tid, argument (info, path)) : NULL;

  if (path != 0 && text == NULL && argument (info, path) != 0)
    return NULL;

  return resolve (tid, dir ? (int) argument (info, dir) : AT_FDCWD, text);
}

static void
decode_quirk (Call *call, pid_t tid, const struct ptrace_syscall_info *info, Quirk quirk)
{
  struct open_how how;
  struct timespec times[2];

  if (quirk == QUIRK_CREAT)
    call->flags = O_CREAT | O_TRUNC | O_WRONLY;
  else if (quirk == QUIRK_UNLINKAT && (call->flags & AT_REMOVEDIR))
    call->family = FAMILY_RMDIR;
  else if (quirk == QUIRK_HOW && peek (tid, info->seccomp.args[2], &how, sizeof how)) {
    call->flags = how.flags;
    call->mode = how.mode;
  } else if (quirk == QUIRK_TIMES) {
    call->mtime = MTIME_NOW;
    if (info->seccomp.args[2] != 0 && peek (tid, info->seccomp.args[2], times, sizeof times) &&
        times[1].tv_nsec != UTIME_NOW)
      call->mtime = times[1].tv_nsec == UTIME_OMIT
                        ? MTIME_OMIT
                        : times[1].tv_sec * G_GINT64_CONSTANT (1000000000) + times[1].tv_nsec;
  }
}

static gboolean
is_below (const char *path, const char *root)
{
  gsize length = strlen (root);

  return path != NULL && strncmp (path, root, length) == 0 &&
         (path[length] == '/' || path[length] == '\0');
}

/* What an open does depends on what is there. */
static gboolean
judge_open (Call *call, gboolean with_opens)
{
  struct stat st;
  gboolean exists = lstat (call->path, &st) == 0;

  if ((call->flags & O_CREAT) && !exists)
    call->family = FAMILY_CREATE;
  else if ((call->flags & TMPFILE_BIT) == TMPFILE_BIT && (call->flags & O_DIRECTORY))
    call->family = FAMILY_MKNOD;
  else if ((call->flags & O_TRUNC) && exists && st.st_size > 0)
    call->family = FAMILY_EMPTY;
  else
    return with_opens;

  return TRUE;
}

static const Shape *
find_shape (guint64 number)
{
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    if ((guint64) shapes[i].number == number)
      return &shapes[i];

  return NULL;
}

static void
decode_details (Call *call, const Shape *shape, pid_t tid, const struct ptrace_syscall_info *info)
{
  call->flags = shape->flags ? argument (info, shape->flags) : 0;
  call->mode = shape->mode ? argument (info, shape->mode) : 0;
  call->size = shape->size ? argument (info, shape->size) : 0;
  call->size_argument = shape->size - 1;
  call->text = shape->text ? peek_string (tid, argument (info, shape->text)) : NULL;

  if (shape->offset != 0)
    call->offset = argument (info, shape->offset);
  else if (shape->family == FAMILY_WRITE || shape->family == FAMILY_COPY)
    call->offset = fd_position (tid, argument (info, shape->fd));

  if (shape->data != 0)
    call->data = peek_data (tid, shape, argument (info, shape->data), call->size);
  if (shape->quirk == QUIRK_VECTOR) {
    call->size = g_bytes_get_size (call->data);
    call->size_argument = -1;
  }

  decode_quirk (call, tid, info, shape->quirk);
}

static gboolean
concerns (const Call *call, const char *root, const char *ignored)
{
  if (ignored != NULL && is_below (call->path, ignored))
    return FALSE;

  return call->family == FAMILY_SYNC || call->family == FAMILY_RING ||
         is_below (call->path, root) || is_below (call->path2, root);
}

Call *
call_new (pid_t tid,
          const struct ptrace_syscall_info *info,
          const char *root,
          const char *ignored,
          gboolean with_opens)
{
  const Shape *shape = find_shape (info->seccomp.nr);
  g_autoptr(Call) call = NULL;

  if (shape == NULL)
    return NULL;

  call = g_new0 (Call, 1);
  call->name = shape->name;
  call->family = shape->family;
  if (shape->fd != 0)
    call->path = fd_path (tid, argument (info, shape->fd));
  else if (shape->path != 0)
    call->path = decode_path (tid, info, shape->dir, shape->path);
  if (shape->path2 != 0)
    call->path2 = decode_path (tid, info, shape->dir2, shape->path2);

  if (!concerns (call, root, ignored))
    return NULL;

  decode_details (call, shape, tid, info);
  if (call->family == FAMILY_OPEN && !judge_open (call, with_opens))
    return NULL;

  return g_steal_pointer (&call);
}

void
call_free (Call *call)
{
  g_free (call->path);
  g_free (call->path2);
  g_free (call->text);
  g_free (call->watched);
  g_clear_pointer (&call->data, g_bytes_unref);
  g_free (call);
}

/* ---- the filter */

#define FIELD(name) offsetof (struct seccomp_data, name)

static void
add (GArray *filter, guint16 code, guint32 k, guint8 jt, guint8 jf)
{
  struct sock_filter step = { code, jt, jf, k };

  g_array_append_val (filter, step);
}

static void
add_verdict (GArray *filter, guint32 verdict)
{
  add (filter, BPF_RET | BPF_K, verdict, 0, 0);
}

static void
add_argument (GArray *filter, guint index)
{
  add (filter, BPF_LD | BPF_W | BPF_ABS, FIELD (args) + index * sizeof (guint64), 0, 0);
}

/* Stops at this call only if all bits of one of the masks' arguments are there in part. */
static void
add_masks (GArray *filter, guint first, guint32 first_mask, guint second, guint32 second_mask)
{
  guint steps = second_mask ? 6 : 4;

  add_argument (filter, first);
  add (filter, BPF_JMP | BPF_JSET | BPF_K, first_mask, 0, steps - 3);
  if (second_mask != 0) {
    add_argument (filter, second);
    add (filter, BPF_JMP | BPF_JSET | BPF_K, second_mask, 0, 1);
  }
  add_verdict (filter, SECCOMP_RET_TRACE);
  add_verdict (filter, SECCOMP_RET_ALLOW);
}

static void
add_shape (GArray *filter, const Shape *shape, gboolean with_opens)
{
  GArray *body = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  if (shape->family == FAMILY_OPEN && shape->flags != 0 && !with_opens)
    add_masks (body, shape->flags - 1, O_CREAT | O_TRUNC | TMPFILE_BIT, 0, 0);
  else if (shape->family == FAMILY_MAP)
    add_masks (body, 2, PROT_WRITE, 3, MAP_SHARED);
  else
    add_verdict (body, SECCOMP_RET_TRACE);

  add (filter, BPF_JMP | BPF_JEQ | BPF_K, shape->number, 0, body->len);
  g_array_append_vals (filter, body->data, body->len);
  g_array_unref (body);
}

GArray *
call_build_filter (gboolean with_opens)
{
  GArray *filter = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  add (filter, BPF_LD | BPF_W | BPF_ABS, FIELD (arch), 0, 0);
  add (filter, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  add_verdict (filter, SECCOMP_RET_KILL_PROCESS);
  add (filter, BPF_LD | BPF_W | BPF_ABS, FIELD (nr), 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    add_shape (filter, &shapes[i], with_opens);
  add_verdict (filter, SECCOMP_RET_ALLOW);

  return filter;
}
