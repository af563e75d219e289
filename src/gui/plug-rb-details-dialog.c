/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-details-dialog.h"

#include <glib/gi18n.h>

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_focusable (label, FALSE);

  return label;
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  GtkLabel *label = GTK_LABEL (adw_alert_dialog_get_extra_child (dialog));

  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)),
                            gtk_label_get_text (label));
}

/* What went wrong, in words that can be selected and copied into a report. */
void
plug_rb_details_dialog_present (GtkWidget *parent, const char *heading, const char *text)
{
  AdwAlertDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, NULL));
  adw_alert_dialog_set_extra_child (dialog, create_label (text));
  adw_alert_dialog_add_responses (dialog, "copy", _("_Copy"), "close", _("_Close"), NULL);
  adw_alert_dialog_set_default_response (dialog, "close");
  adw_alert_dialog_set_close_response (dialog, "close");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);

  adw_dialog_present (ADW_DIALOG (dialog), parent);
}
