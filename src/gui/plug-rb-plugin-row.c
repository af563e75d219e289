/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plugin-row.h"

#include <glib/gi18n.h>

#include "plug-rb-health-icon.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbPluginRow {
  AdwBin parent_instance;

  PlugRbPlugin *plugin;
  gboolean narrow;

  GSignalGroup *plugin_signals;
};

G_DEFINE_FINAL_TYPE (PlugRbPluginRow, plug_rb_plugin_row, ADW_TYPE_BIN)

typedef enum {
  PROP_LABEL = 1,
  PROP_NARROW,
  PROP_PLUGIN,
} PlugRbPluginRowProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

static char **
dup_name_classes (PlugRbPluginRow *self, gboolean enabled, gboolean installed)
{
  const char *classes[] = { NULL, NULL };

  if (!installed)
    classes[0] = "uninstalled";
  else if (!enabled)
    classes[0] = "dimmed";

  return g_strdupv ((char **) classes);
}

static char *
dup_version (PlugRbPluginRow *self, const char *version, gboolean installed)
{
  if (!installed)
    return g_strdup (_("Uninstalled"));

  return version != NULL ? plug_rb_wording_isolate (version) : g_strdup ("");
}

static char *
dup_name (PlugRbPluginRow *self, const char *name)
{
  g_autofree char *isolated = plug_rb_wording_isolate (name != NULL ? name : "");

  return plug_rb_wording_line (isolated);
}

static char *
dup_count (PlugRbPluginRow *self, guint n_snapshots)
{
  return n_snapshots > 0 ? g_strdup_printf ("%u", n_snapshots) : g_strdup ("");
}

/* “Caffeine, version 55, works, 4 snapshots” */
static char *
dup_label (PlugRbPluginRow *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  guint n_snapshots = plug_rb_plugin_get_n_snapshots (self->plugin);
  const char *version = plug_rb_plugin_get_version (self->plugin);
  g_auto(GStrv) parts = NULL;

  g_strv_builder_add (builder, plug_rb_plugin_get_name (self->plugin));
  if (!plug_rb_plugin_get_installed (self->plugin))
    g_strv_builder_add (builder, _("uninstalled"));
  else if (version != NULL)
    /* TRANSLATORS: %s is the version of a plugin, in a list that a screen reader reads */
    g_strv_builder_take (builder, g_strdup_printf (_("version %s"), version));
  if (plug_rb_plugin_get_installed (self->plugin) && !plug_rb_plugin_get_enabled (self->plugin))
    g_strv_builder_add (builder, _("disabled"));
  if (plug_rb_plugin_get_health (self->plugin) != PLUG_RB_HEALTH_UNKNOWN)
    g_strv_builder_take (builder,
                         plug_rb_words_health (plug_rb_plugin_get_health (self->plugin), NULL));
  g_strv_builder_take (
      builder,
      g_strdup_printf (ngettext ("%u snapshot", "%u snapshots", n_snapshots), n_snapshots));
  parts = g_strv_builder_end (builder);

  return g_strjoinv (", ", parts);
}

static void
plugin_changed_cb (PlugRbPluginRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

static void
plug_rb_plugin_row_dispose (GObject *object)
{
  PlugRbPluginRow *self = PLUG_RB_PLUGIN_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PLUGIN_ROW);
  g_clear_object (&self->plugin_signals);
  g_clear_object (&self->plugin);

  G_OBJECT_CLASS (plug_rb_plugin_row_parent_class)->dispose (object);
}

static void
plug_rb_plugin_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPluginRow *self = PLUG_RB_PLUGIN_ROW (object);

  switch ((PlugRbPluginRowProperty) prop_id) {
  case PROP_LABEL:
    g_value_take_string (value, self->plugin != NULL ? dup_label (self) : NULL);
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
plug_rb_plugin_row_set_property (GObject *object,
                                 guint prop_id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  PlugRbPluginRow *self = PLUG_RB_PLUGIN_ROW (object);

  switch ((PlugRbPluginRowProperty) prop_id) {
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLUGIN:
    plug_rb_plugin_row_set_plugin (self, g_value_get_object (value));
    break;

  case PROP_LABEL:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_plugin_row_class_init (PlugRbPluginRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_plugin_row_dispose;
  object_class->get_property = plug_rb_plugin_row_get_property;
  object_class->set_property = plug_rb_plugin_row_set_property;

  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN,
                                                 flags | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (PLUG_RB_TYPE_HEALTH_ICON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-plugin-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_count);
  gtk_widget_class_bind_template_callback (widget_class, dup_name);
  gtk_widget_class_bind_template_callback (widget_class, dup_name_classes);
  gtk_widget_class_bind_template_callback (widget_class, dup_version);
}

static void
plug_rb_plugin_row_init (PlugRbPluginRow *self)
{
  self->plugin_signals = g_signal_group_new (PLUG_RB_TYPE_PLUGIN);
  g_signal_group_connect_object (self->plugin_signals, "notify", G_CALLBACK (plugin_changed_cb),
                                 self, G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_plugin_row_new (void)
{
  return g_object_new (PLUG_RB_TYPE_PLUGIN_ROW, NULL);
}

PlugRbPlugin *
plug_rb_plugin_row_get_plugin (PlugRbPluginRow *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN_ROW (self), NULL);

  return self->plugin;
}

void
plug_rb_plugin_row_set_plugin (PlugRbPluginRow *self, PlugRbPlugin *plugin)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN_ROW (self));

  if (!g_set_object (&self->plugin, plugin))
    return;

  g_signal_group_set_target (self->plugin_signals, plugin);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLUGIN]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}
