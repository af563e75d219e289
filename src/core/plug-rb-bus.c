/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-bus.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"

#define ADDRESS_VARIABLE "DBUS_SESSION_BUS_ADDRESS"
#define LOOK_TIMEOUT_MS 500
#define START_TIMEOUT_MS 10000

/* Prints the address and then waits for the end of its input, which comes when this process ends,
 * in whatever way. (PR_SET_PDEATHSIG would end the bus together with the thread that started it.)
 */
#define PRIVATE_BUS                                                                                \
  "dbus-daemon --session --nofork --print-address 2>/dev/null & exec >&-; read -r _; kill $!"

/**
 * plug_rb_bus_is_there:
 *
 * Returns: whether this session has an address of a bus; the bus need not answer
 */
gboolean
plug_rb_bus_is_there (void)
{
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);
  const char *address = g_getenv (ADDRESS_VARIABLE);

  return (address != NULL && *address != '\0') || g_file_test (socket, G_FILE_TEST_EXISTS);
}

static GDBusConnection *
connect_session (GError **error)
{
  GDBusConnection *connection;

  if (!plug_rb_bus_is_there ()) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
                         _("There is no session bus"));
    return NULL;
  }

  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);

  /* A bus that goes away must not end this process in the middle of a rollback. */
  if (connection != NULL)
    g_dbus_connection_set_exit_on_close (connection, FALSE);

  return connection;
}

static GVariant *
call_bus (GDBusConnection *connection,
          const char *method,
          GVariant *parameters,
          const char *reply,
          int timeout,
          GError **error)
{
  return g_dbus_connection_call_sync (
      connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
      parameters, G_VARIANT_TYPE (reply), G_DBUS_CALL_FLAGS_NONE, timeout, NULL, error);
}

/**
 * plug_rb_bus_has_owner:
 * @name: a well-known name
 *
 * Returns: whether some program owns the name on the session bus; %FALSE if there is no bus
 */
gboolean
plug_rb_bus_has_owner (const char *name)
{
  g_autoptr(GDBusConnection) connection = connect_session (NULL);
  g_autoptr(GVariant) reply = NULL;
  gboolean has_owner = FALSE;

  g_return_val_if_fail (g_dbus_is_name (name), FALSE);

  if (connection != NULL)
    reply = call_bus (connection, "NameHasOwner", g_variant_new ("(s)", name), "(b)",
                      LOOK_TIMEOUT_MS, NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);

  return has_owner;
}

/**
 * plug_rb_bus_call:
 * @arguments: (transfer floating): a tuple
 * @timeout: milliseconds to wait for the answer
 *
 * Calls a method of a program that runs already.
 *
 * Returns: (transfer full): the answer, a tuple
 */
GVariant *
plug_rb_bus_call (const char *name,
                  const char *path,
                  const char *interface,
                  const char *method,
                  GVariant *arguments,
                  int timeout,
                  GError **error)
{
  g_autoptr(GVariant) sunk = g_variant_ref_sink (arguments);
  g_autoptr(GDBusConnection) connection = connect_session (error);
  GVariant *reply;

  if (connection == NULL)
    return NULL;

  reply = g_dbus_connection_call_sync (connection, name, path, interface, method, sunk, NULL,
                                       G_DBUS_CALL_FLAGS_NO_AUTO_START, timeout, NULL, error);
  if (reply == NULL && error != NULL)
    g_dbus_error_strip_remote_error (*error);

  return reply;
}

static gboolean
start_private (GError **error)
{
  /* Never freed: the bus lives as long as its input is open. */
  static GSubprocess *bus;
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *address = NULL;

  g_clear_object (&bus);
  bus = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error,
                          "sh", "-c", PRIVATE_BUS, NULL);
  if (bus == NULL)
    return FALSE;

  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  address = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  if (address == NULL) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
                         _("There is no session bus and none can be started"));
    return FALSE;
  }

  g_setenv (ADDRESS_VARIABLE, address, TRUE);
  return TRUE;
}

/**
 * plug_rb_bus_ensure:
 *
 * Makes sure that a session bus answers: the one of this session or, where there is none, a private
 * one that ends with this process. In the latter case the environment of this process is changed.
 */
gboolean
plug_rb_bus_ensure (GError **error)
{
  static GMutex mutex;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autoptr(GDBusConnection) connection = connect_session (NULL);

  if (connection != NULL && !g_dbus_connection_is_closed (connection))
    return TRUE;

  if (!start_private (error))
    return FALSE;

  g_clear_object (&connection);
  connection = connect_session (error);

  return connection != NULL;
}

/**
 * plug_rb_bus_start_service:
 * @name: a well-known name
 *
 * Has the bus start the program that owns a name, unless it runs already.
 */
gboolean
plug_rb_bus_start_service (const char *name, GError **error)
{
  g_autoptr(GDBusConnection) connection = connect_session (error);
  g_autoptr(GVariant) reply = NULL;

  if (connection == NULL)
    return FALSE;

  reply = call_bus (connection, "StartServiceByName", g_variant_new ("(su)", name, 0), "(u)",
                    START_TIMEOUT_MS, error);
  if (reply == NULL && error != NULL)
    g_dbus_error_strip_remote_error (*error);

  return reply != NULL;
}
