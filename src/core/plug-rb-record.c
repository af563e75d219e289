/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-record.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-id.h"

/* The share of the time that each step usually takes. */
static const struct {
  const char *name;
  double weight;
} weights[] = {
  { "check", 0.05 },        { "safety-snapshot", 0.2 },  { "remove-files", 0.03 },
  { "restore-files", 0.5 }, { "restore-settings", 0.1 }, { "restore-dependencies", 0.01 },
  { "clean-up", 0.03 },     { "verify", 0.08 },          { "read-files", 0.35 },
  { "save", 0.6 },
};

static const char *const snapshot_steps[] = { "check", "read-files", "save" };
static const char *const rollback_steps[] = { "check",
                                              "safety-snapshot",
                                              "remove-files",
                                              "restore-files",
                                              "restore-settings",
                                              "restore-dependencies",
                                              "clean-up",
                                              "verify" };

/* ---- changes */

/* What was found to be not plain stays known when more becomes known of a plugin. */
static PlugRbOperationChange *
merge_change (const PlugRbOperationChange *old, const PlugRbOperationChange *change)
{
  PlugRbOperationChange *merged = plug_rb_operation_change_copy (change);

  for (guint i = 0; old->exceptions != NULL && i < old->exceptions->len; i++)
    plug_rb_operation_change_add_exception (merged, old->exceptions->pdata[i]);

  return merged;
}

/* A new array instead of a changed one: whoever holds the old one may be in another thread. */
static void
put_change (GPtrArray **array, const PlugRbOperationChange *change)
{
  GPtrArray *longer =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_operation_change_free);
  gboolean found = FALSE;

  for (guint i = 0; i < (*array)->len; i++) {
    const PlugRbOperationChange *old = (*array)->pdata[i];
    gboolean same = g_str_equal (old->plugin, change->plugin);

    g_ptr_array_add (longer,
                     same ? merge_change (old, change) : plug_rb_operation_change_copy (old));
    found |= same;
  }

  if (!found)
    g_ptr_array_add (longer, plug_rb_operation_change_copy (change));
  g_ptr_array_unref (*array);
  *array = longer;
}

/* ---- steps */

static void
step_clear (gpointer data)
{
  g_clear_pointer (&((PlugRbRecordStep *) data)->message, g_free);
}

static void
add_step (PlugRbRecord *self, const char *name)
{
  PlugRbRecordStep step = { .name = g_intern_string (name) };

  g_array_append_val (self->steps, step);
}

static void
add_steps (PlugRbRecord *self)
{
  gboolean takes = self->kind == PLUG_RB_KIND_SNAPSHOT;
  const char *const *names = takes ? snapshot_steps : rollback_steps;
  gsize n = takes ? G_N_ELEMENTS (snapshot_steps) : G_N_ELEMENTS (rollback_steps);

  for (gsize i = 0; i < n; i++)
    add_step (self, names[i]);
  if (self->kind == PLUG_RB_KIND_INSTALL)
    add_step (self, "health");
}

/**
 * plug_rb_record_get_step:
 *
 * Returns: (transfer none): the step at @index, which is less than the length of @self->steps
 */
PlugRbRecordStep *
plug_rb_record_get_step (PlugRbRecord *self, guint index)
{
  return &g_array_index (self->steps, PlugRbRecordStep, index);
}

static int
find_step (PlugRbRecord *self, const char *name)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (g_str_equal (plug_rb_record_get_step (self, i)->name, name))
      return (int) i;

  return -1;
}

static double
get_weight (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    if (g_str_equal (weights[i].name, name))
      return weights[i].weight;

  return 0.05;
}

static void
update_fraction (PlugRbRecord *self)
{
  double done = 0, all = 0;

  for (guint i = 0; i < self->steps->len; i++) {
    const PlugRbRecordStep *step = plug_rb_record_get_step (self, i);
    double weight = get_weight (step->name);

    all += weight;
    if ((int) i == self->running)
      done += weight * self->step_fraction;
    else if (step->status != PLUG_RB_STEP_STATUS_PENDING)
      done += weight;
  }

  if (self->status == PLUG_RB_STATUS_COMPLETED)
    self->fraction = 1;
  else if (all > 0)
    self->fraction = MAX (self->fraction, MIN (done / all, 1));
}

/* ---- life */

/**
 * plug_rb_record_new:
 *
 * Returns: (transfer full): the record of an operation that begins now, with all its steps
 */
PlugRbRecord *
plug_rb_record_new (PlugRbKind kind)
{
  PlugRbRecord *self = g_new0 (PlugRbRecord, 1);

  self->id = plug_rb_id_new ();
  self->kind = kind;
  self->can_cancel = TRUE;
  self->started = g_date_time_new_now_utc ();
  self->hints = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_operation_change_free);
  self->plugins = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_operation_change_free);
  self->steps = g_array_new (FALSE, TRUE, sizeof (PlugRbRecordStep));
  g_array_set_clear_func (self->steps, step_clear);
  self->running = -1;
  add_steps (self);

  return self;
}

static char *
share_string (char *string)
{
  return string ? g_ref_string_acquire (string) : NULL;
}

static GArray *
copy_steps (GArray *steps)
{
  GArray *copy = g_array_copy (steps);

  g_array_set_clear_func (copy, step_clear);
  for (guint i = 0; i < copy->len; i++) {
    PlugRbRecordStep *step = &g_array_index (copy, PlugRbRecordStep, i);

    step->message = g_strdup (step->message);
    if (step->status == PLUG_RB_STEP_STATUS_RUNNING)
      step->seconds = (g_get_monotonic_time () - step->begun) / (double) G_USEC_PER_SEC;
  }

  return copy;
}

/**
 * plug_rb_record_copy:
 *
 * Returns: (transfer full): a record that another thread may own
 */
PlugRbRecord *
plug_rb_record_copy (PlugRbRecord *self)
{
  PlugRbRecord *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->started = g_date_time_ref (self->started);
  copy->finished = self->finished ? g_date_time_ref (self->finished) : NULL;
  copy->error = share_string (self->error);
  copy->error_code = share_string (self->error_code);
  copy->hints = g_ptr_array_ref (self->hints);
  copy->changes = g_ptr_array_ref (self->changes);
  copy->plugins = g_ptr_array_ref (self->plugins);
  copy->steps = copy_steps (self->steps);
  copy->text = g_strdup (self->text);

  return copy;
}

/**
 * plug_rb_record_free:
 */
void
plug_rb_record_free (PlugRbRecord *self)
{
  g_free (self->id);
  g_clear_pointer (&self->started, g_date_time_unref);
  g_clear_pointer (&self->finished, g_date_time_unref);
  g_clear_pointer (&self->error, g_ref_string_release);
  g_clear_pointer (&self->error_code, g_ref_string_release);
  g_ptr_array_unref (self->hints);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->plugins);
  g_array_unref (self->steps);
  g_free (self->text);
  g_free (self);
}

/* ---- working */

/**
 * plug_rb_record_begin_step:
 * @name: one of the operation's steps, or one more
 *
 * A step that still runs is done.
 */
void
plug_rb_record_begin_step (PlugRbRecord *self, const char *name)
{
  PlugRbRecordStep *step;

  plug_rb_record_end_step (self, PLUG_RB_STEP_STATUS_DONE, NULL);
  self->running = find_step (self, name);
  if (self->running < 0) {
    self->running = (int) self->steps->len;
    add_step (self, name);
  }

  step = plug_rb_record_get_step (self, (guint) self->running);
  step->status = PLUG_RB_STEP_STATUS_RUNNING;
  step->begun = g_get_monotonic_time ();
  self->status = PLUG_RB_STATUS_IN_PROGRESS;
  update_fraction (self);
}

/**
 * plug_rb_record_report:
 * @step_fraction: 0 to 1
 * @text: (nullable): how far the running step is, in words
 */
void
plug_rb_record_report (PlugRbRecord *self, double step_fraction, const char *text)
{
  if (self->running < 0)
    return;

  self->step_fraction = CLAMP (step_fraction, 0, 1);
  g_set_str (&self->text, text);
  g_set_str (&plug_rb_record_get_step (self, (guint) self->running)->message, text);
  update_fraction (self);
}

/**
 * plug_rb_record_end_step:
 * @message: (nullable): what went wrong
 *
 * Ends the running step; nothing if there is none.
 */
void
plug_rb_record_end_step (PlugRbRecord *self, PlugRbStepStatus status, const char *message)
{
  PlugRbRecordStep *step;

  if (self->running < 0)
    return;

  step = plug_rb_record_get_step (self, (guint) self->running);
  step->status = status;
  step->seconds = (g_get_monotonic_time () - step->begun) / (double) G_USEC_PER_SEC;
  g_set_str (&step->message, message);

  self->running = -1;
  self->step_fraction = 0;
  g_clear_pointer (&self->text, g_free);
  update_fraction (self);
}

/**
 * plug_rb_record_add_plugin:
 * @plugin: key of a plugin
 * @name: (nullable): its name
 *
 * Says that the operation is about a plugin, before anything becomes of it.
 */
void
plug_rb_record_add_plugin (PlugRbRecord *self, const char *plugin, const char *name)
{
  PlugRbOperationChange entry = { .plugin = (char *) plugin, .name = (char *) name };

  put_change (&self->plugins, &entry);
}

/**
 * plug_rb_record_add_change:
 *
 * A second change of the same plugin replaces the first.
 */
void
plug_rb_record_add_change (PlugRbRecord *self, const PlugRbOperationChange *change)
{
  put_change (&self->changes, change);
}

/**
 * plug_rb_record_add_exception:
 * @plugin: key of a plugin whose change is recorded; otherwise nothing is done
 * @exception: copied
 */
void
plug_rb_record_add_exception (PlugRbRecord *self,
                              const char *plugin,
                              const PlugRbException *exception)
{
  for (guint i = 0; i < self->changes->len; i++) {
    const PlugRbOperationChange *change = self->changes->pdata[i];
    g_autoptr(PlugRbOperationChange) longer = NULL;

    if (!g_str_equal (change->plugin, plugin))
      continue;

    longer = plug_rb_operation_change_copy (change);
    plug_rb_operation_change_add_exception (longer, exception);
    put_change (&self->changes, longer);
    return;
  }
}

/**
 * plug_rb_record_add_hint:
 *
 * The same hint is kept once.
 */
void
plug_rb_record_add_hint (PlugRbRecord *self, const char *hint)
{
  GPtrArray *longer;

  if (g_ptr_array_find_with_equal_func (self->hints, hint, g_str_equal, NULL))
    return;

  longer = g_ptr_array_new_null_terminated (self->hints->len + 1, g_free, TRUE);
  for (guint i = 0; i < self->hints->len; i++)
    g_ptr_array_add (longer, g_strdup (self->hints->pdata[i]));
  g_ptr_array_add (longer, g_strdup (hint));
  g_ptr_array_unref (self->hints);
  self->hints = longer;
}

/* What was never begun stays pending after a failure: that is how far it came. */
static void
finish_steps (PlugRbRecord *self, const GError *error)
{
  gboolean completed = self->status == PLUG_RB_STATUS_COMPLETED;

  if (completed)
    plug_rb_record_end_step (self, PLUG_RB_STEP_STATUS_DONE, NULL);
  else if (self->status == PLUG_RB_STATUS_CANCELED)
    plug_rb_record_end_step (self, PLUG_RB_STEP_STATUS_UNDONE, NULL);
  else
    plug_rb_record_end_step (self, PLUG_RB_STEP_STATUS_FAILED, error ? error->message : NULL);

  for (guint i = 0; completed && i < self->steps->len; i++) {
    PlugRbRecordStep *step = plug_rb_record_get_step (self, i);

    if (step->status == PLUG_RB_STEP_STATUS_PENDING)
      step->status = PLUG_RB_STEP_STATUS_SKIPPED;
  }
}

/**
 * plug_rb_record_finish:
 * @error: (nullable): why it failed
 */
void
plug_rb_record_finish (PlugRbRecord *self, PlugRbStatus status, const GError *error)
{
  self->status = status;
  self->can_cancel = FALSE;
  g_clear_pointer (&self->finished, g_date_time_unref);
  self->finished = g_date_time_new_now_utc ();

  g_clear_pointer (&self->error, g_ref_string_release);
  g_clear_pointer (&self->error_code, g_ref_string_release);
  if (error != NULL) {
    self->error = g_ref_string_new (error->message);
    self->error_code = g_ref_string_new_intern (plug_rb_error_get_name (error));
  }

  finish_steps (self, error);
  update_fraction (self);
}

/* ---- asking */

/**
 * plug_rb_record_is_finished:
 */
gboolean
plug_rb_record_is_finished (PlugRbRecord *self)
{
  return self->status != PLUG_RB_STATUS_PENDING && self->status != PLUG_RB_STATUS_IN_PROGRESS;
}

/**
 * plug_rb_record_can_undo:
 *
 * Returns: whether it was carried out and left a way back
 */
gboolean
plug_rb_record_can_undo (PlugRbRecord *self)
{
  if (self->status != PLUG_RB_STATUS_COMPLETED || self->kind == PLUG_RB_KIND_SNAPSHOT)
    return FALSE;

  for (guint i = 0; i < self->changes->len; i++)
    if (((PlugRbOperationChange *) self->changes->pdata[i])->safety_snapshot != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
contains (GPtrArray *array, const char *plugin)
{
  for (guint i = 0; i < array->len; i++)
    if (g_str_equal (((PlugRbOperationChange *) array->pdata[i])->plugin, plugin))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_record_concerns:
 *
 * Returns: whether it is about @plugin or has changed it
 */
gboolean
plug_rb_record_concerns (PlugRbRecord *self, const char *plugin)
{
  return contains (self->changes, plugin) || contains (self->plugins, plugin);
}

/**
 * plug_rb_record_dup_plugins:
 *
 * Returns: (transfer full): keys of all plugins that it concerns
 */
char **
plug_rb_record_dup_plugins (PlugRbRecord *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->plugins->len; i++)
    g_strv_builder_add (builder, ((PlugRbOperationChange *) self->plugins->pdata[i])->plugin);

  for (guint i = 0; i < self->changes->len; i++) {
    const PlugRbOperationChange *change = self->changes->pdata[i];

    if (!contains (self->plugins, change->plugin))
      g_strv_builder_add (builder, change->plugin);
  }

  return g_strv_builder_end (builder);
}
