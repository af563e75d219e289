/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-clean-up-dialog.h"

#include <glib/gi18n.h>

#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

/* Nobody reads more, and each is a row of its own. */
#define MAX_ROWS 100

struct _PlugRbCleanUpDialog {
  AdwDialog parent_instance;

  PlugRbManager *manager;
  PlugRbPruning *pruning;
  GPtrArray *deleted;
  GPtrArray *rows; /* borrowed: what is shown now */
  GCancellable *cancellable;

  GtkWidget *clean_up_button;
  AdwPreferencesGroup *doomed_group;
  AdwStatusPage *failure;
  AdwExpanderRow *kept_row;
  GtkStack *stack;
  GtkLabel *summary;
  AdwExpanderRow *trash_row;
};

G_DEFINE_FINAL_TYPE (PlugRbCleanUpDialog, plug_rb_clean_up_dialog, ADW_TYPE_DIALOG)

enum {
  SIGNAL_CLEANED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void look (PlugRbCleanUpDialog *self);

/* ---- rows */

static GtkWidget *
create_row (PlugRbSnapshot *snapshot, const char *why)
{
  GtkWidget *row = adw_action_row_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *title = plug_rb_wording_titled (snapshot);
  g_autofree char *time = plug_rb_wording_time (plug_rb_snapshot_get_timestamp (snapshot), now);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_stored_size (snapshot));
  g_autofree char *subtitle = why != NULL ? g_strdup_printf (_("%s · %s · %s"), why, time, size)
                                          : g_strdup_printf (_("%s · %s"), time, size);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  return row;
}

static GtkWidget *
create_more_row (guint n)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strdup_printf (ngettext ("%u more", "%u more", n), n);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_add_css_class (row, "dimmed");

  return row;
}

static GtkWidget *
create_deleted_row (PlugRbSnapshot *snapshot)
{
  GtkWidget *row = create_row (snapshot, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Bring Back"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "clean-up.restore");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s",
                                    plug_rb_snapshot_get_id (snapshot));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
add_row (PlugRbCleanUpDialog *self, AdwExpanderRow *parent, GtkWidget *row)
{
  if (parent != NULL)
    adw_expander_row_add_row (parent, row);
  else
    adw_preferences_group_add (self->doomed_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
remove_rows (PlugRbCleanUpDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = self->rows->pdata[i];

    if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->kept_row)))
      adw_expander_row_remove (self->kept_row, row);
    else if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->trash_row)))
      adw_expander_row_remove (self->trash_row, row);
    else
      adw_preferences_group_remove (self->doomed_group, row);
  }

  g_ptr_array_set_size (self->rows, 0);
}

static void
add_pruned (PlugRbCleanUpDialog *self, AdwExpanderRow *parent, GPtrArray *list)
{
  for (guint i = 0; i < MIN (list->len, MAX_ROWS); i++) {
    const PlugRbPruned *pruned = list->pdata[i];

    add_row (self, parent, create_row (pruned->snapshot, pruned->sentence));
  }
  if (list->len > MAX_ROWS)
    add_row (self, parent, create_more_row (list->len - MAX_ROWS));
}

static void
add_deleted (PlugRbCleanUpDialog *self)
{
  for (guint i = 0; i < MIN (self->deleted->len, MAX_ROWS); i++)
    add_row (self, self->trash_row, create_deleted_row (self->deleted->pdata[i]));
  if (self->deleted->len > MAX_ROWS)
    add_row (self, self->trash_row, create_more_row (self->deleted->len - MAX_ROWS));
}

/* ---- what it would do */

/* What the snapshots alone take, and what lies about for nothing. */
static guint64
sum_freed (PlugRbPruning *pruning)
{
  guint64 sum = pruning->freed;

  for (guint i = 0; i < pruning->deleted->len; i++)
    sum +=
        plug_rb_snapshot_get_stored_size (((PlugRbPruned *) pruning->deleted->pdata[i])->snapshot);

  return sum;
}

static gboolean
is_anything_to_do (PlugRbPruning *pruning)
{
  return pruning->deleted->len > 0 || pruning->purged->len > 0 || pruning->freed > 0;
}

static char *
dup_summary (PlugRbCleanUpDialog *self)
{
  guint n = self->pruning->deleted->len;
  g_autofree char *size = g_format_size (sum_freed (self->pruning));

  if (!is_anything_to_do (self->pruning))
    return g_strdup (_("Nothing to Clean Up"));

  /* TRANSLATORS: how many snapshots, and their size */
  return g_strdup_printf (ngettext ("Clean up removes %u snapshot and frees %s",
                                    "Clean up removes %u snapshots and frees %s", n),
                          n, size);
}

static void
show_page (PlugRbCleanUpDialog *self, const char *name)
{
  gboolean result = g_str_equal (name, "result");

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->clean_up_button, result && is_anything_to_do (self->pruning));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean-up.start", result);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean-up.empty-trash",
                                 result && self->deleted->len > 0);
}

static void
show_result (PlugRbCleanUpDialog *self)
{
  guint n_kept = self->pruning->kept->len;
  g_autofree char *summary = dup_summary (self);
  g_autofree char *kept = g_strdup_printf (ngettext ("%u Kept", "%u Kept", n_kept), n_kept);
  g_autofree char *deleted = g_strdup_printf ("%u", self->deleted->len);

  remove_rows (self);
  add_pruned (self, NULL, self->pruning->deleted);
  add_pruned (self, self->kept_row, self->pruning->kept);
  add_deleted (self);
  gtk_label_set_label (self->summary, summary);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->kept_row), kept);
  adw_expander_row_set_subtitle (self->trash_row, deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->doomed_group), self->pruning->deleted->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->kept_row), n_kept > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->trash_row), self->deleted->len > 0);
  show_page (self, "result");
}

static void
show_failure (PlugRbCleanUpDialog *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  adw_status_page_set_description (self->failure, escaped);
  show_page (self, "failed");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *deleted =
      plug_rb_manager_list_deleted_finish (PLUG_RB_MANAGER (source), result, &error);

  g_clear_pointer (&self->deleted, g_ptr_array_unref);
  self->deleted = deleted;
  if (self->stack == NULL)
    return;
  if (deleted != NULL)
    show_result (self);
  else
    show_failure (self, error);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  PlugRbPruning *pruning = plug_rb_manager_prune_finish (PLUG_RB_MANAGER (source), result, &error);

  if (self->stack == NULL) {
    g_clear_pointer (&pruning, plug_rb_pruning_free);
    return;
  }
  if (pruning == NULL) {
    show_failure (self, error);
    return;
  }

  g_clear_pointer (&self->pruning, plug_rb_pruning_free);
  self->pruning = pruning;
  plug_rb_manager_list_deleted_async (self->manager, listed_cb, g_object_ref (self));
}

static void
look (PlugRbCleanUpDialog *self)
{
  show_page (self, "looking");
  plug_rb_manager_prune_async (self->manager, NULL, TRUE, self->cancellable, looked_cb,
                               g_object_ref (self));
}

/* ---- doing it */

static void
cleaned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPruning) done =
      plug_rb_manager_prune_finish (PLUG_RB_MANAGER (source), result, &error);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;

  if (done == NULL) {
    if (self->stack != NULL)
      show_failure (self, error);
    return;
  }

  for (guint i = 0; i < done->deleted->len; i++)
    g_strv_builder_add (
        builder, plug_rb_snapshot_get_id (((PlugRbPruned *) done->deleted->pdata[i])->snapshot));
  ids = g_strv_builder_end (builder);
  g_signal_emit (self, signals[SIGNAL_CLEANED], 0, ids, sum_freed (done));
  adw_dialog_force_close (ADW_DIALOG (self));
}

/* It goes on though the dialog is closed. */
static void
start_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbCleanUpDialog *self = PLUG_RB_CLEAN_UP_DIALOG (widget);

  show_page (self, "looking");
  plug_rb_manager_prune_async (self->manager, NULL, FALSE, NULL, cleaned_cb, g_object_ref (self));
}

static void
look_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  look (PLUG_RB_CLEAN_UP_DIALOG (widget));
}

/* ---- trash */

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) snapshot =
      plug_rb_manager_restore_deleted_finish (PLUG_RB_MANAGER (source), result, &error);

  if (self->stack == NULL)
    return;
  if (snapshot != NULL)
    look (self);
  else
    show_failure (self, error);
}

static void
restore_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbCleanUpDialog *self = PLUG_RB_CLEAN_UP_DIALOG (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  plug_rb_manager_restore_deleted_async (self->manager, id, NULL, restored_cb, g_object_ref (self));
}

static void
emptied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPruning) done =
      plug_rb_manager_empty_trash_finish (PLUG_RB_MANAGER (source), result, &error);

  if (self->stack == NULL)
    return;
  if (done != NULL && done->failed->len == 0)
    look (self);
  else
    show_failure (self,
                  done != NULL ? ((PlugRbPruneFailure *) done->failed->pdata[0])->error : error);
}

static void
response_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbCleanUpDialog) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  if (!g_str_equal (response, "empty"))
    return;

  if (self->stack != NULL)
    show_page (self, "looking");
  plug_rb_manager_empty_trash_async (self->manager, NULL, emptied_cb, g_object_ref (self));
}

static void
empty_trash_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbCleanUpDialog *self = PLUG_RB_CLEAN_UP_DIALOG (widget);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Empty Trash?"), NULL));
  guint n = self->deleted->len;

  adw_alert_dialog_format_body (
      dialog, ngettext ("%u snapshot is deleted forever.", "%u snapshots are deleted forever.", n),
      n);
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "empty", _("_Empty Trash"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "empty", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, widget, NULL, response_cb, g_object_ref (self));
}

/* ---- object */

static void
plug_rb_clean_up_dialog_closed (AdwDialog *dialog)
{
  g_cancellable_cancel (PLUG_RB_CLEAN_UP_DIALOG (dialog)->cancellable);
}

static void
plug_rb_clean_up_dialog_dispose (GObject *object)
{
  PlugRbCleanUpDialog *self = PLUG_RB_CLEAN_UP_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_CLEAN_UP_DIALOG);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_clean_up_dialog_parent_class)->dispose (object);
}

static void
plug_rb_clean_up_dialog_finalize (GObject *object)
{
  PlugRbCleanUpDialog *self = PLUG_RB_CLEAN_UP_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->deleted, g_ptr_array_unref);
  g_clear_pointer (&self->pruning, plug_rb_pruning_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_clean_up_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-clean-up-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, clean_up_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, doomed_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, failure);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, kept_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCleanUpDialog, trash_row);
}

static void
plug_rb_clean_up_dialog_class_init (PlugRbCleanUpDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_clean_up_dialog_dispose;
  object_class->finalize = plug_rb_clean_up_dialog_finalize;
  ADW_DIALOG_CLASS (klass)->closed = plug_rb_clean_up_dialog_closed;

  signals[SIGNAL_CLEANED] =
      g_signal_new ("cleaned", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRV, G_TYPE_UINT64);

  gtk_widget_class_install_action (widget_class, "clean-up.empty-trash", NULL, empty_trash_action);
  gtk_widget_class_install_action (widget_class, "clean-up.look", NULL, look_action);
  gtk_widget_class_install_action (widget_class, "clean-up.restore", "s", restore_action);
  gtk_widget_class_install_action (widget_class, "clean-up.start", NULL, start_action);
  bind_template (widget_class);
}

static void
plug_rb_clean_up_dialog_init (PlugRbCleanUpDialog *self)
{
  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_dialog_set_default_widget (ADW_DIALOG (self), self->clean_up_button);
}

AdwDialog *
plug_rb_clean_up_dialog_new (PlugRbManager *manager)
{
  PlugRbCleanUpDialog *self = g_object_new (PLUG_RB_TYPE_CLEAN_UP_DIALOG, NULL);

  self->manager = g_object_ref (manager);
  look (self);

  return ADW_DIALOG (self);
}
