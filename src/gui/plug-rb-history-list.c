/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-list.h"

#include "plug-rb-history-row.h"
#include "plug-rb-manager.h"

struct _PlugRbHistoryList {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  guint limit;

  GSignalGroup *manager_signals;

  GtkListBox *list;
  GtkCustomFilter *filter;
  GtkFilterListModel *filtered;
  GtkSliceListModel *slice;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryList, plug_rb_history_list, ADW_TYPE_BIN)

typedef enum {
  PROP_LIMIT = 1,
  PROP_MANAGER,
  PROP_N_ROWS,
  PROP_PLUGIN,
} PlugRbHistoryListProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  PlugRbHistoryList *self = user_data;

  return self->plugin != NULL &&
         plug_rb_operation_concerns (item, plug_rb_plugin_get_key (self->plugin));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  PlugRbHistoryList *self = user_data;

  return plug_rb_history_row_new (item, self->plugin);
}

/* An operation may get to know its plugins only while it runs. */
static void
jobs_changed_cb (PlugRbHistoryList *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
rows_changed_cb (PlugRbHistoryList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ROWS]);
}

static void
set_plugin (PlugRbHistoryList *self, PlugRbPlugin *plugin)
{
  if (g_set_object (&self->plugin, plugin))
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
plug_rb_history_list_dispose (GObject *object)
{
  PlugRbHistoryList *self = PLUG_RB_HISTORY_LIST (object);

  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  /* Or AdwBin would unparent its child a second time. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_LIST);
  g_clear_object (&self->manager_signals);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);

  G_OBJECT_CLASS (plug_rb_history_list_parent_class)->dispose (object);
}

static void
plug_rb_history_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHistoryList *self = PLUG_RB_HISTORY_LIST (object);

  switch ((PlugRbHistoryListProperty) prop_id) {
  case PROP_LIMIT:
    g_value_set_uint (value, self->limit);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_N_ROWS:
    g_value_set_uint (value, g_list_model_get_n_items (G_LIST_MODEL (self->filtered)));
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_list_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbHistoryList *self = PLUG_RB_HISTORY_LIST (object);

  switch ((PlugRbHistoryListProperty) prop_id) {
  case PROP_LIMIT:
    self->limit = g_value_get_uint (value);
    break;

  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    g_signal_group_set_target (self->manager_signals, self->manager);
    break;

  case PROP_PLUGIN:
    set_plugin (self, g_value_get_object (value));
    break;

  case PROP_N_ROWS:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_list_class_init (PlugRbHistoryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_history_list_dispose;
  object_class->get_property = plug_rb_history_list_get_property;
  object_class->set_property = plug_rb_history_list_set_property;

  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  properties[PROP_N_ROWS] = g_param_spec_uint ("n-rows", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryList, filter);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryList, filtered);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryList, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryList, slice);
  gtk_widget_class_bind_template_callback (widget_class, rows_changed_cb);
}

static void
plug_rb_history_list_init (PlugRbHistoryList *self)
{
  self->manager_signals = g_signal_group_new (PLUG_RB_TYPE_MANAGER);
  g_signal_group_connect_object (self->manager_signals, "notify::n-jobs",
                                 G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_custom_filter_set_filter_func (self->filter, is_shown, self, NULL);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, self, NULL);
}
