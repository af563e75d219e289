/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-host.h"
#include "plug-rb-plugin.h"
#include "scratch.h"

/* Runs in tests/tools/scratch-session.sh, on the description that is shipped. */

#define ID "sample@example.org"
#define EXTENSIONS "/org/gnome/shell/extensions/"

/* ---- tools */

static char *shipped;

static char *
shipped_path (void)
{
  return g_build_filename (shipped, "gnome-shell.host", NULL);
}

static PlugRbHost *
load_shipped (void)
{
  g_autofree char *path = shipped_path ();
  g_autoptr(GError) error = NULL;
  PlugRbHost *host = plug_rb_host_load (path, &error);

  g_assert_no_error (error);
  return host;
}

static char *
run (const char *const *argv)
{
  g_autoptr(GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);

  return output;
}

static void
set (const char *key, const char *value)
{
  g_autofree char *output = run ((const char *[]) { "dconf", "write", key, value, NULL });
}

static char *
data_path (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), name, NULL);
}

static char *
plugin_path (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), "gnome-shell", "extensions", name, NULL);
}

static void
write_file (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
write_manifest (const char *id, const char *text)
{
  g_autofree char *folder = plugin_path (id);
  g_autofree char *path = g_build_filename (folder, "metadata.json", NULL);

  write_file (path, text);
}

static void
write_schema (const char *folder, const char *xml)
{
  g_autofree char *path = g_build_filename (folder, "test.gschema.xml", NULL);
  g_autofree char *text = g_strdup_printf ("<schemalist>%s</schemalist>", xml);
  g_autofree char *output = NULL;

  write_file (path, text);
  output = run ((const char *[]) { "glib-compile-schemas", "--strict", folder, NULL });
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
write_plugin_schema (const char *xml)
{
  g_autofree char *folder = plugin_path (ID "/schemas");

  write_schema (folder, xml);
}

static void
clear (void)
{
  g_autofree char *shell = data_path ("gnome-shell");
  g_autofree char *hosts = data_path ("plugin-rollback");
  g_autofree char *output = run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });

  plug_rb_fs_remove_path (shell, NULL);
  plug_rb_fs_remove_path (hosts, NULL);
}

/* ---- descriptions */

static void
test_shipped (void)
{
  g_autoptr(PlugRbHost) host = NULL;
  g_autoptr(GPtrArray) parts = NULL;
  const PlugRbPart *part;

  clear ();
  host = load_shipped ();
  g_assert_cmpstr (plug_rb_host_get_id (host), ==, "gnome-shell");
  g_assert_cmpstr (plug_rb_host_get_name (host), ==, "GNOME Shell");
  g_assert_cmpint (plug_rb_host_get_state (host), ==, PLUG_RB_HOST_STATE_MISSING);
  g_assert_null (plug_rb_host_get_message (host));
  g_assert_null (plug_rb_host_get_cache_globs (host)[0]);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_host_get_plugins (host)), ==, 0);
  g_assert_nonnull (strstr (plug_rb_host_get_reload_hint (host), "GNOME Shell"));

  parts = plug_rb_host_list_parts (host, ID);
  g_assert_cmpuint (parts->len, ==, 2);
  part = parts->pdata[0];
  g_assert_cmpstr (part->name, ==, "user");
  g_assert_cmpint (part->role, ==, PLUG_RB_ROLE_CODE);
  g_assert_true (g_str_has_suffix (part->path, "/gnome-shell/extensions/" ID));
  part = parts->pdata[1];
  g_assert_cmpstr (part->name, ==, "staged");
  g_assert_cmpint (part->role, ==, PLUG_RB_ROLE_STAGED);
  g_assert_true (g_str_has_suffix (part->root, "/gnome-shell/extension-updates"));
  g_assert_true (g_str_has_suffix (part->path, "/gnome-shell/extension-updates/" ID));
}

static void
test_properties (void)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *icon = NULL;
  g_autofree char *message = NULL;
  g_autoptr(GListModel) plugins = NULL;
  PlugRbHostState state;

  g_object_get (host, "id", &id, "name", &name, "icon", &icon, "message", &message, "state", &state,
                "plugins", &plugins, NULL);
  g_assert_cmpstr (id, ==, "gnome-shell");
  g_assert_cmpstr (name, ==, "GNOME Shell");
  g_assert_cmpstr (icon, ==, plug_rb_host_get_icon (host));
  g_assert_null (message);
  g_assert_cmpint (state, ==, plug_rb_host_get_state (host));
  g_assert_true (plugins == plug_rb_host_get_plugins (host));
}

/* Each: what to replace in the shipped description, by what, and what the message must name. */
typedef struct {
  const char *name;
  const char *from;
  const char *to;
  const char *named;
} Fault;

static const Fault faults[] = {
  { "syntax", "[Root user]", "Root user", "line 9:" },
  { "unknown-group", "[Reload]", "[Relaod]", "group “Relaod”: this group is not known" },
  { "unknown-key",
    "Layout=", "Layuot=", "line 11, group “Root user”, key “Layuot”: this key is not known" },
  { "missing-key", "Layout=dir\n", "", "group “Root user”, key “Layout”: this key is missing" },
  { "missing-group", "[Manifest]", "[Health x]", "group “Health x”" },
  { "probe", "[Reload]", "[Health x]\nProbe=guess\n\n[Reload]", "key “Probe”" },
  { "probe-of-nothing", "[Reload]", "[Health x]\nProbe=dbus-call session org.x\n\n[Reload]",
    "key “Probe”" },
  { "probe-argument", "[Reload]",
    "[Health x]\nProbe=dbus-call session org.x /x org.x Get u:many\n\n[Reload]", "key “Probe”" },
  { "answer", "[Reload]", "[Health x]\nProbe=file-exists /x\nSelect=state\n\n[Reload]",
    "key “Select”" },
  { "log-pattern", "[Reload]", "[Health x]\nProbe=log-regex /var/*/x.log\nBadLine={id}\n\n[Reload]",
    "key “Probe”" },
  { "line-of-all", "[Reload]", "[Health x]\nProbe=log-regex /var/x.log\nBadLine=failed\n\n[Reload]",
    "key “BadLine”" },
  { "line-open", "[Reload]", "[Health x]\nProbe=log-regex /var/x.log\nGoodLine=({id}\n\n[Reload]",
    "key “GoodLine”" },
  { "order", "[Reload]", "[Apply]\nWhileRunning=yes\nOrder=settings;swap\n\n[Reload]",
    "key “Order”" },
  { "reload-nothing", "Method=relogin", "Method=dbus", "key “Call”: this key is missing" },
  { "reload-what", "Method=relogin", "Method=dbus\nCall=session org.x", "key “Call”" },
  { "star", "extension-updates/{id}", "extension-updates/*/{id}", "key “Path”" },
  { "no-star", "Role=staged", "Role=locale", "key “Path”" },
  { "no-manifest", "[Manifest]", "[Running]", "group “Running”" },
  { "unnamed", "[Root user]", "[Root]", "group “Root”" },
  { "unnamed-space", "[Root user]", "[Root ]", "group “Root ”" },
  { "named", "[Host]", "[Host x]", "group “Host x”" },
  { "name", "[Root user]", "[Root ../x]", "group “Root ../x”" },
  { "taken", "[Part staged]", "[Part settings]", "group “Part settings”" },
  { "double", "[Part staged]", "[Part user]", "group “Part user”" },
  { "double-store", "[Data settings]", "[Data enabled]", "group “Data enabled”" },
  { "layout", "Layout=dir", "Layout=files", "“files”" },
  { "backend", "Backend=gsettings-list", "Backend=sqlite", "not a kind of settings" },
  { "method", "Method=relogin", "Method=reboot", "key “Method”" },
  { "id", "Id=gnome-shell", "Id=Gnome/Shell", "line 3, group “Host”, key “Id”" },
  { "empty", "Name=GNOME Shell", "Name=", "key “Name”" },
  { "path-variable", "Path=${DATA}/gnome-shell/extensions\n", "Path=${DATUM}/x\n", "key “Path”" },
  { "path-relative", "Path=${DATA}/gnome-shell/extensions\n", "Path=x\n", "key “Path”" },
  { "path-open", "Path=${DATA}/gnome-shell/extensions\n", "Path=${DATA\n", "key “Path”" },
  { "root-id", "Path=${DATA}/gnome-shell/extensions\n", "Path=${DATA}/{id}\n", "key “Path”" },
  { "part-id", "extension-updates/{id}", "extension-updates", "key “Path”" },
  { "part-deep", "extension-updates/{id}", "{id}/updates", "key “Path”" },
  { "detect", "Detect=path:", "Detect=file:", "key “Detect”" },
  { "version", "dbus-property session", "dbus-property system", "key “HostVersion”" },
  { "version-name", "org.gnome.Shell /org", "org..Shell /org", "key “HostVersion”" },
  { "file", "File=metadata.json", "File=../metadata.json", "key “File”" },
  { "format", "Format=json", "Format=yaml", "key “Format”" },
  { "pointer", "Name=/name", "Name=name", "key “Name”" },
  { "folder", "Path=/org/gnome/shell/", "Path=/org/gnome/shell", "key “Path”" },
  { "folder-start", "Path=/org/gnome/shell/", "Path=org/gnome/shell/", "key “Path”" },
  { "setting", "Key=enabled-extensions", "Key=a/b", "key “Key”" },
  { "entry", "Entry={id}", "Entry=all", "key “Entry”" },
  { "entry-word", "Entry={id}", "Entry={id}{uuid}", "key “Entry”" },
  { "schemas", "{plugin}/schemas", "{module}/schemas", "key “SchemaDir”" },
  { "parents", "Parents=/org/gnome/shell/extensions/", "Parents=/org/a", "key “Parents”" },
  { "bus", "Bus=org.gnome.Shell", "Bus=:1.5", "key “Bus”" },
  { "stand-in", "SandboxBus=org.gnome.Shell.Extensions /org", "SandboxBus=org.gnome /org shell",
    "key “SandboxBus”" },
};

static char *
write_variant (const char *from, const char *to)
{
  g_autofree char *path = shipped_path ();
  g_autofree char *text = NULL;
  g_autoptr(GString) variant = NULL;
  char *result = data_path ("variant.host");

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  variant = g_string_new (text);
  g_assert_cmpuint (g_string_replace (variant, from, to, 1), ==, 1);
  write_file (result, variant->str);

  return result;
}

static void
test_invalid (gconstpointer data)
{
  const Fault *fault = data;
  g_autofree char *path = write_variant (fault->from, fault->to);
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_host_load (path, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, fault->named));
}

static void
test_variants (void)
{
  g_autofree char *path =
      write_variant ("[Reload]", "[Cache]\nGlobs=__pycache__;*.pyc\n\n[Health "
                                 "a]\nProbe=file-exists ${RUNTIME}/{id}.crashed\n[Reload]");
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbHost) host = plug_rb_host_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstrv (plug_rb_host_get_cache_globs (host),
                    ((const char *[]) { "__pycache__", "*.pyc", NULL }));

  g_clear_object (&host);
  g_free (path);
  path = write_variant ("Method=relogin", "Method=none\n# a comment");
  host = plug_rb_host_load (path, &error);
  g_assert_no_error (error);
  g_assert_null (plug_rb_host_get_reload_hint (host));
}

static void
test_files (void)
{
  g_autofree char *path = data_path ("odd.host");
  g_autoptr(GError) error = NULL;

  g_unlink (path);
  g_assert_null (plug_rb_host_load (path, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (plug_rb_host_load (path, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_clear_error (&error);
  g_unlink (path);

  write_file (path, "");
  g_assert_null (plug_rb_host_load (path, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_clear_error (&error);

  write_file (path, "[Host]\nName=\xff");
  g_assert_null (plug_rb_host_load (path, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

/* ---- all hosts */

static void
write_host (const char *folder, const char *name, const char *id, const char *title)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text =
      g_strdup_printf ("[Host]\nId=%s\nName=%s\n[Root user]\nPath=${DATA}/%s\nLayout=dir\n"
                       "[Manifest]\nFile=m.json\nFormat=json\nIdFrom=dirname\n",
                       id, title, id);

  write_file (path, text);
}

static char *
describe (GPtrArray *hosts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < hosts->len; i++) {
    PlugRbHost *host = hosts->pdata[i];
    gboolean broken = plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_DESCRIPTION_INVALID;

    g_assert_cmpint (broken, ==, plug_rb_host_get_message (host) != NULL);
    g_string_append_printf (text, "%s=%s%s;", plug_rb_host_get_id (host),
                            plug_rb_host_get_name (host), broken ? "!" : "");
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
test_all (void)
{
  g_autofree char *installed = data_path ("installed");
  g_autofree char *own = data_path ("plugin-rollback/hosts");
  g_autofree char *broken = g_build_filename (installed, "c.host", NULL);
  g_autofree char *own_broken = g_build_filename (own, "b.host", NULL);
  g_autofree char *note = g_build_filename (installed, "README", NULL);
  g_autoptr(GPtrArray) hosts = NULL;
  g_autofree char *seen = NULL;

  clear ();
  write_host (installed, "a.host", "a", "A");
  write_host (installed, "b.host", "b", "B");
  write_host (installed, "z.host", "a", "Double");
  write_host (own, "mine.host", "a", "My A");
  write_host (own, "new.host", "n", "New");
  write_file (broken, "[Host");
  write_file (own_broken, "[Host]\nId=b\n");
  write_file (note, "no host");

  g_setenv ("PLUGRB_HOSTS_DIR", installed, TRUE);
  hosts = plug_rb_host_load_all (NULL);
  g_setenv ("PLUGRB_HOSTS_DIR", shipped, TRUE);
  seen = describe (hosts);
  g_assert_cmpstr (seen, ==, "a=My A;b=B;n=New;b=b!;c=c!;z=z!;");
}

static void
test_broken (void)
{
  g_autoptr(PlugRbHost) host = plug_rb_host_new_invalid ("/x/odd.host", "it is odd");
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, ID);
  g_autoptr(GPtrArray) memberships = plug_rb_host_read_memberships (host, ID);
  g_autoptr(PlugRbValues) no_values = plug_rb_values_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (plug_rb_host_get_id (host), ==, "odd");
  g_assert_cmpuint (parts->len, ==, 0);
  g_assert_cmpuint (memberships->len, ==, 0);
  g_assert_false (plug_rb_host_is_enabled (host, memberships, no_values));
  g_assert_false (plug_rb_host_is_running (host));
  g_assert_null (plug_rb_host_dup_version (host));
  g_assert_null (plug_rb_host_get_icon (host));
  g_assert_null (plug_rb_host_get_reload_hint (host));
  g_assert_null (plug_rb_host_get_cache_globs (host)[0]);

  ids = plug_rb_host_list_ids (host, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 0);

  g_assert_null (plug_rb_host_dup_plugin (host, ID, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (plug_rb_host_parse_manifest (host, "{}", &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
}

/* ---- plugins */

typedef struct {
  const char *name;
  const char *id;
  const char *why;
} BadId;

static const BadId bad_ids[] = {
  { "empty", "", "empty" },
  { "dot", ".", "“.”" },
  { "dot-dot", "..", "“..”" },
  { "slash", "a/b", "“a/b”" },
  { "climbing", "../a", "“../a”" },
  { "absolute", "/a", "“/a”" },
  { "hidden", ".plugrb-x", "“.plugrb-x”" },
  { "option", "-rf", "“-rf”" },
  { "newline", "a\nb", "“a?b”" },
  { "escape", "a\033[2J", "“a?[2J”" },
  { "c1", "a\302\233", "control" },
  { "utf-8", "a\xff", "UTF-8" },
};

static void
test_bad_id (gconstpointer data)
{
  const BadId *bad = data;
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, bad->id);
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_host_check_id (bad->id, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, bad->why));
  g_clear_error (&error);

  g_assert_null (plug_rb_host_dup_plugin (host, bad->id, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (plug_rb_host_read_values (host, bad->id, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_cmpuint (parts->len, ==, 0);
}

static void
test_good_ids (void)
{
  static const char *const ids[] = {
    ID, "a", "Übergröße", "a b", "{id}", "a..b", "a-", "a\\b", "%s"
  };
  g_autofree char *longest = g_strnfill (255, 'a');
  g_autofree char *too_long = g_strnfill (256, 'a');
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    plug_rb_host_check_id (ids[i], &error);
    g_assert_no_error (error);
  }

  g_assert_true (plug_rb_host_check_id (longest, NULL));
  g_assert_false (plug_rb_host_check_id (too_long, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
}

static char *
list_ids (PlugRbHost *host)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ids = plug_rb_host_list_ids (host, &error);

  g_assert_no_error (error);
  g_ptr_array_add (ids, NULL);

  return g_strjoinv (" ", (char **) ids->pdata);
}

static void
test_list (void)
{
  g_autofree char *path = write_variant ("Layout=dir", "Layout=dir\nIgnore=*.tmp;x*");
  g_autofree char *root = plugin_path ("");
  g_autofree char *elsewhere = data_path ("elsewhere");
  g_autofree char *link = plugin_path ("link");
  g_autofree char *dangling = plugin_path ("dangling");
  g_autofree char *file = plugin_path ("file");
  g_autoptr(PlugRbHost) host = plug_rb_host_load (path, NULL);
  g_autofree char *none = NULL;
  g_autofree char *all = NULL;

  clear ();
  none = list_ids (host);
  g_assert_cmpstr (none, ==, "");

  write_manifest ("b@b", "{}");
  write_manifest ("a@a", "{}");
  write_manifest ("-rf", "{}");
  write_manifest ("new\nline", "{}");
  write_manifest (".plugrb-1", "{}");
  write_manifest ("a.tmp", "{}");
  write_manifest ("xa", "{}");
  write_file (file, "");
  g_mkdir (elsewhere, 0700);
  g_assert_cmpint (symlink (elsewhere, link), ==, 0);
  g_assert_cmpint (symlink ("/nonexistent", dangling), ==, 0);

  all = list_ids (host);
  g_assert_cmpstr (all, ==, "a@a b@b link");
}

static void
test_unreadable (void)
{
  g_autofree char *root = plugin_path ("");
  g_autoptr(PlugRbHost) host = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root may read everything");
    return;
  }

  clear ();
  write_manifest (ID, "{}");
  g_assert_cmpint (g_chmod (root, 0), ==, 0);
  host = load_shipped ();
  ids = plug_rb_host_list_ids (host, &error);
  g_assert_cmpint (g_chmod (root, 0700), ==, 0);

  g_assert_null (ids);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  g_assert_nonnull (strstr (error->message, "extensions"));
  g_assert_cmpint (plug_rb_host_get_state (host), ==, PLUG_RB_HOST_STATE_UNREADABLE);
  g_assert_nonnull (strstr (plug_rb_host_get_message (host), "extensions"));
}

static PlugRbPlugin *
dup_plugin (PlugRbHost *host, const char *id)
{
  g_autoptr(GError) error = NULL;
  PlugRbPlugin *plugin = plug_rb_host_dup_plugin (host, id, &error);

  g_assert_no_error (error);
  return plugin;
}

static void
test_plugin (void)
{
  g_autoptr(PlugRbHost) host = NULL;
  g_autofree char *path = plugin_path (ID);
  g_autoptr(PlugRbPlugin) plugin = NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(PlugRbManifest) parsed = NULL;

  clear ();
  write_manifest (ID, "{\"uuid\": \"" ID "\", \"name\": \"Sample\", \"version\": 3.0,"
                      " \"description\": \"D\", \"shell-version\": [\"48\"]}");
  host = load_shipped ();
  g_assert_cmpint (plug_rb_host_get_state (host), ==, PLUG_RB_HOST_STATE_PRESENT);

  plugin = dup_plugin (host, ID);
  g_assert_cmpstr (plug_rb_plugin_get_id (plugin), ==, ID);
  g_assert_cmpstr (plug_rb_plugin_get_name (plugin), ==, "Sample");
  g_assert_cmpstr (plug_rb_plugin_get_version (plugin), ==, "3");
  g_assert_cmpstr (plug_rb_plugin_get_path (plugin), ==, path);
  g_assert_true (plug_rb_plugin_get_installed (plugin));
  g_assert_false (plug_rb_plugin_get_enabled (plugin));
  g_assert_null (plug_rb_plugin_get_message (plugin));

  manifest = plug_rb_host_read_manifest (host, ID, NULL);
  parsed = plug_rb_host_parse_manifest (host, manifest->text, NULL);
  g_assert_cmpstr (parsed->name, ==, "Sample");
  g_assert_cmpstrv (parsed->host_versions, ((const char *[]) { "48", NULL }));
}

static void
test_plugin_damaged (void)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autofree char *bare = plugin_path ("bare@example.org");
  g_autoptr(PlugRbPlugin) damaged = NULL;
  g_autoptr(PlugRbPlugin) without = NULL;
  g_autoptr(PlugRbPlugin) absent = NULL;
  g_autoptr(GError) error = NULL;

  clear ();
  write_manifest (ID, "not JSON");
  g_assert_cmpint (g_mkdir (bare, 0700), ==, 0);

  damaged = dup_plugin (host, ID);
  g_assert_true (plug_rb_plugin_get_installed (damaged));
  g_assert_cmpstr (plug_rb_plugin_get_name (damaged), ==, ID);
  g_assert_null (plug_rb_plugin_get_version (damaged));
  g_assert_nonnull (strstr (plug_rb_plugin_get_message (damaged), "“metadata.json”"));
  g_assert_null (plug_rb_host_read_manifest (host, ID, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);

  without = dup_plugin (host, "bare@example.org");
  g_assert_true (plug_rb_plugin_get_installed (without));
  g_assert_nonnull (strstr (plug_rb_plugin_get_message (without), "“metadata.json”"));

  absent = dup_plugin (host, "absent@example.org");
  g_assert_false (plug_rb_plugin_get_installed (absent));
  g_assert_cmpstr (plug_rb_plugin_get_name (absent), ==, "absent@example.org");
  g_assert_null (plug_rb_plugin_get_message (absent));
}

static void
test_linked (void)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autofree char *elsewhere = data_path ("checkout/metadata.json");
  g_autofree char *target = data_path ("checkout");
  g_autofree char *link = plugin_path (ID);
  g_autofree char *root = plugin_path ("");
  g_autoptr(PlugRbPlugin) plugin = NULL;

  clear ();
  write_file (elsewhere, "{\"name\": \"Linked\"}");
  g_mkdir_with_parents (root, 0700);
  g_assert_cmpint (symlink (target, link), ==, 0);
  plugin = dup_plugin (host, ID);
  g_assert_true (plug_rb_plugin_get_installed (plugin));
  g_assert_cmpstr (plug_rb_plugin_get_name (plugin), ==, "Linked");
}

static void
test_enabled (void)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) enabled = NULL;
  g_autoptr(GPtrArray) both = NULL;
  g_autoptr(PlugRbValues) no_values = plug_rb_values_new ();
  const PlugRbMembership *membership;

  clear ();
  none = plug_rb_host_read_memberships (host, ID);
  g_assert_cmpuint (none->len, ==, 2);
  g_assert_false (plug_rb_host_is_enabled (host, none, no_values));
  membership = none->pdata[1];
  g_assert_cmpstr (membership->name, ==, "disabled");
  g_assert_cmpstr (membership->key, ==, "/org/gnome/shell/disabled-extensions");
  g_assert_true (membership->unset);

  set ("/org/gnome/shell/enabled-extensions", "['a', '" ID "']");
  enabled = plug_rb_host_read_memberships (host, ID);
  g_assert_true (plug_rb_host_is_enabled (host, enabled, no_values));
  membership = enabled->pdata[0];
  g_assert_cmpstr (membership->entry, ==, ID);
  g_assert_cmpint (membership->position, ==, 1);

  set ("/org/gnome/shell/disabled-extensions", "['" ID "']");
  both = plug_rb_host_read_memberships (host, ID);
  g_assert_false (plug_rb_host_is_enabled (host, both, no_values));
}

/* ---- settings */

#define SCHEMA(id, path, content) "<schema id=\"" id "\" path=\"" path "\">" content "</schema>"
#define KEY(name) "<key name=\"" name "\" type=\"b\"><default>true</default></key>"

static void
assert_values (const char *keys_wanted, const char *folders_wanted)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbValues) values = plug_rb_host_read_values (host, ID, &error);
  g_auto(GStrv) keys = NULL;
  g_autofree char *keys_seen = NULL;
  g_autofree char *folders_seen = NULL;

  g_assert_no_error (error);
  keys = plug_rb_values_dup_keys (values);
  keys_seen = g_strjoinv (" ", keys);
  folders_seen = g_strjoinv (" ", (char **) plug_rb_values_get_folders (values));
  g_assert_cmpstr (keys_seen, ==, keys_wanted);
  g_assert_cmpstr (folders_seen, ==, folders_wanted);
}

static void
test_values (void)
{
  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema (
      SCHEMA ("org.gnome.shell.extensions.sample", EXTENSIONS "sample/", KEY ("a")));
  set (EXTENSIONS "sample/a", "'of another type'");
  set (EXTENSIONS "sample/unknown", "1");
  set (EXTENSIONS "sample/deep/key", "2");
  set (EXTENSIONS "other/a", "true");

  assert_values (EXTENSIONS "sample/a " EXTENSIONS "sample/deep/key " EXTENSIONS "sample/unknown",
                 EXTENSIONS "sample/");
}

/* What is shared with others is not dumped as a whole. */
static void
test_values_shallow (void)
{
  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema (
      SCHEMA ("a.shell", "/org/gnome/shell/", KEY ("odd"))
          SCHEMA ("a.parent", EXTENSIONS, KEY ("direct"))
              SCHEMA ("a.short", "/sample/", KEY ("x") "<child name=\"own\" schema=\"a.child\"/>")
                  SCHEMA ("a.own", "/com/example/user/sample/",
                          KEY ("y")) "<schema id=\"a.child\">" KEY ("z") "</schema>");
  set ("/org/gnome/shell/odd", "true");
  set ("/org/gnome/shell/enabled-extensions", "['a']");
  set (EXTENSIONS "other/a", "true");
  set ("/sample/other", "true");
  set ("/com/example/user/sample/unknown", "true");

  assert_values ("/com/example/user/sample/unknown /org/gnome/shell/odd",
                 "/com/example/user/sample/ /org/gnome/shell/extensions/direct "
                 "/org/gnome/shell/odd /sample/x");
}

static void
test_values_of_system (void)
{
  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema (
      SCHEMA ("org.example.system", "/org/example/system/of/all/", KEY ("a"))
          SCHEMA ("org.gnome.shell.extensions.system", EXTENSIONS "system/", KEY ("a")));
  set ("/org/example/system/of/all/a", "false");
  set (EXTENSIONS "system/a", "false");

  assert_values (EXTENSIONS "system/a", EXTENSIONS "system/");
}

static void
test_values_named (void)
{
  clear ();
  write_manifest (ID, "{\"settings-schema\": \"org.gnome.shell.extensions.system\"}");
  set (EXTENSIONS "system/a", "false");
  assert_values (EXTENSIONS "system/a", EXTENSIONS "system/");

  write_manifest (ID, "{\"settings-schema\": \"org.example.nothing\"}");
  assert_values ("", "");
}

static void
test_values_damaged (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = plugin_path (ID "/schemas/gschemas.compiled");

  clear ();
  assert_values ("", "");

  write_manifest (ID, "not JSON");
  assert_values ("", "");

  write_file (path, "not a database");
  assert_values ("", "");

  g_unlink (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_values ("", "");

  g_unlink (path);
  write_plugin_schema (
      SCHEMA ("org.gnome.shell.extensions.sample", EXTENSIONS "sample/", KEY ("a")));
  assert_values ("", EXTENSIONS "sample/");
}

/* A schema that extends itself: its compiler refuses it, so one name is changed afterwards. */
static void
test_values_circular (void)
{
  g_autofree char *path = plugin_path (ID "/schemas/gschemas.compiled");
  g_autofree char *data = NULL;
  gsize length;
  char *name;

  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema ("<schema id=\"org.base\">" KEY (
      "low") "</schema>"
             "<schema id=\"org.self\" extends=\"org.base\" path=\"/short/\">" KEY (
                 "high") "</schema>");
  assert_values ("", "/short/high /short/low");

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  name = memmem (data, length, "org.base\0\0s", 11);
  g_assert_nonnull (name);
  memcpy (name, "org.self", 8);
  g_assert_true (g_file_set_contents (path, data, length, NULL));
  assert_values ("", "/short/high");
}

/* Whatever the bytes are, nothing worse than no settings comes of it. */
static void
test_values_noise (void)
{
  g_autofree char *path = plugin_path (ID "/schemas/gschemas.compiled");
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autofree char *good = NULL;
  gsize length;

  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema ("<schema id=\"org.base\">" KEY (
      "low") "</schema>"
             "<schema id=\"org.sub\" extends=\"org.base\" path=\"/short/\">" KEY (
                 "high") "<child name=\"own\" schema=\"org.base\"/></schema>");
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));

  for (guint i = 0; i < 1000; i++) {
    g_autofree char *bad = g_memdup2 (good, length);
    g_autoptr(PlugRbValues) values = NULL;

    for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
      bad[g_test_rand_int_range (0, length)] = g_test_rand_int_range (0, 256);
    g_assert_true (g_file_set_contents_full (path, bad, g_test_rand_int_range (0, length + 1),
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    values = plug_rb_host_read_values (host, ID, NULL);
    g_assert_nonnull (values);
  }
}

/* What could only not be read now is not taken for absent. */
static void
assert_unreadable (const char *name, const char *named)
{
  g_autofree char *below = g_build_filename (ID, name, NULL);
  g_autofree char *path = plugin_path (below);
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autoptr(PlugRbValues) values = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  values = plug_rb_host_read_values (host, ID, &error);
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);

  g_assert_null (values);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_values_unreadable (void)
{
  g_autofree char *pipe_path = plugin_path (ID "/schemas/gschemas.compiled");
  g_autoptr(PlugRbHost) host = load_shipped ();
  PlugRbManifest *manifest;

  if (geteuid () == 0) {
    g_test_skip ("root may read everything");
    return;
  }

  clear ();
  write_manifest (ID, "{}");
  write_plugin_schema (
      SCHEMA ("org.gnome.shell.extensions.sample", EXTENSIONS "sample/", KEY ("a")));
  assert_unreadable ("schemas", "schemas");
  assert_unreadable ("schemas/gschemas.compiled", "schemas");
  assert_unreadable ("metadata.json", "metadata.json");
  assert_values ("", EXTENSIONS "sample/");

  g_assert_true (plug_rb_host_find_manifest (host, "absent@example.org", &manifest, NULL));
  g_assert_null (manifest);
  g_assert_cmpint (g_unlink (pipe_path), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  assert_values ("", "");
}

/* ---- the running host */

static void
test_running (void)
{
  g_autoptr(PlugRbHost) host = NULL;
  g_autoptr(PlugRbHost) detected = NULL;
  g_autofree char *version = NULL;
  ScratchShell *shell;

  clear ();
  host = load_shipped ();
  g_assert_false (plug_rb_host_is_running (host));
  g_assert_null (plug_rb_host_dup_version (host));
  g_assert_cmpint (plug_rb_host_get_state (host), ==, PLUG_RB_HOST_STATE_MISSING);

  shell = scratch_shell_start ("48.7");
  version = plug_rb_host_dup_version (host);
  g_assert_cmpstr (version, ==, "48.7");
  g_assert_true (plug_rb_host_is_running (host));
  detected = load_shipped ();
  g_assert_cmpint (plug_rb_host_get_state (detected), ==, PLUG_RB_HOST_STATE_PRESENT);
  scratch_shell_stop (shell);
}

static void
test_supports (void)
{
  static const char *const versions[] = { "3.38", "47", "48", NULL };
  static const char *const exact[] = { "48.7", NULL };
  static const char *const none[] = { NULL };
  g_autoptr(PlugRbHost) host = load_shipped ();

  g_assert_true (plug_rb_host_supports (host, versions, "48.7"));
  g_assert_true (plug_rb_host_supports (host, versions, "48"));
  g_assert_true (plug_rb_host_supports (host, versions, "48.beta"));
  g_assert_true (plug_rb_host_supports (host, versions, "3.38.4"));
  g_assert_false (plug_rb_host_supports (host, versions, "49.0"));
  g_assert_false (plug_rb_host_supports (host, versions, "4"));
  g_assert_false (plug_rb_host_supports (host, versions, "480.1"));
  g_assert_false (plug_rb_host_supports (host, versions, "3.36.9"));
  g_assert_true (plug_rb_host_supports (host, exact, "48.7"));
  g_assert_true (plug_rb_host_supports (host, versions, NULL));
  g_assert_true (plug_rb_host_supports (host, NULL, "48.7"));
  g_assert_true (plug_rb_host_supports (host, none, "48.7"));
}

typedef struct {
  const char *rule;
  const char *manifest;
  const char *running;
  gboolean supported;
} Rule;

static const Rule rules[] = {
  { "HostRule=min", "\"from\": [\"5.4\", \"6.0\"]", "5.6", TRUE },
  { "HostRule=min", "\"from\": [\"5.4\", \"6.0\"]", "5.2", FALSE },
  { "HostRule=equal", "\"from\": \"45\"", "45", TRUE },
  { "HostRule=equal", "\"from\": \"45\"", "45.1", FALSE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"from\": \"4.2.0\", \"to\": \"5.0.0\"", "4.2.0",
    TRUE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"from\": \"4.2.0\", \"to\": \"5.0.0\"", "4.1.9",
    FALSE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"from\": \"4.2.0\", \"to\": \"5.0.0\"", "5.0.0",
    FALSE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"from\": \"4.2.0\"", "5.0.0", TRUE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"to\": \"5.0.0\"", "5.1.0", FALSE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"to\": \"5.0.0\"", "1.0.0", TRUE },
  { "HostVersionMax=/to\nHostRule=min-max", "\"name\": \"x\"", "1.0.0", TRUE },
};

static void
test_rule (gconstpointer data)
{
  const Rule *rule = data;
  g_autofree char *lines = g_strconcat ("HostVersions=/from\n", rule->rule, NULL);
  g_autofree char *path =
      write_variant ("HostVersions=/shell-version\nHostRule=prefix-major", lines);
  g_autofree char *text = g_strdup_printf ("{%s}", rule->manifest);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbHost) host = plug_rb_host_load (path, &error);
  g_autoptr(PlugRbManifest) manifest = NULL;

  g_assert_no_error (error);
  manifest = plug_rb_host_parse_manifest (host, text, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      plug_rb_host_supports (host, (const char *const *) manifest->host_versions, rule->running),
      ==, rule->supported);
}

/* Inside Flatpak the sandbox has data folders of its own; the plugins lie in the host's. */
static void
test_sandboxed (void)
{
  g_autoptr(PlugRbHost) host = load_shipped ();
  g_autoptr(GPtrArray) parts = NULL;
  const PlugRbPart *part;

  g_setenv ("HOST_XDG_DATA_HOME", "/somewhere/{id}", TRUE);
  parts = plug_rb_host_list_parts (host, ID);
  g_unsetenv ("HOST_XDG_DATA_HOME");
  part = parts->pdata[0];
  g_assert_cmpstr (part->path, ==, "/somewhere/{id}/gnome-shell/extensions/" ID);
}

static void
write_system_schemas (void)
{
  g_autofree char *folder = data_path ("glib-2.0/schemas");

  write_schema (folder,
                SCHEMA ("org.example.system", "/org/example/system/of/all/", KEY ("a"))
                    SCHEMA ("org.gnome.shell.extensions.system", EXTENSIONS "system/", KEY ("a")));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  shipped = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));
  g_assert_nonnull (shipped);
  write_system_schemas ();

  g_test_add_func ("/host/shipped", test_shipped);
  g_test_add_func ("/host/properties", test_properties);
  g_test_add_func ("/host/variants", test_variants);
  g_test_add_func ("/host/files", test_files);
  g_test_add_func ("/host/all", test_all);
  g_test_add_func ("/host/broken", test_broken);
  g_test_add_func ("/host/id/good", test_good_ids);
  g_test_add_func ("/host/list", test_list);
  g_test_add_func ("/host/unreadable", test_unreadable);
  g_test_add_func ("/host/plugin", test_plugin);
  g_test_add_func ("/host/plugin/damaged", test_plugin_damaged);
  g_test_add_func ("/host/plugin/linked", test_linked);
  g_test_add_func ("/host/enabled", test_enabled);
  g_test_add_func ("/host/values", test_values);
  g_test_add_func ("/host/values/shallow", test_values_shallow);
  g_test_add_func ("/host/values/of-system", test_values_of_system);
  g_test_add_func ("/host/values/named", test_values_named);
  g_test_add_func ("/host/values/damaged", test_values_damaged);
  g_test_add_func ("/host/values/circular", test_values_circular);
  g_test_add_func ("/host/values/unreadable", test_values_unreadable);
  g_test_add_func ("/host/values/noise", test_values_noise);
  g_test_add_func ("/host/running", test_running);
  g_test_add_func ("/host/supports", test_supports);
  g_test_add_func ("/host/sandboxed", test_sandboxed);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    g_autofree char *path = g_strdup_printf ("/host/rule/%u", i);

    g_test_add_data_func (path, &rules[i], test_rule);
  }

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strconcat ("/host/invalid/", faults[i].name, NULL);

    g_test_add_data_func (path, &faults[i], test_invalid);
  }

  for (guint i = 0; i < G_N_ELEMENTS (bad_ids); i++) {
    g_autofree char *path = g_strconcat ("/host/id/bad/", bad_ids[i].name, NULL);

    g_test_add_data_func (path, &bad_ids[i], test_bad_id);
  }

  return g_test_run ();
}
