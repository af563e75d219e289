/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-focus.h"

/**
 * plug_rb_focus_leave:
 * @widget: is about to be hidden
 *
 * Takes the focus away from what is in a widget. When the focus is hidden, a GtkWindow keeps a
 * reference on what was hidden until its next frame, so that it can look for another place; hidden
 * twice before that, or closed, it never lets go of it.
 */
void
plug_rb_focus_leave (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, widget))
    gtk_root_set_focus (root, NULL);
}
