/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-clock.h"

#define INTERVAL 30

struct _PlugRbClock {
  GObject parent_instance;

  GDateTime *now;
  guint source;
};

G_DEFINE_FINAL_TYPE (PlugRbClock, plug_rb_clock, G_TYPE_OBJECT)

typedef enum {
  PROP_NOW = 1,
} PlugRbClockProperty;

static GParamSpec *properties[PROP_NOW + 1];

static PlugRbClock *default_clock;

static gboolean
tick_cb (gpointer user_data)
{
  PlugRbClock *self = user_data;

  g_clear_pointer (&self->now, g_date_time_unref);
  self->now = g_date_time_new_now_local ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOW]);

  return G_SOURCE_CONTINUE;
}

static void
plug_rb_clock_finalize (GObject *object)
{
  PlugRbClock *self = PLUG_RB_CLOCK (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->now, g_date_time_unref);

  G_OBJECT_CLASS (plug_rb_clock_parent_class)->finalize (object);
}

static void
plug_rb_clock_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbClock *self = PLUG_RB_CLOCK (object);

  switch ((PlugRbClockProperty) prop_id) {
  case PROP_NOW:
    g_value_set_boxed (value, self->now);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_clock_class_init (PlugRbClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = plug_rb_clock_finalize;
  object_class->get_property = plug_rb_clock_get_property;

  properties[PROP_NOW] = g_param_spec_boxed ("now", NULL, NULL, G_TYPE_DATE_TIME,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_clock_init (PlugRbClock *self)
{
  self->now = g_date_time_new_now_local ();
  self->source = g_timeout_add_seconds (INTERVAL, tick_cb, self);
}

/* One clock for all rows that are alive; it stops with the last of them. */
PlugRbClock *
plug_rb_clock_ref_default (void)
{
  if (default_clock != NULL)
    return g_object_ref (default_clock);

  g_set_weak_pointer (&default_clock, g_object_new (PLUG_RB_TYPE_CLOCK, NULL));
  return default_clock;
}

GDateTime *
plug_rb_clock_get_now (PlugRbClock *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CLOCK (self), NULL);

  return self->now;
}
