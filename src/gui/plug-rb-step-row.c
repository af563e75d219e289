/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-step-row.h"

#include <glib/gi18n.h>

#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbStepRow {
  AdwActionRow parent_instance;

  PlugRbStep *step;
};

G_DEFINE_FINAL_TYPE (PlugRbStepRow, plug_rb_step_row, ADW_TYPE_ACTION_ROW)

typedef enum {
  PROP_STEP = 1,
} PlugRbStepRowProperty;

static GParamSpec *properties[PROP_STEP + 1];

static const struct {
  const char *icon;
  const char *style;
} looks[] = {
  [PLUG_RB_STEP_STATUS_PENDING] = { "content-loading-symbolic", "dimmed" },
  [PLUG_RB_STEP_STATUS_RUNNING] = { "content-loading-symbolic", "dimmed" },
  [PLUG_RB_STEP_STATUS_DONE] = { "object-select-symbolic", "success" },
  [PLUG_RB_STEP_STATUS_SKIPPED] = { "action-unavailable-symbolic", "dimmed" },
  [PLUG_RB_STEP_STATUS_FAILED] = { "dialog-error-symbolic", "error" },
  [PLUG_RB_STEP_STATUS_UNDONE] = { "edit-undo-symbolic", "dimmed" },
};

static char *
dup_page (PlugRbStepRow *self, PlugRbStepStatus status)
{
  return g_strdup (status == PLUG_RB_STEP_STATUS_RUNNING ? "spinner" : "icon");
}

static char *
dup_icon (PlugRbStepRow *self, PlugRbStepStatus status)
{
  return g_strdup (looks[status].icon);
}

static char **
dup_classes (PlugRbStepRow *self, PlugRbStepStatus status)
{
  const char *const classes[] = { looks[status].style, NULL };

  return g_strdupv ((char **) classes);
}

static char *
dup_failure (PlugRbStepRow *self, PlugRbStepStatus status, const char *message)
{
  return g_strdup (status == PLUG_RB_STEP_STATUS_FAILED && message != NULL ? message : "");
}

/* Stands beside the title, so that a row never changes its height while the work goes on. */
static char *
dup_progress (PlugRbStepRow *self, PlugRbStepStatus status, double seconds, const char *message)
{
  if (status == PLUG_RB_STEP_STATUS_DONE)
    return plug_rb_wording_seconds (seconds);
  if (status == PLUG_RB_STEP_STATUS_RUNNING && message != NULL)
    return g_strdup (message);

  return g_strdup ("");
}

static void
update_label (PlugRbStepRow *self)
{
  g_autofree char *label = NULL;

  if (self->step == NULL)
    return;

  /* TRANSLATORS: a step of a rollback and its status, read out by a screen reader */
  label = g_strdup_printf (_("%s, %s"), plug_rb_step_get_title (self->step),
                           plug_rb_words_step_status (plug_rb_step_get_status (self->step)));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* Heard only by who looks at the list: a row that is not on screen announces nothing. */
static void
announce (PlugRbStepRow *self)
{
  const char *title = plug_rb_step_get_title (self->step);
  const char *message = plug_rb_step_get_message (self->step);
  g_autofree char *failure = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  if (plug_rb_step_get_status (self->step) == PLUG_RB_STEP_STATUS_RUNNING) {
    gtk_accessible_announce (GTK_ACCESSIBLE (self), title,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  } else if (plug_rb_step_get_status (self->step) == PLUG_RB_STEP_STATUS_FAILED) {
    /* TRANSLATORS: a step of a rollback that failed, then why */
    failure = g_strdup_printf (_("%s failed: %s"), title, message != NULL ? message : "");
    gtk_accessible_announce (GTK_ACCESSIBLE (self), failure,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  }
}

static void
status_changed_cb (PlugRbStepRow *self)
{
  update_label (self);
  announce (self);
}

static void
plug_rb_step_row_dispose (GObject *object)
{
  PlugRbStepRow *self = PLUG_RB_STEP_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_STEP_ROW);
  g_clear_object (&self->step);

  G_OBJECT_CLASS (plug_rb_step_row_parent_class)->dispose (object);
}

static void
plug_rb_step_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbStepRow *self = PLUG_RB_STEP_ROW (object);

  switch ((PlugRbStepRowProperty) prop_id) {
  case PROP_STEP:
    g_value_set_object (value, self->step);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_step_row_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  PlugRbStepRow *self = PLUG_RB_STEP_ROW (object);

  switch ((PlugRbStepRowProperty) prop_id) {
  case PROP_STEP:
    self->step = g_value_dup_object (value);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_step_row_constructed (GObject *object)
{
  PlugRbStepRow *self = PLUG_RB_STEP_ROW (object);

  G_OBJECT_CLASS (plug_rb_step_row_parent_class)->constructed (object);

  g_signal_connect_object (self->step, "notify::status", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_label (self);
}

static void
plug_rb_step_row_class_init (PlugRbStepRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = plug_rb_step_row_constructed;
  object_class->dispose = plug_rb_step_row_dispose;
  object_class->get_property = plug_rb_step_row_get_property;
  object_class->set_property = plug_rb_step_row_set_property;

  properties[PROP_STEP] =
      g_param_spec_object ("step", NULL, NULL, PLUG_RB_TYPE_STEP,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-step-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_classes);
  gtk_widget_class_bind_template_callback (widget_class, dup_failure);
  gtk_widget_class_bind_template_callback (widget_class, dup_icon);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, dup_progress);
}

static void
plug_rb_step_row_init (PlugRbStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_step_row_new (PlugRbStep *step)
{
  return g_object_new (PLUG_RB_TYPE_STEP_ROW, "step", step, NULL);
}
