/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-storage-page.h"

#include <glib/gi18n.h>

#include "plug-rb-details-dialog.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-verify.h"

struct _PlugRbStoragePage {
  AdwPreferencesPage parent_instance;

  PlugRbManager *manager;
  GCancellable *verifying; /* while it goes on */
  char *damages;

  AdwActionRow *alone_row;
  GtkWidget *details_button;
  AdwActionRow *disk_row;
  AdwActionRow *location_row;
  AdwActionRow *shared_row;
  GtkImage *verdict_icon;
  AdwActionRow *verdict_row;
  GtkWidget *verifying_row;
};

G_DEFINE_FINAL_TYPE (PlugRbStoragePage, plug_rb_storage_page, ADW_TYPE_PREFERENCES_PAGE)

/* ---- space */

static void
set_size (AdwActionRow *row, guint64 bytes)
{
  g_autofree char *size = g_format_size (bytes);

  adw_action_row_set_subtitle (row, size);
}

/* All that the snapshots would take if each were alone, unpacked. */
static guint64
sum_sizes (GListModel *snapshots)
{
  guint64 sum = 0;

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    sum += plug_rb_snapshot_get_size (snapshot);
  }

  return sum;
}

static void
update_sizes (PlugRbStoragePage *self)
{
  guint64 alone = sum_sizes (plug_rb_manager_get_snapshots (self->manager));
  guint64 stored;

  g_object_get (self->manager, "stored-size", &stored, NULL);
  if (stored > 0)
    set_size (self->disk_row, stored);
  set_size (self->alone_row, alone);
  set_size (self->shared_row, stored > 0 && alone > stored ? alone - stored : 0);
}

static void
snapshots_changed_cb (PlugRbStoragePage *self)
{
  plug_rb_manager_measure (self->manager);
  update_sizes (self);
}

/* The window does it, where it can be undone. */
static void
clean_up_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_DIALOG);
  g_autoptr(GtkWidget) root = GTK_WIDGET (gtk_widget_get_root (widget));

  g_object_ref (root);
  if (dialog != NULL)
    adw_dialog_force_close (ADW_DIALOG (dialog));
  gtk_widget_activate_action (root, "win.clean-up", NULL);
}

static void
open_folder_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbStoragePage *self = PLUG_RB_STORAGE_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr(GFile) file = g_file_new_for_path (plug_rb_manager_get_store_path (self->manager));
  g_autoptr(GtkFileLauncher) launcher = gtk_file_launcher_new (file);

  gtk_file_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, NULL,
                            NULL);
}

/* ---- health */

static char *
dup_damages (GPtrArray *damages)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < damages->len; i++) {
    const PlugRbDamage *damage = damages->pdata[i];

    if (damage->plugin != NULL)
      g_string_append_printf (text, "%s: ", damage->plugin);
    g_string_append (text, damage->what);
    if (damage->left != NULL)
      g_string_append_printf (text, ". %s", damage->left);
    g_string_append_c (text, '\n');
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
show_verdict (PlugRbStoragePage *self, const char *title, const char *icon, const char *style)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict_row), title);
  gtk_image_set_from_icon_name (self->verdict_icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict_icon), (const char *[]) { style, NULL });
  gtk_widget_set_visible (self->details_button, self->damages != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_row), TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
show_verification (PlugRbStoragePage *self, PlugRbVerification *verification)
{
  guint n = verification->damages->len;
  g_autofree char *title = NULL;

  if (n == 0) {
    show_verdict (self, _("Snapshots verified, no problems"), "object-select-symbolic", "success");
    return;
  }

  self->damages = dup_damages (verification->damages);
  title = g_strdup_printf (ngettext ("%u problem was found", "%u problems were found", n), n);
  show_verdict (self, title, "dialog-error-symbolic", "error");
}

static void
set_verifying (PlugRbStoragePage *self, GCancellable *cancellable)
{
  g_set_object (&self->verifying, cancellable);
  gtk_widget_set_visible (self->verifying_row, cancellable != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "storage.verify", cancellable == NULL);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbStoragePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbVerification) verification =
      plug_rb_manager_verify_finish (PLUG_RB_MANAGER (source), result, &error);

  /* The page has gone. */
  if (self->manager == NULL)
    return;

  set_verifying (self, NULL);
  if (verification != NULL) {
    show_verification (self, verification);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    self->damages = g_strdup (error->message);
    show_verdict (self, _("Could not verify the snapshots"), "dialog-error-symbolic", "error");
  }
}

static void
verify_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbStoragePage *self = PLUG_RB_STORAGE_PAGE (widget);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  if (self->verifying != NULL)
    return;

  g_clear_pointer (&self->damages, g_free);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_row), FALSE);
  set_verifying (self, cancellable);
  plug_rb_manager_verify_async (self->manager, PLUG_RB_VERIFY_FULL, NULL, cancellable, verified_cb,
                                g_object_ref (self));
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (PLUG_RB_STORAGE_PAGE (widget)->verifying);
}

static void
show_damages_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbStoragePage *self = PLUG_RB_STORAGE_PAGE (widget);

  if (self->damages != NULL)
    plug_rb_details_dialog_present (
        widget, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self->verdict_row)),
        self->damages);
}

/* ---- object */

static void
plug_rb_storage_page_dispose (GObject *object)
{
  PlugRbStoragePage *self = PLUG_RB_STORAGE_PAGE (object);

  g_cancellable_cancel (self->verifying);
  g_clear_object (&self->verifying);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_STORAGE_PAGE);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_storage_page_parent_class)->dispose (object);
}

static void
plug_rb_storage_page_finalize (GObject *object)
{
  g_free (PLUG_RB_STORAGE_PAGE (object)->damages);

  G_OBJECT_CLASS (plug_rb_storage_page_parent_class)->finalize (object);
}

static void
plug_rb_storage_page_class_init (PlugRbStoragePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_storage_page_dispose;
  object_class->finalize = plug_rb_storage_page_finalize;

  gtk_widget_class_install_action (widget_class, "storage.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "storage.clean-up", NULL, clean_up_action);
  gtk_widget_class_install_action (widget_class, "storage.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (widget_class, "storage.show-damages", NULL, show_damages_action);
  gtk_widget_class_install_action (widget_class, "storage.verify", NULL, verify_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-storage-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, alone_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, details_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, disk_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, location_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, shared_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, verdict_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbStoragePage, verifying_row);
}

static void
plug_rb_storage_page_init (PlugRbStoragePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The manager must be loaded. */
PlugRbStoragePage *
plug_rb_storage_page_new (PlugRbManager *manager)
{
  PlugRbStoragePage *self = g_object_new (PLUG_RB_TYPE_STORAGE_PAGE, NULL);

  self->manager = g_object_ref (manager);
  adw_action_row_set_subtitle (self->location_row, plug_rb_manager_get_store_path (manager));
  g_signal_connect_object (plug_rb_manager_get_snapshots (manager), "items-changed",
                           G_CALLBACK (snapshots_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::stored-size", G_CALLBACK (update_sizes), self,
                           G_CONNECT_SWAPPED);
  snapshots_changed_cb (self);

  return self;
}
