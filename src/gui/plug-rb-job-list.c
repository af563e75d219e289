/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-job-list.h"

#define KEY "plug-rb-job-list"

struct _PlugRbJobList {
  GObject parent_instance;

  PlugRbManager *manager;
  GListStore *operations;
  guint n_running;
  guint n_failed;
};

G_DEFINE_FINAL_TYPE (PlugRbJobList, plug_rb_job_list, G_TYPE_OBJECT)

typedef enum {
  PROP_N_FAILED = 1,
  PROP_N_RUNNING,
  PROP_OPERATIONS,
} PlugRbJobListProperty;

static GParamSpec *properties[PROP_OPERATIONS + 1];

static gboolean
has_failed (PlugRbOperation *operation)
{
  PlugRbStatus status = plug_rb_operation_get_status (operation);

  return status == PLUG_RB_STATUS_FAILED || status == PLUG_RB_STATUS_NEEDS_USER;
}

static void
count (PlugRbJobList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));
  guint n_running = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr(PlugRbOperation) operation =
        g_list_model_get_item (G_LIST_MODEL (self->operations), i);

    n_running += !has_failed (operation);
  }

  /* Who is told of one number sees the other as it is now, too. */
  g_object_freeze_notify (G_OBJECT (self));
  if (self->n_running != n_running)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_RUNNING]);
  if (self->n_failed != n - n_running)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_FAILED]);
  self->n_running = n_running;
  self->n_failed = n - n_running;
  g_object_thaw_notify (G_OBJECT (self));
}

/* What ended well, or was stopped by the user, needs no row any more. */
static void
sweep (PlugRbJobList *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i > 0; i--) {
    g_autoptr(PlugRbOperation) operation =
        g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

    if (plug_rb_operation_is_finished (operation) && !has_failed (operation))
      g_list_store_remove (self->operations, i - 1);
  }
  count (self);
}

/* A job of the manager is over only when all lists show what it did. */
static void
status_changed_cb (PlugRbJobList *self)
{
  guint n_jobs;

  g_object_get (self->manager, "n-jobs", &n_jobs, NULL);
  if (n_jobs == 0)
    sweep (self);
  else
    count (self);
}

static void
add (PlugRbJobList *self, PlugRbOperation *operation)
{
  if (g_list_store_find (self->operations, operation, NULL))
    return;

  g_signal_connect_object (operation, "notify::status", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_list_store_insert (self->operations, 0, operation);
}

static void
operations_changed_cb (
    PlugRbJobList *self, guint position, guint removed, guint added, GListModel *operations)
{
  for (guint i = position + added; i > position; i--) {
    g_autoptr(PlugRbOperation) operation = g_list_model_get_item (operations, i - 1);

    if (!plug_rb_operation_is_finished (operation))
      add (self, operation);
  }
  count (self);
}

static void
plug_rb_job_list_dispose (GObject *object)
{
  PlugRbJobList *self = PLUG_RB_JOB_LIST (object);

  if (self->manager != NULL)
    g_object_set_data (G_OBJECT (self->manager), KEY, NULL);
  g_clear_object (&self->manager);
  g_list_store_remove_all (self->operations);

  G_OBJECT_CLASS (plug_rb_job_list_parent_class)->dispose (object);
}

static void
plug_rb_job_list_finalize (GObject *object)
{
  g_clear_object (&PLUG_RB_JOB_LIST (object)->operations);

  G_OBJECT_CLASS (plug_rb_job_list_parent_class)->finalize (object);
}

static void
plug_rb_job_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbJobList *self = PLUG_RB_JOB_LIST (object);

  switch ((PlugRbJobListProperty) prop_id) {
  case PROP_N_FAILED:
    g_value_set_uint (value, self->n_failed);
    break;

  case PROP_N_RUNNING:
    g_value_set_uint (value, self->n_running);
    break;

  case PROP_OPERATIONS:
    g_value_set_object (value, self->operations);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_job_list_class_init (PlugRbJobListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = plug_rb_job_list_dispose;
  object_class->finalize = plug_rb_job_list_finalize;
  object_class->get_property = plug_rb_job_list_get_property;

  properties[PROP_N_FAILED] = g_param_spec_uint ("n-failed", NULL, NULL, 0, G_MAXUINT, 0, seen);
  properties[PROP_N_RUNNING] = g_param_spec_uint ("n-running", NULL, NULL, 0, G_MAXUINT, 0, seen);
  properties[PROP_OPERATIONS] =
      g_param_spec_object ("operations", NULL, NULL, G_TYPE_LIST_MODEL, seen);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_job_list_init (PlugRbJobList *self)
{
  self->operations = g_list_store_new (PLUG_RB_TYPE_OPERATION);
}

static PlugRbJobList *
plug_rb_job_list_new (PlugRbManager *manager)
{
  PlugRbJobList *self = g_object_new (PLUG_RB_TYPE_JOB_LIST, NULL);
  GListModel *operations = plug_rb_manager_get_operations (manager);

  self->manager = g_object_ref (manager);
  g_object_set_data (G_OBJECT (manager), KEY, self);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (operations_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::n-jobs", G_CALLBACK (sweep), self, G_CONNECT_SWAPPED);
  operations_changed_cb (self, 0, 0, g_list_model_get_n_items (operations), operations);

  return self;
}

/* All that shows the list shows the same; it goes with the last of them. */
PlugRbJobList *
plug_rb_job_list_ref_for (PlugRbManager *manager)
{
  PlugRbJobList *self;

  g_return_val_if_fail (PLUG_RB_IS_MANAGER (manager), NULL);

  self = g_object_get_data (G_OBJECT (manager), KEY);

  return self != NULL ? g_object_ref (self) : plug_rb_job_list_new (manager);
}

GListModel *
plug_rb_job_list_get_operations (PlugRbJobList *self)
{
  g_return_val_if_fail (PLUG_RB_IS_JOB_LIST (self), NULL);

  return G_LIST_MODEL (self->operations);
}

guint
plug_rb_job_list_get_n_running (PlugRbJobList *self)
{
  g_return_val_if_fail (PLUG_RB_IS_JOB_LIST (self), 0);

  return self->n_running;
}

guint
plug_rb_job_list_get_n_failed (PlugRbJobList *self)
{
  g_return_val_if_fail (PLUG_RB_IS_JOB_LIST (self), 0);

  return self->n_failed;
}

/* The user has seen how it failed. */
void
plug_rb_job_list_dismiss (PlugRbJobList *self, const char *id)
{
  guint n;

  g_return_if_fail (PLUG_RB_IS_JOB_LIST (self));
  g_return_if_fail (id != NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));
  for (guint i = n; i > 0; i--) {
    g_autoptr(PlugRbOperation) operation =
        g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

    if (plug_rb_operation_is_finished (operation) &&
        g_str_equal (plug_rb_operation_get_id (operation), id))
      g_list_store_remove (self->operations, i - 1);
  }
  count (self);
}
