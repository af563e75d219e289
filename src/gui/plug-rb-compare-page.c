/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-compare-page.h"

#include <glib/gi18n.h>

#include "plug-rb-compare-view.h"
#include "plug-rb-focus.h"
#include "plug-rb-manager-compare.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

struct _PlugRbComparePage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *from; /* NULL is what is installed */
  PlugRbSnapshot *to;
  GCancellable *cancellable;

  AdwStatusPage *failure;
  GtkLabel *sides;
  GtkStack *stack;
  GtkWidget *view;
};

G_DEFINE_FINAL_TYPE (PlugRbComparePage, plug_rb_compare_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
dup_side (PlugRbComparePage *self, PlugRbSnapshot *snapshot)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *version = NULL;
  g_autofree char *time = NULL;

  if (snapshot == NULL) {
    version = plug_rb_wording_version (plug_rb_plugin_get_version (self->plugin));
    /* TRANSLATORS: %s is “Version 55” */
    return g_strdup_printf (_("Installed, %s"), version);
  }

  version = plug_rb_wording_version (plug_rb_snapshot_get_version (snapshot));
  time = plug_rb_wording_time (plug_rb_snapshot_get_timestamp (snapshot), now);
  /* TRANSLATORS: “Version 55”, then when the snapshot was taken */
  return g_strdup_printf (_("%s, %s"), version, time);
}

static void
show_sides (PlugRbComparePage *self)
{
  g_autofree char *from = dup_side (self, self->from);
  g_autofree char *to = dup_side (self, self->to);
  /* TRANSLATORS: what is compared with what. In right-to-left languages turn the arrow. */
  g_autofree char *text = g_strdup_printf (_("%s → %s"), from, to);

  gtk_label_set_label (self->sides, text);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbComparePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlan) plan =
      plug_rb_manager_compare_finish (PLUG_RB_MANAGER (source), result, &error);

  if (self->stack == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (plan != NULL) {
    g_object_set (self->view, "plan", plan, NULL);
  } else {
    g_autofree char *escaped = g_markup_escape_text (error->message, -1);

    adw_status_page_set_description (self->failure, escaped);
  }
  gtk_stack_set_visible_child_name (self->stack, plan != NULL ? "result" : "failed");
  if (plan != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    plug_rb_compare_view_focus (PLUG_RB_COMPARE_VIEW (self->view));
}

static void
compare (PlugRbComparePage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  show_sides (self);
  plug_rb_compare_view_set_sides (PLUG_RB_COMPARE_VIEW (self->view), self->manager, self->plugin,
                                  self->from, self->to);
  plug_rb_focus_leave (GTK_WIDGET (self->stack));
  gtk_stack_set_visible_child_name (self->stack, "comparing");
  plug_rb_manager_compare_async (self->manager, self->plugin, self->from, self->to,
                                 self->cancellable, compared_cb, g_object_ref (self));
}

static void
swap_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbComparePage *self = PLUG_RB_COMPARE_PAGE (widget);
  PlugRbSnapshot *from = self->from;

  self->from = self->to;
  self->to = from;
  compare (self);
}

static void
plug_rb_compare_page_dispose (GObject *object)
{
  PlugRbComparePage *self = PLUG_RB_COMPARE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_COMPARE_PAGE);
  g_clear_object (&self->from);
  g_clear_object (&self->to);
  g_clear_object (&self->plugin);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_compare_page_parent_class)->dispose (object);
}

static void
plug_rb_compare_page_class_init (PlugRbComparePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_compare_page_dispose;

  gtk_widget_class_install_action (widget_class, "compare.swap", NULL, swap_action);
  g_type_ensure (PLUG_RB_TYPE_COMPARE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbComparePage, failure);
  gtk_widget_class_bind_template_child (widget_class, PlugRbComparePage, sides);
  gtk_widget_class_bind_template_child (widget_class, PlugRbComparePage, stack);
  gtk_widget_class_bind_template_child (widget_class, PlugRbComparePage, view);
}

static void
plug_rb_compare_page_init (PlugRbComparePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Without a snapshot a side is the plugin as it is installed. */
AdwNavigationPage *
plug_rb_compare_page_new (PlugRbManager *manager,
                          PlugRbPlugin *plugin,
                          PlugRbSnapshot *from,
                          PlugRbSnapshot *to)
{
  PlugRbComparePage *self = g_object_new (PLUG_RB_TYPE_COMPARE_PAGE, NULL);

  self->manager = g_object_ref (manager);
  self->plugin = g_object_ref (plugin);
  g_set_object (&self->from, from);
  g_set_object (&self->to, to);
  compare (self);

  return ADW_NAVIGATION_PAGE (self);
}
