/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-text-saver.h"

#include "plug-rb-toasts.h"

typedef struct {
  PlugRbToasts *toasts;
  char *text;
  char *done;
  char *failed;
} Saving;

static void
saving_free (Saving *saving)
{
  g_clear_object (&saving->toasts);
  g_free (saving->text);
  g_free (saving->done);
  g_free (saving->failed);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (GtkWidget *widget, const char *text, const PlugRbSaverWords *words)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->toasts = plug_rb_toasts_new_for (widget);
  saving->text = g_strdup (text);
  saving->done = g_strdup (words->done);
  saving->failed = g_strdup (words->failed);

  return saving;
}

static void
say_failed (Saving *saving, const GError *error)
{
  plug_rb_toasts_show_failure (saving->toasts, PLUG_RB_TOAST_OTHER, g_strdup (saving->failed),
                               error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    plug_rb_toasts_show_text (saving->toasts, PLUG_RB_TOAST_OTHER, g_strdup (saving->done));
  else
    say_failed (saving, error);
}

static void
save (Saving *saving, GFile *file)
{
  g_autoptr(GBytes) bytes = g_bytes_new (saving->text, strlen (saving->text));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, saved_cb,
                                       saving);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  if (file != NULL)
    save (g_steal_pointer (&saving), file);
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    say_failed (saving, error);
}

/* Asks where @text is to be saved. */
void
plug_rb_text_saver_ask (GtkWidget *widget, const char *text, const PlugRbSaverWords *words)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  root = gtk_widget_get_root (widget);
  gtk_file_dialog_set_title (dialog, words->title);
  gtk_file_dialog_set_initial_name (dialog, words->name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, chosen_cb,
                        saving_new (widget, text, words));
}

void
plug_rb_text_saver_save (GtkWidget *widget,
                         GFile *file,
                         const char *text,
                         const PlugRbSaverWords *words)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (text != NULL);

  save (saving_new (widget, text, words), file);
}
