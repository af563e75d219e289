/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-page.h"

#include "plug-rb-history-list.h"

#define MORE 100

struct _PlugRbHistoryPage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;

  GtkWidget *history_list;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryPage, plug_rb_history_page, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_MANAGER = 1,
  PROP_PLUGIN,
} PlugRbHistoryPageProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static char *
dup_page (PlugRbHistoryPage *self, guint n_rows, const char *search)
{
  if (n_rows > 0)
    return g_strdup ("list");

  return g_strdup (search != NULL && *search != '\0' ? "no-hit" : "empty");
}

/* Of no plugin it is the history of all. */
static gboolean
is_of_all (PlugRbHistoryPage *self, PlugRbPlugin *plugin)
{
  return plugin == NULL;
}

static gboolean
is_more (PlugRbHistoryPage *self, guint n_rows, guint limit)
{
  return n_rows > limit;
}

static void
show_more_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (widget);
  guint limit;

  g_object_get (self->history_list, "limit", &limit, NULL);
  g_object_set (self->history_list, "limit", limit + MORE, NULL);
}

static void
plug_rb_history_page_dispose (GObject *object)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_PAGE);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);

  G_OBJECT_CLASS (plug_rb_history_page_parent_class)->dispose (object);
}

static void
plug_rb_history_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  switch ((PlugRbHistoryPageProperty) prop_id) {
  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_page_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  switch ((PlugRbHistoryPageProperty) prop_id) {
  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    break;

  case PROP_PLUGIN:
    g_set_object (&self->plugin, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_page_class_init (PlugRbHistoryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_history_page_dispose;
  object_class->get_property = plug_rb_history_page_get_property;
  object_class->set_property = plug_rb_history_page_set_property;

  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "history.show-more", NULL, show_more_action);

  g_type_ensure (PLUG_RB_TYPE_HISTORY_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, history_list);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, is_more);
  gtk_widget_class_bind_template_callback (widget_class, is_of_all);
}

static void
plug_rb_history_page_init (PlugRbHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
plug_rb_history_page_new (PlugRbManager *manager, PlugRbPlugin *plugin)
{
  return g_object_new (PLUG_RB_TYPE_HISTORY_PAGE, "manager", manager, "plugin", plugin, NULL);
}
