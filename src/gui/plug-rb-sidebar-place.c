/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sidebar-place.h"

struct _PlugRbSidebarPlace {
  GObject parent_instance;

  char *name;
  char *title;
  char *icon_name;
  GListModel *counted;
};

G_DEFINE_FINAL_TYPE (PlugRbSidebarPlace, plug_rb_sidebar_place, G_TYPE_OBJECT)

static void
plug_rb_sidebar_place_finalize (GObject *object)
{
  PlugRbSidebarPlace *self = PLUG_RB_SIDEBAR_PLACE (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->icon_name, g_free);
  g_clear_object (&self->counted);

  G_OBJECT_CLASS (plug_rb_sidebar_place_parent_class)->finalize (object);
}

static void
plug_rb_sidebar_place_class_init (PlugRbSidebarPlaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_sidebar_place_finalize;
}

static void
plug_rb_sidebar_place_init (PlugRbSidebarPlace *self)
{
}

PlugRbSidebarPlace *
plug_rb_sidebar_place_new (const char *name, const char *title, const char *icon_name)
{
  PlugRbSidebarPlace *self = g_object_new (PLUG_RB_TYPE_SIDEBAR_PLACE, NULL);

  self->name = g_strdup (name);
  self->title = g_strdup (title);
  self->icon_name = g_strdup (icon_name);

  return self;
}

/* The row shows how many items are in that list. */
void
plug_rb_sidebar_place_set_counted (PlugRbSidebarPlace *self, GListModel *counted)
{
  g_return_if_fail (PLUG_RB_IS_SIDEBAR_PLACE (self));

  g_set_object (&self->counted, counted);
}

const char *
plug_rb_sidebar_place_get_name (PlugRbSidebarPlace *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR_PLACE (self), NULL);

  return self->name;
}

const char *
plug_rb_sidebar_place_get_title (PlugRbSidebarPlace *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR_PLACE (self), NULL);

  return self->title;
}

static gboolean
count_to_text (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  guint n = g_value_get_uint (from);

  g_value_take_string (to, n > 0 ? g_strdup_printf ("%u", n) : g_strdup (""));
  return TRUE;
}

static GtkWidget *
create_count (GListModel *counted)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, "dimmed");
  gtk_widget_add_css_class (label, "numeric");
  g_object_bind_property_full (counted, "n-items", label, "label", G_BINDING_SYNC_CREATE,
                               count_to_text, NULL, NULL, NULL);

  return label;
}

GtkWidget *
plug_rb_sidebar_place_create_row (PlugRbSidebarPlace *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (self->title);

  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR_PLACE (self), NULL);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name (self->icon_name));
  gtk_box_append (GTK_BOX (row), title);
  if (self->counted != NULL)
    gtk_box_append (GTK_BOX (row), create_count (self->counted));

  return row;
}
