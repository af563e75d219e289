/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plugin-head.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"
#include "plug-rb-words.h"

struct _PlugRbPluginHead {
  AdwBin parent_instance;

  PlugRbPlugin *plugin;
  PlugRbOperation *job;
  PlugRbClock *clock;
  gboolean narrow;

  GtkWidget *take_snapshot_button;
};

G_DEFINE_FINAL_TYPE (PlugRbPluginHead, plug_rb_plugin_head, ADW_TYPE_BIN)

typedef enum {
  PROP_CLOCK = 1,
  PROP_JOB,
  PROP_NARROW,
  PROP_PLUGIN,
} PlugRbPluginHeadProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

/* “Version 55 · Enabled · Works” */
static char *
dup_line (PlugRbPluginHead *self,
          PlugRbPlugin *plugin,
          const char *version,
          gboolean enabled,
          gboolean installed,
          PlugRbHealth health)
{
  g_autofree char *version_text = plug_rb_wording_version (version);
  g_autofree char *health_text = plug_rb_words_health (health, NULL);

  if (!installed)
    return g_strdup (_("Uninstalled"));

  /* TRANSLATORS: version, enabled or not, and health of a plugin */
  return g_strdup_printf (_("%s · %s · %s"), version_text,
                          enabled ? _("Enabled") : _("Disabled"), health_text);
}

static char *
dup_busy_tooltip (PlugRbPluginHead *self, PlugRbOperation *job)
{
  g_autofree char *doing = NULL;

  if (job == NULL || self->plugin == NULL)
    return NULL;

  doing = plug_rb_wording_doing (plug_rb_operation_get_kind (job),
                                 plug_rb_plugin_get_name (self->plugin));
  /* TRANSLATORS: %s is what goes on: “Rolling Back Caffeine” */
  return g_strdup_printf (_("%s in progress"), doing);
}

static char *
dup_roll_back_tooltip (PlugRbPluginHead *self,
                       PlugRbSnapshot *target,
                       PlugRbOperation *job,
                       GDateTime *now)
{
  g_autofree char *time = NULL;
  g_autofree char *version = NULL;

  if (job != NULL)
    return dup_busy_tooltip (self, job);
  if (target == NULL)
    return g_strdup (_("Nothing to roll back to yet"));

  time = plug_rb_wording_time (plug_rb_snapshot_get_timestamp (target), now);
  if (plug_rb_snapshot_get_version (target) == NULL)
    /* TRANSLATORS: %s is the time of a snapshot */
    return g_strdup_printf (_("Roll back to the snapshot of %s"), time);

  version = plug_rb_wording_isolate (plug_rb_snapshot_get_version (target));
  /* TRANSLATORS: a version, then the time of its snapshot */
  return g_strdup_printf (_("Roll back to version %s, %s"), version, time);
}

static GtkOrientation
orientation (PlugRbPluginHead *self, gboolean narrow)
{
  return narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
}

static GtkJustification
justify (PlugRbPluginHead *self, gboolean narrow)
{
  return narrow ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT;
}

static float
start_or_center (PlugRbPluginHead *self, gboolean narrow)
{
  return narrow ? 0.5f : 0.0f;
}

static gboolean
plug_rb_plugin_head_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PLUG_RB_PLUGIN_HEAD (widget)->take_snapshot_button);
}

static void
plug_rb_plugin_head_dispose (GObject *object)
{
  PlugRbPluginHead *self = PLUG_RB_PLUGIN_HEAD (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_PLUGIN_HEAD);
  g_clear_object (&self->plugin);
  g_clear_object (&self->job);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_plugin_head_parent_class)->dispose (object);
}

static void
plug_rb_plugin_head_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPluginHead *self = PLUG_RB_PLUGIN_HEAD (object);

  switch ((PlugRbPluginHeadProperty) prop_id) {
  case PROP_CLOCK:
    g_value_set_object (value, self->clock);
    break;

  case PROP_JOB:
    g_value_set_object (value, self->job);
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
plug_rb_plugin_head_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbPluginHead *self = PLUG_RB_PLUGIN_HEAD (object);

  switch ((PlugRbPluginHeadProperty) prop_id) {
  case PROP_JOB:
    g_set_object (&self->job, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLUGIN:
    g_set_object (&self->plugin, g_value_get_object (value));
    break;

  case PROP_CLOCK:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_plugin_head_class_init (PlugRbPluginHeadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_plugin_head_dispose;
  object_class->get_property = plug_rb_plugin_head_get_property;
  object_class->set_property = plug_rb_plugin_head_set_property;
  widget_class->grab_focus = plug_rb_plugin_head_grab_focus;

  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, PLUG_RB_TYPE_CLOCK,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_JOB] = g_param_spec_object ("job", NULL, NULL, PLUG_RB_TYPE_OPERATION, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-plugin-head.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbPluginHead, take_snapshot_button);
  gtk_widget_class_bind_template_callback (widget_class, dup_busy_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, dup_line);
  gtk_widget_class_bind_template_callback (widget_class, dup_roll_back_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, justify);
  gtk_widget_class_bind_template_callback (widget_class, orientation);
  gtk_widget_class_bind_template_callback (widget_class, start_or_center);
}

static void
plug_rb_plugin_head_init (PlugRbPluginHead *self)
{
  self->clock = plug_rb_clock_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
