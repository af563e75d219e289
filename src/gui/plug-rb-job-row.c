/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job-row.h"

#include <glib/gi18n.h>

#include "plug-rb-step.h"

struct _PlugRbJobRow {
  GtkListBoxRow parent_instance;

  PlugRbOperation *operation;

  GtkWidget *cancel_button;
  GtkWidget *dismiss_button;
  GtkProgressBar *progress;
  GtkLabel *text;
  GtkLabel *title;
};

G_DEFINE_FINAL_TYPE (PlugRbJobRow, plug_rb_job_row, GTK_TYPE_LIST_BOX_ROW)

static PlugRbStep *
dup_running_step (PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i);

    if (plug_rb_step_get_status (step) == PLUG_RB_STEP_STATUS_RUNNING)
      return g_steal_pointer (&step);
  }

  return NULL;
}

/* “Restore Files, 212 of 480” */
static char *
dup_text (PlugRbOperation *operation)
{
  g_autoptr(PlugRbStep) step = NULL;
  const char *text;

  if (plug_rb_operation_is_finished (operation))
    return g_strdup (plug_rb_operation_get_error (operation));

  step = dup_running_step (operation);
  text = step != NULL ? plug_rb_step_get_message (step) : NULL;
  if (step == NULL)
    return g_strdup ("");
  if (text == NULL || *text == '\0')
    return g_strdup (plug_rb_step_get_title (step));

  /* TRANSLATORS: a step of an operation, then how far it is: “Restore Files, 212 of 480” */
  return g_strdup_printf (_("%s, %s"), plug_rb_step_get_title (step), text);
}

static void
show_progress (PlugRbJobRow *self)
{
  g_autofree char *text = dup_text (self->operation);

  gtk_label_set_label (self->text, text != NULL ? text : "");
  gtk_progress_bar_set_fraction (self->progress, plug_rb_operation_get_fraction (self->operation));
}

static void
show (PlugRbJobRow *self)
{
  gboolean finished = plug_rb_operation_is_finished (self->operation);
  g_autofree char *title = plug_rb_operation_dup_title (self->operation);
  /* TRANSLATORS: %s is what goes on: “Rolling Back Caffeine” */
  g_autofree char *cancel = g_strdup_printf (_("Cancel %s"), title);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), !finished);
  gtk_widget_set_visible (self->cancel_button, !finished);
  gtk_widget_set_visible (self->dismiss_button,
                          finished && plug_rb_operation_get_error (self->operation) != NULL);
  gtk_widget_set_sensitive (self->cancel_button,
                            plug_rb_operation_get_can_cancel (self->operation));
  gtk_widget_set_tooltip_text (self->cancel_button, cancel);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cancel_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, cancel, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  show_progress (self);
}

static void
plug_rb_job_row_dispose (GObject *object)
{
  PlugRbJobRow *self = PLUG_RB_JOB_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_JOB_ROW);
  g_clear_object (&self->operation);

  G_OBJECT_CLASS (plug_rb_job_row_parent_class)->dispose (object);
}

static void
plug_rb_job_row_class_init (PlugRbJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_job_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobRow, dismiss_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobRow, progress);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobRow, text);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobRow, title);
}

static void
plug_rb_job_row_init (PlugRbJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_job_row_new (PlugRbOperation *operation)
{
  static const char *const changes[] = { "notify::can-cancel", "notify::status", "notify::title" };
  PlugRbJobRow *self = g_object_new (PLUG_RB_TYPE_JOB_ROW, NULL);
  const char *id = plug_rb_operation_get_id (operation);

  self->operation = g_object_ref (operation);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->cancel_button), "s", id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->dismiss_button), "s", id);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_signal_connect_object (operation, changes[i], G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "progress", G_CALLBACK (show_progress), self,
                           G_CONNECT_SWAPPED);
  show (self);

  return GTK_WIDGET (self);
}

PlugRbOperation *
plug_rb_job_row_get_operation (PlugRbJobRow *self)
{
  g_return_val_if_fail (PLUG_RB_IS_JOB_ROW (self), NULL);

  return self->operation;
}
