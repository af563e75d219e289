/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-mirror.h"

#define SHOW_EVERY (G_USEC_PER_SEC / 10)

struct _PlugRbMirror {
  GMutex mutex;
  PlugRbRecord *live;
  GSource *source;
  gint64 shown_at;

  PlugRbRecord *shown;
  GMainContext *context;
  GThread *creator;
  GObject *owner;
  PlugRbMirrorFunc func;
};

/**
 * plug_rb_mirror_new:
 * @record: (transfer full): the live record
 * @owner: (unowned): the object whose properties the shown record holds
 * @func: tells the owner of a change
 *
 * This thread, and the main context that is its default, own what is shown.
 *
 * Returns: (transfer full): the mirror
 */
PlugRbMirror *
plug_rb_mirror_new (PlugRbRecord *record, GObject *owner, PlugRbMirrorFunc func)
{
  PlugRbMirror *self = g_new0 (PlugRbMirror, 1);

  g_mutex_init (&self->mutex);
  self->live = record;
  self->shown = plug_rb_record_copy (record);
  self->context = g_main_context_ref_thread_default ();
  self->creator = g_thread_self ();
  self->owner = owner;
  self->func = func;

  return self;
}

/**
 * plug_rb_mirror_free:
 *
 * A pending source keeps the owner alive, so there is none any more when the owner frees its
 * mirror.
 */
void
plug_rb_mirror_free (PlugRbMirror *self)
{
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->live, plug_rb_record_free);
  g_clear_pointer (&self->shown, plug_rb_record_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/* Whether this thread may change what is shown. The command line tool works in its only thread
 * without ever running the main context, so that nobody owns that. */
static gboolean
is_direct (PlugRbMirror *self)
{
  return g_thread_self () == self->creator || g_main_context_is_owner (self->context);
}

static void
show (PlugRbMirror *self)
{
  g_autoptr(PlugRbRecord) old = NULL;
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  g_mutex_lock (&self->mutex);
  old = self->shown;
  self->shown = plug_rb_record_copy (self->live);
  self->shown_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);

  self->func (owner, old, self->shown);
}

static gboolean
show_cb (gpointer data)
{
  PlugRbMirror *self = data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);

  show (self);

  return G_SOURCE_REMOVE;
}

static void
release_cb (gpointer data)
{
  g_object_unref (((PlugRbMirror *) data)->owner);
}

/* Called with the lock held. */
static void
schedule (PlugRbMirror *self, PlugRbUrgency urgency)
{
  gboolean soon = urgency == PLUG_RB_URGENCY_HIGH;

  if (self->source != NULL) {
    if (soon)
      g_source_set_ready_time (self->source, 0);
    return;
  }

  g_object_ref (self->owner);
  self->source = g_timeout_source_new (0);
  g_source_set_static_name (self->source, "plug-rb-mirror");
  g_source_set_callback (self->source, show_cb, self, release_cb);
  g_source_set_ready_time (self->source, soon ? 0 : self->shown_at + SHOW_EVERY);
  g_source_attach (self->source, self->context);
}

/**
 * plug_rb_mirror_get_shown:
 *
 * Returns: (transfer none): what is shown; for the owner
 */
PlugRbRecord *
plug_rb_mirror_get_shown (PlugRbMirror *self)
{
  return self->shown;
}

/**
 * plug_rb_mirror_lock:
 *
 * Locks for reading; plug_rb_mirror_unlock() ends that.
 *
 * Returns: (transfer none): for the owner, what is shown; for other threads, the live record
 */
PlugRbRecord *
plug_rb_mirror_lock (PlugRbMirror *self)
{
  g_mutex_lock (&self->mutex);

  return is_direct (self) ? self->shown : self->live;
}

/**
 * plug_rb_mirror_unlock:
 */
void
plug_rb_mirror_unlock (PlugRbMirror *self)
{
  g_mutex_unlock (&self->mutex);
}

/**
 * plug_rb_mirror_lock_live:
 *
 * Locks for writing; plug_rb_mirror_commit() ends that.
 *
 * Returns: (transfer none): the live record
 */
PlugRbRecord *
plug_rb_mirror_lock_live (PlugRbMirror *self)
{
  g_mutex_lock (&self->mutex);

  return self->live;
}

/**
 * plug_rb_mirror_commit:
 *
 * Unlocks after writing, and sees to it that the change is shown.
 */
void
plug_rb_mirror_commit (PlugRbMirror *self, PlugRbUrgency urgency)
{
  gboolean direct = is_direct (self);
  gboolean due =
      urgency != PLUG_RB_URGENCY_LOW || g_get_monotonic_time () - self->shown_at >= SHOW_EVERY;

  if (!direct)
    schedule (self, urgency);
  g_mutex_unlock (&self->mutex);

  if (direct && due)
    show (self);
}
