/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-health-icon.h"

#include "plug-rb-enum-types.h"
#include "plug-rb-enums.h"
#include "plug-rb-words.h"

struct _PlugRbHealthIcon {
  AdwBin parent_instance;

  PlugRbHealth health;
  char *message;

  GtkImage *image;
};

G_DEFINE_FINAL_TYPE (PlugRbHealthIcon, plug_rb_health_icon, ADW_TYPE_BIN)

typedef enum {
  PROP_HEALTH = 1,
  PROP_MESSAGE,
} PlugRbHealthIconProperty;

static GParamSpec *properties[PROP_MESSAGE + 1];

static void
update (PlugRbHealthIcon *self)
{
  gboolean bad = self->health == PLUG_RB_HEALTH_BAD;
  g_autofree char *text = plug_rb_words_health (self->health, self->message);
  const char *const classes[] = { bad ? "error" : "success", NULL };

  gtk_widget_set_visible (GTK_WIDGET (self), self->health != PLUG_RB_HEALTH_UNKNOWN);
  gtk_image_set_from_icon_name (self->image,
                                bad ? "dialog-error-symbolic" : "object-select-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->image), (const char **) classes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
plug_rb_health_icon_dispose (GObject *object)
{
  /* Or AdwBin would unparent its child a second time. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), PLUG_RB_TYPE_HEALTH_ICON);

  G_OBJECT_CLASS (plug_rb_health_icon_parent_class)->dispose (object);
}

static void
plug_rb_health_icon_finalize (GObject *object)
{
  PlugRbHealthIcon *self = PLUG_RB_HEALTH_ICON (object);

  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (plug_rb_health_icon_parent_class)->finalize (object);
}

static void
plug_rb_health_icon_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHealthIcon *self = PLUG_RB_HEALTH_ICON (object);

  switch ((PlugRbHealthIconProperty) prop_id) {
  case PROP_HEALTH:
    g_value_set_enum (value, self->health);
    break;

  case PROP_MESSAGE:
    g_value_set_string (value, self->message);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_health_icon_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbHealthIcon *self = PLUG_RB_HEALTH_ICON (object);

  switch ((PlugRbHealthIconProperty) prop_id) {
  case PROP_HEALTH:
    self->health = g_value_get_enum (value);
    update (self);
    break;

  case PROP_MESSAGE:
    g_set_str (&self->message, g_value_get_string (value));
    update (self);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_health_icon_class_init (PlugRbHealthIconClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_health_icon_dispose;
  object_class->finalize = plug_rb_health_icon_finalize;
  object_class->get_property = plug_rb_health_icon_get_property;
  object_class->set_property = plug_rb_health_icon_set_property;

  properties[PROP_HEALTH] =
      g_param_spec_enum ("health", NULL, NULL, PLUG_RB_TYPE_HEALTH, PLUG_RB_HEALTH_UNKNOWN, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-health-icon.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbHealthIcon, image);
}

static void
plug_rb_health_icon_init (PlugRbHealthIcon *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}
