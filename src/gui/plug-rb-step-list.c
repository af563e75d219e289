/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-step-list.h"

#include "plug-rb-step-row.h"

struct _PlugRbStepList {
  AdwBin parent_instance;

  GListModel *steps;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (PlugRbStepList, plug_rb_step_list, ADW_TYPE_BIN)

typedef enum {
  PROP_STEPS = 1,
} PlugRbStepListProperty;

static GParamSpec *properties[PROP_STEPS + 1];

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return plug_rb_step_row_new (item);
}

static void
plug_rb_step_list_dispose (GObject *object)
{
  PlugRbStepList *self = PLUG_RB_STEP_LIST (object);

  /* Or AdwBin would unparent its child a second time. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_STEP_LIST);
  g_clear_object (&self->steps);

  G_OBJECT_CLASS (plug_rb_step_list_parent_class)->dispose (object);
}

static void
plug_rb_step_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbStepList *self = PLUG_RB_STEP_LIST (object);

  switch ((PlugRbStepListProperty) prop_id) {
  case PROP_STEPS:
    g_value_set_object (value, self->steps);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_step_list_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  PlugRbStepList *self = PLUG_RB_STEP_LIST (object);

  switch ((PlugRbStepListProperty) prop_id) {
  case PROP_STEPS:
    if (g_set_object (&self->steps, g_value_get_object (value)))
      gtk_list_box_bind_model (self->list, self->steps, create_row, NULL, NULL);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_step_list_class_init (PlugRbStepListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_step_list_dispose;
  object_class->get_property = plug_rb_step_list_get_property;
  object_class->set_property = plug_rb_step_list_set_property;

  properties[PROP_STEPS] = g_param_spec_object ("steps", NULL, NULL, G_TYPE_LIST_MODEL,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-step-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbStepList, list);
}

static void
plug_rb_step_list_init (PlugRbStepList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
