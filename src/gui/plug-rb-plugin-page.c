/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plugin-page.h"

#include <glib/gi18n.h>

#include "plug-rb-details-dialog.h"
#include "plug-rb-history-list.h"
#include "plug-rb-host.h"
#include "plug-rb-jobs-button.h"
#include "plug-rb-manager.h"
#include "plug-rb-plugin-head.h"
#include "plug-rb-snapshot-row.h"
#include "plug-rb-wording.h"

struct _PlugRbPluginPage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbOperation *job;
  gboolean narrow;

  GSignalGroup *plugin_signals;

  AdwBanner *banner;
  AdwPreferencesPage *page;
  GtkListBox *snapshot_list;
  GtkSliceListModel *snapshots;
  GtkWidget *head;
};

G_DEFINE_FINAL_TYPE (PlugRbPluginPage, plug_rb_plugin_page, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_JOB = 1,
  PROP_MANAGER,
  PROP_NARROW,
  PROP_PLUGIN,
} PlugRbPluginPageProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static char *
dup_title (PlugRbPluginPage *self, PlugRbPlugin *plugin)
{
  return g_strdup (plugin != NULL ? plug_rb_plugin_get_name (plugin) : _("Plugin"));
}

static char *
dup_doing (PlugRbPluginPage *self, PlugRbOperation *job)
{
  if (job == NULL || self->plugin == NULL)
    return g_strdup ("");

  return plug_rb_wording_doing (plug_rb_operation_get_kind (job),
                                plug_rb_plugin_get_name (self->plugin));
}

static char *
dup_message_title (PlugRbPluginPage *self, PlugRbPlugin *plugin)
{
  PlugRbHost *host = plugin != NULL ? plug_rb_plugin_get_host (plugin) : NULL;

  if (host == NULL)
    return g_strdup ("");

  /* TRANSLATORS: %s is a program, “GNOME Shell” */
  return g_strdup_printf (_("Message from %s"), plug_rb_host_get_name (host));
}

/* “4 · 1.9 MB” */
static char *
dup_total (PlugRbPluginPage *self, PlugRbPlugin *plugin, guint n_snapshots)
{
  GListModel *snapshots;
  guint64 total = 0;
  g_autofree char *size = NULL;

  if (plugin == NULL || n_snapshots == 0)
    return g_strdup ("");

  snapshots = plug_rb_plugin_get_snapshots (plugin);
  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    total += plug_rb_snapshot_get_stored_size (snapshot);
  }
  size = g_format_size (total);

  /* TRANSLATORS: number of snapshots and their size on disk */
  return g_strdup_printf (_("%u · %s"), n_snapshots, size);
}

static char *
dup_snapshots_page (PlugRbPluginPage *self, guint n_snapshots)
{
  return g_strdup (n_snapshots > 0 ? "list" : "empty");
}

static char *
dup_show_all (PlugRbPluginPage *self, guint n_snapshots)
{
  return g_strdup_printf (ngettext ("Show %u Snapshot", "Show All %u Snapshots", n_snapshots),
                          n_snapshots);
}

static gboolean
is_more (PlugRbPluginPage *self, guint n_items, guint n_shown)
{
  return n_items > n_shown;
}

/* What we found out by ourselves is said by the banner. */
static gboolean
is_from_host (PlugRbPluginPage *self, const char *health_message, const char *message)
{
  return health_message != NULL && g_strcmp0 (health_message, message) != 0;
}

static char *
dup_health_message (PlugRbPluginPage *self)
{
  char *message;

  g_object_get (self->plugin, "health-message", &message, NULL);

  return message;
}

typedef struct {
  char *title;
  const char *button;
  const char *action;
  AdwBannerButtonStyle style;
} Notice;

/* The most urgent thing there is to say about the plugin; at most one is shown. */
static Notice
find_notice (PlugRbPlugin *plugin)
{
  PlugRbHost *host = plug_rb_plugin_get_host (plugin);
  g_autofree char *name = plug_rb_wording_isolate (plug_rb_plugin_get_name (plugin));

  if (plug_rb_plugin_get_message (plugin) != NULL)
    return (Notice) { g_strdup (_("The folder of this plugin cannot be read")),
                      _("Show _Details"), "plugin.show-message", ADW_BANNER_BUTTON_DEFAULT };
  if (plug_rb_plugin_get_health (plugin) == PLUG_RB_HEALTH_BAD)
    /* TRANSLATORS: a program, then the name of a plugin */
    return (Notice) { g_strdup_printf (_("%s reports that %s fails"), plug_rb_host_get_name (host),
                                       name),
                      _("_Roll Back…"), "win.roll-back-latest", ADW_BANNER_BUTTON_SUGGESTED };
  if (plug_rb_plugin_get_hint (plugin) != NULL)
    return (Notice) { g_strdup (plug_rb_plugin_get_hint (plugin)), NULL, NULL,
                      ADW_BANNER_BUTTON_DEFAULT };
  if (host != NULL && plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_MISSING)
    /* TRANSLATORS: %s is a program, “GNOME Shell” */
    return (Notice) { g_strdup_printf (_("%s is not installed. Snapshots are kept."),
                                       plug_rb_host_get_name (host)),
                      NULL, NULL, ADW_BANNER_BUTTON_DEFAULT };

  return (Notice) { NULL };
}

static void
update_banner (PlugRbPluginPage *self)
{
  Notice notice = { NULL };
  g_autofree char *title = NULL;
  g_autofree char *message = NULL;

  if (self->plugin != NULL)
    notice = find_notice (self->plugin);
  title = notice.title;

  adw_banner_set_revealed (self->banner, title != NULL);
  if (title == NULL)
    return;

  adw_banner_set_title (self->banner, title);
  adw_banner_set_button_label (self->banner, notice.button);
  adw_banner_set_button_style (self->banner, notice.style);
  /* Never an action with the target of another one. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner), NULL);
  gtk_actionable_set_action_target_value (
      GTK_ACTIONABLE (self->banner),
      g_strcmp0 (notice.action, "win.roll-back-latest") == 0 ? g_variant_new_string ("") : NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner), notice.action);
  message = dup_health_message (self);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->banner), message);
}

static void
update_job (PlugRbPluginPage *self)
{
  PlugRbOperation *job = NULL;

  if (self->plugin != NULL && plug_rb_plugin_get_busy (self->plugin))
    job = plug_rb_manager_get_job (self->manager, plug_rb_plugin_get_key (self->plugin));

  if (g_set_object (&self->job, job))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
}

static void
plugin_changed_cb (PlugRbPluginPage *self)
{
  update_banner (self);
  update_job (self);
}

static GtkWidget *
create_snapshot_row (gpointer item, gpointer user_data)
{
  PlugRbPluginPage *self = user_data;
  GtkWidget *row = plug_rb_snapshot_row_new (item, self->plugin);

  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);

  return row;
}

static void
set_plugin (PlugRbPluginPage *self, PlugRbPlugin *plugin)
{
  if (!g_set_object (&self->plugin, plugin))
    return;

  gtk_slice_list_model_set_size (self->snapshots, 50);
  g_signal_group_set_target (self->plugin_signals, plugin);
  plugin_changed_cb (self);
  adw_preferences_page_scroll_to_top (self->page);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
}

static void
show_all_snapshots_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (widget);

  gtk_widget_activate_action (widget, "win.show-snapshots", "s",
                              plug_rb_plugin_get_key (self->plugin));
}

static void
show_message_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (widget);

  plug_rb_details_dialog_present (widget, _("Details"), plug_rb_plugin_get_message (self->plugin));
}

static void
copy_message_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (widget);
  GtkWidget *toasts = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *message = dup_health_message (self);
  AdwToast *toast = adw_toast_new (_("Copied"));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), message);
  adw_toast_set_timeout (toast, 2);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (toasts), toast);
}

static void
show_job_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (widget);

  if (self->job != NULL)
    gtk_widget_activate_action (widget, "win.show-job", "s", plug_rb_operation_get_id (self->job));
}

static void
plug_rb_plugin_page_dispose (GObject *object)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (object);

  if (self->snapshot_list != NULL)
    gtk_list_box_bind_model (self->snapshot_list, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PLUGIN_PAGE);
  g_clear_object (&self->plugin_signals);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);
  g_clear_object (&self->job);

  G_OBJECT_CLASS (plug_rb_plugin_page_parent_class)->dispose (object);
}

static void
plug_rb_plugin_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (object);

  switch ((PlugRbPluginPageProperty) prop_id) {
  case PROP_JOB:
    g_value_set_object (value, self->job);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_plugin_page_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbPluginPage *self = PLUG_RB_PLUGIN_PAGE (object);

  switch ((PlugRbPluginPageProperty) prop_id) {
  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLUGIN:
    set_plugin (self, g_value_get_object (value));
    break;

  case PROP_JOB:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  properties[PROP_JOB] = g_param_spec_object ("job", NULL, NULL, PLUG_RB_TYPE_OPERATION,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, live);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN,
                                                 live | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_plugin_page_class_init (PlugRbPluginPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_plugin_page_dispose;
  object_class->get_property = plug_rb_plugin_page_get_property;
  object_class->set_property = plug_rb_plugin_page_set_property;
  install_properties (object_class);

  gtk_widget_class_install_action (widget_class, "plugin.copy-message", NULL, copy_message_action);
  gtk_widget_class_install_action (widget_class, "plugin.show-all-snapshots", NULL,
                                   show_all_snapshots_action);
  gtk_widget_class_install_action (widget_class, "plugin.show-job", NULL, show_job_action);
  gtk_widget_class_install_action (widget_class, "plugin.show-message", NULL, show_message_action);

  g_type_ensure (PLUG_RB_TYPE_HISTORY_LIST);
  g_type_ensure (PLUG_RB_TYPE_PLUGIN_HEAD);
  g_type_ensure (PLUG_RB_TYPE_JOBS_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-plugin-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginPage, banner);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginPage, head);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginPage, page);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginPage, snapshot_list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginPage, snapshots);
  gtk_widget_class_bind_template_callback (widget_class, dup_doing);
  gtk_widget_class_bind_template_callback (widget_class, dup_message_title);
  gtk_widget_class_bind_template_callback (widget_class, dup_show_all);
  gtk_widget_class_bind_template_callback (widget_class, dup_snapshots_page);
  gtk_widget_class_bind_template_callback (widget_class, dup_title);
  gtk_widget_class_bind_template_callback (widget_class, dup_total);
  gtk_widget_class_bind_template_callback (widget_class, is_more);
  gtk_widget_class_bind_template_callback (widget_class, is_from_host);
}

static void
plug_rb_plugin_page_init (PlugRbPluginPage *self)
{
  self->plugin_signals = g_signal_group_new (PLUG_RB_TYPE_PLUGIN);
  g_signal_group_connect_object (self->plugin_signals, "notify", G_CALLBACK (plugin_changed_cb),
                                 self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->snapshot_list, G_LIST_MODEL (self->snapshots), create_snapshot_row,
                           self, NULL);
}

/* After a roll back the next thing one can do is to take a snapshot of what is there now. */
void
plug_rb_plugin_page_focus_head (PlugRbPluginPage *self)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN_PAGE (self));

  gtk_widget_grab_focus (self->head);
}
