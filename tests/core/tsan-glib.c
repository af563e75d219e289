/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Linked into the tests when they are built for ThreadSanitizer, which cannot see into GLib: its
 * mutexes, tasks and references are system calls and atomics of its own. Each function here does
 * what it always does, and says which thread now sees what another did. */

#include <dlfcn.h>
#include <gio/gio.h>
#include <sanitizer/tsan_interface.h>

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

#undef g_mutex_lock
#undef g_object_unref

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock) (mutex);
  __tsan_acquire (mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock) (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_acquire (mutex);
}

/* Whoever gives the last reference back sees all that others did before they gave theirs. */
void
g_object_unref (gpointer object)
{
  __tsan_acquire (object);
  __tsan_release (object);
  REAL (g_object_unref) (object);
}

static GQuark
get_func_quark (void)
{
  return g_quark_from_static_string ("tsan-task-func");
}

static void
run_task (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GTaskThreadFunc func;

  __tsan_acquire (task);
  func = (GTaskThreadFunc) g_object_get_qdata (G_OBJECT (task), get_func_quark ());
  func (task, source, task_data, cancellable);
  __tsan_release (task);
}

void
g_task_run_in_thread (GTask *task, GTaskThreadFunc func)
{
  g_object_set_qdata (G_OBJECT (task), get_func_quark (), (gpointer) func);
  __tsan_release (task);
  REAL (g_task_run_in_thread) (task, run_task);
}

void
g_task_return_boolean (GTask *task, gboolean result)
{
  __tsan_release (task);
  REAL (g_task_return_boolean) (task, result);
}

void
g_task_return_pointer (GTask *task, gpointer result, GDestroyNotify destroy)
{
  __tsan_release (task);
  REAL (g_task_return_pointer) (task, result, destroy);
}

void
g_task_return_error (GTask *task, GError *error)
{
  __tsan_release (task);
  REAL (g_task_return_error) (task, error);
}

gboolean
g_task_propagate_boolean (GTask *task, GError **error)
{
  __tsan_acquire (task);
  return REAL (g_task_propagate_boolean) (task, error);
}

gpointer
g_task_propagate_pointer (GTask *task, GError **error)
{
  __tsan_acquire (task);
  return REAL (g_task_propagate_pointer) (task, error);
}

/* A function that comes back in another thread: what was done before it was given is seen there. */
typedef struct {
  GAsyncReadyCallback callback;
  gpointer user_data;
} Callback;

static void
call_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Callback *callback = user_data;

  __tsan_acquire (result);
  callback->callback (source, result, callback->user_data);
  g_free (callback);
}

GTask *
g_task_new (gpointer source,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  Callback *wrapped = g_new0 (Callback, 1);

  wrapped->callback = callback;
  wrapped->user_data = user_data;
  if (callback == NULL)
    g_clear_pointer (&wrapped, g_free);

  return REAL (g_task_new) (source, cancellable, wrapped ? call_back : NULL, wrapped);
}
