/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-window-private.h"

#include "plug-rb-plugin.h"

/* Actions on plugins. */

static void
install_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self))
    plug_rb_installing_choose (self->installing);
}

static void
install_folder_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self))
    plug_rb_installing_choose_folder (self->installing);
}

static void
open_folder (PlugRbWindow *self, PlugRbPlugin *plugin)
{
  g_autoptr(GFile) file = g_file_new_for_path (plug_rb_plugin_get_path (plugin));
  g_autoptr(GtkFileLauncher) launcher = gtk_file_launcher_new (file);

  gtk_file_launcher_open_containing_folder (launcher, GTK_WINDOW (self), NULL, NULL, NULL);
}

/* An empty key means the plugin that is open. */
static void
plugin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  const char *key = g_variant_get_string (parameter, NULL);
  PlugRbPlugin *plugin =
      *key != '\0' ? plug_rb_manager_find_plugin (self->manager, key) : self->plugin;

  if (plugin == NULL || !plug_rb_plugin_get_installed (plugin) ||
      !plug_rb_window_is_in_front (self))
    return;

  if (g_str_equal (action_name, "win.uninstall"))
    plug_rb_installing_uninstall (self->installing, plugin);
  else if (plug_rb_plugin_get_path (plugin) != NULL)
    open_folder (self, plugin);
}

/* What the menu of a plugin offers; that plugin need not be open. */
static void
on_plugin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  PlugRbPlugin *plugin;
  const char *verb;
  const char *key;

  g_variant_get (parameter, "(&s&s)", &verb, &key);
  plugin = plug_rb_manager_find_plugin (self->manager, key);
  if (plugin == NULL || !plug_rb_window_is_in_front (self))
    return;

  if (g_str_equal (verb, "compare"))
    plug_rb_window_compare_latest (self, plugin);
  else if (g_str_equal (verb, "take-snapshot"))
    plug_rb_jobs_take_snapshot (self->jobs, plugin);
  else if (g_str_equal (verb, "uninstall"))
    plug_rb_installing_uninstall (self->installing, plugin);
  else if (plug_rb_plugin_get_path (plugin) != NULL)
    open_folder (self, plugin);
}

static void
plugin_policy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  plug_rb_window_show_preferences (self, plug_rb_plugin_get_key (self->plugin));
}

void
plug_rb_window_install_plugin_actions (GtkWidgetClass *widget_class)
{
  static const PlugRbWindowAction actions[] = {
    { "win.install", NULL, install_action },
    { "win.install-folder", NULL, install_folder_action },
    { "win.on-plugin", "(ss)", on_plugin_action },
    { "win.open-folder", "s", plugin_action },
    { "win.plugin-policy", NULL, plugin_policy_action },
    { "win.uninstall", "s", plugin_action },
  };

  plug_rb_window_install_actions (widget_class, actions, G_N_ELEMENTS (actions));
}
