/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-installing.h"

#include <glib/gi18n.h>

#include "plug-rb-install-dialog.h"
#include "plug-rb-manager-install.h"
#include "plug-rb-plugin.h"
#include "plug-rb-wording.h"

struct _PlugRbInstalling {
  GObject parent_instance;

  PlugRbManager *manager;
  PlugRbToasts *toasts;
  PlugRbJobs *jobs;
};

G_DEFINE_FINAL_TYPE (PlugRbInstalling, plug_rb_installing, G_TYPE_OBJECT)

static GtkWidget *
get_window (PlugRbInstalling *self)
{
  GtkWidget *overlay = plug_rb_toasts_get_widget (self->toasts);

  return overlay ? GTK_WIDGET (gtk_widget_get_root (overlay)) : NULL;
}

/* ---- toasts */

static void
say_done (PlugRbInstalling *self, PlugRbOperation *operation, char *title)
{
  AdwToast *toast = plug_rb_toasts_create (title);

  plug_rb_toasts_add_button (toast, _("_Undo"), "win.undo-operation",
                             g_variant_new_string (plug_rb_operation_get_id (operation)));
  plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_ROLLBACK, toast);
  plug_rb_jobs_remember (self->jobs, operation);
}

/* ---- installing */

static void
installed_cb (PlugRbInstalling *self, PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  const PlugRbOperationChange *change = changes->len > 0 ? changes->pdata[0] : NULL;
  g_autofree char *name = plug_rb_wording_isolate (change == NULL         ? ""
                                                   : change->name != NULL ? change->name
                                                                          : change->plugin);
  g_autofree char *version = NULL;

  if (change == NULL || change->to_version == NULL) {
    say_done (self, operation, g_strdup_printf (_("%s installed"), name));
    return;
  }

  version = plug_rb_wording_isolate (change->to_version);
  /* TRANSLATORS: the name of a plugin, then its version */
  say_done (self, operation, g_strdup_printf (_("%s %s installed"), name, version));
}

static void
undo_cb (PlugRbInstalling *self, const char *operation)
{
  GtkWidget *window = get_window (self);

  if (window != NULL)
    gtk_widget_activate_action (window, "win.undo-operation", "s", operation);
}

void
plug_rb_installing_open (PlugRbInstalling *self, GFile *file)
{
  AdwDialog *dialog;

  g_return_if_fail (PLUG_RB_IS_INSTALLING (self));

  dialog = plug_rb_install_dialog_new (self->manager, file);
  g_signal_connect_object (dialog, "installed", G_CALLBACK (installed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "undo", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, get_window (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbInstalling) self = user_data;
  g_autoptr(GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL && get_window (self) != NULL)
    plug_rb_installing_open (self, file);
}

static void
chosen_folder_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbInstalling) self = user_data;
  g_autoptr(GFile) folder =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (folder != NULL && get_window (self) != NULL)
    plug_rb_installing_open (self, folder);
}

static GListModel *
create_filters (void)
{
  static const char *const patterns[] = { "*.zip", "*.vsix",   "*.tar",     "*.tar.gz",
                                          "*.tgz", "*.tar.xz", "*.tar.bz2", "*.tar.zst" };
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr(GtkFileFilter) packages = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (packages, _("Plugin Packages"));
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    gtk_file_filter_add_pattern (packages, patterns[i]);
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, packages);
  g_list_store_append (filters, all);

  return G_LIST_MODEL (filters);
}

void
plug_rb_installing_choose (PlugRbInstalling *self)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GListModel) filters = create_filters ();

  g_return_if_fail (PLUG_RB_IS_INSTALLING (self));

  gtk_file_dialog_set_title (dialog, _("Install Plugin"));
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_open (dialog, GTK_WINDOW (get_window (self)), NULL, chosen_cb,
                        g_object_ref (self));
}

static gboolean
dropped_cb (PlugRbInstalling *self, const GValue *value)
{
  g_autoptr(GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL || files->next != NULL)
    return FALSE;

  plug_rb_installing_open (self, files->data);
  return TRUE;
}

/* A plugin as it lies in its program's folder, or came from an archive. */
void
plug_rb_installing_choose_folder (PlugRbInstalling *self)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  g_return_if_fail (PLUG_RB_IS_INSTALLING (self));

  gtk_file_dialog_set_title (dialog, _("Install Plugin from Folder"));
  gtk_file_dialog_select_folder (dialog, GTK_WINDOW (get_window (self)), NULL, chosen_folder_cb,
                                 g_object_ref (self));
}

/* A snapshot that is dragged out is nothing to install where it comes from. */
static gboolean
accept_cb (PlugRbInstalling *self, GdkDrop *drop)
{
  return gdk_drop_get_drag (drop) == NULL &&
         gdk_content_formats_contain_gtype (gdk_drop_get_formats (drop), GDK_TYPE_FILE_LIST);
}

/* A package that is dropped on the window. */
GtkEventController *
plug_rb_installing_create_drop_target (PlugRbInstalling *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "accept", G_CALLBACK (accept_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  return GTK_EVENT_CONTROLLER (target);
}

/* ---- uninstalling */

/* @name: as long as its files can tell it */
typedef struct {
  PlugRbInstalling *self;
  PlugRbPlugin *plugin;
  char *name;
} Uninstalling;

static void
uninstalling_free (Uninstalling *uninstalling)
{
  g_object_unref (uninstalling->self);
  g_object_unref (uninstalling->plugin);
  g_free (uninstalling->name);
  g_free (uninstalling);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Uninstalling, uninstalling_free)

static void
uninstalled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Uninstalling) uninstalling = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      plug_rb_manager_uninstall_finish (PLUG_RB_MANAGER (source), result, &error);
  g_autofree char *name = plug_rb_wording_isolate (uninstalling->name);

  if (operation != NULL)
    say_done (uninstalling->self, operation, g_strdup_printf (_("%s uninstalled"), name));
  else
    plug_rb_toasts_show_failure (uninstalling->self->toasts, PLUG_RB_TOAST_ROLLBACK,
                                 g_strdup_printf (_("Could not uninstall %s"), name), error);
}

static void
response_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Uninstalling *uninstalling = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  if (g_str_equal (response, "uninstall"))
    plug_rb_manager_uninstall_async (uninstalling->self->manager, uninstalling->plugin, NULL,
                                     uninstalled_cb, uninstalling);
  else
    uninstalling_free (uninstalling);
}

void
plug_rb_installing_uninstall (PlugRbInstalling *self, PlugRbPlugin *plugin)
{
  Uninstalling *uninstalling = g_new0 (Uninstalling, 1);
  g_autofree char *name = plug_rb_wording_isolate (plug_rb_plugin_get_name (plugin));
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (NULL, NULL));

  uninstalling->self = g_object_ref (self);
  uninstalling->plugin = g_object_ref (plugin);
  uninstalling->name = g_strdup (plug_rb_plugin_get_name (plugin));
  /* TRANSLATORS: %s is the name of a plugin */
  adw_alert_dialog_format_heading (dialog, _("Uninstall %s?"), name);
  adw_alert_dialog_set_body (
      dialog, _("A snapshot is taken first, so it can be brought back with its settings."));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "uninstall", _("_Uninstall"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "uninstall", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, get_window (self), NULL, response_cb, uninstalling);
}

/* ---- object */

static void
plug_rb_installing_dispose (GObject *object)
{
  PlugRbInstalling *self = PLUG_RB_INSTALLING (object);

  g_clear_object (&self->manager);
  g_clear_object (&self->toasts);
  g_clear_object (&self->jobs);

  G_OBJECT_CLASS (plug_rb_installing_parent_class)->dispose (object);
}

static void
plug_rb_installing_class_init (PlugRbInstallingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = plug_rb_installing_dispose;
}

static void
plug_rb_installing_init (PlugRbInstalling *self)
{
}

PlugRbInstalling *
plug_rb_installing_new (PlugRbManager *manager, PlugRbToasts *toasts, PlugRbJobs *jobs)
{
  PlugRbInstalling *self = g_object_new (PLUG_RB_TYPE_INSTALLING, NULL);

  self->manager = g_object_ref (manager);
  self->toasts = g_object_ref (toasts);
  self->jobs = g_object_ref (jobs);

  return self;
}
