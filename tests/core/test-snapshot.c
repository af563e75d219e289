/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"

#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define TABLE "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const char good[] =
    "{\"format\": 1, \"id\": \"" ID "\", \"sequence\": 3, \"plugin\": \"gnome-shell/a@b\","
    " \"host\": \"gnome-shell\", \"plugin-id\": \"a@b\", \"name\": \"A\", \"version\": \"44\","
    " \"host-version\": \"48.4\", \"timestamp\": \"2026-02-03T04:05:06Z\","
    " \"reason\": \"pre-update\", \"change\": null, \"label\": \"mine\", \"note\": null,"
    " \"pinned\": true, \"absent\": false, \"dependencies\": [{\"id\": \"c@d\", \"version\": "
    "\"1\"}],"
    " \"parts\": [\"user\"], \"sizes\": {\"real\": 1000, \"stored\": 300, \"shared\": 0},"
    " \"files\": 12, \"table\": \"" TABLE "\", \"archives\": [], \"extract\": \"tar\","
    " \"settings\": {\"count\": 2, \"folders\": []}, \"enabled\": true, \"states\": [],"
    " \"health\": \"good\", \"manifest\": \"{}\"}";

static PlugRbSnapshot *
parse (const char *text, GError **error)
{
  g_autoptr(JsonObject) json = plug_rb_json_parse (text, -1, NULL);

  g_assert_nonnull (json);
  return plug_rb_snapshot_new_from_json (json, error);
}

static void
test_reads (void)
{
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *snapshot = parse (good, &error);
  g_autofree char *time = NULL;

  g_assert_no_error (error);
  time = plug_rb_time_to_string (plug_rb_snapshot_get_timestamp (snapshot));
  g_assert_cmpstr (plug_rb_snapshot_get_id (snapshot), ==, ID);
  g_assert_cmpint (plug_rb_snapshot_get_sequence (snapshot), ==, 3);
  g_assert_cmpstr (plug_rb_snapshot_get_plugin (snapshot), ==, "gnome-shell/a@b");
  g_assert_cmpstr (plug_rb_snapshot_get_plugin_id (snapshot), ==, "a@b");
  g_assert_cmpint (plug_rb_snapshot_get_reason (snapshot), ==, PLUG_RB_REASON_PRE_UPDATE);
  g_assert_cmpint (plug_rb_snapshot_get_health (snapshot), ==, PLUG_RB_HEALTH_GOOD);
  g_assert_cmpstr (time, ==, "2026-02-03T04:05:06Z");
  g_assert_cmpuint (plug_rb_snapshot_get_size (snapshot), ==, 1000);
  g_assert_cmpuint (plug_rb_snapshot_get_stored_size (snapshot), ==, 300);
  g_assert_cmpuint (plug_rb_snapshot_get_n_files (snapshot), ==, 12);
  g_assert_cmpstr (plug_rb_snapshot_get_damaged (snapshot), ==, NULL);
  g_assert_true (plug_rb_snapshot_get_pinned (snapshot));

  g_assert_finalize_object (snapshot);
}

static const struct {
  const char *name;
  const char *from;
  const char *to;
  PlugRbError code;
} bad[] = {
  { "id-number", "\"id\": \"" ID "\"", "\"id\": 7", PLUG_RB_ERROR_CORRUPT },
  { "id-path", "\"id\": \"" ID "\"", "\"id\": \"../x\"", PLUG_RB_ERROR_CORRUPT },
  { "no-plugin", "\"plugin\":", "\"plugged\":", PLUG_RB_ERROR_CORRUPT },
  { "other-plugin", "\"plugin-id\": \"a@b\"", "\"plugin-id\": \"x\"", PLUG_RB_ERROR_CORRUPT },
  { "no-host", "\"host\":", "\"hosted\":", PLUG_RB_ERROR_CORRUPT },
  { "time", "2026-02-03T04:05:06Z", "yesterday", PLUG_RB_ERROR_CORRUPT },
  { "reason", "pre-update", "whim", PLUG_RB_ERROR_CORRUPT },
  { "table", TABLE, "../../x", PLUG_RB_ERROR_CORRUPT },
  { "sequence", "\"sequence\": 3", "\"sequence\": -3", PLUG_RB_ERROR_CORRUPT },
  { "newer", "\"format\": 1", "\"format\": 2", PLUG_RB_ERROR_TOO_NEW },
};

static void
test_refuses (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GString) text = g_string_new (good);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (g_string_replace (text, bad[i].from, bad[i].to, 1), ==, 1);
  g_assert_null (parse (text->str, &error));
  g_assert_error (error, PLUG_RB_ERROR, (int) bad[i].code);
}

static void
test_odd_numbers (void)
{
  g_autoptr(GString) text = g_string_new (good);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;

  g_string_replace (text, "\"real\": 1000", "\"real\": -1", 1);
  g_string_replace (text, "\"files\": 12", "\"files\": 99999999999", 1);
  g_string_replace (text, "\"health\": \"good\"", "\"health\": 5", 1);
  snapshot = parse (text->str, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_snapshot_get_size (snapshot), ==, 0);
  g_assert_cmpuint (plug_rb_snapshot_get_n_files (snapshot), ==, G_MAXUINT);
  g_assert_cmpint (plug_rb_snapshot_get_health (snapshot), ==, PLUG_RB_HEALTH_UNKNOWN);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_live_properties (void)
{
  g_autoptr(PlugRbSnapshot) snapshot = parse (good, NULL);
  guint labels = 0, pins = 0;

  g_signal_connect_swapped (snapshot, "notify::label", G_CALLBACK (count_cb), &labels);
  g_signal_connect_swapped (snapshot, "notify::pinned", G_CALLBACK (count_cb), &pins);

  plug_rb_snapshot_set_label (snapshot, "mine");
  g_assert_cmpuint (labels, ==, 0);
  plug_rb_snapshot_set_label (snapshot, "other");
  plug_rb_snapshot_set_label (snapshot, "");
  plug_rb_snapshot_set_label (snapshot, NULL);
  g_assert_cmpuint (labels, ==, 2);
  g_assert_cmpstr (plug_rb_snapshot_get_label (snapshot), ==, NULL);

  plug_rb_snapshot_set_note (snapshot, "why");
  plug_rb_snapshot_set_pinned (snapshot, TRUE);
  plug_rb_snapshot_set_pinned (snapshot, FALSE);
  g_assert_cmpuint (pins, ==, 1);
  g_assert_cmpstr (plug_rb_json_get_string (plug_rb_snapshot_get_json (snapshot), "note"), ==,
                   "why");
  g_assert_false (plug_rb_json_get_boolean (plug_rb_snapshot_get_json (snapshot), "pinned"));
}

static void
test_damaged (void)
{
  PlugRbSnapshot *snapshot = plug_rb_snapshot_new_damaged ("gnome-shell", "a@b", ID, "torn");
  g_autofree char *time = plug_rb_time_to_string (plug_rb_snapshot_get_timestamp (snapshot));

  g_assert_cmpstr (plug_rb_snapshot_get_damaged (snapshot), ==, "torn");
  g_assert_cmpstr (plug_rb_snapshot_get_plugin (snapshot), ==, "gnome-shell/a@b");
  g_assert_cmpstr (plug_rb_snapshot_get_table (snapshot), ==, NULL);
  g_assert_cmpstr (time, ==, "2022-02-22T19:22:22Z");

  g_assert_finalize_object (snapshot);
}

/* The contract with other programs, word for word. */
static const char contract[] =
    "{\"id\":\"" ID "\",\"sequence\":3,\"plugin\":\"gnome-shell/a@b\",\"name\":\"A\","
    "\"version\":\"44\",\"reason\":\"pre-update\",\"timestamp\":\"2026-02-03T04:05:06Z\","
    "\"label\":\"mine\",\"note\":null,\"pinned\":true,\"absent\":false,\"files\":12,\"size\":1000,"
    "\"stored-size\":300,\"dependencies\":[{\"id\":\"c@d\",\"version\":\"1\"}],\"damaged\":null}";

static void
test_contract (void)
{
  g_autoptr(PlugRbSnapshot) snapshot = parse (good, NULL);
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, plug_rb_snapshot_to_contract_json (snapshot));
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==, contract);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/snapshot/reads", test_reads);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/snapshot/refuses/", bad[i].name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refuses);
  }
  g_test_add_func ("/snapshot/odd-numbers", test_odd_numbers);
  g_test_add_func ("/snapshot/live-properties", test_live_properties);
  g_test_add_func ("/snapshot/damaged", test_damaged);
  g_test_add_func ("/snapshot/contract", test_contract);

  return g_test_run ();
}
