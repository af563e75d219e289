/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-panel-row.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-format.h"
#include "plug-rb-wording.h"

struct _PlugRbPanelRow {
  AdwBin parent_instance;

  GtkListItem *item; /* borrowed: it has this as its child */
  PlugRbSnapshot *snapshot;
  PlugRbClock *clock;
  GMenuModel *menu_model;
  gboolean full_time;
  gboolean narrow;
  gboolean selecting;
  char *label;

  GSignalGroup *snapshot_signals;

  GtkWidget *check;
  GtkImage *icon;
  GtkMenuButton *menu_button;
  GtkWidget *pin;
  GtkInscription *reason;
  GtkInscription *size;
  GtkInscription *subtitle;
  GtkInscription *time;
  GtkInscription *title;
  GtkWidget *warning;
};

G_DEFINE_FINAL_TYPE (PlugRbPanelRow, plug_rb_panel_row, ADW_TYPE_BIN)

typedef enum {
  PROP_FULL_TIME = 1,
  PROP_LABEL,
  PROP_MENU,
  PROP_NARROW,
  PROP_SELECTING,
} PlugRbPanelRowProperty;

static GParamSpec *properties[PROP_SELECTING + 1];

/* ---- texts: set here and not bound, for rows are filled while the list scrolls */

static char *
dup_title (PlugRbSnapshot *snapshot)
{
  const char *label = plug_rb_snapshot_get_label (snapshot);
  const char *version = plug_rb_snapshot_get_version (snapshot);
  g_autofree char *own = plug_rb_wording_name (snapshot);
  GString *title = g_string_new (own);

  if (plug_rb_snapshot_get_absent (snapshot)) {
    g_string_append_printf (title, " · %s", _("Not Installed"));
  } else if (version != NULL && *version != '\0') {
    g_autofree char *isolated = plug_rb_wording_isolate (version);

    g_string_append_printf (title, " %s", isolated);
  }
  if (label != NULL && *label != '\0') {
    g_string_append (title, " · ");
    /* TRANSLATORS: the label that the user gave to a snapshot, in quotation marks */
    g_string_append_printf (title, _("“%s”"), label);
  }

  return g_string_free_and_steal (title);
}

static char *
dup_time (PlugRbPanelRow *self, gboolean full)
{
  GDateTime *time = plug_rb_snapshot_get_timestamp (self->snapshot);
  GDateTime *now = plug_rb_clock_get_now (self->clock);
  g_autofree char *clock = plug_rb_format_clock (time, now);
  g_autofree char *day = NULL;

  if (!full)
    return g_steal_pointer (&clock);

  day = plug_rb_format_day (time, now);
  /* TRANSLATORS: a day and a time of that day: “Yesterday, 14:05” */
  return g_strdup_printf (_("%s, %s"), day, clock);
}

static char *
dup_subtitle (const char *time, const char *size)
{
  /* TRANSLATORS: when a snapshot was taken, and its size */
  return g_strdup_printf (_("%s · %s"), time, size);
}

static void
set_label (PlugRbPanelRow *self, const char *title, const char *size)
{
  g_autofree char *time = dup_time (self, TRUE);
  GString *label = g_string_new (title);

  g_string_append_printf (label, ", %s, %s, %s",
                          plug_rb_wording_reason (plug_rb_snapshot_get_reason (self->snapshot)),
                          time, size);
  if (plug_rb_snapshot_get_pinned (self->snapshot))
    g_string_append_printf (label, ", %s", _("pinned"));
  if (plug_rb_snapshot_get_damaged (self->snapshot) != NULL)
    g_string_append_printf (label, ", %s", _("damaged"));

  g_free (self->label);
  self->label = g_string_free_and_steal (label);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

static void
update_time (PlugRbPanelRow *self, const char *size)
{
  g_autofree char *time = dup_time (self, self->full_time);
  g_autofree char *subtitle = dup_subtitle (time, size);

  gtk_inscription_set_text (self->time, time);
  gtk_inscription_set_text (self->subtitle, subtitle);
}

static void
update (PlugRbPanelRow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *size = NULL;
  PlugRbReason reason;
  const char *damaged;

  if (self->snapshot == NULL)
    return;

  reason = plug_rb_snapshot_get_reason (self->snapshot);
  damaged = plug_rb_snapshot_get_damaged (self->snapshot);
  title = dup_title (self->snapshot);
  size = g_format_size (plug_rb_snapshot_get_size (self->snapshot));

  gtk_image_set_from_icon_name (self->icon, plug_rb_wording_reason_icon (reason));
  gtk_inscription_set_text (self->title, title);
  gtk_inscription_set_text (self->reason, plug_rb_wording_reason (reason));
  gtk_inscription_set_text (self->size, size);
  gtk_widget_set_visible (self->pin, plug_rb_snapshot_get_pinned (self->snapshot));
  gtk_widget_set_visible (self->warning, damaged != NULL);
  if (damaged != NULL)
    gtk_widget_set_tooltip_text (self->warning, damaged);
  update_time (self, size);
  set_label (self, title, size);
}

static void
set_full_time (PlugRbPanelRow *self, gboolean full_time)
{
  self->full_time = full_time;
  gtk_inscription_set_min_chars (self->time, full_time ? 18 : 8);
  update (self);
}

/* ---- clicks */

static void
toggle (PlugRbPanelRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "panel.toggle", "u",
                              gtk_list_item_get_position (self->item));
}

static void
pressed_cb (PlugRbPanelRow *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (!self->selecting && (state & GDK_CONTROL_MASK) == 0)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  toggle (self);
}

static void
long_pressed_cb (PlugRbPanelRow *self, double x, double y, GtkGesture *gesture)
{
  if (self->selecting)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  toggle (self);
}

static void
menu_cb (PlugRbPanelRow *self)
{
  if (!self->selecting)
    plug_rb_panel_row_popup (self);
}

/* The menu is made for the few rows whose menu is opened. */
static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  PlugRbPanelRow *self = user_data;
  gboolean usable = plug_rb_snapshot_get_damaged (self->snapshot) == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back-files", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back-settings", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.compare", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.pin",
                                 !plug_rb_snapshot_get_pinned (self->snapshot));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.unpin",
                                 plug_rb_snapshot_get_pinned (self->snapshot));
  gtk_menu_button_set_menu_model (button, self->menu_model);
}

/* ---- actions */

static void
one_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (widget);
  const char *id = plug_rb_snapshot_get_id (self->snapshot);

  if (g_str_equal (action_name, "snapshot.roll-back"))
    gtk_widget_activate_action (widget, "win.roll-back", "s", id);
  else if (g_str_equal (action_name, "snapshot.details"))
    gtk_widget_activate_action (widget, "win.details", "s", id);
  else
    gtk_widget_activate_action (widget, "win.roll-back-part", "(ss)", id,
                                g_str_has_suffix (action_name, "files") ? "files" : "settings");
}

static void
many_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (widget);
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  if (g_str_equal (action_name, "snapshot.compare"))
    gtk_widget_activate_action (widget, "win.compare", "^as", ids);
  else if (g_str_equal (action_name, "snapshot.delete"))
    gtk_widget_activate_action (widget, "win.delete", "^as", ids);
  else if (g_str_equal (action_name, "snapshot.export"))
    gtk_widget_activate_action (widget, "win.export", "^as", ids);
  else
    gtk_widget_activate_action (widget, "win.pin", "^as", ids);
}

/* ---- object */

static void
plug_rb_panel_row_dispose (GObject *object)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (object);

  if (self->menu_button != NULL)
    gtk_menu_button_set_create_popup_func (self->menu_button, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PANEL_ROW);
  g_clear_object (&self->snapshot_signals);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->menu_model);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_panel_row_parent_class)->dispose (object);
}

static void
plug_rb_panel_row_finalize (GObject *object)
{
  g_clear_pointer (&PLUG_RB_PANEL_ROW (object)->label, g_free);

  G_OBJECT_CLASS (plug_rb_panel_row_parent_class)->finalize (object);
}

static void
plug_rb_panel_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (object);

  switch ((PlugRbPanelRowProperty) prop_id) {
  case PROP_FULL_TIME:
    g_value_set_boolean (value, self->full_time);
    break;

  case PROP_LABEL:
    g_value_set_string (value, self->label);
    break;

  case PROP_MENU:
    g_value_set_object (value, self->menu_model);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_SELECTING:
    g_value_set_boolean (value, self->selecting);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_panel_row_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (object);

  switch ((PlugRbPanelRowProperty) prop_id) {
  case PROP_FULL_TIME:
    set_full_time (self, g_value_get_boolean (value));
    break;

  case PROP_MENU:
    g_set_object (&self->menu_model, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_SELECTING:
    self->selecting = g_value_get_boolean (value);
    break;

  case PROP_LABEL:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const one[] = { "snapshot.details", "snapshot.roll-back",
                                     "snapshot.roll-back-files", "snapshot.roll-back-settings" };
  static const char *const many[] = { "snapshot.compare", "snapshot.delete", "snapshot.export",
                                      "snapshot.pin", "snapshot.unpin" };

  for (guint i = 0; i < G_N_ELEMENTS (one); i++)
    gtk_widget_class_install_action (widget_class, one[i], NULL, one_action);
  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    gtk_widget_class_install_action (widget_class, many[i], NULL, many_action);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-panel-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, check);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, pin);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, reason);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, size);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, time);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, title);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPanelRow, warning);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
}

static void
plug_rb_panel_row_class_init (PlugRbPanelRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_panel_row_dispose;
  object_class->finalize = plug_rb_panel_row_finalize;
  object_class->get_property = plug_rb_panel_row_get_property;
  object_class->set_property = plug_rb_panel_row_set_property;

  properties[PROP_FULL_TIME] = g_param_spec_boolean ("full-time", NULL, NULL, FALSE, live);
  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MENU] = g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL, live);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, live);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  install_actions (widget_class);
  bind_template (widget_class);
}

static void
plug_rb_panel_row_init (PlugRbPanelRow *self)
{
  self->clock = plug_rb_clock_ref_default ();
  self->snapshot_signals = g_signal_group_new (PLUG_RB_TYPE_SNAPSHOT);
  g_signal_group_connect_object (self->snapshot_signals, "notify", G_CALLBACK (update), self,
                                 G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
}

GtkWidget *
plug_rb_panel_row_new (GtkListItem *item)
{
  PlugRbPanelRow *self = g_object_new (PLUG_RB_TYPE_PANEL_ROW, NULL);

  self->item = item;
  g_object_bind_property (item, "selected", self->check, "active", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "label", item, "accessible-label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "selecting", item, "selectable", G_BINDING_SYNC_CREATE);

  return GTK_WIDGET (self);
}

void
plug_rb_panel_row_set_snapshot (PlugRbPanelRow *self, PlugRbSnapshot *snapshot)
{
  g_return_if_fail (PLUG_RB_IS_PANEL_ROW (self));

  g_signal_group_set_target (self->snapshot_signals, snapshot);
  g_set_object (&self->snapshot, snapshot);
  update (self);
}

PlugRbSnapshot *
plug_rb_panel_row_get_snapshot (PlugRbPanelRow *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PANEL_ROW (self), NULL);

  return self->snapshot;
}

guint
plug_rb_panel_row_get_position (PlugRbPanelRow *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PANEL_ROW (self), GTK_INVALID_LIST_POSITION);

  return gtk_list_item_get_position (self->item);
}

void
plug_rb_panel_row_popup (PlugRbPanelRow *self)
{
  g_return_if_fail (PLUG_RB_IS_PANEL_ROW (self));

  gtk_menu_button_popup (self->menu_button);
}
