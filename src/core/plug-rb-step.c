/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-step.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-enum-types.h"

struct _PlugRbStep {
  GObject parent_instance;

  char *name;
  PlugRbStepStatus status;
  double seconds;
  char *message;
};

G_DEFINE_FINAL_TYPE (PlugRbStep, plug_rb_step, G_TYPE_OBJECT)

typedef enum {
  PROP_NAME = 1,
  PROP_TITLE,
  PROP_STATUS,
  PROP_SECONDS,
  PROP_MESSAGE,
} PlugRbStepProperty;

static GParamSpec *properties[PROP_MESSAGE + 1];

static const struct {
  const char *name;
  const char *title;
} titles[] = {
  { "check", N_("Check") },
  { "safety-snapshot", N_("Take Safety Snapshot") },
  { "remove-files", N_("Remove Current Files") },
  { "restore-files", N_("Restore Files") },
  { "restore-settings", N_("Restore Settings") },
  { "restore-dependencies", N_("Restore Dependencies") },
  { "clean-up", N_("Clean Up") },
  { "verify", N_("Verify") },
  { "health", N_("Health Check") },
  { "read-files", N_("Read Files") },
  { "save", N_("Save Snapshot") },
};

static void
plug_rb_step_finalize (GObject *object)
{
  PlugRbStep *self = PLUG_RB_STEP (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (plug_rb_step_parent_class)->finalize (object);
}

static void
plug_rb_step_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbStep *self = PLUG_RB_STEP (object);

  switch ((PlugRbStepProperty) prop_id) {
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_TITLE:
    g_value_set_string (value, plug_rb_step_get_title (self));
    break;
  case PROP_STATUS:
    g_value_set_enum (value, self->status);
    break;
  case PROP_SECONDS:
    g_value_set_double (value, self->seconds);
    break;
  case PROP_MESSAGE:
    g_value_set_string (value, self->message);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_step_class_init (PlugRbStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags fixed = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags live = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = plug_rb_step_finalize;
  object_class->get_property = plug_rb_step_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, fixed);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, fixed);
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, PLUG_RB_TYPE_STEP_STATUS,
                                               PLUG_RB_STEP_STATUS_PENDING, live);
  properties[PROP_SECONDS] = g_param_spec_double ("seconds", NULL, NULL, 0, G_MAXDOUBLE, 0, live);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, live);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_step_init (PlugRbStep *self)
{
}

/**
 * plug_rb_step_new:
 * @name: its name in the JSON formats, never translated: "restore-files"
 *
 * Returns: (transfer full): a pending step
 */
PlugRbStep *
plug_rb_step_new (const char *name)
{
  PlugRbStep *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PLUG_RB_TYPE_STEP, NULL);
  self->name = g_strdup (name);

  return self;
}

/**
 * plug_rb_step_get_name:
 */
const char *
plug_rb_step_get_name (PlugRbStep *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STEP (self), NULL);

  return self->name;
}

/**
 * plug_rb_step_get_title:
 *
 * Returns: the name of the step for the user; of a step that only a newer version knows, its plain
 * name
 */
const char *
plug_rb_step_get_title (PlugRbStep *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STEP (self), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, self->name))
      return _(titles[i].title);

  return self->name;
}

/**
 * plug_rb_step_get_status:
 */
PlugRbStepStatus
plug_rb_step_get_status (PlugRbStep *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STEP (self), PLUG_RB_STEP_STATUS_PENDING);

  return self->status;
}

/**
 * plug_rb_step_get_seconds:
 *
 * Returns: how long it took, or has taken so far
 */
double
plug_rb_step_get_seconds (PlugRbStep *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STEP (self), 0);

  return self->seconds;
}

/**
 * plug_rb_step_get_message:
 *
 * Returns: (nullable): how far it is, or what went wrong
 */
const char *
plug_rb_step_get_message (PlugRbStep *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STEP (self), NULL);

  return self->message;
}

/**
 * plug_rb_step_set:
 * @message: (nullable): how far it is, or what went wrong
 *
 * Sets all that can change. Only [class@PlugRbOperation] calls this.
 */
void
plug_rb_step_set (PlugRbStep *self, PlugRbStepStatus status, double seconds, const char *message)
{
  GObject *object = G_OBJECT (self);
  gboolean new_status, new_seconds;

  g_return_if_fail (PLUG_RB_IS_STEP (self));

  new_status = self->status != status;
  /* Nobody sees less than a millisecond, and rows that are told of it are drawn for nothing. */
  new_seconds = ABS (self->seconds - seconds) >= 0.001;

  g_object_freeze_notify (object);
  self->status = status;
  if (new_seconds || new_status)
    self->seconds = seconds;
  if (new_seconds)
    g_object_notify_by_pspec (object, properties[PROP_SECONDS]);
  if (g_set_str (&self->message, message))
    g_object_notify_by_pspec (object, properties[PROP_MESSAGE]);
  if (new_status)
    g_object_notify_by_pspec (object, properties[PROP_STATUS]);
  g_object_thaw_notify (object);
}
