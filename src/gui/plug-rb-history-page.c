/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-page.h"

#include <glib/gi18n.h>

#include "plug-rb-clock.h"
#include "plug-rb-format.h"
#include "plug-rb-history-chips.h"
#include "plug-rb-history-filter.h"
#include "plug-rb-history-item.h"
#include "plug-rb-history-popover.h"
#include "plug-rb-history-sorter.h"
#include "plug-rb-history-text.h"
#include "plug-rb-manager-audit.h"
#include "plug-rb-operation.h"
#include "plug-rb-text-saver.h"
#include "plug-rb-toasts.h"

struct _PlugRbHistoryPage {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbClock *clock;
  char *problem; /* of the audit trail */
  int today;

  GSignalGroup *manager_signals;

  AdwBanner *banner;
  PlugRbHistoryFilter *filter;
  GtkListItemFactory *header_factory;
  GtkListView *list;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GListModel *selection;
  GtkSortListModel *sorted;
};

G_DEFINE_FINAL_TYPE (PlugRbHistoryPage, plug_rb_history_page, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_MANAGER = 1,
  PROP_PLUGIN,
} PlugRbHistoryPageProperty;

static GParamSpec *properties[PROP_PLUGIN + 1];

/* Then there is nothing that a different search or filter could find. */
static gboolean
is_of_plugin_only (PlugRbHistoryPage *self)
{
  g_autofree char *plugin = NULL;
  g_autofree char *host = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *outcome = NULL;

  g_object_get (self->filter, "plugin", &plugin, "host", &host, "kind", &kind, "outcome", &outcome,
                NULL);

  return plugin != NULL && host == NULL && kind == NULL && g_str_equal (outcome, "any") &&
         *gtk_editable_get_text (self->search_entry) == '\0';
}

static char *
dup_page (PlugRbHistoryPage *self, PlugRbManagerState state, guint n_operations, guint n_shown)
{
  if (state == PLUG_RB_MANAGER_STATE_LOADING)
    return g_strdup ("loading");
  if (n_operations == 0 || (n_shown == 0 && is_of_plugin_only (self)))
    return g_strdup ("empty");

  return g_strdup (n_shown == 0 ? "no-hit" : "list");
}

/* ---- rows */

static void
setup_cb (PlugRbHistoryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  gtk_list_item_set_child (item, plug_rb_history_item_new (item));
}

static void
bind_cb (PlugRbHistoryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  plug_rb_history_item_set_operation (PLUG_RB_HISTORY_ITEM (gtk_list_item_get_child (item)),
                                      gtk_list_item_get_item (item));
}

static void
unbind_cb (PlugRbHistoryPage *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  plug_rb_history_item_set_operation (PLUG_RB_HISTORY_ITEM (gtk_list_item_get_child (item)), NULL);
}

static void
setup_header_cb (PlugRbHistoryPage *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

static void
bind_header_cb (PlugRbHistoryPage *self, GtkListHeader *header, GtkSignalListItemFactory *factory)
{
  PlugRbOperation *operation = gtk_list_header_get_item (header);
  g_autofree char *text = plug_rb_format_day (plug_rb_operation_get_started (operation),
                                              plug_rb_clock_get_now (self->clock));

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text);
}

/* Tomorrow “Today” is “Yesterday”. */
static void
clock_cb (PlugRbHistoryPage *self)
{
  int today = g_date_time_get_day_of_year (plug_rb_clock_get_now (self->clock));

  if (self->today == today)
    return;

  self->today = today;
  gtk_list_view_set_header_factory (self->list, NULL);
  gtk_list_view_set_header_factory (self->list, self->header_factory);
}

static void
activated_cb (PlugRbHistoryPage *self, guint position)
{
  g_autoptr(PlugRbOperation) operation = g_list_model_get_item (self->selection, position);

  if (operation != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-activity", "s",
                                plug_rb_operation_get_id (operation));
}

/* ---- search and filter */

/* How an operation ends, and what it is about, is known only when it has run. */
static void
jobs_changed_cb (PlugRbHistoryPage *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
search_changed_cb (PlugRbHistoryPage *self)
{
  guint n_results = g_list_model_get_n_items (self->selection);
  g_autofree char *text = NULL;

  if (*gtk_editable_get_text (self->search_entry) == '\0')
    return;

  text = g_strdup_printf (ngettext ("%u result", "%u results", n_results), n_results);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->search_entry), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
focus_list (PlugRbHistoryPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
clear_filters_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  plug_rb_history_filter_clear (self->filter);
  focus_list (self);
}

static void
set_plugin (PlugRbHistoryPage *self, PlugRbPlugin *plugin)
{
  if (g_set_object (&self->plugin, plugin))
    g_object_set (self->filter, "plugin", plugin != NULL ? plug_rb_plugin_get_key (plugin) : NULL,
                  NULL);
}

/* ---- export: what is shown, in the order in which it is shown */

static PlugRbSaverWords
get_words (void)
{
  return (PlugRbSaverWords) {
    /* TRANSLATORS: name of the file to which the history is saved */
    _("Export History"),
    _("history.txt"),
    _("History exported"),
    _("Could not export the history"),
  };
}

static char *
dup_text (PlugRbHistoryPage *self)
{
  g_autoptr(GPtrArray) operations = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (self->selection); i++)
    g_ptr_array_add (operations, g_list_model_get_item (self->selection, i));

  return plug_rb_history_text_new (operations);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *text = dup_text (PLUG_RB_HISTORY_PAGE (widget));
  PlugRbSaverWords words = get_words ();

  plug_rb_text_saver_ask (widget, text, &words);
}

/* ---- audit trail */

static void
show_verdict (PlugRbHistoryPage *self, PlugRbToasts *toasts, PlugRbAuditTrail *trail)
{
  guint n = trail->entries->len;
  g_autofree char *title = NULL;

  adw_banner_set_revealed (self->banner, trail->first_bad != 0);
  g_clear_pointer (&self->problem, g_free);
  if (trail->first_bad == 0) {
    plug_rb_toasts_show_text (toasts, PLUG_RB_TOAST_OTHER,
                              g_strdup_printf (ngettext ("Audit trail is intact, %u entry",
                                                         "Audit trail is intact, %u entries", n),
                                               n));
    return;
  }

  title = g_strdup_printf (_("The audit trail was changed outside Plugin Rollback at entry %u"),
                           trail->first_bad);
  adw_banner_set_title (self->banner, title);
  /* TRANSLATORS: number of a line of the audit trail, then what is wrong with it: “Entry 2: it
   * cannot be read” */
  self->problem = g_strdup_printf (_("Entry %u: %s"), trail->first_bad, trail->problem);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbHistoryPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbAuditTrail) trail =
      plug_rb_manager_read_audit_finish (PLUG_RB_MANAGER (source), result, &error);
  g_autoptr(PlugRbToasts) toasts = NULL;

  /* The page may have gone meanwhile. */
  if (self->banner == NULL)
    return;

  toasts = plug_rb_toasts_new_for (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.verify", TRUE);
  if (trail != NULL)
    show_verdict (self, toasts, trail);
  else
    plug_rb_toasts_show_failure (toasts, PLUG_RB_TOAST_OTHER,
                                 g_strdup (_("Could not read the audit trail")), error);
}

static void
verify_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (widget);

  if (plug_rb_manager_get_state (self->manager) != PLUG_RB_MANAGER_STATE_READY)
    return;

  gtk_widget_action_set_enabled (widget, "history.verify", FALSE);
  plug_rb_manager_read_audit_async (self->manager, NULL, verified_cb, g_object_ref (self));
}

static void
show_audit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (widget);

  gtk_widget_activate_action (widget, "win.show-details", "(ss)", _("Audit Trail Was Changed"),
                              self->problem != NULL ? self->problem : "");
}

/* ---- object */

static void
plug_rb_history_page_dispose (GObject *object)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  if (self->search_bar != NULL)
    gtk_search_bar_set_key_capture_widget (self->search_bar, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_HISTORY_PAGE);
  g_clear_object (&self->manager_signals);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (plug_rb_history_page_parent_class)->dispose (object);
}

static void
plug_rb_history_page_finalize (GObject *object)
{
  g_clear_pointer (&PLUG_RB_HISTORY_PAGE (object)->problem, g_free);

  G_OBJECT_CLASS (plug_rb_history_page_parent_class)->finalize (object);
}

static void
plug_rb_history_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  switch ((PlugRbHistoryPageProperty) prop_id) {
  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_history_page_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PlugRbHistoryPage *self = PLUG_RB_HISTORY_PAGE (object);

  switch ((PlugRbHistoryPageProperty) prop_id) {
  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    g_signal_group_set_target (self->manager_signals, self->manager);
    break;

  case PROP_PLUGIN:
    set_plugin (self, g_value_get_object (value));
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, banner);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, filter);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, header_factory);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PlugRbHistoryPage, sorted);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, focus_list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
plug_rb_history_page_class_init (PlugRbHistoryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = plug_rb_history_page_dispose;
  object_class->finalize = plug_rb_history_page_finalize;
  object_class->get_property = plug_rb_history_page_get_property;
  object_class->set_property = plug_rb_history_page_set_property;

  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "history.clear-filters", NULL,
                                   clear_filters_action);
  gtk_widget_class_install_action (widget_class, "history.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "history.show-audit", NULL, show_audit_action);
  gtk_widget_class_install_action (widget_class, "history.verify", NULL, verify_action);

  g_type_ensure (PLUG_RB_TYPE_HISTORY_CHIPS);
  g_type_ensure (PLUG_RB_TYPE_HISTORY_FILTER);
  g_type_ensure (PLUG_RB_TYPE_HISTORY_POPOVER);
  g_type_ensure (PLUG_RB_TYPE_MANAGER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-history-page.ui");
  bind_template (widget_class);
}

static void
plug_rb_history_page_init (PlugRbHistoryPage *self)
{
  g_autoptr(GtkSorter) days = plug_rb_history_sorter_new_for_days ();
  g_autoptr(GtkSorter) ages = plug_rb_history_sorter_new ();

  self->clock = plug_rb_clock_ref_default ();
  self->today = g_date_time_get_day_of_year (plug_rb_clock_get_now (self->clock));
  self->manager_signals = g_signal_group_new (PLUG_RB_TYPE_MANAGER);
  g_signal_group_connect_object (self->manager_signals, "notify::n-jobs",
                                 G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_sort_list_model_set_section_sorter (self->sorted, days);
  gtk_sort_list_model_set_sorter (self->sorted, ages);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (clock_cb), self,
                           G_CONNECT_SWAPPED);
}

AdwNavigationPage *
plug_rb_history_page_new (PlugRbManager *manager, PlugRbPlugin *plugin)
{
  return g_object_new (PLUG_RB_TYPE_HISTORY_PAGE, "manager", manager, "plugin", plugin, NULL);
}

void
plug_rb_history_page_search (PlugRbHistoryPage *self)
{
  g_return_if_fail (PLUG_RB_IS_HISTORY_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Leaves the search; FALSE if there was none. */
gboolean
plug_rb_history_page_go_back (PlugRbHistoryPage *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HISTORY_PAGE (self), FALSE);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  focus_list (self);
  return TRUE;
}

/* At what happened last. */
void
plug_rb_history_page_focus_list (PlugRbHistoryPage *self)
{
  g_return_if_fail (PLUG_RB_IS_HISTORY_PAGE (self));

  if (g_list_model_get_n_items (self->selection) > 0)
    gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_FOCUS, NULL);
  focus_list (self);
}

/* What “Export as Text…” does once the user has chosen a file. */
void
plug_rb_history_page_save (PlugRbHistoryPage *self, GFile *file)
{
  g_autofree char *text = NULL;
  PlugRbSaverWords words;

  g_return_if_fail (PLUG_RB_IS_HISTORY_PAGE (self));

  text = dup_text (self);
  words = get_words ();
  plug_rb_text_saver_save (GTK_WIDGET (self), file, text, &words);
}
