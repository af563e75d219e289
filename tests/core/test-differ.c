/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What differs in one file between snapshots, and between a snapshot and what is installed. */

#include "engine-fixture.h"

#include <glib/gstdio.h>

#include "plug-rb-differ.h"
#include "plug-rb-plan.h"

static PlugRbChange *
find_change (PlugRbPlan *plan, const char *name)
{
  GListModel *files = plug_rb_plan_get_files (plan);

  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (files, i);

    if (g_str_equal (plug_rb_change_get_name (change), name))
      return g_steal_pointer (&change);
  }

  g_error ("%s does not differ", name);
}

static PlugRbLineDiff *
diff (Fixture *fixture, PlugRbSnapshot *from, PlugRbSnapshot *to, const char *name)
{
  g_autoptr(PlugRbPlugin) plugin = fixture_find_plugin (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlan) plan =
      plug_rb_engine_compare (fixture->engine, plugin, from, to, NULL, &error);
  g_autoptr(PlugRbChange) change = NULL;
  g_autoptr(PlugRbDiffer) differ = NULL;
  PlugRbLineDiff *result;

  g_assert_no_error (error);
  change = find_change (plan, name);
  g_assert_true (plug_rb_change_has_content (change));
  differ = plug_rb_differ_new (fixture->engine, plugin, from, to, NULL, &error);
  g_assert_no_error (error);
  result = plug_rb_differ_compare (differ, change, NULL, &error);
  g_assert_no_error (error);

  return result;
}

static void
assert_diff (Fixture *fixture,
             PlugRbSnapshot *from,
             PlugRbSnapshot *to,
             const char *name,
             const char *expected)
{
  g_autoptr(PlugRbLineDiff) result = diff (fixture, from, to, name);
  g_autofree char *unified = plug_rb_line_diff_to_unified (result);

  g_assert_cmpstr (unified, ==, expected);
}

static void
test_all_sides (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) one = NULL;
  g_autoptr(PlugRbSnapshot) two = NULL;

  fixture_put (fixture, "text", "one\nsame\n");
  one = scratch_snapshot (fixture->engine, ID);
  fixture_put (fixture, "text", "two\nsame\n");
  fixture_put (fixture, "new", "new\n");
  two = scratch_snapshot (fixture->engine, ID);
  fixture_put (fixture, "text", "three\nsame\n");

  assert_diff (fixture, one, two, "text", "@@ -1,2 +1,2 @@\n-one\n+two\n same\n");
  assert_diff (fixture, two, one, "text", "@@ -1,2 +1,2 @@\n-two\n+one\n same\n");
  assert_diff (fixture, one, NULL, "text", "@@ -1,2 +1,2 @@\n-one\n+three\n same\n");
  assert_diff (fixture, NULL, two, "text", "@@ -1,2 +1,2 @@\n-three\n+two\n same\n");
  assert_diff (fixture, one, two, "new", "@@ -0,0 +1,1 @@\n+new\n");
  assert_diff (fixture, NULL, one, "new", "@@ -1,1 +0,0 @@\n-new\n");
}

static void
test_not_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbLineDiff) noise = diff (fixture, fixture->target, NULL, "noise");
  g_autoptr(PlugRbLineDiff) large = NULL;
  g_autofree char *content = g_strnfill (PLUG_RB_LINE_DIFF_MOST_BYTES + 1, 'x');

  g_assert_false (plug_rb_line_diff_get_is_text (noise));
  fixture_put (fixture, "large", content);
  large = diff (fixture, fixture->target, NULL, "large");
  g_assert_false (plug_rb_line_diff_get_is_text (large));
  g_assert_cmpuint (plug_rb_line_diff_get_to_size (large), ==, PLUG_RB_LINE_DIFF_MOST_BYTES + 1);
}

/* The folder becomes a link after it was looked at: what lies elsewhere is not read. */
static void
test_link_on_the_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) plugin = fixture_find_plugin (fixture);
  g_autoptr(PlugRbPlan) plan = NULL;
  g_autoptr(PlugRbChange) change = NULL;
  g_autoptr(PlugRbDiffer) differ = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_build_filename (fixture->plugin, "folder", NULL);
  g_autofree char *elsewhere = g_build_filename (g_get_home_dir (), "elsewhere", NULL);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  fixture_put (fixture, "folder/file", "content\n");
  plan = plug_rb_engine_compare (fixture->engine, plugin, fixture->target, NULL, NULL, NULL);
  change = find_change (plan, "folder/file");
  differ = plug_rb_differ_new (fixture->engine, plugin, fixture->target, NULL, NULL, NULL);
  g_assert_cmpint (g_rename (folder, elsewhere), ==, 0);
  scratch_run ((const char *[]) { "ln", "-s", elsewhere, folder, NULL });

  g_assert_null (plug_rb_differ_compare (differ, change, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNSUPPORTED);
}

/* The content is checked as it is read. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlugin) plugin = fixture_find_plugin (fixture);
  g_autoptr(PlugRbPlan) plan =
      plug_rb_engine_compare (fixture->engine, plugin, fixture->target, NULL, NULL, NULL);
  g_autoptr(PlugRbChange) change = find_change (plan, "noise");
  g_autofree char *archive = fixture_archive_path (fixture);
  g_autoptr(PlugRbDiffer) differ = NULL;
  g_autoptr(GError) error = NULL;

  fixture_flip (archive, 100000);
  differ = plug_rb_differ_new (fixture->engine, plugin, fixture->target, NULL, NULL, NULL);
  g_assert_null (plug_rb_differ_compare (differ, change, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static const FixtureCase cases[] = {
  { "/differ/all-sides", NULL, test_all_sides },
  { "/differ/not-text", NULL, test_not_text },
  { "/differ/link-on-the-way", NULL, test_link_on_the_way },
  { "/differ/damaged", NULL, test_damaged },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
