/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-panel-row.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-format.h"
#include "plug-rb-snapshot-content.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbPanelRow {
  GtkWidget parent_instance;

  GtkListItem *item; /* borrowed: it has this as its child */
  PlugRbSnapshot *snapshot;
  PlugRbClock *clock;
  GMenuModel *menu_model;
  gboolean full_time;
  gboolean narrow;
  gboolean selecting;

  GSignalGroup *snapshot_signals;

  GtkWidget *check; /* made when the user selects */
  GtkImage *icon;
  GtkWidget *menu_button;
  GtkWidget *pin; /* made for what is pinned */
  GtkWidget *popover;
  GtkInscription *reason;
  GtkInscription *size;
  GtkInscription *subtitle; /* made in a narrow window */
  GtkWidget *texts;
  GtkInscription *time;
  GtkInscription *title;
  GtkWidget *warning; /* made for what is damaged */
};

G_DEFINE_FINAL_TYPE (PlugRbPanelRow, plug_rb_panel_row, GTK_TYPE_WIDGET)

typedef enum {
  PROP_FULL_TIME = 1,
  PROP_MENU,
  PROP_NARROW,
  PROP_SELECTING,
} PlugRbPanelRowProperty;

static GParamSpec *properties[PROP_SELECTING + 1];

/* ---- texts: set here and not bound, for rows are filled while the list scrolls */

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
set_line (GtkInscription *inscription, const char *text)
{
  g_autofree char *line = plug_rb_wording_line (text);

  gtk_inscription_set_text (inscription, line);
}

static void
set_label (PlugRbPanelRow *self, const char *title, const char *size)
{
  g_autofree char *time = dup_time (self, TRUE);
  g_autoptr(GString) label = g_string_new (title);

  g_string_append_printf (label, ", %s, %s, %s",
                          plug_rb_words_reason (plug_rb_snapshot_get_reason (self->snapshot)), time,
                          size);
  if (plug_rb_snapshot_get_pinned (self->snapshot))
    g_string_append_printf (label, ", %s", _("pinned"));
  if (plug_rb_snapshot_get_damaged (self->snapshot) != NULL)
    g_string_append_printf (label, ", %s", _("damaged"));

  gtk_list_item_set_accessible_label (self->item, label->str);
}

static void
update_time (PlugRbPanelRow *self, const char *size)
{
  g_autofree char *time = dup_time (self, self->full_time);
  g_autofree char *subtitle = NULL;

  set_line (self->time, time);
  if (self->subtitle == NULL)
    return;

  subtitle = dup_subtitle (time, size);
  set_line (self->subtitle, subtitle);
}

/* A mark that few rows have. */
static void
show_mark (PlugRbPanelRow *self, GtkWidget **mark, const char *icon_name, gboolean shown)
{
  if (*mark == NULL && shown) {
    *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                          GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
    gtk_widget_insert_after (*mark, GTK_WIDGET (self), GTK_WIDGET (self->reason));
  }
  if (*mark != NULL)
    gtk_widget_set_visible (*mark, shown);
}

static void
update_marks (PlugRbPanelRow *self)
{
  gboolean damaged = plug_rb_snapshot_get_damaged (self->snapshot) != NULL;

  show_mark (self, &self->pin, "view-pin-symbolic", plug_rb_snapshot_get_pinned (self->snapshot));
  show_mark (self, &self->warning, "dialog-warning-symbolic", damaged);
  if (damaged)
    gtk_widget_add_css_class (self->warning, "error");
}

static void
update (PlugRbPanelRow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *size = NULL;
  PlugRbReason reason;

  if (self->snapshot == NULL)
    return;

  reason = plug_rb_snapshot_get_reason (self->snapshot);
  title = plug_rb_wording_titled (self->snapshot);
  bytes = g_format_size (plug_rb_snapshot_get_size (self->snapshot));
  size = plug_rb_wording_isolate (bytes);

  gtk_image_set_from_icon_name (self->icon, plug_rb_wording_reason_icon (reason));
  set_line (self->title, title);
  gtk_inscription_set_text (self->reason, plug_rb_words_reason (reason));
  set_line (self->size, size);
  update_marks (self);
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

static void
set_narrow (PlugRbPanelRow *self, gboolean narrow)
{
  self->narrow = narrow;
  if (narrow && self->subtitle == NULL) {
    self->subtitle = GTK_INSCRIPTION (gtk_inscription_new (NULL));
    gtk_inscription_set_text_overflow (self->subtitle, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
    gtk_widget_set_css_classes (GTK_WIDGET (self->subtitle),
                                (const char *[]) { "dimmed", "caption", "numeric", NULL });
    gtk_box_append (GTK_BOX (self->texts), GTK_WIDGET (self->subtitle));
    update (self);
  }

  if (self->subtitle != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->subtitle), narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->size), !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->time), !narrow);
}

/* ---- selecting: the list itself selects nothing by a click otherwise */

static void
set_selecting (PlugRbPanelRow *self, gboolean selecting)
{
  self->selecting = selecting;
  if (selecting && self->check == NULL) {
    self->check = g_object_new (GTK_TYPE_CHECK_BUTTON, "can-target", FALSE, "focusable", FALSE,
                                "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
    gtk_widget_insert_after (self->check, GTK_WIDGET (self), NULL);
    g_object_bind_property (self->item, "selected", self->check, "active", G_BINDING_SYNC_CREATE);
  }

  if (self->check != NULL)
    gtk_widget_set_visible (self->check, selecting);
  gtk_widget_set_visible (self->menu_button, !selecting);
  gtk_list_item_set_selectable (self->item, selecting);
}

/* ---- menu */

static void
update_actions (PlugRbPanelRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean usable = plug_rb_snapshot_get_damaged (self->snapshot) == NULL;
  gboolean pinned = plug_rb_snapshot_get_pinned (self->snapshot);

  gtk_widget_action_set_enabled (widget, "snapshot.roll-back", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.roll-back-files", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.roll-back-settings", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.compare", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.compare-previous", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.save-files", usable);
  gtk_widget_action_set_enabled (widget, "snapshot.pin", !pinned);
  gtk_widget_action_set_enabled (widget, "snapshot.unpin", pinned);
}

void
plug_rb_panel_row_popup (PlugRbPanelRow *self)
{
  graphene_rect_t bounds;

  g_return_if_fail (PLUG_RB_IS_PANEL_ROW (self));

  if (self->snapshot == NULL ||
      !gtk_widget_compute_bounds (self->menu_button, GTK_WIDGET (self), &bounds))
    return;

  update_actions (self);
  if (self->popover == NULL) {
    self->popover = gtk_popover_menu_new_from_model (self->menu_model);
    gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y,
                                                 (int) bounds.size.width,
                                                 (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* Tooltips are set for the row below the pointer: each costs a question to the display. */
void
plug_rb_panel_row_explain (PlugRbPanelRow *self)
{
  g_return_if_fail (PLUG_RB_IS_PANEL_ROW (self));

  if (self->snapshot == NULL)
    return;

  gtk_widget_set_tooltip_text (self->menu_button, _("Snapshot Menu"));
  if (self->pin != NULL)
    gtk_widget_set_tooltip_text (self->pin, _("Pinned"));
  if (self->warning != NULL)
    gtk_widget_set_tooltip_text (self->warning, plug_rb_snapshot_get_damaged (self->snapshot));
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
  else if (g_str_equal (action_name, "snapshot.compare-previous"))
    gtk_widget_activate_action (widget, "win.compare-previous", "s", id);
  else if (g_str_equal (action_name, "snapshot.save-files"))
    gtk_widget_activate_action (widget, "win.save-files", "s", id);
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
  else
    gtk_widget_activate_action (widget, "win.pin", "^as", ids);
}

/* ---- object */

static void
plug_rb_panel_row_dispose (GObject *object)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->snapshot_signals);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->menu_model);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_panel_row_parent_class)->dispose (object);
}

static void
plug_rb_panel_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPanelRow *self = PLUG_RB_PANEL_ROW (object);

  switch ((PlugRbPanelRowProperty) prop_id) {
  case PROP_FULL_TIME:
    g_value_set_boolean (value, self->full_time);
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
    set_narrow (self, g_value_get_boolean (value));
    break;

  case PROP_SELECTING:
    set_selecting (self, g_value_get_boolean (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const one[] = { "snapshot.compare-previous",   "snapshot.details",
                                     "snapshot.roll-back",          "snapshot.roll-back-files",
                                     "snapshot.roll-back-settings", "snapshot.save-files" };
  static const char *const many[] = { "snapshot.compare", "snapshot.delete", "snapshot.pin",
                                      "snapshot.unpin" };

  for (guint i = 0; i < G_N_ELEMENTS (one); i++)
    gtk_widget_class_install_action (widget_class, one[i], NULL, one_action);
  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    gtk_widget_class_install_action (widget_class, many[i], NULL, many_action);
}

static void
plug_rb_panel_row_class_init (PlugRbPanelRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_panel_row_dispose;
  object_class->get_property = plug_rb_panel_row_get_property;
  object_class->set_property = plug_rb_panel_row_set_property;

  properties[PROP_FULL_TIME] = g_param_spec_boolean ("full-time", NULL, NULL, FALSE, live);
  properties[PROP_MENU] = g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL, live);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, live);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  install_actions (widget_class);
}

static GtkInscription *
create_column (PlugRbPanelRow *self, guint chars, float xalign)
{
  static const char *const classes[] = { "dimmed", "numeric", NULL };
  GtkWidget *column = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (column),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (column), chars);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (column), xalign);
  gtk_widget_set_css_classes (column, (const char **) classes);
  gtk_widget_set_parent (column, GTK_WIDGET (self));

  return GTK_INSCRIPTION (column);
}

static void
add_texts (PlugRbPanelRow *self)
{
  GtkWidget *title = gtk_inscription_new (NULL);

  self->title = GTK_INSCRIPTION (title);
  gtk_inscription_set_text_overflow (self->title, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (self->title, 10);
  self->texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_hexpand (self->texts, TRUE);
  gtk_widget_set_valign (self->texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->texts), title);
  gtk_widget_set_parent (self->texts, GTK_WIDGET (self));
}

static void
add_menu_button (PlugRbPanelRow *self)
{
  self->menu_button = gtk_button_new_from_icon_name ("view-more-symbolic");
  gtk_widget_add_css_class (self->menu_button, "flat");
  gtk_widget_set_valign (self->menu_button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Snapshot Menu"), -1);
  g_signal_connect_swapped (self->menu_button, "clicked", G_CALLBACK (plug_rb_panel_row_popup),
                            self);
  gtk_widget_set_parent (self->menu_button, GTK_WIDGET (self));
}

static void
plug_rb_panel_row_init (PlugRbPanelRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  self->clock = plug_rb_clock_ref_default ();
  self->snapshot_signals = g_signal_group_new (PLUG_RB_TYPE_SNAPSHOT);
  g_signal_group_connect_object (self->snapshot_signals, "notify", G_CALLBACK (update), self,
                                 G_CONNECT_SWAPPED);

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->icon =
      g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
  add_texts (self);
  self->reason = create_column (self, 15, 0);
  self->time = create_column (self, 8, 1);
  self->size = create_column (self, 9, 1);
  add_menu_button (self);
}

static PlugRbSnapshot *
get_snapshot_of (GtkWidget *row)
{
  return PLUG_RB_PANEL_ROW (row)->snapshot;
}

GtkWidget *
plug_rb_panel_row_new (GtkListItem *item)
{
  PlugRbPanelRow *self = g_object_new (PLUG_RB_TYPE_PANEL_ROW, NULL);

  self->item = item;
  gtk_list_item_set_selectable (item, FALSE);
  plug_rb_snapshot_content_add_drag_source (GTK_WIDGET (self), get_snapshot_of);

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
