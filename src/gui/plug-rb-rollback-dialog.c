/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-rollback-dialog.h"

#include <glib/gi18n.h>

#include "plug-rb-plugin.h"
#include "plug-rb-rollback-preview.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-step-list.h"
#include "plug-rb-step.h"
#include "plug-rb-wording.h"

/* Work that is over sooner is not worth a page of its own. */
#define PATIENCE 300
/* The last tick is seen this long before the dialog goes away. */
#define FAREWELL 600

struct _PlugRbRollbackDialog {
  AdwDialog parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *target;
  PlugRbOperation *operation;
  gboolean can_retry;
  gboolean canceling;
  GSignalGroup *operation_signals;
  guint timer;

  AdwNavigationView *view;
  PlugRbRollbackPreview *preview;
  GtkWidget *close_button;
  GtkWidget *progress;
  GtkWidget *retry_button;
  GtkWidget *running_steps;
};

G_DEFINE_FINAL_TYPE (PlugRbRollbackDialog, plug_rb_rollback_dialog, ADW_TYPE_DIALOG)

typedef enum {
  PROP_CANCELING = 1,
  PROP_CAN_RETRY,
  PROP_MANAGER,
  PROP_OPERATION,
  PROP_PLUGIN,
  PROP_TARGET,
} PlugRbRollbackDialogProperty;

static GParamSpec *properties[PROP_TARGET + 1];

enum {
  SIGNAL_START,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* The plugin, or how many. */
static char *
dup_subject (PlugRbOperation *operation, PlugRbPlugin *plugin)
{
  g_auto(GStrv) plugins = plug_rb_operation_dup_plugins (operation);
  guint n = plugins != NULL ? g_strv_length (plugins) : 0;

  if (n > 1)
    /* TRANSLATORS: stands for the name of a plugin in “Rolling Back %s” */
    return g_strdup_printf (ngettext ("%u Plugin", "%u Plugins", n), n);

  return g_strdup (plug_rb_plugin_get_name (plugin));
}

static char *
dup_doing (PlugRbRollbackDialog *self, PlugRbOperation *operation, PlugRbPlugin *plugin)
{
  g_autofree char *subject = NULL;

  if (operation == NULL || plugin == NULL)
    return g_strdup (_("Rolling Back"));

  subject = dup_subject (operation, plugin);
  return plug_rb_wording_doing (plug_rb_operation_get_kind (operation), subject);
}

/* Half done, and the next start of the program, or Try Again, finishes it. */
static gboolean
is_interrupted (PlugRbOperation *operation)
{
  return g_strcmp0 (plug_rb_operation_get_error_code (operation), "interrupted") == 0;
}

static char *
dup_failed (PlugRbRollbackDialog *self,
            PlugRbOperation *operation,
            PlugRbStatus status,
            PlugRbPlugin *plugin)
{
  g_autofree char *subject = NULL;
  g_autofree char *name = NULL;

  if (operation == NULL || plugin == NULL)
    return g_strdup (_("Could Not Roll Back"));
  if (is_interrupted (operation))
    return g_strdup (_("Rolling Back Was Interrupted"));

  subject = dup_subject (operation, plugin);
  name = plug_rb_wording_isolate (subject);
  switch (plug_rb_operation_get_kind (operation)) {
  case PLUG_RB_KIND_SNAPSHOT:
    return g_strdup_printf (_("Could Not Take Snapshot of %s"), name);
  case PLUG_RB_KIND_UNDO:
    return g_strdup_printf (_("Could Not Undo Rolling Back %s"), name);
  case PLUG_RB_KIND_INSTALL:
    return g_strdup_printf (_("Could Not Install %s"), name);
  case PLUG_RB_KIND_UNINSTALL:
    return g_strdup_printf (_("Could Not Uninstall %s"), name);
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return g_strdup_printf (_("Could Not Roll Back %s"), name);
  }
}

static gboolean
step_says_why (PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i);

    if (plug_rb_step_get_status (step) == PLUG_RB_STEP_STATUS_FAILED &&
        plug_rb_step_get_message (step) != NULL)
      return TRUE;
  }

  return FALSE;
}

static char *
dup_outcome (PlugRbRollbackDialog *self, PlugRbOperation *operation, PlugRbStatus status)
{
  const char *error = operation != NULL ? plug_rb_operation_get_error (operation) : NULL;

  if (error == NULL)
    return NULL;
  if (is_interrupted (operation))
    /* TRANSLATORS: %s is why a rollback could not be finished */
    return g_strdup_printf (_("Plugin Rollback finishes it when the cause is gone: %s."), error);
  if (!step_says_why (operation))
    /* TRANSLATORS: %s is why a rollback failed */
    return g_strdup_printf (_("%s. Nothing was changed."), error);

  return g_strdup (_("Nothing was changed."));
}

static char *
dup_log (PlugRbRollbackDialog *self, PlugRbOperation *operation, PlugRbStatus status)
{
  return operation != NULL ? plug_rb_wording_operation_log (operation) : NULL;
}

static char *
dup_cancel_label (PlugRbRollbackDialog *self, gboolean canceling)
{
  return g_strdup (canceling ? _("Canceling…") : _("_Cancel"));
}

static gboolean
is_finishing (PlugRbRollbackDialog *self, PlugRbStatus status, gboolean can_cancel)
{
  return status == PLUG_RB_STATUS_IN_PROGRESS && !can_cancel;
}

static gboolean
is_running (PlugRbRollbackDialog *self)
{
  PlugRbStatus status;

  if (self->operation == NULL)
    return FALSE;

  status = plug_rb_operation_get_status (self->operation);
  return status == PLUG_RB_STATUS_PENDING || status == PLUG_RB_STATUS_IN_PROGRESS;
}

static gboolean
shows (PlugRbRollbackDialog *self, const char *tag)
{
  return g_strcmp0 (adw_navigation_view_get_visible_page_tag (self->view), tag) == 0;
}

static void
update_actions (PlugRbRollbackDialog *self)
{
  gboolean running = is_running (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollback.start",
                                 !running && plug_rb_rollback_preview_get_ready (self->preview));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollback.cancel",
                                 running && !self->canceling &&
                                     plug_rb_operation_get_can_cancel (self->operation));
  g_object_set (self->preview, "busy", running, NULL);
}

static void
ready_changed_cb (PlugRbRollbackDialog *self)
{
  GtkWidget *start_button = plug_rb_rollback_preview_get_start_button (self->preview);
  gboolean ready = !is_running (self) && plug_rb_rollback_preview_get_ready (self->preview);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rollback.start", ready);
  adw_dialog_set_default_widget (ADW_DIALOG (self), start_button);
  if (ready)
    adw_dialog_set_focus (ADW_DIALOG (self), start_button);
}

/* The button that had the focus is insensitive now, and Cancel may become so. */
static void
running_shown_cb (PlugRbRollbackDialog *self)
{
  gtk_widget_child_focus (self->running_steps, GTK_DIR_TAB_FORWARD);
}

static void
result_shown_cb (PlugRbRollbackDialog *self)
{
  gtk_widget_grab_focus (self->can_retry ? self->retry_button : self->close_button);
}

/* Escape closes the dialog, but leads back from what was opened in it. */
static void
page_changed_cb (PlugRbRollbackDialog *self)
{
  if (self->view != NULL)
    adw_navigation_view_set_pop_on_escape (self->view, shows (self, "text-diff"));
}

static void
patience_cb (gpointer user_data)
{
  PlugRbRollbackDialog *self = user_data;

  self->timer = 0;
  if (is_running (self) && shows (self, "preview"))
    adw_navigation_view_push_by_tag (self->view, "running");
}

static void
farewell_cb (gpointer user_data)
{
  PlugRbRollbackDialog *self = user_data;

  self->timer = 0;
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
show_result (PlugRbRollbackDialog *self)
{
  if (shows (self, "running") || shows (self, "preview"))
    adw_navigation_view_push_by_tag (self->view, "result");
}

static void
status_changed_cb (PlugRbRollbackDialog *self)
{
  update_actions (self);

  switch (plug_rb_operation_get_status (self->operation)) {
  case PLUG_RB_STATUS_COMPLETED:
    g_clear_handle_id (&self->timer, g_source_remove);
    self->timer = g_timeout_add_once (shows (self, "running") ? FAREWELL : 0, farewell_cb, self);
    break;

  case PLUG_RB_STATUS_CANCELED:
    g_clear_handle_id (&self->timer, g_source_remove);
    self->timer = g_timeout_add_once (0, farewell_cb, self);
    break;

  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    g_clear_handle_id (&self->timer, g_source_remove);
    show_result (self);
    break;

  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
  case PLUG_RB_STATUS_UNDONE:
  default:
    break;
  }
}

static void
close_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
start_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_START], 0);
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbRollbackDialog *self = PLUG_RB_ROLLBACK_DIALOG (widget);

  self->canceling = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CANCELING]);
  update_actions (self);
  g_cancellable_cancel (plug_rb_operation_get_cancellable (self->operation));
}

static void
copy_log_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbRollbackDialog *self = PLUG_RB_ROLLBACK_DIALOG (widget);
  g_autofree char *log = plug_rb_wording_operation_log (self->operation);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), log);
}

static void
plug_rb_rollback_dialog_dispose (GObject *object)
{
  PlugRbRollbackDialog *self = PLUG_RB_ROLLBACK_DIALOG (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->operation_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_ROLLBACK_DIALOG);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);
  g_clear_object (&self->target);
  g_clear_object (&self->operation);

  G_OBJECT_CLASS (plug_rb_rollback_dialog_parent_class)->dispose (object);
}

static void
plug_rb_rollback_dialog_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbRollbackDialog *self = PLUG_RB_ROLLBACK_DIALOG (object);

  switch ((PlugRbRollbackDialogProperty) prop_id) {
  case PROP_CANCELING:
    g_value_set_boolean (value, self->canceling);
    break;

  case PROP_CAN_RETRY:
    g_value_set_boolean (value, self->can_retry);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_OPERATION:
    g_value_set_object (value, self->operation);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  case PROP_TARGET:
    g_value_set_object (value, self->target);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_rollback_dialog_set_property (GObject *object,
                                      guint prop_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbRollbackDialog *self = PLUG_RB_ROLLBACK_DIALOG (object);

  switch ((PlugRbRollbackDialogProperty) prop_id) {
  case PROP_MANAGER:
    self->manager = g_value_dup_object (value);
    break;

  case PROP_PLUGIN:
    self->plugin = g_value_dup_object (value);
    break;

  case PROP_CANCELING:
  case PROP_CAN_RETRY:
  case PROP_OPERATION:
  case PROP_TARGET:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags fixed = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  properties[PROP_CANCELING] = g_param_spec_boolean ("canceling", NULL, NULL, FALSE, seen);
  properties[PROP_CAN_RETRY] = g_param_spec_boolean ("can-retry", NULL, NULL, FALSE, seen);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, fixed);
  properties[PROP_OPERATION] =
      g_param_spec_object ("operation", NULL, NULL, PLUG_RB_TYPE_OPERATION, seen);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, fixed);
  properties[PROP_TARGET] = g_param_spec_object ("target", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT, seen);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PLUG_RB_TYPE_ROLLBACK_PREVIEW);
  g_type_ensure (PLUG_RB_TYPE_STEP_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-rollback-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, running_steps);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, dup_cancel_label);
  gtk_widget_class_bind_template_callback (widget_class, dup_doing);
  gtk_widget_class_bind_template_callback (widget_class, dup_failed);
  gtk_widget_class_bind_template_callback (widget_class, dup_log);
  gtk_widget_class_bind_template_callback (widget_class, dup_outcome);
  gtk_widget_class_bind_template_callback (widget_class, is_finishing);
  gtk_widget_class_bind_template_callback (widget_class, ready_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, result_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, running_shown_cb);
}

static void
plug_rb_rollback_dialog_class_init (PlugRbRollbackDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_rollback_dialog_dispose;
  object_class->get_property = plug_rb_rollback_dialog_get_property;
  object_class->set_property = plug_rb_rollback_dialog_set_property;
  install_properties (object_class);

  signals[SIGNAL_START] = g_signal_new ("start", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "rollback.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "rollback.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "rollback.copy-log", NULL, copy_log_action);
  gtk_widget_class_install_action (widget_class, "rollback.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "rollback.try-again", NULL, start_action);

  bind_template (widget_class);
}

static void
plug_rb_rollback_dialog_init (PlugRbRollbackDialog *self)
{
  self->operation_signals = g_signal_group_new (PLUG_RB_TYPE_OPERATION);
  g_signal_group_connect_object (self->operation_signals, "notify::status",
                                 G_CALLBACK (status_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->operation_signals, "notify::can-cancel",
                                 G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

PlugRbRollbackDialog *
plug_rb_rollback_dialog_new (PlugRbManager *manager, PlugRbPlugin *plugin)
{
  return g_object_new (PLUG_RB_TYPE_ROLLBACK_DIALOG, "manager", manager, "plugin", plugin, NULL);
}

void
plug_rb_rollback_dialog_preview (PlugRbRollbackDialog *self,
                                 PlugRbSnapshot *target,
                                 const char *scope)
{
  g_return_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self));
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (target));

  g_object_set (self->preview, "scope", scope, NULL);
  if (g_set_object (&self->target, target))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TARGET]);
}

/* All of them or none. At least one. */
void
plug_rb_rollback_dialog_preview_many (PlugRbRollbackDialog *self, GPtrArray *targets)
{
  g_return_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self));
  g_return_if_fail (targets != NULL && targets->len > 0);

  plug_rb_rollback_preview_set_batch (self->preview, targets);
  plug_rb_rollback_dialog_preview (self, targets->pdata[0], "all");
}

/* What the user wants to roll back to: one snapshot for each plugin. */
GPtrArray *
plug_rb_rollback_dialog_dup_targets (PlugRbRollbackDialog *self)
{
  GPtrArray *targets;

  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self), NULL);

  if ((targets = plug_rb_rollback_preview_dup_batch (self->preview)) != NULL)
    return targets;

  targets = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->target != NULL)
    g_ptr_array_add (targets, g_object_ref (self->target));

  return targets;
}

void
plug_rb_rollback_dialog_set_can_retry (PlugRbRollbackDialog *self, gboolean can_retry)
{
  g_return_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self));

  self->can_retry = can_retry;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_RETRY]);
}

PlugRbScope
plug_rb_rollback_dialog_get_scope (PlugRbRollbackDialog *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self), PLUG_RB_SCOPE_ALL);

  return plug_rb_rollback_preview_get_scope (self->preview);
}

PlugRbOperation *
plug_rb_rollback_dialog_get_operation (PlugRbRollbackDialog *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self), NULL);

  return self->operation;
}

/* From the preview one waits a moment before the page turns; everything else is at the steps at
 * once. */
static void
turn_page (PlugRbRollbackDialog *self)
{
  static const char *const running[] = { "running" };

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->target != NULL && shows (self, "preview"))
    self->timer = g_timeout_add_once (PATIENCE, patience_cb, self);
  else
    adw_navigation_view_replace_with_tags (self->view, running, G_N_ELEMENTS (running));
}

void
plug_rb_rollback_dialog_set_operation (PlugRbRollbackDialog *self, PlugRbOperation *operation)
{
  g_autofree char *doing = dup_doing (self, operation, self->plugin);

  g_return_if_fail (PLUG_RB_IS_ROLLBACK_DIALOG (self));
  g_return_if_fail (PLUG_RB_IS_OPERATION (operation));

  if (!g_set_object (&self->operation, operation))
    return;

  self->canceling = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CANCELING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  doing, -1);
  turn_page (self);
  g_signal_group_set_target (self->operation_signals, operation);
  status_changed_cb (self);
}
