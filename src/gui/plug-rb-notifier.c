/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-notifier.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

struct _PlugRbNotifier {
  GObject parent_instance;

  GApplication *application; /* borrowed: it has this */
  PlugRbManager *manager;
  GDateTime *since;    /* what ended before is nobody's news */
  GHashTable *watched; /* ids of operations */
  GPtrArray *broken;   /* plugins that have just begun to fail */
  guint idle_id;
};

G_DEFINE_FINAL_TYPE (PlugRbNotifier, plug_rb_notifier, G_TYPE_OBJECT)

static gboolean
is_user_here (PlugRbNotifier *self)
{
  GList *windows = GTK_IS_APPLICATION (self->application)
                       ? gtk_application_get_windows (GTK_APPLICATION (self->application))
                       : NULL;

  for (GList *window = windows; window != NULL; window = window->next)
    if (gtk_window_is_active (window->data))
      return TRUE;

  return FALSE;
}

/* ---- what an operation is about */

static PlugRbPlugin *
find_plugin (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_auto(GStrv) keys = plug_rb_operation_dup_plugins (operation);

  return keys != NULL && keys[0] != NULL ? plug_rb_manager_find_plugin (self->manager, keys[0])
                                         : NULL;
}

static char *
dup_name (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_auto(GStrv) keys = plug_rb_operation_dup_plugins (operation);
  PlugRbPlugin *plugin = find_plugin (self, operation);

  if (plugin != NULL)
    return plug_rb_wording_isolate (plug_rb_plugin_get_name (plugin));

  return plug_rb_wording_isolate (keys != NULL && keys[0] != NULL ? keys[0] : "");
}

static gboolean
is_about_many (PlugRbOperation *operation)
{
  g_auto(GStrv) keys = plug_rb_operation_dup_plugins (operation);

  return keys != NULL && g_strv_length (keys) > 1;
}

static const char *
get_host_name (PlugRbNotifier *self, PlugRbOperation *operation)
{
  PlugRbPlugin *plugin = find_plugin (self, operation);
  PlugRbHost *host = plugin != NULL ? plug_rb_plugin_get_host (plugin) : NULL;

  return host != NULL ? plug_rb_host_get_name (host) : NULL;
}

/* ---- notifications */

static GNotification *
create (PlugRbOperation *operation, const char *title, const char *body)
{
  GNotification *notification = g_notification_new (title);
  const char *id = plug_rb_operation_get_id (operation);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-activity", "s", id);
  if (plug_rb_operation_get_can_undo (operation))
    g_notification_add_button_with_target (notification, _("Undo"), "app.undo-operation", "s", id);
  g_notification_add_button_with_target (notification, _("Show"), "app.open-activity", "s", id);

  return notification;
}

static GNotification *
create_of_snapshot (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_autofree char *name = dup_name (self, operation);
  const char *error = plug_rb_operation_get_error (operation);
  /* TRANSLATORS: the name of a plugin, then why no snapshot of it could be taken */
  g_autofree char *body = g_strdup_printf (_("%s: %s"), name, error != NULL ? error : "");

  return create (operation, _("Snapshot Could Not Be Taken"), body);
}

/* An installation whose plugin did not work was taken back by the policy. */
static GNotification *
create_of_taken_back (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_autofree char *name = dup_name (self, operation);
  /* TRANSLATORS: %s is the name of a plugin */
  g_autofree char *title = g_strdup_printf (_("%s Was Rolled Back"), name);

  return create (operation, title, plug_rb_operation_get_error (operation));
}

/* What waits for the user is not as it was. */
static GNotification *
create_of_rollback (PlugRbNotifier *self, PlugRbOperation *operation)
{
  const char *error = plug_rb_operation_get_error (operation);
  g_autofree char *name = dup_name (self, operation);
  g_autofree char *body = NULL;

  if (plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_NEEDS_USER && error != NULL)
    body = g_strdup (error);
  else if (is_about_many (operation))
    body = g_strdup (_("Nothing was changed."));
  else
    /* TRANSLATORS: %s is the name of a plugin */
    body = g_strdup_printf (_("%s is unchanged."), name);

  return create (operation, _("Rolling Back Failed"), body);
}

static gboolean
was_unhealthy (PlugRbOperation *operation)
{
  g_autofree char *code = NULL;

  g_object_get (operation, "error-code", &code, NULL);
  return g_strcmp0 (code, "unhealthy") == 0;
}

static GNotification *
create_of_failure (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_autofree char *title = NULL;

  if (was_unhealthy (operation))
    return create_of_taken_back (self, operation);

  switch (plug_rb_operation_get_kind (operation)) {
  case PLUG_RB_KIND_SNAPSHOT:
    return create_of_snapshot (self, operation);
  case PLUG_RB_KIND_ROLLBACK:
  case PLUG_RB_KIND_UNDO:
    return create_of_rollback (self, operation);
  case PLUG_RB_KIND_INSTALL:
  case PLUG_RB_KIND_UNINSTALL:
  default:
    title = plug_rb_operation_dup_title (operation);
    return create (operation, title, plug_rb_operation_get_error (operation));
  }
}

static char *
dup_rolled_back_body (PlugRbNotifier *self, PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  const PlugRbOperationChange *change = changes->len == 1 ? changes->pdata[0] : NULL;
  const char *host = get_host_name (self, operation);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (change == NULL || change->from_version == NULL || change->to_version == NULL || host == NULL)
    return plug_rb_operation_dup_title (operation);

  from = plug_rb_wording_isolate (change->from_version);
  to = plug_rb_wording_isolate (change->to_version);
  /* TRANSLATORS: a version, a program, and the version that works again */
  return g_strdup_printf (_("Version %s failed in %s. Version %s is back."), from, host, to);
}

static GNotification *
create_of_automatic (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_autofree char *name = dup_name (self, operation);
  /* TRANSLATORS: %s is the name of a plugin */
  g_autofree char *title = g_strdup_printf (_("%s Was Rolled Back"), name);
  g_autofree char *body = dup_rolled_back_body (self, operation);

  return create (operation, title, body);
}

/* Nothing is said of what the user asked for and got, unless something is left to do. */
static GNotification *
create_of_hint (PlugRbNotifier *self, PlugRbOperation *operation)
{
  PlugRbPlugin *plugin = find_plugin (self, operation);
  PlugRbHost *host = plugin != NULL ? plug_rb_plugin_get_host (plugin) : NULL;
  const char *hint = host != NULL ? plug_rb_host_get_reload_hint (host) : NULL;
  g_autofree char *title = NULL;

  if (hint == NULL || !g_strv_contains (plug_rb_operation_get_hints (operation), hint))
    return NULL;

  title = plug_rb_host_get_needs_login (host)
              ? g_strdup (_("Log Out to Finish"))
              /* TRANSLATORS: %s is a program */
              : g_strdup_printf (_("Restart %s to Finish"), plug_rb_host_get_name (host));
  return create (operation, title, hint);
}

static GNotification *
create_of_operation (PlugRbNotifier *self, PlugRbOperation *operation)
{
  switch (plug_rb_operation_get_status (operation)) {
  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    return create_of_failure (self, operation);
  case PLUG_RB_STATUS_COMPLETED:
    return plug_rb_operation_get_automatic (operation) &&
                   plug_rb_operation_get_kind (operation) == PLUG_RB_KIND_ROLLBACK
               ? create_of_automatic (self, operation)
               : create_of_hint (self, operation);
  case PLUG_RB_STATUS_CANCELED:
  case PLUG_RB_STATUS_UNDONE:
  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
  default:
    return NULL;
  }
}

/* What cannot be read any more has its name in its snapshots. */
static char *
dup_name_of (PlugRbPlugin *plugin)
{
  PlugRbSnapshot *good = plug_rb_plugin_get_latest_good (plugin);
  const char *name = good != NULL ? plug_rb_snapshot_get_name (good) : NULL;

  return plug_rb_wording_isolate (name != NULL ? name : plug_rb_plugin_get_name (plugin));
}

static GNotification *
create_of_broken (PlugRbPlugin *plugin)
{
  g_autofree char *name = dup_name_of (plugin);
  const char *key = plug_rb_plugin_get_key (plugin);
  gboolean can_roll_back = plug_rb_plugin_get_latest_good (plugin) != NULL;
  g_autofree char *message = NULL;
  /* TRANSLATORS: %s is the name of a plugin */
  g_autofree char *title =
      g_strdup_printf (can_roll_back ? _("%s Failed After Update") : _("%s Fails"), name);
  g_autoptr(GNotification) notification = g_notification_new (title);

  g_object_get (plugin, "health-message", &message, NULL);
  g_notification_set_body (notification, message);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.open-plugin", "s", key);
  if (can_roll_back)
    g_notification_add_button_with_target (notification, _("Roll Back"), "app.roll-back-latest",
                                           "s", key);
  g_notification_add_button_with_target (notification, _("Show"), "app.open-plugin", "s", key);

  return g_steal_pointer (&notification);
}

/* ---- when they come and go */

static void
tell (PlugRbNotifier *self, PlugRbOperation *operation)
{
  g_autofree char *id = g_strconcat ("op-", plug_rb_operation_get_id (operation), NULL);
  g_autoptr(GNotification) notification =
      is_user_here (self) ? NULL : create_of_operation (self, operation);

  if (notification != NULL)
    g_application_send_notification (self->application, id, notification);
}

static void
status_changed_cb (PlugRbNotifier *self, GParamSpec *pspec, PlugRbOperation *operation)
{
  if (plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_UNDONE)
    plug_rb_notifier_withdraw_operation (self->application, plug_rb_operation_get_id (operation));
  else if (plug_rb_operation_is_finished (operation))
    tell (self, operation);
}

/* What is read of the disk knows no less than seconds. */
static gboolean
is_news (PlugRbNotifier *self, PlugRbOperation *operation)
{
  GDateTime *finished = plug_rb_operation_get_finished (operation);

  return finished == NULL || g_date_time_to_unix (finished) >= g_date_time_to_unix (self->since);
}

/* One that ended at once, or in another process, is told of when it comes to the list. */
static void
watch_operation (PlugRbNotifier *self, PlugRbOperation *operation, gboolean is_new)
{
  if (!is_news (self, operation) ||
      !g_hash_table_add (self->watched, g_strdup (plug_rb_operation_get_id (operation))))
    return;

  g_signal_connect_object (operation, "notify::status", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (is_new && plug_rb_operation_is_finished (operation))
    tell (self, operation);
}

static void
watch_known (PlugRbNotifier *self, GListModel *operations)
{
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, i);

    watch_operation (self, operation, FALSE);
  }
}

static void
operations_changed_cb (
    PlugRbNotifier *self, guint position, guint removed, guint added, GListModel *operations)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, i);

    watch_operation (self, operation, TRUE);
  }
}

static void
tell_broken_cb (gpointer user_data)
{
  PlugRbNotifier *self = user_data;

  self->idle_id = 0;
  for (guint i = 0; i < self->broken->len; i++) {
    PlugRbPlugin *plugin = self->broken->pdata[i];
    g_autofree char *id = g_strconcat ("broken-", plug_rb_plugin_get_key (plugin), NULL);
    g_autoptr(GNotification) notification = NULL;

    if (plug_rb_plugin_get_health (plugin) != PLUG_RB_HEALTH_BAD || is_user_here (self))
      continue;
    notification = create_of_broken (plugin);
    g_application_send_notification (self->application, id, notification);
  }
  g_ptr_array_set_size (self->broken, 0);
}

/* Not before all else is known of it: what it can be rolled back to. */
static void
health_changed_cb (PlugRbNotifier *self, GParamSpec *pspec, PlugRbPlugin *plugin)
{
  if (plug_rb_plugin_get_health (plugin) != PLUG_RB_HEALTH_BAD) {
    plug_rb_notifier_withdraw_plugin (self->application, plug_rb_plugin_get_key (plugin));
    return;
  }

  g_ptr_array_add (self->broken, g_object_ref (plugin));
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_once (tell_broken_cb, self);
}

static void
plugins_changed_cb (
    PlugRbNotifier *self, guint position, guint removed, guint added, GListModel *plugins)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    /* One that only moved in the list is watched already. */
    g_signal_handlers_disconnect_by_func (plugin, health_changed_cb, self);
    g_signal_connect_object (plugin, "notify::health", G_CALLBACK (health_changed_cb), self,
                             G_CONNECT_SWAPPED);
  }
}

static void
plug_rb_notifier_finalize (GObject *object)
{
  PlugRbNotifier *self = PLUG_RB_NOTIFIER (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_ptr_array_unref (self->broken);
  g_clear_object (&self->manager);
  g_date_time_unref (self->since);
  g_hash_table_unref (self->watched);

  G_OBJECT_CLASS (plug_rb_notifier_parent_class)->finalize (object);
}

static void
plug_rb_notifier_class_init (PlugRbNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_notifier_finalize;
}

static void
plug_rb_notifier_init (PlugRbNotifier *self)
{
  self->since = g_date_time_new_now_utc ();
  self->broken = g_ptr_array_new_with_free_func (g_object_unref);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PlugRbNotifier *
plug_rb_notifier_new (GApplication *application, PlugRbManager *manager)
{
  PlugRbNotifier *self = g_object_new (PLUG_RB_TYPE_NOTIFIER, NULL);
  GListModel *operations = plug_rb_manager_get_operations (manager);
  GListModel *plugins = plug_rb_manager_get_plugins (manager);

  self->application = application;
  self->manager = g_object_ref (manager);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (operations_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (plugins, "items-changed", G_CALLBACK (plugins_changed_cb), self,
                           G_CONNECT_SWAPPED);
  watch_known (self, operations);
  plugins_changed_cb (self, 0, 0, g_list_model_get_n_items (plugins), plugins);

  return self;
}

/* The user has opened what it was about, or it is no longer true. */
void
plug_rb_notifier_withdraw_operation (GApplication *application, const char *id)
{
  g_autofree char *name = g_strconcat ("op-", id, NULL);

  g_application_withdraw_notification (application, name);
}

void
plug_rb_notifier_withdraw_plugin (GApplication *application, const char *key)
{
  g_autofree char *name = g_strconcat ("broken-", key, NULL);

  g_application_withdraw_notification (application, name);
}
