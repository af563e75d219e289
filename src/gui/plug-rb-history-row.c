/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-row.h"

#include "plug-rb-clock.h"
#include "plug-rb-wording.h"

struct _PlugRbHistoryRow {
  AdwActionRow parent_instance;

  PlugRbOperation *operation;
  PlugRbPlugin *plugin;
  PlugRbClock *clock;

  GtkButton *undo_button;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryRow, plug_rb_history_row, ADW_TYPE_ACTION_ROW)

typedef enum {
  PROP_CLOCK = 1,
  PROP_OPERATION,
  PROP_PLUGIN,
} PlugRbHistoryRowProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static char *
dup_title (PlugRbHistoryRow *self, PlugRbOperation *operation, PlugRbStatus status)
{
  return self->plugin != NULL
             ? plug_rb_wording_done (operation, plug_rb_plugin_get_name (self->plugin))
             : plug_rb_operation_dup_title (operation);
}

static char *
dup_subtitle (PlugRbHistoryRow *self,
              PlugRbOperation *operation,
              PlugRbStatus status,
              GDateTime *now)
{
  return plug_rb_wording_operation_details (operation, now);
}

static char *
dup_icon (PlugRbHistoryRow *self, PlugRbOperation *operation, PlugRbStatus status)
{
  return g_strdup (plug_rb_wording_operation_icon (operation));
}

static char **
dup_classes (PlugRbHistoryRow *self, PlugRbStatus status)
{
  const char *classes[] = { plug_rb_wording_operation_style (self->operation), NULL };

  return g_strdupv ((char **) classes);
}

static void
plug_rb_history_row_constructed (GObject *object)
{
  PlugRbHistoryRow *self = PLUG_RB_HISTORY_ROW (object);

  G_OBJECT_CLASS (plug_rb_history_row_parent_class)->constructed (object);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->undo_button), "s",
                                    plug_rb_operation_get_id (self->operation));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s",
                                    plug_rb_operation_get_id (self->operation));
}

static void
plug_rb_history_row_dispose (GObject *object)
{
  PlugRbHistoryRow *self = PLUG_RB_HISTORY_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_ROW);
  g_clear_object (&self->operation);
  g_clear_object (&self->plugin);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_history_row_parent_class)->dispose (object);
}

static void
plug_rb_history_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHistoryRow *self = PLUG_RB_HISTORY_ROW (object);

  switch ((PlugRbHistoryRowProperty) prop_id) {
  case PROP_CLOCK:
    g_value_set_object (value, self->clock);
    break;

  case PROP_OPERATION:
    g_value_set_object (value, self->operation);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_row_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbHistoryRow *self = PLUG_RB_HISTORY_ROW (object);

  switch ((PlugRbHistoryRowProperty) prop_id) {
  case PROP_OPERATION:
    self->operation = g_value_dup_object (value);
    break;

  case PROP_PLUGIN:
    self->plugin = g_value_dup_object (value);
    break;

  case PROP_CLOCK:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_row_class_init (PlugRbHistoryRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags fixed = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = plug_rb_history_row_constructed;
  object_class->dispose = plug_rb_history_row_dispose;
  object_class->get_property = plug_rb_history_row_get_property;
  object_class->set_property = plug_rb_history_row_set_property;

  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, PLUG_RB_TYPE_CLOCK,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_OPERATION] =
      g_param_spec_object ("operation", NULL, NULL, PLUG_RB_TYPE_OPERATION, fixed);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, fixed);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryRow, undo_button);
  gtk_widget_class_bind_template_callback (widget_class, dup_classes);
  gtk_widget_class_bind_template_callback (widget_class, dup_icon);
  gtk_widget_class_bind_template_callback (widget_class, dup_subtitle);
  gtk_widget_class_bind_template_callback (widget_class, dup_title);
}

static void
plug_rb_history_row_init (PlugRbHistoryRow *self)
{
  self->clock = plug_rb_clock_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_history_row_new (PlugRbOperation *operation, PlugRbPlugin *plugin)
{
  return g_object_new (PLUG_RB_TYPE_HISTORY_ROW, "operation", operation, "plugin", plugin, NULL);
}
