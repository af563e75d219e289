/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-batch-list.h"

#include <glib/gi18n.h>

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

struct _PlugRbBatchList {
  AdwBin parent_instance;

  GPtrArray *targets;
  GPtrArray *checks; /* borrowed, one for each target */
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (PlugRbBatchList, plug_rb_batch_list, ADW_TYPE_BIN)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
dup_version (const char *version)
{
  return version != NULL && *version != '\0' ? plug_rb_wording_isolate (version)
                                             : g_strdup (_("unknown"));
}

/* “55 → 44” */
static char *
dup_change (PlugRbPlugin *plugin, PlugRbSnapshot *target)
{
  gboolean installed = plugin != NULL && plug_rb_plugin_get_installed (plugin);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (plug_rb_snapshot_get_absent (target))
    return g_strdup (_("Remove"));

  from = installed ? dup_version (plug_rb_plugin_get_version (plugin))
                   : g_strdup (_("Not Installed"));
  to = dup_version (plug_rb_snapshot_get_version (target));

  /* TRANSLATORS: from one version to another. In right-to-left languages turn the arrow. */
  return g_strdup_printf (_("%s → %s"), from, to);
}

static void
toggled_cb (PlugRbBatchList *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Who was not there then may have been installed for a reason: that is for the user to say. */
static void
add_row (PlugRbBatchList *self, PlugRbManager *manager, PlugRbSnapshot *target)
{
  PlugRbPlugin *plugin =
      plug_rb_manager_find_plugin (manager, plug_rb_snapshot_get_plugin (target));
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name = plug_rb_wording_name (target);
  g_autofree char *change = dup_change (plugin, target);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = plug_rb_wording_time (plug_rb_snapshot_get_timestamp (target), now);
  g_autofree char *subtitle = g_strdup_printf (_("%s · %s"), change, time);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !plug_rb_snapshot_get_absent (target));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->checks, check);
  gtk_list_box_append (self->list, row);
}

static void
plug_rb_batch_list_finalize (GObject *object)
{
  PlugRbBatchList *self = PLUG_RB_BATCH_LIST (object);

  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_batch_list_parent_class)->finalize (object);
}

static void
plug_rb_batch_list_class_init (PlugRbBatchListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_batch_list_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
plug_rb_batch_list_init (PlugRbBatchList *self)
{
  self->targets = g_ptr_array_new_with_free_func (g_object_unref);
  self->checks = g_ptr_array_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Plugins"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

void
plug_rb_batch_list_fill (PlugRbBatchList *self, PlugRbManager *manager, GPtrArray *targets)
{
  g_return_if_fail (PLUG_RB_IS_BATCH_LIST (self));

  gtk_list_box_remove_all (self->list);
  g_ptr_array_set_size (self->checks, 0);
  g_ptr_array_set_size (self->targets, 0);
  for (guint i = 0; i < targets->len; i++) {
    g_ptr_array_add (self->targets, g_object_ref (targets->pdata[i]));
    add_row (self, manager, targets->pdata[i]);
  }
}

GPtrArray *
plug_rb_batch_list_dup_ticked (PlugRbBatchList *self)
{
  GPtrArray *ticked = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (PLUG_RB_IS_BATCH_LIST (self), ticked);

  for (guint i = 0; i < self->targets->len; i++)
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->checks->pdata[i])))
      g_ptr_array_add (ticked, g_object_ref (self->targets->pdata[i]));

  return ticked;
}
