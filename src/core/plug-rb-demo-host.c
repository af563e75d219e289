/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-host.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-demo-plugin.h"

#define NAME "io.github.plugrb.DemoProgram"
#define PATH "/io/github/plugrb/DemoProgram"

static const char description[] =
    "[Host]\n"
    "Id=" PLUG_RB_DEMO_HOST "\n"
    "Name=Demo Program\n"
    "Icon=application-x-addon-symbolic\n"
    "Detect=path:${DATA}/demo/plugins\n"
    "HostVersion=dbus-property session " NAME " " PATH " " NAME " Version\n"
    "[Root user]\n"
    "Path=${DATA}/demo/plugins\n"
    "Layout=dir\n"
    "[Manifest]\n"
    "File=plugin.json\n"
    "Format=json\n"
    "IdFrom=dirname\n"
    "Id=/id\n"
    "Name=/name\n"
    "Version=/version\n"
    "HostVersions=/program\n"
    "HostRule=min\n"
    "Depends=/needs\n"
    "[State enabled]\n"
    "Role=enabled\n"
    "Backend=keyfile-list\n"
    "File=${CONFIG}/demo/settings.ini\n"
    "Group=Plugins\n"
    "Key=enabled\n"
    "Entry={id}\n"
    "[Data settings]\n"
    "Backend=keyfile-group\n"
    "File=${CONFIG}/demo/settings.ini\n"
    "Group={id}\n"
    "[Health state]\n"
    "Probe=dbus-call session " NAME " " PATH " " NAME " Load s:{id}\n"
    "Select=/state\n"
    "Version=/version\n"
    "Message=/message\n"
    "Ok=works\n"
    "Bad=fails\n"
    "[Reload]\n"
    "Method=none\n";

/**
 * plug_rb_demo_host_write_description:
 * @folder: where descriptions are looked for
 */
gboolean
plug_rb_demo_host_write_description (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, PLUG_RB_DEMO_HOST ".host", NULL);

  return g_file_set_contents (path, description, -1, error);
}

/* ---- loading a plugin */

typedef struct {
  char *plugins;
  char *settings;
  char *address;
  GDBusServer *server;
  GError *error;
  GMutex lock;
  GCond started;
  gboolean is_started;
} Program;

static gboolean
change_setting (Program *self, const char *id, const char *rest, char **message)
{
  g_auto(GStrv) words = g_strsplit (rest, " ", 2);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;

  if (words[0] == NULL || words[1] == NULL) {
    *message = g_strdup ("“set” needs a name and a value");
    return FALSE;
  }

  g_key_file_load_from_file (file, self->settings, G_KEY_FILE_KEEP_COMMENTS, NULL);
  text = g_key_file_get_value (file, id, words[0], NULL);
  if (g_strcmp0 (text, words[1]) == 0)
    return TRUE;

  g_key_file_set_value (file, id, words[0], words[1]);
  return g_key_file_save_to_file (file, self->settings, NULL);
}

/* What the program understands: "say TEXT" and "set NAME VALUE". */
static gboolean
obey (Program *self, const char *id, const char *line, char **message)
{
  if (*line == '\0' || g_str_has_prefix (line, "say "))
    return TRUE;
  if (g_str_has_prefix (line, "set "))
    return change_setting (self, id, line + strlen ("set "), message);

  *message = g_strdup_printf (_("“%s” is not a command of version %s"), line,
                              PLUG_RB_DEMO_PROGRAM_VERSION);
  return FALSE;
}

static gboolean
run_script (Program *self, const char *id, const char *folder, char **message)
{
  g_autofree char *path = g_build_filename (folder, "main.script", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL)) {
    *message = g_strdup_printf (_("“%s” is missing"), "main.script");
    return FALSE;
  }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!obey (self, id, lines[i], message))
      return FALSE;

  return TRUE;
}

static char *
read_version (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "plugin.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!g_file_get_contents (path, &text, NULL, NULL) ||
      !json_parser_load_from_data (parser, text, -1, NULL) ||
      !(root = json_parser_get_root (parser)) || !JSON_NODE_HOLDS_OBJECT (root))
    return g_strdup ("");

  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (root), "version", ""));
}

static GVariant *
load (Program *self, const char *id)
{
  g_autofree char *folder = g_build_filename (self->plugins, id, NULL);
  g_autofree char *version = read_version (folder);
  g_autofree char *message = NULL;
  gboolean works = run_script (self, id, folder, &message);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "state", "s", works ? "works" : "fails");
  g_variant_dict_insert (&dict, "version", "s", version);
  g_variant_dict_insert (&dict, "message", "s", message ? message : "");

  return g_variant_new ("(@a{sv})", g_variant_dict_end (&dict));
}

/* ---- its bus, on which there is nobody else: no daemon and no session are needed */

static const char interfaces[] =
    "<node>"
    "<interface name='org.freedesktop.DBus'>"
    "<method name='Hello'><arg type='s' direction='out'/></method>"
    "<method name='NameHasOwner'><arg type='s'/><arg type='b' direction='out'/></method>"
    "<method name='AddMatch'><arg type='s'/></method>"
    "<method name='RemoveMatch'><arg type='s'/></method>"
    "</interface>"
    "<interface name='" NAME "'>"
    "<method name='Load'><arg type='s'/><arg type='a{sv}' direction='out'/></method>"
    "<property name='Version' type='s' access='read'/>"
    "</interface>"
    "</node>";

static void
bus_call_cb (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *method,
             GVariant *parameters,
             GDBusMethodInvocation *invocation,
             gpointer user_data)
{
  const char *name;
  GVariant *reply = NULL;

  if (g_str_equal (method, "Hello")) {
    reply = g_variant_new ("(s)", ":1.1");
  } else if (g_str_equal (method, "NameHasOwner")) {
    g_variant_get (parameters, "(&s)", &name);
    reply = g_variant_new ("(b)", g_str_equal (name, NAME));
  }

  g_dbus_method_invocation_return_value (invocation, reply);
}

static void
program_call_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *method,
                 GVariant *parameters,
                 GDBusMethodInvocation *invocation,
                 gpointer user_data)
{
  const char *id;

  g_variant_get (parameters, "(&s)", &id);
  g_dbus_method_invocation_return_value (invocation, load (user_data, id));
}

static GVariant *
get_property_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *property,
                 GError **error,
                 gpointer user_data)
{
  return g_variant_new_string (PLUG_RB_DEMO_PROGRAM_VERSION);
}

static const GDBusInterfaceVTable bus_table = { .method_call = bus_call_cb };
static const GDBusInterfaceVTable program_table = { .method_call = program_call_cb,
                                                    .get_property = get_property_cb };

static gboolean
connected_cb (GDBusServer *server, GDBusConnection *connection, gpointer user_data)
{
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, NULL);

  g_dbus_connection_register_object (connection, "/org/freedesktop/DBus", node->interfaces[0],
                                     &bus_table, user_data, NULL, NULL);
  g_dbus_connection_register_object (connection, PATH, node->interfaces[1], &program_table,
                                     user_data, NULL, NULL);
  g_object_ref (connection);

  return TRUE;
}

static GDBusServer *
open_bus (Program *self, GError **error)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autofree char *address = g_strconcat ("unix:abstract=plugrb-demo-", guid, NULL);
  GDBusServer *server = g_dbus_server_new_sync (
      address, G_DBUS_SERVER_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER, guid, NULL, NULL, error);

  if (server == NULL)
    return NULL;

  g_signal_connect (server, "new-connection", G_CALLBACK (connected_cb), self);
  g_dbus_server_start (server);

  return server;
}

static gpointer
run_in_thread (gpointer data)
{
  Program *self = data;
  g_autoptr(GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  self->server = open_bus (self, &self->error);

  g_mutex_lock (&self->lock);
  self->is_started = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->lock);

  while (self->server != NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/**
 * plug_rb_demo_host_start:
 * @plugins: folder of its plugins
 * @settings: file with its settings
 *
 * Starts the program, in a thread that runs as long as this process. From then on its bus is the
 * session bus of this process.
 */
gboolean
plug_rb_demo_host_start (const char *plugins, const char *settings, GError **error)
{
  static Program program;

  program.plugins = g_strdup (plugins);
  program.settings = g_strdup (settings);
  g_mutex_lock (&program.lock);
  g_thread_unref (g_thread_new ("demo-program", run_in_thread, &program));
  while (!program.is_started)
    g_cond_wait (&program.started, &program.lock);
  g_mutex_unlock (&program.lock);

  if (program.server == NULL) {
    g_propagate_error (error, program.error);
    return FALSE;
  }

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", g_dbus_server_get_client_address (program.server), TRUE);
  return TRUE;
}
