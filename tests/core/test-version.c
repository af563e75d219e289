/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-dependency.h"
#include "plug-rb-version.h"

/* Each line comes before the next. */
static const char *const order[] = {
  "0.9",           "1.0.0-0",
  "1.0.0-1",       "1.0.0-alpha",
  "1.0.0-alpha.1", "1.0.0-alpha.beta",
  "1.0.0-beta",    "1.0.0-beta.2",
  "1.0.0-beta.11", "1.0.0-rc.1",
  "1.0.0",         "1.0.1~beta1",
  "1.0.1rc1",      "1.0.1",
  "1.2",           "1.10",
  "3.38.4",        "40",
  "20260101",      "99999999999999999999999",
};

static void
test_order (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < G_N_ELEMENTS (order); j++) {
      int expected = (i > j) - (i < j);
      int result = plug_rb_version_compare (order[i], order[j]);

      if ((result > 0) - (result < 0) != expected)
        g_error ("%s and %s: %d", order[i], order[j], result);
    }
}

static void
test_equal (void)
{
  static const char *const pairs[][2] = {
    { "1", "1.0.0" }, { "v1.2", "1.2.0" },    { "1.02", "1.2" },      { "1.0+a", "1.0+b" },
    { "", "" },       { "1-rc", "1.0.0-rc" }, { "1.0-RC", "1.0-rc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_assert_cmpint (plug_rb_version_compare (pairs[i][0], pairs[i][1]), ==, 0);
    g_assert_cmpint (plug_rb_version_compare (pairs[i][1], pairs[i][0]), ==, 0);
  }
}

typedef struct {
  const char *version;
  const char *range;
  gboolean fits;
} Range;

static const Range ranges[] = {
  { "1.95.0", "^1.80.0", TRUE },
  { "2.0.0", "^1.80.0", FALSE },
  { "1.79.9", "^1.80.0", FALSE },
  { "0.2.5", "^0.2.3", TRUE },
  { "0.3.0", "^0.2.3", FALSE },
  { "0.0.4", "^0.0.3", FALSE },
  { "0.5.0", "^0", TRUE },
  { "0.0.9", "^0.0", TRUE },
  { "0.1.0", "^0.0", FALSE },
  { "1.4.9", "~1.4", TRUE },
  { "1.5.0", "~1.4.2", FALSE },
  { "1.9.0", "~1", TRUE },
  { "1.2.9", "1.2.x", TRUE },
  { "1.3.0", "1.2.*", FALSE },
  { "7.1.0", "*", TRUE },
  { "7.1.0", "", TRUE },
  { "7.1.0", "x", TRUE },
  { "2.1.0", ">=2 <3", TRUE },
  { "3.0.0", ">= 2 < 3", FALSE },
  { "2.3.9", "1.2 - 2.3", TRUE },
  { "2.4.0", "1.2 - 2.3", FALSE },
  { "1.1.9", "1.2 - 2.3", FALSE },
  { "4.0.0", "^1 || ^4", TRUE },
  { "2.0.0", "^1 || ^4", FALSE },
  { "1.2.5", "<=1.2", TRUE },
  { "1.3.0", "<=1.2", FALSE },
  { "1.2.5", ">1.2", FALSE },
  { "1.3.0", ">1.2", TRUE },
  { "1.2.3", "=1.2.3", TRUE },
  { "1.2.4", "1.2.3", FALSE },
  { "2.0.0-rc.1", "^1.0.0", FALSE },
  { "1.0.0-rc.2", "^1.0.0-rc.1", TRUE },
  { "1.0.0", "workspace:*", TRUE },
  { "1.0.0", "git+https://a.b/c", TRUE },
  { "1.5", ">=1.2,<2", TRUE },
  { "2.1", ">=1.2,<2", FALSE },
  { "2", "!=2.0", FALSE },
  { "1.2.3.5", ">=1.2.3.4", TRUE },
  { "1.0.0-rc.1", "^1.0.0-rc.2", FALSE },
  { "1.0.0-rc.1", "latest", TRUE },
};

static void
test_ranges (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (plug_rb_version_is_in (ranges[i].version, ranges[i].range) != ranges[i].fits)
      g_error ("%s in “%s”", ranges[i].version, ranges[i].range);
}

typedef struct {
  const char *text;
  const char *id;
  const char *good;
  const char *bad;
} Depends;

static const Depends depends[] = {
  { "numpy(>=1.2)", "numpy", "1.3", "1.1" },
  { "numpy >= 1.2", "numpy", "1.2", "1.1.9" },
  { "a(<2)", "a", "1.9", "2.0" },
  { "a(=2.0.0)", "a", "2.0", "2.1" },
  { "a", "a", "0", NULL },
};

static void
test_depends (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (depends); i++) {
    g_autoptr(PlugRbDependency) dependency = plug_rb_dependency_new_from_text (depends[i].text);

    g_assert_cmpstr (dependency->id, ==, depends[i].id);
    g_assert_true (plug_rb_dependency_accepts (dependency, depends[i].good));
    g_assert_true (plug_rb_dependency_accepts (dependency, NULL));
    if (depends[i].bad != NULL)
      g_assert_false (plug_rb_dependency_accepts (dependency, depends[i].bad));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/version/order", test_order);
  g_test_add_func ("/version/equal", test_equal);
  g_test_add_func ("/version/ranges", test_ranges);
  g_test_add_func ("/version/depends", test_depends);

  return g_test_run ();
}
