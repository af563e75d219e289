/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-filter.h"

#include <glib/gi18n.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-operation.h"

struct _PlugRbHistoryFilter {
  GtkFilter parent_instance;

  char *host;
  char *plugin;
  char *kind;
  char *outcome;
  char *search;
  char *folded; /* what is searched for, without its case */
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryFilter, plug_rb_history_filter, GTK_TYPE_FILTER)

typedef enum {
  PROP_ACTIVE = 1,
  PROP_HOST,
  PROP_KIND,
  PROP_OUTCOME,
  PROP_PLUGIN,
  PROP_SEARCH,
} PlugRbHistoryFilterProperty;

static GParamSpec *properties[PROP_SEARCH + 1];

/* ---- what fits */

static gboolean
is_of_host (PlugRbHistoryFilter *self, PlugRbOperation *operation)
{
  g_auto(GStrv) plugins = plug_rb_operation_dup_plugins (operation);
  gsize length = strlen (self->host);

  for (guint i = 0; plugins != NULL && plugins[i] != NULL; i++)
    if (strncmp (plugins[i], self->host, length) == 0 && plugins[i][length] == '/')
      return TRUE;

  return FALSE;
}

static gboolean
has_kind (PlugRbHistoryFilter *self, PlugRbOperation *operation)
{
  const char *nick =
      plug_rb_enum_to_nick (PLUG_RB_TYPE_KIND, (int) plug_rb_operation_get_kind (operation));

  return g_strcmp0 (nick, self->kind) == 0;
}

static gboolean
has_outcome (PlugRbHistoryFilter *self, PlugRbOperation *operation)
{
  PlugRbStatus status = plug_rb_operation_get_status (operation);

  if (g_str_equal (self->outcome, "done"))
    return status == PLUG_RB_STATUS_COMPLETED;
  if (g_str_equal (self->outcome, "failed"))
    return status == PLUG_RB_STATUS_FAILED || status == PLUG_RB_STATUS_NEEDS_USER;
  if (g_str_equal (self->outcome, "undone"))
    return status == PLUG_RB_STATUS_UNDONE;

  return TRUE;
}

static gboolean
says (PlugRbHistoryFilter *self, const char *text)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, self->folded) != NULL;
}

static gboolean
is_found (PlugRbHistoryFilter *self, PlugRbOperation *operation)
{
  g_autofree char *title = plug_rb_operation_dup_title (operation);
  g_auto(GStrv) plugins = plug_rb_operation_dup_plugins (operation);

  if (says (self, title) || says (self, plug_rb_operation_get_error (operation)))
    return TRUE;

  for (guint i = 0; plugins != NULL && plugins[i] != NULL; i++)
    if (says (self, plugins[i]))
      return TRUE;

  return FALSE;
}

static gboolean
plug_rb_history_filter_match (GtkFilter *filter, gpointer item)
{
  PlugRbHistoryFilter *self = PLUG_RB_HISTORY_FILTER (filter);

  return (self->host == NULL || is_of_host (self, item)) &&
         (self->plugin == NULL || plug_rb_operation_concerns (item, self->plugin)) &&
         (self->kind == NULL || has_kind (self, item)) && has_outcome (self, item) &&
         (self->folded == NULL || is_found (self, item));
}

/* ---- what is set */

static void
set_search (PlugRbHistoryFilter *self, const char *search)
{
  if (search != NULL && *search == '\0')
    search = NULL;
  if (!g_set_str (&self->search, search))
    return;

  g_free (self->folded);
  self->folded = search != NULL ? g_utf8_casefold (search, -1) : NULL;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
set_choice (PlugRbHistoryFilter *self, char **choice, const char *value)
{
  if (!g_set_str (choice, value))
    return;

  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void
plug_rb_history_filter_finalize (GObject *object)
{
  PlugRbHistoryFilter *self = PLUG_RB_HISTORY_FILTER (object);

  g_free (self->host);
  g_free (self->plugin);
  g_free (self->kind);
  g_free (self->outcome);
  g_free (self->search);
  g_free (self->folded);

  G_OBJECT_CLASS (plug_rb_history_filter_parent_class)->finalize (object);
}

static void
plug_rb_history_filter_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  PlugRbHistoryFilter *self = PLUG_RB_HISTORY_FILTER (object);

  switch ((PlugRbHistoryFilterProperty) prop_id) {
  case PROP_ACTIVE:
    g_value_set_boolean (value, plug_rb_history_filter_get_active (self));
    break;

  case PROP_HOST:
    g_value_set_string (value, self->host);
    break;

  case PROP_KIND:
    g_value_set_string (value, self->kind);
    break;

  case PROP_OUTCOME:
    g_value_set_string (value, self->outcome);
    break;

  case PROP_PLUGIN:
    g_value_set_string (value, self->plugin);
    break;

  case PROP_SEARCH:
    g_value_set_string (value, self->search);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_filter_set_property (GObject *object,
                                     guint prop_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  PlugRbHistoryFilter *self = PLUG_RB_HISTORY_FILTER (object);
  const char *text = g_value_get_string (value);

  switch ((PlugRbHistoryFilterProperty) prop_id) {
  case PROP_HOST:
    set_choice (self, &self->host, text);
    break;

  case PROP_KIND:
    set_choice (self, &self->kind, text);
    break;

  case PROP_OUTCOME:
    set_choice (self, &self->outcome, text != NULL ? text : "any");
    break;

  case PROP_PLUGIN:
    set_choice (self, &self->plugin, text);
    break;

  case PROP_SEARCH:
    set_search (self, text);
    break;

  case PROP_ACTIVE:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_filter_class_init (PlugRbHistoryFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = plug_rb_history_filter_finalize;
  object_class->get_property = plug_rb_history_filter_get_property;
  object_class->set_property = plug_rb_history_filter_set_property;
  GTK_FILTER_CLASS (klass)->match = plug_rb_history_filter_match;

  properties[PROP_ACTIVE] =
      g_param_spec_boolean ("active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, live);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, live);
  properties[PROP_OUTCOME] = g_param_spec_string ("outcome", NULL, NULL, "any", live);
  properties[PROP_PLUGIN] = g_param_spec_string ("plugin", NULL, NULL, NULL, live);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_history_filter_init (PlugRbHistoryFilter *self)
{
  self->outcome = g_strdup ("any");
}

gboolean
plug_rb_history_filter_get_active (PlugRbHistoryFilter *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HISTORY_FILTER (self), FALSE);

  return self->host != NULL || self->plugin != NULL || self->kind != NULL ||
         !g_str_equal (self->outcome, "any");
}

void
plug_rb_history_filter_clear (PlugRbHistoryFilter *self)
{
  g_return_if_fail (PLUG_RB_IS_HISTORY_FILTER (self));

  g_object_set (self, "host", NULL, "plugin", NULL, "kind", NULL, "outcome", "any", NULL);
}

const char *
plug_rb_history_filter_get_kind_word (PlugRbKind kind)
{
  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return _("Snapshots");
  case PLUG_RB_KIND_UNDO:
    return _("Undoing");
  case PLUG_RB_KIND_INSTALL:
    return _("Installing and updating");
  case PLUG_RB_KIND_UNINSTALL:
    return _("Uninstalling");
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return _("Rolling back");
  }
}
