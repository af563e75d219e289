/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* runstat [-u UID] [-o FILE] [-e FILE] -- COMMAND...: run a command once and print what it cost:
 * "WALL USER SYS PEAK-KB EXIT FIRST". All counts until the last descendant has ended, even one that
 * the command has left behind; FIRST is when the command itself ended. PEAK-KB is the largest
 * single process. -u becomes that user first; -o and -e take the command's output and errors
 * (otherwise /dev/null). posix_spawn() keeps this program's own size out of PEAK-KB. */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);

  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static double
seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

static void
become (uid_t uid)
{
  if (setgroups (0, NULL) < 0 || setresgid (uid, uid, uid) < 0 || setresuid (uid, uid, uid) < 0) {
    perror ("runstat");
    exit (127);
  }
}

static void
redirect (posix_spawn_file_actions_t *actions, int fd, const char *file)
{
  posix_spawn_file_actions_addopen (actions, fd, file, O_WRONLY | O_CREAT | O_APPEND, 0666);
}

typedef struct {
  double user, sys, first;
  long peak;
  int code;
} Costs;

static void
wait_for_all (pid_t child, double start, Costs *costs)
{
  struct rusage usage;
  int status;
  pid_t pid;

  while ((pid = wait4 (-1, &status, 0, &usage)) > 0 || errno == EINTR) {
    if (pid < 0)
      continue;

    costs->user += seconds (usage.ru_utime);
    costs->sys += seconds (usage.ru_stime);
    if (usage.ru_maxrss > costs->peak)
      costs->peak = usage.ru_maxrss;
    if (pid == child) {
      costs->first = now () - start;
      costs->code = WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
    }
  }
}

static int
run (char **command, const posix_spawn_file_actions_t *actions)
{
  Costs costs = { 0 };
  double start = now ();
  pid_t child;
  int error = posix_spawnp (&child, command[0], actions, NULL, command, environ);

  if (error != 0) {
    fprintf (stderr, "runstat: %s: %s\n", command[0], strerror (error));
    return 127;
  }

  wait_for_all (child, start, &costs);
  printf ("%.6f %.6f %.6f %ld %d %.6f\n", now () - start, costs.user, costs.sys, costs.peak,
          costs.code, costs.first);
  return 0;
}

int
main (int argc, char **argv)
{
  const char *output = "/dev/null";
  const char *errors = "/dev/null";
  posix_spawn_file_actions_t actions;
  int option;

  while ((option = getopt (argc, argv, "+u:o:e:")) != -1) {
    switch (option) {
    case 'u':
      become ((uid_t) strtoul (optarg, NULL, 10));
      break;
    case 'o':
      output = optarg;
      break;
    case 'e':
      errors = optarg;
      break;
    default:
      return 2;
    }
  }
  if (optind >= argc)
    return 2;

  /* What the command leaves behind becomes a child of this process. */
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  posix_spawn_file_actions_init (&actions);
  redirect (&actions, STDIN_FILENO, "/dev/null");
  redirect (&actions, STDOUT_FILENO, output);
  redirect (&actions, STDERR_FILENO, errors);

  return run (argv + optind, &actions);
}
