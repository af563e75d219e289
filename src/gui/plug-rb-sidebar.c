/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sidebar.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-jobs-button.h"
#include "plug-rb-manager.h"
#include "plug-rb-plugin-menu.h"
#include "plug-rb-sidebar-place.h"
#include "plug-rb-plugin-row.h"
#include "plug-rb-wording.h"

struct _PlugRbSidebar {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  GListStore *places;
  PlugRbSidebarPlace *place; /* the one that is open, instead of a plugin */
  gboolean loading;
  gboolean narrow;

  GtkFlattenListModel *sections;
  GtkListView *list;
  GtkCustomFilter *places_filter;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (PlugRbSidebar, plug_rb_sidebar, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_LOADING = 1,
  PROP_MANAGER,
  PROP_NARROW,
  PROP_PLUGIN,
} PlugRbSidebarProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
dup_page (PlugRbSidebar *self, gboolean loading, guint n_items, guint n_shown, gboolean narrow)
{
  guint n_places =
      self->places != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->places)) : 0;

  if (loading)
    return g_strdup ("loading");
  if (n_items <= n_places)
    return g_strdup (narrow ? "none" : "list");

  return g_strdup (n_shown == 0 ? "no-hit" : "list");
}

static char *
dup_known_hosts (PlugRbSidebar *self, PlugRbManagerState state)
{
  return self->manager != NULL ? plug_rb_wording_known_hosts (self->manager) : NULL;
}

/* A row is used again for plugins; places are so few that each gets its own. */
static GtkWidget *
ensure_plugin_row (PlugRbSidebar *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL && PLUG_RB_IS_PLUGIN_ROW (row))
    return row;

  row = plug_rb_plugin_row_new ();
  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);
  g_object_bind_property (row, "label", item, "accessible-label", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (item, row);

  return row;
}

static void
bind_cb (PlugRbSidebar *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  gpointer shown = gtk_list_item_get_item (item);

  if (!PLUG_RB_IS_SIDEBAR_PLACE (shown)) {
    plug_rb_plugin_row_set_plugin (PLUG_RB_PLUGIN_ROW (ensure_plugin_row (self, item)), shown);
    return;
  }

  gtk_list_item_set_child (item, plug_rb_sidebar_place_create_row (shown));
  gtk_list_item_set_accessible_label (item, plug_rb_sidebar_place_get_title (shown));
}

static void
unbind_cb (PlugRbSidebar *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL && PLUG_RB_IS_PLUGIN_ROW (row))
    plug_rb_plugin_row_set_plugin (PLUG_RB_PLUGIN_ROW (row), NULL);
}

static void
setup_header_cb (PlugRbSidebar *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

/* The places at the top stand below no heading. */
static void
bind_header_cb (PlugRbSidebar *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  gpointer first = gtk_list_header_get_item (header);
  GtkWidget *label = gtk_list_header_get_child (header);
  PlugRbHost *host = PLUG_RB_IS_PLUGIN (first) ? plug_rb_plugin_get_host (first) : NULL;

  gtk_widget_set_visible (label, host != NULL);
  gtk_label_set_label (GTK_LABEL (label), host != NULL ? plug_rb_host_get_name (host) : "");
}

static gpointer
get_open (PlugRbSidebar *self)
{
  return self->place != NULL ? (gpointer) self->place : (gpointer) self->plugin;
}

static guint
find_position (PlugRbSidebar *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr(GObject) item = g_list_model_get_item (model, i);

    if (item == get_open (self))
      return i;
  }

  return GTK_INVALID_LIST_POSITION;
}

/* A search may hide the open plugin for a while: it stays open, and is selected again when it is
 * back. */
static void
items_changed_cb (PlugRbSidebar *self)
{
  if (get_open (self) != NULL && self->selection != NULL &&
      gtk_single_selection_get_selected_item (self->selection) == NULL)
    gtk_single_selection_set_selected (self->selection, find_position (self));
}

static void
open_item (PlugRbSidebar *self, gpointer item)
{
  if (PLUG_RB_IS_SIDEBAR_PLACE (item))
    plug_rb_sidebar_set_place (self, plug_rb_sidebar_place_get_name (item));
  else
    plug_rb_sidebar_set_plugin (self, item);
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* In a narrow window a row is selected by hovering over it, which opens nothing. */
static void
selected_cb (PlugRbSidebar *self)
{
  gpointer item = gtk_single_selection_get_selected_item (self->selection);

  if (!self->narrow && item != NULL && item != get_open (self))
    open_item (self, item);
}

static void
activated_cb (PlugRbSidebar *self, guint position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    open_item (self, item);
}

static void
search_activated_cb (PlugRbSidebar *self)
{
  activated_cb (self, 0);
}

static void
search_changed_cb (PlugRbSidebar *self)
{
  guint n_results = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autofree char *text = NULL;

  if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) == '\0')
    return;

  text = g_strdup_printf (ngettext ("%u result", "%u results", n_results), n_results);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->search_entry), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Typing starts a search; beside an open page in a narrow window it would take the page away, and
 * the lists of places have a search of their own. */
static void
update_key_capture (PlugRbSidebar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean own = self->narrow || root == NULL || self->place != NULL;
  GtkWidget *widget = own ? GTK_WIDGET (self) : GTK_WIDGET (root);

  gtk_search_bar_set_key_capture_widget (self->search_bar, widget);
}

static void
plug_rb_sidebar_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (plug_rb_sidebar_parent_class)->root (widget);

  update_key_capture (PLUG_RB_SIDEBAR (widget));
}

static void
plug_rb_sidebar_unroot (GtkWidget *widget)
{
  gtk_search_bar_set_key_capture_widget (PLUG_RB_SIDEBAR (widget)->search_bar, NULL);

  GTK_WIDGET_CLASS (plug_rb_sidebar_parent_class)->unroot (widget);
}

/* One searches for plugins. */
static gboolean
is_not_in_the_way (gpointer item, gpointer user_data)
{
  PlugRbSidebar *self = user_data;

  return PLUG_RB_IS_PLUGIN (item) ||
         *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) == '\0';
}

static GtkSorter *
create_sorter (void)
{
  GtkMultiSorter *sorter = gtk_multi_sorter_new ();
  GtkNumericSorter *installed =
      gtk_numeric_sorter_new (gtk_property_expression_new (PLUG_RB_TYPE_PLUGIN, NULL, "installed"));

  gtk_numeric_sorter_set_sort_order (installed, GTK_SORT_DESCENDING);
  gtk_multi_sorter_append (sorter, GTK_SORTER (installed));
  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_string_sorter_new (gtk_property_expression_new (
                                       PLUG_RB_TYPE_PLUGIN, NULL, "name"))));

  return GTK_SORTER (sorter);
}

/* Each list in the list becomes one section. */
static gpointer
map_host (gpointer item, gpointer user_data)
{
  g_autoptr(PlugRbHost) host = item;

  return gtk_sort_list_model_new (g_object_ref (plug_rb_host_get_plugins (host)), create_sorter ());
}

static PlugRbSidebarPlace *
find_place (PlugRbSidebar *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++) {
    g_autoptr(PlugRbSidebarPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);

    if (g_str_equal (plug_rb_sidebar_place_get_name (place), name))
      return place;
  }

  return NULL;
}

static void
add_place (PlugRbSidebar *self, const char *name, const char *title, const char *icon_name)
{
  g_autoptr(PlugRbSidebarPlace) place = plug_rb_sidebar_place_new (name, title, icon_name);

  g_list_store_append (self->places, place);
}

static void
set_manager (PlugRbSidebar *self, PlugRbManager *manager)
{
  g_autoptr(GListStore) places = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr(GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr(GtkMapListModel) hosts = NULL;
  g_autoptr(GtkFlattenListModel) all = NULL;

  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  plug_rb_sidebar_place_set_counted (find_place (self, "all"),
                                     plug_rb_manager_get_snapshots (manager));
  g_list_store_append (places, self->places);
  hosts = gtk_map_list_model_new (g_object_ref (plug_rb_manager_get_hosts (manager)), map_host,
                                  NULL, NULL);
  g_list_store_append (lists, places);
  g_list_store_append (lists, hosts);
  all = gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists)));
  gtk_flatten_list_model_set_model (self->sections, G_LIST_MODEL (all));
}

static void
plug_rb_sidebar_dispose (GObject *object)
{
  PlugRbSidebar *self = PLUG_RB_SIDEBAR (object);

  if (self->search_bar != NULL)
    gtk_search_bar_set_key_capture_widget (self->search_bar, NULL);
  if (self->places_filter != NULL)
    gtk_custom_filter_set_filter_func (self->places_filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_SIDEBAR);
  g_clear_object (&self->manager);
  g_clear_object (&self->place);
  g_clear_object (&self->places);
  g_clear_object (&self->plugin);

  G_OBJECT_CLASS (plug_rb_sidebar_parent_class)->dispose (object);
}

static void
plug_rb_sidebar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbSidebar *self = PLUG_RB_SIDEBAR (object);

  switch ((PlugRbSidebarProperty) prop_id) {
  case PROP_LOADING:
    g_value_set_boolean (value, self->loading);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_sidebar_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  PlugRbSidebar *self = PLUG_RB_SIDEBAR (object);

  switch ((PlugRbSidebarProperty) prop_id) {
  case PROP_LOADING:
    self->loading = g_value_get_boolean (value);
    break;

  case PROP_MANAGER:
    set_manager (self, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    update_key_capture (self);
    break;

  case PROP_PLUGIN:
    plug_rb_sidebar_set_plugin (self, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN,
                                                 flags | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PLUG_RB_TYPE_HOST);
  g_type_ensure (PLUG_RB_TYPE_MANAGER);
  g_type_ensure (PLUG_RB_TYPE_PLUGIN);
  g_type_ensure (PLUG_RB_TYPE_JOBS_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, places_filter);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, sections);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSidebar, selection);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, dup_known_hosts);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, items_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_plugin_menu_popup_focused (GTK_WIDGET (PLUG_RB_SIDEBAR (widget)->list));
}

static void
plug_rb_sidebar_class_init (PlugRbSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_sidebar_dispose;
  object_class->get_property = plug_rb_sidebar_get_property;
  object_class->set_property = plug_rb_sidebar_set_property;
  widget_class->root = plug_rb_sidebar_root;
  widget_class->unroot = plug_rb_sidebar_unroot;
  install_properties (object_class);

  gtk_widget_class_install_action (widget_class, "sidebar.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "sidebar.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "sidebar.menu",
                                       NULL);

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);
}

static void
plug_rb_sidebar_init (PlugRbSidebar *self)
{
  self->places = g_list_store_new (PLUG_RB_TYPE_SIDEBAR_PLACE);
  add_place (self, "all", _("All Snapshots"), "view-list-symbolic");
  add_place (self, "history", _("History"), "document-open-recent-symbolic");
  gtk_widget_init_template (GTK_WIDGET (self));
  plug_rb_plugin_menu_attach (GTK_WIDGET (self->list));
  gtk_custom_filter_set_filter_func (self->places_filter, is_not_in_the_way, self, NULL);
}

PlugRbPlugin *
plug_rb_sidebar_get_plugin (PlugRbSidebar *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR (self), NULL);

  return self->plugin;
}

void
plug_rb_sidebar_set_plugin (PlugRbSidebar *self, PlugRbPlugin *plugin)
{
  g_return_if_fail (PLUG_RB_IS_SIDEBAR (self));

  if (plugin != NULL && self->place != NULL) {
    g_clear_object (&self->place);
    update_key_capture (self);
  } else if (plugin == self->plugin) {
    return;
  }

  g_set_object (&self->plugin, plugin);
  gtk_single_selection_set_selected (self->selection, find_position (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
}

/* The plugin that was open is no longer. */
void
plug_rb_sidebar_set_place (PlugRbSidebar *self, const char *name)
{
  PlugRbSidebarPlace *place;

  g_return_if_fail (PLUG_RB_IS_SIDEBAR (self));

  place = find_place (self, name);
  if (place == NULL || !g_set_object (&self->place, place))
    return;

  g_clear_object (&self->plugin);
  gtk_single_selection_set_selected (self->selection, find_position (self));
  update_key_capture (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
}

/* NULL while a plugin is open. */
const char *
plug_rb_sidebar_get_place (PlugRbSidebar *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR (self), NULL);

  return self->place != NULL ? plug_rb_sidebar_place_get_name (self->place) : NULL;
}

/* The plugin that stands so many rows further down; none past the ends. */
PlugRbPlugin *
plug_rb_sidebar_dup_neighbor (PlugRbSidebar *self, int step)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  g_autoptr(GObject) item = NULL;
  guint position;

  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR (self), NULL);

  position = find_position (self);
  if (position == GTK_INVALID_LIST_POSITION) {
    position = 0;
    step = 0;
  }

  for (position += (guint) step; (item = g_list_model_get_item (model, position)) != NULL;
       position += step < 0 ? (guint) -1 : 1) {
    if (PLUG_RB_IS_PLUGIN (item))
      return PLUG_RB_PLUGIN (g_steal_pointer (&item));
    g_clear_object (&item);
  }

  return NULL;
}

void
plug_rb_sidebar_search (PlugRbSidebar *self)
{
  g_return_if_fail (PLUG_RB_IS_SIDEBAR (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
plug_rb_sidebar_stop_search (PlugRbSidebar *self)
{
  gboolean searching;

  g_return_val_if_fail (PLUG_RB_IS_SIDEBAR (self), FALSE);

  searching = gtk_search_bar_get_search_mode (self->search_bar);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);

  return searching;
}
