/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What the desktop is asked to show while no window is active, and to take away again. The desktop
 * is the test: it has the name of the service on the bus. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-notifier.h"
#include "plug-rb-operation.h"

static const char introspection[] =
    "<node><interface name='org.gtk.Notifications'>"
    "<method name='AddNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/></method>"
    "<method name='RemoveNotification'><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/></method>"
    "</interface></node>";

static const PlugRbOperationChange sample_change = {
  .plugin = (char *) SAMPLE_KEY,
  .name = (char *) "Sample",
  .from_version = (char *) "2",
  .to_version = (char *) "1",
  .target = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  .safety_snapshot = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c073990",
  .after_table = (char *) "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

typedef struct {
  GuiFixture gui;
  GDBusConnection *desktop;
  GApplication *application; /* borrowed */
  PlugRbNotifier *notifier;
  GHashTable *shown; /* GVariants by id */
} Fixture;

/* ---- the desktop */

static void
method_call_cb (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *id;

  g_variant_get_child (parameters, 1, "&s", &id);
  if (g_str_equal (method, "AddNotification"))
    g_hash_table_insert (fixture->shown, g_strdup (id), g_variant_get_child_value (parameters, 2));
  else
    g_hash_table_remove (fixture->shown, id);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
start_desktop (Fixture *fixture)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  fixture->desktop =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (fixture->desktop, "/org/gtk/Notifications",
                                     node->interfaces[0], &vtable, fixture, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (
      fixture->desktop, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.gtk.Notifications", 4u), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

/* One for all tests, as there is one in a process. */
static GApplication *
get_application (void)
{
  static GtkApplication *application;
  g_autoptr(GError) error = NULL;

  if (application == NULL) {
    application =
        gtk_application_new ("io.github.plugrb.PluginRollback.Test", G_APPLICATION_NON_UNIQUE);
    g_application_register (G_APPLICATION (application), NULL, &error);
    g_assert_no_error (error);
  }

  return G_APPLICATION (application);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gui_set_up (&fixture->gui, NULL);
  fixture->shown =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  start_desktop (fixture);
  fixture->application = get_application ();
  fixture->notifier = plug_rb_notifier_new (fixture->application, fixture->gui.manager);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->notifier);
  g_dbus_connection_close_sync (fixture->desktop, NULL, NULL);
  g_clear_object (&fixture->desktop);
  g_clear_pointer (&fixture->shown, g_hash_table_unref);
  gui_tear_down (&fixture->gui, NULL);
}

static gboolean
has_one (gpointer shown)
{
  return g_hash_table_size (shown) == 1;
}

static gboolean
has_none (gpointer shown)
{
  return g_hash_table_size (shown) == 0;
}

static void
assert_string (GVariant *notification, const char *key, const char *expected)
{
  const char *value = NULL;

  g_variant_lookup (notification, key, "&s", &value);
  g_assert_cmpstr (value, ==, expected);
}

/* “Undo app.undo-operation, Show app.open-activity” */
static char *
dup_buttons (GVariant *notification)
{
  g_autoptr(GVariant) buttons =
      g_variant_lookup_value (notification, "buttons", G_VARIANT_TYPE ("aa{sv}"));
  GString *text = g_string_new (NULL);

  for (gsize i = 0; buttons != NULL && i < g_variant_n_children (buttons); i++) {
    g_autoptr(GVariant) button = g_variant_get_child_value (buttons, i);
    const char *label = NULL;
    const char *action = NULL;

    g_variant_lookup (button, "label", "&s", &label);
    g_variant_lookup (button, "action", "&s", &action);
    g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", label, action);
  }

  return g_string_free_and_steal (text);
}

static void
assert_shown (
    Fixture *fixture, const char *id, const char *title, const char *body, const char *buttons)
{
  GVariant *notification;
  g_autofree char *shown_buttons = NULL;

  gui_wait (has_one, fixture->shown);
  notification = g_hash_table_lookup (fixture->shown, id);
  g_assert_nonnull (notification);
  assert_string (notification, "title", title);
  assert_string (notification, "body", body);
  shown_buttons = dup_buttons (notification);
  g_assert_cmpstr (shown_buttons, ==, buttons);
}

/* ---- operations */

static PlugRbOperation *
start (Fixture *fixture, PlugRbKind kind)
{
  PlugRbOperation *operation = plug_rb_operation_new (kind);

  plug_rb_operation_add_plugin (operation, SAMPLE_KEY, "Sample");
  g_list_store_insert (G_LIST_STORE (plug_rb_manager_get_operations (fixture->gui.manager)), 0,
                       operation);

  return operation;
}

static void
finish (PlugRbOperation *operation, PlugRbStatus status, const char *message)
{
  g_autoptr(GError) error =
      message ? g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, message) : NULL;

  plug_rb_operation_finish (operation, status, error);
}

static char *
dup_id (PlugRbOperation *operation)
{
  return g_strconcat ("op-", plug_rb_operation_get_id (operation), NULL);
}

static void
test_snapshot_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_SNAPSHOT);
  g_autofree char *id = dup_id (operation);

  finish (operation, PLUG_RB_STATUS_FAILED, "The disk is full");
  assert_shown (fixture, id, "Snapshot Could Not Be Taken", "Sample: The disk is full",
                "Show app.open-activity");
  plug_rb_notifier_withdraw_operation (fixture->application, plug_rb_operation_get_id (operation));
  gui_wait (has_none, fixture->shown);
}

static void
test_rollback_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_ROLLBACK);
  g_autofree char *id = dup_id (operation);

  finish (operation, PLUG_RB_STATUS_FAILED, "The disk is full");
  assert_shown (fixture, id, "Rolling Back Failed", "Sample is unchanged.",
                "Show app.open-activity");
}

/* What is not finished is not said to be unchanged. */
static void
test_needs_user (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_ROLLBACK);
  g_autofree char *id = dup_id (operation);

  finish (operation, PLUG_RB_STATUS_NEEDS_USER, "The disk is full");
  assert_shown (fixture, id, "Rolling Back Failed", "The disk is full", "Show app.open-activity");
}

static void
test_install_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_INSTALL);
  g_autofree char *id = dup_id (operation);

  finish (operation, PLUG_RB_STATUS_FAILED, "The disk is full");
  assert_shown (fixture, id, "Could not install Sample", "The disk is full",
                "Show app.open-activity");
}

/* What the policy took back is not what went wrong. */
static void
test_taken_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_INSTALL);
  g_autofree char *id = dup_id (operation);
  g_autoptr(GError) error =
      g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_UNHEALTHY, "It does not work");

  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);
  assert_shown (fixture, id, "Sample Was Rolled Back", "It does not work",
                "Show app.open-activity");
}

/* Done by another process, without being asked; gone when the user undoes it. */
static void
test_automatic (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(PlugRbOperation) seen = NULL;
  g_autofree char *id = dup_id (operation);
  g_autoptr(GError) error = NULL;

  plug_rb_operation_add_change (operation, &sample_change);
  finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  json = plug_rb_operation_to_json (operation);
  json_object_set_boolean_member (json, "automatic", TRUE);
  seen = plug_rb_operation_new_from_json (json, &error);
  g_assert_no_error (error);
  g_list_store_insert (G_LIST_STORE (plug_rb_manager_get_operations (fixture->gui.manager)), 0,
                       seen);
  assert_shown (fixture, id, "Sample Was Rolled Back",
                "Version 2 failed in GNOME Shell. Version 1 is back.",
                "Undo app.undo-operation, Show app.open-activity");

  plug_rb_operation_set_status (seen, PLUG_RB_STATUS_UNDONE);
  gui_wait (has_none, fixture->shown);
}

static void
test_hint (Fixture *fixture, gconstpointer data)
{
  static const char hint[] = "Log out and in again, so that GNOME Shell loads the plugin as it is "
                             "now";
  g_autoptr(PlugRbOperation) operation = start (fixture, PLUG_RB_KIND_UNDO);
  g_autofree char *id = dup_id (operation);

  plug_rb_operation_add_hint (operation, hint);
  finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  assert_shown (fixture, id, "Log Out to Finish", hint, "Show app.open-activity");
}

/* Whatever was asked for and done is no news; neither is what was done before. */
static void
test_no_news (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) done = start (fixture, PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbOperation) canceled = start (fixture, PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbOperation) failed = start (fixture, PLUG_RB_KIND_ROLLBACK);

  finish (done, PLUG_RB_STATUS_COMPLETED, NULL);
  finish (canceled, PLUG_RB_STATUS_CANCELED, "Canceled");
  finish (failed, PLUG_RB_STATUS_FAILED, "The disk is full");
  gui_wait (has_one, fixture->shown);
  g_hash_table_remove_all (fixture->shown);

  g_clear_object (&fixture->notifier);
  fixture->notifier = plug_rb_notifier_new (fixture->application, fixture->gui.manager);
  gui_settle ();
  g_dbus_connection_flush_sync (fixture->desktop, NULL, NULL);
  g_assert_cmpuint (g_hash_table_size (fixture->shown), ==, 0);
}

static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

static void
test_active_window (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) silent = NULL;
  g_autoptr(PlugRbOperation) told = NULL;
  g_autofree char *id = NULL;

  if (!gui_has_keyboard ()) {
    g_test_skip ("no window is ever active");
    return;
  }

  gtk_window_set_application (GTK_WINDOW (fixture->gui.window),
                              GTK_APPLICATION (fixture->application));
  gui_wait (is_active, fixture->gui.window);
  silent = start (fixture, PLUG_RB_KIND_ROLLBACK);
  finish (silent, PLUG_RB_STATUS_FAILED, "The disk is full");
  gui_settle ();

  gtk_window_set_application (GTK_WINDOW (fixture->gui.window), NULL);
  told = start (fixture, PLUG_RB_KIND_ROLLBACK);
  id = dup_id (told);
  finish (told, PLUG_RB_STATUS_FAILED, "The disk is full");
  assert_shown (fixture, id, "Rolling Back Failed", "Sample is unchanged.",
                "Show app.open-activity");
}

/* ---- plugins */

static void
run (const char *script)
{
  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
}

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 1 && !plug_rb_plugin_get_busy (plugin);
}

/* An update that cannot even be read, and what it was before. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  gui_activate (fixture->gui.window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (&fixture->gui));
  run ("cd \"$XDG_DATA_HOME\"/gnome-shell/extensions/sample@example.org && "
       "cp metadata.json ../old.json && echo '{' > metadata.json");
  gui_refresh (&fixture->gui);
  gui_wait (has_one, fixture->shown);
  g_assert_true (g_hash_table_contains (fixture->shown, "broken-" SAMPLE_KEY));
  assert_string (g_hash_table_lookup (fixture->shown, "broken-" SAMPLE_KEY), "title",
                 "Sample Failed After Update");
  assert_string (g_hash_table_lookup (fixture->shown, "broken-" SAMPLE_KEY), "priority", "high");

  run ("cd \"$XDG_DATA_HOME\"/gnome-shell/extensions/sample@example.org && "
       "mv ../old.json metadata.json");
  gui_refresh (&fixture->gui);
  gui_wait (has_none, fixture->shown);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_tests (void)
{
  add ("/notifications/snapshot-failed", test_snapshot_failed);
  add ("/notifications/rollback-failed", test_rollback_failed);
  add ("/notifications/needs-user", test_needs_user);
  add ("/notifications/install-failed", test_install_failed);
  add ("/notifications/taken-back", test_taken_back);
  add ("/notifications/automatic", test_automatic);
  add ("/notifications/hint", test_hint);
  add ("/notifications/no-news", test_no_news);
  add ("/notifications/active-window", test_active_window);
  add ("/notifications/broken", test_broken);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
