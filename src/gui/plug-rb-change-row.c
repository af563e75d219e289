/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-change-row.h"

#include <glib/gi18n.h>

#include "plug-rb-wording.h"

struct _PlugRbChangeRow {
  AdwBin parent_instance;

  PlugRbChange *change;
  gboolean expanded;
  gboolean hidden;
  gboolean narrow;
  gboolean opens;
};

G_DEFINE_FINAL_TYPE (PlugRbChangeRow, plug_rb_change_row, ADW_TYPE_BIN)

typedef enum {
  PROP_CHANGE = 1,
  PROP_EXPANDED,
  PROP_HIDDEN,
  PROP_NARROW,
  PROP_OPENS,
} PlugRbChangeRowProperty;

static GParamSpec *properties[PROP_OPENS + 1];

static gboolean
is_value (PlugRbChange *change)
{
  return plug_rb_change_get_from (change) != NULL || plug_rb_change_get_to (change) != NULL;
}

static gboolean
looks_secret (PlugRbChange *change)
{
  static const char *const words[] = { "password", "passwd",  "passphrase", "secret",
                                       "token",    "api-key", "apikey",     "credential" };
  g_autofree char *name = g_utf8_strdown (plug_rb_change_get_name (change), -1);

  if (!is_value (change))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (name, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

static char *
dup_icon (PlugRbChangeRow *self, PlugRbChange *change)
{
  if (change == NULL)
    return NULL;

  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return g_strdup ("list-add-symbolic");
  case PLUG_RB_CHANGE_REMOVED:
    return g_strdup ("list-remove-symbolic");
  case PLUG_RB_CHANGE_CHANGED:
  case PLUG_RB_CHANGE_PERMISSIONS:
  case PLUG_RB_CHANGE_TYPE:
  case PLUG_RB_CHANGE_TIME:
  default:
    return g_strdup ("document-edit-symbolic");
  }
}

static char **
dup_classes (PlugRbChangeRow *self, PlugRbChange *change)
{
  const char *classes[] = { "accent", NULL };

  if (change != NULL && plug_rb_change_get_kind (change) == PLUG_RB_CHANGE_ADDED)
    classes[0] = "success";
  else if (change != NULL && plug_rb_change_get_kind (change) == PLUG_RB_CHANGE_REMOVED)
    classes[0] = "error";

  return g_strdupv ((char **) classes);
}

static char *
dup_path (PlugRbChangeRow *self, PlugRbChange *change)
{
  return change != NULL ? g_strdup (plug_rb_change_get_name (change)) : NULL;
}

/* A file by its path in the plugin; a setting by its key, for its path is the same for all. */
static char *
dup_name (PlugRbChangeRow *self, PlugRbChange *change)
{
  const char *name;
  const char *slash;

  if (change == NULL)
    return NULL;

  name = plug_rb_change_get_name (change);
  slash = *name == '/' ? strrchr (name, '/') : NULL;

  return plug_rb_wording_isolate (slash != NULL && slash[1] != '\0' ? slash + 1 : name);
}

/* Settings come as GVariant text; people know switches and words. */
static char *
dup_value (const char *text)
{
  g_autoptr(GVariant) value = NULL;

  if (text == NULL)
    return g_strdup (_("Default"));

  value = g_variant_parse (NULL, text, NULL, NULL, NULL);
  if (value == NULL)
    return g_strdup (text);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? _("On") : _("Off"));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && g_variant_get_size (value) > 1)
    return g_variant_dup_string (value, NULL);

  return g_variant_print (value, FALSE);
}

static char *
dup_setting_values (PlugRbChange *change)
{
  g_autofree char *from = dup_value (plug_rb_change_get_from (change));
  g_autofree char *to = dup_value (plug_rb_change_get_to (change));
  g_autofree char *from_isolated = plug_rb_wording_isolate (from);
  g_autofree char *to_isolated = plug_rb_wording_isolate (to);

  /* TRANSLATORS: from one value to another. In right-to-left languages turn the arrow. */
  return g_strdup_printf (_("%s → %s"), from_isolated, to_isolated);
}

/* “Added · 4.0 kB”; folders have no size of their own. */
static char *
dup_sized (const char *what, guint64 size)
{
  g_autofree char *formatted = g_format_size (size);

  if (size == 0)
    return g_strdup (what);

  /* TRANSLATORS: what happens to a file, then its size */
  return g_strdup_printf (_("%s · %s"), what, formatted);
}

static char *
dup_changed_sizes (PlugRbChange *change)
{
  guint64 before = plug_rb_change_get_from_size (change);
  guint64 after = plug_rb_change_get_size (change);
  g_autofree char *from = g_format_size (before);
  g_autofree char *to = g_format_size (after);

  if (g_str_equal (from, to))
    return dup_sized (_("Changed"), after);

  /* TRANSLATORS: a file whose content changed, its size before and after */
  return g_strdup_printf (_("Changed · %s → %s"), from, to);
}

static char *
dup_file_values (PlugRbChange *change)
{
  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return dup_sized (_("Added"), plug_rb_change_get_size (change));
  case PLUG_RB_CHANGE_REMOVED:
    return dup_sized (_("Removed"), plug_rb_change_get_from_size (change));
  case PLUG_RB_CHANGE_PERMISSIONS:
    return g_strdup (_("Permissions changed"));
  case PLUG_RB_CHANGE_TYPE:
    return g_strdup (_("Type changed"));
  case PLUG_RB_CHANGE_TIME:
    return g_strdup (_("Time changed"));
  case PLUG_RB_CHANGE_CHANGED:
  default:
    return dup_changed_sizes (change);
  }
}

static char *
dup_values (PlugRbChangeRow *self, PlugRbChange *change, gboolean hidden)
{
  if (change == NULL)
    return NULL;
  if (hidden)
    return g_strdup ("••••");

  return is_value (change) ? dup_setting_values (change) : dup_file_values (change);
}

static gboolean
is_opening (PlugRbChangeRow *self, PlugRbChange *change, gboolean opens)
{
  return opens && change != NULL && plug_rb_change_has_content (change);
}

static GtkOrientation
orientation (PlugRbChangeRow *self, gboolean narrow)
{
  return narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
}

static int
spacing (PlugRbChangeRow *self, gboolean narrow)
{
  return narrow ? 0 : 12;
}

static PangoEllipsizeMode
ellipsize_middle (PlugRbChangeRow *self, gboolean expanded)
{
  return expanded ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_MIDDLE;
}

static PangoEllipsizeMode
ellipsize_end (PlugRbChangeRow *self, gboolean expanded)
{
  return expanded ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END;
}

static void
set_hidden (PlugRbChangeRow *self, gboolean hidden)
{
  self->hidden = hidden;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HIDDEN]);
}

static void
reveal_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  set_hidden (PLUG_RB_CHANGE_ROW (widget), FALSE);
}

static void
plug_rb_change_row_dispose (GObject *object)
{
  PlugRbChangeRow *self = PLUG_RB_CHANGE_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_CHANGE_ROW);
  g_clear_object (&self->change);

  G_OBJECT_CLASS (plug_rb_change_row_parent_class)->dispose (object);
}

static void
plug_rb_change_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbChangeRow *self = PLUG_RB_CHANGE_ROW (object);

  switch ((PlugRbChangeRowProperty) prop_id) {
  case PROP_CHANGE:
    g_value_set_object (value, self->change);
    break;

  case PROP_EXPANDED:
    g_value_set_boolean (value, self->expanded);
    break;

  case PROP_HIDDEN:
    g_value_set_boolean (value, self->hidden);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_OPENS:
    g_value_set_boolean (value, self->opens);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_change_row_set_property (GObject *object,
                                 guint prop_id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  PlugRbChangeRow *self = PLUG_RB_CHANGE_ROW (object);

  switch ((PlugRbChangeRowProperty) prop_id) {
  case PROP_CHANGE:
    plug_rb_change_row_set_change (self, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_OPENS:
    self->opens = g_value_get_boolean (value);
    break;

  case PROP_EXPANDED:
  case PROP_HIDDEN:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_change_row_class_init (PlugRbChangeRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_change_row_dispose;
  object_class->get_property = plug_rb_change_row_get_property;
  object_class->set_property = plug_rb_change_row_set_property;

  properties[PROP_CHANGE] = g_param_spec_object ("change", NULL, NULL, PLUG_RB_TYPE_CHANGE,
                                                 flags | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_EXPANDED] = g_param_spec_boolean ("expanded", NULL, NULL, FALSE, seen);
  properties[PROP_HIDDEN] = g_param_spec_boolean ("hidden", NULL, NULL, FALSE, seen);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_OPENS] = g_param_spec_boolean ("opens", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "change.reveal", NULL, reveal_action);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-change-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, dup_classes);
  gtk_widget_class_bind_template_callback (widget_class, dup_icon);
  gtk_widget_class_bind_template_callback (widget_class, dup_name);
  gtk_widget_class_bind_template_callback (widget_class, dup_path);
  gtk_widget_class_bind_template_callback (widget_class, dup_values);
  gtk_widget_class_bind_template_callback (widget_class, ellipsize_end);
  gtk_widget_class_bind_template_callback (widget_class, ellipsize_middle);
  gtk_widget_class_bind_template_callback (widget_class, is_opening);
  gtk_widget_class_bind_template_callback (widget_class, orientation);
  gtk_widget_class_bind_template_callback (widget_class, spacing);
}

static void
plug_rb_change_row_init (PlugRbChangeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
plug_rb_change_row_new (void)
{
  return g_object_new (PLUG_RB_TYPE_CHANGE_ROW, NULL);
}

PlugRbChange *
plug_rb_change_row_get_change (PlugRbChangeRow *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE_ROW (self), NULL);

  return self->change;
}

void
plug_rb_change_row_toggle (PlugRbChangeRow *self)
{
  g_return_if_fail (PLUG_RB_IS_CHANGE_ROW (self));

  self->expanded = !self->expanded;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
}

void
plug_rb_change_row_set_change (PlugRbChangeRow *self, PlugRbChange *change)
{
  g_return_if_fail (PLUG_RB_IS_CHANGE_ROW (self));

  if (!g_set_object (&self->change, change))
    return;

  set_hidden (self, change != NULL && looks_secret (change));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHANGE]);
  if (self->expanded)
    plug_rb_change_row_toggle (self);
}

/* For a screen reader: “extension.js, Changed · 12 kB → 14 kB”. */
char *
plug_rb_change_row_dup_label (PlugRbChangeRow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *values = NULL;

  g_return_val_if_fail (PLUG_RB_IS_CHANGE_ROW (self), NULL);

  if (self->change == NULL)
    return NULL;

  name = dup_name (self, self->change);
  values = dup_values (self, self->change, self->hidden);
  return g_strdup_printf ("%s, %s", name, values);
}
