/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-workers.h"

/* More than two gain little: what they wait for is the disk, and the desktop needs its cores. */
#define MOST 2

/**
 * plug_rb_workers_count:
 *
 * Returns: how many threads work at once: two where there are two processors. `PLUGRB_THREADS=1` in
 * the environment makes it one, so that a run can be repeated call by call
 */
guint
plug_rb_workers_count (void)
{
  static gsize count;

  if (g_once_init_enter (&count)) {
    const char *wanted = g_getenv ("PLUGRB_THREADS");
    guint n = wanted ? (guint) g_ascii_strtoull (wanted, NULL, 10) : g_get_num_processors ();

    g_once_init_leave (&count, CLAMP (n, 1, MOST));
  }

  return count;
}

typedef struct {
  PlugRbWorkFunc func;
  gpointer user_data;
} Work;

static gpointer
run (gpointer data)
{
  Work *work = data;

  work->func (work->user_data);
  return NULL;
}

/**
 * plug_rb_workers_run:
 * @n: pieces of work there are at most: no more threads than that
 *
 * Runs @func in this thread and in as many others as are useful, and waits for all of them.
 */
void
plug_rb_workers_run (guint n, PlugRbWorkFunc func, gpointer user_data)
{
  guint others = MIN (n, plug_rb_workers_count ());
  GThread *threads[MOST] = { NULL };
  Work work = { func, user_data };

  for (guint i = 1; i < others; i++)
    threads[i] = g_thread_try_new ("worker", run, &work, NULL);

  func (user_data);

  for (guint i = 1; i < others; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}
