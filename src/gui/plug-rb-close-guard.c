/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-close-guard.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "plug-rb-operation.h"

typedef struct {
  GtkWindow *window;
  PlugRbManager *manager;
} Guard;

static void
guard_free (Guard *guard)
{
  g_clear_object (&guard->window);
  g_clear_object (&guard->manager);
  g_free (guard);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guard, guard_free)

/* The next operation under way, from this position on. */
static PlugRbOperation *
dup_running (PlugRbManager *manager, guint *position)
{
  GListModel *operations = plug_rb_manager_get_operations (manager);

  for (; *position < g_list_model_get_n_items (operations); (*position)++) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, *position);
    PlugRbStatus status = plug_rb_operation_get_status (operation);

    if (status == PLUG_RB_STATUS_PENDING || status == PLUG_RB_STATUS_IN_PROGRESS)
      return g_steal_pointer (&operation);
  }

  return NULL;
}

static void
jobs_changed_cb (GtkWindow *window, GParamSpec *pspec, PlugRbManager *manager)
{
  guint n_jobs;

  g_object_get (manager, "n-jobs", &n_jobs, NULL);
  if (n_jobs == 0)
    gtk_window_destroy (window);
}

/* For the user the window is gone at once; the process stays until all is done. */
static void
close_when_done (GtkWindow *window, PlugRbManager *manager)
{
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  g_signal_connect_object (manager, "notify::n-jobs", G_CALLBACK (jobs_changed_cb), window,
                           G_CONNECT_SWAPPED);
  jobs_changed_cb (window, NULL, manager);
}

static void
response_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Guard) guard = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);
  PlugRbOperation *operation;
  guint position = 0;

  if (!g_str_equal (response, "stop"))
    return;

  for (; (operation = dup_running (guard->manager, &position)) != NULL; position++) {
    g_cancellable_cancel (plug_rb_operation_get_cancellable (operation));
    g_object_unref (operation);
  }
  close_when_done (guard->window, guard->manager);
}

static void
ask (GtkWindow *window, PlugRbManager *manager, PlugRbOperation *operation)
{
  g_autofree char *title = plug_rb_operation_dup_title (operation);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (
      adw_alert_dialog_new (NULL, _("Everything is put back as it was before.")));
  Guard *guard = g_new0 (Guard, 1);

  guard->window = g_object_ref (window);
  guard->manager = g_object_ref (manager);
  /* TRANSLATORS: %s is what goes on: “Roll Back Caffeine” */
  adw_alert_dialog_format_heading (dialog, _("Stop “%s”?"), title);
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "stop", _("_Stop and Put Back"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, GTK_WIDGET (window), NULL, response_cb, guard);
}

gboolean
plug_rb_close_guard_let_go (GtkWindow *window, PlugRbManager *manager)
{
  guint position = 0;
  g_autoptr(PlugRbOperation) running = dup_running (manager, &position);

  g_return_val_if_fail (GTK_IS_WINDOW (window), TRUE);

  if (running == NULL)
    return TRUE;

  if (plug_rb_operation_get_can_cancel (running))
    ask (window, manager, running);
  else
    close_when_done (window, manager);

  return FALSE;
}
