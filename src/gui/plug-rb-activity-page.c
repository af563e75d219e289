/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-activity-page.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-operation-change.h"
#include "plug-rb-step-list.h"
#include "plug-rb-text-saver.h"
#include "plug-rb-toasts.h"
#include "plug-rb-wording.h"

#define COPIED_TIMEOUT 2

struct _PlugRbActivityPage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbOperation *operation;
  PlugRbClock *clock;

  GtkListBox *changes;
  GtkWidget *changes_group;
  GtkWidget *error_group;
  AdwActionRow *error_row;
  GtkLabel *heading;
  GtkImage *icon;
  GtkTextView *log;
  GtkWidget *step_list;
  GtkWidget *undo_button;
  GtkLabel *when;
};

G_DEFINE_FINAL_TYPE (PlugRbActivityPage, plug_rb_activity_page, ADW_TYPE_NAVIGATION_PAGE)

/* ---- changes */

static char *
dup_versions (const PlugRbOperationChange *change)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (change->from_version == NULL && change->to_version == NULL)
    return NULL;

  from = plug_rb_wording_isolate (change->from_version ? change->from_version : "–");
  to = plug_rb_wording_isolate (change->to_version ? change->to_version : "–");
  /* TRANSLATORS: the version before and the version after */
  return g_strdup_printf (_("%s → %s"), from, to);
}

/* That all went as it should need not be counted. */
static char *
dup_subtitle (const PlugRbOperationChange *change)
{
  GString *text = g_string_new (NULL);
  g_autofree char *versions = dup_versions (change);
  gboolean unusual = change->counted && change->skipped + change->failed > 0;

  if (versions != NULL)
    g_string_append (text, versions);
  if (unusual && text->len > 0)
    g_string_append_c (text, '\n');
  if (unusual)
    /* TRANSLATORS: numbers of files and settings */
    g_string_append_printf (text, _("%u restored, %u unchanged, %u left alone, %u failed"),
                            change->restored, change->unchanged, change->skipped, change->failed);

  return g_string_free_and_steal (text);
}

/* What was there before can be looked at as long as it is kept. */
static void
link_safety_snapshot (PlugRbActivityPage *self, GtkWidget *row, const char *id)
{
  GtkWidget *label;

  if (id == NULL || plug_rb_manager_find_snapshot (self->manager, id) == NULL)
    return;

  label = gtk_label_new (_("Safety Snapshot"));
  gtk_widget_set_css_classes (label, (const char *[]) { "dimmed", "caption", NULL });
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                           "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                           NULL));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.details");
}

static void
add_change (PlugRbActivityPage *self, const PlugRbOperationChange *change)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle = dup_subtitle (change);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 change->name != NULL ? change->name : change->plugin);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  link_safety_snapshot (self, row, change->safety_snapshot);
  gtk_list_box_append (self->changes, row);
}

static void
show_changes (PlugRbActivityPage *self)
{
  GPtrArray *changes = plug_rb_operation_get_changes (self->operation);

  gtk_list_box_remove_all (self->changes);
  for (guint i = 0; i < changes->len; i++)
    add_change (self, changes->pdata[i]);
  gtk_widget_set_visible (self->changes_group, changes->len > 0);
}

/* ---- the rest */

static void
show_when (PlugRbActivityPage *self)
{
  GString *text = g_string_new_take (
      plug_rb_wording_operation_when (self->operation, plug_rb_clock_get_now (self->clock)));
  g_autofree char *details = NULL;

  if (plug_rb_operation_get_automatic (self->operation))
    g_string_append_printf (text, " · %s", _("Automatic"));
  if (plug_rb_operation_get_status (self->operation) == PLUG_RB_STATUS_UNDONE)
    g_string_append_printf (text, " · %s", _("Undone"));

  details = g_string_free_and_steal (text);
  gtk_label_set_label (self->when, details);
}

static void
show_error (PlugRbActivityPage *self)
{
  const char *error = plug_rb_operation_get_error (self->operation);

  gtk_widget_set_visible (self->error_group, error != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->error_row),
                                 plug_rb_operation_get_status (self->operation) ==
                                         PLUG_RB_STATUS_NEEDS_USER
                                     ? _("Not finished")
                                     : _("What went wrong"));
  adw_action_row_set_subtitle (self->error_row, error);
}

static void
show_log (PlugRbActivityPage *self)
{
  g_autofree char *log = plug_rb_wording_operation_log (self->operation);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->log), log, -1);
}

static void
show (PlugRbActivityPage *self)
{
  g_autofree char *title = plug_rb_operation_dup_title (self->operation);

  gtk_label_set_label (self->heading, title);
  gtk_image_set_from_icon_name (self->icon, plug_rb_wording_operation_icon (self->operation));
  gtk_widget_set_css_classes (
      GTK_WIDGET (self->icon),
      (const char *[]) { plug_rb_wording_operation_style (self->operation), NULL });
  gtk_widget_set_visible (self->undo_button, plug_rb_operation_get_can_undo (self->operation));
  show_when (self);
  show_error (self);
  show_changes (self);
  show_log (self);
}

/* ---- actions */

static char *
dup_log (PlugRbActivityPage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->log);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbActivityPage *self = PLUG_RB_ACTIVITY_PAGE (widget);
  g_autoptr(PlugRbToasts) toasts = plug_rb_toasts_new_for (widget);
  AdwToast *toast = plug_rb_toasts_create (g_strdup (_("Copied")));
  g_autofree char *text = g_str_equal (action_name, "activity.copy-log")
                              ? dup_log (self)
                              : g_strdup (plug_rb_operation_get_error (self->operation));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text != NULL ? text : "");
  adw_toast_set_timeout (toast, COPIED_TIMEOUT);
  plug_rb_toasts_show (toasts, PLUG_RB_TOAST_OTHER, toast);
}

static void
save_log_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *log = dup_log (PLUG_RB_ACTIVITY_PAGE (widget));
  PlugRbSaverWords words = {
    /* TRANSLATORS: name of the file to which the log of an operation is saved */
    _("Save Log"),
    _("plugin-rollback-log.txt"),
    _("Log saved"),
    _("Could not save the log"),
  };

  plug_rb_text_saver_ask (widget, log, &words);
}

/* ---- object */

static void
plug_rb_activity_page_dispose (GObject *object)
{
  PlugRbActivityPage *self = PLUG_RB_ACTIVITY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_ACTIVITY_PAGE);
  g_clear_object (&self->operation);
  g_clear_object (&self->manager);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_activity_page_parent_class)->dispose (object);
}

static void
plug_rb_activity_page_class_init (PlugRbActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_activity_page_dispose;

  gtk_widget_class_install_action (widget_class, "activity.copy-error", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "activity.copy-log", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "activity.save-log", NULL, save_log_action);

  g_type_ensure (PLUG_RB_TYPE_STEP_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, changes);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, changes_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, error_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, error_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, heading);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, log);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, undo_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbActivityPage, when);
}

static void
plug_rb_activity_page_init (PlugRbActivityPage *self)
{
  self->clock = plug_rb_clock_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Names of steps and codes, in whatever direction the rest is written. */
  gtk_widget_set_direction (GTK_WIDGET (self->log), GTK_TEXT_DIR_LTR);
}

AdwNavigationPage *
plug_rb_activity_page_new (PlugRbManager *manager, PlugRbOperation *operation)
{
  static const char *const changes[] = { "notify::can-undo", "notify::plugins", "notify::status" };
  PlugRbActivityPage *self = g_object_new (PLUG_RB_TYPE_ACTIVITY_PAGE, NULL);

  self->manager = g_object_ref (manager);
  self->operation = g_object_ref (operation);
  g_object_set (self->step_list, "steps", plug_rb_operation_get_steps (operation), NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->undo_button), "s",
                                    plug_rb_operation_get_id (operation));
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_signal_connect_object (operation, changes[i], G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (show_when), self,
                           G_CONNECT_SWAPPED);
  show (self);

  return ADW_NAVIGATION_PAGE (self);
}
