/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-catalog.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-job.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

#define SETTLE_MS 300

/* Tasks wait for a survey that begins after they were put in @waiting; those in @served get the one
 * that runs. A task whose data is a job has done its work and waits for the lists to show that. */
struct _PlugRbManager {
  GObject parent_instance;

  char *store_dir;
  PlugRbEngine *engine;
  PlugRbCatalog *catalog;
  PlugRbManagerState state;
  char *error;
  GPtrArray *jobs;
  GPtrArray *waiting;
  GPtrArray *served;
  gboolean is_loading;
  GPtrArray *monitors;
  guint reload_id;
  guint64 stored_size;
  gboolean is_measuring;
  gboolean measure_again;

  PlugRbPolicyBackend *policy_backend;
  GHashTable *policies; /* by scope, empty for all */
};

G_DEFINE_FINAL_TYPE (PlugRbManager, plug_rb_manager, G_TYPE_OBJECT)

typedef enum {
  PROP_STATE = 1,
  PROP_ERROR,
  PROP_HOSTS,
  PROP_PLUGINS,
  PROP_SNAPSHOTS,
  PROP_OPERATIONS,
  PROP_N_JOBS,
  PROP_POLICY,
  PROP_STORED_SIZE,
} PlugRbManagerProperty;

static GParamSpec *properties[PROP_STORED_SIZE + 1];
static guint progress_signal;

/* ---- loading */

static void start_load (PlugRbManager *self);

static void
set_state (PlugRbManager *self, PlugRbManagerState state, const char *error)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (g_set_str (&self->error, error))
    g_object_notify_by_pspec (object, properties[PROP_ERROR]);
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (object, properties[PROP_STATE]);
  }
  g_object_thaw_notify (object);
}

static void
reload_cb (gpointer data)
{
  PlugRbManager *self = PLUG_RB_MANAGER (data);

  self->reload_id = 0;
  start_load (self);
}

/* Other processes write several files for one change, so the first sign of it is not acted on. */
static void
store_changed_cb (PlugRbManager *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add_once (SETTLE_MS, reload_cb, self);
}

/* The audit log in the store's top folder grows with every act, so that watching three folders is
 * enough, however many plugins have one of their own. */
static void
watch_store (PlugRbManager *self)
{
  static const char *const folders[] = { ".", "snapshots", "operations" };
  const char *path = plug_rb_engine_get_store_path (self->engine);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr(GFile) folder = g_file_new_build_filename (path, folders[i], NULL);
    GFileMonitor *monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);

    if (monitor == NULL)
      continue;
    g_signal_connect_object (monitor, "changed", G_CALLBACK (store_changed_cb), self,
                             G_CONNECT_SWAPPED);
    g_ptr_array_add (self->monitors, monitor);
  }
}

static void
update_busy (PlugRbManager *self)
{
  GListModel *plugins = G_LIST_MODEL (self->catalog->plugins);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    plug_rb_plugin_set_busy (
        plugin, plug_rb_manager_get_job (self, plug_rb_plugin_get_key (plugin)) != NULL);
  }
}

static void
take_survey (PlugRbManager *self, PlugRbSurvey *survey)
{
  if (self->engine == NULL) {
    self->engine = g_object_ref (survey->engine);
    watch_store (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POLICY]);
  }

  plug_rb_catalog_merge (self->catalog, survey);
  update_busy (self);
  set_state (self, PLUG_RB_MANAGER_STATE_READY, NULL);
}

static void
end_job (PlugRbManager *self, PlugRbJob *job, GTask *task)
{
  PlugRbSnapshot *shown = NULL;

  if (job->operation != NULL) {
    g_ptr_array_remove (self->jobs, job);
    plug_rb_catalog_give_hints (self->catalog, job->operation);
    update_busy (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_JOBS]);
  }

  if (job->error != NULL) {
    g_task_return_error (task, g_steal_pointer (&job->error));
    return;
  }

  if (job->snapshot != NULL)
    shown = plug_rb_manager_find_snapshot (self, plug_rb_snapshot_get_id (job->snapshot));
  if (shown != NULL)
    g_set_object (&job->snapshot, shown);

  g_task_return_boolean (task, TRUE);
}

static void
serve (PlugRbManager *self, GPtrArray *tasks, const GError *error)
{
  for (guint i = 0; i < tasks->len; i++) {
    GTask *task = tasks->pdata[i];
    PlugRbJob *job = g_task_get_task_data (task);

    if (job != NULL)
      end_job (self, job, task);
    else if (error != NULL)
      g_task_return_error (task, g_error_copy (error));
    else
      g_task_return_boolean (task, TRUE);
  }
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbManager) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSurvey) survey = plug_rb_survey_new_finish (result, &error);
  g_autoptr(GPtrArray) served = g_steal_pointer (&self->served);

  self->is_loading = FALSE;
  if (survey != NULL)
    take_survey (self, survey);
  else if (g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW))
    set_state (self, PLUG_RB_MANAGER_STATE_TOO_NEW, error->message);
  else
    set_state (self, PLUG_RB_MANAGER_STATE_FAILED, error->message);

  serve (self, served, error);
  if (self->waiting->len > 0)
    start_load (self);
}

static void
start_load (PlugRbManager *self)
{
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  self->served = self->waiting;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_handle_id (&self->reload_id, g_source_remove);

  plug_rb_survey_new_async (self->engine, self->store_dir, loaded_cb, g_object_ref (self));
}

/**
 * plug_rb_manager_load_async:
 * @cancellable: (nullable): stops the waiting, not the loading
 *
 * Looks at everything and brings all lists up to date. After the first time that happens by itself
 * when an operation ends and when another process changes the store.
 */
void
plug_rb_manager_load_async (PlugRbManager *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, plug_rb_manager_load_async);
  g_ptr_array_add (self->waiting, task);
  start_load (self);
}

/**
 * plug_rb_manager_load_finish:
 *
 * Returns: whether it could be loaded; if not, the state of the manager says so too
 */
gboolean
plug_rb_manager_load_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- jobs */

static void
progress_cb (PlugRbOperation *operation,
             const char *step,
             double fraction,
             const char *text,
             PlugRbManager *self)
{
  g_signal_emit (self, progress_signal, 0, operation, step, fraction, text);
}

static void
job_ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  PlugRbManager *self = g_task_get_source_object (task);

  g_ptr_array_add (self->waiting, task);
  start_load (self);
}

static void
run_in_thread (GTask *inner, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GTask *task = G_TASK (task_data);
  PlugRbManager *self = g_task_get_source_object (task);

  /* The engine is there before any job, and stays. */
  plug_rb_job_run (g_task_get_task_data (task), self->engine);
  g_task_return_boolean (inner, TRUE);
}

/**
 * plug_rb_manager_run_job: (skip)
 * @job: (transfer full): with all its arguments
 * @task: (transfer full): the caller's, which returns when the lists show what the job did
 */
void
plug_rb_manager_run_job (PlugRbManager *self, PlugRbJob *job, GTask *task)
{
  /* Without the manager as its source: a thread lets go of its task when it likes, and the last
   * reference on a manager must not go in a thread. */
  g_autoptr(GTask) inner = g_task_new (NULL, NULL, job_ran_cb, task);

  g_task_set_task_data (task, job, (GDestroyNotify) plug_rb_job_free);
  /* What has been done has been done: a late cancellation does not hide it. */
  g_task_set_check_cancellable (task, FALSE);

  if (job->operation != NULL) {
    g_ptr_array_add (self->jobs, job);
    g_signal_connect_object (job->operation, "progress", G_CALLBACK (progress_cb), self,
                             G_CONNECT_DEFAULT);
    plug_rb_catalog_add_operation (self->catalog, job->operation);
    update_busy (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_JOBS]);
  }

  g_task_set_source_tag (inner, plug_rb_manager_run_job);
  g_task_set_task_data (inner, task, NULL);
  g_task_run_in_thread (inner, run_in_thread);
}

/**
 * plug_rb_manager_get_engine: (skip)
 *
 * Returns: (transfer none) (nullable): the engine; %NULL before the first loading
 */
PlugRbEngine *
plug_rb_manager_get_engine (PlugRbManager *self)
{
  return self->engine;
}

/* ---- object */

static void
plug_rb_manager_dispose (GObject *object)
{
  PlugRbManager *self = PLUG_RB_MANAGER (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_manager_parent_class)->dispose (object);
}

static void
plug_rb_manager_finalize (GObject *object)
{
  PlugRbManager *self = PLUG_RB_MANAGER (object);

  g_clear_pointer (&self->policies, g_hash_table_unref);
  g_clear_object (&self->policy_backend);
  g_clear_pointer (&self->store_dir, g_free);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->catalog, plug_rb_catalog_free);
  g_clear_pointer (&self->error, g_free);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_manager_parent_class)->finalize (object);
}

static void
plug_rb_manager_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbManager *self = PLUG_RB_MANAGER (object);

  switch ((PlugRbManagerProperty) prop_id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_string (value, self->error);
    break;
  case PROP_HOSTS:
    g_value_set_object (value, self->catalog->hosts);
    break;
  case PROP_PLUGINS:
    g_value_set_object (value, self->catalog->plugins);
    break;
  case PROP_SNAPSHOTS:
    g_value_set_object (value, self->catalog->snapshots);
    break;
  case PROP_OPERATIONS:
    g_value_set_object (value, self->catalog->operations);
    break;
  case PROP_N_JOBS:
    g_value_set_uint (value, self->jobs->len);
    break;
  case PROP_POLICY:
    g_value_set_object (value, plug_rb_manager_get_policy (self, NULL));
    break;
  case PROP_STORED_SIZE:
    g_value_set_uint64 (value, self->stored_size);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_manager_class_init (PlugRbManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags fixed = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags live = fixed | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = plug_rb_manager_dispose;
  object_class->finalize = plug_rb_manager_finalize;
  object_class->get_property = plug_rb_manager_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PLUG_RB_TYPE_MANAGER_STATE,
                                              PLUG_RB_MANAGER_STATE_LOADING, live);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, live);
  properties[PROP_HOSTS] = g_param_spec_object ("hosts", NULL, NULL, G_TYPE_LIST_MODEL, fixed);
  properties[PROP_PLUGINS] = g_param_spec_object ("plugins", NULL, NULL, G_TYPE_LIST_MODEL, fixed);
  properties[PROP_SNAPSHOTS] =
      g_param_spec_object ("snapshots", NULL, NULL, G_TYPE_LIST_MODEL, fixed);
  properties[PROP_OPERATIONS] =
      g_param_spec_object ("operations", NULL, NULL, G_TYPE_LIST_MODEL, fixed);
  properties[PROP_N_JOBS] = g_param_spec_uint ("n-jobs", NULL, NULL, 0, G_MAXUINT, 0, live);
  properties[PROP_POLICY] =
      g_param_spec_object ("policy", NULL, NULL, PLUG_RB_TYPE_LIVE_POLICY, live);
  properties[PROP_STORED_SIZE] =
      g_param_spec_uint64 ("stored-size", NULL, NULL, 0, G_MAXUINT64, 0, live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * PlugRbManager::progress:
   * @operation: one that runs
   * @step: (nullable): name of its running step
   * @fraction: how far the whole operation is, 0 to 1
   * @text: (nullable): how far the step is, in words
   */
  progress_signal = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 4, PLUG_RB_TYPE_OPERATION, G_TYPE_STRING,
                                  G_TYPE_DOUBLE, G_TYPE_STRING);
}

static void
plug_rb_manager_init (PlugRbManager *self)
{
  self->catalog = plug_rb_catalog_new ();
  self->jobs = g_ptr_array_new ();
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  self->policies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * plug_rb_manager_new:
 * @store_dir: (nullable): folder of the store; %NULL for the user's own
 *
 * Makes a manager, whose lists are empty until it is loaded. It belongs to the thread that makes it
 * and to the main context that is that thread's default.
 *
 * Returns: (transfer full): the manager
 */
PlugRbManager *
plug_rb_manager_new (const char *store_dir)
{
  PlugRbManager *self = g_object_new (PLUG_RB_TYPE_MANAGER, NULL);

  self->store_dir = g_strdup (store_dir);

  return self;
}

/* ---- looking */

/**
 * plug_rb_manager_get_state:
 */
PlugRbManagerState
plug_rb_manager_get_state (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), PLUG_RB_MANAGER_STATE_FAILED);

  return self->state;
}

/**
 * plug_rb_manager_get_error:
 *
 * Returns: (nullable): why the store cannot be opened, for the user
 */
const char *
plug_rb_manager_get_error (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return self->error;
}

/**
 * plug_rb_manager_get_store_path:
 *
 * Returns: (nullable): the folder of the snapshots; %NULL before the first loading
 */
const char *
plug_rb_manager_get_store_path (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return self->engine != NULL ? plug_rb_engine_get_store_path (self->engine) : NULL;
}

/**
 * plug_rb_manager_get_hosts:
 *
 * Returns: (transfer none): a list of [class@PlugRbHost], those with a broken description included
 */
GListModel *
plug_rb_manager_get_hosts (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return G_LIST_MODEL (self->catalog->hosts);
}

/**
 * plug_rb_manager_get_plugins:
 *
 * Returns: (transfer none): a list of [class@PlugRbPlugin], those that only snapshots remember
 * included
 */
GListModel *
plug_rb_manager_get_plugins (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return G_LIST_MODEL (self->catalog->plugins);
}

/**
 * plug_rb_manager_get_snapshots:
 *
 * Returns: (transfer none): a list of [class@PlugRbSnapshot], newest first
 */
GListModel *
plug_rb_manager_get_snapshots (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return G_LIST_MODEL (self->catalog->snapshots);
}

/**
 * plug_rb_manager_get_operations:
 *
 * Returns: (transfer none): a list of [class@PlugRbOperation]: those that run, then the history,
 *   newest first
 */
GListModel *
plug_rb_manager_get_operations (PlugRbManager *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return G_LIST_MODEL (self->catalog->operations);
}

/**
 * plug_rb_manager_find_plugin:
 *
 * Returns: (transfer none) (nullable): the plugin of that key
 */
PlugRbPlugin *
plug_rb_manager_find_plugin (PlugRbManager *self, const char *key)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return plug_rb_catalog_find_plugin (self->catalog, key);
}

/**
 * plug_rb_manager_find_snapshot:
 *
 * Returns: (transfer none) (nullable): the snapshot of that id
 */
PlugRbSnapshot *
plug_rb_manager_find_snapshot (PlugRbManager *self, const char *id)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return plug_rb_catalog_find_snapshot (self->catalog, id);
}

/**
 * plug_rb_manager_find_operation:
 *
 * Returns: (transfer none) (nullable): the operation of that id
 */
PlugRbOperation *
plug_rb_manager_find_operation (PlugRbManager *self, const char *id)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  return plug_rb_catalog_find_operation (self->catalog, id);
}

/**
 * plug_rb_manager_get_job:
 * @plugin: key of a plugin
 *
 * Returns: (transfer none) (nullable): the operation of this process that is about @plugin now
 */
PlugRbOperation *
plug_rb_manager_get_job (PlugRbManager *self, const char *plugin)
{
  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  for (guint i = 0; i < self->jobs->len; i++) {
    PlugRbOperation *operation = ((PlugRbJob *) self->jobs->pdata[i])->operation;

    if (plug_rb_operation_concerns (operation, plugin))
      return operation;
  }

  return NULL;
}

/* ---- measuring */

static void
measure_in_thread (GTask *task,
                   gpointer source_object,
                   gpointer task_data,
                   GCancellable *cancellable)
{
  guint64 *bytes = g_new (guint64, 1);

  *bytes = plug_rb_fs_measure (AT_FDCWD, task_data);
  g_task_return_pointer (task, bytes, g_free);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbManager) self = user_data;
  g_autofree guint64 *bytes = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_measuring = FALSE;
  if (self->stored_size != *bytes) {
    self->stored_size = *bytes;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STORED_SIZE]);
  }
  if (self->measure_again)
    plug_rb_manager_measure (self);
}

/**
 * plug_rb_manager_measure:
 *
 * Finds out, in a thread, how much the store takes on the disk, which
 * [property@PlugRbManager:stored-size] shows then. Every file of it is looked at, so this is for
 * those who show the size, when something has changed.
 */
void
plug_rb_manager_measure (PlugRbManager *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self));

  self->measure_again = self->is_measuring;
  if (self->engine == NULL || self->is_measuring)
    return;

  self->is_measuring = TRUE;
  task = g_task_new (NULL, NULL, measured_cb, g_object_ref (self));
  g_task_set_source_tag (task, plug_rb_manager_measure);
  /* The folder itself may be a link to another disk. */
  g_task_set_task_data (
      task, g_strconcat (plug_rb_engine_get_store_path (self->engine), "/.", NULL), g_free);
  g_task_run_in_thread (task, measure_in_thread);
}

/* ---- policy */

static PlugRbPolicyBackend *
get_policy_backend (PlugRbManager *self)
{
  if (self->policy_backend == NULL)
    self->policy_backend =
        plug_rb_policy_backend_new (plug_rb_engine_get_store_path (self->engine));

  return self->policy_backend;
}

/**
 * plug_rb_manager_get_policy:
 * @scope: (nullable): "HOST", "HOST/ID", or %NULL for all
 *
 * Returns: (transfer none) (nullable): what the user wants for that, always as it is now; %NULL
 *   before the first loading, and where the schema of the policy is not installed
 */
PlugRbLivePolicy *
plug_rb_manager_get_policy (PlugRbManager *self, const char *scope)
{
  const char *name = scope ? scope : "";
  PlugRbLivePolicy *policy;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self), NULL);

  if (self->engine == NULL)
    return NULL;

  if ((policy = g_hash_table_lookup (self->policies, name)))
    return policy;

  if ((policy = plug_rb_live_policy_new (get_policy_backend (self), scope)))
    g_hash_table_insert (self->policies, g_strdup (name), policy);

  return policy;
}

/**
 * plug_rb_manager_list_policy_scopes:
 *
 * Returns: (transfer full) (element-type utf8): hosts and plugins for which something is set apart
 */
GPtrArray *
plug_rb_manager_list_policy_scopes (PlugRbManager *self)
{
  g_autoptr(GKeyFile) file = NULL;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (self) && self->engine != NULL, NULL);

  file = plug_rb_policy_backend_dup_file (get_policy_backend (self));
  return plug_rb_policy_list_scopes (file);
}
