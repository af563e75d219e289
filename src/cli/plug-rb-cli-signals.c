/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-signals.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* Cancelling takes locks, which a signal handler must not; so it only wakes a thread. */
static int wake_fd = -1;

static void
handle_signal (int number)
{
  int saved_errno = errno;

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    signal (signals[i], SIG_DFL);
  if (write (wake_fd, "", 1) < 0)
    _exit (128 + number);

  errno = saved_errno;
}

static gpointer
cancel_in_thread (gpointer data)
{
  gpointer *pair = data;
  GCancellable *cancellable = pair[0];
  int fd = GPOINTER_TO_INT (pair[1]);
  char byte;

  g_free (pair);
  while (read (fd, &byte, 1) < 0 && errno == EINTR)
    ;
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);

  return NULL;
}

static void
install_handlers (void)
{
  struct sigaction action = { .sa_handler = handle_signal, .sa_flags = SA_RESTART };

  sigemptyset (&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
    struct sigaction old;

    sigaction (signals[i], NULL, &old);
    if (old.sa_handler != SIG_IGN)
      sigaction (signals[i], &action, NULL);
  }
}

/**
 * plug_rb_cli_signals_cancel:
 *
 * From now on the first request to stop cancels; the second one ends the process at once.
 */
void
plug_rb_cli_signals_cancel (GCancellable *cancellable)
{
  int fds[2];
  gpointer *pair;

  if (wake_fd >= 0 || !g_unix_open_pipe (fds, O_CLOEXEC, NULL))
    return;

  pair = g_new (gpointer, 2);
  pair[0] = g_object_ref (cancellable);
  pair[1] = GINT_TO_POINTER (fds[0]);
  wake_fd = fds[1];
  g_thread_unref (g_thread_new ("signals", cancel_in_thread, pair));
  install_handlers ();
}
