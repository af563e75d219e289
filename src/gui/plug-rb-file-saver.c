/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-file-saver.h"

#include <glib/gi18n.h>

#include "plug-rb-manager-extract.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-toasts.h"
#include "plug-rb-wording.h"

typedef struct {
  PlugRbToasts *toasts;
  PlugRbManager *manager;
  PlugRbSnapshot *snapshot;
  GFile *folder;
} Saving;

static void
saving_free (Saving *saving)
{
  g_clear_object (&saving->toasts);
  g_clear_object (&saving->manager);
  g_clear_object (&saving->snapshot);
  g_clear_object (&saving->folder);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (PlugRbToasts *toasts, PlugRbManager *manager, PlugRbSnapshot *snapshot)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->toasts = g_object_ref (toasts);
  saving->manager = g_object_ref (manager);
  saving->snapshot = g_object_ref (snapshot);

  return saving;
}

static void
say_failed (Saving *saving, const GError *error)
{
  plug_rb_toasts_show_failure (saving->toasts, PLUG_RB_TOAST_OTHER,
                               g_strdup (_("Could not save the files")), error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_file_get_basename (saving->folder);
  g_autofree char *isolated = plug_rb_wording_isolate (name);

  if (plug_rb_manager_extract_finish (PLUG_RB_MANAGER (source), result, &error))
    /* TRANSLATORS: %s is the name of a folder */
    plug_rb_toasts_show_text (saving->toasts, PLUG_RB_TOAST_OTHER,
                              g_strdup_printf (_("Saved in “%s”"), isolated));
  else
    say_failed (saving, error);
}

static void
save (Saving *saving, GFile *parent)
{
  g_autofree char *name = plug_rb_wording_folder (saving->snapshot);

  saving->folder = g_file_get_child (parent, name);
  plug_rb_manager_extract_async (saving->manager, saving->snapshot, saving->folder, NULL, saved_cb,
                                 saving);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) parent =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, &error);

  if (parent != NULL)
    save (g_steal_pointer (&saving), parent);
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    say_failed (saving, error);
}

/* Asks for the folder in which the files get a folder of their own. */
void
plug_rb_file_saver_ask (PlugRbToasts *toasts, PlugRbManager *manager, PlugRbSnapshot *snapshot)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkWidget *overlay;
  GtkRoot *root;

  g_return_if_fail (PLUG_RB_IS_TOASTS (toasts));

  overlay = plug_rb_toasts_get_widget (toasts);
  root = overlay ? gtk_widget_get_root (overlay) : NULL;
  gtk_file_dialog_set_title (dialog, _("Save Files of Snapshot"));
  gtk_file_dialog_select_folder (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                                 chosen_cb, saving_new (toasts, manager, snapshot));
}

/* Saves them in a new folder in @parent, which is named after the plugin and its version. */
void
plug_rb_file_saver_save (PlugRbToasts *toasts,
                         PlugRbManager *manager,
                         PlugRbSnapshot *snapshot,
                         GFile *parent)
{
  g_return_if_fail (PLUG_RB_IS_TOASTS (toasts));

  save (saving_new (toasts, manager, snapshot), parent);
}
