/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-chips.h"

#include <glib/gi18n.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-filter-chips.h"
#include "plug-rb-history-filter.h"
#include "plug-rb-host.h"
#include "plug-rb-manager.h"
#include "plug-rb-plugin.h"

struct _PlugRbHistoryChips {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbHistoryFilter *filter;
  GtkWidget *box;
  guint update_id;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryChips, plug_rb_history_chips, ADW_TYPE_BIN)

typedef enum {
  PROP_FILTER = 1,
  PROP_MANAGER,
} PlugRbHistoryChipsProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

static const char *
find_host_name (PlugRbHistoryChips *self, const char *id)
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
find_plugin_name (PlugRbHistoryChips *self, const char *key)
{
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  return plugin != NULL ? plug_rb_plugin_get_name (plugin) : key;
}

static const char *
get_kind_word (const char *nick)
{
  int kind;

  if (!plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, nick, &kind))
    return nick;

  return plug_rb_history_filter_get_kind_word ((PlugRbKind) kind);
}

static const char *
get_outcome_word (const char *outcome)
{
  if (g_str_equal (outcome, "done"))
    return _("Done");

  return g_str_equal (outcome, "failed") ? _("Failed") : _("Undone");
}

static void
add_chip (PlugRbHistoryChips *self, const char *text, const char *name)
{
  GtkWidget *chip = plug_rb_filter_chips_create_chip (text);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (chip), "chips.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (chip), "s", name);
  adw_wrap_box_append (ADW_WRAP_BOX (self->box), chip);
}

static void
add_all (PlugRbHistoryChips *self)
{
  g_autofree char *host = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *outcome = NULL;
  g_autofree char *plugin = NULL;
  GtkWidget *button = gtk_button_new_with_mnemonic (_("C_lear"));

  g_object_get (self->filter, "host", &host, "kind", &kind, "outcome", &outcome, "plugin", &plugin,
                NULL);
  if (plugin != NULL)
    add_chip (self, find_plugin_name (self, plugin), "plugin");
  if (host != NULL)
    add_chip (self, find_host_name (self, host), "host");
  if (kind != NULL)
    add_chip (self, get_kind_word (kind), "kind");
  if (!g_str_equal (outcome, "any"))
    add_chip (self, get_outcome_word (outcome), "outcome");

  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "chips.clear");
  adw_wrap_box_append (ADW_WRAP_BOX (self->box), button);
}

/* The focus stays among the chips as long as there is one. */
static void
update (PlugRbHistoryChips *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (self->box);
  gboolean active = self->filter != NULL && plug_rb_history_filter_get_active (self->filter);
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (self->box)) != NULL)
    adw_wrap_box_remove (ADW_WRAP_BOX (self->box), chip);
  gtk_widget_set_visible (GTK_WIDGET (self), active);
  if (!active || self->manager == NULL)
    return;

  add_all (self);
  if (focus != NULL)
    gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD);
}

static void
update_cb (gpointer user_data)
{
  PlugRbHistoryChips *self = user_data;

  self->update_id = 0;
  update (self);
}

/* Not while a chip is pressed: it goes away. */
static void
queue_update (PlugRbHistoryChips *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_once (update_cb, self);
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *name = g_variant_dup_string (parameter, NULL);

  g_object_set (PLUG_RB_HISTORY_CHIPS (widget)->filter, name, NULL, NULL);
}

static void
clear_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_history_filter_clear (PLUG_RB_HISTORY_CHIPS (widget)->filter);
}

static void
set_filter (PlugRbHistoryChips *self, PlugRbHistoryFilter *filter)
{
  if (!g_set_object (&self->filter, filter) || filter == NULL)
    return;

  g_signal_connect_object (filter, "notify::active", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/* Names are known only after the lists were loaded. */
static void
set_manager (PlugRbHistoryChips *self, PlugRbManager *manager)
{
  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  g_signal_connect_object (manager, "notify::state", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_history_chips_dispose (GObject *object)
{
  PlugRbHistoryChips *self = PLUG_RB_HISTORY_CHIPS (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->manager);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (plug_rb_history_chips_parent_class)->dispose (object);
}

static void
plug_rb_history_chips_set_property (GObject *object,
                                    guint prop_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  PlugRbHistoryChips *self = PLUG_RB_HISTORY_CHIPS (object);

  switch ((PlugRbHistoryChipsProperty) prop_id) {
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
plug_rb_history_chips_class_init (PlugRbHistoryChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_history_chips_dispose;
  object_class->set_property = plug_rb_history_chips_set_property;

  properties[PROP_FILTER] =
      g_param_spec_object ("filter", NULL, NULL, PLUG_RB_TYPE_HISTORY_FILTER, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "chips.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "chips.remove", "s", remove_action);
}

static void
plug_rb_history_chips_init (PlugRbHistoryChips *self)
{
  self->box = adw_wrap_box_new ();
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (self->box), 6);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (self->box), 6);
  adw_bin_set_child (ADW_BIN (self), self->box);
}
