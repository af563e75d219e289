/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "scratch.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "plug-rb-json.h"
#include "plug-rb-swap.h"

#define SAMPLE "sample@example.org"

/**
 * scratch_extensions:
 *
 * Returns: (transfer full): where GNOME Shell looks for the user's extensions
 */
char *
scratch_extensions (void)
{
  return g_build_filename (g_get_user_data_dir (), "gnome-shell", "extensions", NULL);
}

void
scratch_run (const char *const *argv)
{
  g_autofree char *output = scratch_output (argv);
}

/**
 * scratch_output:
 *
 * Runs a program that must succeed.
 *
 * Returns: (transfer full): what it printed
 */
char *
scratch_output (const char *const *argv)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *messages = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &messages,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s: %s", argv[0], error->message, messages);

  return output;
}

static void
replace_folder (const char *from, const char *to)
{
  g_autofree char *parent = g_path_get_dirname (to);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  scratch_run ((const char *[]) { "rm", "-rf", to, NULL });
  scratch_run ((const char *[]) { "cp", "-a", "--no-preserve=ownership", from, to, NULL });
}

/**
 * scratch_require_plugins:
 *
 * Returns: (nullable): the folder of real plugins; %NULL after the test was marked as skipped,
 * because there is no network to get them from. In CI they must be there
 */
const char *
scratch_require_plugins (void)
{
  const char *folder = g_getenv ("PLUGRB_TEST_PLUGINS");

  if (folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return folder;

  g_assert_cmpstr (g_getenv ("CI"), !=, "true");
  g_test_skip ("PLUGRB_TEST_PLUGINS names no folder of downloaded plugins");
  return NULL;
}

/**
 * scratch_install:
 *
 * Puts a version of a real plugin in place of whatever is there, as a host would.
 */
void
scratch_install (const char *plugin, const char *version)
{
  g_autofree char *from =
      g_build_filename (g_getenv ("PLUGRB_TEST_PLUGINS"), plugin, version, NULL);
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *to = g_build_filename (extensions, plugin, NULL);

  g_assert_true (g_file_test (from, G_FILE_TEST_IS_DIR));
  replace_folder (from, to);
}

static void
write_file (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static const char schema[] = "<schemalist><schema id='org.gnome.shell.extensions.sample' "
                             "path='/org/gnome/shell/extensions/sample/'>"
                             "<key name='speed' type='i'><default>1</default></key>"
                             "<key name='title' type='s'><default>''</default></key>"
                             "<key name='extra' type='b'><default>false</default></key>"
                             "</schema></schemalist>";

/* An extension of our own, each version of which has a file that the others lack. */
static void
write_sample (const char *folder, int version)
{
  g_autofree char *metadata = g_strdup_printf (
      "{\"uuid\": \"" SAMPLE "\", \"name\": \"Sample\", \"description\": \"A sample\", "
      "\"version\": %d, \"shell-version\": [\"48\"], "
      "\"settings-schema\": \"org.gnome.shell.extensions.sample\"}",
      version);
  g_autofree char *code = g_strdup_printf ("// version %d\n", version);
  g_autofree char *only = g_strdup_printf ("only-in-%d.js", version);
  g_autofree char *schemas = g_build_filename (folder, "schemas", NULL);
  g_autofree char *link = g_build_filename (folder, "link.js", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *script = g_build_filename (folder, "tool.sh", NULL);

  write_file (folder, "metadata.json", metadata);
  write_file (folder, "extension.js", code);
  write_file (folder, "common.js", "// the same in all versions\n");
  write_file (folder, only, code);
  write_file (folder, "tool.sh", "#!/bin/sh\n");
  write_file (schemas, "org.gnome.shell.extensions.sample.gschema.xml", schema);
  g_assert_cmpint (g_chmod (script, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (empty, 0750), ==, 0);
  g_assert_cmpint (symlink (only, link), ==, 0);
  scratch_run ((const char *[]) { "glib-compile-schemas", "--strict", schemas, NULL });
  scratch_run ((const char *[]) { "touch", "-d", "2026-01-02T03:04:05.678901234Z", script, NULL });
}

static void
place_sample (const char *below, int version)
{
  g_autofree char *to =
      g_build_filename (g_get_user_data_dir (), "gnome-shell", below, SAMPLE, NULL);

  scratch_run ((const char *[]) { "rm", "-rf", to, NULL });
  write_sample (to, version);
}

void
scratch_install_sample (int version)
{
  place_sample ("extensions", version);
}

void
scratch_stage_sample (int version)
{
  place_sample ("extension-updates", version);
}

/**
 * scratch_set:
 * @value: (nullable): GVariant text, or %NULL to reset
 *
 * Writes a dconf key by the dconf program.
 */
void
scratch_set (const char *key, const char *value)
{
  if (value != NULL)
    scratch_run ((const char *[]) { "dconf", "write", key, value, NULL });
  else
    scratch_run ((const char *[]) { "dconf", "reset", key, NULL });
}

/**
 * scratch_picture:
 *
 * Describes everything that a rollback may change, by programs that are not ours: every path with
 * type, mode, size, time to the nanosecond, link target and SHA-256, and what is in dconf but the
 * window's own state.
 *
 * Returns: (transfer full): the description
 */
char *
scratch_picture (void)
{
  static const char script[] =
      "cd \"$1\" || exit 1; "
      "find . -mindepth 2 \\( -type d -printf '%y %m %T@ %p\\n' "
      "-o -printf '%y %m %s %T@ %p %l\\n' \\) | LC_ALL=C sort; "
      "find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2; dconf dump /org/";
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);

  return scratch_output ((const char *[]) { "bash", "-c", script, "picture", folder, NULL });
}

/**
 * scratch_store_files:
 *
 * Returns: (transfer full): the names of all files in the store but lock files
 */
char *
scratch_store_files (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  return scratch_output (
      (const char *[]) { "bash", "-c", "cd \"$1\" && find . -type f ! -name .lock | LC_ALL=C sort",
                         "files", folder, NULL });
}

/**
 * scratch_in_store:
 *
 * Runs a shell script in the folder of the user's store.
 *
 * Returns: (transfer full): what it printed
 */
char *
scratch_in_store (const char *script)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *text = g_strconcat ("cd \"$1\" || exit 1; ", script, NULL);

  return scratch_output ((const char *[]) { "bash", "-c", text, "store", folder, NULL });
}

/**
 * scratch_rewrite:
 * @value: (nullable): a string
 *
 * Changes what the store says of a snapshot, sealed again. @snapshot itself stays as it is.
 */
void
scratch_rewrite (PlugRbSnapshot *snapshot, const char *member, const char *value)
{
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "plugin-rollback", "snapshots",
                        plug_rb_snapshot_get_plugin (snapshot), plug_rb_snapshot_get_id (snapshot),
                        "snapshot.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  json = plug_rb_json_parse (text, -1, &error);
  g_assert_no_error (error);

  plug_rb_json_set_string (json, member, value);
  plug_rb_json_seal (json);
  changed = plug_rb_json_to_string (json);
  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
}

/**
 * scratch_age:
 *
 * Makes a snapshot look as if it were taken so many days ago.
 */
void
scratch_age (PlugRbSnapshot *snapshot, double days)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) time = g_date_time_add_seconds (now, -days * 24 * 60 * 60);
  g_autofree char *text = plug_rb_time_to_string (time);

  scratch_rewrite (snapshot, "timestamp", text);
}

PlugRbEngine *
scratch_open (void)
{
  g_autoptr(GError) error = NULL;
  PlugRbEngine *engine = plug_rb_engine_open (NULL, &error);

  /* Some tests run a second time as on a file system that cannot exchange two folders. */
  if (g_getenv ("PLUGRB_TEST_AVOID_EXCHANGE") != NULL)
    plug_rb_swap_avoid_exchange (TRUE);
  g_assert_no_error (error);
  return engine;
}

PlugRbSnapshot *
scratch_snapshot (PlugRbEngine *engine, const char *plugin)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) found = plug_rb_engine_find_plugin (engine, plugin, &error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  PlugRbSnapshot *snapshot;
  gboolean created;

  g_assert_no_error (error);
  snapshot = plug_rb_engine_snapshot (engine, found, PLUG_RB_REASON_MANUAL, NULL, NULL, &created,
                                      operation, NULL, &error);
  g_assert_no_error (error);

  return snapshot;
}

PlugRbOperation *
scratch_roll_back (PlugRbEngine *engine, PlugRbSnapshot *target, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  g_ptr_array_add (targets, target);
  plug_rb_engine_rollback (engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, error);

  return operation;
}

PlugRbOperation *
scratch_undo (PlugRbEngine *engine, GError **error)
{
  g_autoptr(PlugRbOperation) undone = plug_rb_engine_find_undoable (engine, NULL, error);
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);

  if (undone != NULL)
    plug_rb_engine_undo (engine, undone, FALSE, operation, NULL, error);

  return operation;
}

/* ---- a shell that runs */

struct _ScratchShell {
  char *version;
  GMainLoop *loop;
  GDBusConnection *connection;
  GThread *thread;
};

static const char shell_xml[] =
    "<node><interface name='org.gnome.Shell.Extensions'>"
    "<property name='ShellVersion' type='s' access='read'/></interface></node>";

static GVariant *
shell_get_property (GDBusConnection *connection,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *property,
                    GError **error,
                    gpointer user_data)
{
  ScratchShell *shell = user_data;

  return g_variant_new_string (shell->version);
}

static const GDBusInterfaceVTable shell_vtable = { .get_property = shell_get_property };

static gpointer
run_shell (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

static void
shell_connect (ScratchShell *shell)
{
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (shell_xml, NULL);
  g_autoptr(GError) error = NULL;

  shell->connection =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (shell->connection, "/org/gnome/Shell", info->interfaces[0],
                                     &shell_vtable, shell, NULL, &error);
  g_assert_no_error (error);
}

/**
 * scratch_shell_start:
 *
 * Makes it look as if GNOME Shell of that version were running: on a connection and in a thread of
 * its own, as another process would be.
 */
ScratchShell *
scratch_shell_start (const char *version)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  ScratchShell *shell = g_new0 (ScratchShell, 1);

  shell->version = g_strdup (version);
  g_main_context_push_thread_default (context);
  shell_connect (shell);
  g_main_context_pop_thread_default (context);

  reply = g_dbus_connection_call_sync (
      shell->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.gnome.Shell", 0), NULL, 0, -1, NULL, &error);
  g_assert_no_error (error);
  shell->loop = g_main_loop_new (context, FALSE);
  shell->thread = g_thread_new ("shell", run_shell, shell->loop);

  return shell;
}

void
scratch_shell_stop (ScratchShell *shell)
{
  g_dbus_connection_close_sync (shell->connection, NULL, NULL);
  g_main_loop_quit (shell->loop);
  g_thread_join (shell->thread);
  g_main_loop_unref (shell->loop);
  g_object_unref (shell->connection);
  g_free (shell->version);
  g_free (shell);
}
