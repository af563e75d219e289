/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Snapshots of several plugins in one go. */

#include "plug-rb-manager-sweep.h"

#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "scratch.h"

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* A second plugin, and what is to be done with its files. */
static void
install (const char *script)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_data_dir (), "gnome-shell", "extensions", NULL);

  scratch_run ((const char *[]) { "bash", "-ec",
                                  "cd \"$1\"; [ -d other@example.org ] || "
                                  "cp -r sample@example.org other@example.org; "
                                  "sed -i s/sample@/other@/ other@example.org/metadata.json; "
                                  "cd other@example.org; eval \"$2\"",
                                  "install", folder, script, NULL });
}

static PlugRbManager *
create_manager (void)
{
  PlugRbManager *manager = plug_rb_manager_new (NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  plug_rb_manager_load_async (manager, NULL, store_result_cb, &result);
  wait_for (&result);
  plug_rb_manager_load_finish (manager, result, &error);
  g_assert_no_error (error);

  return manager;
}

static PlugRbSweep *
sweep (PlugRbManager *manager, GCancellable *cancellable)
{
  GListModel *list = plug_rb_manager_get_plugins (manager);
  g_autoptr(GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbSweep *done;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (plugins, g_list_model_get_item (list, i));
  plug_rb_manager_create_snapshots_async (manager, plugins, PLUG_RB_REASON_BASELINE, cancellable,
                                          store_result_cb, &result);
  for (guint i = 0; i < plugins->len; i++)
    g_assert_true (plug_rb_plugin_get_busy (plugins->pdata[i]));
  wait_for (&result);
  done = plug_rb_manager_create_snapshots_finish (manager, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < plugins->len; i++)
    g_assert_false (plug_rb_plugin_get_busy (plugins->pdata[i]));

  return done;
}

static guint
count_operations (PlugRbManager *manager)
{
  return g_list_model_get_n_items (plug_rb_manager_get_operations (manager));
}

static void
test_sweep (void)
{
  g_autoptr(PlugRbManager) manager = NULL;
  g_autoptr(PlugRbSweep) all = NULL;
  g_autoptr(PlugRbSweep) again = NULL;
  g_autoptr(PlugRbSweep) some = NULL;
  const PlugRbSweepFailure *failure;

  scratch_install_sample (1);
  install ("true");
  manager = create_manager ();
  all = sweep (manager, NULL);
  g_assert_cmpuint (all->created->len, ==, 2);
  g_assert_cmpuint (all->failures->len, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_manager_get_snapshots (manager)), ==, 2);
  g_assert_cmpuint (count_operations (manager), ==, 1);

  again = sweep (manager, NULL);
  g_assert_cmpuint (again->created->len, ==, 0);
  g_assert_cmpuint (again->n_unchanged, ==, 2);

  scratch_install_sample (2);
  install ("chmod 0 extension.js");
  some = sweep (manager, NULL);
  g_assert_cmpuint (some->created->len, ==, 1);
  g_assert_cmpuint (some->failures->len, ==, 1);
  failure = some->failures->pdata[0];
  g_assert_nonnull (failure->message);
  install ("chmod 644 extension.js");
}

/* It is neither a failure nor a success, and the operation says so. */
static void
test_stopped (void)
{
  g_autoptr(PlugRbManager) manager = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(PlugRbSweep) stopped = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;

  scratch_install_sample (3);
  manager = create_manager ();
  g_cancellable_cancel (cancellable);
  stopped = sweep (manager, cancellable);
  g_assert_cmpuint (stopped->created->len, ==, 0);
  g_assert_cmpuint (stopped->failures->len, ==, 0);
  operation = g_list_model_get_item (plug_rb_manager_get_operations (manager), 0);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_CANCELED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manager-sweep/all", test_sweep);
  g_test_add_func ("/manager-sweep/stopped", test_stopped);

  return g_test_run ();
}
