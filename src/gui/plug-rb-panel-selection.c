/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-panel-private.h"

#include <glib/gi18n.h>

#include "plug-rb-panel-row.h"
#include "plug-rb-selection.h"
#include "plug-rb-snapshot.h"

/* What is selected in the panel, by keyboard, pointer or touch, and what is done with it. */

/* Rows by which Page Up and Page Down move. */
#define PAGE 10

guint
plug_rb_panel_count_selected (PlugRbPanel *self)
{
  g_autoptr(GtkBitset) selected =
      self->selection ? gtk_selection_model_get_selection (self->selection) : NULL;

  return selected != NULL ? (guint) gtk_bitset_get_size (selected) : 0;
}

static PlugRbPanelRow *
get_focused_row (PlugRbPanel *self)
{
  GtkWidget *item = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  GtkWidget *row = item != NULL ? gtk_widget_get_first_child (item) : NULL;

  return row != NULL && PLUG_RB_IS_PANEL_ROW (row) ? PLUG_RB_PANEL_ROW (row) : NULL;
}

/* What an action is about: what is selected, or else the row with the focus. */
static GPtrArray *
list_chosen (PlugRbPanel *self)
{
  PlugRbPanelRow *row = get_focused_row (self);
  GPtrArray *chosen;

  if (self->selecting)
    return plug_rb_selection_list (self->selection);

  chosen = g_ptr_array_new_with_free_func (g_object_unref);
  if (row != NULL && plug_rb_panel_row_get_snapshot (row) != NULL)
    g_ptr_array_add (chosen, g_object_ref (plug_rb_panel_row_get_snapshot (row)));

  return chosen;
}

void
plug_rb_panel_update_actions (PlugRbPanel *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr(GPtrArray) chosen = self->selecting ? list_chosen (self) : NULL;
  guint n = chosen != NULL ? chosen->len : 0;
  gboolean any = !self->selecting || n > 0;
  gboolean distinct = chosen == NULL || plug_rb_selection_is_distinct (chosen);
  gboolean can_compare = !self->selecting || (n >= 1 && n <= 2);

  gtk_widget_action_set_enabled (widget, "panel.roll-back",
                                 any && distinct &&
                                     (chosen == NULL || !plug_rb_selection_has_damaged (chosen)));
  gtk_widget_action_set_enabled (widget, "panel.compare", can_compare);
  gtk_widget_action_set_enabled (widget, "panel.pin", any);
  gtk_widget_action_set_enabled (widget, "panel.delete", any);
  gtk_widget_set_tooltip_text (self->roll_back_button,
                               distinct ? NULL : _("Select one snapshot per plugin"));
  gtk_widget_set_tooltip_text (self->compare_button,
                               can_compare ? NULL : _("Select one or two snapshots"));
}

/* Ctrl+A of the list itself, or a screen reader, selects as well. */
static void
selection_changed_cb (PlugRbPanel *self)
{
  if (!self->selecting && plug_rb_panel_count_selected (self) > 0) {
    plug_rb_panel_set_selecting (self, TRUE);
    return;
  }

  g_object_notify (G_OBJECT (self), "n-selected");
  plug_rb_panel_update_actions (self);
}

/* What the filter hides is no longer selected: nothing is done to what one does not see. */
static void
items_changed_cb (PlugRbPanel *self)
{
  if (self->selecting)
    selection_changed_cb (self);
}

void
plug_rb_panel_set_selecting (PlugRbPanel *self, gboolean selecting)
{
  if (self->selecting == selecting)
    return;

  self->selecting = selecting;
  if (!selecting)
    gtk_selection_model_unselect_all (self->selection);
  g_object_notify (G_OBJECT (self), "selecting");
  selection_changed_cb (self);
  plug_rb_panel_focus_list (self);
}

static void
toggle (PlugRbPanel *self, guint position)
{
  plug_rb_panel_set_selecting (self, TRUE);
  if (gtk_selection_model_is_selected (self->selection, position))
    gtk_selection_model_unselect_item (self->selection, position);
  else
    gtk_selection_model_select_item (self->selection, position, FALSE);
}

static void
toggle_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);
  guint position = g_variant_get_uint32 (parameter);

  toggle (self, position);
  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_FOCUS, NULL);
}

static void
select_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);

  plug_rb_panel_set_selecting (self, TRUE);
  gtk_selection_model_select_all (self->selection);
}

static void
cancel_selection_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_panel_set_selecting (PLUG_RB_PANEL (widget), FALSE);
}

static void
toggle_mode_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);

  plug_rb_panel_set_selecting (self, !self->selecting);
}

/* How far a key moves the focus; 0 if it does not. */
static int
get_step (guint keyval)
{
  switch (keyval) {
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    return -1;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    return 1;
  case GDK_KEY_Page_Up:
  case GDK_KEY_KP_Page_Up:
    return -PAGE;
  case GDK_KEY_Page_Down:
  case GDK_KEY_KP_Page_Down:
    return PAGE;
  case GDK_KEY_Home:
  case GDK_KEY_KP_Home:
    return -G_MAXINT / 2;
  case GDK_KEY_End:
  case GDK_KEY_KP_End:
    return G_MAXINT / 2;
  default:
    return 0;
  }
}

/* The list would select the row that the focus comes to, and nothing else. */
static void
move_focus (PlugRbPanel *self, guint from, int step)
{
  int n = (int) g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  gtk_list_view_scroll_to (self->list, (guint) CLAMP ((int) from + step, 0, n - 1),
                           GTK_LIST_SCROLL_FOCUS, NULL);
}

static gboolean
key_pressed_cb (PlugRbPanel *self, guint keyval, guint keycode, GdkModifierType state)
{
  PlugRbPanelRow *row = get_focused_row (self);
  GdkModifierType with = state & gtk_accelerator_get_default_mod_mask ();

  if (row == NULL)
    return GDK_EVENT_PROPAGATE;

  if (with == 0 && get_step (keyval) != 0)
    move_focus (self, plug_rb_panel_row_get_position (row), get_step (keyval));
  else if (keyval == GDK_KEY_space && (with == GDK_CONTROL_MASK || (with == 0 && self->selecting)))
    toggle (self, plug_rb_panel_row_get_position (row));
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static PlugRbPanelRow *
find_row_at (PlugRbPanel *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);

  for (; widget != NULL && widget != GTK_WIDGET (self->list);
       widget = gtk_widget_get_parent (widget)) {
    GtkWidget *child = gtk_widget_get_first_child (widget);

    if (PLUG_RB_IS_PANEL_ROW (widget))
      return PLUG_RB_PANEL_ROW (widget);
    if (child != NULL && PLUG_RB_IS_PANEL_ROW (child))
      return PLUG_RB_PANEL_ROW (child);
  }

  return NULL;
}

static void
motion_cb (PlugRbPanel *self, double x, double y)
{
  PlugRbPanelRow *row = find_row_at (self, x, y);

  if (row != NULL)
    plug_rb_panel_row_explain (row);
}

static void
toggle_at (PlugRbPanel *self, double x, double y, GtkGesture *gesture)
{
  PlugRbPanelRow *row = find_row_at (self, x, y);

  if (row == NULL)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), "panel.toggle", "u",
                              plug_rb_panel_row_get_position (row));
}

static void
pressed_cb (PlugRbPanel *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (self->selecting || (state & GDK_CONTROL_MASK) != 0)
    toggle_at (self, x, y, gesture);
}

static void
long_pressed_cb (PlugRbPanel *self, double x, double y, GtkGesture *gesture)
{
  if (!self->selecting)
    toggle_at (self, x, y, gesture);
}

static void
menu_pressed_cb (PlugRbPanel *self, int n_press, double x, double y)
{
  PlugRbPanelRow *row = find_row_at (self, x, y);

  if (row != NULL && !self->selecting)
    plug_rb_panel_row_popup (row);
}

static void
activated_cb (PlugRbPanel *self, guint position)
{
  g_autoptr(PlugRbSnapshot) snapshot =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->selecting)
    toggle (self, position);
  else if (snapshot != NULL && !gtk_widget_activate_action (widget, "win.details", "s",
                                                            plug_rb_snapshot_get_id (snapshot)))
    gtk_widget_activate_action (widget, "win.open-plugin", "s",
                                plug_rb_snapshot_get_plugin (snapshot));
}

/* ---- what is done with what is chosen */

static void
chosen_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);
  g_autoptr(GPtrArray) chosen = list_chosen (self);
  g_auto(GStrv) ids = plug_rb_selection_dup_ids (chosen);
  g_autofree char *action = g_strconcat ("win.", strchr (action_name, '.') + 1, NULL);

  if (chosen->len > 0)
    gtk_widget_activate_action (widget, action, "^as", ids);
}

static void
roll_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);
  g_autoptr(GPtrArray) chosen = list_chosen (self);
  g_auto(GStrv) ids = plug_rb_selection_dup_ids (chosen);

  if (chosen->len == 1)
    gtk_widget_activate_action (widget, "win.roll-back", "s", ids[0]);
  else if (chosen->len > 1)
    gtk_widget_activate_action (widget, "win.roll-back-many", "^as", ids);
}

static void
details_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanelRow *row = get_focused_row (PLUG_RB_PANEL (widget));

  if (row != NULL)
    gtk_widget_activate_action (GTK_WIDGET (row), "snapshot.details", NULL);
}

static void
menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanel *self = PLUG_RB_PANEL (widget);
  PlugRbPanelRow *row = get_focused_row (self);

  if (row != NULL && !self->selecting)
    plug_rb_panel_row_popup (row);
}

/* ---- class */

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc activate;
    guint key;
    GdkModifierType modifiers;
  } actions[] = {
    { "panel.cancel-selection", cancel_selection_action, 0, 0 },
    { "panel.compare", chosen_action, GDK_KEY_d, GDK_CONTROL_MASK },
    { "panel.delete", chosen_action, GDK_KEY_Delete, 0 },
    { "panel.details", details_action, GDK_KEY_Return, GDK_ALT_MASK },
    { "panel.menu", menu_action, GDK_KEY_Menu, 0 },
    { "panel.menu", NULL, GDK_KEY_F10, GDK_SHIFT_MASK },
    { "panel.pin", chosen_action, GDK_KEY_p, GDK_CONTROL_MASK },
    { "panel.roll-back", roll_back_action, GDK_KEY_Return, GDK_CONTROL_MASK },
    { "panel.select", toggle_mode_action, GDK_KEY_s, GDK_CONTROL_MASK | GDK_SHIFT_MASK },
    { "panel.select-all", select_all_action, GDK_KEY_a, GDK_CONTROL_MASK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (actions[i].activate != NULL)
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
    if (actions[i].key != 0)
      gtk_widget_class_add_binding_action (widget_class, actions[i].key, actions[i].modifiers,
                                           actions[i].name, NULL);
  }
  gtk_widget_class_install_action (widget_class, "panel.toggle", "u", toggle_action);
}

void
plug_rb_panel_install_selection (GtkWidgetClass *widget_class)
{
  install_actions (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, items_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
}
