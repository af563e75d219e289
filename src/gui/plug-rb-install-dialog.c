/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-install-dialog.h"

#include <glib/gi18n.h>

#include "plug-rb-error.h"
#include "plug-rb-live-policy.h"
#include "plug-rb-plugin.h"
#include "plug-rb-step-list.h"
#include "plug-rb-version.h"
#include "plug-rb-wording.h"

struct _PlugRbInstallDialog {
  AdwDialog parent_instance;

  PlugRbManager *manager;
  GFile *file;
  PlugRbPackage *package;
  PlugRbOperation *operation;
  GCancellable *cancellable;
  gboolean offers_undo;

  AdwSwitchRow *back_row;
  GtkButton *close_button;
  AdwSwitchRow *enable_row;
  GtkImage *failed_icon;
  AdwActionRow *failed_row;
  GtkImage *fit_icon;
  AdwActionRow *fit_row;
  AdwComboRow *host_row;
  GtkImage *needs_icon;
  AdwActionRow *needs_row;
  AdwActionRow *program_row;
  GtkProgressBar *progress;
  GtkLabel *question;
  AdwStatusPage *refusal;
  AdwStatusPage *result;
  AdwSwitchRow *snapshot_row;
  GtkStack *stack;
  GtkButton *start_button;
  PlugRbStepList *steps;
  AdwActionRow *version_row;
};

G_DEFINE_FINAL_TYPE (PlugRbInstallDialog, plug_rb_install_dialog, ADW_TYPE_DIALOG)

typedef enum {
  PROP_OFFERS_UNDO = 1,
} PlugRbInstallDialogProperty;

static GParamSpec *properties[PROP_OFFERS_UNDO + 1];

enum {
  SIGNAL_INSTALLED,
  SIGNAL_UNDO,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_open (PlugRbInstallDialog *self)
{
  return self->stack != NULL;
}

static void
show_page (PlugRbInstallDialog *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
set_status (AdwStatusPage *page, const char *title, const char *description)
{
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped = description ? g_markup_escape_text (description, -1) : NULL;

  adw_status_page_set_title (page, escaped_title);
  adw_status_page_set_description (page, escaped);
}

static char *
dup_name (PlugRbInstallDialog *self)
{
  const char *name = self->package->manifest->name;

  return plug_rb_wording_isolate (name ? name : self->package->id);
}

static PlugRbPlugin *
get_present (PlugRbInstallDialog *self)
{
  g_autofree char *key =
      g_strconcat (plug_rb_host_get_id (self->package->host), "/", self->package->id, NULL);
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  return plugin != NULL && plug_rb_plugin_get_installed (plugin) ? plugin : NULL;
}

/* ---- checking */

static void
refuse (PlugRbInstallDialog *self, const GError *error)
{
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *isolated = plug_rb_wording_isolate (name);
  /* TRANSLATORS: %s is the name of a file */
  g_autofree char *title = g_strdup_printf (_("Cannot Install %s"), isolated);

  set_status (self->refusal, title, error->message);
  show_page (self, "refused");
}

static char *
dup_versions (PlugRbInstallDialog *self)
{
  PlugRbPlugin *present = get_present (self);
  const char *from = present ? plug_rb_plugin_get_version (present) : NULL;
  const char *to = self->package->manifest->version;
  g_autofree char *from_isolated = from ? plug_rb_wording_isolate (from) : NULL;
  g_autofree char *to_isolated = to ? plug_rb_wording_isolate (to) : g_strdup (_("Unknown"));

  /* TRANSLATORS: from one version to another. In right-to-left languages turn the arrow. */
  return from ? g_strdup_printf (_("%s → %s"), from_isolated, to_isolated)
              : g_steal_pointer (&to_isolated);
}

static const char *
get_start_label (PlugRbInstallDialog *self)
{
  PlugRbPlugin *present = get_present (self);
  const char *from = present ? plug_rb_plugin_get_version (present) : NULL;
  const char *to = self->package->manifest->version;

  if (present == NULL)
    return _("_Install");

  return from != NULL && to != NULL && plug_rb_version_compare (to, from) < 0
             ? _("_Install Older Version")
             : _("_Update");
}

/* What the user may pass over is a warning. */
static void
show_check (AdwActionRow *row, GtkImage *icon, const char *title, const GError *problem)
{
  gboolean stops = g_error_matches (problem, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED) ||
                   g_error_matches (problem, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  const char *classes[] = { problem == NULL ? "success" : stops ? "error" : "warning", NULL };

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, problem ? problem->message : NULL);
  gtk_image_set_from_icon_name (icon, problem == NULL ? "object-select-symbolic"
                                      : stops         ? "dialog-error-symbolic"
                                                      : "dialog-warning-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (icon), classes);
}

static void
show_fit (PlugRbInstallDialog *self)
{
  const GError *problem = self->package->problems[PLUG_RB_PACKAGE_FITS];
  g_autofree char *host = plug_rb_wording_isolate (plug_rb_host_get_name (self->package->host));
  /* TRANSLATORS: %s is the name of a program */
  g_autofree char *title = g_strdup_printf (_("Fits %s"), host);
  /* TRANSLATORS: %s is the name of a program */
  g_autofree char *against = g_strdup_printf (_("Does Not Fit %s"), host);

  show_check (self->fit_row, self->fit_icon, problem ? against : title, problem);
  gtk_widget_action_set_enabled (
      GTK_WIDGET (self), "install.start",
      problem == NULL || g_error_matches (problem, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER));
}

static void
show_checks (PlugRbInstallDialog *self)
{
  const GError *unmet = self->package->problems[PLUG_RB_PACKAGE_HAS_NEEDS];
  const GError *failed = self->package->problems[PLUG_RB_PACKAGE_NEVER_FAILED];

  show_fit (self);
  show_check (self->needs_row, self->needs_icon,
              unmet ? _("Needs Another Plugin") : _("Needed Plugins Are Installed"), unmet);
  gtk_widget_set_visible (GTK_WIDGET (self->needs_row),
                          self->package->manifest->dependencies->len > 0);
  show_check (self->failed_row, self->failed_icon, _("This Version Failed Before"), failed);
  gtk_widget_set_visible (GTK_WIDGET (self->failed_row), failed != NULL);
}

static void
show_policy (PlugRbInstallDialog *self)
{
  g_autofree char *key =
      g_strconcat (plug_rb_host_get_id (self->package->host), "/", self->package->id, NULL);
  PlugRbLivePolicy *live = plug_rb_manager_get_policy (self->manager, key);
  const PlugRbPolicy *policy = live ? plug_rb_live_policy_get (live) : NULL;
  gboolean is_new = get_present (self) == NULL;

  if (policy != NULL) {
    adw_switch_row_set_active (self->snapshot_row, is_new ? policy->auto_snapshot_on_install
                                                          : policy->auto_snapshot_on_update);
    adw_switch_row_set_active (self->back_row, policy->auto_rollback_on_failure);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->enable_row), is_new);
}

static void
review (PlugRbInstallDialog *self)
{
  g_autofree char *name = dup_name (self);
  /* TRANSLATORS: %s is the name of a plugin */
  g_autofree char *question = g_strdup_printf (_("Install %s?"), name);
  g_autofree char *versions = dup_versions (self);

  gtk_label_set_label (self->question, question);
  adw_action_row_set_subtitle (self->version_row, versions);
  adw_action_row_set_subtitle (self->program_row, plug_rb_host_get_name (self->package->host));
  show_checks (self);
  show_policy (self);
  gtk_button_set_label (self->start_button, get_start_label (self));
  show_page (self, "review");
  gtk_widget_grab_focus (GTK_WIDGET (self->start_button));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbInstallDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPackage) package =
      plug_rb_manager_open_package_finish (PLUG_RB_MANAGER (source), result, &error);

  if (!is_open (self))
    return;

  if (package != NULL) {
    self->package = g_steal_pointer (&package);
    review (self);
  } else if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS)) {
    show_page (self, "choose");
  } else {
    refuse (self, error);
  }
}

static void
check (PlugRbInstallDialog *self, const char *host)
{
  show_page (self, "checking");
  plug_rb_manager_open_package_async (self->manager, self->file, host, self->cancellable, opened_cb,
                                      g_object_ref (self));
}

static void
check_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (widget);
  PlugRbHost *host = adw_combo_row_get_selected_item (self->host_row);

  check (self, host ? plug_rb_host_get_id (host) : NULL);
}

/* ---- installing */

static PlugRbInstallFlags
get_flags (PlugRbInstallDialog *self)
{
  PlugRbInstallFlags flags = PLUG_RB_INSTALL_AGAIN | PLUG_RB_INSTALL_NO_DEPENDENCIES;

  if (get_present (self) == NULL && adw_switch_row_get_active (self->enable_row))
    flags |= PLUG_RB_INSTALL_ENABLE;
  if (!adw_switch_row_get_active (self->snapshot_row))
    flags |= PLUG_RB_INSTALL_NO_SNAPSHOT;
  flags |= adw_switch_row_get_active (self->back_row) ? PLUG_RB_INSTALL_TAKE_BACK
                                                      : PLUG_RB_INSTALL_KEEP_FAILED;

  return flags;
}

static void
offer_undo (PlugRbInstallDialog *self, gboolean offers)
{
  self->offers_undo = offers;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFERS_UNDO]);
  gtk_button_set_label (self->close_button, offers ? _("_Keep Anyway") : _("_Close"));
}

static void
show_result (PlugRbInstallDialog *self, const GError *error)
{
  gboolean unhealthy = g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNHEALTHY);
  gboolean stays = plug_rb_operation_get_status (self->operation) == PLUG_RB_STATUS_COMPLETED;
  g_autofree char *name = dup_name (self);
  g_autofree char *title = NULL;

  if (unhealthy && stays)
    /* TRANSLATORS: %s is the name of a plugin */
    title = g_strdup_printf (_("%s Does Not Work"), name);
  else if (unhealthy)
    /* TRANSLATORS: %s is the name of a plugin */
    title = g_strdup_printf (_("%s Failed and Was Rolled Back"), name);
  else
    title = g_strdup_printf (_("Could Not Install %s"), name);

  set_status (self->result, title, error->message);
  offer_undo (self, unhealthy && stays);
  show_page (self, "result");
}

static void
installed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbInstallDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      plug_rb_manager_install_finish (PLUG_RB_MANAGER (source), result, &error);

  if (operation != NULL) {
    g_signal_emit (self, signals[SIGNAL_INSTALLED], 0, operation);
    adw_dialog_force_close (ADW_DIALOG (self));
  } else if (is_open (self) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    review (self);
  } else if (is_open (self)) {
    show_result (self, error);
  }
}

static void
start_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (widget);

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->operation, plug_rb_manager_install_async (
                                      self->manager, self->package, get_flags (self),
                                      self->cancellable, installed_cb, g_object_ref (self)));
  g_object_set (self->steps, "steps", plug_rb_operation_get_steps (self->operation), NULL);
  g_object_bind_property (self->operation, "fraction", self->progress, "fraction",
                          G_BINDING_SYNC_CREATE);
  show_page (self, "running");
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (PLUG_RB_INSTALL_DIALOG (widget)->cancellable);
}

static void
close_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
roll_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (widget);

  g_signal_emit (self, signals[SIGNAL_UNDO], 0, plug_rb_operation_get_id (self->operation));
  adw_dialog_close (ADW_DIALOG (self));
}

/* ---- object */

static void
plug_rb_install_dialog_dispose (GObject *object)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_INSTALL_DIALOG);
  g_clear_pointer (&self->package, plug_rb_package_unref);
  g_clear_object (&self->operation);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_install_dialog_parent_class)->dispose (object);
}

/* What is being checked is of no use any more; what is being installed goes on. */
static void
plug_rb_install_dialog_closed (AdwDialog *dialog)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (dialog);

  if (self->operation == NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
plug_rb_install_dialog_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  PlugRbInstallDialog *self = PLUG_RB_INSTALL_DIALOG (object);

  switch ((PlugRbInstallDialogProperty) prop_id) {
  case PROP_OFFERS_UNDO:
    g_value_set_boolean (value, self->offers_undo);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PLUG_RB_TYPE_HOST);
  g_type_ensure (PLUG_RB_TYPE_STEP_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-install-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, back_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, enable_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, failed_icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, failed_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, fit_icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, fit_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, host_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, needs_icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, needs_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, program_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, question);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, refusal);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, result);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, snapshot_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, steps);
  gtk_widget_class_bind_template_child (widget_class, PlugRbInstallDialog, version_row);
}

static void
plug_rb_install_dialog_class_init (PlugRbInstallDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_install_dialog_dispose;
  object_class->get_property = plug_rb_install_dialog_get_property;
  ADW_DIALOG_CLASS (klass)->closed = plug_rb_install_dialog_closed;

  properties[PROP_OFFERS_UNDO] = g_param_spec_boolean ("offers-undo", NULL, NULL, FALSE,
                                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SIGNAL_INSTALLED] =
      g_signal_new ("installed", PLUG_RB_TYPE_INSTALL_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, PLUG_RB_TYPE_OPERATION);
  signals[SIGNAL_UNDO] = g_signal_new ("undo", PLUG_RB_TYPE_INSTALL_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "install.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "install.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "install.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "install.roll-back", NULL, roll_back_action);
  gtk_widget_class_install_action (widget_class, "install.start", NULL, start_action);
  bind_template (widget_class);
}

static void
plug_rb_install_dialog_init (PlugRbInstallDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

static gboolean
is_present (gpointer item, gpointer user_data)
{
  return plug_rb_host_get_state (item) == PLUG_RB_HOST_STATE_PRESENT;
}

AdwDialog *
plug_rb_install_dialog_new (PlugRbManager *manager, GFile *file)
{
  PlugRbInstallDialog *self = g_object_new (PLUG_RB_TYPE_INSTALL_DIALOG, NULL);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_present, NULL, NULL));
  g_autoptr(GtkFilterListModel) hosts =
      gtk_filter_list_model_new (g_object_ref (plug_rb_manager_get_hosts (manager)), filter);

  self->manager = g_object_ref (manager);
  self->file = g_object_ref (file);
  adw_combo_row_set_model (self->host_row, G_LIST_MODEL (hosts));
  check (self, NULL);

  return ADW_DIALOG (self);
}
