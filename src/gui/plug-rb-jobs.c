/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-jobs.h"

#include <glib/gi18n.h>

#include "plug-rb-clean-up-dialog.h"
#include "plug-rb-error.h"
#include "plug-rb-job-list.h"
#include "plug-rb-moment-dialog.h"
#include "plug-rb-pinning.h"
#include "plug-rb-plugin.h"
#include "plug-rb-rollback-dialog.h"
#include "plug-rb-run.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-trash.h"
#include "plug-rb-undo.h"
#include "plug-rb-wording.h"

/* Undoing has no preview, and rolling back has none if the user wants it so: then the dialog opens
 * only when it takes longer than this. */
#define PATIENCE 300

struct _PlugRbJobs {
  GObject parent_instance;

  PlugRbManager *manager;
  PlugRbToasts *toasts;
  PlugRbTrash *trash;
  PlugRbUndo *undo;
  PlugRbJobList *list;
  GPtrArray *runs; /* under way, or failed and to be tried again */
  PlugRbRollbackDialog *dialog;
  AdwToast *farewell; /* said when the dialog has closed */
  guint timer;
};

G_DEFINE_FINAL_TYPE (PlugRbJobs, plug_rb_jobs, G_TYPE_OBJECT)

enum {
  SIGNAL_ROLLED_BACK,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static PlugRbRun *start_undo (PlugRbJobs *self, PlugRbOperation *undone, gboolean even_if_changed);
static void be_patient (PlugRbJobs *self);

static PlugRbRun *
add_run (PlugRbJobs *self, PlugRbPlugin *plugin)
{
  PlugRbRun *run = plug_rb_run_new (g_object_ref (self), plugin);

  g_ptr_array_add (self->runs, run);

  return run;
}

static PlugRbRun *
find_run (PlugRbJobs *self, PlugRbOperation *operation)
{
  for (guint i = 0; i < self->runs->len; i++) {
    PlugRbRun *run = g_ptr_array_index (self->runs, i);

    if (run->operation == operation)
      return run;
  }

  return NULL;
}

static PlugRbPlugin *
find_plugin_of (PlugRbJobs *self, PlugRbOperation *operation)
{
  GListModel *plugins = plug_rb_manager_get_plugins (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    if (plug_rb_operation_concerns (operation, plug_rb_plugin_get_key (plugin)))
      return plugin;
  }

  return NULL;
}

/* --- snapshots */

static void
snapshot_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlugRbRun *run = user_data;
  g_autoptr(PlugRbJobs) self = run->jobs;
  g_autoptr(GError) error = NULL;
  gboolean created = FALSE;
  g_autoptr(PlugRbSnapshot) snapshot =
      plug_rb_manager_create_snapshot_finish (self->manager, result, &created, &error);
  const char *name = plug_rb_plugin_get_name (run->plugin);
  g_autofree char *isolated = plug_rb_wording_isolate (name);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ;
  else if (snapshot == NULL)
    plug_rb_toasts_show_failure (self->toasts, PLUG_RB_TOAST_SNAPSHOT,
                                 plug_rb_wording_failed (PLUG_RB_KIND_SNAPSHOT, name), error);
  else if (created)
    plug_rb_toasts_show_text (self->toasts, PLUG_RB_TOAST_SNAPSHOT,
                              g_strdup_printf (_("Snapshot of %s taken"), isolated));
  else
    plug_rb_toasts_show_text (
        self->toasts, PLUG_RB_TOAST_SNAPSHOT,
        g_strdup_printf (_("%s has not changed since the last snapshot"), isolated));

  g_ptr_array_remove (self->runs, run);
}

void
plug_rb_jobs_take_snapshot (PlugRbJobs *self, PlugRbPlugin *plugin)
{
  PlugRbRun *run;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));
  g_return_if_fail (PLUG_RB_IS_PLUGIN (plugin));

  run = add_run (self, plugin);
  plug_rb_manager_create_snapshot_async (self->manager, plugin, PLUG_RB_REASON_MANUAL, NULL, NULL,
                                         NULL, snapshot_cb, run);
}

/* --- deleting */

static void
deleted_cb (PlugRbJobs *self, char **ids)
{
  plug_rb_undo_push (self->undo, NULL, (const char *const *) ids);
}

void
plug_rb_jobs_delete (PlugRbJobs *self, const char *const *ids)
{
  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  plug_rb_pinning_ask_delete (self->trash, self->manager, self->toasts, ids);
}

void
plug_rb_jobs_toggle_pinned (PlugRbJobs *self, const char *const *ids)
{
  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  plug_rb_pinning_toggle (self->manager, self->toasts, ids);
}

static void
cleaned_cb (PlugRbJobs *self, char **ids, guint64 bytes)
{
  g_autofree char *size = g_format_size (bytes);
  /* TRANSLATORS: %s is a size: “12 MB freed” */
  AdwToast *toast = plug_rb_toasts_create (g_strdup_printf (_("%s freed"), size));

  if (*ids != NULL) {
    plug_rb_undo_push (self->undo, NULL, (const char *const *) ids);
    plug_rb_toasts_add_button (toast, _("_Undo"), "win.undo-delete",
                               g_variant_new_strv ((const char *const *) ids, -1));
  }
  plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_DELETE, toast);
}

/* Shows what would go, and lets it go. */
void
plug_rb_jobs_clean_up (PlugRbJobs *self)
{
  GtkWidget *parent = plug_rb_toasts_get_widget (self->toasts);
  AdwDialog *dialog;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  if (parent == NULL || plug_rb_manager_get_policy (self->manager, NULL) == NULL)
    return;

  dialog = plug_rb_clean_up_dialog_new (self->manager);
  g_signal_connect_object (dialog, "cleaned", G_CALLBACK (cleaned_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, parent);
}

void
plug_rb_jobs_restore_deleted (PlugRbJobs *self, const char *const *ids)
{
  g_return_if_fail (PLUG_RB_IS_JOBS (self));
  g_return_if_fail (ids != NULL && *ids != NULL);

  plug_rb_undo_forget (self->undo, *ids);
  plug_rb_trash_restore (self->trash, ids);
}

/* --- rolling back and undoing */

static void
dialog_closed_cb (PlugRbJobs *self, PlugRbRollbackDialog *dialog)
{
  PlugRbOperation *operation = plug_rb_rollback_dialog_get_operation (dialog);
  g_autoptr(AdwToast) farewell = g_steal_pointer (&self->farewell);
  AdwToast *toast;

  g_clear_weak_pointer (&self->dialog);
  if (farewell != NULL) {
    plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_ROLLBACK, g_object_ref (farewell));
    g_signal_emit (self, signals[SIGNAL_ROLLED_BACK], 0);
  } else if (operation != NULL && find_run (self, operation) != NULL &&
             plug_rb_operation_get_finished (operation) == NULL) {
    toast = plug_rb_toasts_create (g_strdup (_("Rolling back continues")));
    plug_rb_toasts_add_button (toast, _("_Show"), "win.show-job",
                               g_variant_new_string (plug_rb_operation_get_id (operation)));
    plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_ROLLBACK, toast);
  }
}

static gboolean
is_followed (PlugRbJobs *self, PlugRbOperation *operation)
{
  return self->dialog != NULL && plug_rb_rollback_dialog_get_operation (self->dialog) == operation;
}

static AdwToast *
create_success_toast (PlugRbRun *run)
{
  const char *id = plug_rb_operation_get_id (run->operation);
  gboolean undo = plug_rb_run_is_undo (run);
  AdwToast *toast = plug_rb_toasts_create (plug_rb_run_dup_title (run));

  plug_rb_toasts_add_button (toast, undo ? _("_Redo") : _("_Undo"), "win.undo-operation",
                             g_variant_new_string (id));
  if (!undo)
    plug_rb_undo_push (run->jobs->undo, id, NULL);

  return toast;
}

static void
say (PlugRbJobs *self, PlugRbRun *run, AdwToast *toast)
{
  if (is_followed (self, run->operation)) {
    g_clear_object (&self->farewell);
    self->farewell = toast;
  } else {
    plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_ROLLBACK, toast);
    g_signal_emit (self, signals[SIGNAL_ROLLED_BACK], 0);
  }
}

static void
say_failed (PlugRbJobs *self, PlugRbRun *run)
{
  AdwToast *toast;

  if (is_followed (self, run->operation)) {
    plug_rb_job_list_dismiss (self->list, plug_rb_operation_get_id (run->operation));
    return;
  }

  toast = plug_rb_toasts_create (plug_rb_wording_failed (
      plug_rb_operation_get_kind (run->operation), plug_rb_plugin_get_name (run->plugin)));
  plug_rb_toasts_add_button (toast, _("_Details"), "win.show-job",
                             g_variant_new_string (plug_rb_operation_get_id (run->operation)));
  plug_rb_toasts_show (self->toasts, PLUG_RB_TOAST_ROLLBACK, toast);
}

/* A run that failed stays known: its dialog offers to try again. */
static void
finish_run (PlugRbRun *run, const GError *error)
{
  g_autoptr(PlugRbJobs) self = run->jobs;

  if (error == NULL) {
    say (self, run, create_success_toast (run));
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    say (self, run, plug_rb_toasts_create (g_strdup (_("Roll back canceled, nothing changed"))));
  } else {
    say_failed (self, run);
    return;
  }

  g_ptr_array_remove (self->runs, run);
}

static void
rolled_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      plug_rb_manager_rollback_finish (PLUG_RB_MANAGER (source), result, &error);

  finish_run (user_data, error);
}

static PlugRbRun *
start_rollback (PlugRbJobs *self, PlugRbPlugin *plugin, GPtrArray *targets, PlugRbScope scope)
{
  PlugRbRun *run = add_run (self, plugin);

  run->targets = g_ptr_array_ref (targets);
  run->scope = scope;
  run->operation = g_object_ref (
      plug_rb_manager_rollback_async (self->manager, targets, scope, NULL, rolled_back_cb, run));

  return run;
}

static void
ask_response_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlugRbRun *run = user_data;
  g_autoptr(PlugRbJobs) self = run->jobs;
  g_autoptr(PlugRbOperation) undone = g_object_ref (run->undone);
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  g_ptr_array_remove (self->runs, run);
  if (g_str_equal (response, "undo"))
    start_undo (self, undone, TRUE);
}

/* The plugin is no longer what the operation made of it: only the user knows whether that matters.
 */
static void
ask_whether_to_undo (PlugRbRun *run, const GError *error)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Undo Anyway?"), NULL));

  adw_alert_dialog_format_body (
      dialog, _("%s. The current state is kept and can be brought back with Undo."),
      error->message);
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "undo", _("_Undo Anyway"),
                                  NULL);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, plug_rb_toasts_get_widget (run->jobs->toasts), NULL,
                           ask_response_cb, run);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlugRbRun *run = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation =
      plug_rb_manager_undo_finish (PLUG_RB_MANAGER (source), result, &error);

  if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER) &&
      plug_rb_toasts_get_widget (run->jobs->toasts) != NULL &&
      !is_followed (run->jobs, run->operation))
    ask_whether_to_undo (run, error);
  else
    finish_run (run, error);
}

static void
dialog_start_cb (PlugRbJobs *self, PlugRbRollbackDialog *dialog)
{
  PlugRbOperation *failed = plug_rb_rollback_dialog_get_operation (dialog);
  PlugRbRun *old = failed != NULL ? find_run (self, failed) : NULL;
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(GPtrArray) targets = plug_rb_rollback_dialog_dup_targets (dialog);
  PlugRbRun *run;

  g_object_get (dialog, "plugin", &plugin, NULL);
  if (old != NULL && old->undone != NULL)
    run = start_undo (self, old->undone, FALSE);
  else if (old != NULL)
    run = start_rollback (self, old->plugin, old->targets, old->scope);
  else
    run = start_rollback (self, plugin, targets, plug_rb_rollback_dialog_get_scope (dialog));

  if (old != NULL)
    g_ptr_array_remove (self->runs, old);
  plug_rb_rollback_dialog_set_can_retry (dialog, TRUE);
  plug_rb_rollback_dialog_set_operation (dialog, run->operation);
}

static PlugRbRollbackDialog *
create_dialog (PlugRbJobs *self, PlugRbPlugin *plugin)
{
  PlugRbRollbackDialog *dialog = plug_rb_rollback_dialog_new (self->manager, plugin);

  g_signal_connect_object (dialog, "start", G_CALLBACK (dialog_start_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "closed", G_CALLBACK (dialog_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->dialog, dialog);

  return dialog;
}

static gboolean
can_present (PlugRbJobs *self)
{
  return plug_rb_toasts_get_widget (self->toasts) != NULL && self->dialog == NULL;
}

static gboolean
is_preview_wanted (PlugRbJobs *self, PlugRbPlugin *plugin)
{
  PlugRbLivePolicy *policy =
      plug_rb_manager_get_policy (self->manager, plug_rb_plugin_get_key (plugin));

  return policy == NULL || plug_rb_live_policy_get (policy)->require_confirmation;
}

static PlugRbScope
parse_scope (const char *scope)
{
  if (g_str_equal (scope, "files"))
    return PLUG_RB_SCOPE_FILES;

  return g_str_equal (scope, "settings") ? PLUG_RB_SCOPE_SETTINGS : PLUG_RB_SCOPE_ALL;
}

static void
roll_back_at_once (PlugRbJobs *self,
                   PlugRbPlugin *plugin,
                   PlugRbSnapshot *target,
                   const char *scope)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  if (plug_rb_plugin_get_busy (plugin))
    return;

  g_ptr_array_add (targets, g_object_ref (target));
  start_rollback (self, plugin, targets, parse_scope (scope))->had_no_preview = TRUE;
  be_patient (self);
}

void
plug_rb_jobs_preview (PlugRbJobs *self, PlugRbSnapshot *target, const char *scope)
{
  PlugRbPlugin *plugin;
  PlugRbRollbackDialog *dialog;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (target));

  plugin = plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (target));
  if (plugin == NULL || !can_present (self))
    return;

  if (!is_preview_wanted (self, plugin)) {
    roll_back_at_once (self, plugin, target, scope);
    return;
  }

  dialog = create_dialog (self, plugin);
  plug_rb_rollback_dialog_preview (dialog, target, scope);
  adw_dialog_present (ADW_DIALOG (dialog), plug_rb_toasts_get_widget (self->toasts));
}

/* Several plugins at once are always shown first. */
void
plug_rb_jobs_preview_many (PlugRbJobs *self, GPtrArray *targets)
{
  PlugRbPlugin *plugin;
  PlugRbRollbackDialog *dialog;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));
  g_return_if_fail (targets != NULL);

  plugin = targets->len > 0 ? plug_rb_manager_find_plugin (
                                  self->manager, plug_rb_snapshot_get_plugin (targets->pdata[0]))
                            : NULL;
  if (plugin == NULL || !can_present (self))
    return;

  dialog = create_dialog (self, plugin);
  plug_rb_rollback_dialog_preview_many (dialog, targets);
  adw_dialog_present (ADW_DIALOG (dialog), plug_rb_toasts_get_widget (self->toasts));
}

/* All plugins of a program, of the one with this id or of one that the user chooses. */
void
plug_rb_jobs_choose_moment (PlugRbJobs *self, const char *host)
{
  AdwDialog *dialog;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  if (!can_present (self) || plug_rb_manager_get_policy (self->manager, NULL) == NULL)
    return;

  dialog = plug_rb_moment_dialog_new (self->manager, host);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (plug_rb_jobs_preview_many), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, plug_rb_toasts_get_widget (self->toasts));
}

static void
show_operation (PlugRbJobs *self, PlugRbOperation *operation)
{
  PlugRbPlugin *plugin = find_plugin_of (self, operation);
  PlugRbRollbackDialog *dialog;

  if (plugin == NULL || !can_present (self))
    return;

  dialog = create_dialog (self, plugin);
  plug_rb_rollback_dialog_set_can_retry (dialog, find_run (self, operation) != NULL);
  plug_rb_rollback_dialog_set_operation (dialog, operation);
  adw_dialog_present (ADW_DIALOG (dialog), plug_rb_toasts_get_widget (self->toasts));
}

void
plug_rb_jobs_show (PlugRbJobs *self, const char *id)
{
  PlugRbOperation *operation;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  operation = plug_rb_manager_find_operation (self->manager, id);
  if (operation == NULL)
    return;

  plug_rb_job_list_dismiss (self->list, id);
  show_operation (self, operation);
}

gboolean
plug_rb_jobs_has_any (PlugRbJobs *self)
{
  g_return_val_if_fail (PLUG_RB_IS_JOBS (self), FALSE);

  return g_list_model_get_n_items (plug_rb_job_list_get_operations (self->list)) > 0;
}

/* However it failed, the user is looking at that. */
void
plug_rb_jobs_set_seen (PlugRbJobs *self, const char *id)
{
  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  plug_rb_job_list_dismiss (self->list, id);
}

void
plug_rb_jobs_cancel (PlugRbJobs *self, const char *id)
{
  PlugRbOperation *operation;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  operation = plug_rb_manager_find_operation (self->manager, id);
  if (operation != NULL && plug_rb_operation_get_can_cancel (operation))
    g_cancellable_cancel (plug_rb_operation_get_cancellable (operation));
}

static void
patience_cb (gpointer user_data)
{
  PlugRbJobs *self = user_data;
  PlugRbRun *run = self->runs->len > 0 ? g_ptr_array_index (self->runs, self->runs->len - 1) : NULL;

  self->timer = 0;
  if (run != NULL && run->had_no_preview && plug_rb_operation_get_finished (run->operation) == NULL)
    show_operation (self, run->operation);
}

static void
be_patient (PlugRbJobs *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_once (PATIENCE, patience_cb, self);
}

static PlugRbRun *
start_undo (PlugRbJobs *self, PlugRbOperation *undone, gboolean even_if_changed)
{
  PlugRbPlugin *plugin = find_plugin_of (self, undone);
  PlugRbRun *run;

  if (plugin == NULL)
    return NULL;

  run = add_run (self, plugin);
  run->undone = g_object_ref (undone);
  run->had_no_preview = TRUE;
  run->operation = g_object_ref (
      plug_rb_manager_undo_async (self->manager, undone, even_if_changed, NULL, undone_cb, run));
  plug_rb_undo_forget (self->undo, plug_rb_operation_get_id (undone));
  be_patient (self);

  return run;
}

/* It is what Ctrl+Z takes back next. */
void
plug_rb_jobs_remember (PlugRbJobs *self, PlugRbOperation *operation)
{
  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  if (plug_rb_operation_get_can_undo (operation))
    plug_rb_undo_push (self->undo, plug_rb_operation_get_id (operation), NULL);
}

void
plug_rb_jobs_undo_operation (PlugRbJobs *self, const char *id)
{
  PlugRbOperation *undone;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  undone = plug_rb_manager_find_operation (self->manager, id);
  if (undone == NULL)
    return;

  plug_rb_toasts_dismiss (self->toasts, PLUG_RB_TOAST_ROLLBACK);
  start_undo (self, undone, FALSE);
}

void
plug_rb_jobs_undo_latest (PlugRbJobs *self)
{
  g_autofree char *operation = NULL;
  g_auto(GStrv) deleted = NULL;

  g_return_if_fail (PLUG_RB_IS_JOBS (self));

  if (!plug_rb_undo_peek (self->undo, &operation, &deleted))
    plug_rb_toasts_show_text (self->toasts, PLUG_RB_TOAST_OTHER, g_strdup (_("Nothing to undo")));
  else if (operation != NULL)
    plug_rb_jobs_undo_operation (self, operation);
  else
    plug_rb_jobs_restore_deleted (self, (const char *const *) deleted);
}

static void
plug_rb_jobs_dispose (GObject *object)
{
  PlugRbJobs *self = PLUG_RB_JOBS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->farewell);
  g_clear_object (&self->trash);
  g_clear_object (&self->list);
  g_clear_object (&self->toasts);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_jobs_parent_class)->dispose (object);
}

static void
plug_rb_jobs_finalize (GObject *object)
{
  PlugRbJobs *self = PLUG_RB_JOBS (object);

  g_clear_pointer (&self->undo, plug_rb_undo_free);
  g_clear_pointer (&self->runs, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_jobs_parent_class)->finalize (object);
}

static void
plug_rb_jobs_class_init (PlugRbJobsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = plug_rb_jobs_dispose;
  object_class->finalize = plug_rb_jobs_finalize;

  signals[SIGNAL_ROLLED_BACK] =
      g_signal_new ("rolled-back", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
plug_rb_jobs_init (PlugRbJobs *self)
{
  self->undo = plug_rb_undo_new ();
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_run_free);
}

PlugRbJobs *
plug_rb_jobs_new (PlugRbManager *manager, PlugRbToasts *toasts)
{
  PlugRbJobs *self = g_object_new (PLUG_RB_TYPE_JOBS, NULL);

  self->manager = g_object_ref (manager);
  self->toasts = g_object_ref (toasts);
  self->list = plug_rb_job_list_ref_for (manager);
  self->trash = plug_rb_trash_new (manager, self->toasts);
  g_signal_connect_object (self->trash, "deleted", G_CALLBACK (deleted_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
