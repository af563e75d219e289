/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-window-private.h"

#include <glib/gi18n.h>

#include "plug-rb-close-guard.h"
#include "plug-rb-history-page.h"
#include "plug-rb-plugin.h"
#include "plug-rb-preferences.h"
#include "plug-rb-wording.h"

G_DEFINE_FINAL_TYPE (PlugRbWindow, plug_rb_window, ADW_TYPE_APPLICATION_WINDOW)

typedef enum {
  PROP_MANAGER = 1,
  PROP_N_PLUGINS,
  PROP_PLUGIN,
} PlugRbWindowProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static char *
dup_stack_page (PlugRbWindow *self, PlugRbManagerState state, gboolean welcome)
{
  if (welcome)
    return g_strdup ("welcome");

  switch (state) {
  case PLUG_RB_MANAGER_STATE_FAILED:
    return g_strdup ("store-error");
  case PLUG_RB_MANAGER_STATE_TOO_NEW:
    return g_strdup ("store-too-new");
  case PLUG_RB_MANAGER_STATE_LOADING:
  case PLUG_RB_MANAGER_STATE_FIRST_RUN:
  case PLUG_RB_MANAGER_STATE_READY:
  default:
    return g_strdup ("main");
  }
}

static gboolean
is_loading (PlugRbWindow *self, PlugRbManagerState state)
{
  return state == PLUG_RB_MANAGER_STATE_LOADING;
}

static char *
dup_escaped (PlugRbWindow *self, const char *text)
{
  return text != NULL ? g_markup_escape_text (text, -1) : NULL;
}

static char *
dup_counts (PlugRbWindow *self, PlugRbManager *manager, guint n_plugins, PlugRbManagerState state)
{
  return manager != NULL ? plug_rb_wording_counts (manager) : NULL;
}

static char *
dup_known_hosts (PlugRbWindow *self,
                 PlugRbManager *manager,
                 guint n_plugins,
                 PlugRbManagerState state)
{
  return manager != NULL ? plug_rb_wording_known_hosts (manager) : NULL;
}

static guint
get_n_plugins (PlugRbWindow *self)
{
  return g_list_model_get_n_items (plug_rb_manager_get_plugins (self->manager));
}

static void
update_root (PlugRbWindow *self)
{
  const char *place = plug_rb_sidebar_get_place (self->sidebar);
  const char *tag = "nothing-selected";

  if (plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_LOADING)
    tag = "loading";
  else if (place != NULL)
    tag = g_str_equal (place, "history") ? "history" : "all-snapshots";
  else if (self->plugin != NULL)
    tag = "plugin";
  else if (get_n_plugins (self) == 0)
    tag = "no-plugins";

  adw_navigation_view_replace_with_tags (self->pages, &tag, 1);
}

static void
update_actions (PlugRbWindow *self)
{
  gboolean idle = self->plugin != NULL && !plug_rb_plugin_get_busy (self->plugin);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.take-snapshot",
                                 idle && plug_rb_plugin_get_installed (self->plugin));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.roll-back-latest",
                                 idle && plug_rb_plugin_get_latest_good (self->plugin) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.plugin-policy", self->plugin != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.uninstall",
                                 idle && plug_rb_plugin_get_installed (self->plugin));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.open-folder",
                                 self->plugin != NULL &&
                                     plug_rb_plugin_get_installed (self->plugin));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-plugin-history",
                                 self->plugin != NULL);
}

static void
set_plugin (PlugRbWindow *self, PlugRbPlugin *plugin)
{
  gboolean same = self->plugin == plugin;

  plug_rb_sidebar_set_plugin (self->sidebar, plugin);
  if (same) {
    update_root (self);
    return;
  }

  g_set_object (&self->plugin, plugin);
  g_signal_group_set_target (self->plugin_signals, plugin);
  if (plugin != NULL) {
    g_object_set (self->plugin_page, "plugin", plugin, NULL);
    g_settings_set_string (self->settings, "sidebar-item", plug_rb_plugin_get_key (plugin));
  }
  update_root (self);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
}

void
plug_rb_window_show_plugin (PlugRbWindow *self, PlugRbPlugin *plugin)
{
  set_plugin (self, plugin);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

/* The page of a place instead of a plugin. */
void
plug_rb_window_set_place (PlugRbWindow *self, const char *name)
{
  plug_rb_sidebar_set_place (self->sidebar, name);
  if (self->plugin != NULL) {
    g_clear_object (&self->plugin);
    g_signal_group_set_target (self->plugin_signals, NULL);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
  }
  g_settings_set_string (self->settings, "sidebar-item", name);
  update_root (self);
  update_actions (self);
}

static void
plugin_activated_cb (PlugRbWindow *self)
{
  const char *place = plug_rb_sidebar_get_place (self->sidebar);

  if (place != NULL) {
    plug_rb_window_set_place (self, place);
    adw_navigation_split_view_set_show_content (self->split, TRUE);
    return;
  }

  plug_rb_window_show_plugin (self, plug_rb_sidebar_get_plugin (self->sidebar));
}

static void
open_wanted (PlugRbWindow *self)
{
  g_autofree char *key = g_steal_pointer (&self->wanted);
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  if (plugin != NULL)
    plug_rb_window_show_plugin (self, plugin);
  else
    /* TRANSLATORS: %s is what was asked for on the command line,
     * “gnome-shell/caffeine@patapon.info” */
    plug_rb_toasts_show_text (self->messages, PLUG_RB_TOAST_OTHER,
                              g_strdup_printf (_("%s was not found"), key));
}

/* Where one was the last time; in a narrow window that starts with the list. */
static void
open_remembered (PlugRbWindow *self)
{
  g_autofree char *key = g_settings_get_string (self->settings, "sidebar-item");
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  if (plugin != NULL)
    set_plugin (self, plugin);
  else if ((g_str_equal (key, "all") || g_str_equal (key, "history")) && get_n_plugins (self) > 0)
    plug_rb_window_set_place (self, key);
}

static void
state_changed_cb (PlugRbWindow *self)
{
  update_root (self);
  if (plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_LOADING)
    return;

  if (self->wanted != NULL)
    open_wanted (self);
  else if (self->plugin == NULL && plug_rb_sidebar_get_place (self->sidebar) == NULL)
    open_remembered (self);
}

static void
plugins_changed_cb (PlugRbWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PLUGINS]);

  if (self->plugin == NULL)
    update_root (self);
  else if (plug_rb_manager_find_plugin (self->manager, plug_rb_plugin_get_key (self->plugin)) ==
           NULL)
    set_plugin (self, NULL);
}

/* A dialog in front is answered first. */
gboolean
plug_rb_window_is_in_front (PlugRbWindow *self)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) == NULL;
}

static void
rolled_back_cb (PlugRbWindow *self)
{
  plug_rb_plugin_page_focus_head (self->plugin_page);
}

static gboolean
plug_rb_window_close_request (GtkWindow *window)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (window);

  if (!plug_rb_close_guard_let_go (window, self->manager))
    return TRUE;

  return GTK_WINDOW_CLASS (plug_rb_window_parent_class)->close_request (window);
}

static void
plug_rb_window_dispose (GObject *object)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_WINDOW);
  g_clear_object (&self->installing);
  g_clear_object (&self->jobs);
  g_clear_object (&self->messages);
  g_clear_object (&self->plugin_signals);
  g_clear_object (&self->plugin);
  g_clear_object (&self->manager);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (plug_rb_window_parent_class)->dispose (object);
}

static void
plug_rb_window_finalize (GObject *object)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (object);

  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (plug_rb_window_parent_class)->finalize (object);
}

static void
plug_rb_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (object);

  switch ((PlugRbWindowProperty) prop_id) {
  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_N_PLUGINS:
    g_value_set_uint (value, self->manager != NULL ? get_n_plugins (self) : 0);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (object);

  switch ((PlugRbWindowProperty) prop_id) {
  case PROP_MANAGER:
    self->manager = g_value_dup_object (value);
    break;

  case PROP_N_PLUGINS:
  case PROP_PLUGIN:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
bind_settings (PlugRbWindow *self)
{
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
plug_rb_window_constructed (GObject *object)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (object);

  G_OBJECT_CLASS (plug_rb_window_parent_class)->constructed (object);

  self->jobs = plug_rb_jobs_new (self->manager, self->messages);
  self->installing = plug_rb_installing_new (self->manager, self->messages, self->jobs);
  gtk_widget_add_controller (GTK_WIDGET (self),
                             plug_rb_installing_create_drop_target (self->installing));
  g_signal_connect_object (self->jobs, "rolled-back", G_CALLBACK (rolled_back_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->manager, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (plug_rb_manager_get_plugins (self->manager), "items-changed",
                           G_CALLBACK (plugins_changed_cb), self, G_CONNECT_SWAPPED);
  bind_settings (self);
  state_changed_cb (self);
  update_actions (self);
}

void
plug_rb_window_install_actions (GtkWidgetClass *widget_class,
                                const PlugRbWindowAction *actions,
                                gsize n_actions)
{
  for (gsize i = 0; i < n_actions; i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PLUG_RB_TYPE_HISTORY_PAGE);
  g_type_ensure (PLUG_RB_TYPE_PANEL);
  g_type_ensure (PLUG_RB_TYPE_PLUGIN_PAGE);
  g_type_ensure (PLUG_RB_TYPE_SIDEBAR);
  g_type_ensure (PLUG_RB_TYPE_WELCOME);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, panel);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, plugin_page);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, split);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWindow, welcome);
  gtk_widget_class_bind_template_callback (widget_class, dup_counts);
  gtk_widget_class_bind_template_callback (widget_class, dup_escaped);
  gtk_widget_class_bind_template_callback (widget_class, dup_known_hosts);
  gtk_widget_class_bind_template_callback (widget_class, dup_stack_page);
  gtk_widget_class_bind_template_callback (widget_class, is_loading);
  gtk_widget_class_bind_template_callback (widget_class, plugin_activated_cb);
}

static void
plug_rb_window_class_init (PlugRbWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = plug_rb_window_constructed;
  object_class->dispose = plug_rb_window_dispose;
  object_class->finalize = plug_rb_window_finalize;
  object_class->get_property = plug_rb_window_get_property;
  object_class->set_property = plug_rb_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = plug_rb_window_close_request;

  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_PLUGINS] = g_param_spec_uint ("n-plugins", NULL, NULL, 0, G_MAXUINT, 0, seen);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, seen);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  plug_rb_window_install_navigation (widget_class);
  plug_rb_window_install_plugin_actions (widget_class);
  plug_rb_window_install_snapshot_actions (widget_class);
  bind_template (widget_class);
}

static void
plug_rb_window_init (PlugRbWindow *self)
{
  self->settings = g_settings_new ("io.github.plugrb.PluginRollback.State");
  self->plugin_signals = g_signal_group_new (PLUG_RB_TYPE_PLUGIN);
  g_signal_group_connect_object (self->plugin_signals, "notify", G_CALLBACK (update_actions), self,
                                 G_CONNECT_SWAPPED);

  gtk_window_set_icon_name (GTK_WINDOW (self), APP_ID);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->messages = plug_rb_toasts_new (self->toasts);
  plug_rb_welcome_set_toasts (self->welcome, self->messages);
}

PlugRbWindow *
plug_rb_window_new (AdwApplication *app, PlugRbManager *manager)
{
  return g_object_new (PLUG_RB_TYPE_WINDOW, "application", app, "manager", manager, NULL);
}

void
plug_rb_window_open_plugin (PlugRbWindow *self, const char *key)
{
  g_return_if_fail (PLUG_RB_IS_WINDOW (self));
  g_return_if_fail (key != NULL);

  plug_rb_welcome_skip (self->welcome);
  g_set_str (&self->wanted, key);
  if (plug_rb_manager_get_state (self->manager) != PLUG_RB_MANAGER_STATE_LOADING)
    open_wanted (self);
}

/* At what is set for a program or a plugin, or for all. Without a store there is nothing to set. */
void
plug_rb_window_show_preferences (PlugRbWindow *self, const char *scope)
{
  PlugRbPreferences *preferences;

  g_return_if_fail (PLUG_RB_IS_WINDOW (self));

  if (plug_rb_manager_get_policy (self->manager, NULL) == NULL ||
      !plug_rb_window_is_in_front (self))
    return;

  preferences = plug_rb_preferences_new (self->manager);
  plug_rb_preferences_show (preferences, scope);
  adw_dialog_present (ADW_DIALOG (preferences), GTK_WIDGET (self));
}

/* Shows a package, which the user may install. */
void
plug_rb_window_install (PlugRbWindow *self, GFile *file)
{
  g_return_if_fail (PLUG_RB_IS_WINDOW (self));

  if (plug_rb_window_is_in_front (self))
    plug_rb_installing_open (self->installing, file);
}
