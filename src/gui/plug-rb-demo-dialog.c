/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-dialog.h"

#include <glib/gi18n.h>

#include "plug-rb-demo-log.h"
#include "plug-rb-details-dialog.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-enums.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-live-policy.h"
#include "plug-rb-step-list.h"
#include "plug-rb-step.h"

struct _PlugRbDemo {
  AdwDialog parent_instance;

  char *folder; /* where this demo's own policy is kept */
  PlugRbPolicyBackend *backend;
  PlugRbLivePolicy *policy;
  GListStore *steps;
  GtkStringList *log;
  PlugRbDemoScenario scenario;
  PlugRbDemoReport *report;
  GCancellable *cancellable; /* while it runs */
  gboolean has_result;

  AdwPreferencesGroup *scenario_group;
  AdwSwitchRow *rollback_row;
  AdwSwitchRow *update_row;
  GtkImage *result_icon;
  GtkLabel *killed_label;
  GtkLabel *result_label;
  GtkListView *log_view;
  GtkStack *steps_stack;
  PlugRbStepList *step_list;
  GtkCheckButton *radios[PLUG_RB_DEMO_N_SCENARIOS];
};

G_DEFINE_FINAL_TYPE (PlugRbDemo, plug_rb_demo, ADW_TYPE_DIALOG)

typedef enum {
  PROP_RUNNING = 1,
  PROP_HAS_REPORT,
  PROP_HAS_RESULT,
} PlugRbDemoProperty;

static GParamSpec *properties[PROP_HAS_RESULT + 1];

/* ---- what is shown */

static void
show_result (PlugRbDemo *self, const char *text, const char *icon, const char *style)
{
  static const char *const styles[] = { "success", "warning", "error", "dimmed" };

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_icon), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->result_icon), style);
  gtk_image_set_from_icon_name (self->result_icon, icon);
  gtk_label_set_label (self->result_label, text);
  self->has_result = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_RESULT]);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
set_report (PlugRbDemo *self, PlugRbDemoReport *report)
{
  g_clear_pointer (&self->report, plug_rb_demo_report_free);
  self->report = report;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.compare", report != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_REPORT]);
}

static void
reset (PlugRbDemo *self)
{
  set_report (self, NULL);
  self->has_result = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_RESULT]);
  gtk_widget_set_visible (GTK_WIDGET (self->killed_label), FALSE);
  g_list_store_remove_all (self->steps);
  gtk_stack_set_visible_child_name (self->steps_stack, "nothing");
}

static void
show_report (PlugRbDemo *self)
{
  g_autofree char *text = plug_rb_demo_report_dup_result (self->report);

  if (self->report->verdict == PLUG_RB_DEMO_BROKEN)
    show_result (self, text, "dialog-warning-symbolic", "warning");
  else if (self->report->verdict == PLUG_RB_DEMO_OTHER)
    show_result (self, text, "dialog-error-symbolic", "error");
  else
    show_result (self, text, "object-select-symbolic", "success");
}

static void
show_step (PlugRbDemo *self, guint index, JsonObject *json)
{
  const char *name = plug_rb_json_get_string (json, "name");
  g_autoptr(PlugRbStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), index);
  int status = PLUG_RB_STEP_STATUS_PENDING;

  if (name == NULL)
    return;

  /* The operation that is told of may be another one now. */
  if (step != NULL && !g_str_equal (plug_rb_step_get_name (step), name)) {
    g_list_store_splice (self->steps, index,
                         g_list_model_get_n_items (G_LIST_MODEL (self->steps)) - index, NULL, 0);
    g_clear_object (&step);
  }
  if (step == NULL) {
    step = plug_rb_step_new (name);
    g_list_store_append (self->steps, step);
  }

  plug_rb_enum_from_nick (PLUG_RB_TYPE_STEP_STATUS, plug_rb_json_get_string (json, "status"),
                          &status);
  plug_rb_step_set (step, (PlugRbStepStatus) status, plug_rb_json_get_double (json, "seconds", 0),
                    plug_rb_json_get_string (json, "message"));
}

static void
show_operation (PlugRbDemo *self, JsonObject *operation)
{
  JsonArray *steps = operation ? plug_rb_json_get_array (operation, "steps") : NULL;
  guint n_steps = steps ? json_array_get_length (steps) : 0;

  for (guint i = 0; i < n_steps; i++)
    show_step (self, i, plug_rb_json_get_element (steps, i));
  if (n_steps > 0)
    gtk_stack_set_visible_child_name (self->steps_stack, "steps");
}

static void
show_killed (PlugRbDemo *self, const char *name)
{
  g_autoptr(PlugRbStep) step = plug_rb_step_new (name);
  /* TRANSLATORS: %s is the title of a step, such as “Restore Files” */
  g_autofree char *text =
      g_strdup_printf (_("Process killed at: %s"), plug_rb_step_get_title (step));

  gtk_label_set_label (self->killed_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->killed_label), TRUE);
  show_result (self, _("Recovering…"), "content-loading-symbolic", "dimmed");
}

static void
show_event (PlugRbDemo *self, JsonObject *event)
{
  const char *name = plug_rb_json_get_string (event, "event");

  if (g_strcmp0 (name, "log") == 0)
    plug_rb_demo_log_add (self->log, event);
  else if (g_strcmp0 (name, "operation") == 0)
    show_operation (self, plug_rb_json_get_object (event, "operation"));
  else if (g_strcmp0 (name, "killed") == 0)
    show_killed (self, plug_rb_json_get_string (event, "step"));
}

/* ---- running, in a thread */

typedef struct {
  PlugRbDemo *self;
  JsonObject *event;
} Told;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_object_unref (told->self);
  json_object_unref (told->event);
  g_free (told);
}

static gboolean
told_cb (gpointer data)
{
  Told *told = data;

  if (told->self->cancellable != NULL)
    show_event (told->self, told->event);

  return G_SOURCE_REMOVE;
}

static void
event_cb (JsonObject *event, gpointer user_data)
{
  Told *told = g_new (Told, 1);

  told->self = g_object_ref (user_data);
  told->event = json_object_ref (event);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, told_cb, told, told_free);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  PlugRbDemo *self = source;
  GError *error = NULL;
  PlugRbDemoReport *report = plug_rb_demo_run (GPOINTER_TO_UINT (task_data), self->folder, event_cb,
                                               self, cancellable, &error);

  if (report == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, report, (GDestroyNotify) plug_rb_demo_report_free);
}

static void
set_running (PlugRbDemo *self, GCancellable *cancellable)
{
  GApplication *application = g_application_get_default ();

  g_set_object (&self->cancellable, cancellable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.run", cancellable == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.stop", cancellable != NULL);
  for (gsize i = 0; i < PLUG_RB_DEMO_N_SCENARIOS && self->radios[i] != NULL; i++)
    gtk_widget_set_sensitive (GTK_WIDGET (self->radios[i]), cancellable == NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);

  /* Its folder is to be gone when the program ends. */
  if (application != NULL && cancellable != NULL)
    g_application_hold (application);
  else if (application != NULL)
    g_application_release (application);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlugRbDemo *self = PLUG_RB_DEMO (source);
  g_autoptr(GError) error = NULL;
  PlugRbDemoReport *report = g_task_propagate_pointer (G_TASK (result), &error);

  set_running (self, NULL);
  if (report != NULL) {
    set_report (self, report);
    show_operation (self, report->operation);
    show_report (self);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    show_result (self, _("Stopped"), "process-stop-symbolic", "dimmed");
  } else {
    show_result (self, error->message, "dialog-error-symbolic", "error");
  }
}

static void
run_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PlugRbDemo *self = PLUG_RB_DEMO (widget);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GTask) task = g_task_new (self, cancellable, ran_cb, NULL);

  reset (self);
  gtk_string_list_splice (self->log, 0, g_list_model_get_n_items (G_LIST_MODEL (self->log)), NULL);
  set_running (self, cancellable);
  g_task_set_task_data (task, GUINT_TO_POINTER (self->scenario), NULL);
  g_task_run_in_thread (task, run_in_thread);
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_cancellable_cancel (PLUG_RB_DEMO (widget)->cancellable);
}

static void
copy_log_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *text = plug_rb_demo_log_dup_text (PLUG_RB_DEMO (widget)->log);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
compare_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PlugRbDemo *self = PLUG_RB_DEMO (widget);
  g_autofree char *text = plug_rb_demo_log_dup_differences (self->report);

  plug_rb_details_dialog_present (widget, _("Before and After"), text);
}

static void
closed_cb (PlugRbDemo *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* ---- choosing */

static void
chosen_cb (PlugRbDemo *self, GParamSpec *pspec, GtkCheckButton *radio)
{
  for (guint i = 0; i < PLUG_RB_DEMO_N_SCENARIOS; i++)
    if (self->radios[i] == radio && gtk_check_button_get_active (radio))
      self->scenario = (PlugRbDemoScenario) i;
}

static void
add_scenario (PlugRbDemo *self, PlugRbDemoScenario scenario)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *radio = gtk_check_button_new ();

  self->radios[scenario] = GTK_CHECK_BUTTON (radio);
  gtk_widget_set_valign (radio, GTK_ALIGN_CENTER);
  gtk_check_button_set_group (self->radios[scenario], scenario > 0 ? self->radios[0] : NULL);
  gtk_check_button_set_active (self->radios[scenario], scenario == 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 plug_rb_demo_scenario_get_title (scenario));
  gtk_accessible_update_property (GTK_ACCESSIBLE (radio), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  plug_rb_demo_scenario_get_title (scenario), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), radio);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), radio);
  adw_preferences_group_add (self->scenario_group, row);
  /* In either direction of reading: GTK would begin at a corner. */
  if (scenario == 0)
    adw_dialog_set_focus (ADW_DIALOG (self), row);
  g_signal_connect_object (radio, "notify::active", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
policy_changed_cb (PlugRbDemo *self)
{
  if (self->cancellable != NULL || self->report == NULL)
    return;

  reset (self);
  show_result (self, _("Run again to see the difference"), "view-refresh-symbolic", "dimmed");
}

static void
bind_switch (PlugRbDemo *self, const char *key, AdwSwitchRow *row)
{
  g_object_bind_property (self->policy, key, row, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

/* A policy of its own, which the user's has nothing to do with. */
static void
make_policy (PlugRbDemo *self)
{
  g_autoptr(GError) error = NULL;

  if (!(self->folder = g_dir_make_tmp ("plugrb-policy-XXXXXX", &error)) ||
      !plug_rb_demo_write_policy (self->folder, TRUE, &error)) {
    show_result (self, error->message, "dialog-error-symbolic", "error");
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.run", FALSE);
    return;
  }

  self->backend = plug_rb_policy_backend_new (self->folder);
  self->policy = plug_rb_live_policy_new (self->backend, NULL);
  bind_switch (self, "auto-snapshot-on-update", self->update_row);
  bind_switch (self, "auto-rollback-on-failure", self->rollback_row);
  g_signal_connect_object (self->policy, "changed", G_CALLBACK (policy_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- the object */

static void
plug_rb_demo_dispose (GObject *object)
{
  PlugRbDemo *self = PLUG_RB_DEMO (object);

  g_clear_object (&self->policy);
  g_clear_object (&self->backend);
  if (self->folder != NULL)
    plug_rb_fs_remove_path (self->folder, NULL);
  g_clear_pointer (&self->folder, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_DEMO);
  g_clear_object (&self->steps);
  g_clear_object (&self->log);

  G_OBJECT_CLASS (plug_rb_demo_parent_class)->dispose (object);
}

static void
plug_rb_demo_finalize (GObject *object)
{
  PlugRbDemo *self = PLUG_RB_DEMO (object);

  g_clear_pointer (&self->report, plug_rb_demo_report_free);

  G_OBJECT_CLASS (plug_rb_demo_parent_class)->finalize (object);
}

static void
plug_rb_demo_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbDemo *self = PLUG_RB_DEMO (object);

  switch ((PlugRbDemoProperty) prop_id) {
  case PROP_RUNNING:
    g_value_set_boolean (value, self->cancellable != NULL);
    break;
  case PROP_HAS_REPORT:
    g_value_set_boolean (value, self->report != NULL);
    break;
  case PROP_HAS_RESULT:
    g_value_set_boolean (value, self->has_result);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-demo-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, killed_label);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, log_view);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, result_icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, result_label);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, rollback_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, scenario_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, step_list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, steps_stack);
  gtk_widget_class_bind_template_child (widget_class, PlugRbDemo, update_row);
}

static void
plug_rb_demo_class_init (PlugRbDemoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_demo_dispose;
  object_class->finalize = plug_rb_demo_finalize;
  object_class->get_property = plug_rb_demo_get_property;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_REPORT] = g_param_spec_boolean ("has-report", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_RESULT] = g_param_spec_boolean ("has-result", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "demo.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "demo.copy-log", NULL, copy_log_action);
  gtk_widget_class_install_action (widget_class, "demo.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "demo.stop", NULL, stop_action);
  g_type_ensure (PLUG_RB_TYPE_STEP_LIST);
  bind_template (widget_class);
}

static void
plug_rb_demo_init (PlugRbDemo *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->steps = g_list_store_new (PLUG_RB_TYPE_STEP);
  self->log = gtk_string_list_new (NULL);
  g_object_set (self->step_list, "steps", self->steps, NULL);
  plug_rb_demo_log_set_up (self->log_view, self->log);
  for (guint i = 0; i < PLUG_RB_DEMO_N_SCENARIOS; i++)
    add_scenario (self, (PlugRbDemoScenario) i);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.compare", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "demo.stop", FALSE);
  g_signal_connect (self, "closed", G_CALLBACK (closed_cb), NULL);
  make_policy (self);
}

PlugRbDemo *
plug_rb_demo_new (void)
{
  return g_object_new (PLUG_RB_TYPE_DEMO, NULL);
}

void
plug_rb_demo_choose (PlugRbDemo *self, PlugRbDemoScenario scenario)
{
  g_return_if_fail (PLUG_RB_IS_DEMO (self));

  gtk_check_button_set_active (self->radios[scenario], TRUE);
}
