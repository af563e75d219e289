/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-filter-chips.h"

#include <glib/gi18n.h>

#include "plug-rb-manager.h"

typedef struct {
  PlugRbManager *manager;
  GObject *filter;
  GtkWidget *box;
  guint update_id;
} PlugRbFilterChipsPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PlugRbFilterChips, plug_rb_filter_chips, ADW_TYPE_BIN)

typedef enum {
  PROP_FILTER = 1,
  PROP_MANAGER,
} PlugRbFilterChipsProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

static PlugRbFilterChipsPrivate *
get_private (PlugRbFilterChips *self)
{
  return plug_rb_filter_chips_get_instance_private (self);
}

static GtkWidget *
create_chip (const char *text)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);
  /* TRANSLATORS: %s is one of the filters of a list: “Before update” */
  g_autofree char *name = g_strdup_printf (_("Remove filter %s"), text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return button;
}

static void
append_clear (AdwWrapBox *box)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("C_lear"));

  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "chips.clear");
  adw_wrap_box_append (box, button);
}

static gboolean
is_active (GObject *filter)
{
  gboolean active = FALSE;

  if (filter != NULL)
    g_object_get (filter, "active", &active, NULL);

  return active;
}

/* The focus stays among the chips as long as there is one. */
static void
update (PlugRbFilterChips *self)
{
  PlugRbFilterChipsPrivate *priv = get_private (self);
  GtkWidget *focus = gtk_widget_get_focus_child (priv->box);
  gboolean active = is_active (priv->filter);
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (priv->box)) != NULL)
    adw_wrap_box_remove (ADW_WRAP_BOX (priv->box), chip);
  gtk_widget_set_visible (GTK_WIDGET (self), active);
  if (!active || priv->manager == NULL)
    return;

  PLUG_RB_FILTER_CHIPS_GET_CLASS (self)->fill (self, priv->filter);
  append_clear (ADW_WRAP_BOX (priv->box));
  if (focus != NULL)
    gtk_widget_child_focus (priv->box, GTK_DIR_TAB_FORWARD);
}

static void
update_cb (gpointer user_data)
{
  PlugRbFilterChips *self = user_data;

  get_private (self)->update_id = 0;
  update (self);
}

/* Not while a chip is pressed: it goes away. */
static void
queue_update (PlugRbFilterChips *self)
{
  PlugRbFilterChipsPrivate *priv = get_private (self);

  if (priv->update_id == 0)
    priv->update_id = g_idle_add_once (update_cb, self);
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (widget);
  g_autofree char *name = g_variant_dup_string (parameter, NULL);

  PLUG_RB_FILTER_CHIPS_GET_CLASS (self)->remove (self, get_private (self)->filter, name);
}

static void
clear_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (widget);

  PLUG_RB_FILTER_CHIPS_GET_CLASS (self)->clear (self, get_private (self)->filter);
}

static void
plug_rb_filter_chips_real_remove (PlugRbFilterChips *self, GObject *filter, const char *name)
{
  g_object_set (filter, name, NULL, NULL);
}

static void
set_filter (PlugRbFilterChips *self, GObject *filter)
{
  if (!g_set_object (&get_private (self)->filter, filter) || filter == NULL)
    return;

  g_signal_connect_object (filter, "notify::active", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/* Names are known only after the lists were loaded. */
static void
set_manager (PlugRbFilterChips *self, PlugRbManager *manager)
{
  if (!g_set_object (&get_private (self)->manager, manager) || manager == NULL)
    return;

  g_signal_connect_object (manager, "notify::state", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_filter_chips_dispose (GObject *object)
{
  PlugRbFilterChipsPrivate *priv = get_private (PLUG_RB_FILTER_CHIPS (object));

  g_clear_handle_id (&priv->update_id, g_source_remove);
  g_clear_object (&priv->manager);
  g_clear_object (&priv->filter);

  G_OBJECT_CLASS (plug_rb_filter_chips_parent_class)->dispose (object);
}

static void
plug_rb_filter_chips_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (object);

  switch ((PlugRbFilterChipsProperty) prop_id) {
  case PROP_FILTER:
    set_filter (self, g_value_get_object (value));
    break;

  case PROP_MANAGER:
    set_manager (self, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_filter_chips_class_init (PlugRbFilterChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_filter_chips_dispose;
  object_class->set_property = plug_rb_filter_chips_set_property;
  klass->remove = plug_rb_filter_chips_real_remove;

  properties[PROP_FILTER] = g_param_spec_object ("filter", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "chips.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "chips.remove", "s", remove_action);
}

static void
plug_rb_filter_chips_init (PlugRbFilterChips *self)
{
  PlugRbFilterChipsPrivate *priv = get_private (self);

  priv->box = adw_wrap_box_new ();
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (priv->box), 6);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (priv->box), 6);
  adw_bin_set_child (ADW_BIN (self), priv->box);
}

/**
 * plug_rb_filter_chips_get_manager:
 *
 * Returns: (transfer none): the manager that knows the names; never `NULL` inside fill()
 */
PlugRbManager *
plug_rb_filter_chips_get_manager (PlugRbFilterChips *self)
{
  g_return_val_if_fail (PLUG_RB_IS_FILTER_CHIPS (self), NULL);

  return get_private (self)->manager;
}

/**
 * plug_rb_filter_chips_add:
 * @text: what is set, for people
 * @name: what remove() is called with when the user takes it away
 */
void
plug_rb_filter_chips_add (PlugRbFilterChips *self, const char *text, const char *name)
{
  GtkWidget *chip;

  g_return_if_fail (PLUG_RB_IS_FILTER_CHIPS (self));

  chip = create_chip (text);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (chip), "chips.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (chip), "s", name);
  adw_wrap_box_append (ADW_WRAP_BOX (get_private (self)->box), chip);
}
