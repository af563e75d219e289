/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The policy as GSettings has it, as the core reads it and as others change it meanwhile. */

#include <glib/gstdio.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-live-policy.h"
#include "scratch.h"

#define KEY "gnome-shell/sample@example.org"
#define SCHEMA "io.github.plugrb.PluginRollback.Policy"
#define PATH "/" PLUG_RB_POLICY_GROUP "/"
#define PATIENCE 20

typedef struct {
  char *folder; /* of the store, and where the program gsettings has its file */
  char *file;
  char *gsettings_file;
  PlugRbPolicyBackend *backend;
  PlugRbLivePolicy *all;
  PlugRbLivePolicy *host;
  PlugRbLivePolicy *plugin;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *settings = g_build_filename (folder, "glib-2.0", "settings", NULL);

  fixture->folder = g_steal_pointer (&folder);
  fixture->file = g_build_filename (fixture->folder, "policy.ini", NULL);
  fixture->gsettings_file = g_build_filename (settings, "keyfile", NULL);
  g_assert_cmpint (g_mkdir_with_parents (settings, 0700), ==, 0);
  fixture->backend = plug_rb_policy_backend_new (fixture->folder);
  fixture->all = plug_rb_live_policy_new (fixture->backend, NULL);
  fixture->host = plug_rb_live_policy_new (fixture->backend, "gnome-shell");
  fixture->plugin = plug_rb_live_policy_new (fixture->backend, KEY);
  g_assert_true (fixture->all && fixture->host && fixture->plugin);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->all);
  g_assert_finalize_object (fixture->host);
  g_assert_finalize_object (fixture->plugin);
  g_assert_finalize_object (G_OBJECT (fixture->backend));
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_free (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->gsettings_file);
}

static void
set (PlugRbLivePolicy *policy, const char *key, const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value =
      plug_rb_policy_key_parse (plug_rb_policy_key_find (key), text, &error);

  g_assert_no_error (error);
  plug_rb_live_policy_set (policy, key, value, &error);
  g_assert_no_error (error);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* ---- the schema */

static void
check_range (const PlugRbPolicyKey *key, GVariant *range)
{
  const char *kind;
  g_autoptr(GVariant) detail = NULL;
  g_autoptr(GVariant) min = NULL, max = NULL;
  g_autofree char *min_text = NULL;
  g_autofree char *max_text = NULL;

  g_variant_get (range, "(&sv)", &kind, &detail);
  if (key->max <= 1) {
    g_assert_cmpstr (kind, ==, "type");
    return;
  }

  g_assert_cmpstr (kind, ==, "range");
  min = g_variant_get_child_value (detail, 0);
  max = g_variant_get_child_value (detail, 1);
  min_text = g_variant_print (min, FALSE);
  max_text = g_variant_print (max, FALSE);
  g_assert_cmpint (g_ascii_strtoll (min_text, NULL, 10), ==, key->min);
  g_assert_cmpint (g_ascii_strtoll (max_text, NULL, 10), ==, key->max);
}

/* What the command line takes without the schema is what the schema says. */
static void
test_schema (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GSettings) settings = plug_rb_policy_backend_create_settings (fixture->backend, NULL);
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) names = NULL;
  g_auto(PlugRbPolicy) policy = { 0 };
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  g_object_get (settings, "settings-schema", &schema, NULL);
  names = g_settings_schema_list_keys (schema);
  g_assert_cmpuint (g_strv_length (names), ==, n_keys);

  plug_rb_policy_init (&policy);
  for (gsize i = 0; i < n_keys; i++) {
    g_autoptr(GSettingsSchemaKey) key = g_settings_schema_get_key (schema, keys[i].name);
    g_autoptr(GVariant) theirs = g_settings_schema_key_get_default_value (key);
    g_autoptr(GVariant) ours = plug_rb_policy_key_get (&keys[i], &policy);
    g_autoptr(GVariant) range = g_settings_schema_key_get_range (key);

    g_assert_true (g_variant_equal (ours, theirs));
    g_assert_cmpstr (g_variant_get_type_string (theirs), ==, keys[i].type);
    check_range (&keys[i], range);
  }
}

/* ---- with the program gsettings, whose file has another place */

static char *
run_gsettings (
    Fixture *fixture, const char *verb, const char *path, const char *key, const char *value)
{
  g_autofree char *target = g_strconcat (SCHEMA ":", path, NULL);
  const char *arguments[] = { "gsettings", verb, target, key, value, NULL };
  g_auto(GStrv) environment = g_get_environ ();
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", fixture->folder, TRUE);
  environment = g_environ_setenv (environment, "GSETTINGS_BACKEND", "keyfile", TRUE);
  environment = g_environ_unsetenv (environment, "G_DEBUG");
  g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return g_strchomp (g_steal_pointer (&out));
}

static const char *const paths[] = {
  PATH,
  PATH "hosts/gnome-shell/",
  PATH "plugins/" KEY "/",
  PATH "plugins/vscode/a%5Bb%5D%20c/",
};

static const char *const scopes[] = { NULL, "gnome-shell", KEY, "vscode/a[b] c" };

/* Of each kind one, as GVariant text. */
static const char *const samples[][2] = {
  { "require-confirmation", "false" },
  { "max-snapshots", "7" },
  { "max-snapshot-size", "3000000000" },
  { "exclude", "['*.log', 'a\\\\b', 'naïve']" },
};

static GVariant *
parse_sample (gsize index, const char *text)
{
  const PlugRbPolicyKey *key = plug_rb_policy_key_find (samples[index][0]);
  GVariant *value = g_variant_parse (G_VARIANT_TYPE (key->type), text, NULL, NULL, NULL);

  g_assert_nonnull (value);
  return g_variant_take_ref (value);
}

/* What GSettings writes the core reads. */
static void
test_from_gsettings (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (samples); j++)
      g_free (run_gsettings (fixture, "set", paths[i], samples[j][0], samples[j][1]));
  g_assert_cmpint (g_rename (fixture->gsettings_file, fixture->file), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++) {
    g_auto(PlugRbPolicy) policy = { 0 };

    g_assert_true (plug_rb_policy_load (&policy, fixture->folder, scopes[i], NULL));
    g_assert_false (policy.require_confirmation);
    g_assert_true (policy.auto_snapshot_on_update);
    g_assert_cmpuint (policy.max_snapshots, ==, 7);
    g_assert_cmpuint (policy.max_snapshot_size, ==, G_GUINT64_CONSTANT (3000000000));
    g_assert_cmpstr (policy.exclude[1], ==, "a\\b");
    g_assert_cmpstr (policy.exclude[2], ==, "naïve");
  }
}

/* What the core writes GSettings reads. */
static void
test_to_gsettings (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++) {
    g_autofree char *group = plug_rb_policy_dup_group (scopes[i]);

    for (gsize j = 0; j < G_N_ELEMENTS (samples); j++) {
      g_autoptr(GVariant) value = parse_sample (j, samples[j][1]);

      g_ptr_array_add (edits, plug_rb_policy_edit_new (group, samples[j][0], value));
    }
  }
  g_assert_true (plug_rb_policy_file_edit (fixture->folder, edits, NULL));
  g_assert_cmpint (g_rename (fixture->file, fixture->gsettings_file), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (samples); j++) {
      g_autofree char *value = run_gsettings (fixture, "get", paths[i], samples[j][0], NULL);
      g_autoptr(GVariant) theirs = parse_sample (j, value);
      g_autoptr(GVariant) ours = parse_sample (j, samples[j][1]);
      g_autofree char *their_text = g_variant_print (theirs, FALSE);
      g_autofree char *our_text = g_variant_print (ours, FALSE);

      g_assert_cmpstr (their_text, ==, our_text);
    }
}

/* What neither can make sense of is the default for both. */
static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[] = { "1001", "0", "-5", "99999999999", "'5'", "5.0", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *text =
        g_strdup_printf ("[" PLUG_RB_POLICY_GROUP "]\nmax-snapshots=%s\n", lines[i]);
    g_auto(PlugRbPolicy) policy = { 0 };
    g_autofree char *theirs = NULL;

    write_file (fixture->file, text);
    write_file (fixture->gsettings_file, text);
    g_test_expect_message ("plug-rb-core", G_LOG_LEVEL_WARNING, "*passed over*");
    g_assert_true (plug_rb_policy_load (&policy, fixture->folder, NULL, NULL));
    g_test_assert_expected_messages ();
    theirs = run_gsettings (fixture, "get", PATH, "max-snapshots", NULL);
    g_assert_cmpuint (policy.max_snapshots, ==, 10);
    g_assert_cmpstr (theirs, ==, "10");
  }
}

/* By hand, as GVariant allows it. */
static void
test_odd_spelling (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[] = { "uint32 5", " 0x5", "@i 5" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *text =
        g_strdup_printf ("[" PLUG_RB_POLICY_GROUP "]\nmax-snapshots=%s\n", lines[i]);
    g_auto(PlugRbPolicy) policy = { 0 };
    g_autofree char *theirs = NULL;

    write_file (fixture->file, text);
    write_file (fixture->gsettings_file, text);
    g_assert_true (plug_rb_policy_load (&policy, fixture->folder, NULL, NULL));
    theirs = run_gsettings (fixture, "get", PATH, "max-snapshots", NULL);
    g_assert_cmpuint (policy.max_snapshots, ==, 5);
    g_assert_cmpstr (theirs, ==, "5");
  }
}

/* ---- live */

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  guint n_plugin = 0, n_all = 0, n_set = 0;
  gboolean confirmed;

  g_signal_connect_swapped (fixture->plugin, "notify::max-snapshots", G_CALLBACK (count_cb),
                            &n_plugin);
  g_signal_connect_swapped (fixture->plugin, "notify::max-snapshots-set", G_CALLBACK (count_cb),
                            &n_set);
  g_signal_connect_swapped (fixture->all, "notify::max-snapshots", G_CALLBACK (count_cb), &n_all);

  set (fixture->all, "max-snapshots", "5");
  g_assert_cmpuint (n_all, ==, 1);
  g_assert_cmpuint (n_plugin, ==, 1);
  g_assert_cmpuint (n_set, ==, 0);
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 5);

  set (fixture->plugin, "max-snapshots", "50");
  g_assert_cmpuint (n_plugin, ==, 2);
  g_assert_cmpuint (n_set, ==, 1);
  set (fixture->host, "max-snapshots", "20");
  g_assert_cmpuint (n_plugin, ==, 2);
  g_assert_cmpuint (n_all, ==, 1);
  g_assert_true (plug_rb_live_policy_is_any_set (fixture->host));

  g_assert_true (plug_rb_live_policy_set (fixture->plugin, "max-snapshots", NULL, NULL));
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 20);
  g_assert_false (plug_rb_live_policy_is_set (fixture->plugin, "max-snapshots"));
  g_assert_true (plug_rb_live_policy_set (fixture->host, NULL, NULL, NULL));
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 5);

  g_object_set (fixture->plugin, "require-confirmation", FALSE, NULL);
  g_object_get (fixture->plugin, "require-confirmation", &confirmed, NULL);
  g_assert_false (confirmed);
  g_assert_true (plug_rb_live_policy_get (fixture->all)->require_confirmation);
}

/* A binding tells the property what it has already. */
static void
test_same_value_sets_nothing (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->host, "require-confirmation", TRUE, "max-snapshots", 10, NULL);
  g_assert_false (plug_rb_live_policy_is_any_set (fixture->host));
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_int32 (1001));
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_live_policy_set (fixture->all, "max-snapshots", value, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "1 to 1000"));
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_days (Fixture *fixture, guint days)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint source = g_timeout_add (50, wake_cb, NULL);

  while (plug_rb_live_policy_get (fixture->plugin)->retention_days != days &&
         g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->retention_days, ==, days);
}

/* Another process, a text editor, and the file gone. */
static void
test_changed_by_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_int32 (90));

  g_ptr_array_add (edits, plug_rb_policy_edit_new (PLUG_RB_POLICY_GROUP, "retention-days", value));
  g_assert_true (plug_rb_policy_file_edit (fixture->folder, edits, NULL));
  wait_for_days (fixture, 90);
  write_file (fixture->file, "[" PLUG_RB_POLICY_GROUP "/hosts/gnome-shell]\nretention-days=60\n");
  wait_for_days (fixture, 60);
  g_assert_cmpint (g_unlink (fixture->file), ==, 0);
  wait_for_days (fixture, 30);
}

/* A GSettings of anyone's, bound to anything, is the same thing. */
static void
test_bound (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GSettings) settings =
      plug_rb_policy_backend_create_settings (fixture->backend, "gnome-shell");

  g_assert_true (g_settings_set_int (settings, "max-snapshots", 33));
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 33);
  set (fixture->host, "max-snapshots", "34");
  g_assert_cmpint (g_settings_get_int (settings, "max-snapshots"), ==, 34);
  g_settings_delay (settings);
  g_settings_set_int (settings, "max-snapshots", 35);
  g_settings_set_boolean (settings, "require-confirmation", FALSE);
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 34);
  g_settings_apply (settings);
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 35);
  g_assert_false (plug_rb_live_policy_get (fixture->plugin)->require_confirmation);
  g_settings_reset (settings, "max-snapshots");
  g_settings_apply (settings);
  g_assert_cmpuint (plug_rb_live_policy_get (fixture->plugin)->max_snapshots, ==, 10);
}

/* ---- the file */

/* Two windows that have read the file before either of them wrote. */
static void
test_writers_keep_each_others (Fixture *fixture, gconstpointer data)
{
  PlugRbPolicyBackend *other = plug_rb_policy_backend_new (fixture->folder);
  PlugRbLivePolicy *all = plug_rb_live_policy_new (other, NULL);
  g_auto(PlugRbPolicy) policy = { 0 };

  set (fixture->all, "max-snapshots", "5");
  set (all, "retention-days", "90");
  set (fixture->all, "require-confirmation", "no");
  g_assert_true (plug_rb_policy_load (&policy, fixture->folder, NULL, NULL));
  g_assert_cmpuint (policy.max_snapshots, ==, 5);
  g_assert_cmpuint (policy.retention_days, ==, 90);
  g_assert_false (policy.require_confirmation);
  g_assert_finalize_object (all);
  g_assert_finalize_object (G_OBJECT (other));
}

static gpointer
write_many (gpointer data)
{
  Fixture *fixture = ((gpointer *) data)[0];
  const char *scope = ((gpointer *) data)[1];
  g_autofree char *group = plug_rb_policy_dup_group (scope);

  for (int i = 1; i <= 10; i++) {
    g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();
    g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_int32 (i));
    g_autoptr(GError) error = NULL;

    g_ptr_array_add (edits, plug_rb_policy_edit_new (group, "max-snapshots", value));
    plug_rb_policy_file_edit (fixture->folder, edits, &error);
    g_assert_no_error (error);
  }

  return NULL;
}

static void
test_race (Fixture *fixture, gconstpointer data)
{
  static const char *const racers[] = { "a", "b", "c/d", "e/f" };
  GThread *threads[G_N_ELEMENTS (racers)];
  gpointer arguments[G_N_ELEMENTS (racers)][2];

  for (gsize i = 0; i < G_N_ELEMENTS (racers); i++) {
    arguments[i][0] = fixture;
    arguments[i][1] = (char *) racers[i];
    threads[i] = g_thread_new ("writer", write_many, arguments[i]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (racers); i++)
    g_thread_join (threads[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (racers); i++) {
    g_auto(PlugRbPolicy) policy = { 0 };

    g_assert_true (plug_rb_policy_load (&policy, fixture->folder, racers[i], NULL));
    g_assert_cmpuint (policy.max_snapshots, ==, 10);
  }
}

/* A comment, and what a newer version may know. */
static void
test_stranger_stays (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  write_file (fixture->file, "# mine\n[" PLUG_RB_POLICY_GROUP "]\n# of old\ncolor='red'\n"
                             "max-snapshots=5\n[elsewhere]\nx=1\n");
  set (fixture->all, "max-snapshots", "6");
  g_assert_true (plug_rb_live_policy_set (fixture->all, "max-snapshots", NULL, NULL));
  g_assert_true (g_file_get_contents (fixture->file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==,
                   "# mine\n[" PLUG_RB_POLICY_GROUP "]\n# of old\ncolor='red'\n[elsewhere]\nx=1\n");
}

static void
test_damaged_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_int32 (5));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  write_file (fixture->file, "max-snapshots=5\n");
  g_assert_false (plug_rb_live_policy_set (fixture->all, "max-snapshots", value, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_true (g_file_get_contents (fixture->file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "max-snapshots=5\n");
}

static void
test_scopes (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GPtrArray) found = NULL;

  write_file (fixture->file, "[" PLUG_RB_POLICY_GROUP "/hosts/.x]\na=1\n");
  for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++) {
    PlugRbLivePolicy *policy = plug_rb_live_policy_new (fixture->backend, scopes[i]);

    set (policy, "retention-days", "3");
    g_object_unref (policy);
  }
  file = plug_rb_policy_file_load (fixture->folder, NULL);
  found = plug_rb_policy_list_scopes (file);
  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpstr (found->pdata[0], ==, "gnome-shell");
  g_assert_cmpstr (found->pdata[1], ==, KEY);
  g_assert_cmpstr (found->pdata[2], ==, "vscode/a[b] c");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/live-policy/schema", test_schema);
  add ("/live-policy/from-gsettings", test_from_gsettings);
  add ("/live-policy/to-gsettings", test_to_gsettings);
  add ("/live-policy/nonsense", test_nonsense);
  add ("/live-policy/odd-spelling", test_odd_spelling);
  add ("/live-policy/live", test_live);
  add ("/live-policy/same-value-sets-nothing", test_same_value_sets_nothing);
  add ("/live-policy/range", test_range);
  add ("/live-policy/changed-by-others", test_changed_by_others);
  add ("/live-policy/bound", test_bound);
  add ("/live-policy/writers-keep-each-others", test_writers_keep_each_others);
  add ("/live-policy/race", test_race);
  add ("/live-policy/stranger-stays", test_stranger_stays);
  add ("/live-policy/damaged-stays", test_damaged_stays);
  add ("/live-policy/scopes", test_scopes);

  return g_test_run ();
}
