/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-policy-key.h"

#define KEY "gnome-shell/sample@example.org"
#define TOP "[io/github/plugrb/PluginRollback/policy]\n"
#define HOST "[io/github/plugrb/PluginRollback/policy/hosts/gnome-shell]\n"
#define PLUGIN "[io/github/plugrb/PluginRollback/policy/plugins/" KEY "]\n"

typedef struct {
  char *folder;
  PlugRbPolicy policy;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp (NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  plug_rb_policy_clear (&fixture->policy);
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_free (fixture->folder);
}

static void
write_policy (Fixture *fixture, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, "policy.ini", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
load (Fixture *fixture, const char *plugin)
{
  g_autoptr(GError) error = NULL;

  plug_rb_policy_clear (&fixture->policy);
  plug_rb_policy_load (&fixture->policy, fixture->folder, plugin, &error);
  g_assert_no_error (error);
}

static void
assert_defaults (const PlugRbPolicy *policy)
{
  g_assert_true (policy->auto_snapshot_on_install && policy->auto_snapshot_on_update);
  g_assert_true (policy->auto_snapshot_on_uninstall && policy->auto_rollback_on_failure);
  g_assert_true (policy->require_confirmation);
  g_assert_cmpuint (policy->max_snapshots, ==, 10);
  g_assert_cmpuint (policy->retention_days, ==, 30);
  g_assert_cmpuint (policy->max_snapshot_size, ==, G_GUINT64_CONSTANT (2147483648));
  g_assert_cmpuint (g_strv_length (policy->exclude), ==, 0);
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  load (fixture, KEY);
  assert_defaults (&fixture->policy);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, TOP "auto-snapshot-on-install=false\nauto-snapshot-on-update=false\n"
                             "auto-snapshot-on-uninstall=false\nauto-rollback-on-failure=false\n"
                             "require-confirmation=false\nmax-snapshots=7\nretention-days=365\n"
                             "max-snapshot-size=0\nexclude=['*.log', 'cache/**']\n");
  load (fixture, NULL);
  g_assert_false (fixture->policy.auto_snapshot_on_install ||
                  fixture->policy.auto_snapshot_on_update);
  g_assert_false (fixture->policy.auto_snapshot_on_uninstall ||
                  fixture->policy.auto_rollback_on_failure);
  g_assert_false (fixture->policy.require_confirmation);
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 7);
  g_assert_cmpuint (fixture->policy.retention_days, ==, 365);
  g_assert_cmpuint (fixture->policy.max_snapshot_size, ==, 0);
  g_assert_cmpuint (g_strv_length (fixture->policy.exclude), ==, 2);
  g_assert_cmpstr (fixture->policy.exclude[1], ==, "cache/**");
}

/* What is said of the plugin counts before what is said of its host. */
static void
test_overrides (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, PLUGIN "max-snapshots=3\n" TOP
                                "max-snapshots=1\nretention-days=1\nexclude=['a']\n" HOST
                                "max-snapshots=2\nretention-days=2\nexclude=['b', 'c']\n");
  load (fixture, KEY);
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 3);
  g_assert_cmpuint (fixture->policy.retention_days, ==, 2);
  g_assert_cmpstr (fixture->policy.exclude[0], ==, "b");

  load (fixture, "gnome-shell/other@example.org");
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 2);
  load (fixture, "gedit/other");
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 1);
  g_assert_cmpuint (fixture->policy.retention_days, ==, 1);
  g_assert_cmpstr (fixture->policy.exclude[0], ==, "a");
}

/* The names of groups are those that GSettings makes of paths. */
static void
test_odd_ids (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, "[io/github/plugrb/PluginRollback/policy/plugins/vscode/a%5Bb%5D%20c]\n"
                         "max-snapshots=5\n");
  load (fixture, "vscode/a[b] c");
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 5);
}

static const char *const bad_values[] = {
  "max-snapshots=0\n",
  "max-snapshots=1001\n",
  "max-snapshots=-1\n",
  "max-snapshots=many\n",
  "max-snapshots=\n",
  "max-snapshots=99999999999999999999\n",
  "max-snapshots='10'\n",
  "retention-days=0\n",
  "retention-days=3651\n",
  "retention-days=1.5\n",
  "max-snapshot-size=-1\n",
  "max-snapshot-size=100000000001\n",
  "require-confirmation=perhaps\n",
  "auto-snapshot-on-install=0\n",
  "exclude='*.log'\n",
  "exclude=[1]\n",
  "exclude=[\n",
};

static void
test_bad_value (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strconcat (TOP, data, NULL);

  write_policy (fixture, text);
  g_test_expect_message ("plug-rb-core", G_LOG_LEVEL_WARNING, "*policy.ini*passed over*");
  load (fixture, KEY);
  g_test_assert_expected_messages ();
  assert_defaults (&fixture->policy);
}

/* What was set elsewhere still holds. */
static void
test_bad_override (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, TOP "max-snapshots=99\n" PLUGIN "max-snapshots=0\n");
  g_test_expect_message ("plug-rb-core", G_LOG_LEVEL_WARNING, "*policy.ini*passed over*");
  load (fixture, KEY);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 99);
}

static void
test_strangers (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, "# a comment\n[elsewhere]\nmax-snapshots=1\n" TOP "colour='red'\n");
  load (fixture, KEY);
  assert_defaults (&fixture->policy);
}

/* Nothing may be deleted then, so it must be noticed. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  write_policy (fixture, data);
  g_assert_false (plug_rb_policy_load (&fixture->policy, fixture->folder, KEY, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  assert_defaults (&fixture->policy);
}

static void
test_zeros (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "policy.ini", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "\0\0\0", 3, NULL));
  g_assert_false (plug_rb_policy_load (&fixture->policy, fixture->folder, KEY, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

/* It is read for every plugin. */
static void
test_said_once (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, TOP "retention-days=-5\n");
  g_test_expect_message ("plug-rb-core", G_LOG_LEVEL_WARNING, "*-5*1 to 3650*");
  load (fixture, KEY);
  load (fixture, KEY);
  load (fixture, NULL);
  g_test_assert_expected_messages ();
}

static void
test_host_scope (Fixture *fixture, gconstpointer data)
{
  write_policy (fixture, TOP "max-snapshots=1\n" HOST "max-snapshots=2\n");
  load (fixture, "gnome-shell");
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 2);
  load (fixture, "gedit");
  g_assert_cmpuint (fixture->policy.max_snapshots, ==, 1);
}

/* ---- what features ask */

static void
test_takes_snapshot (Fixture *fixture, gconstpointer data)
{
  static const PlugRbReason automatic[] = { PLUG_RB_REASON_PRE_INSTALL, PLUG_RB_REASON_PRE_UPDATE,
                                            PLUG_RB_REASON_PRE_UNINSTALL };
  static const char *const keys[] = { "install", "update", "uninstall" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *text = g_strdup_printf (TOP "auto-snapshot-on-%s=false\n", keys[i]);

    write_policy (fixture, text);
    load (fixture, KEY);
    for (gsize j = 0; j < G_N_ELEMENTS (automatic); j++)
      g_assert_cmpint (plug_rb_policy_takes_snapshot (&fixture->policy, automatic[j]), ==, i != j);
    g_assert_true (plug_rb_policy_takes_snapshot (&fixture->policy, PLUG_RB_REASON_MANUAL));
    g_assert_true (plug_rb_policy_takes_snapshot (&fixture->policy, PLUG_RB_REASON_BASELINE));
    g_assert_true (plug_rb_policy_takes_snapshot (&fixture->policy, PLUG_RB_REASON_PRE_ROLLBACK));
  }
}

static void
test_answer (Fixture *fixture, gconstpointer data)
{
  load (fixture, KEY);
  g_assert_cmpint (plug_rb_policy_answer_failure (&fixture->policy), ==, PLUG_RB_POLICY_ASK);
  write_policy (fixture, TOP "require-confirmation=false\n");
  load (fixture, KEY);
  g_assert_cmpint (plug_rb_policy_answer_failure (&fixture->policy), ==, PLUG_RB_POLICY_ROLL_BACK);
  write_policy (fixture, TOP "auto-rollback-on-failure=false\nrequire-confirmation=false\n");
  load (fixture, KEY);
  g_assert_cmpint (plug_rb_policy_answer_failure (&fixture->policy), ==, PLUG_RB_POLICY_OFFER);
}

/* ---- what people write */

static const struct {
  const char *key;
  const char *text;
  const char *value; /* NULL if it is refused */
} written[] = {
  { "require-confirmation", "on", "true" },
  { "require-confirmation", " no ", "false" },
  { "require-confirmation", "maybe", NULL },
  { "require-confirmation", "", NULL },
  { "max-snapshots", "1", "1" },
  { "max-snapshots", "1000", "1000" },
  { "max-snapshots", "1001", NULL },
  { "max-snapshots", "0", NULL },
  { "max-snapshots", "-1", NULL },
  { "max-snapshots", "10.5", NULL },
  { "max-snapshots", "10 apples", NULL },
  { "max-snapshots", "99999999999999999999", NULL },
  { "max-snapshot-size", "0", "0" },
  { "max-snapshot-size", "500MB", "500000000" },
  { "max-snapshot-size", "1.5 GiB", "1610612736" },
  { "max-snapshot-size", "100 gb", "100000000000" },
  { "max-snapshot-size", "100000000001", NULL },
  { "max-snapshot-size", "-1", NULL },
  { "max-snapshot-size", "1e300 GB", NULL },
  { "max-snapshot-size", "nan", NULL },
  { "max-snapshot-size", "inf", NULL },
  { "max-snapshot-size", "5 apples", NULL },
  { "exclude", "", "[]" },
  { "exclude", "*.log, cache/**", "['*.log', 'cache/**']" },
  { "exclude", "['a,b']", "['a,b']" },
  { "exclude", "a,,b", NULL },
  { "exclude", "['a'", NULL },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++) {
    const PlugRbPolicyKey *key = plug_rb_policy_key_find (written[i].key);
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) value = plug_rb_policy_key_parse (key, written[i].text, &error);
    g_autofree char *text = value ? g_variant_print (value, FALSE) : NULL;
    g_autofree char *range = plug_rb_policy_key_format_range (key);

    g_assert_cmpstr (text, ==, written[i].value);
    g_assert_true (value != NULL || strstr (error->message, range) != NULL);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/policy/no-file", Fixture, NULL, set_up, test_no_file, tear_down);
  g_test_add ("/policy/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/policy/overrides", Fixture, NULL, set_up, test_overrides, tear_down);
  g_test_add ("/policy/odd-ids", Fixture, NULL, set_up, test_odd_ids, tear_down);
  g_test_add ("/policy/bad-override", Fixture, NULL, set_up, test_bad_override, tear_down);
  g_test_add ("/policy/strangers", Fixture, NULL, set_up, test_strangers, tear_down);
  g_test_add ("/policy/unreadable/no-group", Fixture, "max-snapshots=10\n", set_up, test_unreadable,
              tear_down);
  g_test_add ("/policy/unreadable/noise", Fixture, "\x01\x02\xff[\n=", set_up, test_unreadable,
              tear_down);
  g_test_add ("/policy/unreadable/zeros", Fixture, NULL, set_up, test_zeros, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (bad_values); i++) {
    g_autofree char *path = g_strdup_printf ("/policy/bad-value/%u", i);

    g_test_add (path, Fixture, bad_values[i], set_up, test_bad_value, tear_down);
  }

  g_test_add ("/policy/said-once", Fixture, NULL, set_up, test_said_once, tear_down);
  g_test_add ("/policy/host-scope", Fixture, NULL, set_up, test_host_scope, tear_down);
  g_test_add ("/policy/takes-snapshot", Fixture, NULL, set_up, test_takes_snapshot, tear_down);
  g_test_add ("/policy/answer", Fixture, NULL, set_up, test_answer, tear_down);
  g_test_add_func ("/policy/parse", test_parse);

  return g_test_run ();
}
