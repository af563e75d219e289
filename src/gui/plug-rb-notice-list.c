/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-notice-list.h"

#include <glib/gi18n.h>

struct _PlugRbNoticeList {
  AdwBin parent_instance;

  char **blockers;
  char **warnings;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (PlugRbNoticeList, plug_rb_notice_list, ADW_TYPE_BIN)

typedef enum {
  PROP_BLOCKERS = 1,
  PROP_WARNINGS,
} PlugRbNoticeListProperty;

static GParamSpec *properties[PROP_WARNINGS + 1];

static void
add_row (PlugRbNoticeList *self, const char *text, const char *icon, const char *style)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  gtk_widget_add_css_class (image, style);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_list_box_append (self->list, row);
}

static void
add_check_again (PlugRbNoticeList *self)
{
  GtkWidget *row = adw_button_row_new ();

  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("_Check Again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "preview.check-again");
  gtk_list_box_append (self->list, row);
}

static void
update (PlugRbNoticeList *self)
{
  gtk_list_box_remove_all (self->list);

  for (char **text = self->blockers; text != NULL && *text != NULL; text++)
    add_row (self, *text, "dialog-error-symbolic", "error");
  for (char **text = self->warnings; text != NULL && *text != NULL; text++)
    add_row (self, *text, "dialog-warning-symbolic", "warning");
  if (self->blockers != NULL && *self->blockers != NULL)
    add_check_again (self);

  gtk_widget_set_visible (GTK_WIDGET (self), gtk_list_box_get_row_at_index (self->list, 0) != NULL);
}

static void
set_texts (PlugRbNoticeList *self, char ***texts, const GValue *value)
{
  g_clear_pointer (texts, g_strfreev);
  *texts = g_value_dup_boxed (value);
  update (self);
}

static void
plug_rb_notice_list_dispose (GObject *object)
{
  /* Or AdwBin would unparent its child a second time. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), PLUG_RB_TYPE_NOTICE_LIST);

  G_OBJECT_CLASS (plug_rb_notice_list_parent_class)->dispose (object);
}

static void
plug_rb_notice_list_finalize (GObject *object)
{
  PlugRbNoticeList *self = PLUG_RB_NOTICE_LIST (object);

  g_clear_pointer (&self->blockers, g_strfreev);
  g_clear_pointer (&self->warnings, g_strfreev);

  G_OBJECT_CLASS (plug_rb_notice_list_parent_class)->finalize (object);
}

static void
plug_rb_notice_list_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  PlugRbNoticeList *self = PLUG_RB_NOTICE_LIST (object);

  switch ((PlugRbNoticeListProperty) prop_id) {
  case PROP_BLOCKERS:
    set_texts (self, &self->blockers, value);
    break;

  case PROP_WARNINGS:
    set_texts (self, &self->warnings, value);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_notice_list_class_init (PlugRbNoticeListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_notice_list_dispose;
  object_class->finalize = plug_rb_notice_list_finalize;
  object_class->set_property = plug_rb_notice_list_set_property;

  properties[PROP_BLOCKERS] = g_param_spec_boxed ("blockers", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_WARNINGS] = g_param_spec_boxed ("warnings", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-notice-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbNoticeList, list);
}

static void
plug_rb_notice_list_init (PlugRbNoticeList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
