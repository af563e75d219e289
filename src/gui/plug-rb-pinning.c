/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-pinning.h"

#include <glib/gi18n.h>

#include "plug-rb-selection.h"
#include "plug-rb-snapshot.h"

typedef struct {
  PlugRbToasts *toasts;
  GPtrArray *snapshots;
  gboolean pinned;
} Pinning;

static void
pinning_free (Pinning *pinning)
{
  g_clear_object (&pinning->toasts);
  g_clear_pointer (&pinning->snapshots, g_ptr_array_unref);
  g_free (pinning);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pinning, pinning_free)

typedef struct {
  PlugRbTrash *trash;
  char **ids;
} Question;

static void
question_free (Question *question)
{
  g_clear_object (&question->trash);
  g_clear_pointer (&question->ids, g_strfreev);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* Those of the ids that are pinned, or that are not. */
static GPtrArray *
list_snapshots (PlugRbManager *manager, const char *const *ids, gboolean pinned)
{
  GPtrArray *snapshots = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; ids[i] != NULL; i++) {
    PlugRbSnapshot *snapshot = plug_rb_manager_find_snapshot (manager, ids[i]);

    if (snapshot != NULL && plug_rb_snapshot_get_pinned (snapshot) == pinned)
      g_ptr_array_add (snapshots, g_object_ref (snapshot));
  }

  return snapshots;
}

/* ---- pinning */

static char *
dup_title (Pinning *pinning)
{
  guint n = pinning->snapshots->len;

  if (n == 1)
    return g_strdup (pinning->pinned ? _("Snapshot pinned") : _("Snapshot unpinned"));
  if (pinning->pinned)
    return g_strdup_printf (ngettext ("%u snapshot pinned", "%u snapshots pinned", n), n);

  return g_strdup_printf (ngettext ("%u snapshot unpinned", "%u snapshots unpinned", n), n);
}

static void
pinned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Pinning) pinning = user_data;
  g_auto(GStrv) ids = plug_rb_selection_dup_ids (pinning->snapshots);
  g_autoptr(GError) error = NULL;
  AdwToast *toast;

  if (!plug_rb_manager_set_pinned_finish (PLUG_RB_MANAGER (source), result, &error)) {
    plug_rb_toasts_show_failure (
        pinning->toasts, PLUG_RB_TOAST_PIN,
        g_strdup (pinning->pinned ? _("Could not pin snapshot") : _("Could not unpin snapshot")),
        error);
    return;
  }

  toast = plug_rb_toasts_create (dup_title (pinning));
  plug_rb_toasts_add_button (toast, _("_Undo"), "win.pin",
                             g_variant_new_strv ((const char *const *) ids, -1));
  plug_rb_toasts_show (pinning->toasts, PLUG_RB_TOAST_PIN, toast);
}

/* Pins those that are not; if all are, none is any longer. What it changes it changes back when it
 * is called once more with the same ones. */
void
plug_rb_pinning_toggle (PlugRbManager *manager, PlugRbToasts *toasts, const char *const *ids)
{
  Pinning *pinning = g_new0 (Pinning, 1);

  pinning->toasts = g_object_ref (toasts);
  pinning->pinned = TRUE;
  pinning->snapshots = list_snapshots (manager, ids, FALSE);
  if (pinning->snapshots->len == 0) {
    g_ptr_array_unref (pinning->snapshots);
    pinning->snapshots = list_snapshots (manager, ids, TRUE);
    pinning->pinned = FALSE;
  }

  plug_rb_manager_set_pinned_async (manager, pinning->snapshots, pinning->pinned, pinned_cb,
                                    pinning);
}

/* ---- deleting */

static void
response_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  if (g_str_equal (response, "delete"))
    plug_rb_trash_delete (question->trash, (const char *const *) question->ids);
}

static AdwAlertDialog *
create_question (guint n_pinned)
{
  AdwAlertDialog *dialog;

  if (n_pinned == 1)
    dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Delete Pinned Snapshot?"),
                                                     _("It was pinned so that it is kept.")));
  else
    dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (
        _("Delete Pinned Snapshots?"), _("They were pinned so that they are kept.")));

  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  return dialog;
}

void
plug_rb_pinning_ask_delete (PlugRbTrash *trash,
                            PlugRbManager *manager,
                            PlugRbToasts *toasts,
                            const char *const *ids)
{
  g_autoptr(GPtrArray) pinned = list_snapshots (manager, ids, TRUE);
  Question *question;

  if (pinned->len == 0) {
    plug_rb_trash_delete (trash, ids);
    return;
  }

  question = g_new0 (Question, 1);
  question->trash = g_object_ref (trash);
  question->ids = g_strdupv ((char **) ids);
  adw_alert_dialog_choose (create_question (pinned->len), plug_rb_toasts_get_widget (toasts), NULL,
                           response_cb, question);
}
