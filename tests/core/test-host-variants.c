/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>

#include "plug-rb-error.h"
#include "plug-rb-host.h"
#include "plug-rb-settings-store.h"
#include "scratch.h"

/* One description that becomes several hosts, and plugins whose folders change their names. Runs in
 * tests/tools/scratch-session.sh. */

/* ---- tools */

static void
run (const char *script)
{
  g_autofree char *strict = g_strconcat ("set -e; ", script, NULL);

  scratch_run ((const char *[]) { "bash", "-c", strict, NULL });
}

static char *
write_host (const char *name, const char *text)
{
  g_autofree char *file = g_strconcat (name, ".host", NULL);
  char *path = g_build_filename (g_get_user_data_dir (), "hosts", file, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

static GPtrArray *
load (const char *name, const char *text)
{
  g_autofree char *path = write_host (name, text);
  g_autoptr(GError) error = NULL;
  GPtrArray *hosts = plug_rb_host_load_variants (path, &error);

  g_assert_no_error (error);
  return hosts;
}

static char *
join_ids (PlugRbHost *host)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ids = plug_rb_host_list_ids (host, &error);

  g_assert_no_error (error);
  g_ptr_array_add (ids, NULL);

  return g_strjoinv (" ", (char **) ids->pdata);
}

static char *
describe (GPtrArray *hosts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < hosts->len; i++) {
    PlugRbHost *host = hosts->pdata[i];
    g_autofree char *ids = join_ids (host);

    g_string_append_printf (
        text, "%s (%s)%s: %s\n", plug_rb_host_get_id (host), plug_rb_host_get_name (host),
        plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_PRESENT ? "" : " missing", ids);
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
assert_hosts (GPtrArray *hosts, const char *expected)
{
  g_autofree char *seen = describe (hosts);

  g_assert_cmpstr (seen, ==, expected);
}

static char *
join_parts (PlugRbHost *host, const char *id)
{
  g_autoptr(GPtrArray) parts = plug_rb_host_list_parts (host, id);
  g_autoptr(GString) text = g_string_new (NULL);
  gsize home = strlen (g_get_home_dir ());

  for (guint i = 0; i < parts->len; i++) {
    const PlugRbPart *part = parts->pdata[i];

    g_assert_true (g_str_has_prefix (part->path, g_get_home_dir ()));
    g_string_append_printf (text, "%s=%s;", part->name, part->path + home);
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
assert_parts (PlugRbHost *host, const char *id, const char *expected)
{
  g_autofree char *seen = join_parts (host, id);

  g_assert_cmpstr (seen, ==, expected);
}

static void
clear (void)
{
  run ("rm -rf ~/.var ~/snap ~/vaults ~/ext ~/odd* \"$XDG_DATA_HOME\"/* \"$XDG_CONFIG_HOME\"/*");
}

/* ---- variants */

#define EDITOR                                                                                     \
  "[Host]\nId=ed\nName=Editor\n"                                                                   \
  "[Variant native]\nType=native\nplugins=${DATA}/ed\n"                                            \
  "[Variant fork]\nType=native\nName=Fork\nplugins=${DATA}/ed\nDetect=${CONFIG}/fork\n"            \
  "Process=forked;other\n"                                                                         \
  "[Variant sandboxed]\nType=flatpak\nApp=org.x.Ed\nplugins=${DATA}/ed\n"                          \
  "[Variant snap]\nType=snap\nApp=ed\nplugins=${HOME}/ed\nMode=observe\n"                          \
  "[Root user]\nPath=${plugins}\nLayout=dir\n"                                                     \
  "[Part config]\nPath=${CONFIG}/ed/{id}\nRole=settings\n"                                         \
  "[Manifest]\nFormat=none\nIdFrom=dirname\n"                                                      \
  "[State enabled]\nRole=enabled\nBackend=gsettings-list\nPath=/org/ed/\nKey=on\nEntry={id}\n"     \
  "[Data settings]\nBackend=gsettings\nPath=/org/ed/{id}/\n"                                       \
  "[Running]\nProcess=ed\n"

static void
test_variants (void)
{
  g_autoptr(GPtrArray) hosts = NULL;

  clear ();
  hosts = load ("ed", EDITOR);
  assert_hosts (hosts, "ed (Editor) missing: \ned@fork (Fork) missing: \n"
                       "ed@sandboxed (Editor (Flatpak)) missing: \n"
                       "ed@snap (Editor (Snap)) missing: \n");

  g_ptr_array_unref (hosts);
  run ("mkdir -p \"$XDG_DATA_HOME\"/ed/a ~/.var/app/org.x.Ed/data/ed/b ~/snap/ed/{41,42}/ed/c; "
       "ln -s 42 ~/snap/ed/current");
  hosts = load ("ed", EDITOR);
  /* The fork shares the folder, but it is not on this machine. */
  assert_hosts (hosts, "ed (Editor): a\ned@fork (Fork) missing: a\n"
                       "ed@sandboxed (Editor (Flatpak)): b\ned@snap (Editor (Snap)): c\n");
  assert_parts (hosts->pdata[0], "a", "user=/.local/share/ed/a;config=/.config/ed/a;");
  assert_parts (hosts->pdata[2], "b",
                "user=/.var/app/org.x.Ed/data/ed/b;config=/.var/app/org.x.Ed/config/ed/b;");
  /* A refresh moves the link; what was saved stays where it was. */
  assert_parts (hosts->pdata[3], "c", "user=/snap/ed/42/ed/c;config=/snap/ed/42/.config/ed/c;");

  g_ptr_array_unref (hosts);
  run ("mkdir \"$XDG_CONFIG_HOME\"/fork");
  hosts = load ("ed", EDITOR);
  g_assert_cmpint (plug_rb_host_get_state (hosts->pdata[1]), ==, PLUG_RB_HOST_STATE_PRESENT);
}

static GPtrArray *
list_stores (PlugRbHost *host, const char *id)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *stores = plug_rb_host_list_stores (host, id, NULL, &error);

  g_assert_no_error (error);
  return stores;
}

#define get_parameter(store, name) plug_rb_settings_store_get (store, name)

/* GLib in a sandbox has a file of its own. */
static void
test_variants_settings (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(GPtrArray) native = NULL;
  g_autoptr(GPtrArray) stores = NULL;
  g_autoptr(GPtrArray) memberships = NULL;
  PlugRbSettingsStore *list, *folder;

  clear ();
  hosts = load ("ed", EDITOR);
  native = list_stores (hosts->pdata[0], "a");
  g_assert_cmpuint (native->len, ==, 0);
  memberships = plug_rb_host_read_memberships (hosts->pdata[0], "a");
  g_assert_cmpuint (memberships->len, ==, 1);
  g_ptr_array_unref (memberships);

  memberships = plug_rb_host_read_memberships (hosts->pdata[2], "a");
  g_assert_cmpuint (memberships->len, ==, 0);
  stores = list_stores (hosts->pdata[2], "a");
  g_assert_cmpuint (stores->len, ==, 2);
  list = stores->pdata[0];
  g_assert_cmpstr (plug_rb_settings_store_get_name (list), ==, "enabled");
  g_assert_cmpstr (plug_rb_settings_store_get_backend (list), ==, "keyfile-list");
  g_assert_cmpstr (get_parameter (list, "Role"), ==, "enabled");
  g_assert_cmpstr (get_parameter (list, "Group"), ==, "org/ed");
  g_assert_cmpstr (get_parameter (list, "Key"), ==, "on");
  g_assert_cmpstr (get_parameter (list, "Entry"), ==, "a");
  g_assert_true (g_str_has_suffix (get_parameter (list, "File"),
                                   "/.var/app/org.x.Ed/config/glib-2.0/settings/keyfile"));
  g_assert_cmpstr (get_parameter (list, "Host"), ==, "Editor (Flatpak)");
  folder = stores->pdata[1];
  g_assert_cmpstr (get_parameter (folder, "Role"), ==, "settings");
  g_assert_cmpstr (plug_rb_settings_store_get_backend (folder), ==, "keyfile-group");
  g_assert_cmpstr (get_parameter (folder, "Group"), ==, "org/ed/a");
}

/* A description of the user's takes the place of all variants. */
static void
test_variants_overridden (void)
{
  g_autofree char *shipped = g_build_filename (g_get_user_data_dir (), "hosts", NULL);
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "plugin-rollback/hosts", NULL);
  g_autofree char *before = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));
  g_autofree char *path = write_host ("ed", EDITOR);
  g_autoptr(GPtrArray) hosts = NULL;

  g_setenv ("PLUGRB_HOSTS_DIR", shipped, TRUE);
  run ("mkdir -p \"$XDG_DATA_HOME\"/plugin-rollback/hosts; cd \"$XDG_DATA_HOME\"; "
       "printf '[Host]\\nId=ed\\nInherits=ed\\nName=Mine\\n' > plugin-rollback/hosts/ed.host");
  hosts = plug_rb_host_load_all (NULL);
  g_assert_cmpuint (hosts->len, ==, 4);
  g_assert_cmpstr (plug_rb_host_get_name (hosts->pdata[0]), ==, "Mine");
  g_assert_cmpstr (plug_rb_host_get_name (hosts->pdata[2]), ==, "Mine (Flatpak)");

  run ("rm -r \"$XDG_DATA_HOME\"/{hosts,plugin-rollback}");
  g_setenv ("PLUGRB_HOSTS_DIR", before ? before : "", TRUE);
}

/* ---- instances */

#define VERSIONS                                                                                   \
  "[Host]\nId=paint\nName=Paint\n"                                                                 \
  "[Instances]\nSource=glob\nPath=${CONFIG}/paint/*\n"                                             \
  "[Root user]\nPath=${instance}/plug-ins\nLayout=dir\n"                                           \
  "[Manifest]\nFormat=none\nIdFrom=dirname\n"

static void
test_instances (void)
{
  g_autoptr(GPtrArray) hosts = NULL;

  clear ();
  hosts = load ("paint", VERSIONS);
  assert_hosts (hosts, "paint (Paint) missing: \n");

  g_ptr_array_unref (hosts);
  run ("cd \"$XDG_CONFIG_HOME\"; mkdir -p paint/{3.0,2.10}/plug-ins/same paint/3.0/plug-ins/new; "
       "touch paint/file; mkdir paint/.hidden");
  hosts = load ("paint", VERSIONS);
  assert_hosts (hosts, "paint+2.10 (Paint: 2.10): same\npaint+3.0 (Paint: 3.0): new same\n");
  assert_parts (hosts->pdata[0], "same", "user=/.config/paint/2.10/plug-ins/same;");
}

#define VAULTS                                                                                     \
  "[Host]\nId=notes\nName=Notes\n"                                                                 \
  "[Instances]\nSource=json\nPath=${CONFIG}/notes.json\nPointer=/vaults/*/path\n"                  \
  "[Root user]\nPath=${instance}/.notes/plugins\nLayout=dir\n"                                     \
  "[Manifest]\nFormat=none\nIdFrom=dirname\n"                                                      \
  "[State "                                                                                        \
  "enabled]\nRole=enabled\nBackend=json-list\nFile=${instance}/.notes/on.json\nEntry={id}\n"

static const char vaults_script[] =
    "mkdir -p ~/vaults/{a,b}/Work ~/vaults/'o d{d};${HOME}%41'/.notes/plugins/p "
    "~/vaults/b/Work/.notes/plugins/q;"
    "python3 - <<'X'\n"
    "import json, os\n"
    "home = os.environ['HOME']\n"
    "names = ['a/Work', 'b/Work', 'o d{d};${HOME}%41', 'gone', 'a/../a/Work']\n"
    "vaults = {str(i): {'path': f'{home}/vaults/{name}'} for i, name in enumerate(names)}\n"
    "vaults['x'] = {'path': 'relative'}\n"
    "vaults['y'] = {'path': 7}\n"
    "json.dump({'vaults': vaults}, open(os.environ['XDG_CONFIG_HOME'] + '/notes.json', 'w'))\nX\n";

/* The id of a vault must stay what it is, whatever others come and go. */
static void
test_instances_named (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(GPtrArray) stores = NULL;
  g_autofree char *first = NULL;

  clear ();
  run (vaults_script);
  hosts = load ("notes", VAULTS);
  g_assert_cmpuint (hosts->len, ==, 3);
  for (guint i = 0; i < 2; i++) {
    g_assert_true (g_str_has_prefix (plug_rb_host_get_id (hosts->pdata[i]), "notes+Work-"));
    g_assert_cmpstr (plug_rb_host_get_name (hosts->pdata[i]), ==, "Notes: Work");
  }
  g_assert_cmpstr (plug_rb_host_get_id (hosts->pdata[0]), !=,
                   plug_rb_host_get_id (hosts->pdata[1]));
  g_assert_true (
      g_str_has_prefix (plug_rb_host_get_id (hosts->pdata[2]), "notes+o-d-d----HOME--41-"));
  assert_parts (hosts->pdata[2], "p", "user=/vaults/o d{d};${HOME}%41/.notes/plugins/p;");
  stores = list_stores (hosts->pdata[2], "p");
  g_assert_cmpuint (stores->len, ==, 1);
  g_assert_true (g_str_has_suffix (get_parameter (stores->pdata[0], "File"),
                                   "/vaults/o d{d};${HOME}%41/.notes/on.json"));

  first = g_strdup (plug_rb_host_get_id (hosts->pdata[0]));
  g_ptr_array_unref (hosts);
  run ("printf "
       "'{\"vaults\":{\"z\":{\"path\":\"%s/vaults/a/Work\"},\"y\":{\"path\":\"%s/vaults/b/"
       "Work\"}}}' "
       "~ ~ > \"$XDG_CONFIG_HOME\"/notes.json");
  hosts = load ("notes", VAULTS);
  g_assert_cmpuint (hosts->len, ==, 2);
  g_assert_cmpstr (plug_rb_host_get_id (hosts->pdata[0]), ==, first);
}

static void
test_instances_damaged (void)
{
  g_autoptr(GPtrArray) hosts = NULL;

  clear ();
  hosts = load ("notes", VAULTS);
  assert_hosts (hosts, "notes (Notes) missing: \n");

  g_ptr_array_unref (hosts);
  run ("echo '{\"vaults\": oops' > \"$XDG_CONFIG_HOME\"/notes.json");
  hosts = load ("notes", VAULTS);
  g_assert_cmpuint (hosts->len, ==, 1);
  g_assert_cmpint (plug_rb_host_get_state (hosts->pdata[0]), ==, PLUG_RB_HOST_STATE_UNREADABLE);
  g_assert_nonnull (strstr (plug_rb_host_get_message (hosts->pdata[0]), "notes.json"));
}

/* ---- versions side by side */

#define CODE                                                                                       \
  "[Host]\nId=code\nName=Code\n"                                                                   \
  "[Root user]\nPath=${HOME}/ext\nLayout=versioned-dir\nNamePattern={id}-{version}\n"              \
  "[Part store]\nPath=${CONFIG}/code/{id}\nRole=settings\n"                                        \
  "[Manifest]\nFile=package.json\nFormat=json\nIdFrom=dirname\nIdCase=fold\nVersion=/version\n"    \
  "[State installed]\nRole=installed\nBackend=json-objects\nFile=${HOME}/ext/extensions.json\n"    \
  "Match=/identifier/id\nFolder=/relativeLocation\nEntry={id}\nCase=fold\n"                        \
  "[State "                                                                                        \
  "obsolete]\nRole=obsolete\nBackend=json-map\nFile=${HOME}/ext/"                                  \
  ".obsolete\nEntryPattern={id}-[0-9]*\n"                                                          \
  "[Cache]\nGlobs=__pycache__\n"

#define MAKE_1                                                                                     \
  "mkdir -p ~/ext/pub.a-1.9.0; echo '{\"version\":\"1.9.0\"}' > ~/ext/pub.a-1.9.0/package.json; "
#define MAKE_2                                                                                     \
  "mkdir -p ~/ext/Pub.A-1.10.0-linux-x64; "                                                        \
  "echo '{\"version\":\"1.10.0\"}' > ~/ext/Pub.A-1.10.0-linux-x64/package.json; "
#define NEIGHBOURS "mkdir -p ~/ext/pub.a-2-1.0.0 ~/ext/pub.b-0.1.0 ~/ext/odd; "

static void
register_version (const char *folder)
{
  g_autofree char *script = g_strdup_printf (
      "printf '[{\"identifier\":{\"id\":\"pub.b\"},\"relativeLocation\":\"pub.b-0.1.0\"},"
      "{\"identifier\":{\"id\":\"Pub.A\"},\"relativeLocation\":\"%s\"}]' > ~/ext/extensions.json",
      folder);

  run (script);
}

#define LATER "user/Pub.A-1.10.0-linux-x64=/ext/Pub.A-1.10.0-linux-x64;"
#define EARLIER "user/pub.a-1.9.0=/ext/pub.a-1.9.0;"
#define STORE "store=/.config/code/pub.a;"

static void
test_versions (void)
{
  g_autoptr(GPtrArray) hosts = NULL;

  clear ();
  run (NEIGHBOURS MAKE_1 MAKE_2 "touch ~/ext/pub.c-1.0.0");
  hosts = load ("code", CODE);
  assert_hosts (hosts, "code (Code): pub.a pub.a-2 pub.b\n");

  /* As numbers, 10 is more than 9. */
  assert_parts (hosts->pdata[0], "pub.a", LATER EARLIER STORE);
  register_version ("pub.a-1.9.0");
  assert_parts (hosts->pdata[0], "pub.a", EARLIER LATER STORE);
  /* What the host says must not lead to another's folder, or out of its own. */
  register_version ("pub.b-0.1.0");
  assert_parts (hosts->pdata[0], "pub.a", LATER EARLIER STORE);
  register_version ("../pub.a-1.9.0");
  assert_parts (hosts->pdata[0], "pub.a", LATER EARLIER STORE);
  run ("echo oops > ~/ext/extensions.json");
  assert_parts (hosts->pdata[0], "pub.b",
                "user/pub.b-0.1.0=/ext/pub.b-0.1.0;store=/.config/code/pub.b;");
  assert_parts (hosts->pdata[0], "none", "store=/.config/code/none;");
}

static void
test_versions_stores (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(GPtrArray) stores = NULL;

  clear ();
  run (MAKE_1);
  hosts = load ("code", CODE);
  stores = list_stores (hosts->pdata[0], "pub.a[x]*");
  g_assert_cmpuint (stores->len, ==, 2);
  g_assert_null (get_parameter (stores->pdata[0], "Folder"));
  g_assert_cmpstr (get_parameter (stores->pdata[0], "Entry"), ==, "pub.a[x]*");
  /* In a pattern an id means nothing but itself. */
  g_assert_cmpstr (get_parameter (stores->pdata[1], "EntryPattern"), ==, "pub.a\\[x\\]\\*-[0-9]*");
}

static char *
take_picture (void)
{
  return scratch_output ((const char *[]) {
      "bash", "-c",
      "cd ~/ext && find . -mindepth 1 -printf '%p %y %m ' \\( -type f -printf '%T@ ' "
      "-exec sha256sum {} \\; -o -printf '\\n' \\) | sort",
      NULL });
}

static void
there_and_back (const char *update, const char *folder)
{
  g_autofree char *hosts = g_build_filename (g_get_user_data_dir (), "hosts", NULL);
  g_autofree char *before = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));
  g_autofree char *path = NULL;
  g_autoptr(PlugRbEngine) engine = NULL;
  g_autoptr(PlugRbSnapshot) target = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(PlugRbOperation) undo = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *updated = NULL;
  g_autofree char *now = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;

  clear ();
  path = write_host ("code", CODE);
  g_setenv ("PLUGRB_HOSTS_DIR", hosts, TRUE);
  engine = scratch_open ();
  run (NEIGHBOURS MAKE_1);
  wanted = take_picture ();
  target = scratch_snapshot (engine, "code/pub.a");
  run (update);
  updated = take_picture ();

  operation = scratch_roll_back (engine, target, &error);
  g_assert_no_error (error);
  now = take_picture ();
  g_assert_cmpstr (now, ==, wanted);
  g_assert_null (strstr (now, folder));

  undo = scratch_undo (engine, &error);
  g_assert_no_error (error);
  again = take_picture ();
  g_assert_cmpstr (again, ==, updated);
  g_setenv ("PLUGRB_HOSTS_DIR", before ? before : "", TRUE);
}

static void
test_versions_rolled_back (void)
{
  there_and_back (MAKE_2 "rm -r ~/ext/pub.a-1.9.0", "1.10.0");
}

/* The host removes the old version only when it starts the next time. */
static void
test_versions_both (void)
{
  there_and_back (MAKE_2 "echo changed > ~/ext/pub.a-1.9.0/new", "1.10.0");
}

/* ---- what runs */

#define CLOSED                                                                                     \
  "[Host]\nId=closed\nName=Closed\n[Root user]\nPath=${DATA}/closed\nLayout=dir\n"                 \
  "[Manifest]\nFormat=none\nIdFrom=dirname\n[Running]\nProcess=nobody;odd-program\n"               \
  "[Apply]\nWhileRunning=stop-first\n"

static void
test_running (void)
{
  g_autofree char *program = g_build_filename (g_get_home_dir (), "odd-program", NULL);
  char *argv[] = { program, (char *) "60", NULL };
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(GError) error = NULL;
  GPid pid;

  clear ();
  hosts = load ("closed", CLOSED);
  g_assert_false (plug_rb_host_is_running (hosts->pdata[0]));
  g_assert_true (plug_rb_host_check_writable (hosts->pdata[0], &error));

  run ("cp \"$(command -v sleep)\" ~/odd-program");
  g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  g_assert_true (plug_rb_host_is_running (hosts->pdata[0]));
  g_assert_false (plug_rb_host_check_writable (hosts->pdata[0], &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_assert_nonnull (strstr (error->message, "Closed"));
  g_clear_error (&error);

  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  g_assert_false (plug_rb_host_is_running (hosts->pdata[0]));
}

static void
test_observed (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(GError) error = NULL;

  clear ();
  hosts = load ("ed", EDITOR);
  g_assert_true (plug_rb_host_check_writable (hosts->pdata[0], &error));
  g_assert_no_error (error);
  g_assert_false (plug_rb_host_check_writable (hosts->pdata[3], &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED);
}

/* ---- parts that a plugin may lack */

#define PAINTER                                                                                    \
  "[Host]\nId=kr\nName=Kr\n[Root user]\nPath=${DATA}/kr\nLayout=dir\n"                             \
  "[Part action]\nPath=${DATA}/kr-actions/{id}.action\nRole=code\nKind=file\nOptional=true\n"      \
  "[Manifest]\nFile=m.json\nFormat=json\nOptional=true\nIdFrom=dirname\nVersion=/v\n"

static void
test_optional (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(PlugRbPlugin) left = NULL;
  g_autoptr(PlugRbPlugin) plain = NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  clear ();
  run ("cd \"$XDG_DATA_HOME\"; mkdir -p kr/plain kr/good kr-actions; touch kr-actions/left.action; "
       "echo '{\"v\": 3}' > kr/good/m.json");
  hosts = load ("kr", PAINTER);
  left = plug_rb_host_dup_plugin (hosts->pdata[0], "left", &error);
  g_assert_no_error (error);
  g_assert_false (plug_rb_plugin_get_installed (left));
  plain = plug_rb_host_dup_plugin (hosts->pdata[0], "plain", &error);
  g_assert_no_error (error);
  g_assert_true (plug_rb_plugin_get_installed (plain));
  manifest = plug_rb_host_read_manifest (hosts->pdata[0], "plain", &error);
  g_assert_no_error (error);
  g_assert_nonnull (manifest);
  g_assert_null (manifest->version);
  plug_rb_manifest_free (g_steal_pointer (&manifest));
  manifest = plug_rb_host_read_manifest (hosts->pdata[0], "good", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (manifest->version, ==, "3");
}

/* ---- faults */

typedef struct {
  const char *name;
  const char *text;
  const char *from;
  const char *to;
  const char *named;
} Fault;

static const Fault faults[] = {
  { "type", EDITOR, "Type=flatpak", "Type=docker", "group “Variant sandboxed”, key “Type”" },
  { "app", EDITOR, "App=org.x.Ed\n", "",
    "group “Variant sandboxed”, key “App”: this key is missing" },
  { "app-path", EDITOR, "App=org.x.Ed", "App=../x", "key “App”" },
  { "app-native", EDITOR, "Type=native\n", "Type=native\nApp=x\n", "only for" },
  { "word-lacking", EDITOR, "Type=snap\nApp=ed\nplugins=${HOME}/ed\n", "Type=snap\nApp=ed\n",
    "group “Root user”, key “Path”" },
  { "word-taken", EDITOR, "plugins=${DATA}/ed\n", "plugins=${DATA}/ed\ninstance=/x\n", "taken" },
  { "programs", EDITOR, "Process=ed\n", "Process=/bin/ed\n", "key “Process”" },
  { "source", VAULTS, "Source=json", "Source=yaml", "key “Source”" },
  { "no-pointer", VAULTS, "Pointer=/vaults/*/path\n", "", "key “Pointer”: this key is missing" },
  { "pointer", VAULTS, "Pointer=/", "Pointer=", "key “Pointer”" },
  { "instance", VAULTS, "[Instances]", "[Health x]", "group “Root user”, key “Path”" },
  { "no-pattern", CODE, "NamePattern={id}-{version}\n", "",
    "key “NamePattern”: this key is missing" },
  { "pattern", CODE, "NamePattern={id}-{version}", "NamePattern={id}{version}",
    "key “NamePattern”" },
  { "pattern-dir", CODE, "Layout=versioned-dir", "Layout=dir", "only for “Layout=versioned-dir”" },
  { "store-file", CODE, "File=${HOME}/ext/.obsolete\n", "", "key “File”: this key is missing" },
  { "store-path", CODE, "File=${HOME}/ext/.obsolete", "File=ext/.obsolete", "key “File”" },
  { "store-keys", CODE, "EntryPattern={id}-[0-9]*\n", "Pointer=/{id}\n", "lacks “Entry”" },
  { "store-all", CODE, "EntryPattern={id}-[0-9]*\n", "Entry=x\n",
    "group “State obsolete”: nothing in it" },
  { "store-word", CODE, "EntryPattern={id}-[0-9]*\n", "Entry={uuid}\n", "key “Entry”" },
  { "store-case", CODE, "\nCase=fold", "\nCase=upper", "“Case”" },
  { "store-match", CODE, "Match=/", "Match=", "“Match”" },
  { "store-foreign", CODE, "EntryPattern={id}-[0-9]*\n", "Entry={id}\nTable=x\n",
    "group “State obsolete”, key “Table”: this key is not known" },
};

static void
test_invalid (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr(GString) text = g_string_new (fault->text);
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autofree char *all = NULL;

  g_assert_cmpuint (g_string_replace (text, fault->from, fault->to, 1), ==, 1);
  path = write_host ("wrong", text->str);
  found = plug_rb_host_list_faults (path);
  g_assert_cmpuint (found->len, >, 0);
  for (guint i = 0; i < found->len; i++)
    g_test_message ("%s", (char *) found->pdata[i]);
  g_ptr_array_add (found, NULL);
  all = g_strjoinv ("\n", (char **) found->pdata);
  g_ptr_array_set_size (found, (gint) found->len - 1);
  g_assert_nonnull (strstr (all, path));
  g_assert_nonnull (strstr (all, fault->named));
}

static void
test_all_faults (void)
{
  g_autofree char *path =
      write_host ("wrong", "[Host]\nId=A\nName=x\nColour=red\n[Root user]\nPath=x\nLayout=dir\n"
                           "[Manifest]\nFormat=none\nIdFrom=dirname\n[Rut]\n");
  g_autoptr(GPtrArray) found = plug_rb_host_list_faults (path);

  g_assert_cmpuint (found->len, ==, 4);
  g_assert_nonnull (strstr (found->pdata[0], "line 2, group “Host”, key “Id”"));
  g_assert_nonnull (strstr (found->pdata[1], "line 4, group “Host”, key “Colour”"));
  g_assert_nonnull (strstr (found->pdata[2], "line 6, group “Root user”, key “Path”"));
  g_assert_nonnull (strstr (found->pdata[3], "line 11, group “Rut”"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-variants/all", test_variants);
  g_test_add_func ("/host-variants/settings", test_variants_settings);
  g_test_add_func ("/host-variants/overridden", test_variants_overridden);
  g_test_add_func ("/host-variants/instances/glob", test_instances);
  g_test_add_func ("/host-variants/instances/named", test_instances_named);
  g_test_add_func ("/host-variants/instances/damaged", test_instances_damaged);
  g_test_add_func ("/host-variants/versions", test_versions);
  g_test_add_func ("/host-variants/versions/stores", test_versions_stores);
  g_test_add_func ("/host-variants/versions/rolled-back", test_versions_rolled_back);
  g_test_add_func ("/host-variants/versions/both", test_versions_both);
  g_test_add_func ("/host-variants/running", test_running);
  g_test_add_func ("/host-variants/observed", test_observed);
  g_test_add_func ("/host-variants/optional", test_optional);
  g_test_add_func ("/host-variants/faults", test_all_faults);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strconcat ("/host-variants/invalid/", faults[i].name, NULL);

    g_test_add_data_func (path, &faults[i], test_invalid);
  }

  return g_test_run ();
}
