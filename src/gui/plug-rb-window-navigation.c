/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-window-private.h"

#include <glib/gi18n.h>

#include "plug-rb-activity-page.h"
#include "plug-rb-details-dialog.h"
#include "plug-rb-history-page.h"
#include "plug-rb-jobs-button.h"

/* Actions that show something else in the window. */

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
    plug_rb_window_show_plugin (self, plugin);
}

static void
show_place_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  g_object_set (self->panel, "plugin", NULL, NULL);
  plug_rb_window_set_place (self, g_variant_get_string (parameter, NULL));
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
  plug_rb_window_set_place (self, "all");
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

  if (!plug_rb_window_is_in_front (self))
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

  if (operation == NULL || !plug_rb_window_is_in_front (self))
    return;

  plug_rb_jobs_set_seen (self->jobs, plug_rb_operation_get_id (operation));
  adw_navigation_view_push (self->pages, plug_rb_activity_page_new (self->manager, operation));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

void
plug_rb_window_install_navigation (GtkWidgetClass *widget_class)
{
  static const PlugRbWindowAction actions[] = {
    { "win.back", NULL, back_action },
    { "win.next-plugin", NULL, neighbor_action },
    { "win.open-plugin", "s", open_plugin_action },
    { "win.previous-plugin", NULL, neighbor_action },
    { "win.refresh", NULL, refresh_action },
    { "win.search", NULL, search_action },
    { "win.show-activity", "s", show_activity_action },
    { "win.show-details", "(ss)", show_details_action },
    { "win.show-jobs", NULL, show_jobs_action },
    { "win.show-place", "s", show_place_action },
    { "win.show-plugin-history", NULL, show_history_action },
    { "win.show-snapshots", "s", show_snapshots_action },
  };

  plug_rb_window_install_actions (widget_class, actions, G_N_ELEMENTS (actions));

  /* These keys mean something else in an entry or a dialog, so they are not accelerators of the
   * application, which would come first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
}
