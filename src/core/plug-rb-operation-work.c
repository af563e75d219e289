/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-mirror.h"

/* What the thread that does the work calls: each function may be called from any thread, and what
 * it says is shown in the context that owns the operation. */

/**
 * plug_rb_operation_add_plugin:
 * @plugin: key of a plugin
 * @name: (nullable): its name, for the title
 *
 * Says that the operation is about a plugin, before anything becomes of it. Any thread.
 */
void
plug_rb_operation_add_plugin (PlugRbOperation *self, const char *plugin, const char *name)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_add_plugin (plug_rb_mirror_lock_live (mirror), plugin, name);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_begin_step:
 * @name: untranslated name of the step
 *
 * Begins a step. The one that runs, if any, is done. Any thread.
 */
void
plug_rb_operation_begin_step (PlugRbOperation *self, const char *name)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_begin_step (plug_rb_mirror_lock_live (mirror), name);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_report:
 * @step_fraction: how far the running step is, 0 to 1
 * @text: (nullable): how far it is, in words, translated
 *
 * Reports progress. May be called as often as there is any. Any thread.
 */
void
plug_rb_operation_report (PlugRbOperation *self, double step_fraction, const char *text)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_report (plug_rb_mirror_lock_live (mirror), step_fraction, text);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_LOW);
}

/**
 * plug_rb_operation_end_step:
 * @message: (nullable): what went wrong
 *
 * Ends the running step. Any thread.
 */
void
plug_rb_operation_end_step (PlugRbOperation *self, PlugRbStepStatus status, const char *message)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_end_step (plug_rb_mirror_lock_live (mirror), status, message);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_set_can_cancel:
 *
 * Says whether stopping it would still leave everything as it was. Shown at once. Any thread.
 */
void
plug_rb_operation_set_can_cancel (PlugRbOperation *self, gboolean can_cancel)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_mirror_lock_live (mirror)->can_cancel = !!can_cancel;
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_HIGH);
}

/**
 * plug_rb_operation_add_change:
 * @change: copied
 *
 * Records what became of a plugin; replaces what was recorded of it before. Any thread.
 */
void
plug_rb_operation_add_change (PlugRbOperation *self, const PlugRbOperationChange *change)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  g_return_if_fail (change->plugin != NULL);

  plug_rb_record_add_change (plug_rb_mirror_lock_live (mirror), change);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_add_exception:
 * @plugin: key of a plugin whose change is recorded already
 * @exception: copied
 *
 * Adds to what became of a plugin a thing that is not plainly as the snapshot says. Any thread.
 */
void
plug_rb_operation_add_exception (PlugRbOperation *self,
                                 const char *plugin,
                                 const PlugRbException *exception)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_add_exception (plug_rb_mirror_lock_live (mirror), plugin, exception);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_add_hint:
 * @hint: a translated sentence
 *
 * Adds what the user should know or do afterwards; the same sentence is kept once. Any thread.
 */
void
plug_rb_operation_add_hint (PlugRbOperation *self, const char *hint)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  g_return_if_fail (hint != NULL);

  plug_rb_record_add_hint (plug_rb_mirror_lock_live (mirror), hint);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_NORMAL);
}

/**
 * plug_rb_operation_finish:
 * @status: how it ended
 * @error: (nullable): why it failed
 *
 * Ends the operation, and the step that runs with it. Shown at once. Any thread.
 */
void
plug_rb_operation_finish (PlugRbOperation *self, PlugRbStatus status, const GError *error)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_record_finish (plug_rb_mirror_lock_live (mirror), status, error);
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_HIGH);
}

/**
 * plug_rb_operation_set_status:
 *
 * Says what became of an operation after it was finished: that it was undone. Any thread.
 */
void
plug_rb_operation_set_status (PlugRbOperation *self, PlugRbStatus status)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);

  plug_rb_mirror_lock_live (mirror)->status = status;
  plug_rb_mirror_commit (mirror, PLUG_RB_URGENCY_HIGH);
}

/**
 * plug_rb_operation_to_json:
 *
 * Describes the operation as it is now, for the history and for `plugrb --json`. Any thread.
 *
 * Returns: (transfer full): an object, not sealed
 */
JsonObject *
plug_rb_operation_to_json (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  JsonObject *json;

  json = plug_rb_record_to_json (plug_rb_mirror_lock_live (mirror));
  plug_rb_mirror_unlock (mirror);

  return json;
}
