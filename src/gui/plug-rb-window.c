/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-window.h"

#include <glib/gi18n.h>

#include "plug-rb-activity-page.h"
#include "plug-rb-close-guard.h"
#include "plug-rb-compare-page.h"
#include "plug-rb-details-dialog.h"
#include "plug-rb-history-page.h"
#include "plug-rb-file-saver.h"
#include "plug-rb-installing.h"
#include "plug-rb-jobs-button.h"
#include "plug-rb-jobs.h"
#include "plug-rb-panel.h"
#include "plug-rb-plugin-page.h"
#include "plug-rb-plugin.h"
#include "plug-rb-preferences.h"
#include "plug-rb-sidebar.h"
#include "plug-rb-snapshot-page.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-sweeping.h"
#include "plug-rb-toasts.h"
#include "plug-rb-welcome.h"
#include "plug-rb-wording.h"

struct _PlugRbWindow {
  AdwApplicationWindow parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbInstalling *installing;
  PlugRbJobs *jobs;
  PlugRbToasts *messages;
  GSettings *settings;
  char *wanted; /* key of the plugin to open once the plugins are known */

  GSignalGroup *plugin_signals;

  AdwNavigationView *pages;
  PlugRbPanel *panel;
  PlugRbPluginPage *plugin_page;
  PlugRbSidebar *sidebar;
  AdwNavigationSplitView *split;
  AdwToastOverlay *toasts;
  PlugRbWelcome *welcome;
};

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

static void
show_plugin (PlugRbWindow *self, PlugRbPlugin *plugin)
{
  set_plugin (self, plugin);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

/* The page of a place instead of a plugin. */
static void
set_place (PlugRbWindow *self, const char *name)
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
    set_place (self, place);
    adw_navigation_split_view_set_show_content (self->split, TRUE);
    return;
  }

  show_plugin (self, plug_rb_sidebar_get_plugin (self->sidebar));
}

static void
open_wanted (PlugRbWindow *self)
{
  g_autofree char *key = g_steal_pointer (&self->wanted);
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);

  if (plugin != NULL)
    show_plugin (self, plugin);
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
    set_place (self, key);
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

static gboolean
is_panel_shown (PlugRbWindow *self)
{
  return g_strcmp0 (adw_navigation_view_get_visible_page_tag (self->pages), "all-snapshots") == 0 &&
         (!adw_navigation_split_view_get_collapsed (self->split) ||
          adw_navigation_split_view_get_show_content (self->split));
}

/* Of all plugins, or of one. */
static PlugRbHistoryPage *
get_shown_history (PlugRbWindow *self)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->pages);
  gboolean shown = !adw_navigation_split_view_get_collapsed (self->split) ||
                   adw_navigation_split_view_get_show_content (self->split);

  return shown && PLUG_RB_IS_HISTORY_PAGE (page) ? PLUG_RB_HISTORY_PAGE (page) : NULL;
}

static void
search_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_panel_shown (self)) {
    plug_rb_panel_search (self->panel);
    return;
  }
  if (get_shown_history (self) != NULL) {
    plug_rb_history_page_search (get_shown_history (self));
    return;
  }

  adw_navigation_split_view_set_show_content (self->split, FALSE);
  plug_rb_sidebar_search (self->sidebar);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if ((get_shown_history (self) != NULL &&
       plug_rb_history_page_go_back (get_shown_history (self))) ||
      adw_navigation_view_pop (self->pages) ||
      (is_panel_shown (self) && plug_rb_panel_go_back (self->panel)))
    return;

  if (adw_navigation_split_view_get_collapsed (self->split) &&
      adw_navigation_split_view_get_show_content (self->split))
    adw_navigation_split_view_set_show_content (self->split, FALSE);
  else
    plug_rb_sidebar_stop_search (self->sidebar);
}

static void
neighbor_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  int step = g_str_equal (action_name, "win.next-plugin") ? 1 : -1;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_sidebar_dup_neighbor (self->sidebar, step);

  if (plugin != NULL)
    show_plugin (self, plugin);
}

static void
show_place_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  g_object_set (self->panel, "plugin", NULL, NULL);
  set_place (self, g_variant_get_string (parameter, NULL));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
  if (is_panel_shown (self))
    plug_rb_panel_focus_list (self->panel);
  else if (get_shown_history (self) != NULL)
    plug_rb_history_page_focus_list (get_shown_history (self));
}

/* All of one plugin, or with an empty key of all. */
static void
show_snapshots_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  const char *key = g_variant_get_string (parameter, NULL);

  g_object_set (self->panel, "plugin", plug_rb_manager_find_plugin (self->manager, key), NULL);
  set_place (self, "all");
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
open_plugin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_window_open_plugin (PLUG_RB_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (plug_rb_manager_load_finish (PLUG_RB_MANAGER (source), result, &error))
    return;

  /* A failure of the first loading is the state of the manager and fills the window. */
  if (plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_READY)
    plug_rb_toasts_show_failure (self->messages, PLUG_RB_TOAST_OTHER,
                                 g_strdup (_("Could not reload")), error);
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  plug_rb_manager_load_async (self->manager, NULL, loaded_cb, g_object_ref (self));
}

/* A dialog in front is answered first. */
static gboolean
is_in_front (PlugRbWindow *self)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) == NULL;
}

static void
clean_up_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
    plug_rb_jobs_clean_up (self->jobs);
}

static void
take_snapshot_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
    plug_rb_jobs_take_snapshot (self->jobs, self->plugin);
}

static void
snapshot_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self) &&
      plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_READY)
    plug_rb_sweeping_start (self->manager, self->messages);
}

static void
preview (PlugRbWindow *self, const char *id, const char *scope)
{
  PlugRbSnapshot *snapshot = plug_rb_manager_find_snapshot (self->manager, id);

  if (snapshot != NULL && is_in_front (self))
    plug_rb_jobs_preview (self->jobs, snapshot, scope);
}

/* An empty key means the plugin that is open. */
static void
roll_back_latest_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  const char *key = g_variant_get_string (parameter, NULL);
  PlugRbPlugin *plugin = self->plugin;
  PlugRbSnapshot *target;

  if (*key != '\0')
    plugin = plug_rb_manager_find_plugin (self->manager, key);
  if (plugin == NULL)
    return;

  target = plug_rb_plugin_get_latest_good (plugin);
  if (target != NULL)
    preview (self, plug_rb_snapshot_get_id (target), "all");
}

static void
roll_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  preview (PLUG_RB_WINDOW (widget), g_variant_get_string (parameter, NULL), "all");
}

static void
roll_back_part_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *id;
  const char *part;

  g_variant_get (parameter, "(&s&s)", &id, &part);
  preview (PLUG_RB_WINDOW (widget), id, part);
}

static void
snapshots_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);

  if (g_str_equal (action_name, "win.delete"))
    plug_rb_jobs_delete (self->jobs, ids);
  else if (g_str_equal (action_name, "win.pin"))
    plug_rb_jobs_toggle_pinned (self->jobs, ids);
  else
    plug_rb_jobs_restore_deleted (self->jobs, ids);
}

/* An empty id means that the user chooses the program. */
static void
roll_back_host_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
    plug_rb_jobs_choose_moment (self->jobs, g_variant_get_string (parameter, NULL));
}

static void
roll_back_many_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; ids[i] != NULL; i++) {
    PlugRbSnapshot *snapshot = plug_rb_manager_find_snapshot (self->manager, ids[i]);

    if (snapshot != NULL)
      g_ptr_array_add (targets, g_object_ref (snapshot));
  }
  if (is_in_front (self))
    plug_rb_jobs_preview_many (self->jobs, targets);
}

static void
operation_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  if (g_str_equal (action_name, "win.show-job"))
    plug_rb_jobs_show (self->jobs, id);
  else if (g_str_equal (action_name, "win.cancel"))
    plug_rb_jobs_cancel (self->jobs, id);
  else
    plug_rb_jobs_undo_operation (self->jobs, id);
}

static PlugRbJobsButton *
find_jobs_button (GtkWidget *widget)
{
  PlugRbJobsButton *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (PLUG_RB_IS_JOBS_BUTTON (widget))
    return PLUG_RB_JOBS_BUTTON (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_jobs_button (child);

  return found;
}

/* In a narrow window not every page has the button, but the list of plugins has. */
static void
show_jobs_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (!is_in_front (self))
    return;
  if (!plug_rb_jobs_has_any (self->jobs)) {
    plug_rb_toasts_show_text (self->messages, PLUG_RB_TOAST_OTHER,
                              g_strdup (_("No tasks are running")));
    return;
  }

  if (find_jobs_button (widget) == NULL)
    adw_navigation_split_view_set_show_content (self->split, FALSE);
  if (find_jobs_button (widget) != NULL)
    plug_rb_jobs_button_popup (find_jobs_button (widget));
}

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
    plug_rb_jobs_undo_latest (self->jobs);
}

static void
show_details_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *heading;
  const char *text;

  g_variant_get (parameter, "(&s&s)", &heading, &text);
  plug_rb_details_dialog_present (widget, heading, text);
}

static void
show_history_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  adw_navigation_view_push (self->pages, plug_rb_history_page_new (self->manager, self->plugin));
}

static void
show_activity_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  PlugRbOperation *operation =
      plug_rb_manager_find_operation (self->manager, g_variant_get_string (parameter, NULL));

  if (operation == NULL || !is_in_front (self))
    return;

  plug_rb_jobs_set_seen (self->jobs, plug_rb_operation_get_id (operation));
  adw_navigation_view_push (self->pages, plug_rb_activity_page_new (self->manager, operation));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
push_comparison (PlugRbWindow *self, PlugRbSnapshot *from, PlugRbSnapshot *to)
{
  PlugRbPlugin *plugin =
      plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (from));

  if (plugin == NULL || !is_in_front (self))
    return;

  adw_navigation_view_push (self->pages,
                            plug_rb_compare_page_new (self->manager, plugin, from, to));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

/* One snapshot with what is installed; of two the older one with the newer one. */
static void
compare_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);
  PlugRbSnapshot *one = ids[0] ? plug_rb_manager_find_snapshot (self->manager, ids[0]) : NULL;
  PlugRbSnapshot *other =
      one && ids[1] ? plug_rb_manager_find_snapshot (self->manager, ids[1]) : NULL;

  if (one == NULL)
    return;
  if (other != NULL &&
      g_strcmp0 (plug_rb_snapshot_get_plugin (one), plug_rb_snapshot_get_plugin (other)) != 0) {
    plug_rb_toasts_show_text (self->messages, PLUG_RB_TOAST_OTHER,
                              g_strdup (_("Only snapshots of one plugin can be compared")));
    return;
  }

  if (other != NULL && g_date_time_compare (plug_rb_snapshot_get_timestamp (one),
                                            plug_rb_snapshot_get_timestamp (other)) > 0)
    push_comparison (self, other, one);
  else
    push_comparison (self, one, other);
}

/* The next older one of the same plugin that can be read. */
static PlugRbSnapshot *
find_previous (PlugRbWindow *self, PlugRbSnapshot *snapshot)
{
  PlugRbPlugin *plugin =
      plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (snapshot));
  GListModel *snapshots = plugin ? plug_rb_plugin_get_snapshots (plugin) : NULL;
  PlugRbSnapshot *best = NULL;

  for (guint i = 0; snapshots != NULL && i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) other = g_list_model_get_item (snapshots, i);
    gint64 sequence = plug_rb_snapshot_get_sequence (other);

    if (sequence < plug_rb_snapshot_get_sequence (snapshot) &&
        plug_rb_snapshot_get_damaged (other) == NULL &&
        (best == NULL || sequence > plug_rb_snapshot_get_sequence (best)))
      best = other;
  }

  return best;
}

static void
compare_previous_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  PlugRbSnapshot *snapshot =
      plug_rb_manager_find_snapshot (self->manager, g_variant_get_string (parameter, NULL));
  PlugRbSnapshot *previous = snapshot ? find_previous (self, snapshot) : NULL;

  if (previous != NULL)
    push_comparison (self, previous, snapshot);
  else if (snapshot != NULL)
    plug_rb_toasts_show_text (self->messages, PLUG_RB_TOAST_OTHER,
                              g_strdup (_("There is no earlier snapshot of this plugin")));
}

static void
details_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  PlugRbSnapshot *snapshot =
      plug_rb_manager_find_snapshot (self->manager, g_variant_get_string (parameter, NULL));

  if (snapshot == NULL || !is_in_front (self))
    return;

  adw_navigation_view_push (self->pages, plug_rb_snapshot_page_new (self->manager, snapshot));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
save_files_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);
  PlugRbSnapshot *snapshot =
      plug_rb_manager_find_snapshot (self->manager, g_variant_get_string (parameter, NULL));

  if (snapshot != NULL && is_in_front (self))
    plug_rb_file_saver_ask (self->messages, self->manager, snapshot);
}

static void
compare_latest (PlugRbWindow *self, PlugRbPlugin *plugin)
{
  GListModel *snapshots = plugin ? plug_rb_plugin_get_snapshots (plugin) : NULL;
  g_autoptr(PlugRbSnapshot) latest = snapshots ? g_list_model_get_item (snapshots, 0) : NULL;

  if (latest != NULL)
    push_comparison (self, latest, NULL);
}

static void
compare_latest_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  compare_latest (self, self->plugin);
}

static void
install_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
    plug_rb_installing_choose (self->installing);
}

static void
install_folder_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (is_in_front (self))
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

  if (plugin == NULL || !plug_rb_plugin_get_installed (plugin) || !is_in_front (self))
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
  if (plugin == NULL || !is_in_front (self))
    return;

  if (g_str_equal (verb, "compare"))
    compare_latest (self, plugin);
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
  self->installing = plug_rb_installing_new (self->manager, self->messages);
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

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.back", NULL, back_action },
    { "win.cancel", "s", operation_action },
    { "win.clean-up", NULL, clean_up_action },
    { "win.compare", "as", compare_action },
    { "win.compare-latest", NULL, compare_latest_action },
    { "win.compare-previous", "s", compare_previous_action },
    { "win.delete", "as", snapshots_action },
    { "win.details", "s", details_action },
    { "win.save-files", "s", save_files_action },
    { "win.install", NULL, install_action },
    { "win.install-folder", NULL, install_folder_action },
    { "win.next-plugin", NULL, neighbor_action },
    { "win.on-plugin", "(ss)", on_plugin_action },
    { "win.open-folder", "s", plugin_action },
    { "win.open-plugin", "s", open_plugin_action },
    { "win.pin", "as", snapshots_action },
    { "win.plugin-policy", NULL, plugin_policy_action },
    { "win.previous-plugin", NULL, neighbor_action },
    { "win.refresh", NULL, refresh_action },
    { "win.roll-back", "s", roll_back_action },
    { "win.roll-back-host", "s", roll_back_host_action },
    { "win.roll-back-latest", "s", roll_back_latest_action },
    { "win.roll-back-many", "as", roll_back_many_action },
    { "win.roll-back-part", "(ss)", roll_back_part_action },
    { "win.search", NULL, search_action },
    { "win.show-activity", "s", show_activity_action },
    { "win.show-details", "(ss)", show_details_action },
    { "win.show-job", "s", operation_action },
    { "win.show-jobs", NULL, show_jobs_action },
    { "win.show-place", "s", show_place_action },
    { "win.show-plugin-history", NULL, show_history_action },
    { "win.show-snapshots", "s", show_snapshots_action },
    { "win.snapshot-all", NULL, snapshot_all_action },
    { "win.take-snapshot", NULL, take_snapshot_action },
    { "win.undo", NULL, undo_action },
    { "win.undo-delete", "as", snapshots_action },
    { "win.undo-operation", "s", operation_action },
    { "win.uninstall", "s", plugin_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);

  /* These keys mean something else in an entry or a dialog, so they are not accelerators of the
   * application, which would come first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
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

  install_actions (widget_class);
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

  if (plug_rb_manager_get_policy (self->manager, NULL) == NULL || !is_in_front (self))
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

  if (is_in_front (self))
    plug_rb_installing_open (self->installing, file);
}
