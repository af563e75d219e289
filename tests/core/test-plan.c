/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-change.h"
#include "plug-rb-json.h"
#include "plug-rb-plan.h"
#include "plug-rb-snapshot.h"

static PlugRbPlan *
make_plan (void)
{
  g_autoptr(PlugRbSnapshot) to = plug_rb_snapshot_new_damaged (
      "gnome-shell", "a@b", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "damaged");

  return plug_rb_plan_new ("gnome-shell/a@b", NULL, to, "55", NULL);
}

static void
add_file (PlugRbPlan *plan, PlugRbChangeKind kind, const char *path, guint64 from, guint64 to)
{
  g_autoptr(PlugRbChange) change = plug_rb_change_new_file (kind, path, from, to);

  plug_rb_plan_add_file (plan, change);
}

static void
add_setting (PlugRbPlan *plan, const char *key, const char *from, const char *to)
{
  g_autoptr(PlugRbChange) change = plug_rb_change_new_value (key, from, to);

  plug_rb_plan_add_setting (plan, change);
}

static void
test_empty (void)
{
  PlugRbPlan *plan = make_plan ();

  g_assert_true (plug_rb_plan_get_is_empty (plan));
  g_assert_cmpstr (*plug_rb_plan_get_warnings (plan), ==, NULL);
  g_assert_cmpstr (*plug_rb_plan_get_blockers (plan), ==, NULL);

  plug_rb_plan_add_warning (plan, "mind");
  plug_rb_plan_add_warning (plan, "mind");
  g_assert_true (plug_rb_plan_get_is_empty (plan));
  g_assert_cmpstrv (plug_rb_plan_get_warnings (plan), ((const char *[]) { "mind", NULL }));

  g_assert_finalize_object (plan);
}

static void
test_only_time (void)
{
  g_autoptr(PlugRbPlan) plan = make_plan ();

  add_file (plan, PLUG_RB_CHANGE_TIME, "a.js", 5, 5);
  g_assert_false (plug_rb_plan_get_is_empty (plan));
}

static void
test_values (void)
{
  g_autoptr(PlugRbChange) set = plug_rb_change_new_value ("k", NULL, "1");
  g_autoptr(PlugRbChange) unset = plug_rb_change_new_value ("k", "1", NULL);
  g_autoptr(PlugRbChange) changed = plug_rb_change_new_value ("k", "1", "'a'");

  g_assert_cmpint (plug_rb_change_get_kind (set), ==, PLUG_RB_CHANGE_ADDED);
  g_assert_cmpint (plug_rb_change_get_kind (unset), ==, PLUG_RB_CHANGE_REMOVED);
  g_assert_cmpint (plug_rb_change_get_kind (changed), ==, PLUG_RB_CHANGE_CHANGED);
}

static void
test_properties (void)
{
  g_autoptr(PlugRbPlan) plan = make_plan ();
  g_autoptr(GListModel) files = NULL;
  g_auto(GStrv) blockers = NULL;
  guint n_files, n_settings;
  guint64 free_bytes;

  add_file (plan, PLUG_RB_CHANGE_ADDED, "a.js", 0, 5);
  plug_rb_plan_add_blocker (plan, "no");
  plug_rb_plan_set_bytes (plan, 10, 20);
  g_object_get (plan, "files", &files, "n-files", &n_files, "n-settings", &n_settings, "free-bytes",
                &free_bytes, "blockers", &blockers, NULL);

  g_assert_true (files == plug_rb_plan_get_files (plan));
  g_assert_cmpuint (n_files, ==, 1);
  g_assert_cmpuint (n_settings, ==, 0);
  g_assert_cmpuint (free_bytes, ==, 20);
  g_assert_cmpstrv (blockers, ((const char *[]) { "no", NULL }));
}

/* The contract with other programs, word for word. */
static const char contract[] =
    "{\"plugin\":\"gnome-shell/a@b\",\"from\":null,"
    "\"to\":\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\",\"from-version\":\"55\",\"to-version\":null,"
    "\"files\":{\"added\":[{\"path\":\"new.js\",\"size\":5}],"
    "\"removed\":[{\"path\":\"old.js\",\"size\":7}],"
    "\"changed\":[{\"path\":\"a.js\",\"what\":\"content\"},"
    "{\"path\":\"b.sh\",\"what\":\"permissions\"},{\"path\":\"c\",\"what\":\"type\"},"
    "{\"path\":\"d\",\"what\":\"time\"}]},"
    "\"settings\":{\"added\":[{\"key\":\"/x/set\",\"to\":\"1\"}],"
    "\"removed\":[{\"key\":\"/x/unset\",\"from\":\"'a'\"}],"
    "\"changed\":[{\"key\":\"/x/other\",\"from\":\"true\",\"to\":\"'never'\"}]},"
    "\"dependencies\":[{\"id\":\"c@d\",\"from\":\"2\",\"to\":null}],"
    "\"bytes\":1234,\"warnings\":[\"mind\"],\"blockers\":[]}";

static void
test_json (void)
{
  g_autoptr(PlugRbPlan) plan = make_plan ();
  g_autoptr(PlugRbChange) dependency = plug_rb_change_new_value ("c@d", "2", NULL);
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *text = NULL;

  add_file (plan, PLUG_RB_CHANGE_ADDED, "new.js", 0, 5);
  add_file (plan, PLUG_RB_CHANGE_REMOVED, "old.js", 7, 0);
  add_file (plan, PLUG_RB_CHANGE_CHANGED, "a.js", 1, 2);
  add_file (plan, PLUG_RB_CHANGE_PERMISSIONS, "b.sh", 1, 1);
  add_file (plan, PLUG_RB_CHANGE_TYPE, "c", 1, 0);
  add_file (plan, PLUG_RB_CHANGE_TIME, "d", 1, 1);
  add_setting (plan, "/x/set", NULL, "1");
  add_setting (plan, "/x/unset", "'a'", NULL);
  add_setting (plan, "/x/other", "true", "'never'");
  plug_rb_plan_add_dependency (plan, dependency);
  plug_rb_plan_set_bytes (plan, 1234, 0);
  plug_rb_plan_add_warning (plan, "mind");

  node = plug_rb_plan_to_json (plan);
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==, contract);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/plan/empty", test_empty);
  g_test_add_func ("/plan/time-is-a-change", test_only_time);
  g_test_add_func ("/plan/values", test_values);
  g_test_add_func ("/plan/properties", test_properties);
  g_test_add_func ("/plan/json", test_json);

  return g_test_run ();
}
