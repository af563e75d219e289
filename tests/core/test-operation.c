/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-operation.h"
#include "plug-rb-step.h"

static const PlugRbOperationChange sample_change = {
  .plugin = (char *) "gnome-shell/a@b",
  .name = (char *) "Caffeine",
  .from_version = (char *) "55",
  .to_version = (char *) "44",
  .target = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  .safety_snapshot = (char *) "017f22e2-79b0-7cc3-98c4-dc0c0c073990",
  .after_table = (char *) "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

static PlugRbStep *
get_step (PlugRbOperation *operation, const char *name)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i);

    if (g_str_equal (plug_rb_step_get_name (step), name))
      return step;
  }

  g_assert_not_reached ();
}

static void
assert_step (PlugRbOperation *operation, const char *name, PlugRbStepStatus status)
{
  g_assert_cmpint (plug_rb_step_get_status (get_step (operation, name)), ==, status);
}

static void
assert_title (PlugRbOperation *operation, const char *expected)
{
  g_autofree char *title = plug_rb_operation_dup_title (operation);

  g_assert_cmpstr (title, ==, expected);
}

static void
do_step (PlugRbOperation *operation, const char *name)
{
  plug_rb_operation_begin_step (operation, name);
  plug_rb_operation_report (operation, 0.5, "half");
  plug_rb_operation_end_step (operation, PLUG_RB_STEP_STATUS_DONE, NULL);
}

/* ---- without a main loop, as the command line tool works */

static void
test_new (void)
{
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  GListModel *steps = plug_rb_operation_get_steps (operation);

  g_assert_true (plug_rb_id_is_valid (plug_rb_operation_get_id (operation)));
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_PENDING);
  g_assert_cmpuint (g_list_model_get_n_items (steps), ==, 8);
  g_assert_nonnull (plug_rb_operation_get_started (operation));
  g_assert_null (plug_rb_operation_get_finished (operation));
  g_assert_true (plug_rb_operation_get_can_cancel (operation));
  g_assert_false (plug_rb_operation_get_can_undo (operation));
  g_assert_cmpstr (*plug_rb_operation_get_hints (operation), ==, NULL);

  g_assert_finalize_object (operation);
}

static void
test_success (void)
{
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", "Caffeine");
  assert_title (operation, "Rolling Back Caffeine");

  do_step (operation, "check");
  assert_step (operation, "check", PLUG_RB_STEP_STATUS_DONE);
  plug_rb_operation_begin_step (operation, "restore-files");
  assert_step (operation, "restore-files", PLUG_RB_STEP_STATUS_RUNNING);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_IN_PROGRESS);

  plug_rb_operation_add_change (operation, &sample_change);
  plug_rb_operation_add_hint (operation, "Log out");
  plug_rb_operation_add_hint (operation, "Log out");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);

  assert_step (operation, "restore-files", PLUG_RB_STEP_STATUS_DONE);
  assert_step (operation, "verify", PLUG_RB_STEP_STATUS_SKIPPED);
  assert_title (operation, "Rolled back Caffeine to version 44");
  g_assert_cmpfloat (plug_rb_operation_get_fraction (operation), ==, 1);
  g_assert_true (plug_rb_operation_get_can_undo (operation));
  g_assert_false (plug_rb_operation_get_can_cancel (operation));
  g_assert_nonnull (plug_rb_operation_get_finished (operation));
  g_assert_cmpstrv (plug_rb_operation_get_hints (operation),
                    ((const char *[]) { "Log out", NULL }));

  plug_rb_operation_set_status (operation, PLUG_RB_STATUS_UNDONE);
  g_assert_false (plug_rb_operation_get_can_undo (operation));

  g_assert_finalize_object (operation);
}

static void
test_failure (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GError) error =
      g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, "The disk is full");

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", NULL);
  do_step (operation, "check");
  plug_rb_operation_begin_step (operation, "restore-files");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);

  assert_step (operation, "check", PLUG_RB_STEP_STATUS_DONE);
  assert_step (operation, "restore-files", PLUG_RB_STEP_STATUS_FAILED);
  assert_step (operation, "verify", PLUG_RB_STEP_STATUS_PENDING);
  g_assert_cmpstr (plug_rb_step_get_message (get_step (operation, "restore-files")), ==,
                   "The disk is full");
  g_assert_cmpstr (plug_rb_operation_get_error (operation), ==, "The disk is full");
  g_assert_cmpstr (plug_rb_operation_get_error_code (operation), ==, "no-space");
  g_assert_true (plug_rb_operation_concerns (operation, "gnome-shell/a@b"));
  assert_title (operation, "Could not roll back a@b");
}

static void
test_cancel (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Canceled");

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", "Caffeine");
  plug_rb_operation_begin_step (operation, "read-files");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_CANCELED, error);

  assert_step (operation, "read-files", PLUG_RB_STEP_STATUS_UNDONE);
  g_assert_cmpstr (plug_rb_operation_get_error_code (operation), ==, "canceled");
  assert_title (operation, "Canceled: take a snapshot of Caffeine");
}

static void
test_many_names (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  plug_rb_operation_add_plugin (operation, "h/a", "A");
  plug_rb_operation_add_plugin (operation, "h/b", "B");
  plug_rb_operation_add_plugin (operation, "h/c", "C %s");
  assert_title (operation, "Rolling Back A, B, C %s");
  plug_rb_operation_add_plugin (operation, "h/d", "D");
  assert_title (operation, "Rolling Back A, B and 2 more");
}

static void
test_fraction (void)
{
  static const char *const names[] = { "check", "safety-snapshot", "remove-files",
                                       "restore-files" };
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  double last = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    do_step (operation, names[i]);
    g_assert_cmpfloat (plug_rb_operation_get_fraction (operation), >, last);
    last = plug_rb_operation_get_fraction (operation);
  }

  g_assert_cmpfloat_with_epsilon (last, 0.78, 0.001);
}

/* ---- JSON */

static PlugRbOperation *
reread (PlugRbOperation *operation)
{
  g_autoptr(JsonObject) json = plug_rb_operation_to_json (operation);
  g_autofree char *text = NULL;
  g_autoptr(JsonObject) parsed = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbOperation *again;

  plug_rb_json_seal (json);
  text = plug_rb_json_to_string (json);
  parsed = plug_rb_json_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (plug_rb_json_check_seal (parsed, &error));
  again = plug_rb_operation_new_from_json (parsed, &error);
  g_assert_no_error (error);

  return again;
}

static void
assert_same_json (PlugRbOperation *a, PlugRbOperation *b)
{
  g_autoptr(JsonObject) a_json = plug_rb_operation_to_json (a);
  g_autoptr(JsonObject) b_json = plug_rb_operation_to_json (b);
  g_autofree char *a_text = plug_rb_json_to_string (a_json);
  g_autofree char *b_text = plug_rb_json_to_string (b_json);

  g_assert_cmpstr (a_text, ==, b_text);
}

static void
test_round_trip (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_UNDO);
  PlugRbOperation *again = NULL;
  const PlugRbOperationChange *change;

  do_step (operation, "check");
  plug_rb_operation_add_change (operation, &sample_change);
  plug_rb_operation_add_hint (operation, "Log out");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  again = reread (operation);

  assert_same_json (operation, again);
  assert_title (again, "Undid a change of Caffeine");
  change = plug_rb_operation_get_changes (again)->pdata[0];
  g_assert_cmpstr (change->safety_snapshot, ==, sample_change.safety_snapshot);
  g_assert_cmpfloat (plug_rb_operation_get_fraction (again), ==, 1);
  g_assert_true (plug_rb_operation_get_can_undo (again));
  assert_step (again, "check", PLUG_RB_STEP_STATUS_DONE);

  g_assert_finalize_object (again);
}

static void
test_round_trip_failed (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbOperation) again = NULL;
  g_autoptr(GError) error = g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY, "Busy");

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", "Caffeine");
  plug_rb_operation_begin_step (operation, "check");
  plug_rb_operation_finish (operation, PLUG_RB_STATUS_FAILED, error);
  again = reread (operation);

  assert_same_json (operation, again);
  assert_title (again, "Could not roll back Caffeine");
  g_assert_true (plug_rb_operation_concerns (again, "gnome-shell/a@b"));
  g_assert_cmpstr (plug_rb_operation_get_error_code (again), ==, "busy");
  g_assert_false (plug_rb_operation_get_can_undo (again));
}

/* What a journal keeps of a rollback whose process dies, and what recovery makes of it. */
static void
test_interrupted (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbOperation) again = NULL;

  plug_rb_operation_add_plugin (operation, "gnome-shell/a@b", "Caffeine");
  do_step (operation, "check");
  plug_rb_operation_begin_step (operation, "restore-files");
  again = reread (operation);

  g_assert_cmpint (plug_rb_operation_get_status (again), ==, PLUG_RB_STATUS_IN_PROGRESS);
  g_assert_false (plug_rb_operation_concerns (again, "gnome-shell/a@b"));
  plug_rb_operation_add_change (again, &sample_change);
  plug_rb_operation_finish (again, PLUG_RB_STATUS_COMPLETED, NULL);
  assert_step (again, "restore-files", PLUG_RB_STEP_STATUS_DONE);
  g_assert_cmpstr (plug_rb_operation_get_id (again), ==, plug_rb_operation_get_id (operation));
  g_assert_true (plug_rb_operation_get_can_undo (again));
}

static const struct {
  const char *name;
  const char *text;
} bad[] = {
  { "nothing", "{}" },
  { "id", "{\"operation\": \"../x\", \"kind\": \"undo\", \"status\": \"failed\","
          " \"started\": \"2026-02-03T04:05:06Z\"}" },
  { "kind", "{\"operation\": \"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\", \"kind\": \"x\","
            " \"status\": \"failed\", \"started\": \"2026-02-03T04:05:06Z\"}" },
  { "status", "{\"operation\": \"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\", \"kind\": \"undo\","
              " \"status\": 3, \"started\": \"2026-02-03T04:05:06Z\"}" },
  { "time", "{\"operation\": \"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\", \"kind\": \"undo\","
            " \"status\": \"failed\", \"started\": null}" },
};

static void
test_refuses (gconstpointer data)
{
  g_autoptr(JsonObject) json = plug_rb_json_parse (data, -1, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_operation_new_from_json (json, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_odd_members (void)
{
  static const char text[] =
      "{\"operation\": \"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\", \"kind\": \"rollback\","
      " \"status\": \"completed\", \"started\": \"2026-02-03T04:05:06Z\", \"finished\": 5,"
      " \"changes\": [7, {}, {\"plugin\": 3}, {\"plugin\": \"h/a\", \"name\": []}],"
      " \"steps\": [null, {\"name\": 1}, {\"name\": \"new-step\", \"status\": \"odd\","
      " \"seconds\": -4}], \"hints\": [1, \"x\"], \"plugins\": {}, \"error\": [], \"extra\": 1}";
  g_autoptr(JsonObject) json = plug_rb_json_parse (text, -1, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new_from_json (json, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_operation_get_changes (operation)->len, ==, 1);
  assert_step (operation, "new-step", PLUG_RB_STEP_STATUS_PENDING);
  g_assert_cmpstr (plug_rb_step_get_title (get_step (operation, "new-step")), ==, "new-step");
  assert_title (operation, "Rolled back a");
}

/* ---- with a worker */

typedef struct {
  PlugRbOperation *operation;
  GThread *owner;
  GMainLoop *loop;
  guint n_progress;
  guint n_notified;
  double last_fraction;
  PlugRbStatus seen_by_worker;
} Watch;

static gpointer
work (gpointer data)
{
  Watch *watch = data;

  plug_rb_operation_begin_step (watch->operation, "restore-files");
  for (guint i = 0; i < 400; i++) {
    g_autofree char *text = g_strdup_printf ("%u of 400", i);

    plug_rb_operation_report (watch->operation, i / 400.0, text);
    g_usleep (1000);
  }
  plug_rb_operation_add_change (watch->operation, &sample_change);
  plug_rb_operation_finish (watch->operation, PLUG_RB_STATUS_COMPLETED, NULL);
  watch->seen_by_worker = plug_rb_operation_get_status (watch->operation);

  return NULL;
}

static void
progress_cb (
    PlugRbOperation *operation, const char *step, double fraction, const char *text, Watch *watch)
{
  g_assert_true (g_thread_self () == watch->owner);
  g_assert_cmpfloat (fraction, >=, watch->last_fraction);
  watch->last_fraction = fraction;
  watch->n_progress++;
}

static void
notify_cb (PlugRbOperation *operation, GParamSpec *pspec, Watch *watch)
{
  g_assert_true (g_thread_self () == watch->owner);
  watch->n_notified++;
  if (g_str_equal (pspec->name, "status") && plug_rb_operation_is_finished (operation)) {
    /* All of it is there when any of it is told. */
    g_assert_cmpuint (plug_rb_operation_get_changes (operation)->len, ==, 1);
    g_assert_cmpfloat (plug_rb_operation_get_fraction (operation), ==, 1);
    assert_step (operation, "restore-files", PLUG_RB_STEP_STATUS_DONE);
    g_main_loop_quit (watch->loop);
  }
}

static void
test_worker (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK),
                  .owner = g_thread_self (),
                  .loop = loop };
  GThread *thread;

  g_signal_connect (watch.operation, "progress", G_CALLBACK (progress_cb), &watch);
  g_signal_connect (watch.operation, "notify", G_CALLBACK (notify_cb), &watch);
  thread = g_thread_new ("work", work, &watch);
  g_main_loop_run (loop);
  g_thread_join (thread);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpint (watch.seen_by_worker, ==, PLUG_RB_STATUS_COMPLETED);
  g_assert_cmpuint (watch.n_progress, >=, 3);
  /* 0.4 s of work, ten times a second, and the beginning and the end. */
  g_assert_cmpuint (watch.n_progress, <=, 20);
  g_assert_cmpfloat (watch.last_fraction, ==, 1);

  g_assert_finalize_object (watch.operation);
}

/* The owner does not run its loop: the worker does not wait for it, and the owner sees nothing
 * change. */
static void
test_owner_is_busy (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK),
                  .owner = g_thread_self (),
                  .loop = loop };

  g_signal_connect (watch.operation, "notify", G_CALLBACK (notify_cb), &watch);
  g_thread_join (g_thread_new ("work", work, &watch));

  g_assert_cmpint (watch.seen_by_worker, ==, PLUG_RB_STATUS_COMPLETED);
  g_assert_cmpint (plug_rb_operation_get_status (watch.operation), ==, PLUG_RB_STATUS_PENDING);
  g_assert_cmpuint (watch.n_notified, ==, 0);

  g_main_loop_run (loop);
  g_assert_cmpint (plug_rb_operation_get_status (watch.operation), ==, PLUG_RB_STATUS_COMPLETED);
  g_assert_finalize_object (watch.operation);
}

/* A handler that changes the operation again must not pull the ground from under the others. */
static void
touch_cb (PlugRbOperation *operation)
{
  plug_rb_operation_set_can_cancel (operation, FALSE);
}

static void
test_nested (void)
{
  PlugRbOperation *operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);

  g_signal_connect (operation, "notify::fraction", G_CALLBACK (touch_cb), NULL);
  g_signal_connect (operation, "progress", G_CALLBACK (touch_cb), NULL);
  do_step (operation, "check");
  do_step (operation, "safety-snapshot");

  g_assert_false (plug_rb_operation_get_can_cancel (operation));
  g_assert_finalize_object (operation);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/operation/new", test_new);
  g_test_add_func ("/operation/success", test_success);
  g_test_add_func ("/operation/failure", test_failure);
  g_test_add_func ("/operation/cancel", test_cancel);
  g_test_add_func ("/operation/many-names", test_many_names);
  g_test_add_func ("/operation/fraction", test_fraction);
  g_test_add_func ("/operation/json/round-trip", test_round_trip);
  g_test_add_func ("/operation/json/failed", test_round_trip_failed);
  g_test_add_func ("/operation/json/interrupted", test_interrupted);
  g_test_add_func ("/operation/json/odd-members", test_odd_members);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/operation/json/refuses/", bad[i].name, NULL);

    g_test_add_data_func (path, bad[i].text, test_refuses);
  }
  g_test_add_func ("/operation/worker", test_worker);
  g_test_add_func ("/operation/owner-is-busy", test_owner_is_busy);
  g_test_add_func ("/operation/nested", test_nested);

  return g_test_run ();
}
