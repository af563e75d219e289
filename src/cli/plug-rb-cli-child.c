/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plug-rb-error.h"

extern char **environ;

/* Those that ask a program to do something. What the kernel sends of itself is not among them. */
static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };

static int wake_fd = -1;

/* What a terminal sends, its whole foreground group gets: the command has it already. */
static void
handle_signal (int number, siginfo_t *info, void *context)
{
  int saved_errno = errno;
  unsigned char byte = number == SIGCHLD || info->si_code > 0 ? 0 : (unsigned char) number;

  /* If the pipe is full, there is enough in it to wake up. */
  if (write (wake_fd, &byte, 1) < 0)
    errno = saved_errno;

  errno = saved_errno;
}

static void
install_handlers (void)
{
  struct sigaction action = { .sa_sigaction = handle_signal, .sa_flags = SA_RESTART | SA_SIGINFO };
  sigset_t awaited;

  sigemptyset (&action.sa_mask);
  sigaction (SIGCHLD, &action, NULL);
  sigemptyset (&awaited);
  sigaddset (&awaited, SIGCHLD);
  pthread_sigmask (SIG_UNBLOCK, &awaited, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (passed_on); i++) {
    struct sigaction old;

    sigaction (passed_on[i], NULL, &old);
    if (old.sa_handler != SIG_IGN)
      sigaction (passed_on[i], &action, NULL);
  }
}

/* A request to stop that comes before the command runs still waits in the pipe when it does. */
static gboolean
open_pipe (int *fd, GError **error)
{
  int fds[2];

  if (!g_unix_open_pipe (fds, O_CLOEXEC, error))
    return FALSE;

  *fd = fds[0];
  wake_fd = fds[1];
  g_unix_set_fd_nonblocking (wake_fd, TRUE, NULL);
  install_handlers ();

  return TRUE;
}

static gboolean
start (char **argv, gboolean keep_output_free, pid_t *pid, GError **error)
{
  posix_spawn_file_actions_t actions;
  int code;

  posix_spawn_file_actions_init (&actions);
  if (keep_output_free)
    posix_spawn_file_actions_adddup2 (&actions, STDERR_FILENO, STDOUT_FILENO);
  code = posix_spawnp (pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy (&actions);

  if (code == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, _("“%s” cannot be run: %s"), argv[0],
               g_strerror (code));
  return FALSE;
}

static void
pass_on (int fd, pid_t pid)
{
  unsigned char byte = 0;

  if (read (fd, &byte, 1) == 1 && byte != 0)
    kill (pid, byte);
}

/* The process is not reaped before the loop ends, so that its id cannot be somebody else's. */
static int
wait_for (pid_t pid, int fd)
{
  int wait_status = 0;
  pid_t ended;

  while ((ended = waitpid (pid, &wait_status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR))
    pass_on (fd, pid);

  return wait_status;
}

/**
 * plug_rb_cli_child_run:
 * @keep_output_free: let the command's output go where its errors go
 * @cancellable: keeps it from being started
 * @wait_status: (out): as of waitpid(2)
 *
 * Runs a command as if it were run without us: it has our input, output, environment and terminal,
 * and gets the signals that we are sent. They do not end this process any more, not afterwards
 * either: what is to follow on the command is short and must not be cut off.
 *
 * Returns: whether it was run
 */
gboolean
plug_rb_cli_child_run (char **argv,
                       gboolean keep_output_free,
                       GCancellable *cancellable,
                       int *wait_status,
                       GError **error)
{
  int fd;
  pid_t pid;

  if (!open_pipe (&fd, error))
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !start (argv, keep_output_free, &pid, error))
    return FALSE;

  /* The pipe stays open: the handlers still write into it. */
  *wait_status = wait_for (pid, fd);
  return TRUE;
}
