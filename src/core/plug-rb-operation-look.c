/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-mirror.h"

/* What may change of an operation, for any thread: its owner gets what is shown, as in the
 * properties; the thread that does the work gets what it has just written. */

/**
 * plug_rb_operation_dup_title:
 *
 * Returns: (transfer full): what it does, has done, or could not do, for the user
 */
char *
plug_rb_operation_dup_title (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  char *title;

  title = plug_rb_record_dup_title (plug_rb_mirror_lock (mirror));
  plug_rb_mirror_unlock (mirror);

  return title;
}

/**
 * plug_rb_operation_dup_plugins:
 *
 * Returns: (transfer full): keys of the plugins it is about
 */
char **
plug_rb_operation_dup_plugins (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  char **plugins;

  plugins = plug_rb_record_dup_plugins (plug_rb_mirror_lock (mirror));
  plug_rb_mirror_unlock (mirror);

  return plugins;
}

/**
 * plug_rb_operation_get_status:
 *
 * Returns: in the thread that does the work, its status; in others, what is shown of it so far
 */
PlugRbStatus
plug_rb_operation_get_status (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  PlugRbStatus status;

  status = plug_rb_mirror_lock (mirror)->status;
  plug_rb_mirror_unlock (mirror);

  return status;
}

/**
 * plug_rb_operation_is_finished:
 *
 * Returns: whether it is over, one way or the other
 */
gboolean
plug_rb_operation_is_finished (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  gboolean finished;

  finished = plug_rb_record_is_finished (plug_rb_mirror_lock (mirror));
  plug_rb_mirror_unlock (mirror);

  return finished;
}

/**
 * plug_rb_operation_get_fraction:
 *
 * Returns: how far it is, 0 to 1; never goes back
 */
double
plug_rb_operation_get_fraction (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  double fraction;

  fraction = plug_rb_mirror_lock (mirror)->fraction;
  plug_rb_mirror_unlock (mirror);

  return fraction;
}

/**
 * plug_rb_operation_dup_text:
 *
 * Returns: (transfer full) (nullable): how far the running step is, in words
 */
char *
plug_rb_operation_dup_text (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  char *text;

  text = g_strdup (plug_rb_mirror_lock (mirror)->text);
  plug_rb_mirror_unlock (mirror);

  return text;
}

/**
 * plug_rb_operation_get_changes:
 *
 * Returns: (transfer none) (element-type PlugRbOperationChange): what became of each plugin; valid
 * until the operation changes
 */
GPtrArray *
plug_rb_operation_get_changes (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  GPtrArray *changes;

  changes = plug_rb_mirror_lock (mirror)->changes;
  plug_rb_mirror_unlock (mirror);

  return changes;
}

/**
 * plug_rb_operation_get_finished:
 *
 * Returns: (transfer none) (nullable): when it ended
 */
GDateTime *
plug_rb_operation_get_finished (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  GDateTime *finished;

  finished = plug_rb_mirror_lock (mirror)->finished;
  plug_rb_mirror_unlock (mirror);

  return finished;
}

/**
 * plug_rb_operation_get_error:
 *
 * Returns: (nullable): why it failed, for the user
 */
const char *
plug_rb_operation_get_error (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  const char *message;

  message = plug_rb_mirror_lock (mirror)->error;
  plug_rb_mirror_unlock (mirror);

  return message;
}

/**
 * plug_rb_operation_get_error_code:
 *
 * Returns: (nullable): why it failed, as plug_rb_error_get_name() says it
 */
const char *
plug_rb_operation_get_error_code (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  const char *code;

  code = plug_rb_mirror_lock (mirror)->error_code;
  plug_rb_mirror_unlock (mirror);

  return code;
}

/**
 * plug_rb_operation_get_hints:
 *
 * Returns: (transfer none): what the user should know or do afterwards; never %NULL
 */
const char *const *
plug_rb_operation_get_hints (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  const char *const *hints;

  hints = (const char *const *) plug_rb_mirror_lock (mirror)->hints->pdata;
  plug_rb_mirror_unlock (mirror);

  return hints;
}

/**
 * plug_rb_operation_get_can_cancel:
 *
 * Returns: whether stopping it would leave everything as it was
 */
gboolean
plug_rb_operation_get_can_cancel (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  gboolean can_cancel;

  can_cancel = plug_rb_mirror_lock (mirror)->can_cancel;
  plug_rb_mirror_unlock (mirror);

  return can_cancel;
}

/**
 * plug_rb_operation_get_can_undo:
 *
 * Returns: whether it was carried out, was not undone yet, and left a way back
 */
gboolean
plug_rb_operation_get_can_undo (PlugRbOperation *self)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  gboolean can_undo;

  can_undo = plug_rb_record_can_undo (plug_rb_mirror_lock (mirror));
  plug_rb_mirror_unlock (mirror);

  return can_undo;
}

/**
 * plug_rb_operation_concerns:
 * @plugin: key of a plugin
 *
 * Returns: whether it is about @plugin
 */
gboolean
plug_rb_operation_concerns (PlugRbOperation *self, const char *plugin)
{
  PlugRbMirror *mirror = plug_rb_operation_get_mirror (self);
  gboolean concerns;

  concerns = plug_rb_record_concerns (plug_rb_mirror_lock (mirror), plugin);
  plug_rb_mirror_unlock (mirror);

  return concerns;
}
