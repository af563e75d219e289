/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-row.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-snapshot-content.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbSnapshotRow {
  AdwActionRow parent_instance;

  PlugRbSnapshot *snapshot;
  PlugRbPlugin *plugin;
  PlugRbClock *clock;
  gboolean narrow;
  gboolean installed;

  GtkButton *roll_back_button;
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotRow, plug_rb_snapshot_row, ADW_TYPE_ACTION_ROW)

typedef enum {
  PROP_CLOCK = 1,
  PROP_INSTALLED,
  PROP_NARROW,
  PROP_PLUGIN,
  PROP_SNAPSHOT,
} PlugRbSnapshotRowProperty;

static GParamSpec *properties[PROP_SNAPSHOT + 1];

static char *
dup_title (PlugRbSnapshotRow *self, PlugRbSnapshot *snapshot)
{
  return snapshot != NULL ? plug_rb_wording_snapshot (snapshot) : g_strdup ("");
}

static char *
dup_subtitle (PlugRbSnapshotRow *self, PlugRbSnapshot *snapshot, GDateTime *now)
{
  return snapshot != NULL ? plug_rb_wording_snapshot_details (snapshot, now) : g_strdup ("");
}

static char *
dup_reason (PlugRbSnapshotRow *self, PlugRbReason reason)
{
  return g_strdup (plug_rb_words_reason (reason));
}

static char *
dup_reason_icon (PlugRbSnapshotRow *self, PlugRbReason reason)
{
  return g_strdup (plug_rb_wording_reason_icon (reason));
}

static gboolean
is_set (PlugRbSnapshotRow *self, const char *text)
{
  return text != NULL;
}

static gboolean
shows_button (PlugRbSnapshotRow *self, gboolean installed, gboolean narrow)
{
  return !installed && !narrow;
}

static void
roll_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);

  gtk_widget_activate_action (widget, "win.roll-back", "s",
                              plug_rb_snapshot_get_id (self->snapshot));
}

static void
roll_back_part_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);
  const char *part = g_str_has_suffix (action_name, "files") ? "files" : "settings";

  gtk_widget_activate_action (widget, "win.roll-back-part", "(ss)",
                              plug_rb_snapshot_get_id (self->snapshot), part);
}

/* The focus goes on to the next row before this one goes away, or back from the last. */
static void
pass_focus_on (GtkWidget *widget)
{
  GtkWidget *neighbor = gtk_widget_get_next_sibling (widget);

  if (neighbor == NULL)
    neighbor = gtk_widget_get_prev_sibling (widget);
  if (neighbor != NULL)
    gtk_widget_grab_focus (neighbor);
}

static void
compare_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  gtk_widget_activate_action (widget, "win.compare", "^as", ids);
}

static void
compare_previous_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);

  gtk_widget_activate_action (widget, "win.compare-previous", "s",
                              plug_rb_snapshot_get_id (self->snapshot));
}

static void
save_files_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);

  gtk_widget_activate_action (widget, "win.save-files", "s",
                              plug_rb_snapshot_get_id (self->snapshot));
}

static void
pin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  gtk_widget_activate_action (widget, "win.pin", "^as", ids);
}

static void
details_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);

  gtk_widget_activate_action (widget, "win.details", "s", plug_rb_snapshot_get_id (self->snapshot));
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (widget);
  const char *const ids[] = { plug_rb_snapshot_get_id (self->snapshot), NULL };

  pass_focus_on (widget);
  gtk_widget_activate_action (widget, "win.delete", "^as", ids);
}

static void
update_label (PlugRbSnapshotRow *self)
{
  g_autofree char *title = plug_rb_wording_snapshot (self->snapshot);
  g_autofree char *details =
      plug_rb_wording_snapshot_details (self->snapshot, plug_rb_clock_get_now (self->clock));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = NULL;
  g_autofree char *label = NULL;

  g_strv_builder_add_many (builder, title, details, NULL);
  if (self->installed)
    g_strv_builder_add (builder, _("installed"));
  if (plug_rb_snapshot_get_pinned (self->snapshot))
    g_strv_builder_add (builder, _("pinned"));
  if (plug_rb_snapshot_get_damaged (self->snapshot) != NULL)
    g_strv_builder_add (builder, _("damaged"));
  parts = g_strv_builder_end (builder);
  label = g_strjoinv (", ", parts);

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->roll_back_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
}

static void
update (PlugRbSnapshotRow *self)
{
  PlugRbSnapshot *current = plug_rb_plugin_get_current (self->plugin);
  gboolean busy = plug_rb_plugin_get_busy (self->plugin);
  gboolean damaged = plug_rb_snapshot_get_damaged (self->snapshot) != NULL;
  gboolean usable;

  self->installed = current == self->snapshot;
  usable = !busy && !damaged && !self->installed;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back-files", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.roll-back-settings", usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.compare", !damaged);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.compare-previous", !damaged);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.save-files", !damaged);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "snapshot.delete", !busy);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSTALLED]);
  update_label (self);
}

static void
plug_rb_snapshot_row_constructed (GObject *object)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (object);

  G_OBJECT_CLASS (plug_rb_snapshot_row_parent_class)->constructed (object);

  g_signal_connect_object (self->plugin, "notify::busy", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->plugin, "notify::current", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->snapshot, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update_label), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_snapshot_row_dispose (GObject *object)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_SNAPSHOT_ROW);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->plugin);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_snapshot_row_parent_class)->dispose (object);
}

static void
plug_rb_snapshot_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (object);

  switch ((PlugRbSnapshotRowProperty) prop_id) {
  case PROP_CLOCK:
    g_value_set_object (value, self->clock);
    break;

  case PROP_INSTALLED:
    g_value_set_boolean (value, self->installed);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  case PROP_SNAPSHOT:
    g_value_set_object (value, self->snapshot);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_snapshot_row_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbSnapshotRow *self = PLUG_RB_SNAPSHOT_ROW (object);

  switch ((PlugRbSnapshotRowProperty) prop_id) {
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLUGIN:
    self->plugin = g_value_dup_object (value);
    break;

  case PROP_SNAPSHOT:
    self->snapshot = g_value_dup_object (value);
    break;

  case PROP_CLOCK:
  case PROP_INSTALLED:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GParamFlags fixed = live | G_PARAM_CONSTRUCT_ONLY;

  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, PLUG_RB_TYPE_CLOCK, seen);
  properties[PROP_INSTALLED] = g_param_spec_boolean ("installed", NULL, NULL, FALSE, seen);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, live);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, fixed);
  properties[PROP_SNAPSHOT] =
      g_param_spec_object ("snapshot", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT, fixed);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_snapshot_row_class_init (PlugRbSnapshotRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = plug_rb_snapshot_row_constructed;
  object_class->dispose = plug_rb_snapshot_row_dispose;
  object_class->get_property = plug_rb_snapshot_row_get_property;
  object_class->set_property = plug_rb_snapshot_row_set_property;
  install_properties (object_class);

  gtk_widget_class_install_action (widget_class, "snapshot.roll-back", NULL, roll_back_action);
  gtk_widget_class_install_action (widget_class, "snapshot.roll-back-files", NULL,
                                   roll_back_part_action);
  gtk_widget_class_install_action (widget_class, "snapshot.roll-back-settings", NULL,
                                   roll_back_part_action);
  gtk_widget_class_install_action (widget_class, "snapshot.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "snapshot.compare-previous", NULL,
                                   compare_previous_action);
  gtk_widget_class_install_action (widget_class, "snapshot.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "snapshot.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "snapshot.pin", NULL, pin_action);
  gtk_widget_class_install_action (widget_class, "snapshot.save-files", NULL, save_files_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK,
                                       "snapshot.compare", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "snapshot.pin",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK,
                                       "snapshot.details", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "snapshot.delete", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "snapshot.roll-back", NULL);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-snapshot-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbSnapshotRow, roll_back_button);
  gtk_widget_class_bind_template_callback (widget_class, dup_reason);
  gtk_widget_class_bind_template_callback (widget_class, dup_reason_icon);
  gtk_widget_class_bind_template_callback (widget_class, dup_subtitle);
  gtk_widget_class_bind_template_callback (widget_class, dup_title);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, shows_button);
}

static PlugRbSnapshot *
get_snapshot_of (GtkWidget *row)
{
  return PLUG_RB_SNAPSHOT_ROW (row)->snapshot;
}

static void
plug_rb_snapshot_row_init (PlugRbSnapshotRow *self)
{
  self->clock = plug_rb_clock_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  plug_rb_snapshot_content_add_drag_source (GTK_WIDGET (self), get_snapshot_of);
}

GtkWidget *
plug_rb_snapshot_row_new (PlugRbSnapshot *snapshot, PlugRbPlugin *plugin)
{
  return g_object_new (PLUG_RB_TYPE_SNAPSHOT_ROW, "snapshot", snapshot, "plugin", plugin, NULL);
}
