/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-compare-view.h"

#include <glib/gi18n.h>

#include "plug-rb-change-list.h"
#include "plug-rb-change.h"
#include "plug-rb-manager.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-text-diff.h"

/* Fewer are found by looking. */
#define LONG 8

/* As the drop-down lists them. */
enum {
  KIND_ALL,
  KIND_ADDED,
  KIND_CHANGED,
  KIND_REMOVED,
};

struct _PlugRbCompareView {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *from;
  PlugRbSnapshot *to;
  PlugRbPlan *plan;
  gboolean narrow;
  char *words; /* what is looked for, as it is compared */

  GtkCustomFilter *filter;
  GtkDropDown *kind;
  GtkEditable *search;
  AdwViewStack *stack;
};

G_DEFINE_FINAL_TYPE (PlugRbCompareView, plug_rb_compare_view, ADW_TYPE_BIN)

typedef enum {
  PROP_NARROW = 1,
  PROP_OPENS,
  PROP_PLAN,
} PlugRbCompareViewProperty;

static GParamSpec *properties[PROP_PLAN + 1];

/* “Files 12”: the badges of a switcher are too small to read numbers in. */
static char *
dup_counted (const char *title, guint n_items)
{
  /* TRANSLATORS: what a page shows, then how many there are */
  return g_strdup_printf (_("%s %u"), title, n_items);
}

static char *
dup_files_title (PlugRbCompareView *self, guint n_items)
{
  return dup_counted (_("Files"), n_items);
}

static char *
dup_settings_title (PlugRbCompareView *self, guint n_items)
{
  return dup_counted (_("Settings"), n_items);
}

static char *
dup_dependencies_title (PlugRbCompareView *self, guint n_items)
{
  return dup_counted (_("Dependencies"), n_items);
}

static gboolean
is_some (PlugRbCompareView *self, guint n_items)
{
  return n_items > 0;
}

static gboolean
is_not_empty (PlugRbCompareView *self, gboolean is_empty)
{
  return !is_empty;
}

static gboolean
is_long (PlugRbCompareView *self, guint n_files, guint n_settings)
{
  return n_files > LONG || n_settings > LONG;
}

static guint
get_kind (PlugRbChange *change)
{
  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return KIND_ADDED;
  case PLUG_RB_CHANGE_REMOVED:
    return KIND_REMOVED;
  case PLUG_RB_CHANGE_CHANGED:
  case PLUG_RB_CHANGE_PERMISSIONS:
  case PLUG_RB_CHANGE_TYPE:
  case PLUG_RB_CHANGE_TIME:
  default:
    return KIND_CHANGED;
  }
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  PlugRbCompareView *self = user_data;
  guint kind = gtk_drop_down_get_selected (self->kind);
  g_autofree char *name = NULL;

  if (kind != KIND_ALL && kind != get_kind (item))
    return FALSE;
  if (self->words == NULL || *self->words == '\0')
    return TRUE;

  name = g_utf8_casefold (plug_rb_change_get_name (item), -1);
  return strstr (name, self->words) != NULL;
}

static void
filter_cb (PlugRbCompareView *self)
{
  if (self->filter == NULL || self->search == NULL)
    return;

  g_free (self->words);
  self->words = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* A stack goes on showing a page that was hidden. */
static void
page_shown_or_hidden_cb (PlugRbCompareView *self)
{
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages (self->stack);
  AdwViewStackPage *best = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)); i++) {
    g_autoptr(AdwViewStackPage) page = g_list_model_get_item (G_LIST_MODEL (pages), i);

    if (!adw_view_stack_page_get_visible (page))
      continue;
    if (best == NULL || gtk_selection_model_is_selected (pages, i))
      best = page;
  }

  if (best != NULL)
    adw_view_stack_set_visible_child (self->stack, adw_view_stack_page_get_child (best));
}

static PlugRbChange *
find_file (PlugRbCompareView *self, const char *part, const char *path)
{
  GListModel *files = self->plan != NULL ? plug_rb_plan_get_files (self->plan) : NULL;

  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (files, i);

    if (g_strcmp0 (plug_rb_change_get_part (change), part) == 0 &&
        g_strcmp0 (plug_rb_change_get_path (change), path) == 0)
      return g_steal_pointer (&change);
  }

  return NULL;
}

static void
show_file_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbCompareView *self = PLUG_RB_COMPARE_VIEW (widget);
  GtkWidget *pages = gtk_widget_get_ancestor (widget, ADW_TYPE_NAVIGATION_VIEW);
  g_autoptr(PlugRbChange) change = NULL;
  const char *part;
  const char *path;

  g_variant_get (parameter, "(&s^&ay)", &part, &path);
  change = find_file (self, part, path);
  if (change != NULL && pages != NULL)
    adw_navigation_view_push (
        ADW_NAVIGATION_VIEW (pages),
        plug_rb_text_diff_new (self->manager, self->plugin, self->from, self->to, change));
}

static void
plug_rb_compare_view_dispose (GObject *object)
{
  PlugRbCompareView *self = PLUG_RB_COMPARE_VIEW (object);

  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_COMPARE_VIEW);
  g_clear_object (&self->plan);
  g_clear_object (&self->from);
  g_clear_object (&self->to);
  g_clear_object (&self->plugin);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_compare_view_parent_class)->dispose (object);
}

static void
plug_rb_compare_view_finalize (GObject *object)
{
  PlugRbCompareView *self = PLUG_RB_COMPARE_VIEW (object);

  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (plug_rb_compare_view_parent_class)->finalize (object);
}

static void
plug_rb_compare_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbCompareView *self = PLUG_RB_COMPARE_VIEW (object);

  switch ((PlugRbCompareViewProperty) prop_id) {
  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_OPENS:
    g_value_set_boolean (value, self->plugin != NULL);
    break;

  case PROP_PLAN:
    g_value_set_object (value, self->plan);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_compare_view_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbCompareView *self = PLUG_RB_COMPARE_VIEW (object);

  switch ((PlugRbCompareViewProperty) prop_id) {
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLAN:
    g_set_object (&self->plan, g_value_get_object (value));
    break;

  case PROP_OPENS:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_compare_view_class_init (PlugRbCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_compare_view_dispose;
  object_class->finalize = plug_rb_compare_view_finalize;
  object_class->get_property = plug_rb_compare_view_get_property;
  object_class->set_property = plug_rb_compare_view_set_property;

  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_OPENS] =
      g_param_spec_boolean ("opens", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, PLUG_RB_TYPE_PLAN, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "compare.show-file", "(say)", show_file_action);
  g_type_ensure (PLUG_RB_TYPE_CHANGE_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-compare-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbCompareView, filter);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCompareView, kind);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCompareView, search);
  gtk_widget_class_bind_template_child (widget_class, PlugRbCompareView, stack);
  gtk_widget_class_bind_template_callback (widget_class, dup_dependencies_title);
  gtk_widget_class_bind_template_callback (widget_class, dup_files_title);
  gtk_widget_class_bind_template_callback (widget_class, dup_settings_title);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_long);
  gtk_widget_class_bind_template_callback (widget_class, is_not_empty);
  gtk_widget_class_bind_template_callback (widget_class, is_some);
  gtk_widget_class_bind_template_callback (widget_class, page_shown_or_hidden_cb);
}

static void
plug_rb_compare_view_init (PlugRbCompareView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_custom_filter_set_filter_func (self->filter, matches, self, NULL);
}

/**
 * plug_rb_compare_view_set_sides:
 * @from: (nullable): `NULL` is the plugin as it is installed
 * @to: (nullable): likewise
 *
 * Says what the plan is a comparison of. From then on the rows of files open, each as a page of the
 * navigation view that this is in.
 */
void
plug_rb_compare_view_set_sides (PlugRbCompareView *self,
                                PlugRbManager *manager,
                                PlugRbPlugin *plugin,
                                PlugRbSnapshot *from,
                                PlugRbSnapshot *to)
{
  g_return_if_fail (PLUG_RB_IS_COMPARE_VIEW (self));

  g_set_object (&self->manager, manager);
  g_set_object (&self->from, from);
  g_set_object (&self->to, to);
  if (g_set_object (&self->plugin, plugin))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPENS]);
}

/* On the first row of what is shown. */
void
plug_rb_compare_view_focus (PlugRbCompareView *self)
{
  GtkWidget *list;

  g_return_if_fail (PLUG_RB_IS_COMPARE_VIEW (self));

  list = adw_view_stack_get_visible_child (self->stack);
  if (list != NULL)
    gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD);
}
