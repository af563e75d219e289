/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-window-private.h"

#include <glib/gi18n.h>

#include "plug-rb-compare-page.h"
#include "plug-rb-file-saver.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot-page.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-sweeping.h"

/* Actions on snapshots and operations. */

static void
clean_up_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self))
    plug_rb_jobs_clean_up (self->jobs);
}

static void
take_snapshot_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self))
    plug_rb_jobs_take_snapshot (self->jobs, self->plugin);
}

static void
snapshot_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self) &&
      plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_READY)
    plug_rb_sweeping_start (self->manager, self->messages);
}

static void
preview (PlugRbWindow *self, const char *id, const char *scope)
{
  PlugRbSnapshot *snapshot = plug_rb_manager_find_snapshot (self->manager, id);

  if (snapshot != NULL && plug_rb_window_is_in_front (self))
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

  if (plug_rb_window_is_in_front (self))
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
  if (plug_rb_window_is_in_front (self))
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

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWindow *self = PLUG_RB_WINDOW (widget);

  if (plug_rb_window_is_in_front (self))
    plug_rb_jobs_undo_latest (self->jobs);
}

static void
push_comparison (PlugRbWindow *self, PlugRbSnapshot *from, PlugRbSnapshot *to)
{
  PlugRbPlugin *plugin =
      plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (from));

  if (plugin == NULL || !plug_rb_window_is_in_front (self))
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

  if (snapshot == NULL || !plug_rb_window_is_in_front (self))
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

  if (snapshot != NULL && plug_rb_window_is_in_front (self))
    plug_rb_file_saver_ask (self->messages, self->manager, snapshot);
}

void
plug_rb_window_compare_latest (PlugRbWindow *self, PlugRbPlugin *plugin)
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

  plug_rb_window_compare_latest (self, self->plugin);
}

void
plug_rb_window_install_snapshot_actions (GtkWidgetClass *widget_class)
{
  static const PlugRbWindowAction actions[] = {
    { "win.cancel", "s", operation_action },
    { "win.clean-up", NULL, clean_up_action },
    { "win.compare", "as", compare_action },
    { "win.compare-latest", NULL, compare_latest_action },
    { "win.compare-previous", "s", compare_previous_action },
    { "win.delete", "as", snapshots_action },
    { "win.details", "s", details_action },
    { "win.pin", "as", snapshots_action },
    { "win.roll-back", "s", roll_back_action },
    { "win.roll-back-host", "s", roll_back_host_action },
    { "win.roll-back-latest", "s", roll_back_latest_action },
    { "win.roll-back-many", "as", roll_back_many_action },
    { "win.roll-back-part", "(ss)", roll_back_part_action },
    { "win.save-files", "s", save_files_action },
    { "win.show-job", "s", operation_action },
    { "win.snapshot-all", NULL, snapshot_all_action },
    { "win.take-snapshot", NULL, take_snapshot_action },
    { "win.undo", NULL, undo_action },
    { "win.undo-delete", "as", snapshots_action },
    { "win.undo-operation", "s", operation_action },
  };

  plug_rb_window_install_actions (widget_class, actions, G_N_ELEMENTS (actions));

  /* An entry has its own. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
}
