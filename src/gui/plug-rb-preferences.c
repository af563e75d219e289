/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-preferences.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-plugin.h"
#include "plug-rb-policy-page.h"
#include "plug-rb-storage-page.h"
#include "plug-rb-wording.h"

struct _PlugRbPreferences {
  AdwPreferencesDialog parent_instance;

  PlugRbManager *manager;
  GPtrArray *plugin_rows;

  AdwPreferencesGroup *hosts_group;
  AdwPreferencesGroup *plugins_group;
  AdwPreferencesPage *programs_page;
};

G_DEFINE_FINAL_TYPE (PlugRbPreferences, plug_rb_preferences, ADW_TYPE_PREFERENCES_DIALOG)

/* ---- pages of one program or plugin */

static AdwNavigationPage *
create_subpage (PlugRbPolicyPage *page, const char *title)
{
  AdwToolbarView *view = ADW_TOOLBAR_VIEW (adw_toolbar_view_new ());

  adw_toolbar_view_add_top_bar (view, adw_header_bar_new ());
  adw_toolbar_view_set_content (view, GTK_WIDGET (page));

  return adw_navigation_page_new (GTK_WIDGET (view), title);
}

/* Opens the preferences at those of a program or a plugin, or at those of all. */
void
plug_rb_preferences_show (PlugRbPreferences *self, const char *scope)
{
  PlugRbLivePolicy *policy = plug_rb_manager_get_policy (self->manager, scope);
  g_autofree char *host = scope ? g_strndup (scope, strcspn (scope, "/")) : NULL;
  gboolean is_host = g_strcmp0 (host, scope) == 0;
  const char *name;

  g_return_if_fail (PLUG_RB_IS_PREFERENCES (self));

  if (scope == NULL || policy == NULL)
    return;

  name = is_host ? plug_rb_wording_host_name (self->manager, scope)
                 : plug_rb_wording_plugin_name (self->manager, scope);
  adw_preferences_dialog_set_visible_page (ADW_PREFERENCES_DIALOG (self), self->programs_page);
  adw_preferences_dialog_push_subpage (
      ADW_PREFERENCES_DIALOG (self),
      create_subpage (plug_rb_policy_page_new (
                          self->manager, policy, name,
                          is_host ? NULL : plug_rb_wording_host_name (self->manager, host)),
                      name));
}

static void
show_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plug_rb_preferences_show (PLUG_RB_PREFERENCES (widget), g_variant_get_string (parameter, NULL));
}

/* ---- rows */

static GtkWidget *
create_row (const char *scope, const char *title, const char *subtitle, const char *icon)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "preferences.show");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", scope);

  return row;
}

static char *
dup_host_subtitle (PlugRbHost *host)
{
  guint n = g_list_model_get_n_items (plug_rb_host_get_plugins (host));

  if (plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_MISSING)
    return g_strdup (_("Not installed"));
  if (plug_rb_host_get_state (host) != PLUG_RB_HOST_STATE_PRESENT)
    return g_strdup (plug_rb_host_get_message (host));

  return g_strdup_printf (ngettext ("%u plugin", "%u plugins", n), n);
}

static GtkWidget *
create_host_row (PlugRbHost *host)
{
  const char *icon = plug_rb_host_get_icon (host);
  const char *name = plug_rb_host_get_name (host);
  g_autofree char *subtitle = dup_host_subtitle (host);

  return create_row (plug_rb_host_get_id (host), name ? name : plug_rb_host_get_id (host), subtitle,
                     icon ? icon : "application-x-executable-symbolic");
}

/* Programs that are not here can be set up before they come, but they do not stand in the way; each
 * other place where one could be installed is no use to anybody. */
static void
add_missing_hosts (PlugRbPreferences *self, GPtrArray *missing)
{
  GtkWidget *expander = adw_expander_row_new ();
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u program", "%u programs", missing->len), missing->len);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _("Not Installed"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), count);
  for (guint i = 0; i < missing->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), create_host_row (missing->pdata[i]));

  adw_preferences_group_add (self->hosts_group, expander);
}

static void
add_hosts (PlugRbPreferences *self)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);
  g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);
    const char *id = plug_rb_host_get_id (host);

    if (id == NULL)
      continue;
    if (plug_rb_host_get_state (host) != PLUG_RB_HOST_STATE_MISSING)
      adw_preferences_group_add (self->hosts_group, create_host_row (host));
    else if (strpbrk (id, "@+") == NULL)
      g_ptr_array_add (missing, g_steal_pointer (&host));
  }

  if (missing->len > 0)
    add_missing_hosts (self, missing);
}

static void
add_plugin (PlugRbPreferences *self, const char *key)
{
  g_autofree char *host = g_strndup (key, strcspn (key, "/"));
  GtkWidget *row =
      create_row (key, plug_rb_wording_plugin_name (self->manager, key),
                  plug_rb_wording_host_name (self->manager, host), "application-x-addon-symbolic");

  adw_preferences_group_add (self->plugins_group, row);
  g_ptr_array_add (self->plugin_rows, row);
}

static void
update_plugins (PlugRbPreferences *self)
{
  g_autoptr(GPtrArray) scopes = plug_rb_manager_list_policy_scopes (self->manager);

  for (guint i = 0; i < self->plugin_rows->len; i++)
    adw_preferences_group_remove (self->plugins_group, self->plugin_rows->pdata[i]);
  g_ptr_array_set_size (self->plugin_rows, 0);

  for (guint i = 0; i < scopes->len; i++)
    if (strchr (scopes->pdata[i], '/') != NULL)
      add_plugin (self, scopes->pdata[i]);
}

/* ---- object */

static void
plug_rb_preferences_dispose (GObject *object)
{
  PlugRbPreferences *self = PLUG_RB_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PREFERENCES);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_preferences_parent_class)->dispose (object);
}

static void
plug_rb_preferences_finalize (GObject *object)
{
  PlugRbPreferences *self = PLUG_RB_PREFERENCES (object);

  g_ptr_array_unref (self->plugin_rows);

  G_OBJECT_CLASS (plug_rb_preferences_parent_class)->finalize (object);
}

static void
plug_rb_preferences_class_init (PlugRbPreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_preferences_dispose;
  object_class->finalize = plug_rb_preferences_finalize;

  gtk_widget_class_install_action (widget_class, "preferences.show", "s", show_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbPreferences, hosts_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPreferences, plugins_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPreferences, programs_page);
}

static void
plug_rb_preferences_init (PlugRbPreferences *self)
{
  self->plugin_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

PlugRbPreferences *
plug_rb_preferences_new (PlugRbManager *manager)
{
  PlugRbLivePolicy *policy = plug_rb_manager_get_policy (manager, NULL);
  PlugRbPreferences *self;

  g_return_val_if_fail (policy != NULL, NULL);

  self = g_object_new (PLUG_RB_TYPE_PREFERENCES, NULL);
  self->manager = g_object_ref (manager);
  adw_preferences_dialog_add (
      ADW_PREFERENCES_DIALOG (self),
      ADW_PREFERENCES_PAGE (plug_rb_policy_page_new (manager, policy, NULL, NULL)));
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self), self->programs_page);
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self),
                              ADW_PREFERENCES_PAGE (plug_rb_storage_page_new (manager)));
  add_hosts (self);
  update_plugins (self);
  g_signal_connect_object (policy, "changed", G_CALLBACK (update_plugins), self, G_CONNECT_SWAPPED);

  return self;
}
