/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-jobs-button.h"

#include <glib/gi18n.h>

#include "plug-rb-focus.h"
#include "plug-rb-job-list.h"
#include "plug-rb-job-row.h"

struct _PlugRbJobsButton {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbJobList *jobs;
  gboolean allowed;

  GtkMenuButton *button;
  GtkListBox *list;
  GtkPopover *popover;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (PlugRbJobsButton, plug_rb_jobs_button, ADW_TYPE_BIN)

typedef enum {
  PROP_ALLOWED = 1,
  PROP_MANAGER,
} PlugRbJobsButtonProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

static char *
dup_label (guint n_running, guint n_failed)
{
  if (n_running > 0)
    return g_strdup_printf (ngettext ("%u task running", "%u tasks running", n_running), n_running);

  return g_strdup_printf (ngettext ("%u task failed", "%u tasks failed", n_failed), n_failed);
}

static void
update (PlugRbJobsButton *self)
{
  guint n_running = self->jobs != NULL ? plug_rb_job_list_get_n_running (self->jobs) : 0;
  guint n_failed = self->jobs != NULL ? plug_rb_job_list_get_n_failed (self->jobs) : 0;
  gboolean shown = self->allowed && n_running + n_failed > 0;
  g_autofree char *label = dup_label (n_running, n_failed);

  if (!shown) {
    gtk_popover_popdown (self->popover);
    plug_rb_focus_leave (GTK_WIDGET (self));
  }
  gtk_widget_set_visible (GTK_WIDGET (self), shown);
  gtk_stack_set_visible_child_name (self->stack, n_failed > 0 ? "failed" : "running");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return plug_rb_job_row_new (item);
}

/* Of what runs the live view; of what failed all that is known. */
static void
row_activated_cb (PlugRbJobsButton *self, GtkListBoxRow *row)
{
  PlugRbOperation *operation = plug_rb_job_row_get_operation (PLUG_RB_JOB_ROW (row));
  gboolean finished = plug_rb_operation_is_finished (operation);

  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), finished ? "win.show-activity" : "win.show-job",
                              "s", plug_rb_operation_get_id (operation));
}

static void
dismiss_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_job_list_dismiss (PLUG_RB_JOBS_BUTTON (widget)->jobs,
                            g_variant_get_string (parameter, NULL));
}

static void
set_manager (PlugRbJobsButton *self, PlugRbManager *manager)
{
  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  g_clear_object (&self->jobs);
  self->jobs = plug_rb_job_list_ref_for (manager);
  gtk_list_box_bind_model (self->list, plug_rb_job_list_get_operations (self->jobs), create_row,
                           NULL, NULL);
  g_signal_connect_object (self->jobs, "notify::n-failed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->jobs, "notify::n-running", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_jobs_button_dispose (GObject *object)
{
  PlugRbJobsButton *self = PLUG_RB_JOBS_BUTTON (object);

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  /* Or AdwBin would unparent its child a second time. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_JOBS_BUTTON);
  g_clear_object (&self->jobs);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_jobs_button_parent_class)->dispose (object);
}

static void
plug_rb_jobs_button_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbJobsButton *self = PLUG_RB_JOBS_BUTTON (object);

  switch ((PlugRbJobsButtonProperty) prop_id) {
  case PROP_ALLOWED:
    self->allowed = g_value_get_boolean (value);
    update (self);
    break;

  case PROP_MANAGER:
    set_manager (self, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_jobs_button_class_init (PlugRbJobsButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_jobs_button_dispose;
  object_class->set_property = plug_rb_jobs_button_set_property;

  properties[PROP_ALLOWED] = g_param_spec_boolean ("allowed", NULL, NULL, TRUE, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "jobs.dismiss", "s", dismiss_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobsButton, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobsButton, popover);
  gtk_widget_class_bind_template_child (widget_class, PlugRbJobsButton, stack);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
plug_rb_jobs_button_init (PlugRbJobsButton *self)
{
  self->allowed = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
plug_rb_jobs_button_popup (PlugRbJobsButton *self)
{
  g_return_if_fail (PLUG_RB_IS_JOBS_BUTTON (self));

  gtk_menu_button_popup (self->button);
}
