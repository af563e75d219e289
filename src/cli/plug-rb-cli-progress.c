/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-progress.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "plug-rb-cli-output.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-step.h"

#define BAR_WIDTH 20
#define DEFAULT_WIDTH 80
#define CLEAR_TO_END "\033[K"

struct _PlugRbCliProgress {
  PlugRbOperation *operation;
  char *drawn;
};

static gboolean
has_begun (PlugRbStep *step)
{
  PlugRbStepStatus status = plug_rb_step_get_status (step);

  return status != PLUG_RB_STEP_STATUS_PENDING && status != PLUG_RB_STEP_STATUS_SKIPPED;
}

/* Of the step that is running, or was the last to run. */
static char *
dup_step_title (PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);

  for (guint i = g_list_model_get_n_items (steps); i > 0; i--) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i - 1);

    if (has_begun (step))
      return g_strdup (plug_rb_step_get_title (step));
  }

  return g_strdup ("");
}

static char *
describe (PlugRbOperation *operation)
{
  g_autofree char *title = dup_step_title (operation);
  g_autofree char *text = plug_rb_operation_dup_text (operation);

  if (text == NULL || *text == '\0' || g_str_equal (text, title))
    return g_steal_pointer (&title);

  /* TRANSLATORS: what is being done, and more of it: “Restore Files (12 of 300)” */
  return g_strdup_printf (_("%s (%s)"), title, text);
}

static char *
make_line (PlugRbOperation *operation)
{
  double fraction = CLAMP (plug_rb_operation_get_fraction (operation), 0, 1);
  guint width = plug_rb_cli_output_get_width (STDERR_FILENO);
  g_autofree char *description = describe (operation);
  g_autofree char *full = g_strnfill ((gsize) (fraction * BAR_WIDTH), '#');
  g_autofree char *line =
      g_strdup_printf ("[%-*s] %3d%%  %s", BAR_WIDTH, full, (int) (fraction * 100), description);

  return plug_rb_cli_text_shorten (line, (width > 1 ? width : DEFAULT_WIDTH) - 1);
}

static void
draw_cb (PlugRbCliProgress *self)
{
  g_autofree char *line = make_line (self->operation);

  if (!g_set_str (&self->drawn, line))
    return;

  fputc ('\r', stderr);
  g_printerr ("%s", line);
  fputs (CLEAR_TO_END, stderr);
  fflush (stderr);
}

PlugRbCliProgress *
plug_rb_cli_progress_new (PlugRbOperation *operation)
{
  PlugRbCliProgress *self = g_new0 (PlugRbCliProgress, 1);

  self->operation = g_object_ref (operation);
  if (plug_rb_cli_output_is_terminal (STDERR_FILENO))
    g_signal_connect_swapped (operation, "progress", G_CALLBACK (draw_cb), self);

  return self;
}

/* Leaves the line empty for what is printed next. */
void
plug_rb_cli_progress_free (PlugRbCliProgress *self)
{
  g_signal_handlers_disconnect_by_data (self->operation, self);
  if (self->drawn != NULL) {
    fputs ("\r" CLEAR_TO_END, stderr);
    fflush (stderr);
  }

  g_object_unref (self->operation);
  g_free (self->drawn);
  g_free (self);
}
