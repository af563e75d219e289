/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-welcome.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-measuring.h"
#include "plug-rb-plugin.h"
#include "plug-rb-sweeping.h"
#include "plug-rb-wording.h"

struct _PlugRbWelcome {
  AdwBin parent_instance;

  PlugRbManager *manager;
  PlugRbToasts *toasts;
  GSettings *settings;
  gboolean skipped; /* until the program ends */
  gboolean wanted;
  GHashTable *rows;  /* AdwSwitchRow by the id of its program */
  GHashTable *sizes; /* NULL until they are known */
  GCancellable *measuring;

  GCancellable *cancellable; /* of what runs */
  PlugRbSweep *sweep;

  GtkWidget *install_button;
  GtkListBox *list;
  AdwStatusPage *page;
  GtkProgressBar *progress;
  GtkWidget *protect_button;
  GtkWidget *searching_row;
};

G_DEFINE_FINAL_TYPE (PlugRbWelcome, plug_rb_welcome, ADW_TYPE_BIN)

typedef enum {
  PROP_MANAGER = 1,
  PROP_RUNNING,
  PROP_WANTED,
} PlugRbWelcomeProperty;

static GParamSpec *properties[PROP_WANTED + 1];

static void update (PlugRbWelcome *self);

/* ---- what was found */

static guint
count_installed (PlugRbHost *host)
{
  GListModel *plugins = plug_rb_host_get_plugins (host);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    n += plug_rb_plugin_get_installed (plugin);
  }

  return n;
}

static gboolean
is_any_program_there (PlugRbWelcome *self)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    if (plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_PRESENT)
      return TRUE;
  }

  return FALSE;
}

static gboolean
has_snapshots (PlugRbWelcome *self)
{
  return g_list_model_get_n_items (plug_rb_manager_get_snapshots (self->manager)) > 0;
}

/* Where programs are there but no plugins, the window itself says all there is to say. */
static gboolean
find_whether_wanted (PlugRbWelcome *self)
{
  PlugRbManagerState state = plug_rb_manager_get_state (self->manager);

  if (self->sweep != NULL)
    return TRUE;
  if (self->skipped || g_settings_get_boolean (self->settings, "welcome-done"))
    return FALSE;
  if (state == PLUG_RB_MANAGER_STATE_LOADING)
    return TRUE;

  return state == PLUG_RB_MANAGER_STATE_READY && !has_snapshots (self) &&
         (g_hash_table_size (self->rows) > 0 || !is_any_program_there (self));
}

/* ---- rows */

static gboolean
is_switched_on (PlugRbWelcome *self, const char *host)
{
  AdwSwitchRow *row = g_hash_table_lookup (self->rows, host);

  return row != NULL && adw_switch_row_get_active (row);
}

static void
switched_cb (PlugRbWelcome *self)
{
  GHashTableIter iter;
  gpointer row;
  guint n_on = 0;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    n_on += adw_switch_row_get_active (row);

  gtk_button_set_label (GTK_BUTTON (self->protect_button), n_on == g_hash_table_size (self->rows)
                                                               ? _("_Protect All")
                                                               : _("_Protect Selected"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "welcome.protect", n_on > 0);
}

static GtkWidget *
add_row (PlugRbWelcome *self, PlugRbHost *host)
{
  GtkWidget *row = adw_switch_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), plug_rb_host_get_name (host));
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), TRUE);
  g_object_bind_property (self, "running", row, "sensitive",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect_object (row, "notify::active", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (self->list, row);
  g_hash_table_insert (self->rows, g_strdup (plug_rb_host_get_id (host)), row);

  return row;
}

static char *
dup_subtitle (PlugRbWelcome *self, PlugRbHost *host, guint n)
{
  guint64 *bytes =
      self->sizes ? g_hash_table_lookup (self->sizes, plug_rb_host_get_id (host)) : NULL;
  g_autofree char *count = g_strdup_printf (ngettext ("%u plugin", "%u plugins", n), n);
  g_autofree char *size = NULL;

  if (bytes == NULL)
    return g_steal_pointer (&count);

  size = g_format_size (*bytes);
  /* TRANSLATORS: number of plugins, and how much they take: “12 plugins, 3.4 MB” */
  return g_strdup_printf (_("%s, %s"), count, size);
}

/* What the user has switched off stays off when more is found. */
static void
update_row (PlugRbWelcome *self, PlugRbHost *host)
{
  const char *id = plug_rb_host_get_id (host);
  GtkWidget *row = id ? g_hash_table_lookup (self->rows, id) : NULL;
  guint n = id ? count_installed (host) : 0;
  g_autofree char *subtitle = NULL;

  if (n == 0 && row != NULL) {
    gtk_list_box_remove (self->list, row);
    g_hash_table_remove (self->rows, id);
  }
  if (n == 0)
    return;

  if (row == NULL)
    row = add_row (self, host);
  subtitle = dup_subtitle (self, host, n);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
}

static void
update_rows (PlugRbWelcome *self)
{
  GListModel *hosts = plug_rb_manager_get_hosts (self->manager);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    update_row (self, host);
  }
  switched_cb (self);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbWelcome) self = user_data;
  GHashTable *sizes = plug_rb_measuring_finish (result, NULL);

  if (sizes == NULL)
    return;

  g_clear_pointer (&self->sizes, g_hash_table_unref);
  self->sizes = sizes;
  if (self->manager != NULL && self->rows != NULL)
    update_rows (self);
}

static void
measure (PlugRbWelcome *self)
{
  if (self->measuring != NULL)
    return;

  self->measuring = g_cancellable_new ();
  plug_rb_measuring_start (self->manager, self->measuring, measured_cb, g_object_ref (self));
}

/* ---- the page */

static void
update_texts (PlugRbWelcome *self, gboolean found)
{
  g_autofree char *known = found ? NULL : plug_rb_wording_known_hosts (self->manager);

  adw_status_page_set_title (self->page, found ? _("Bring Back What Worked")
                                               : _("No Supported Programs Found"));
  adw_status_page_set_description (
      self->page, found ? _("Plugin Rollback keeps copies of plugins and their settings, and "
                            "brings them back when an update breaks one.")
                        : known);
}

/* Whoever has snapshots needs no welcome any more, even if they are all deleted. */
static void
set_wanted (PlugRbWelcome *self, gboolean wanted)
{
  if (self->wanted == wanted)
    return;

  self->wanted = wanted;
  if (!wanted && has_snapshots (self))
    g_settings_set_boolean (self->settings, "welcome-done", TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WANTED]);
}

static void
update (PlugRbWelcome *self)
{
  gboolean loading = plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_LOADING;
  gboolean found;

  if (self->sweep != NULL)
    return;

  update_rows (self);
  found = g_hash_table_size (self->rows) > 0;
  gtk_widget_set_visible (self->searching_row, loading);
  gtk_widget_set_visible (GTK_WIDGET (self->list), loading || found);
  gtk_widget_set_visible (self->protect_button, loading || found);
  gtk_widget_set_visible (self->install_button, !loading && !found);
  update_texts (self, loading || found);
  set_wanted (self, find_whether_wanted (self));

  if (self->wanted && found)
    measure (self);
  if (self->wanted && found && gtk_widget_get_mapped (self->protect_button))
    gtk_widget_grab_focus (self->protect_button);
}

/* ---- protecting */

static void
show_progress (PlugRbWelcome *self)
{
  guint i = plug_rb_sweep_get_current (self->sweep);
  guint n = self->sweep->plugins->len;
  g_autofree char *name =
      plug_rb_wording_isolate (plug_rb_plugin_get_name (self->sweep->plugins->pdata[i]));
  /* TRANSLATORS: the plugin that is worked on, its number and how many there are in all */
  g_autofree char *text = g_strdup_printf (_("%s, %u of %u"), name, i + 1, n);

  gtk_progress_bar_set_fraction (self->progress, (double) i / n);
  gtk_progress_bar_set_text (self->progress, text);
}

static void
progress_cb (PlugRbWelcome *self)
{
  if (self->sweep != NULL)
    show_progress (self);
}

static void
set_sweep (PlugRbWelcome *self, PlugRbSweep *sweep)
{
  g_clear_pointer (&self->sweep, plug_rb_sweep_unref);
  self->sweep = sweep ? plug_rb_sweep_ref (sweep) : NULL;
  if (sweep == NULL)
    g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/* What was stopped before there was any snapshot can be started again. */
static void
finish (PlugRbWelcome *self, PlugRbSweep *sweep)
{
  gboolean stopped = g_cancellable_is_cancelled (self->cancellable);

  set_sweep (self, NULL);
  if (!stopped || sweep->created->len > 0)
    g_settings_set_boolean (self->settings, "welcome-done", TRUE);
  update (self);
  if (self->toasts != NULL)
    plug_rb_sweeping_say_protected (self->toasts, sweep);
}

static void
swept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbWelcome) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSweep) sweep =
      plug_rb_manager_create_snapshots_finish (PLUG_RB_MANAGER (source), result, &error);

  /* The window may have been closed meanwhile. */
  if (self->manager == NULL)
    return;

  if (sweep != NULL) {
    finish (self, sweep);
    return;
  }

  set_sweep (self, NULL);
  update (self);
  plug_rb_toasts_show_failure (self->toasts, PLUG_RB_TOAST_SNAPSHOT,
                               g_strdup (_("Could not take snapshots")), error);
}

static GPtrArray *
list_chosen (PlugRbWelcome *self)
{
  GPtrArray *plugins = plug_rb_sweeping_list (self->manager);

  for (guint i = plugins->len; i > 0; i--) {
    PlugRbHost *host = plug_rb_plugin_get_host (plugins->pdata[i - 1]);

    if (!is_switched_on (self, plug_rb_host_get_id (host)))
      g_ptr_array_remove_index (plugins, i - 1);
  }

  return plugins;
}

static void
protect_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWelcome *self = PLUG_RB_WELCOME (widget);
  g_autoptr(GPtrArray) plugins = list_chosen (self);

  if (plugins->len == 0 || self->sweep != NULL)
    return;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_widget_action_set_enabled (widget, "welcome.cancel", TRUE);
  set_sweep (self, plug_rb_manager_create_snapshots_async (
                       self->manager, plugins, PLUG_RB_REASON_BASELINE, self->cancellable, swept_cb,
                       g_object_ref (self)));
  show_progress (self);
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_action_set_enabled (widget, "welcome.cancel", FALSE);
  g_cancellable_cancel (PLUG_RB_WELCOME (widget)->cancellable);
}

static void
not_now_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbWelcome *self = PLUG_RB_WELCOME (widget);

  g_settings_set_boolean (self->settings, "welcome-done", TRUE);
  update (self);
}

/* ---- object */

static void
set_manager (PlugRbWelcome *self, PlugRbManager *manager)
{
  if (!g_set_object (&self->manager, manager) || manager == NULL)
    return;

  g_signal_connect_object (manager, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (plug_rb_manager_get_plugins (manager), "items-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (plug_rb_manager_get_snapshots (manager), "items-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
plug_rb_welcome_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (plug_rb_welcome_parent_class)->map (widget);

  gtk_widget_grab_focus (PLUG_RB_WELCOME (widget)->protect_button);
}

static void
plug_rb_welcome_dispose (GObject *object)
{
  PlugRbWelcome *self = PLUG_RB_WELCOME (object);

  g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_WELCOME);
  g_clear_pointer (&self->sizes, g_hash_table_unref);
  g_clear_pointer (&self->sweep, plug_rb_sweep_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->toasts);
  g_clear_object (&self->manager);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (plug_rb_welcome_parent_class)->dispose (object);
}

static void
plug_rb_welcome_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbWelcome *self = PLUG_RB_WELCOME (object);

  switch ((PlugRbWelcomeProperty) prop_id) {
  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_RUNNING:
    g_value_set_boolean (value, self->sweep != NULL);
    break;

  case PROP_WANTED:
    g_value_set_boolean (value, self->wanted);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_welcome_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  PlugRbWelcome *self = PLUG_RB_WELCOME (object);

  switch ((PlugRbWelcomeProperty) prop_id) {
  case PROP_MANAGER:
    set_manager (self, g_value_get_object (value));
    break;

  case PROP_RUNNING:
  case PROP_WANTED:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, seen);
  properties[PROP_WANTED] = g_param_spec_boolean ("wanted", NULL, NULL, FALSE, seen);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_welcome_class_init (PlugRbWelcomeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_welcome_dispose;
  object_class->get_property = plug_rb_welcome_get_property;
  object_class->set_property = plug_rb_welcome_set_property;
  widget_class->map = plug_rb_welcome_map;
  install_properties (object_class);

  gtk_widget_class_install_action (widget_class, "welcome.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "welcome.not-now", NULL, not_now_action);
  gtk_widget_class_install_action (widget_class, "welcome.protect", NULL, protect_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, install_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, page);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, progress);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, protect_button);
  gtk_widget_class_bind_template_child (widget_class, PlugRbWelcome, searching_row);
}

static void
plug_rb_welcome_init (PlugRbWelcome *self)
{
  self->settings = g_settings_new ("io.github.plugrb.PluginRollback.State");
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Where it is said how it ended. */
void
plug_rb_welcome_set_toasts (PlugRbWelcome *self, PlugRbToasts *toasts)
{
  g_return_if_fail (PLUG_RB_IS_WELCOME (self));

  g_set_object (&self->toasts, toasts);
}

/* Whoever asks for one plugin is not held up. */
void
plug_rb_welcome_skip (PlugRbWelcome *self)
{
  g_return_if_fail (PLUG_RB_IS_WELCOME (self));

  self->skipped = TRUE;
  update (self);
}
