/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-panel-private.h"

#include <glib/gi18n.h>

#include "plug-rb-snapshot-chips.h"
#include "plug-rb-filter-popover.h"
#include "plug-rb-format.h"
#include "plug-rb-panel-row.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

G_DEFINE_FINAL_TYPE (PlugRbPanel, plug_rb_panel, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_FULL_TIME = 1,
  PROP_MANAGER,
  PROP_N_SELECTED,
  PROP_NARROW,
  PROP_PLUGIN,
  PROP_SELECTING,
  PROP_SORT,
} PlugRbPanelProperty;

static GParamSpec *properties[PROP_SORT + 1];

/* ---- what the template asks */

static char *
dup_title (PlugRbPanel *self, gboolean selecting, guint n_selected)
{
  if (!selecting)
    return g_strdup (_("All Snapshots"));
  if (n_selected == 0)
    return g_strdup (_("Select Snapshots"));

  return g_strdup_printf (ngettext ("%u Selected", "%u Selected", n_selected), n_selected);
}

static char *
dup_page (PlugRbPanel *self, PlugRbManagerState state, guint n_snapshots, guint n_shown)
{
  if (state == PLUG_RB_MANAGER_STATE_LOADING)
    return g_strdup ("loading");
  if (n_snapshots == 0)
    return g_strdup ("empty");

  return g_strdup (n_shown == 0 ? "no-hit" : "list");
}

/* ---- rows */

static void
setup_cb (PlugRbPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = plug_rb_panel_row_new (item);

  g_object_set (row, "menu", self->row_menu, NULL);
  g_object_bind_property (self, "full-time", row, "full-time", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "selecting", row, "selecting", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (PlugRbPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  plug_rb_panel_row_set_snapshot (PLUG_RB_PANEL_ROW (gtk_list_item_get_child (item)),
                                  gtk_list_item_get_item (item));
}

static void
unbind_cb (PlugRbPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  plug_rb_panel_row_set_snapshot (PLUG_RB_PANEL_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
setup_header_cb (PlugRbPanel *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

static void
bind_header_cb (PlugRbPanel *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  PlugRbSnapshot *snapshot = gtk_list_header_get_item (header);
  g_autofree char *text = NULL;

  if (self->order == PLUG_RB_ORDER_PLUGIN)
    text = plug_rb_wording_name (snapshot);
  else
    text = plug_rb_format_day (plug_rb_snapshot_get_timestamp (snapshot),
                               plug_rb_clock_get_now (self->clock));
  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text);
}

/* Tomorrow “Today” is “Yesterday”. */
static void
clock_cb (PlugRbPanel *self)
{
  int today = g_date_time_get_day_of_year (plug_rb_clock_get_now (self->clock));

  if (self->today == today)
    return;

  self->today = today;
  gtk_list_view_set_header_factory (self->list, NULL);
  gtk_list_view_set_header_factory (self->list, self->header_factory);
}

/* ---- order and filters */

static gboolean
get_full_time (PlugRbPanel *self)
{
  return self->order == PLUG_RB_ORDER_LARGEST || self->order == PLUG_RB_ORDER_PLUGIN;
}

static void
apply_order (PlugRbPanel *self)
{
  g_autoptr(GtkSorter) sections = plug_rb_snapshot_sorter_new_for_sections (self->order);
  g_autoptr(GtkSorter) sorter = plug_rb_snapshot_sorter_new (self->order);

  /* Sorted once, and not first by one and then by the other. */
  gtk_sort_list_model_set_sorter (self->sorted, NULL);
  gtk_sort_list_model_set_section_sorter (self->sorted, sections);
  gtk_sort_list_model_set_sorter (self->sorted, sorter);
  gtk_list_view_set_header_factory (self->list, sections != NULL ? self->header_factory : NULL);
}

static void
set_sort (PlugRbPanel *self, const char *sort)
{
  PlugRbOrder order;

  if (!plug_rb_order_parse (sort, &order) || !g_set_str (&self->sort, sort))
    return;

  self->order = order;
  apply_order (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULL_TIME]);
}

/* The chip of the plugin was taken away. */
static void
forget_plugin (PlugRbPanel *self)
{
  g_autofree char *key = NULL;

  g_object_get (self->filter, "plugin", &key, NULL);
  if (key == NULL && self->plugin != NULL) {
    g_clear_object (&self->plugin);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
  }
}

static void
filter_changed_cb (PlugRbPanel *self)
{
  if (self->settings == NULL)
    return;

  forget_plugin (self);
  g_settings_set_value (self->settings, "panel-filter",
                        plug_rb_snapshot_filter_to_variant (self->filter));
}

static void
set_plugin (PlugRbPanel *self, PlugRbPlugin *plugin)
{
  if (!g_set_object (&self->plugin, plugin))
    return;

  if (plugin != NULL)
    gtk_editable_set_text (self->search_entry, "");
  g_object_set (self->filter, "plugin", plugin != NULL ? plug_rb_plugin_get_key (plugin) : NULL,
                NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
}

static void
clear_filters_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  plug_rb_snapshot_filter_clear (self->filter);
  plug_rb_panel_focus_list (self);
}

static void
search_changed_cb (PlugRbPanel *self)
{
  guint n_results = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autofree char *text = NULL;

  if (*gtk_editable_get_text (self->search_entry) == '\0')
    return;

  text = g_strdup_printf (ngettext ("%u result", "%u results", n_results), n_results);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->search_entry), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
search_activated_cb (PlugRbPanel *self)
{
  plug_rb_panel_focus_list (self);
}

/* ---- the line below: all snapshots, whatever is shown of them */

static char *
dup_summary (PlugRbPanel *self, guint n_snapshots)
{
  guint64 bytes;
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u snapshot", "%u snapshots", n_snapshots), n_snapshots);
  g_autofree char *stored = NULL;
  g_autofree char *shared = NULL;

  g_object_get (self->manager, "stored-size", &bytes, NULL);
  if (n_snapshots == 0 || bytes == 0)
    return g_steal_pointer (&count);

  stored = g_format_size (bytes);
  shared = g_format_size (self->shared);
  /* TRANSLATORS: how many snapshots there are, what they take on the disk, and how much more they
   * would take if they did not share what is the same: “41 snapshots · 38 MB on disk · 96 MB
   * shared” */
  return g_strdup_printf (_("%s · %s on disk · %s shared"), count, stored, shared);
}

static void
update_summary (PlugRbPanel *self)
{
  GListModel *snapshots = plug_rb_manager_get_snapshots (self->manager);
  g_autofree char *text = dup_summary (self, g_list_model_get_n_items (snapshots));

  gtk_label_set_label (self->summary, text);
}

/* What has no archive of its own is in those of others. */
static guint64
sum_shared (GListModel *snapshots)
{
  guint64 sum = 0;

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (plug_rb_snapshot_get_stored_size (snapshot) == 0)
      sum += plug_rb_snapshot_get_size (snapshot);
  }

  return sum;
}

static void
snapshots_changed_cb (PlugRbPanel *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->shared = sum_shared (plug_rb_manager_get_snapshots (self->manager));
  plug_rb_manager_measure (self->manager);
  update_summary (self);
}

static void
plug_rb_panel_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (plug_rb_panel_parent_class)->map (widget);

  snapshots_changed_cb (PLUG_RB_PANEL (widget));
}

static void
set_manager (PlugRbPanel *self, PlugRbManager *manager)
{
  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  g_signal_connect_object (plug_rb_manager_get_snapshots (manager), "items-changed",
                           G_CALLBACK (snapshots_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::stored-size", G_CALLBACK (update_summary), self,
                           G_CONNECT_SWAPPED);
}

/* ---- object */

/* In a narrow window there is no room for them beside the title. */
static void
move_tools (PlugRbPanel *self)
{
  g_object_ref (self->filter_button);
  g_object_ref (self->sort_button);

  if (self->narrow) {
    gtk_box_remove (self->wide_tools, self->filter_button);
    gtk_box_remove (self->wide_tools, self->sort_button);
    gtk_center_box_set_start_widget (self->narrow_tools, self->filter_button);
    gtk_center_box_set_end_widget (self->narrow_tools, self->sort_button);
  } else {
    gtk_center_box_set_start_widget (self->narrow_tools, NULL);
    gtk_center_box_set_end_widget (self->narrow_tools, NULL);
    gtk_box_append (self->wide_tools, self->filter_button);
    gtk_box_append (self->wide_tools, self->sort_button);
  }

  g_object_unref (self->filter_button);
  g_object_unref (self->sort_button);
}

static void
set_narrow (PlugRbPanel *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  move_tools (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static void
plug_rb_panel_dispose (GObject *object)
{
  PlugRbPanel *self = PLUG_RB_PANEL (object);

  if (self->search_bar != NULL)
    gtk_search_bar_set_key_capture_widget (self->search_bar, NULL);
  g_clear_object (&self->manager);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PANEL);
  g_clear_object (&self->clock);
  g_clear_object (&self->plugin);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (plug_rb_panel_parent_class)->dispose (object);
}

static void
plug_rb_panel_finalize (GObject *object)
{
  g_clear_pointer (&PLUG_RB_PANEL (object)->sort, g_free);

  G_OBJECT_CLASS (plug_rb_panel_parent_class)->finalize (object);
}

static void
plug_rb_panel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPanel *self = PLUG_RB_PANEL (object);

  switch ((PlugRbPanelProperty) prop_id) {
  case PROP_FULL_TIME:
    g_value_set_boolean (value, get_full_time (self));
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_N_SELECTED:
    g_value_set_uint (value, plug_rb_panel_count_selected (self));
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  case PROP_SELECTING:
    g_value_set_boolean (value, self->selecting);
    break;

  case PROP_SORT:
    g_value_set_string (value, self->sort);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_panel_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PlugRbPanel *self = PLUG_RB_PANEL (object);

  switch ((PlugRbPanelProperty) prop_id) {
  case PROP_MANAGER:
    set_manager (self, g_value_get_object (value));
    break;

  case PROP_NARROW:
    set_narrow (self, g_value_get_boolean (value));
    break;

  case PROP_PLUGIN:
    set_plugin (self, g_value_get_object (value));
    break;

  case PROP_SELECTING:
    plug_rb_panel_set_selecting (self, g_value_get_boolean (value));
    break;

  case PROP_SORT:
    set_sort (self, g_value_get_string (value));
    break;

  case PROP_FULL_TIME:
  case PROP_N_SELECTED:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GParamFlags told = live | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_FULL_TIME] = g_param_spec_boolean ("full-time", NULL, NULL, FALSE, seen);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_N_SELECTED] = g_param_spec_uint ("n-selected", NULL, NULL, 0, G_MAXUINT, 0, seen);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, told);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, told);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, told);
  properties[PROP_SORT] = g_param_spec_string ("sort", NULL, NULL, "newest", told);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, compare_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, filter);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, header_factory);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, narrow_tools);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, roll_back_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, row_menu);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, selection);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, sort_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, sorted);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, summary);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanel, wide_tools);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, dup_title);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
plug_rb_panel_class_init (PlugRbPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_panel_dispose;
  object_class->finalize = plug_rb_panel_finalize;
  object_class->get_property = plug_rb_panel_get_property;
  object_class->set_property = plug_rb_panel_set_property;
  widget_class->map = plug_rb_panel_map;
  install_properties (object_class);

  g_type_ensure (PLUG_RB_TYPE_SNAPSHOT_CHIPS);
  g_type_ensure (PLUG_RB_TYPE_FILTER_POPOVER);
  g_type_ensure (PLUG_RB_TYPE_MANAGER);
  g_type_ensure (PLUG_RB_TYPE_SNAPSHOT_FILTER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/plugrb/PluginRollback/plug-rb-panel.ui");
  gtk_widget_class_install_action (widget_class, "panel.clear-filters", NULL, clear_filters_action);
  gtk_widget_class_install_property_action (widget_class, "panel.sort", "sort");
  plug_rb_panel_install_selection (widget_class);
  bind_template (widget_class);
}

static void
load_settings (PlugRbPanel *self)
{
  g_autoptr(GSettings) settings = g_settings_new ("io.github.plugrb.PluginRollback.State");
  g_autoptr(GVariant) filter = g_settings_get_value (settings, "panel-filter");

  plug_rb_snapshot_filter_load (self->filter, filter);
  g_settings_bind (settings, "panel-sort", self, "sort", G_SETTINGS_BIND_DEFAULT);
  self->settings = g_steal_pointer (&settings);
}

static void
plug_rb_panel_init (PlugRbPanel *self)
{
  self->sort = g_strdup ("newest");
  self->clock = plug_rb_clock_ref_default ();
  self->today = g_date_time_get_day_of_year (plug_rb_clock_get_now (self->clock));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (clock_cb), self,
                           G_CONNECT_SWAPPED);
  apply_order (self);
  load_settings (self);
  plug_rb_panel_update_actions (self);
}

void
plug_rb_panel_search (PlugRbPanel *self)
{
  g_return_if_fail (PLUG_RB_IS_PANEL (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Leaves the selection, then the search; FALSE if there was neither. */
gboolean
plug_rb_panel_go_back (PlugRbPanel *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PANEL (self), FALSE);

  if (self->selecting) {
    plug_rb_panel_set_selecting (self, FALSE);
    return TRUE;
  }
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  plug_rb_panel_focus_list (self);
  return TRUE;
}

void
plug_rb_panel_focus_list (PlugRbPanel *self)
{
  g_return_if_fail (PLUG_RB_IS_PANEL (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}
