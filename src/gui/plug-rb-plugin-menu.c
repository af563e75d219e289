/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plugin-menu.h"

#include <glib/gi18n.h>

#include "plug-rb-plugin-row.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* ---- actions */

/* What is chosen is done once the menu has gone: a dialog gives the focus back to what has it now,
 * and that is to be the row. */
static void
chosen_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_object_set_data_full (user_data, "chosen", g_strdup (g_action_get_name (G_ACTION (action))),
                          g_free);
}

/* The window's own actions may be off, for they are about the plugin that is open. */
static void
act (GtkWidget *row, PlugRbPlugin *plugin, const char *verb)
{
  PlugRbSnapshot *target = plug_rb_plugin_get_latest_good (plugin);

  if (!g_str_equal (verb, "roll-back"))
    gtk_widget_activate_action (row, "win.on-plugin", "(ss)", verb,
                                plug_rb_plugin_get_key (plugin));
  else if (target != NULL)
    gtk_widget_activate_action (row, "win.roll-back", "s", plug_rb_snapshot_get_id (target));
}

static void
add_action (GActionMap *map, const char *name, GtkWidget *popover, gboolean enabled)
{
  g_autoptr(GSimpleAction) action = g_simple_action_new (name, NULL);

  g_simple_action_set_enabled (action, enabled);
  g_signal_connect_object (action, "activate", G_CALLBACK (chosen_cb), popover, G_CONNECT_DEFAULT);
  g_action_map_add_action (map, G_ACTION (action));
}

static void
insert_actions (GtkWidget *popover, PlugRbPlugin *plugin)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  GActionMap *map = G_ACTION_MAP (group);
  gboolean idle = !plug_rb_plugin_get_busy (plugin);
  gboolean installed = plug_rb_plugin_get_installed (plugin);

  add_action (map, "roll-back", popover, idle && plug_rb_plugin_get_latest_good (plugin) != NULL);
  add_action (map, "take-snapshot", popover, idle && installed);
  add_action (map, "compare", popover, plug_rb_plugin_get_n_snapshots (plugin) > 0);
  add_action (map, "open-folder", popover, installed && plug_rb_plugin_get_path (plugin) != NULL);
  add_action (map, "uninstall", popover, idle && installed);
  gtk_widget_insert_action_group (popover, "plugin", G_ACTION_GROUP (group));
}

static GMenuModel *
create_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) change = g_menu_new ();
  g_autoptr(GMenu) look = g_menu_new ();
  g_autoptr(GMenu) remove = g_menu_new ();

  g_menu_append (change, _("_Roll Back…"), "plugin.roll-back");
  g_menu_append (change, _("_Take Snapshot"), "plugin.take-snapshot");
  g_menu_append (look, _("_Compare with Latest Snapshot"), "plugin.compare");
  g_menu_append (look, _("Open _Folder"), "plugin.open-folder");
  g_menu_append (remove, _("_Uninstall…"), "plugin.uninstall");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (change));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (remove));

  return G_MENU_MODEL (menu);
}

/* ---- the popover, which lives as long as it is open */

static void
remove_popover (gpointer user_data)
{
  g_autoptr(GtkWidget) popover = user_data;
  GtkWidget *parent = gtk_widget_get_parent (popover);
  g_autoptr(GtkWidget) row = parent ? g_object_ref (parent) : NULL;
  const char *chosen = g_object_get_data (G_OBJECT (popover), "chosen");

  if (row == NULL)
    return;

  /* What has the focus when it goes is never freed. */
  if (gtk_widget_get_parent (row) != NULL)
    gtk_widget_grab_focus (gtk_widget_get_parent (row));
  gtk_widget_unparent (popover);
  if (chosen != NULL)
    act (row, g_object_get_data (G_OBJECT (popover), "plugin"), chosen);
}

/* The action comes after this. */
static void
closed_cb (GtkWidget *popover)
{
  g_idle_add_once (remove_popover, g_object_ref (popover));
}

/* The row may go while the menu is open. */
static void
row_destroyed_cb (GtkWidget *popover)
{
  gtk_widget_unparent (popover);
}

/* Of a row that shows a plugin, at a place in it or at its middle. */
GtkWidget *
plug_rb_plugin_menu_popup (GtkWidget *row, const GdkRectangle *at)
{
  PlugRbPlugin *plugin = plug_rb_plugin_row_get_plugin (PLUG_RB_PLUGIN_ROW (row));
  g_autoptr(GMenuModel) menu = NULL;
  GtkWidget *popover;

  if (plugin == NULL)
    return NULL;

  menu = create_menu ();
  popover = gtk_popover_menu_new_from_model (menu);
  g_object_set_data_full (G_OBJECT (popover), "plugin", g_object_ref (plugin), g_object_unref);
  insert_actions (popover, plugin);
  gtk_widget_set_parent (popover, row);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  g_signal_connect_object (row, "destroy", G_CALLBACK (row_destroyed_cb), popover,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  plug_rb_plugin_get_name (plugin), -1);

  gtk_popover_set_has_arrow (GTK_POPOVER (popover), at == NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  if (at != NULL)
    gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_popup (GTK_POPOVER (popover));

  return popover;
}

/* ---- where it is asked for */

/* The pointer is in a row, in what holds it or in what it holds. */
static GtkWidget *
find_row (GtkWidget *list, GtkWidget *widget)
{
  for (; widget != NULL && widget != list; widget = gtk_widget_get_parent (widget)) {
    GtkWidget *child = gtk_widget_get_first_child (widget);

    if (PLUG_RB_IS_PLUGIN_ROW (widget))
      return widget;
    if (child != NULL && PLUG_RB_IS_PLUGIN_ROW (child))
      return child;
  }

  return NULL;
}

static void
popup_at (GtkGesture *gesture, double x, double y)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *row = find_row (list, gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT));
  graphene_point_t point;

  if (row == NULL ||
      !gtk_widget_compute_point (list, row, &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  plug_rb_plugin_menu_popup (row, &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
}

static void
pressed_cb (GtkGesture *gesture, int n_press, double x, double y)
{
  popup_at (gesture, x, y);
}

/* The row that has the focus. */
void
plug_rb_plugin_menu_popup_focused (GtkWidget *list)
{
  GtkRoot *root = gtk_widget_get_root (list);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus && gtk_widget_is_ancestor (focus, list) ? find_row (list, focus) : NULL;

  if (row != NULL)
    plug_rb_plugin_menu_popup (row, NULL);
}

/* By the secondary button of the pointer, or a long touch. */
void
plug_rb_plugin_menu_attach (GtkWidget *list)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), NULL);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (popup_at), NULL);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (press));
}
