/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-moment-dialog.h"

#include <glib/gi18n.h>

#include "plug-rb-format.h"
#include "plug-rb-host.h"
#include "plug-rb-moment.h"
#include "plug-rb-wording.h"

struct _PlugRbMomentDialog {
  AdwDialog parent_instance;

  PlugRbManager *manager;
  GPtrArray *hosts; /* those of which there are snapshots */
  GtkSingleSelection *selection;
  GDateTime *now;

  GtkListView *list;
  GtkWidget *next_button;
  GtkWidget *program_list;
  AdwComboRow *program_row;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (PlugRbMomentDialog, plug_rb_moment_dialog, ADW_TYPE_DIALOG)

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- rows */

static void
setup_cb (PlugRbMomentDialog *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_inscription_new (NULL);
  GtkWidget *subtitle = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (title),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (subtitle),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_add_css_class (subtitle, "dimmed");
  gtk_widget_add_css_class (subtitle, "caption");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), subtitle);
  gtk_box_append (GTK_BOX (row), gtk_image_new ());
  gtk_box_append (GTK_BOX (row), texts);
  gtk_list_item_set_child (item, row);
}

static char *
dup_title (PlugRbMomentDialog *self, PlugRbMoment *moment)
{
  GDateTime *time = plug_rb_moment_get_time (moment);
  g_autofree char *title = plug_rb_moment_dup_title (moment);
  g_autofree char *text = plug_rb_moment_is_last_update (moment)
                              ? plug_rb_wording_time (time, self->now)
                              : plug_rb_format_clock (time, self->now);

  /* TRANSLATORS: what happened, and when: “Before update of Caffeine, 14:05” */
  return g_strdup_printf (_("%s, %s"), title, text);
}

static char *
dup_subtitle (PlugRbMoment *moment)
{
  g_autoptr(GPtrArray) targets = plug_rb_moment_list_targets (moment);

  return g_strdup_printf (
      ngettext ("%u plugin differs from now", "%u plugins differ from now", targets->len),
      targets->len);
}

static void
set_line (GtkWidget *inscription, const char *text)
{
  g_autofree char *line = plug_rb_wording_line (text);

  gtk_inscription_set_text (GTK_INSCRIPTION (inscription), line);
}

static void
bind_cb (PlugRbMomentDialog *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  PlugRbMoment *moment = gtk_list_item_get_item (item);
  GtkWidget *image = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *texts = gtk_widget_get_next_sibling (image);
  g_autofree char *title = dup_title (self, moment);
  g_autofree char *subtitle = dup_subtitle (moment);
  g_autofree char *label = g_strdup_printf ("%s, %s", title, subtitle);

  gtk_image_set_from_icon_name (GTK_IMAGE (image),
                                plug_rb_wording_reason_icon (plug_rb_moment_get_reason (moment)));
  set_line (gtk_widget_get_first_child (texts), title);
  set_line (gtk_widget_get_last_child (texts), subtitle);
  gtk_list_item_set_accessible_label (item, label);
}

static void
setup_header_cb (PlugRbMomentDialog *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

static void
bind_header_cb (PlugRbMomentDialog *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  PlugRbMoment *moment = gtk_list_header_get_item (header);
  g_autofree char *day = plug_rb_format_day (plug_rb_moment_get_time (moment), self->now);
  GtkWidget *label = gtk_list_header_get_child (header);

  gtk_widget_set_visible (label, !plug_rb_moment_is_last_update (moment));
  gtk_label_set_label (GTK_LABEL (label), day);
}

/* ---- sections: the days, and what stands above them */

static int
compare_days (gconstpointer a, gconstpointer b, gpointer user_data)
{
  PlugRbMoment *x = (PlugRbMoment *) a;
  PlugRbMoment *y = (PlugRbMoment *) b;
  g_autoptr(GDateTime) then = NULL;
  g_autoptr(GDateTime) later = NULL;
  int years;

  if (plug_rb_moment_is_last_update (x) != plug_rb_moment_is_last_update (y))
    return plug_rb_moment_is_last_update (x) ? -1 : 1;

  then = g_date_time_to_local (plug_rb_moment_get_time (x));
  later = g_date_time_to_local (plug_rb_moment_get_time (y));
  years = g_date_time_get_year (later) - g_date_time_get_year (then);
  return years != 0 ? years
                    : g_date_time_get_day_of_year (later) - g_date_time_get_day_of_year (then);
}

/* Where all is as it was then there is nothing to do. */
static void
selected_cb (PlugRbMomentDialog *self)
{
  PlugRbMoment *moment = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr(GPtrArray) targets = moment != NULL ? plug_rb_moment_list_targets (moment) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "moment.next",
                                 targets != NULL && targets->len > 0);
}

static void
show_host (PlugRbMomentDialog *self, PlugRbHost *host)
{
  g_autoptr(GListModel) moments = plug_rb_moment_list (self->manager, host);
  GtkSorter *days = GTK_SORTER (gtk_custom_sorter_new (compare_days, NULL, NULL));
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (moments), NULL);
  gboolean any = g_list_model_get_n_items (moments) > 0;
  g_autofree char *title = NULL;

  gtk_sort_list_model_set_section_sorter (sorted, days);
  g_object_unref (days);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "empty");
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  selected_cb (self);

  /* TRANSLATORS: %s is a program, “GNOME Shell” */
  title = g_strdup_printf (_("Roll Back Plugins of %s"), plug_rb_host_get_name (host));
  adw_dialog_set_title (ADW_DIALOG (self), title);
}

/* ---- programs */

static gboolean
has_snapshots (PlugRbMomentDialog *self, PlugRbHost *host)
{
  GListModel *snapshots = plug_rb_manager_get_snapshots (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (g_strcmp0 (plug_rb_snapshot_get_host (snapshot), plug_rb_host_get_id (host)) == 0)
      return TRUE;
  }

  return FALSE;
}

static void
program_changed_cb (PlugRbMomentDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->program_row);

  if (self->manager != NULL && selected < self->hosts->len)
    show_host (self, self->hosts->pdata[selected]);
}

static void
find_hosts (PlugRbMomentDialog *self, const char *wanted)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    if (!has_snapshots (self, host))
      continue;
    if (g_strcmp0 (plug_rb_host_get_id (host), wanted) == 0)
      selected = self->hosts->len;
    gtk_string_list_append (names, plug_rb_host_get_name (host));
    g_ptr_array_add (self->hosts, g_steal_pointer (&host));
  }

  adw_combo_row_set_model (self->program_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->program_row, selected);
  gtk_widget_set_visible (self->program_list, self->hosts->len > 1);
  if (self->hosts->len > 0)
    program_changed_cb (self);
  else
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

/* ---- actions */

static void
close_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
next_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autoptr(PlugRbMomentDialog) self = PLUG_RB_MOMENT_DIALOG (g_object_ref (widget));
  PlugRbMoment *moment = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr(GPtrArray) targets = NULL;

  if (moment == NULL)
    return;

  targets = plug_rb_moment_list_targets (moment);
  adw_dialog_force_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, targets);
}

static void
activated_cb (PlugRbMomentDialog *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self), "moment.next", NULL);
}

/* ---- object */

static void
plug_rb_moment_dialog_dispose (GObject *object)
{
  PlugRbMomentDialog *self = PLUG_RB_MOMENT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_MOMENT_DIALOG);
  g_clear_object (&self->manager);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (plug_rb_moment_dialog_parent_class)->dispose (object);
}

static void
plug_rb_moment_dialog_finalize (GObject *object)
{
  PlugRbMomentDialog *self = PLUG_RB_MOMENT_DIALOG (object);

  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->now, g_date_time_unref);

  G_OBJECT_CLASS (plug_rb_moment_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-moment-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbMomentDialog, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbMomentDialog, next_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbMomentDialog, program_list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbMomentDialog, program_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbMomentDialog, stack);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, program_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
}

static void
plug_rb_moment_dialog_class_init (PlugRbMomentDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_moment_dialog_dispose;
  object_class->finalize = plug_rb_moment_dialog_finalize;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);

  gtk_widget_class_install_action (widget_class, "moment.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "moment.next", NULL, next_action);
  bind_template (widget_class);
}

static void
plug_rb_moment_dialog_init (PlugRbMomentDialog *self)
{
  self->hosts = g_ptr_array_new_with_free_func (g_object_unref);
  self->now = g_date_time_new_now_local ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "moment.next", FALSE);
  adw_dialog_set_default_widget (ADW_DIALOG (self), self->next_button);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->list));
}

AdwDialog *
plug_rb_moment_dialog_new (PlugRbManager *manager, const char *host)
{
  PlugRbMomentDialog *self = g_object_new (PLUG_RB_TYPE_MOMENT_DIALOG, NULL);

  self->manager = g_object_ref (manager);
  find_hosts (self, host);

  return ADW_DIALOG (self);
}
