/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* crash-tracer [OPTION...] -- COMMAND... - run a command and count every system call with which it
 * changes what lies below a folder; write them down, end the command just before or after one, or
 * let one fail. Programs that the command starts in turn run free and are not counted.
 *
 * Exit status: the command's; 137 when it was killed here; 99 when it does what cannot be watched.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/seccomp.h>

#include "call.h"

#define STATUS_BLIND 99
#define STATUS_USAGE 98

static char *root, *ignored, *log_path, *data_path, *watch_path, *copies_path, *options_path;
static char *fail_text, *fail_from_text;
static int kill_before, kill_after, short_at;
static gboolean with_opens, once;
static char **command;

static const GOptionEntry options[] = {
  { "root", 0, 0, G_OPTION_ARG_FILENAME, &root, "Folder whose changes count", "DIR" },
  { "ignore", 0, 0, G_OPTION_ARG_FILENAME, &ignored, "Folder below whose changes do not", "DIR" },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &log_path, "One line of JSON for each call", "FILE" },
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_path, "All that is written", "FILE" },
  { "watch", 0, 0, G_OPTION_ARG_FILENAME, &watch_path, "A file that others change", "FILE" },
  { "copies", 0, 0, G_OPTION_ARG_FILENAME, &copies_path, "Its versions", "DIR" },
  { "kill-before", 0, 0, G_OPTION_ARG_INT, &kill_before, "End it before call K", "K" },
  { "kill-after", 0, 0, G_OPTION_ARG_INT, &kill_after, "End it after call K", "K" },
  { "fail", 0, 0, G_OPTION_ARG_STRING, &fail_text, "Let call K fail", "K:ERROR" },
  { "fail-from", 0, 0, G_OPTION_ARG_STRING, &fail_from_text, "Let all fail from K on", "K:ERROR" },
  { "short", 0, 0, G_OPTION_ARG_INT, &short_at, "Let call K write half", "K" },
  { "opens", 0, 0, G_OPTION_ARG_NONE, &with_opens, "Count every open", NULL },
  { "options-from", 0, 0, G_OPTION_ARG_FILENAME, &options_path,
    "More options; run free without the file", "FILE" },
  { "once", 0, 0, G_OPTION_ARG_NONE, &once, "Delete the file of options", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &command, NULL, NULL },
  { NULL },
};

typedef struct {
  pid_t pid;
  guint n_calls;
  gboolean killed;
  gboolean blind;
  FILE *log;
  FILE *data;
  goffset data_size;
  char *watched;
  GHashTable *pending; /* tid → Call on its way */
} Tracer;

static G_NORETURN void
die (const char *what)
{
  g_printerr ("crash-tracer: %s: %s\n", what, g_strerror (errno));
  exit (STATUS_USAGE);
}

/* ---- the child */

static G_NORETURN void
run_command (void)
{
  GArray *filter = call_build_filter (with_opens);
  struct sock_fprog program = { filter->len, (struct sock_filter *) (void *) filter->data };

  if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0)
    die ("ptrace");
  raise (SIGSTOP);

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
      prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
    die ("seccomp");

  execvp (command[0], command);
  die (command[0]);
}

/* ---- what is done to a call */

static gboolean
names_call (const char *text, guint number, gboolean from, const char **error)
{
  char *end;
  guint64 wanted;

  if (text == NULL)
    return FALSE;

  wanted = g_ascii_strtoull (text, &end, 10);
  *error = *end == ':' ? end + 1 : end;

  return from ? number >= wanted : number == wanted;
}

static int
error_for (const Call *call)
{
  const char *error;
  int number;

  if ((names_call (fail_text, call->number, FALSE, &error) ||
       names_call (fail_from_text, call->number, TRUE, &error)) &&
      call_can_fail (call, error, &number))
    return number;

  return 0;
}

static void
skip_call (pid_t tid, int error)
{
  struct user_regs_struct registers;

  if (ptrace (PTRACE_GETREGS, tid, NULL, &registers) < 0)
    return;
  registers.orig_rax = (unsigned long long) -1;
  registers.rax = (unsigned long long) -error;
  ptrace (PTRACE_SETREGS, tid, NULL, &registers);
}

static void
halve (pid_t tid, Call *call)
{
  struct user_regs_struct registers;

  if (call->family != FAMILY_WRITE || call->size_argument != 2 || call->size < 2 ||
      ptrace (PTRACE_GETREGS, tid, NULL, &registers) < 0)
    return;
  call->size /= 2;
  registers.rdx = call->size;
  ptrace (PTRACE_SETREGS, tid, NULL, &registers);
}

/* ---- what is written down */

static void
keep_version (const char *version)
{
  g_autofree char *copy = copies_path ? g_build_filename (copies_path, version, NULL) : NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (copy != NULL && g_file_get_contents (watch_path, &text, &length, NULL))
    g_file_set_contents (copy, text, length, NULL);
}

static void
look_at_watched (Tracer *self, Call *call)
{
  g_autofree char *version = NULL;
  struct stat st = { 0 };

  if (watch_path == NULL)
    return;

  version = stat (watch_path, &st) < 0
                ? g_strdup ("none")
                : g_strdup_printf ("%" G_GUINT64_FORMAT "-%ld-%ld", (guint64) st.st_ino,
                                   st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  if (g_strcmp0 (version, self->watched) != 0)
    keep_version (version);
  g_set_str (&self->watched, version);
  call->watched = g_steal_pointer (&version);
}

static void
write_down (Tracer *self, const Call *call, gint64 result)
{
  g_autofree char *line = NULL;
  goffset data_offset = self->data_size;

  if (self->log == NULL)
    return;

  if (self->data != NULL && call->data != NULL && result >= 0) {
    gsize size;
    const void *data = g_bytes_get_data (call->data, &size);

    self->data_size += fwrite (data, 1, size, self->data);
  }

  line = call_to_json (call, result, self->data ? data_offset : -1);
  fputs (line, self->log);
}

/* ---- stops */

static void
end_command (Tracer *self)
{
  self->killed = TRUE;
  kill (self->pid, SIGKILL);
}

static gboolean
is_watched (Tracer *self, pid_t tid)
{
  g_autofree char *task = g_strdup_printf ("/proc/%d/task/%d", self->pid, tid);

  return tid == self->pid || access (task, F_OK) == 0;
}

static void
resume (pid_t tid, int request, int signal_number)
{
  ptrace (request, tid, NULL, (void *) (gsize) signal_number);
}

static void
stop_at_call (Tracer *self, pid_t tid)
{
  struct ptrace_syscall_info info;
  Call *call = NULL;
  int error;

  if (!self->killed && is_watched (self, tid) &&
      ptrace (PTRACE_GET_SYSCALL_INFO, tid, (void *) sizeof info, &info) > 0)
    call = call_new (tid, &info, root, ignored, with_opens);

  if (call == NULL) {
    resume (tid, PTRACE_CONT, 0);
    return;
  }

  if (call->family == FAMILY_MAP || call->family == FAMILY_RING) {
    g_printerr ("crash-tracer: %s of %s cannot be watched\n", call->name, call->path);
    self->blind = TRUE;
    end_command (self);
    call_free (call);
    return;
  }

  call->number = ++self->n_calls;
  look_at_watched (self, call);
  if ((guint) kill_before == call->number) {
    end_command (self);
    call_free (call);
    return;
  }

  if ((error = error_for (call)) != 0)
    skip_call (tid, error);
  else if ((guint) short_at == call->number)
    halve (tid, call);
  g_hash_table_insert (self->pending, GINT_TO_POINTER (tid), call);
  resume (tid, PTRACE_SYSCALL, 0);
}

static void
stop_after_call (Tracer *self, pid_t tid)
{
  Call *call = g_hash_table_lookup (self->pending, GINT_TO_POINTER (tid));
  struct ptrace_syscall_info info;

  if (call != NULL && ptrace (PTRACE_GET_SYSCALL_INFO, tid, (void *) sizeof info, &info) > 0 &&
      info.op == PTRACE_SYSCALL_INFO_EXIT) {
    write_down (self, call, info.exit.rval);
    if ((guint) kill_after == call->number)
      end_command (self);
    g_hash_table_remove (self->pending, GINT_TO_POINTER (tid));
    resume (tid, PTRACE_CONT, 0);
  } else
    resume (tid, call ? PTRACE_SYSCALL : PTRACE_CONT, 0);
}

static void
stop (Tracer *self, pid_t tid, int status)
{
  int signal_number = WSTOPSIG (status);

  if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
    stop_at_call (self, tid);
  else if (signal_number == (SIGTRAP | 0x80))
    stop_after_call (self, tid);
  else if (status >> 16 != 0 || signal_number == SIGSTOP)
    resume (tid, PTRACE_CONT, 0);
  else
    resume (tid, PTRACE_CONT, signal_number);
}

static int
follow (Tracer *self)
{
  int status;
  pid_t tid;

  while ((tid = waitpid (-1, &status, __WALL)) > 0) {
    if (WIFSTOPPED (status))
      stop (self, tid, status);
    else if (tid == self->pid)
      return self->blind            ? STATUS_BLIND
             : self->killed         ? 128 + SIGKILL
             : WIFSIGNALED (status) ? 128 + WTERMSIG (status)
                                    : WEXITSTATUS (status);
  }

  die ("waitpid");
}

static void
attach (Tracer *self)
{
  int status;

  if (waitpid (self->pid, &status, 0) < 0 || !WIFSTOPPED (status) ||
      ptrace (PTRACE_SETOPTIONS, self->pid, NULL,
              (void *) (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE |
                        PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
                        PTRACE_O_EXITKILL)) < 0)
    die ("ptrace");

  resume (self->pid, PTRACE_CONT, 0);
}

static FILE *
open_output (const char *path)
{
  FILE *file = path ? fopen (path, "we") : NULL;

  if (path != NULL && file == NULL)
    die (path);

  return file;
}

static int
trace (void)
{
  Tracer self = { .pending = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) call_free) };
  int status;

  self.log = open_output (log_path);
  self.data = open_output (data_path);
  if (self.log != NULL)
    setvbuf (self.log, NULL, _IOLBF, 0); /* the whole tracer may be killed */
  if ((self.pid = fork ()) == 0)
    run_command ();
  if (self.pid < 0)
    die ("fork");

  attach (&self);
  status = follow (&self);
  if (self.log != NULL)
    fprintf (self.log, "{\"total\":%u,\"status\":%d}\n", self.n_calls, status);
  g_clear_pointer (&self.log, fclose);
  g_clear_pointer (&self.data, fclose);
  g_hash_table_unref (self.pending);
  g_free (self.watched);

  return status;
}

/* ---- options */

static void
parse (int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new ("COMMAND...");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) copy = g_new0 (char *, argc + 1);

  for (int i = 0; i < argc; i++)
    copy[i] = g_strdup (argv[i]);

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse_strv (context, &copy, &error)) {
    g_printerr ("crash-tracer: %s\n", error->message);
    exit (STATUS_USAGE);
  }
}

static void
parse_file (const char *path)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autofree char *all = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL)) {
    execvp (command[0], command);
    die (command[0]);
  }

  all = g_strconcat ("crash-tracer\n", g_strchomp (text), NULL);
  lines = g_strsplit (all, "\n", -1);
  parse (g_strv_length (lines), lines);
  if (once)
    unlink (path);
}

int
main (int argc, char **argv)
{
  parse (argc, argv);
  if (command == NULL) {
    g_printerr ("crash-tracer: no command\n");
    return STATUS_USAGE;
  }
  if (options_path != NULL)
    parse_file (options_path);
  if (root == NULL) {
    g_printerr ("crash-tracer: --root is missing\n");
    return STATUS_USAGE;
  }

  return trace ();
}
