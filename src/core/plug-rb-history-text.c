/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-history-text.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-format.h"
#include "plug-rb-step.h"
#include "plug-rb-words.h"

/* A message of several lines stays below its title: each further line is indented as the first. */
static void
add_line (GString *text, guint indent, const char *line)
{
  g_auto(GStrv) lines = g_strsplit (line, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    for (guint j = 0; j < indent; j++)
      g_string_append (text, "  ");
    g_string_append_printf (text, "%s\n", lines[i]);
  }
}

static void
add_pair (GString *text, const char *name, const char *value)
{
  /* TRANSLATORS: what is told of something, then what it is: “Result: completed” */
  g_autofree char *line = g_strdup_printf (_("%s: %s"), name, value);

  add_line (text, 1, line);
}

static void
add_times (GString *text, PlugRbOperation *operation)
{
  GDateTime *started = plug_rb_operation_get_started (operation);
  GDateTime *finished = plug_rb_operation_get_finished (operation);
  g_autofree char *time = plug_rb_format_time_full (started);
  g_autofree char *duration = NULL;

  add_pair (text, _("Started"), time);
  if (finished == NULL)
    return;

  /* TRANSLATORS: how long something took, in seconds */
  duration = g_strdup_printf (_("%.1f s"), (double) g_date_time_difference (finished, started) /
                                                G_TIME_SPAN_SECOND);
  add_pair (text, _("Took"), duration);
}

static void
add_exceptions (GString *text, const PlugRbOperationChange *change)
{
  for (guint i = 0; change->exceptions != NULL && i < change->exceptions->len; i++) {
    const PlugRbException *exception = change->exceptions->pdata[i];
    g_autofree char *line =
        exception->path != NULL
            ? g_strdup_printf ("%s: %s, %s, %s", exception->item, exception->outcome,
                               exception->reason, exception->path)
            : g_strdup_printf ("%s: %s, %s", exception->item, exception->outcome,
                               exception->reason);

    add_line (text, 2, line);
  }
}

static void
add_change (GString *text, const PlugRbOperationChange *change)
{
  g_autofree char *versions = NULL;
  g_autofree char *counts = NULL;

  if (change->from_version == NULL && change->to_version == NULL) {
    add_line (text, 1, change->plugin);
  } else {
    /* TRANSLATORS: the version before and the version after */
    versions = g_strdup_printf (_("%s → %s"), change->from_version ? change->from_version : "–",
                                change->to_version ? change->to_version : "–");
    add_pair (text, change->plugin, versions);
  }

  if (change->counted) {
    /* TRANSLATORS: numbers of files and settings */
    counts = g_strdup_printf (_("%u restored, %u unchanged, %u left alone, %u failed"),
                              change->restored, change->unchanged, change->skipped, change->failed);
    add_line (text, 2, counts);
  }
  add_exceptions (text, change);
}

static void
add_plugins (GString *text, PlugRbOperation *operation)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  g_auto(GStrv) plugins = NULL;

  for (guint i = 0; i < changes->len; i++)
    add_change (text, changes->pdata[i]);
  if (changes->len > 0)
    return;

  plugins = plug_rb_operation_dup_plugins (operation);
  for (guint i = 0; plugins != NULL && plugins[i] != NULL; i++)
    add_line (text, 1, plugins[i]);
}

static void
add_steps (GString *text, PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i);
    const char *message = plug_rb_step_get_message (step);
    /* TRANSLATORS: a step of an operation, how it ended, and the seconds that it took */
    g_autofree char *line =
        g_strdup_printf (_("%s: %s, %.1f s"), plug_rb_step_get_title (step),
                         plug_rb_words_step_status (plug_rb_step_get_status (step)),
                         plug_rb_step_get_seconds (step));

    add_line (text, 1, line);
    if (message != NULL && *message != '\0')
      add_line (text, 2, message);
  }
}

static void
add_operation (GString *text, PlugRbOperation *operation)
{
  g_autofree char *title = plug_rb_operation_dup_title (operation);
  const char *const *hints = plug_rb_operation_get_hints (operation);
  const char *error = plug_rb_operation_get_error (operation);

  add_line (text, 0, title);
  add_times (text, operation);
  add_pair (text, _("Result"), plug_rb_words_status (plug_rb_operation_get_status (operation)));
  if (plug_rb_operation_get_automatic (operation))
    add_line (text, 1, _("Automatic"));
  add_plugins (text, operation);
  add_steps (text, operation);
  for (guint i = 0; hints[i] != NULL; i++)
    add_line (text, 1, hints[i]);
  if (error != NULL)
    add_pair (text, _("Error"), error);
  add_pair (text, _("Operation"), plug_rb_operation_get_id (operation));
}

/**
 * plug_rb_history_text_new_for_one:
 *
 * Returns: (transfer full): all that is known of one operation, for people
 */
char *
plug_rb_history_text_new_for_one (PlugRbOperation *operation)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (PLUG_RB_IS_OPERATION (operation), g_string_free_and_steal (text));

  add_operation (text, operation);

  return g_string_free_and_steal (text);
}

/**
 * plug_rb_history_text_new:
 * @operations: (element-type PlugRbOperation): in the order in which they are told
 *
 * Tells the history in the user's language, to be kept, printed, or sent to somebody. For programs
 * there is plug_rb_operation_to_json(). To be called by the owner of the operations.
 *
 * Returns: (transfer full): the text; empty if there are no operations
 */
char *
plug_rb_history_text_new (GPtrArray *operations)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (operations != NULL, g_string_free_and_steal (text));

  for (guint i = 0; i < operations->len; i++) {
    if (i > 0)
      g_string_append_c (text, '\n');
    add_operation (text, operations->pdata[i]);
  }

  return g_string_free_and_steal (text);
}
