/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-popover.h"

#include <glib/gi18n.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-history-filter.h"
#include "plug-rb-host.h"
#include "plug-rb-manager.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"

typedef enum {
  CHOICE_PROGRAM,
  CHOICE_PLUGIN,
  CHOICE_KIND,
  N_CHOICES,
} Choice;

static const char *const choice_properties[N_CHOICES] = { "host", "plugin", "kind" };

struct _PlugRbHistoryPopover {
  GtkPopover parent_instance;

  PlugRbManager *manager;
  PlugRbHistoryFilter *filter;
  GPtrArray *values[N_CHOICES]; /* as in the drop-downs behind their first items */
  gboolean is_filling;

  GtkDropDown *drop_downs[N_CHOICES];
  AdwToggleGroup *outcome;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryPopover, plug_rb_history_popover, GTK_TYPE_POPOVER)

typedef enum {
  PROP_FILTER = 1,
  PROP_MANAGER,
} PlugRbHistoryPopoverProperty;

static GParamSpec *properties[PROP_MANAGER + 1];

static void
choose (PlugRbHistoryPopover *self, Choice choice)
{
  g_autofree char *value = NULL;
  guint position = 0;

  g_object_get (self->filter, choice_properties[choice], &value, NULL);
  if (value != NULL &&
      g_ptr_array_find_with_equal_func (self->values[choice], value, g_str_equal, &position))
    position++;
  gtk_drop_down_set_selected (self->drop_downs[choice], position);
}

static void
filter_changed_cb (PlugRbHistoryPopover *self)
{
  self->is_filling = TRUE;
  for (Choice choice = 0; choice < N_CHOICES; choice++)
    choose (self, choice);
  self->is_filling = FALSE;
}

static void
selected_cb (PlugRbHistoryPopover *self, GParamSpec *pspec, GtkDropDown *drop_down)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  if (self->is_filling || self->filter == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  for (Choice choice = 0; choice < N_CHOICES; choice++)
    if (self->drop_downs[choice] == drop_down)
      g_object_set (self->filter, choice_properties[choice],
                    selected > 0 ? self->values[choice]->pdata[selected - 1] : NULL, NULL);
}

static void
add (PlugRbHistoryPopover *self,
     Choice choice,
     GtkStringList *names,
     const char *name,
     const char *value)
{
  gtk_string_list_append (names, name);
  g_ptr_array_add (self->values[choice], g_strdup (value));
}

/* ---- of which programs and plugins there is history */

static GHashTable *
collect_plugins (PlugRbHistoryPopover *self)
{
  GListModel *operations = plug_rb_manager_get_operations (self->manager);
  GHashTable *used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, i);
    g_auto(GStrv) plugins = plug_rb_operation_dup_plugins (operation);

    for (guint j = 0; plugins != NULL && plugins[j] != NULL; j++)
      g_hash_table_add (used, g_strdup (plugins[j]));
  }

  return used;
}

static gboolean
is_used_host (gpointer key, gpointer value, gpointer id)
{
  gsize length = strlen (id);

  return strncmp (key, id, length) == 0 && ((const char *) key)[length] == '/';
}

static void
add_programs (PlugRbHistoryPopover *self, GtkStringList *names, GHashTable *used)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);
    const char *id = plug_rb_host_get_id (host);

    if (g_hash_table_find (used, is_used_host, (gpointer) id) != NULL)
      add (self, CHOICE_PROGRAM, names, plug_rb_host_get_name (host), id);
  }
}

static void
add_plugins (PlugRbHistoryPopover *self, GtkStringList *names, GHashTable *used)
{
  GListModel *plugins = plug_rb_manager_get_plugins (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);
    const char *key = plug_rb_plugin_get_key (plugin);

    if (g_hash_table_contains (used, key))
      add (self, CHOICE_PLUGIN, names, plug_rb_plugin_get_name (plugin), key);
  }
}

static void
add_kinds (PlugRbHistoryPopover *self, GtkStringList *names)
{
  g_autoptr(GEnumClass) kinds = g_type_class_ref (PLUG_RB_TYPE_KIND);

  for (guint i = 0; i < kinds->n_values; i++)
    add (self, CHOICE_KIND, names,
         plug_rb_history_filter_get_kind_word ((PlugRbKind) kinds->values[i].value),
         kinds->values[i].value_nick);
}

static void
fill_choice (PlugRbHistoryPopover *self, Choice choice, GHashTable *used)
{
  const char *const any[] = { _("Any program"), _("Any plugin"), _("Any kind") };
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->values[choice], 0);
  gtk_string_list_append (names, any[choice]);
  if (choice == CHOICE_PROGRAM)
    add_programs (self, names, used);
  else if (choice == CHOICE_PLUGIN)
    add_plugins (self, names, used);
  else
    add_kinds (self, names);
  gtk_drop_down_set_model (self->drop_downs[choice], G_LIST_MODEL (names));
}

static void
fill (PlugRbHistoryPopover *self)
{
  g_autoptr(GHashTable) used = NULL;

  if (self->manager == NULL || self->filter == NULL)
    return;

  used = collect_plugins (self);
  self->is_filling = TRUE;
  for (Choice choice = 0; choice < N_CHOICES; choice++)
    fill_choice (self, choice, used);
  filter_changed_cb (self);
}

/* ---- object */

static void
set_filter (PlugRbHistoryPopover *self, PlugRbHistoryFilter *filter)
{
  if (!g_set_object (&self->filter, filter) || filter == NULL)
    return;

  g_object_bind_property (filter, "outcome", self->outcome, "active-name",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (filter, "notify::active", G_CALLBACK (filter_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
plug_rb_history_popover_dispose (GObject *object)
{
  PlugRbHistoryPopover *self = PLUG_RB_HISTORY_POPOVER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_POPOVER);
  g_clear_object (&self->manager);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (plug_rb_history_popover_parent_class)->dispose (object);
}

static void
plug_rb_history_popover_finalize (GObject *object)
{
  PlugRbHistoryPopover *self = PLUG_RB_HISTORY_POPOVER (object);

  for (Choice choice = 0; choice < N_CHOICES; choice++)
    g_ptr_array_unref (self->values[choice]);

  G_OBJECT_CLASS (plug_rb_history_popover_parent_class)->finalize (object);
}

static void
plug_rb_history_popover_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbHistoryPopover *self = PLUG_RB_HISTORY_POPOVER (object);

  switch ((PlugRbHistoryPopoverProperty) prop_id) {
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
plug_rb_history_popover_set_property (GObject *object,
                                      guint prop_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbHistoryPopover *self = PLUG_RB_HISTORY_POPOVER (object);

  switch ((PlugRbHistoryPopoverProperty) prop_id) {
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
plug_rb_history_popover_class_init (PlugRbHistoryPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_history_popover_dispose;
  object_class->finalize = plug_rb_history_popover_finalize;
  object_class->get_property = plug_rb_history_popover_get_property;
  object_class->set_property = plug_rb_history_popover_set_property;

  properties[PROP_FILTER] =
      g_param_spec_object ("filter", NULL, NULL, PLUG_RB_TYPE_HISTORY_FILTER, flags);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-popover.ui");
  gtk_widget_class_bind_template_child_full (
      widget_class, "program", FALSE,
      G_STRUCT_OFFSET (PlugRbHistoryPopover, drop_downs[CHOICE_PROGRAM]));
  gtk_widget_class_bind_template_child_full (
      widget_class, "plugin", FALSE,
      G_STRUCT_OFFSET (PlugRbHistoryPopover, drop_downs[CHOICE_PLUGIN]));
  gtk_widget_class_bind_template_child_full (
      widget_class, "kind", FALSE, G_STRUCT_OFFSET (PlugRbHistoryPopover, drop_downs[CHOICE_KIND]));
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPopover, outcome);
  gtk_widget_class_bind_template_callback (widget_class, fill);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
plug_rb_history_popover_init (PlugRbHistoryPopover *self)
{
  for (Choice choice = 0; choice < N_CHOICES; choice++)
    self->values[choice] = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
