/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-filter-popover.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-manager.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-snapshot-filter.h"
#include "plug-rb-words.h"

#define N_REASONS (PLUG_RB_REASON_PACKAGE + 1)

struct _PlugRbFilterPopover {
  GtkPopover parent_instance;

  PlugRbManager *manager;
  PlugRbSnapshotFilter *filter;
  GPtrArray *hosts; /* ids, as in the drop-down behind its first item */
  gboolean is_filling;

  GtkSwitch *damaged;
  GtkSwitch *kept;
  GtkDropDown *program;
  GtkBox *reasons;
  GtkWidget *reason_buttons[N_REASONS];
  AdwToggleGroup *taken;
};

G_DEFINE_FINAL_TYPE (PlugRbFilterPopover, plug_rb_filter_popover, GTK_TYPE_POPOVER)

typedef enum {
  PROP_FILTER = 1,
  PROP_MANAGER,
} PlugRbFilterPopoverProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

/* ---- programs: those of which there are snapshots */

static GHashTable *
collect_used (PlugRbFilterPopover *self)
{
  GListModel *snapshots = plug_rb_manager_get_snapshots (self->manager);
  GHashTable *used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (!g_hash_table_contains (used, plug_rb_snapshot_get_host (snapshot)))
      g_hash_table_add (used, g_strdup (plug_rb_snapshot_get_host (snapshot)));
  }

  return used;
}

static guint
find_program (PlugRbFilterPopover *self, const char *id)
{
  for (guint i = 0; id != NULL && i < self->hosts->len; i++)
    if (g_str_equal (g_ptr_array_index (self->hosts, i), id))
      return i + 1;

  return 0;
}

static void
fill_programs (PlugRbFilterPopover *self)
{
  g_autoptr(GHashTable) used = collect_used (self);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);
  g_autofree char *chosen = NULL;

  g_ptr_array_set_size (self->hosts, 0);
  gtk_string_list_append (names, _("Any program"));
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    if (!g_hash_table_contains (used, plug_rb_host_get_id (host)))
      continue;
    gtk_string_list_append (names, plug_rb_host_get_name (host));
    g_ptr_array_add (self->hosts, g_strdup (plug_rb_host_get_id (host)));
  }

  g_object_get (self->filter, "host", &chosen, NULL);
  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->program, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->program, find_program (self, chosen));
  self->is_filling = FALSE;
}

static void
program_selected_cb (PlugRbFilterPopover *self)
{
  guint selected = gtk_drop_down_get_selected (self->program);

  if (self->is_filling || self->filter == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  g_object_set (self->filter, "host",
                selected > 0 ? g_ptr_array_index (self->hosts, selected - 1) : NULL, NULL);
}

/* ---- reasons */

static void
reason_toggled_cb (PlugRbFilterPopover *self, GtkCheckButton *button)
{
  for (guint i = 0; i < N_REASONS; i++)
    if (self->reason_buttons[i] == GTK_WIDGET (button))
      plug_rb_snapshot_filter_set_reason (self->filter, (PlugRbReason) i,
                                          gtk_check_button_get_active (button));
}

static void
add_reasons (PlugRbFilterPopover *self)
{
  for (guint i = 0; i < N_REASONS; i++) {
    self->reason_buttons[i] =
        gtk_check_button_new_with_label (plug_rb_words_reason ((PlugRbReason) i));
    g_signal_connect_object (self->reason_buttons[i], "toggled", G_CALLBACK (reason_toggled_cb),
                             self, G_CONNECT_SWAPPED);
    gtk_box_append (self->reasons, self->reason_buttons[i]);
  }
}

static void
filter_changed_cb (PlugRbFilterPopover *self)
{
  g_autofree char *host = NULL;

  for (guint i = 0; i < N_REASONS; i++)
    gtk_check_button_set_active (
        GTK_CHECK_BUTTON (self->reason_buttons[i]),
        plug_rb_snapshot_filter_has_reason (self->filter, (PlugRbReason) i));

  g_object_get (self->filter, "host", &host, NULL);
  self->is_filling = TRUE;
  gtk_drop_down_set_selected (self->program, find_program (self, host));
  self->is_filling = FALSE;
}

static void
map_cb (PlugRbFilterPopover *self)
{
  if (self->manager != NULL && self->filter != NULL)
    fill_programs (self);
}

static void
set_filter (PlugRbFilterPopover *self, PlugRbSnapshotFilter *filter)
{
  GBindingFlags both = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  if (!g_set_object (&self->filter, filter) || filter == NULL)
    return;

  g_object_bind_property (filter, "taken", self->taken, "active-name", both);
  g_object_bind_property (filter, "kept-only", self->kept, "active", both);
  g_object_bind_property (filter, "damaged-only", self->damaged, "active", both);
  g_signal_connect_object (filter, "notify::active", G_CALLBACK (filter_changed_cb), self,
                           G_CONNECT_SWAPPED);
  filter_changed_cb (self);
}

/* ---- object */

static void
plug_rb_filter_popover_dispose (GObject *object)
{
  PlugRbFilterPopover *self = PLUG_RB_FILTER_POPOVER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_FILTER_POPOVER);
  g_clear_object (&self->manager);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (plug_rb_filter_popover_parent_class)->dispose (object);
}

static void
plug_rb_filter_popover_finalize (GObject *object)
{
  g_clear_pointer (&PLUG_RB_FILTER_POPOVER (object)->hosts, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_filter_popover_parent_class)->finalize (object);
}

static void
plug_rb_filter_popover_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  PlugRbFilterPopover *self = PLUG_RB_FILTER_POPOVER (object);

  switch ((PlugRbFilterPopoverProperty) prop_id) {
  case PROP_FILTER:
    g_value_set_object (value, self->filter);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_filter_popover_set_property (GObject *object,
                                     guint prop_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  PlugRbFilterPopover *self = PLUG_RB_FILTER_POPOVER (object);

  switch ((PlugRbFilterPopoverProperty) prop_id) {
  case PROP_FILTER:
    set_filter (self, g_value_get_object (value));
    break;

  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_filter_popover_class_init (PlugRbFilterPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_filter_popover_dispose;
  object_class->finalize = plug_rb_filter_popover_finalize;
  object_class->get_property = plug_rb_filter_popover_get_property;
  object_class->set_property = plug_rb_filter_popover_set_property;

  properties[PROP_FILTER] =
      g_param_spec_object ("filter", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT_FILTER, live);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-filter-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbFilterPopover, damaged);
  gtk_widget_class_bind_template_child (widget_class, PlugRbFilterPopover, kept);
  gtk_widget_class_bind_template_child (widget_class, PlugRbFilterPopover, program);
  gtk_widget_class_bind_template_child (widget_class, PlugRbFilterPopover, reasons);
  gtk_widget_class_bind_template_child (widget_class, PlugRbFilterPopover, taken);
  gtk_widget_class_bind_template_callback (widget_class, map_cb);
  gtk_widget_class_bind_template_callback (widget_class, program_selected_cb);
}

static void
plug_rb_filter_popover_init (PlugRbFilterPopover *self)
{
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_reasons (self);
}
