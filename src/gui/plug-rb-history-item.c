/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-item.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-wording.h"

struct _PlugRbHistoryItem {
  GtkBox parent_instance;

  GtkListItem *item; /* borrowed: it has this as its child */
  PlugRbOperation *operation;
  PlugRbClock *clock;

  GSignalGroup *operation_signals;

  GtkWidget *automatic;
  GtkImage *icon;
  GtkLabel *subtitle;
  GtkLabel *title;
  GtkWidget *undo_button;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryItem, plug_rb_history_item, GTK_TYPE_BOX)

static void
set_label (PlugRbHistoryItem *self, const char *title, const char *details, gboolean automatic)
{
  /* TRANSLATORS: what was done, then when it was and how it ended; read out by a screen reader */
  g_autofree char *label = automatic ? g_strdup_printf (_("%s, automatic, %s"), title, details)
                                     : g_strdup_printf (_("%s, %s"), title, details);

  gtk_list_item_set_accessible_label (self->item, label);
}

static void
update (PlugRbHistoryItem *self)
{
  g_autofree char *title = NULL;
  g_autofree char *details = NULL;
  gboolean automatic;

  if (self->operation == NULL)
    return;

  title = plug_rb_operation_dup_title (self->operation);
  details =
      plug_rb_wording_operation_details (self->operation, plug_rb_clock_get_now (self->clock));
  automatic = plug_rb_operation_get_automatic (self->operation);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, details);
  gtk_image_set_from_icon_name (self->icon, plug_rb_wording_operation_icon (self->operation));
  gtk_widget_set_css_classes (
      GTK_WIDGET (self->icon),
      (const char *[]) { plug_rb_wording_operation_style (self->operation), NULL });
  gtk_widget_set_visible (self->automatic, automatic);
  gtk_widget_set_visible (self->undo_button, plug_rb_operation_get_can_undo (self->operation));
  set_label (self, title, details, automatic);
}

static void
plug_rb_history_item_dispose (GObject *object)
{
  PlugRbHistoryItem *self = PLUG_RB_HISTORY_ITEM (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_ITEM);
  g_clear_object (&self->operation_signals);
  g_clear_object (&self->operation);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_history_item_parent_class)->dispose (object);
}

static void
plug_rb_history_item_class_init (PlugRbHistoryItemClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_history_item_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-item.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryItem, automatic);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryItem, icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryItem, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryItem, title);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryItem, undo_button);
}

static void
plug_rb_history_item_init (PlugRbHistoryItem *self)
{
  static const char *const changes[] = { "notify::can-undo", "notify::status", "notify::title" };

  self->clock = plug_rb_clock_ref_default ();
  self->operation_signals = g_signal_group_new (PLUG_RB_TYPE_OPERATION);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_signal_group_connect_object (self->operation_signals, changes[i], G_CALLBACK (update), self,
                                   G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_history_item_new (GtkListItem *item)
{
  PlugRbHistoryItem *self = g_object_new (PLUG_RB_TYPE_HISTORY_ITEM, NULL);

  self->item = item;

  return GTK_WIDGET (self);
}

void
plug_rb_history_item_set_operation (PlugRbHistoryItem *self, PlugRbOperation *operation)
{
  g_return_if_fail (PLUG_RB_IS_HISTORY_ITEM (self));

  g_signal_group_set_target (self->operation_signals, operation);
  g_set_object (&self->operation, operation);
  if (operation != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->undo_button), "s",
                                      plug_rb_operation_get_id (operation));
  update (self);
}
