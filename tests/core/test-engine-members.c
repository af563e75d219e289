/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-operation.h"
#include "plug-rb-transaction.h"
#include "scratch.h"

/* Plugins that are no folder of their own: files among others' in one folder. */

/* Two hosts, each with a neighbour whose files must never change. */
static const char set_up_script[] =
    "set -e; mkdir -p \"$XDG_DATA_HOME/hosts\" \"$XDG_DATA_HOME/editor/plugins\" "
    "  \"$XDG_DATA_HOME/scripts\";"
    "cat > \"$XDG_DATA_HOME/hosts/editor.host\" <<'X'\n"
    "[Host]\nId=editor\nName=Editor\n"
    "[Root user]\nPath=${DATA}/editor/plugins\nLayout=manifest-set\n"
    "Members={stem}.plugin;{id}.py;{id};lib{id}.so\n"
    "[Manifest]\nFile=*.plugin\nFormat=keyfile\nIdFrom=manifest\nId=Plugin/Module\n"
    "Name=Plugin/Name\nVersion=Plugin/Version\n"
    "[Cache]\nGlobs=__pycache__\n"
    "[Data settings]\nBackend=gsettings\nPath=/org/editor/plugins/{id}/\n"
    "[Reload]\nMethod=none\nX\n"
    "cat > \"$XDG_DATA_HOME/hosts/scripts.host\" <<'X'\n"
    "[Host]\nId=scripts\nName=Scripts\n"
    "[Root user]\nPath=${DATA}/scripts\nLayout=dir-or-file\nMembers={id};{id}.py\n"
    "[Manifest]\nFormat=none\nIdFrom=stem\n"
    "[Reload]\nMethod=none\nX\n"
    "cd \"$XDG_DATA_HOME/editor/plugins\";"
    "printf '[Plugin]\\nModule=spell\\nName=Spell\\nVersion=9\\n' > spell.plugin;"
    "echo neighbour > spell.py; echo stranger > notes.txt;"
    "cd \"$XDG_DATA_HOME/scripts\"; echo neighbour > other.py";

static const char editor_1[] =
    "set -e; cd \"$XDG_DATA_HOME/editor/plugins\"; rm -rf term.plugin term term.py;"
    "printf '[Plugin]\\nModule=term\\nName=Terminal\\nName[de]=Konsole\\nVersion=1\\n' "
    "  > terminal.plugin;"
    "echo one > term.py; chmod 755 term.py; touch -d 2020-01-02 term.py";

/* The file became a folder, and the manifest has another name. */
static const char editor_2[] =
    "set -e; cd \"$XDG_DATA_HOME/editor/plugins\"; rm -f terminal.plugin term.py;"
    "printf '[Plugin]\\nModule=term\\nName=Terminal\\nVersion=2\\n' > term.plugin;"
    "mkdir term; echo two > term/__init__.py; mkdir term/__pycache__; echo x > term/__pycache__/y";

static const char scripts_1[] =
    "set -e; cd \"$XDG_DATA_HOME/scripts\"; rm -rf term term.py; echo one > term.py";

static const char scripts_2[] = "set -e; cd \"$XDG_DATA_HOME/scripts\"; rm -rf term term.py; mkdir "
                                "term; echo two > term/main.py";

static const char scripts_3[] =
    "set -e; cd \"$XDG_DATA_HOME/scripts\"; echo three > term.py; chmod 700 term.py";

static const char picture_script[] =
    "cd \"$XDG_DATA_HOME\" && find editor scripts -name __pycache__ -prune -o -printf '%p %y %m %l "
    "' "
    "\\( -type f -printf '%T@ %s ' -exec sha256sum {} \\; -o -printf '\\n' \\) | sort; "
    "dconf dump /org/editor/plugins/";

typedef struct {
  const char *plugin;
  const char *first;
  const char *second;
} Versions;

static const Versions file_to_folder = { "editor/term", editor_1, editor_2 };
static const Versions folder_to_file = { "editor/term", editor_2, editor_1 };
static const Versions script_to_folder = { "scripts/term", scripts_1, scripts_2 };
static const Versions script_changed = { "scripts/term", scripts_1, scripts_3 };
static const Versions script_gone = { "scripts/term", scripts_1,
                                      "rm \"$XDG_DATA_HOME/scripts/term.py\"" };
static const Versions set_gone = { "editor/term", editor_1,
                                   "cd \"$XDG_DATA_HOME/editor/plugins\"; rm term*" };

/* ---- tools */

static void
run (const char *script)
{
  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
}

static char *
take_picture (void)
{
  return scratch_output ((const char *[]) { "bash", "-c", picture_script, NULL });
}

static void
assert_picture (const char *expected)
{
  g_autofree char *picture = take_picture ();

  g_assert_cmpstr (picture, ==, expected);
}

static PlugRbEngine *
begin (void)
{
  g_autofree char *hosts = g_build_filename (g_get_user_data_dir (), "hosts", NULL);

  run ("rm -rf \"$XDG_DATA_HOME\"/{editor,scripts,hosts,plugin-rollback} \"$XDG_CACHE_HOME\"/*;"
       "dconf reset -f /org/editor/");
  run (set_up_script);
  g_setenv ("PLUGRB_HOSTS_DIR", hosts, TRUE);

  return scratch_open ();
}

/* ---- */

static void
test_there_and_back (gconstpointer data)
{
  const Versions *versions = data;
  g_autoptr(PlugRbEngine) engine = begin ();
  g_autoptr(PlugRbSnapshot) target = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(PlugRbOperation) undo = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *before = NULL;

  run (versions->first);
  run ("dconf write /org/editor/plugins/term/lines 7");
  wanted = take_picture ();
  target = scratch_snapshot (engine, versions->plugin);
  run (versions->second);
  if (g_str_has_prefix (versions->plugin, "editor/") && versions != &set_gone)
    run ("dconf write /org/editor/plugins/term/lines 2; dconf write /org/editor/plugins/term/x "
         "true");
  before = take_picture ();
  g_assert_cmpstr (wanted, !=, before);

  operation = scratch_roll_back (engine, target, &error);
  g_assert_no_error (error);
  assert_picture (wanted);

  undo = scratch_undo (engine, &error);
  g_assert_no_error (error);
  assert_picture (before);
}

static const char *stop_at;

static void
stop (const char *point)
{
  if (g_str_equal (point, stop_at))
    _exit (0);
}

/* A process that dies there; the next one finishes or takes back what it began. */
static void
die_at (const char *point, const Versions *versions)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  scratch_run ((const char *[]) { self, "--child", point, versions->plugin, NULL });
}

static void
test_killed (gconstpointer data)
{
  static const char *const points[] = { "journal-written", "staged",       "swapping", "swapped",
                                        "settings",        "before-close", "done",     "dropped" };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    const Versions *versions = data;
    g_autoptr(PlugRbEngine) engine = begin ();
    g_autoptr(PlugRbSnapshot) target = NULL;
    g_autoptr(GPtrArray) recoveries = NULL;
    g_autofree char *wanted = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    run (versions->first);
    wanted = take_picture ();
    target = scratch_snapshot (engine, versions->plugin);
    run (versions->second);
    before = take_picture ();

    die_at (points[i], versions);
    recoveries = plug_rb_engine_recover (engine, NULL, NULL);
    g_assert_nonnull (recoveries);
    after = take_picture ();
    g_assert_true (g_str_equal (after, wanted) || g_str_equal (after, before));
    g_assert_cmpstr (i < 2 ? before : wanted, ==, after);
  }
}

static int
run_child (const char *point, const char *plugin)
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (engine, plugin, NULL);
  g_autoptr(PlugRbOperation) operation = NULL;

  stop_at = point;
  plug_rb_transaction_set_checkpoint (stop);
  operation = scratch_roll_back (engine, snapshots->pdata[snapshots->len - 1], NULL);

  return 1;
}

/* ---- */

static void
test_listed (void)
{
  g_autoptr(PlugRbEngine) engine = begin ();
  g_autoptr(GPtrArray) plugins = NULL;
  g_autoptr(GString) found = g_string_new (NULL);

  run (editor_1);
  run (
      "mkdir -p \"$XDG_DATA_HOME/editor/plugins/own\"; cd \"$XDG_DATA_HOME/editor/plugins/own\";"
      "printf '[Plugin]\\nModule=owned\\nName=Owned\\nVersion=3\\n' > o.plugin; echo x > owned.py");
  run (scripts_2);
  plugins = plug_rb_engine_list_plugins (engine, NULL, NULL);
  for (guint i = 0; i < plugins->len; i++)
    g_string_append_printf (found, "%s %s %s\n", plug_rb_plugin_get_key (plugins->pdata[i]),
                            plug_rb_plugin_get_name (plugins->pdata[i]),
                            plug_rb_plugin_get_version (plugins->pdata[i]));

  g_assert_cmpstr (found->str, ==,
                   "editor/owned Owned 3\neditor/spell Spell 9\neditor/term Terminal 1\n"
                   "scripts/other other (null)\nscripts/term term (null)\n");
}

/* The name that a file of the old version had is another plugin's now. */
static void
test_taken (void)
{
  g_autoptr(PlugRbEngine) engine = begin ();
  g_autoptr(PlugRbSnapshot) target = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;

  run (editor_1);
  target = scratch_snapshot (engine, "editor/term");
  run (editor_2);
  run ("cd \"$XDG_DATA_HOME/editor/plugins\";"
       "printf '[Plugin]\\nModule=thief\\nName=Thief\\nVersion=3\\n' > terminal.plugin");
  before = take_picture ();
  operation = scratch_roll_back (engine, target, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_assert_nonnull (strstr (error->message, "thief"));
  assert_picture (before);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/members/listed", test_listed);
  g_test_add_func ("/members/taken", test_taken);
  g_test_add_data_func ("/members/file-to-folder", &file_to_folder, test_there_and_back);
  g_test_add_data_func ("/members/folder-to-file", &folder_to_file, test_there_and_back);
  g_test_add_data_func ("/members/script-to-folder", &script_to_folder, test_there_and_back);
  g_test_add_data_func ("/members/script-changed", &script_changed, test_there_and_back);
  g_test_add_data_func ("/members/script-gone", &script_gone, test_there_and_back);
  g_test_add_data_func ("/members/set-gone", &set_gone, test_there_and_back);
  g_test_add_data_func ("/members/killed/file-to-folder", &file_to_folder, test_killed);
  g_test_add_data_func ("/members/killed/script-changed", &script_changed, test_killed);

  return g_test_run ();
}
