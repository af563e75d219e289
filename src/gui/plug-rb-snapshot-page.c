/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-page.h"

#include <glib/gi18n.h>

#include "plug-rb-format.h"
#include "plug-rb-host.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbSnapshotPage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbSnapshot *snapshot;
  gboolean is_showing; /* the rows follow the snapshot now, and not the other way round */

  AdwBanner *damage;
  AdwPreferencesGroup *dependencies_group;
  GtkLabel *heading;
  AdwActionRow *health_row;
  AdwActionRow *host_row;
  AdwActionRow *id_row;
  GtkEditable *label_row;
  GtkEditable *note_row;
  AdwSwitchRow *pinned_row;
  AdwActionRow *reason_row;
  AdwActionRow *size_row;
  AdwActionRow *stored_row;
  AdwActionRow *taken_row;
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotPage, plug_rb_snapshot_page, ADW_TYPE_NAVIGATION_PAGE)

/* ---- showing */

static void
set_text (GtkEditable *row, const char *text)
{
  gtk_editable_set_text (row, text ? text : "");
}

static void
show_health (PlugRbSnapshotPage *self)
{
  const char *message = plug_rb_snapshot_get_health_message (self->snapshot);

  switch (plug_rb_snapshot_get_health (self->snapshot)) {
  case PLUG_RB_HEALTH_BAD:
    adw_action_row_set_subtitle (self->health_row, message ? message : _("Fails"));
    break;
  case PLUG_RB_HEALTH_GOOD:
    adw_action_row_set_subtitle (self->health_row, _("Works"));
    break;
  case PLUG_RB_HEALTH_UNKNOWN:
  default:
    adw_action_row_set_subtitle (self->health_row, _("Health unknown"));
  }
}

static void
show_host (PlugRbSnapshotPage *self)
{
  PlugRbPlugin *plugin =
      plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (self->snapshot));
  PlugRbHost *host = plugin ? plug_rb_plugin_get_host (plugin) : NULL;
  const char *version = plug_rb_snapshot_get_host_version (self->snapshot);
  /* TRANSLATORS: %s is the name of a program */
  g_autofree char *title =
      host ? g_strdup_printf (_("%s Version"), plug_rb_host_get_name (host)) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->host_row), title != NULL && version != NULL);
  if (title != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->host_row), title);
  adw_action_row_set_subtitle (self->host_row, version);
}

static void
show_sizes (PlugRbSnapshotPage *self)
{
  guint n = plug_rb_snapshot_get_n_files (self->snapshot);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_size (self->snapshot));
  g_autofree char *stored = g_format_size (plug_rb_snapshot_get_stored_size (self->snapshot));
  /* TRANSLATORS: a size, then a number of files */
  g_autofree char *text = g_strdup_printf (ngettext ("%s, %u file", "%s, %u files", n), size, n);

  adw_action_row_set_subtitle (self->size_row, text);
  adw_action_row_set_subtitle (self->stored_row, stored);
}

/* What the user may be typing is not taken from under his hands. */
static void
show_texts (PlugRbSnapshotPage *self)
{
  self->is_showing = TRUE;
  set_text (self->label_row, plug_rb_snapshot_get_label (self->snapshot));
  set_text (self->note_row, plug_rb_snapshot_get_note (self->snapshot));
  adw_switch_row_set_active (self->pinned_row, plug_rb_snapshot_get_pinned (self->snapshot));
  self->is_showing = FALSE;
}

static gboolean
is_there (PlugRbSnapshotPage *self, const char *id)
{
  const char *host_id = plug_rb_snapshot_get_host (self->snapshot);
  g_autofree char *key = g_strconcat (host_id, "/", id, NULL);
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (self->manager, key);
  PlugRbPlugin *own =
      plug_rb_manager_find_plugin (self->manager, plug_rb_snapshot_get_plugin (self->snapshot));

  return (plugin != NULL && plug_rb_plugin_get_installed (plugin)) ||
         (own != NULL && plug_rb_host_provides (plug_rb_plugin_get_host (own), id));
}

static void
add_dependency (PlugRbSnapshotPage *self, const char *id, const char *version)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean there = is_there (self, id);
  GtkWidget *icon =
      gtk_image_new_from_icon_name (there ? "object-select-symbolic" : "dialog-warning-symbolic");
  const char *state = there ? _("Installed") : _("Not Installed");

  gtk_widget_add_css_class (icon, there ? "success" : "warning");
  gtk_widget_set_tooltip_text (icon, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, state, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), version);
  adw_preferences_group_add (self->dependencies_group, row);
}

static void
add_dependencies (PlugRbSnapshotPage *self)
{
  g_autoptr(JsonArray) array = plug_rb_snapshot_load_json (self->snapshot, NULL)
                                    ? plug_rb_snapshot_get_dependencies (self->snapshot)
                                    : NULL;
  guint n = array ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++) {
    JsonObject *object = plug_rb_json_get_element (array, i);
    const char *id = object ? plug_rb_json_get_string (object, "id") : NULL;

    if (id != NULL)
      add_dependency (self, id, plug_rb_json_get_string (object, "version"));
  }
  gtk_widget_set_visible (GTK_WIDGET (self->dependencies_group), n > 0);
}

static void
show_snapshot (PlugRbSnapshotPage *self)
{
  const char *damaged = plug_rb_snapshot_get_damaged (self->snapshot);
  g_autofree char *title = plug_rb_wording_titled (self->snapshot);
  g_autofree char *taken =
      plug_rb_format_time_full (plug_rb_snapshot_get_timestamp (self->snapshot));

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  gtk_label_set_label (self->heading, title);
  adw_banner_set_title (self->damage, damaged ? damaged : "");
  adw_banner_set_revealed (self->damage, damaged != NULL);
  adw_action_row_set_subtitle (self->taken_row, taken);
  adw_action_row_set_subtitle (self->reason_row,
                               plug_rb_words_reason (plug_rb_snapshot_get_reason (self->snapshot)));
  adw_action_row_set_subtitle (self->id_row, plug_rb_snapshot_get_id (self->snapshot));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back", damaged == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.save-files", damaged == NULL);
  show_host (self);
  show_health (self);
  show_sizes (self);
  show_texts (self);
}

/* ---- changing */

static void
text_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbSnapshotPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) snapshot =
      plug_rb_manager_set_text_finish (PLUG_RB_MANAGER (source), result, &error);

  if (snapshot == NULL) {
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-details", "(ss)", _("Could not save"),
                                error->message);
  } else if (self->heading != NULL) {
    g_set_object (&self->snapshot, snapshot);
    show_snapshot (self);
  }
}

static void
texts_applied_cb (PlugRbSnapshotPage *self)
{
  plug_rb_manager_set_text_async (
      self->manager, self->snapshot, gtk_editable_get_text (self->label_row),
      gtk_editable_get_text (self->note_row), text_set_cb, g_object_ref (self));
}

static void
pinned_changed_cb (PlugRbSnapshotPage *self)
{
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  if (!self->is_showing)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.pin", "^as", ids);
}

static void
snapshot_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotPage *self = PLUG_RB_SNAPSHOT_PAGE (widget);
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  if (g_str_equal (action_name, "snapshot.roll-back")) {
    gtk_widget_activate_action (widget, "win.roll-back", "s", ids[0]);
  } else if (g_str_equal (action_name, "snapshot.compare")) {
    gtk_widget_activate_action (widget, "win.compare", "^as", ids);
  } else if (g_str_equal (action_name, "snapshot.save-files")) {
    gtk_widget_activate_action (widget, "win.save-files", "s", ids[0]);
  } else {
    gtk_widget_activate_action (widget, "win.delete", "^as", ids);
    gtk_widget_activate_action (widget, "win.back", NULL);
  }
}

/* ---- object */

static void
plug_rb_snapshot_page_dispose (GObject *object)
{
  PlugRbSnapshotPage *self = PLUG_RB_SNAPSHOT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_SNAPSHOT_PAGE);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_snapshot_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-snapshot-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, damage);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, dependencies_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, heading);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, health_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, host_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, id_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, label_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, note_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, pinned_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, reason_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, size_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, stored_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotPage, taken_row);
}

static void
plug_rb_snapshot_page_class_init (PlugRbSnapshotPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_snapshot_page_dispose;

  gtk_widget_class_install_action (widget_class, "snapshot.compare", NULL, snapshot_action);
  gtk_widget_class_install_action (widget_class, "snapshot.delete", NULL, snapshot_action);
  gtk_widget_class_install_action (widget_class, "snapshot.roll-back", NULL, snapshot_action);
  gtk_widget_class_install_action (widget_class, "snapshot.save-files", NULL, snapshot_action);
  bind_template (widget_class);
}

static void
plug_rb_snapshot_page_init (PlugRbSnapshotPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->label_row, "apply", G_CALLBACK (texts_applied_cb), self);
  g_signal_connect_swapped (self->note_row, "apply", G_CALLBACK (texts_applied_cb), self);
  g_signal_connect_swapped (self->pinned_row, "notify::active", G_CALLBACK (pinned_changed_cb),
                            self);
}

AdwNavigationPage *
plug_rb_snapshot_page_new (PlugRbManager *manager, PlugRbSnapshot *snapshot)
{
  PlugRbSnapshotPage *self = g_object_new (PLUG_RB_TYPE_SNAPSHOT_PAGE, NULL);

  self->manager = g_object_ref (manager);
  self->snapshot = g_object_ref (snapshot);
  show_snapshot (self);
  add_dependencies (self);

  return ADW_NAVIGATION_PAGE (self);
}
