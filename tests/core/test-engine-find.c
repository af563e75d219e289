/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What the engine finds, and what it chooses to go back to. */

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

typedef struct {
  const char *name;
  PlugRbError code;
} Name;

static const Name names[] = {
  { "nobody@example.org", PLUG_RB_ERROR_NOT_FOUND },
  { "gnome-shell/nobody@example.org", PLUG_RB_ERROR_NOT_FOUND },
  { "nowhere/" ID, PLUG_RB_ERROR_NOT_FOUND },
  { "Gnome-Shell/" ID, PLUG_RB_ERROR_NOT_FOUND },
  { "sample@example", PLUG_RB_ERROR_NOT_FOUND },
  { "", PLUG_RB_ERROR_INVALID },
  { "/", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/", PLUG_RB_ERROR_INVALID },
  { ID "/", PLUG_RB_ERROR_INVALID },
  { ".", PLUG_RB_ERROR_INVALID },
  { "..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/" ID "/..", PLUG_RB_ERROR_INVALID },
  { "gnome-shell/../extensions/" ID, PLUG_RB_ERROR_INVALID },
};

static void
test_find_plugin (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) by_id = plug_rb_engine_find_plugin (fixture->engine, ID, NULL);
  g_autoptr(PlugRbPlugin) by_key = plug_rb_engine_find_plugin (fixture->engine, KEY, NULL);

  g_assert_cmpstr (plug_rb_plugin_get_key (by_id), ==, KEY);
  g_assert_cmpstr (plug_rb_plugin_get_key (by_key), ==, KEY);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null (plug_rb_engine_find_plugin (fixture->engine, names[i].name, &error));
    g_assert_error (error, PLUG_RB_ERROR, (int) names[i].code);
  }
}

static const char other_host[] =
    "[Host]\nId=other\nName=Other\nIcon=application-x-addon-symbolic\nDetect=path:${DATA}/other\n"
    "[Root user]\nPath=${DATA}/other\nLayout=dir\n"
    "[Manifest]\nFile=metadata.json\nFormat=json\nId=/uuid\nIdFrom=dirname\nName=/name\n"
    "Version=/version\n";

/* Opens an engine that knows another host, which has the same plugin. */
static PlugRbEngine *
open_with_other (Fixture *fixture, const char *hosts)
{
  g_autofree char *shipped = g_strdup (g_getenv ("PLUGRB_HOSTS_DIR"));
  g_autofree char *shell = g_build_filename (shipped, "gnome-shell.host", NULL);
  g_autofree char *other = g_build_filename (hosts, "other.host", NULL);
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "other", NULL);
  g_autoptr(GPtrArray) read = NULL;
  PlugRbEngine *engine;

  scratch_run ((const char *[]) { "mkdir", "-p", hosts, root, NULL });
  scratch_run ((const char *[]) { "cp", shell, hosts, NULL });
  scratch_run ((const char *[]) { "cp", "-a", fixture->plugin, root, NULL });
  g_assert_true (g_file_set_contents (other, other_host, -1, NULL));
  g_setenv ("PLUGRB_HOSTS_DIR", hosts, TRUE);
  engine = scratch_open ();
  read = plug_rb_engine_list_hosts (engine);
  g_setenv ("PLUGRB_HOSTS_DIR", shipped, TRUE);

  return engine;
}

static void
test_ambiguous (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hosts = g_dir_make_tmp (NULL, NULL);
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "other", NULL);
  g_autoptr(PlugRbEngine) engine = open_with_other (fixture, hosts);
  g_autoptr(PlugRbPlugin) shell = plug_rb_engine_find_plugin (engine, KEY, NULL);
  g_autoptr(PlugRbPlugin) other = plug_rb_engine_find_plugin (engine, "other/" ID, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (plug_rb_plugin_get_key (shell), ==, KEY);
  g_assert_cmpstr (plug_rb_plugin_get_key (other), ==, "other/" ID);
  g_assert_null (plug_rb_engine_find_plugin (engine, ID, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS);
  g_assert_nonnull (strstr (error->message, KEY));
  g_assert_nonnull (strstr (error->message, "other/" ID));
  scratch_run ((const char *[]) { "rm", "-rf", hosts, root, NULL });
}

static void
test_find_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = scratch_snapshot (fixture->engine, ID);
  const char *id = plug_rb_snapshot_get_id (fixture->target);
  g_autofree char *three = g_strndup (id, 3);
  g_autofree char *four = g_strndup (id, 4);
  g_autofree char *most = g_strndup (id, 35);
  g_autofree char *longer = g_strconcat (id, "0", NULL);
  g_autoptr(PlugRbSnapshot) whole = plug_rb_engine_find_snapshot (fixture->engine, id, NULL);
  g_autoptr(PlugRbSnapshot) part = plug_rb_engine_find_snapshot (fixture->engine, most, NULL);

  g_assert_cmpstr (plug_rb_snapshot_get_id (whole), ==, id);
  g_assert_cmpstr (plug_rb_snapshot_get_id (part), ==, id);
  fixture_assert_no_snapshot (fixture, four, PLUG_RB_ERROR_AMBIGUOUS);
  fixture_assert_no_snapshot (fixture, three, PLUG_RB_ERROR_NOT_FOUND);
  fixture_assert_no_snapshot (fixture, "", PLUG_RB_ERROR_NOT_FOUND);
  fixture_assert_no_snapshot (fixture, longer, PLUG_RB_ERROR_NOT_FOUND);
  fixture_assert_no_snapshot (fixture, "no-such-snapshot", PLUG_RB_ERROR_NOT_FOUND);
}

static void
assert_target (Fixture *fixture, PlugRbSnapshot *expected)
{
  g_autoptr(PlugRbPlugin) plugin = fixture_find_plugin (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) target =
      plug_rb_engine_find_target (fixture->engine, plugin, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (target ? plug_rb_snapshot_get_id (target) : NULL, ==,
                   expected ? plug_rb_snapshot_get_id (expected) : NULL);
}

static void
test_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) second = NULL;

  assert_target (fixture, fixture->target);
  second = scratch_snapshot (fixture->engine, ID);
  assert_target (fixture, fixture->target);
  scratch_install_sample (3);
  assert_target (fixture, second);
}

/* Just rolled back: rolling back once more must not jump to and fro. Another version may. */
static void
test_settled (Fixture *fixture, gconstpointer data)
{
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  assert_target (fixture, NULL);
  scratch_install_sample (3);
  assert_target (fixture, fixture->target);
}

static void
test_no_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) plugin = fixture_find_plugin (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_engine_delete_snapshot (fixture->engine, fixture->target, NULL));
  g_assert_null (plug_rb_engine_find_target (fixture->engine, plugin, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static const FixtureCase cases[] = {
  { "/engine/find-plugin", NULL, test_find_plugin },
  { "/engine/find-plugin/ambiguous", NULL, test_ambiguous },
  { "/engine/find-snapshot", NULL, test_find_snapshot },
  { "/engine/target", NULL, test_target },
  { "/engine/target/settled", NULL, test_settled },
  { "/engine/target/none", NULL, test_no_target },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
