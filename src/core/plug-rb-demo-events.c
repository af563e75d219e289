/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-events.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-step.h"

#define LOOK_INTERVAL_US 5000

/* An operation tells its own context at most ten times a second, which is too rarely for steps that
 * take milliseconds. So it is looked at from a thread. */
static struct {
  GMutex lock;
  gint64 start;
  PlugRbOperation *operation;
  GThread *thread;
  char *last;
  GPtrArray *statuses; /* what was told of each step */
} events;

static void
write_line (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  /* Who does not want to know it any more has gone, and so do we. */
  if (!plug_rb_fs_write (STDOUT_FILENO, line, strlen (line), NULL))
    _exit (1);
  json_object_unref (object);
}

static double
get_time (void)
{
  return (double) (g_get_monotonic_time () - events.start) / G_USEC_PER_SEC;
}

/**
 * plug_rb_demo_events_begin:
 * @start: monotonic time from which times count
 */
void
plug_rb_demo_events_begin (gint64 start)
{
  events.start = start;
}

static void
write_log (const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", "log");
  json_object_set_double_member (object, "time", get_time ());
  json_object_set_string_member (object, "text", text);
  write_line (object);
}

/**
 * plug_rb_demo_events_log:
 * @format: translated
 *
 * Adds a line to the log.
 */
void
plug_rb_demo_events_log (const char *format, ...)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&events.lock);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  write_log (text);
}

static void
send (const char *event, const char *member, JsonObject *value)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);
  json_object_set_object_member (object, member, value);
  write_line (object);
}

/**
 * plug_rb_demo_events_send:
 * @object: (transfer full)
 */
void
plug_rb_demo_events_send (const char *event, const char *member, JsonObject *object)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&events.lock);

  send (event, member, object);
}

void
plug_rb_demo_events_killed (const char *step)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&events.lock);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", "killed");
  json_object_set_string_member (object, "step", step);
  write_line (object);
}

/* ---- steps */

static const char *
get_words (const char *status)
{
  int value = PLUG_RB_STEP_STATUS_PENDING;

  plug_rb_enum_from_nick (PLUG_RB_TYPE_STEP_STATUS, status, &value);
  switch ((PlugRbStepStatus) value) {
  case PLUG_RB_STEP_STATUS_RUNNING:
    return _("%s…");
  case PLUG_RB_STEP_STATUS_DONE:
    return _("%s: done");
  case PLUG_RB_STEP_STATUS_SKIPPED:
    return _("%s: nothing to do");
  case PLUG_RB_STEP_STATUS_FAILED:
    return _("%s: failed");
  case PLUG_RB_STEP_STATUS_UNDONE:
    return _("%s: undone");
  case PLUG_RB_STEP_STATUS_PENDING:
  default:
    return NULL;
  }
}

static void
log_step (JsonObject *json)
{
  g_autoptr(PlugRbStep) step = plug_rb_step_new (plug_rb_json_get_string (json, "name"));
  const char *message = plug_rb_json_get_string (json, "message");
  const char *words = get_words (plug_rb_json_get_string (json, "status"));
  g_auto(GStrv) halves = words ? g_strsplit (words, "%s", 2) : NULL;
  g_autofree char *text = NULL;

  if (words == NULL)
    return;

  text = g_strconcat (halves[0], plug_rb_step_get_title (step), halves[1],
                      message && *message ? " – " : NULL, message, NULL);
  write_log (text);
}

static void
log_steps (JsonArray *steps)
{
  for (guint i = 0; i < json_array_get_length (steps); i++) {
    JsonObject *step = json_array_get_object_element (steps, i);
    const char *status = plug_rb_json_get_string (step, "status");

    if (i == events.statuses->len)
      g_ptr_array_add (events.statuses, NULL);
    if (g_strcmp0 (events.statuses->pdata[i], status) == 0)
      continue;
    g_free (events.statuses->pdata[i]);
    events.statuses->pdata[i] = g_strdup (status);
    log_step (step);
  }
}

/**
 * plug_rb_demo_events_look:
 *
 * Tells what has changed of the operation.
 */
void
plug_rb_demo_events_look (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&events.lock);
  JsonObject *json = events.operation ? plug_rb_operation_to_json (events.operation) : NULL;
  g_autofree char *text = json ? plug_rb_json_to_string (json) : NULL;

  if (json == NULL)
    return;
  if (g_strcmp0 (text, events.last) == 0) {
    json_object_unref (json);
    return;
  }

  g_free (events.last);
  events.last = g_steal_pointer (&text);
  log_steps (plug_rb_json_get_array (json, "steps"));
  send ("operation", "operation", json);
}

static gboolean
is_followed (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&events.lock);

  return events.operation != NULL;
}

static gpointer
look_in_thread (gpointer data)
{
  while (is_followed ()) {
    plug_rb_demo_events_look ();
    g_usleep (LOOK_INTERVAL_US);
  }

  return NULL;
}

/**
 * plug_rb_demo_events_follow:
 *
 * Tells from now on how the operation goes.
 */
void
plug_rb_demo_events_follow (PlugRbOperation *operation)
{
  g_mutex_lock (&events.lock);
  events.statuses = g_ptr_array_new_with_free_func (g_free);
  events.operation = g_object_ref (operation);
  g_mutex_unlock (&events.lock);
  events.thread = g_thread_new ("demo-events", look_in_thread, NULL);
}

/**
 * plug_rb_demo_events_leave:
 *
 * Tells the rest and follows no more.
 */
void
plug_rb_demo_events_leave (void)
{
  plug_rb_demo_events_look ();
  g_mutex_lock (&events.lock);
  g_clear_object (&events.operation);
  g_clear_pointer (&events.statuses, g_ptr_array_unref);
  g_clear_pointer (&events.last, g_free);
  g_mutex_unlock (&events.lock);
  g_thread_join (g_steal_pointer (&events.thread));
}
