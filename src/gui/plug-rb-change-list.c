/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-change-list.h"

#include "plug-rb-change-row.h"

struct _PlugRbChangeList {
  AdwBin parent_instance;

  GListModel *changes;
  gboolean narrow;
  gboolean opens;
  GPtrArray *rows; /* all that were set up, borrowed: there are only as many as fit on the screen */
};

G_DEFINE_FINAL_TYPE (PlugRbChangeList, plug_rb_change_list, ADW_TYPE_BIN)

typedef enum {
  PROP_CHANGES = 1,
  PROP_NARROW,
  PROP_OPENS,
} PlugRbChangeListProperty;

static GParamSpec *properties[PROP_OPENS + 1];

static void
setup_cb (PlugRbChangeList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = plug_rb_change_row_new ();

  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "opens", row, "opens", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (item, row);
  g_ptr_array_add (self->rows, row);
}

static void
bind_cb (PlugRbChangeList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  PlugRbChangeRow *row = PLUG_RB_CHANGE_ROW (gtk_list_item_get_child (item));
  g_autofree char *label = NULL;

  plug_rb_change_row_set_change (row, gtk_list_item_get_item (item));
  label = plug_rb_change_row_dup_label (row);
  gtk_list_item_set_accessible_label (item, label);
}

static void
unbind_cb (PlugRbChangeList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  plug_rb_change_row_set_change (PLUG_RB_CHANGE_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
teardown_cb (PlugRbChangeList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  g_ptr_array_remove_fast (self->rows, gtk_list_item_get_child (item));
  gtk_list_item_set_child (item, NULL);
}

static void
open_change (PlugRbChangeList *self, PlugRbChange *change)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "compare.show-file", "(s^ay)",
                              plug_rb_change_get_part (change), plug_rb_change_get_path (change));
}

/* Long names and values are cut off in a row; activating it shows them whole. */
static void
activate_cb (PlugRbChangeList *self, guint position, GtkListView *list)
{
  g_autoptr(PlugRbChange) change =
      g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (list)), position);

  if (self->opens && plug_rb_change_has_content (change)) {
    open_change (self, change);
    return;
  }

  for (guint i = 0; i < self->rows->len; i++) {
    PlugRbChangeRow *row = g_ptr_array_index (self->rows, i);

    if (plug_rb_change_row_get_change (row) == change)
      plug_rb_change_row_toggle (row);
  }
}

static void
plug_rb_change_list_dispose (GObject *object)
{
  PlugRbChangeList *self = PLUG_RB_CHANGE_LIST (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_CHANGE_LIST);
  g_clear_object (&self->changes);

  G_OBJECT_CLASS (plug_rb_change_list_parent_class)->dispose (object);
}

static void
plug_rb_change_list_finalize (GObject *object)
{
  PlugRbChangeList *self = PLUG_RB_CHANGE_LIST (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_change_list_parent_class)->finalize (object);
}

static void
plug_rb_change_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbChangeList *self = PLUG_RB_CHANGE_LIST (object);

  switch ((PlugRbChangeListProperty) prop_id) {
  case PROP_CHANGES:
    g_value_set_object (value, self->changes);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_OPENS:
    g_value_set_boolean (value, self->opens);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_change_list_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbChangeList *self = PLUG_RB_CHANGE_LIST (object);

  switch ((PlugRbChangeListProperty) prop_id) {
  case PROP_CHANGES:
    g_set_object (&self->changes, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_OPENS:
    self->opens = g_value_get_boolean (value);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_change_list_class_init (PlugRbChangeListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_change_list_dispose;
  object_class->finalize = plug_rb_change_list_finalize;
  object_class->get_property = plug_rb_change_list_get_property;
  object_class->set_property = plug_rb_change_list_set_property;

  properties[PROP_CHANGES] = g_param_spec_object ("changes", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_OPENS] = g_param_spec_boolean ("opens", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-change-list.ui");
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, teardown_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
plug_rb_change_list_init (PlugRbChangeList *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
