/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The facade: its lists, its calls and its signals, on a whole scratch user. */

#include "plug-rb-error.h"
#include "plug-rb-host.h"
#include "plug-rb-id.h"
#include "plug-rb-manager.h"
#include "plug-rb-plan.h"
#include "scratch.h"

#include <glib/gstdio.h>

#define KEY "gnome-shell/sample@example.org"
#define SPEED "/org/gnome/shell/extensions/sample/speed"
#define PATIENCE_S 60

typedef struct {
  PlugRbManager *manager;
  PlugRbPlugin *plugin;
} Fixture;

/* ---- waiting */

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

static gboolean
load (PlugRbManager *manager, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  plug_rb_manager_load_async (manager, NULL, store_result_cb, &result);

  return plug_rb_manager_load_finish (manager, wait_for (&result), error);
}

static void
reload (PlugRbManager *manager)
{
  g_autoptr(GError) error = NULL;

  load (manager, &error);
  g_assert_no_error (error);
}

static PlugRbSnapshot *
take_snapshot (Fixture *fixture, const char *label, gboolean *created)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbSnapshot *snapshot;

  plug_rb_manager_create_snapshot_async (fixture->manager, fixture->plugin, PLUG_RB_REASON_MANUAL,
                                         label, NULL, NULL, store_result_cb, &result);
  snapshot = plug_rb_manager_create_snapshot_finish (fixture->manager, wait_for (&result), created,
                                                     &error);
  g_assert_no_error (error);

  return snapshot;
}

static PlugRbOperation *
roll_back (Fixture *fixture, PlugRbSnapshot *target, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();

  g_ptr_array_add (targets, target);
  plug_rb_manager_rollback_async (fixture->manager, targets, PLUG_RB_SCOPE_ALL, NULL,
                                  store_result_cb, &result);

  return plug_rb_manager_rollback_finish (fixture->manager, wait_for (&result), error);
}

static PlugRbOperation *
undo (Fixture *fixture, PlugRbOperation *undone, gboolean even_if_changed, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  plug_rb_manager_undo_async (fixture->manager, undone, even_if_changed, NULL, store_result_cb,
                              &result);

  return plug_rb_manager_undo_finish (fixture->manager, wait_for (&result), error);
}

/* ---- fixture */

static void
remove_all (void)
{
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);

  scratch_run ((const char *[]) { "rm", "-rf", store, shell, NULL });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  remove_all ();
  scratch_install_sample (1);
  scratch_set (SPEED, "5");

  fixture->manager = plug_rb_manager_new (NULL);
  g_assert_cmpint (plug_rb_manager_get_state (fixture->manager), ==, PLUG_RB_MANAGER_STATE_LOADING);
  reload (fixture->manager);
  g_assert_cmpint (plug_rb_manager_get_state (fixture->manager), ==, PLUG_RB_MANAGER_STATE_READY);
  fixture->plugin = plug_rb_manager_find_plugin (fixture->manager, KEY);
  g_assert_nonnull (fixture->plugin);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->manager);
}

static void
update_sample (Fixture *fixture)
{
  scratch_install_sample (2);
  scratch_set (SPEED, "9");
  reload (fixture->manager);
}

/* ---- tests */

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  PlugRbHost *host = plug_rb_plugin_get_host (fixture->plugin);
  GListModel *own = plug_rb_host_get_plugins (host);
  g_autoptr(PlugRbPlugin) first = g_list_model_get_item (own, 0);
  g_autofree char *first_id = NULL;

  g_assert_true (first == fixture->plugin);
  g_assert_cmpuint (g_list_model_get_n_items (own), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_manager_get_snapshots (fixture->manager)), ==,
                    0);
  g_assert_cmpstr (plug_rb_plugin_get_version (fixture->plugin), ==, "1");
  g_assert_null (plug_rb_plugin_get_latest_good (fixture->plugin));
  g_assert_null (plug_rb_plugin_get_current (fixture->plugin));
  g_assert_null (plug_rb_manager_find_plugin (fixture->manager, "gnome-shell/none"));
  g_assert_null (plug_rb_manager_find_snapshot (fixture->manager, "none"));
  g_assert_null (plug_rb_manager_find_operation (fixture->manager, "none"));
}

static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  gboolean created;
  g_autoptr(PlugRbSnapshot) first = take_snapshot (fixture, NULL, &created);
  g_autoptr(PlugRbSnapshot) same = NULL;
  g_autoptr(PlugRbSnapshot) labeled = NULL;

  g_assert_true (created);
  g_assert_true (
      plug_rb_manager_find_snapshot (fixture->manager, plug_rb_snapshot_get_id (first)) == first);
  g_assert_cmpuint (plug_rb_plugin_get_n_snapshots (fixture->plugin), ==, 1);
  g_assert_true (plug_rb_plugin_get_current (fixture->plugin) == first);
  g_assert_null (plug_rb_plugin_get_latest_good (fixture->plugin));

  same = take_snapshot (fixture, NULL, &created);
  g_assert_false (created);
  g_assert_true (same == first);

  labeled = take_snapshot (fixture, "mine", &created);
  g_assert_true (created);
  g_assert_cmpstr (plug_rb_snapshot_get_label (labeled), ==, "mine");
  g_assert_true (plug_rb_plugin_get_current (fixture->plugin) == labeled);
}

static void
notify_cb (guint *count)
{
  (*count)++;
}

static void
test_identity (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  GListModel *plugins = plug_rb_manager_get_plugins (fixture->manager);
  guint count = 0;

  g_signal_connect_swapped (plugins, "items-changed", G_CALLBACK (notify_cb), &count);
  update_sample (fixture);

  g_assert_true (plug_rb_manager_find_plugin (fixture->manager, KEY) == fixture->plugin);
  g_assert_true (plug_rb_manager_find_snapshot (fixture->manager,
                                                plug_rb_snapshot_get_id (snapshot)) == snapshot);
  g_assert_cmpstr (plug_rb_plugin_get_version (fixture->plugin), ==, "2");
  g_assert_null (plug_rb_plugin_get_current (fixture->plugin));
  g_assert_true (plug_rb_plugin_get_latest_good (fixture->plugin) == snapshot);
  /* Nothing came or went, so no list is drawn anew. */
  g_assert_cmpuint (count, ==, 0);

  g_signal_handlers_disconnect_by_data (plugins, &count);
}

static void
test_remembers_uninstalled (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autofree char *extensions = scratch_extensions ();

  scratch_run ((const char *[]) { "rm", "-rf", extensions, NULL });
  reload (fixture->manager);

  g_assert_true (plug_rb_manager_find_plugin (fixture->manager, KEY) == fixture->plugin);
  g_assert_false (plug_rb_plugin_get_installed (fixture->plugin));
  g_assert_true (plug_rb_plugin_get_latest_good (fixture->plugin) == snapshot);
}

typedef struct {
  Fixture *fixture;
  guint n_progress;
  gboolean was_busy;
  double fraction;
} Watch;

static void
progress_cb (PlugRbManager *manager,
             PlugRbOperation *operation,
             const char *step,
             double fraction,
             const char *text,
             Watch *watch)
{
  guint n_jobs;

  g_object_get (manager, "n-jobs", &n_jobs, NULL);
  g_assert_cmpuint (n_jobs, ==, 1);
  g_assert_true (plug_rb_manager_get_job (manager, KEY) == operation);
  g_assert_cmpfloat (fraction, >=, watch->fraction);
  watch->was_busy = plug_rb_plugin_get_busy (watch->fixture->plugin);
  watch->fraction = fraction;
  watch->n_progress++;
}

static void
test_main_job (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = scratch_picture ();
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autofree char *new = NULL;
  g_autofree char *back = NULL;
  g_autofree char *again = NULL;
  g_autoptr(PlugRbOperation) rollback = NULL;
  g_autoptr(PlugRbOperation) undoing = NULL;
  g_autoptr(GError) error = NULL;
  Watch watch = { .fixture = fixture };

  update_sample (fixture);
  new = scratch_picture ();

  g_signal_connect (fixture->manager, "progress", G_CALLBACK (progress_cb), &watch);
  rollback = roll_back (fixture, snapshot, &error);
  g_signal_handlers_disconnect_by_data (fixture->manager, &watch);
  g_assert_no_error (error);
  back = scratch_picture ();
  g_assert_cmpstr (back, ==, old);
  g_assert_cmpuint (watch.n_progress, >, 0);
  g_assert_true (watch.was_busy);
  g_assert_false (plug_rb_plugin_get_busy (fixture->plugin));
  g_assert_cmpint (plug_rb_operation_get_status (rollback), ==, PLUG_RB_STATUS_COMPLETED);
  g_assert_true (plug_rb_operation_get_can_undo (rollback));
  g_assert_cmpstr (plug_rb_plugin_get_version (fixture->plugin), ==, "1");
  g_assert_true (plug_rb_plugin_get_current (fixture->plugin) == snapshot);
  g_assert_cmpuint (plug_rb_plugin_get_n_snapshots (fixture->plugin), ==, 2);

  undoing = undo (fixture, rollback, FALSE, &error);
  g_assert_no_error (error);
  again = scratch_picture ();
  g_assert_cmpstr (again, ==, new);
  g_assert_cmpint (plug_rb_operation_get_status (rollback), ==, PLUG_RB_STATUS_UNDONE);
  g_assert_false (plug_rb_operation_get_can_undo (rollback));
  g_assert_true (plug_rb_operation_get_can_undo (undoing));
}

static void
test_operations (Fixture *fixture, gconstpointer data)
{
  GListModel *operations = plug_rb_manager_get_operations (fixture->manager);
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autoptr(PlugRbOperation) rollback = NULL;
  g_autoptr(PlugRbOperation) first = NULL;
  g_autoptr(PlugRbManager) other = plug_rb_manager_new (NULL);
  PlugRbOperation *read;
  g_autofree char *title = NULL;

  update_sample (fixture);
  rollback = roll_back (fixture, snapshot, NULL);
  first = g_list_model_get_item (operations, 0);
  g_assert_true (first == rollback);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 2);

  reload (fixture->manager);
  g_assert_true (plug_rb_manager_find_operation (fixture->manager,
                                                 plug_rb_operation_get_id (rollback)) == rollback);

  reload (other);
  read = plug_rb_manager_find_operation (other, plug_rb_operation_get_id (rollback));
  g_assert_nonnull (read);
  title = plug_rb_operation_dup_title (read);
  g_assert_cmpstr (title, ==, "Rolled back Sample to version 1");
}

static void
test_plan (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(PlugRbPlan) plan = NULL;
  g_autoptr(GError) error = NULL;

  update_sample (fixture);
  plug_rb_manager_plan_async (fixture->manager, snapshot, PLUG_RB_SCOPE_ALL, NULL, store_result_cb,
                              &result);
  plan = plug_rb_manager_plan_finish (fixture->manager, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_false (plug_rb_plan_get_is_empty (plan));
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_settings (plan)), ==, 1);
  g_assert_cmpstr (plug_rb_plan_get_to_version (plan), ==, "1");
}

static void
test_undo_asks (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autoptr(PlugRbOperation) rollback = NULL;
  g_autoptr(PlugRbOperation) undoing = NULL;
  g_autoptr(GError) error = NULL;

  update_sample (fixture);
  rollback = roll_back (fixture, snapshot, NULL);
  scratch_set (SPEED, "7");

  g_assert_null (undo (fixture, rollback, FALSE, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_assert_cmpint (plug_rb_operation_get_status (rollback), ==, PLUG_RB_STATUS_COMPLETED);
  g_clear_error (&error);

  undoing = undo (fixture, rollback, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plug_rb_plugin_get_version (fixture->plugin), ==, "2");
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbOperation *operation;

  update_sample (fixture);
  before = scratch_picture ();
  g_ptr_array_add (targets, snapshot);
  operation = plug_rb_manager_rollback_async (fixture->manager, targets, PLUG_RB_SCOPE_ALL,
                                              cancellable, store_result_cb, &result);
  g_cancellable_cancel (cancellable);
  g_assert_true (g_cancellable_is_cancelled (plug_rb_operation_get_cancellable (operation)));

  g_assert_null (plug_rb_manager_rollback_finish (fixture->manager, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_CANCELED);
  after = scratch_picture ();
  g_assert_cmpstr (before, ==, after);
}

/* Damage is found in a thread, and set aside; the list says so by itself. */
static void
test_verify (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *archive =
      g_strdup_printf ("%s/plugin-rollback/archives/%s/%s.tar.zst", g_get_user_data_dir (),
                       plug_rb_snapshot_get_plugin (snapshot), id);
  PlugRbVerifyFlags flags[] = { PLUG_RB_VERIFY_FULL, 0, PLUG_RB_VERIFY_REPAIR, 0 };
  guint wanted[] = { 0, 1, 1, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++) {
    g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(PlugRbVerification) found = NULL;
    g_autoptr(GError) error = NULL;

    plug_rb_manager_verify_async (fixture->manager, flags[i], operation, NULL, store_result_cb,
                                  &result);
    found = plug_rb_manager_verify_finish (fixture->manager, wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (found->checked, ==, i < 3);
    g_assert_cmpuint (found->damages->len, ==, wanted[i]);
    if (wanted[i] > 0)
      g_assert_cmpstr (((PlugRbDamage *) found->damages->pdata[0])->snapshot, ==, id);
    if (i == 0)
      g_assert_cmpint (g_unlink (archive), ==, 0);
  }
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture, NULL, NULL);
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autoptr(GAsyncResult) deleted = NULL;
  g_autoptr(GAsyncResult) restored = NULL;
  g_autoptr(PlugRbSnapshot) back = NULL;
  g_autoptr(GError) error = NULL;

  plug_rb_manager_delete_snapshot_async (fixture->manager, snapshot, NULL, store_result_cb,
                                         &deleted);
  g_assert_true (
      plug_rb_manager_delete_snapshot_finish (fixture->manager, wait_for (&deleted), &error));
  g_assert_null (plug_rb_manager_find_snapshot (fixture->manager, id));
  g_assert_cmpuint (plug_rb_plugin_get_n_snapshots (fixture->plugin), ==, 0);

  plug_rb_manager_restore_deleted_async (fixture->manager, id, NULL, store_result_cb, &restored);
  back = plug_rb_manager_restore_deleted_finish (fixture->manager, wait_for (&restored), &error);
  g_assert_no_error (error);
  g_assert_true (back == plug_rb_manager_find_snapshot (fixture->manager, id));
  g_assert_cmpuint (plug_rb_plugin_get_n_snapshots (fixture->plugin), ==, 1);
}

static void
test_delete_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = plug_rb_id_new ();

  plug_rb_manager_restore_deleted_async (fixture->manager, id, NULL, store_result_cb, &result);
  g_assert_null (
      plug_rb_manager_restore_deleted_finish (fixture->manager, wait_for (&result), &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

/* Several calls at once: each is served by what was looked at after it had done its work. */
static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  GAsyncResult *results[4] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autofree char *label = g_strdup_printf ("label %u", i);

    plug_rb_manager_create_snapshot_async (fixture->manager, fixture->plugin, PLUG_RB_REASON_MANUAL,
                                           label, NULL, NULL, store_result_cb, &results[i]);
  }

  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlugRbSnapshot) snapshot = plug_rb_manager_create_snapshot_finish (
        fixture->manager, wait_for (&results[i]), NULL, &error);

    g_assert_no_error (error);
    g_assert_true (snapshot == plug_rb_manager_find_snapshot (fixture->manager,
                                                              plug_rb_snapshot_get_id (snapshot)));
    g_object_unref (results[i]);
  }

  g_assert_cmpuint (plug_rb_plugin_get_n_snapshots (fixture->plugin), ==, 4);
  g_assert_false (plug_rb_plugin_get_busy (fixture->plugin));
}

/* What another process does shows by itself. */
static void
test_watches (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbEngine) other = scratch_open ();
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  guint count = 0, give_up = g_timeout_add_seconds (PATIENCE_S, give_up_cb, NULL);

  g_signal_connect_swapped (fixture->plugin, "notify::n-snapshots", G_CALLBACK (notify_cb), &count);
  snapshot = scratch_snapshot (other, KEY);
  while (count == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (give_up);

  g_assert_nonnull (
      plug_rb_manager_find_snapshot (fixture->manager, plug_rb_snapshot_get_id (snapshot)));
  g_signal_handlers_disconnect_by_data (fixture->plugin, &count);
}

static void
write_store (const char *format)
{
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autofree char *path = g_build_filename (store, "store.json", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (store, 0700), ==, 0);
  g_file_set_contents (path, format, -1, &error);
  g_assert_no_error (error);
}

static void
test_too_new (void)
{
  PlugRbManager *manager = plug_rb_manager_new (NULL);
  g_autoptr(GError) error = NULL;

  remove_all ();
  write_store ("{\"format\": 99}");
  g_assert_false (load (manager, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW);
  g_assert_cmpint (plug_rb_manager_get_state (manager), ==, PLUG_RB_MANAGER_STATE_TOO_NEW);
  g_assert_cmpstr (plug_rb_manager_get_error (manager), ==, error->message);

  g_assert_finalize_object (manager);
}

static void
test_fails_and_recovers (void)
{
  PlugRbManager *manager = plug_rb_manager_new (NULL);
  g_autofree char *store = g_build_filename (g_get_user_data_dir (), "plugin-rollback", NULL);
  g_autoptr(GError) error = NULL;

  remove_all ();
  g_file_set_contents (store, "a file where the folder should be", -1, &error);
  g_assert_no_error (error);
  g_assert_false (load (manager, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (plug_rb_manager_get_state (manager), ==, PLUG_RB_MANAGER_STATE_FAILED);

  remove_all ();
  reload (manager);
  g_assert_cmpint (plug_rb_manager_get_state (manager), ==, PLUG_RB_MANAGER_STATE_READY);
  g_assert_null (plug_rb_manager_get_error (manager));

  g_assert_finalize_object (manager);
}

static const struct {
  const char *path;
  void (*test) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "/manager/lists", test_lists },
  { "/manager/snapshot", test_snapshot },
  { "/manager/identity", test_identity },
  { "/manager/remembers-uninstalled", test_remembers_uninstalled },
  { "/manager/main-job", test_main_job },
  { "/manager/operations", test_operations },
  { "/manager/plan", test_plan },
  { "/manager/undo-asks", test_undo_asks },
  { "/manager/cancel", test_cancel },
  { "/manager/verify", test_verify },
  { "/manager/delete", test_delete },
  { "/manager/restore-deleted/unknown", test_delete_unknown },
  { "/manager/at-once", test_at_once },
  { "/manager/watches-store", test_watches },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/manager/too-new", test_too_new);
  g_test_add_func ("/manager/fails-and-recovers", test_fails_and_recovers);

  return g_test_run ();
}
