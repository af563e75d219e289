/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-operation.h"

#include "plug-rb-enum-types.h"
#include "plug-rb-mirror.h"
#include "plug-rb-step.h"

struct _PlugRbOperation {
  GObject parent_instance;

  /* What never changes, so that every thread may look without a lock. */
  char *id;
  PlugRbKind kind;
  GDateTime *started;
  gboolean automatic;

  PlugRbMirror *mirror;
  GListStore *steps;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PlugRbOperation, plug_rb_operation, G_TYPE_OBJECT)

typedef enum {
  PROP_ID = 1,
  PROP_KIND,
  PROP_TITLE,
  PROP_PLUGINS,
  PROP_STATUS,
  PROP_FRACTION,
  PROP_TEXT,
  PROP_STEPS,
  PROP_STARTED,
  PROP_FINISHED,
  PROP_ERROR,
  PROP_ERROR_CODE,
  PROP_CAN_CANCEL,
  PROP_CAN_UNDO,
  PROP_HINTS,
  PROP_AUTOMATIC,
} PlugRbOperationProperty;

static GParamSpec *properties[PROP_AUTOMATIC + 1];
static guint progress_signal;

static void
show_steps (PlugRbOperation *self, PlugRbRecord *shown)
{
  for (guint i = 0; i < shown->steps->len; i++) {
    const PlugRbRecordStep *record = plug_rb_record_get_step (shown, i);
    g_autoptr(PlugRbStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

    if (step == NULL) {
      step = plug_rb_step_new (record->name);
      plug_rb_step_set (step, record->status, record->seconds, record->message);
      g_list_store_append (self->steps, step);
    } else {
      plug_rb_step_set (step, record->status, record->seconds, record->message);
    }
  }
}

static void
notify_if (PlugRbOperation *self, PlugRbOperationProperty property, gboolean changed)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
notify_changed (PlugRbOperation *self, PlugRbRecord *old, PlugRbRecord *new)
{
  gboolean status = old->status != new->status;
  gboolean plugins = old->plugins != new->plugins || old->changes != new->changes;

  notify_if (self, PROP_PLUGINS, plugins);
  notify_if (self, PROP_TITLE, plugins || status);
  notify_if (self, PROP_FRACTION, ABS (old->fraction - new->fraction) > 0);
  notify_if (self, PROP_TEXT, g_strcmp0 (old->text, new->text) != 0);
  notify_if (self, PROP_FINISHED, old->finished != new->finished);
  notify_if (self, PROP_ERROR, old->error != new->error);
  notify_if (self, PROP_ERROR_CODE, old->error_code != new->error_code);
  notify_if (self, PROP_HINTS, old->hints != new->hints);
  notify_if (self, PROP_CAN_CANCEL, old->can_cancel != new->can_cancel);
  notify_if (self, PROP_CAN_UNDO, plug_rb_record_can_undo (old) != plug_rb_record_can_undo (new));
  notify_if (self, PROP_STATUS, status);
}

static gboolean
has_progressed (PlugRbRecord *old, PlugRbRecord *new)
{
  return old->running != new->running || ABS (old->fraction - new->fraction) > 0 ||
         g_strcmp0 (old->text, new->text) != 0;
}

static const char *
get_running_step (PlugRbRecord *record)
{
  return record->running >= 0 ? plug_rb_record_get_step (record, (guint) record->running)->name
                              : NULL;
}

/* All handlers find the new state complete. One of them may well change the operation, and then
 * @shown is no more: the rest needs to be known before. */
static void
shown_cb (GObject *object, PlugRbRecord *old, PlugRbRecord *shown)
{
  PlugRbOperation *self = PLUG_RB_OPERATION (object);
  gboolean progressed = has_progressed (old, shown);
  const char *step = get_running_step (shown);
  double fraction = shown->fraction;
  g_autofree char *text = g_strdup (shown->text);

  g_object_freeze_notify (object);
  show_steps (self, shown);
  notify_changed (self, old, shown);
  g_object_thaw_notify (object);

  if (progressed)
    g_signal_emit (self, progress_signal, 0, step, fraction, text);
}

static void
plug_rb_operation_finalize (GObject *object)
{
  PlugRbOperation *self = PLUG_RB_OPERATION (object);

  g_clear_pointer (&self->mirror, plug_rb_mirror_free);
  g_clear_object (&self->steps);
  g_clear_object (&self->cancellable);

  g_free (self->id);
  g_date_time_unref (self->started);

  G_OBJECT_CLASS (plug_rb_operation_parent_class)->finalize (object);
}

static void
plug_rb_operation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbOperation *self = PLUG_RB_OPERATION (object);
  PlugRbRecord *shown = plug_rb_mirror_get_shown (self->mirror);

  switch ((PlugRbOperationProperty) prop_id) {
  case PROP_ID:
    g_value_set_string (value, shown->id);
    break;
  case PROP_KIND:
    g_value_set_enum (value, shown->kind);
    break;
  case PROP_TITLE:
    g_value_take_string (value, plug_rb_record_dup_title (shown));
    break;
  case PROP_PLUGINS:
    g_value_take_boxed (value, plug_rb_record_dup_plugins (shown));
    break;
  case PROP_STATUS:
    g_value_set_enum (value, shown->status);
    break;
  case PROP_FRACTION:
    g_value_set_double (value, shown->fraction);
    break;
  case PROP_TEXT:
    g_value_set_string (value, shown->text);
    break;
  case PROP_STEPS:
    g_value_set_object (value, self->steps);
    break;
  case PROP_STARTED:
    g_value_set_boxed (value, shown->started);
    break;
  case PROP_FINISHED:
    g_value_set_boxed (value, shown->finished);
    break;
  case PROP_ERROR:
    g_value_set_string (value, shown->error);
    break;
  case PROP_ERROR_CODE:
    g_value_set_string (value, shown->error_code);
    break;
  case PROP_CAN_CANCEL:
    g_value_set_boolean (value, shown->can_cancel);
    break;
  case PROP_CAN_UNDO:
    g_value_set_boolean (value, plug_rb_record_can_undo (shown));
    break;
  case PROP_HINTS:
    g_value_set_boxed (value, shown->hints->pdata);
    break;
  case PROP_AUTOMATIC:
    g_value_set_boolean (value, shown->automatic);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags fixed = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags live = fixed | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, fixed);
  properties[PROP_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, PLUG_RB_TYPE_KIND, PLUG_RB_KIND_SNAPSHOT, fixed);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, live);
  properties[PROP_PLUGINS] = g_param_spec_boxed ("plugins", NULL, NULL, G_TYPE_STRV, live);
  properties[PROP_STATUS] =
      g_param_spec_enum ("status", NULL, NULL, PLUG_RB_TYPE_STATUS, PLUG_RB_STATUS_PENDING, live);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, live);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, live);
  properties[PROP_STEPS] = g_param_spec_object ("steps", NULL, NULL, G_TYPE_LIST_MODEL, fixed);
  properties[PROP_STARTED] = g_param_spec_boxed ("started", NULL, NULL, G_TYPE_DATE_TIME, fixed);
  properties[PROP_FINISHED] = g_param_spec_boxed ("finished", NULL, NULL, G_TYPE_DATE_TIME, live);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, live);
  properties[PROP_ERROR_CODE] = g_param_spec_string ("error-code", NULL, NULL, NULL, live);
  properties[PROP_CAN_CANCEL] = g_param_spec_boolean ("can-cancel", NULL, NULL, FALSE, live);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, live);
  properties[PROP_HINTS] = g_param_spec_boxed ("hints", NULL, NULL, G_TYPE_STRV, live);
  properties[PROP_AUTOMATIC] = g_param_spec_boolean ("automatic", NULL, NULL, FALSE, fixed);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_operation_class_init (PlugRbOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = plug_rb_operation_finalize;
  object_class->get_property = plug_rb_operation_get_property;

  install_properties (object_class);

  /**
   * PlugRbOperation::progress:
   * @step: (nullable): name of the running step
   * @fraction: how far the whole operation is, 0 to 1
   * @text: (nullable): how far the step is, in words
   *
   * Emitted at most ten times a second, in the context that owns the operation.
   */
  progress_signal =
      g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_STRING);
}

static void
plug_rb_operation_init (PlugRbOperation *self)
{
  self->steps = g_list_store_new (PLUG_RB_TYPE_STEP);
  self->cancellable = g_cancellable_new ();
}

static PlugRbOperation *
new_from_record (PlugRbRecord *record)
{
  PlugRbOperation *self = g_object_new (PLUG_RB_TYPE_OPERATION, NULL);

  self->id = g_strdup (record->id);
  self->kind = record->kind;
  self->started = g_date_time_ref (record->started);
  self->automatic = record->automatic;
  self->mirror = plug_rb_mirror_new (record, G_OBJECT (self), shown_cb);
  show_steps (self, plug_rb_mirror_get_shown (self->mirror));

  return self;
}

/**
 * plug_rb_operation_new:
 *
 * Makes an operation that begins now. This thread, and the main context that is its default, own
 * it.
 *
 * Returns: (transfer full): the operation
 */
PlugRbOperation *
plug_rb_operation_new (PlugRbKind kind)
{
  return new_from_record (plug_rb_record_new (kind));
}

/**
 * plug_rb_operation_new_automatic:
 *
 * As plug_rb_operation_new(), for what the policy wants and nobody was asked about.
 *
 * Returns: (transfer full): the operation
 */
PlugRbOperation *
plug_rb_operation_new_automatic (PlugRbKind kind)
{
  PlugRbRecord *record = plug_rb_record_new (kind);

  record->automatic = TRUE;
  return new_from_record (record);
}

/**
 * plug_rb_operation_new_from_json:
 * @json: what plug_rb_operation_to_json() made, or something else
 *
 * Reads an operation from the history. What is no operation fails with %PLUG_RB_ERROR_CORRUPT.
 *
 * Returns: (transfer full): the operation
 */
PlugRbOperation *
plug_rb_operation_new_from_json (JsonObject *json, GError **error)
{
  PlugRbRecord *record = plug_rb_record_new_from_json (json, error);

  return record ? new_from_record (record) : NULL;
}

/* ---- looking */

/**
 * plug_rb_operation_get_id:
 *
 * Returns: its id, which sorts by the time it began
 */
const char *
plug_rb_operation_get_id (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), NULL);

  return self->id;
}

/**
 * plug_rb_operation_get_kind:
 */
PlugRbKind
plug_rb_operation_get_kind (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), PLUG_RB_KIND_SNAPSHOT);

  return self->kind;
}

/**
 * plug_rb_operation_get_started:
 *
 * Returns: (transfer none): when it began
 */
GDateTime *
plug_rb_operation_get_started (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), NULL);

  return self->started;
}

/**
 * plug_rb_operation_get_automatic:
 *
 * Returns: whether nobody asked for it
 */
gboolean
plug_rb_operation_get_automatic (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), FALSE);

  return self->automatic;
}

/**
 * plug_rb_operation_get_cancellable:
 *
 * Returns: (transfer none): what stops it
 */
GCancellable *
plug_rb_operation_get_cancellable (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), NULL);

  return self->cancellable;
}

/**
 * plug_rb_operation_get_steps:
 *
 * Returns: (transfer none): a list of [class@PlugRbStep], for the owner of the operation
 */
GListModel *
plug_rb_operation_get_steps (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), NULL);

  return G_LIST_MODEL (self->steps);
}

/**
 * plug_rb_operation_get_mirror: (skip)
 */
PlugRbMirror *
plug_rb_operation_get_mirror (PlugRbOperation *self)
{
  g_return_val_if_fail (PLUG_RB_IS_OPERATION (self), NULL);

  return self->mirror;
}
