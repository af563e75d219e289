/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The calls of the facade about what is kept: the lists show what they did. */

#include "plug-rb-error.h"
#include "plug-rb-manager.h"
#include "scratch.h"

#define ID "sample@example.org"
#define PATIENCE_S 60

/* Versions 1 to 3, of which the last one is installed. */
typedef struct {
  PlugRbManager *manager;
  GPtrArray *snapshots;
} Fixture;

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("Waited for too long");

  return G_SOURCE_REMOVE;
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  guint give_up = g_timeout_add_seconds (PATIENCE_S, give_up_cb, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (give_up);

  return *result;
}

static void
load (PlugRbManager *manager)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  plug_rb_manager_load_async (manager, NULL, store_result_cb, &result);
  plug_rb_manager_load_finish (manager, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
take_snapshots (Fixture *fixture)
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();

  for (int version = 1; version <= 3; version++) {
    g_autoptr(PlugRbSnapshot) snapshot = NULL;

    scratch_install_sample (version);
    snapshot = scratch_snapshot (engine, ID);
    load (fixture->manager);
    g_ptr_array_add (fixture->snapshots,
                     g_object_ref (plug_rb_manager_find_snapshot (
                         fixture->manager, plug_rb_snapshot_get_id (snapshot))));
  }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->manager = plug_rb_manager_new (NULL);
  fixture->snapshots = g_ptr_array_new_with_free_func (g_object_unref);
  take_snapshots (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);

  g_ptr_array_unref (fixture->snapshots);
  g_assert_finalize_object (fixture->manager);
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
}

static gboolean
set_pinned (Fixture *fixture, gboolean pinned, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  plug_rb_manager_set_pinned_async (fixture->manager, fixture->snapshots, pinned, store_result_cb,
                                    &result);

  return plug_rb_manager_set_pinned_finish (fixture->manager, wait_for (&result), error);
}

static void
test_pin (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  set_pinned (fixture, TRUE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    g_assert_true (plug_rb_snapshot_get_pinned (fixture->snapshots->pdata[i]));

  set_pinned (fixture, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (plug_rb_snapshot_get_pinned (fixture->snapshots->pdata[1]));
}

static void
test_pin_partly (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script =
      g_strdup_printf ("truncate -s 9 snapshots/*/*/%s/snapshot.json",
                       plug_rb_snapshot_get_id (fixture->snapshots->pdata[0]));
  g_autofree char *done = scratch_in_store (script);
  g_autoptr(GError) error = NULL;

  g_assert_false (set_pinned (fixture, TRUE, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_true (plug_rb_snapshot_get_pinned (fixture->snapshots->pdata[1]));
  g_assert_true (plug_rb_snapshot_get_pinned (fixture->snapshots->pdata[2]));
}

static void
set_text (Fixture *fixture, const char *label, const char *note)
{
  PlugRbSnapshot *shown = fixture->snapshots->pdata[0];
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(PlugRbSnapshot) edited = NULL;
  g_autoptr(GError) error = NULL;

  plug_rb_manager_set_text_async (fixture->manager, shown, label, note, store_result_cb, &result);
  edited = plug_rb_manager_set_text_finish (fixture->manager, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_true (edited == shown);
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  PlugRbSnapshot *shown = fixture->snapshots->pdata[0];

  set_text (fixture, "a label", "a note");
  g_assert_cmpstr (plug_rb_snapshot_get_label (shown), ==, "a label");
  g_assert_cmpstr (plug_rb_snapshot_get_note (shown), ==, "a note");

  set_text (fixture, NULL, "");
  g_assert_cmpstr (plug_rb_snapshot_get_label (shown), ==, "a label");
  g_assert_null (plug_rb_snapshot_get_note (shown));
}

static PlugRbPruning *
prune (Fixture *fixture, const char *plugin, gboolean dry_run)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbPruning *pruning;

  plug_rb_manager_prune_async (fixture->manager, plugin, dry_run, NULL, store_result_cb, &result);
  pruning = plug_rb_manager_prune_finish (fixture->manager, wait_for (&result), &error);
  g_assert_no_error (error);

  return pruning;
}

static void
test_prune (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (fixture->snapshots->pdata[0]);
  g_autoptr(PlugRbPruning) foreseen = NULL;
  g_autoptr(PlugRbPruning) done = NULL;

  scratch_age (fixture->snapshots->pdata[0], 60);
  foreseen = prune (fixture, "gnome-shell/" ID, TRUE);
  g_assert_cmpuint (foreseen->deleted->len, ==, 1);
  g_assert_nonnull (plug_rb_manager_find_snapshot (fixture->manager, id));

  done = prune (fixture, NULL, FALSE);
  g_assert_cmpuint (done->deleted->len, ==, 1);
  g_assert_cmpuint (done->kept->len, ==, 2);
  g_assert_null (plug_rb_manager_find_snapshot (fixture->manager, id));
}

static gboolean
check_delete (Fixture *fixture, GPtrArray *snapshots, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  plug_rb_manager_check_delete_async (fixture->manager, snapshots, store_result_cb, &result);

  return plug_rb_manager_check_delete_finish (fixture->manager, wait_for (&result), error);
}

static void
test_check_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (one, fixture->snapshots->pdata[2]);
  g_assert_true (check_delete (fixture, one, NULL));
  g_assert_false (check_delete (fixture, fixture->snapshots, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
}

/* Taking a snapshot cleans up after itself. */
static void
test_tidy (Fixture *fixture, gconstpointer data)
{
  const char *id = plug_rb_snapshot_get_id (fixture->snapshots->pdata[0]);
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (fixture->manager, "gnome-shell/" ID);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(PlugRbSnapshot) taken = NULL;
  g_autoptr(GError) error = NULL;

  scratch_age (fixture->snapshots->pdata[0], 60);
  scratch_install_sample (4);
  plug_rb_manager_create_snapshot_async (fixture->manager, plugin, PLUG_RB_REASON_MANUAL, NULL,
                                         NULL, NULL, store_result_cb, &result);
  taken =
      plug_rb_manager_create_snapshot_finish (fixture->manager, wait_for (&result), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (
      plug_rb_manager_find_snapshot (fixture->manager, plug_rb_snapshot_get_id (taken)));
  g_assert_null (plug_rb_manager_find_snapshot (fixture->manager, id));
}

/* ---- policy */

static gboolean
has_days (PlugRbLivePolicy *policy, guint days)
{
  return plug_rb_live_policy_get (policy)->retention_days == days;
}

/* The window sees at once what a command sets. */
static void
test_policy (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbManager) early = plug_rb_manager_new (NULL);
  PlugRbLivePolicy *all = plug_rb_manager_get_policy (fixture->manager, NULL);
  PlugRbLivePolicy *plugin = plug_rb_manager_get_policy (fixture->manager, "gnome-shell/" ID);
  g_autoptr(PlugRbLivePolicy) property = NULL;
  g_autoptr(GPtrArray) scopes = NULL;
  guint give_up = g_timeout_add_seconds (PATIENCE_S, give_up_cb, NULL);

  g_object_get (fixture->manager, "policy", &property, NULL);
  g_assert_true (property == all && all != NULL);
  g_assert_null (plug_rb_manager_get_policy (early, NULL));

  scratch_run (
      (const char *[]) { "plugrb", "policy", "set", "retention-days=90", "--plugin", ID, NULL });
  while (!has_days (plugin, 90))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (give_up);
  g_assert_true (has_days (all, 30));
  scopes = plug_rb_manager_list_policy_scopes (fixture->manager);
  g_assert_cmpuint (scopes->len, ==, 1);
  g_assert_cmpstr (scopes->pdata[0], ==, "gnome-shell/" ID);
}

/* Of three versions the installed one and the one before it stay. */
static void
test_foresee (Fixture *fixture, gconstpointer data)
{
  PlugRbLivePolicy *all = plug_rb_manager_get_policy (fixture->manager, NULL);
  g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();
  g_autoptr(GVariant) one = g_variant_ref_sink (g_variant_new_int32 (1));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbForesight foresight;
  GListModel *snapshots = plug_rb_manager_get_snapshots (fixture->manager);

  scratch_age (fixture->snapshots->pdata[0], 20);
  g_ptr_array_add (edits, plug_rb_live_policy_make_edit (all, "retention-days", one));
  plug_rb_manager_foresee_policy_async (fixture->manager, edits, NULL, store_result_cb, &result);
  plug_rb_manager_foresee_policy_finish (fixture->manager, wait_for (&result), &foresight, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (foresight.n_snapshots, ==, 1);
  g_assert_cmpuint (foresight.n_plugins, ==, 1);
  g_assert_cmpuint (foresight.size, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (snapshots), ==, 3);
  g_assert_true (has_days (all, 30));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/manager-keep/pin", Fixture, NULL, set_up, test_pin, tear_down);
  g_test_add ("/manager-keep/pin-partly", Fixture, NULL, set_up, test_pin_partly, tear_down);
  g_test_add ("/manager-keep/text", Fixture, NULL, set_up, test_text, tear_down);
  g_test_add ("/manager-keep/prune", Fixture, NULL, set_up, test_prune, tear_down);
  g_test_add ("/manager-keep/check-delete", Fixture, NULL, set_up, test_check_delete, tear_down);
  g_test_add ("/manager-keep/policy", Fixture, NULL, set_up, test_policy, tear_down);
  g_test_add ("/manager-keep/foresee", Fixture, NULL, set_up, test_foresee, tear_down);
  g_test_add ("/manager-keep/tidy", Fixture, NULL, set_up, test_tidy, tear_down);

  return g_test_run ();
}
