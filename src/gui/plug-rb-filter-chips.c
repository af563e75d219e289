/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-filter-chips.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-manager.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot-filter.h"
#include "plug-rb-wording.h"

struct _PlugRbFilterChips {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbSnapshotFilter *filter;
  GtkWidget *box;
  guint update_id;
};

G_DEFINE_FINAL_TYPE (PlugRbFilterChips, plug_rb_filter_chips, ADW_TYPE_BIN)

typedef enum {
  PROP_FILTER = 1,
  PROP_MANAGER,
} PlugRbFilterChipsProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

GtkWidget *
plug_rb_filter_chips_create_chip (const char *text)
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
add_chip (PlugRbFilterChips *self, const char *text, const char *name)
{
  GtkWidget *chip = plug_rb_filter_chips_create_chip (text);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (chip), "chips.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (chip), "s", name);
  adw_wrap_box_append (ADW_WRAP_BOX (self->box), chip);
}

static const char *
find_host_name (PlugRbFilterChips *self, const char *id)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    if (g_str_equal (plug_rb_host_get_id (host), id))
      return plug_rb_host_get_name (host);
  }

  return id;
}

static const char *
find_plugin_name (PlugRbFilterChips *self, const char *key)
{
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  return plugin != NULL ? plug_rb_plugin_get_name (plugin) : key;
}

static const char *
get_taken_text (const char *taken)
{
  if (g_str_equal (taken, "today"))
    return _("Taken today");

  return g_str_equal (taken, "week") ? _("Taken this week") : _("Taken this month");
}

static void
add_named (PlugRbFilterChips *self)
{
  g_autofree char *plugin = NULL;
  g_autofree char *host = NULL;
  g_autofree char *taken = NULL;

  g_object_get (self->filter, "plugin", &plugin, "host", &host, "taken", &taken, NULL);
  if (plugin != NULL)
    add_chip (self, find_plugin_name (self, plugin), "plugin");
  if (host != NULL)
    add_chip (self, find_host_name (self, host), "host");
  if (!g_str_equal (taken, "any"))
    add_chip (self, get_taken_text (taken), "taken");
}

static void
add_flags (PlugRbFilterChips *self)
{
  gboolean kept_only;
  gboolean damaged_only;

  for (guint i = 0; i <= PLUG_RB_REASON_PACKAGE; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    if (plug_rb_snapshot_filter_has_reason (self->filter, (PlugRbReason) i))
      add_chip (self, plug_rb_wording_reason ((PlugRbReason) i), name);
  }

  g_object_get (self->filter, "kept-only", &kept_only, "damaged-only", &damaged_only, NULL);
  if (kept_only)
    add_chip (self, _("Pinned or labeled"), "kept-only");
  if (damaged_only)
    add_chip (self, _("Damaged"), "damaged-only");
}

static void
add_clear (PlugRbFilterChips *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("C_lear"));

  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "chips.clear");
  adw_wrap_box_append (ADW_WRAP_BOX (self->box), button);
}

/* The focus stays among the chips as long as there is one. */
static void
update (PlugRbFilterChips *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (self->box);
  gboolean active = plug_rb_snapshot_filter_get_active (self->filter);
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (self->box)) != NULL)
    adw_wrap_box_remove (ADW_WRAP_BOX (self->box), chip);
  gtk_widget_set_visible (GTK_WIDGET (self), active);
  if (!active || self->manager == NULL)
    return;

  add_named (self);
  add_flags (self);
  add_clear (self);
  if (focus != NULL)
    gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD);
}

static void
update_cb (gpointer user_data)
{
  PlugRbFilterChips *self = user_data;

  self->update_id = 0;
  update (self);
}

/* Not while a chip is pressed: it goes away. */
static void
queue_update (PlugRbFilterChips *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_once (update_cb, self);
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (widget);
  g_autofree char *name = g_variant_dup_string (parameter, NULL);

  if (g_ascii_isdigit (*name))
    plug_rb_snapshot_filter_set_reason (self->filter,
                                        (PlugRbReason) g_ascii_strtoull (name, NULL, 10), FALSE);
  else if (g_str_equal (name, "taken"))
    g_object_set (self->filter, "taken", "any", NULL);
  else if (g_str_has_suffix (name, "only"))
    g_object_set (self->filter, name, FALSE, NULL);
  else
    g_object_set (self->filter, name, NULL, NULL);
}

static void
clear_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_snapshot_filter_clear (PLUG_RB_FILTER_CHIPS (widget)->filter);
}

static void
set_filter (PlugRbFilterChips *self, PlugRbSnapshotFilter *filter)
{
  if (!g_set_object (&self->filter, filter) || filter == NULL)
    return;

  g_signal_connect_object (filter, "notify::active", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Names are known only after the lists were loaded. */
static void
set_manager (PlugRbFilterChips *self, PlugRbManager *manager)
{
  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  g_signal_connect_object (manager, "notify::state", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_filter_chips_dispose (GObject *object)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->manager);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (plug_rb_filter_chips_parent_class)->dispose (object);
}

static void
plug_rb_filter_chips_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbFilterChips *self = PLUG_RB_FILTER_CHIPS (object);

  switch ((PlugRbFilterChipsProperty) prop_id) {
  case PROP_FILTER:
    g_value_set_object (value, self->filter);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
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
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_filter_chips_dispose;
  object_class->get_property = plug_rb_filter_chips_get_property;
  object_class->set_property = plug_rb_filter_chips_set_property;

  properties[PROP_FILTER] =
      g_param_spec_object ("filter", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT_FILTER, live);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "chips.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "chips.remove", "s", remove_action);
}

static void
plug_rb_filter_chips_init (PlugRbFilterChips *self)
{
  self->box = adw_wrap_box_new ();
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (self->box), 6);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (self->box), 6);
  adw_bin_set_child (ADW_BIN (self), self->box);
}
